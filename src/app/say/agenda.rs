//! The words of an agenda, built from what is true when it is posted.

use super::super::App;
use super::super::agenda::{Prepared, prepare};
use super::super::courier::Mentionable;
use super::super::review;
use super::Saying;
use crate::domain::Instant;
use crate::domain::id::{MemberId, ReviewId, RoleId, UserId};
use crate::error::Failure;
use crate::render::agenda::{self, Occasion};
use crate::render::custom_id::CustomId;
use crate::render::message::Message;
use crate::render::picture::{self, Picture, Pipeline};

impl Saying<'_> {
    /// The agenda of an occurrence; `None` when its review was cancelled since.
    pub(super) async fn agenda(mut self, app: &App, id: ReviewId, starts_at: i64) -> Result<Option<Message>, Failure> {
        let review = self.workspace.find_review(id).await?.filter(|review| !review.cancelled);
        let (Some(review), Some(starts_at)) = (review, Instant::from_timestamp_millis(starts_at)) else {
            return Ok(None);
        };
        let missed = self.workspace.find_misses_told_in(self.row.id).await?;
        let prepared = prepare(&mut self.workspace, &review, starts_at, missed, self.now).await?;
        let card = review::card(&mut self.workspace, review, self.now).await?;
        let (pinging, lead) = self.pings(app, &prepared).await?;
        let occasion = Occasion::Posted { starts_at, pinging: &pinging, lead, reference: &self.reference };
        let picture = draw(agenda::pipeline(&self.voice, &prepared.agenda)).await?;
        let show = CustomId::new("figure", self.row.guild).with(id).with(starts_at.timestamp_millis()).to_control();
        let Prepared { facts, agenda: sections } = &prepared;
        Ok(Some(agenda::agenda(&self.voice, &card, &occasion, sections, facts, Some(picture), show)))
    }

    /// Who of the mentioned is pinged: those whom the bot has not pinged today.
    async fn pings(&self, app: &App, prepared: &Prepared) -> Result<(Vec<UserId>, Option<RoleId>), Failure> {
        let named = agenda::mentioned(&prepared.agenda, &prepared.facts);
        let day = self.settings.day(self.now);
        let mut wanted: Vec<MemberId> = named.iter().map(|named| named.member).collect();
        let lead = self.mentionable_lead(app).await.filter(|_| prepared.agenda.mention.lead);
        wanted.extend(lead.map(|_| MemberId::BOT));
        let granted = app.store.claim_pings(self.row.guild, self.row.id, wanted, day).await?;
        let pinging = named.iter().filter(|named| granted.contains(&named.member)).map(|named| named.user).collect();
        Ok((pinging, lead.filter(|_| granted.contains(&MemberId::BOT))))
    }

    /// The lead role, where everybody may mention it; doctor says so where it can't be.
    pub(super) async fn mentionable_lead(&self, app: &App) -> Option<RoleId> {
        let role = self.settings.lead_role?;
        let mentionable = app.courier.is_mentionable(self.row.guild, role).await;
        (mentionable == Ok(Mentionable::Yes)).then_some(role)
    }
}

/// Draws on a thread of its own: it takes tens of milliseconds of a core.
pub async fn draw(pipeline: Pipeline) -> Result<Picture, Failure> {
    let drawn = tokio::task::spawn_blocking(move || picture::draw(&pipeline)).await;
    Ok(drawn.map_err(anyhow::Error::new)?)
}

//! The words of an agenda, built from what is true when it is posted.

use chrono::{Days, Duration, NaiveDate};

use super::super::App;
use super::super::agenda::{Prepared, prepare};
use super::super::review;
use super::Saying;
use crate::domain::Instant;
use crate::domain::cadence::next_after;
use crate::domain::calendar::Calendar;
use crate::domain::card::Named;
use crate::domain::digest::local_day;
use crate::domain::id::{MemberId, ReviewId, RoleId, UserId};
use crate::domain::ping::Pings;
use crate::error::Failure;
use crate::render::agenda::{self, Controls, Occasion};
use crate::render::message::Message;
use crate::render::picture::{self, Picture, Pipeline};
use crate::render::press;
use crate::render::review as words;

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
        let guild = self.row.guild;
        let controls = Controls {
            show: press::figure(guild, id, starts_at).to_control(),
            check_comp: press::check_comp(guild, card.review.partner).to_control(),
            start: Some(press::start_review(guild, id, starts_at).1),
            actions: press::actions(guild, id),
        };
        let Prepared { facts, agenda: sections } = &prepared;
        Ok(Some(agenda::agenda(&self.voice, &card, &occasion, sections, facts, Some(picture), controls)))
    }

    /// What stands in the place of an agenda whose meeting isn't held; `None` when it is held after all.
    pub(super) async fn called_off(
        mut self,
        id: ReviewId,
        starts_at: i64,
        by: MemberId,
    ) -> Result<Option<Message>, Failure> {
        let (review, by) = (self.workspace.find_review(id).await?, self.workspace.find_members(&[by]).await?);
        let (Some(review), Some(starts_at)) = (review, Instant::from_timestamp_millis(starts_at)) else {
            return Ok(None);
        };
        if self.workspace.find_meeting_of(id, starts_at).await?.is_some() {
            return Ok(None);
        }
        let calendar = Calendar::of(self.settings);
        let next = next_after(&review, &calendar, starts_at - Duration::milliseconds(1));
        if next.is_some_and(|next| next.starts_at == starts_at) {
            return Ok(None);
        }
        let card = review::card(&mut self.workspace, review, self.now).await?;
        Ok(Some(words::called_off(&card, starts_at, by.first().map(Named::from).as_ref())))
    }

    /// Who of the mentioned is pinged: those whom the bot has not pinged today, by name or with the lead role.
    async fn pings(&mut self, app: &App, prepared: &Prepared) -> Result<(Vec<UserId>, Option<RoleId>), Failure> {
        let named = agenda::mentioned(&prepared.agenda, &prepared.facts);
        let ids: Vec<MemberId> = named.iter().map(|named| named.member).collect();
        let today = self.settings.day(self.now);
        let mut given = self.workspace.find_pings_since(today - Days::new(1)).await?;
        given.retain(|ping| ping.outbox != self.row.id);
        let mut lead =
            app.mentionable_lead(self.row.guild, self.settings).await.filter(|_| prepared.agenda.mention.lead);
        let holders = if lead.is_some() || given.iter().any(|ping| ping.member == MemberId::BOT) {
            app.holders(&mut self.workspace, self.settings, ids.iter().copied(), &given).await?
        } else {
            Vec::new()
        };
        let pings = Pings { given: &given, holders: &holders, settings: self.settings };
        lead = lead.filter(|_| !pings.reached_a_holder(self.now));
        let members = self.workspace.find_members(&ids).await?;
        let days = members.iter().map(|member| (member, local_day(member, self.settings, self.now)));
        let free = days.filter(|(member, day)| !pings.reached(member, *day));
        let mut wanted: Vec<(MemberId, NaiveDate)> = free.map(|(member, day)| (member.id, day)).collect();
        wanted.extend(lead.map(|_| (MemberId::BOT, today)));
        let granted = app.store.claim_pings(self.row.guild, self.row.id, wanted).await?;
        let pinging = named.iter().filter(|named| granted.contains(&named.member)).map(|named| named.user).collect();
        Ok((pinging, lead.filter(|_| granted.contains(&MemberId::BOT))))
    }
}

/// Draws the pipeline.
pub async fn draw(pipeline: Pipeline) -> Result<Picture, Failure> {
    paint(move || picture::draw(&pipeline)).await
}

/// Draws on a thread of its own: it takes tens of milliseconds of a core.
pub async fn paint(draw: impl FnOnce() -> Picture + Send + 'static) -> Result<Picture, Failure> {
    Ok(tokio::task::spawn_blocking(draw).await.map_err(anyhow::Error::new)?)
}

//! The words of what is not an answer, found when an outbox row is first claimed: so that they tell what is true then.

use super::App;
use super::draft::Draft;
use super::handover::ownerless;
use super::{outgrow, read};
use crate::domain::Instant;
use crate::domain::deal::Deal;
use crate::domain::digest::local_day;
use crate::domain::event::{Subject, Tracked};
use crate::domain::id::{DealNumber, InteractionId, MemberId, PartnerId};
use crate::domain::outgoing::{About, Alarm};
use crate::domain::workspace::Settings;
use crate::error::Failure;
use crate::render::alert;
use crate::render::deal::{outcome, team};
use crate::render::handover::Pings;
use crate::render::message::Message;
use crate::render::voice::Voice;
use crate::render::{partner as partner_words, plans, press};
use crate::store::Workspace;
use crate::store::alarm::AlarmKey;
use crate::store::outbox::Claimed;

pub mod agenda;
mod claim;
mod collection;
mod digest;
mod handover;
mod meeting;

/// One row being put into words.
struct Saying<'s> {
    workspace: Workspace<'static>,
    settings: &'s Settings,
    voice: Voice<'s>,
    row: &'s Claimed,
    reference: String,
    now: Instant,
}

impl App {
    /// What a row says now; `None` when there is nothing to say any more.
    pub(super) async fn words(&self, row: &Claimed, now: Instant) -> Result<Option<Message>, Failure> {
        let mut workspace = self.store.read(row.guild).await?;
        let settings = workspace.get_settings().await?;
        let commands = self.commands();
        let voice = Voice::new(&commands, &settings, now);
        let reference = self.reference(row.id);
        let saying = Saying { workspace, settings: &settings, voice, row, reference, now };
        match &row.about {
            About::TeamLine { deal, since_version } => saying.team_line(*deal, *since_version).await,
            About::Ownership { deal, owner, by, version } => {
                saying.ownership(self, *deal, (*owner, *by), *version).await
            }
            About::Agenda { review, starts_at } => saying.agenda(self, *review, *starts_at).await,
            About::CalledOff { review, starts_at, by, .. } => saying.called_off(*review, *starts_at, *by).await,
            About::Meeting { meeting, .. } => saying.meeting(*meeting).await,
            About::Minutes { meeting, .. } => saying.minutes(*meeting).await,
            // It is no message: see `keep_event`.
            About::Event { .. } => Ok(None),
            About::Digest { members } => saying.digest(self, members).await,
            About::Handover { handover, to } => saying.handover(self, *handover, *to).await,
            About::PartnerAdded { partner, asker, draft, until } => {
                saying.partner_added((*partner, *asker), *draft, *until).await
            }
            About::Alert { alarm } => saying.alert(alarm).await,
            About::LateAnswer { user, text } => {
                Ok(Some(outcome::late_answer(*user, text.as_deref(), &saying.reference)))
            }
        }
    }
}

impl Saying<'_> {
    /// What happened to a deal since a version of it.
    async fn team_line(mut self, deal: DealNumber, since_version: i64) -> Result<Option<Message>, Failure> {
        let Some(deal) = self.workspace.find_deal(deal).await? else { return Ok(None) };
        let subject = Subject { kind: Deal::KIND, id: deal.number.0 };
        let events = self.workspace.find_events_from(subject, since_version).await?;
        let reading = read::reading(&mut self.workspace, std::slice::from_ref(&deal), &events, self.now).await?;
        let card = reading.card(deal);
        Ok(team::team_line(&self.voice, &card, &reading.names, &events, self.settings.fiscal_month, &self.reference))
    }

    /// Tells a new owner, unless the deal went on to somebody else before it was said. One that came back to them since
    /// is told by the message of that.
    async fn ownership(
        mut self,
        app: &App,
        deal: DealNumber,
        (owner, by): (MemberId, MemberId),
        version: i64,
    ) -> Result<Option<Message>, Failure> {
        let Some(deal) = self.workspace.find_deal(deal).await? else { return Ok(None) };
        let subject = Subject { kind: Deal::KIND, id: deal.number.0 };
        let since = self.workspace.find_events_from(subject, version + 1).await?;
        if deal.owner != owner || !deal.is_open() || since.iter().any(|event| event.after.contains_key("owner")) {
            return Ok(None);
        }
        let by = self.workspace.find_members(&[by]).await?.into_iter().next();
        let Some(by) = by else { return Ok(None) };
        let card = read::card(&mut self.workspace, deal, self.now).await?;
        let offers = press::on_ownership(self.row.guild, &card);
        let pings = self.ping_of(app, owner).await?;
        Ok(Some(outcome::ownership(&self.voice, &card, &(&by).into(), pings, &self.reference, offers)))
    }

    /// Whether what somebody did to a person pings them: unless they were pinged on that day of theirs already (see
    /// [`crate::domain::ping`]).
    async fn ping_of(&mut self, app: &App, to: MemberId) -> Result<Pings, Failure> {
        let members = self.workspace.find_members(&[to]).await?;
        let wanted = members.iter().map(|member| (member.id, local_day(member, self.settings, self.now))).collect();
        let granted = app.store.claim_pings(self.row.guild, self.row.id, wanted).await?;
        Ok(Pings::when(granted.contains(&to)))
    }

    /// Tells who asked for a partner how to go on, unless they did, or what they typed isn't kept any more.
    async fn partner_added(
        mut self,
        (partner, asker): (PartnerId, MemberId),
        draft: InteractionId,
        until: i64,
    ) -> Result<Option<Message>, Failure> {
        let partner = self.workspace.find_partner(partner).await?.filter(|partner| !partner.archived);
        let asker = self.workspace.find_members(&[asker]).await?.into_iter().next();
        let (Some(partner), Some(asker)) = (partner, asker) else { return Ok(None) };
        let kept: Option<Draft> = self.workspace.find_draft(asker.user, draft, self.now).await?;
        let Some(Draft::Deal(record)) = kept else { return Ok(None) };
        let until = Instant::from_timestamp_millis(until).unwrap_or(self.now);
        let go_on = press::go_on(self.row.guild, draft);
        Ok(Some(partner_words::arrived(&partner, &(&asker).into(), &record.account, until, go_on, &self.reference)))
    }

    /// What admins are told.
    async fn alert(mut self, alarm: &Alarm) -> Result<Option<Message>, Failure> {
        Ok(match alarm {
            Alarm::Undeliverable { channel, user, reason } => {
                Some(alert::undeliverable(&self.voice, *channel, *user, reason, &self.reference))
            }
            Alarm::Unowned { owner } => {
                let owners = self.workspace.find_members(&[*owner]).await?;
                let Some(owner) = owners.first().filter(|owner| owner.gone) else { return Ok(None) };
                let left = ownerless(&mut self.workspace, owner, self.now).await?;
                let offers = press::plan_handover(self.row.guild, owner.id);
                (!left.is_empty()).then(|| alert::unowned(&self.voice, &left, &self.reference, offers))
            }
            Alarm::Outgrown => self.outgrown().await?,
            Alarm::Restored { known_until } => {
                let known_until = Instant::from_timestamp_millis(*known_until).unwrap_or(self.now);
                Some(alert::restored(&self.voice, known_until, &self.reference))
            }
            Alarm::Missed { review, starts_at } => {
                let review = self.workspace.find_review(*review).await?;
                let starts_at = Instant::from_timestamp_millis(*starts_at).unwrap_or(self.now);
                review.map(|review| alert::missed(&self.voice, &review.name, starts_at, &self.reference))
            }
            Alarm::PartnerAsked { name, account, by, until } => {
                // Added in the meantime: nobody has to do anything.
                let known = self.workspace.find_partner_named(name).await?.is_some();
                let by = self.workspace.find_members(&[*by]).await?.into_iter().next().filter(|_| !known);
                let until = Instant::from_timestamp_millis(*until).unwrap_or(self.now);
                let asked = (name.as_str(), account.as_str());
                by.map(|by| alert::partner_asked(&self.voice, asked, &(&by).into(), until, &self.reference))
            }
            Alarm::Declined { deal, by } => self.declined(*deal, *by).await?,
            Alarm::HandoverDeclined { handover, what, by, at } => {
                self.handover_declined(*handover, *what, (*by, *at)).await?
            }
        })
    }

    /// Program mode is suggested, unless it was chosen or the workspace became smaller in the meantime.
    async fn outgrown(&mut self) -> Result<Option<Message>, Failure> {
        let size = outgrow::size(&mut self.workspace, self.settings).await?.filter(|size| size.is_above_plan());
        let since = self.workspace.find_alarm(AlarmKey::AbovePlan).await?;
        let grown = size.zip(since);
        Ok(grown.map(|(size, since)| plans::outgrown(&self.voice, size, self.settings.day(since), &self.reference)))
    }

    /// A new owner said no, unless somebody else has the deal by now.
    async fn declined(&mut self, deal: DealNumber, by: MemberId) -> Result<Option<Message>, Failure> {
        let deal = self.workspace.find_deal(deal).await?.filter(|d| d.is_open() && d.owner == by);
        let Some(deal) = deal else { return Ok(None) };
        let card = read::card(&mut self.workspace, deal, self.now).await?;
        let offers = press::on_declined(self.row.guild, &card);
        Ok(Some(alert::declined(&self.voice, &card, &card.owner, &self.reference, offers)))
    }
}

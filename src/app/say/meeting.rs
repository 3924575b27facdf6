//! The words of a running review and of its minutes, as they are true when they are sent.

use super::super::agenda::{Prepared, prepare};
use super::super::{meeting, review};
use super::Saying;
use super::agenda::draw;
use crate::domain::id::MeetingId;
use crate::domain::meeting::{Card, ranked};
use crate::error::Failure;
use crate::render::agenda::{self, Occasion};
use crate::render::custom_id::CustomId;
use crate::render::meeting::{Controls, OnTable, closed, minutes, post};
use crate::render::message::Message;
use crate::render::press;

impl Saying<'_> {
    /// What stands on the post of a meeting: its card while it runs, the agenda as of its end when it is over.
    pub(super) async fn meeting(mut self, id: MeetingId) -> Result<Option<Message>, Failure> {
        let Some(meeting) = self.workspace.find_meeting(id).await? else { return Ok(None) };
        let Some(of) = self.workspace.find_review(meeting.review).await? else { return Ok(None) };
        let prepared = prepare(&mut self.workspace, &of, meeting.starts_at, Vec::new(), self.now).await?;
        let card = meeting::card(&mut self.workspace, meeting, self.now).await?;
        let guild = self.row.guild;
        let show = press::figure(guild, of.id, card.meeting.starts_at).to_control();
        if !card.meeting.runs() {
            let at = self.workspace.find_minutes(id).await?;
            let said = closed(&card, at);
            let of = review::card(&mut self.workspace, of, self.now).await?;
            let picture = draw(agenda::pipeline(&self.voice, &prepared.agenda)).await?;
            let controls = agenda::Controls {
                show,
                check_comp: press::check_comp(guild, of.review.partner).to_control(),
                start: None,
                actions: press::actions(guild, of.review.id),
            };
            let Prepared { facts, agenda: sections } = &prepared;
            let occasion = Occasion::Over { said: &said };
            return Ok(Some(agenda::agenda(&self.voice, &of, &occasion, sections, facts, Some(picture), controls)));
        }
        let Prepared { facts, agenda } = &prepared;
        let shown = match card.meeting.shown {
            Some(Card::Deal(deal)) => facts.card(deal).map(|deal| press::on_shown_deal(guild, deal)),
            Some(Card::Item(item)) => facts.items.get(&item).map(|card| press::on_action(guild, &card.item)),
            None => None,
        };
        let controls = Controls {
            meeting: press::on_meeting(guild, &card.meeting),
            shown: shown.unwrap_or_default(),
            go_to: CustomId::new(press::REVIEW_GO, guild).with(id).to_control(),
            show,
        };
        let on = OnTable { card: &card, agenda, facts, ranked: &ranked(agenda, facts) };
        Ok(Some(post(&self.voice, &on, controls)))
    }

    /// The minutes of a meeting that is over.
    pub(super) async fn minutes(mut self, id: MeetingId) -> Result<Option<Message>, Failure> {
        let Some(meeting) = self.workspace.find_meeting(id).await? else { return Ok(None) };
        let card = meeting::card(&mut self.workspace, meeting, self.now).await?;
        let Some(over) = &card.meeting.closed else { return Ok(None) };
        let offers = vec![press::minutes(self.row.guild, &card.meeting)];
        Ok(Some(minutes(&self.voice, &card, over, offers, &self.reference)))
    }
}

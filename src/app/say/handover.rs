//! What a recipient of a handover is asked, in one message, and what the leads are told of a no.

use super::super::App;
use super::super::handover::{Row, as_it_stands, briefs, lines, named, person, row};
use super::Saying;
use crate::domain::calendar::Calendar;
use crate::domain::handover::view::{Asking, Declined};
use crate::domain::handover::{Answer, Handover, Item, What};
use crate::domain::id::{HandoverId, MemberId};
use crate::error::Failure;
use crate::render::message::Message;
use crate::render::{alert, handover, press};

impl Saying<'_> {
    /// What waits for a recipient and what they were given; `None` once it was taken back or answered. Pings them unless
    /// the bot did so today already.
    pub(super) async fn handover(
        mut self,
        app: &App,
        id: HandoverId,
        to: MemberId,
    ) -> Result<Option<Message>, Failure> {
        let Some(found) = self.running(id).await? else { return Ok(None) };
        let asking = self.asking(&found, to).await?;
        if asking.asked.is_empty() && asking.assigned.is_empty() {
            return Ok(None);
        }
        let pings = self.ping_of(app, to).await?;
        let presses = handover::Presses { guild: self.row.guild, handover: id };
        Ok(Some(handover::asking(&self.voice, &asking, presses, pings, &self.reference)))
    }

    /// Tells the leads that a recipient said no, unless it was settled meanwhile.
    pub(super) async fn handover_declined(
        &mut self,
        id: HandoverId,
        what: What,
        (by, at): (MemberId, i64),
    ) -> Result<Option<Message>, Failure> {
        let Some(found) = self.running(id).await? else { return Ok(None) };
        let this_no = |item: &&Item| {
            let is_same = item.to == by && item.declined_at.is_some_and(|declined| declined.timestamp_millis() == at);
            is_same && item.answer == Answer::Declined
        };
        let declined = found.item(what).filter(this_no);
        let rows: Vec<Row> = declined.into_iter().map(row).collect();
        let Some(line) = lines(&mut self.workspace, &rows, self.now).await?.pop() else { return Ok(None) };
        let holder = found.item(what).and_then(|item| found.holder(item)).unwrap_or(MemberId::BOT);
        let people = named(&mut self.workspace, &[found.leaver, holder, by]).await?;
        let [leaver, holder, by] = [found.leaver, holder, by].map(|member| person(&people, member));
        let declined = Declined { line, leaver, holder, by };
        let offers = press::on_handover_declined(self.row.guild, id, what);
        Ok(Some(alert::handover_declined(&self.voice, &declined, &self.reference, offers)))
    }

    /// A handover as it stands, unless it was taken back.
    async fn running(&mut self, id: HandoverId) -> Result<Option<Handover>, Failure> {
        match self.workspace.find_handover(id).await?.filter(|handover| handover.undone_at.is_none()) {
            Some(found) => Ok(Some(as_it_stands(&mut self.workspace, found).await?)),
            None => Ok(None),
        }
    }

    async fn asking(&mut self, handover: &Handover, to: MemberId) -> Result<Asking, Failure> {
        let asked: Vec<Row> = handover.asked(Some(to)).into_iter().map(row).collect();
        let assigned = |item: &&Item| item.to == to && item.answer == Answer::Assigned;
        let assigned: Vec<Row> = handover.in_order().into_iter().filter(assigned).map(row).collect();
        let asked = lines(&mut self.workspace, &asked, self.now).await?;
        let first = asked.iter().take(handover::BRIEFS).cloned().collect();
        let lead = handover.lead.unwrap_or(MemberId::BOT);
        let people = named(&mut self.workspace, &[handover.leaver, lead, to]).await?;
        Ok(Asking {
            leaver: person(&people, handover.leaver),
            lead: person(&people, lead),
            to: person(&people, to),
            note: handover.note.clone(),
            due: handover.answers_due(&Calendar::of(self.settings), Some(to)),
            assigned: lines(&mut self.workspace, &assigned, self.now).await?,
            briefs: briefs(&mut self.workspace, first, self.now).await?,
            asked,
        })
    }
}

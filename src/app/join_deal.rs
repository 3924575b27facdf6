//! Joins a deal: the partner that was typed for a new one takes part in one that exists, and the rest becomes a note.

use super::UseCase;
use super::change::Change;
use super::note_deal::note_of;
use super::on_deal::Changed;
use super::reading::{all_read, given};
use super::record_deal::{RecordDeal, find_partner};
use crate::domain::access::Needed;
use crate::domain::claim::NewClaim;
use crate::domain::deal::limit::EVIDENCE;
use crate::domain::deal::{Place, Role, Signature};
use crate::domain::event::EventKind;
use crate::domain::id::DealNumber;
use crate::domain::refusal::{Problem, Problems, Why};
use crate::error::Failure;

/// A partner's part in a deal. Any rep may say it: it adds evidence, never money.
#[derive(Debug, Clone)]
pub struct JoinDeal {
    /// Which deal.
    pub deal: DealNumber,
    /// What was typed.
    pub record: RecordDeal,
}

impl UseCase for JoinDeal {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        change.allow(Needed::Rep)?;
        let record = &self.record;
        change.take_draft(record.draft).await?;
        let mut deal = change.get_deal(self.deal).await?;
        let mut problems = Problems::default();
        let partner = problems.take(find_partner(change, &record.partner).await?);
        let evidence = problems.take(change.read_text("evidence", record.evidence.as_deref(), EVIDENCE)).flatten();
        if record.source != Role::Undecided && evidence.is_none() {
            problems.add(Problem::Missing { option: "evidence", why: Why::Evidence });
        }
        let recorded = change.settings.day(deal.created_at);
        let on = evidence.as_ref().map(|_| change.read_evidence_day(given(&record.on), record.source, recorded));
        let on = on.and_then(|on| problems.take(on));
        if !deal.is_open() {
            problems.add(Problem::WrongStage { deal: deal.number, stage: deal.stage });
        }
        let partner = all_read(problems, partner)?;
        let is_new = deal.partners().all(|known| known != partner.id);
        let note = (!is_new || record.says_more_than_a_part()).then(|| note_of(record, change));
        if is_new {
            let claimed = Signature { by: change.actor.id, at: change.now };
            let (role, place) = (record.source, Place::Participant);
            let claim = NewClaim { partner: partner.id, role, evidence, on, claimed, place };
            let calendar = change.calendar();
            change.edit(&mut deal, EventKind::PartnerJoined, None, |d| d.put_claim(claim, &calendar))?;
            change.index(&deal).await?;
        }
        if note.is_some() {
            change.edit(&mut deal, EventKind::Noted, note, |_| {})?;
        }
        Ok(change.changed(deal))
    }
}

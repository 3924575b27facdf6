//! Makes what was typed for a new deal a note on an open one with the same account, once it shows that it is no new one.

use super::UseCase;
use super::change::Change;
use super::on_deal::Changed;
use super::reading::given;
use super::record_deal::RecordDeal;
use super::update_deal::UpdateDeal;
use crate::domain::id::DealNumber;
use crate::error::Failure;
use crate::render::deal::record::{WouldBe, as_note};
use crate::render::voice::{Commands, Voice};

/// What was typed for a new deal, as a note on one that exists.
#[derive(Debug, Clone)]
pub struct NoteDeal {
    /// On which deal.
    pub deal: DealNumber,
    /// What was typed.
    pub record: RecordDeal,
}

impl UseCase for NoteDeal {
    type Outcome = Changed;

    async fn run(self, change: &mut Change<'_>) -> Result<Changed, Failure> {
        let note = Some(note_of(&self.record, change));
        UpdateDeal { note, draft: self.record.draft, ..UpdateDeal::of(self.deal) }.run(change).await
    }
}

/// In words, with amounts and days as they are understood now: `+3d` would say nothing later. Days that have passed
/// since are told as well.
pub(super) fn note_of(record: &RecordDeal, change: &Change<'_>) -> String {
    let commands = Commands::default();
    let voice = Voice::new(&commands, &change.settings, change.now);
    let day = |option, typed| given(typed).and_then(|typed| change.read_day(option, typed).ok());
    let would_be = WouldBe {
        partner: &record.partner,
        role: record.source,
        owner: record.owner.as_ref().map(|person| person.name.as_str()),
        backup: record.backup.as_ref().map(|person| person.name.as_str()),
        amount: given(&record.amount).and_then(|typed| change.read_worth("amount", typed).ok()),
        close: day("close", &record.close),
        next_step: given(&record.next_step),
        due: day("due", &record.due),
        crm: given(&record.crm),
        evidence: given(&record.evidence),
        on: given(&record.on).and_then(|typed| change.read_past_day("on", typed).ok()),
    };
    as_note(&voice, &would_be)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, REPS, deal_with, person, rep};
    use crate::domain::deal::Role;
    use crate::domain::deal::limit::{EVIDENCE, NOTE};
    use crate::render::text::units;

    async fn noted(bench: &Bench, record: RecordDeal) -> String {
        let note = NoteDeal { deal: DealNumber(1), record };
        let changed = bench.app.change(&rep(), note).await.expect("a note");
        changed.events.into_iter().find_map(|event| event.text).expect("its text")
    }

    #[tokio::test]
    async fn a_note_says_in_words_what_was_typed_for_another_deal() {
        let bench = Bench::ready().await;
        bench.add_partner("Initech").await;
        bench.app.change(&rep(), deal_with("Globex", None)).await.expect("a deal");
        assert_eq!(noted(&bench, deal_with("Globex", None)).await, "With Initech (undecided).");
        let record = RecordDeal {
            source: Role::Influenced,
            evidence: Some("Workshop on 28 October.".to_owned()),
            amount: Some("120k".to_owned()),
            close: Some("15 Jan".to_owned()),
            next_step: Some("Discovery call".to_owned()),
            due: Some("+3d".to_owned()),
            crm: Some("SF-17".to_owned()),
            backup: Some(person(4, "Ben", &[REPS])),
            ..deal_with("Globex", None)
        };
        assert_eq!(
            noted(&bench, record.clone()).await,
            "With Initech (influenced), $120,000, closes 15 Jan 2027. Next step: Discovery call, due 20 Dec 2026. \
             Backup: Ben. CRM: SF-17. Evidence: Workshop on 28 October."
        );
        let long = noted(&bench, RecordDeal { evidence: Some("x".repeat(EVIDENCE)), ..record }).await;
        assert!(units(&long) <= NOTE && long.ends_with("xx…"), "{long}");
    }
}

//! Asks the leads to add a partner that a rep needs. Whoever adds it while the rep's draft is kept has the rep told.

use super::UseCase;
use super::change::Change;
use super::draft::Draft;
use crate::domain::access::Needed;
use crate::domain::id::InteractionId;
use crate::domain::outgoing::{About, Alarm, Destination};
use crate::domain::refusal::Problem;
use crate::error::Failure;

/// Asks for the partner of a deal that is being recorded, once.
#[derive(Debug, Clone)]
pub struct AskPartner {
    /// The draft of the deal.
    pub draft: InteractionId,
}

impl UseCase for AskPartner {
    type Outcome = ();

    async fn run(self, change: &mut Change<'_>) -> Result<(), Failure> {
        change.allow(Needed::Rep)?;
        let draft = change.workspace.find_draft(change.actor.user, self.draft, change.now).await?;
        let Some(Draft::Deal(mut record)) = draft else { return Err(Problem::Stale.into()) };
        if record.partner_asked {
            return Ok(());
        }
        record.partner_asked = true;
        let (name, account) = (record.partner.clone(), record.account.clone());
        let until = change.drafts_end().timestamp_millis();
        let alarm = Alarm::PartnerAsked { name, account, by: change.actor.id, until };
        if let Some(ops) = change.settings.ops_channel {
            change.say(About::Alert { alarm }, Destination::Channel(ops), change.now);
        }
        change.keep_draft(self.draft, Draft::Deal(record));
        Ok(())
    }
}

//! `/deal`.

use serde::Deserialize;

use crate::app::record_deal::RecordDeal;
use crate::discord::answer::Answer;
use crate::discord::call::{Call, Picked};
use crate::domain::deal::Role;
use crate::error::Failure;
use crate::render::message::Message;

/// The options of `/deal new`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewOptions {
    account: String,
    partner: String,
    source: Role,
    amount: Option<String>,
    close: Option<String>,
    owner: Option<Picked>,
    backup: Option<Picked>,
    next_step: Option<String>,
    due: Option<String>,
    evidence: Option<String>,
    crm: Option<String>,
}

/// `/deal new`
pub async fn new(call: Call, given: NewOptions) -> Result<Answer, Failure> {
    let record = RecordDeal {
        account: given.account,
        partner: given.partner,
        source: given.source,
        evidence: given.evidence,
        amount: given.amount,
        close: given.close,
        owner: given.owner.map(Into::into),
        backup: given.backup.map(Into::into),
        next_step: given.next_step,
        due: given.due,
        crm: given.crm,
        although: None,
        unknown_account: Default::default(),
        draft: None,
    };
    let recorded = call.app.change(&call.caller, record).await?;
    Ok(Answer::Say(Message::silent().text(recorded.deal.number.label()).build().private()))
}

/// The options of `/deal view`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read with the rest of the command")]
pub struct ViewOptions {
    deal: String,
    share: Option<bool>,
}

/// `/deal view`
pub async fn view(_call: Call, _given: ViewOptions) -> Result<Answer, Failure> {
    Ok(Answer::Nothing)
}

//! `/cosell import`: a dry run first, then in one go.

use serde::Deserialize;

use crate::app::import_deals::ImportFile;
use crate::discord::answer::Answer;
use crate::discord::call::{Attached, Call};
use crate::domain::id::InteractionId;
use crate::domain::import::{DateOrder, UnknownPartner};
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::custom_id::CustomId;
use crate::render::import as words;
use crate::render::offer::{Offer, Offers};

/// What is pressed: `import:{guild}:yes:{draft}`, `import:{guild}:no`.
const ACTION: &str = "import";
/// The most changes that a button takes back.
const UNDONE_AT_MOST: usize = 250;

/// The options of `/cosell import`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportOptions {
    file: Attached,
    #[serde(default)]
    partners: UnknownPartner,
    partner: Option<String>,
    owners: Option<String>,
    stages: Option<String>,
    dates: Option<DateOrder>,
}

impl From<ImportOptions> for ImportFile {
    fn from(given: ImportOptions) -> ImportFile {
        let ImportOptions { file, partners, partner, owners, stages, dates } = given;
        ImportFile { url: file.url, size: file.size, partners, partner, owners, stages, dates }
    }
}

/// `/cosell import`
pub async fn import(call: Call, given: ImportOptions) -> Result<Answer, Failure> {
    let run = call.app.stage_import(&call.caller, given.into()).await?;
    let id = || CustomId::new(ACTION, call.caller.guild);
    let counts = run.plan.count();
    let mut offers = Offers::new();
    if counts.new + counts.changed > 0 {
        offers.push((Offer::Confirm, id().with("yes").with(run.draft).to_control()));
        offers.push((Offer::Cancel, id().with("no").to_control()));
    }
    let look = call.look().await?;
    let shown = words::dry_run(&look.voice(&call.commands), &run.plan, &run.rows, &run.unread, offers);
    Ok(Answer::Say(shown.private()))
}

/// The answer to the dry run.
pub async fn answered(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let draft = match (id.word(0), id.number(1)) {
        (Some("no"), _) => return Ok(Answer::Update(words::dropped())),
        (Some("yes"), Some(draft)) => InteractionId(draft),
        _ => return Err(Problem::Stale.into()),
    };
    let done = call.app.import_deals(&call.caller, draft).await?;
    let counts = done.plan.count();
    let events = counts.new + counts.changed + done.plan.accounts.len() + done.plan.partners.len();
    let offers = if events <= UNDONE_AT_MOST { vec![call.undo()] } else { Vec::new() };
    let look = call.look().await?;
    Ok(Answer::Update(words::imported(&look.voice(&call.commands), &done.plan, &done.new, offers)))
}

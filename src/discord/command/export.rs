//! `/cosell export` and `/program export`: files, for whoever asked alone.

use serde::Deserialize;

use crate::app::export::{Format, LARGEST};
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::error::Failure;
use crate::render::export as words;

/// The options of `/cosell export`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceOptions {
    format: Option<Format>,
}

/// `/cosell export`
pub async fn workspace(call: Call, given: WorkspaceOptions) -> Result<Answer, Failure> {
    let format = given.format.unwrap_or(Format::Csv);
    let exported = call.app.export_workspace(&call.caller, format).await?;
    let filename = match format {
        Format::Json => "cosell-export.json",
        Format::Csv => "cosell-export.zip",
    };
    let message = match exported.bytes {
        Some(bytes) => words::workspace(filename, bytes, exported.dumped.unsent),
        None => words::too_big(),
    };
    Ok(Answer::Say(message.private()))
}

/// The options of `/program export`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrmOptions {
    period: Option<String>,
}

/// `/program export`
pub async fn crm(call: Call, given: CrmOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    let export = look.crm_export(given.period.as_deref()).await?;
    let voice = look.voice(&call.commands);
    let message = words::crm(&voice, &export.cards, export.period.as_ref(), export.without);
    let fits = message.pictures().iter().all(|file| file.bytes.len() <= LARGEST);
    Ok(Answer::Say(if fits && !export.too_many { message } else { words::crm_too_big() }.private()))
}

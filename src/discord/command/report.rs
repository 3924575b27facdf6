//! `/program report`: the proof of a quarter as a picture or as a file, and the deals behind its figures. And
//! `/program baseline`, which it is held against.

use serde::Deserialize;

use crate::app::look::Look;
use crate::app::read::cards_of;
use crate::app::report::blocking;
use crate::app::set_baseline::SetBaseline;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::page::Pages;
use crate::domain::access::Needed;
use crate::domain::period::Period;
use crate::domain::refusal::Problem;
use crate::domain::report::{Report, ReportFigure};
use crate::error::Failure;
use crate::render::custom_id::CustomId;
use crate::render::deal::list::{PAGE, behind};
use crate::render::message::Message;
use crate::render::picture::proof;
use crate::render::report::{self as words, Enclosed, file};
use crate::render::voice::Voice;
use crate::render::{number, press};

/// The options of `/program baseline`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineOptions {
    win_rate: Option<u32>,
    cycle_days: Option<u32>,
}

/// `/program baseline`
pub async fn baseline(call: Call, given: BaselineOptions) -> Result<Answer, Failure> {
    let BaselineOptions { win_rate, cycle_days } = given;
    let set = call.app.change(&call.caller, SetBaseline { win_rate, cycle_days }).await?;
    let look = call.look().await?;
    Ok(call.say(number::baseline_saved(&look.voice(&call.commands), &set, vec![call.undo()])))
}

/// The options of `/program report`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportOptions {
    period: Option<String>,
    #[serde(default)]
    format: Format,
}

/// What the report is wanted as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A picture for a slide.
    #[default]
    Image,
    /// A page to read.
    Markdown,
    /// Tables to load elsewhere.
    Csv,
    /// A workbook.
    Xlsx,
}

/// `/program report`: never shared, as it is for leads and finance.
pub async fn report(call: Call, given: ReportOptions) -> Result<Answer, Failure> {
    let mut look = call.look().await?;
    look.allow(Needed::Finance)?;
    let period = look.asked(given.period.as_deref(), None).await?.period;
    let report = look.report(period).await?;
    Ok(Answer::Say(shown(&call, &mut look, report, given.format).await?.private()))
}

/// "Show deals" under it, and ◀ ▶ under what it opened; what that lists is as of now, and says so.
pub async fn figure(call: Call) -> Result<Answer, Failure> {
    let id = call.id()?;
    let turned = id.word(1);
    let figure = turned.or(call.picked()).and_then(ReportFigure::parse).ok_or(Problem::Stale)?;
    let start = id.number(0).and_then(|start| chrono::DateTime::from_timestamp(start, 0)).ok_or(Problem::Stale)?;
    let message = deals(&call, start.date_naive(), figure, id.index(2).unwrap_or(0)).await?;
    Ok(if turned.is_some() { Answer::Update(message) } else { Answer::Say(message.private()) })
}

/// The report with its picture or its file, which is made on a thread of its own.
async fn shown(call: &Call, look: &mut Look, report: Report, format: Format) -> Result<Message, Failure> {
    let rows = match format {
        Format::Image => words::named(&report),
        _ => words::kept(&report, words::CAP).0.into_iter().chain(words::named(&report)).collect(),
    };
    let names = look.names_of(&report, &rows).await?;
    let show = id(call, &report.period).to_control();
    let (commands, settings, now) = (call.commands.clone(), look.settings.clone(), look.now);
    blocking(move || {
        let voice = Voice::new(&commands, &settings, now);
        let enclosed = match format {
            Format::Image => Enclosed::Picture(proof::draw(&words::picture(&voice, &report, &names))),
            Format::Markdown => Enclosed::File(file::made(&voice, &report, &names, file::Format::Markdown)?),
            Format::Csv => Enclosed::File(file::made(&voice, &report, &names, file::Format::Csv)?),
            Format::Xlsx => Enclosed::File(file::made(&voice, &report, &names, file::Format::Xlsx)?),
        };
        Ok(words::report(&voice, &report, &names, enclosed, show))
    })
    .await
}

/// `report:{guild}:{first day}`, then the figure and the page.
fn id(call: &Call, period: &Period) -> CustomId {
    let start = period.start.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
    CustomId::new("report", call.caller.guild).with(start)
}

async fn deals(call: &Call, start: chrono::NaiveDate, figure: ReportFigure, page: usize) -> Result<Message, Failure> {
    let mut look = call.look().await?;
    let period = Period::of(start, look.settings.fiscal_month);
    let numbers = look.report(period).await?.deals(figure);
    let pages = Pages::new(numbers.len(), PAGE, page);
    let cards = cards_of(&mut look.workspace, pages.cut(numbers), look.now).await?;
    let turn = pages.page(&id(call, &period).with(figure.key()));
    let open = CustomId::new(press::OPEN, call.caller.guild).to_control();
    let name = format!("{}, as of now", words::figure_name(figure));
    Ok(behind(&look.voice(&call.commands), &name, &cards, turn, open))
}

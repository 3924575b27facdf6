//! `/cosell config`, `holidays`, `account` and `doctor`.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::app::configure::Configure;
use crate::app::merge_account::MergeAccount;
use crate::app::rename_account::RenameAccount;
use crate::app::set_holidays::SetHolidays;
use crate::discord::answer::Answer;
use crate::discord::call::Call;
use crate::discord::custom_id::CustomId;
use crate::discord::page::Pages;
use crate::discord::table::NoOptions;
use crate::domain::access::Needed;
use crate::domain::id::{ChannelId, RoleId};
use crate::domain::overview::AccountChange;
use crate::domain::refusal::Problem;
use crate::domain::workspace::{Mode, Settings};
use crate::error::Failure;
use crate::render::message::Message;
use crate::render::offer::Offers;
use crate::render::{account as account_words, config as words, doctor as doctor_words};

/// A merge of more deals than this is not taken back by a button.
const UNDONE_AT_MOST: usize = 250;

/// The options of `/cosell config`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigOptions {
    timezone: Option<String>,
    currency: Option<String>,
    fiscal_month: Option<u32>,
    mode: Option<Mode>,
    pipeline_channel: Option<ChannelId>,
    nudge_channel: Option<ChannelId>,
    ops_channel: Option<ChannelId>,
    lead_role: Option<RoleId>,
    rep_role: Option<RoleId>,
    finance_role: Option<RoleId>,
    everyone_is_rep: Option<bool>,
    digest_hour: Option<u32>,
}

impl From<ConfigOptions> for Configure {
    fn from(given: ConfigOptions) -> Configure {
        Configure {
            timezone: given.timezone,
            currency: given.currency,
            fiscal_month: given.fiscal_month,
            mode: given.mode,
            digest_hour: given.digest_hour,
            pipeline_channel: given.pipeline_channel,
            nudge_channel: given.nudge_channel,
            ops_channel: given.ops_channel,
            lead_role: given.lead_role.map(Some),
            finance_role: given.finance_role.map(Some),
            rep_role: given.rep_role.map(Some),
            everyone_is_rep: given.everyone_is_rep,
        }
    }
}

/// `/cosell config`
pub async fn config(call: Call, given: ConfigOptions) -> Result<Answer, Failure> {
    let configure = Configure::from(given);
    if configure.is_empty() {
        let look = call.look().await?;
        look.allow(Needed::Admin)?;
        return Ok(call.say(words::config(&look.voice(&call.commands), &look.settings)));
    }
    let channels = configure.channels();
    let configured = call.app.configure(&call.caller, configure).await?;
    let event = configured.event.ok_or(Problem::NothingToDo)?;
    let troubles = call.app.troubles_in(call.caller.guild, &configured.after, &channels).await;
    Ok(call.say(words::saved(&event, &troubles, vec![call.undo()])))
}

/// The options of `/cosell holidays`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayOptions {
    add: Option<String>,
    name: Option<String>,
    remove: Option<String>,
}

/// `/cosell holidays`
pub async fn holidays(call: Call, given: HolidayOptions) -> Result<Answer, Failure> {
    let HolidayOptions { add, name, remove } = given;
    let (mut change, mut offers) = (words::HolidayChange::None, Vec::new());
    if add.is_some() || name.is_some() || remove.is_some() {
        let done = call.app.configure(&call.caller, SetHolidays { add, name, remove }).await?;
        done.event.ok_or(Problem::NothingToDo)?;
        change = holiday_change(&done.before, &done.after);
        offers.push(call.undo());
    }
    Ok(call.say(holidays_page(&call, 0, &change, offers).await?))
}

/// ◀ and ▶ under the holidays.
pub async fn turn_holidays(call: Call) -> Result<Answer, Failure> {
    let page = call.id()?.index(0).ok_or(Problem::Stale)?;
    Ok(Answer::Update(holidays_page(&call, page, &words::HolidayChange::None, Vec::new()).await?))
}

async fn holidays_page(
    call: &Call,
    page: usize,
    change: &words::HolidayChange,
    offers: Offers,
) -> Result<Message, Failure> {
    let look = call.look().await?;
    look.allow(Needed::Admin)?;
    let (voice, holidays) = (look.voice(&call.commands), &look.settings.holidays);
    let coming: Vec<NaiveDate> = holidays.range(voice.today()..).map(|(day, _)| *day).collect();
    let pages = Pages::new(coming.len(), words::PAGE, page);
    let turn = pages.page(&CustomId::new("holidays", call.caller.guild));
    Ok(words::holidays(&voice, change, holidays, &pages.cut(coming), pages.total, turn, offers))
}

/// What differs, for the answer.
fn holiday_change(before: &Settings, after: &Settings) -> words::HolidayChange {
    let differing = |from: &Settings, other: &Settings| {
        from.holidays.iter().find(|(day, name)| other.holidays.get(day) != Some(name)).map(|(day, _)| *day)
    };
    let Some(day) = differing(after, before).or_else(|| differing(before, after)) else {
        return words::HolidayChange::None;
    };
    match (before.holidays.get(&day), after.holidays.get(&day)) {
        (Some(from), Some(_)) => words::HolidayChange::Renamed(day, from.clone()),
        (_, Some(_)) => words::HolidayChange::Added(day),
        (_, None) => words::HolidayChange::Removed(day),
    }
}

/// The options of `/cosell account`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountOptions {
    account: String,
    rename: Option<String>,
    merge_into: Option<String>,
}

/// `/cosell account`
pub async fn account(call: Call, given: AccountOptions) -> Result<Answer, Failure> {
    let AccountOptions { account, rename, merge_into } = given;
    let change = match (rename, merge_into) {
        (Some(to), None) => call.app.rename_account(&call.caller, RenameAccount { account, to }).await?,
        (None, Some(into)) => call.app.merge_account(&call.caller, MergeAccount { account, into }).await?,
        (rename, into) => {
            call.look().await?.refuse_account_change(&account, rename.as_deref(), into.as_deref()).await?;
            return Err(Problem::NothingToDo.into());
        }
    };
    let look = call.look().await?;
    let many = matches!(&change, AccountChange::Merged { deals, .. } if deals.len() > UNDONE_AT_MOST);
    let offers = if many { Vec::new() } else { vec![call.undo()] };
    Ok(call.say(account_words::changed(&look.voice(&call.commands), &change, offers)))
}

/// `/cosell doctor`
pub async fn doctor(call: Call, _: NoOptions) -> Result<Answer, Failure> {
    let findings = call.app.diagnose(&call.caller).await?;
    let look = call.look().await?;
    Ok(call.say(doctor_words::report(&look.voice(&call.commands), &findings)))
}

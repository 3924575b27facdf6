//! From a command's path, a control's action or a form's action to its handler. The manifest says what exists; a test
//! holds these tables against it.

use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::call::Call;
use super::command::{
    agenda, audit, choice, claim, cosell, criteria, deal, export, forget, handover, health, help, history, import,
    item, meeting, menu, motion, my, partner, pay, plan, press, program, record, report, review, setup, sheet,
};
use crate::error::Failure;

/// A handler: from a use to its answer.
pub type Handler = fn(Call) -> BoxFuture<'static, Result<Answer, Failure>>;

/// A slash command: `async fn(Call, Options) -> Result<Answer, Failure>`, where the options are the struct that serde
/// fills from the interaction.
pub struct Command {
    /// Its path, e.g. `deal new`.
    pub path: &'static str,
    /// What it does.
    pub handler: Handler,
    /// Whether its options' struct takes these options; for holding it against the manifest.
    pub takes: fn(Map<String, Value>) -> Result<(), serde_json::Error>,
}

/// Turns async functions of a call and its options into rows.
macro_rules! commands {
    ($($path:literal => $handler:path),* $(,)?) => {
        &[$(Command {
            path: $path,
            handler: |call| Box::pin(async move {
                let options = call.options()?;
                $handler(call, options).await
            }),
            takes: |options| takes($handler, options),
        }),*]
    };
}

/// Turns async functions of a call into rows.
macro_rules! handlers {
    ($($key:literal => $handler:path),* $(,)?) => {
        &[$(($key, |call| Box::pin($handler(call)))),*]
    };
}

/// The slash commands of the manifest.
pub const COMMANDS: &[Command] = commands! {
    "cosell setup" => setup::setup,
    "cosell config" => cosell::config,
    "cosell holidays" => cosell::holidays,
    "cosell doctor" => cosell::doctor,
    "cosell account" => cosell::account,
    "cosell audit" => audit::audit,
    "cosell import" => import::import,
    "cosell export" => export::workspace,
    "cosell forget person" => forget::person,
    "cosell forget workspace" => forget::workspace,
    "deal new" => deal::new,
    "deal update" => deal::update,
    "deal stage" => deal::stage,
    "deal won" => deal::won,
    "deal lost" => deal::lost,
    "deal reopen" => deal::reopen,
    "deal attribute" => deal::attribute,
    "deal register" => deal::register,
    "deal assign" => deal::assign,
    "deal wait" => deal::wait,
    "deal snooze" => deal::snooze,
    "deal view" => deal::view,
    "motion show" => motion::show,
    "motion stage" => motion::stage,
    "motion criterion" => motion::criterion,
    "motion publish" => motion::publish,
    "motion history" => motion::history,
    "my work" => my::work,
    "my settings" => my::settings,
    "my away" => my::away,
    "partner add" => partner::add,
    "partner edit" => partner::edit,
    "partner archive" => partner::archive,
    "partner contact" => partner::contact,
    "partner view" => partner::view,
    "partner list" => partner::list,
    "partner plan" => plan::plan,
    "review schedule" => review::schedule,
    "review list" => review::list,
    "review agenda" => agenda::agenda,
    "review skip" => review::skip,
    "review cancel" => review::cancel,
    "review add" => item::add,
    "review history" => history::history,
    "review start" => meeting::start,
    "review decide" => meeting::decide,
    "review action" => meeting::act,
    "review close" => meeting::close,
    "handover plan" => handover::plan,
    "handover start" => handover::start,
    "handover status" => handover::status,
    "handover undo" => handover::undo,
    "program view" => program::view,
    "program forecast" => program::forecast,
    "program cadence" => program::cadence,
    "program health" => health::health,
    "program champions" => health::champions,
    "program owner" => program::owner,
    "program target" => program::target,
    "program cost" => program::cost,
    "program baseline" => report::baseline,
    "program report" => report::report,
    "program comp" => pay::comp,
    "program parity" => pay::parity,
    "program export" => export::crm,
    "help" => help::help,
    "deal list" => deal::list,
    "deal history" => deal::history,
};

/// The context menus of the manifest.
pub const MENUS: &[(&str, Handler)] = handlers! {
    "Log to a deal" => menu::log_to_a_deal,
    "Add to a review" => item::add_to_a_review,
    "Joint deals" => menu::joint_deals,
};

/// Buttons, selects and forms, by the action in their id.
pub const ACTIONS: &[(&str, Handler)] = handlers! {
    "archive" => partner::archive_confirmed,
    "bring_back" => partner::bring_back,
    "audit" => audit::turn,
    "comp" => pay::check,
    "forget" => forget::confirmed,
    "figure" => agenda::figure,
    "import" => import::answered,
    "handover_plan" => handover::plan_page,
    "handover_pick" => handover::pick,
    "handover_to" => handover::chosen,
    "handover_start" => handover::start_pressed,
    "handover_status" => handover::status_page,
    "handover_other" => handover::status_other,
    "handover_assign" => handover::assign,
    "handover_else" => handover::elsewhere,
    "handover_offer" => handover::offered,
    "handover_undo" => handover::undo_pressed,
    "handover_brief" => handover::brief,
    "handover_answer" => handover::answer,
    "champions" => health::pressed,
    "number" => program::figure,
    "report" => report::figure,
    "partner_deals" => partner::deals,
    "partners" => partner::turn,
    "contacts" => partner::contacts,
    "contacts_turn" => partner::turn_contacts,
    "help_topic" => help::turn,
    "holidays" => cosell::turn_holidays,
    "reviews" => review::turn,
    "review_start" => meeting::start_pressed,
    "review_turn" => meeting::turn,
    "review_go" => meeting::go_to,
    "review_decide" => meeting::ask_decide,
    "review_decided" => meeting::decided,
    "review_act" => meeting::ask_who,
    "review_who" => meeting::who,
    "review_acted" => meeting::acted,
    "review_close" => meeting::close_pressed,
    "review_history" => history::turn,
    "review_minutes" => meeting::minutes,
    "topic" => item::topic,
    "actions" => item::actions,
    "action" => item::action,
    "action_done" => item::done,
    "action_drop" => item::ask_drop,
    "action_dropped" => item::dropped,
    "plan" => plan::show,
    "plan_edit" => plan::edit,
    "plan_page" => plan::page,
    "plan_send" => plan::send,
    "setup" => setup::control,
    "show" => press::show,
    "open" => press::open,
    "claims" => claim::claims,
    "confirm" => claim::confirm,
    "question" => claim::question,
    "questioned" => claim::questioned,
    "choose" => press::choose,
    "chose" => press::chose,
    "criteria" => criteria::criteria,
    "tick" => criteria::tick,
    "pass" => criteria::pass,
    "newer" => criteria::newer,
    "propose" => criteria::propose,
    "motion" => motion::pressed,
    "undo" => press::undo,
    "history" => press::history,
    "list" => press::list,
    "decline" => press::decline,
    "ask" => sheet::ask,
    "send" => sheet::send,
    "retry" => sheet::retry,
    "record" => record::record,
    "back" => my::back,
    "joint" => menu::turn_joint_deals,
    "log" => menu::log,
    "mine" => my::mine,
    "mine_of" => my::mine_of,
    "work" => my::turn,
};

/// What offers choices, by the option that is typed; with the command's path before it where one command differs.
pub const CHOICES: &[(&str, Handler)] = handlers! {
    "account" => choice::account,
    "deal" => choice::deal,
    "deal reopen deal" => choice::closed_deal,
    "merge_into" => choice::account,
    "partner" => choice::partner,
    "partner edit partner" => choice::any_partner,
    "partner plan partner" => choice::any_partner,
    "partner view partner" => choice::any_partner,
    "period" => choice::period,
    "review" => choice::review,
    "review schedule name" => choice::review,
    "stage" => choice::stage,
    "timezone" => choice::timezone,
    "topic" => choice::topic,
};

/// The options of a command that takes none.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoOptions {}

/// The row of a key.
pub fn find(table: &'static [(&'static str, Handler)], key: &str) -> Option<(&'static str, Handler)> {
    table.iter().find(|(known, _)| *known == key).copied()
}

/// What offers choices for an option of a command.
pub fn find_choices(path: &str, option: &str) -> Option<(&'static str, Handler)> {
    find(CHOICES, &format!("{path} {option}")).or_else(|| find(CHOICES, option))
}

/// The path and the handler of a slash command.
pub fn find_command(path: &str) -> Option<(&'static str, Handler)> {
    COMMANDS.iter().find(|command| command.path == path).map(|command| (command.path, command.handler))
}

/// Reads options as a handler would. The handler is given for its type only, so that the two can't differ.
fn takes<O: DeserializeOwned, F>(
    _: impl Fn(Call, O) -> F,
    options: Map<String, Value>,
) -> Result<(), serde_json::Error> {
    serde_json::from_value::<O>(Value::Object(options)).map(drop)
}

#[cfg(test)]
mod tests;

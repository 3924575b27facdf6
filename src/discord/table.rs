//! From a command's path, a control's action or a form's action to its handler. The manifest says what exists; a test
//! holds this table against it.

use futures::future::BoxFuture;

use super::answer::Answer;
use super::call::Call;
use super::command::deal;
use crate::error::Failure;

/// A handler: from a use to its answer.
pub type Handler = fn(Call) -> BoxFuture<'static, Result<Answer, Failure>>;

/// Turns async functions into table rows.
macro_rules! handlers {
    ($($key:literal => $handler:path),* $(,)?) => {
        &[$(($key, |call| Box::pin($handler(call)))),*]
    };
}

/// The slash commands and context menus of the manifest.
pub const COMMANDS: &[(&str, Handler)] = handlers! {
    "deal new" => deal::new,
    "deal view" => deal::view,
};

/// Buttons, selects and forms, by the action in their id.
pub const ACTIONS: &[(&str, Handler)] = handlers! {};

/// What offers choices, by the option that is typed.
pub const CHOICES: &[(&str, Handler)] = handlers! {};

/// The handler of a key.
pub fn find(table: &'static [(&'static str, Handler)], key: &str) -> Option<Handler> {
    table.iter().find(|(known, _)| *known == key).map(|(_, handler)| *handler)
}

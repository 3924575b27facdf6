//! Follow-ups to an interaction, and edits of its first answer.

use super::callback::{answered, blank, shown};
use super::post::{self, Edit};
use super::{Call, Outcome, done, id, unknown};
use crate::sandbox::check::message::Route;
use crate::sandbox::fault::Rejection;
use crate::sandbox::interaction::{Answer, Stage};
use crate::sandbox::mention::Source;
use crate::sandbox::message::LOADING;
use crate::sandbox::snowflake::Snowflake;
use crate::sandbox::state::State;

pub(super) fn route(state: &mut State, call: &Call, token: &str, rest: &[&str]) -> Outcome {
    if !matches!(rest, [] | ["messages", _]) {
        return unknown(state, call);
    }
    let interaction = answered(state, call, token)?;
    match (call.method.as_str(), rest) {
        ("POST", []) => follow_up(state, call, interaction),
        ("GET", ["messages", which]) => {
            let message = message(state, interaction, which)?;
            shown(state, message)
        }
        ("PATCH", ["messages", which]) => {
            let message = message(state, interaction, which)?;
            edit(state, call, interaction, message)
        }
        ("DELETE", ["messages", which]) => {
            let message = message(state, interaction, which)?;
            state.erase(message);
            state.settle(interaction);
            done()
        }
        _ => unknown(state, call),
    }
}

/// The message that a follow-up path names, if it answers this interaction.
fn message(state: &State, interaction: Snowflake, which: &str) -> Result<Snowflake, Rejection> {
    let origin = &state.interactions[&interaction];
    let original = origin.original();
    let named = match which {
        "@original" => original,
        other => Some(id(other)?),
    };
    let of_it = |id: &Snowflake| {
        let message = state.messages.get(id);
        message.is_some_and(|m| m.interaction == Some(interaction) || original == Some(*id))
    };
    named.filter(of_it).ok_or_else(Rejection::unknown_message)
}

fn edit(state: &mut State, call: &Call, interaction: Snowflake, message: Snowflake) -> Outcome {
    post::check(call, &call.body, &[], Route::AnswerEdit)?;
    let loading = state.messages[&message].flags & LOADING != 0;
    let kind = if loading { Edit::First } else { Edit::Later };
    post::edit(state, call, &call.body, message, (kind, Source::Answer))?;
    if let Some(message) = state.messages.get_mut(&message) {
        message.flags &= !LOADING;
    }
    let origin = state.interactions.get_mut(&interaction);
    if let Some(origin) = origin
        && matches!(origin.answer, Some(Answer::Later))
        && origin.source == Some(message)
    {
        origin.answer = Some(Answer::Updated(message));
    }
    state.settle(interaction);
    shown(state, message)
}

/// A further message; after a deferred answer, the first one takes its place.
fn follow_up(state: &mut State, call: &Call, interaction: Snowflake) -> Outcome {
    if let Some(Answer::Thinking(promised)) = state.interactions[&interaction].answer
        && state.messages.get(&promised).is_some_and(|m| m.flags & LOADING != 0)
    {
        return edit(state, call, interaction, promised);
    }
    post::check(call, &call.body, &[], Route::Answer)?;
    let flags = call.body["flags"].as_u64().unwrap_or(0);
    let blank = blank(state, call, interaction, flags);
    let message = post::fill(state, call, &call.body, blank, Source::Answer)?;
    let id = message.id;
    state.store(message);
    state.settle(interaction);
    shown(state, id)
}

impl State {
    /// The promise of a deferred answer is kept.
    fn settle(&mut self, interaction: Snowflake) {
        if let Some(interaction) = self.interactions.get(&interaction) {
            interaction.reach(Stage::Settled);
        }
    }
}

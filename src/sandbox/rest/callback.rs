//! The first answer to an interaction.

use serde_json::{Value, json};

use super::post::{self, Edit};
use super::{Answer as Reply, Call, Outcome, done, ok};
use crate::sandbox::check::message::Route;
use crate::sandbox::check::{self, Field as Shape, Kind as Holds, Mistakes, Need, Path, length};
use crate::sandbox::fault::Rejection;
use crate::sandbox::interaction::{Answer, Interaction, Kind, Stage};
use crate::sandbox::mention::Source;
use crate::sandbox::message::{EPHEMERAL, LOADING, Message};
use crate::sandbox::reply::{Choice, Field, Form};
use crate::sandbox::snowflake::Snowflake;
use crate::sandbox::state::State;

pub(super) fn callback(state: &mut State, call: &Call, id: Snowflake, token: &str) -> Outcome {
    let interaction = state.interactions.get(&id);
    let interaction = interaction.filter(|i| i.token == token);
    let interaction = interaction.ok_or_else(Rejection::unknown_interaction)?;
    if interaction.answer.is_some() {
        return Err(Rejection::already_acknowledged());
    }
    if interaction.is_overdue() {
        return Err(Rejection::unknown_interaction());
    }
    let kind = shape(&call.body, interaction)?;
    let answer = answer(state, call, id, kind)?;
    settle(state, id, answer);
    if call.query.get("with_response").is_some_and(|v| v == "true") { ok(response(state, id, kind)) } else { done() }
}

/// The callback's type, if this interaction can be answered with it.
fn shape(body: &Value, interaction: &Interaction) -> Result<u64, Rejection> {
    let mut found = Mistakes::default();
    let fields = [Shape("type", Holds::Integer(1, 12), Need::Required), Shape("data", Holds::Object, Need::Optional)];
    check::object(&mut found, &Path::default(), body, &fields);
    let kind = body["type"].as_u64().unwrap_or(0);
    let from_message = interaction.source.is_some();
    let fits = match interaction.kind {
        Kind::Autocomplete => kind == 8,
        Kind::Command => matches!(kind, 4 | 5 | 9),
        Kind::Component => matches!(kind, 4..=7 | 9),
        Kind::Form => matches!(kind, 4 | 5) || (from_message && matches!(kind, 6 | 7)),
    };
    if !fits {
        let text = format!("Type {kind} does not answer this interaction");
        found.note(&Path::default().to("type"), "BASE_TYPE_CHOICES", text);
    }
    found.into_result().map(|()| kind)
}

fn answer(state: &mut State, call: &Call, id: Snowflake, kind: u64) -> Result<Answer, Rejection> {
    let data = &call.body["data"];
    match kind {
        4 => message(state, call, id).map(Answer::Message),
        5 => Ok(Answer::Thinking(thinking(state, call, id))),
        6 => Ok(Answer::Later),
        7 => update(state, call, id).map(Answer::Updated),
        8 => choices(data).map(Answer::Choices),
        _ => form(state, data, id).map(Answer::Form),
    }
}

/// Keeps the answer and tells those who wait.
fn settle(state: &mut State, id: Snowflake, answer: Answer) {
    let Some(interaction) = state.interactions.get_mut(&id) else {
        return;
    };
    let promised = matches!(answer, Answer::Thinking(_) | Answer::Later);
    interaction.answer = Some(answer);
    interaction.reach(if promised { Stage::Promised } else { Stage::Settled });
}

/// A new message that answers an interaction, not yet filled.
pub(super) fn blank(state: &mut State, call: &Call, id: Snowflake, flags: u64) -> Message {
    let interaction = &state.interactions[&id];
    let (channel, guild, user) = (interaction.channel, interaction.guild, interaction.user);
    let mut message = Message::new(state.mint.next(call.now), channel, state.bot, call.now);
    message.guild = guild;
    message.interaction = Some(id);
    message.only_for = (flags & EPHEMERAL != 0).then_some(user);
    message
}

fn message(state: &mut State, call: &Call, id: Snowflake) -> Result<Snowflake, Rejection> {
    let data = &call.body["data"];
    post::check(call, data, &["data"], Route::Answer)?;
    let blank = blank(state, call, id, data["flags"].as_u64().unwrap_or(0));
    let message = post::fill(state, call, data, blank, Source::Answer)?;
    let id = message.id;
    state.store(message);
    Ok(id)
}

fn thinking(state: &mut State, call: &Call, id: Snowflake) -> Snowflake {
    let flags = call.body["data"]["flags"].as_u64().unwrap_or(0) & EPHEMERAL;
    let mut message = blank(state, call, id, flags);
    message.flags = flags | LOADING;
    let id = message.id;
    state.store(message);
    id
}

fn update(state: &mut State, call: &Call, id: Snowflake) -> Result<Snowflake, Rejection> {
    let data = &call.body["data"];
    post::check(call, data, &["data"], Route::AnswerEdit)?;
    let source = state.interactions.get(&id).and_then(|i| i.source);
    let source = source.ok_or_else(Rejection::unknown_message)?;
    post::edit(state, call, data, source, (Edit::Later, Source::Answer))?;
    Ok(source)
}

fn choices(data: &Value) -> Result<Vec<Choice>, Rejection> {
    let mut found = Mistakes::default();
    let at = Path::default().to("data");
    let fields = [Shape("choices", Holds::List(0, 25), Need::Required)];
    check::object(&mut found, &at, data, &fields);
    let offered = check::list(data, "choices");
    check::command::choices(&mut found, &at.to("choices"), offered, Holds::Any);
    for (n, choice) in offered.iter().enumerate() {
        let value = choice["value"].as_str();
        if value.is_some_and(|text| !(1..=100).contains(&length(text))) {
            let place = at.to("choices").to(n).to("value");
            let text = "Must be between 1 and 100 in length.";
            found.note(&place, "BASE_TYPE_BAD_LENGTH", text);
        }
    }
    found.into_result()?;
    Ok(offered.iter().map(choice).collect())
}

fn choice(offered: &Value) -> Choice {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Choice { name: text(&offered["name"]), value: text(&offered["value"]) }
}

fn form(state: &State, data: &Value, id: Snowflake) -> Result<Form, Rejection> {
    check::form(data, Path::default().to("data"))?;
    let interaction = &state.interactions[&id];
    let rows = check::list(data, "components").iter();
    let inputs = rows.flat_map(|row| check::list(row, "components"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(Form {
        custom_id: text(&data["custom_id"]),
        title: text(&data["title"]),
        fields: inputs.map(field).collect(),
        channel: interaction.channel,
        source: interaction.source,
    })
}

fn field(input: &Value) -> Field {
    let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
    let limit = |name: &str, default| input[name].as_u64().unwrap_or(default) as usize;
    Field {
        custom_id: text("custom_id"),
        label: text("label"),
        value: text("value"),
        required: input["required"].as_bool().unwrap_or(true),
        min: limit("min_length", 0),
        max: limit("max_length", 4_000),
        paragraph: input["style"] == 2,
        placeholder: text("placeholder"),
    }
}

/// The body of 200, for those who ask for it.
fn response(state: &State, id: Snowflake, kind: u64) -> Value {
    let interaction = &state.interactions[&id];
    let original = interaction.original();
    let message = original.and_then(|id| state.messages.get(&id));
    json!({
        "interaction": {
            "id": id,
            "type": interaction.kind as u8,
            "response_message_id": original,
            "response_message_loading": kind == 5,
            "response_message_ephemeral": message.is_some_and(|m| m.only_for.is_some()),
            "channel_id": interaction.channel,
            "guild_id": interaction.guild,
        },
        "resource": {"type": kind, "message": message.map(|m| m.json(state))},
    })
}

/// What a follow-up call needs: the interaction of a living token that was answered.
pub(super) fn answered(state: &State, call: &Call, token: &str) -> Result<Snowflake, Rejection> {
    let id = state.tokens.get(token).copied();
    let interaction = id.and_then(|id| state.interactions.get(&id));
    let interaction = interaction.ok_or_else(Rejection::invalid_token)?;
    if interaction.answer.is_none() {
        return Err(Rejection::unknown_webhook());
    }
    if !interaction.token_works(call.now) {
        return Err(Rejection::invalid_token());
    }
    Ok(interaction.id)
}

/// 200 with a stored message.
pub(super) fn shown(state: &State, id: Snowflake) -> Result<Reply, Rejection> {
    let message = state.messages.get(&id);
    ok(message.ok_or_else(Rejection::unknown_message)?.json(state))
}

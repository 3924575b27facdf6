//! What somebody does on the page, and what comes back.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Desk, Place, nobody};
use crate::sandbox::Person;
use crate::sandbox::reply::{Choice, Field, Form, Reply};
use crate::sandbox::shown::Shown;
use crate::sandbox::snowflake::Snowflake;

/// Forms that are kept open at most; a browser that goes away says nothing of its own.
const OPEN_FORMS: u64 = 100;

/// A person, and what they do.
#[derive(Debug, Deserialize)]
pub(super) struct Act {
    #[serde(flatten)]
    place: Place,
    #[serde(flatten)]
    deed: Deed,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Deed {
    /// A command whose options were filled one by one.
    Command {
        path: Vec<String>,
        options: Vec<(String, String)>,
    },
    Say {
        text: String,
    },
    /// Something on a message.
    On {
        message: Snowflake,
        act: OnMessage,
    },
    Submit {
        form: u64,
        texts: Vec<(String, String)>,
    },
    /// A command of a person's menu.
    PersonMenu {
        command: String,
        person: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OnMessage {
    Press {
        id: String,
    },
    Pick {
        id: String,
        values: Vec<String>,
    },
    /// A command of its menu.
    Menu {
        command: String,
    },
}

/// A command that is being typed; the last option has the focus.
#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    #[serde(flatten)]
    place: Place,
    path: Vec<String>,
    options: Vec<(String, String)>,
}

pub(super) async fn act(State(desk): State<Arc<Desk>>, Json(act): Json<Act>) -> Response {
    let Some(person) = act.place.person(&desk.sandbox) else {
        return nobody();
    };
    let reply = desk.follow(&person, act.deed).await;
    let answer = desk.answer(reply);
    // What the bot posts because of it comes by itself; nobody waits for that.
    tokio::spawn(async move { desk.settle().await });
    Json(answer).into_response()
}

pub(super) async fn complete(State(desk): State<Arc<Desk>>, Json(typed): Json<Typed>) -> Response {
    let Some(person) = typed.place.person(&desk.sandbox) else {
        return nobody();
    };
    Json(match person.complete_filled(&typed.path, &typed.options).await {
        Ok(choices) => json!({"choices": choices.iter().map(choice).collect::<Vec<_>>()}),
        Err(why) => json!({"why": why}),
    })
    .into_response()
}

fn choice(choice: &Choice) -> Value {
    json!({"name": choice.name, "value": choice.value})
}

impl Desk {
    async fn follow(&self, person: &Person, deed: Deed) -> Reply {
        match deed {
            Deed::Command { path, options } => person.fill_command(&path, &options).await,
            Deed::Say { text } => Reply::Message(person.write(&text)),
            Deed::Submit { form, texts } => self.submit(person, form, &texts).await,
            Deed::PersonMenu { command, person: other } => person.user_menu(&command, &other).await,
            Deed::On { message, act } => match self.message(message) {
                Some(shown) => on_message(person, &shown, act).await,
                None => Reply::Client("The message is gone".to_owned()),
            },
        }
    }

    fn message(&self, id: Snowflake) -> Option<Shown> {
        let now = self.sandbox.now();
        self.sandbox.core.with(|state| Some(state.show(state.messages.get(&id)?, now)))
    }

    /// Sends a form; it stays open when Discord's client would not send it.
    async fn submit(&self, person: &Person, number: u64, texts: &[(String, String)]) -> Reply {
        let Some(form) = self.forms(|forms| forms.open.get(&number).cloned()) else {
            return Reply::Client("This form is closed. Open it again".to_owned());
        };
        let texts: Vec<(&str, &str)> = texts.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
        let reply = person.submit(&form, &texts).await;
        if !matches!(reply, Reply::Client(_) | Reply::Refused(_)) {
            self.forms(|forms| forms.open.remove(&number));
        }
        reply
    }

    /// What the page is told; a message itself comes with the view.
    fn answer(&self, reply: Reply) -> Value {
        match reply {
            Reply::Message(shown) => json!({"kind": "message", "message": shown.id, "channel": shown.channel_id}),
            Reply::Form(form) => self.opened(form),
            Reply::Nothing => json!({"kind": "nothing"}),
            Reply::Refused(why) => json!({"kind": "refused", "why": why}),
            Reply::Client(why) => json!({"kind": "client", "why": why}),
        }
    }

    fn opened(&self, form: Form) -> Value {
        let fields: Vec<Value> = form.fields.iter().map(field).collect();
        let title = form.title.clone();
        let number = self.forms(|forms| {
            forms.last += 1;
            forms.open.retain(|number, _| number + OPEN_FORMS > forms.last);
            forms.open.insert(forms.last, form);
            forms.last
        });
        json!({"kind": "form", "form": number, "title": title, "fields": fields})
    }
}

async fn on_message(person: &Person, shown: &Shown, act: OnMessage) -> Reply {
    match act {
        OnMessage::Press { id } => person.press(shown, &id).await,
        OnMessage::Pick { id, values } => {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            person.pick(shown, &id, &values).await
        }
        OnMessage::Menu { command } => person.message_menu(&command, shown).await,
    }
}

fn field(field: &Field) -> Value {
    json!({
        "id": field.custom_id,
        "label": field.label,
        "value": field.value,
        "required": field.required,
        "min": field.min,
        "max": field.max,
        "paragraph": field.paragraph,
        "placeholder": field.placeholder,
    })
}

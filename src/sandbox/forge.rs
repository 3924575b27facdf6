//! What Discord's own client would never send, as somebody sends it who writes a client of their own.

use serde_json::{Value, json};

use super::interaction::Kind;
use super::payload;
use super::person::Person;
use super::reply::{Choice, Reply};
use super::shown::Shown;
use super::slash;
use super::snowflake::Snowflake;
use super::state::State;

/// An interaction whose data is taken as it is given.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "few live at once, and a boxed message would read worse in every test")]
pub enum Forged {
    /// A slash command. What its options name by id is resolved as Discord does: members, roles and channels of the
    /// person's own server, and users of any.
    Command(Value),
    /// A button or a select, as if it stood on a message that the person sees.
    Control(Shown, Value),
    /// A form.
    Form(Value),
}

impl Person {
    /// Sends it.
    pub async fn forge(&self, forged: Forged) -> Reply {
        let url = self.url();
        self.act(|state| match forged {
            Forged::Command(data) => self.deed(Kind::Command, None, resolved(state, &url, self.guild(), data)),
            Forged::Control(on, data) => self.use_component(state, &on, data),
            Forged::Form(data) => self.deed(Kind::Form, None, data),
        })
        .await
    }

    /// Sends a command whose focused option asks for completions, and gets what is offered.
    ///
    /// # Errors
    /// When the bot did not answer in time.
    pub async fn forge_typing(&self, data: Value) -> Result<Vec<Choice>, String> {
        let url = self.url();
        self.completed(|state| self.deed(Kind::Autocomplete, None, resolved(state, &url, self.guild(), data))).await
    }
}

/// Adds what options name by id, and attaches the files that they name.
fn resolved(state: &State, url: &str, guild: Snowflake, mut data: Value) -> Value {
    let mut found = json!({});
    resolve(state, (url, guild), &mut data["options"], &mut found);
    data["resolved"] = found;
    data
}

fn resolve(state: &State, (url, guild): (&str, Snowflake), options: &mut Value, found: &mut Value) {
    let own = state.guilds.get(&guild);
    for option in options.as_array_mut().into_iter().flatten() {
        if let Some(inner) = option.get_mut("options") {
            resolve(state, (url, guild), inner, found);
        }
        let text = option["value"].as_str().unwrap_or_default().to_owned();
        let id = text.parse::<Snowflake>().unwrap_or_default();
        match option["type"].as_u64() {
            Some(6) => slash::resolve_user(state, own, id, found),
            Some(7) => {
                let channel = state.channels.get(&id).filter(|channel| channel.guild == Some(guild));
                channel.into_iter().for_each(|channel| slash::resolve_channel(state, channel, found));
            }
            Some(8) => {
                let role = own.into_iter().flat_map(|guild| &guild.roles).find(|role| role.id == id);
                role.into_iter().for_each(|role| found["roles"][id.to_string()] = payload::role(role, 1));
            }
            Some(11) => slash::attach(state, url, &text, found).into_iter().for_each(|id| option["value"] = id),
            _ => {}
        }
    }
}

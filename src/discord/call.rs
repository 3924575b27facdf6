//! One use of the bot by a person, as a handler sees it: who, where, and the raw input.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serenity::model::Permissions;
use serenity::model::application::{
    CommandData, CommandDataOption, CommandDataOptionValue, CommandInteraction, ComponentInteraction,
    ComponentInteractionDataKind, ModalInteraction,
};
use serenity::model::channel::{ChannelType, PartialChannel};
use serenity::model::guild::Member;
use serenity::model::user::User;

use super::answer::Answer;
use super::custom_id::CustomId;
use crate::app::look::Look;
use crate::app::{App, Caller, Person};
use crate::domain::access::ManagesServer;
use crate::domain::id::{ChannelId, GuildId, InteractionId, MessageId, RoleId, UserId};
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::control::CustomId as ControlId;
use crate::render::message::Message;
use crate::render::offer::Offer;
use crate::render::press;
use crate::render::voice::Commands;

/// What a handler is given.
pub struct Call {
    /// The use cases.
    pub app: App,
    /// Who used the bot, and where.
    pub caller: Caller,
    /// The registered commands, for mentions.
    pub commands: Arc<Commands>,
    /// From where.
    pub place: Place,
    /// What they gave.
    pub input: Input,
}

/// From where a person uses the bot, as far as something can be proposed by it.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The language that they have chosen in Discord: `en-GB`.
    pub locale: String,
    /// The channel, where it is one that the bot's posts can go to: no thread, no voice channel.
    pub channel: Option<ChannelId>,
}

impl Place {
    /// As Discord tells of it along with an interaction.
    pub(super) fn of(locale: &str, channel: Option<&PartialChannel>) -> Place {
        let takes_posts = |channel: &&PartialChannel| matches!(channel.kind, ChannelType::Text | ChannelType::News);
        let channel = channel.filter(takes_posts).map(|channel| ChannelId(snowflake(channel.id)));
        Place { locale: locale.to_owned(), channel }
    }
}

/// The raw input of one use.
#[derive(Debug, Clone)]
pub enum Input {
    /// A slash command with its options: texts, numbers and booleans as they are, people as [`Picked`].
    Options(Map<String, Value>),
    /// The text so far of the option that is being typed, with the other options.
    Typing {
        /// The option's name.
        option: String,
        /// What is typed.
        typed: String,
        /// The other options so far.
        others: Map<String, Value>,
    },
    /// A button or a select.
    Control {
        /// What it carries.
        id: CustomId,
        /// What was picked, as texts; people, roles and channels as ids.
        values: Vec<String>,
        /// The people among them.
        people: Vec<Person>,
        /// The message that it stands on.
        message: MessageId,
    },
    /// A form that was sent.
    Form {
        /// What it carries.
        id: CustomId,
        /// The texts by the fields' ids; empty ones are left out.
        fields: BTreeMap<String, String>,
    },
    /// A context menu on a message.
    OnMessage {
        /// Which.
        message: MessageId,
        /// What it says.
        text: String,
        /// Who wrote it.
        author: UserId,
    },
    /// A context menu on a person.
    OnPerson(Person),
}

/// A person picked in an option. Fills a field of a handler's options by serde.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Picked {
    id: i64,
    name: String,
    roles: Vec<i64>,
    #[serde(default = "manages_nothing")]
    manages_server: ManagesServer,
    is_bot: bool,
}

/// A file attached in an option. Fills a field of a handler's options by serde.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Attached {
    /// Where Discord keeps it.
    pub url: String,
    /// Its bytes.
    pub size: usize,
}

fn manages_nothing() -> ManagesServer {
    ManagesServer::No
}

impl From<Picked> for Person {
    fn from(picked: Picked) -> Person {
        Person {
            user: UserId(picked.id),
            name: picked.name,
            roles: picked.roles.into_iter().map(RoleId).collect(),
            manages_server: picked.manages_server,
            is_bot: picked.is_bot,
        }
    }
}

impl Call {
    /// The options of a slash command, as a handler's struct.
    pub fn options<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let Input::Options(options) = &self.input else { return Err(anyhow::anyhow!("not a slash command").into()) };
        match serde_json::from_value(Value::Object(options.clone())) {
            // One that names what is not of the server, and must be given.
            Err(_) if options.values().any(Value::is_null) => Err(Problem::Stale.into()),
            read => Ok(read.context("the options are not those of the manifest")?),
        }
    }

    /// What is typed so far of an option that offers choices.
    pub fn typed(&self) -> Result<&str, Failure> {
        match &self.input {
            Input::Typing { typed, .. } => Ok(typed),
            _ => Err(anyhow::anyhow!("nothing is being typed").into()),
        }
    }

    /// Reads the workspace for the person, with what they may act as.
    pub async fn look(&self) -> Result<Look, Failure> {
        self.app.look(&self.caller).await
    }

    /// What a button, select or form carries. Its arguments prove nothing: look everything up again.
    pub fn id(&self) -> Result<&CustomId, Failure> {
        match &self.input {
            Input::Control { id, .. } | Input::Form { id, .. } => Ok(id),
            _ => Err(anyhow::anyhow!("not a control or a form").into()),
        }
    }

    /// The button that takes back what this use did.
    pub fn undo(&self) -> (Offer, ControlId) {
        press::undo(self.caller.guild, self.caller.interaction)
    }

    /// Whether the person asked to share the answer with the channel.
    pub fn is_shared(&self) -> bool {
        matches!(&self.input, Input::Options(options) if options.get("share") == Some(&Value::Bool(true)))
    }

    /// An answer for the person alone, unless they asked to share it.
    pub fn say(&self, message: Message) -> Answer {
        Answer::Say(if self.is_shared() { message } else { message.private() })
    }

    /// All that was picked in a select.
    pub fn all_picked(&self) -> &[String] {
        match &self.input {
            Input::Control { values, .. } => values,
            _ => &[],
        }
    }

    /// What was picked in a select; `None` when it was emptied, or for a button.
    pub fn picked(&self) -> Option<&str> {
        match &self.input {
            Input::Control { values, .. } => values.first().map(String::as_str),
            _ => None,
        }
    }
}

/// An id of Discord's as ours.
pub(super) fn snowflake(id: impl Into<u64>) -> i64 {
    // Snowflakes stay below 2^63 until the year 2084.
    id.into() as i64
}

/// Who used the bot in a server; `None` in direct messages, where there is no member.
pub(super) fn caller(
    guild: Option<serenity::model::id::GuildId>,
    member: Option<&Member>,
    user: &User,
    interaction: serenity::model::id::InteractionId,
    channel: serenity::model::id::ChannelId,
) -> Option<Caller> {
    let (guild, member) = (guild?, member?);
    Some(Caller {
        guild: GuildId(snowflake(guild)),
        person: Person {
            user: UserId(snowflake(user.id)),
            name: member.nick.clone().unwrap_or_else(|| shown_name(user)),
            roles: member.roles.iter().map(|r| RoleId(snowflake(*r))).collect(),
            manages_server: manages_server(member.permissions),
            is_bot: user.bot,
        },
        interaction: InteractionId(snowflake(interaction)),
        channel: ChannelId(snowflake(channel)),
    })
}

/// Whether a member has Manage Server, as Discord says along with an interaction.
fn manages_server(permissions: Option<Permissions>) -> ManagesServer {
    match permissions {
        Some(p) if p.manage_guild() || p.administrator() => ManagesServer::Yes,
        _ => ManagesServer::No,
    }
}

fn shown_name(user: &User) -> String {
    user.global_name.clone().unwrap_or_else(|| user.name.clone())
}

fn person(user: &User, data: &CommandData) -> Person {
    let member = data.resolved.members.get(&user.id);
    Person {
        user: UserId(snowflake(user.id)),
        name: member.and_then(|m| m.nick.clone()).unwrap_or_else(|| shown_name(user)),
        roles: member.map(|m| m.roles.iter().map(|r| RoleId(snowflake(*r))).collect()).unwrap_or_default(),
        manages_server: manages_server(member.and_then(|m| m.permissions)),
        is_bot: user.bot,
    }
}

/// The path of a command (`deal new`) and its innermost options.
pub(super) fn path(data: &CommandData) -> (String, &[CommandDataOption]) {
    let mut path = data.name.clone();
    let mut options = data.options.as_slice();
    while let [CommandDataOption { name, value, .. }] = options {
        match value {
            CommandDataOptionValue::SubCommand(inner) | CommandDataOptionValue::SubCommandGroup(inner) => {
                path.push(' ');
                path.push_str(name);
                options = inner;
            }
            _ => break,
        }
    }
    (path, options)
}

/// The input of a slash command, an autocomplete, or a context menu.
pub(super) fn command_input(command: &CommandInteraction) -> Input {
    let data = &command.data;
    if let Some(message) = data.target_id.and_then(|id| data.resolved.messages.get(&id.to_message_id())) {
        let (text, author) = (message.content.clone(), UserId(snowflake(message.author.id)));
        return Input::OnMessage { message: MessageId(snowflake(message.id)), text, author };
    }
    if let Some(user) = data.target_id.and_then(|id| data.resolved.users.get(&id.to_user_id())) {
        return Input::OnPerson(person(user, data));
    }
    let (_, options) = path(data);
    let mut given = Map::new();
    let mut typing = None;
    for option in options {
        match &option.value {
            CommandDataOptionValue::Autocomplete { value, .. } => typing = Some((option.name.clone(), value.clone())),
            other => drop(given.insert(option.name.clone(), option_value(other, data))),
        }
    }
    match typing {
        Some((option, typed)) => Input::Typing { option, typed, others: given },
        None => Input::Options(given),
    }
}

fn option_value(value: &CommandDataOptionValue, data: &CommandData) -> Value {
    use CommandDataOptionValue as Given;
    match value {
        Given::Boolean(given) => json!(given),
        Given::Integer(given) => json!(given),
        Given::Number(given) => json!(given),
        Given::String(given) => json!(given),
        // Discord resolves what is of the server; another server's channel or role is none.
        Given::Channel(id) if data.resolved.channels.contains_key(id) => json!(snowflake(*id)),
        Given::Role(id) if data.resolved.roles.contains_key(id) => json!(snowflake(*id)),
        Given::User(id) => match data.resolved.users.get(id) {
            Some(user) => {
                let person = person(user, data);
                json!({
                    "id": person.user,
                    "name": person.name,
                    "roles": person.roles,
                    "manages_server": person.manages_server,
                    "is_bot": person.is_bot,
                })
            }
            None => Value::Null,
        },
        Given::Attachment(id) => match data.resolved.attachments.get(id) {
            Some(file) => json!({"url": file.url, "size": file.size}),
            None => Value::Null,
        },
        _ => Value::Null,
    }
}

/// What an id carries; for one that is none of ours an id of nothing, which reads as out of date.
fn read_id(text: &str) -> CustomId {
    CustomId::parse(text).unwrap_or_else(|| CustomId::new("", GuildId(0)))
}

/// The input of a button or select.
pub(super) fn control_input(component: &ComponentInteraction) -> Input {
    use ComponentInteractionDataKind as Kind;
    let resolved = &component.data.resolved;
    let values = match &component.data.kind {
        Kind::StringSelect { values } => values.clone(),
        Kind::UserSelect { values } => values.iter().map(ToString::to_string).collect(),
        Kind::RoleSelect { values } => {
            values.iter().filter(|id| resolved.roles.contains_key(id)).map(ToString::to_string).collect()
        }
        Kind::ChannelSelect { values } => {
            values.iter().filter(|id| resolved.channels.contains_key(id)).map(ToString::to_string).collect()
        }
        _ => Vec::new(),
    };
    let id = read_id(&component.data.custom_id);
    Input::Control { id, values, people: Vec::new(), message: MessageId(snowflake(component.message.id)) }
}

/// The input of a form.
pub(super) fn form_input(form: &ModalInteraction) -> Input {
    use serenity::model::application::ActionRowComponent;
    let id = read_id(&form.data.custom_id);
    let inputs = form.data.components.iter().flat_map(|row| &row.components).filter_map(|component| match component {
        ActionRowComponent::InputText(input) => Some(input),
        _ => None,
    });
    let fields = inputs
        .filter_map(|input| {
            let text = input.value.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
            Some((input.custom_id.clone(), text.to_owned()))
        })
        .collect();
    Input::Form { id, fields }
}

//! Events from Discord. Each interaction is taken once, handled in a task of its own, and answered.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use serenity::async_trait;
use serenity::client::{Context, EventHandler};
use serenity::model::application::{CommandInteraction, ComponentInteraction, Interaction, ModalInteraction};
use serenity::model::gateway::Ready;
use serenity::model::guild::UnavailableGuild;
use tokio::time::Instant;
use tracing::Instrument;

use super::answer::{Answer, NotGiven, Promise, Reply, is_acknowledged};
use super::call::{Call, Input, Place, caller, command_input, control_input, form_input, path, snowflake};
use super::custom_id::CustomId;
use super::table::{self, Handler};
use crate::app::{App, Caller, Person};
use crate::domain::access::ManagesServer;
use crate::domain::id::{ChannelId, GuildId, InteractionId, UserId};
use crate::domain::refusal::Problem;
use crate::error::Failure;
use crate::render::first_use;
use crate::render::voice::{Commands, Voice};

/// How many interactions are remembered, so that one delivered twice is answered once.
const REMEMBERED: usize = 4_096;
/// Counted for what has no handler.
const UNKNOWN: &str = "unknown";

/// The bot's ear.
pub struct Gateway {
    app: App,
    /// The database's file, to be named once all is ready.
    database: PathBuf,
    seen: Mutex<VecDeque<u64>>,
    /// How many servers each shard that was ready told of.
    servers: Mutex<BTreeMap<u32, usize>>,
}

impl Gateway {
    /// With the use cases that it calls, and the file that they work on.
    pub fn new(app: App, database: PathBuf) -> Gateway {
        Gateway { app, database, seen: Mutex::new(VecDeque::with_capacity(REMEMBERED)), servers: Mutex::default() }
    }

    /// Notes what a shard tells of when it is ready. All servers, when it is the last shard to be so for the first time.
    fn servers_with(&self, shard: u32, servers: usize) -> Option<usize> {
        let mut told = self.servers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_first = told.insert(shard, servers).is_none();
        (is_first && told.len() == self.app.shards.numbers().count()).then(|| told.values().sum())
    }

    /// Whether the interaction comes for the first time. Its effect is guarded by the database as well; this spares
    /// the second answer.
    fn is_first(&self, id: u64) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.contains(&id) {
            return false;
        }
        if seen.len() == REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(id);
        true
    }

    /// The handler's answer; a failure becomes words.
    async fn answer(&self, name: &'static str, handler: Handler, caller: Caller, place: Place, input: Input) -> Answer {
        let commands = self.app.commands();
        let call =
            Call { app: self.app.clone(), caller: caller.clone(), commands: Arc::clone(&commands), place, input };
        let outcome = std::panic::AssertUnwindSafe(handler(call)).catch_unwind().await;
        let failure = match outcome {
            Ok(Ok(answer)) => {
                count(name, "ok");
                return self.introduced(name, &caller, &commands, answer).await;
            }
            Ok(Err(failure)) => failure,
            Err(_) => Failure::Internal(anyhow::anyhow!("the handler panicked")),
        };
        self.explain(name, failure, &caller, &commands).await
    }

    /// The first time somebody uses a command its answer has a line more, if it is for them alone and no refusal.
    async fn introduced(&self, name: &'static str, caller: &Caller, commands: &Commands, answer: Answer) -> Answer {
        let message = match answer {
            Answer::Say(message) if message.is_private() && !message.refuses() => message,
            other => return other,
        };
        let Some(line) = first_use::line(commands, name, &message) else { return Answer::Say(message) };
        let is_first = self.app.is_first_use(caller, name).await.unwrap_or_else(|error| {
            tracing::warn!(error = %format!("{error:#}"), "whether it is a first use could not be told");
            false
        });
        Answer::Say(if is_first { message.with_last_line(&line) } else { message })
    }

    async fn explain(&self, name: &'static str, failure: Failure, caller: &Caller, commands: &Commands) -> Answer {
        count(name, word_of(&failure));
        let settings = match self.app.store.read(caller.guild).await {
            Ok(mut workspace) => workspace.get_settings().await.unwrap_or_default(),
            Err(_) => Default::default(),
        };
        let voice = Voice::new(commands, &settings, self.app.now());
        match failure {
            Failure::Repeated => Answer::Nothing,
            Failure::Refused(refused) => Answer::Say(crate::render::refusal::refused(&voice, &refused).private()),
            Failure::Internal(error) => {
                let reference = format!("{:x}", caller.interaction.0);
                tracing::error!(interaction.id = caller.interaction.0, guild.id = caller.guild.0, reference, error = %format!("{error:#}"), "a command failed");
                Answer::Say(crate::render::refusal::failed(&reference))
            }
        }
    }

    async fn take_up(&self, context: &Context, interaction: Interaction) {
        match interaction {
            Interaction::Command(command) => self.command(context, command, Promise::Private).await,
            Interaction::Autocomplete(command) => self.command(context, command, Promise::Never).await,
            Interaction::Component(component) => self.control(context, component).await,
            Interaction::Modal(form) => self.form(context, form).await,
            _ => {}
        }
    }

    async fn command(&self, context: &Context, command: CommandInteraction, promise: Promise) {
        let (path, _) = path(&command.data);
        let input = command_input(&command);
        let found = match &input {
            Input::Typing { option, .. } => table::find_choices(&path, option),
            Input::OnMessage { .. } | Input::OnPerson(_) => table::find(table::MENUS, &path),
            _ => table::find_command(&path),
        };
        let who = caller(command.guild_id, command.member.as_deref(), &command.user, command.id, command.channel_id);
        let (Some((name, handler)), Some(who)) = (found, who) else {
            tracing::warn!(command = path, "no handler");
            return;
        };
        let promise = match &input {
            Input::Options(options) if options.get("share") == Some(&serde_json::Value::Bool(true)) => Promise::Public,
            _ => promise,
        };
        let in_hand = &self.app.in_hand;
        let reply = Reply { http: &context.http, id: command.id, token: &command.token, promise, in_hand };
        let place = Place::of(&command.locale, command.channel.as_ref());
        let given = reply.give(self.answer(name, handler, who.clone(), place, input)).await;
        self.settle(&path, &who, given).await;
    }

    async fn control(&self, context: &Context, component: ComponentInteraction) {
        let input = control_input(&component);
        let Input::Control { id, .. } = &input else { return };
        let id = id.clone();
        let who =
            caller(component.guild_id, component.member.as_ref(), &component.user, component.id, component.channel_id);
        let asker =
            who.clone().unwrap_or_else(|| direct_caller(id.guild, &component.user, component.id, component.channel_id));
        let (promise, in_hand) = (Promise::Update, &self.app.in_hand);
        let reply = Reply { http: &context.http, id: component.id, token: &component.token, promise, in_hand };
        let place = Place::of(&component.locale, component.channel.as_ref());
        let given = reply.give(self.acted(&id, who, asker.clone(), place, input)).await;
        self.settle(&id.action, &asker, given).await;
    }

    async fn form(&self, context: &Context, form: ModalInteraction) {
        let input = form_input(&form);
        let Input::Form { id, .. } = &input else { return };
        let id = id.clone();
        let who = caller(form.guild_id, form.member.as_ref(), &form.user, form.id, form.channel_id);
        let asker = who.clone().unwrap_or_else(|| direct_caller(id.guild, &form.user, form.id, form.channel_id));
        let promise = if form.message.is_some() { Promise::Update } else { Promise::Private };
        let in_hand = &self.app.in_hand;
        let reply = Reply { http: &context.http, id: form.id, token: &form.token, promise, in_hand };
        let place = Place::of(&form.locale, form.channel.as_ref());
        let given = reply.give(self.acted(&id, who, asker.clone(), place, input)).await;
        self.settle(&id.action, &asker, given).await;
    }

    /// A control's or form's answer. In a server its workspace must be that server; in direct messages the id says
    /// which, and the presser's membership is looked up.
    async fn acted(&self, id: &CustomId, who: Option<Caller>, asker: Caller, place: Place, input: Input) -> Answer {
        let Some((name, handler)) = table::find(table::ACTIONS, &id.action) else {
            return self.explain(UNKNOWN, Problem::Stale.into(), &asker, &self.app.commands()).await;
        };
        let who = match who {
            Some(caller) if caller.guild == id.guild => Ok(caller),
            Some(_) => Err((asker, Failure::from(Problem::Stale))),
            None if !self.app.shards.hold(id.guild) => Err((asker, Failure::from(Problem::OutOfReach))),
            None => self.member_by_direct(asker).await,
        };
        match who {
            Ok(caller) => self.answer(name, handler, caller, place, input).await,
            Err((caller, failure)) => self.explain(name, failure, &caller, &self.app.commands()).await,
        }
    }

    async fn member_by_direct(&self, mut caller: Caller) -> Result<Caller, (Caller, Failure)> {
        match self.app.courier.find_member(caller.guild, caller.person.user).await {
            Ok(Some(member)) => {
                caller.person.name = member.name;
                caller.person.roles = member.roles;
                caller.person.manages_server = member.manages_server;
                Ok(caller)
            }
            Ok(None) => Err((caller, Problem::Stale.into())),
            Err(trouble) => Err((caller, Failure::Internal(trouble.into()))),
        }
    }

    /// Has what was saved told in another way when the answer could not be given.
    async fn settle(&self, what: &str, asker: &Caller, given: Result<(), NotGiven>) {
        let Err(NotGiven { error, said }) = given else { return };
        tracing::warn!(command = what, %error, "an answer was not taken");
        if !is_acknowledged(&error) {
            log_failure("a late answer could not be kept", self.app.answer_late(asker, &said).await);
        }
    }
}

/// Counts a use. The name is one of ours, so that there are only so many.
fn count(name: &'static str, result: &'static str) {
    metrics::counter!("cosell_commands_total", "command" => name, "result" => result).increment(1);
    tracing::debug!(name, result, "handled");
}

fn word_of(failure: &Failure) -> &'static str {
    match failure {
        Failure::Refused(_) => "refused",
        Failure::Repeated => "repeated",
        Failure::Internal(_) => "failed",
    }
}

/// Who pressed something in direct messages, where Discord tells of no member: roles are looked up before anything is
/// done.
fn direct_caller(
    guild: GuildId,
    user: &serenity::model::user::User,
    interaction: serenity::model::id::InteractionId,
    channel: serenity::model::id::ChannelId,
) -> Caller {
    Caller {
        guild,
        person: Person {
            user: UserId(snowflake(user.id)),
            name: user.name.clone(),
            roles: Vec::new(),
            manages_server: ManagesServer::No,
            is_bot: user.bot,
        },
        interaction: InteractionId(snowflake(interaction)),
        channel: ChannelId(snowflake(channel)),
    }
}

fn log_failure(what: &str, outcome: Result<(), Failure>) {
    if let Err(error) = outcome {
        tracing::error!(error = %format!("{error:#}"), "{what}");
    }
}

#[async_trait]
impl EventHandler for Gateway {
    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let Some(_taken) = self.app.in_hand.take() else {
            tracing::info!(
                interaction.id = interaction.id().get(),
                "an interaction came after the end and is not taken"
            );
            return;
        };
        if !self.is_first(interaction.id().get()) {
            return;
        }
        let began = Instant::now();
        // All that is logged of it holds its id: the writer's job, and the delivery of what it has said.
        let span = tracing::info_span!("command", interaction.id = interaction.id().get());
        let handled = async {
            self.take_up(&context, interaction).await;
            metrics::histogram!("cosell_answer_seconds").record(began.elapsed());
            tracing::debug!(duration_ms = began.elapsed().as_millis(), "answered");
        };
        handled.instrument(span).await;
    }

    async fn ready(&self, _: Context, ready: Ready) {
        let shard = ready.shard.map_or(0, |shard| shard.id.0);
        if let Some(servers) = self.servers_with(shard, ready.guilds.len()) {
            let (version, database) = (env!("CARGO_PKG_VERSION"), self.database.display());
            tracing::info!(version, %database, shards = %self.app.shards, servers, "ready");
        }
    }

    async fn guild_create(&self, _: Context, guild: serenity::model::guild::Guild, _: Option<bool>) {
        let Some(_taken) = self.app.in_hand.take() else { return };
        let present = self.app.store.mark_present(GuildId(snowflake(guild.id)), self.app.now()).await;
        log_failure("a server could not be noted", present);
    }

    async fn guild_delete(&self, _: Context, incomplete: UnavailableGuild, _: Option<serenity::model::guild::Guild>) {
        let Some(_taken) = self.app.in_hand.take() else { return };
        // An outage deletes nothing; only a removal stops what is sent.
        if !incomplete.unavailable {
            tracing::info!(guild.id = incomplete.id.get(), "removed from a server");
            let removed = self.app.store.mark_removed(GuildId(snowflake(incomplete.id)), self.app.now()).await;
            log_failure("a removal could not be noted", removed);
        }
    }
}

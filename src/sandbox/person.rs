//! Somebody in a server: types commands, presses, picks, fills forms, and sees what comes back.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch::Receiver;
use tokio::time::timeout;

use super::Sandbox;
use super::deed::{Refused, filled, no_button, no_select, picked};
use super::interaction::{Answer, DEADLINE, Deed, Kind, PATIENCE_FOR_EDIT, Stage};
use super::mention;
use super::message::Message;
use super::permission;
use super::reply::{Choice, Form, Reply};
use super::shown::Shown;
use super::slash::{self, Typing};
use super::snowflake::Snowflake;
use super::state::{Guild, State, User};

/// Real time for which somebody looks at "thinking…".
const PATIENCE: Duration = Duration::from_secs(20);

/// A person in one server, standing in one channel.
#[derive(Clone, Debug)]
pub struct Person {
    sandbox: Sandbox,
    name: String,
    user: Snowflake,
    guild: Snowflake,
    here: Snowflake,
}

impl Person {
    pub(super) fn new(sandbox: Sandbox, user: &User, guild: Snowflake, here: Snowflake) -> Self {
        let (name, user) = (user.name.clone(), user.id);
        Person { sandbox, name, user, guild, here }
    }

    /// The person's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The person's user id.
    pub fn id(&self) -> Snowflake {
        self.user
    }

    /// Where the server's files are kept.
    pub(super) fn url(&self) -> String {
        self.sandbox.url()
    }

    /// The id of the server.
    pub fn guild(&self) -> Snowflake {
        self.guild
    }

    /// The id of the channel that the person is in.
    pub fn here(&self) -> Snowflake {
        self.here
    }

    /// The same person in another channel of the server; stays put when there is none of the name.
    #[must_use]
    pub fn at(&self, channel: &str) -> Person {
        let moved = self.sandbox.core.with(|state| {
            let channel = state.channel_named(self.guild, channel);
            channel.map(|channel| channel.id)
        });
        Person { here: moved.unwrap_or(self.here), ..self.clone() }
    }

    /// Types a command, such as `/deal new account:Globex Corp source:sourced owner:@rita`.
    /// A value reaches up to the next option's name; `"quotes"` keep one together.
    pub async fn slash(&self, text: &str) -> Reply {
        let url = self.sandbox.url();
        let read = |state: &mut State, person: &Person| {
            let channel = state.channels.get(&person.here).ok_or("The channel is gone")?;
            slash::read(state, &url, (channel, person.user), text, Typing::Finished)
        };
        self.act(|state| self.deed(Kind::Command, None, read(state, self)?)).await
    }

    /// Types a command in another channel.
    pub async fn slash_in(&self, channel: &str, text: &str) -> Reply {
        self.at(channel).slash(text).await
    }

    /// Types a command up to an option that completes, and gets what is offered for it; nothing
    /// when the bot did not answer.
    pub async fn autocomplete(&self, text: &str) -> Vec<Choice> {
        self.try_autocomplete(text).await.unwrap_or_default()
    }

    /// The same, with the reason when nothing is offered because something is wrong.
    ///
    /// # Errors
    /// When the text is no command that completes there, or the bot did not answer in time.
    pub async fn try_autocomplete(&self, text: &str) -> Result<Vec<Choice>, String> {
        self.completed(|state| {
            let channel = state.channels.get(&self.here).ok_or("The channel is gone")?;
            let data = slash::read(state, &self.sandbox.url(), (channel, self.user), text, Typing::Completing)?;
            self.deed(Kind::Autocomplete, None, data)
        })
        .await
    }

    /// Sends what asks for completions, and gets what is offered.
    pub(super) async fn completed(
        &self,
        deed: impl FnOnce(&mut State) -> Result<Deed, Refused>,
    ) -> Result<Vec<Choice>, String> {
        let (id, mut stage) = self.begin(deed)?;
        let answered = timeout(DEADLINE, stage.wait_for(|s| *s == Stage::Settled)).await;
        answered.map_err(|_| "Loading options failed".to_owned())?.map_err(|e| e.to_string())?;
        self.sandbox.core.with(|state| match &state.interactions[&id].answer {
            Some(Answer::Choices(choices)) => Ok(choices.clone()),
            _ => Err("Loading options failed".to_owned()),
        })
    }

    /// Uses a command whose options were filled one by one.
    pub(super) async fn fill_command(&self, path: &[String], values: &[(String, String)]) -> Reply {
        self.act(|state| self.deed(Kind::Command, None, self.filled(state, path, values, Typing::Finished)?)).await
    }

    /// Gets what is offered for the last of a command's options.
    pub(super) async fn complete_filled(
        &self,
        path: &[String],
        values: &[(String, String)],
    ) -> Result<Vec<Choice>, String> {
        self.completed(|state| {
            self.deed(Kind::Autocomplete, None, self.filled(state, path, values, Typing::Completing)?)
        })
        .await
    }

    fn filled(
        &self,
        state: &State,
        path: &[String],
        values: &[(String, String)],
        typing: Typing,
    ) -> Result<Value, Refused> {
        let channel = state.channels.get(&self.here).ok_or("The channel is gone")?;
        slash::read_filled(state, &self.sandbox.url(), (channel, self.user), (path, values), typing)
    }

    /// Presses a button of a message, by its label or id.
    pub async fn press(&self, message: &Shown, label_or_id: &str) -> Reply {
        self.act(|state| {
            let button = message.button(label_or_id);
            let button = button.ok_or_else(|| no_button(message, label_or_id))?;
            if button.disabled {
                return Err(format!("{label_or_id} is greyed out"));
            }
            let id = button.custom_id.ok_or("It is a link, and opens in a browser")?;
            let data = json!({"custom_id": id, "component_type": 2});
            self.use_component(state, message, data)
        })
        .await
    }

    /// Picks values from a select of a message, by its hint or id: labels or values of a list,
    /// names of people, roles and channels.
    pub async fn pick(&self, message: &Shown, menu: &str, values: &[&str]) -> Reply {
        self.act(|state| {
            let select = message.select(menu).ok_or_else(|| no_select(message, menu))?;
            let data = picked(state, self.guild, &select, values)?;
            self.use_component(state, message, data)
        })
        .await
    }

    /// Sends a form with texts by label or id; fields not named keep what they were filled with.
    pub async fn submit(&self, form: &Form, texts: &[(&str, &str)]) -> Reply {
        self.act(|state| {
            let data = filled(form, texts)?;
            let mut deed = self.deed(Kind::Form, form.source, data)?;
            deed.channel = form.channel;
            if form.source.is_some_and(|id| !state.messages.contains_key(&id)) {
                deed.source = None;
            }
            Ok(deed)
        })
        .await
    }

    /// Uses a command of a message's menu.
    pub async fn message_menu(&self, command: &str, message: &Shown) -> Reply {
        self.act(|state| {
            let target = state.messages.get(&message.id).ok_or("The message is gone")?;
            let resolved = json!({"messages": {target.id.to_string(): target.json(state)}});
            let data = self.menu(state, command, 3, (message.id, resolved))?;
            let mut deed = self.deed(Kind::Command, None, data)?;
            deed.channel = message.channel_id;
            Ok(deed)
        })
        .await
    }

    /// Uses a command of a person's menu.
    pub async fn user_menu(&self, command: &str, other: &str) -> Reply {
        self.act(|state| {
            let target = state.user_named(other).map(|user| user.id);
            let target = target.ok_or_else(|| format!("Nobody is called {other}"))?;
            let mut resolved = json!({});
            slash::resolve_user(state, self.guild_of(state), target, &mut resolved);
            let data = self.menu(state, command, 2, (target, resolved))?;
            self.deed(Kind::Command, None, data)
        })
        .await
    }

    /// Writes an ordinary message in a channel of the server.
    ///
    /// # Panics
    /// When there is no such channel.
    pub async fn say(&self, channel: &str, text: &str) -> Shown {
        let there = self.at(channel);
        let is_there = self.sandbox.label(there.here).trim_start_matches('#') == channel.trim_start_matches('#');
        assert!(is_there, "a person speaks in a channel that exists, not in {channel}");
        there.write(text)
    }

    /// Writes an ordinary message where the person is.
    pub fn write(&self, text: &str) -> Shown {
        let now = self.sandbox.now();
        let shown = self.sandbox.core.with(|state| {
            let id = state.mint.next(now);
            let mut message = Message::new(id, self.here, self.user, now);
            message.guild = state.channels.get(&self.here).and_then(|channel| channel.guild);
            message.content = mention::typed(state, self.guild_of(state), text);
            let shown = state.show(&message, now);
            state.store(message);
            shown
        });
        self.sandbox.core.moved();
        shown
    }

    /// Lets Discord deliver this person's last interaction once more, as it sometimes does.
    pub async fn redeliver_last(&self) {
        self.sandbox.core.with(|state| {
            let last = state.recent.iter().rev().find(|sent| sent.user == self.user);
            if let Some((guild, event)) = last.map(|sent| (sent.guild, sent.event.clone())) {
                state.sessions.dispatch(guild, "INTERACTION_CREATE", event);
            }
        });
    }

    /// The answers that only this person sees, oldest first.
    pub fn private(&self) -> Vec<Shown> {
        let now = self.sandbox.now();
        self.sandbox.core.with(|state| {
            let ids = state.private.get(&self.user).into_iter().flatten();
            let messages = ids.filter_map(|id| state.messages.get(id));
            messages.map(|m| state.show(m, now)).collect()
        })
    }

    /// A message as it stands now; `None` when it was deleted.
    pub fn look_again(&self, message: &Shown) -> Option<Shown> {
        let now = self.sandbox.now();
        self.sandbox.core.with(|state| {
            let message = state.messages.get(&message.id)?;
            Some(state.show(message, now))
        })
    }

    fn guild_of<'a>(&self, state: &'a State) -> Option<&'a Guild> {
        state.guilds.get(&self.guild)
    }

    pub(super) fn deed(&self, kind: Kind, source: Option<Snowflake>, data: Value) -> Result<Deed, Refused> {
        let (user, channel) = (self.user, self.here);
        Ok(Deed { kind, user, channel, source, data })
    }

    pub(super) fn use_component(&self, state: &State, on: &Shown, data: Value) -> Result<Deed, Refused> {
        let message = state.messages.get(&on.id).ok_or("The message is gone")?;
        if message.only_for.is_some_and(|only| only != self.user) {
            return Err(format!("{} can't see that message", self.name));
        }
        let mut deed = self.deed(Kind::Component, Some(on.id), data)?;
        deed.channel = on.channel_id;
        Ok(deed)
    }

    fn menu(
        &self,
        state: &State,
        name: &str,
        kind: u64,
        (target, resolved): (Snowflake, Value),
    ) -> Result<Value, Refused> {
        let channel = state.channels.get(&self.here).ok_or("The channel is gone")?;
        let command = slash::find(state, channel, self.user, name, kind)?;
        Ok(json!({
            "id": command["id"],
            "name": name,
            "type": kind,
            "target_id": target,
            "resolved": resolved,
        }))
    }

    /// Sends a deed, unless the person can't be in that channel.
    fn begin(
        &self,
        deed: impl FnOnce(&mut State) -> Result<Deed, Refused>,
    ) -> Result<(Snowflake, Receiver<Stage>), Refused> {
        let now = self.sandbox.now();
        let begun = self.sandbox.core.with(|state| {
            let deed = deed(state)?;
            let channel = state.channels.get(&deed.channel).ok_or("The channel is gone")?;
            let sees = match channel.recipient {
                Some(recipient) => recipient == self.user,
                None => state.permissions(channel, self.user) & permission::VIEW_CHANNEL != 0,
            };
            if !sees {
                return Err(format!("{} can't see that channel", self.name));
            }
            let begun = state.begin(deed, now);
            begun.ok_or_else(|| "The channel is gone".to_owned())
        });
        self.sandbox.core.moved();
        begun
    }

    pub(super) async fn act(&self, deed: impl FnOnce(&mut State) -> Result<Deed, Refused>) -> Reply {
        let (id, stage) = match self.begin(deed) {
            Ok(begun) => begun,
            Err(why) => return Reply::Client(why),
        };
        self.outcome(id, stage).await
    }

    /// Waits for the first answer, and for the promise that it may have made.
    async fn outcome(&self, id: Snowflake, mut stage: Receiver<Stage>) -> Reply {
        let failed = |why: &str| Reply::Refused(why.to_owned());
        if timeout(DEADLINE, stage.wait_for(|s| *s != Stage::Waiting)).await.is_err() {
            return failed("This interaction failed: no answer within 3 seconds");
        }
        let answer = self.answer_to(id);
        let patience = match answer {
            Some(Answer::Later) => PATIENCE_FOR_EDIT,
            _ => PATIENCE,
        };
        let kept = timeout(patience, stage.wait_for(|s| *s == Stage::Settled)).await;
        match (self.answer_to(id), kept.is_ok()) {
            (Some(Answer::Thinking(_)), false) => failed("The bot is thinking and thinking"),
            (Some(answer), _) => self.reply(id, answer),
            (None, _) => failed("This interaction failed"),
        }
    }

    fn answer_to(&self, id: Snowflake) -> Option<Answer> {
        self.sandbox.core.with(|state| state.interactions.get(&id)?.answer.clone())
    }

    fn reply(&self, id: Snowflake, answer: Answer) -> Reply {
        let now = self.sandbox.now();
        self.sandbox.core.with(|state| {
            let message = match answer {
                Answer::Form(form) => return Reply::Form(form),
                Answer::Choices(_) => None,
                Answer::Message(id) | Answer::Thinking(id) | Answer::Updated(id) | Answer::Edited(id) => {
                    state.messages.get(&id)
                }
                Answer::Later => {
                    let all = state.messages.values();
                    all.filter(|m| m.interaction == Some(id)).max_by_key(|m| m.id)
                }
            };
            message.map_or(Reply::Nothing, |m| Reply::Message(state.show(m, now)))
        })
    }
}

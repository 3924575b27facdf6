//! Answers to interactions: the first within Discord's three seconds, whatever the handler takes. Every call goes
//! through serenity's raw methods with our own message, so that no path has a default of its own.

use std::time::Duration;

use serde_json::{Value, json};
use serenity::builder::CreateAttachment;
use serenity::http::{Http, HttpError};
use serenity::model::id::InteractionId;
use tokio::time::Instant;

use crate::app::in_hand::InHand;
use crate::render::choice::Choices;
use crate::render::message::Message;
use crate::render::modal::Modal;

/// A handler that takes longer is answered for with a deferral; Discord gives three seconds.
/// A form can't follow a deferral, so the patience is as long as leaves the deferral a second to arrive.
const PATIENCE: Duration = Duration::from_millis(2_000);

/// A call that failed later than this is not made again: it would come too late.
const AGAIN_WITHIN: Duration = Duration::from_millis(500);

/// What a handler answers.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A new message.
    Say(Message),
    /// The message of the pressed control, as it is now.
    Update(Message),
    /// That it was taken: the pressed message is brought up to date by itself.
    Taken,
    /// A form. Never after a deferral, so handlers decide on it quickly.
    Ask(Modal),
    /// What autocomplete offers.
    Offer(Choices),
    /// Nothing: the interaction was answered when it came the first time.
    Nothing,
}

/// What a deferral promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// A message for the person alone.
    Private,
    /// A message for the channel.
    Public,
    /// A new state of the pressed message.
    Update,
    /// Autocomplete can't be deferred.
    Never,
}

/// Where an answer goes. Never printed: whoever has the token can answer in our name.
#[derive(Clone)]
pub struct Reply<'h> {
    /// Discord.
    pub http: &'h Http,
    /// Which interaction.
    pub id: InteractionId,
    /// Its token, good for 15 minutes. Secret: never logged.
    pub token: &'h str,
    /// What a deferral promises.
    pub promise: Promise,
    /// Says when Discord is waited for no longer.
    pub in_hand: &'h InHand,
}

/// An answer that Discord did not take, after the effect.
#[derive(Debug)]
pub struct NotGiven {
    /// Why.
    pub error: serenity::Error,
    /// What the answer said above its embeds; empty when it was no message.
    pub said: String,
}

impl Answer {
    fn said(&self) -> String {
        match self {
            Answer::Say(message) | Answer::Update(message) => message.content().to_owned(),
            Answer::Taken | Answer::Ask(_) | Answer::Offer(_) | Answer::Nothing => String::new(),
        }
    }
}

impl Reply<'_> {
    /// Waits for a handler and gives its answer, deferring when it takes long. The handler is waited for whatever
    /// becomes of the deferral: what it did has to be told somehow.
    pub async fn give(&self, handler: impl Future<Output = Answer>) -> Result<(), NotGiven> {
        let mut handler = std::pin::pin!(handler);
        let deferred = match self.promise {
            Promise::Never => None,
            _ => match tokio::time::timeout(PATIENCE, &mut handler).await {
                Ok(answer) => return self.deliver(answer, None).await,
                Err(_) => Some(self.defer().await),
            },
        };
        self.deliver(handler.await, deferred).await
    }

    async fn deliver(&self, answer: Answer, deferred: Option<serenity::Result<()>>) -> Result<(), NotGiven> {
        let said = answer.said();
        let given = match deferred {
            None => self.first(answer).await,
            Some(Ok(())) => self.later(answer).await,
            Some(Err(error)) => Err(error),
        };
        given.map_err(|error| NotGiven { error, said })
    }

    async fn first(&self, answer: Answer) -> serenity::Result<()> {
        let (kind, data, files) = match answer {
            // What came from no message can change none.
            Answer::Update(message) if self.promise == Promise::Update => (7, json!(message), files(&message)),
            Answer::Say(message) | Answer::Update(message) => {
                let message = self.addressed(message);
                (4, json!(message), files(&message))
            }
            Answer::Taken => return self.call(json!({"type": 6}), Vec::new()).await,
            Answer::Ask(modal) => (9, json!(modal), Vec::new()),
            Answer::Offer(choices) => (8, json!(choices), Vec::new()),
            Answer::Nothing => return Ok(()),
        };
        self.call(json!({"type": kind, "data": data}), files).await
    }

    /// A new message goes to its maker alone, unless it was asked to be shared.
    fn addressed(&self, message: Message) -> Message {
        if self.promise == Promise::Public { message } else { message.private() }
    }

    async fn defer(&self) -> serenity::Result<()> {
        let body = match self.promise {
            Promise::Private => json!({"type": 5, "data": {"flags": 64}}),
            Promise::Public => json!({"type": 5}),
            Promise::Update | Promise::Never => json!({"type": 6}),
        };
        self.call(body, Vec::new()).await
    }

    /// Gives the first answer. One whose outcome is not known is given once more: Discord says if it had it.
    async fn call(&self, body: Value, files: Vec<CreateAttachment>) -> serenity::Result<()> {
        let give = async || {
            self.unless_hurried(self.http.create_interaction_response(self.id, self.token, &body, files.clone())).await
        };
        let begun = Instant::now();
        match give().await {
            Err(error) if begun.elapsed() < AGAIN_WITHIN && !is_refused(&error) => match give().await {
                Err(error) if is_acknowledged(&error) => Ok(()),
                again => again,
            },
            given => given,
        }
    }

    /// An answer that Discord has not taken by the end of the process was not given.
    async fn unless_hurried<T>(&self, call: impl Future<Output = serenity::Result<T>>) -> serenity::Result<T> {
        tokio::select! {
            outcome = call => outcome,
            () = self.in_hand.hurried() => Err(serenity::Error::Other("the bot was stopped meanwhile")),
        }
    }

    async fn later(&self, answer: Answer) -> serenity::Result<()> {
        match (answer, self.promise) {
            // A private new message after a deferred update: the pressed message stays as it is.
            (Answer::Say(message), Promise::Update) => {
                let message = message.private();
                let call = self.http.create_followup_message(self.token, &message, files(&message));
                self.unless_hurried(call).await.map(drop)
            }
            (Answer::Say(message) | Answer::Update(message), _) => {
                let mut body = json!(message);
                // Flags are settled by the deferral; an edit with them is refused.
                if let Some(fields) = body.as_object_mut() {
                    fields.remove("flags");
                }
                let call = self.http.edit_original_interaction_response(self.token, &body, files(&message));
                self.unless_hurried(call).await.map(drop)
            }
            (Answer::Ask(_), _) => {
                let message = crate::render::refusal::press_again().private();
                self.unless_hurried(self.http.create_followup_message(self.token, &message, Vec::new())).await.map(drop)
            }
            (Answer::Taken | Answer::Offer(_) | Answer::Nothing, _) => Ok(()),
        }
    }
}

/// Whether Discord says that the interaction has an answer already.
pub fn is_acknowledged(error: &serenity::Error) -> bool {
    const ALREADY_ACKNOWLEDGED: isize = 40060;
    matches!(error, serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) if response.error.code == ALREADY_ACKNOWLEDGED)
}

/// Whether Discord said no, rather than nothing or that it failed.
fn is_refused(error: &serenity::Error) -> bool {
    matches!(error, serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) if response.status_code.is_client_error())
}

/// One at most: serenity gives each file of a raw call the same name in the form, so that of several one would arrive.
fn files(message: &Message) -> Vec<CreateAttachment> {
    debug_assert!(message.pictures().len() <= 1, "an answer carries one file");
    let pictures = message.pictures().iter();
    pictures.map(|picture| CreateAttachment::bytes(picture.bytes.clone(), picture.filename.clone())).collect()
}

//! Use cases, one file each: what a command does, from its raw input to what is committed. A use case is a struct of its
//! input with [`UseCase::run`]; it loads, decides with `domain`, and records on a [`Change`], which alone is committed.

pub mod account;
pub mod add_contact;
pub mod add_partner;
pub mod agenda;
pub mod answer_handover;
pub mod ask_partner;
pub mod ask_pass;
pub mod assign_deal;
pub mod attribute_deal;
pub mod cadence;
pub mod cancel_review;
pub mod catch_up;
pub mod change;
pub mod channels;
mod check_stalls;
pub mod claim;
pub mod close_deal;
pub mod close_review;
pub mod configure;
pub mod confirm_claim;
pub mod courier;
mod course;
pub mod deliver;
mod diagnose;
pub mod draft;
pub mod edit_motion;
pub mod edit_partner;
pub mod edit_plan;
pub mod end_action;
pub mod export;
pub mod finish_setup;
pub mod first_review;
pub mod first_use;
mod forecast;
pub mod forget;
pub mod handover;
pub mod health;
mod holders;
pub mod import_deals;
pub mod in_hand;
pub mod item;
pub mod join_deal;
mod keep_event;
mod late_answer;
mod lateness;
pub mod list_deals;
pub mod log_message;
pub mod look;
mod look_at;
pub mod meeting;
pub mod merge_account;
pub mod motion;
pub mod move_deal;
pub mod name_number_owner;
pub mod note_deal;
pub mod note_item;
pub mod number;
pub mod offer;
pub mod offer_handover;
pub mod on_deal;
pub mod on_version;
mod outgrow;
pub mod partner;
mod partner_card;
mod pass_criteria;
pub mod pause_deal;
pub mod pay;
mod plan;
pub mod plan_handover;
mod post_agendas;
pub mod probe;
pub mod publish_motion;
pub mod read;
mod reading;
mod recheck;
pub mod record_deal;
pub mod register_deal;
mod reindex;
pub mod rename_account;
pub mod reopen_deal;
pub mod report;
pub mod restore;
pub mod review;
pub mod run_motion;
pub mod say;
pub mod schedule_review;
mod send_digests;
pub mod set_away;
pub mod set_baseline;
pub mod set_comp;
pub mod set_cost;
pub mod set_holidays;
pub mod set_reach;
pub mod set_step;
pub mod set_target;
pub mod skip_review;
pub mod start_handover;
pub mod start_review;
#[cfg(test)]
pub mod testing;
mod tick;
pub mod tick_criteria;
pub mod turn_card;
pub mod undo;
pub mod undo_handover;
pub mod update_deal;
pub mod work;

use std::future::Future;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::domain::Instant;
use crate::domain::access::ManagesServer;
use crate::domain::id::{ChannelId, DealNumber, GuildId, InteractionId, RoleId, UserId};
use crate::domain::shard::Shards;
use crate::error::Failure;
use crate::render::voice::Commands;
use crate::store::{Store, Workspace};

pub use change::Change;
use change::Due;
use courier::Courier;
use first_use::KnownUses;
use in_hand::InHand;

/// What the use cases work with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// Where `now` comes from.
    pub clock: Clock,
    /// How Discord is spoken to, apart from answers to interactions.
    pub courier: Arc<dyn Courier>,
    /// The registered commands, once they are known; for mentions.
    pub commands: Arc<OnceLock<Arc<Commands>>>,
    /// Rung when a message may be due, so that it needn't wait for the next look.
    pub wake: Arc<Notify>,
    /// Which shards of the gateway this process runs: it keeps their workspaces alone.
    pub shards: Shards,
    /// What is being done, which the end of the process waits for.
    pub in_hand: InHand,
    /// Who has used which command before.
    pub known_uses: KnownUses,
}

/// Who used a command, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The workspace.
    pub guild: GuildId,
    /// Who.
    pub person: Person,
    /// Which use; records its events, and is what an undo names.
    pub interaction: InteractionId,
    /// The channel it was used in.
    pub channel: ChannelId,
}

/// A person as Discord tells of them along with an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The user's id.
    pub user: UserId,
    /// As shown in this server.
    pub name: String,
    /// Their roles in this server.
    pub roles: Vec<RoleId>,
    /// Whether Discord says that they have Manage Server.
    pub manages_server: ManagesServer,
    /// Whether it is a bot.
    pub is_bot: bool,
}

/// A command's effect. `run` may be called again from the start, so its refusals come before it records anything that
/// can't be repeated, and its input can be cloned.
pub trait UseCase: Clone + Send + Sync + 'static {
    /// What the answer is made from.
    type Outcome: Send + 'static;

    /// The deal that it is about, to be read along with what every change begins from: a trip to SQLite costs more than
    /// what it reads.
    fn deal(&self) -> Option<DealNumber> {
        None
    }

    /// Loads, decides, records.
    fn run(self, change: &mut Change<'_>) -> impl Future<Output = Result<Self::Outcome, Failure>> + Send;
}

/// Which part of a person's change is committed.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// All of it, or its beginning.
    Whole,
    /// What follows.
    Further,
}

impl App {
    /// Puts together what the use cases work with, for every shard.
    pub fn new(store: Store, clock: Clock, courier: Arc<dyn Courier>) -> App {
        let (commands, wake, in_hand) = (Arc::default(), Arc::default(), InHand::default());
        let known_uses = KnownUses::default();
        App { store, clock, courier, commands, wake, shards: Shards::all(1), in_hand, known_uses }
    }

    /// The registered commands; without ids until registration is known.
    pub fn commands(&self) -> Arc<Commands> {
        self.commands.get().cloned().unwrap_or_default()
    }

    /// The time, read once a command.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Does a use case for a person. Returns after its commit is durable.
    pub async fn change<U: UseCase>(&self, caller: &Caller, use_case: U) -> Result<U::Outcome, Failure> {
        self.commit(caller, use_case, Part::Whole).await
    }

    /// Goes on with what is too big for one commit, in another one. Nothing guards it against repetition: a use case
    /// that is done in parts finds by itself what is left.
    async fn go_on<U: UseCase>(&self, caller: &Caller, use_case: U) -> Result<U::Outcome, Failure> {
        self.commit(caller, use_case, Part::Further).await
    }

    async fn commit<U: UseCase>(&self, caller: &Caller, use_case: U, part: Part) -> Result<U::Outcome, Failure> {
        let caller = caller.clone();
        let now = self.now();
        let outcome = self
            .store
            .write(move |connection| {
                let (caller, use_case) = (caller.clone(), use_case.clone());
                Box::pin(async move {
                    let workspace = Workspace::writing(caller.guild, connection);
                    let mut change = match part {
                        Part::Whole => Change::open(workspace, &caller, use_case.deal(), now).await?,
                        Part::Further => Change::go_on(workspace, &caller, now).await?,
                    };
                    let outcome = use_case.run(&mut change).await?;
                    change.refresh_posts();
                    let due = change.due();
                    change.commit().await?;
                    Ok((outcome, due))
                })
            })
            .await;
        let (outcome, due) = outcome?;
        if due == Due::Now {
            self.wake.notify_one();
        }
        Ok(outcome)
    }
}

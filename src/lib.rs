//! cosell: a Discord bot that runs a company's co-sell program where its people already talk.
//!
//! Reps record joint deals with slash commands, every record lands in SQLite, the agenda of the pipeline review is
//! posted on schedule, and the named owner of a stalled deal is pinged. This page is the map of the code.
//!
//! # Which way data goes
//!
//! ```text
//! Discord ─ interaction ─▶ discord/ options by serde ─▶ app/ use case on a Change ─▶ domain/ decides ─▶ store/ one commit
//!                                                                       └─▶ render/ words ─▶ discord/ answer
//! clock ─ tick ─▶ schedule ─▶ app/tick ─▶ domain/ what is due ─▶ store/ nudge or occurrence + outbox row, one commit
//!                                                                       └─▶ app/deliver ─▶ discord/courier posts
//! ```
//!
//! # The rooms
//!
//! A folder knows only those before it; a test reads every `use` and holds it.
//!
//! | Room | Owns | Knows |
//! |---|---|---|
//! | [`domain`] | the co-sell rules: pure, synchronous, no words | nothing of ours |
//! | [`store`] | SQLite: opening, the one writer, all SQL of one workspace | domain |
//! | [`render`] | every word and picture that people see, within Discord's limits | domain |
//! | [`app`] | use cases, one file each; the [`app::Change`]; ticks and delivery | domain, store, render |
//! | [`discord`] | the edge: gateway, handlers, answers, courier, watchdog, manifest | app, render |
//! | [`schedule`] | the metronome | app |
//! | [`ops`] | what operators see and do: log, health, metrics, backups, going back to one | app, store |
//! | [`sandbox`] | a stand-in for Discord with people, a page for a browser, prompt and story | none of these |
//! | [`startup`] | puts the parts together | all |
//!
//! Beside them [`clock`] is the only reader of the time, [`config`] of the environment, and [`error`] tells refusals,
//! which people can mend, from failures, which we must.
//!
//! # How a change is made
//!
//! A use case implements [`app::UseCase`]: it loads what it needs, decides with `domain`, and records events on its
//! [`app::Change`]. A subject's state is one JSON document and an event holds the fields that it changed, before and
//! after ([`domain::event`]); so the state is the fold of its events, an undo is an event with the two swapped, and
//! "how did it stand two weeks ago" is the fold taken back. The commit writes events, states, look-ups and outbox rows
//! in one statement. The writer ([`store::Store::write`]) takes whatever waits, up to 64 jobs, into one transaction; a
//! job may run again from the start, so its refusals come before its first write.
//!
//! Work on a whole workspace, checking every deal again, finding deals by new names, telling owners of other terms, is
//! done in parts, so that it holds nobody's write up. The commit that makes it necessary writes its beginning and each
//! part its next position (`store/parts.rs`); a tick goes on with what a crash cut short.
//!
//! # How something is said
//!
//! An answer goes straight back. Everything else is a row of the outbox, written in the commit that caused it
//! ([`domain::outgoing`]), put into words when it is first claimed, stored, and sent as stored until Discord has it
//! (`app/deliver.rs`). Discord's scheduled event of a review has rows too, which are no messages: what is true when one is
//! claimed decides whether the event is made, edited or deleted (`app/keep_event.rs`). A [`render::message::Message`] can't be built without naming whom it may ping, nor over Discord's
//! limits.
//!
//! The first time somebody uses a command its answer has a line more ([`render::first_use`]), for them alone. That they
//! used it is written before the line is said, so that it is said once; who did so before is kept in memory, so that it
//! costs a trip to SQLite no second time ([`app::first_use`]). Forgetting a person takes it away, and exports leave it out.
//!
//! # How a review is run
//!
//! A posted agenda has a Start button. Starting makes a [`domain::meeting::Meeting`] of the occurrence: what it goes
//! through ([`domain::meeting::ranked`] is the one place that ranks), which card stands on the post, who did anything.
//! A press changes that state and is answered with nothing; the post is edited from the outbox, always with what is true
//! when it is sent, and so is each post on which a deal stands that somebody changes by any other way. So a restart goes
//! on at the same card, and two who press at once see one truth. Topics, decisions and actions are
//! [`domain::item::Item`]s: they outlive the meeting, and whatever asks for something still is on the next agenda.
//! Closing puts down what moved and has the minutes posted in a thread; what is noted later is added to them in place.
//!
//! # Several processes
//!
//! A workspace never needs another's rows, so `--shards 0-3/16` runs a part of the gateway's shards with a database of its
//! own ([`domain::shard::Shards`]). Discord decides by a server's id which shard tells of it, and tells of direct messages
//! on shard 0 alone: a process without it sends what was asked for by direct message to the nudge channel, where its
//! buttons reach it, and says so in `/my settings`. A button that somebody presses in an older direct message reaches the
//! process with shard 0; if that one doesn't keep the workspace it says so, and changes nothing. A database with a
//! workspace of other shards is refused at the start: two processes that kept it would do its work twice. Only the process
//! with shard 0 registers the commands. Processes are started one after the other, since Discord lets a bot open one
//! session each five seconds ([`discord::session`]).
//!
//! # How it ends
//!
//! SIGTERM has the process take nothing new and finish what is in hand ([`app::in_hand`]): after five seconds nobody waits
//! for Discord any more, and what was not taken there is told by the outbox of the next process; after nine it has ended
//! (`startup/stop.rs`). What was answered is in the file before it is answered, so no end loses it.
//!
//! # How nothing is lost
//!
//! One process runs a database (`store/lock.rs`). A copy is made beside its name and gets it when it was looked through
//! (`store/copy.rs`): the daily backups ([`ops::backup`]), the one before a migration, and the one that takes the place of a
//! lost database ([`ops::restore`]). That one knows nothing of what was sent since, so it lives through the time since
//! without a Discord, and whatever would be sent counts as sent ([`app::catch_up`]). [`store::check`] holds the rules that
//! can be read from rows against all of them.
//!
//! # What operators see
//!
//! `/readyz` and `/metrics` ([`ops::health`]); counters are taken where the thing happens, in one line, and their labels
//! are words of the program's own. In the log the interaction's id is in the span of all that a use leads to: its handler,
//! the writer's job (the span goes with it to the writer's task), and each row of the outbox that it caused, which keeps
//! the id for its delivery. At `debug` the log tells of each of these steps. It never holds a token or what people typed
//! ([`ops::log`]).
//!
//! # Where to change what
//!
//! - What people see and do in the sandbox's page: `sandbox/page/web/`, files that are embedded as they are.
//! - A command: its JSON in `bot-manifest/commands/`, a handler in `discord/command/` with its row in
//!   `discord/table.rs`, a use case in `app/`, its words in `render/` with the line for its first use, an end-to-end test
//!   in `tests/suite/`.
//! - A page of help: `render/help/`; a test holds what it names against the manifest and against who may use it.
//! - What setup asks and proposes: `discord/command/setup.rs`, its words in `render/setup.rs`; what a language proposes:
//!   `domain/locale.rs`.
//! - A stall rule: `domain/stall.rs` and its table test.
//! - The motion that workspaces start with: `domain/motion/default.rs`; what exit criteria do to a deal:
//!   `domain/deal/criteria.rs` and its table test.
//! - What makes a program of a streak: the thresholds in `domain/health.rs`; its words: `render/health.rs`.
//! - When an action is reminded of: `domain/action.rs` and its table test.
//! - Which meetings of reviews count as held: `domain/cadence/meetings.rs` and its table test.
//! - The agenda's sections: `domain/agenda.rs`; its words: `render/agenda.rs` and its snapshots.
//! - Which headers and stages of a CRM's file are read: `domain/import/column.rs` and `stage.rs`; what a row becomes:
//!   `domain/import.rs` and its table test.
//! - What a meeting goes through, and when it counts as held: `domain/meeting.rs`; its post and minutes:
//!   `render/meeting.rs`.
//! - What an export of a workspace leaves out: `store/dump/shape.rs`. A new table is in it by itself.
//! - A table: a new file in `migrations/`, forward only.
//!
//! # Where this departs from its design, and why
//!
//! - **States are documents.** Tables keep a subject's whole state as JSON with generated columns for what is searched
//!   by, instead of a column for each field: the fold of events is then the same code for every subject, and state and
//!   column can't differ.
//! - **A written deal or review is due at once.** The commit sets its next check to now and the sweep computes the real
//!   one within a minute, so that what is due is decided in one place instead of in every use case.
//! - **Use cases load through the change.** `run` is asynchronous and reads as it goes, rather than taking everything
//!   loaded; the common part (settings, actor, whether the interaction is known) is one trip.
//! - **The courier has its own REST client** beside serenity's: serenity's hides status and `Retry-After`, which the
//!   outbox lives by.
//! - **An answer is deferred after 2 s, not 1.5 s.** A form can't follow a deferral, so a handler that opens one has until
//!   then; a second is left for the deferral to arrive within Discord's three (`discord/answer.rs`).
//! - **Collection goes by the review's day, and by stalls.** It is sent on the business day before the day on which the
//!   review is held in its own zone, at each person's hour, to those with a stalled deal of it. An overdue next step is
//!   a stall, unless a snooze or a wait puts it off; then it is not asked about either. It is sent on that day or not at
//!   all.
//! - **The lead role's ping counts for those who hold it.** The bot can't list a role's members, so on days on which the
//!   role is pinged it asks Discord of those whom it names. Whichever ping comes first counts ([`domain::ping`]): what
//!   a holder is owed waits for the next business day, and the leads' line, like an agenda, comes on its day and names
//!   the role without a ping. Who doesn't own, back up or cover anything is pinged with the role alone.
//! - **What somebody did to a person shares the day's ping.** That a deal is theirs, or that a handover asks them, pings at
//!   once where nothing pinged them that day, and names them without a ping otherwise; the digest counts it as a ping
//!   ([`domain::ping`]).
//! - **Days keep the zone that they were told in.** Settings remember former zones, so that another zone moves no day that
//!   was ([`domain::calendar`]); the fiscal year's first month is fixed once a deal was won.
//! - **What rides in the digest beside stalls is a [`domain::notice::Notice`]**, told once: attribution gaps, claims,
//!   registrations that run out, overdue answers to handovers, news of pay, actions. An action is told on its day, and once
//!   more three business days later ([`domain::action`]); until then it is one's own to keep in mind.
//! - **Pay stands beside the verdict of program or streak, not in it.** Only leads and finance may read what deals pay; a
//!   verdict that rested on it would either differ from person to person, or tell the others what they may not know.
//! - **A quarter that is over keeps its costs, and what was missing can be filled in.** Its report is told as of its end,
//!   from deals as they were then. Costs that nobody had noted by then count as they stand at the end of the first day on
//!   which there are any, and a solo baseline as it is first entered; what changes later is an adjustment in the quarter
//!   in which it is made ([`domain::number`]).
//! - **A review can be started from its agenda's post on, and ends by itself.** What is decided before anybody started it
//!   starts it, and what comes after its end is added to its minutes, for a day. A meeting that nobody closes is closed
//!   after a day with whatever it came to, so that nothing that was noted waits for somebody who went home.
//! - **Minutes go to the channel where there can be no thread**, since the permission for threads is one of those that the
//!   bot can do without.
//! - **An import is one transaction**, since a file is in or not, and so the one job that holds the writer for longer than
//!   50 ms; whatever can be is done before and after it (`app/import_deals.rs`). An import is no activity although it
//!   makes deals, and a deal that is here already keeps its stage, owner and class, which the motion and people answer for.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod discord;
pub mod domain;
pub mod error;
pub mod ops;
pub mod render;
pub mod sandbox;
pub mod schedule;
pub mod startup;
pub mod store;

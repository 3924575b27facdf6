//! The process is killed at random and at named points, and started again, while people type and time passes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use chrono::{Datelike, NaiveTime, TimeZone, Weekday};
use chrono_tz::Europe::London;
use cosell::domain::Instant;
use cosell::sandbox::{Mode, Refusal, Request};
use fastrand::Rng;
use sqlx::Connection;
use tokio::time::{sleep, timeout};

use super::oracle::{Oracle, connect};
use super::place::Place;
use super::seed::{chance, rounds};
use super::support::process::{PATIENCE, Running};
use super::typing::{TYPISTS, Typed, Typing};

/// A life of the process lasts for about so many answered commands.
const COMMANDS: usize = 40;
/// Longer than a claim of the outbox holds.
const LEASE: chrono::Duration = chrono::Duration::seconds(200);
/// A beat comes half a second after its minute at the latest.
const BEAT: Duration = Duration::from_secs(3);

/// Where the process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Point {
    /// At any moment.
    Anywhere,
    /// Before it is connected.
    Starting,
    /// While commands wait for the write lock.
    BeforeCommit,
    /// When the answer to a command is on its way.
    AfterCommit,
    /// When a post is on its way, and Discord has not taken it.
    BeforePost,
    /// When Discord has taken a post, and has not said so.
    AfterPost,
}

impl Point {
    const ALL: [Point; 6] = [
        Point::Anywhere,
        Point::Starting,
        Point::BeforeCommit,
        Point::AfterCommit,
        Point::BeforePost,
        Point::AfterPost,
    ];
}

/// What falls due at an hour.
#[derive(Debug, Clone, Copy)]
enum Due {
    Reminders,
    Agenda,
    /// What happened to a deal is told ten minutes later.
    Lines,
}

#[derive(Debug, Default)]
struct Counters {
    commands: usize,
    answered: usize,
    kills: BTreeMap<Point, usize>,
    posts: usize,
    /// Posts that a kill left in doubt, and those of them that Discord had: found again, or the oracle tells.
    in_doubt: usize,
    found_again: usize,
    /// Times that the bot looked for a post before it posted again.
    looked: usize,
}

struct Trial {
    place: Place,
    oracle: Oracle,
    marks: Arc<AtomicUsize>,
    chance: Rng,
    counters: Counters,
    /// From when to when the clock jumped.
    jumps: Vec<(Instant, Instant)>,
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_1_2_5_and_6_hold_wherever_the_process_is_killed() {
    let mut trial = Trial::begin().await;
    for n in 0..rounds(6) {
        // Each point in turn, so that few rounds have them all.
        trial.live_and_die(Point::ALL[n % Point::ALL.len()]).await;
    }
    trial.end().await;
}

impl Trial {
    /// A workspace with a review each working day.
    async fn begin() -> Trial {
        let (place, running) = Place::ready().await;
        for day in ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] {
            let every = format!("every:Every week weekday:{day} time:10:30");
            place.says("lena", &format!("/review schedule name:{day}s channel:#reviews {every}")).await;
        }
        assert!(running.stop().await.success());
        let oracle = Oracle::new(&place.database());
        Trial {
            place,
            oracle,
            marks: Arc::default(),
            chance: chance("kill"),
            counters: Counters::default(),
            jumps: Vec::new(),
        }
    }

    /// One life of the process, and what it left.
    async fn live_and_die(&mut self, point: Point) {
        if point == Point::Starting {
            let running = self.place.spawn();
            sleep(Duration::from_millis(self.chance.u64(..400))).await;
            self.place.kill(running).await;
            self.oracle.check_typed(&[]).await;
        } else {
            let running = self.place.start().await;
            let deals = self.oracle.open_deals().await;
            let typing = Typing::begin(&self.place.sandbox, &deals, &self.marks, &mut self.chance);
            let before = self.chance.usize(..COMMANDS);
            timeout(PATIENCE, typing.book.answered(before)).await.expect("commands are answered");
            self.jump();
            timeout(PATIENCE, typing.book.answered(COMMANDS)).await.expect("commands are answered");
            self.meet(point, running, typing).await;
        }
        *self.counters.kills.entry(point).or_default() += 1;
        if let Some(clock) = &self.place.clock {
            clock.pass(LEASE);
        }
    }

    /// Takes the process to its point, kills it there, and looks at what it left.
    async fn meet(&mut self, point: Point, running: Running, typing: Typing) {
        match point {
            Point::BeforeCommit => return self.kill_before_commit(running, typing).await,
            Point::AfterCommit => {
                self.place.sandbox.refuse(Refusal::silent("POST", "/callback", Mode::Hang));
                self.failure_is_met().await;
            }
            Point::BeforePost | Point::AfterPost => {
                let mode = if point == Point::AfterPost { Mode::AcceptThenHang } else { Mode::Hang };
                let channel = self.chance.choice(["nudges", "reviews", "pipeline"]).unwrap();
                let path = format!("/channels/{}/messages", self.place.sandbox.person("lena").at(channel).here());
                self.place.sandbox.refuse(Refusal::silent("POST", &path, mode));
                self.jump_to(if channel == "reviews" { Due::Agenda } else { Due::Reminders });
                self.failure_is_met().await;
            }
            Point::Anywhere | Point::Starting => sleep(Duration::from_millis(self.chance.u64(..30))).await,
        }
        self.place.kill(running).await;
        let typed = typing.end().await;
        self.count(&typed);
        self.oracle.check_typed(&typed).await;
        self.check_hanging(point).await;
        self.place.sandbox.forget_history();
    }

    async fn failure_is_met(&self) -> bool {
        self.place.sandbox.wait_until(BEAT, |s| s.failures_left() == 0).await
    }

    /// What is typed while another process holds the write lock has no effect when the process dies before the lock is
    /// free.
    async fn kill_before_commit(&mut self, running: Running, typing: Typing) {
        let mut holder = connect(&self.place.database()).await;
        let quiet = typing.book.hold().await;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
        let before = typing.book.len();
        drop(quiet);
        timeout(PATIENCE, typing.book.reaches(before + TYPISTS)).await.expect("everybody types");
        sleep(Duration::from_millis(self.chance.u64(..300))).await;
        self.place.kill(running).await;
        sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
        holder.close().await.unwrap();
        let mut typed = typing.end().await;
        self.count(&typed);
        for command in &mut typed[before..] {
            assert_eq!(command.answer, None, "nothing can be saved");
            command.is_late = true;
        }
        self.oracle.check_typed(&typed).await;
        self.place.sandbox.forget_history();
    }

    /// What the call that was never answered tells.
    async fn check_hanging(&mut self, point: Point) {
        let requests = self.place.sandbox.requests();
        let found = requests.iter().filter(|r| r.method == "GET" && r.path.ends_with("/messages"));
        self.counters.looked += found.count();
        let Some(hung) = requests.iter().rev().find(|request| request.status == 0) else { return };
        match point {
            Point::AfterCommit if says_saved(hung) => {
                let interaction = hung.path.split('/').nth(2).unwrap().parse().unwrap();
                assert!(self.oracle.has(interaction).await, "said to be saved: {}", hung.body);
            }
            Point::BeforePost | Point::AfterPost => {
                self.counters.in_doubt += 1;
                self.counters.found_again += usize::from(point == Point::AfterPost);
            }
            _ => {}
        }
    }

    fn count(&mut self, typed: &[Typed]) {
        self.counters.commands += typed.len();
        self.counters.answered += typed.iter().filter(|typed| typed.answer.is_some()).count();
    }

    fn jump(&mut self) {
        let due = self.chance.choice([Due::Reminders, Due::Agenda, Due::Lines]).unwrap();
        self.jump_to(due);
    }

    fn jump_to(&mut self, due: Due) {
        let Some(clock) = &self.place.clock else { return };
        let now = clock.now();
        let to = match due {
            Due::Reminders => next_at(now, NaiveTime::from_hms_opt(9, 0, 1).unwrap()),
            Due::Agenda => next_at(now, NaiveTime::from_hms_opt(9, 30, 1).unwrap()),
            Due::Lines => now + chrono::Duration::minutes(11),
        };
        clock.set(to);
        self.jumps.push((now, to));
    }

    /// Waits until everything is said. Time passes only when nothing else gets the rest said.
    async fn say_the_rest(&self, running: &Running) {
        let Some(clock) = &self.place.clock else { return };
        let (mut left, mut idle) = (usize::MAX, 0);
        while left > 0 {
            sleep(BEAT / 3).await;
            let now = self.oracle.waiting(clock.now()).await;
            idle = if now < left { 0 } else { idle + 1 };
            left = now;
            if idle > 0 {
                clock.pass(LEASE);
            }
            assert!(idle < 30, "{left} messages are not said: {}", running.said());
        }
    }

    /// Lets the process say what it still has to, and looks at everything.
    async fn end(mut self) {
        let running = self.place.start().await;
        self.say_the_rest(&running).await;
        assert!(running.stop().await.success());
        self.oracle.check_typed(&[]).await;
        self.oracle.check_states().await;
        self.counters.posts = self.oracle.check_posts(&self.place.sandbox, &self.jumps).await;
        eprintln!("kill: {:#?}", self.counters);
    }
}

fn says_saved(request: &Request) -> bool {
    request.body["data"]["content"].as_str().is_some_and(|text| text.starts_with("Saved"))
}

/// The next working day's time of day in London.
fn next_at(now: Instant, time: NaiveTime) -> Instant {
    let days = now.with_timezone(&London).date_naive().iter_days();
    let days = days.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    let mut instants = days.map(|day| London.from_local_datetime(&day.and_time(time)).earliest().unwrap().to_utc());
    instants.find(|at| *at > now).unwrap()
}

//! What a database and the channels must look like, given what was typed: read after each kill, from outside.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use chrono::{Duration, NaiveDate};
use chrono_tz::Europe::London;
use cosell::domain::Instant;
use cosell::sandbox::{Sandbox, Shown};
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{Connection, Row};

use super::typing::{OpenDeal, Typed, What};

const CHANNELS: [&str; 4] = ["#pipeline", "#nudges", "#ops", "#reviews"];

/// Longer than a call to Discord takes.
const CALL: Duration = Duration::seconds(11);

/// A connection of our own to a database.
pub async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.unwrap()
}

/// Looks after what was typed and posted.
pub struct Oracle {
    path: PathBuf,
    /// The greatest interaction that was looked at.
    seen: i64,
}

/// One event of a deal.
struct Change {
    deal: i64,
    interaction: i64,
    kind: String,
    after: Value,
    text: String,
}

impl Oracle {
    pub fn new(path: &Path) -> Oracle {
        Oracle { path: path.to_owned(), seen: 0 }
    }

    /// What can be typed about.
    pub async fn open_deals(&self) -> Vec<OpenDeal> {
        let query = "SELECT d.number, m.state ->> '$.name' AS name FROM deal d \
                     JOIN member m ON m.guild_id = d.guild_id AND m.member_id = d.owner WHERE d.open = 1";
        let rows = sqlx::query(query).fetch_all(&mut connect(&self.path).await).await.unwrap();
        rows.iter().map(|row| OpenDeal { number: row.get("number"), owner: row.get("name") }).collect()
    }

    /// After a kill: the file is whole; what was said to be saved is there, once; what was not is there once or not at
    /// all; and nothing else is there.
    pub async fn check_typed(&mut self, typed: &[Typed]) {
        let mut connection = connect(&self.path).await;
        let whole: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
        assert_eq!(whole, "ok");
        let changes = changes(&mut connection, self.seen).await;
        self.seen = changes.iter().map(|change| change.interaction).max().unwrap_or(self.seen);
        check_marks(typed, &changes);
        check_owners(typed, &changes);
    }

    /// Whether an interaction left anything.
    pub async fn has(&self, interaction: i64) -> bool {
        let query = "SELECT COUNT(*) FROM event WHERE interaction_id = ?";
        let count: i64 =
            sqlx::query_scalar(query).bind(interaction).fetch_one(&mut connect(&self.path).await).await.unwrap();
        count > 0
    }

    /// How many messages are claimed at an instant.
    pub async fn on_their_way(&self, now: Instant) -> i64 {
        let query = "SELECT COUNT(*) FROM outbox WHERE state = 'claimed' AND leased_until > ?";
        let mut connection = connect(&self.path).await;
        sqlx::query_scalar(query).bind(now.timestamp_millis()).fetch_one(&mut connection).await.unwrap()
    }

    /// How many messages wait to be said by an instant.
    pub async fn waiting(&self, by: Instant) -> usize {
        let query = "SELECT COUNT(*) FROM outbox WHERE state IN ('waiting', 'claimed') AND due_at <= ?";
        let mut connection = connect(&self.path).await;
        let count: i64 =
            sqlx::query_scalar(query).bind(by.timestamp_millis()).fetch_one(&mut connection).await.unwrap();
        usize::try_from(count).unwrap()
    }

    /// Each deal's state is what its events fold to.
    pub async fn check_states(&self) {
        let mut connection = connect(&self.path).await;
        let mut folded: HashMap<i64, serde_json::Map<String, Value>> = HashMap::new();
        for change in changes(&mut connection, 0).await {
            let fields = change.after.as_object().expect("an object").clone();
            folded.entry(change.deal).or_default().extend(fields);
        }
        let rows = sqlx::query("SELECT number, state FROM deal").fetch_all(&mut connection).await.unwrap();
        assert_eq!(rows.len(), folded.len(), "each deal has events");
        for row in rows {
            let (number, state): (i64, String) = (row.get("number"), row.get("state"));
            let state: Value = serde_json::from_str(&state).unwrap();
            for (name, value) in &folded[&number] {
                let stands = state.get(name).unwrap_or(&Value::Null);
                assert_eq!(stands, value, "D-{number}: {name} is not as its events say");
            }
        }
    }

    /// Everything that was sent stands in its channel, once, and nothing else does. Returns how many stand there.
    /// `jumps` are the instants from which the clock jumped, and to which: a post that was on its way then is of the day
    /// before.
    pub async fn check_posts(&self, sandbox: &Sandbox, jumps: &[(Instant, Instant)]) -> usize {
        let posts: Vec<Shown> = CHANNELS.iter().flat_map(|name| sandbox.channel(name)).collect();
        let mut stands: BTreeMap<i64, &Shown> = BTreeMap::new();
        for post in &posts {
            let twice = stands.insert(row_of(post), post);
            assert!(twice.is_none(), "posted twice: {}\n{}", twice.unwrap().text(), post.text());
        }
        let query = "SELECT id, state, message_id, reason, kind, first_sent_at FROM outbox \
                     WHERE kind NOT IN ('event', 'called_off', 'meeting')";
        let rows = sqlx::query(query).fetch_all(&mut connect(&self.path).await).await.unwrap();
        for row in &rows {
            let (id, state): (i64, String) = (row.get("id"), row.get("state"));
            let post = stands.get(&id);
            match state.as_str() {
                "sent" => {
                    let message: i64 = row.get("message_id");
                    let stands = post.map(|post| post.id.to_string());
                    assert_eq!(stands, Some(message.to_string()), "row {id} is sent and does not stand there");
                }
                "dropped" => assert!(post.is_none(), "row {id} is dropped and stands there"),
                "parked" => panic!("row {id}, {}: {}", row.get::<String, _>("kind"), row.get::<String, _>("reason")),
                _ => {}
            }
        }
        let first_sent = |row: &SqliteRow| {
            Some((row.get("id"), Instant::from_timestamp_millis(row.get::<Option<i64>, _>("first_sent_at")?)?))
        };
        let first_sent: HashMap<i64, Instant> = rows.iter().filter_map(first_sent).collect();
        let day = |post: &Shown| {
            let soon = |first: Instant, then: Instant| (Duration::zero()..CALL).contains(&(then - first));
            let sent = first_sent
                .get(&row_of(post))
                .filter(|sent| jumps.iter().any(|(from, to)| soon(**sent, *from) && soon(*to, post.at)));
            sent.unwrap_or(&post.at).with_timezone(&London).date_naive()
        };
        check_content(&posts, day);
        posts.len()
    }
}

async fn changes(connection: &mut SqliteConnection, since: i64) -> Vec<Change> {
    let query = "SELECT subject_id, interaction_id, kind, after, COALESCE(text, '') AS text FROM event \
                 WHERE subject_kind = 'deal' AND interaction_id > ? ORDER BY subject_id, version";
    let rows = sqlx::query(query).bind(since).fetch_all(connection).await.unwrap();
    let change = |row: &SqliteRow| Change {
        deal: row.get("subject_id"),
        interaction: row.get("interaction_id"),
        kind: row.get("kind"),
        after: serde_json::from_str(row.get("after")).unwrap(),
        text: row.get("text"),
    };
    rows.iter().map(change).collect()
}

fn check_marks(typed: &[Typed], changes: &[Change]) {
    let mut left: HashMap<String, usize> = HashMap::new();
    for change in changes {
        marks_in(&format!("{} {}", change.after, change.text)).into_iter().for_each(|mark| {
            *left.entry(mark).or_default() += 1;
        });
    }
    for command in typed.iter().filter(|command| command.what != What::Assign) {
        let count = left.remove(&command.mark).unwrap_or(0);
        match &command.answer {
            Some(_) if command.is_saved() => assert_eq!(count, 1, "was told to be saved: {command:?}"),
            // Names made by chance are like each other at times.
            Some(answer) if answer.contains("Did you mean") => assert_eq!(count, 0, "was asked about: {command:?}"),
            Some(_) => panic!("can be saved: {command:?}"),
            None if command.is_late => assert_eq!(count, 0, "can't be saved: {command:?}"),
            None => assert!(count <= 1, "has its effect {count} times: {command:?}"),
        }
    }
    assert!(left.is_empty(), "nobody typed {left:?}");
}

/// Each mark in a text, once.
fn marks_in(text: &str) -> BTreeSet<String> {
    let marks = text.match_indices('m').filter_map(|(at, _)| text.get(at..at + 8));
    let is_mark = |mark: &&str| mark.ends_with('x') && mark[1..7].bytes().all(|b| b.is_ascii_digit());
    marks.filter(is_mark).map(str::to_owned).collect()
}

fn check_owners(typed: &[Typed], changes: &[Change]) {
    let mut given: HashMap<i64, usize> = HashMap::new();
    for change in changes.iter().filter(|c| c.kind != "created" && c.after.get("owner").is_some()) {
        *given.entry(change.deal).or_default() += 1;
    }
    let mut asked: HashMap<i64, (usize, usize)> = HashMap::new();
    for command in typed.iter().filter(|command| command.what == What::Assign) {
        let (least, most) = asked.entry(command.deal.unwrap()).or_default();
        *least += usize::from(command.is_saved());
        *most += usize::from(!command.is_late);
    }
    for (deal, (least, most)) in asked {
        let count = given.remove(&deal).unwrap_or(0);
        assert!((least..=most).contains(&count), "D-{deal} was given away {count} times, not {least} to {most}");
    }
    assert!(given.is_empty(), "nobody gave {given:?} away");
}

/// The outbox row that a post shows in its last line.
fn row_of(post: &Shown) -> i64 {
    let reference = post.content.lines().last().and_then(|line| line.strip_prefix("-# "));
    let row = reference.and_then(|reference| reference.rsplit_once('-')).and_then(|(_, row)| row.parse().ok());
    row.unwrap_or_else(|| panic!("no reference in {}", post.content))
}

/// No agenda and no reminder says the same on one day, and nobody is pinged twice on one.
fn check_content(posts: &[Shown], day: impl Fn(&Shown) -> NaiveDate) {
    let mut said = BTreeSet::new();
    let mut pinged = BTreeMap::new();
    for post in posts {
        let day = day(post);
        let words: Vec<&str> = post.content.lines().filter(|line| !line.starts_with("-# ")).collect();
        if ["#nudges", "#reviews"].contains(&post.channel.as_str()) && !words[0].contains("is yours") {
            assert!(said.insert((post.channel.clone(), day, words.join("\n"))), "said twice: {}", post.text());
        }
        for name in &post.pinged {
            let before = pinged.insert((name.clone(), day), post);
            assert!(before.is_none(), "{name} is pinged twice on {day}:\n{}\n{}", before.unwrap().text(), post.text());
        }
    }
}

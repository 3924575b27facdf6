//! For the tests of use cases: the real store in a temporary file, a clock that is set, and a Discord that answers what
//! it was told to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tempfile::TempDir;

use super::courier::{Courier, Membership, Mentionable, Stands, Trouble};
use super::record_deal::RecordDeal;
use super::schedule_review::ScheduleReview;
use super::{App, Caller, Person};
use crate::clock::Clock;
use crate::domain::Instant;
use crate::domain::access::ManagesServer;
use crate::domain::deal::Role;
use crate::domain::event::{Subject, Tracked, replay};
use crate::domain::id::{ChannelId, GuildId, InteractionId, MessageId, RoleId, ScheduledEventId, UserId};
use crate::domain::workspace::Settings;
use crate::store::Store;
use crate::store::outbox::Rendered;

/// The workspace that tests are in unless they say otherwise.
pub const GUILD: GuildId = GuildId(900_000_000_000_000_001);
/// The role of leads there.
pub const LEADS: RoleId = RoleId(31);
/// The role of reps there.
pub const REPS: RoleId = RoleId(32);
/// The role of finance there.
pub const FINANCE: RoleId = RoleId(33);

/// A bot to test with. The database is removed with it.
pub struct Bench {
    /// The use cases.
    pub app: App,
    /// What Discord answers.
    pub discord: Arc<FakeDiscord>,
    folder: TempDir,
}

/// A Discord that answers what it was told to, and keeps what it was sent.
#[derive(Default)]
pub struct FakeDiscord {
    /// What the bot lacks in a channel; nothing where nothing is said.
    pub lacking: Mutex<BTreeMap<ChannelId, Vec<String>>>,
    /// Channels that are not there.
    pub gone: Mutex<BTreeSet<ChannelId>>,
    /// Roles that ping nobody.
    pub unmentionable: Mutex<BTreeSet<RoleId>>,
    /// Users who have left.
    pub left: Mutex<BTreeSet<UserId>>,
    /// Files that people attached, by address.
    pub files: Mutex<BTreeMap<String, Vec<u8>>>,
    /// Posts in order: where, and the body.
    pub posts: Mutex<Vec<(ChannelId, String)>>,
    /// The bodies of scheduled events in order.
    pub events: Mutex<Vec<String>>,
}

static NEXT_INTERACTION: AtomicI64 = AtomicI64::new(1_000);

impl Bench {
    /// An empty installation on Thursday, 17 December 2026, 10:00 in New York.
    pub async fn new() -> Bench {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("cosell.db")).await.expect("a new database opens");
        let discord = Arc::new(FakeDiscord::default());
        let clock = Clock::manual("2026-12-17T15:00:00Z".parse().expect("an instant"));
        Bench { app: App::new(store, clock, discord.clone()), discord, folder }
    }

    /// The same installation after a restart, at the same time.
    pub async fn reopened(self) -> Bench {
        self.app.store.close().await;
        let store = Store::open(&self.folder.path().join("cosell.db")).await.expect("the database opens again");
        let app = App::new(store, self.app.clock.clone(), self.discord.clone());
        Bench { app, ..self }
    }

    /// An installation whose workspace [`GUILD`] was set up: New York, dollars, all channels and roles.
    pub async fn ready() -> Bench {
        let bench = Bench::new().await;
        bench.set_up(GUILD).await;
        bench
    }

    /// Sets a workspace up by the use cases themselves.
    pub async fn set_up(&self, guild: GuildId) {
        let configure = super::configure::Configure {
            timezone: Some("America/New_York".to_owned()),
            currency: Some("USD".to_owned()),
            pipeline_channel: Some(ChannelId(11)),
            nudge_channel: Some(ChannelId(12)),
            ops_channel: Some(ChannelId(13)),
            lead_role: Some(Some(LEADS)),
            finance_role: Some(Some(FINANCE)),
            rep_role: Some(Some(REPS)),
            ..Default::default()
        };
        let admin = admin_of(guild);
        self.app.configure(&admin(), configure).await.expect("settings");
        let setup = self.app.finish_setup(&admin()).await.expect("an outcome");
        assert!(setup.settings.ready, "{setup:?}");
    }

    /// Adds a partner without details.
    pub async fn add_partner(&self, name: &str) -> super::add_partner::PartnerAdded {
        let add = super::add_partner::AddPartner { name: name.to_owned(), kind: None, tier: None, manager: None };
        self.app.change(&lead(), add).await.expect("a partner")
    }

    /// Sets the clock.
    pub fn now_is(&self, at: &str) -> Instant {
        let at = at.parse().expect("an instant");
        self.app.clock.set(at);
        at
    }

    /// The settings of a workspace.
    pub async fn settings(&self, guild: GuildId) -> Settings {
        self.app.store.read(guild).await.expect("a reader").get_settings().await.expect("settings")
    }

    /// Asserts that a state is what its events lead to.
    pub async fn assert_replays<S: Tracked + PartialEq + std::fmt::Debug>(&self, guild: GuildId, state: &S) {
        let mut workspace = self.app.store.read(guild).await.expect("a reader");
        let events = workspace.find_events(Subject { kind: S::KIND, id: state.id() }).await.expect("events");
        let replayed: S = serde_json::from_value(replay(&events)).expect("the replay reads");
        assert_eq!(&replayed, state);
    }
}

/// Uses of commands by an admin of a workspace, each another interaction.
pub fn admin_of(guild: GuildId) -> impl Fn() -> Caller {
    move || {
        let mut admin = caller(guild, 1, "Ada", &[]);
        admin.person.manages_server = ManagesServer::Yes;
        admin
    }
}

/// A use of a command by the admin of [`GUILD`].
pub fn admin() -> Caller {
    admin_of(GUILD)()
}

/// A use of a command by a lead of [`GUILD`].
pub fn lead() -> Caller {
    caller(GUILD, 2, "Lena", &[LEADS])
}

/// A use of a command by a rep of [`GUILD`].
pub fn rep() -> Caller {
    caller(GUILD, 3, "Rita", &[REPS])
}

/// A use of a command by somebody.
pub fn caller(guild: GuildId, user: i64, name: &str, roles: &[RoleId]) -> Caller {
    Caller {
        guild,
        person: person(user, name, roles),
        interaction: InteractionId(NEXT_INTERACTION.fetch_add(1, Ordering::Relaxed)),
        channel: ChannelId(11),
    }
}

/// A person as picked in an option.
pub fn person(user: i64, name: &str, roles: &[RoleId]) -> Person {
    Person {
        user: UserId(user),
        name: name.to_owned(),
        roles: roles.to_vec(),
        manages_server: ManagesServer::No,
        is_bot: false,
    }
}

/// A deal with Initech that nobody has settled the class of.
pub fn deal_with(account: &str, although: Option<&str>) -> RecordDeal {
    RecordDeal {
        account: account.to_owned(),
        partner: "Initech".to_owned(),
        source: Role::Undecided,
        evidence: None,
        on: None,
        amount: None,
        close: None,
        owner: None,
        backup: None,
        next_step: None,
        due: None,
        crm: None,
        although: although.map(str::to_owned),
        unknown_account: Default::default(),
        partner_asked: false,
        draft: None,
    }
}

/// A weekly review on Tuesdays at 9:30, as typed.
pub fn weekly(name: &str, channel: ChannelId) -> ScheduleReview {
    ScheduleReview::weekly(name, channel, chrono::Weekday::Tue, "9:30".to_owned())
}

fn gone() -> Trouble {
    Trouble::Refused { status: 404, code: 10_003, message: "Unknown Channel".to_owned() }
}

#[async_trait]
impl Courier for FakeDiscord {
    async fn post(&self, channel: ChannelId, message: &Rendered, _: &str) -> Result<MessageId, Trouble> {
        if self.gone.lock().expect("no test panics in here").contains(&channel) {
            return Err(gone());
        }
        let mut posts = self.posts.lock().expect("no test panics in here");
        posts.push((channel, message.body.clone()));
        Ok(MessageId(i64::try_from(posts.len()).expect("few posts")))
    }

    async fn edit(&self, _: ChannelId, _: MessageId, _: &Rendered) -> Result<(), Trouble> {
        Ok(())
    }

    async fn open_thread(&self, channel: ChannelId, message: MessageId, _: &str) -> Result<ChannelId, Trouble> {
        if self.gone.lock().expect("no test panics in here").contains(&channel) {
            return Err(gone());
        }
        Ok(ChannelId(message.0))
    }

    async fn open_direct(&self, user: UserId) -> Result<ChannelId, Trouble> {
        Ok(ChannelId(user.0))
    }

    async fn find_own(&self, _: ChannelId, _: &str, _: Instant) -> Result<Stands, Trouble> {
        Ok(Stands::Nowhere)
    }

    async fn find_member(&self, _: GuildId, user: UserId) -> Result<Option<Membership>, Trouble> {
        let left = self.left.lock().expect("no test panics in here").contains(&user);
        let there = Membership {
            name: format!("User {user}"),
            roles: Vec::new(),
            is_bot: false,
            manages_server: ManagesServer::No,
        };
        Ok((!left).then_some(there))
    }

    async fn missing_permissions(&self, _: GuildId, channel: ChannelId) -> Result<Vec<String>, Trouble> {
        if self.gone.lock().expect("no test panics in here").contains(&channel) {
            return Err(gone());
        }
        Ok(self.lacking.lock().expect("no test panics in here").get(&channel).cloned().unwrap_or_default())
    }

    async fn create_event(&self, _: GuildId, body: &str) -> Result<ScheduledEventId, Trouble> {
        let mut events = self.events.lock().expect("no test panics in here");
        events.push(body.to_owned());
        Ok(ScheduledEventId(i64::try_from(events.len()).expect("few events")))
    }

    async fn edit_event(&self, _: GuildId, _: ScheduledEventId, _: &str) -> Result<(), Trouble> {
        Ok(())
    }

    async fn delete_event(&self, _: GuildId, _: ScheduledEventId) -> Result<(), Trouble> {
        Ok(())
    }

    async fn find_event(&self, _: GuildId, _: &str) -> Result<Option<ScheduledEventId>, Trouble> {
        Ok(None)
    }

    async fn may_create_events(&self, _: GuildId) -> Result<bool, Trouble> {
        Ok(true)
    }

    async fn guild_name(&self, guild: GuildId) -> Result<String, Trouble> {
        Ok(format!("Server {guild}"))
    }

    async fn download(&self, url: &str, limit: usize) -> Result<Option<Vec<u8>>, Trouble> {
        let files = self.files.lock().expect("no test panics in here");
        let bytes = files.get(url).cloned().ok_or_else(gone)?;
        Ok((bytes.len() <= limit).then_some(bytes))
    }

    async fn is_mentionable(&self, _: GuildId, role: RoleId) -> Result<Mentionable, Trouble> {
        let silent = self.unmentionable.lock().expect("no test panics in here").contains(&role);
        Ok(if silent { Mentionable::No } else { Mentionable::Yes })
    }
}

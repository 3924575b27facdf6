//! The stall sweep, called in this process on a database that no bot has open: with nothing due, and with much due in
//! one workspace or over all.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use cosell::app::App;
use cosell::app::courier::{Courier, Membership, Mentionable, Stands, Trouble};
use cosell::clock::Clock;
use cosell::domain::id::{ChannelId, GuildId, MessageId, RoleId, ScheduledEventId, UserId};
use cosell::store::Store;
use cosell::store::outbox::Rendered;

use crate::seed::connect;

/// How many deals are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// None.
    Nothing,
    /// So many of one workspace.
    Here(usize),
    /// So many, from as many workspaces as there are.
    Anywhere(usize),
}

/// One sweep.
#[derive(Debug, Clone)]
pub struct Swept {
    /// What was asked to be due.
    pub due: Due,
    /// How many deals were.
    pub deals: u64,
    /// The median of some sweeps.
    pub took: Duration,
}

/// Takes the median of some sweeps.
pub async fn measure(path: &Path, guild: GuildId, due: Due, repeats: usize) -> anyhow::Result<Swept> {
    let store = Store::open(path).await?;
    let app = app(&store);
    // What the commands before have left to check is not to be counted.
    app.check_stalls(Clock::System.now()).await?;
    let (mut deals, mut times) = (0, Vec::new());
    for _ in 0..repeats {
        deals = make_due(path, guild, due).await?;
        let now = Clock::System.now();
        let start = Instant::now();
        app.check_stalls(now).await?;
        times.push(start.elapsed());
    }
    store.close().await;
    times.sort();
    Ok(Swept { due, deals, took: times[times.len() / 2] })
}

async fn make_due(path: &Path, guild: GuildId, due: Due) -> anyhow::Result<u64> {
    let here = "UPDATE deal SET next_check_at = 1 WHERE guild_id = ? AND number IN
                (SELECT number FROM deal WHERE guild_id = ? AND open = 1 LIMIT ?)";
    let anywhere = "UPDATE deal SET next_check_at = 1 WHERE (guild_id, number) IN
                    (SELECT guild_id, number FROM deal WHERE next_check_at IS NOT NULL ORDER BY number % 90, guild_id LIMIT ?)";
    let mut connection = connect(path).await?;
    let done = match due {
        Due::Nothing => return Ok(0),
        Due::Here(deals) => {
            sqlx::query(here).bind(guild.0).bind(guild.0).bind(deals as i64).execute(&mut connection).await?
        }
        Due::Anywhere(deals) => sqlx::query(anywhere).bind(deals as i64).execute(&mut connection).await?,
    };
    Ok(done.rows_affected())
}

/// The use cases over a store, without a Discord.
pub fn app(store: &Store) -> App {
    App::new(store.clone(), Clock::System, Arc::new(Nobody))
}

/// A Discord that is out of order; the sweep asks nothing of it.
struct Nobody;

fn nobody<T>() -> Result<T, Trouble> {
    Err(Trouble::Unknown("there is no Discord here".to_owned()))
}

#[async_trait]
impl Courier for Nobody {
    async fn post(&self, _: ChannelId, _: &Rendered, _: &str) -> Result<MessageId, Trouble> {
        nobody()
    }

    async fn edit(&self, _: ChannelId, _: MessageId, _: &Rendered) -> Result<(), Trouble> {
        nobody()
    }

    async fn open_thread(&self, _: ChannelId, _: MessageId, _: &str) -> Result<ChannelId, Trouble> {
        nobody()
    }

    async fn open_direct(&self, _: UserId) -> Result<ChannelId, Trouble> {
        nobody()
    }

    async fn find_own(&self, _: ChannelId, _: &str, _: cosell::domain::Instant) -> Result<Stands, Trouble> {
        nobody()
    }

    async fn find_member(&self, _: GuildId, _: UserId) -> Result<Option<Membership>, Trouble> {
        nobody()
    }

    async fn missing_permissions(&self, _: GuildId, _: ChannelId) -> Result<Vec<String>, Trouble> {
        nobody()
    }

    async fn create_event(&self, _: GuildId, _: &str) -> Result<ScheduledEventId, Trouble> {
        nobody()
    }

    async fn edit_event(&self, _: GuildId, _: ScheduledEventId, _: &str) -> Result<(), Trouble> {
        nobody()
    }

    async fn delete_event(&self, _: GuildId, _: ScheduledEventId) -> Result<(), Trouble> {
        nobody()
    }

    async fn find_event(&self, _: GuildId, _: &str) -> Result<Option<ScheduledEventId>, Trouble> {
        nobody()
    }

    async fn may_create_events(&self, _: GuildId) -> Result<bool, Trouble> {
        nobody()
    }

    async fn guild_name(&self, _: GuildId) -> Result<String, Trouble> {
        nobody()
    }

    async fn download(&self, _: &str, _: usize) -> Result<Option<Vec<u8>>, Trouble> {
        Ok(None)
    }

    async fn is_mentionable(&self, _: GuildId, _: RoleId) -> Result<Mentionable, Trouble> {
        nobody()
    }
}

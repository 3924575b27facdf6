//! The stand-in's world: one company that is measured, more companies beside it, and the ids of what is in them.

use std::sync::Arc;

use anyhow::Context;
use cosell::clock::Clock;
use cosell::domain::id::{ChannelId, GuildId, RoleId, UserId};
use cosell::sandbox::{Pace, Person, Sandbox, Server, Time, World};
use serde_json::Value;

/// How many people of the measured company own deals.
pub const OWNERS: usize = 20;
/// The measured company.
const MEASURED: &str = "Northwind";

/// A company's ids, as Discord has them.
#[derive(Debug, Clone)]
pub struct Company {
    /// The server.
    pub guild: GuildId,
    /// Those who own its deals, by name.
    pub owners: Vec<(String, UserId)>,
    /// `#pipeline`, `#nudges`, `#ops`.
    pub channels: [ChannelId; 3],
    /// Reps, leads, finance.
    pub roles: [RoleId; 3],
}

/// A stand-in that answers as fast as it can, by the machine's clock.
pub async fn build(workspaces: usize) -> anyhow::Result<Sandbox> {
    let servers = (0..workspaces).map(|n| if n == 0 { measured() } else { Server::company(&name(n)) });
    let time = Time { now: Arc::new(|| Clock::System.now()), advance: Arc::new(|_| Box::pin(async {})) };
    let sandbox = Sandbox::start(World::new(servers.collect()), time).await?;
    sandbox.pace(Pace::Unlimited);
    Ok(sandbox)
}

fn measured() -> Server {
    (0..OWNERS).fold(Server::company(MEASURED), |server, n| server.person(&owner(n), &["Reps"]))
}

fn name(workspace: usize) -> String {
    if workspace == 0 { MEASURED.to_owned() } else { format!("{MEASURED} {}", workspace + 1) }
}

fn owner(n: usize) -> String {
    format!("rep{n}")
}

/// The people of the measured company who own its deals, in the order of [`Company::owners`].
pub fn owners(sandbox: &Sandbox) -> Vec<Person> {
    (0..OWNERS).map(|n| sandbox.person(&owner(n))).collect()
}

/// The ids of a company, the first being the measured one.
pub async fn company(sandbox: &Sandbox, workspace: usize) -> anyhow::Result<Company> {
    let name = name(workspace);
    let owners: Vec<String> = match workspace {
        0 => (0..OWNERS).map(owner).collect(),
        _ => ["rita", "ben", "ana"].map(str::to_owned).to_vec(),
    };
    let person = |who: &str| sandbox.person_in(&name, who);
    let here = person(&owners[0]);
    let channel = |of: &str| ChannelId(here.at(of).here().0 as i64);
    let guild = GuildId(here.guild().0 as i64);
    Ok(Company {
        guild,
        channels: ["pipeline", "nudges", "ops"].map(channel),
        roles: roles(sandbox, guild).await?,
        owners: owners.iter().map(|who| (who.clone(), UserId(person(who).id().0 as i64))).collect(),
    })
}

async fn roles(sandbox: &Sandbox, guild: GuildId) -> anyhow::Result<[RoleId; 3]> {
    let url = format!("{}/api/v10/guilds/{guild}/roles", sandbox.url());
    let request = reqwest::Client::new().get(url).header("authorization", format!("Bot {}", sandbox.token()));
    let listed: Vec<Value> = request.send().await?.json().await?;
    let id = |name: &str| {
        let role = listed.iter().find(|role| role["name"] == name)?;
        role["id"].as_str()?.parse().ok().map(RoleId)
    };
    let role = |name: &str| id(name).with_context(|| format!("the stand-in has no role {name}"));
    Ok([role("Reps")?, role("Leads")?, role("Finance")?])
}

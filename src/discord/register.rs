//! Registering the commands: Discord's are read, and overwritten only when they are not what the manifest says.

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::manifest;
use super::rest::{Body, Rest};
use crate::app::courier::Trouble;
use crate::render::voice::Commands;

/// Discord's type of a command that is typed; the others have no mention.
const CHAT: u64 = 1;

/// Whether this process may change what is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// It overwrites what differs.
    Register,
    /// It only reads the ids.
    Read,
}

impl Duty {
    /// Of several processes only the one with shard 0 registers.
    pub fn of_first_shard(shard: u32) -> Duty {
        if shard == 0 { Duty::Register } else { Duty::Read }
    }
}

#[derive(Debug, Deserialize)]
struct Application {
    id: String,
}

/// Makes sure that Discord has the manifest's commands, and gives their ids.
pub async fn register(rest: &Rest, duty: Duty) -> Result<Commands, Trouble> {
    let application: Application = rest.get("applications/@me").await?;
    let path = format!("applications/{}/commands", application.id);
    let registered: Vec<Value> = rest.get(&path).await?;
    if duty == Duty::Read || manifest::is_current(&registered) {
        return Ok(ids_of(&registered));
    }
    let body = Body::Json(manifest::payload());
    let registered: Vec<Value> = rest.call(Method::PUT, &path, body).await?;
    tracing::info!(commands = registered.len(), "commands registered");
    Ok(ids_of(&registered))
}

fn ids_of(registered: &[Value]) -> Commands {
    let typed = registered.iter().filter(|command| command["type"].as_u64().unwrap_or(CHAT) == CHAT);
    Commands::new(typed.filter_map(|command| {
        let id = command["id"].as_str()?.parse().ok()?;
        Some((command["name"].as_str()?.to_owned(), id))
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::discord::rest::testing::{Fake, Scripted, says};

    /// The manifest's commands as Discord gives them back, numbered from 100.
    fn as_registered() -> Vec<Value> {
        let numbered = manifest::commands().iter().cloned().enumerate();
        numbered
            .map(|(n, mut command)| {
                command["id"] = json!((100 + n).to_string());
                command["version"] = json!("1");
                command
            })
            .collect()
    }

    fn application() -> Scripted {
        says(200, json!({"id": "5", "name": "cosell"}))
    }

    fn lines(fake: &Fake) -> Vec<String> {
        fake.seen().into_iter().map(|seen| seen.line).collect()
    }

    const READ: [&str; 2] = ["GET /api/v10/applications/@me", "GET /api/v10/applications/5/commands"];

    #[tokio::test]
    async fn commands_that_are_registered_already_are_left_alone() {
        let fake = Fake::answering([application(), says(200, json!(as_registered()))]).await;
        let commands = register(&fake.rest, Duty::Register).await.expect("read");
        assert_eq!(lines(&fake), READ);
        let name = manifest::commands()[0]["name"].as_str().expect("a name");
        assert_eq!(commands.mention(name), format!("</{name}:100>"));
    }

    #[tokio::test]
    async fn commands_that_differ_are_overwritten_as_a_whole() {
        let mut old = as_registered();
        old[0]["description"] = json!("Something else");
        let fake = Fake::answering([application(), says(200, json!(old)), says(200, json!(as_registered()))]).await;
        register(&fake.rest, Duty::Register).await.expect("registered");
        let seen = fake.seen();
        assert_eq!(seen[2].line, "PUT /api/v10/applications/5/commands");
        assert_eq!(seen[2].json(), manifest::payload());
    }

    #[tokio::test]
    async fn another_process_only_reads_the_ids() {
        let fake = Fake::answering([application(), says(200, json!([{"id": "7", "type": 1, "name": "deal"}]))]).await;
        let commands = register(&fake.rest, Duty::of_first_shard(1)).await.expect("read");
        assert_eq!(lines(&fake), READ);
        assert_eq!(commands.mention("deal new"), "</deal new:7>");
        assert_eq!(Duty::of_first_shard(0), Duty::Register);
    }

    #[tokio::test]
    async fn a_context_menu_has_no_mention() {
        let registered = json!([{"id": "7", "type": 2, "name": "deal"}, {"id": "8", "type": 3, "name": "help"}]);
        let fake = Fake::answering([application(), says(200, registered)]).await;
        let commands = register(&fake.rest, Duty::Read).await.expect("read");
        assert_eq!(commands.mention("deal"), "/deal");
        assert_eq!(commands.mention("help"), "/help");
    }
}

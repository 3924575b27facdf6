//! Many who do the same at once: nobody waits for a connection to the database that somebody holds who waits for another.

use cosell::sandbox::{Forged, Reply};
use futures::future::join_all;

use super::crawl::filled;
use super::manifest::{self, Slash, ids_of};
use super::support::Stage;
use super::twice::fill;

/// More than the connections that read.
const CROWD: usize = 6;

async fn all_at_once(stage: &Stage, what: &str, who: &str, forged: Forged) {
    let person = stage.sandbox.person(who);
    let replies = join_all((0..CROWD).map(|_| person.forge(forged.clone()))).await;
    for reply in replies {
        let well = !matches!(reply, Reply::Refused(_)) && !reply.text().contains("went wrong");
        assert!(well, "{what} by {who}: {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_is_answered_to_everybody_who_gives_it_at_once() {
    let stage = Stage::ready().await;
    fill(&stage, "Northwind").await;
    let ids = ids_of(&stage, "Northwind");
    let wrong = |slash: &Slash| {
        // What can't be read is told above the deal, with what was typed.
        let of = |option: &serde_json::Value| match manifest::text(&option["name"]) {
            "on" | "due" | "until" | "close" | "from" | "amount" if manifest::is_text(option) => {
                serde_json::json!("no such thing")
            }
            _ => manifest::sample(option, &ids),
        };
        slash.data(slash.options.iter().map(|option| manifest::given(option, of(option))).collect())
    };
    for slash in manifest::slash_commands() {
        let name = slash.path.join(" ");
        for who in ["ada", "rita", "newt"] {
            all_at_once(&stage, &name, who, Forged::Command(filled(&slash, &ids))).await;
            all_at_once(&stage, &name, who, Forged::Command(wrong(&slash))).await;
        }
    }
    stage.finish().await;
}

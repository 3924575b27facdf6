//! Many who do the same at once: nobody waits for a connection to the database that somebody holds who waits for another.

use cosell::sandbox::{Forged, Reply};
use futures::future::join_all;

use super::crawl::filled;
use super::malice::ids_of;
use super::manifest::{self, Slash};
use super::support::Stage;

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
    stage.sandbox.put_at_hand(manifest::FILE, manifest::CSV);
    let weekly = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Wednesday time:11:00";
    stage.says("lena", weekly).await;
    for account in ["Globex", "Umbrella"] {
        stage.says("rita", &format!("/deal new account:{account} partner:Initech source:undecided close:3 Nov")).await;
    }
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

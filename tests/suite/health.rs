//! What operators see of the bot over HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::Duration;
use cosell::domain::id::{GuildId, UserId};
use cosell::domain::outgoing::{About, Destination, Outgoing};
use cosell::ops::health::{Gateway, Health, keep_metrics};
use cosell::sandbox::Refusal;
use cosell::store::Workspace;
use cosell::store::commit::Commit;
use serde_json::{Value, json};

use super::support::Stage;

struct Watched {
    base: String,
    connected: Arc<AtomicBool>,
}

async fn watch(stage: &Stage) -> Watched {
    let connected = Arc::new(AtomicBool::new(true));
    let look = Arc::clone(&connected);
    let gateway = Arc::new(move || if look.load(Ordering::SeqCst) { Gateway::Connected } else { Gateway::Down });
    let health = Health::new(stage.bot.app().clone(), gateway, stage.database(), keep_metrics().unwrap());
    let (at, serving) = health.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    tokio::spawn(serving);
    Watched { base: format!("http://{at}"), connected }
}

impl Watched {
    async fn get(&self, path: &str) -> (u16, String) {
        let response = reqwest::get(format!("{}{path}", self.base)).await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    async fn ready(&self) -> (u16, Value) {
        let (status, body) = self.get("/readyz").await;
        (status, serde_json::from_str(&body).unwrap())
    }
}

/// Hands the outbox a message that is due now.
async fn owe_a_message(stage: &Stage) {
    let (app, user) = (stage.bot.app().clone(), UserId(stage.sandbox.person("rita").id().0 as i64));
    let now = app.now();
    let about = About::LateAnswer { user, text: Some("Recorded D-12".to_owned()) };
    let message = Outgoing { about, to: Destination::Direct(user), due_at: now };
    let written = app.store.write(move |connection| {
        let commit = Commit { messages: vec![message.clone()], ..Commit::default() };
        Box::pin(async move { Workspace::writing(GuildId(7), connection).commit(&commit, now).await })
    });
    written.await.unwrap();
}

/// Rule 13, what can't be delivered is seen: here by operators.
#[tokio::test(flavor = "multi_thread")]
async fn rule_13_what_can_not_be_delivered_is_seen_in_the_health_endpoint() {
    let stage = Stage::empty().await;
    let watched = watch(&stage).await;
    assert_eq!(watched.get("/healthz").await, (200, "ok\n".to_owned()));
    let well = json!({"waiting": 0, "oldest_seconds": 0, "parked": 0});
    let all_well = json!({"gateway": "connected", "database": "writable", "messages": well});
    assert_eq!(watched.ready().await, (200, all_well));

    stage.sandbox.refuse(Refusal::answer("POST", "/messages", 500, 0));
    owe_a_message(&stage).await;
    stage.wait(Duration::seconds(1)).await;
    let (status, shown) = watched.ready().await;
    assert_eq!((status, &shown["messages"]), (200, &json!({"waiting": 1, "oldest_seconds": 1, "parked": 0})));

    stage.sandbox.refuse(Refusal::answer("POST", "/messages", 403, 50_001));
    stage.wait(Duration::minutes(1)).await;
    let (_, shown) = watched.ready().await;
    assert_eq!(shown["messages"], json!({"waiting": 0, "oldest_seconds": 0, "parked": 1}));

    watched.connected.store(false, Ordering::SeqCst);
    let (status, shown) = watched.ready().await;
    assert_eq!((status, &shown["gateway"]), (503, &json!("down")));

    let (status, page) = watched.get("/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "cosell_outbox_parked 1",
        "cosell_gateway_connected 0",
        "cosell_discord_calls_total{outcome=\"refused\"}",
        "cosell_deliveries_total{kind=\"late_answer\",outcome=\"parked\"}",
        "cosell_sweep_seconds_bucket{le=\"+Inf\"}",
    ] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
    assert!(!page.contains("Recorded"));
    stage.finish().await;
}

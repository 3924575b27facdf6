//! Rule 4 for what reviews are made of: another workspace's review, meeting, topic or action reads as none.

use cosell::sandbox::{Reply, Shown};

use super::super::meeting::{post, posted_in};
use super::super::support::Stage;

/// The components of a message on a message of the stranger's own, as they stand or naming the stranger's server.
fn forged(carrier: &Shown, of: &Shown, guilds: (&str, &str), rewritten: bool) -> Shown {
    let text = serde_json::to_string(&of.components).unwrap();
    let text = if rewritten { text.replace(guilds.0, guilds.1) } else { text };
    let mut forged = carrier.clone();
    forged.components = serde_json::from_str(&text).unwrap();
    forged
}

fn keeps_quiet(reply: &Reply, of: &str) {
    let said = reply.text();
    for secret in ["Globex", "price list", "terms", "Pipeline review", "Minutes of"] {
        assert!(!said.contains(secret), "{of} revealed {secret}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_another_workspace_s_reviews_meetings_and_actions_read_as_none() {
    let stage = posted_in(Stage::two_workspaces().await).await;
    let agenda = post(&stage);
    stage.presses("lena", &agenda, "Start the review").await;
    stage.wait(chrono::Duration::seconds(1)).await;
    let lena = stage.sandbox.person("lena").at("#reviews");
    let topic = lena.slash("/review add text:Their terms").await.expect_message();
    let act = "/review action text:Send the price list assignee:@ben due:friday deal:D-1";
    let acted = lena.slash(act).await.expect_message();
    let running = post(&stage);
    let mine = stage.says("ben", "/my work").await;
    let ben = stage.sandbox.person("ben");
    let card = ben.pick(&mine, "Done, or dropped", &["Send the price list"]).await.expect_message();
    let open = lena.press(&running, "Open actions").await;
    let drop = ben.press(&card, "Drop…").await.expect_form();
    let before = events(&stage).await;

    let stranger = stage.sandbox.person_in("Southwind", "lena");
    let carrier = stranger.slash("/deal new account:Umbrella partner:Initech source:undecided").await.expect_message();
    let guilds = (stage.guild().to_string(), stranger.guild().to_string());
    let guilds = (guilds.0.as_str(), guilds.1.as_str());
    let shown = [agenda, running, topic, acted, card.clone(), mine].into_iter().chain(open.message().cloned());
    for of in shown {
        for rewritten in [false, true] {
            let forged = forged(&carrier, &of, guilds, rewritten);
            for button in forged.buttons() {
                keeps_quiet(&stranger.press(&forged, &button.label).await, &button.label);
            }
        }
    }
    for rewritten in [false, true] {
        let forged = forged(&carrier, &mine_of(&stage).await, guilds, rewritten);
        keeps_quiet(&stranger.pick(&forged, "Done, or dropped", &["Send the price list"]).await, "the select");
    }
    for id in [drop.custom_id.clone(), drop.custom_id.replace(guilds.0, guilds.1)] {
        let mut form = stranger.slash("/deal update deal:D-1").await.expect_form();
        (form.custom_id, form.fields) = (id, drop.fields.clone());
        let reply = stranger.submit(&form, &[("Why it isn't done any more", "Because")]).await;
        assert!(!reply.text().contains("Saved"), "{}", reply.text());
        keeps_quiet(&reply, "the form");
    }
    for command in ["/review agenda review:Pipeline review", "/review add text:x review:Pipeline review", "/my work"] {
        let said = stranger.slash(command).await.text();
        assert!(!said.contains("Globex") && !said.contains("price list"), "{command}: {said}");
    }
    assert!(stranger.autocomplete("/review agenda review:pip").await.is_empty());
    assert_eq!(events(&stage).await, before, "nothing was changed");
    stage.finish().await;
}

async fn mine_of(stage: &Stage) -> Shown {
    stage.says("ben", "/my work").await
}

/// How many changes the first workspace recorded.
async fn events(stage: &Stage) -> i64 {
    let mut connection = super::connect(&stage.database()).await;
    let query = sqlx::query_scalar("SELECT COUNT(*) FROM event WHERE guild_id = ?").bind(stage.guild());
    query.fetch_one(&mut connection).await.unwrap()
}

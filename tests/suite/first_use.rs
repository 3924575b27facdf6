//! The line more that a person reads the first time they use a command.

use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::support::Stage;

const GLOBEX: &str = "/deal new account:Globex partner:Initech source:Undecided";

async fn noted(stage: &Stage, user: &str) -> i64 {
    let options = SqliteConnectOptions::new().filename(stage.database()).read_only(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::query_scalar("SELECT COUNT(*) FROM first_use WHERE user_id = ?")
        .bind(i64::try_from(stage.sandbox.person(user).id().0).unwrap())
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_person_reads_it_once_a_command_whatever_restarts() {
    let mut stage = Stage::ready().await;
    let first = stage.says("rita", GLOBEX).await.text();
    let line = "First time with /deal new: /deal update tells how it goes on. Undo takes it back for 60 seconds.";
    assert!(first.contains(line), "{first}");
    let second = stage.says("rita", "/deal new account:Umbrella partner:Initech source:Undecided").await.text();
    assert!(!second.contains("First time"), "{second}");
    let view = stage.says("rita", "/deal view deal:D-1").await.text();
    assert!(view.contains("First time with /deal view") && !view.contains("Undo takes"), "{view}");
    stage = stage.restart().await;
    let view = stage.says("rita", "/deal view deal:D-1").await.text();
    assert!(!view.contains("First time"), "{view}");
    let other = stage.says("ben", "/deal view deal:D-1").await.text();
    assert!(other.contains("First time with /deal view"), "everybody by themselves: {other}");
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stands_in_no_post_no_shared_answer_and_under_no_refusal() {
    let stage = Stage::ready().await;
    let refused = stage.says("rita", "/deal view deal:D-9").await.text();
    assert!(!refused.contains("First time"), "{refused}");
    stage.says("rita", GLOBEX).await;
    for refused in ["/deal snooze deal:D-1 until:+90d why:A fair", "/deal stage deal:D-1 stage:Qualified", GLOBEX] {
        let said = stage.says("rita", refused).await.text();
        assert!(!said.contains("First time"), "{refused}: {said}");
    }
    let shared = stage.says("rita", "/deal view deal:D-1 share:true").await;
    assert!(!shared.ephemeral && !shared.text().contains("First time"), "{}", shared.text());
    let alone = stage.says("rita", "/deal view deal:D-1").await;
    assert!(alone.ephemeral && alone.text().contains("First time with /deal view"), "{}", alone.text());
    let nobody = stage.says("newt", "/deal view deal:D-1").await.text();
    assert!(!nobody.contains("First time"), "who may not use it has not used it: {nobody}");
    stage.wait(chrono::Duration::days(9)).await;
    for channel in stage.sandbox.channels() {
        let public = stage.sandbox.channel(&channel).into_iter().filter(|shown| !shown.ephemeral);
        for shown in public {
            assert!(!shown.text().contains("First time"), "{channel}: {}", shown.text());
        }
    }
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_forgotten_leaves_nothing_of_it() {
    let stage = Stage::ready().await;
    for command in ["/help", "/help topic:deals", "/my settings"] {
        stage.says("ben", command).await;
    }
    assert_eq!(noted(&stage, "ben").await, 2);
    let refused = stage.says("ada", "/cosell forget person person:@ben").await.text();
    assert!(refused.contains("nothing"), "he only looked: {refused}");
    assert_eq!(noted(&stage, "ben").await, 0);
    stage.says("rita", "/deal new account:Globex partner:Initech source:Undecided owner:@lena").await;
    assert_eq!(noted(&stage, "rita").await, 1);
    let asked = stage.says("ada", "/cosell forget person person:@rita").await;
    let done = stage.presses("ada", &asked, "Forget").await;
    assert!(done.text().contains("Former member"), "{}", done.text());
    assert_eq!(noted(&stage, "rita").await, 0);
    let again = stage.says("rita", "/help").await.text();
    assert!(again.contains("First time with /help"), "she is new here: {again}");
    let asked = stage.says("ada", "/cosell forget workspace").await;
    let form = stage.sandbox.person("ada").press(&asked, "Forget").await.expect_form();
    stage.sandbox.person("ada").submit(&form, &[("name", "Northwind")]).await.expect_message();
    assert_eq!((noted(&stage, "rita").await, noted(&stage, "ada").await), (0, 0));
    stage.finish().await;
}

use super::support::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_connects_and_says_that_it_is_not_set_up() {
    let stage = Stage::empty().await;
    let shown = stage.says("rita", "/deal new account:Globex partner:Initech source:undecided").await;
    assert!(shown.text().contains("isn't set up"), "{}", shown.text());
    stage.finish().await;
}

//! The page itself: who sees what, what is unread, the first steps.

use cosell::sandbox::story::SETUP;

use super::driver::Browser;
use super::support::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn every_first_step_does_what_it_says() {
    let Some(browser) = Browser::open(Stage::empty().await, "ada").await else { return };
    browser.looks("first-1-empty").await;
    let step = |number: usize| format!("//*[@id='steps']//li[{number}]/button");
    browser.clicks(&step(1)).await;
    browser.clicks("//*[@id='send']").await;
    browser.sees("Pipeline channel").await;
    browser.looks("first-2-setup").await;
    for (menu, value) in SETUP {
        browser
            .clicks(&format!("//ol[@id='messages']//select[starts-with(@aria-label, '{menu}')]/option[.='{value}']"))
            .await;
        browser.until(&format!("{value} is taken"), "return !document.querySelector('.busy')").await;
    }
    browser.presses("Finish setup").await;
    browser.sees("Setup is finished").await;
    browser.looks("first-3-ready").await;
    browser.presses("Schedule it").await;
    browser.sees("✓ Pipeline review").await;
    for (number, words) in [(2, "Initech is a partner now"), (3, "Saved as D-1 Globex")] {
        browser.clicks(&step(number)).await;
        browser.clicks("//*[@id='send']").await;
        browser.sees(words).await;
    }
    browser.clicks(&step(4)).await;
    browser.hears_what_happened().await;
    browser.looks("first-4-meanwhile").await;
    browser.clicks(&step(5)).await;
    browser
        .until("one is rita", "return document.querySelector('.person[aria-current]')?.dataset.key === 'rita'")
        .await;
    browser.clicks(&step(6)).await;
    browser.hears_what_happened().await;
    browser.clicks(&step(7)).await;
    browser.clicks("//*[@id='send']").await;
    browser.sees("D-1").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_private_is_seen_by_one_person_and_what_is_unread_is_marked() {
    let Some(browser) = Browser::open(Stage::ready().await, "rita").await else { return };
    browser.goes("general").await;
    browser.says("/deal new account:Globex partner:Initech source:undecided amount:10k").await;
    browser.sees("Saved as D-1").await;
    browser.moves_clock("hour").await;
    browser
        .until(
            "the team's line is unread",
            "return document.querySelector('.channel.unread .label')?.textContent === 'pipeline'",
        )
        .await;
    browser.becomes("ben").await;
    let others = browser.run("return document.querySelector('#messages').innerText").await;
    assert_eq!(others, "", "ben sees what only rita may");
    browser.goes("pipeline").await;
    browser.sees("D-1 Globex").await;
    let unread =
        "return [...document.querySelectorAll('.channel.unread .label')].map((label) => label.textContent).join()";
    browser.until("it is read", &format!("{unread} === ''")).await;
    browser.becomes("newt").await;
    browser.looks("newcomer").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_that_is_started_again_is_met_by_the_open_page_as_a_new_world() {
    let Some(mut browser) = Browser::open(Stage::ready().await, "rita").await else { return };
    browser.goes("general").await;
    browser.says("Globex signed").await;
    browser.sees("Globex signed").await;
    browser.loses_sandbox().await;
    let told = browser.run("return document.querySelector('#trouble').textContent").await;
    assert!(told.as_str().unwrap().contains("Start it again"), "{told}");
    browser.gets_sandbox(Stage::ready().await).await;
    let gone =
        "return document.querySelector('#trouble').hidden && document.querySelector('#messages').innerText === ''";
    browser.until("it is a new world", gone).await;
    browser.becomes("ben").await;
    browser.says("A new day").await;
    browser.sees("A new day").await;
    browser.goes("pipeline").await;
    browser.becomes("rita").await;
    let unread = "return document.querySelector('.channel.unread .label')?.textContent === 'general'";
    browser.until("what was read is forgotten", unread).await;
    browser.finish().await;
}

//! Everything can be done with the keyboard alone.

use fantoccini::key::Key;

use super::driver::Browser;
use super::support::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_recorded_and_undone_without_a_mouse() {
    let Some(browser) = Browser::open(Stage::ready().await, "rita").await else { return };
    browser.key(Key::Tab).await;
    let first = browser.run("return document.activeElement.textContent").await;
    assert_eq!(first, "Skip to the message field");
    browser.key(Key::Enter).await;
    browser.until("the field has the focus", "return document.activeElement.id === 'composer-text'").await;
    browser.types("/deal ne").await;
    browser
        .until(
            "it is offered",
            "return document.querySelector('#hints-list [aria-selected=true]')?.textContent.startsWith('/deal new')",
        )
        .await;
    browser.key(Key::Enter).await;
    browser.types("Globex").await;
    browser.key(Key::Tab).await;
    let focused = "return document.activeElement.dataset.option";
    if browser.run(focused).await == "account" {
        browser.key(Key::Tab).await;
    }
    browser.until("partner is next", "return document.activeElement.dataset.option === 'partner'").await;
    browser.types("ini").await;
    browser
        .until(
            "Initech is offered",
            "return document.querySelector('#hints-list [aria-selected=true]')?.textContent.includes('Initech')",
        )
        .await;
    browser.key(Key::Enter).await;
    browser.until("source is next", "return document.activeElement.dataset.option === 'source'").await;
    browser.types("und").await;
    browser.key(Key::Enter).await;
    browser.until("the rest is next", "return document.activeElement.id === 'composer-text'").await;
    browser.key(Key::Enter).await;
    browser.sees("Saved as D-1 Globex").await;
    for _ in 0..40 {
        browser.types(&format!("{}{}", char::from(Key::Shift), char::from(Key::Tab))).await;
        if browser.run("return document.activeElement.textContent").await == "Undo" {
            break;
        }
    }
    browser.key(Key::Enter).await;
    browser.sees("Taken back").await;
    browser.finish().await;
}

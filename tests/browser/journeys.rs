//! What people come for, from end to end.

use super::driver::Browser;
use super::support::Stage;

const GLOBEX: &str = "/deal new account:Globex partner:Initech source:sourced evidence:Maria at Initech introduced us \
                      amount:120k close:+45d next_step:Discovery call due:+2d";
const ACME: &str = "/deal new account:Acme partner:Hooli source:undecided amount:45k close:+30d";
const REVIEW: &str = "/review schedule name:Pipeline channel:#pipeline every:week weekday:thursday time:10:00";

/// A workspace with two deals and a review.
async fn in_use() -> Stage {
    let stage = Stage::ready().await;
    stage.says("rita", GLOBEX).await;
    stage.says("ben", ACME).await;
    stage.says("lena", REVIEW).await;
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_recorded_with_autocomplete() {
    let Some(browser) = Browser::open(Stage::ready().await, "rita").await else { return };
    browser.goes("general").await;
    browser.clicks("//*[@id='composer-text']").await;
    browser.types("/deal n").await;
    browser
        .until(
            "commands are offered",
            "return document.querySelector('#hints-list li')?.textContent.startsWith('/deal new')",
        )
        .await;
    browser.looks("record-1-commands").await;
    browser.clicks("//*[@id='hints-list']/li[span='/deal new']").await;
    browser.types("Globex").await;
    browser.clicks("//label[@class='chip'][span='partner']/input").await;
    browser.types("ini").await;
    browser.clicks("//*[@id='hints-list']/li[contains(., 'Initech')]").await;
    browser.clicks("//*[@id='hints-list']/li[starts-with(., 'Sourced') or starts-with(., 'sourced')]").await;
    browser.clicks("//*[@id='composer-text']").await;
    browser.looks("record-2-options").await;
    for (option, value) in [("evidence", "Maria introduced us"), ("amount", "120k"), ("close", "+45d")] {
        browser.clicks(&format!("//*[@id='hints-list']/li[span='{option}']")).await;
        browser.types(value).await;
        browser.clicks("//*[@id='composer-text']").await;
    }
    browser.clicks("//*[@id='send']").await;
    browser.sees("Saved as D-1 Globex · Initech: sourced by Initech").await;
    browser.looks("record-3-answer").await;
    let deal = browser.stage.says("rita", "/deal view deal:D-1").await.text();
    assert!(deal.contains("$120,000") && deal.contains("Maria introduced us"), "{deal}");
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_brought_up_to_date_by_a_form() {
    let Some(browser) = Browser::open(in_use().await, "rita").await else { return };
    browser.goes("general").await;
    browser.says("/deal update deal:D-1").await;
    browser.gets_form().await;
    browser.looks("update-1-form").await;
    browser.types("They liked the demo").await;
    browser.clicks("//label[contains(., 'Due')]/input").await;
    browser.run("document.activeElement.select()").await;
    browser.types("yesterday was fine").await;
    browser.submits().await;
    browser.sees("yesterday was fine").await;
    browser.looks("update-2-refused").await;
    browser.says("/deal update deal:D-1 note:They liked the demo due:+4d").await;
    browser.sees("They liked the demo").await;
    browser.looks("update-3-saved").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_deal_pings_its_owner_who_acts_on_it_there() {
    let Some(browser) = Browser::open(in_use().await, "rita").await else { return };
    browser.goes("general").await;
    for _ in 0..8 {
        browser.moves_clock("digest").await;
        let told = browser.run("return document.querySelector('#meanwhile').innerText").await;
        if told.as_str().unwrap_or_default().contains("D-1 Globex, next step") {
            break;
        }
    }
    browser.looks("stall-1-meanwhile").await;
    browser.clicks("//*[@id='meanwhile']//button[contains(., 'D-1 Globex, next step')]").await;
    browser.until("it is shown", "return document.querySelector('.message.pings') !== null").await;
    browser.looks("stall-2-ping").await;
    browser.presses("Show mine").await;
    browser.sees("Only you can see this").await;
    browser.looks("stall-3-mine").await;
    browser.presses("Done → next step").await;
    browser.gets_form().await;
    browser.run("document.querySelectorAll('#form [data-field]').forEach((field) => { field.value = '' })").await;
    browser.clicks("(//dialog[@id='form']//label)[1]//*[self::input or self::textarea]").await;
    browser.types("Send the proposal").await;
    browser.clicks("(//dialog[@id='form']//label)[2]//*[self::input or self::textarea]").await;
    browser.types("+5d").await;
    browser.submits().await;
    browser.sees("Send the proposal").await;
    browser.looks("stall-4-done").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_run_from_its_post_to_its_minutes() {
    let Some(browser) = Browser::open(in_use().await, "lena").await else { return };
    browser.moves_clock("review").await;
    browser.goes("pipeline").await;
    browser.sees("Start").await;
    browser.looks("review-1-agenda").await;
    browser.presses("Start the review").await;
    browser.sees("card 1 of").await;
    browser.looks("review-2-card").await;
    browser.presses("Decide").await;
    browser.gets_form().await;
    browser.types("Initech brings its architect").await;
    browser.submits().await;
    browser.presses("Close the review").await;
    browser.goes("Minutes: Pipeline").await;
    browser.sees("Initech brings its architect").await;
    browser.looks("review-3-minutes").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_s_deals_are_handed_over() {
    let Some(browser) = Browser::open(in_use().await, "lena").await else { return };
    browser.goes("general").await;
    browser.says("/handover plan from:@rita").await;
    browser.sees("D-1").await;
    browser.looks("handover-1-plan").await;
    browser.says("/handover start from:@rita to:@ben note:Rita moves to marketing").await;
    browser.sees("ben").await;
    browser.looks("handover-2-started").await;
    browser.moves_clock("hour").await;
    browser.becomes("ben").await;
    browser.goes("nudges").await;
    browser.presses("Accept D-1").await;
    browser.sees("D-1 is yours now").await;
    browser.looks("handover-3-accepted").await;
    browser.finish().await;
}

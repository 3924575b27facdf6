//! The sandbox's page over HTTP: who may ask it, what is sent with it, and what people do there.

use cosell::sandbox::page::Page;
use reqwest::header::{CONTENT_SECURITY_POLICY, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use reqwest::{Client, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::Stage;

async fn page(stage: &Stage) -> Page {
    Page::serve(stage.sandbox.clone(), 0).await.unwrap()
}

async fn asked(url: String, headers: &[(HeaderName, &str)]) -> StatusCode {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect();
    Client::new().get(url).headers(headers).send().await.unwrap().status()
}

async fn deed(page: &Page, deed: Value) -> Value {
    let sent = Client::new().post(format!("{}/deed", page.url())).json(&deed).send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::OK, "{deed}");
    sent.json().await.unwrap()
}

async fn view(page: &Page, who: &str, channel: &Value) -> Value {
    let query = [("as", who), ("channel", channel.as_str().unwrap())];
    Client::new().get(format!("{}/view", page.url())).query(&query).send().await.unwrap().json().await.unwrap()
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

#[rstest]
#[case::a_name_that_leads_here(HOST, "evil.example:PORT")]
#[case::another_port(HOST, "127.0.0.1:1")]
#[case::another_site(ORIGIN, "https://evil.example")]
#[case::another_page_of_this_machine(ORIGIN, "http://127.0.0.1:1")]
#[case::a_page_of_no_origin(ORIGIN, "null")]
#[case::a_picture_in_another_site(FETCH_SITE, "cross-site")]
#[case::another_page_of_the_same_site(FETCH_SITE, "same-site")]
#[tokio::test]
async fn what_another_site_has_a_browser_ask_is_refused(#[case] header: HeaderName, #[case] value: &str) {
    let stage = Stage::empty().await;
    let page = page(&stage).await;
    let port = page.url().rsplit(':').next().unwrap().to_owned();
    let value = value.replace("PORT", &port);
    for path in ["/view", "/live", "/commands", "/files/1/0"] {
        let refused = asked(format!("{}{path}", page.url()), &[(header.clone(), &value)]).await;
        assert_eq!(refused, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(asked(format!("{}/view", page.url()), &[]).await, StatusCode::OK);
    stage.finish().await;
}

#[tokio::test]
async fn the_page_is_served_on_loopback_and_runs_nothing_but_its_own_script() {
    let stage = Stage::empty().await;
    let page = page(&stage).await;
    assert!(page.url().starts_with("http://127.0.0.1:"), "{}", page.url());
    let got = Client::new().get(page.url()).send().await.unwrap();
    let policy = got.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let markup = got.text().await.unwrap();
    assert!(!markup.contains("http://") && !markup.contains("https://"), "it loads something from elsewhere");
    let link = [(FETCH_SITE, "cross-site")];
    assert_eq!(asked(page.url(), &link).await, StatusCode::OK, "a link from elsewhere opens it");
    let taken: u16 = page.url().rsplit(':').next().unwrap().parse().unwrap();
    let other = Page::serve(stage.sandbox.clone(), taken).await.unwrap();
    assert_ne!(other.url(), page.url(), "a port that is taken leaves another one");
    stage.finish().await;
}

#[tokio::test]
async fn a_command_typed_on_the_page_reaches_the_bot_and_its_answer_one_person() {
    let stage = Stage::ready().await;
    let page = page(&stage).await;
    let rita = stage.sandbox.person("rita").at("#general");
    let here = json!(rita.here());
    let options = [["account", "Bits \"partner:\" Inc"], ["partner", "Initech"], ["source", "undecided"]];
    let new = json!({"as": "rita", "channel": here, "do": "command", "path": ["deal", "new"], "options": options});
    let answer = deed(&page, new).await;
    assert_eq!((&answer["kind"], &answer["channel"]), (&json!("message"), &here));
    let seen = view(&page, "rita", &here).await;
    let message = seen["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&message["id"], &message["is_private"]), (&answer["message"], &json!(true)));
    assert_eq!(message["answers"], json!({"who": "rita", "command": "deal new"}));
    assert!(message["content"].as_str().unwrap().contains("Bits \"partner:\" Inc"), "quotes are kept: {message}");
    assert_eq!(view(&page, "ben", &here).await["messages"], json!([]), "ben sees what only rita may");
    let missing = json!({"as": "rita", "channel": here, "do": "command", "path": ["deal", "new"], "options": []});
    let why = deed(&page, missing).await;
    assert_eq!((&why["kind"], &why["why"]), (&json!("client"), &json!("Still needed: account, partner, source")));
    stage.finish().await;
}

#[tokio::test]
async fn time_goes_on_to_the_next_review_only_where_there_is_one() {
    let stage = Stage::ready().await;
    let page = page(&stage).await;
    let pass = async |to: &str| -> Value {
        let sent = Client::new().post(format!("{}/pass", page.url())).json(&json!({"as": "lena", "to": to}));
        sent.send().await.unwrap().json().await.unwrap()
    };
    let none = pass("review").await;
    assert!(none["why"].as_str().unwrap().contains("/review schedule"), "{none}");
    assert_eq!(none["now"], json!("2026-11-02T10:15:00Z"), "one that was just scheduled is waited for, and no longer");
    let day = "every:week weekday:thursday time:10:00";
    stage.says("lena", &format!("/review schedule name:Pipeline channel:#pipeline {day}")).await;
    let passed = pass("review").await;
    assert_eq!((&passed["now"], &passed["why"]), (&json!("2026-11-05T10:00:00Z"), &Value::Null));
    let agenda = &passed["happened"][0];
    assert_eq!((&agenda["place"], &agenda["at"]), (&json!("#pipeline"), &json!("2026-11-05T09:00:00Z")));
    let next = pass("review").await;
    assert_eq!(next["now"], json!("2026-11-12T10:00:00Z"));
    stage.finish().await;
}

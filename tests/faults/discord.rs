//! A Discord that refuses, breaks off and falls silent: everything is delivered afterwards, nothing twice, and meanwhile
//! no more is asked than backing off allows.

use std::collections::BTreeSet;
use std::time::Duration as Real;

use chrono::Duration;
use cosell::sandbox::{Mode, Refusal, Reply, Request, Scope, permission};
use rstest::rstest;

use super::seed::{chance, rounds};
use super::support::{Stage, openapi};

/// Accounts that are unlike each other, or each would be asked about.
const ACCOUNTS: [&str; 8] = ["Globex", "Umbrella", "Soylent", "Tyrell", "Wonka", "Vandelay", "Cyberdyne", "Stark"];
const POSTS: &str = "/messages";

/// Deals whose lines are due in the pipeline channel ten minutes later, and whose owner is reminded two days later.
async fn record(stage: &Stage, accounts: &[&str]) {
    for account in accounts {
        let new = format!("/deal new account:{account} partner:Initech source:undecided next_step:Call due:+1d");
        let said = stage.says("rita", &new).await.text();
        assert!(said.contains("D-"), "{said}");
    }
}

/// Every deal's line stands in the pipeline channel once.
fn each_is_told_once(stage: &Stage, accounts: &[&str]) {
    let lines = stage.reads("#pipeline");
    for account in accounts {
        let told = lines.iter().filter(|line| line.contains(account)).count();
        assert_eq!(told, 1, "{account}: {lines:#?}");
    }
    assert_eq!(lines.len(), accounts.len(), "{lines:#?}");
}

/// The posts that were asked for.
fn posts(stage: &Stage) -> Vec<Request> {
    let mut requests = stage.sandbox.requests();
    requests.retain(|request| request.method == "POST" && request.path.ends_with(POSTS));
    requests
}

/// How many calls there were whose paths have a part.
fn calls(stage: &Stage, part: &str) -> usize {
    stage.sandbox.requests().iter().filter(|request| request.path.contains(part)).count()
}

/// How often each message was tried, by its nonce.
fn tries(stage: &Stage) -> Vec<usize> {
    let posts = posts(stage);
    let nonces: BTreeSet<&str> = posts.iter().filter_map(|post| post.body["nonce"].as_str()).collect();
    let of = |nonce: &&str| posts.iter().filter(|post| post.body["nonce"] == **nonce).count();
    nonces.iter().map(of).collect()
}

/// A limit of a kind that Discord tells of how to wait out.
fn limit(scope: Scope) -> Refusal {
    Refusal::answer("POST", POSTS, 429, 0).retry_after(Real::from_secs(1)).over(scope)
}

#[rstest]
#[case::by_route(Scope::Channel)]
#[case::global(Scope::Global)]
#[case::shared(Scope::Shared)]
#[tokio::test(flavor = "multi_thread")]
async fn what_meets_a_limit_comes_when_it_is_over_once(#[case] scope: Scope) {
    let stage = Stage::ready().await;
    record(&stage, &ACCOUNTS[..3]).await;
    stage.sandbox.refuse(limit(scope).times(4));
    stage.wait(Duration::minutes(11)).await;
    each_is_told_once(&stage, &ACCOUNTS[..3]);
    let refused = posts(&stage).iter().filter(|post| post.status == 429).count();
    assert!(refused <= 4 && posts(&stage).len() == refused + 3, "{:?}", tries(&stage));
    stage.finish().await;
}

/// For how long Discord does not say: real time, since limits are Discord's own.
#[rstest]
#[case::not_told(Refusal::answer("POST", POSTS, 429, 0))]
#[case::not_readable(Refusal::answer("POST", POSTS, 429, 0).header("retry-after", "soon"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_untold_length_is_waited_out_without_asking_again(#[case] refusal: Refusal) {
    const UNTOLD: Real = Real::from_secs(30);
    let stage = Stage::ready().await;
    record(&stage, &ACCOUNTS[..2]).await;
    stage.sandbox.refuse(refusal);
    stage.wait(Duration::minutes(11)).await;
    let met = tokio::time::Instant::now();
    assert_eq!(posts(&stage).len(), 1, "whatever virtual time passes, Discord is not asked again");
    assert_eq!(stage.reads("#pipeline"), Vec::<String>::new());
    // Nothing happens meanwhile that could be waited for: the wait itself is what is tested.
    tokio::time::sleep_until(met + UNTOLD - Real::from_secs(8)).await;
    stage.wait(Duration::minutes(2)).await;
    assert!(met.elapsed() >= UNTOLD - Real::from_secs(1), "{:?}", met.elapsed());
    each_is_told_once(&stage, &ACCOUNTS[..2]);
    assert_eq!(posts(&stage).len(), 3);
    stage.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_minutes_of_errors_delay_everything_and_lose_nothing() {
    let mut rng = chance("discord");
    for _ in 0..rounds(1) {
        let stage = Stage::ready().await;
        record(&stage, &ACCOUNTS[..5]).await;
        stage.wait(Duration::minutes(9)).await;
        let status = rng.choice([500, 502, 503, 504]).unwrap_or(500);
        stage.sandbox.refuse(Refusal::answer("", "/channels/", status, 0).times(usize::MAX));
        let before = calls(&stage, "/channels/");
        record(&stage, &ACCOUNTS[5..]).await;
        stage.wait(Duration::minutes(11)).await;
        assert_eq!(stage.reads("#pipeline"), Vec::<String>::new());
        // At 0, 5, 15, 35, 75, 155, 315 and 635 seconds, and no more often; from two minutes on it is first looked for.
        let asked = calls(&stage, "/channels/") - before;
        assert!((8 * 4..=8 * 8).contains(&asked), "{asked} calls, posts: {:?}", tries(&stage));
        let meanwhile = posts(&stage).len();
        stage.sandbox.forgive();
        stage.wait(Duration::minutes(22)).await;
        each_is_told_once(&stage, &ACCOUNTS);
        assert_eq!(posts(&stage).len(), meanwhile + ACCOUNTS.len(), "each once more: {:?}", tries(&stage));
        stage.finish().await;
    }
}

/// Ways in which a post arrives, and nobody is told so.
#[rstest]
#[case::reset(Mode::AcceptThenClose)]
#[case::unreadable(Mode::AcceptThenGarble)]
#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_arrived_unnoticed_is_not_repeated(#[case] mode: Mode) {
    let stage = Stage::ready().await;
    record(&stage, &ACCOUNTS[..3]).await;
    stage.sandbox.refuse(Refusal::silent("POST", POSTS, mode).times(3));
    stage.wait(Duration::minutes(12)).await;
    each_is_told_once(&stage, &ACCOUNTS[..3]);
    assert!(tries(&stage).iter().all(|tries| *tries <= 4), "{:?}", tries(&stage));
    stage.finish().await;
}

/// The same, when Discord has forgotten the nonce by the time that it can be asked again.
#[rstest]
#[case::reset(Mode::AcceptThenClose)]
#[case::unreadable(Mode::AcceptThenGarble)]
#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_arrived_unnoticed_long_ago_is_found_again(#[case] mode: Mode) {
    let stage = Stage::ready().await;
    record(&stage, &ACCOUNTS[..2]).await;
    stage.sandbox.refuse(Refusal::silent("POST", POSTS, mode).times(2));
    // Reading and posting fail for longer than a nonce is kept.
    stage.sandbox.refuse(Refusal::answer("", "/channels/", 503, 0).times(usize::MAX));
    stage.wait(Duration::minutes(30)).await;
    stage.sandbox.forgive();
    stage.wait(Duration::minutes(21)).await;
    each_is_told_once(&stage, &ACCOUNTS[..2]);
    stage.finish().await;
}

/// Where our own messages can't be read, nobody can tell: an agenda is posted all the same, a reminder is left.
#[tokio::test(flavor = "multi_thread")]
async fn rule_5_and_6_where_nobody_can_tell_an_agenda_is_posted_and_a_reminder_is_left() {
    let stage = Stage::ready().await;
    let schedule = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Wednesday time:11:00";
    stage.says("lena", schedule).await;
    record(&stage, &ACCOUNTS[..1]).await;
    for channel in ["#reviews", "#nudges"] {
        stage.sandbox.set_permissions(channel, permission::READ_MESSAGE_HISTORY);
    }
    stage.wait_until("2026-11-04T08:55:00Z").await;
    stage.sandbox.refuse(Refusal::answer("POST", POSTS, 503, 0).times(usize::MAX));
    stage.wait_until("2026-11-04T10:20:00Z").await;
    stage.sandbox.forgive();
    stage.wait_until("2026-11-04T11:00:00Z").await;
    assert_eq!(stage.sandbox.channel("#reviews").len(), 1, "the agenda");
    assert_eq!(stage.reads("#nudges"), Vec::<String>::new());
    let doctor = stage.says("ada", "/cosell doctor").await.text();
    assert!(doctor.contains("whether it arrived"), "{doctor}");
    stage.finish().await;
}

/// A call that is never answered is given up after ten seconds of real time.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_answers_holds_nothing_up_but_its_own_channel() {
    let stage = Stage::ready().await;
    let schedule = "/review schedule name:Weekly channel:#reviews every:Every week weekday:Monday time:11:12";
    stage.says("lena", schedule).await;
    record(&stage, &ACCOUNTS[..1]).await;
    let pipeline = stage.sandbox.channel_id(stage.sandbox.guild_id("Northwind"), "#pipeline").expect("a channel");
    stage.sandbox.refuse(Refusal::silent("POST", &format!("{pipeline}{POSTS}"), Mode::Hang));
    stage.wait(Duration::minutes(11)).await;
    // The line is tried again five virtual seconds later.
    stage.wait(Duration::minutes(2)).await;
    each_is_told_once(&stage, &ACCOUNTS[..1]);
    assert_eq!(posts(&stage).iter().filter(|post| post.status == 0).count(), 1);
    assert_eq!(stage.sandbox.channel("#reviews").len(), 1, "the agenda of another channel");
    stage.finish().await;
}

const CALLBACK: &str = "/callback";

/// How an answer to a command fails once: with a status, or without an answer.
fn failing(what: &str) -> Refusal {
    let answer = |status| Refusal::answer("POST", CALLBACK, status, 0);
    match what {
        "limited" => answer(429).retry_after(Real::from_secs(60)),
        "error" => answer(503),
        "closed" => Refusal::silent("POST", CALLBACK, Mode::CloseWithoutAnswer),
        "taken" => Refusal::silent("POST", CALLBACK, Mode::AcceptThenClose),
        _ => Refusal::silent("POST", CALLBACK, Mode::AcceptThenGarble),
    }
}

/// An answer whose outcome is not known is given once more, and Discord says if it had it.
#[rstest]
#[case("error")]
#[case("closed")]
#[case("taken")]
#[case("garbled")]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_failed_once_is_given_once(#[case] what: &str) {
    let stage = Stage::ready().await;
    // A status says enough of an answer.
    let times = if what == "garbled" { 1 } else { 2 };
    for (n, account) in (1..).zip(&ACCOUNTS[..2]) {
        stage.sandbox.refuse(failing(what));
        let new = format!("/deal new account:{account} partner:Initech source:undecided");
        let said = stage.says("rita", &new).await.text();
        assert!(said.contains("Saved as D-"), "{said}");
        // One that was taken is seen before it is given again.
        let again = stage.sandbox.wait_until(Real::from_secs(5), |_| answers(&stage) == times * n).await;
        assert!(again, "each is given {times} times, and no more: {}", answers(&stage));
    }
    stage.sandbox.quiet().await;
    assert_eq!(stage.sandbox.person("rita").private().len(), 2, "an answer each");
    assert_eq!(stage.reads("#nudges"), Vec::<String>::new(), "and nothing is told in another way");
    openapi::check(&stage.sandbox.requests());
    let unexpected: Vec<String> = stage.sandbox.unexpected();
    assert!(unexpected.iter().all(|said| said.contains("40060")), "it only asked again: {unexpected:?}");
}

/// How often it was tried to answer that a deal is saved.
fn answers(stage: &Stage) -> usize {
    let requests = stage.sandbox.requests();
    let callbacks = requests.iter().filter(|request| request.path.ends_with(CALLBACK));
    callbacks.filter(|request| request.body.to_string().contains("Saved as")).count()
}

/// One that can't be given within Discord's three seconds is told in the nudge channel, once.
#[rstest]
#[case("limited", 1)]
#[case("error", 9)]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_can_not_be_given_is_told_once(#[case] what: &str, #[case] times: usize) {
    let stage = Stage::ready().await;
    stage.sandbox.refuse(failing(what).times(times));
    let new = "/deal new account:Globex partner:Initech source:undecided";
    let reply = stage.sandbox.person("rita").slash(new).await;
    assert!(matches!(reply, Reply::Refused(_)), "{reply:?}");
    stage.sandbox.forgive();
    stage.sandbox.quiet().await;
    stage.wait(Duration::seconds(1)).await;
    let told = stage.reads("#nudges");
    assert!(told.len() == 1 && told[0].contains("Saved as D-1 Globex"), "{told:?}");
    assert!(answers(&stage) <= 2, "no storm: {}", answers(&stage));
    let unexpected = stage.sandbox.unexpected();
    assert!(unexpected.iter().all(|said| said.ends_with("was never answered")), "{unexpected:?}");
}

/// A call that hangs outlives the three seconds, so that its answer is told in another way.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_hangs_is_told_once() {
    let stage = Stage::ready().await;
    stage.sandbox.refuse(Refusal::silent("POST", CALLBACK, Mode::Hang));
    let new = "/deal new account:Globex partner:Initech source:undecided";
    let reply = stage.sandbox.person("rita").slash(new).await;
    assert!(matches!(reply, Reply::Refused(_)), "{reply:?}");
    let told = stage.sandbox.wait_for("#nudges", Real::from_secs(20), |shown| shown.text().contains("Saved as D-1"));
    assert!(told.await.is_some(), "{:?}", stage.reads("#nudges"));
    assert_eq!(stage.reads("#nudges").len(), 1);
    let unexpected = stage.sandbox.unexpected();
    assert!(
        unexpected.iter().all(|said| said.ends_with("was never answered") || said.contains("10062")),
        "{unexpected:?}"
    );
}

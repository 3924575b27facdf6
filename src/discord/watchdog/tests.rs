//! The watchdog by the second.

use rstest::rstest;
use serenity::gateway::ConnectionStage as Stage;

use super::*;

const LIMITS: Limits = Limits {
    silence: Duration::from_secs(100),
    unconnected: Duration::from_secs(60),
    attempts: 2,
    look: Duration::from_millis(1),
};
const GONE: Sight = Sight::Gone;
const BOOTED: Sight = Sight::Booted;
const READY: Sight = Sight::At(Stage::Connected, None);
const RESUMING: Sight = Sight::At(Stage::Resuming, Some(Duration::from_millis(20)));
const IDENTIFYING: Sight = Sight::At(Stage::Identifying, None);
const HANDSHAKE: Sight = Sight::At(Stage::Handshake, None);

/// A connected shard whose last heartbeat took so long.
fn alive(millis: u64) -> Sight {
    Sight::At(Stage::Connected, Some(Duration::from_millis(millis)))
}

/// Runs a script of (second, what shard 0 shows from then on), with a look each second; the second of the end.
fn run(script: &[(u64, Sight)], until: u64) -> Option<(u64, End)> {
    let start = Instant::now();
    let mut dog = Watchdog::new(LIMITS, [0], start);
    (0..=until).find_map(|second| {
        let now = start + Duration::from_secs(second);
        let shown = script.iter().filter(|(at, _)| *at == second);
        let refused = shown.fold(None, |end, (_, sight)| end.or(dog.see(0, *sight, now)));
        refused.or_else(|| dog.check(now)).map(|end| (second, end))
    })
}

#[rstest]
#[case::never_connected(&[], Some((60, End::Silent)))]
#[case::booted_and_never_ready(&[(1, BOOTED)], Some((60, End::Silent)))]
#[case::ready_then_silent(&[(1, BOOTED), (2, READY)], Some((102, End::Silent)))]
#[case::acknowledged_once_then_silent(&[(1, BOOTED), (2, READY), (43, alive(20))], Some((143, End::Silent)))]
#[case::the_same_latency_is_no_sign(&[(2, READY), (43, alive(20)), (84, alive(20))], Some((143, End::Silent)))]
#[case::each_heartbeat_is_a_sign(&[(2, READY), (43, alive(20)), (84, alive(21)), (125, alive(19))], None)]
#[case::resumed_in_time(&[(2, READY), (43, alive(20)), (50, RESUMING), (55, READY), (96, alive(30))], None)]
#[case::a_resume_that_hangs(&[(2, READY), (43, alive(20)), (50, RESUMING)], Some((110, End::Silent)))]
#[case::lost_and_found_by_a_new_session(&[(2, READY), (50, BOOTED), (52, READY), (93, alive(20))], None)]
#[case::two_sessions_without_ready(&[(1, BOOTED), (6, BOOTED)], Some((6, End::RefusedBeforeReady)))]
#[case::seen_identifying_between(&[(1, BOOTED), (3, IDENTIFYING), (8, BOOTED)], Some((8, End::RefusedBeforeReady)))]
#[case::boots_that_were_missed(&[(1, BOOTED), (3, GONE), (5, IDENTIFYING)], Some((5, End::RefusedBeforeReady)))]
#[case::one_runner_counts_once(&[(1, BOOTED), (3, IDENTIFYING), (4, IDENTIFYING), (9, READY)], None)]
#[case::gone_for_too_long(&[(1, BOOTED), (2, READY), (50, GONE)], Some((110, End::Silent)))]
#[case::lost_then_two_without_ready(&[(1, BOOTED), (2, READY), (50, BOOTED), (56, BOOTED)], Some((56, End::RefusedBeforeReady)))]
#[case::ready_in_between(&[(1, BOOTED), (2, READY), (50, BOOTED), (52, READY), (80, BOOTED), (82, READY)], None)]
#[case::no_hello_is_no_identify(&[(1, BOOTED), (16, HANDSHAKE), (21, BOOTED), (23, READY)], None)]
#[case::no_hello_for_too_long(&[(1, BOOTED), (16, HANDSHAKE), (21, BOOTED), (36, HANDSHAKE)], Some((60, End::Silent)))]
fn a_dead_connection_is_told_from_a_slow_one(#[case] script: &[(u64, Sight)], #[case] end: Option<(u64, End)>) {
    let last = script.last().map_or(0, |(at, _)| *at);
    let until = if end.is_some() { 1_000 } else { last + 20 };
    assert_eq!(run(script, until), end);
}

#[test]
fn shards_that_start_later_have_longer() {
    let start = Instant::now();
    let mut dog = Watchdog::new(LIMITS, [4, 5], start);
    dog.see(4, READY, start);
    assert_eq!(dog.link(), Link::Down);
    assert_eq!(dog.check(start + Duration::from_secs(65)), None);
    assert_eq!(dog.check(start + Duration::from_secs(66)), Some(End::Silent));
    dog.see(5, READY, start);
    assert_eq!(dog.link(), Link::Up);
}

#[test]
fn a_shard_of_another_process_counts_for_nothing() {
    let start = Instant::now();
    let mut dog = Watchdog::new(LIMITS, [0], start);
    assert_eq!(dog.see(7, BOOTED, start).or(dog.see(7, BOOTED, start)), None);
}

#[test]
fn a_new_runner_is_seen_once() {
    let mut latency = None;
    assert_eq!(sight_at(Stage::Disconnected, &mut latency), Some(Sight::Booted));
    assert_eq!(sight_at(Stage::Disconnected, &mut latency), None);
    // serenity overwrites the mark when the runner gets on; the next runner comes with no latency again.
    let mut latency = None;
    assert_eq!(sight_at(Stage::Connected, &mut latency), Some(READY));
    let mut latency = Some(Duration::from_millis(20));
    assert_eq!(sight_at(Stage::Connected, &mut latency), Some(alive(20)));
    let mut latency = None;
    assert_eq!(sight_at(Stage::Disconnected, &mut latency), Some(Sight::Booted));
}

#[tokio::test]
async fn the_watch_tells_the_link_and_ends_with_silence() {
    let limits = Limits { silence: Duration::from_millis(40), ..LIMITS };
    let dog = Watchdog::new(limits, [0], Instant::now());
    let (link, mut told) = watch::channel(Link::Down);
    let look = |_| async {
        tokio::time::sleep(LIMITS.look).await;
        vec![(0, READY)]
    };
    let watching = watch_over(dog, look, link);
    let went_up = async { told.wait_for(|link| *link == Link::Up).await.is_ok() };
    assert_eq!(tokio::join!(watching, went_up), (End::Silent, true));
}

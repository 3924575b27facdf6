//! The history of a review: without meetings, never held, with all that can become of one, and with too much.

use chrono::Duration;

use super::super::testing::*;
use super::*;
use crate::domain::agenda::Standing;
use crate::domain::id::{DealNumber, GuildId, MeetingId, MemberId, MessageId, ReviewId};
use crate::domain::meeting::Changed;
use crate::domain::motion::Stage;
use crate::domain::outgoing::Posted;
use crate::domain::overview::ReviewCard;
use crate::domain::testing::at;
use crate::render::offer::Offer;

const START: &str = "2026-12-15T16:00:00Z";

fn shown(card: &HistoryCard) -> String {
    let page = Page { index: 0, of: 3, previous: None, next: Some(id("next")) };
    let page = if card.total > PAGE { page } else { Page::only() };
    speaking(|voice| seen(&history(voice, card, id("minutes"), page, offers(&[Offer::Actions]))))
}

fn card(year: Meetings, past: Vec<Past>) -> HistoryCard {
    let mut of = ReviewCard { next: vec![at("2026-12-22T16:00:00Z")], ..review() };
    of.review.name = "Pipeline *review*".to_owned();
    HistoryCard { of, year, stalls: (8, 6), total: past.len(), past, people: [(MemberId(1), ana())].into() }
}

fn year() -> Meetings {
    Meetings::none(ReviewId(1), "Pipeline *review*")
}

/// The meeting of so many weeks ago.
fn past(weeks: i64, became: Became) -> Past {
    Past {
        starts_at: at(START) - Duration::weeks(weeks),
        became,
        meeting: None,
        decisions: 0,
        actions: 0,
        minutes: None,
    }
}

/// One that ran for 34 minutes, in which so many deals moved.
fn ran(weeks: i64, became: Became, moved: i64, by: Option<i64>) -> Past {
    let past = past(weeks, became);
    let id = MeetingId(100 - weeks);
    let mut meeting = Meeting::start(id, (ReviewId(1), past.starts_at), (MemberId(1), past.starts_at), Vec::new());
    let to = Standing { stage: Stage::Qualified, amount: None, close: None, owner: MemberId(1) };
    let changed = |deal| Changed { deal: DealNumber(deal), from: None, to };
    let at = past.starts_at + Duration::minutes(34);
    let moved = (1..=moved).map(changed).collect();
    meeting.closed = Some(Closed { at, by: by.map(MemberId), moved, entered: 2, left: 1, actions_closed: 0 });
    let minutes =
        Posted { guild: GuildId(7), channel: crate::domain::id::ChannelId(81), message: MessageId(1_000 + weeks) };
    Past { meeting: Some(meeting), decisions: 3, actions: 1, minutes: Some(minutes), ..past }
}

#[test]
fn a_review_without_meetings_says_when_it_meets() {
    assert_eq!(
        shown(&card(year(), Vec::new())),
        "Pipeline \\*review\\* has not met yet. It meets next <t:1797955200:F>.\npings: nobody\n"
    );
}

#[test]
fn one_that_was_never_held_says_so() {
    let year = Meetings { not_held: vec![at(START); 2], missed: vec![at(START)], ..year() };
    let never = vec![past(0, Became::NotHeld), past(1, Became::Missed), past(2, Became::NotHeld)];
    let never = card(year.clone(), never);
    insta::assert_snapshot!(shown(&never));
    let before = HistoryCard { total: 4, ..never };
    assert!(
        shown(&before).contains("was not held once in the last 12 months: 2 not held, 1 missed."),
        "{}",
        shown(&before)
    );
    let untold = HistoryCard { year: Meetings { untold: 1, ..self::year() }, ..before };
    assert!(shown(&untold).contains("has had no meeting in the last 12 months that is over."), "{}", shown(&untold));
}

#[test]
fn each_meeting_is_told_by_what_became_of_it() {
    let runs = Past {
        meeting: ran(0, Became::Untold, 0, None).meeting.map(|m| Meeting { closed: None, ..m }),
        ..past(0, Became::Untold)
    };
    let all = vec![
        runs,
        past(1, Became::Untold),
        ran(2, Became::Held, 2, Some(1)),
        ran(3, Became::NotHeld, 0, None),
        past(4, Became::NotHeld),
        ran(7, Became::NotHeld, 0, Some(1)),
        past(5, Became::Missed),
        past(6, Became::Skipped),
        Past { minutes: None, ..ran(60, Became::Held, 1, Some(1)) },
    ];
    let year = Meetings {
        held: 1,
        not_held: vec![at(START); 2],
        untold: 2,
        missed: vec![at(START)],
        skipped: 1,
        decisions: 1,
        given: 3,
        ended: 2,
        ..year()
    };
    insta::assert_snapshot!(shown(&card(year, all)));
}

#[test]
fn a_full_page_of_a_long_history_stays_within_limits() {
    let year = Meetings { held: 52, decisions: 140, given: 300, ended: 280, ..year() };
    let full = card(year, (0..10).map(|weeks| ran(weeks, Became::Held, 80, Some(1))).collect());
    let said = shown(&HistoryCard { total: 30, ..full });
    assert!(
        said.contains("52 of 52 meetings held in the last 12 months. 140 decisions, 300 actions given, 280 closed."),
        "{said}"
    );
    assert!(said.contains("└ 30 meetings · Page 1 of 3"), "{said}");
    assert_eq!(said.matches("80 deals moved").count(), 10, "{said}");
}

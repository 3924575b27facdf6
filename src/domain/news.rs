//! What the team should know of a deal (DESIGN §4): new, stage, won, lost, reopened, owner, class, an amount that changed
//! by a fifth or more, a close that left its period.

use chrono::NaiveDate;
use serde::de::DeserializeOwned;

use super::calendar::Calendar;
use super::event::{Event, EventKind};

/// From this share of the old amount on, in percent, a change of it is news.
const AMOUNT_NEWS: i64 = 20;

/// Whether an event of a deal is news for the team. A creation or a change that was taken back is none; what it took
/// back is told as it stands then, if at all.
pub fn is_news(event: &Event, calendar: &Calendar) -> bool {
    use EventKind::*;
    match event.kind {
        Created | StageMoved | Won | Lost | Reopened | OwnerChanged | Attributed | PartnerJoined => true,
        AmountChanged => amount_jumped(event),
        CloseChanged => left_its_period(event, calendar),
        _ => false,
    }
}

fn amount_jumped(event: &Event) -> bool {
    let (Some(before), Some(after)) = pair::<i64>(event, "amount") else { return false };
    // In 128 bits: amounts go up to 10^15, and a hundredfold of two of them adds up to more than 63 bits hold.
    i128::from((after - before).abs()) * 100 >= i128::from(before) * i128::from(AMOUNT_NEWS)
}

fn left_its_period(event: &Event, calendar: &Calendar) -> bool {
    match pair::<NaiveDate>(event, "close") {
        (Some(before), Some(after)) => calendar.period(before) != calendar.period(after),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// A field before and after an event.
fn pair<T: DeserializeOwned>(event: &Event, field: &str) -> (Option<T>, Option<T>) {
    let read = |fields: &serde_json::Map<String, serde_json::Value>| {
        fields.get(field).cloned().and_then(|value| serde_json::from_value(value).ok())
    };
    (read(&event.before), read(&event.after))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::event::{Subject, SubjectKind};
    use crate::domain::id::{InteractionId, MemberId};
    use crate::domain::testing::{at, calendar};

    fn event(kind: EventKind, before: Value, after: Value) -> Event {
        let fields = |value: Value| value.as_object().cloned().unwrap_or_default();
        Event {
            subject: Subject { kind: SubjectKind::Deal, id: 1 },
            version: 2,
            kind,
            actor: MemberId(1),
            interaction: InteractionId(1),
            at: at("2026-11-02T10:00:00Z"),
            before: fields(before),
            after: fields(after),
            text: None,
        }
    }

    #[rstest]
    #[case::up_a_fifth(json!(1000), json!(1200), true)]
    #[case::up_less(json!(1000), json!(1199), false)]
    #[case::down_a_fifth(json!(1000), json!(800), true)]
    #[case::first_amount(json!(null), json!(1000), false)]
    #[case::from_nothing(json!(0), json!(1), true)]
    fn an_amount_is_news_from_a_fifth_on(#[case] before: Value, #[case] after: Value, #[case] news: bool) {
        let event = event(EventKind::AmountChanged, json!({"amount": before}), json!({"amount": after}));
        assert_eq!(is_news(&event, &calendar()), news);
    }

    #[rstest]
    #[case::within_the_quarter(json!("2026-11-20"), json!("2026-12-31"), false)]
    #[case::into_the_next(json!("2026-12-31"), json!("2027-01-01"), true)]
    #[case::into_an_earlier_one(json!("2027-01-01"), json!("2026-12-31"), true)]
    #[case::taken_out(json!("2026-12-31"), json!(null), true)]
    #[case::first_close(json!(null), json!("2026-12-31"), false)]
    fn a_close_is_news_when_it_leaves_its_period(#[case] before: Value, #[case] after: Value, #[case] news: bool) {
        let event = event(EventKind::CloseChanged, json!({"close": before}), json!({"close": after}));
        assert_eq!(is_news(&event, &calendar()), news);
    }

    #[test]
    fn a_note_is_no_news_and_a_stage_is() {
        assert!(!is_news(&event(EventKind::Noted, json!({}), json!({})), &calendar()));
        assert!(is_news(&event(EventKind::StageMoved, json!({}), json!({})), &calendar()));
    }
}

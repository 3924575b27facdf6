//! Changes as admins read them.

use serde_json::{Value, json};

use super::super::testing::*;
use super::*;
use crate::domain::event::Subject;
use crate::domain::id::InteractionId;

fn change(kind: SubjectKind, id: i64, what: EventKind, before: Value, after: Value) -> Event {
    let fields = |value: Value| value.as_object().cloned().expect("fields");
    Event {
        subject: Subject { kind, id },
        version: 2,
        kind: what,
        actor: MemberId(1),
        interaction: InteractionId(9),
        at: now(),
        before: fields(before),
        after: fields(after),
        text: None,
    }
}

#[test]
fn each_change_says_who_when_and_from_what_to_what() {
    use EventKind::{Archived, Created, Edited, Forgotten, Undone};
    use SubjectKind::{Member, Partner, Review, Workspace};
    let terms = |cosell: u32| json!({"solo_rate": 1000, "cosell_rate": cosell, "quota_credit": null, "spiff": 50000});
    let period = json!({"start": "2026-10-01", "end": "2026-12-31", "year": 2026, "quarter": 4});
    let target = json!({"period": period, "amount": 120_000_000, "owner": 2, "partner": 1});
    let stages = json!([{"probability": 10}, {"probability": 25}]);
    let events = [
        change(Workspace, 1, Edited, json!({"lead_role": null, "version": 1}), json!({"lead_role": 31, "version": 2})),
        change(Workspace, 1, Edited, json!({"pipeline_channel": 11}), json!({"pipeline_channel": 12})),
        change(Workspace, 1, Edited, json!({"comp": {}}), json!({"comp": {"2026-09-01": terms(1250)}})),
        change(
            Workspace,
            1,
            Undone,
            json!({"comp": {"2026-09-01": terms(1250)}}),
            json!({"comp": {"2026-09-01": terms(900)}}),
        ),
        change(Workspace, 1, Edited, json!({"targets": []}), json!({"targets": [target]})),
        change(Workspace, 1, Edited, json!({"motion": {"terms": stages}}), json!({"motion": {"terms": null}})),
        change(Workspace, 1, Edited, json!({"holidays": {}}), json!({"holidays": {"2026-12-25": "Christmas *Day*"}})),
        change(
            Partner,
            1,
            Created,
            json!({"name": null}),
            json!({"name": "Initech", "tier": "strategic", "manager": 2}),
        ),
        change(Partner, 1, Archived, json!({"archived": false}), json!({"archived": true})),
        change(Review, 4, Edited, json!({"channel": 11, "post_before": 60}), json!({"channel": 12, "post_before": 30})),
        change(Member, 3, Forgotten, json!({"gone": false}), json!({"gone": true})),
    ];
    let reviews = [(4, "Weekly".to_owned())];
    let all = speaking(|voice| seen(&audit(voice, &names(), &reviews, 11, &events, Page::only())));
    let none = speaking(|voice| seen(&audit(voice, &names(), &[], 0, &[], Page::only())));
    insta::assert_snapshot!([all, none].join("---\n"));
}

#[test]
fn a_change_of_many_fields_counts_the_rest() {
    let fields: Map<String, Value> = (0..30).map(|n| (format!("field_{n:02}"), json!("x".repeat(300)))).collect();
    let event = change(SubjectKind::Workspace, 1, EventKind::Created, json!({}), Value::Object(fields));
    let events = vec![event; PAGE];
    let said = speaking(|voice| seen(&audit(voice, &names(), &[], 400, &events, Page::only())));
    assert!(said.contains("and 22 more fields"), "{said}");
    assert!(said.contains("on this page"), "{said}");
}

//! Changes as admins read them.

use serde_json::{Value, json};

use super::super::testing::*;
use super::*;
use crate::domain::event::Subject;
use crate::domain::id::InteractionId;
use crate::domain::motion::{Motion, Publication};
use crate::domain::number::{Share, Target};
use crate::domain::testing::day;

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
    use SubjectKind::{Account, Member, Partner, Review, Workspace};
    let terms = |cosell: u32| json!({"solo_rate": 1000, "cosell_rate": cosell, "quota_credit": null, "spiff": 50000});
    let target = |amount: i64, of: Share| Target { start: day("2026-10-01"), of, amount };
    let targets = |all: &[Target]| json!({"targets": all});
    let (whole, half) = (target(120_000_000, Share::Whole), target(60_000_000, Share::Owner(MemberId(2))));
    let cost = json!([{"start": "2026-10-01", "amount": 500_000, "note": "Fair *in* Berlin"}]);
    let motions = Motions::default();
    let mut draft = motions.current().clone();
    draft.version = 2;
    draft.plays[1].probability = 30;
    draft.plays[1].criteria.remove(0);
    let mut second = motions.clone();
    second.publish(draft.clone(), Publication { by: MemberId(1), at: now(), note: "Less to ask".to_owned() });
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
        change(Workspace, 1, Edited, targets(&[]), targets(&[whole])),
        change(Workspace, 1, Edited, targets(&[whole, half]), targets(&[target(150_000_000, Share::Whole)])),
        change(Workspace, 1, Edited, json!({"costs": []}), json!({"costs": cost})),
        change(Workspace, 1, Edited, json!({"motion_draft": null}), json!({"motion_draft": draft})),
        change(
            Workspace,
            1,
            Edited,
            json!({"motions": motions, "motion_draft": draft}),
            json!({"motions": second, "motion_draft": null}),
        ),
        change(Workspace, 1, Edited, json!({"motion_draft": draft}), json!({"motion_draft": null})),
        change(Workspace, 1, Edited, json!({"ready": false}), json!({"ready": true})),
        change(Account, 1, Edited, json!({"name": "Globex"}), json!({"name": "Globex *International*"})),
        change(Account, 2, Archived, json!({"merged_into": null}), json!({"merged_into": 1})),
        change(Workspace, 1, Edited, json!({"holidays": {}}), json!({"holidays": {"2026-12-25": "Christmas *Day*"}})),
        change(
            Partner,
            1,
            Created,
            json!({"name": null}),
            json!({"name": "Initech", "tier": "strategic", "manager": 2}),
        ),
        change(
            Partner,
            1,
            Edited,
            json!({"contacts": [{"name": "Maria", "role": "CTO", "email": null}]}),
            json!({"contacts": [{"name": "Maria", "role": "CEO", "email": null}, {"name": "Bo", "role": null, "email": null}]}),
        ),
        change(Partner, 1, Archived, json!({"archived": false}), json!({"archived": true})),
        change(Review, 4, Edited, json!({"channel": 11, "post_before": 60}), json!({"channel": 12, "post_before": 30})),
        change(Member, 3, Forgotten, json!({"gone": false}), json!({"gone": true})),
    ];
    let reviews = [(4, "Weekly".to_owned())];
    let names = names();
    let behind = Behind { names: &names, reviews: &reviews, motions: &motions };
    let page = |events: &[Event]| speaking(|voice| seen(&audit(voice, &behind, 20, events, Page::only())));
    let pages: Vec<String> = events.chunks(PAGE).map(page).collect();
    let none = speaking(|voice| seen(&audit(voice, &behind, 0, &[], Page::only())));
    insta::assert_snapshot!([pages, vec![none]].concat().join("---\n"));
}

/// Whatever was changed, ten changes stand on a page, since the next one goes on with the eleventh.
#[test]
fn a_page_holds_all_of_its_changes_and_each_counts_what_it_leaves_out() {
    let fields: Map<String, Value> = (0..30).map(|n| (format!("field_{n:02}"), json!("x".repeat(300)))).collect();
    let many = change(SubjectKind::Workspace, 1, EventKind::Created, json!({}), Value::Object(fields));
    let motions = Motions::default();
    let mut draft = motions.current().clone();
    for play in &mut draft.plays {
        play.meaning = "m*".repeat(250);
        play.criteria.clear();
    }
    let (none, some) = (json!({"motion_draft": null}), json!({"motion_draft": Motion { version: 2, ..draft }}));
    let drafted = change(SubjectKind::Workspace, 1, EventKind::Edited, none, some);
    let names = names();
    let behind = Behind { names: &names, reviews: &[], motions: &motions };
    for (event, more) in [(many, "more: </cosell config"), (drafted, "more: </motion history")] {
        let events = vec![event; PAGE];
        let said = speaking(|voice| seen(&audit(voice, &behind, 400, &events, Page::only())));
        assert_eq!(said.matches(more).count(), PAGE, "{said}");
        assert!(!said.contains("on this page"), "{said}");
    }
}

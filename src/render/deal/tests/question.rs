//! What is asked about deals: by selects, and in forms.

use super::*;
use crate::domain::refusal::{Problem, Refused, Takes};

#[test]
fn similar_deals_are_offered_before_another_one_is_made() {
    let similar = |n: i64| choose::Similar {
        deal: DealNumber(n),
        note: id(&format!("note {n}")),
        join: id(&format!("join {n}")),
    };
    let shown = |count: i64| {
        let presses: Vec<_> = (1..=count).map(similar).collect();
        say(|voice| choose::similar(voice, "Globex", &many_cards(count), &presses, id("anyway")))
    };
    insta::assert_snapshot!(format!("{}\n{}", shown(1), shown(30)));
}

#[test]
fn questions_are_asked_with_selects() {
    let said = [
        seen(&choose::loss_reason(&card(), id("reason"))),
        seen(&choose::waiting_on(&card(), id("on"))),
        seen(&choose::stage(&card(), id("stage"))),
        seen(&choose::owner(&card(), id("owner"))),
        seen(&choose::deal("Which deal is this about?", &many_cards(2), id("deal"))),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_form_holds_what_stands_or_what_was_typed() {
    let typed = form::Typed { values: vec![("note".into(), "half a thought".into()), ("amount".into(), "12x".into())] };
    let (fresh, again) = speaking(|voice| {
        (form::update(voice, &card(), id("f"), None), form::update(voice, &card(), id("f"), Some(&typed)))
    });
    insta::assert_json_snapshot!([fresh, again]);
}

#[test]
fn a_form_that_was_overtaken_or_refused_gives_its_text_back() {
    let typed = form::Typed {
        values: vec![
            ("note".into(), "They like **us**\n\nreally".into()),
            ("amount".into(), "12x".into()),
            ("due".into(), " ".into()),
        ],
    };
    let problem = Problem::Unreadable { option: "amount", typed: "12x".into(), takes: Takes::Money };
    let overtaken =
        say(|voice| form::changed_meanwhile(voice, &card(), &names(), &changes()[5..7], &typed, id("retry")));
    let refused = say(|voice| form::refused(voice, &Refused::one(problem), &typed, offers(&[Offer::Retry])));
    insta::assert_snapshot!(format!("{overtaken}\n{refused}"));
}

#[test]
fn the_smaller_forms_ask_only_for_what_they_need() {
    let typed = form::Typed { values: vec![("why".into(), "leave".into()), ("amount".into(), "9x".into())] };
    let asked = |modal: crate::render::modal::Modal| {
        let json = serde_json::to_value(modal).unwrap();
        let rows = json["components"].as_array().unwrap().clone();
        let said = rows.iter().map(|row| {
            let input = &row["components"][0];
            let star = if input["required"] == true { "*" } else { "" };
            format!("{}{star} [{}]", input["label"].as_str().unwrap(), input["value"].as_str().unwrap_or_default())
        });
        format!("{}: {}", json["title"].as_str().unwrap(), said.collect::<Vec<_>>().join(", "))
    };
    let said = speaking(|voice| {
        [
            asked(form::won(voice, &card(), id("f"), None, 0)),
            asked(form::won(voice, &card(), id("f"), Some(&typed), 3)),
            asked(form::next_step(&card(), id("f"), None)),
            asked(form::snooze(&card(), id("f"), Some(&typed))),
            asked(form::wait(&card(), id("f"), None)),
            asked(form::lost(&card(), LossReason::Other, id("f"), None)),
            asked(form::lost(&card(), LossReason::Price, id("f"), None)),
            asked(form::why("Open D-12 again", id("f"), Some(&typed))),
        ]
    });
    insta::assert_snapshot!(said.join("\n"), @"
    D-12 Globex · Initech: Amount* [120000], Won on []
    D-12 Globex · Initech: Amount* [9x], Won on [], Why pass over 3 unmet criteria* [leave]
    D-12 Globex · Initech: Next step* [], Due* []
    D-12 Globex · Initech: Until* [], Why* [leave]
    D-12 Globex · Initech: Until [], What for []
    D-12 Globex · Initech: Details* []
    D-12 Globex · Initech: Details []
    Open D-12 again: Why* [leave]
    ");
}

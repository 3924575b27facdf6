use chrono_tz::Tz;

use super::*;
use crate::domain::deal::{Deal, NextStep, Participant, Role, Wait, WaitingOn};
use crate::domain::id::{ChannelId, DealNumber, MemberId, PartnerId, ReviewId};
use crate::domain::overview::{ReviewCard, Tally};
use crate::domain::review::{Every, OnHoliday, Review, Rhythm};
use crate::domain::testing::{at, day as date};
use crate::render::testing::{ana, ben, card_of, deal, many_cards, offers, seen, speaking};

fn partner(contacts: usize) -> Partner {
    let contact = |n: usize| Contact {
        name: format!("Contact {n}"),
        role: Some("Alliance manager".to_owned()),
        email: Some(format!("c{n}@initech.example")),
    };
    Partner {
        id: PartnerId(1),
        version: 3,
        name: "Initech".to_owned(),
        kind: None,
        tier: None,
        manager: Some(MemberId(1)),
        contacts: (1..=contacts).map(contact).collect(),
        plan: Plan::default(),
        archived: false,
    }
}

fn none() -> PartnerPlan {
    PartnerPlan {
        partner: partner(0),
        knows: Vec::new(),
        reviews: Vec::new(),
        deals: Vec::new(),
        open: Tally::default(),
        parts: Vec::new(),
        all_parts: 0,
    }
}

fn review() -> ReviewCard {
    let rhythm = Rhythm {
        every: Every::TwoWeeks,
        weekday: chrono::Weekday::Tue,
        week: None,
        time: "10:00".parse::<chrono::NaiveTime>().expect("a time"),
        zone: Tz::America__New_York,
        starts: date("2026-11-03"),
        holiday: OnHoliday::Skip,
    };
    let review = Review {
        id: ReviewId(1),
        version: 1,
        name: "Initech internal prep".to_owned(),
        channel: ChannelId(11),
        rhythm,
        partner: Some(PartnerId(1)),
        post_before: 60,
        collect: true,
        skipped: Default::default(),
        cancelled: false,
    };
    ReviewCard { review, partner: Some("Initech".to_owned()), next: vec![at("2026-12-22T15:00:00Z")] }
}

/// Everything that a plan can hold, with things that are nobody else's business.
fn full() -> PartnerPlan {
    let plan = Plan {
        goal: Some("Ten joint wins by June\nTwo in the public sector".to_owned()),
        cadence: Some("A call every second Tuesday".to_owned()),
        we_owe: Some("Train their sellers".to_owned()),
        they_owe: Some("Name a sponsor".to_owned()),
    };
    let other = Participant {
        partner: PartnerId(2),
        role: Role::Influenced,
        evidence: Some("SECRET other evidence".to_owned()),
        by: MemberId(1),
        at: at("2026-11-10T10:00:00Z"),
        claim: Default::default(),
    };
    let step = Some(NextStep { text: "SECRET squeeze them on price".to_owned(), due: Some(date("2026-12-21")) });
    let wait =
        |on| Some(Wait { on, until: date("2026-12-29"), since: at("2026-12-01T10:00:00Z"), note: secret("note") });
    let with_secrets =
        Deal { evidence: secret("evidence"), next_step: step, participants: vec![other], crm: secret("crm"), ..deal() };
    let waiting = Deal { number: DealNumber(13), wait: wait(WaitingOn::Partner), ..with_secrets.clone() };
    let ours = Deal { number: DealNumber(14), wait: wait(WaitingOn::Us), ..with_secrets.clone() };
    let mut cards = [with_secrets, waiting, ours].map(card_of).to_vec();
    for card in &mut cards {
        card.participants = vec!["SECRET Hooli".to_owned()];
    }
    let part = card_of(Deal { number: DealNumber(44), amount: Some(9_900_000), ..deal() });
    let part = DealCard { account: "Umbrella".to_owned(), partner: "SECRET Hooli".to_owned(), ..part };
    PartnerPlan {
        partner: Partner { plan, ..partner(2) },
        knows: vec![ana(), ben()],
        reviews: vec![review()],
        deals: cards,
        open: Tally { deals: 3, amount: 36_000_000 },
        parts: vec![part],
        all_parts: 3,
    }
}

fn secret(what: &str) -> Option<String> {
    Some(format!("SECRET {what}"))
}

#[test]
fn a_plan_for_none_one_and_all() {
    let offered = || offers(&[Offer::EditPlan, Offer::PartnerPage, Offer::ShowDeals]);
    insta::assert_snapshot!("plan_none", speaking(|voice| seen(&plan(voice, &none(), offered()))));
    insta::assert_snapshot!("plan_full", speaking(|voice| seen(&plan(voice, &full(), offered()))));
    let many = PartnerPlan { deals: many_cards(50), open: Tally { deals: 120, amount: 1_440_000_000 }, ..full() };
    insta::assert_snapshot!("plan_many", speaking(|voice| seen(&plan(voice, &many, offered()))));
}

#[test]
fn the_page_for_the_partner_holds_nothing_internal() {
    let text = speaking(|voice| page(voice, &full()));
    for internal in ["SECRET", "Hooli", "120", "$", "D-1", "internal prep", "sourced", "Send the joint proposal", "<@"]
    {
        assert!(!text.contains(internal), "“{internal}” is on the page:\n{text}");
    }
    insta::assert_snapshot!("page_full", text);
    insta::assert_snapshot!("page_none", speaking(|voice| page(voice, &none())));
    let message = speaking(|voice| with_page(voice, &full()));
    let [file] = message.pictures() else { panic!("one file") };
    assert_eq!(
        (file.filename.as_str(), String::from_utf8_lossy(&file.bytes).as_ref()),
        ("initech-plan.md", text.as_str())
    );
    insta::assert_snapshot!("page_message", seen(&message));
}

#[test]
fn a_file_is_named_by_letters_and_digits() {
    for (name, file) in
        [("Initech", "initech-plan.md"), ("../A&B  GmbH", "a-b-gmbh-plan.md"), ("日本", "partner-plan.md")]
    {
        assert_eq!(page::filename(&Partner { name: name.to_owned(), ..partner(0) }), file);
    }
}

#[test]
fn a_text_of_a_plan_does_not_break_the_page() {
    let goal = Some("# Not a heading\n@everyone | **bold**".to_owned());
    let named = Partner { name: "A|B".to_owned(), plan: Plan { goal, ..Plan::default() }, ..partner(0) };
    let text = speaking(|voice| page(voice, &PartnerPlan { partner: named, ..full() }));
    assert!(text.contains("\\# Not a heading") && !text.contains("@everyone") && text.contains("A\\|B"), "{text}");
}

#[test]
fn what_was_typed_over_another_plan_is_given_back() {
    let typed = Typed { values: vec![(input::GOAL.to_owned(), "Five wins".to_owned())] };
    let now = full().partner.plan;
    insta::assert_snapshot!(
        "plan_changed",
        seen(&changed_meanwhile(&now, &typed, crate::render::testing::id("retry")))
    );
}

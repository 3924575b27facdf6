//! The motion, as it is from the start, with a draft, after versions, and with too much in it.

use super::super::offer::Offer;
use super::super::testing::*;
use super::*;
use crate::domain::card::{DealCard, Running};
use crate::domain::deal::Deal;
use crate::domain::deal::criteria::{Met, PassAsked, Waiver};
use crate::domain::id::MemberId;
use crate::domain::motion::Publication;
use crate::render::deal::{card as deal_card, criteria};

fn say(message: impl FnOnce(&Voice) -> Message) -> String {
    speaking(|voice| seen(&message(voice)))
}

fn partner(text: &str) -> Criterion {
    Criterion { side: Side::Partner, text: text.to_owned() }
}

/// Version 2: Qualified is worth more, and its sponsor is the partner's executive.
fn second() -> Motions {
    let mut motions = Motions::default();
    let mut draft = motions.begin_draft();
    draft.plays[1].probability = 30;
    draft.plays[1].criteria[2] = partner("Partner *executive* sponsor named");
    motions.publish(draft, Publication { by: MemberId(1), at: now(), note: "Sponsors **first**".to_owned() });
    motions
}

fn draft_of(motions: &Motions) -> Motion {
    let mut draft = motions.begin_draft();
    draft.plays[0].usual_days = 5;
    draft.plays[0].next = "Call both on one day".to_owned();
    draft
}

#[test]
fn the_play_can_be_followed_from_the_start() {
    let (motions, names) = (Motions::default(), names());
    let shown = Shown { motions: &motions, draft: None, names: &names };
    let whole = say(|voice| whole(voice, &shown, Offers::new()));
    let one = say(|voice| stage(voice, &shown, Stage::Qualified, None, Offers::new()));
    insta::assert_snapshot!(format!("{whole}\n{one}"));
}

#[test]
fn leads_see_what_a_draft_changes_and_what_versions_changed() {
    let (motions, names) = (second(), names());
    let draft = draft_of(&motions);
    let shown = Shown { motions: &motions, draft: Some(&draft), names: &names };
    let said = [
        say(|voice| stage(voice, &shown, Stage::Prospect, Some(id("pick")), offers(&[Offer::Discard]))),
        say(|voice| saved(voice, &shown, Stage::Prospect, id("pick"), offers(&[Offer::Undo, Offer::Discard]))),
        say(|voice| published_now(voice, &shown, offers(&[Offer::Undo]))),
        say(|voice| history(voice, &shown, Page::only())),
        say(|voice| discarded(voice, offers(&[Offer::Undo]))),
        say(|_| one_criterion(Stage::Qualified, &partner("A *sponsor*"), offers(&[Offer::Reword, Offer::Remove]))),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_motion_of_the_longest_texts_fits_and_says_what_it_left_out() {
    let mut motions = Motions::default();
    let mut draft = motions.begin_draft();
    for play in &mut draft.plays {
        play.meaning = "m*".repeat(250);
        play.next = "n_".repeat(100);
        play.criteria = (0..10).map(|n| partner(&format!("{n}{}", "c`".repeat(59)))).collect();
    }
    motions.publish(draft.clone(), Publication { by: MemberId(7), at: now(), note: "x".repeat(500) });
    draft.plays[0].criteria.clear();
    let names = names();
    let shown = Shown { motions: &motions, draft: Some(&draft), names: &names };
    let whole = say(|voice| whole(voice, &shown, offers(&[Offer::Discard])));
    assert!(whole.contains("see the stage alone") && whole.contains("more change"), "{whole}");
    let one = say(|voice| stage(voice, &shown, Stage::Committed, Some(id("pick")), Offers::new()));
    assert!(one.contains("Do next"), "the whole stage alone: {one}");
    say(|voice| history(voice, &shown, Page::only()));
}

/// D-12 in Qualified, with one criterion met, one passed over, and a lead asked.
fn running() -> DealCard {
    let motions = second();
    let met = vec![
        Met { stage: Stage::Qualified, text: "Budget holder met".to_owned(), by: MemberId(1), at: now() },
        Met { stage: Stage::Qualified, text: "Partner sponsor named".to_owned(), by: MemberId(1), at: now() },
    ];
    let asked = PassAsked { to: Stage::Committed, by: MemberId(2), at: now() };
    let mut deal = Deal { met, pass_asked: Some(asked), ..deal() };
    let passed = deal.unmet(motions.of(&deal), Stage::TechnicalValidation).into_iter().take(1).collect();
    let reason = "They *always* decide in March".to_owned();
    deal.waivers.push(Waiver { to: Stage::Qualified, passed, reason, by: MemberId(2), at: now(), spent: false });
    let running = Running {
        standing: deal.standing(motions.of(&deal)),
        newer: Some(2),
        proposed: deal.proposed_step(motions.of(&deal), &crate::domain::calendar::Calendar::of(&settings()), now()),
        passed_by: vec![ben()],
        asked_by: Some(ben()),
    };
    DealCard { running, ..card_of(deal) }
}

#[test]
fn a_card_says_what_is_left_and_what_was_passed_over() {
    let (card, motions) = (running(), second());
    let carried = card.deal.carry_over(motions.current());
    let said = [
        say(|voice| deal_card::card(voice, &card, offers(&[Offer::Propose, Offer::Criteria]))),
        say(|_| criteria::checklist(&card, id("tick"))),
        say(|_| criteria::newer(&card, motions.current(), &carried, offers(&[Offer::RunNewer]))),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

//! What is said of pay, for none, one and many.

use super::super::offer::Offer;
use super::super::testing::*;
use super::*;
use crate::domain::deal::Deal;
use crate::domain::id::DealNumber;
use crate::domain::incentive::{Rate, levelling};
use crate::domain::testing::day;

fn terms_of(solo: &str, cosell: &str, spiff: i64, quota_credit: Option<u32>) -> Terms {
    let rate = |text| Rate::parse(text).expect("a rate");
    Terms { solo_rate: rate(solo), cosell_rate: rate(cosell), quota_credit, spiff }
}

fn say(message: impl FnOnce(&Voice) -> Message) -> String {
    speaking(|voice| seen(&message(voice)))
}

fn only(embeds: impl FnOnce(&Voice) -> Vec<Embed>) -> String {
    say(|voice| embeds(voice).into_iter().fold(Message::silent().text("Something else."), |d, e| d.embed(e)).build())
}

#[test]
fn an_owner_reads_whether_a_deal_pays_less_than_solo() {
    let of = |terms| Some(Parity::of(12_000_000, terms));
    let same = only(|voice| Own { this: of(terms_of("10", "10", 0, None)), news: &[] }.embeds(voice));
    let less = only(|voice| Own { this: of(terms_of("10", "9", 0, Some(50))), news: &[] }.embeds(voice));
    let news = [(card(), Parity::of(12_000_000, terms_of("10", "9", 0, Some(100))))];
    let both = only(|voice| Own { this: of(terms_of("10", "12", 0, None)), news: &news }.embeds(voice));
    let many: Vec<(DealCard, Parity)> = many_cards(80).into_iter().map(|card| (card, news[0].1)).collect();
    let too_many = only(|voice| Own { this: None, news: &many }.embeds(voice));
    assert!(too_many.contains(" more, each on its card here"), "{too_many}");
    assert_eq!(only(|voice| Own::default().embeds(voice)), "Something else.\npings: nobody\n");
    insta::assert_snapshot!([same, less, both].join("---\n"));
}

fn comp() -> Comp {
    let mut comp = Comp::default();
    comp.set(day("2026-09-01"), terms_of("10", "9", 0, None));
    comp.set(day("2026-12-17"), terms_of("12.5", "12.25", 50_000, Some(50)));
    comp
}

fn short_deals(count: i64) -> Vec<Deal> {
    (1..=count).map(|n| Deal { number: DealNumber(n), close: Some(day("2026-12-20")), ..deal() }).collect()
}

#[test]
fn terms_that_were_set_are_shown_with_those_before_and_what_they_come_to() {
    let offers = || offers(&[Offer::Undo, Offer::CheckComp]);
    let none = say(|voice| set(voice, day("2026-12-17"), &comp(), &Levelling::default(), offers()));
    let deals = short_deals(3);
    let by_the_old = {
        let mut old = Comp::default();
        old.set(day("2026-01-01"), terms_of("10", "9", 0, None));
        old
    };
    let some = levelling(&deals, &by_the_old, day("2026-12-17"));
    let first = say(|voice| set(voice, day("2026-01-01"), &by_the_old, &some, offers()));
    let well = levelling(&deals, &comp(), day("2026-12-17"));
    let later = say(|voice| set(voice, day("2026-09-01"), &comp(), &well, offers()));
    let mut long = Comp::default();
    (1..=28).for_each(|n| long.set(day(&format!("2026-02-{n:02}")), terms_of("10", "9", 0, None)));
    let long = say(|voice| set(voice, day("2026-02-28"), &long, &well, offers()));
    assert!(long.contains("… and 17 older"), "{long}");
    insta::assert_snapshot!([none, first, later, say(no_terms)].join("---\n"));
}

#[test]
fn what_falls_short_is_listed_by_deal_and_by_rep_with_what_it_takes() {
    let by_the_old = {
        let mut old = Comp::default();
        old.set(day("2026-01-01"), terms_of("10", "9", 0, None));
        old
    };
    let page = |count: i64, shown: usize| {
        let levelling = levelling(&short_deals(count), &by_the_old, day("2026-12-17"));
        let cards = levelling.short.iter().take(shown);
        let deals: Vec<(DealCard, Parity)> =
            cards.map(|s| (card_of(Deal { number: s.deal, ..deal() }), s.parity)).collect();
        let reps: Vec<(Named, RepShort)> = levelling.reps.iter().map(|rep| (ana(), *rep)).collect();
        say(|voice| {
            let page = Page { index: 0, of: if count > 12 { 2 } else { 1 }, previous: None, next: None };
            let terms = by_the_old.in_force(day("2026-12-17"));
            let won_since = day("2026-10-01");
            let (levelling, deals, reps, open) = (&levelling, &deals[..], &reps[..], id("open"));
            parity(voice, ParityPage { terms, levelling, won_since, deals, reps, page, open })
        })
    };
    insta::assert_snapshot!([page(0, 0), page(1, 1), page(14, 12)].join("---\n"));
}

//! Topics, decisions and actions for none, one, many and too many.

use super::super::testing::{ana, ben, id, nasty, offers, seen, speaking};
use super::*;
use crate::domain::id::{ChannelId, DealNumber, GuildId, ItemId, MemberId, MessageId};
use crate::domain::item::{Ended, Item};
use crate::domain::testing::{self, at};
use crate::render::offer::Offer;
use crate::render::press;

const POSTED: Posted = Posted { guild: GuildId(7), channel: ChannelId(81), message: MessageId(9) };

/// An item of Ana's; actions are Ben's.
fn item_card(item: Item) -> ItemCard {
    let assignee = item.assignee().map(|_| ben());
    let ended_by = item.ended().map(|ended| if ended.by == MemberId(2) { ben() } else { ana() });
    ItemCard { by: ana(), assignee, ended_by, ..testing::item_card(item) }
}

fn topic(deal: Option<i64>) -> ItemCard {
    item_card(testing::topic(1, deal))
}

fn decision() -> ItemCard {
    item_card(Item { what: What::Decision, open: false, ..testing::topic(2, Some(12)) })
}

fn action(due: &str) -> ItemCard {
    item_card(testing::action(3, MemberId(2), due))
}

fn over(by: i64, why: Option<&str>) -> ItemCard {
    let mut item = testing::action(3, MemberId(2), "2026-12-10");
    item.end(Ended { by: MemberId(by), at: at("2026-12-16T10:00:00Z"), why: why.map(str::to_owned) });
    item_card(item)
}

fn long(mut card: ItemCard) -> ItemCard {
    card.item.text = nasty(TEXT);
    card.item.deal = Some(DealNumber(12));
    card.account = Some(nasty(100));
    card.review = nasty(100);
    card
}

#[test]
fn a_line_says_what_it_is_and_how_it_stands() {
    let all = [
        topic(None),
        topic(Some(12)),
        decision(),
        action("2026-12-18"),
        action("2026-12-16"),
        over(2, None),
        over(1, None),
        over(1, Some("The deal needs no *contract*")),
    ];
    let lines: Vec<String> = speaking(|voice| all.iter().map(|card| line(voice, card)).collect());
    insta::assert_snapshot!(lines.join("\n"), @r"
    Pricing for the spring · asked by <@71>
    Pricing for the spring · asked by <@71> · **D-12** Globex
    Pricing for the spring · <@71> · **D-12** Globex
    Send the price list · <@72>, due Fri 18 Dec
    Send the price list · <@72>, due Wed 16 Dec, 1 day overdue
    Send the price list · <@72>, done
    Send the price list · <@72>, done by <@71>
    Send the price list · <@72>, dropped by <@71>: “The deal needs no \*contract\*”
    ");
}

#[test]
fn a_card_says_who_and_when() {
    let cards = [topic(Some(12)), decision(), action("2026-12-16"), over(1, Some("No longer needed"))];
    let show = |item: &ItemCard| speaking(|voice| seen(&card(voice, item, press::on_action(POSTED.guild, &item.item))));
    insta::assert_snapshot!(cards.iter().map(show).collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_is_noted_ended_or_taken_back_is_told() {
    let next = Some(at("2026-12-22T16:00:00Z"));
    let said = speaking(|voice| {
        let withdrawn = |mut card: ItemCard| {
            card.item.withdraw();
            card
        };
        [
            noted(voice, &decision(), POSTED, offers(&[Offer::Undo])),
            topic_added(voice, &topic(None), next, offers(&[Offer::Undo])),
            topic_added(voice, &topic(None), None, Vec::new()),
            ended(voice, &over(2, None), offers(&[Offer::Undo])),
            taken_back(voice, &withdrawn(decision())),
            taken_back(voice, &action("2026-12-18")),
        ]
        .map(|message| seen(&message))
    });
    insta::assert_snapshot!(said.join("\n"));
}

fn listed(cards: &[ItemCard], total: usize) -> String {
    let page = if total > cards.len() {
        Page { index: 0, of: total.div_ceil(PAGE), previous: None, next: Some(id("next")) }
    } else {
        Page::only()
    };
    speaking(|voice| seen(&actions(voice, "Pipeline review", cards, total, id("open"), page)))
}

#[test]
fn open_actions_are_listed_and_picked() {
    assert_eq!(listed(&[], 0), "Open actions of Pipeline review: none is open.\npings: nobody\n");
    insta::assert_snapshot!(listed(&[action("2026-12-16")], 1));
    let many: Vec<ItemCard> = (0..10)
        .map(|n| {
            let mut card = long(action("2026-12-18"));
            card.item.id = ItemId(n);
            card
        })
        .collect();
    let said = listed(&many, 60);
    assert!(said.contains("└ 60 open actions · Page 1 of 6") && said.contains("[▶]"), "{said}");
    assert_eq!(said.matches("due Fri 18 Dec").count(), 10, "each has its line: {said}");
}

#[test]
fn typed_text_breaks_nothing_however_long() {
    for card in [topic(None), decision(), action("2026-12-16"), over(1, Some(&nasty(TEXT)))].map(long) {
        let said = speaking(|voice| {
            [
                noted(voice, &card, POSTED, offers(&[Offer::Undo])),
                topic_added(voice, &card, Some(at("2026-12-22T16:00:00Z")), Vec::new()),
                super::card(voice, &card, offers(&[Offer::ActionDone])),
                ended(voice, &card, Vec::new()),
                taken_back(voice, &card),
            ]
            .map(|message| seen(&message))
        });
        for text in said {
            assert!(!text.contains("[pay](https") && !text.contains("<@&91>"), "{text}");
            assert!(text.ends_with("pings: nobody\n"), "{text}");
        }
    }
}

#[test]
fn forms_ask_for_what_is_needed_and_give_typed_text_back() {
    let typed = Typed {
        values: vec![(input::TEXT.to_owned(), "Offer 10 %".to_owned()), (input::DUE.to_owned(), "someday".to_owned())],
    };
    let forms = [
        decide(id("decide"), None, None),
        decide(id("decide"), Some("D-12"), Some(&typed)),
        act(id("act"), Some("D-12"), Some(&typed)),
        drop(id("drop"), &long(action("2026-12-18")), None),
    ];
    let forms = forms.map(|form| serde_json::to_value(form).expect("a form serializes"));
    let titles: Vec<&str> = forms.iter().filter_map(|form| form["title"].as_str()).collect();
    assert_eq!(titles[..3], ["Decide", "Decide · D-12", "Action · D-12"]);
    assert!(titles.iter().all(|title| crate::render::text::units(title) <= 45), "{titles:?}");
    let filled = forms[2].to_string();
    assert!(filled.contains("Offer 10 %") && filled.contains("someday"), "{filled}");
}

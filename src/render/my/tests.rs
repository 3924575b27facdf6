//! One's own work, settings and absence, as they are shown and echoed.

use chrono_tz::Tz;

use super::super::my;
use super::super::offer::Offer;
use super::super::testing::*;
use crate::domain::id::MemberId;
use crate::domain::member::{Away, Member};
use crate::domain::shard::Direct;
use crate::domain::testing::day;
use crate::domain::workspace::Settings;
use crate::render::message::Message;
use crate::render::voice::Voice;

fn say(message: impl FnOnce(&Voice) -> Message) -> String {
    speaking(|voice| seen(&message(voice)))
}

#[test]
fn ones_own_work_is_gone_through_one_by_one() {
    let place = my::Place { index: 0, of: 7 };
    let presses = [Offer::Done, Offer::Update, Offer::Wait, Offer::Snooze, Offer::Next];
    let said = [
        say(|voice| my::work(voice, &stalled_card(), place, None, my::Beside::default(), offers(&presses))),
        say(|voice| {
            my::work(voice, &card(), my::Place { index: 6, of: 7 }, Some("Saved."), my::Beside::default(), Vec::new())
        }),
        say(|voice| my::work_done(voice, 7, Some("Saved."), my::Beside::default(), Vec::new())),
        say(|voice| my::work_done(voice, 0, None, my::Beside::default(), Vec::new())),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn ones_own_settings_and_absence_are_echoed() {
    let plain = Member::new(MemberId(1), ana().user, "Ana".into());
    let away = Away { from: day("2026-12-21"), to: day("2027-01-08"), cover: MemberId(2) };
    let own = Member {
        zone: Some(Tz::Asia__Tokyo),
        digest_hour: Some(7),
        direct_messages: true,
        away: Some(away.clone()),
        ..plain.clone()
    };
    let (whose, cover) = (my::Whose::Own, ben());
    let absent = my::Absent { whose, away: away.clone(), cover, deals: 3, replaced: None };
    let before = Away { from: day("2026-12-18"), ..away };
    let (whose, replaced) = (my::Whose::Of(ana()), Some((before, Some(ana()))));
    let second = my::Absent { whose, deals: 0, replaced, ..absent.clone() };
    let said = [
        say(|voice| my::settings(voice, (&plain, Direct::Heard), &Settings::default(), my::Told::Shown, Vec::new())),
        say(|voice| my::settings(voice, (&own, Direct::Heard), &chosen(), my::Told::Saved, offers(&[Offer::Undo]))),
        say(|voice| my::away(voice, &absent, offers(&[Offer::Undo, Offer::Back]))),
        say(|voice| my::away(voice, &second, Vec::new())),
        say(|voice| my::back(voice, &my::Whose::Own, Vec::new())),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn where_direct_messages_are_not_heard_reminders_are_told_to_come_in_the_channel() {
    let own = Member { direct_messages: true, ..Member::new(MemberId(1), ana().user, "Ana".into()) };
    let text = say(|voice| my::settings(voice, (&own, Direct::Unheard), &chosen(), my::Told::Saved, Vec::new()));
    assert!(text.contains("in <#") && text.contains("they can't be sent") && !text.contains("by direct"), "{text}");
}

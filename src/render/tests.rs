//! What is said of partners, accounts, reviews, setup, settings and help, for none, one, many and too many.

use chrono::{NaiveTime, Weekday};
use chrono_tz::Tz;

use super::offer::{Offer, Page};
use super::testing::*;
use super::voice::Voice;
use super::*;
use crate::domain::card::Named;
use crate::domain::event::{Event, EventKind};
use crate::domain::id::{ChannelId, DealNumber, GuildId, MemberId, MessageId, PartnerId, RoleId};
use crate::domain::outgoing::Posted;
use crate::domain::overview::*;
use crate::domain::partner::{Contact, Partner, PartnerKind, Tier};
use crate::domain::review::{Every, OnHoliday, Rhythm, WeekOfMonth};
use crate::domain::size::Size;
use crate::domain::testing::{at, day, review_at};
use crate::domain::workspace::{Mode, Settings};
use message::Message;

fn say(message: impl FnOnce(&Voice) -> Message) -> String {
    speaking(|voice| seen(&message(voice)))
}

fn partner() -> PartnerCard {
    let contact = |name: &str, role: Option<&str>| Contact {
        name: name.to_owned(),
        role: role.map(str::to_owned),
        email: Some("kim_lee@initech.example".to_owned()),
    };
    PartnerCard {
        partner: Partner {
            id: PartnerId(1),
            version: 1,
            name: "Initech *Ltd*".to_owned(),
            kind: Some(PartnerKind::ManagedServices),
            tier: Some(Tier::Strategic),
            manager: Some(MemberId(2)),
            contacts: vec![contact("Kim Lee", Some("alliance lead")), contact("Bo", None)],
            plan: Default::default(),
            archived: false,
        },
        manager: Some(ben()),
        open: Tally { deals: 3, amount: 34_000_000 },
        parts: 2,
        won: Tally { deals: 1, amount: 12_000_000 },
        lost: Tally::default(),
    }
}

fn bare_partner() -> PartnerCard {
    let full = partner();
    PartnerCard {
        partner: Partner { kind: None, tier: None, contacts: Vec::new(), archived: true, ..full.partner },
        manager: None,
        open: Tally::default(),
        won: Tally::default(),
        ..full
    }
}

#[test]
fn partners_are_shown_with_their_figures() {
    let undo = || offers(&[Offer::Undo]);
    let said = [
        seen(&partner::saved(&bare_partner(), EventKind::Edited, undo())),
        say(|voice| partner::active_again(voice, &partner(), undo())),
        seen(&partner::saved(&partner(), EventKind::Archived, undo())),
        seen(&partner::saved(&partner(), EventKind::Undone, Vec::new())),
        seen(&partner::contact_saved(&partner(), &partner().partner.contacts[0], undo())),
        say(|voice| partner::card(voice, &partner(), 2, offers(&[Offer::ShowDeals, Offer::Claims]))),
        say(|voice| partner::card(voice, &bare_partner(), 0, Vec::new())),
        say(|voice| partner::list(voice, partner::Status::Active, &[], 0, Page::only())),
        say(|voice| partner::list(voice, partner::Status::All, &[partner(), bare_partner()], 2, Page::only())),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn who_asked_for_a_partner_is_named_and_told() {
    let askers = |n: usize| std::iter::repeat_n([ana(), ben()], n).flatten().collect::<Vec<_>>();
    let until = now() + chrono::Duration::hours(24);
    let said = [
        say(|voice| partner::added(voice, &partner(), &[], offers(&[Offer::Undo]))),
        say(|voice| partner::added(voice, &bare_partner(), &askers(1), offers(&[Offer::Undo]))),
        say(|voice| partner::added(voice, &bare_partner(), &askers(30), Vec::new())),
        seen(&partner::arrived(&bare_partner().partner, &ana(), "Globex @here", until, id("go_on"), "c7")),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn too_many_contacts_or_partners_are_counted() {
    let mut card = partner();
    card.partner.contacts = vec![card.partner.contacts[0].clone(); 60];
    let shown = say(|voice| partner::card(voice, &card, 0, Vec::new()));
    assert!(shown.contains("more contacts"), "{shown}");
    card.partner.name = "Initech and its many friends ".repeat(4);
    let many = vec![card; 80];
    let shown = say(|voice| partner::list(voice, partner::Status::All, &many, 80, Page::only()));
    assert!(shown.contains("more on this page: </partner view:"), "{shown}");
}

#[test]
fn accounts_are_asked_about_and_changed() {
    let close = [("Globex".to_owned(), id("1")), ("Globex Health".to_owned(), id("2"))];
    let renamed = AccountChange::Renamed { from: "Globx".into(), to: "Globex".into() };
    let merged = |n: i64| AccountChange::Merged {
        from: "Globx".into(),
        into: "Globex".into(),
        deals: (1..=n).map(DealNumber).collect(),
    };
    let said = [
        seen(&account::did_you_mean("Globx @here", &close, id("new"))),
        say(|voice| account::changed(voice, &renamed, offers(&[Offer::Undo]))),
        say(|voice| account::changed(voice, &merged(0), Vec::new())),
        say(|voice| account::changed(voice, &merged(12), Vec::new())),
    ];
    insta::assert_snapshot!(said.join("\n"));
    let many = say(|voice| account::changed(voice, &merged(4_000), Vec::new()));
    assert!(many.contains("4000 deals moved") && many.contains("… and up to"), "{many}");
}

fn review(every: Every) -> ReviewCard {
    let rhythm = Rhythm {
        every,
        weekday: Weekday::Tue,
        week: (every == Every::Month).then_some(WeekOfMonth::Last),
        time: NaiveTime::from_hms_opt(9, 30, 0).unwrap(),
        zone: Tz::Europe__Berlin,
        starts: day("2026-12-22"),
        holiday: OnHoliday::Move,
    };
    let review = review_at(rhythm);
    let next = ["2026-12-22T08:30:00Z", "2027-01-05T08:30:00Z", "2027-01-19T08:30:00Z"].map(at).to_vec();
    ReviewCard { review, partner: None, next }
}

/// With the file for calendars.
fn filed() -> review::Enclosed<'static> {
    let file = message::Picture { filename: "cosell-review.ics".into(), bytes: Vec::new(), alt: "The review".into() };
    review::Enclosed { file: Some(file), ..Default::default() }
}

/// With something in the way, and no date.
fn blocked(troubles: &[ChannelTrouble]) -> review::Enclosed<'_> {
    review::Enclosed { troubles, ..Default::default() }
}

#[test]
fn reviews_say_when_they_meet() {
    let undo = || offers(&[Offer::Undo]);
    let mut never = review(Every::Month);
    never.next.clear();
    never.partner = Some("Initech".to_owned());
    never.review.post_before = 45;
    never.review.rhythm.holiday = OnHoliday::Skip;
    let mut cancelled = review(Every::Week);
    cancelled.review.cancelled = true;
    let posted = Posted { guild: GuildId(1), channel: ChannelId(81), message: MessageId(7) };
    let said = [
        say(|voice| review::scheduled(voice, &review(Every::TwoWeeks), EventKind::Created, filed(), undo())),
        say(|voice| review::scheduled(voice, &review(Every::Week), EventKind::Edited, filed(), undo())),
        say(|voice| review::scheduled(voice, &never, EventKind::Edited, blocked(&[trouble(82)]), undo())),
        say(|voice| review::list(voice, &[], 0, Page::only())),
        say(|voice| review::list(voice, &[review(Every::Week), never.clone()], 2, Page::only())),
        say(|voice| review::skipped(voice, &review(Every::FourWeeks), day("2026-12-22"), None, undo())),
        say(|voice| review::skipped(voice, &review(Every::FourWeeks), day("2026-12-22"), Some(posted), undo())),
        say(|voice| review::cancelled(voice, &review(Every::Week), None, undo())),
        say(|voice| review::cancelled(voice, &review(Every::Week), Some(posted), undo())),
        seen(&review::called_off(&review(Every::Week), at("2026-12-22T14:30:00Z"), Some(&ana()))),
        seen(&review::called_off(&cancelled, at("2026-12-22T14:30:00Z"), None)),
        say(|voice| review::taken_back(voice, &review(Every::Week), None)),
        say(|voice| review::taken_back(voice, &cancelled, Some(posted))),
    ];
    insta::assert_snapshot!(said.join("\n"));
    let page = Page { index: 1, of: 8, previous: Some(id("back")), next: Some(id("on")) };
    let many = say(|voice| review::list(voice, &vec![review(Every::Week); 12], 90, page.clone()));
    assert!(many.contains("90 reviews · Page 2 of 8") && !many.contains("on this page"), "{many}");
    let long = say(|voice| review::list(voice, &vec![review(Every::Week); 90], 90, page));
    assert!(long.contains("more reviews on this page"), "{long}");
}

fn trouble(n: i64) -> ChannelTrouble {
    ChannelTrouble {
        channel: ChannelId(n),
        uses: vec![ChannelUse::Nudges, ChannelUse::Review("Pipeline *review*".into())],
        trouble: ChannelState::Lacks(vec!["SEND_MESSAGES".into(), "EMBED_LINKS".into()]),
    }
}

#[test]
fn setup_says_what_is_there_and_what_is_missing() {
    let basic_ids = || setup::BasicIds {
        zone: id("z"),
        currency: id("m"),
        usual: crate::domain::locale::usual("en-GB").map(|usual| (usual, id("u"))),
        on: id("on"),
        done: None,
    };
    let channel_ids = || setup::ChannelIds {
        pipeline: id("p"),
        nudges: id("n"),
        ops: id("o"),
        here: Some(id("h")),
        back: id("b"),
        on: id("on"),
        check: id("c"),
        done: None,
    };
    let role_ids = || setup::RoleIds {
        lead: id("l"),
        rep: id("r"),
        finance: id("f"),
        everyone: id("e"),
        back: id("b"),
        finish: id("fin"),
        check: id("c"),
    };
    let nothing = Settings::default();
    let fresh = Setup { missing: nothing.missing(), settings: nothing, channels: Vec::new() };
    let blocked = Setup { missing: Vec::new(), settings: chosen(), channels: vec![trouble(82)] };
    let done = Setup { channels: Vec::new(), ..blocked.clone() };
    let said = [
        say(|voice| setup::basics(voice, &fresh, basic_ids())),
        say(|_| setup::channels(&fresh, channel_ids())),
        say(|_| setup::channels(&blocked, channel_ids())),
        say(|_| setup::roles(&done, role_ids())),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn after_setup_each_role_is_told_what_it_begins_with() {
    let ids = || setup::OnwardIds {
        day: id("d"),
        hour: id("h"),
        first: id("f"),
        plan: id("pl"),
        program: id("pr"),
        steps: [id("1"), id("2"), id("3")],
    };
    let settings = Settings { ready: true, ..chosen() };
    let size = Size { partners: 0, deals: 0 };
    let fresh = Onward { settings, review: None, size, channels: Vec::new(), silent_lead: None };
    let plans = Settings { mode: Mode::Plan, finance_role: None, everyone_is_rep: true, ..fresh.settings.clone() };
    let small = Onward { settings: plans, review: Some(review(Every::Week)), ..fresh.clone() };
    let large = Onward {
        size: Size { partners: 3, deals: 40 },
        channels: vec![trouble(82)],
        silent_lead: Some(RoleId(91)),
        ..fresh.clone()
    };
    let said = [fresh, small, large]
        .map(|onward| say(|voice| setup::finished(voice, &onward, FirstMeeting::default(), ids())));
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn doctor_says_what_to_do_about_each_finding() {
    let undelivered = |kind: &str| Finding::Undelivered {
        kind: kind.to_owned(),
        to: Some(ChannelId(82)),
        user: None,
        reason: "Missing Access <@5>".to_owned(),
        at: now(),
    };
    let mut findings = vec![
        Finding::NotReady,
        Finding::Channel(trouble(82)),
        Finding::Channel(ChannelTrouble { trouble: ChannelState::Gone, uses: Vec::new(), ..trouble(83) }),
        Finding::Channel(ChannelTrouble { trouble: ChannelState::Unknown, ..trouble(84) }),
        Finding::LeadNotMentionable(RoleId(91)),
        Finding::Unowned {
            deal: Box::new(crate::domain::card::DealCard { owner: Named { gone: true, ..ana() }, ..card() }),
        },
        Finding::MissedReview { review: "Pipeline review".into(), starts_at: now() },
    ];
    findings.extend(Settings::default().missing().into_iter().map(Finding::Missing));
    let kinds = ["team_line", "agenda", "digest", "ownership", "alert", "late_answer", "other"];
    let deliveries: Vec<Finding> = kinds.into_iter().map(undelivered).collect();
    let none = say(|voice| doctor::report(voice, &[]));
    let some = say(|voice| doctor::report(voice, &findings));
    let others = say(|voice| doctor::report(voice, &deliveries));
    insta::assert_snapshot!([none, some, others].join("\n"));
    let many: Vec<Finding> = (0..200).map(|_| undelivered("digest")).collect();
    let many = say(|voice| doctor::report(voice, &many));
    assert!(many.contains("more; run doctor again"), "{many}");
}

#[test]
fn settings_and_holidays_are_shown_and_changed() {
    let before = Settings { mode: Mode::Plan, digest_hour: 8, lead_role: None, ..chosen() };
    let (old, new) = (serde_json::to_value(&before).unwrap(), serde_json::to_value(chosen()).unwrap());
    let (before, after) = crate::domain::event::difference(&old, &new);
    let event = Event { before, after, ..created(&deal()) };
    let holidays: std::collections::BTreeMap<_, _> = [
        (day("2026-01-01"), "New Year".to_owned()),
        (day("2026-12-25"), "Christmas".to_owned()),
        (day("2027-01-01"), String::new()),
    ]
    .into();
    let coming = [day("2026-12-25"), day("2027-01-01")];
    let many: std::collections::BTreeMap<_, _> =
        (0..400).map(|n| (day("2027-01-01") + chrono::Days::new(n), "a long holiday name".to_owned())).collect();
    let said = [
        say(|voice| config::config(voice, &Settings::default())),
        say(|voice| config::config(voice, &Settings { rep_role: Some(RoleId(92)), ..chosen() })),
        seen(&config::saved(&event, &[], offers(&[Offer::Undo]))),
        say(|voice| {
            config::holidays(voice, &config::HolidayChange::None, &Default::default(), &[], 0, Page::only(), Vec::new())
        }),
        say(|voice| {
            let added = config::HolidayChange::Added(day("2026-12-25"));
            config::holidays(voice, &added, &holidays, &coming, 2, Page::only(), offers(&[Offer::Undo]))
        }),
        say(|voice| {
            let renamed = config::HolidayChange::Renamed(day("2026-12-25"), "*Xmas*".to_owned());
            config::holidays(voice, &renamed, &holidays, &coming, 2, Page::only(), offers(&[Offer::Undo]))
        }),
    ];
    insta::assert_snapshot!(said.join("\n"));
    let page = Page { index: 1, of: 17, previous: Some(id("back")), next: Some(id("on")) };
    let days: Vec<_> = many.keys().copied().skip(24).take(24).collect();
    let removed = config::HolidayChange::Removed(day("2027-01-05"));
    let shown = say(|voice| config::holidays(voice, &removed, &many, &days, 400, page, Vec::new()));
    assert!(shown.contains("400 holidays ahead") && shown.contains("Page 2 of 17"), "{shown}");
    assert!(!shown.contains("on this page"), "all of the page fits: {shown}");
}

#[test]
fn help_has_a_page_for_reps_and_one_for_each_topic() {
    let pages = help::Topic::ALL.map(|topic| say(|voice| help::topic(voice, topic, id("t"))));
    insta::assert_snapshot!(format!("{}\n{}", say(|voice| help::start(voice, None, id("t"))), pages.join("\n")));
    for topic in help::Topic::ALL {
        assert_eq!(help::Topic::parse(&topic.name().to_uppercase()), Some(topic));
    }
    assert_eq!(help::Topic::parse("deal"), Some(help::Topic::Deals));
    assert_eq!(help::Topic::parse("stalls"), Some(help::Topic::Reminders));
    assert_eq!(help::Topic::parse("xyz"), None);
    assert_eq!(help::Topic::parse(""), None);
}

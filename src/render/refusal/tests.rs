//! Words for every problem.

use super::*;
use crate::domain::deal::criteria::Exit;
use crate::domain::id::{AccountId, DealNumber, PartnerId};
use crate::domain::motion::{Motion, Stage};
use crate::domain::refusal::{AmountRule, Asker, DateRule, Takes, Thing, Why};
use crate::render::testing::{now, seen, speaking};

/// What is unmet of the default motion on the way to a stage, but so many of the first stages.
fn unmet(deal: DealNumber, to: Stage, of_each: usize, asker: Asker) -> Problem {
    let motion = Motion::default();
    let of = |stage: Stage| -> Vec<Exit> {
        let criteria = motion.criteria(stage).iter().take(of_each);
        criteria.map(|criterion| Exit { stage, criterion: criterion.clone() }).collect()
    };
    let unmet = Stage::OPEN.into_iter().filter(|stage| *stage < to).flat_map(of).collect();
    Problem::Unmet { deal, to, unmet, asker }
}

fn every_problem() -> Vec<Problem> {
    let date = "2026-12-11".parse().unwrap();
    let deal = DealNumber(12);
    let needed = [
        Needed::Admin,
        Needed::Lead,
        Needed::Rep,
        Needed::Note,
        Needed::Any,
        Needed::OwnerOrLead,
        Needed::ManagerOrLead,
    ];
    let not_allowed =
        needed.into_iter().flat_map(|needed| [None, Some(UserId(70))].map(|ask| Problem::NotAllowed { needed, ask }));
    let things = [
        Thing::Deal,
        Thing::Account,
        Thing::Partner,
        Thing::Review,
        Thing::Stage,
        Thing::Criterion,
        Thing::Zone,
        Thing::Topic,
        Thing::Occurrence,
    ];
    let not_found =
        things.map(|what| Problem::NotFound { what, typed: "glob @everyone".into(), close: vec!["Globex".into()] });
    let unreadable = [Takes::Money, Takes::Date, Takes::Time, Takes::Currency, Takes::Email]
        .map(|takes| Problem::Unreadable { option: "amount", typed: "12x".into(), takes });
    let missing = [Why::Evidence, Why::ToLeaveProspect, Why::ToWin, Why::OtherNeedsDetail, Why::Monthly, Why::Always]
        .map(|why| Problem::Missing { option: "evidence", why });
    let rules = [
        DateRule::NotPast,
        DateRule::NotFuture,
        DateRule::AfterToday,
        DateRule::AfterStart,
        DateRule::Within(10),
        DateRule::WonSince("2026-12-12".parse().unwrap()),
    ];
    let dates = rules.map(|rule| Problem::BadDate { option: "due", date, rule });
    let stages = [Stage::Prospect, Stage::Launched, Stage::ClosedLost].map(|stage| Problem::WrongStage { deal, stage });
    let amounts = [
        AmountRule::NotNothing,
        AmountRule::NotNegative,
        AmountRule::AtMost(crate::domain::money::MOST),
        AmountRule::Decimals(2),
        AmountRule::Decimals(0),
    ];
    let amounts = amounts.map(|rule| Problem::BadAmount { option: "amount", typed: "0".into(), rule });
    let rest = [
        Problem::NotSetUp,
        Problem::TakesNoDeals { partner: "Initech".into() },
        Problem::TooFar { option: "close", typed: "2999-01-01".into() },
        Problem::OtherCurrency { option: "amount", typed: "€5k".into() },
        Problem::TooLong { option: "note", limit: 1_000 },
        Problem::NameTaken { what: Thing::Account, name: "Globex".into() },
        Problem::Archived { partner: PartnerId(2), name: "Umbrella *Corp*".into() },
        Problem::NoHoliday { date, coming: vec![date.succ_opt().unwrap(), date + chrono::Days::new(14)] },
        Problem::NoHoliday { date, coming: Vec::new() },
        Problem::NoHoliday { date, coming: date.iter_days().take(30).collect() },
        Problem::SnoozedTwice { deal },
        unmet(deal, Stage::Qualified, 1, Asker::Owner),
        unmet(deal, Stage::Launched, 2, Asker::Lead),
        Problem::TooManyCriteria { stage: Stage::Qualified },
        Problem::NoDraft,
        Problem::NameTaken { what: Thing::Criterion, name: "Partner sponsor named".into() },
        Problem::NotAMember { option: "owner", user: UserId(70) },
        Problem::SimilarDeals { account: AccountId(1), deals: vec![deal, DealNumber(14)] },
        Problem::ChangedMeanwhile,
        Problem::TooLateToUndo,
        Problem::NotYours,
        Problem::NotYoursToDecline { owner: UserId(70) },
        Problem::Stale,
        Problem::OutOfReach,
        Problem::MergeIntoItself,
        Problem::NotFound { what: Thing::Account, typed: "Globex".into(), close: Vec::new() }.of("merge_into"),
        Problem::OnlyOne { this: "rename", that: "merge_into" },
        Problem::EveryoneElse { option: "lead_role" },
        Problem::OnlyWith { option: "week", with: "every: Every month" },
        Problem::CoverAway { user: UserId(70), from: date, to: date },
        Problem::NothingToDo,
        Problem::CurrencyFixed,
        Problem::FiscalMonthFixed,
        Problem::QuartersBooked,
        Problem::NothingKept { user: UserId(70) },
        Problem::NumberHidden,
        Problem::TargetFixed { period: crate::domain::period::Period::of(date, 1) },
        Problem::NotUntil { at: now() },
    ];
    not_allowed
        .chain(not_found)
        .chain(unreadable)
        .chain(missing)
        .chain(amounts)
        .chain(dates)
        .chain(stages)
        .chain(rest)
        .collect()
}

#[test]
fn each_problem_says_what_happened_and_what_to_do() {
    let said = speaking(|voice| every_problem().iter().map(|p| words(voice, p)).collect::<Vec<_>>().join("\n"));
    insta::assert_snapshot!(said);
}

#[test]
fn one_problem_is_a_sentence() {
    let problem = Problem::Unreadable { option: "amount", typed: "12x".into(), takes: Takes::Money };
    let said = speaking(|voice| seen(&refused(voice, &Refused::one(problem))));
    insta::assert_snapshot!(said, @r"
    Nothing was saved. **amount**: “12x” isn't an amount. Write `120k`, `1.2m`, `$120,000` or `120000.50`.
    pings: nobody
    ");
}

#[test]
fn all_problems_are_told_at_once_and_counted_when_too_many() {
    let problems = every_problem();
    let unreadable = problems.iter().filter(|problem| matches!(problem, Problem::Unreadable { .. }));
    let some = Refused { problems: unreadable.take(2).cloned().collect() };
    insta::assert_snapshot!(speaking(|voice| seen(&refused(voice, &some))), @"
    Nothing was saved. 2 things to put right:
    - **amount**: “12x” isn't an amount. Write `120k`, `1.2m`, `$120,000` or `120000.50`.
    - **amount**: “12x” isn't a date. Write `2026-12-15`, `15 Dec`, `friday`, `in 2 weeks`, `+10d` or `end of quarter`.
    pings: nobody
    ");
    let said = speaking(|voice| seen(&refused(voice, &Refused { problems })));
    assert!(said.contains("… and "), "{said}");
}

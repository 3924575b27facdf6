//! What people read when a command changed nothing: what happened and what to do, all problems at once.

use super::deal::unmet_criteria;
use super::message::Message;
use super::text::brief;
use super::voice::{self, Voice};
use crate::domain::access::Needed;
use crate::domain::date::YEARS;
use crate::domain::id::UserId;
use crate::domain::motion::{MOST_CRITERIA, Stage};
use crate::domain::refusal::{Problem, Refused};

mod thing;
mod value;

use thing::{either, name_taken, not_found};
use value::{amount_rule, date_rule, form, missing, no_holiday, other_currency};

/// How much of what was typed is said back.
const ECHO: usize = 80;

/// The answer to a refused command. It names people without pinging them.
pub fn refused(voice: &Voice, refused: &Refused) -> Message {
    Message::silent().lines(lines(voice, refused)).build()
}

/// The answer when a form was ready too late for Discord to open it.
pub fn press_again() -> Message {
    Message::silent()
        .text("Discord opens a form within 3 seconds only, and this one was ready too late. Nothing was changed, and what you typed before is kept: press the button or send the command once more.")
        .build()
}

/// The answer when something of ours went wrong. The log holds the reference too.
pub fn failed(reference: &str) -> Message {
    let text = format!(
        "Something went wrong on our side, and nothing was changed. Try again; if it happens again, give your admin this reference: `{reference}`."
    );
    Message::silent().text(text).build().private()
}

/// The same in words, for an answer that holds more than the refusal.
pub fn lines(voice: &Voice, refused: &Refused) -> super::embed::Lines {
    let said: Vec<String> = refused.problems.iter().map(|problem| words(voice, problem)).collect();
    let saves = refused.problems.iter().any(is_about_input);
    let lines: Vec<String> = match said.as_slice() {
        [only] if only.contains('\n') => only.lines().map(str::to_owned).collect(),
        [only] if saves => vec![format!("Nothing was saved. {only}")],
        [only] => vec![only.clone()],
        many => std::iter::once(format!("Nothing was saved. {} to put right:", voice::count(many.len(), "thing")))
            .chain(many.iter().map(|line| format!("- {}", line.replace('\n', "\n  "))))
            .collect(),
    };
    super::embed::Lines::of(lines, |n| format!("… and {} more", voice::count(n, "thing"))).refusing()
}

/// Whether it was something to save that was refused, so that the answer says that nothing was.
fn is_about_input(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Unreadable { .. }
            | Problem::OtherCurrency { .. }
            | Problem::BadAmount { .. }
            | Problem::TooFar { .. }
            | Problem::Missing { .. }
            | Problem::TooLong { .. }
            | Problem::NameTaken { .. }
            | Problem::Archived { .. }
            | Problem::BadDate { .. }
            | Problem::NoHoliday { .. }
            | Problem::NotAMember { .. }
            | Problem::CurrencyFixed
            | Problem::FiscalMonthFixed
            | Problem::QuartersBooked
            | Problem::TargetFixed { .. }
            | Problem::NothingKept { .. }
            | Problem::StandsInForSelf { .. }
            | Problem::CoverAway { .. }
            | Problem::EvidenceTooOld { .. }
            | Problem::StaysPrimary { .. }
            | Problem::OutOfRange { .. }
            | Problem::TakesNoDeals { .. }
            | Problem::NewAccount { .. }
            | Problem::TooManyCriteria { .. }
            | Problem::SimilarDeals { .. }
    )
}

/// One problem in words.
pub fn words(voice: &Voice, problem: &Problem) -> String {
    match problem {
        Problem::NotSetUp => {
            format!("cosell isn't set up in this server yet. An admin starts with {}.", voice.command("cosell setup"))
        }
        Problem::NotAllowed { needed, ask } => not_allowed(voice, *needed, *ask),
        Problem::NotFound { what, typed, close } => not_found(voice, *what, typed, close),
        Problem::Of { option, problem } => format!("{}: {}", name(option), uncapital(&words(voice, problem))),
        Problem::TakesNoDeals { partner } => format!(
            "{} is archived: it takes no new deals. A lead or its manager brings it back with {} `status:Active`.",
            brief(partner, ECHO),
            voice.command("partner edit")
        ),
        Problem::NewAccount { typed, close } => {
            let near = either(close);
            format!("“{}” would be a new account. Did you mean {near}?", brief(typed, ECHO))
        }
        Problem::Unreadable { option, typed, takes } => {
            format!("{}: “{}” isn't {}.", name(option), brief(typed, ECHO), form(voice, *takes))
        }
        Problem::OtherCurrency { option, typed } => other_currency(voice, option, typed),
        Problem::BadAmount { option, typed, rule } => {
            format!("{}: “{}” {}", name(option), brief(typed, ECHO), amount_rule(voice, *rule))
        }
        Problem::TooFar { option, typed } => {
            let (first, last) = (YEARS.start(), YEARS.end());
            format!("{}: “{}” is too far off. Give a day from {first} to {last}.", name(option), brief(typed, ECHO))
        }
        Problem::Missing { option, why } => format!("{}: {}", name(option), missing(*why)),
        Problem::TooLong { option, limit } => {
            format!("{}: at most {limit} characters fit. Shorten it a little.", name(option))
        }
        Problem::NameTaken { what, name } => name_taken(*what, &brief(name, ECHO)),
        Problem::WrongStage { deal, stage } => wrong_stage(voice, &deal.label(), *stage),
        Problem::BadDate { option, date, rule } => {
            format!("{}: {} {}", name(option), voice.day(*date), date_rule(voice, *date, *rule))
        }
        Problem::NoHoliday { date, coming } => no_holiday(voice, *date, coming),
        Problem::SnoozedTwice { deal } => format!(
            "{} was snoozed twice already. Set a next step with {}, say who it waits for with {}, or ask a lead.",
            deal.label(),
            voice.command("deal update"),
            voice.command("deal wait")
        ),
        Problem::Unmet { to, unmet, asker, .. } => unmet_criteria(voice, *to, unmet, *asker),
        Problem::TooManyCriteria { stage } => format!(
            "{} has {MOST_CRITERIA} exit criteria, and nobody goes through more. Take one out, or put two into one.",
            stage.name()
        ),
        Problem::NoDraft => format!(
            "There is no draft that differs from what is published. Begin one with {} or {}.",
            voice.command("motion stage"),
            voice.command("motion criterion")
        ),
        Problem::NotAMember { option, user } => format!(
            "{}: {} holds no role of the program. Choose someone else, or ask an admin to give them {}.",
            name(option),
            voice::mention(*user),
            voice.rep_role()
        ),
        Problem::SimilarDeals { deals, .. } => {
            let labels: Vec<String> = deals.iter().map(|d| d.label()).collect();
            format!("This account has open deals already: {}. Add a note there or join it.", voice::list(&labels))
        }
        Problem::ChangedMeanwhile => "Somebody changed this after it was opened, so nothing of yours was saved.".into(),
        Problem::TooLateToUndo => {
            "It's too late to undo: 60 seconds are over, or something changed since. Change it with the command that you used.".into()
        }
        Problem::NotYours => "Only the person who made this change can undo it. Ask them, or change it yourself.".into(),
        Problem::NotYoursToDecline { owner } => format!(
            "Only {} can decline this deal: it was given to them. The owner or a lead gives it to somebody else with {}.",
            voice::mention(*owner),
            voice.command("deal assign")
        ),
        Problem::Import(file) => super::import::problem(voice, file),
        Problem::Stale => "This button is out of date: something changed since, or its time is over. Use the command again.".into(),
        Problem::OutOfReach => format!(
            "Nothing was changed: buttons in direct messages of that server don't work any more. Go on in the server, with {}.",
            voice.command("my work")
        ),
        Problem::MergeIntoItself => "**merge_into**: that is the same account. Choose the one that stays.".into(),
        Problem::OnlyOne { this, that } => format!("Give {} or {}, not both at once.", name(this), name(that)),
        Problem::EndsOtherwise { deal, stage } => {
            let command = if *stage == Stage::Launched { "deal won" } else { "deal lost" };
            format!("{} ends with {}, which asks for what it takes.", deal.label(), voice.command(command))
        }
        Problem::StandsInForSelf { option } => {
            format!("{}: nobody stands in for themselves. Choose someone else, or leave it out.", name(option))
        }
        Problem::EveryoneElse { option } => {
            format!("{}: it can't be @\u{200B}everyone. Choose a role that only some have.", name(option))
        }
        Problem::OnlyWith { option, with } => {
            format!("{}: it goes with **{with}** only. Leave it out, or choose that.", name(option))
        }
        Problem::CoverAway { user, from, to } => format!(
            "{}: {} is away from {} to {}. Choose someone who is there.",
            name("cover"),
            voice::mention(*user),
            voice.day(*from),
            voice.day(*to)
        ),
        Problem::HasOpenWork { user, deals, actions } => format!(
            "{} has {} of their own. Hand over first: {} shows what moves and to whom.",
            voice::mention(*user),
            open_work(*deals, *actions),
            voice.command("handover plan")
        ),
        Problem::OtherName { typed } => format!(
            "“{}” isn't the name of this server, so nothing was forgotten. Write it as Discord shows it at the top left.",
            brief(typed, ECHO)
        ),
        Problem::OwnClaim { ask } => {
            let ask = ask.map_or_else(|| format!("another of {}", voice.lead_role()), voice::mention);
            format!("You made this claim yourself, so somebody else confirms it. Ask {ask}.")
        }
        Problem::Locked { deal, stage } => format!(
            "{} is {}, so what it is credited with is locked. Ask {}: a lead can still change it, and it counts as an adjustment then.",
            deal.label(),
            if *stage == Stage::Launched { "won" } else { "lost" },
            voice.lead_role()
        ),
        Problem::EvidenceTooOld { on, earliest } => format!(
            "{}: {} is too long before the deal. What shows that a partner sourced it is of {} or later, 30 days before the deal was recorded. Give newer evidence, or claim it as influenced.",
            name("on"),
            voice.day(*on),
            voice.day(*earliest)
        ),
        Problem::StaysPrimary { deal } => format!(
            "{}: this is the primary partner of {}, and a deal always has one. Claim another partner's role with `primary:true` to trade places.",
            name("primary"),
            deal.label()
        ),
        Problem::OutOfRange { option, least, most } => {
            format!("{}: choose a number from {least} to {most}.", name(option))
        }
        Problem::NothingToDo => "Nothing changed: give at least one thing that differs.".into(),
        Problem::CurrencyFixed => format!(
            "**currency**: it is fixed, because deals have amounts in it. Write amounts of another currency in {}.",
            voice.currency()
        ),
        Problem::Handover(obstacle) => super::handover::obstacle(voice, obstacle),
        Problem::FiscalMonthFixed => format!(
            "**fiscal_month**: it is fixed, because targets or costs are set by its quarters. Take them out first with an amount of 0: {}, {}.",
            voice.command("program target"),
            voice.command("program cost")
        ),
        Problem::QuartersBooked => {
            "**fiscal_month**: it is fixed, because deals were won: with other quarters, those that are over would show other figures than were reported. The forecast goes by months, for whoever reports by another year."
                .into()
        }
        Problem::NumberHidden => format!(
            "In plan mode there is no number: each partner has a plan instead. An admin switches with {} `mode:Program`.",
            voice.command("cosell config")
        ),
        Problem::TargetFixed { period } => format!(
            "**period**: {period} is over, and its target stays as it was reported. Set one for a quarter that is still running or ahead."
        ),
        Problem::Archived { name, .. } => format!(
            "{} is a partner already, archived with its history. Bring it back, or choose another name for a new one.",
            brief(name, ECHO)
        ),
        Problem::NothingKept { user } => format!("{}: nothing is kept of them, so there is nothing to forget.", voice::mention(*user)),
        Problem::NoReview => {
            format!("There is no review yet. A lead schedules one with {}.", voice.command("review schedule"))
        }
        Problem::NoMeeting { review } => no_meeting(voice, review.as_deref()),
        Problem::MeetingOver { minutes } => {
            let at = minutes.map(|at| format!(": {}", voice::link(at))).unwrap_or_default();
            format!(
                "This review is closed, and its minutes are posted{at}. What came later is added to them with {} and {}.",
                voice.command("review decide"),
                voice.command("review action")
            )
        }
        Problem::NotStarted { review } => format!(
            "{} was not started, so there is nothing to close. Start it from its agenda or with {}.",
            brief(review, ECHO),
            voice.command("review start")
        ),
        Problem::MeetingStarted { review } => format!(
            "This meeting of {} was started already. Close it with {}; what was noted stays in its minutes.",
            brief(review, ECHO),
            voice.command("review close")
        ),
        Problem::NotInReview { deal, review } => format!(
            "**deal**: {} goes through other deals than {}. Leave the deal out, or choose another review.",
            brief(review, ECHO),
            deal.label()
        ),
        Problem::NotUntil { at } => format!("Not before {}. Try again then.", voice::moment(*at)),
    }
}

/// A sentence as it goes on after a colon.
fn uncapital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// `2 open deals and 1 open action`.
fn open_work(deals: usize, actions: usize) -> String {
    let said = [(deals, "open deal"), (actions, "open action")].into_iter().filter(|(n, _)| *n > 0);
    voice::list(&said.map(|(n, noun)| voice::count(n, noun)).collect::<Vec<_>>())
}

/// An option as Discord shows it while people type.
fn name(option: &str) -> String {
    format!("**{option}**")
}

fn not_allowed(voice: &Voice, needed: Needed, ask: Option<UserId>) -> String {
    // Somebody who was forgotten can't be asked.
    let named = ask.filter(|user| user.0 > 0).map(voice::mention);
    let ask = |otherwise: &str| named.clone().unwrap_or_else(|| otherwise.to_owned());
    match needed {
        Needed::Admin => format!("This needs Manage Server. Ask {}.", ask("an admin of this server")),
        Needed::Lead => format!("This is for a lead. Ask {}.", ask(&format!("somebody with {}", voice.lead_role()))),
        Needed::Finance => {
            format!("This is for leads and finance. Ask {}.", ask(&format!("somebody with {}", voice.lead_role())))
        }
        Needed::Rep => format!("Recording deals takes {}. Ask an admin of this server for it.", voice.rep_role()),
        Needed::Note => {
            format!("Noting on others' deals takes {}. Ask an admin of this server for it.", voice.rep_role())
        }
        Needed::Any => format!(
            "You hold no role of the program yet. Ask an admin of this server for {}, or for {} if you run the program.",
            voice.rep_role(),
            voice.lead_role()
        ),
        Needed::OwnerOrLead => match named {
            Some(owner) => format!(
                "Only the deal's owner or a lead can do this. Ask {owner}, or add a note with {}.",
                voice.command("deal update")
            ),
            None => "Only the deal's owner or a lead can do this. Ask one of them.".into(),
        },
        Needed::ManagerOrLead => {
            format!("Only the partner's manager or a lead can do this. Ask {}.", ask("a lead"))
        }
        Needed::AssigneeOrLead => {
            format!("Only who has the action, who gave it, or a lead can end it. Ask {}.", ask("a lead"))
        }
    }
}

fn no_meeting(voice: &Voice, review: Option<&str>) -> String {
    let (list, add) = (voice.command("review list"), voice.command("review add"));
    let what = review.map_or_else(
        || "No agenda was posted here".to_owned(),
        |review| format!("No agenda of {} was posted", brief(review, ECHO)),
    );
    format!(
        "{what} within the last day, so there is no review to run. {list} tells when it meets next; {add} puts a topic on its agenda."
    )
}

fn wrong_stage(voice: &Voice, deal: &str, stage: crate::domain::motion::Stage) -> String {
    if stage.is_open() {
        return format!("{deal} is still open, in {}. Change it with {}.", stage.name(), voice.command("deal update"));
    }
    let ended = if stage == crate::domain::motion::Stage::Launched { "won" } else { "lost" };
    format!("{deal} is {ended} already. Open it again with {}, if that is wrong.", voice.command("deal reopen"))
}

#[cfg(test)]
mod tests;

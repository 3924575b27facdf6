//! Help: a page for each role and each part of the program, with commands to click; each leads to all others.

mod part;
mod role;
mod running;

use super::choice::{Choice, Choices};
use super::control::{CustomId, Entry, Select};
use super::embed::{Embed, Lines};
use super::message::{Draft, Message};
use super::refusal::words;
use super::voice::Voice;
use crate::domain::refusal::Problem;

/// What help can be had about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// For who has no role yet, and everybody on their first day.
    New,
    /// For who records deals.
    Rep,
    /// For who answers for one.
    Owner,
    /// For who runs the program.
    Lead,
    /// For who reads the proof.
    Finance,
    /// For who looks after the bot.
    Admin,
    /// Who may do what.
    Roles,
    /// Recording and running deals.
    Deals,
    /// The play: stages, criteria, next steps.
    Motion,
    /// Sourced, influenced, undecided.
    Attribution,
    /// When a deal is stalled, and what happens then.
    Reminders,
    /// The recurring meeting.
    Reviews,
    /// The companies we sell with.
    Partners,
    /// What happens when somebody leaves.
    Handover,
    /// The number and the forecast.
    Number,
    /// What a quarter brought.
    Report,
    /// Program or streak, and who carries it.
    Health,
    /// What deals pay.
    Pay,
    /// Deals in and out, and forgetting.
    Import,
    /// A plan per partner instead of a program.
    PlanMode,
    /// How dates and amounts are written.
    Writing,
}

/// What the two groups of topics are called.
const FOR_ROLES: usize = 7;

impl Topic {
    /// All topics, in the order in which they are offered: those for roles first.
    pub const ALL: [Topic; 21] = [
        Topic::New,
        Topic::Rep,
        Topic::Owner,
        Topic::Lead,
        Topic::Finance,
        Topic::Admin,
        Topic::Roles,
        Topic::Deals,
        Topic::Motion,
        Topic::Attribution,
        Topic::Reminders,
        Topic::Reviews,
        Topic::Partners,
        Topic::Handover,
        Topic::Number,
        Topic::Report,
        Topic::Health,
        Topic::Pay,
        Topic::Import,
        Topic::PlanMode,
        Topic::Writing,
    ];

    /// As people see and type it.
    pub fn name(self) -> &'static str {
        match self {
            Topic::New => "new here",
            Topic::Rep => "rep",
            Topic::Owner => "owner",
            Topic::Lead => "lead",
            Topic::Finance => "finance",
            Topic::Admin => "admin",
            Topic::Roles => "roles",
            Topic::Deals => "deals",
            Topic::Motion => "motion",
            Topic::Attribution => "sourced or influenced",
            Topic::Reminders => "reminders",
            Topic::Reviews => "reviews",
            Topic::Partners => "partners",
            Topic::Handover => "handover",
            Topic::Number => "the number",
            Topic::Report => "report",
            Topic::Health => "health and champions",
            Topic::Pay => "pay",
            Topic::Import => "import and export",
            Topic::PlanMode => "plan mode",
            Topic::Writing => "dates and amounts",
        }
    }

    /// What it is about, beside its name.
    fn about(self) -> &'static str {
        match self {
            Topic::New => "What this is, and how to begin",
            Topic::Rep => "Record deals and keep them moving",
            Topic::Owner => "Answer for a deal",
            Topic::Lead => "Run the program",
            Topic::Finance => "Read the proof",
            Topic::Admin => "Set up and look after the bot",
            Topic::Roles => "Who may do what",
            Topic::Deals => "Record, find, move and close",
            Topic::Motion => "Stages, what must be true to leave them, next steps",
            Topic::Attribution => "What a partner did, with evidence",
            Topic::Reminders => "When a deal is stalled, and what then",
            Topic::Reviews => "The meeting, its agenda, decisions and actions",
            Topic::Partners => "Partners, contacts, plans",
            Topic::Handover => "When somebody leaves",
            Topic::Number => "Target, forecast, coverage",
            Topic::Report => "What a quarter brought",
            Topic::Health => "Program or streak, and who carries it",
            Topic::Pay => "What deals pay",
            Topic::Import => "Deals from a CRM and back, and forgetting",
            Topic::PlanMode => "For one or two partners",
            Topic::Writing => "How they are written",
        }
    }

    /// Reads a name or any part of one, in any case, with or without the plural.
    pub fn parse(typed: &str) -> Option<Topic> {
        let typed = typed.trim().to_lowercase();
        let exact = Topic::ALL.into_iter().find(|t| t.name() == typed);
        let stem = typed.trim_end_matches('s');
        let near = || Topic::ALL.into_iter().find(|t| !stem.is_empty() && t.name().contains(stem));
        let word = || match stem {
            "newcomer" | "start" | "begin" | "anyone" | "everyone" => Some(Topic::New),
            "backup" | "cover" => Some(Topic::Owner),
            "stage" | "criterion" | "criteria" | "play" => Some(Topic::Motion),
            "stall" | "nudge" | "snooze" | "wait" | "digest" => Some(Topic::Reminders),
            "attribution" | "undecided" | "class" | "claim" | "confirm" | "registration" => Some(Topic::Attribution),
            "agenda" | "meeting" | "action" | "decision" | "minute" | "cadence" => Some(Topic::Reviews),
            "program" | "target" | "forecast" | "coverage" => Some(Topic::Number),
            "cost" | "roi" | "baseline" | "proof" => Some(Topic::Report),
            "health" | "champion" | "streak" => Some(Topic::Health),
            "setup" | "doctor" | "config" | "holiday" | "account" | "audit" => Some(Topic::Admin),
            "leave" | "leaver" | "departure" => Some(Topic::Handover),
            "permission" => Some(Topic::Roles),
            "comp" | "spiff" | "parity" | "incentive" | "quota" => Some(Topic::Pay),
            "forget" | "csv" | "crm" => Some(Topic::Import),
            "plan" | "mode" => Some(Topic::PlanMode),
            "money" | "currency" => Some(Topic::Writing),
            _ => None,
        };
        exact.or_else(word).or_else(near)
    }

    /// The topics that go with what was typed.
    pub fn choices(typed: &str) -> Choices {
        let typed = typed.trim().to_lowercase();
        Choices::of(Topic::ALL.into_iter().filter(|t| t.name().contains(&typed)).map(|t| Choice::named(t.name())))
    }
}

/// The rep's page: four commands, the rest is on the deal's card. Who may use none of them yet is told why, and whom to ask.
pub fn start(voice: &Voice, barred: Option<&Problem>, turn: CustomId) -> Message {
    let lines = [
        format!("{} records a joint deal.", voice.command("deal new")),
        format!(
            "{} notes what happened and what is next; with only the deal, a form opens.",
            voice.command("deal update")
        ),
        format!("{} shows a deal, with everything that can be done on its card.", voice.command("deal view")),
        format!(
            "{} goes through your deals one by one, most urgent first, and shows your actions.",
            voice.command("my work")
        ),
    ];
    let names: Vec<&str> = Topic::ALL.iter().map(|t| t.name()).collect();
    let (roles, parts) = names.split_at(FOR_ROLES);
    let more = format!("For you: {}\nAbout: {}", roles.join(" · "), parts.join(" · "));
    let title = match barred {
        Some(_) => "With a role of the program, four commands are enough",
        None => "Four commands are enough",
    };
    let embed = Embed::titled(title).text(lines.join("\n")).field("More, below", Lines::text(more));
    let first = barred.map(|problem| words(voice, problem));
    first.into_iter().fold(Message::silent(), Draft::text).embed(embed).select(topics(turn, None)).build()
}

/// The page of a topic.
pub fn topic(voice: &Voice, topic: Topic, turn: CustomId) -> Message {
    let (title, lines) = match topic {
        Topic::New => role::new(voice),
        Topic::Rep => role::rep(voice),
        Topic::Owner => role::owner(voice),
        Topic::Lead => role::lead(voice),
        Topic::Finance => role::finance(voice),
        Topic::Admin => role::admin(voice),
        Topic::Roles => role::roles(voice),
        Topic::Deals => part::deals(voice),
        Topic::Motion => part::motion(voice),
        Topic::Attribution => part::attribution(voice),
        Topic::Reminders => part::reminders(voice),
        Topic::Reviews => part::reviews(voice),
        Topic::Partners => part::partners(voice),
        Topic::Handover => running::handover(voice),
        Topic::Number => running::number(voice),
        Topic::Report => running::report(voice),
        Topic::Health => running::health(voice),
        Topic::Pay => running::pay(voice),
        Topic::Import => running::import(voice),
        Topic::PlanMode => running::plan_mode(voice),
        Topic::Writing => part::writing(),
    };
    let embed = Embed::titled(title).text(lines.join("\n"));
    Message::silent().embed(embed).select(topics(turn, Some(topic))).build()
}

/// All topics to go to; the one that is shown is chosen.
fn topics(turn: CustomId, shown: Option<Topic>) -> Select {
    let entry = |topic: Topic| {
        let entry = Entry::new(topic.name(), topic.name()).described(topic.about());
        if shown == Some(topic) { entry.chosen() } else { entry }
    };
    Select::of(turn, "A role or a topic", Topic::ALL.map(entry), |n| format!("({n} more)"))
}

type Page = (&'static str, Vec<String>);

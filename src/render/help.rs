//! Help: a rep's page of four commands, and a page for each topic, with commands to click.

mod running;

use super::choice::{Choice, Choices};
use super::embed::{Embed, Lines};
use super::message::{Draft, Message};
use super::refusal::words;
use super::voice::Voice;
use crate::domain::meeting::{self, Urgency};
use crate::domain::refusal::Problem;

/// What help can be had about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
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
    /// The number, the forecast, the cadence.
    Program,
    /// Who may do what.
    Roles,
    /// How dates and amounts are written.
    Writing,
    /// What deals pay.
    Pay,
    /// Setting up and looking after the bot.
    Admin,
}

impl Topic {
    /// All topics, in the order in which they are offered.
    pub const ALL: [Topic; 12] = [
        Topic::Deals,
        Topic::Motion,
        Topic::Attribution,
        Topic::Reminders,
        Topic::Reviews,
        Topic::Partners,
        Topic::Handover,
        Topic::Program,
        Topic::Roles,
        Topic::Writing,
        Topic::Pay,
        Topic::Admin,
    ];

    /// As people see and type it.
    pub fn name(self) -> &'static str {
        match self {
            Topic::Deals => "deals",
            Topic::Motion => "motion",
            Topic::Attribution => "sourced or influenced",
            Topic::Reminders => "reminders",
            Topic::Reviews => "reviews",
            Topic::Partners => "partners",
            Topic::Handover => "handover",
            Topic::Program => "program",
            Topic::Roles => "roles",
            Topic::Writing => "dates and amounts",
            Topic::Pay => "pay",
            Topic::Admin => "admin",
        }
    }

    /// Reads a name or any part of one, in any case, with or without the plural.
    pub fn parse(typed: &str) -> Option<Topic> {
        let typed = typed.trim().to_lowercase();
        let exact = Topic::ALL.into_iter().find(|t| t.name() == typed);
        let stem = typed.trim_end_matches('s');
        let near = || Topic::ALL.into_iter().find(|t| !stem.is_empty() && t.name().contains(stem));
        let word = || match stem {
            "stage" | "criterion" | "criteria" | "play" => Some(Topic::Motion),
            "stall" | "nudge" | "snooze" | "wait" => Some(Topic::Reminders),
            "attribution" | "undecided" | "class" | "claim" | "confirm" | "registration" => Some(Topic::Attribution),
            "agenda" | "meeting" | "action" | "decision" | "minute" => Some(Topic::Reviews),
            "number" | "target" | "forecast" | "cadence" | "cost" | "coverage" | "health" | "champion" | "streak"
            | "report" | "roi" | "baseline" | "proof" => Some(Topic::Program),
            "setup" | "doctor" | "config" | "holiday" => Some(Topic::Admin),
            "leave" | "leaver" | "departure" => Some(Topic::Handover),
            "permission" | "lead" | "rep" | "finance" => Some(Topic::Roles),
            "comp" | "spiff" | "parity" | "incentive" | "quota" => Some(Topic::Pay),
            "audit" | "forget" | "import" | "export" | "csv" => Some(Topic::Admin),
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
pub fn start(voice: &Voice, barred: Option<&Problem>) -> Message {
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
    let topics: Vec<&str> = Topic::ALL.iter().map(|t| t.name()).collect();
    let more = format!("{} `topic:` {}", voice.command("help"), topics.join(" · "));
    let embed = Embed::titled("Four commands are enough").text(lines.join("\n")).field("More", Lines::text(more));
    let first = barred.map(|problem| words(voice, problem));
    first.into_iter().fold(Message::silent(), Draft::text).embed(embed).build()
}

/// The page of a topic.
pub fn topic(voice: &Voice, topic: Topic) -> Message {
    let (title, lines) = match topic {
        Topic::Deals => deals(voice),
        Topic::Motion => motion(voice),
        Topic::Attribution => attribution(voice),
        Topic::Reminders => reminders(voice),
        Topic::Reviews => reviews(voice),
        Topic::Partners => partners(voice),
        Topic::Handover => running::handover(voice),
        Topic::Program => running::program(voice),
        Topic::Roles => running::roles(voice),
        Topic::Writing => writing(),
        Topic::Pay => running::pay(voice),
        Topic::Admin => running::admin(voice),
    };
    Message::silent().embed(Embed::titled(title).text(lines.join("\n"))).build()
}

type Page = (&'static str, Vec<String>);

fn deals(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "{} records one: account, partner, and whether the partner sourced or influenced it.",
            voice.command("deal new")
        ),
        format!("{} notes what happened, sets the next step, amount or close.", voice.command("deal update")),
        format!("{} moves it on. Leaving Prospect needs amount and close.", voice.command("deal stage")),
        format!(
            "{} · {} · {} end it, or open it again.",
            voice.command("deal won"),
            voice.command("deal lost"),
            voice.command("deal reopen")
        ),
        format!("{} gives it to another owner, who can decline.", voice.command("deal assign")),
        format!(
            "{} · {} · {} find it and tell its story.",
            voice.command("deal view"),
            voice.command("deal list"),
            voice.command("deal history")
        ),
        "Each change has an Undo for 60 seconds. A message's menu has **Log to a deal**, a person's **Joint deals**."
            .to_owned(),
        "Stages: Prospect → Qualified → Technical Validation → Business Validation → Committed → Launched (won)."
            .to_owned(),
    ];
    ("Deals", lines)
}

fn motion(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "{} shows the play: what each stage means, what must be true to leave it on both sides, what to do next.",
            voice.command("motion show")
        ),
        "**Criteria** on a deal's card ticks what is true. **Set next step** takes what the motion proposes, due in 5 business days.".to_owned(),
        format!(
            "{} names what is unmet and whose it is. A lead may pass it over with a reason, which stays on the card; **Ask a lead to pass** puts it on the agenda.",
            voice.command("deal stage")
        ),
        format!(
            "Leads draft the next version with {} and {}, and make it count with {}.",
            voice.command("motion stage"),
            voice.command("motion criterion"),
            voice.command("motion publish")
        ),
        format!(
            "A deal keeps the version that it started on, until **Newer motion** on its card moves it. {} tells what changed.",
            voice.command("motion history")
        ),
    ];
    ("Motion", lines)
}

fn attribution(voice: &Voice) -> Page {
    let lines = vec![
        "**Sourced**: the partner brought the deal, and it would not exist otherwise.".to_owned(),
        "**Influenced**: it came another way, and the partner took part in something that can be named.".to_owned(),
        "**Undecided**: not settled yet. It shows as a gap until it is.".to_owned(),
        "Both need evidence: who did what, when. Recorded within 14 days of the deal it counts as on time; later it shows as late. Influenced counts from its event, and before the close. Evidence that a deal was sourced is at most 30 days older than the deal. Give its day with `on`; it is today's when left out.".to_owned(),
        format!(
            "It is asked by {}. {} claims it later, for another partner, or anew; `primary:true` makes a partner's role the deal's class.",
            voice.command("deal new"),
            voice.command("deal attribute")
        ),
        format!(
            "The partner's manager or a lead confirms it, never who claimed it: the claims wait in {} and on {}.",
            voice.command("my work"),
            voice.command("partner view")
        ),
        format!(
            "{} keeps a deal registration with its reference; its owner is reminded 14 and 3 days before it runs out.",
            voice.command("deal register")
        ),
    ];
    ("Sourced or influenced", lines)
}

fn reminders(voice: &Voice) -> Page {
    let lines = vec![
        "A deal is stalled when its next step is overdue or missing, its close is past, nothing happened for the stage's usual days, it is in a stage for much longer than won deals were, or a wait is over with nothing new.".to_owned(),
        "Its owner is reminded first; after 3 business days the backup too; after 5 more the lead, and the deal heads the agenda.".to_owned(),
        format!("You get one reminder message a day at most, at your hour: {}. **Show mine** in it opens your list with everything to press.", voice.command("my settings")),
        format!("What helps: a dated next step ({}), saying who has the next move ({}), or a snooze of up to 10 business days ({}).", voice.command("deal update"), voice.command("deal wait"), voice.command("deal snooze")),
        format!("Away? {} names who covers for you.", voice.command("my away")),
    ];
    ("Reminders", lines)
}

fn reviews(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "{} sets when and where the team reviews the pipeline: every week, 2 or 4 weeks, or once a month.",
            voice.command("review schedule")
        ),
        "The agenda is posted ahead of the meeting: what needs a decision, what is stalled, what closes, what moved."
            .to_owned(),
        format!(
            "{} puts a topic on the next one, and so does **Add to a review** in a message's menu.",
            voice.command("review add")
        ),
        format!(
            "**Start the review** on the agenda, or {}, turns its post into the meeting: card after card with what can be done about it. Anyone with a role may run it.",
            voice.command("review start")
        ),
        format!("At most {} cards: {}.", meeting::CARDS, ranking()),
        format!(
            "{} and {} note what comes of it, from the post or by command. {} posts the minutes in a thread; an action comes back on each agenda until it is done, or dropped with a reason.",
            voice.command("review decide"),
            voice.command("review action"),
            voice.command("review close")
        ),
        format!(
            "{} shows it as it would be posted now. {} lists the dates.",
            voice.command("review agenda"),
            voice.command("review list")
        ),
        format!(
            "A meeting counts as held when it was started within 2 hours of its time and closed, or when two people acted in it. {} shows each one, {} the quarter.",
            voice.command("review history"),
            voice.command("program cadence")
        ),
        format!(
            "{} leaves one meeting out, {} ends a review.",
            voice.command("review skip"),
            voice.command("review cancel")
        ),
        format!(
            "Whoever has an action is reminded on its day, and once more 3 business days later; {} ends it.",
            voice.command("my work")
        ),
    ];
    ("Reviews", lines)
}

/// What ranks a deal among the cards.
fn ranking() -> String {
    let name = |urgency: &Urgency| match urgency {
        Urgency::Asked => "somebody asked for it or an action on it is overdue",
        Urgency::Decision => "it needs a decision",
        Urgency::Stalled => "it is stalled",
        Urgency::Usual => "it closes this quarter, moved or has a gap",
    };
    let weights: Vec<String> = Urgency::ALL.iter().map(|u| format!("{} × {}", name(u), u.weight())).collect();
    let first = "topics and overdue actions that are about no deal, then deals by amount times urgency";
    format!("{first} ({}), each owner's together; the rest is picked from a list", weights.join(", "))
}

fn partners(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "{} · {} show them with their deals and contacts.",
            voice.command("partner view"),
            voice.command("partner list")
        ),
        format!(
            "Leads add them with {}; leads and the partner's manager change them with {} and {}.",
            voice.command("partner add"),
            voice.command("partner edit"),
            voice.command("partner contact")
        ),
        format!(
            "{} says what both sides want and owe, and gives a page that can be sent to the partner.",
            voice.command("partner plan")
        ),
        format!("{} takes one out of use and keeps its history.", voice.command("partner archive")),
    ];
    ("Partners", lines)
}

fn writing() -> Page {
    let lines = vec![
        "Dates: `2026-12-15` · `15 Dec` · `friday` · `next friday` · `in 2 weeks` · `+10d` · `end of quarter`"
            .to_owned(),
        "Amounts: `120k` · `1.2m` · `$120,000` · `120000.50`".to_owned(),
        "The answer says how they were understood, and Undo takes them back.".to_owned(),
    ];
    ("Dates and amounts", lines)
}

//! The pages about the parts of the program that everybody works with.

use super::{Page, Voice};
use crate::domain::meeting::{self, Urgency};

pub(super) fn deals(voice: &Voice) -> Page {
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

pub(super) fn motion(voice: &Voice) -> Page {
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

pub(super) fn attribution(voice: &Voice) -> Page {
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

pub(super) fn reminders(voice: &Voice) -> Page {
    let lines = vec![
        "A deal is stalled when its next step is overdue or missing, its close is past, nothing happened for the stage's usual days, it is in a stage for much longer than won deals were, or a wait is over with nothing new.".to_owned(),
        "Its owner is reminded first; after 3 business days the backup too; after 5 more the lead, and the deal heads the agenda.".to_owned(),
        format!("You get one reminder message a day at most, at your hour: {}. **Show mine** in it opens your list with everything to press.", voice.command("my settings")),
        format!("What helps: a dated next step ({}), saying who has the next move ({}), or a snooze of up to 10 business days ({}).", voice.command("deal update"), voice.command("deal wait"), voice.command("deal snooze")),
        format!("Away? {} names who covers for you.", voice.command("my away")),
    ];
    ("Reminders", lines)
}

pub(super) fn reviews(voice: &Voice) -> Page {
    let lines = vec![
        format!(
            "A lead sets with {} when and where the team reviews the pipeline: every week, 2 or 4 weeks, or once a month.",
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
            "A lead leaves one meeting out with {}, and ends a review with {}.",
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

pub(super) fn partners(voice: &Voice) -> Page {
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
        format!(
            "Leads and the partner's manager take one out of use with {}; its history stays.",
            voice.command("partner archive")
        ),
    ];
    ("Partners", lines)
}

pub(super) fn writing() -> Page {
    let lines = vec![
        "Dates: `2026-12-15` · `15 Dec` · `friday` · `next friday` · `in 2 weeks` · `+10d` · `end of quarter`"
            .to_owned(),
        "Amounts: `120k` · `1.2m` · `$120,000` · `120000.50`".to_owned(),
        "The answer says how they were understood, and Undo takes them back.".to_owned(),
    ];
    ("Dates and amounts", lines)
}

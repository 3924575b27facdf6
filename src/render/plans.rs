//! What plan mode shows in the place of health and champions: each partner's plan, and when a program would earn its
//! overhead.

use super::alert::alert;
use super::control::{CustomId, Entry, Select};
use super::deal;
use super::embed::{Embed, Lines, Tone};
use super::message::Message;
use super::text::{brief, plain};
use super::voice::{Voice, count, list};
use crate::domain::size::{OPEN_DEALS, PARTNERS, PlanLine, PlansCard, Size, suggested_from};

/// The plans; `show` opens the one of the partner that is picked.
pub fn plans(voice: &Voice, card: &PlansCard, show: CustomId) -> Message {
    let lacks = card.plans.iter().any(|plan| !second(plan).is_empty()) || card.size.is_above_plan();
    let lines: Vec<String> = match card.plans.is_empty() {
        true => vec![format!("No partner yet. A lead adds one with {}.", voice.command("partner add"))],
        false => card.plans.iter().map(|plan| line(voice, plan)).collect(),
    };
    let embed = Embed::titled("Plan mode: a plan for each partner")
        .tone(if lacks { Tone::Attention } else { Tone::Plain })
        .lines(Lines::of(lines, |n| format!("… and {}", count(n, "more partner"))))
        .field("When a program earns its overhead", Lines::text(overhead(voice, card)));
    let entry = |plan: &PlanLine| {
        let goal = if plan.partner.plan.goal.is_some() { "has a goal" } else { "no goal yet" };
        Entry::new(plan.partner.id.to_string(), plain(&plan.partner.name)).described(goal)
    };
    let select = Select::of(show, "Show the plan with…", card.plans.iter().map(entry), |n| format!("({n} more)"));
    Message::silent().embed(embed).select(select).build()
}

/// `**Initech** · 3 open deals, $120k · goal “…” · ours: @rita · theirs: 1 contact · **no second one on either side**`.
fn line(voice: &Voice, plan: &PlanLine) -> String {
    let partner = &plan.partner;
    let open = match plan.open.deals {
        0 => "nothing open".to_owned(),
        deals => format!("{}, {}", count(deals, "open deal"), voice.short_money(plan.open.amount)),
    };
    let goal = match &partner.plan.goal {
        Some(goal) => format!("goal “{}”", brief(goal, 120)),
        None => "no goal yet".to_owned(),
    };
    let ours: Vec<String> = plan.knows.iter().map(deal::person).collect();
    let ours = if ours.is_empty() { "nobody of ours knows it".to_owned() } else { format!("ours: {}", list(&ours)) };
    let theirs = match partner.contacts.len() {
        0 => "nobody of theirs is known".to_owned(),
        n => format!("theirs: {}", count(n, "contact")),
    };
    format!("**{}** · {open} · {goal} · {ours} · {theirs}{}", brief(&partner.name, 60), second(plan))
}

/// On which side one person leaving would leave nobody who knows the other.
fn second(plan: &PlanLine) -> &'static str {
    match (plan.lacks_second_of_ours(), plan.lacks_second_of_theirs()) {
        (true, true) => " · **no second one on either side**",
        (true, false) => " · **no second one of ours**",
        (false, true) => " · **no second one of theirs**",
        (false, false) => "",
    }
}

fn overhead(voice: &Voice, card: &PlansCard) -> String {
    let size = sized(card.size);
    let limit = format!("above {PARTNERS} active partners or {OPEN_DEALS} open deals");
    let config = format!("An admin switches with {} `mode:Program`.", voice.command("cosell config"));
    match (card.size.is_above_plan(), card.above_since) {
        (false, _) => format!("The number, health and champions earn it {limit}. You have {size}: plans are enough."),
        (true, None) => format!("It does {limit}, and you have {size}. {config}"),
        (true, Some(since)) => {
            let later = suggested_from(since);
            let when = if later > voice.today() {
                format!(" The bot suggests it on {} if that lasts.", voice.day(later))
            } else {
                String::new()
            };
            format!("It does {limit}, and you have {size}, above that since {}.{when} {config}", voice.day(since))
        }
    }
}

fn sized(size: Size) -> String {
    format!("{} and {}", count(size.partners, "active partner"), count(size.deals, "open deal"))
}

/// The workspace has been too large for plan mode for a month: program mode is suggested, once.
pub fn outgrown(voice: &Voice, size: Size, since: chrono::NaiveDate, reference: &str) -> Message {
    let said = format!(
        "**It is time for program mode.** You have {}, more than plans are enough for ({PARTNERS} active partners, {OPEN_DEALS} open deals) since {}. A program adds the number with its owner, its health, and who carries it: an admin switches with {} `mode:Program`. This is said once.",
        sized(size),
        voice.day(since),
        voice.command("cosell config"),
    );
    alert(said, reference).build()
}

#[cfg(test)]
mod tests;

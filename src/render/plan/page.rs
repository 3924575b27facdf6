//! The page of a plan that can be sent to the partner. What is on it is named here, one by one: the texts of the plan,
//! people's names, and of their deals the customer, the stage and the expected close. Amounts, notes, next steps,
//! evidence, other partners and pay are our own and are not looked at.

use std::fmt::Write as _;

use super::super::text::{escape, escape_lines, plain};
use super::super::voice::{Voice, day};
use crate::domain::card::DealCard;
use crate::domain::partner::{Contact, Partner};
use crate::domain::plan::PartnerPlan;

/// A name for the file: letters and digits of the partner's name.
pub fn filename(partner: &Partner) -> String {
    let words = partner.name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-").to_lowercase();
    let name: String = name.chars().take(40).collect();
    if name.is_empty() { "partner-plan.md".to_owned() } else { format!("{name}-plan.md") }
}

/// The page, in Markdown.
pub fn page(voice: &Voice, plan: &PartnerPlan) -> String {
    let partner = &plan.partner;
    let mut page = format!("# Joint plan: {}\n\nAs of {}\n", escape(&partner.name), day(voice.today()));
    section(&mut page, "Goal", &[text(&partner.plan.goal)]);
    section(&mut page, "People", &people(plan));
    section(&mut page, "How we meet", &meetings(voice, plan));
    section(&mut page, "Open deals", &deals(plan));
    section(&mut page, "What we do", &agreed(&partner.plan.we_owe));
    let waits = plan.theirs().filter_map(|card| {
        let wait = card.deal.wait.as_ref()?;
        Some(format!("- {}: we hope to hear from you by {}", escape(&card.account), day(wait.until)))
    });
    section(
        &mut page,
        "What we ask of you",
        &agreed(&partner.plan.they_owe).into_iter().chain(waits).collect::<Vec<_>>(),
    );
    page
}

fn section(page: &mut String, title: &str, lines: &[String]) {
    let lines: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    let body = if lines.is_empty() { "To be agreed.".to_owned() } else { lines.join("\n") };
    write!(page, "\n## {title}\n\n{body}\n").expect("a String takes all that is written");
}

fn text(typed: &Option<String>) -> String {
    typed.as_deref().map(escape_lines).unwrap_or_default()
}

fn agreed(typed: &Option<String>) -> Vec<String> {
    text(typed).lines().map(|line| format!("- {line}")).collect()
}

fn people(plan: &PartnerPlan) -> Vec<String> {
    let manager = plan.partner.manager;
    let ours = plan.knows.iter().map(|person| match Some(person.member) == manager {
        true => format!("- Ours: {} (partner manager)", escape(&person.name)),
        false => format!("- Ours: {}", escape(&person.name)),
    });
    ours.chain(plan.partner.contacts.iter().map(contact)).collect()
}

fn contact(contact: &Contact) -> String {
    let parts = [Some(&contact.name), contact.role.as_ref(), contact.email.as_ref()];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| escape(part)).collect();
    format!("- Yours: {}", parts.join(", "))
}

fn meetings(voice: &Voice, plan: &PartnerPlan) -> Vec<String> {
    let agreed = plan.partner.plan.cadence.as_deref().map(escape_lines);
    let reviews = plan.reviews.iter().map(|card| {
        let next = card.next.first().map(|at| format!(", next on {}", day(voice.day_of(*at)))).unwrap_or_default();
        format!("- {}{next}", super::super::review::rhythm(&card.review.rhythm))
    });
    agreed.into_iter().chain(reviews).collect()
}

/// A table of the deals whose primary partner it is, and of those in which it takes part. Who else is in these is not its
/// business.
fn deals(plan: &PartnerPlan) -> Vec<String> {
    if plan.deals.is_empty() && plan.parts.is_empty() {
        return vec!["None at the moment.".to_owned()];
    }
    let head = ["| Customer | Stage | Expected close | With |", "| --- | --- | --- | --- |"].map(str::to_owned);
    let shown = plan.deals.len() + plan.parts.len();
    let more = (plan.open.deals + plan.all_parts).saturating_sub(shown);
    let more = (more > 0).then(|| format!("\n… and {more} more"));
    let parts = plan.parts.iter().map(|card| row(card, " (you take part)"));
    head.into_iter().chain(plan.deals.iter().map(|card| row(card, ""))).chain(parts).chain(more).collect()
}

fn row(card: &DealCard, part: &str) -> String {
    let close = card.deal.close.map_or_else(|| "open".to_owned(), day);
    let with = plain(&card.owner.name);
    format!("| {}{part} | {} | {close} | {} |", escape(&card.account), card.deal.stage.name(), escape(&with))
}

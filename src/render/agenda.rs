//! The agenda of a review: what the team goes through in its meeting, section by section. However many deals there are,
//! each section shows its first ones and counts the rest, and "Show deals" opens all that stand behind a figure.

mod figure;
mod section;

use std::collections::BTreeMap;

use super::control::CustomId;
use super::embed::{Embed, Lines, Tone};
use super::message::{Message, Picture};
use super::number;
use super::offer::Offer;
use super::picture::{self, Pipeline};
use super::text::brief;
use super::voice::{self, Voice, ago, count, long_moment};
use crate::domain::Instant;
use crate::domain::agenda::{Agenda, AgendaFacts};
use crate::domain::card::Named;
use crate::domain::forecast::{ByRole, Weighted};
use crate::domain::id::{MemberId, RoleId, UserId};
use crate::domain::motion::Stage;
use crate::domain::number::Number;
use crate::domain::overview::ReviewCard;

pub use figure::Figure;
pub(super) use section::reasons;

/// Mentions that stand in the post; whoever is beyond is counted.
const MENTIONS: usize = 60;
/// The name of the picture's file.
const PICTURE: &str = "pipeline.png";

/// Whether an agenda is posted for a meeting or shown to somebody who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasion<'a> {
    /// Posted ahead of a meeting.
    Posted {
        /// When it starts.
        starts_at: Instant,
        /// Those of the mentioned who may be pinged: nobody twice a day.
        pinging: &'a [UserId],
        /// The lead role, where it can be pinged.
        lead: Option<RoleId>,
        /// By which the post can be found again.
        reference: &'a str,
    },
    /// Shown as it would be posted now. Pings nobody.
    Shown,
    /// On the post of a meeting that is over, under what there is to say of that. Pings nobody.
    Over {
        /// What came of it, and where its minutes are.
        said: &'a str,
    },
}

/// The ids of what stands under an agenda.
#[derive(Debug, Clone)]
pub struct Controls {
    /// Sends back the key of a [`Figure`].
    pub show: CustomId,
    /// Opens what deals pay, for leads and finance.
    pub check_comp: CustomId,
    /// Starts the review, under a posted agenda whose review wasn't started.
    pub start: Option<CustomId>,
    /// Opens the open actions.
    pub actions: CustomId,
}

/// The agenda with its picture on top.
pub fn agenda(
    voice: &Voice,
    review: &ReviewCard,
    occasion: &Occasion,
    agenda: &Agenda,
    facts: &AgendaFacts,
    picture: Option<picture::Picture>,
    Controls { show, check_comp, start, actions }: Controls,
) -> Message {
    let mut draft = match occasion {
        Occasion::Posted { pinging, lead, .. } => {
            let draft = Message::pinging(pinging.iter().copied().take(MENTIONS));
            let lead = lead.filter(|_| agenda.mention.lead);
            lead.into_iter().fold(draft, |draft, role| draft.also_pinging(role))
        }
        Occasion::Shown | Occasion::Over { .. } => Message::silent(),
    };
    draft = draft.text(opening(review, occasion));
    draft = unowned(voice, facts).into_iter().fold(draft, |draft, text| draft.text(text));
    if let Occasion::Posted { lead, reference, .. } = occasion {
        draft = mentions(agenda, facts, *lead).into_iter().fold(draft, |draft, text| draft.text(text));
        draft = draft.reference(*reference);
    }
    draft = draft.embed(forecast(voice, agenda, facts));
    for section in section::all(voice, agenda, facts) {
        draft = draft.embed(section);
    }
    if let Some(picture) = picture {
        draft = draft.picture(Picture { filename: PICTURE.to_owned(), bytes: picture.png, alt: picture.alt });
    }
    let draft = draft.select(Figure::select(show, agenda, facts, voice.today()));
    let check = (agenda.comp_to_check > 0).then(|| Offer::CheckComp.button(check_comp));
    let actions = (!agenda.actions.is_empty()).then(|| Offer::Actions.button(actions));
    let start = start.map(|id| Offer::StartReview.button(id));
    draft.buttons(start.into_iter().chain(actions).chain(check)).build()
}

fn opening(review: &ReviewCard, occasion: &Occasion) -> String {
    let name = brief(&review.review.name, 100);
    let only = review.partner.as_ref().map(|partner| format!(" Only deals with {}.", brief(partner, 60)));
    let only = only.unwrap_or_default();
    match occasion {
        Occasion::Posted { starts_at, .. } => {
            format!("**{name}** meets {} ({}).{only}", long_moment(*starts_at), ago(*starts_at))
        }
        Occasion::Shown => {
            let next = review.next.first().map(|at| format!(" It meets {}.", long_moment(*at))).unwrap_or_default();
            format!("**{name}**, as it would be posted now.{next}{only}")
        }
        Occasion::Over { said } => (*said).to_owned(),
    }
}

/// That nobody owns the number, until somebody does.
fn unowned(voice: &Voice, facts: &AgendaFacts) -> Option<String> {
    facts.number.as_ref().filter(|number| number.is_unowned()).map(|number| number::unowned(voice, number))
}

/// Those whom an agenda mentions, with their names.
pub fn mentioned(agenda: &Agenda, facts: &AgendaFacts) -> Vec<Named> {
    let cards = facts.open.values();
    let named = cards.flat_map(|card| [Some(&card.owner), card.backup.as_ref(), card.cover.as_ref()]).flatten();
    let assignees = facts.items.values().filter_map(|item| item.assignee.as_ref());
    let named: BTreeMap<MemberId, &Named> = named.chain(assignees).map(|named| (named.member, named)).collect();
    agenda.mention.people.iter().filter_map(|member| named.get(member).copied().cloned()).collect()
}

fn mentions(agenda: &Agenda, facts: &AgendaFacts, lead: Option<RoleId>) -> Option<String> {
    let people = mentioned(agenda, facts);
    let mut said: Vec<String> = people.iter().take(MENTIONS).map(|named| voice::mention(named.user)).collect();
    said.extend((people.len() > MENTIONS).then(|| format!("and {} more", people.len() - MENTIONS)));
    said.extend(agenda.mention.lead.then(|| lead.map_or_else(|| "leads".to_owned(), voice::role)));
    (!said.is_empty())
        .then(|| format!("{}: you have a decision, a stalled deal or an overdue action on it.", said.join(" ")))
}

/// The number, then what is expected: the sourced figure first, the other classes beside it, never added in.
fn forecast(voice: &Voice, agenda: &Agenda, facts: &AgendaFacts) -> Embed {
    let forecast = &agenda.forecast;
    let owner = facts.number.as_ref().and_then(|number| number.owner.as_ref());
    let number = agenda.number.as_ref().map(|number| number::on_agenda(voice, number, owner));
    let mut lines = number.unwrap_or_default();
    lines.push(expected(voice, "**Sourced**", &forecast.sourced));
    let beside = [("Influenced", &forecast.influenced), ("Undecided", &forecast.undecided)];
    lines.extend(beside.into_iter().filter(|(_, w)| w.counted.deals > 0).map(|(name, w)| expected(voice, name, w)));
    lines.extend(not_counted(voice, forecast));
    let unpriced: usize = Figure::classes(forecast).iter().map(|w| w.counted.unpriced).sum();
    lines.extend(
        (unpriced > 0).then(|| format!("{} without an amount, so far worth nothing here", count(unpriced, "deal"))),
    );
    lines.extend((agenda.comp_to_check > 0).then(|| format!("Comp: {} to check", agenda.comp_to_check)));
    let title = format!("{}, until {}", agenda.period, voice.day(agenda.period.end));
    Embed::titled(title).tone(Tone::Plain).lines(Lines::of(lines, |n| format!("… and {n} more")))
}

fn expected(voice: &Voice, class: &str, weighted: &Weighted) -> String {
    let counted = &weighted.counted;
    match counted.deals {
        0 => format!("{class}: no open deals"),
        n if n == counted.unpriced => format!("{class}: {}, no amount yet", count(n, "open deal")),
        n => format!(
            "{class}: {} weighted, of {} in {}",
            voice.short_money(counted.weighted()),
            voice.short_money(counted.amount),
            count(n, "open deal")
        ),
    }
}

/// `$340k in 2 deals not counted: close is past`, over all classes, since it is an error in each.
fn not_counted(voice: &Voice, forecast: &ByRole<Weighted>) -> Option<String> {
    let past = Figure::classes(forecast).map(|weighted| weighted.past_close);
    let deals: usize = past.iter().map(|sum| sum.deals).sum();
    let amount = past.iter().fold(0i64, |total, sum| total.saturating_add(sum.amount));
    (deals > 0).then(|| format!("{} in {} not counted: close is past", voice.short_money(amount), count(deals, "deal")))
}

/// What the agenda's picture shows: sourced deals by stage, because only those count for the number. Drawing it is
/// [`picture::draw`], work for a blocking thread.
pub fn pipeline(voice: &Voice, agenda: &Agenda) -> Pipeline {
    let row = |name: &str, weighted: &Weighted| picture::Row {
        name: name.to_owned(),
        count: weighted.counted.deals,
        amount: weighted.counted.amount,
        amount_label: voice.short_money(weighted.counted.amount),
        weighted: weighted.counted.weighted(),
        weighted_label: voice.short_money(weighted.counted.weighted()),
    };
    let past = agenda.forecast.sourced.past_close;
    Pipeline {
        title: "Sourced pipeline by stage".to_owned(),
        total: row("All open", &agenda.forecast.sourced),
        rows: Stage::OPEN.iter().zip(&agenda.stages).map(|(stage, by)| row(stage.name(), &by.sourced)).collect(),
        not_counted: (past.deals > 0).then(|| format!("{} not counted: close is past", voice.short_money(past.amount))),
        target: agenda.number.as_ref().and_then(|number| target(voice, number)),
    }
}

/// The line that the open deals should reach: what is left of the target.
fn target(voice: &Voice, number: &Number) -> Option<picture::Target> {
    let (whole, left) = (number.target?, number.left()?);
    let label = format!("{} left of the target of {}", voice.short_money(left), voice.short_money(whole));
    (left > 0).then_some(picture::Target { amount: left, label })
}

#[cfg(test)]
mod tests;

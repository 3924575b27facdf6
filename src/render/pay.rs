//! What deals pay, in answers to one person: the deal's owner, a lead, finance. None of these words may stand in a message
//! that others read (rule 14), so all of them are in embeds and answers of their own: what is quoted of an answer
//! elsewhere is its content.

use chrono::NaiveDate;

use super::control::CustomId;
use super::deal::{self, list};
use super::embed::{Embed, Lines, Tone};
use super::message::Message;
use super::offer::{Offers, Page, buttons};
use super::text::brief;
use super::voice::{Voice, count};
use crate::domain::card::{DealCard, Named};
use crate::domain::incentive::{Comp, Levelling, Parity, Rate, RepShort, Terms};

/// How many deals stand on a page.
pub const PAGE: usize = 12;
/// How many earlier terms are shown.
const HISTORY: usize = 10;

/// What an owner reads about the pay of their deals, beside something else that they asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Own<'p> {
    /// Of the deal that is shown.
    pub this: Option<Parity>,
    /// Of deals whose pay changed since they were told.
    pub news: &'p [(DealCard, Parity)],
}

impl Own<'_> {
    /// The parts of a message that nobody else is shown.
    pub(super) fn embeds(&self, voice: &Voice) -> Vec<Embed> {
        let this = self.this.map(|parity| Embed::titled("For you alone").text(said(voice, parity)));
        let line =
            |(card, parity): &(DealCard, Parity)| format!("**{}**: {}", deal::heading(card), said(voice, *parity));
        let news = Lines::of(self.news.iter().map(line).collect::<Vec<_>>(), |n| {
            format!("… and {} more, each on its card here", count(n, "deal"))
        });
        let news =
            (!self.news.is_empty()).then(|| Embed::titled("For you alone: what your deals pay changed").lines(news));
        news.into_iter().chain(this).collect()
    }
}

/// `Pays you $1,200 less than solo. The leads have it on their list.`
pub(super) fn said(voice: &Voice, parity: Parity) -> String {
    let said = match parity.short() {
        0 => "Pays you the same as solo or more.".to_owned(),
        short => format!("Pays you **{} less** than solo. It is on the leads' list to level.", voice.money(short)),
    };
    match parity.quota_credit {
        Some(credit) if credit != 100 => format!("{said} {credit} % of it counts towards your quota."),
        _ => said,
    }
}

/// `12.5 %`.
pub(super) fn percent(rate: Rate) -> String {
    let (whole, hundredths) = (rate.basis_points() / 100, rate.basis_points() % 100);
    match hundredths {
        0 => format!("{whole} %"),
        n if n % 10 == 0 => format!("{whole}.{} %", n / 10),
        n => format!("{whole}.{n:02} %"),
    }
}

/// `solo 10 %, co-sell 12.5 %, SPIFF $500, quota credit 50 %`.
fn terms(voice: &Voice, terms: Terms) -> String {
    let mut parts =
        vec![format!("solo {}", percent(terms.solo_rate)), format!("co-sell {}", percent(terms.cosell_rate))];
    parts.extend((terms.spiff > 0).then(|| format!("SPIFF {}", voice.money(terms.spiff))));
    parts.extend(terms.quota_credit.map(|credit| format!("quota credit {credit} %")));
    parts.join(", ")
}

/// Terms were set: how they were understood, what they come to, and all that were set before.
pub fn set(voice: &Voice, from: NaiveDate, comp: &Comp, levelling: &Levelling, offers: Offers) -> Message {
    let new = comp.in_force(from).map(|(_, new)| terms(voice, new)).unwrap_or_default();
    let starts = if from == voice.today() { "from today".to_owned() } else { format!("from {}", voice.day(from)) };
    let others = comp.history().filter(|(day, _)| *day != from);
    let lines: Vec<String> =
        others.map(|(day, set)| format!("- from {}: {}", voice.day(day), terms(voice, set))).collect();
    let mut draft = Message::silent().text(format!("Saved, {starts}: {new}.")).text(verdict(levelling));
    if !lines.is_empty() {
        let more = lines.len().saturating_sub(HISTORY);
        let mut shown: Vec<String> = lines.into_iter().take(HISTORY).collect();
        shown.extend((more > 0).then(|| format!("… and {more} older")));
        draft = draft.embed(Embed::titled("All other terms").lines(Lines::of(shown, |n| format!("… and {n} older"))));
    }
    draft.buttons(buttons(offers)).build()
}

/// `2 of 14 deals pay less than solo.`
fn verdict(levelling: &Levelling) -> String {
    match (levelling.judged, levelling.short.len()) {
        (0, _) => "No deal with an amount falls under any terms yet.".to_owned(),
        (_, 0) => "Every deal pays its owner at least what it pays solo.".to_owned(),
        (judged, 1) => format!("1 of {} pays its owner less than solo.", count(judged, "deal")),
        (judged, short) => format!("{short} of {} pay their owners less than solo.", count(judged, "deal")),
    }
}

/// Nobody has set any terms.
pub fn no_terms(voice: &Voice) -> Message {
    let said = format!(
        "No comp terms yet, so whether a co-sell deal pays at least what it pays solo can't be told. A lead sets them with {}.",
        voice.command("program comp")
    );
    Message::silent().text(said).build()
}

/// What `/program parity` shows of a page.
#[derive(Debug, Clone)]
pub struct ParityPage<'p> {
    /// The terms in force today.
    pub terms: Option<(NaiveDate, Terms)>,
    /// The figures.
    pub levelling: &'p Levelling,
    /// Since when won deals are among them.
    pub won_since: NaiveDate,
    /// The deals of the page.
    pub deals: &'p [(DealCard, Parity)],
    /// The reps, the shortest first.
    pub reps: &'p [(Named, RepShort)],
    /// How to turn it.
    pub page: Page,
    /// The select's id; it opens a deal.
    pub open: CustomId,
}

/// The deals that pay less than solo, by rep, and what it would take to level them.
pub fn parity(voice: &Voice, shown: ParityPage) -> Message {
    let ParityPage { terms: current, levelling, won_since, deals, reps, page, open } = shown;
    let lines: Vec<String> = deals.iter().map(|(card, parity)| deal_line(voice, card, *parity)).collect();
    let tone = if levelling.short.is_empty() { Tone::Good } else { Tone::Attention };
    let mut embed = Embed::titled(verdict(levelling).trim_end_matches('.')).tone(tone);
    if !lines.is_empty() {
        let reps: Vec<String> = reps.iter().map(|(named, rep)| rep_line(voice, named, rep)).collect();
        let total = format!("To level all of it: {}", voice.money(levelling.total()));
        embed = embed.lines(Lines::of(lines, |n| format!("… and {n} more on this page: choose below")));
        embed = embed.field(total, Lines::of(reps, |n| format!("… and {}", count(n, "more rep"))));
    }
    let current = match current {
        Some((from, set)) => format!("{} (from {})", terms(voice, set), voice.day(from)),
        None => "none yet".to_owned(),
    };
    let footer = format!(
        "Open deals, by the terms of the day they close; deals won since {}, by those of that day",
        voice.day(won_since)
    );
    let footer = std::iter::once(footer).chain(page.words()).collect::<Vec<_>>().join(" · ");
    let embed = embed.field("Terms today", Lines::text(current)).footer(footer);
    let cards = deals.iter().map(|(card, _)| card);
    Message::silent().embed(embed).buttons(page.buttons()).select(list::deals(open, "Open a deal", cards)).build()
}

fn deal_line(voice: &Voice, card: &DealCard, parity: Parity) -> String {
    let percent = parity.percent().map(|percent| format!(" ({percent} %)")).unwrap_or_default();
    format!(
        "**{}** {} · {} · {}: {} with a partner, {} without, **{} short**{percent}",
        card.deal.number.label(),
        brief(&card.account, 40),
        deal::amount(voice, &card.deal),
        deal::person(&card.owner),
        voice.money(parity.cosell),
        voice.money(parity.solo),
        voice.money(parity.short()),
    )
}

fn rep_line(voice: &Voice, named: &Named, rep: &RepShort) -> String {
    format!("{}: {}, {}", deal::person(named), count(rep.deals, "deal"), voice.money(rep.short))
}

#[cfg(test)]
mod tests;

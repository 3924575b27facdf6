//! What the team reads in the pipeline channel: one line for all that happened to a deal in a few minutes. It tells the
//! net effect, so that a change that was taken back is not told, and it pings nobody.

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::message::Message;
use super::super::text::brief;
use super::super::voice::{Voice, list};
use super::{about, change};
use crate::domain::card::{DealCard, Names};
use crate::domain::deal::Role;
use crate::domain::event::{Event, EventKind};
use crate::domain::id::{MemberId, PartnerId};
use crate::domain::motion::Stage;
use crate::domain::period::Period;

/// An amount that changes by this share or more is told.
const TOLD_CHANGE_PERCENT: i128 = 20;

/// The line for a deal's events of the last minutes, oldest first; `None` when nothing is left that the team should
/// know. `fiscal_month` tells in which period a close lies.
pub fn team_line(
    voice: &Voice,
    card: &DealCard,
    names: &Names,
    events: &[Event],
    fiscal_month: u32,
    reference: &str,
) -> Option<Message> {
    let said = told(voice, card, names, events, fiscal_month);
    if said.is_empty() {
        return None;
    }
    let line = format!("**{}** · {}", about::heading(card), said.join(" · "));
    Some(Message::silent().text(line).reference(reference).build())
}

fn told(voice: &Voice, card: &DealCard, names: &Names, events: &[Event], fiscal_month: u32) -> Vec<String> {
    let is_new = events.iter().any(|e| e.kind == EventKind::Created);
    if is_new && !card.deal.counts() {
        return Vec::new();
    }
    if is_new {
        return new(voice, card);
    }
    let net = Net { events };
    let said =
        [net.stage(voice, card), net.role(card), net.owner(names), net.amount(voice), net.close(voice, fiscal_month)];
    said.into_iter().flatten().collect()
}

/// A deal that was just recorded is told as it stands now, whatever was changed on the way.
fn new(voice: &Voice, card: &DealCard) -> Vec<String> {
    let deal = &card.deal;
    let mut parts = vec![format!("new, {}", about::class(card)), about::amount(voice, deal)];
    if deal.is_open() {
        parts.extend(deal.close.map(|close| format!("closes {}", voice.day(close))));
        parts.extend((deal.stage != Stage::Prospect).then(|| format!("in {}", deal.stage.name())));
    }
    parts.push(format!("owner {}", about::person(&card.owner)));
    let mut said = vec![parts.join(", ")];
    match deal.stage {
        Stage::Launched => said.push(won(voice, card)),
        Stage::ClosedLost => said.push(lost(card)),
        _ => {}
    }
    said
}

/// What the events did together: the first value of a field before, the last one after.
struct Net<'e> {
    events: &'e [Event],
}

impl Net<'_> {
    /// Before and after of a field that changed in sum.
    fn changed<T: DeserializeOwned>(&self, field: &str) -> Option<(Option<T>, Option<T>)> {
        let touching = || self.events.iter().filter(|e| e.after.contains_key(field));
        let before = touching().next()?.before.get(field).unwrap_or(&Value::Null);
        let after = touching().next_back()?.after.get(field).unwrap_or(&Value::Null);
        let read = |value: &Value| serde_json::from_value::<Option<T>>(value.clone()).ok().flatten();
        (before != after).then(|| (read(before), read(after)))
    }

    fn stage(&self, voice: &Voice, card: &DealCard) -> Option<String> {
        let (before, after) = self.changed::<Stage>("stage")?;
        Some(match (before?, after?) {
            (_, Stage::Launched) => won(voice, card),
            (_, Stage::ClosedLost) => lost(card),
            (before, after) if !before.is_open() => {
                let why = self.events.iter().rev().find(|e| e.kind == EventKind::Reopened);
                let why = why.and_then(|e| e.text.as_deref()).map(|t| format!(": “{}”", brief(t, 200)));
                format!("**reopened** in {}{}", after.name(), why.unwrap_or_default())
            }
            (before, after) => format!("{} → {}", before.name(), after.name()),
        })
    }

    fn role(&self, card: &DealCard) -> Option<String> {
        let before = self.changed::<Role>("role").and_then(|(before, _)| before);
        match (before, self.changed::<PartnerId>("partner")) {
            (Some(before), _) => Some(format!("{}, was {}", about::class(card), about::role(before))),
            (None, Some(_)) => Some(format!("{}, was another partner's", about::class(card))),
            (None, None) => None,
        }
    }

    fn owner(&self, names: &Names) -> Option<String> {
        let (before, after) = self.changed::<MemberId>("owner")?;
        Some(format!("owner {} → {}", change::member(names, before?), change::member(names, after?)))
    }

    fn amount(&self, voice: &Voice) -> Option<String> {
        match self.changed::<i64>("amount")? {
            (Some(before), Some(after)) => {
                let change = (i128::from(after) - i128::from(before)).abs() * 100;
                let large = change >= i128::from(before) * TOLD_CHANGE_PERCENT;
                large.then(|| format!("amount {} → {}", voice.money(before), voice.money(after)))
            }
            // The first amount that a deal gets is no change of one.
            _ => None,
        }
    }

    fn close(&self, voice: &Voice, fiscal_month: u32) -> Option<String> {
        let (before, after) = self.changed::<NaiveDate>("close")?;
        let (before, after) = (before?, after?);
        let leaves = Period::of(before, fiscal_month) != Period::of(after, fiscal_month);
        leaves.then(|| format!("close leaves its quarter: {} → {}", voice.day(before), voice.day(after)))
    }
}

/// The win line credits rep and partner.
fn won(voice: &Voice, card: &DealCard) -> String {
    let partners = std::iter::once(&card.partner).chain(&card.participants);
    let partners: Vec<String> = partners.map(|p| brief(p, 60)).collect();
    let class = match card.deal.role {
        Role::Undecided => String::new(),
        role => format!(" ({})", about::role(role)),
    };
    let amount = about::amount(voice, &card.deal);
    format!("**won**, {amount}: {} with {}{class}", about::person(&card.owner), list(&partners))
}

fn lost(card: &DealCard) -> String {
    let reason = card.deal.lost.as_ref().map(|loss| format!(": {}", about::loss(loss.reason)));
    format!("**lost**{}", reason.unwrap_or_default())
}

//! Who carries how much: a row for each person with two bars, what is open and what was won, each as a part of the whole.

use super::alt::{clip, join};
use super::card::{Anchor, Card, share};
use super::design::{GAP, HALF_BAR, INNER, MARGIN, NORMAL, QUIET, SMALLEST_NAME, STRONG, Style, colour};

/// People drawn at most; the rest is counted on the picture and in its words.
const MAX_ROWS: usize = 8;
/// Width of a column of percent.
const COLUMN: f32 = 96.0;

/// What the picture shows. Shares are percent of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carriers {
    /// Stands on top, like "Who carries it".
    pub title: String,
    /// What the shares come to, like "Two reps carry 82 % of the open pipeline".
    pub verdict: Option<String>,
    /// All that is open, for people, like "$1.4m open".
    pub open_label: String,
    /// All that was won, likewise.
    pub won_label: String,
    /// The people, those who carry most first.
    pub rows: Vec<Carrier>,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    /// Who.
    pub name: String,
    /// Their partners, like "with Initech, Hooli".
    pub partners: String,
    /// Their share of what is open.
    pub open: i64,
    /// Their share of what was won.
    pub won: i64,
}

/// The whole card.
pub fn svg(carriers: &Carriers) -> String {
    let mut card = Card::titled(&carriers.title);
    if carriers.rows.is_empty() {
        card.note("Nobody carries anything yet. /deal new records a deal.");
        return card.finish();
    }
    if let Some(verdict) = &carriers.verdict {
        card.note(verdict);
        card.y += 14.0;
    }
    card.legend([(colour::AMOUNT, carriers.open_label.clone()), (colour::WEIGHTED, carriers.won_label.clone())]);
    carriers.rows.iter().take(MAX_ROWS).for_each(|row| draw_row(&mut card, row));
    if carriers.rows.len() > MAX_ROWS {
        card.note(&rest(&carriers.rows[MAX_ROWS..]));
    }
    card.finish()
}

/// Name and partners, the two shares in columns, and under them a bar for each.
fn draw_row(card: &mut Card, row: &Carrier) {
    card.y += 14.0 + NORMAL;
    let (right, y) = (MARGIN + INNER, card.y);
    let columns = [(right, row.won, Style { colour: colour::WEIGHTED, ..STRONG }), (right - COLUMN, row.open, STRONG)];
    for (end, percent, style) in columns {
        card.text(end, Anchor::End, &style.figure(&format!("{percent} %"), COLUMN - 8.0));
    }
    let room = INNER - 2.0 * COLUMN - GAP;
    let name = STRONG.name(&row.name, room);
    card.text(MARGIN, Anchor::Start, &name);
    let left = room - name.width - GAP;
    if !row.partners.is_empty() && left > COLUMN {
        card.text(MARGIN + name.width + GAP, Anchor::Start, &QUIET.within(&row.partners, left, SMALLEST_NAME));
    }
    card.y = y + 10.0;
    for (percent, colour) in [(row.open, colour::AMOUNT), (row.won, colour::WEIGHTED)] {
        card.block(MARGIN, card.y, INNER, HALF_BAR, colour::TRACK);
        if percent > 0 {
            card.block(MARGIN, card.y, (share(percent, 100) * INNER).max(4.0), HALF_BAR, colour);
        }
        card.y += HALF_BAR + 4.0;
    }
}

/// `and 5 more: 12 % of what is open, 3 % of what was won`.
fn rest(rows: &[Carrier]) -> String {
    let sum = |share: fn(&Carrier) -> i64| rows.iter().map(share).fold(0, i64::saturating_add);
    let (open, won) = (sum(|row| row.open), sum(|row| row.won));
    format!("and {} more: {open} % of what is open, {won} % of what was won", rows.len())
}

/// The same in words.
pub fn words(carriers: &Carriers) -> String {
    let title = clip(&carriers.title);
    if carriers.rows.is_empty() {
        return format!("{title}: nobody carries anything yet.");
    }
    let verdict = carriers.verdict.as_deref().map(|verdict| format!(" {}.", clip(verdict))).unwrap_or_default();
    let opening = format!("{title}. {}, {}.{verdict}", clip(&carriers.open_label), clip(&carriers.won_label));
    let people: Vec<String> = carriers.rows.iter().map(sentence).collect();
    join(&opening, &people, "", |left| format!("And {left} more"))
}

fn sentence(row: &Carrier) -> String {
    let partners = if row.partners.is_empty() { String::new() } else { format!(" ({})", clip(&row.partners)) };
    format!("{}{partners}: {} % of what is open, {} % of what was won.", clip(&row.name), row.open, row.won)
}

#[cfg(test)]
mod tests;

//! The layout of a report's card. A unit is two pixels of the picture.

use super::super::super::voice::count;
use super::super::card::{Anchor, Card, share};
use super::super::design::{BAR, GAP, LARGE, Line, MARGIN, QUIET, SMALL, SMALLEST_NAME, STRONG, Style, TITLE, colour};
use super::{Bar, Proof, Side, Stat};

/// Width of the card: as narrow as two classes side by side can be, so that its type is large on a preview.
pub const WIDTH: f32 = 960.0;
/// What is left between the margins.
const INNER: f32 = WIDTH - 2.0 * MARGIN;
/// Free space between the two classes.
const GUTTER: f32 = 40.0;
/// Width of a class.
const COLUMN: f32 = (INNER - GUTTER) / 2.0;
/// The figure that a class stands for.
const FIGURE: Style = Style { size: 44.0, ..TITLE };
/// What is open is second to what was won.
const SECOND: Style = Style { size: LARGE, ..TITLE };

/// The whole card.
pub fn svg(proof: &Proof) -> String {
    let mut card = Card { body: String::new(), y: MARGIN };
    head(&mut card, proof);
    sides(&mut card, proof);
    stats(&mut card, &proof.stats);
    if !proof.notes.is_empty() {
        card.y += 14.0;
        rule(&mut card);
    }
    for note in &proof.notes {
        card.y += 14.0 + SMALL;
        card.text(MARGIN, Anchor::Start, &QUIET.within(note, INNER, SMALLEST_NAME));
    }
    card.y += 4.0;
    card.finish_on(WIDTH)
}

/// Title, the moment, and what the two colours mean.
fn head(card: &mut Card, proof: &Proof) {
    card.y += LARGE;
    card.text(MARGIN, Anchor::Start, &TITLE.name(&proof.title, INNER));
    card.y += 14.0 + SMALL;
    card.text(MARGIN, Anchor::Start, &QUIET.within(&proof.as_of, INNER * 0.55, SMALLEST_NAME));
    let mut x = MARGIN + INNER;
    for (colour, name) in [(colour::AMOUNT, "all"), (colour::WEIGHTED, "confirmed, weighted")] {
        let line = QUIET.name(name, INNER * 0.3);
        x -= line.width;
        card.text(x, Anchor::Start, &line);
        x -= 30.0;
        card.block(x, card.y - 19.0, 20.0, 20.0, colour);
        x -= GAP;
    }
    card.y += 18.0;
    rule(card);
}

fn rule(card: &mut Card) {
    card.block(MARGIN, card.y, INNER, 2.0, colour::TRACK);
    card.y += 4.0;
}

/// Both classes on common scales, side by side.
fn sides(card: &mut Card, proof: &Proof) {
    let both = [&proof.sourced, &proof.influenced];
    let won = both.iter().map(|side| side.won.amount).max().unwrap_or(0);
    let open = both.iter().filter_map(|side| side.open.as_ref()).map(|open| open.amount).max().unwrap_or(0);
    let (top, mut bottom) = (card.y, card.y);
    for (name, side, x) in
        [("Sourced", &proof.sourced, MARGIN), ("Influenced", &proof.influenced, MARGIN + COLUMN + GUTTER)]
    {
        card.y = top;
        one_side(card, name, side, (x, won, open));
        bottom = bottom.max(card.y);
    }
    card.y = bottom + 22.0;
    rule(card);
}

fn one_side(card: &mut Card, name: &str, side: &Side, (x, won, open): (f32, i64, i64)) {
    card.y += 18.0 + SMALL;
    card.text(x, Anchor::Start, &STRONG.name(name, COLUMN));
    bar(card, x, (FIGURE, &side.won, won), ("won", "nothing won"));
    if let Some(adjusted) = &side.adjusted {
        card.y += 8.0 + SMALL;
        let style = Style { colour: colour::TARGET, ..QUIET };
        card.text(x, Anchor::Start, &style.within(adjusted, COLUMN, SMALLEST_NAME));
    }
    if let Some(bar_of) = &side.open {
        bar(card, x, (SECOND, bar_of, open), ("open", "nothing open"));
    }
    shares(card, x, side);
}

/// The figure with what it is, a bar, and the part of it.
fn bar(card: &mut Card, x: f32, (style, bar, scale): (Style, &Bar, i64), (what, none): (&str, &str)) {
    if bar.deals == 0 && bar.amount == 0 {
        card.y += 20.0 + SMALL;
        card.text(x, Anchor::Start, &QUIET.name(none, COLUMN));
        card.y += 8.0;
        return;
    }
    card.y += 20.0 + style.size;
    let figure = style.figure(&bar.amount_label, COLUMN * 0.6);
    card.text(x, Anchor::Start, &figure);
    let of = format!("{what} in {}", count(bar.deals, "deal"));
    let left = COLUMN - figure.width - GAP;
    card.text(x + figure.width + GAP, Anchor::Start, &QUIET.within(&of, left, SMALLEST_NAME));
    card.y += 14.0;
    card.block(x, card.y, COLUMN, BAR, colour::TRACK);
    if bar.amount > 0 {
        card.block(x, card.y, (share(bar.amount, scale) * COLUMN).max(4.0), BAR, colour::AMOUNT);
    }
    let sure = bar.part.min(bar.amount);
    if sure > 0 {
        card.block(x, card.y, share(sure, scale) * COLUMN, BAR, colour::WEIGHTED);
    }
    card.y += BAR + 10.0 + SMALL;
    card.text(x, Anchor::Start, &QUIET.within(&bar.told, COLUMN, SMALLEST_NAME));
}

/// Whom it was won with. The mark tells what is confirmed.
fn shares(card: &mut Card, x: f32, side: &Side) {
    if side.shares.is_empty() {
        return;
    }
    card.y += 20.0 + SMALL;
    card.text(x, Anchor::Start, &QUIET.name("Won with", COLUMN));
    card.y += 4.0;
    for of in &side.shares {
        card.y += 12.0 + SMALL;
        let amount = Style { size: SMALL, ..STRONG }.figure(&of.amount_label, COLUMN * 0.4);
        let name = Style { colour: colour::TEXT, ..QUIET }.name(&of.name, COLUMN - amount.width - GAP - 30.0);
        let mark = if of.confirmed { colour::WEIGHTED } else { colour::AMOUNT };
        card.block(x, card.y - 17.0, 16.0, 16.0, mark);
        card.text(x + 30.0, Anchor::Start, &name);
        card.text(x + COLUMN, Anchor::End, &amount);
    }
    if side.more > 0 {
        card.y += 12.0 + SMALL;
        let more = format!("and {}", count(side.more, "more customer"));
        card.text(x + 30.0, Anchor::Start, &QUIET.name(&more, COLUMN));
    }
}

/// The figures that are one number, in columns of their own.
fn stats(card: &mut Card, stats: &[Stat]) {
    let width = (INNER - 2.0 * GUTTER) / 3.0;
    let (top, mut bottom) = (card.y, card.y);
    for (stat, place) in stats.iter().take(3).zip(0_u8..) {
        card.y = top;
        let x = MARGIN + f32::from(place) * (width + GUTTER);
        let put = |card: &mut Card, line: Line| card.text(x, Anchor::Start, &line);
        card.y += 16.0 + SMALL;
        put(card, QUIET.within(&stat.name, width, SMALLEST_NAME));
        card.y += 12.0 + LARGE;
        put(card, SECOND.figure(&stat.value, width));
        for beside in &stat.beside {
            card.y += 10.0 + SMALL;
            put(card, QUIET.within(beside, width, SMALLEST_NAME));
        }
        bottom = bottom.max(card.y);
    }
    card.y = bottom + 6.0;
}

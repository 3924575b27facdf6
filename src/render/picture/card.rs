//! The layout: one card, written as SVG. A unit is two pixels of the picture.

use std::fmt::Write as _;

use super::design::{
    BAR, GAP, INNER, LARGE, Line, MARGIN, NORMAL, QUIET, SMALL, SMALLEST_NAME, STRONG, Style, TITLE, WIDTH, colour,
};
use super::type_face::escape;
use super::{MAX_ROWS, Pipeline, Row, Target, deals, more_stages};

/// Where a text's `x` is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    End,
}

/// The whole card.
pub fn svg(pipeline: &Pipeline) -> String {
    let mut card = Card::titled(&pipeline.title);
    if pipeline.is_empty() {
        card.note("No open deals. /deal new records one.");
    } else {
        let total = &pipeline.total;
        card.legend([
            (colour::WEIGHTED, format!("{} weighted", total.weighted_label)),
            (colour::AMOUNT, format!("{} open", total.amount_label)),
        ]);
    }
    if let Some(target) = &pipeline.target {
        card.against_target(&pipeline.total, target);
    }
    if !pipeline.is_empty() {
        card.rows(&pipeline.rows);
    }
    if let Some(note) = &pipeline.not_counted {
        card.note(note);
    }
    card.finish()
}

/// The card being written, from top to bottom.
pub(super) struct Card {
    pub(super) body: String,
    /// Where the next thing begins.
    pub(super) y: f32,
}

impl Card {
    /// A card with its title.
    pub(super) fn titled(title: &str) -> Card {
        let mut card = Card { body: String::new(), y: MARGIN };
        card.title(title);
        card
    }

    fn title(&mut self, title: &str) {
        self.y += LARGE;
        self.text(MARGIN, Anchor::Start, &TITLE.name(title, INNER));
        self.y += 14.0;
    }

    /// What the two colours mean, with the total's figures.
    pub(super) fn legend(&mut self, meanings: [(&'static str, String); 2]) {
        self.y += SMALL;
        let mut x = MARGIN;
        for (colour, meaning) in meanings {
            let line = QUIET.figure(&meaning, (INNER - GAP) / 2.0 - 30.0);
            self.block(x, self.y - 19.0, 20.0, 20.0, colour);
            self.text(x + 30.0, Anchor::Start, &line);
            x += 30.0 + line.width + GAP;
        }
        self.y += 8.0;
    }

    /// The total on a scale of its own, with a line where the target is and its label under the line.
    fn against_target(&mut self, total: &Row, target: &Target) {
        let scale = total.amount.max(target.amount);
        self.y += 16.0;
        self.bar(total, scale);
        let x = MARGIN + share(target.amount, scale) * INNER;
        let (top, height) = (self.y - BAR - 8.0, BAR + 16.0);
        self.block(x - 5.0, top, 10.0, height, colour::CARD);
        self.block(x - 2.5, top, 5.0, height, colour::TARGET);
        self.y += 10.0 + SMALL;
        let label = Style { colour: colour::TARGET, ..QUIET }.figure(&target.label, INNER);
        let end = (x + label.width / 2.0).clamp(MARGIN + label.width, MARGIN + INNER);
        self.text(end, Anchor::End, &label);
        self.y += 16.0;
        self.block(MARGIN, self.y, INNER, 2.0, colour::TRACK);
    }

    /// The stages on one scale.
    fn rows(&mut self, rows: &[Row]) {
        let scale = rows.iter().map(|row| row.amount).max().unwrap_or(0);
        for row in rows.iter().take(MAX_ROWS) {
            self.row(row, scale);
        }
        if rows.len() > MAX_ROWS {
            self.note(&more_stages(rows.len() - MAX_ROWS));
        }
    }

    /// Name, count and amount, with the bar under them. The name gives way first.
    fn row(&mut self, row: &Row, scale: i64) {
        self.y += 16.0 + NORMAL;
        let right = MARGIN + INNER;
        let amount = STRONG.figure(&row.amount_label, INNER * 0.45);
        let count = QUIET.figure(&deals(row), INNER * 0.2);
        let count_end = right - amount.width - GAP;
        let name = STRONG.name(&row.name, count_end - count.width - GAP - MARGIN);
        self.text(MARGIN, Anchor::Start, &name);
        self.text(count_end, Anchor::End, &count);
        self.text(right, Anchor::End, &amount);
        self.y += 8.0;
        self.bar(row, scale);
    }

    /// A track of full width, on it the amount, on that its weighted part. Any amount can be seen.
    fn bar(&mut self, row: &Row, scale: i64) {
        let weighted = row.weighted.min(row.amount);
        self.block(MARGIN, self.y, INNER, BAR, colour::TRACK);
        if row.amount > 0 {
            self.block(MARGIN, self.y, (share(row.amount, scale) * INNER).max(4.0), BAR, colour::AMOUNT);
        }
        if weighted > 0 {
            self.block(MARGIN, self.y, share(weighted, scale) * INNER, BAR, colour::WEIGHTED);
        }
        self.y += BAR;
    }

    pub(super) fn note(&mut self, text: &str) {
        self.y += 16.0 + SMALL;
        self.text(MARGIN, Anchor::Start, &QUIET.within(text, INNER, SMALLEST_NAME));
        self.y += 4.0;
    }

    pub(super) fn text(&mut self, x: f32, anchor: Anchor, line: &Line) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::End => "end",
        };
        let Style { size, weight, colour } = line.style;
        let (y, weight, text) = (self.y, weight.name(), escape(&line.text));
        write!(
            self.body,
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size:.2}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}">{text}</text>"#
        )
        .expect("a String takes all that is written");
    }

    pub(super) fn block(&mut self, x: f32, y: f32, width: f32, height: f32, colour: &str) {
        write!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="4" fill="{colour}"/>"#
        )
        .expect("a String takes all that is written");
    }

    /// Puts what was written on a card of its height.
    pub(super) fn finish(self) -> String {
        self.finish_on(WIDTH)
    }

    /// The same on a card of another width.
    pub(super) fn finish_on(self, width: f32) -> String {
        let height = (self.y + MARGIN).ceil();
        format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}">"#,
                r#"<rect x="1" y="1" width="{}" height="{}" rx="16" fill="{}" stroke="{}" stroke-width="2"/>{}</svg>"#
            ),
            width,
            height,
            width - 2.0,
            height - 2.0,
            colour::CARD,
            colour::EDGE,
            self.body
        )
    }
}

/// `value` as a part of `scale`, 0 to 1.
pub(super) fn share(value: i64, scale: i64) -> f32 {
    if scale <= 0 { 0.0 } else { (value as f64 / scale as f64).clamp(0.0, 1.0) as f32 }
}

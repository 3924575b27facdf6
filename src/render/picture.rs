//! Pictures: the pipeline by stage, who carries it, and what a quarter brought ([`proof`]). Each is a PNG on a card of its
//! own, and the same figures in words. Their colours and type are chosen for Discord's dark and light themes and for a
//! preview 350 pixels wide.
//!
//! Labels come from the caller, who knows the currency; lengths of bars come from the amounts. Letters that the embedded
//! DejaVu Sans lacks (Chinese, emoji) show as boxes; the words beside the picture hold them as they are.

mod alt;
mod card;
mod carriers;
mod design;
pub mod proof;
mod type_face;

use resvg::tiny_skia::{Pixmap, Transform};

use super::voice::count;

pub use carriers::{Carrier, Carriers};

/// Stages drawn at most; what is beyond is counted on the picture and in its words.
pub const MAX_ROWS: usize = 16;

/// Pixels drawn for each unit of the layout, so that screens of double density stay sharp.
const SCALE: f32 = 2.0;

/// What the picture shows. Amounts are minor units of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// Stands on top, like "Pipeline by stage".
    pub title: String,
    /// All that the rows hold together; its name, like "All open", is part of the words only.
    pub total: Row,
    /// The stages in the motion's order. Empty ones are drawn too.
    pub rows: Vec<Row>,
    /// A note on what is left out, like "340k not counted: close is past".
    pub not_counted: Option<String>,
    /// What the total is measured against.
    pub target: Option<Target>,
}

/// A stage, or the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// How many deals.
    pub count: usize,
    /// Their amounts together.
    pub amount: i64,
    /// The same for people, like "€340k".
    pub amount_label: String,
    /// The amounts times the stage's probability.
    pub weighted: i64,
    /// The same for people.
    pub weighted_label: String,
}

/// The line that the total should reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// In minor units.
    pub amount: i64,
    /// The same for people, like "Target €1.2m".
    pub label: String,
}

/// A picture ready to be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The bytes of a PNG file, 1,440 pixels wide.
    pub png: Vec<u8>,
    /// The same in words, at most 1,024 UTF-16 code units.
    pub alt: String,
}

/// Draws the picture: the same bytes for the same figures. Takes tens of milliseconds of one core, so it is work for a
/// blocking thread.
pub fn draw(pipeline: &Pipeline) -> Picture {
    Picture { png: paint(&card::svg(pipeline)), alt: alt::words(pipeline) }
}

/// Draws who carries how much, likewise.
pub fn draw_carriers(carriers: &Carriers) -> Picture {
    Picture { png: paint(&carriers::svg(carriers)), alt: carriers::words(carriers) }
}

/// Paints an SVG of ours.
fn paint(svg: &str) -> Vec<u8> {
    let tree = type_face::parse(svg);
    let size = tree.size().to_int_size().scale_by(SCALE).expect("a card has a size above zero");
    let mut pixels = Pixmap::new(size.width(), size.height()).expect("a card's height is bounded by MAX_ROWS");
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().expect("pixels in memory encode")
}

impl Pipeline {
    /// Whether there is no open deal at all, not even one that isn't counted.
    fn is_empty(&self) -> bool {
        self.total.count == 0 && self.not_counted.is_none()
    }
}

/// "1 deal", "12 deals".
fn deals(row: &Row) -> String {
    count(row.count, "deal")
}

/// What is said of stages that have no room.
fn more_stages(left: usize) -> String {
    format!("and {}", count(left, "more stage"))
}

#[cfg(test)]
mod tests;

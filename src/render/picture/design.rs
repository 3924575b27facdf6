//! What all pictures share: colours, sizes of type, margins. A unit is two pixels of the picture.

use super::type_face::{Weight, fit, width};

/// Width of a card.
pub const WIDTH: f32 = 720.0;
/// Free space around what is on a card.
pub const MARGIN: f32 = 28.0;
/// What is left between the margins.
pub const INNER: f32 = WIDTH - 2.0 * MARGIN;
/// Free space between two texts on a line.
pub const GAP: f32 = 18.0;
/// Height of a bar.
pub const BAR: f32 = 22.0;
/// Height of each of two bars that belong together.
pub const HALF_BAR: f32 = 14.0;

/// Sizes of type. On a preview 350 pixels wide they are 17, 14 and 12 pixels high.
pub const LARGE: f32 = 34.0;
pub const NORMAL: f32 = 28.0;
pub const SMALL: f32 = 25.0;
/// A name shrinks to this and is cut after.
pub const SMALLEST_NAME: f32 = 22.0;
/// A figure shrinks further before it is cut: half a number says something wrong.
const SMALLEST_FIGURE: f32 = 12.0;

/// The card is dark on both themes, with an edge that parts it from the dark one. A bar's whole and the part of it that
/// counts are two lightnesses of one hue, 3 : 1 apart from each other and from the track, so that they are told apart
/// without colour; what something is held against is of another hue, and a line.
pub mod colour {
    pub const CARD: &str = "#14171c";
    pub const EDGE: &str = "#4e5360";
    pub const TRACK: &str = "#22262e";
    pub const AMOUNT: &str = "#567693";
    pub const WEIGHTED: &str = "#a6e0ff";
    pub const TARGET: &str = "#ffb84d";
    pub const TEXT: &str = "#ffffff";
    pub const QUIET: &str = "#c4c9d1";
}

/// A line of text: its type and colour.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub size: f32,
    pub weight: Weight,
    pub colour: &'static str,
}

pub const TITLE: Style = Style { size: LARGE, weight: Weight::Bold, colour: colour::TEXT };
pub const STRONG: Style = Style { size: NORMAL, weight: Weight::Bold, colour: colour::TEXT };
pub const QUIET: Style = Style { size: SMALL, weight: Weight::Regular, colour: colour::QUIET };

impl Style {
    pub fn width(self, text: &str) -> f32 {
        width(text, self.size, self.weight)
    }

    /// The text in a size in which it is no wider than `limit`; at `smallest` it is cut.
    pub fn within(self, text: &str, limit: f32, smallest: f32) -> Line {
        // A hair less than the limit: widths are rounded differently from size to size.
        let size = (self.size * 0.99 * limit / self.width(text)).clamp(smallest, self.size);
        let text = fit(text, size, self.weight, limit);
        let style = Style { size, ..self };
        Line { width: style.width(&text), style, text }
    }

    pub fn name(self, text: &str, limit: f32) -> Line {
        self.within(text, limit, SMALLEST_NAME)
    }

    pub fn figure(self, text: &str, limit: f32) -> Line {
        self.within(text, limit, SMALLEST_FIGURE)
    }
}

/// A text ready to be put somewhere.
#[derive(Debug)]
pub struct Line {
    pub style: Style,
    pub text: String,
    pub width: f32,
}

#[cfg(test)]
mod tests;

//! The embedded font: measuring text, cutting it to a width, and reading an SVG with this font and no other.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};
use unicode_segmentation::UnicodeSegmentation;

/// The family's name inside the font files.
const FAMILY: &str = "DejaVu Sans";

/// Two weights, borrowed from the program's own file. Fonts of the machine are never looked at: the picture is the same
/// everywhere.
static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for face in [dejavu::sans::regular(), dejavu::sans::bold()] {
        fonts.load_font_source(Source::Binary(Arc::new(face)));
    }
    Arc::new(fonts)
});

/// How heavy the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

impl Weight {
    /// As SVG names it.
    pub fn name(self) -> &'static str {
        match self {
            Weight::Regular => "normal",
            Weight::Bold => "bold",
        }
    }
}

/// Reads an SVG that we wrote.
pub fn parse(svg: &str) -> Tree {
    let options = Options { font_family: FAMILY.to_owned(), fontdb: Arc::clone(&FONTS), ..Options::default() };
    Tree::from_str(svg, &options).expect("our SVG is well formed: text in it is escaped")
}

/// The width of a line of text, in units of the layout.
pub fn width(text: &str, size: f32, weight: Weight) -> f32 {
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><text font-size="{size:.2}" font-weight="{}">{}</text></svg>"#,
        weight.name(),
        escape(text)
    );
    parse(&svg).root().bounding_box().width()
}

/// The text as it is if it is no wider than `limit`, else its beginning with "…".
pub fn fit(text: &str, size: f32, weight: Weight, limit: f32) -> String {
    // No letter of the font is so narrow that more than this many would fit, and measuring a novel takes long.
    let letters: Vec<&str> = text.graphemes(true).take(200).collect();
    let whole = letters.concat();
    if whole.len() == text.len() && width(&whole, size, weight) <= limit {
        return whole;
    }
    let cut = |kept: usize| format!("{}…", letters[..kept].concat().trim_end());
    let (mut fits, mut too_many) = (0, letters.len() + 1);
    while too_many - fits > 1 {
        let kept = (fits + too_many) / 2;
        if width(&cut(kept), size, weight) <= limit { fits = kept } else { too_many = kept }
    }
    cut(fits)
}

/// Text that stands inside an SVG as nothing but text. Characters that XML forbids, and control characters, become
/// blanks.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

//! The picture for none, one, many and too many, and for text that means harm.

use proptest::prelude::*;
use resvg::tiny_skia::Pixmap;

use super::super::design::WIDTH;
use super::super::type_face::parse;
use super::super::{SCALE, draw_carriers};
use super::*;

fn carrier(name: &str, partners: &str, open: i64, won: i64) -> Carrier {
    Carrier { name: name.to_owned(), partners: partners.to_owned(), open, won }
}

fn carriers(rows: Vec<Carrier>) -> Carriers {
    Carriers {
        title: "Who carries it · Q4 FY2026".to_owned(),
        verdict: Some("Two people carry 82 % of the open pipeline".to_owned()),
        open_label: "$1.4m open".to_owned(),
        won_label: "$700k won, sourced".to_owned(),
        rows,
    }
}

fn typical() -> Carriers {
    carriers(vec![
        carrier("Rita", "with Initech, Hooli", 51, 29),
        carrier("Ben", "with Initech", 31, 0),
        carrier("Ana", "with Hooli, Pied Piper and 2 more", 18, 0),
        carrier("Lena", "", 0, 71),
    ])
}

fn many(people: i64) -> Carriers {
    carriers((1..=people).map(|n| carrier(&format!("Person {n}"), "with Initech", 100 / people, n)).collect())
}

fn hostile() -> Carriers {
    let text = "</text><script>&#x0;\"'\u{0}\u{8}\u{1b}\u{fffe}]]><image href='file:///etc/passwd'/>\n\u{202e}";
    let long = "Donaudampfschifffahrtsgesellschaftskapitänin Maximiliane von und zu Hohenlohe";
    let mut carriers = carriers(vec![carrier(text, text, i64::MAX, -40), carrier(long, long, 100, 1_000)]);
    carriers.title = text.to_owned();
    carriers.verdict = Some(text.to_owned());
    carriers.open_label = text.to_owned();
    carriers
}

fn all() -> Vec<(&'static str, Carriers)> {
    vec![
        ("none", carriers(Vec::new())),
        ("one", carriers(vec![carrier("Rita", "with Initech", 100, 100)])),
        ("typical", typical()),
        ("too_many", many(40)),
        ("hostile", hostile()),
    ]
}

#[test]
fn everybody_stays_on_the_card() {
    for (name, carriers) in all() {
        let tree = parse(&svg(&carriers));
        for node in tree.root().children() {
            assert!(node.abs_bounding_box().right() <= WIDTH, "{name}");
        }
        let pixels = Pixmap::decode_png(&draw_carriers(&carriers).png).unwrap();
        assert_eq!(pixels.width(), (WIDTH * SCALE) as u32, "{name}");
        assert!(pixels.height() < 2_000, "{name} is {} high", pixels.height());
    }
}

#[test]
fn people_beyond_the_limit_are_counted() {
    let svg = svg(&many(MAX_ROWS as i64 + 3));
    assert!(svg.contains("Person 8<") && !svg.contains("Person 9<"));
    assert!(svg.contains("and 3 more: 27 % of what is open, 30 % of what was won"), "{svg}");
}

#[test]
fn hostile_text_is_only_text() {
    let svg = svg(&hostile());
    assert!(!svg.contains("<script") && !svg.contains("<image"));
}

#[test]
fn the_words_hold_the_figures() {
    insta::assert_snapshot!(words(&typical()), @"Who carries it · Q4 FY2026. $1.4m open, $700k won, sourced. Two people carry 82 % of the open pipeline. Rita (with Initech, Hooli): 51 % of what is open, 29 % of what was won. Ben (with Initech): 31 % of what is open, 0 % of what was won. Ana (with Hooli, Pied Piper and 2 more): 18 % of what is open, 0 % of what was won. Lena: 0 % of what is open, 71 % of what was won.");
    insta::assert_snapshot!(words(&carriers(Vec::new())), @"Who carries it · Q4 FY2026: nobody carries anything yet.");
}

#[test]
fn words_that_do_not_fit_are_counted() {
    let mut carriers = many(60);
    carriers.rows.iter_mut().for_each(|row| row.name = "🚀".repeat(100));
    let words = words(&carriers);
    assert!(words.encode_utf16().count() <= 1024);
    assert!(words.contains("And ") && words.contains(" more."), "{words}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_and_figure_can_be_drawn(text in "\\PC{0,40}|.{0,40}", open in any::<i64>(), won in any::<i64>()) {
        let wild = carrier(&text, &text, open, won);
        let carriers = Carriers {
            title: text.clone(),
            verdict: Some(text.clone()),
            open_label: text.clone(),
            won_label: text,
            rows: vec![wild; 12],
        };
        let tree = parse(&svg(&carriers));
        prop_assert!(tree.root().children().iter().all(|node| node.abs_bounding_box().right() <= WIDTH));
        prop_assert!(words(&carriers).encode_utf16().count() <= 1024);
    }
}

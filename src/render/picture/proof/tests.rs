//! The card of a report for none, one, many and too much, and for text that means harm.

use proptest::prelude::*;
use resvg::tiny_skia::Pixmap;

use super::super::type_face::parse;
use super::*;

fn bar(deals: usize, amount: i64, part: i64) -> Bar {
    let label = |amount: i64| format!("€{}k", amount / 100_000);
    Bar { deals, amount, amount_label: label(amount), part, told: format!("{} of it sure", label(part)) }
}

fn share(name: &str, amount: i64, confirmed: bool) -> Share {
    Share { name: name.to_owned(), amount_label: format!("€{}k", amount / 100_000), confirmed }
}

fn stat(name: &str, value: &str, beside: &[&str]) -> Stat {
    let beside = beside.iter().map(|line| (*line).to_owned()).collect();
    Stat { name: name.to_owned(), value: value.to_owned(), beside }
}

fn nothing() -> Proof {
    let side = || Side { won: bar(0, 0, 0), adjusted: None, open: Some(bar(0, 0, 0)), shares: Vec::new(), more: 0 };
    Proof {
        title: "Co-sell report · Q4 FY2026".to_owned(),
        as_of: "As of Thu 17 Dec 2026 · amounts in EUR".to_owned(),
        sourced: side(),
        influenced: side(),
        stats: vec![
            stat("Win rate with partners", "not enough data yet", &["0 of 5 closed deals", "no solo baseline"]),
            stat("Cycle with partners", "not enough data yet", &["0 of 5 won deals", "no solo baseline"]),
            stat("Sourced ROI", "not enough data yet", &["no cost noted"]),
        ],
        notes: Vec::new(),
    }
}

fn typical() -> Proof {
    let sourced = Side {
        won: bar(5, 84_000_000, 61_000_000),
        adjusted: Some("and −€40k of adjustments in 1 deal".to_owned()),
        open: Some(bar(12, 140_000_000, 59_000_000)),
        shares: vec![
            share("Globex", 40_000_000, true),
            share("Umbrella", 21_000_000, true),
            share("Soylent", 12_000_000, false),
            share("Hooli Labs", 8_000_000, false),
        ],
        more: 1,
    };
    let influenced = Side {
        won: bar(2, 17_000_000, 5_000_000),
        adjusted: None,
        open: Some(bar(4, 33_000_000, 12_000_000)),
        shares: vec![share("Stark", 12_000_000, false), share("Acme", 5_000_000, true)],
        more: 0,
    };
    Proof {
        sourced,
        influenced,
        stats: vec![
            stat("Win rate with partners", "38 %", &["24 % solo"]),
            stat("Cycle with partners", "64 days", &["90 days solo"]),
            stat("Sourced ROI", "1900 %", &["at a cost of €40k"]),
        ],
        notes: vec![
            "Recorded late: €120k in 1 deal".to_owned(),
            "Undecided, in neither: €50k won, €70k open".to_owned(),
            "€34k not counted: close is past".to_owned(),
        ],
        ..nothing()
    }
}

fn oversized() -> Proof {
    let mut proof = typical();
    proof.title = "The report of a company whose name is rather long · Q4 FY2026".repeat(3);
    proof.as_of = proof.title.clone();
    proof.sourced.won.amount = i64::MAX;
    proof.sourced.won.amount_label = "€92,233,720,368,547,758.07".to_owned();
    proof.sourced.won.told = "€92,233,720,368,547,758.07".repeat(3);
    proof.sourced.adjusted = Some("adjusted ".repeat(50));
    proof.sourced.shares[0].name = "Donaudampfschifffahrtsgesellschaft für alle Regionen und Töchter".repeat(2);
    proof.sourced.shares[1].amount_label = "€92,233,720,368,547,758.07".to_owned();
    proof.stats[0].value = "92233720368547758 %".repeat(3);
    proof.stats[1].beside = vec!["beside ".repeat(40)];
    proof.notes[0] = "note ".repeat(80);
    proof
}

fn hostile() -> Proof {
    let text = "</text><script>&#x0;\"'\u{0}\u{1b}]]><image href='file:///etc/passwd'/>\n\u{202e}".to_owned();
    let mut proof = typical();
    proof.title = text.clone();
    proof.sourced.shares[0].name = text.clone();
    proof.influenced.won.amount = -5;
    proof.notes[0] = text;
    proof
}

fn before() -> Proof {
    let mut proof = typical();
    (proof.sourced.open, proof.influenced.open) = (None, None);
    proof
}

fn all() -> Vec<(&'static str, Proof)> {
    vec![
        ("none", nothing()),
        ("typical", typical()),
        ("before", before()),
        ("oversized", oversized()),
        ("hostile", hostile()),
    ]
}

fn right_edges(svg: &str) -> Vec<f32> {
    parse(svg).root().children().iter().map(|node| node.abs_bounding_box().right()).collect()
}

#[test]
fn it_is_a_png_of_the_cards_width() {
    for (name, proof) in all() {
        let png = draw(&proof).png;
        let pixels = Pixmap::decode_png(&png).unwrap();
        assert_eq!(pixels.width(), (layout::WIDTH * 2.0) as u32, "{name}");
        assert!(pixels.height() < 2_200, "{name} is {} high", pixels.height());
        assert_eq!(pixels.pixel(0, 0).unwrap().alpha(), 0, "{name}: the corners are clear");
    }
}

#[test]
fn nothing_leaves_the_card() {
    for (name, proof) in all() {
        for edge in right_edges(&layout::svg(&proof)) {
            assert!(edge <= layout::WIDTH, "{name}: {edge}");
        }
    }
}

#[test]
fn hostile_text_is_only_text() {
    let svg = layout::svg(&hostile());
    assert!(!svg.contains("<script") && !svg.contains("<image"));
}

#[test]
fn the_same_figures_give_the_same_bytes() {
    assert_eq!(draw(&typical()), draw(&typical()));
}

#[test]
fn the_words_hold_the_figures() {
    insta::assert_snapshot!("proof_words", format!("{}\n\n{}", words(&typical()), words(&nothing())));
    for (name, proof) in all() {
        assert!(words(&proof).encode_utf16().count() <= 1_024, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_text_and_figure_can_be_drawn(text in "\\PC{0,40}|.{0,40}", amount in any::<i64>(), part in any::<i64>()) {
        let mut proof = typical();
        let wild = Bar { deals: 1, amount, amount_label: text.clone(), part, told: text.clone() };
        (proof.sourced.won, proof.sourced.open) = (wild.clone(), Some(wild));
        proof.sourced.shares[0].name = text.clone();
        proof.stats[0].value = text;
        prop_assert!(right_edges(&layout::svg(&proof)).into_iter().all(|edge| edge <= layout::WIDTH));
        prop_assert!(words(&proof).encode_utf16().count() <= 1_024);
    }
}

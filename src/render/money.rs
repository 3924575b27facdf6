//! Amounts as people read them.

use crate::domain::money::Currency;

/// `$120,000`, `$120,000.50`, `CHF 120,000`: cents only where there are any.
pub fn money(minor: i64, currency: &str) -> String {
    let unit = 10u64.pow(exponent(currency));
    let amount = minor.unsigned_abs();
    let (whole, part) = (grouped(amount / unit, ','), amount % unit);
    let digits = match part {
        0 => whole,
        part => format!("{whole}.{part:0width$}", width = exponent(currency) as usize),
    };
    format!("{}{}{digits}", sign(minor), mark(currency))
}

/// `$1.2m`: at most three digits that count.
pub fn short_money(minor: i64, currency: &str) -> String {
    let amount = minor.unsigned_abs() as f64 / 10f64.powi(exponent(currency) as i32);
    let digits = [(1e9, "bn"), (1e6, "m"), (1e3, "k")]
        .into_iter()
        // A little below, because 999,950 rounds to a million.
        .find(|(size, _)| amount >= size * 0.999_5)
        .map_or_else(|| trimmed(amount, ""), |(size, name)| trimmed(amount / size, name));
    format!("{}{}{digits}", sign(minor), mark(currency))
}

/// `120000.50`: as a person types it into a form, which reads it back the same.
pub fn typed_money(minor: i64, currency: &str) -> String {
    let unit = 10u64.pow(exponent(currency));
    let amount = minor.unsigned_abs();
    match amount % unit {
        0 => format!("{}", amount / unit),
        part => format!("{}.{part:0width$}", amount / unit, width = exponent(currency) as usize),
    }
}

/// `120k`, `1.2m`, `$120,000` or `120000.50`: how people may type an amount in a currency.
pub fn money_examples(currency: &str) -> String {
    let unit = 10i64.pow(exponent(currency));
    let whole = money(120_000 * unit, currency);
    format!("`120k`, `1.2m`, `{whole}` or `{}`", typed_money(120_000 * unit + unit / 2, currency))
}

fn trimmed(value: f64, name: &str) -> String {
    let places = match value {
        v if v >= 99.95 => 0,
        v if v >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{value:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{name}")
}

fn sign(minor: i64) -> &'static str {
    if minor < 0 { "−" } else { "" }
}

/// A number with something between its thousands.
pub fn grouped(number: u64, between: char) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(between);
        }
        out.push(digit);
    }
    out
}

/// The sign before the digits, or the code and a space that doesn't break where the sign is made of letters.
fn mark(currency: &str) -> String {
    let sign = Currency::of(currency).and_then(Currency::symbol);
    match sign.filter(|s| s.ends_with('$') || !s.starts_with(char::is_alphabetic)) {
        Some(sign) => sign.to_owned(),
        None => format!("{currency}\u{A0}"),
    }
}

pub(super) fn exponent(currency: &str) -> u32 {
    Currency::of(currency).map_or(2, |c| c.exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::{MOST, parse};

    #[test]
    fn money_reads_as_people_write_it() {
        for (minor, currency, long, short) in [
            (12_000_000, "USD", "$120,000", "$120k"),
            (12_000_050, "USD", "$120,000.50", "$120k"),
            (125_000_000, "EUR", "€1,250,000", "€1.25m"),
            (99_995_000, "EUR", "€999,950", "€1m"),
            (99_900, "GBP", "£999", "£999"),
            (1_200_000, "JPY", "¥1,200,000", "¥1.2m"),
            (1_500, "KWD", "KWD\u{A0}1.500", "KWD\u{A0}1.5"),
            (5, "CHF", "CHF\u{A0}0.05", "CHF\u{A0}0.05"),
            (120_000, "SEK", "SEK\u{A0}1,200", "SEK\u{A0}1.2k"),
            (-4_000_000, "USD", "−$40,000", "−$40k"),
            (0, "USD", "$0", "$0"),
            (340_000_000_000, "USD", "$3,400,000,000", "$3.4bn"),
        ] {
            assert_eq!(money(minor, currency), long);
            assert_eq!(short_money(minor, currency), short);
        }
        assert_eq!(typed_money(12_000_050, "USD"), "120000.50");
        assert_eq!(typed_money(12_000_000, "USD"), "120000");
        assert_eq!(money(i64::MIN, "JPY"), "−¥9,223,372,036,854,775,808");
    }

    #[test]
    fn each_example_is_read_in_its_currency() {
        assert_eq!(money_examples("USD"), "`120k`, `1.2m`, `$120,000` or `120000.50`");
        for code in ["USD", "EUR", "JPY", "KWD", "CHF"] {
            let (currency, examples) = (Currency::of(code).expect("a currency"), money_examples(code));
            for example in examples.split('`').skip(1).step_by(2) {
                assert!(parse(example, currency).is_ok(), "{code}: {example}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn an_amount_reads_back_as_it_is_shown(minor in 0..=MOST, code in proptest::sample::select(vec!["USD", "EUR", "JPY", "KWD", "CHF", "SEK"])) {
            let currency = Currency::of(code).expect("a currency");
            proptest::prop_assert_eq!(parse(&typed_money(minor, code), currency), Ok(minor));
            proptest::prop_assert_eq!(parse(&money(minor, code), currency), Ok(minor));
        }
    }
}

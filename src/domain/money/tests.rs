//! What people type for amounts, and how it is read.

use rstest::rstest;

use super::*;

fn read(text: &str, code: &str) -> Result<i64, Unreadable> {
    parse(text, Currency::of(code).expect("a currency of the table"))
}

#[rstest]
#[case::thousands("120k", "USD", 12_000_000)]
#[case::millions("1.2m", "USD", 120_000_000)]
#[case::grouped("$120,000", "USD", 12_000_000)]
#[case::cents("120000.50", "USD", 12_000_050)]
#[case::euros("€1.5M", "EUR", 150_000_000)]
#[case::code_before("USD 120k", "USD", 12_000_000)]
#[case::code_after("120k usd", "USD", 12_000_000)]
#[case::symbol_after("1,5 m€", "EUR", 150_000_000)]
#[case::spaces("120 000", "EUR", 12_000_000)]
#[case::narrow_spaces("1\u{202f}200\u{202f}000,50", "EUR", 120_000_050)]
#[case::underscores("1_200_000", "USD", 120_000_000)]
#[case::swiss("CHF 120'000.00", "CHF", 12_000_000)]
#[case::continental("1.200.000,50", "EUR", 120_000_050)]
#[case::indian("₹12,00,000", "INR", 120_000_000)]
#[case::no_decimals("¥120k", "JPY", 120_000)]
#[case::three_decimals("1.250", "BHD", 1_250)]
#[case::fine_but_scaled("1.2345m", "USD", 123_450_000)]
#[case::million_as_bankers_write("2.5MM", "USD", 250_000_000)]
#[case::in_words("2 million", "USD", 200_000_000)]
#[case::kronor("120 kr", "SEK", 12_000)]
#[case::thousand_rand("120kr", "ZAR", 12_000_000)]
#[case::shared_dollar("$5", "CAD", 500)]
#[case::nothing("0", "USD", 0)]
#[case::the_most("10,000,000,000,000", "USD", MOST)]
fn an_amount_is_read_as_people_type_it(#[case] text: &str, #[case] code: &str, #[case] minor: i64) {
    assert_eq!(read(text, code), Ok(minor));
}

#[rstest]
#[case::words("a lot", "USD", Unreadable::NotMoney)]
#[case::empty("", "USD", Unreadable::NotMoney)]
#[case::a_date("2026-12-15", "USD", Unreadable::NotMoney)]
#[case::broken_groups("1,20,0", "USD", Unreadable::NotMoney)]
#[case::mixed_groups("1 200,000.000,0", "USD", Unreadable::NotMoney)]
#[case::unknown_scale("12x", "USD", Unreadable::NotMoney)]
#[case::percent("12%", "USD", Unreadable::NotMoney)]
#[case::minus("-5k", "USD", Unreadable::Negative)]
#[case::minus_after_the_sign("$-5", "USD", Unreadable::Negative)]
#[case::typographic_minus("−5", "USD", Unreadable::Negative)]
#[case::accountants("(5k)", "USD", Unreadable::Negative)]
#[case::above_the_most("10,000,000,000,000.01", "USD", Unreadable::TooMuch)]
#[case::overflow("99999999999999999999999b", "USD", Unreadable::TooMuch)]
#[case::half_a_cent("1.005", "USD", Unreadable::TooFine { decimals: 2 })]
#[case::looks_like_thousands("120.000", "EUR", Unreadable::TooFine { decimals: 2 })]
#[case::sen("120.50", "JPY", Unreadable::TooFine { decimals: 0 })]
#[case::euros("€5k", "USD", Unreadable::OtherCurrency)]
#[case::pounds_after("5k GBP", "USD", Unreadable::OtherCurrency)]
#[case::other_dollars("A$5", "USD", Unreadable::OtherCurrency)]
fn what_is_no_amount_of_the_currency_is_told_why(#[case] text: &str, #[case] code: &str, #[case] why: Unreadable) {
    assert_eq!(read(text, code), Err(why));
}

#[rstest]
#[case("usd", "USD", 2, Some("$"))]
#[case("CAD", "CAD", 2, Some("$"))]
#[case("EUR", "EUR", 2, Some("€"))]
#[case("JPY", "JPY", 0, Some("¥"))]
#[case("ZAR", "ZAR", 2, Some("R"))]
#[case("KWD", "KWD", 3, None)]
fn a_currency_knows_its_decimals_and_sign(
    #[case] typed: &str,
    #[case] code: &str,
    #[case] exponent: u32,
    #[case] symbol: Option<&str>,
) {
    let currency = Currency::of(typed).expect("a currency of the table");
    assert_eq!((currency.code, currency.exponent), (code, exponent));
    assert_eq!(currency.symbol(), symbol);
    assert_eq!(currency.unit(), [1, 10, 100, 1000][exponent as usize]);
}

#[test]
fn every_mark_names_currencies_of_the_table() {
    for (mark, codes) in MARKS {
        for code in codes.split(' ') {
            assert!(is_currency(code), "{mark} names {code}");
        }
    }
    for code in ["XAU", "XXX", "DOLLAR", "", "U", "USD EUR"] {
        assert!(!is_currency(code), "{code}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC*|(?s).*|[$€£¥A-Z]{0,3} ?[-+−]?[0-9.,' ]{0,30}[kmbKMB]{0,2}[n]?") {
        for code in ["USD", "JPY", "BHD"] {
            if let Ok(minor) = read(&text, code) {
                proptest::prop_assert!((0..=MOST).contains(&minor));
            }
        }
    }

    #[test]
    fn an_amount_written_plainly_reads_as_itself(minor in 0..=MOST) {
        let text = format!("{}.{:02}", minor / 100, minor % 100);
        proptest::prop_assert_eq!(read(&text, "USD"), Ok(minor));
    }
}

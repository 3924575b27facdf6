//! Any text is an amount from 0 to the most that there is, or refused.
#![no_main]

use cosell_fuzz::domain::money::{Currency, MOST, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for code in ["USD", "JPY", "KWD", "CHF"] {
        let currency = Currency::of(code).expect("a currency");
        if let Ok(minor) = parse(text, currency) {
            assert!((0..=MOST).contains(&minor));
        }
    }
});

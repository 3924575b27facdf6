//! Any text on any day is a day that a date may lie in, or refused; a day written out is itself.
#![no_main]

use chrono::{Datelike, Days, NaiveDate};
use cosell_fuzz::domain::calendar::Calendar;
use cosell_fuzz::domain::date::{Lean, YEARS, parse_day, parse_day_leaning, parse_time};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, u8, &str)| {
    let (days, month, text) = input;
    let today = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day") + Days::new(days.into());
    let fiscal_month = u32::from(month) % 12 + 1;
    let calendar =
        Calendar { zone: chrono_tz::Tz::UTC, former_zones: Vec::new(), holidays: Default::default(), fiscal_month };
    for lean in [Lean::Ahead, Lean::Back] {
        if let Ok(day) = parse_day_leaning(text, today, &calendar, lean) {
            assert!(YEARS.contains(&day.year()));
            assert_eq!(parse_day(&day.to_string(), today, &calendar), Ok(day));
        }
    }
    let _ = parse_time(text);
});

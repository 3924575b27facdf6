//! A period: the fiscal quarter that targets and forecasts are counted by.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// One fiscal quarter, shown as `Q2 FY2027`.
///
/// A fiscal year is named by the calendar year in which it ends, as companies report it: with February as the first
/// month, FY2027 runs from February 2026 to January 2027. With January it is the calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// Its first day.
    pub start: NaiveDate,
    /// Its last day.
    pub end: NaiveDate,
    /// The fiscal year.
    pub year: i32,
    /// 1 to 4.
    pub quarter: u32,
}

impl Period {
    /// The period that a day lies in, where the fiscal year begins with `fiscal_month` (1 to 12).
    pub fn of(day: NaiveDate, fiscal_month: u32) -> Period {
        let into_year = (day.month0() + 13 - fiscal_month.clamp(1, 12)) % 12;
        let into_quarter = into_year % 3;
        let start = first_of_month(day) - Months::new(into_quarter);
        let year_end = first_of_month(day) - Months::new(into_year) + Months::new(11);
        Period { start, end: last_of_month(start + Months::new(2)), year: year_end.year(), quarter: into_year / 3 + 1 }
    }

    /// Reads `Q4 FY2026`, `Q4 2026`, `2026-Q4`, `FY26 Q4`, `q4` (of the running fiscal year), `this quarter`, `next quarter`
    /// and `last quarter`, in any case. A year is always the fiscal one, as it is shown.
    pub fn parse(text: &str, today: NaiveDate, fiscal_month: u32) -> Option<Period> {
        let running = Period::of(today, fiscal_month);
        let text = text.trim().to_lowercase().replace(['-', '/', ',', '.'], " ").replace('q', " q").replace("fy", " ");
        let words: Vec<&str> = text.split_whitespace().collect();
        let quarter = |word: &str| word.strip_prefix('q')?.parse().ok().filter(|quarter| (1..=4).contains(quarter));
        match words[..] {
            ["this" | "current"] | ["this" | "current", "quarter"] => Some(running),
            ["next"] | ["next", "quarter"] => Some(running.ahead(1)),
            ["last" | "previous"] | ["last" | "previous", "quarter"] => Some(running.back(1)),
            [only] => Some(running.sibling(quarter(only)?)),
            [one, other] => {
                let (quarter, year) = quarter(one).zip(year(other)).or_else(|| quarter(other).zip(year(one)))?;
                Some(Period::numbered(year, quarter, fiscal_month))
            }
            _ => None,
        }
    }

    /// A quarter of a fiscal year.
    fn numbered(year: i32, quarter: u32, fiscal_month: u32) -> Period {
        let anniversary = NaiveDate::from_ymd_opt(year, fiscal_month, 1).expect("a month of a year of four digits");
        let first = if fiscal_month == 1 { anniversary } else { anniversary - Months::new(12) };
        Period::of(first + Months::new(3 * (quarter - 1)), fiscal_month)
    }

    /// Another quarter of its fiscal year.
    fn sibling(&self, quarter: u32) -> Period {
        Period::numbered(self.year, quarter, self.fiscal_month())
    }

    /// Its three months, each by its first and last day.
    pub fn months(&self) -> [(NaiveDate, NaiveDate); 3] {
        [0, 1, 2].map(|month| {
            let first = self.start + Months::new(month);
            (first, last_of_month(first))
        })
    }

    /// Whether a day lies in it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.start <= day && day <= self.end
    }

    /// The period `count` quarters earlier.
    pub fn back(&self, count: u32) -> Period {
        Period::of(self.start - Months::new(3 * count), self.fiscal_month())
    }

    /// The period `count` quarters later.
    pub fn ahead(&self, count: u32) -> Period {
        Period::of(self.start + Months::new(3 * count), self.fiscal_month())
    }

    fn fiscal_month(&self) -> u32 {
        (self.start.month0() + 12 - 3 * (self.quarter - 1)) % 12 + 1
    }

    /// The last day of its fiscal year.
    pub fn year_end(&self) -> NaiveDate {
        self.ahead(4 - self.quarter).end
    }
}

/// `Q2 FY2027`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Q{} FY{}", self.quarter, self.year)
    }
}

/// `2026` or `26`.
fn year(word: &str) -> Option<i32> {
    let year: i32 = word.parse().ok()?;
    match word.len() {
        2 => Some(2000 + year),
        _ => (2000..=2199).contains(&year).then_some(year),
    }
}

/// The first day of a day's month.
fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).expect("every month has a first day")
}

/// The last day of a day's month.
pub fn last_of_month(day: NaiveDate) -> NaiveDate {
    (first_of_month(day) + Months::new(1)).pred_opt().expect("the first of a month has a day before it")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[rstest]
    #[case::calendar_year("2026-11-22", 1, "Q4 FY2026", "2026-10-01", "2026-12-31")]
    #[case::first_day("2026-01-01", 1, "Q1 FY2026", "2026-01-01", "2026-03-31")]
    #[case::named_by_its_end("2026-02-01", 2, "Q1 FY2027", "2026-02-01", "2026-04-30")]
    #[case::last_month_of_the_year("2027-01-31", 2, "Q4 FY2027", "2026-11-01", "2027-01-31")]
    #[case::july("2026-08-31", 7, "Q1 FY2027", "2026-07-01", "2026-09-30")]
    #[case::july_spring("2027-06-30", 7, "Q4 FY2027", "2027-04-01", "2027-06-30")]
    #[case::over_new_year("2027-01-15", 12, "Q1 FY2027", "2026-12-01", "2027-02-28")]
    #[case::leap("2028-02-29", 12, "Q1 FY2028", "2027-12-01", "2028-02-29")]
    fn a_day_lies_in_its_fiscal_quarter(
        #[case] on: &str,
        #[case] fiscal_month: u32,
        #[case] label: &str,
        #[case] start: &str,
        #[case] end: &str,
    ) {
        let period = Period::of(day(on), fiscal_month);
        assert_eq!(period.to_string(), label);
        assert_eq!((period.start, period.end), (day(start), day(end)));
        assert!(period.contains(day(on)));
    }

    /// On 22 November 2026; where the fiscal year begins with February, that is in Q4 FY2027.
    #[rstest]
    #[case("Q4 FY2026", 1, Some("2026-10-01"))]
    #[case("Q4 2026", 1, Some("2026-10-01"))]
    #[case("2026-Q4", 1, Some("2026-10-01"))]
    #[case("2026q4", 1, Some("2026-10-01"))]
    #[case(" fy26 q4 ", 1, Some("2026-10-01"))]
    #[case("Q1/27", 1, Some("2027-01-01"))]
    #[case("q1", 1, Some("2026-01-01"))]
    #[case("This quarter", 1, Some("2026-10-01"))]
    #[case("next quarter", 1, Some("2027-01-01"))]
    #[case("last quarter", 1, Some("2026-07-01"))]
    #[case("Q4 FY2027", 2, Some("2026-11-01"))]
    #[case("Q1 2027", 2, Some("2026-02-01"))]
    #[case("q1", 2, Some("2026-02-01"))]
    #[case("this quarter", 2, Some("2026-11-01"))]
    #[case("Q1 FY2027", 12, Some("2026-12-01"))]
    #[case("Q5 2026", 1, None)]
    #[case("Q0", 1, None)]
    #[case("2026", 1, None)]
    #[case("Q4 12026", 1, None)]
    #[case("Q4 1999", 1, None)]
    #[case("Q-1 2026", 1, None)]
    #[case("soon", 1, None)]
    #[case("", 1, None)]
    fn a_period_is_read_as_people_write_it(#[case] text: &str, #[case] month: u32, #[case] start: Option<&str>) {
        let read = Period::parse(text, day("2026-11-22"), month);
        assert_eq!(read.map(|period| period.start), start.map(day), "{text}");
    }

    #[test]
    fn what_is_shown_of_a_period_reads_back_as_it() {
        for month in 1..=12 {
            let running = Period::of(day("2026-11-22"), month);
            for period in [running.back(5), running.back(1), running, running.ahead(3)] {
                assert_eq!(Period::parse(&period.to_string(), day("2026-11-22"), month), Some(period));
            }
        }
    }

    #[test]
    fn a_period_has_three_months() {
        let months = Period::of(day("2028-01-15"), 12).months();
        assert_eq!(months.map(|(_, last)| last.to_string()), ["2027-12-31", "2028-01-31", "2028-02-29"]);
        assert_eq!(months[1].0, day("2028-01-01"));
    }

    #[test]
    fn neighbours_agree_with_the_days_around() {
        for month in 1..=12 {
            let mut period = Period::of(day("2026-11-22"), month);
            for _ in 0..8 {
                let next = Period::of(period.end.succ_opt().expect("a day"), month);
                assert_eq!(period.ahead(1), next);
                assert_eq!(next.back(1), period);
                assert_eq!(period.ahead(3).back(4), period.back(1));
                period = next;
            }
        }
    }

    #[test]
    fn a_fiscal_year_ends_with_its_fourth_quarter() {
        assert_eq!(Period::of(day("2026-05-05"), 2).year_end(), day("2027-01-31"));
        assert_eq!(Period::of(day("2026-12-31"), 1).year_end(), day("2026-12-31"));
    }
}

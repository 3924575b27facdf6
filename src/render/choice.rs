//! What autocomplete offers: at most 25 choices of at most 100 units. They confine nothing: what arrives is free text.

use serde::Serialize;

use super::text::{clip, plain, units};
use super::voice::day;
use crate::domain::id::DealNumber;
use crate::domain::motion::Stage;
use crate::domain::period::Period;

const CHOICE_LIMIT: usize = 25;
const TEXT_LIMIT: usize = 100;
/// A name beside another one and a stage.
const NAME_LIMIT: usize = 30;

/// One choice: what people see, and what arrives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    name: String,
    value: String,
}

/// The choices of one answer, in Discord's JSON (the data of the autocomplete callback).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choices {
    choices: Vec<Choice>,
}

impl Choice {
    /// A choice, unless its value is empty or longer than Discord carries: cut, it would name something else.
    pub fn new(value: impl Into<String>, name: impl AsRef<str>) -> Option<Choice> {
        let value: String = value.into();
        let name = clip(&plain(name.as_ref()), TEXT_LIMIT);
        let fits = (1..=TEXT_LIMIT).contains(&units(&value)) && !name.is_empty();
        fits.then_some(Choice { name, value })
    }

    /// A choice that reads as what it sends: a name.
    pub fn named(name: &str) -> Option<Choice> {
        Choice::new(name, name)
    }

    /// `Q4 FY2026 · 1 Oct 2026 to 31 Dec 2026 · this quarter`, which sends `Q4 FY2026`.
    pub fn period(period: &Period, running: &Period) -> Option<Choice> {
        let near = [
            (running.back(1), " · last quarter"),
            (*running, " · this quarter"),
            (running.ahead(1), " · next quarter"),
        ];
        let which = near.iter().find(|(near, _)| near == period).map_or("", |(_, name)| name);
        Choice::new(period.to_string(), format!("{period} · {} to {}{which}", day(period.start), day(period.end)))
    }

    /// `D-12 Globex · Initech · Qualified`, which sends `D-12`.
    pub fn deal(number: DealNumber, account: &str, partner: &str, stage: Stage) -> Option<Choice> {
        let [account, partner] = [account, partner].map(|name| clip(&plain(name), NAME_LIMIT));
        let label = number.label();
        Choice::new(label.as_str(), format!("{label} {account} · {partner} · {}", stage.name()))
    }
}

impl Choices {
    /// The first 25, best first.
    pub fn of(choices: impl IntoIterator<Item = Option<Choice>>) -> Choices {
        Choices { choices: choices.into_iter().flatten().take(CHOICE_LIMIT).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_stay_within_what_discord_takes() {
        let long = "x".repeat(101);
        let choices = Choices::of((0..40).map(|n| Choice::new(format!("D-{n}"), &long)).chain([Choice::named(&long)]));
        assert_eq!(choices.choices.len(), 25);
        assert!(choices.choices.iter().all(|c| units(&c.name) <= 100));
        assert_eq!(Choice::named(&long), None);
        assert_eq!(Choice::named(""), None);
    }

    #[test]
    fn a_deal_shows_its_stage_however_long_its_names_are() {
        let name = "Wonderful ".repeat(10);
        let choice = Choice::deal(DealNumber(12), &name, &name, Stage::TechnicalValidation).expect("a choice");
        assert_eq!(choice.value, "D-12");
        assert!(choice.name.ends_with(" · Technical Validation"), "{}", choice.name);
        let short = Choice::deal(DealNumber(12), "Globex", "Initech", Stage::Qualified).expect("a choice");
        assert_eq!(short.name, "D-12 Globex · Initech · Qualified");
    }
}

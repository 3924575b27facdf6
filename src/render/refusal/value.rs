//! Of values: what an option takes, why one is needed, where a date should lie.

use chrono::NaiveDate;

use super::{ECHO, name};
use crate::domain::refusal::{AmountRule, DateRule, Takes, Why};
use crate::render::money::money_examples;
use crate::render::text::brief;
use crate::render::voice::{self, Voice};

/// How many holidays are named in place of one that there isn't.
const HOLIDAYS: usize = 20;

pub(super) fn other_currency(voice: &Voice, option: &str, typed: &str) -> String {
    let (currency, examples) = (voice.currency(), money_examples(voice.currency()));
    format!(
        "{}: “{}” isn't in {currency}, the currency of this workspace, and nothing is converted. Write the amount in {currency}: {examples}.",
        name(option),
        brief(typed, ECHO)
    )
}

pub(super) fn form(voice: &Voice, takes: Takes) -> String {
    let form = match takes {
        Takes::Money => return format!("an amount. Write {}", money_examples(voice.currency())),
        Takes::Date => "a date. Write `2026-12-15`, `15 Dec`, `friday`, `in 2 weeks`, `+10d` or `end of quarter`",
        Takes::Period => "a quarter. Write `Q4 FY2026`, `2026-Q4`, `Q4`, `this quarter` or `next quarter`",
        Takes::Time => "a time of day. Write `09:30` or `2pm`",
        Takes::Percent => "a percentage up to 100. Write `10`, `12.5` or `12.25 %`",
        Takes::Email => "an email address. Write `ana@initech.example`",
        Takes::Currency => "a currency. Write its three letters, like `USD`, `EUR` or `GBP`",
    };
    form.to_owned()
}

pub(super) fn missing(why: Why) -> &'static str {
    match why {
        Why::Evidence => {
            "say what shows the partner's part, e.g. “intro by their account team on 3 Dec”. If it isn't settled yet, choose undecided."
        }
        Why::ToLeaveProspect => "needed to leave Prospect.",
        Why::ToWin => "needed to close the deal as won.",
        Why::OtherNeedsDetail => "say in a few words what it was.",
        Why::Monthly => "say which week of the month: first, second, third, fourth or last.",
        Why::DueNeedsStep => "say what is due then.",
        Why::DayNeedsEvidence => "say what happened on that day.",
        Why::Always => "needed here.",
    }
}

pub(super) fn no_holiday(voice: &Voice, date: NaiveDate, coming: &[NaiveDate]) -> String {
    let said = format!("{}: {} is none of the holidays.", name("remove"), voice.day(date));
    let days: Vec<String> = coming.iter().take(HOLIDAYS).map(|day| voice.day(*day)).collect();
    match coming.len() {
        0 => format!("{said} There are none ahead, so nothing is to be removed."),
        n if n > HOLIDAYS => format!("{said} Ahead are {} and {} later.", days.join(", "), n - HOLIDAYS),
        _ => format!("{said} Ahead: {}.", voice::list(&days)),
    }
}

pub(super) fn date_rule(voice: &Voice, date: NaiveDate, rule: DateRule) -> String {
    match rule {
        DateRule::AfterToday => {
            let when = if date < voice.today() { "past" } else { "today" };
            format!("is {when}. Give a day that is still to come, like `friday`, `+5d` or `in 2 weeks`.")
        }
        DateRule::NotPast => "is over. Choose today or later.".into(),
        DateRule::NotFuture => "is still to come. Choose today or earlier.".into(),
        DateRule::AfterStart => "is before the start. Choose a later day.".into(),
        DateRule::Within(days) => {
            format!("is too far ahead. Choose a day within {}.", voice::count(days as usize, "business day"))
        }
        DateRule::WonSince(earliest) => format!(
            "is too long ago. Choose {} or later: a win counts in this quarter, or from the day on which the deal was recorded.",
            voice.day(earliest)
        ),
    }
}

pub(super) fn amount_rule(voice: &Voice, rule: AmountRule) -> String {
    match rule {
        AmountRule::NotNothing => "is no amount of a deal. Leave it out as long as it isn't known.".to_owned(),
        AmountRule::NotNegative => format!("is below zero. Write {}.", money_examples(voice.currency())),
        AmountRule::AtMost(minor) => format!("is too much: at most {} fits.", voice.money(minor)),
        AmountRule::Decimals(0) => format!("has decimals, which {} doesn't have. Leave them out.", voice.currency()),
        AmountRule::Decimals(n) => {
            format!("is too fine: {} has {}. Round it.", voice.currency(), voice::count(n as usize, "decimal"))
        }
    }
}

//! The tables as CSV. A text that a spreadsheet would take for a formula is marked as a text.

use csv::Writer;

use super::super::super::money::typed_money;
use super::super::super::sheet;
use super::super::super::voice::Voice;
use super::super::sheet::{COLUMNS, Cell, class, lines};
use crate::domain::card::Names;
use crate::domain::deal::Role;
use crate::domain::figure::Figure;
use crate::domain::overview::Tally;
use crate::domain::report::{Phase, Report};

/// What stands in the table beside the columns of deals.
const FIGURE: [&str; 3] = ["Figure", "Value", "Unit"];

/// One table: the figures under a section of their own, then the deals. An amount of a figure does not stand in the
/// column of amounts, so that this can be added up.
pub fn table(voice: &Voice, report: &Report, names: &Names, cap: usize) -> anyhow::Result<Vec<u8>> {
    let mut writer = Writer::from_writer(sheet::MARK.as_bytes().to_vec());
    writer.write_record(COLUMNS.iter().chain(&FIGURE))?;
    for [name, class, value, unit, deals] in all(voice, report) {
        let mut fields = vec![String::new(); COLUMNS.len()];
        (fields[0], fields[1], fields[5]) = ("Figure".to_owned(), class, deals);
        writer.write_record(fields.into_iter().chain([name, value, unit]))?;
    }
    for line in lines(voice, report, names, cap) {
        let fields = line.iter().map(|cell| field(cell, voice.currency()));
        writer.write_record(fields.chain(FIGURE.map(|_| String::new())))?;
    }
    Ok(writer.into_inner().map_err(|error| error.into_error())?)
}

/// A figure: its name, its class, its value, what that is in, and how many deals make it.
type Line = [String; 5];

fn all(voice: &Voice, report: &Report) -> Vec<Line> {
    let plain = |name: &str, value: String, unit: &str| [name, "", &value, unit, ""].map(str::to_owned);
    let day = match report.as_of.phase {
        Phase::Over => report.as_of.day,
        Phase::Running | Phase::Before => voice.today(),
    };
    let mut all = vec![
        plain("Quarter", report.period.to_string(), ""),
        plain("From", report.period.start.to_string(), "day"),
        plain("To", report.period.end.to_string(), "day"),
        plain("As of", day.to_string(), "day"),
    ];
    for role in [Role::Sourced, Role::Influenced, Role::Undecided] {
        all.extend(of_class(voice, report, role));
    }
    let money = |name: &str, amount: i64| plain(name, self::amount(amount, voice.currency()), voice.currency());
    let known = |name: &str, value: Option<String>, unit: &str| {
        plain(name, value.unwrap_or_else(|| "not enough data yet".to_owned()), unit)
    };
    let rate = match report.win_rate {
        Figure::Known(rate) => Some(rate.percent().to_string()),
        Figure::NotEnough { .. } => None,
    };
    all.push(known("Win rate with partners", rate, "%"));
    all.push(known("Win rate solo", report.baseline.win_rate.map(|n| n.to_string()), "%"));
    all.push(known("Cycle with partners", report.cycle.known().map(|n| n.to_string()), "days"));
    all.push(known("Cycle solo", report.baseline.cycle_days.map(|n| n.to_string()), "days"));
    all.push(known("Cost", report.cost.total().map(|cost| amount(cost, voice.currency())), voice.currency()));
    all.extend(
        report.cost.adjusted.iter().map(|(of, amount)| money(&format!("Of it cost of {of}, noted later"), *amount)),
    );
    all.push(known("Sourced ROI", report.roi().map(|n| n.to_string()), "%"));
    all.extend(report.target.map(|target| money("Target", target)));
    all.extend(report.attainment().map(|percent| plain("Attainment", percent.to_string(), "%")));
    all
}

fn of_class(voice: &Voice, report: &Report, role: Role) -> Vec<Line> {
    let line = |name: &str, Tally { deals, amount }: Tally| {
        let value = self::amount(amount, voice.currency());
        [name, class(role), &value, voice.currency(), &deals.to_string()].map(str::to_owned)
    };
    let won = report.won.of(role);
    let total = Tally { deals: won.booked.won.deals, amount: won.booked.total() };
    let mut lines = vec![
        line("Won", won.booked.won),
        line("Won, confirmed", won.confirmed),
        line("Won, claimed", won.claimed),
        line("Won, recorded late", won.late),
        line("Adjustments to earlier quarters", won.booked.adjusted),
        line("Revenue", total),
    ];
    if let Some(open) = &report.open {
        let of = open.of(role);
        let counted = of.weighted.counted;
        let sum = |deals, amount| Tally { deals, amount };
        lines.extend([
            line("Open", sum(counted.deals, counted.amount)),
            line("Open, confirmed", of.confirmed),
            line("Open, claimed", of.claimed),
            line("Open, recorded late", of.late),
            line("Weighted", sum(counted.deals, counted.weighted())),
            line("Weighted, closing in the quarter", sum(of.closing.deals, of.closing.weighted())),
            line("Not counted: close is past", sum(of.weighted.past_close.deals, of.weighted.past_close.amount)),
        ]);
    }
    lines
}

/// `-40000.50`.
fn amount(minor: i64, currency: &str) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}", typed_money(minor, currency))
}

fn field(cell: &Cell, currency: &str) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => sheet::guarded(text),
        Cell::Money(minor) => amount(*minor, currency),
        // Whole minor units here; a total is reckoned from amount and probability.
        Cell::Weighted(hundredths) => {
            let minor = i64::try_from((hundredths + 50).div_euclid(100)).unwrap_or(i64::MAX);
            typed_money(minor, currency)
        }
        Cell::Percent(percent) => percent.to_string(),
        Cell::Count(count) => count.to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_text_is_no_formula() {
        for formula in ["=HYPERLINK(\"https://evil.example\")", "+1", "-1", "@SUM(A1)"] {
            assert_eq!(field(&Cell::Text(formula.to_owned()), "USD"), format!("'{formula}"));
        }
        assert_eq!(field(&Cell::Text("Globex".to_owned()), "USD"), "Globex");
        assert_eq!(field(&Cell::Money(-4_050), "USD"), "-40.50", "an amount is one all the same");
    }
}

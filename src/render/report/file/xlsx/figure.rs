//! The first sheet: the figures, as formulas over the others.

use super::*;
use crate::domain::report::Won;

const ROLES: [Role; 3] = [Role::Sourced, Role::Influenced, Role::Undecided];

/// Where the figures stand that others are reckoned from, as Excel counts rows.
const FIRST: u32 = 5;

/// Writes the figures; `deals` is how many lines the sheet of deals has.
pub fn figures(sheet: &mut Sheet, voice: &Voice, report: &Report, deals: usize) -> anyhow::Result<()> {
    let looks = sheet.looks;
    sheet.sheet.set_column_width(0, 44)?;
    for column in 1..4 {
        sheet.sheet.set_column_width(column, 22)?;
    }
    sheet.sheet.write_string_with_format(0, 0, format!("Co-sell report · {}", report.period), &looks.title)?;
    let told = format!("{} As of {}. Amounts in {}.", fact::days(report), as_of(voice, report), voice.currency());
    sheet.sheet.write_string_with_format(1, 0, told, &looks.quiet)?;
    sheet.row = FIRST - 2;
    sheet.header(["Figure", "Sourced", "Influenced", "Undecided"])?;
    by_class(sheet, report, deals)?;
    sheet.row += 1;
    sheet.header(["Figure", "With partners", "Solo", ""])?;
    beside_solo(sheet, report)?;
    sheet.row += 1;
    sheet.header(["Figure", "Program", "", ""])?;
    money(sheet, report)
}

/// A condition on the sheet of deals: its column, and what stands in it.
type Where = (&'static str, &'static str);

impl Sheet<'_> {
    fn header(&mut self, names: [&str; 4]) -> anyhow::Result<()> {
        for (column, name) in (0..).zip(names) {
            self.sheet.write_string_with_format(self.row, column, name, &self.looks.head)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A figure for each class.
    fn classes(
        &mut self,
        name: &str,
        format: &Format,
        formula: impl Fn(Role, char) -> String,
        result: impl Fn(Role) -> f64,
    ) -> anyhow::Result<()> {
        self.sheet.write_string(self.row, 0, name)?;
        for (column, (role, letter)) in (1..).zip(ROLES.into_iter().zip(['B', 'C', 'D'])) {
            let formula = Formula::new(formula(role, letter)).set_result(result(role).to_string());
            self.sheet.write_formula_with_format(self.row, column, formula, format)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A figure under its name, or why it can't be told.
    fn one(&mut self, name: &str, column: u16, value: Option<(String, f64)>, format: &Format) -> anyhow::Result<()> {
        self.sheet.write_string(self.row, 0, name)?;
        match value {
            Some((formula, result)) => {
                let formula = Formula::new(formula).set_result(result.to_string());
                self.sheet.write_formula_with_format(self.row, column, formula, format)?
            }
            None => self.sheet.write_string_with_format(self.row, column, "not enough data yet", &self.looks.quiet)?,
        };
        Ok(())
    }
}

/// The sum of a column of deals under conditions.
fn sum(deals: usize, column: &str, wheres: &[Where]) -> String {
    let last = deals.max(1) + 1;
    let range = |column: &str| format!("Deals!${column}$2:${column}${last}");
    let wheres: String = wheres.iter().map(|(column, value)| format!(",{},\"{value}\"", range(column))).collect();
    format!("=SUMIFS({}{wheres})", range(column))
}

fn by_class(sheet: &mut Sheet, report: &Report, deals: usize) -> anyhow::Result<()> {
    let (looks, plain) = (sheet.looks, Format::new());
    let amount = |minor: i64| looks.amount(minor);
    let count = |deals: usize| deals as f64;
    let of = |column: &'static str, wheres: &[Where]| {
        let wheres = wheres.to_vec();
        move |role: Role, _: char| sum(deals, column, &[&wheres[..], &[("B", class(role))]].concat())
    };
    let won = |role: Role| -> Won { *report.won.of(role) };
    let (confirmed, claimed, late) = (("C", "Confirmed"), ("C", "Claimed"), ("D", "Late"));
    let section = ("A", "Won");
    sheet.classes("Won: deals", &plain, of("F", &[section]), |role| count(won(role).booked.won.deals))?;
    let first = sheet.row + 1;
    sheet.classes("Won", &looks.money, of("L", &[section]), |role| amount(won(role).booked.won.amount))?;
    sheet.classes("  of it confirmed", &looks.money, of("L", &[section, confirmed]), |role| {
        amount(won(role).confirmed.amount)
    })?;
    sheet.classes("  of it claimed", &looks.money, of("L", &[section, claimed]), |role| {
        amount(won(role).claimed.amount)
    })?;
    sheet.classes("  of it recorded late", &looks.money, of("L", &[section, late]), |role| {
        amount(won(role).late.amount)
    })?;
    let adjusted = sheet.row + 1;
    sheet.classes("Adjustments to earlier quarters", &looks.money, of("L", &[("A", "Adjustment")]), |role| {
        amount(won(role).booked.adjusted.amount)
    })?;
    let total = |_: Role, column: char| format!("={column}{first}+{column}{adjusted}");
    sheet.classes("Revenue", &looks.total, total, |role| amount(won(role).booked.total()))?;
    let Some(open) = report.open else { return Ok(()) };
    let section = ("A", "Open");
    let weighted = |wheres: &[Where]| {
        let (wheres, decimals) = (wheres.to_vec(), looks.decimals);
        move |role: Role, _: char| {
            let sum = sum(deals, "N", &[&wheres[..], &[("B", class(role))]].concat());
            format!("=ROUND({},{decimals})", sum.trim_start_matches('='))
        }
    };
    sheet.classes("Open: deals", &plain, of("F", &[section]), |role| count(open.of(role).weighted.counted.deals))?;
    sheet.classes("Open", &looks.money, of("L", &[section]), |role| amount(open.of(role).weighted.counted.amount))?;
    sheet.classes("  of it confirmed", &looks.money, of("L", &[section, confirmed]), |role| {
        amount(open.of(role).confirmed.amount)
    })?;
    sheet.classes("  of it claimed", &looks.money, of("L", &[section, claimed]), |role| {
        amount(open.of(role).claimed.amount)
    })?;
    sheet.classes("  of it recorded late", &looks.money, of("L", &[section, late]), |role| {
        amount(open.of(role).late.amount)
    })?;
    sheet.classes("Weighted", &looks.money, weighted(&[section]), |role| {
        amount(open.of(role).weighted.counted.weighted())
    })?;
    sheet.classes("  closing in the quarter", &looks.money, weighted(&[section, ("E", "Yes")]), |role| {
        amount(open.of(role).closing.weighted())
    })?;
    sheet.classes("Not counted: close is past", &looks.money, of("L", &[("A", "Past close")]), |role| {
        amount(open.of(role).weighted.past_close.amount)
    })
}

/// Win rate and cycle, over four quarters, with what the company reaches alone.
fn beside_solo(sheet: &mut Sheet, report: &Report) -> anyhow::Result<()> {
    let looks = sheet.looks;
    let last = report.history.len() + 1;
    let listed = report.history.len() <= HISTORY;
    let formula = |live: String, result: f64| (if listed { live } else { format!("={result}") }, result);
    let rate = match report.win_rate {
        Figure::Known(rate) => {
            let live = format!("=ROUND(100*COUNTIF(Closed!$B$2:$B${last},\"Won\")/COUNTA(Closed!$B$2:$B${last}),0)");
            Some(formula(live, f64::from(rate.percent())))
        }
        Figure::NotEnough { .. } => None,
    };
    sheet.one("Win rate over four quarters", 1, rate, &looks.percent)?;
    solo(sheet, report.baseline.win_rate, &looks.percent)?;
    let days =
        report.cycle.known().map(|days| formula(format!("=ROUNDUP(MEDIAN(Closed!$D$2:$D${last}),0)"), f64::from(days)));
    sheet.one("Cycle over four quarters, median days", 1, days, &Format::new())?;
    solo(sheet, report.baseline.cycle_days, &Format::new())
}

fn solo(sheet: &mut Sheet, baseline: Option<u32>, format: &Format) -> anyhow::Result<()> {
    match baseline {
        Some(solo) => sheet.sheet.write_number_with_format(sheet.row, 2, solo, format)?,
        None => {
            sheet.sheet.write_string_with_format(sheet.row, 2, "no baseline: /program baseline", &sheet.looks.quiet)?
        }
    };
    sheet.row += 1;
    Ok(())
}

/// A share in whole percent, halves up below zero too, where a spreadsheet's own rounding goes down.
fn percent(share: &str) -> String {
    format!("=INT(ROUND(100*{share},6)+0.5)")
}

/// Cost, ROI and attainment.
fn money(sheet: &mut Sheet, report: &Report) -> anyhow::Result<()> {
    let looks = sheet.looks;
    // The sourced revenue, seven lines under the first.
    let revenue = format!("B{}", FIRST + 6);
    let lines = report.cost.own.len() + report.cost.adjusted.len();
    let cost = report.cost.total();
    let total = cost.map(|cost| (format!("=SUM(Costs!$C$2:$C${})", lines + 1), looks.amount(cost)));
    let at = sheet.row + 1;
    sheet.one("Cost", 1, total, &looks.money)?;
    sheet.row += 1;
    let roi = report.roi().map(|roi| (percent(&format!("({revenue}-B{at})/B{at}")), roi as f64));
    sheet.one("Sourced ROI", 1, roi, &looks.percent)?;
    sheet.row += 1;
    let Some(target) = report.target else { return Ok(()) };
    let at = sheet.row + 1;
    sheet.sheet.write_string(sheet.row, 0, "Target")?;
    sheet.sheet.write_number_with_format(sheet.row, 1, looks.amount(target), &looks.money)?;
    sheet.row += 1;
    let attained = report.attainment().map(|n| (percent(&format!("{revenue}/B{at}")), n as f64));
    sheet.one("Attainment", 1, attained, &looks.percent)
}

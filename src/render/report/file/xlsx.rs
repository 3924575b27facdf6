//! The report as a workbook. Its figures are formulas over the sheets with the deals, each stored with its result, so
//! that viewers that don't reckon show it too.

use rust_xlsxwriter::{DocProperties, Format, FormatAlign, Formula, Workbook, Worksheet};

use super::super::super::money::exponent;
use super::super::super::text::plain;
use super::super::super::voice::Voice;
use super::super::sheet::{COLUMNS, Cell, class, lines};
use super::super::{as_of, fact, title};
use crate::domain::card::Names;
use crate::domain::deal::Role;
use crate::domain::figure::Figure;
use crate::domain::report::Report;

mod figure;

/// Closed deals that the workbook lists, and reckons win rate and cycle from; with more, the two are plain values.
const HISTORY: usize = 50_000;
/// Widths of the columns of deals, in characters.
const WIDTHS: [u16; COLUMNS.len()] = [12, 12, 12, 10, 20, 7, 10, 18, 26, 20, 18, 16, 11, 16, 16, 50, 12, 12, 18, 13];

/// How cells look.
struct Looks {
    money: Format,
    day: Format,
    percent: Format,
    head: Format,
    title: Format,
    quiet: Format,
    total: Format,
    units: f64,
    decimals: u32,
}

impl Looks {
    fn of(currency: &str) -> Looks {
        let decimals = exponent(currency);
        let digits = match decimals {
            0 => "#,##0".to_owned(),
            decimals => format!("#,##0.{}", "0".repeat(decimals as usize)),
        };
        let head = Format::new().set_bold().set_background_color(0x1E_21_28).set_font_color(0xFF_FF_FF);
        Looks {
            money: Format::new().set_num_format(&digits),
            day: Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            percent: Format::new().set_num_format("0\" %\""),
            head,
            title: Format::new().set_bold().set_font_size(16),
            quiet: Format::new().set_font_color(0x5F_66_73),
            total: Format::new().set_num_format(&digits).set_bold().set_border_top(rust_xlsxwriter::FormatBorder::Thin),
            units: 10_f64.powi(decimals as i32),
            decimals,
        }
    }

    /// An amount in whole units, as a sheet holds it: exact to the cent below 90 trillion.
    fn amount(&self, minor: i64) -> f64 {
        minor as f64 / self.units
    }

    fn weighted(&self, hundredths: i128) -> f64 {
        hundredths as f64 / 100.0 / self.units
    }
}

/// The workbook's bytes.
pub fn workbook(voice: &Voice, report: &Report, names: &Names, cap: usize) -> anyhow::Result<Vec<u8>> {
    let looks = Looks::of(voice.currency());
    let deals = lines(voice, report, names, cap);
    let mut workbook = Workbook::new();
    // Instead of the time of the machine: the same report gives the same bytes.
    workbook.set_properties(&DocProperties::new().set_title(title(report)).set_creation_datetime(&report.as_of.at));
    let mut sheet = Sheet { looks: &looks, sheet: workbook.add_worksheet(), row: 0 };
    sheet.sheet.set_name("Report")?;
    figure::figures(&mut sheet, voice, report, deals.len())?;
    deals_sheet(workbook.add_worksheet(), &looks, &deals)?;
    costs_sheet(workbook.add_worksheet(), &looks, report)?;
    history_sheet(workbook.add_worksheet(), &looks, report)?;
    Ok(workbook.save_to_buffer()?)
}

/// A sheet that is written from top to bottom.
struct Sheet<'s> {
    looks: &'s Looks,
    sheet: &'s mut Worksheet,
    row: u32,
}

fn head(sheet: &mut Worksheet, looks: &Looks, names: &[&str], widths: &[u16]) -> anyhow::Result<()> {
    for (column, (name, width)) in (0..).zip(names.iter().zip(widths)) {
        sheet.write_string_with_format(0, column, *name, &looks.head)?;
        sheet.set_column_width(column, f64::from(*width))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// The deals. What one is weighted is reckoned live; a line for many deals holds their sum.
fn deals_sheet(sheet: &mut Worksheet, looks: &Looks, deals: &[Vec<Cell>]) -> anyhow::Result<()> {
    sheet.set_name("Deals")?;
    head(sheet, looks, &COLUMNS, &WIDTHS)?;
    for (row, line) in (1_u32..).zip(deals) {
        for (column, cell) in (0_u16..).zip(line) {
            match (cell, column.checked_sub(1).and_then(|before| line.get(usize::from(before)))) {
                (Cell::Weighted(hundredths), Some(Cell::Percent(_))) => {
                    let (excel, result) = (row + 1, looks.weighted(*hundredths).to_string());
                    let live = Formula::new(format!("=L{excel}*M{excel}/100")).set_result(result);
                    sheet.write_formula_with_format(row, column, live, &looks.money)?;
                }
                _ => write(sheet, looks, (row, column), cell)?,
            }
        }
    }
    let last = u32::try_from(deals.len()).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last, COLUMNS.len() as u16 - 1)?;
    Ok(())
}

/// Writes a cell as it is.
fn write(sheet: &mut Worksheet, looks: &Looks, (row, column): (u32, u16), cell: &Cell) -> anyhow::Result<()> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, plain(text))?,
        Cell::Money(minor) => sheet.write_number_with_format(row, column, looks.amount(*minor), &looks.money)?,
        Cell::Percent(percent) => sheet.write_number_with_format(row, column, *percent, &looks.percent)?,
        Cell::Count(count) => sheet.write_number(row, column, *count as f64)?,
        Cell::Day(day) => sheet.write_datetime_with_format(row, column, *day, &looks.day)?,
        Cell::Weighted(hundredths) => {
            sheet.write_number_with_format(row, column, looks.weighted(*hundredths), &looks.money)?
        }
    };
    Ok(())
}

fn costs_sheet(sheet: &mut Worksheet, looks: &Looks, report: &Report) -> anyhow::Result<()> {
    sheet.set_name("Costs")?;
    head(sheet, looks, &["Quarter", "What for", "Amount"], &[14, 50, 16])?;
    let own = report
        .cost
        .own
        .iter()
        .map(|cost| (report.period, cost.note.as_deref().map(plain).unwrap_or_default(), cost.amount));
    let adjusted = report.cost.adjusted.iter().map(|(of, amount)| (*of, "Noted after its end".to_owned(), *amount));
    for (row, (of, note, amount)) in (1..).zip(own.chain(adjusted)) {
        sheet.write_string(row, 0, of.to_string())?;
        sheet.write_string(row, 1, note)?;
        sheet.write_number_with_format(row, 2, looks.amount(amount), &looks.money)?;
    }
    Ok(())
}

fn history_sheet(sheet: &mut Worksheet, looks: &Looks, report: &Report) -> anyhow::Result<()> {
    sheet.set_name("Closed")?;
    head(sheet, looks, &["Deal", "Outcome", "Closed on", "Days to win"], &[10, 10, 12, 12])?;
    if report.history.len() > HISTORY {
        let all = report.history.len();
        sheet.write_string(1, 0, format!("{all} deals were closed over four quarters: too many to list."))?;
        return Ok(());
    }
    for (row, past) in (1..).zip(&report.history) {
        sheet.write_string(row, 0, past.deal.label())?;
        sheet.write_string(row, 1, if past.won { "Won" } else { "Lost" })?;
        sheet.write_datetime_with_format(row, 2, past.day, &looks.day)?;
        if past.won {
            sheet.write_number(row, 3, past.days)?;
        }
    }
    Ok(())
}

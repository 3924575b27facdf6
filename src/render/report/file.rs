//! The files of a report: to read, to load elsewhere, and to reckon with. Nothing in them is about pay (rule 14).

mod csv;
mod markdown;
mod xlsx;

use super::super::message::Picture as File;
use super::super::voice::Voice;
use super::sheet::CAP;
use crate::domain::card::Names;
use crate::domain::report::Report;

/// The most that a file may hold, with room below Discord's 10 MiB for what is around it.
const LIMIT: usize = 9 * 1024 * 1024;

/// What a report can be had as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A page to read.
    Markdown,
    /// Tables to load elsewhere.
    Csv,
    /// A workbook whose totals are formulas.
    Xlsx,
}

/// A report in a format. Takes up to seconds where there are many deals, so it is work for a blocking
/// thread.
pub fn made(voice: &Voice, report: &Report, names: &Names, format: Format) -> anyhow::Result<File> {
    let voice = &voice.in_plain_text();
    let what = format!("The report of {}", report.period);
    Ok(match format {
        Format::Markdown => {
            let bytes = fitting(|cap| Ok(markdown::page(voice, report, names, cap).into_bytes()))?;
            file(report, "md", bytes, format!("{what}, to read"))
        }
        Format::Csv => {
            let bytes = fitting(|cap| csv::table(voice, report, names, cap))?;
            file(
                report,
                "csv",
                bytes,
                format!("{what} as a table: its figures, and the deals behind them with their evidence"),
            )
        }
        Format::Xlsx => {
            let bytes = fitting(|cap| xlsx::workbook(voice, report, names, cap))?;
            file(report, "xlsx", bytes, format!("{what} as a workbook: totals are formulas over its deals"))
        }
    })
}

/// `report-q4-fy2026.csv`.
pub fn name(report: &Report, ending: &str) -> String {
    format!("report-{}.{ending}", report.period.to_string().to_lowercase().replace(' ', "-"))
}

fn file(report: &Report, ending: &str, bytes: Vec<u8>, alt: String) -> File {
    File { filename: name(report, ending), bytes, alt }
}

/// A file with as many deals named as there is room for; the others are counted in it.
fn fitting(make: impl Fn(usize) -> anyhow::Result<Vec<u8>>) -> anyhow::Result<Vec<u8>> {
    let mut cap = CAP;
    loop {
        let bytes = make(cap)?;
        if bytes.len() <= LIMIT || cap == 0 {
            return Ok(bytes);
        }
        cap /= 2;
    }
}

//! From the bytes of a CRM's file to its rows: which characters they are, what stands between the cells, and which column
//! is which.

use std::collections::BTreeMap;

use csv::StringRecord;

use crate::domain::import::{Column, FileProblem, MOST_ROWS, Raw};

/// What can stand between cells.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// A file's rows, and what of it was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The rows that hold anything.
    pub rows: Vec<Raw>,
    /// Headers of columns that are not read.
    pub unread: Vec<String>,
}

/// Reads a file.
pub fn read(bytes: &[u8]) -> Result<Table, FileProblem> {
    let text = text_of(bytes).ok_or(FileProblem::NotCsv)?;
    let mut csv = csv::ReaderBuilder::new().delimiter(delimiter_of(&text)).flexible(true).from_reader(text.as_bytes());
    let headers = csv.headers().map_err(|_| FileProblem::NotCsv)?.clone();
    let (columns, unread) = columns_of(&headers);
    let missing: Vec<Column> = Column::NEEDED.into_iter().filter(|column| !columns.contains_key(column)).collect();
    if !missing.is_empty() {
        return Err(FileProblem::NoColumns(missing));
    }
    let mut records: Vec<StringRecord> = csv.records().collect::<Result<_, _>>().map_err(|_| FileProblem::NotCsv)?;
    drop_footer(&mut records);
    let mut rows = Vec::new();
    let (mut counted, mut line) = (0, 1);
    for record in &records {
        let begins = begin_of(&text, record);
        line += text[counted..begins].matches('\n').count() as u64;
        counted = begins;
        let cell = |(column, place): (&Column, &usize)| Some((*column, plain(record.get(*place)?)?));
        let cells: BTreeMap<Column, String> = columns.iter().filter_map(cell).collect();
        if !cells.is_empty() {
            rows.push(Raw { line, cells });
        }
    }
    match rows.len() {
        0 => Err(FileProblem::NoRows),
        n if n > MOST_ROWS => Err(FileProblem::TooManyRows(n)),
        _ => Ok(Table { rows, unread }),
    }
}

/// Where each column stands, and the headers that are not read: of several names of one column the best counts.
fn columns_of(headers: &StringRecord) -> (BTreeMap<Column, usize>, Vec<String>) {
    let mut named: BTreeMap<Column, (usize, usize)> = BTreeMap::new();
    for (place, header) in headers.iter().enumerate() {
        if let Some((column, rank)) = Column::of(header) {
            let best = named.entry(column).or_insert((rank, place));
            *best = (rank, place).min(*best);
        }
    }
    let columns: BTreeMap<Column, usize> = named.into_iter().map(|(column, (_, place))| (column, place)).collect();
    let is_read = |place: usize| columns.values().any(|read| *read == place);
    let unread = headers.iter().enumerate().filter(|(place, header)| !is_read(*place) && !header.trim().is_empty());
    let unread = unread.map(|(_, header)| header.trim().to_owned()).collect();
    (columns, unread)
}

/// Where a record begins, in bytes: after the end of the line before it, and the empty lines that are passed over.
fn begin_of(text: &str, record: &StringRecord) -> usize {
    let from = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
    from + text[from..].bytes().take_while(|byte| *byte == b'\n').count()
}

/// Takes away what Salesforce writes below the rows of a report: its name, its maker and a notice, a cell a line.
fn drop_footer(records: &mut Vec<StringRecord>) {
    let rows = records.iter().rposition(|record| record.len() > 1).map_or(0, |last| last + 1);
    let is_notice = |record: &StringRecord| record.get(0).is_some_and(|cell| cell.contains("salesforce.com, inc."));
    if records[rows..].iter().any(is_notice) {
        records.truncate(rows);
    }
}

/// What a cell says, without the apostrophe that keeps spreadsheets from reading it as a formula.
fn plain(cell: &str) -> Option<String> {
    let cell = cell.trim();
    let guarded = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    let text = guarded.unwrap_or(cell);
    (!text.is_empty()).then(|| text.to_owned())
}

/// The text of a file: UTF-8, or ISO 8859-1, which Salesforce exports by default and in which any bytes are a text. A
/// file of something else holds bytes that no text has. Its lines end as ours do.
fn text_of(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    (!text.contains('\0')).then(|| text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// What stands between the cells of the header most often.
fn delimiter_of(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const HUBSPOT: &str = "\u{feff}Record ID,Deal Name,Associated Company,Amount,Close Date\n\
        123456,Globex - new,Globex,\"120000\",2026-12-15 14:05\n,,,,\n123457,Umbrella,Umbrella,,\n";

    #[test]
    fn a_file_is_read_by_its_header_and_empty_rows_are_none() {
        let table = read(HUBSPOT.as_bytes()).expect("it reads");
        assert_eq!(table.unread, ["Deal Name"]);
        assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(table.rows[0].cells[&Column::Amount], "120000");
        assert_eq!(table.rows[1].cells.len(), 2);
    }

    #[rstest]
    #[case::here("\n")]
    #[case::windows("\r\n")]
    #[case::old("\r")]
    fn a_row_has_the_number_of_its_line(#[case] end: &str) {
        let lines = ["Record ID,Company", "1,\"Globex", "Labs\"", "", "2,Umbrella", ",", "3,Acme"].join(end);
        let rows = read(lines.as_bytes()).expect("it reads").rows;
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5, 7]);
        assert_eq!(rows[0].cells[&Column::Account], "Globex\nLabs");
    }

    #[test]
    fn the_primary_company_is_the_account() {
        let csv = b"Record ID,Associated Company,Associated Company (Primary),\n501,Globex;Hooli,Globex,\n";
        let table = read(csv).expect("it reads");
        assert_eq!(table.rows[0].cells[&Column::Account], "Globex");
        assert_eq!(table.unread, ["Associated Company"]);
    }

    #[test]
    fn what_stands_below_a_report_is_no_row() {
        let rows = "Opportunity ID,Account Name\n006A,Globex\n006B\n";
        let footer = "\n\"Partner deals\"\n\"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"\n\
            \"Confidential Information - Do Not Distribute\"\n\"Generated By:  Rita Moreno 11/2/2026\"\n\"Acme\"\n";
        let lines = |csv: String| read(csv.as_bytes()).expect("it reads").rows.len();
        assert_eq!(lines("Opportunity ID,Account Name\n006A,Globex\n".to_owned() + footer), 1);
        assert_eq!(lines(rows.to_owned()), 2, "a row that was cut is told");
    }

    #[rstest]
    #[case::semicolons(b"Opportunity ID;Account Name\n006A;\"M\xfcller; Sohn\"\n", "Müller; Sohn")]
    #[case::tabs(b"Opportunity ID\tAccount Name\n006A\tGlobex, Inc\n", "Globex, Inc")]
    #[case::guarded(b"Opportunity ID,Account Name\n006A,'=Globex\n", "=Globex")]
    fn what_stands_between_cells_and_what_bytes_mean_is_found_out(#[case] bytes: &[u8], #[case] account: &str) {
        assert_eq!(read(bytes).expect("it reads").rows[0].cells[&Column::Account], account);
    }

    #[rstest]
    #[case::a_picture(b"\x89PNG\r\n\x1a\n\0\0", FileProblem::NotCsv)]
    #[case::no_id(b"Account Name\nGlobex\n", FileProblem::NoColumns(vec![Column::Crm]))]
    #[case::nothing(b"", FileProblem::NoColumns(vec![Column::Crm, Column::Account]))]
    #[case::a_header(b"Record ID,Company\n", FileProblem::NoRows)]
    fn what_is_no_such_file_is_told(#[case] bytes: &[u8], #[case] problem: FileProblem) {
        assert_eq!(read(bytes), Err(problem));
    }

    #[test]
    fn at_most_so_many_rows_are_read() {
        let rows = |n: usize| format!("Record ID,Company\n{}", "1,Globex\n".repeat(n));
        assert!(read(rows(MOST_ROWS).as_bytes()).is_ok());
        assert_eq!(read(rows(MOST_ROWS + 1).as_bytes()), Err(FileProblem::TooManyRows(MOST_ROWS + 1)));
    }

    /// A file of what was asked for, as a spreadsheet writes it.
    fn written(rows: &[[String; 3]], delimiter: u8, ending: &str) -> Vec<u8> {
        let terminator = csv::Terminator::Any(b'\n');
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(Vec::new());
        writer.write_record(["Record ID", "Company", "Amount"]).expect("memory takes it");
        rows.iter().for_each(|row| writer.write_record(row).expect("memory takes it"));
        let text = String::from_utf8(writer.into_inner().expect("memory takes it")).expect("text was written");
        text.replace('\n', ending).into_bytes()
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(
            head in proptest::sample::select(vec!["", "Record ID,Company\n", "\u{feff}Record ID;Company;Amount\r\n", "Opportunity ID\tAccount Name\r"]),
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        ) {
            let file = [head.as_bytes(), &bytes].concat();
            if let Ok(table) = read(&file) {
                let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
                proptest::prop_assert!(lines.is_sorted_by(|a, b| a < b) && lines[0] > 1, "{:?}", lines);
                proptest::prop_assert!(table.rows.iter().all(|row| !row.cells.is_empty()));
            }
        }

        #[test]
        fn any_text_of_cells_is_read_without_panic(text in "(?s)[\"',;\t\r\n=@ a-zà-ü0-9\u{feff}👩]{0,200}") {
            for head in ["Record ID,Company\n", "Record ID;Company\r\n"] {
                let _ = read(format!("{head}{text}").as_bytes());
            }
        }

        #[test]
        fn what_is_written_is_read(
            rows in proptest::collection::vec(["[0-9]{1,6}", "[A-Za-zà-ü👩][A-Za-z,;\t\" \n]{0,20}[a-z]", "[0-9]{0,8}"], 1..12),
            delimiter in proptest::sample::select(DELIMITERS.to_vec()),
            ending in proptest::sample::select(vec!["\n", "\r\n", "\r"]),
        ) {
            let table = read(&written(&rows, delimiter, ending)).expect("it was written as a file");
            proptest::prop_assert_eq!(table.rows.len(), rows.len());
            let mut line = 2;
            for (read, [id, company, amount]) in table.rows.iter().zip(&rows) {
                proptest::prop_assert_eq!(read.line, line);
                line += 1 + company.matches('\n').count() as u64;
                proptest::prop_assert_eq!(&read.cells[&Column::Crm], id);
                proptest::prop_assert_eq!(&read.cells[&Column::Account], company);
                proptest::prop_assert_eq!(read.cells.get(&Column::Amount).cloned().unwrap_or_default(), amount.as_str());
            }
        }
    }
}

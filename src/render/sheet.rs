//! CSV for people and their programs: no cell of it is taken for a formula, whatever was typed into it.

use csv::{Writer, WriterBuilder};

/// The mark by which Excel knows UTF-8.
pub(super) const MARK: &str = "\u{feff}";
/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table in CSV, in UTF-8 with the mark by which Excel knows it.
pub struct Sheet {
    csv: Writer<Vec<u8>>,
}

impl Sheet {
    /// A table with these columns.
    pub fn new<'c>(columns: impl IntoIterator<Item = &'c str>) -> Sheet {
        let mut sheet = Sheet { csv: WriterBuilder::new().from_writer(MARK.as_bytes().to_vec()) };
        sheet.row(columns);
        sheet
    }

    /// Adds a row.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        let cells = cells.into_iter().map(guarded);
        self.csv
            .write_record(cells.collect::<Vec<_>>())
            .expect("memory takes what is written, and rows are as long as the header");
    }

    /// The file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.csv.into_inner().expect("memory takes what is written")
    }
}

/// A text that no spreadsheet takes for a formula.
pub(super) fn guarded(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_typed_is_taken_for_a_formula() {
        let mut sheet = Sheet::new(["Account", "Evidence"]);
        sheet.row(["=HYPERLINK(\"http://evil\")", "+1"]);
        sheet.row(["-2", "@SUM(A1)"]);
        sheet.row(["Globex, Inc", "it's = fine"]);
        let text = String::from_utf8(sheet.into_bytes()).expect("UTF-8");
        assert_eq!(
            text,
            "\u{feff}Account,Evidence\n\"'=HYPERLINK(\"\"http://evil\"\")\",'+1\n'-2,'@SUM(A1)\n\"Globex, Inc\",it's = fine\n"
        );
    }
}

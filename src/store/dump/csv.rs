//! A workspace as CSV, a file a table, in a folder or a zip.
//!
//! A program that opens a CSV takes a cell that begins with `=`, `+`, `-` or `@` for a formula. Such a text is written
//! with an apostrophe before it, as is one that begins with an apostrophe or is empty; so taking one away gives each text
//! back, and an empty cell is no value.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::PathBuf;

use csv::{Writer, WriterBuilder};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Cell, Head, Shape, Sink};

/// The file that says what the others are.
pub(super) const ABOUT: &str = "export";
/// The columns of it.
pub(super) const ABOUT_COLUMNS: [&str; 3] = ["cosell", "schema", "guild"];

/// Files by name, one after the other.
pub trait Files: Send {
    /// Begins the next file.
    fn next(&mut self, name: &str) -> io::Result<()>;
    /// Writes to it.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Ends the last one.
    fn finish(&mut self) -> io::Result<()>;
}

/// Files in a folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Folder {
    /// A folder, which is made if it isn't there.
    pub fn new(path: PathBuf) -> Folder {
        Folder { path, file: None }
    }
}

impl Files for Folder {
    fn next(&mut self, name: &str) -> io::Result<()> {
        self.finish()?;
        fs::create_dir_all(&self.path)?;
        self.file = Some(BufWriter::new(File::create(self.path.join(name))?));
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.file.take().map_or(Ok(()), |mut file| file.flush())
    }
}

/// Files in a zip. They carry no time, so that the same rows make the same file.
pub struct Zip<W: Write + Seek> {
    zip: Option<ZipWriter<W>>,
    written: Option<W>,
}

impl<W: Write + Seek> Zip<W> {
    /// A zip that is written to `out`.
    pub fn new(out: W) -> Zip<W> {
        Zip { zip: Some(ZipWriter::new(out)), written: None }
    }

    /// What was written to, once it is finished.
    pub fn into_inner(self) -> Option<W> {
        self.written
    }
}

impl<W: Write + Seek + Send> Files for Zip<W> {
    fn next(&mut self, name: &str) -> io::Result<()> {
        let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
        self.zip.as_mut().map_or(Ok(()), |zip| Ok(zip.start_file(name, options)?))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.zip.as_mut().map_or(Ok(()), |zip| zip.write_all(bytes))
    }

    fn finish(&mut self) -> io::Result<()> {
        if let Some(zip) = self.zip.take() {
            self.written = Some(zip.finish()?);
        }
        Ok(())
    }
}

/// Writes the files.
pub struct CsvSink<F> {
    files: F,
}

impl<F: Files> CsvSink<F> {
    /// CSV in these files.
    pub fn new(files: F) -> CsvSink<F> {
        CsvSink { files }
    }

    /// What was written to.
    pub fn into_inner(self) -> F {
        self.files
    }

    fn record<'c>(&mut self, cells: impl IntoIterator<Item = &'c [u8]>) -> io::Result<()> {
        let mut line: Writer<Vec<u8>> = WriterBuilder::new().from_writer(Vec::new());
        line.write_record(cells)?;
        let line = line.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        self.files.write(&line)
    }
}

impl<F: Files> Sink for CsvSink<F> {
    fn begin(&mut self, head: Head) -> io::Result<()> {
        self.files.next(&format!("{ABOUT}.csv"))?;
        self.record(ABOUT_COLUMNS.map(str::as_bytes))?;
        let values = [head.form.to_string(), head.schema.to_string(), head.guild.to_string()];
        self.record(values.iter().map(String::as_bytes))
    }

    fn table(&mut self, shape: &Shape) -> io::Result<()> {
        self.files.next(&format!("{}.csv", shape.table))?;
        self.record(shape.columns.iter().map(|column| column.name.as_bytes()))
    }

    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        let cells: Vec<String> = cells.iter().map(cell_text).collect();
        self.record(cells.iter().map(String::as_bytes))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.files.finish()
    }
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Integer(number) => number.to_string(),
        Cell::Text(text) if text.is_empty() || text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) => {
            format!("'{text}")
        }
        Cell::Text(text) => text.clone(),
    }
}

/// The text of a cell, `None` for no value.
pub(super) fn text_of(cell: &str) -> Option<&str> {
    (!cell.is_empty()).then(|| cell.strip_prefix('\'').unwrap_or(cell))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(Cell::Null, "")]
    #[case::empty(Cell::Text(String::new()), "'")]
    #[case::plain(Cell::Text("Globex".to_owned()), "Globex")]
    #[case::formula(Cell::Text("=1+1".to_owned()), "'=1+1")]
    #[case::minus(Cell::Text("-".to_owned()), "'-")]
    #[case::at(Cell::Text("@SUM(A1)".to_owned()), "'@SUM(A1)")]
    #[case::quoted(Cell::Text("'=1".to_owned()), "''=1")]
    #[case::number(Cell::Integer(-3), "-3")]
    fn a_cell_is_no_formula_and_reads_back_the_same(#[case] cell: Cell, #[case] written: &str) {
        assert_eq!(cell_text(&cell), written);
        if let Cell::Text(text) = &cell {
            assert_eq!(text_of(written), Some(text.as_str()));
        }
    }
}

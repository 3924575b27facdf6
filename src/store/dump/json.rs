//! A workspace as one JSON document, a row a line; documents within it stand as they are stored.

use std::io::{self, Write};

use super::{Cell, Head, Kind, Shape, Sink};

/// Writes the document.
#[derive(Debug)]
pub struct JsonSink<W> {
    out: W,
    shape: Option<Shape>,
    rows: usize,
}

impl<W: Write> JsonSink<W> {
    /// A document that is written to `out`.
    pub fn new(out: W) -> JsonSink<W> {
        JsonSink { out, shape: None, rows: 0 }
    }

    /// What was written to.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, text).map_err(io::Error::from)
    }

    fn end_table(&mut self) -> io::Result<()> {
        match self.shape.take() {
            Some(_) => self.out.write_all(b"\n]"),
            None => Ok(()),
        }
    }
}

impl<W: Write> Sink for JsonSink<W> {
    fn begin(&mut self, head: Head) -> io::Result<()> {
        let Head { form, schema, guild } = head;
        write!(self.out, "{{\"cosell\":{form},\"schema\":{schema},\"guild\":\"{guild}\",\"tables\":{{")
    }

    fn table(&mut self, shape: &Shape) -> io::Result<()> {
        let first = self.shape.is_none();
        self.end_table()?;
        self.out.write_all(if first { b"\n" } else { b",\n" })?;
        self.text(&shape.table)?;
        self.out.write_all(b":[")?;
        (self.shape, self.rows) = (Some(shape.clone()), 0);
        Ok(())
    }

    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        let Some(shape) = self.shape.take() else { return Err(io::Error::other("a row before its table")) };
        self.out.write_all(if self.rows == 0 { b"\n{" } else { b",\n{" })?;
        for (n, (place, column)) in shape.stored().enumerate() {
            if n > 0 {
                self.out.write_all(b",")?;
            }
            self.text(&column.name)?;
            self.out.write_all(b":")?;
            match &cells[place] {
                Cell::Null => self.out.write_all(b"null")?,
                Cell::Integer(number) => write!(self.out, "{number}")?,
                Cell::Text(document) if column.kind == Kind::Json => self.out.write_all(document.as_bytes())?,
                Cell::Text(text) => self.text(text)?,
            }
        }
        self.out.write_all(b"}")?;
        (self.shape, self.rows) = (Some(shape), self.rows + 1);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.end_table()?;
        self.out.write_all(b"\n}}\n")?;
        self.out.flush()
    }
}

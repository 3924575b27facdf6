//! Reading a file row by row, so that its size costs no memory. It is read in a thread of its own, which waits for
//! whoever takes the rows.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use zip::ZipArchive;

use super::csv::{ABOUT, ABOUT_COLUMNS, text_of};
use super::{Cell, Head, Kind, LoadError, Shape};
use crate::domain::id::GuildId;

/// Rows that are handed over together.
const BATCH: usize = 500;

/// What a file holds, in its order.
#[derive(Debug)]
pub enum Item {
    /// What it says of itself; first.
    Head(Head),
    /// Rows of a table, each with the columns that are stored.
    Rows {
        /// Which of the shapes.
        table: usize,
        /// The number of the first.
        first: u64,
        /// The rows.
        rows: Vec<Vec<Cell>>,
    },
}

/// A file, a zip or a folder that an export wrote.
#[derive(Debug, Clone)]
pub struct Source {
    path: PathBuf,
    form: Form,
    taken: Taken,
}

/// How many rows of a file were handed over so far; clones tell the same.
#[derive(Debug, Clone, Default)]
pub struct Taken(Arc<AtomicU64>);

impl Taken {
    /// So many.
    pub fn rows(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Zip,
    Folder,
}

impl Source {
    fn at(path: &Path, form: Form) -> Source {
        Source { path: path.to_owned(), form, taken: Taken::default() }
    }

    /// What tells how far it was read.
    pub fn taken(&self) -> Taken {
        self.taken.clone()
    }

    /// Whatever stands at a path, by how it begins.
    pub fn of(path: &Path) -> Result<Source, LoadError> {
        let shown = path.display().to_string();
        let unreadable = |source| LoadError::Unreadable { path: shown.clone(), source };
        if path.is_dir() {
            let has_about = path.join(format!("{ABOUT}.csv")).is_file();
            let found = has_about.then_some(Source::at(path, Form::Folder));
            return found.ok_or(LoadError::NoExport(shown));
        }
        let mut start = [0_u8; 2];
        let read = File::open(path).and_then(|mut file| file.read(&mut start)).map_err(unreadable)?;
        match (&start[..read], start.first()) {
            (b"PK", _) => Ok(Source::at(path, Form::Zip)),
            (_, Some(b'{')) => Ok(Source::at(path, Form::Json)),
            _ => Err(LoadError::NoExport(shown)),
        }
    }

    /// Begins to read. Ends with an error where the file is not what it should be.
    pub(super) fn read(&self, shapes: Vec<Shape>) -> Receiver<Result<Item, LoadError>> {
        let (rows, taken) = channel(4);
        let source = self.clone();
        source.taken.0.store(0, Ordering::Relaxed);
        std::thread::spawn(move || {
            let mut out = Out { shapes, rows, pending: None, taken: source.taken() };
            let outcome = match source.form {
                Form::Json => source.json(&mut out),
                Form::Zip => source.zip(&mut out),
                Form::Folder => source.folder(&mut out),
            };
            let outcome = outcome.and_then(|()| out.flush());
            if let Err(error) = outcome {
                // Nobody waits any more only where the reader has failed already.
                let _ = out.rows.blocking_send(Err(error));
            }
        });
        taken
    }

    fn unreadable(&self, source: io::Error) -> LoadError {
        LoadError::Unreadable { path: self.path.display().to_string(), source }
    }

    fn json(&self, out: &mut Out) -> Result<(), LoadError> {
        let file = File::open(&self.path).map_err(|error| self.unreadable(error))?;
        let mut reader = serde_json::Deserializer::from_reader(BufReader::new(file));
        let read = Document(out).deserialize(&mut reader).and_then(|()| reader.end());
        read.map_err(|error| self.unreadable(error.into()))
    }

    fn folder(&self, out: &mut Out) -> Result<(), LoadError> {
        let open = |name: &str| File::open(self.path.join(name)).map(BufReader::new);
        self.tables(out, |name| open(name).map(|file| Box::new(file) as Box<dyn Read>))
    }

    fn zip(&self, out: &mut Out) -> Result<(), LoadError> {
        let file = File::open(&self.path).map_err(|error| self.unreadable(error))?;
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|error| self.unreadable(error.into()))?;
        let names = std::iter::once(ABOUT.to_owned()).chain(out.shapes.iter().map(|shape| shape.table.clone()));
        for (n, name) in names.collect::<Vec<_>>().into_iter().enumerate() {
            let found = zip.by_name(&format!("{name}.csv")).map_err(io::Error::from);
            let file = found.map_err(|error| self.unreadable(missing(&name, error)))?;
            self.table(out, n.checked_sub(1), file)?;
        }
        Ok(())
    }

    fn tables(&self, out: &mut Out, open: impl Fn(&str) -> io::Result<Box<dyn Read>>) -> Result<(), LoadError> {
        let names = std::iter::once(ABOUT.to_owned()).chain(out.shapes.iter().map(|shape| shape.table.clone()));
        for (n, name) in names.collect::<Vec<_>>().into_iter().enumerate() {
            let file = open(&format!("{name}.csv")).map_err(|error| self.unreadable(missing(&name, error)))?;
            self.table(out, n.checked_sub(1), file)?;
        }
        Ok(())
    }

    /// Reads one of the files; `None` is the one that says what the others are.
    fn table(&self, out: &mut Out, table: Option<usize>, file: impl Read) -> Result<(), LoadError> {
        let mut csv = csv::Reader::from_reader(file);
        let unreadable = |error: csv::Error| self.unreadable(error.into());
        let header = csv.headers().map_err(unreadable)?.clone();
        let Some(table) = table else {
            let about = csv.records().next().transpose().map_err(unreadable)?;
            let value = |name: &str| {
                let place = header.iter().position(|column| column == name)?;
                about.as_ref()?.get(place)?.parse::<i64>().ok()
            };
            let [form, schema, guild] = ABOUT_COLUMNS.map(value);
            let head = form.zip(schema).zip(guild);
            let ((form, schema), guild) = head.ok_or(LoadError::NoExport(self.path.display().to_string()))?;
            return out.send(Item::Head(Head { form, schema, guild: GuildId(guild) }));
        };
        let columns = out.columns(table, header.iter())?;
        for (n, record) in csv.records().enumerate() {
            let (record, row) = (record.map_err(unreadable)?, n as u64 + 1);
            let cells = columns.iter().map(|(place, kind)| cell(record.get(*place).unwrap_or_default(), *kind));
            let cells: Result<Vec<Cell>, String> = cells.collect();
            let cells = cells.map_err(|why| LoadError::Row { table: out.shapes[table].table.clone(), row, why })?;
            out.row(table, cells)?;
        }
        Ok(())
    }
}

fn missing(name: &str, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{name}.csv: {error}"))
}

fn cell(text: &str, kind: Kind) -> Result<Cell, String> {
    let Some(text) = text_of(text) else { return Ok(Cell::Null) };
    match kind {
        Kind::Integer | Kind::Message => {
            text.parse().map(Cell::Integer).map_err(|_| format!("“{text}” is not a number"))
        }
        Kind::Text | Kind::Json => Ok(Cell::Text(text.to_owned())),
    }
}

/// Where the rows go.
struct Out {
    shapes: Vec<Shape>,
    rows: Sender<Result<Item, LoadError>>,
    pending: Option<(usize, u64, Vec<Vec<Cell>>)>,
    taken: Taken,
}

impl Out {
    fn send(&self, item: Item) -> Result<(), LoadError> {
        // Whoever takes the rows has failed, and says so itself.
        let gone = |_| LoadError::Unreadable { path: String::new(), source: io::ErrorKind::BrokenPipe.into() };
        self.rows.blocking_send(Ok(item)).map_err(gone)
    }

    fn row(&mut self, table: usize, cells: Vec<Cell>) -> Result<(), LoadError> {
        if self.pending.as_ref().is_some_and(|(of, _, rows)| *of != table || rows.len() >= BATCH) {
            let next = self.pending.as_ref().filter(|(of, ..)| *of == table);
            let first = next.map_or(1, |(_, first, rows)| first + rows.len() as u64);
            self.flush()?;
            self.pending = Some((table, first, Vec::with_capacity(BATCH)));
        }
        self.pending.get_or_insert_with(|| (table, 1, Vec::with_capacity(BATCH))).2.push(cells);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), LoadError> {
        match self.pending.take() {
            Some((table, first, rows)) => {
                self.taken.0.fetch_add(rows.len() as u64, Ordering::Relaxed);
                self.send(Item::Rows { table, first, rows })
            }
            None => Ok(()),
        }
    }

    /// Where the stored columns of a table stand in a header, in the order of the shape.
    fn columns<'h>(
        &self,
        table: usize,
        header: impl Iterator<Item = &'h str> + Clone,
    ) -> Result<Vec<(usize, Kind)>, LoadError> {
        let shape = &self.shapes[table];
        let wrong = |why| LoadError::Row { table: shape.table.clone(), row: 0, why };
        if let Some(unknown) = header.clone().find(|name| shape.columns.iter().all(|column| column.name != **name)) {
            return Err(wrong(format!("there is no column “{unknown}”")));
        }
        let place = |(_, column): (usize, &super::Column)| {
            let place = header.clone().position(|name| name == column.name);
            let place = place.ok_or_else(|| wrong(format!("the column “{}” is missing", column.name)))?;
            Ok((place, column.kind))
        };
        shape.stored().map(place).collect()
    }
}

/// The whole document.
struct Document<'o>(&'o mut Out);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an export of a workspace")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut form, mut schema, mut guild, mut begun) = (None, None, None, false);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "cosell" => form = Some(map.next_value::<i64>()?),
                "schema" => schema = Some(map.next_value::<i64>()?),
                "guild" => guild = map.next_value::<String>()?.parse::<i64>().ok(),
                "tables" => {
                    let head = form.zip(schema).zip(guild);
                    let ((form, schema), guild) =
                        head.ok_or_else(|| A::Error::custom("it doesn't say what it is of before its tables"))?;
                    let head = Head { form, schema, guild: GuildId(guild) };
                    self.0.send(Item::Head(head)).map_err(A::Error::custom)?;
                    map.next_value_seed(Tables(self.0))?;
                    begun = true;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if begun { Ok(()) } else { Err(A::Error::custom("it has no tables")) }
    }
}

struct Tables<'o>(&'o mut Out);

impl<'de> DeserializeSeed<'de> for Tables<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Tables<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("tables by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let table = self.0.shapes.iter().position(|shape| shape.table == name);
            let table = table.ok_or_else(|| A::Error::custom(format!("there is no table “{name}”")))?;
            map.next_value_seed(Rows(self.0, table))?;
        }
        Ok(())
    }
}

struct Rows<'o>(&'o mut Out, usize);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element_seed(Line(&self.0.shapes[self.1]))? {
            self.0.row(self.1, row).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

struct Line<'s>(&'s Shape);

impl<'de> DeserializeSeed<'de> for Line<'_> {
    type Value = Vec<Cell>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Cell>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Line<'_> {
    type Value = Vec<Cell>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a row of {}", self.0.table)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Cell>, A::Error> {
        let columns: Vec<&super::Column> = self.0.stored().map(|(_, column)| column).collect();
        let mut cells: Vec<Option<Cell>> = vec![None; columns.len()];
        while let Some(name) = map.next_key::<String>()? {
            let place = columns.iter().position(|column| column.name == name);
            let place = place.ok_or_else(|| A::Error::custom(format!("there is no column “{name}”")))?;
            cells[place] = Some(match columns[place].kind {
                Kind::Integer | Kind::Message => map.next_value::<Option<i64>>()?.map_or(Cell::Null, Cell::Integer),
                Kind::Text => map.next_value::<Option<String>>()?.map_or(Cell::Null, Cell::Text),
                Kind::Json => match map.next_value::<Box<RawValue>>()?.get() {
                    "null" => Cell::Null,
                    document => Cell::Text(document.to_owned()),
                },
            });
        }
        let missing = cells.iter().position(Option::is_none);
        match missing {
            Some(place) => Err(A::Error::custom(format!("the column “{}” is missing", columns[place].name))),
            None => Ok(cells.into_iter().flatten().collect()),
        }
    }
}

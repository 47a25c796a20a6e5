//! [`Documents`]: rows whose typed documents are serialized once.
//!
//! A statement asks for a value several times: for its size, whether it can be stored, and to send it, and once more where it is to
//! be found out which row was to blame. What serde makes of a document is kept for all of these, and only as long as the rows of
//! one statement are written.

use std::collections::HashMap;
use std::mem;
use std::sync::OnceLock;

use crate::schema::Table;
use crate::sql::BindSource;
use crate::types::{ArrayRef, ColumnType, JsonRef, Value, ValueRef};

/// The rows of a source, with the documents of those that are expected as text.
pub(crate) struct Documents<S> {
    source: S,
    texts: Texts,
}

/// The rows of a source from one on.
pub(crate) struct RowsFrom<'s, S> {
    source: &'s S,
    first: usize,
}

/// Documents as text, by their rows and columns.
#[derive(Default)]
pub(crate) struct Texts {
    /// The columns that may hold documents, by their index in the table.
    columns: Vec<u16>,
    /// For each row that is expected, a cell for each of the columns.
    rows: HashMap<usize, Box<[Cell]>>,
}

/// What was made of a value, where something was.
type Cell = OnceLock<Option<Made>>;

enum Made {
    Text(String),
    /// An array of documents.
    Array(Vec<Value>),
    Invalid(&'static str),
}

impl<S: BindSource> Documents<S> {
    /// The rows of a table, none of which is expected yet.
    pub(crate) fn new(table: &'static Table, source: S) -> Documents<S> {
        Documents { source, texts: Texts::new(table) }
    }

    /// From here on the documents of these rows are kept, and those of no others.
    pub(crate) fn expect(&mut self, rows: impl IntoIterator<Item = usize>) {
        self.texts.expect(rows);
    }

    /// The texts that were made of a row's typed documents, by their columns. They are made anew where they are asked for again.
    pub(crate) fn take_row(&mut self, row: usize) -> Vec<(u16, String)> {
        let Texts { columns, rows } = &mut self.texts;
        let Some(cells) = rows.get_mut(&row) else { return Vec::new() };
        let text = |(&column, cell): (&u16, &mut Cell)| match cell.take().flatten()? {
            Made::Text(text) => Some((column, text)),
            Made::Array(_) | Made::Invalid(_) => None,
        };
        columns.iter().zip(cells).filter_map(text).collect()
    }
}

impl<S: BindSource> BindSource for Documents<S> {
    #[inline]
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        // Most tables have no documents.
        if self.texts.columns.is_empty() {
            return self.source.value(row, column);
        }
        self.texts.value(row, column, self.source.value(row, column))
    }
}

impl<'s, S> RowsFrom<'s, S> {
    pub(crate) fn new(source: &'s S, first: usize) -> RowsFrom<'s, S> {
        RowsFrom { source, first }
    }
}

impl<S: BindSource> BindSource for RowsFrom<'_, S> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        self.source.value(self.first + row, column)
    }
}

impl Texts {
    pub(crate) fn new(table: &'static Table) -> Texts {
        let holds_documents = |ty: ColumnType| match ty {
            ColumnType::Json => true,
            ColumnType::Array(element) => *element == ColumnType::Json,
            _ => false,
        };
        let columns = (0..).zip(table.columns).filter(|(_, column)| holds_documents(column.ty));
        Texts { columns: columns.map(|(place, _)| place).collect(), rows: HashMap::new() }
    }

    /// Those of these rows of a table are kept.
    pub(crate) fn of(table: &'static Table, rows: impl IntoIterator<Item = usize>) -> Texts {
        let mut texts = Texts::new(table);
        texts.expect(rows);
        texts
    }

    /// A value of a row, with a typed document as the text that was made of it, now or before.
    #[inline]
    pub(crate) fn value<'v>(&'v self, row: usize, column: u16, value: ValueRef<'v>) -> ValueRef<'v> {
        let made = self.cell(row, column).and_then(|cell| cell.get_or_init(|| Made::of(value)).as_ref());
        made.map_or(value, Made::as_ref)
    }

    fn expect(&mut self, rows: impl IntoIterator<Item = usize>) {
        if self.columns.is_empty() {
            return;
        }
        let mut before = mem::take(&mut self.rows);
        let cells = || self.columns.iter().map(|_| Cell::new()).collect();
        self.rows = rows.into_iter().map(|row| (row, before.remove(&row).unwrap_or_else(cells))).collect();
    }

    #[inline]
    fn cell(&self, row: usize, column: u16) -> Option<&Cell> {
        let place = self.columns.iter().position(|known| *known == column)?;
        self.rows.get(&row)?.get(place)
    }
}

impl Made {
    fn of(value: ValueRef<'_>) -> Option<Made> {
        match value {
            ValueRef::Json(JsonRef::Typed(source)) => Some(match source.tree() {
                Ok(tree) => match JsonRef::Tree(&tree).text() {
                    Ok(text) => Made::Text(text.into_owned()),
                    Err(_) => Made::Invalid("JSON has no form for this value"),
                },
                Err(reason) => Made::Invalid(reason),
            }),
            ValueRef::Array(_) => match value.to_owned() {
                Value::Array(values) => Some(Made::Array(values)),
                _ => None,
            },
            _ => None,
        }
    }

    fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Made::Text(text) => ValueRef::Json(JsonRef::Text(text)),
            Made::Array(values) => ValueRef::Array(ArrayRef::Elements(values)),
            Made::Invalid(reason) => ValueRef::Invalid(reason),
        }
    }
}

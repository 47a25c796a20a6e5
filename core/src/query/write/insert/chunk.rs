//! [`Chunk`]: as many rows as go into one statement.

use super::shape::Shape;
use crate::dialect::{Capabilities, Dialect};
use crate::query::write::batch_size::{InsertSize, size, together};
use crate::query::write::documents::Documents;
use crate::query::write::generations::generations;
use crate::sql::BindSource;
use crate::types::ValueRef;

/// Rows of a list for which the same columns are given.
#[derive(Debug)]
pub(in crate::query::write) struct Part {
    pub(super) columns: Vec<u16>,
    /// The column that the database numbers.
    pub(super) numbered: Option<u16>,
    rows: Picked,
}

/// Which rows of the list.
#[derive(Debug)]
enum Picked {
    All(usize),
    Some(Vec<usize>),
}

/// As many rows of a part as go into one statement.
#[derive(Clone, Copy)]
pub(in crate::query::write) struct Chunk<'a> {
    source: &'a dyn BindSource,
    places: Places<'a>,
    pub(in crate::query::write) columns: &'a [u16],
    /// The column that the database numbers.
    pub(super) numbered: Option<u16>,
}

/// Where the rows of a chunk stand in the list.
#[derive(Debug, Clone, Copy)]
enum Places<'a> {
    /// One after the other: where they begin, and how many.
    Run(usize, usize),
    /// At these positions.
    Picked(&'a [usize]),
}

/// The rows of a list, by the columns that are given for them.
pub(in crate::query::write) fn parts(shape: &Shape, source: &dyn BindSource, count: usize) -> Vec<Part> {
    let Some(first) = (count > 0).then(|| shape.numbered(source, 0)) else { return Vec::new() };
    let part = |numbered, rows| Part { columns: shape.columns(numbered), numbered, rows };
    // Those that others refer to go first: not every database waits for the end of a statement before it looks for them.
    let order = generations(shape.table, source, count).map(|generations| generations.concat());
    if shape.numbered_alike(source, count) == count {
        return vec![part(first, order.map_or(Picked::All(count), Picked::Some))];
    }
    let order = order.unwrap_or_else(|| (0..count).collect());
    let (numbered, given): (Vec<usize>, Vec<usize>) =
        order.into_iter().partition(|&row| shape.numbered(source, row).is_some());
    // Numbers that the database gives out must not meet those that the program gives later.
    vec![part(None, Picked::Some(given)), part(shape.table.auto_column(), Picked::Some(numbered))]
}

impl Part {
    /// All rows of a list for which the same columns are given as for the first, in their order.
    pub(super) fn alike(shape: &Shape, source: &dyn BindSource, count: usize) -> Part {
        let numbered = shape.numbered(source, 0);
        Part { columns: shape.columns(numbered), numbered, rows: Picked::All(count) }
    }

    fn len(&self) -> usize {
        match &self.rows {
            Picked::All(count) => *count,
            Picked::Some(places) => places.len(),
        }
    }

    /// The chunk that begins at this row of the part; `None` at its end. The documents of its rows are kept from then on.
    pub(in crate::query::write) fn chunk<'a>(
        &'a self,
        from: usize,
        shape: &Shape,
        documents: &'a mut Documents<&dyn BindSource>,
        dialect: &dyn Dialect,
    ) -> Option<Chunk<'a>> {
        let left = self.len().checked_sub(from).filter(|&left| left > 0)?;
        let places = match &self.rows {
            Picked::All(_) => Places::Run(from, left),
            Picked::Some(places) => Places::Picked(places.get(from..)?),
        };
        let size = InsertSize::new(dialect, shape.table, &self.columns);
        let most = left.min(size.most());
        documents.expect(places.slice(0, most).each());
        let rest = Chunk { source: documents, places, columns: &self.columns, numbered: self.numbered };
        if self.columns.is_empty() {
            // A row of defaults only has no room for a second one after it.
            return Some(rest.first(1));
        }
        let rows = rest.fitting(shape, most, dialect.capabilities());
        Some(rest.first(size.with_few_texts(rows)))
    }
}

impl<'a> Chunk<'a> {
    /// The rows of a list at these positions.
    pub(in crate::query::write) fn picked(&self, places: &'a [usize]) -> Chunk<'a> {
        Chunk { places: Places::Picked(places), ..*self }
    }

    pub(in crate::query::write) fn len(&self) -> usize {
        self.places.len()
    }

    /// The position in the list of one of its rows.
    pub(in crate::query::write) fn place(&self, row: usize) -> usize {
        self.places.get(row)
    }

    /// The positions in the list of all its rows.
    pub(in crate::query::write) fn places(&self) -> impl Iterator<Item = usize> {
        self.places.each()
    }

    /// Its first rows.
    fn first(self, rows: usize) -> Chunk<'a> {
        self.slice(0, rows)
    }

    /// `rows` of its rows, from one on.
    pub(in crate::query::write) fn slice(self, from: usize, rows: usize) -> Chunk<'a> {
        Chunk { places: self.places.slice(from, rows), ..self }
    }

    /// How many of its rows, `most` at most and one at least, are not too large to be sent together.
    fn fitting(&self, shape: &Shape, most: usize, capabilities: &Capabilities) -> usize {
        let is_long = |column: &&u16| shape.table.column(**column).is_some_and(|column| column.ty.is_long());
        let long: Vec<u16> = self.columns.iter().filter(is_long).copied().collect();
        if long.is_empty() {
            return most;
        }
        let size_of = |row| long.iter().map(|&column| size(self.value(row, column))).sum();
        together(0..most, most, capabilities, size_of).len()
    }
}

impl<'a> Places<'a> {
    fn len(self) -> usize {
        match self {
            Places::Run(_, count) => count,
            Places::Picked(places) => places.len(),
        }
    }

    fn get(self, row: usize) -> usize {
        match self {
            Places::Run(from, _) => from + row,
            Places::Picked(places) => places.get(row).copied().unwrap_or(usize::MAX),
        }
    }

    fn each(self) -> impl Iterator<Item = usize> {
        (0..self.len()).map(move |row| self.get(row))
    }

    fn slice(self, from: usize, rows: usize) -> Places<'a> {
        match self {
            Places::Run(start, count) => Places::Run(start + from, rows.min(count.saturating_sub(from))),
            Places::Picked(places) => {
                let rest = places.get(from..).unwrap_or_default();
                Places::Picked(rest.get(..rows).unwrap_or(rest))
            }
        }
    }
}

impl BindSource for Chunk<'_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        self.source.value(self.place(row), column)
    }
}

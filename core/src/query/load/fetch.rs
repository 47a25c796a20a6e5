//! How the rows of a relation are fetched and handed out to the rows that they belong to.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use futures_core::future::BoxFuture;

use super::each::LoadEach;
use super::gather::{Gather, GatheredKeys};
use super::keys::{KeyColumns, Keys, sent, value};
use super::load::{Load, LoadOn};
use super::noting::Noting;
use super::parents::key_positions;
use super::related_rows::RelatedRows;
use super::sorting::Sorting;
use super::statement::{Ends, Places};
use crate::dialect::Dialect;
use crate::driver::{Row, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Decoded, HandOut, Link, Misfit, Model, NamedRelation, RowKey};
use crate::query::run::Reading;
use crate::query::write::keys_per_statement;
use crate::schema::Table;
use crate::sql::{self, TableRef};
use crate::types::{SqlValue, ValueRef};

impl<F: Model, T: Model, C, R: Send + 'static, L: LoadEach<R>> RelatedRows<F, T, C, R, L> {
    fn ends(&self) -> Ends {
        Ends { from: F::table(), to: T::table(), link: self.link }
    }

    /// The rows that belong to these keys, each as often as there is a row that it belongs to.
    async fn fetch<G: Gather>(
        &self,
        rows: &sql::Select,
        keys: &Keys,
        range: Range<usize>,
        on: &mut LoadOn<'_>,
        found: &mut Found<R, G>,
    ) -> Result<()> {
        let dialect = on.link.dialect();
        let (tree, places) = self.ends().select(rows, self.several, keys, range.clone(), dialect.capabilities());
        let statement = match tree.compile(on.link.destination()) {
            Ok(statement) => statement,
            // Values of this type can't be sent as one parameter.
            Err(error) if error.kind() == ErrorKind::Limit && range.len() > 1 => {
                let most = keys_per_statement(dialect.capabilities(), places.key.positions.len()).min(range.len() / 2);
                let mut start = range.start;
                while start < range.end {
                    let end = range.end.min(start + most);
                    Box::pin(self.fetch(rows, keys, start..end, on, found)).await?;
                    start = end;
                }
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let reading = Reading::of(&self.rows);
        let mut sink = Reader { reading, places, parents: keys, last: None, found };
        on.link.fetch(&statement.within(on.timeout), &mut sink).await
    }
}

impl<F: Model, T: Model, C, R: Send + 'static, L: LoadEach<R>> Load for RelatedRows<F, T, C, R, L>
where
    C: HandOut<L::Row>,
{
    type From = F;
    type Row = C::Of;
    type Gathered = GatheredKeys;

    fn key(&self) -> KeyColumns {
        self.ends().key()
    }

    fn leads_to(&self) -> &'static Table {
        T::table()
    }

    fn statements(&self, dialect: &dyn Dialect, each: &mut dyn FnMut(&str)) -> Result<()> {
        let mut tree = Cow::Borrowed(self.rows.tree());
        self.each.gather(&mut tree, None)?;
        let mut keys = Keys::new(self.key());
        // No value of a key is NULL, so any that is not stands for it.
        keys.push_values(|_| ValueRef::Bool(true));
        let (tree, _) = self.ends().select(&tree, self.several, &keys, 0..1, dialect.capabilities());
        each(&tree.compile(dialect)?.sql);
        self.each.statements(dialect, each)
    }

    fn check_at_hand(&self) -> Result<()> {
        let ends = self.ends();
        if !ends.folds() {
            return Ok(());
        }
        let message = "only the database knows which of these texts are equal, so what belongs to rows at hand can't be told apart: load it with the SELECT that reads them, by `with`, or ask for each of them by `row.related(…)`";
        let names = ends.from.column_names(ends.link.from);
        Err(Error::new(ErrorKind::Unsupported, message).with_table(ends.from.name).with_columns(names))
    }

    fn gather(&self, tree: &mut Cow<'_, sql::Select>, from: Option<TableRef>) -> Result<GatheredKeys> {
        Ok(GatheredKeys::new(key_positions(tree, self.key(), from)?))
    }

    fn finish<'r>(&'r self, gathered: GatheredKeys, on: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<Vec<Self::Row>>> {
        Box::pin(async move { self.load(&gathered.keys, on).await })
    }

    fn load<'r>(&'r self, keys: &'r Keys, on: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<Vec<Self::Row>>> {
        Box::pin(async move {
            let mut tree = Cow::Borrowed(self.rows.tree());
            let gathered = self.each.gather(&mut tree, None)?;
            let sorting = Sorting::new(keys.rows());
            let mut found = Found { decoded: C::DECODED, rows: Vec::new(), parents: Vec::new(), sorting, gathered };
            if keys.count() > 0 {
                self.fetch(&tree, keys, 0..keys.count(), on, &mut found).await?;
            }
            let Found { rows, parents, sorting, gathered, .. } = found;
            let rows = self.each.load(rows, gathered, on).await?;
            let (rows, parents) = sorting.sort(rows, parents);
            C::hand_out(rows, &keys.owners(&parents)).map_err(|misfit| {
                let without_row = if keys.lack_some() { WithoutRow::Some } else { WithoutRow::None };
                misfit_of::<F, T>(self.link, misfit, without_row)
            })
        })
    }
}

/// Rows of a relation, with the index of the row that each belongs to, and what relations of theirs need of them.
struct Found<R, G> {
    decoded: Decoded,
    rows: Vec<R>,
    parents: Vec<usize>,
    sorting: Sorting,
    gathered: G,
}

impl<R, G: Gather> Found<R, G> {
    fn push(&mut self, read: R, parent: usize, number: Option<i64>, row: &dyn Row) -> Result<()> {
        self.rows.push(read);
        self.parents.push(parent);
        if let Some(number) = number {
            self.sorting.push(parent, number);
        }
        self.gathered.note(row)
    }
}

/// Reads each related row once for every row that it belongs to, so that it need not be `Clone`; or once for all of them.
struct Reader<'f, R, G> {
    reading: Reading<R>,
    places: Places,
    parents: &'f Keys,
    /// The key of the row before, which most often is that of the next one too, and the first row that has it.
    last: Option<(RowKey, usize)>,
    found: &'f mut Found<R, G>,
}

impl<R: Send, G: Gather> RowSink for Reader<'_, R, G> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let noting = Noting::new(row, self.places.key.only(), self.places.number);
        let read = self.reading.read(&noting)?;
        let first = self.first_parent(row, noting.key())?;
        let number = self.number(row, noting.number())?;
        self.found.push(read, first, number, row)?;
        if self.found.decoded == Decoded::Once {
            return Ok(ControlFlow::Continue(()));
        }
        for parent in self.parents.after(first) {
            let again = self.reading.read(row)?;
            self.found.push(again, parent, number, row)?;
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl<R, G> Reader<'_, R, G> {
    /// The first row that this one belongs to. The value of its key is given where it is known.
    fn first_parent(&mut self, row: &dyn Row, key: Option<ValueRef<'_>>) -> Result<usize> {
        if let (Some((last, first)), Some(key)) = (&self.last, key)
            && last.is_surely(key)
        {
            return Ok(*first);
        }
        self.look_up(row, key)
    }

    fn look_up(&mut self, row: &dyn Row, key: Option<ValueRef<'_>>) -> Result<usize> {
        let at = &self.places.key;
        let key = match (key, at.only()) {
            (Some(value), Some((_, ty))) => at.one(sent(value, ty)?),
            _ => at.read(row)?,
        };
        if let Some((last, first)) = &self.last
            && *last == key
        {
            return Ok(*first);
        }
        let first = self.parents.first(&key).ok_or_else(|| unknown(self.places.key.key))?;
        self.last = Some((key, first));
        Ok(first)
    }

    /// The number that the row is sorted by, which is given where it is known.
    fn number(&self, row: &dyn Row, known: Option<ValueRef<'_>>) -> Result<Option<i64>> {
        let Some((position, ty)) = self.places.number else { return Ok(None) };
        let number = match known {
            Some(number) => number,
            None => value(row, position, ty)?,
        };
        i64::from_value(number).map(Some)
    }
}

/// The database finds keys equal that are not.
#[cold]
fn unknown(key: KeyColumns) -> Error {
    let message = "a related row was found by a key that none of the rows has";
    let names = key.table.column_names(key.columns);
    Error::new(ErrorKind::Decode, message).with_table(key.table.name).with_columns(names)
}

/// Whether some of the rows have no row of the relation's model, as an outer join leaves them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithoutRow {
    /// None are known to.
    None,
    /// Some have none.
    Some,
}

/// The error that the rows which were found are not what the relation says.
#[cold]
pub(crate) fn misfit_of<F: Model, T: Model>(link: Link, misfit: Misfit, without_row: WithoutRow) -> Error {
    let (from, to) = (F::table().name, T::table().name);
    let path = NamedRelation::path_of::<F, T>(link).map_or_else(|| to.to_owned(), str::to_owned);
    let (kind, message) = match (misfit, without_row) {
        (Misfit::Missing, WithoutRow::Some) => (
            ErrorKind::NotFound,
            format!(
                "{path}: a row has no row of {from} to go by, as an outer join leaves it: load `{path}.optional()`"
            ),
        ),
        (Misfit::Missing, WithoutRow::None) if T::table().soft_delete.is_some() => (
            ErrorKind::NotFound,
            format!(
                "{path}: a row of {from} refers to a row of {to} that is not there, or is marked as deleted: load `{path}.optional()`, or `{path}.with_deleted()`"
            ),
        ),
        (Misfit::Missing, WithoutRow::None) => {
            (ErrorKind::NotFound, format!("{path}: a row of {from} refers to a row of {to} that is not there"))
        }
        (Misfit::Second, _) => (
            ErrorKind::MultipleFound,
            format!(
                "{path}: more than one row of {to} belongs to a row of {from}, and the relation is to one: declare it as `has_many`, or make the foreign key unique"
            ),
        ),
    };
    Error::new(kind, message).with_table(to)
}

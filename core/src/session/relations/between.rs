//! Rows of a table between two, which a session makes by itself.

use super::ends::{Ends, Through};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Entity;
use crate::schema::{Generated, Table};
use crate::types::{ColumnType, Row, RowReader, Value, ValueRef};

impl Through {
    /// A row that has these values, and else what its model has by default: its `Default` if the derive writes it, else NULL, and what a new
    /// row of a model with a version or a mark begins with.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) if there is a column of which no value is known.
    pub(super) fn row(&self, ends: &Ends, values: &[(u16, Value)]) -> Result<Box<dyn Entity>> {
        if let Some(mut row) = (self.between.blank)() {
            values.iter().try_for_each(|(column, value)| row.assign(*column, value.as_ref()))?;
            return Ok(row);
        }
        let is_known =
            |index: u16| values.iter().any(|(column, _)| *column == index) || begins_with(self.table, index).is_some();
        for (index, column) in (0..).zip(self.table.columns) {
            if !is_known(index) && !column.nullable && column.generated != Generated::Auto {
                return Err(self.needs_more(ends, column.name));
            }
        }
        (self.between.read)(&mut RowReader::new(&Values { through: self, values }))
    }

    fn needs_more(&self, ends: &Ends, column: &str) -> Error {
        let message = format!(
            "`{}` can't make a row of {} by itself, because nothing says what its {column} is: give the model #[model(default)], or add a \
             row of that model to the session",
            ends.name(),
            self.table.name
        );
        Error::new(ErrorKind::Unsupported, message).with_table(self.table.name).with_columns([column.to_owned()])
    }
}

/// What a new row has in a column that is creole's own affair: a number that is still to be given, a version, the mark of a row that is
/// not deleted.
fn begins_with(table: &'static Table, index: u16) -> Option<ValueRef<'static>> {
    let column = table.column(index)?;
    if column.generated == Generated::Auto || table.version == Some(index) {
        return Some(ValueRef::I64(0));
    }
    let is_mark = table.soft_delete.is_some_and(|soft| soft.column == index);
    (is_mark && column.ty == ColumnType::Bool).then_some(ValueRef::Bool(false))
}

/// A row of some values; an automatic key is 0, and what else is not known is NULL.
struct Values<'v> {
    through: &'v Through,
    values: &'v [(u16, Value)],
}

impl Row for Values<'_> {
    fn len(&self) -> usize {
        self.through.table.columns.len()
    }

    fn name(&self, index: usize) -> &str {
        self.through.table.columns.get(index).map_or("", |column| column.name)
    }

    fn value(&self, index: usize, _: ColumnType) -> Result<ValueRef<'_>> {
        if let Some((_, value)) = self.values.iter().find(|(column, _)| usize::from(*column) == index) {
            return Ok(value.as_ref());
        }
        let index = u16::try_from(index).ok();
        Ok(index.and_then(|index| begins_with(self.through.table, index)).unwrap_or(ValueRef::Null))
    }
}

//! Rows of a table between two, which a session makes by itself.

use super::ends::{Ends, Through};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Entity;
use crate::schema::Generated;
use crate::types::{ColumnType, Row, RowReader, Value, ValueRef};

impl Through {
    /// A row that has these values, and else what its model has by default: its `Default` if the derive writes it, else NULL.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) if there is a column of which no value is known.
    pub(super) fn row(&self, ends: &Ends, values: &[(u16, Value)]) -> Result<Box<dyn Entity>> {
        if let Some(mut row) = (self.between.blank)() {
            values.iter().try_for_each(|(column, value)| row.assign(*column, value.as_ref()))?;
            return Ok(row);
        }
        let is_known = |index: u16| values.iter().any(|(column, _)| *column == index);
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
        let column = self.through.table.columns.get(index);
        let is_auto = column.is_some_and(|column| column.generated == Generated::Auto);
        Ok(if is_auto { ValueRef::I64(0) } else { ValueRef::Null })
    }
}

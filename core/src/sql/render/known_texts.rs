//! [`KnownTexts`]: texts of INSERTs that need not be written again.

use std::sync::Arc;

use super::compiled::Compiled;
use super::destination::Destination;
use crate::error::Result;
use crate::sql::tree::Insert;
use crate::types::{BindSource, ColumnType};

/// How many texts are kept. They are looked through one after the other.
const MOST: usize = 8;

/// Longer texts, in bytes, are not kept: they are those of the widest tables.
const LONGEST: usize = 1 << 16;

/// The texts of the INSERTs of many rows that a connection was sent last: to write one anew takes longer than all else that is done
/// before it is sent.
#[derive(Debug, Default)]
pub(crate) struct KnownTexts(Vec<Known>);

#[derive(Debug)]
struct Known {
    insert: Insert,
    /// Of the values of a row.
    types: Vec<ColumnType>,
    text: Arc<str>,
}

impl KnownTexts {
    /// The statement in a dialect's SQL, as [`Insert::compile`] has it.
    ///
    /// # Errors
    /// As `compile`.
    pub(crate) fn compile<'a>(
        &mut self,
        insert: &'a Insert,
        to: Destination<'a>,
        source: &'a dyn BindSource,
    ) -> Result<Compiled<'a>> {
        if let Some(index) = self.0.iter().position(|known| known.insert == *insert) {
            self.0.get_mut(..=index).unwrap_or_default().rotate_right(1);
            if let Some(Known { types, text, .. }) = self.0.first()
                && let Some(compiled) = insert.compile_known(to.clone(), source, text, types)?
            {
                return Ok(compiled);
            }
            return insert.compile(to, source);
        }
        let compiled = insert.compile(to, source)?;
        if compiled.sql.len() <= LONGEST
            && let Some(types) = insert.row_types(&compiled)
        {
            self.0.truncate(MOST - 1);
            self.0.insert(0, Known { insert: insert.clone(), types, text: Arc::clone(&compiled.sql) });
        }
        Ok(compiled)
    }
}

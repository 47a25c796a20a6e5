//! [`TextTypes`]: the types that the values of each text had.

#[cfg(debug_assertions)]
use std::collections::HashMap;
use std::fmt::Debug;
#[cfg(not(debug_assertions))]
use std::marker::PhantomData;
#[cfg(debug_assertions)]
use std::sync::Arc;

use super::{Bind, Compiled};

/// How many texts are remembered.
#[cfg(debug_assertions)]
const MOST: usize = 10_000;

/// The types that the values of each text had, for the drivers of servers that keep them with a prepared statement: they would read
/// the bytes of one type as another. It looks in debug builds only, and is nothing in others.
#[derive(Debug)]
pub struct TextTypes<T> {
    #[cfg(debug_assertions)]
    seen: HashMap<Arc<str>, Vec<T>>,
    #[cfg(not(debug_assertions))]
    types: PhantomData<T>,
}

impl<T: PartialEq + Debug> TextTypes<T> {
    /// Checks that a text comes with the types that it had before. `type_of` says as what a value is sent.
    ///
    /// # Panics
    /// In debug builds, where it comes with others: that is a mistake of the dialect.
    #[cfg(debug_assertions)]
    pub fn check(&mut self, statement: &Compiled<'_>, type_of: impl FnMut(Bind<'_>) -> T) {
        let types: Vec<T> = statement.binds.iter().map(type_of).collect();
        if let Some(before) = self.seen.get(&statement.sql) {
            assert_eq!(*before, types, "the same text came with values of other types before: {}", statement.sql);
        } else if self.seen.len() < MOST {
            self.seen.insert(statement.sql.clone(), types);
        }
    }

    /// Nothing, in builds without debug assertions.
    #[cfg(not(debug_assertions))]
    pub fn check(&mut self, _statement: &Compiled<'_>, _type_of: impl FnMut(Bind<'_>) -> T) {}
}

impl<T> Default for TextTypes<T> {
    fn default() -> TextTypes<T> {
        TextTypes {
            #[cfg(debug_assertions)]
            seen: HashMap::new(),
            #[cfg(not(debug_assertions))]
            types: PhantomData,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ColumnType, ValueRef};

    #[test]
    #[should_panic = "values of other types"]
    fn a_text_with_other_types_is_a_mistake() {
        let mut types = TextTypes::default();
        for ty in [ColumnType::I64, ColumnType::I64, ColumnType::TEXT] {
            let bind = Bind::new(ValueRef::Null, ty);
            types.check(&Compiled::from_text("SELECT ?", vec![bind]), |bind| bind.ty);
        }
    }
}

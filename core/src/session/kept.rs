//! What a session keeps of an entity's documents, so that it can tell whether one has changed without serializing it more than once.
//!
//! What a type writes need not be what it was read from: fields may be unknown to it, or missing. So a document that is not the text
//! which was read has changed only if what it was when it was read is written otherwise.

use std::sync::Arc;

use serde_json::Value as Tree;

use crate::driver::RowReader;
use crate::error::Result;
use crate::model::{Entity, Model};
use crate::types::{ColumnType, JsonRef, JsonSource, Value, ValueRef};

/// A column's value as it was.
#[derive(Clone)]
pub(super) enum Kept {
    Value(Value),
    /// A document, as a copy that is serialized only if it must be.
    Document(Arc<dyn JsonSource>),
}

/// The texts of an entity's typed documents as the database has them, as far as they are known.
#[derive(Clone, Default)]
pub(super) struct KnownTexts(Option<Arc<Vec<Known>>>);

#[derive(Clone)]
struct Known {
    column: u16,
    text: String,
    origin: Origin,
}

/// The origin of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A row, in which it may be spelled differently than its type writes it.
    Row,
    /// Its type.
    Type,
}

/// A model that was read from a row, with the texts of its documents.
pub(crate) struct Loaded<M> {
    /// Boxed at once, as the session keeps it: rows that are many are not moved from one place to another.
    pub(super) model: Box<M>,
    pub(super) texts: KnownTexts,
}

impl Kept {
    pub(super) fn of(value: ValueRef<'_>) -> Kept {
        match value {
            ValueRef::Json(JsonRef::Typed(document)) => Kept::Document(document.to_shared()),
            value => Kept::Value(value.to_owned()),
        }
    }

    pub(super) fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Kept::Value(value) => value.as_ref(),
            Kept::Document(document) => ValueRef::Json(JsonRef::Typed(&**document)),
        }
    }

    /// A column's value now, if it differs from this, the one before.
    pub(super) fn changed(&self, column: u16, now: ValueRef<'_>, texts: &KnownTexts) -> Option<Value> {
        let (Kept::Document(before), ValueRef::Json(JsonRef::Typed(now))) = (self, now) else {
            return (now != self.as_ref()).then(|| now.to_owned());
        };
        let now = match now.tree() {
            Ok(tree) => tree,
            Err(reason) => return Some(Value::Invalid(reason)),
        };
        let is_same = match texts.get(column) {
            Some(known) if known.is(&now) => true,
            Some(Known { origin: Origin::Type, .. }) => false,
            _ => before.tree().is_ok_and(|before| before == now),
        };
        (!is_same).then(|| Value::Json(Box::new(now)))
    }
}

impl KnownTexts {
    /// Those of an entity that was read from a row, from this position on.
    pub(super) fn read(entity: &dyn Entity, row: &RowReader<'_>, first: usize) -> KnownTexts {
        let documents = (0..).zip(entity.table().columns).filter(|(_, column)| matches!(column.ty, ColumnType::Json));
        let known = documents.filter_map(|(column, definition)| {
            if !matches!(entity.value(column), ValueRef::Json(JsonRef::Typed(_))) {
                return None;
            }
            match row.value_at(first + usize::from(column), definition.ty) {
                Ok(ValueRef::Json(JsonRef::Text(text))) => {
                    Some(Known { column, text: text.to_owned(), origin: Origin::Row })
                }
                _ => None,
            }
        });
        KnownTexts::of(known.collect())
    }

    /// What was sent for a row.
    pub(super) fn sent(texts: Vec<(u16, String)>) -> KnownTexts {
        let known = |(column, text)| Known { column, text, origin: Origin::Type };
        KnownTexts::of(texts.into_iter().map(known).collect())
    }

    /// Records what was written to a column.
    pub(super) fn written(&mut self, column: u16, value: &Value) {
        let mut known = self.0.take().map(Arc::unwrap_or_clone).unwrap_or_default();
        known.retain(|known| known.column != column);
        if let Value::Json(tree) = value
            && let Ok(text) = JsonRef::Tree(tree).text()
        {
            known.push(Known { column, text: text.into_owned(), origin: Origin::Type });
        }
        *self = KnownTexts::of(known);
    }

    /// Whether the database's document in a column differs from the one whose texts these are; `None` if the texts do not
    /// tell.
    pub(super) fn differ(&self, now: &KnownTexts, column: u16) -> Option<bool> {
        let (before, now) = (self.get(column)?, now.get(column)?);
        if before.text == now.text || now.tree().is_some_and(|now| before.is(&now)) {
            return Some(false);
        }
        // A database has its own spelling for what was sent to it, but one for each document.
        (before.origin == Origin::Row).then_some(true)
    }

    fn of(known: Vec<Known>) -> KnownTexts {
        KnownTexts((!known.is_empty()).then(|| Arc::new(known)))
    }

    fn get(&self, column: u16) -> Option<&Known> {
        self.0.as_ref()?.iter().find(|known| known.column == column)
    }
}

impl Known {
    fn tree(&self) -> Option<Tree> {
        serde_json::from_str(&self.text).ok()
    }

    fn is(&self, tree: &Tree) -> bool {
        self.tree().is_some_and(|known| known == *tree)
    }
}

impl<M: Model> Loaded<M> {
    /// A model without known texts of its documents.
    pub(crate) fn without_texts(model: M) -> Loaded<M> {
        Loaded { model: Box::new(model), texts: KnownTexts::default() }
    }

    /// Reads it from a row that has the table's columns in their order.
    ///
    /// # Errors
    /// As [`Model::decode`].
    pub(crate) fn decode(row: &mut RowReader<'_>) -> Result<Loaded<M>> {
        let first = row.position();
        let table = M::table();
        let model = M::decode(row).map_err(|error| error.with_table(table.name))?;
        Ok(Loaded { texts: KnownTexts::read(&model, row, first), model: Box::new(model) })
    }
}

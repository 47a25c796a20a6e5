//! Changing parts of documents, as an UPDATE says it.

use super::{JsonArray, JsonOperand, JsonPath};
use crate::model::{Column, Model};
use crate::query::{Operand, Update};
use crate::sql::{self, Assignment, Json, JsonChange, JsonChangeKind, JsonOp};
use crate::types::{Fits, SqlType};

/// What `set` of an UPDATE writes a `V` to: a column, or a place in the documents of one.
#[diagnostic::on_unimplemented(
    message = "an UPDATE of `{M}` can't write `{V}` to `{Self}`",
    label = "expected a column of `{M}`, or a place in the documents of one, and a value for it"
)]
pub trait UpdateTarget<M, V> {
    /// Adds the assignment to others.
    fn assign(self, value: V, assignments: &mut Vec<Assignment>);
}

impl<M: Model, T: SqlType, V: Operand<T::Base>> UpdateTarget<M, V> for Column<M, T>
where
    V::Null: Fits<T::Null>,
{
    fn assign(self, value: V, assignments: &mut Vec<Assignment>) {
        let target = sql::Expr::Column(self.column_ref());
        let assignment = Assignment { column: self.index(), value: value.operand().typed_like(&target) };
        assignments.retain(|earlier| earlier.column != assignment.column);
        assignments.push(assignment);
    }
}

/// That place only: the rest of the document stays as it is, also where somebody else changes it at the same time.
#[diagnostic::do_not_recommend]
impl<M: Model, T, V: JsonOperand<T>> UpdateTarget<M, V> for JsonPath<M, T> {
    fn assign(self, value: V, assignments: &mut Vec<Assignment>) {
        change(assignments, self, JsonChangeKind::Set(value.literal()));
    }
}

/// Changing parts of JSON documents. See [`JsonPath`].
impl<M: Model> Update<M> {
    /// Takes a place out of the documents. Where there is none, nothing changes.
    pub fn remove<T>(mut self, place: JsonPath<M, T>) -> Update<M> {
        change(self.assignments(), place, JsonChangeKind::Remove);
        self
    }

    /// Puts a value behind the elements of the array at a place. An array is made where the place is missing or JSON's null.
    pub fn append<T: JsonArray>(mut self, place: JsonPath<M, T>, value: impl JsonOperand<T::Element>) -> Update<M> {
        change(self.assignments(), place, JsonChangeKind::Append(value.literal()));
        self
    }

    /// Writes a value to a place where there is none. What is there stays, be it JSON's null.
    pub fn insert<T>(mut self, place: JsonPath<M, T>, value: impl JsonOperand<T>) -> Update<M> {
        change(self.assignments(), place, JsonChangeKind::Insert(value.literal()));
        self
    }
}

/// Adds a change to those of the same document, which become one assignment.
fn change<M, T>(assignments: &mut Vec<Assignment>, place: JsonPath<M, T>, kind: JsonChangeKind) {
    let (document, path) = place.into_parts();
    let change = JsonChange { path, kind };
    // Paths of a model begin at one of its columns.
    let sql::Expr::Column(column) = document else { return };
    let earlier = assignments.iter_mut().find(|assignment| assignment.column == column.index);
    let value = match earlier {
        Some(Assignment { value: sql::Expr::Json(json), .. }) if json.path.is_empty() => {
            if let JsonOp::Change(changes) = &mut json.op {
                change.add(changes);
                return;
            }
            sql::Expr::Json(json.clone())
        }
        // The document that the column is set to by the same statement.
        Some(assignment) => assignment.value.clone(),
        None => document,
    };
    assignments.retain(|assignment| assignment.column != column.index);
    let value = Json::expr(value, Vec::new(), JsonOp::Change(vec![change]));
    assignments.push(Assignment { column: column.index, value });
}

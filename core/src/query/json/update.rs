//! Changing parts of documents, as an UPDATE says it.

use super::{JsonArray, JsonOperand, JsonPath};
use crate::model::{Column, Model};
use crate::query::expr::Operand;
use crate::query::write::Update;
use crate::sealed::Sealed;
use crate::sql::{self, Assignment, JsonChange, JsonChangeKind, JsonPatch};
use crate::types::{Document, Fits, SqlType};

/// What `set` of an UPDATE writes a `V` to: a column, or a path into the documents of one.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = documents().await?;
/// let change = update::<Config>().set(Config::extra, json!({})).set(Config::settings.field(Settings::scale), 2.0);
/// change.filter(Config::id.eq(1)).exec(&engine).await?;
/// let config = Config::find(1, &engine).await?.expect("it is there");
/// assert_eq!((config.extra, config.settings.scale), (json!({}), 2.0));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "an UPDATE of `{M}` can't write `{V}` to `{Self}`",
    label = "expected a column of `{M}`, or a place in the documents of one, and a value for it"
)]
pub trait UpdateTarget<M, V>: Sealed {
    /// Has a statement write it.
    fn assign(self, value: V, tree: &mut sql::Update);
}

impl<M: Model, T: SqlType, V: Operand<T::Base>> UpdateTarget<M, V> for Column<M, T>
where
    V::Null: Fits<T::Null>,
{
    fn assign(self, value: V, tree: &mut sql::Update) {
        let target = sql::Expr::Column(self.column_ref());
        tree.set(Assignment { column: self.index(), value: value.operand().typed_like(&target) });
    }
}

/// Only the value at that path: the rest of the document stays as it is, also where somebody else changes it at the same time.
#[diagnostic::do_not_recommend]
impl<M: Model, T, V: JsonOperand<T>> UpdateTarget<M, V> for JsonPath<M, T> {
    fn assign(self, value: V, tree: &mut sql::Update) {
        change(tree, self, JsonChangeKind::Set(value.literal()));
    }
}

/// What `json_merge` of an UPDATE changes: a JSON column, or a path into the documents of one.
#[diagnostic::on_unimplemented(
    message = "an UPDATE of `{M}` can't merge anything into `{Self}`",
    label = "expected a JSON column of `{M}`, or a place in the documents of one"
)]
pub trait MergeTarget<M>: Sealed {
    /// The path; of a column, the document itself.
    fn place(self) -> JsonPath<M>;
}

impl<M: Model, T: SqlType> MergeTarget<M> for Column<M, T>
where
    T::Base: Document,
{
    fn place(self) -> JsonPath<M> {
        self.path::<&str>([])
    }
}

impl<M: Model, T> MergeTarget<M> for JsonPath<M, T> {
    fn place(self) -> JsonPath<M> {
        self.of_type()
    }
}

/// Changing parts of JSON documents. See [`JsonPath`].
impl<M: Model> Update<M> {
    /// Removes the value at a path from the documents. Where there is none, nothing changes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// update::<Config>().json_remove(Config::extra.at("plan")).all_rows().exec(&engine).await?;
    /// assert_eq!(Config::select().filter(Config::extra.has_key("plan")).count(&engine).await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn json_remove<T>(mut self, place: JsonPath<M, T>) -> Update<M> {
        change(self.tree_mut(), place, JsonChangeKind::Remove);
        self
    }

    /// Appends a value to the array at a path. An array is made where the value is missing or JSON's null.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// update::<Config>().json_append(Config::settings.field(Settings::tags), "new").all_rows().exec(&engine).await?;
    /// let lengths = select(Config::settings.at("tags").array_len()).order_by(Config::id).all(&engine).await?;
    /// assert_eq!(lengths, [Some(3), Some(1)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn json_append<T: JsonArray>(
        mut self,
        place: JsonPath<M, T>,
        value: impl JsonOperand<T::Element>,
    ) -> Update<M> {
        change(self.tree_mut(), place, JsonChangeKind::Append(value.literal()));
        self
    }

    /// Writes a value to a path where there is none. What is there stays, be it JSON's null.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// update::<Config>().json_insert(Config::extra.at("visits"), 0).all_rows().exec(&engine).await?;
    /// let visits = select(Config::extra.at("visits").as_i64()).order_by(Config::id).all(&engine).await?;
    /// assert_eq!(visits, [Some(7), Some(0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn json_insert<T>(mut self, place: JsonPath<M, T>, value: impl JsonOperand<T>) -> Update<M> {
        change(self.tree_mut(), place, JsonChangeKind::Insert(value.literal()));
        self
    }

    /// Merges a patch into the documents, or into the value at a path in them, as JSON Merge Patch has it (RFC 7396).
    ///
    /// The patch's keys with null are taken out, those with objects are merged in the same way, and what else there is
    /// replaces. What is no object, be it missing, JSON's null or a column that is NULL, counts as an empty one. Nulls inside
    /// arrays are values. A patch that is no object replaces the value, as `set` does. Keys that the patch does not have stay
    /// as they are, also where somebody else changes them at the same time.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let patch = json!({"beta": true, "plan": {"price": null}});
    /// update::<Config>().json_merge(Config::extra, patch).all_rows().exec(&engine).await?;
    /// let extra = select(Config::extra).order_by(Config::id).all(&engine).await?;
    /// assert_eq!(extra[0], json!({"beta": true, "visits": 7, "plan": {"name": "pro"}}));
    /// assert_eq!(extra[1], json!({"beta": true, "note": "hello", "plan": {}}));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Running the statement is an error of kind [`InvalidValue`](crate::ErrorKind::InvalidValue) where another change of
    /// it is about the same path or one inside it, where the document would nest more deeply than the database keeps it, and
    /// where something else than a container is on the way to the value; of kind [`Limit`](crate::ErrorKind::Limit) where
    /// the patch has more keys than the database takes as values of one statement.
    pub fn json_merge(mut self, target: impl MergeTarget<M>, patch: impl JsonOperand) -> Update<M> {
        let kind = JsonPatch::of(patch.literal()).map_or_else(JsonChangeKind::Set, JsonChangeKind::Merge);
        change(self.tree_mut(), target.place(), kind);
        self
    }
}

/// Has a statement change what is at a place.
fn change<M, T>(tree: &mut sql::Update, place: JsonPath<M, T>, kind: JsonChangeKind) {
    let (document, path) = place.into_parts();
    // Paths of a model begin at one of its columns.
    if let sql::Expr::Column(column) = document {
        tree.change(column, JsonChange { path, kind });
    }
}

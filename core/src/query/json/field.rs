//! [`JsonField`]: the way into documents of a known shape.

use std::fmt;
use std::marker::PhantomData;

use serde_json::Value as Tree;

use super::JsonPath;
use crate::model::{Column, Model};
use crate::query::expr::{Expr, Expression};
use crate::sql::JsonStep;
use crate::types::{Json, SqlType};

/// A struct whose fields are known as the keys of documents. `#[derive(JsonDoc)]` says so.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(JsonDoc)]
/// struct Settings {
///     theme: Option<String>,
/// }
///
/// assert_eq!(Settings::theme.key(), "theme");
/// ```
#[diagnostic::on_unimplemented(
    message = "the fields of `{Self}` are not known as keys of documents",
    label = "no #[derive(JsonDoc)]"
)]
pub trait JsonDoc: JsonFields<Self> {}

/// A field of the documents that a `D` is written as, which holds an `F`. `#[derive(JsonDoc)]` makes them: `Settings::theme`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = documents().await?;
/// use creole::query::JsonField;
///
/// let theme: JsonField<Settings, String> = Settings::theme; // Where there is one.
/// assert_eq!(select(Config::id).filter(Config::settings.field(theme).eq("dark")).all(&engine).await?, [1]);
/// # Ok(())
/// # }
/// ```
pub struct JsonField<D, F> {
    key: &'static str,
    of: PhantomData<fn() -> (D, F)>,
}

/// What is written as a document with the fields of a `D`: a `D` and what a `D` is flattened into, which `#[derive(JsonDoc)]` says, an
/// `Option`, a `Box` or a `Json` of one, and a document of any kind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no fields that are keys of a document",
    label = "expected a column of `Json<…>`, or a field that holds a struct with #[derive(JsonDoc)]"
)]
pub trait JsonFields<D: ?Sized> {}

/// What is written as an array.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not written as an array",
    label = "expected a list, such as `Vec<…>`"
)]
pub trait JsonArray {
    /// What is in it.
    type Element;
}

impl<D, F> JsonField<D, F> {
    /// The field with this key.
    ///
    /// ```
    /// use creole::query::JsonField;
    ///
    /// struct Settings;
    ///
    /// const THEME: JsonField<Settings, String> = JsonField::new("theme");
    /// assert_eq!(THEME.key(), "theme");
    /// ```
    pub const fn new(key: &'static str) -> JsonField<D, F> {
        JsonField { key, of: PhantomData }
    }

    /// The key, as serde writes it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(Settings::scale.key(), "scale");
    /// # Ok(())
    /// # }
    /// ```
    pub const fn key(self) -> &'static str {
        self.key
    }
}

impl<D, T: JsonFields<D>> JsonFields<D> for Option<T> {}
impl<D, T: JsonFields<D>> JsonFields<D> for Box<T> {}
impl<D, T: JsonFields<D>> JsonFields<D> for Json<T> {}
impl<D: JsonDoc> JsonFields<D> for Tree {}

impl<E> JsonArray for Vec<E> {
    type Element = E;
}

impl<E, const N: usize> JsonArray for [E; N] {
    type Element = E;
}

impl JsonArray for Tree {
    type Element = Tree;
}

impl<M: Model, T: SqlType> Column<M, T> {
    /// A path into the documents, by a field of what they are written from: `Config::settings.field(Settings::theme)`. See
    /// [`JsonPath`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let themes = select(Config::settings.field(Settings::theme)).order_by(Config::id).all(&engine).await?;
    /// assert_eq!(themes[0], Some("dark".to_owned()));
    /// assert_eq!(themes[1], None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn field<D, F>(self, field: JsonField<D, F>) -> JsonPath<M, F>
    where
        T::Base: JsonFields<D>,
    {
        JsonPath::<M>::root(self.node()).step(field.step())
    }
}

impl<T: SqlType> Expr<T> {
    /// A path into the documents, by a field of what they are written from. See [`JsonPath`].
    pub fn field<D, F>(self, field: JsonField<D, F>) -> JsonPath<(), F>
    where
        T::Base: JsonFields<D>,
    {
        JsonPath::<()>::root(self.node()).step(field.step())
    }
}

impl<M, T> JsonPath<M, T> {
    /// A step further, into a field: `Config::settings.field(Settings::ui).field(Ui::scale)`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let width = Config::settings.field(Settings::panels).element(0).field(Panel::width);
    /// assert_eq!(select(Config::id).filter(width.eq(300)).all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn field<D, F>(self, field: JsonField<D, F>) -> JsonPath<M, F>
    where
        T: JsonFields<D>,
    {
        self.step(field.step())
    }
}

impl<M, T: JsonArray> JsonPath<M, T> {
    /// A step further, to an element, as [`at`](JsonPath::at) has it but for its type.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let last = Config::settings.field(Settings::tags).element(-1);
    /// assert_eq!(select(Config::id).filter(last.eq("sql")).all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn element(self, place: impl Into<i64>) -> JsonPath<M, T::Element> {
        self.step(place.into().into())
    }
}

impl<D, F> JsonField<D, F> {
    fn step(self) -> JsonStep {
        JsonStep::Key(self.key.into())
    }
}

impl<D, F> Clone for JsonField<D, F> {
    fn clone(&self) -> JsonField<D, F> {
        *self
    }
}

impl<D, F> Copy for JsonField<D, F> {}

/// The key is part of the program, so it is shown.
impl<D, F> fmt::Debug for JsonField<D, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonField").field(&self.key).finish()
    }
}

//! [`JsonPath`].

use std::fmt;
use std::marker::PhantomData;

use serde_json::Value as Tree;

use super::JsonOperand;
use crate::query::expr::Expr;
use crate::sealed::Sealed;
use crate::sql::{self, JsonExpr, JsonOp, JsonStep, UnaryOp};

/// A path into the documents of a JSON column: `Config::settings.at("ui").at("scale")`.
///
/// `T` is what is there: `serde_json::Value` where nobody has said so, and the field's type where the way led through the fields
/// of a type with `#[derive(JsonDoc)]`, `Config::settings.field(Settings::theme)`. It is compared with values of this type, and
/// selected as one.
///
/// It is compared as JSON has it, [`eq`](JsonPath::eq), or as one of SQL's types, [`as_i64`](JsonPath::as_i64), which is an
/// expression like any other: it is compared, sorted and grouped by. A path can be selected, and is read as the part of the
/// document that is there. In an UPDATE it is what [`set`](crate::query::Update::set) writes to.
///
/// A missing value, JSON's null and a column that is NULL are three things on every database.
/// ```
/// use creole::JsonValue;
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "configs")]
/// struct Config {
///     #[model(primary_key)]
///     id: i64,
///     settings: JsonValue,
/// }
///
/// # #[tokio::main(flavor = "multi_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Config]).await?;
/// insert(&Config { id: 1, settings: json!({"theme": "dark", "ui": {"scale": 1.5}}) }).exec(&engine).await?;
/// insert(&Config { id: 2, settings: json!({"theme": null}) }).exec(&engine).await?;
/// let ids = async |condition| select(Config::id).filter(condition).all(&engine).await;
///
/// assert_eq!(ids(Config::settings.at("theme").eq("dark")).await?, [1]);
/// assert_eq!(ids(Config::settings.path(["ui", "scale"]).as_f64().ge(1.5)).await?, [1]);
/// assert_eq!(ids(Config::settings.at("theme").is_json_null()).await?, [2]);
/// assert_eq!(ids(Config::settings.at("ui").is_missing()).await?, [2]);
///
/// update::<Config>().set(Config::settings.at("theme"), "light").all_rows().exec(&engine).await?;
/// assert_eq!(ids(Config::settings.at("theme").eq("light")).await?.len(), 2);
/// # Ok(())
/// # }
/// ```
pub struct JsonPath<M = (), T = Tree> {
    document: sql::Expr,
    steps: Vec<JsonStep>,
    of: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Sealed for JsonPath<M, T> {}

impl<M> JsonPath<M> {
    /// The path of the document itself.
    pub(super) fn root(document: sql::Expr) -> JsonPath<M> {
        JsonPath { document, steps: Vec::new(), of: PhantomData }
    }
}

impl<M, T> JsonPath<M, T> {
    /// A step further: into the value of a key, `at("theme")`, or the element of an array, `at(0)`. Elements are counted
    /// from 0 on, or from the end, which is -1.
    ///
    /// A key is data: whatever characters it has, it is that key of an object and never anything else. A key finds no value in an
    /// array, and an index none in an object.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let name = Config::extra.at("plan").at("name");
    /// assert_eq!(select(Config::id).filter(name.eq("pro")).all(&engine).await?, [1]);
    /// assert_eq!(select(Config::id).filter(Config::settings.at("tags").at(0).eq("rust")).all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn at(self, step: impl Into<JsonStep>) -> JsonPath<M> {
        self.step(step.into())
    }

    /// Several steps further: `path(["a", "b"])`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let price = Config::extra.at("plan").path(["price"]).as_decimal();
    /// assert_eq!(select(price).filter(Config::id.eq(1)).one(&engine).await?, Some(dec!(9.5)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn path<S: Into<JsonStep>>(mut self, steps: impl IntoIterator<Item = S>) -> JsonPath<M> {
        self.steps.extend(steps.into_iter().map(Into::into));
        self.of_type()
    }

    /// Is equal, by JSON type and value: `"1"` is not `1`, `true` is not `1`, but `1.0` is `1`, however large a number is.
    /// Unknown, as SQL has it, where the value is missing.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(select(Config::id).filter(Config::extra.at("visits").eq(7)).all(&engine).await?, [1]);
    /// assert!(!Config::select().filter(Config::extra.at("visits").eq("7")).exists(&engine).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn eq(self, value: impl JsonOperand<T>) -> Expr<bool> {
        self.what(JsonOp::Equals(value.literal()))
    }

    /// Is missing or not equal, by JSON type and value.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(select(Config::id).filter(Config::extra.at("visits").ne(7)).all(&engine).await?, [2]); // There is none.
    /// # Ok(())
    /// # }
    /// ```
    pub fn ne(self, value: impl JsonOperand<T>) -> Expr<bool> {
        self.what(JsonOp::Differs(value.literal()))
    }

    /// Is equal to one of the values, by JSON type and value. Nothing is equal to one of none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(select(Config::id).filter(Config::extra.at("visits").is_in([6, 7])).all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_in<V: JsonOperand<T>>(self, values: impl IntoIterator<Item = V>) -> Expr<bool> {
        let equals = |value: V| self.node(JsonOp::Equals(value.literal()));
        Expr::new(sql::Expr::Any(values.into_iter().map(equals).collect()))
    }

    /// There is a value, be it JSON's null.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(Config::select().filter(Config::extra.at("beta").exists()).count(&engine).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn exists(self) -> Expr<bool> {
        Expr::new(sql::Expr::unary(UnaryOp::IsNotNull, self.node(JsonOp::Value)))
    }

    /// There is no value, be it because the column itself is NULL.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(select(Config::id).filter(Config::extra.at("visits").is_null()).all(&engine).await?, [2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_null(self) -> Expr<bool> {
        Expr::new(sql::Expr::unary(UnaryOp::IsNull, self.node(JsonOp::Value)))
    }

    /// There is a document, and no value at this path in it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(select(Config::id).filter(Config::extra.at("note").is_missing()).all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_missing(self) -> Expr<bool> {
        let there_is_none = sql::Expr::unary(UnaryOp::IsNull, self.node(JsonOp::Value));
        let document = sql::Expr::unary(UnaryOp::IsNotNull, self.document);
        Expr::new(sql::Expr::All(vec![document, there_is_none]))
    }

    /// The value is JSON's null. Unknown where it is missing.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(select(Config::id).filter(Config::extra.at("beta").is_json_null()).all(&engine).await?, [2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_json_null(self) -> Expr<bool> {
        self.what(JsonOp::Equals(sql::JsonLiteral::Null))
    }

    /// A step further, to something of this type.
    pub(super) fn step<F>(mut self, step: JsonStep) -> JsonPath<M, F> {
        self.steps.push(step);
        self.of_type()
    }

    /// The same path, where the value is of this type.
    pub(super) fn of_type<F>(self) -> JsonPath<M, F> {
        JsonPath { document: self.document, steps: self.steps, of: PhantomData }
    }

    /// Something about the value, as an expression.
    pub(super) fn what<E>(self, op: JsonOp) -> Expr<E> {
        Expr::new(JsonExpr::expr(self.document, self.steps, op))
    }

    /// The document and the steps.
    pub(super) fn into_parts(self) -> (sql::Expr, Vec<JsonStep>) {
        (self.document, self.steps)
    }

    pub(super) fn node(&self, op: JsonOp) -> sql::Expr {
        JsonExpr::expr(self.document.clone(), self.steps.clone(), op)
    }
}

impl<M, T> Clone for JsonPath<M, T> {
    fn clone(&self) -> JsonPath<M, T> {
        JsonPath { document: self.document.clone(), steps: self.steps.clone(), of: PhantomData }
    }
}

/// Shows no key.
impl<M, T> fmt::Debug for JsonPath<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonPath").field("document", &self.document).field("steps", &self.steps).finish()
    }
}

macro_rules! keys {
    ($($key:ty),*) => {$(
        impl From<$key> for JsonStep {
            fn from(key: $key) -> JsonStep {
                JsonStep::Key(key.into())
            }
        }
    )*};
}

keys!(&str, String, &String, std::borrow::Cow<'_, str>, char);

macro_rules! places {
    ($($place:ty),*) => {$(
        impl From<$place> for JsonStep {
            /// No document has an array with more elements than 31 bits count.
            #[allow(unused_comparisons)]
            fn from(place: $place) -> JsonStep {
                JsonStep::Index(i32::try_from(place).unwrap_or(if place < 0 { -i32::MAX } else { i32::MAX }))
            }
        }
    )*};
}

places!(i32, i64, u32, u64, usize);

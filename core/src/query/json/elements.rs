//! [`JsonEach`].

use std::fmt;
use std::marker::PhantomData;

use serde_json::Value as Tree;

use super::{JsonArray, JsonPath};
use crate::query::expr::{Condition, Expr};
use crate::query::select::{JoinOn, JoinTarget};
use crate::sealed::Sealed;
use crate::sql::{self, ElementPart, ElementRef, Join, JoinKind, JsonElements, Source};

/// The elements of the arrays at a path in the documents, one row each: what [`JsonPath::each`] makes. It is joined like a
/// table, by a plain `join` with every element of its row's own array.
///
/// ```
/// use creole::JsonValue;
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "articles")]
/// struct Article {
///     #[model(primary_key)]
///     id: i64,
///     data: JsonValue,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Article]).await?;
/// # insert(&Article { id: 1, data: json!({"tags": ["sql", "rust"]}) }).exec(&engine).await?;
/// # insert(&Article { id: 2, data: json!({"tags": ["rust"]}) }).exec(&engine).await?;
/// let tag = Article::data.at("tags").each("tag");
/// let name = || tag.value().as_str();
/// let used = select((name(), count_rows())).from(table::<Article>()).join(&tag).group_by(name()).order_by(name());
/// assert_eq!(used.all(&engine).await?, [(Some("rust".to_owned()), 2), (Some("sql".to_owned()), 1)]);
/// # Ok(())
/// # }
/// ```
pub struct JsonEach<T = Tree> {
    elements: JsonElements,
    of: PhantomData<fn() -> T>,
}

impl<T> Sealed for &JsonEach<T> {}

impl<M, T: JsonArray> JsonPath<M, T> {
    /// The elements of the array at this path, as rows under a name, to be joined. What is no array has none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let tag = Config::settings.field(Settings::tags).each("tag");
    /// let tags = select(tag.value().as_str()).from(creole::query::table::<Config>()).join(&tag).order_by(tag.index());
    /// assert_eq!(tags.all(&engine).await?, [Some("rust".to_owned()), Some("sql".to_owned())]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn each(self, name: &'static str) -> JsonEach<T::Element> {
        let (document, path) = self.into_parts();
        JsonEach { elements: JsonElements { name, document, path }, of: PhantomData }
    }
}

impl<T> JsonEach<T> {
    /// The element, into which a path can lead on.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let panel = Config::settings.field(Settings::panels).each("panel");
    /// let wide = select(Config::id).join(&panel).filter(panel.value().field(Panel::width).as_i64().gt(250));
    /// assert_eq!(wide.all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn value(&self) -> JsonPath<(), T> {
        JsonPath::root(self.part(ElementPart::Value)).of_type()
    }

    /// Its index in the array, from 0.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let tag = Config::settings.field(Settings::tags).each("tag");
    /// let second = select(Config::id).join(&tag).filter(tag.index().eq(1).and(tag.value().eq("sql")));
    /// assert_eq!(second.all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn index(&self) -> Expr<i64> {
        Expr::new(self.part(ElementPart::Index))
    }

    /// Joined where this holds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let tag = Config::settings.field(Settings::tags).each("tag");
    /// let with_rust = select((Config::id, tag.index().optional())).left_join(tag.on(tag.value().eq("rust")));
    /// assert_eq!(with_rust.order_by(Config::id).all(&engine).await?, [(1, Some(0)), (2, None)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn on(&self, condition: impl Condition) -> JoinOn {
        JoinOn { source: self.source(), on: Some(condition.condition()) }
    }

    fn source(&self) -> Source {
        Source::Elements(Box::new(self.elements.clone()))
    }

    fn part(&self, part: ElementPart) -> sql::Expr {
        sql::Expr::Element(ElementRef { source: self.elements.name, part })
    }
}

#[diagnostic::do_not_recommend]
impl<T> JoinTarget for &JsonEach<T> {
    fn join(self, select: &mut sql::Select, kind: JoinKind) {
        select.add_join(Join::new(kind, self.source(), None));
    }
}

impl<T> Clone for JsonEach<T> {
    fn clone(&self) -> JsonEach<T> {
        JsonEach { elements: self.elements.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for JsonEach<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonEach").field(&self.elements).finish()
    }
}

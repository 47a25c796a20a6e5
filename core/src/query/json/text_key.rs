//! [`JsonTextKey`]: what an index over the texts at a path is made of.

use super::JsonPath;
use crate::query::expr::IndexTerm;
use crate::sealed::Sealed;
use crate::sql::{self, Direction, JsonExpr, JsonOp, JsonStep, OrderTerm};

/// What an index over the texts at a path is made of, from [`JsonPath::text_key`]. It can only be indexed: each
/// database has another form of it. Its `Debug` shows no key.
///
/// ```
/// use creole::JsonValue;
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "configs", index(name = "by_theme", expr = Config::settings.at("theme").text_key()))]
/// struct Config {
///     #[model(primary_key)]
///     id: i64,
///     settings: JsonValue,
/// }
///
/// assert!(Config::table().ddl(&Sqlite)?.contains("by_theme"));
/// # Ok::<(), creole::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct JsonTextKey {
    document: sql::Expr,
    steps: Vec<JsonStep>,
}

impl Sealed for JsonTextKey {}

impl<M, T> JsonPath<M, T> {
    /// What `json_index(settings.theme: String)` of a model makes an index of, for `index(…)` with other parts beside it. A filter
    /// by [`eq`](JsonPath::eq) with a text finds it by itself.
    ///
    /// ```
    /// use creole::JsonValue;
    /// use creole::prelude::*;
    ///
    /// #[derive(Model)]
    /// #[model(table = "articles", index(name = "by_author", expr = Article::data.path(["author", "name"]).text_key()))]
    /// struct Article {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     data: JsonValue,
    /// }
    ///
    /// assert_eq!(Article::table().indexes[0].name(Article::table()), "by_author");
    /// ```
    pub fn text_key(self) -> JsonTextKey {
        let (document, steps) = self.into_parts();
        JsonTextKey { document, steps }
    }
}

#[diagnostic::do_not_recommend]
impl IndexTerm for JsonTextKey {
    fn term(self) -> OrderTerm {
        let expr = JsonExpr::expr(self.document, self.steps, JsonOp::TextKey);
        OrderTerm::new(expr, Direction::Ascending)
    }
}

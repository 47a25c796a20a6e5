//! What is in a value inside a document.

use std::collections::BTreeSet;

use super::JsonPath;
use crate::query::expr::Expr;
use crate::sql::{self, JsonOp, JsonPart};
use crate::types::Json;

impl<M, T> JsonPath<M, T> {
    /// The other document is part of the value, as PostgreSQL's `@>` has it: an object holds another one where each of its
    /// keys is there with a value that holds the other's; an array holds another one where each element is equal to, or
    /// held by, some element of it, in any order and however often; an array also holds a single string, number, bool or
    /// null. Else only what is equal is held. Unknown where the value is missing.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let pro = Config::extra.contains(json!({"plan": {"name": "pro"}}));
    /// assert_eq!(select(Config::id).filter(pro).all(&engine).await?, [1]);
    /// assert_eq!(Config::select().filter(Config::settings.at("tags").contains(json!(["sql"]))).count(&engine).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn contains(self, part: impl Into<serde_json::Value>) -> Expr<bool> {
        self.what(JsonOp::Contains(JsonPart(Box::new(part.into()))))
    }

    /// The value is an object with this key.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(select(Config::id).filter(Config::extra.at("plan").has_key("price")).all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn has_key(self, key: impl Into<String>) -> Expr<bool> {
        self.at(key.into()).exists()
    }

    /// The value is an object with one of these keys.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(Config::select().filter(Config::extra.has_any_key(["plan", "note"])).count(&engine).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn has_any_key<K: Into<String>>(self, keys: impl IntoIterator<Item = K>) -> Expr<bool> {
        Expr::new(sql::Expr::Any(self.each_key(keys)))
    }

    /// The value is an object with all of these keys.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(select(Config::id).filter(Config::extra.has_all_keys(["beta", "note"])).all(&engine).await?, [2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn has_all_keys<K: Into<String>>(self, keys: impl IntoIterator<Item = K>) -> Expr<bool> {
        Expr::new(sql::Expr::All(self.each_key(keys)))
    }

    /// How many elements the array has; NULL for what is no array.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let lengths = select(Config::settings.at("tags").array_len()).order_by(Config::id).all(&engine).await?;
    /// assert_eq!(lengths, [Some(2), Some(0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn array_len(self) -> Expr<Option<i64>> {
        self.what(JsonOp::Length)
    }

    /// The keys of the object; NULL for what is none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let keys = select(Config::extra.at("plan").object_keys()).filter(Config::id.eq(1)).one(&engine).await?;
    /// assert!(keys.is_some_and(|keys| keys.iter().eq(["name", "price"])));
    /// # Ok(())
    /// # }
    /// ```
    pub fn object_keys(self) -> Expr<Option<Json<BTreeSet<String>>>> {
        self.what(JsonOp::Keys)
    }

    fn each_key<K: Into<String>>(self, keys: impl IntoIterator<Item = K>) -> Vec<sql::Expr> {
        keys.into_iter().map(|key| self.clone().has_key(key).into_node()).collect()
    }
}

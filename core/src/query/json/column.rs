//! The beginning of a path: a column, or an expression, that holds documents.

use std::collections::BTreeSet;

use super::{JsonPath, JsonType};
use crate::model::{Column, Model};
use crate::query::expr::{Expr, Expression};
use crate::sql::JsonStep;
use crate::types::{Document, Json, SqlType};

macro_rules! beginnings {
    ($(impl<$($parameter:ident: $bound:ident),+> $start:ty => $model:ty;)*) => {$(
        /// Looking into documents.
        impl<$($parameter: $bound),+> $start
        where
            T::Base: Document,
        {
            /// A path into the documents: to the value of a key, `at("theme")`, or to the element of an array, `at(0)`. See
            /// [`JsonPath`].
            ///
            /// ```
            /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> creole::Result<()> {
            /// # let engine = documents().await?;
            /// let ids = select(Config::id).filter(Config::extra.at("plan").at("name").eq("pro")).all(&engine).await?;
            /// assert_eq!(ids, [1]);
            /// # Ok(())
            /// # }
            /// ```
            pub fn at(self, step: impl Into<JsonStep>) -> JsonPath<$model> {
                JsonPath::root(self.node()).at(step)
            }

            /// A path into the documents, several steps deep: `path(["a", "b"])`. Without any step it is the whole document.
            ///
            /// ```
            /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> creole::Result<()> {
            /// # let engine = documents().await?;
            /// let ids = select(Config::id).filter(Config::extra.path(["plan", "name"]).eq("pro")).all(&engine).await?;
            /// assert_eq!(ids, [1]);
            /// # Ok(())
            /// # }
            /// ```
            pub fn path<S: Into<JsonStep>>(self, steps: impl IntoIterator<Item = S>) -> JsonPath<$model> {
                JsonPath::root(self.node()).path(steps)
            }

            /// See [`JsonPath::contains`].
            pub fn contains(self, part: impl Into<serde_json::Value>) -> Expr<bool> {
                self.whole().contains(part)
            }

            /// See [`JsonPath::has_key`].
            pub fn has_key(self, key: impl Into<String>) -> Expr<bool> {
                self.whole().has_key(key)
            }

            /// See [`JsonPath::has_any_key`].
            pub fn has_any_key<K: Into<String>>(self, keys: impl IntoIterator<Item = K>) -> Expr<bool> {
                self.whole().has_any_key(keys)
            }

            /// See [`JsonPath::has_all_keys`].
            pub fn has_all_keys<K: Into<String>>(self, keys: impl IntoIterator<Item = K>) -> Expr<bool> {
                self.whole().has_all_keys(keys)
            }

            /// See [`JsonPath::array_len`].
            pub fn array_len(self) -> Expr<Option<i64>> {
                self.whole().array_len()
            }

            /// See [`JsonPath::object_keys`].
            pub fn object_keys(self) -> Expr<Option<Json<BTreeSet<String>>>> {
                self.whole().object_keys()
            }

            /// See [`JsonPath::json_type`].
            pub fn json_type(self) -> Expr<Option<JsonType>> {
                self.whole().json_type()
            }

            /// See [`JsonPath::is_json_null`].
            pub fn is_json_null(self) -> Expr<bool> {
                self.whole().is_json_null()
            }

            fn whole(self) -> JsonPath<$model> {
                JsonPath::root(self.node())
            }
        }
    )*};
}

beginnings! {
    impl<M: Model, T: SqlType> Column<M, T> => M;
    impl<T: SqlType> Expr<T> => ();
}

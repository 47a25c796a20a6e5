//! What a value inside a document is in SQL's types.

use super::{JsonPath, JsonType};
use crate::query::expr::Expr;
use crate::sql::JsonOp;
use crate::types::Json;

impl<M, T> JsonPath<M, T> {
    /// The text of a string; NULL for what is none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let notes = select(Config::extra.at("note").as_str()).order_by(Config::id).all(&engine).await?;
    /// assert_eq!(notes, [None, Some("hello".to_owned())]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_str(self) -> Expr<Option<String>> {
        self.what(JsonOp::Text)
    }

    /// A whole number, however it is written: that of `1.0` is 1. NULL for what is none or beyond 64 bits with a sign.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// assert_eq!(select(Config::id).filter(Config::extra.at("visits").as_i64().gt(5)).all(&engine).await?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_i64(self) -> Expr<Option<i64>> {
        self.what(JsonOp::Integer)
    }

    /// The float that is nearest to a number; NULL for what is none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let scales = select(Config::settings.at("scale").as_f64()).order_by(Config::id).all(&engine).await?;
    /// assert_eq!(scales, [Some(1.5), Some(1.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_f64(self) -> Expr<Option<f64>> {
        self.what(JsonOp::Float)
    }

    /// A number as a `decimal(28, 10)` holds it, exactly. NULL for what is no number, and for numbers with more than 18
    /// digits before the point or 10 after it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let price = select(Config::extra.path(["plan", "price"]).as_decimal()).filter(Config::id.eq(1));
    /// assert_eq!(price.one(&engine).await?, Some(dec!(9.5)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_decimal(self) -> Expr<Option<rust_decimal::Decimal>> {
        self.what(JsonOp::Decimal)
    }

    /// True or false; NULL for what is neither.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let beta = select(Config::extra.at("beta").as_bool()).order_by(Config::id).all(&engine).await?;
    /// assert_eq!(beta, [Some(true), None]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_bool(self) -> Expr<Option<bool>> {
        self.what(JsonOp::Bool)
    }

    /// The part of the document, as a document.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let plan = select(Config::extra.at("plan").as_json()).filter(Config::id.eq(1)).one(&engine).await?;
    /// assert_eq!(plan, Some(json!({"name": "pro", "price": 9.5})));
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_json(self) -> Expr<Option<serde_json::Value>> {
        self.what(JsonOp::Value)
    }

    /// The part of the document, read as a type that serde knows. What is of another shape is an error of kind
    /// [`Decode`](crate::ErrorKind::Decode) when it is read, with the path inside the part.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let panels = Config::settings.at("panels").as_type::<Vec<Panel>>();
    /// let panels = select(panels).filter(Config::id.eq(1)).one(&engine).await?;
    /// assert_eq!(panels.map(|panels| panels[0].width), Some(300));
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_type<V>(self) -> Expr<Option<Json<V>>> {
        self.what(JsonOp::Value)
    }

    /// Which of JSON's types the value has; NULL where it is missing.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = documents().await?;
    /// let kinds = select(Config::extra.at("visits").json_type()).order_by(Config::id).all(&engine).await?;
    /// assert_eq!(kinds, [Some(JsonType::Number), None]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn json_type(self) -> Expr<Option<JsonType>> {
        self.what(JsonOp::Type)
    }
}

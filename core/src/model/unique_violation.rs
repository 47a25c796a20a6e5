//! Errors about a model's unique keys.

use super::{Column, Model};
use crate::error::{Error, ErrorKind};

impl Error {
    /// Whether a unique key that holds `column` was violated.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let again = User { email: "ada@example.com".into(), ..Default::default() };
    /// let error = insert(&again).exec(&engine).await.unwrap_err();
    /// assert!(error.is_unique(User::email) && !error.is_unique(User::id));
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_unique<M: Model, T>(&self, column: Column<M, T>) -> bool {
        self.kind() == ErrorKind::UniqueViolation
            && self.table() == Some(M::table().name)
            && column.definition().is_some_and(|definition| self.columns().any(|name| name == definition.name))
    }
}

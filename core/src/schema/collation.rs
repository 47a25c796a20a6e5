//! [`Collation`].

/// By what rule the texts of a column are compared: for equality, for keys and for order alike.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// use creole::prelude::*;
/// use creole::schema::Collation;
///
/// #[derive(Model)]
/// #[model(table = "tags")]
/// struct Tag {
///     #[model(primary_key, length = 50, collation = case_insensitive)]
///     name: String,
/// }
///
/// assert_eq!(Tag::table().columns[0].collation, Collation::CaseInsensitive);
/// let engine = Engine::connect("sqlite::memory:").await?;
/// engine.create_all(tables![Tag]).await?;
/// insert(&Tag { name: "Rust".into() }).exec(&engine).await?;
/// assert!(Tag::find("rust", &engine).await?.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Collation {
    /// By code point: texts are equal where every character is, and the space at the end counts. The same on every
    /// backend.
    #[default]
    Binary,
    /// Upper and lower case are the same, accents are not. The pairs of letters that Unicode folds one to one are equal on
    /// every backend, and printable ASCII sorts alike; the order of what is not ASCII is the database's own.
    CaseInsensitive,
    /// A collation of the database by its own name, which means there what it means. Not portable.
    Named(&'static str),
}

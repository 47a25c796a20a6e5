//! [`Column`].

use std::fmt;
use std::marker::PhantomData;

use super::{Model, RefersTo};
use crate::schema::ColumnDef;
use crate::sealed::Sealed;
use crate::sql::{ColumnRef, TableRef};
use crate::types::SqlType;

/// A column of the model `M` that holds `T`. The derive makes one constant per field: `User::email`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let adults = User::select().filter(User::age.ge(40)).all(&engine).await?;
/// assert_eq!(adults[0].name, "Bob");
///
/// // A column as a value: the function does not know the model.
/// async fn oldest<M: Model>(age: Column<M, Option<i32>>, db: impl Executor) -> creole::Result<Option<i32>> {
///     select(creole::query::max(age)).one(db).await
/// }
/// assert_eq!(oldest(User::age, &engine).await?, Some(41));
/// # Ok(())
/// # }
/// ```
pub struct Column<M, T> {
    index: u16,
    of: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Sealed for Column<M, T> {}

impl<M, T> Column<M, T> {
    /// The column at an index of the model's table. The derive writes calls to it.
    pub const fn new(index: u16) -> Column<M, T> {
        Column { index, of: PhantomData }
    }

    /// The column's index in its table.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!((User::id.index(), User::name.index()), (0, 2));
    /// # Ok(())
    /// # }
    /// ```
    pub const fn index(self) -> u16 {
        self.index
    }

    /// The column's index, for a foreign key of type `F` that refers to it. The derive writes calls to it.
    pub const fn referred_by<F: SqlType>(self) -> u16
    where
        T: SqlType,
        F::Base: RefersTo<T::Base>,
    {
        self.index
    }
}

impl<M: Model, T> Column<M, T> {
    /// The column as the model describes it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let email = User::email.definition().expect("the model has it");
    /// assert_eq!((email.name, email.nullable), ("email", false));
    /// # Ok(())
    /// # }
    /// ```
    pub fn definition(self) -> Option<&'static ColumnDef> {
        M::table().column(self.index)
    }

    /// The column in the untyped tree.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(User::email.column_ref().index, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn column_ref(self) -> ColumnRef {
        ColumnRef { table: TableRef::new(M::table()), index: self.index }
    }
}

impl<M, T> Clone for Column<M, T> {
    fn clone(&self) -> Column<M, T> {
        *self
    }
}

impl<M, T> Copy for Column<M, T> {}

impl<M, T> fmt::Debug for Column<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Column({})", self.index)
    }
}

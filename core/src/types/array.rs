//! Arrays: `Vec` of what a column can hold, where the database has them.
//!
//! `Vec<u8>` is bytes and no array: `u8` is the one integer that is no [`Element`].

use std::fmt;
use std::marker::PhantomData;

use rust_decimal::Decimal;
use uuid::Uuid;

use super::sql_type::mismatch;
use super::{BindSource, ColumnType, Json, Newtype, SqlType, SqlValue, Value, ValueRef};
use crate::error::Result;

/// What an array can be made of: a column type, or an `Option` of one where elements may be NULL.
///
/// A program's own type may be an element if it implements this trait, which has no methods.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "posts")]
/// struct Post {
///     #[model(primary_key)]
///     id: i64,
///     tags: Vec<String>,
///     scores: Vec<Option<i32>>,
/// }
///
/// // PostgreSQL has arrays. SQLite has none, and says what to write instead: `Json<Vec<String>>`.
/// let engine = Engine::connect("sqlite::memory:").await?;
/// let error = engine.create_all(tables![Post]).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Unsupported);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "a column can't hold an array of `{Self}`",
    label = "no element of an array",
    note = "arrays hold bool, integers but `u8` and `u64`, floats, String, Decimal, Uuid, dates and times, and `Option` of each; all else goes into a `Json<Vec<…>>`"
)]
pub trait Element: SqlType {}

impl<B: SqlValue + Element> Element for Option<B> {}

impl<T> Element for Json<T> where Json<T>: SqlValue {}

#[diagnostic::do_not_recommend]
impl<T: Newtype> Element for T where T::Inner: Element {}

macro_rules! elements {
    ($($ty:ty),* $(,)?) => {$(
        impl Element for $ty {}
    )*};
}

elements!(bool, i8, i16, i32, i64, u16, u32, f32, f64, String, Decimal, Uuid, serde_json::Value);
#[cfg(feature = "chrono")]
elements!(chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>);
#[cfg(feature = "time")]
elements!(time::Date, time::Time, time::PrimitiveDateTime, time::UtcDateTime, time::OffsetDateTime);

/// An array on its way across the seam.
///
/// ```
/// use creole::types::{ArrayRef, ValueRef};
///
/// let numbers = vec![1, 2, 3];
/// let mut sum = 0;
/// ArrayRef::Elements(&numbers).each(&mut |element| {
///     if let ValueRef::I64(number) = element {
///         sum += number;
///     }
///     Ok(())
/// })?;
/// assert_eq!(sum, 6);
/// # Ok::<(), creole::Error>(())
/// ```
#[derive(Clone, Copy)]
pub enum ArrayRef<'a> {
    /// As the program has it.
    Elements(&'a dyn Elements),
    /// One column of `rows` rows.
    Column {
        /// Where the values are.
        source: &'a dyn BindSource,
        /// Which column, by its index in the table.
        column: u16,
        /// How many rows.
        rows: usize,
    },
    /// As the driver has it: bytes, and how they are read.
    Encoded {
        /// The whole array.
        bytes: &'a [u8],
        /// Hands each element to the visitor.
        read: fn(&[u8], Visitor<'_>) -> Result<()>,
    },
}

/// Takes the elements of an array, one after the other.
pub type Visitor<'v> = &'v mut dyn FnMut(ValueRef<'_>) -> Result<()>;

/// The elements of an array, as a program has them.
pub trait Elements: Send + Sync {
    /// Hands each element to the visitor.
    ///
    /// # Errors
    /// The first error of the visitor.
    fn each(&self, visitor: Visitor<'_>) -> Result<()>;
}

impl ArrayRef<'_> {
    /// Hands each element to the visitor.
    ///
    /// ```
    /// use creole::types::{ArrayRef, Value, ValueRef};
    ///
    /// let names = vec!["Ada".to_owned(), "Bob".to_owned()];
    /// let mut values: Vec<Value> = Vec::new();
    /// ArrayRef::Elements(&names).each(&mut |name| {
    ///     values.push(name.to_owned());
    ///     Ok(())
    /// })?;
    /// assert_eq!(values[1].as_ref(), ValueRef::Text("Bob"));
    /// # Ok::<(), creole::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first error of the visitor; [`Decode`](crate::ErrorKind::Decode) if the driver's bytes are no array of one
    /// dimension.
    pub fn each(self, visitor: Visitor<'_>) -> Result<()> {
        match self {
            ArrayRef::Elements(elements) => elements.each(&mut |element| visitor(element.kept())),
            ArrayRef::Column { source, column, rows } => {
                (0..rows).try_for_each(|row| visitor(source.value(row, column).kept()))
            }
            ArrayRef::Encoded { bytes, read } => read(bytes, visitor),
        }
    }

    /// The elements, each owning what it holds; `None` if the driver's bytes are no array.
    pub(super) fn values(self) -> Option<Vec<Value>> {
        let mut values = Vec::new();
        let mut keep = |value: ValueRef<'_>| {
            values.push(value.to_owned());
            Ok(())
        };
        self.each(&mut keep).ok()?;
        Some(values)
    }
}

impl<T: Element> Elements for Vec<T> {
    fn each(&self, visitor: Visitor<'_>) -> Result<()> {
        self.iter().try_for_each(|element| visitor(element.bind()))
    }
}

impl Elements for Vec<Value> {
    fn each(&self, visitor: Visitor<'_>) -> Result<()> {
        self.iter().try_for_each(|element| visitor(element.as_ref()))
    }
}

/// An array of one dimension, where the database has arrays; elsewhere [`Unsupported`](crate::ErrorKind::Unsupported), with
/// `Json<Vec<…>>` as the way out.
impl<T: Element> SqlValue for Vec<T> {
    const TYPE: ColumnType = ColumnType::Array(ElementType::<T>::TYPE);

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Array(ArrayRef::Elements(self))
    }

    fn from_value(value: ValueRef<'_>) -> Result<Vec<T>> {
        let ValueRef::Array(array) = value else { return Err(mismatch::<Vec<T>>(value)) };
        let mut elements = Vec::new();
        let mut read = |element: ValueRef<'_>| {
            elements.push(match element {
                // What is read is never of this kind: types know only the text that comes of it.
                ValueRef::Display(text) => T::from_value(ValueRef::Text(&text.to_string()))?,
                element => T::from_value(element)?,
            });
            Ok(())
        };
        array.each(&mut read)?;
        Ok(elements)
    }
}

/// The type of an element, as a static.
struct ElementType<T>(PhantomData<T>);

impl<T: SqlType> ElementType<T> {
    const TYPE: &'static ColumnType = &T::TYPE;
}

impl fmt::Debug for ArrayRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ArrayRef::Elements(_) => "Elements",
            ArrayRef::Column { .. } => "Column",
            ArrayRef::Encoded { .. } => "Encoded",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vec_of_bytes_is_no_array_and_all_others_are() {
        assert_eq!(<Vec<u8> as SqlValue>::TYPE, ColumnType::BYTES);
        assert_eq!(<Vec<i32> as SqlValue>::TYPE, ColumnType::Array(&ColumnType::I32));
        assert_eq!(<Vec<Option<String>> as SqlValue>::TYPE, ColumnType::Array(&ColumnType::TEXT));
    }

    #[test]
    fn elements_come_back_in_their_order_and_null_only_where_it_may() {
        let some = vec![Some(1), None, Some(-3)];
        assert_eq!(<Vec<Option<i32>> as SqlValue>::from_value(SqlValue::bind(&some)).unwrap(), some);
        assert!(<Vec<i32> as SqlValue>::from_value(SqlValue::bind(&some)).is_err());
        let owned = SqlValue::bind(&some).to_owned();
        assert_eq!(owned.as_ref(), SqlValue::bind(&some));
        assert_ne!(owned.as_ref(), SqlValue::bind(&vec![Some(1)]));
    }
}

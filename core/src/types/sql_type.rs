//! The traits that teach creole a Rust type.

use super::{ColumnType, RowReader, ValueRef};
use crate::error::{Error, Result};
use crate::sealed::Sealed;

/// A Rust type that a column can hold, without NULL. `Option` of it is the same column with NULL allowed.
///
/// An enum without fields derives it ([`DbEnum`](https://docs.rs/creole/latest/creole/derive.DbEnum.html)), so does a struct
/// around one column type ([`DbType`](https://docs.rs/creole/latest/creole/derive.DbType.html)), and whatever serde reads and
/// writes goes into a [`Json`](super::Json). For all others there are three things to say: what kind of column, how the value
/// becomes one of the values that databases know, and how it comes back.
///
/// A type that is kept as text, which its `Display` makes:
///
/// ```
/// use std::net::IpAddr;
///
/// use creole_core::types::{ColumnType, SqlValue, ValueRef};
/// use creole_core::{Error, Result};
///
/// /// The address of a host.
/// #[derive(Debug, Clone, PartialEq)]
/// struct Host(IpAddr);
///
/// impl SqlValue for Host {
///     /// At most 45 characters, so that the column can be a key on every database.
///     const TYPE: ColumnType = ColumnType::TEXT.with_length(45);
///
///     fn bind(&self) -> ValueRef<'_> {
///         ValueRef::Display(&self.0)
///     }
///
///     fn from_value(value: ValueRef<'_>) -> Result<Host> {
///         match value {
///             // The message says what was found, and never shows it.
///             ValueRef::Text(text) => text.parse().map(Host).map_err(|_| Error::decode("Host", "text that is no address")),
///             other => Err(Error::decode("Host", other.kind())),
///         }
///     }
/// }
///
/// let home = Host("127.0.0.1".parse().unwrap());
/// assert_eq!(home.bind(), ValueRef::Text("127.0.0.1"));
/// assert_eq!(Host::from_value(home.bind().to_owned().as_ref())?, home);
/// assert!(Host::from_value(ValueRef::Text("localhost")).is_err());
/// # Ok::<(), Error>(())
/// ```
///
/// A type that is kept as an integer. Whole numbers of every size are read by the implementation for `i64`, which also knows
/// the databases that hand them out as something else:
///
/// ```
/// use std::time::Duration;
///
/// use creole_core::types::{ColumnType, SqlValue, ValueRef};
/// use creole_core::{Error, Result};
///
/// /// A time span, in whole seconds.
/// #[derive(Debug, Clone, PartialEq, Eq, Hash)]
/// struct Seconds(Duration);
///
/// impl SqlValue for Seconds {
///     const TYPE: ColumnType = ColumnType::I64;
///
///     fn bind(&self) -> ValueRef<'_> {
///         // What the column can't hold is refused when it is sent, with this reason.
///         i64::try_from(self.0.as_secs()).map_or(ValueRef::Invalid("the time span is too long"), ValueRef::I64)
///     }
///
///     fn from_value(value: ValueRef<'_>) -> Result<Seconds> {
///         let seconds = <i64 as SqlValue>::from_value(value)?;
///         let seconds = u64::try_from(seconds).map_err(|_| Error::decode("Seconds", "a negative number"))?;
///         Ok(Seconds(Duration::from_secs(seconds)))
///     }
/// }
///
/// let minute = Seconds(Duration::from_secs(60));
/// assert_eq!(minute.bind(), ValueRef::I64(60));
/// assert_eq!(Seconds::from_value(minute.bind())?, minute);
/// # Ok::<(), Error>(())
/// ```
///
/// That is all: such a type can be a field of a model, stand in filters and assignments, and be a key where it is also `Eq`
/// and `Hash`. Databases compare and sort what is kept, so a text sorts as text and not as the type would.
///
/// What else it can, it says by empty implementations: [`Ordered`](super::Ordered) for `min` and `max`,
/// [`Text`](super::Text) for `like`, [`Element`](super::Element) for arrays.
///
/// - `bind` is called several times for one value and must always return the same.
/// - `from_value` gets a value of the kind that `TYPE` names, or whatever the database has where the column is of another
///   type. It gets NULL only where the field is no `Option`.
/// - Errors name no value: they end in logs. The table and the column are added to them on their way.
#[diagnostic::on_unimplemented(
    message = "a column can't hold `{Self}`",
    label = "not a column type",
    note = "columns hold bool, integers, floats, String, Vec<u8>, Decimal, Uuid, dates and times, serde_json::Value, and `Option` of each",
    note = "an enum takes #[derive(DbEnum)], a struct around one value #[derive(DbType)], and what serde knows goes into a `Json<…>`",
    note = "a field that is not a column takes #[model(skip)]"
)]
pub trait SqlValue: Clone + Send + Sync + 'static {
    /// The column type it has where the model says no more.
    const TYPE: ColumnType;

    /// The value as it is sent.
    fn bind(&self) -> ValueRef<'_>;

    /// The value read back.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if `value` is of another kind or out of range: nothing is converted silently.
    fn from_value(value: ValueRef<'_>) -> Result<Self>;
}

/// A [`SqlValue`] or an `Option` of one: what a field of a model can be.
///
/// ```
/// use creole::types::{SqlType, ValueRef};
///
/// assert_eq!(SqlType::bind(&None::<i64>), ValueRef::Null);
/// assert_eq!(<Option<i64> as SqlType>::from_value(ValueRef::I64(1))?, Some(1));
/// assert!(<i64 as SqlType>::from_value(ValueRef::Null).is_err());
/// # Ok::<(), creole::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a column can't hold `{Self}`",
    label = "not a column type",
    note = "columns hold bool, integers, floats, String, Vec<u8>, Decimal, Uuid, dates and times, serde_json::Value, and `Option` of each",
    note = "an enum takes #[derive(DbEnum)], a struct around one value #[derive(DbType)], and what serde knows goes into a `Json<…>`",
    note = "a field that is not a column takes #[model(skip)]"
)]
pub trait SqlType: Clone + Send + Sync + 'static {
    /// The type without NULL.
    type Base: SqlValue;
    /// Whether NULL is allowed.
    type Null: Nullability;
    /// The column type it has where the model says no more.
    const TYPE: ColumnType = <Self::Base as SqlValue>::TYPE;
    /// Whether NULL is allowed, as a value.
    const NULLABLE: bool = <Self::Null as Nullability>::NULLABLE;

    /// The value as it is sent; `None` is NULL.
    fn bind(&self) -> ValueRef<'_>;

    /// The value read back; NULL is `None`.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if `value` does not fit the type.
    fn from_value(value: ValueRef<'_>) -> Result<Self>;

    /// Writes the value read back over this one, which stays as it is where `value` does not fit.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if `value` does not fit the type.
    #[inline]
    fn assign(&mut self, value: ValueRef<'_>) -> Result<()> {
        *self = Self::from_value(value)?;
        Ok(())
    }

    /// Reads the next column of a row.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), naming the column, where the value does not fit the type.
    #[inline]
    fn decode(row: &mut RowReader<'_>) -> Result<Self> {
        row.read()
    }
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> SqlType for B {
    type Base = B;
    type Null = NotNull;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        SqlValue::bind(self)
    }

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<B> {
        SqlValue::from_value(value)
    }
}

#[diagnostic::do_not_recommend]
impl<B: SqlValue> SqlType for Option<B> {
    type Base = B;
    type Null = Nullable;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        self.as_ref().map_or(ValueRef::Null, SqlValue::bind)
    }

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Option<B>> {
        match value {
            ValueRef::Null => Ok(None),
            value => B::from_value(value).map(Some),
        }
    }
}

/// Whether an expression can be NULL, as a type: [`NotNull`] or [`Nullable`].
///
/// ```
/// use creole::types::{NotNull, Nullability, Nullable};
///
/// assert!(Nullable::NULLABLE && !NotNull::NULLABLE);
/// ```
pub trait Nullability: Sealed + Send + Sync + 'static {
    /// The same as a value.
    const NULLABLE: bool;
    /// `B`, or `Option<B>` where NULL is possible.
    type Sql<B: SqlValue>: SqlType<Base = B, Null = Self>;
    /// What a combination with an expression of nullability `N` can be, which is NULL where either is.
    type Or<N: Nullability>: Nullability;
    /// What a combination with an expression of nullability `N` can be, which is NULL only where both are.
    type And<N: Nullability>: Nullability;
}

/// Never NULL.
///
/// ```
/// use creole::types::{NotNull, SqlType};
///
/// fn is_never_null<T: SqlType<Null = NotNull>>() {}
///
/// is_never_null::<String>();
/// ```
#[derive(Debug, Clone, Copy)]
pub enum NotNull {}

impl Sealed for NotNull {}

/// Possibly NULL.
///
/// ```
/// use creole::types::{Nullable, SqlType};
///
/// fn may_be_null<T: SqlType<Null = Nullable>>() {}
///
/// may_be_null::<Option<String>>();
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Nullable {}

impl Sealed for Nullable {}

impl Nullability for NotNull {
    const NULLABLE: bool = false;
    type Sql<B: SqlValue> = B;
    type Or<N: Nullability> = N;
    type And<N: Nullability> = NotNull;
}

impl Nullability for Nullable {
    const NULLABLE: bool = true;
    type Sql<B: SqlValue> = Option<B>;
    type Or<N: Nullability> = Nullable;
    type And<N: Nullability> = N;
}

/// Says that a value of this nullability may be written where `Target` is allowed.
#[diagnostic::on_unimplemented(
    message = "this value may be NULL, but the column is NOT NULL",
    label = "may be NULL",
    note = "unwrap an `Option` first; of an expression that is never NULL here, such as a subquery's `value()`, `not_null()` says so"
)]
pub trait Fits<Target>: Sealed {}

impl Fits<NotNull> for NotNull {}
impl Fits<Nullable> for NotNull {}
impl Fits<Nullable> for Nullable {}

/// The error of a value that is of another kind than `T` is read from.
#[cold]
pub(super) fn mismatch<T: SqlValue>(value: ValueRef<'_>) -> Error {
    match T::TYPE {
        // How many digits a column has, the Rust type does not say.
        ColumnType::Decimal { .. } => Error::decode("decimal", value.kind()),
        ty => Error::decode(ty, value.kind()),
    }
}

/// The error of a value of the right kind that `T` has no room for.
#[cold]
pub(super) fn out_of_range<T: SqlValue>(kind: &str) -> Error {
    Error::decode_too_large(T::TYPE, format_args!("a value out of its range, of type {kind},"))
}

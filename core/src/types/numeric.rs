//! Which types can be computed with, added up and sorted.

use rust_decimal::Decimal;

use super::SqlValue;

/// Numbers that statements compute with: `+`, `-`, `*`, `/`. Integers are computed in 64 bits, decimals exactly.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let total = select(Order::price * 2 + 1).filter(Order::id.eq(1)).one(&engine).await?;
/// assert_eq!(total, 6001);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "statements don't compute with `{Self}`",
    label = "expected integers, `f64` or `Decimal`",
    note = "sums of `f32` would be rounded differently on each database: keep such a column as `f64`"
)]
pub trait Numeric: SqlValue {}

/// Exact numbers, whose division leaves a remainder: `%`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let rest = select(Order::price % 1000).filter(Order::id.eq(3)).one(&engine).await?;
/// assert_eq!(rest, Some(500));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(message = "`%` is for integers and `Decimal`, not for `{Self}`", label = "not exact")]
pub trait Exact: Numeric {}

/// Integers for bitwise operators: signed ones, since only these have the same bits on every database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// assert_eq!(select(Order::id.bit_and(2)).filter(Order::id.eq(3)).one(&engine).await?, 2);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not taken as bits",
    label = "expected an integer with a sign, such as `i64`"
)]
pub trait Bits: SqlValue {}

impl Bits for i16 {}
impl Bits for i32 {}
impl Bits for i64 {}

/// Numbers that can be summed over many rows.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{avg, sum};
///
/// let (sum, avg): (Option<i64>, Option<f64>) = select((sum(User::age), avg(User::age))).one(&engine).await?;
/// assert_eq!((sum, avg), (Some(77), Some(38.5)));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` can't be added up",
    label = "expected integers, floats or `Decimal`"
)]
pub trait Summable: SqlValue {
    /// What their sum is read as. A sum that does not fit it is an error.
    type Sum: SqlValue;
    /// What their average is read as: of decimals exactly, with six digits more after the point; else a float.
    type Avg: SqlValue;
}

/// Values that have an order: all but documents.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{max, min};
///
/// let (first, last) = select((min(Order::day), max(Order::day))).one(&engine).await?;
/// assert!(first < last);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(message = "values of type `{Self}` have no order", label = "can't be sorted")]
pub trait Ordered: SqlValue {}

macro_rules! integers {
    ($($number:ty => $sum:ty),*) => {$(
        impl Numeric for $number {}
        impl Exact for $number {}
        impl Ordered for $number {}

        impl Summable for $number {
            type Sum = $sum;
            type Avg = f64;
        }
    )*};
}

integers!(i8 => i64, i16 => i64, i32 => i64, i64 => i64, u8 => i64, u16 => i64, u32 => i64, u64 => u64);

impl Numeric for f64 {}
impl Numeric for Decimal {}
impl Exact for Decimal {}

impl Summable for f32 {
    type Sum = f64;
    type Avg = f64;
}

impl Summable for f64 {
    type Sum = f64;
    type Avg = f64;
}

impl Summable for Decimal {
    type Sum = Decimal;
    type Avg = Decimal;
}

macro_rules! ordered {
    ($($value:ty),*) => {$(
        impl Ordered for $value {}
    )*};
}

ordered!(bool, f32, f64, Decimal, String, Vec<u8>, uuid::Uuid);

#[cfg(feature = "chrono")]
ordered!(::chrono::NaiveDate, ::chrono::NaiveTime, ::chrono::NaiveDateTime, ::chrono::DateTime<::chrono::Utc>);

#[cfg(feature = "time")]
ordered!(::time::Date, ::time::Time, ::time::PrimitiveDateTime, ::time::UtcDateTime, ::time::OffsetDateTime);

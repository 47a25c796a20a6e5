//! Macros of the public API.

use rust_decimal::Decimal;

/// A list of models' tables, for `create_all` and its like: `tables![User, Order]`. It can be a constant of the program.
///
/// ```
/// use creole::prelude::*;
/// use creole::schema::Table;
///
/// #[derive(Model)]
/// #[model(table = "notes")]
/// struct Note {
///     #[model(primary_key)]
///     id: i64,
/// }
///
/// const TABLES: &[&Table] = tables![Note];
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// engine.create_all(TABLES).await?;
/// assert!(engine.check(TABLES).await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! tables {
    ($($model:ty),* $(,)?) => {
        &[$(<$model as $crate::model::Model>::TABLE),*]
    };
}

/// An exact decimal, read when the program is compiled: `dec!(9.99)`, `dec!(-1_000)`.
///
/// A number of more than 28 digits, or anything that is not a decimal number, does not compile.
///
/// ```
/// use creole::{Decimal, dec};
/// assert_eq!(dec!(9.99), Decimal::new(999, 2));
/// assert_eq!(dec!(-0.5).to_string(), "-0.5");
/// assert_eq!(dec!(10.00).to_string(), "10.00");
/// ```
#[macro_export]
macro_rules! dec {
    ($($number:tt)+) => {
        const { $crate::__decimal(stringify!($($number)+)) }
    };
}

/// Reads a decimal literal, for [`dec!`](crate::dec).
#[doc(hidden)]
#[allow(clippy::indexing_slicing, clippy::panic, reason = "runs in the compiler, where a panic is the error message")]
pub const fn decimal(text: &str) -> Decimal {
    let bytes = text.as_bytes();
    let mut mantissa: u128 = 0;
    let mut digits = 0;
    // Zeros in front of the first digit are none of a number's digits.
    let mut significant = 0;
    let mut scale = 0;
    let mut is_negative = false;
    let mut is_behind_the_point = false;
    let mut place = 0;
    while place < bytes.len() {
        match bytes[place] {
            b'-' if digits == 0 && !is_negative && !is_behind_the_point => is_negative = true,
            b' ' | b'_' => {}
            b'.' if !is_behind_the_point => is_behind_the_point = true,
            digit @ b'0'..=b'9' => {
                mantissa = mantissa * 10 + (digit - b'0') as u128;
                digits += 1;
                if mantissa > 0 {
                    significant += 1;
                }
                if is_behind_the_point {
                    scale += 1;
                }
                assert!(significant <= 28 && scale <= 28, "dec!: a decimal has at most 28 digits");
            }
            _ => panic!("dec!: expected a decimal number such as 9.99"),
        }
        place += 1;
    }
    assert!(digits > 0, "dec!: expected a decimal number such as 9.99");
    Decimal::from_parts(mantissa as u32, (mantissa >> 32) as u32, (mantissa >> 64) as u32, is_negative, scale)
}

/// Keeps what it is given where the feature `sqlite` is on: the features are creole's, not those of the crate that writes
/// `#[creole::test]`.
#[cfg(feature = "sqlite")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_sqlite { ($($item:tt)*) => { $($item)* } }

/// Drops what it is given: the feature is off.
#[cfg(not(feature = "sqlite"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_sqlite {
    ($($item:tt)*) => {};
}

/// As [`__if_sqlite`], for the feature `postgres`.
#[cfg(feature = "postgres")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_postgres { ($($item:tt)*) => { $($item)* } }

/// Drops what it is given: the feature is off.
#[cfg(not(feature = "postgres"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_postgres {
    ($($item:tt)*) => {};
}

/// As [`__if_sqlite`], for the feature `mysql`.
#[cfg(feature = "mysql")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_mysql { ($($item:tt)*) => { $($item)* } }

/// Drops what it is given: the feature is off.
#[cfg(not(feature = "mysql"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_mysql {
    ($($item:tt)*) => {};
}

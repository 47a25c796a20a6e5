//! [`Moment`] and [`DeletionMark`]: what columns that creole stamps by itself may hold.

use super::SqlType;

/// A type whose values are instants, as fine as columns keep them.
///
/// ```
/// use creole::prelude::*;
/// use creole::types::Moment;
///
/// let at: DateTime<Utc> = Moment::present();
/// assert!(at <= Utc::now());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no instant that a column can be stamped with",
    label = "expected an instant of chrono's, or of time's with the feature `time`"
)]
pub trait Moment: SqlType {
    /// The instant that it is now.
    fn present() -> Self;
}

/// A type whose values say whether a row is deleted, for a column with `#[model(soft_delete)]`: an instant that may be absent, or
/// a `bool`.
///
/// ```
/// use creole::prelude::*;
/// use creole::types::DeletionMark;
///
/// assert!(<Option<DateTime<Utc>>>::deleted_now().is_some());
/// assert!(bool::deleted_now());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether a row is deleted",
    label = "expected an `Option` of an instant, or `bool`",
    note = "a row is deleted where its column with `soft_delete` holds an instant, or `true`"
)]
pub trait DeletionMark: SqlType {
    /// The value of a row that is deleted now.
    fn deleted_now() -> Self;
}

impl DeletionMark for bool {
    fn deleted_now() -> bool {
        true
    }
}

impl<T: Moment> DeletionMark for Option<T>
where
    Option<T>: SqlType,
{
    fn deleted_now() -> Option<T> {
        Some(T::present())
    }
}

#[cfg(feature = "chrono")]
impl Moment for chrono::DateTime<chrono::Utc> {
    fn present() -> Self {
        super::now()
    }
}

#[cfg(feature = "time")]
impl Moment for time::OffsetDateTime {
    fn present() -> Self {
        let now = time::OffsetDateTime::now_utc();
        let cut = now.nanosecond() - now.nanosecond() % 1_000;
        now.replace_nanosecond(cut).unwrap_or(now)
    }
}

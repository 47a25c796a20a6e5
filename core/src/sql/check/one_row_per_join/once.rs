//! Whether rows of the program's own, after VALUES, have each value once.

use std::collections::HashSet;

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::sql::check::collation;
use crate::sql::expr::Expr;
use crate::sql::tree::Values;
use crate::types::ValueRef;

/// A part of a source, and what it is equal to.
pub(super) type Fixed<'f> = (&'f Expr, &'f Expr);

/// Whether no two of the program's rows have the same values in the columns that are fixed. Where that can't be told, they may.
pub(super) fn repeats_nothing(values: &Values, fixed: &[Fixed<'_>]) -> bool {
    let column = |&(expr, other): &Fixed<'_>| match expr {
        Expr::Derived(column) if column.source == values.name => {
            Some((usize::from(column.place?), !collation::is_other(other)))
        }
        _ => None,
    };
    let columns: Vec<(usize, bool)> = fixed.iter().filter_map(column).collect();
    let mut seen = HashSet::new();
    !columns.is_empty()
        && values.rows.iter().all(|row| {
            let parts = columns.iter().map(|&(place, by_code_point)| match row.get(place) {
                Some(Expr::Bind { value, .. }) if by_code_point => same(value.as_ref().kept()),
                _ => Same::Untold,
            });
            let parts: Vec<Same> = parts.collect();
            // NULL is equal to nothing.
            parts.contains(&Same::Never) || (!parts.contains(&Same::Untold) && seen.insert(parts))
        })
}

/// What of a value decides whether it is the same as another.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Same {
    Text(String),
    Bytes(Vec<u8>),
    Number(Decimal),
    /// A date, a time, a truth.
    Count(i128),
    Id(Uuid),
    /// It is the same as none.
    Never,
    /// Only the database knows.
    Untold,
}

fn same(value: ValueRef<'_>) -> Same {
    match value {
        ValueRef::Null => Same::Never,
        ValueRef::Bool(is_true) => Same::Count(is_true.into()),
        ValueRef::I64(number) => Same::Number(number.into()),
        ValueRef::U64(number) => Same::Number(number.into()),
        ValueRef::Decimal(number) => Same::Number(number.normalize()),
        ValueRef::Text(text) => Same::Text(text.to_owned()),
        ValueRef::Bytes(bytes) => Same::Bytes(bytes.to_owned()),
        ValueRef::Uuid(id) => Same::Id(id),
        ValueRef::Date(date) => Same::Count(date.0.into()),
        ValueRef::Time(time) => Same::Count(time.0.into()),
        ValueRef::DateTime(moment) | ValueRef::Instant(moment) => Same::Count(moment.0.into()),
        _ => Same::Untold,
    }
}

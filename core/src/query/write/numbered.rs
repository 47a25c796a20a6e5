//! Which of the rows that came back is which of those that were given, where the database made their numbers.
//!
//! A database numbers rows in the order in which they are given and may return them in any. Numbers that go up need no second
//! look. A sequence may also count down, or start again at its end: then the rows' values say which is whose.

use crate::error::{Error, ErrorKind, Result};
use crate::schema::Table;
use crate::sql::BindSource;
use crate::types::ValueRef;

/// For each row that was given, the position of the one that came back for it. `numbers` are those of the rows that came back,
/// in the order in which they came; `columns` are those whose values are stored as they were given.
///
/// # Errors
/// [`Unsupported`](ErrorKind::Unsupported) where the numbers do not go up and no order has the values that were given.
pub(crate) fn in_order_given(
    table: &'static Table,
    numbers: &[i128],
    given: &dyn BindSource,
    back: &dyn BindSource,
    columns: &[u16],
) -> Result<Vec<usize>> {
    let as_returned: Vec<usize> = (0..numbers.len()).collect();
    if go_up(numbers) {
        return Ok(as_returned);
    }
    let number = |position: &usize| numbers.get(*position).copied().unwrap_or_default();
    let mut upward = as_returned.clone();
    upward.sort_by_key(number);
    let mut downward = upward.clone();
    downward.reverse();
    // The order in which rows come is the one in which they were written, as far as any database is known.
    let is_right = |order: &Vec<usize>| {
        order.iter().enumerate().all(|(row, &position)| {
            columns.iter().all(|&column| may_be_same(given.value(row, column), back.value(position, column)))
        })
    };
    [as_returned, upward, downward].into_iter().find(is_right).ok_or_else(|| {
        let message = "the database numbers the rows in another order than upwards and stores other values than those that \
                       were given, so it is not known which number is whose: insert the rows one by one, or make their keys \
                       in the program";
        Error::new(ErrorKind::Unsupported, message).with_table(table.name)
    })
}

/// Whether each number is larger than the one before it.
pub(crate) fn go_up(numbers: &[i128]) -> bool {
    numbers.is_sorted_by(|before, after| before < after)
}

/// Whether a value that came back may be the one that was given. Databases write some kinds in a form of their own.
fn may_be_same(given: ValueRef<'_>, back: ValueRef<'_>) -> bool {
    match (given.kept(), back) {
        (ValueRef::F64(given), ValueRef::F64(back)) => given == back || (given.is_nan() && back.is_nan()),
        (ValueRef::Json(_) | ValueRef::Array(_) | ValueRef::Other { .. }, back) => !back.is_null(),
        (given, back) => given == back,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ColumnDef;
    use crate::types::ColumnType;

    static COLUMNS: [ColumnDef; 1] = [ColumnDef::new("data", ColumnType::TEXT)];
    static TABLE: Table = Table::new("back", &COLUMNS);

    struct Texts(&'static [&'static str]);

    impl BindSource for Texts {
        fn value(&self, row: usize, _: u16) -> ValueRef<'_> {
            self.0.get(row).map_or(ValueRef::Null, |text| ValueRef::Text(text))
        }
    }

    fn order(numbers: &[i128], back: &'static [&'static str]) -> Result<Vec<usize>> {
        in_order_given(&TABLE, numbers, &Texts(&["a", "b", "c"]), &Texts(back), &[0])
    }

    #[test]
    fn numbers_that_go_up_are_taken_as_they_come() {
        // A trigger may have changed the values: that does not matter then.
        assert_eq!(order(&[1, 2, 7], &["A", "B", "C"]).unwrap(), [0, 1, 2]);
    }

    #[test]
    fn other_numbers_are_told_apart_by_the_values() {
        assert_eq!(order(&[-5, -10, -15], &["a", "b", "c"]).unwrap(), [0, 1, 2]);
        assert_eq!(order(&[9, 1, 2], &["a", "b", "c"]).unwrap(), [0, 1, 2]);
        assert_eq!(order(&[2, 1, 3], &["b", "a", "c"]).unwrap(), [1, 0, 2]);
        assert_eq!(order(&[-10, -5, -15], &["b", "a", "c"]).unwrap(), [1, 0, 2]);
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(order(&[-5, -10, -15], &["A", "B", "C"]).unwrap_err().kind(), ErrorKind::Unsupported);
    }
}

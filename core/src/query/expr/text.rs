//! Operators on text, as methods of [`Expression`](super::operators::Expression) call them.

use crate::sql::{BinaryOp, Expr, Function};
use crate::types::{ColumnType, Value};

/// What stands around the text that a pattern is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// Anything may follow.
    After,
    /// Anything may come before.
    Before,
    /// Both.
    Both,
}

/// Matches a pattern, with upper and lower case alike.
pub(super) fn ilike(left: Expr, pattern: Expr) -> Expr {
    let fold = |expr| Expr::call(Function::Lower, [expr]);
    Expr::binary(BinaryOp::Like, fold(left), fold(pattern))
}

/// With each occurrence of a text replaced by another.
pub(super) fn replaced(text: Expr, what: &str, by: &str) -> Expr {
    Expr::call(Function::Replace, [text, literal(what), literal(by)])
}

/// So many characters from one of them on, the first being 0.
pub(super) fn part(text: Expr, from: u32, characters: u32) -> Expr {
    // No text is longer, and PostgreSQL counts no further.
    let number = |number: u32| {
        let number = i32::try_from(number).unwrap_or(i32::MAX);
        Expr::value(Value::I64(number.into()), ColumnType::I64)
    };
    Expr::call(Function::Substring, [text, number(from.saturating_add(1)), number(characters)])
}

/// Holds a text, taken literally.
pub(super) fn holds(left: Expr, text: &str, around: Around) -> Expr {
    let mut pattern = String::with_capacity(text.len() + 2);
    if around != Around::After {
        pattern.push('%');
    }
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    if around != Around::Before {
        pattern.push('%');
    }
    Expr::binary(BinaryOp::Like, left, Expr::value(Value::Text(pattern), ColumnType::TEXT))
}

fn literal(text: &str) -> Expr {
    Expr::value(Value::Text(text.to_owned()), ColumnType::TEXT)
}

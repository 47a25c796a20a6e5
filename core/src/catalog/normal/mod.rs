//! The normal form of SQL expressions: databases keep checks, defaults and index expressions in a spelling of their own, and
//! two texts with the same normal form say the same.
//!
//! The form is for comparing, not for running. It leaves out what only names a type (casts, collations, character sets),
//! writes numbers one way, resolves BETWEEN, pushes NOT inwards and keeps the order of everything else. What can't be read as
//! an expression is compared word by word.

mod token;
mod node;
mod parse;

pub use token::{Span, Strings, Token, tokens};

/// The normal form of an expression.
///
/// ```
/// use creole::inspect::normal::{Strings, normal_form};
///
/// // The same condition, as two databases keep it.
/// let (one, other) = (normal_form("(price > 0)", Strings::Doubled), normal_form("\"price\" > 0", Strings::Doubled));
/// assert_eq!(one, other);
/// ```
pub fn normal_form(sql: &str, strings: Strings) -> String {
    let tokens = tokens(sql, strings);
    match parse::expression(&tokens) {
        Some(node) => node.to_string(),
        None => words(&tokens),
    }
}

/// What can't be read as an expression: its words, in lower case where they are not quoted, without parentheses.
fn words(tokens: &[Span<'_>]) -> String {
    let words = tokens.iter().filter_map(|span| match &span.token {
        Token::Word(word) => Some(word.to_ascii_lowercase()),
        Token::Sign("(" | ")") => None,
        Token::Sign(sign) => Some((*sign).to_owned()),
        Token::Number(number) => Some(node::number(number)),
        Token::Name(name) => Some(format!("\"{name}\"")),
        Token::Text(text) => Some(format!("'{text}'")),
        Token::Bytes(digits) => Some(format!("x'{digits}'")),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;

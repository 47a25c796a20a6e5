//! Upper and lower case beyond ASCII.

use rusqlite::functions::Context;
use rusqlite::{Connection, Result};

use super::scalar;

pub(super) fn install(db: &Connection) -> Result<()> {
    scalar(db, "creole_lower", 1, |context| mapped(context, lower))?;
    scalar(db, "creole_upper", 1, |context| mapped(context, upper))
}

/// The letter's small form, where that is one letter.
fn lower(letter: char) -> char {
    only(letter.to_lowercase()).unwrap_or(letter)
}

/// The letter's capital form, where that is one letter: `ß` stays as it is.
fn upper(letter: char) -> char {
    only(letter.to_uppercase()).unwrap_or(letter)
}

fn only(mut letters: impl Iterator<Item = char>) -> Option<char> {
    let first = letters.next();
    if letters.next().is_some() { None } else { first }
}

fn mapped(context: &Context<'_>, map: fn(char) -> char) -> Result<Option<String>> {
    let text: Option<String> = context.get(0)?;
    Ok(text.map(|text| text.chars().map(map).collect()))
}

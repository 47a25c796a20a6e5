//! Collations: which ones a column may have, and creole's own, which ignores case.

use std::cmp::Ordering;

use creole_core::schema::{Collation, ColumnDef};
use creole_core::sql::SqlWriter;
use creole_core::{Error, Result};

use crate::dialect::NAME;

/// The collation that ignores case. Each connection of creole's has it; another program must register one of this name
/// before it can write the column.
pub(crate) const CASE_INSENSITIVE: &str = "creole_nocase";

/// The collations that every program has.
const BUILT_IN: [&str; 3] = ["BINARY", "NOCASE", "RTRIM"];

/// The printable ASCII characters that are no letters, in the order in which the servers sort them (the root of Unicode's
/// collation), in which they stand before every letter.
const BEFORE_LETTERS: &[u8] = b" _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

/// The rank of each ASCII character.
const RANKS: [u8; 128] = ranks();

/// Writes a column's collation after its type.
pub(crate) fn write(w: &mut SqlWriter<'_>, column: &ColumnDef) -> Result<()> {
    match column.collation {
        Collation::Binary => {}
        Collation::CaseInsensitive => {
            w.push(" COLLATE ").push(CASE_INSENSITIVE);
        }
        Collation::Named(name) if BUILT_IN.iter().any(|known| known.eq_ignore_ascii_case(name)) => {
            w.push(" COLLATE ").ident(name);
        }
        other => {
            let feature = match other {
                Collation::Named(name) => format!("the collation {name:?} of the column {}", column.name),
                _ => format!("the collation of the column {}", column.name),
            };
            let way_out =
                "use BINARY, NOCASE, RTRIM, or #[model(case_insensitive)], which is the same on every backend";
            return Err(Error::unsupported(NAME, &feature, way_out));
        }
    }
    Ok(())
}

/// The collation [`CASE_INSENSITIVE`].
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    a.chars().map(rank).cmp(b.chars().map(rank))
}

/// The rank of a character; the same for upper and lower case.
fn rank(character: char) -> u32 {
    let folded = u32::from(fold(character));
    let ascii = usize::try_from(folded).ok().and_then(|index| RANKS.get(index));
    ascii.map_or(folded, |&rank| rank.into())
}

/// Unicode's simple case folding: what folds to several characters stays as it is, and so does the dotless i, which
/// belongs to a dotted capital in Turkish and to none elsewhere.
fn fold(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    if character == 'ı' {
        return character;
    }
    let upper = only(character.to_uppercase()).unwrap_or(character);
    only(upper.to_lowercase()).unwrap_or(upper)
}

fn only(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next();
    if characters.next().is_none() { first } else { None }
}

/// Control characters, then those of [`BEFORE_LETTERS`], then letters; the same rank for upper and lower case.
#[allow(clippy::indexing_slicing, reason = "runs in the compiler")]
const fn ranks() -> [u8; 128] {
    let mut ranks = [0; 128];
    let mut index = 0;
    while index < 128 {
        let byte = index as u8;
        ranks[index] = byte.to_ascii_lowercase();
        index += 1;
    }
    let mut rank = 0;
    while rank < BEFORE_LETTERS.len() {
        ranks[BEFORE_LETTERS[rank] as usize] = 32 + rank as u8;
        rank += 1;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_and_lower_case_are_the_same_and_accents_are_not() {
        for (a, b) in [("Ada", "aDA"), ("É", "é"), ("Σ", "ς"), ("Я", "я"), ("\u{212a}", "k"), ("Ǆ", "ǆ"), ("ẞ", "ß")]
        {
            assert_eq!(compare(a, b), Ordering::Equal, "{a} {b}");
        }
        for (a, b) in [("e", "é"), ("ß", "ss"), ("İ", "i"), ("ı", "i"), ("a", "a "), ("", " ")] {
            assert_ne!(compare(a, b), Ordering::Equal, "{a} {b}");
        }
    }

    #[test]
    fn ascii_sorts_as_on_the_servers() {
        let mut all: Vec<String> = (' '..='~').map(String::from).collect();
        all.sort_by(|a, b| compare(a, b).then_with(|| a.cmp(b)));
        let expected =
            " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz";
        assert_eq!(all.concat(), expected);
    }

    #[test]
    fn every_ascii_character_has_a_place_of_its_own() {
        let mut seen: Vec<u8> =
            (0..128_u8).filter(|byte| !byte.is_ascii_uppercase()).map(|byte| RANKS[usize::from(byte)]).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 128 - 26);
    }
}

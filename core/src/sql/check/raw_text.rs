//! What a text does, as far as its first words tell.

use crate::error::{Error, ErrorKind, Result};

/// How comments that stand in comments are read, on which databases do not agree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comments {
    Nest,
    EndAtFirst,
}

/// Refuses a text that begins or ends a transaction, or locks tables by hand: creole keeps account of what is open on a
/// connection, and must not be told half of it.
pub(in crate::sql) fn refuse_transactions(backend: &'static str, sql: &str) -> Result<()> {
    let is_refused = |comments| controls_transactions(words(sql, comments), sql);
    if is_refused(Comments::Nest) || is_refused(Comments::EndAtFirst) {
        let way_out = "use `engine.transaction(…)` or a session, whose `savepoint` takes a part of it back";
        return Err(Error::unsupported(backend, "a raw statement that controls transactions", way_out));
    }
    Ok(())
}

/// Refuses a text without a statement, of which every database says something else.
pub(in crate::sql) fn refuse_nothing(backend: &'static str, sql: &str) -> Result<()> {
    if [Comments::Nest, Comments::EndAtFirst].iter().all(|&comments| skip_blanks(sql, comments).is_empty()) {
        let message = "the text has no statement: it is empty, or has only comments";
        return Err(Error::new(ErrorKind::Syntax, message).on(backend));
    }
    Ok(())
}

/// Whether a text has only blanks and comments.
pub(in crate::sql) fn is_nothing(sql: &str) -> bool {
    skip_blanks(sql, Comments::Nest).is_empty()
}

fn controls_transactions(mut words: impl Iterator<Item = String>, sql: &str) -> bool {
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match first.as_str() {
        "BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "END" | "ABORT" | "XA" | "UNLOCK" => true,
        "START" | "PREPARE" => second == "TRANSACTION",
        "LOCK" => matches!(second.as_str(), "TABLE" | "TABLES" | "INSTANCE"),
        "SET" => {
            let third = words.next().unwrap_or_default();
            second == "TRANSACTION"
                || third == "TRANSACTION"
                || third == "CHARACTERISTICS"
                || sql.to_ascii_uppercase().contains("AUTOCOMMIT")
        }
        _ => false,
    }
}

/// The first word of a text, in capitals; `None` where it has none.
pub(in crate::sql) fn first_word(sql: &str) -> String {
    words(sql, Comments::Nest).next().unwrap_or_default()
}

/// The first `count` words of a text, by either reading of comments.
pub(crate) fn first_words(sql: &str, count: usize) -> [Vec<String>; 2] {
    [Comments::Nest, Comments::EndAtFirst].map(|comments| words(sql, comments).take(count).collect())
}

/// Whether a word of a text that begins with WITH lets it write. A name that looks like one does no harm.
pub(in crate::sql) fn may_write(sql: &str) -> bool {
    has_word(sql, &["INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"])
}

/// Whether a word of a text that reads lets it lock the rows. A name that looks like one does no harm.
pub(in crate::sql) fn may_lock(sql: &str) -> bool {
    has_word(sql, &["UPDATE", "SHARE"])
}

fn has_word(sql: &str, wanted: &[&str]) -> bool {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    sql.split(|letter| !is_word(letter)).any(|word| wanted.iter().any(|wanted| word.eq_ignore_ascii_case(wanted)))
}

/// Whether a text ends with LIMIT or OFFSET.
pub(in crate::sql) fn counts_rows(sql: &str) -> bool {
    let word = sql.trim_end().rsplit(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).next();
    word.is_some_and(|word| word.eq_ignore_ascii_case("limit") || word.eq_ignore_ascii_case("offset"))
}

/// The words at the beginning of a text, in capitals, as far as only blanks, comments, parentheses and semicolons
/// stand before them.
fn words(sql: &str, comments: Comments) -> impl Iterator<Item = String> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        rest = skip_blanks(rest, comments);
        let is_end =
            |letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '@' || letter == '.');
        let (word, after) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        rest = after;
        (!word.is_empty()).then(|| word.to_ascii_uppercase())
    })
}

fn skip_blanks(mut sql: &str, comments: Comments) -> &str {
    loop {
        sql = sql.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, ';' | '(' | '\u{feff}'));
        if sql.starts_with("--") || sql.starts_with('#') {
            sql = sql.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(hidden) = executed(sql) {
            sql = hidden;
        } else if let Some(comment) = sql.strip_prefix("/*") {
            sql = after_comment(comment, comments);
        } else if let Some(after) = sql.strip_prefix("*/") {
            // The end of a comment that is executed.
            sql = after;
        } else {
            return sql;
        }
    }
}

/// What stands in `/*! … */`, which is a comment for all but the databases that execute it.
fn executed(sql: &str) -> Option<&str> {
    let inside = sql.strip_prefix("/*!").or_else(|| sql.strip_prefix("/*M!"))?;
    Some(inside.trim_start_matches(|letter: char| letter.is_ascii_digit()))
}

fn after_comment(comment: &str, comments: Comments) -> &str {
    let mut rest = comment;
    let mut depth = 1_usize;
    while depth > 0 {
        let Some(end) = rest.find("*/") else { return "" };
        let opens = rest.get(..end).and_then(|before| before.find("/*"));
        match opens {
            Some(open) if comments == Comments::Nest => {
                depth += 1;
                rest = rest.get(open + 2..).unwrap_or_default();
            }
            _ => {
                depth -= 1;
                rest = rest.get(end + 2..).unwrap_or_default();
            }
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transactions_are_found_after_blanks_and_comments() {
        for sql in [
            "BEGIN",
            "begin immediate",
            " ;\n( COMMIT",
            "-- a\n# b\n/* c /* d */ */ rollback to savepoint a",
            "/* a /* b */ COMMIT",
            "/*! COMMIT */",
            "/*!50000 start transaction */",
            "/*M!100100 XA END 'a'*/",
            "START/**/TRANSACTION",
            "set session transaction read only",
            "SET @a = 1, autocommit = 0",
            "SET @@session.autocommit=0",
            "set session characteristics as transaction read only",
            "LOCK TABLES users WRITE",
            "unlock tables",
            "prepare transaction 'a'",
            "End",
            "abort;",
            "savepoint a",
            "release a",
            "\u{feff}COMMIT",
        ] {
            assert!(refuse_transactions("test", sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn other_statements_are_let_through() {
        for sql in [
            "",
            "SELECT 1 -- COMMIT",
            "/* COMMIT */ SELECT 1",
            "beginning",
            "begin_of_day()",
            "SET search_path = begin",
            "start slave",
            "LOCK users IN SHARE MODE",
            "'BEGIN'",
            "\"commit\"",
            "/* never closed COMMIT",
        ] {
            assert!(refuse_transactions("test", sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn a_with_that_writes_is_told_from_one_that_reads() {
        assert!(may_write("with a as (delete from b returning *) select * from a"));
        assert!(!may_write("with updated as (select 1) select * from updated"));
    }
}

//! [`OwnText`]: what a text of the program's own does to the connection that runs it.

use crate::sql::raw_text;

/// The text of a statement that was not rendered from the tree, as far as its words tell what it does.
#[derive(Debug, Clone, Copy)]
pub struct OwnText<'t> {
    sql: &'t str,
}

/// Whether a statement ends the transaction that it runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndsTransaction {
    /// It does not.
    Never,
    /// The text does not say, as `CALL` does not.
    Perhaps,
    /// It does, by itself.
    Always,
}

impl<'t> OwnText<'t> {
    /// Looks at a text.
    pub fn new(sql: &'t str) -> OwnText<'t> {
        OwnText { sql }
    }

    /// The first words of the statement, in capitals, without the comments before and between them. Comments within comments
    /// are read in two ways, on which databases do not agree: what either reading finds may be what is run.
    pub fn readings(&self) -> [Vec<String>; 2] {
        raw_text::first_words(self.sql, 5)
    }

    /// The text itself.
    pub fn as_str(&self) -> &'t str {
        self.sql
    }

    /// Whether one of these names, in small letters, stands anywhere in the text.
    pub fn mentions(&self, names: &[&str]) -> bool {
        let is_sign = |letter: char| !(letter.is_alphanumeric() || letter == '_');
        self.sql.split(is_sign).any(|word| names.iter().any(|name| word.eq_ignore_ascii_case(name)))
    }

    /// Whether the connection may not be as it was after the statement: a setting is another, a lock is held, a temporary
    /// table is there. Only statements that are known to leave nothing of that kind are believed to.
    pub fn leaves_traces(&self) -> bool {
        let is_plain = self.begins_plainly() || !self.readings().iter().any(|words| leaves_traces(words));
        !is_plain || self.is_into_temporary()
    }

    /// Whether it begins with the word of one of the usual statements, with nothing before it. That is looked at without taking
    /// the text apart, because it is done each time.
    fn begins_plainly(&self) -> bool {
        let word = self.sql.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
        ["select", "insert", "update", "delete", "with"].iter().any(|usual| word.eq_ignore_ascii_case(usual))
    }

    /// `SELECT … INTO TEMP t`
    fn is_into_temporary(&self) -> bool {
        let is_sign = |letter: char| !(letter.is_alphanumeric() || letter == '_');
        let mut is_after_into = false;
        self.sql.split(is_sign).filter(|word| !word.is_empty()).any(|word| {
            let found = is_after_into && is_temporary(word);
            is_after_into = word.eq_ignore_ascii_case("into");
            found
        })
    }
}

/// Statements whose effects are rows and tables, and nothing of the connection.
fn leaves_traces(words: &[String]) -> bool {
    match words.first().map(String::as_str) {
        Some(
            "SELECT" | "VALUES" | "TABLE" | "WITH" | "SHOW" | "DESCRIBE" | "DESC" | "EXPLAIN" | "INSERT" | "UPDATE"
            | "DELETE" | "REPLACE" | "MERGE" | "ALTER" | "DROP" | "TRUNCATE" | "RENAME" | "COMMENT" | "GRANT"
            | "REVOKE" | "ANALYZE" | "OPTIMIZE" | "CHECK" | "CHECKSUM" | "REPAIR" | "VACUUM" | "REINDEX" | "REFRESH"
            | "CLUSTER" | "NOTIFY",
        ) => false,
        Some("CREATE") => creates_temporary(words),
        _ => true,
    }
}

/// `CREATE TEMP …`, `CREATE LOCAL TEMP …`, `CREATE OR REPLACE TEMP …`
fn creates_temporary(words: &[String]) -> bool {
    let index = match words.get(1).map(String::as_str) {
        Some("OR") => 3,
        Some("GLOBAL" | "LOCAL") => 2,
        _ => 1,
    };
    words.get(index).is_some_and(|word| is_temporary(word))
}

fn is_temporary(word: &str) -> bool {
    word.eq_ignore_ascii_case("temp") || word.eq_ignore_ascii_case("temporary")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_locks_and_temporary_tables_are_traces() {
        for sql in [
            "set time_zone = '+01:00'",
            "call p()",
            "PRAGMA foreign_keys = off",
            "/* a */ attach 'x' as y",
            "lock users in share mode",
            "prepare a as select 1",
            "create temp table a (b int)",
            "create or replace temporary table a (b int)",
            "create temporary view a as select 1",
            "select 1 into temp a",
            "select 1 INTO\n TEMPORARY a",
            "flush tables with read lock",
            "do $$ begin end $$",
            "",
        ] {
            assert!(OwnText::new(sql).leaves_traces(), "{sql}");
        }
    }

    #[test]
    fn rows_and_tables_are_none() {
        for sql in [
            "select temp from a",
            "-- a\nwith a as (select 1) delete from b",
            "insert into temps values (1)",
            "(select 1) union select 2",
            "create table a (temp int)",
            "drop table a",
        ] {
            assert!(!OwnText::new(sql).leaves_traces(), "{sql}");
        }
    }

    #[test]
    fn names_are_found_whole() {
        assert!(OwnText::new("select a.SET_CONFIG ('x')").mentions(&["set_config"]));
        assert!(!OwnText::new("select set_configs").mentions(&["set_config"]));
    }
}

//! Which statements end the transaction that they run in: most of what is not about rows commits it first.

use creole_core::dialect::{EndsTransaction, OwnText};

/// Whether a text of the program's own commits, by either reading of its comments.
pub(crate) fn ends_transaction(text: OwnText<'_>) -> EndsTransaction {
    let said = text.readings().iter().map(|words| by_words(words)).max().unwrap_or(EndsTransaction::Perhaps);
    // Which of the servers executes such a comment, and from which version on, is not looked at.
    let is_hidden = text.as_str().contains("/*!") || text.as_str().contains("/*M!");
    if is_hidden { said.max(EndsTransaction::Perhaps) } else { said }
}

/// Whether a text leaves something on the connection: a lock by name and a variable are made by SELECT too.
pub(crate) fn leaves_traces(text: OwnText<'_>) -> bool {
    let sets_variable = || text.as_str().contains(":=") || (text.as_str().contains('@') && text.mentions(&["into"]));
    text.leaves_traces() || text.mentions(&["get_lock"]) || sets_variable()
}

fn by_words(words: &[String]) -> EndsTransaction {
    use EndsTransaction::{Always, Never, Perhaps};
    let word = |index: usize| words.get(index).map_or("", String::as_str);
    let is_temporary = word(1) == "TEMPORARY" || (word(1) == "OR" && word(3) == "TEMPORARY");
    match word(0) {
        "SELECT" | "VALUES" | "TABLE" | "WITH" | "SHOW" | "DESCRIBE" | "DESC" | "EXPLAIN" | "INSERT" | "UPDATE"
        | "DELETE" | "REPLACE" | "DO" | "HANDLER" | "CHECKSUM" | "HELP" | "USE" | "PREPARE" | "DEALLOCATE" => Never,
        "SET" => match word(1) {
            "PASSWORD" | "DEFAULT" => Always,
            // `SET STATEMENT … FOR` runs any other statement.
            "STATEMENT" | "ROLE" | "RESOURCE" => Perhaps,
            _ => Never,
        },
        "DROP" if word(1) == "PREPARE" => Never,
        "CREATE" | "DROP" if is_temporary => Perhaps,
        // Without one of these words it explains what it runs.
        "ANALYZE" if !matches!(word(1), "TABLE" | "TABLES" | "LOCAL" | "NO_WRITE_TO_BINLOG") => Perhaps,
        "LOAD" if word(1) != "INDEX" => Perhaps,
        "CREATE" | "DROP" | "ALTER" | "TRUNCATE" | "RENAME" | "GRANT" | "REVOKE" | "ANALYZE" | "OPTIMIZE"
        | "REPAIR" | "CHECK" | "FLUSH" | "RESET" | "CACHE" | "LOAD" | "LOCK" | "UNLOCK" | "INSTALL" | "UNINSTALL"
        | "CHANGE" | "START" | "STOP" | "IMPORT" => Always,
        _ => Perhaps,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_commit_are_told_by_their_words() {
        use EndsTransaction::{Always, Never, Perhaps};
        for (sql, expected) in [
            ("create table a (b int)", Always),
            ("-- a\ntruncate a", Always),
            ("alter table a add b int", Always),
            ("create or replace view a as select 1", Always),
            ("analyze local table a", Always),
            ("load index into cache a", Always),
            ("set password = 'a'", Always),
            ("/*!50000 drop table a */", Always),
            ("/* a /* b */ flush tables", Always),
            ("create temporary table a (b int)", Perhaps),
            ("drop temporary table a", Perhaps),
            ("create or replace temporary table a (b int)", Perhaps),
            ("call p()", Perhaps),
            ("execute a", Perhaps),
            ("set statement max_statement_time = 1 for create table a (b int)", Perhaps),
            ("analyze format=json select 1", Perhaps),
            ("/*!99999 select 1 */ create table a (b int)", Perhaps),
            ("", Perhaps),
            ("select 1", Never),
            ("(select 1) union (select 2)", Never),
            ("set @a = 1", Never),
            ("prepare a from 'drop table b'", Never),
            ("drop prepare a", Never),
            ("with a as (select 1) update b set c = 1", Never),
        ] {
            assert_eq!(ends_transaction(OwnText::new(sql)), expected, "{sql}");
        }
    }

    #[test]
    fn locks_by_name_and_variables_are_traces() {
        for sql in ["select get_lock('a', 1)", "select @a := 1", "select 1 into @a", "set @a = 1", "call p()"] {
            assert!(leaves_traces(OwnText::new(sql)), "{sql}");
        }
        assert!(!leaves_traces(OwnText::new("select 1")));
    }
}

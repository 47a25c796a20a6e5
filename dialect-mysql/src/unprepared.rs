//! Statements that a server can't prepare: CREATE TRIGGER, PROCEDURE and FUNCTION, LOCK INSTANCE and others, which ones
//! changes from version to version.

use creole_core::dialect::OwnText;
use creole_core::driver::{Compiled, Verb};
use creole_core::{Error, ErrorKind};
use sqlx::mysql::MySqlDatabaseError;

use crate::dialect::Flavor;

/// `This command is not supported in the prepared statement protocol yet`
const CANNOT_PREPARE: u16 = 1295;

/// Whether the statement is to be sent without being prepared. Then the server has read its text as one statement, since it
/// does not prepare several, and has not run it.
pub(crate) fn is_wanted(error: &sqlx::Error, statement: &Compiled<'_>) -> bool {
    let number = match error {
        sqlx::Error::Database(error) => error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number),
        _ => None,
    };
    // A procedure may say the same of what it has tried to prepare itself, after other things that it did.
    let is_call =
        || OwnText::new(&statement.sql).readings().iter().any(|words| words.iter().any(|word| word == "CALL"));
    number == Some(CANNOT_PREPARE) && statement.binds.is_empty() && !is_call()
}

/// Whether the rows that a text of the program's own returns are those that it wrote.
pub(crate) fn returns_written(statement: &Compiled<'_>) -> bool {
    let is_write =
        |words: &[String]| matches!(words.first().map(String::as_str), Some("INSERT" | "REPLACE" | "DELETE"));
    statement.verb == Verb::Other && OwnText::new(&statement.sql).readings().iter().any(|words| is_write(words))
}

impl Flavor {
    /// Says what can be done where there are values.
    #[cold]
    pub(crate) fn explain_unprepared(self, error: Error, statement: &Compiled<'_>) -> Error {
        if error.code() != Some("1295") || statement.binds.is_empty() {
            return error;
        }
        let feature = "a value in a statement that can't be prepared";
        let way_out = "write it as a literal of the text, or set it in another way";
        let text = Error::unsupported(self.name(), feature, way_out).to_string();
        error.into_kind(ErrorKind::Unsupported, text)
    }
}

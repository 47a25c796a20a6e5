//! What a server reported, and what its dialect makes of it.

use std::fmt;

use super::{BrokenReference, Effect, ErrorKind, OUT_OF_NUMBERS};

/// An error as the server reported it.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct RawError<'a> {
    /// The SQLSTATE or the error number.
    pub code: &'a str,
    /// The message. It may quote values.
    pub message: &'a str,
    /// The table, where the server names it in a field of its own.
    pub table: Option<&'a str>,
    /// The column, where the server names it in a field of its own.
    pub column: Option<&'a str>,
    /// The constraint, where the server names it in a field of its own.
    pub constraint: Option<&'a str>,
    /// Within what it happened, where that is not the statement itself but a function that it calls.
    pub context: Option<&'a str>,
}

/// What an error of the server means.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// Its kind.
    pub kind: ErrorKind,
    /// What it did to the transaction and the connection.
    pub effect: Effect,
    /// The table concerned.
    pub table: Option<String>,
    /// The columns concerned.
    pub columns: Vec<String>,
    /// The constraint violated.
    pub constraint: Option<String>,
    /// How a foreign key was violated, where the server says it.
    pub reference: Option<BrokenReference>,
    /// Where the names come from.
    pub names: Names,
    /// What of the message may be shown: words about the statement's text, which quote no value. If it quotes what does
    /// not stand in that text, it is not shown after all.
    pub words: Option<String>,
    /// What is said instead of the kind's own sentence.
    pub message: Option<&'static str>,
    /// The key that the message says the row has, by which the row is found among those of the statement. Its values are
    /// compared and never shown.
    pub(crate) key: Option<ClashingKey>,
}

/// A key as a server writes it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ClashingKey {
    pub(crate) columns: Vec<String>,
    /// The values, one after the other with a comma and a blank between.
    pub(crate) values: String,
}

/// Where the names in a [`Diagnosis`] come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// From fields of their own, or from a message that quotes nothing else.
    #[default]
    Sure,
    /// From a message that may quote a value, or that does not say where one name ends and the next begins. They are held
    /// against the statement's table and text.
    Guessed,
}

impl<'a> RawError<'a> {
    /// An error of which the server says no more than this.
    pub fn new(code: &'a str, message: &'a str) -> RawError<'a> {
        RawError { code, message, ..RawError::default() }
    }
}

impl Diagnosis {
    /// A kind of error that leaves the transaction as it was and names nothing.
    pub fn new(kind: ErrorKind) -> Diagnosis {
        Diagnosis {
            kind,
            effect: Effect::Statement,
            table: None,
            columns: Vec::new(),
            constraint: None,
            reference: None,
            names: Names::Sure,
            words: None,
            message: None,
            key: None,
        }
    }

    /// The database numbers a table's rows and has no number left.
    pub fn out_of_numbers() -> Diagnosis {
        Diagnosis { message: Some(OUT_OF_NUMBERS), ..Diagnosis::new(ErrorKind::Limit) }
    }

    /// Names the table.
    pub fn with_table(mut self, table: impl Into<String>) -> Diagnosis {
        self.table = Some(table.into());
        self
    }

    /// Names the columns.
    pub fn with_columns<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Diagnosis {
        self.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Names the constraint.
    pub fn with_constraint(mut self, constraint: impl Into<String>) -> Diagnosis {
        self.constraint = Some(constraint.into());
        self
    }

    /// Says what the error did to the transaction.
    pub fn with_effect(mut self, effect: Effect) -> Diagnosis {
        self.effect = effect;
        self
    }

    /// Says how a foreign key was violated.
    pub fn with_reference(mut self, reference: BrokenReference) -> Diagnosis {
        self.reference = Some(reference);
        self
    }

    /// Says that the names are read out of a message that may quote values.
    pub fn with_guessed_names(mut self) -> Diagnosis {
        self.names = Names::Guessed;
        self
    }

    /// Says which key the row has, its values as the server writes them, one after the other with a comma and a blank between.
    pub fn with_key<C: Into<String>>(
        mut self,
        columns: impl IntoIterator<Item = C>,
        values: impl Into<String>,
    ) -> Diagnosis {
        let columns = columns.into_iter().map(Into::into).collect();
        self.key = Some(ClashingKey { columns, values: values.into() });
        self
    }

    /// Shows the first line of the message where the kind of error is about the text of the statement.
    pub fn with_words_about_text(mut self, message: &str) -> Diagnosis {
        use ErrorKind::{Syntax, UndefinedColumn, UndefinedTable, Unsupported};
        if matches!(self.kind, Syntax | UndefinedTable | UndefinedColumn | Unsupported) {
            self.words = message.lines().next().map(str::to_owned);
        }
        self
    }
}

/// Shows the columns and never the values.
impl fmt::Debug for ClashingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClashingKey").field(&self.columns).finish()
    }
}

/// Shows the code and never the message.
impl fmt::Debug for RawError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawError").field("code", &self.code).finish_non_exhaustive()
    }
}

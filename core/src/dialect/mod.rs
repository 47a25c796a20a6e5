//! What a dialect implements: the list of its differences from standard SQL.
//!
//! A dialect has three parts, each with a trait and a file of its own:
//!
//! | trait | what it says | what it must say |
//! | --- | --- | --- |
//! | [`Dialect`] | what the database can do, what its errors mean, how transactions begin | its name, its capabilities, what an error means, and the other two parts |
//! | [`Syntax`] | how statements are spelled | placeholders |
//! | [`Ddl`] | how tables are spelled, and what else they need | column types |
//!
//! A fourth, the [`Catalog`], reads what is in a database; without one, nothing is compared with the models.
//!
//! All of them are pure: they render text and classify errors, and do no I/O, so everything about them can be tested without a
//! server. Every other method has a default body. Those of [`Syntax`] and [`Ddl`] call the function of the same name in
//! [`sql::standard`](crate::sql::standard); an override may call it too.
//!
//! The smallest dialect there can be, and what it refuses, is the test `smallest_dialect.rs` of this crate. A dialect outside this
//! workspace can do all that creole's own can: implement these traits and
//! [`Driver`](crate::driver::Driver), and open an engine with [`Engine::open`](crate::Engine::open).

mod syntax;
mod ddl;
mod capabilities;
mod about_statement;
mod own_text;
mod reported;

use std::fmt;

use crate::catalog::Catalog;
pub use crate::error::{Diagnosis, RawError};
use crate::error::{Error, Result};
use crate::schema::ColumnDef;
use crate::sql::{Bind, standard};
pub use crate::transaction::{Isolation, TxOptions};
use crate::types::{ColumnType, ValueRef};
pub use capabilities::{AssignmentOrder, Capabilities, IndexPlacement, JoinedWrites, Support, Words};
pub use ddl::Ddl;
pub use own_text::{EndsTransaction, OwnText};
pub use syntax::Syntax;

/// What an error of an upsert means beyond its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpsertFailure {
    /// A row clashed with another key than the one the upsert is about.
    OtherKey,
    /// Somebody else has inserted a row while the upsert computed what to write to it, which is of no use then: the statement is
    /// run again.
    Overtaken,
}

/// What one database can do, and what its errors mean.
pub trait Dialect: fmt::Debug + Send + Sync + 'static {
    /// The name by which messages and tests call it: `sqlite`, `postgres`.
    fn name(&self) -> &'static str;

    /// What the database can do, as far as creole does something else where it can't.
    fn capabilities(&self) -> &Capabilities;

    /// How it spells statements.
    fn syntax(&self) -> &dyn Syntax;

    /// How it spells tables, and what else it does about them.
    fn ddl(&self) -> &dyn Ddl;

    /// How the database describes what is in it; `None` where the dialect does not know.
    fn catalog(&self) -> Option<&'static dyn Catalog> {
        None
    }

    /// Says what an error of the server means.
    fn classify(&self, raw: &RawError<'_>) -> Diagnosis;

    /// Refuses a value that this database would not keep as it is, with the reason and without the value.
    ///
    /// # Errors
    /// The reason.
    fn check(&self, _value: ValueRef<'_>, _ty: ColumnType) -> Result<(), String> {
        Ok(())
    }

    /// The value as it is sent where it is stored in a column, or compared with it as it is stored; `None` where the column's
    /// form has no room for it, so that no row can hold it.
    fn stored<'a>(&self, column: &ColumnDef, value: ValueRef<'a>) -> Option<Bind<'a>> {
        Some(Bind::new(value, column.ty))
    }

    /// Whether values of this type can be sent as an array, so that many rows of an INSERT are an array per column, after
    /// `unnest(…)`, and one text serves any number of them.
    fn has_arrays_of(&self, _ty: ColumnType) -> bool {
        false
    }

    /// What an error of an upsert means beyond its kind. Only for databases that name no key, or compute what is written in a
    /// statement's reading of the rows.
    fn upsert_failure(&self, _error: &Error) -> Option<UpsertFailure> {
        None
    }

    /// The statements that begin a transaction.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a transaction this database can't have.
    fn begin(&self, options: &TxOptions) -> Result<Vec<String>> {
        Ok(standard::begin(options))
    }

    /// Whether a text of the program's own ends the transaction that it runs in. What always does is refused there, and after
    /// what may do so the transaction is looked for.
    fn ends_transaction(&self, _text: OwnText<'_>) -> EndsTransaction {
        EndsTransaction::Never
    }

    /// Whether a text of the program's own leaves the connection other than it was, so that it is closed where it would be
    /// lent to somebody else.
    fn leaves_traces(&self, text: OwnText<'_>) -> bool {
        text.leaves_traces()
    }
}

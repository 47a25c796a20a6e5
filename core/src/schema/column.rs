//! [`ColumnDef`].

use std::fmt;

use super::{Collation, ServerDefault};
use crate::types::{ColumnType, Value};

/// A column, as its model describes it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let email = &User::table().columns[1];
/// assert_eq!((email.name, email.ty.to_string()), ("email", "text(100)".to_owned()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ColumnDef {
    /// The column's name in the database.
    pub name: &'static str,
    /// What it holds.
    pub ty: ColumnType,
    /// Whether it may hold NULL.
    pub nullable: bool,
    /// Where its value comes from when the program gives none.
    pub generated: Generated,
    /// By what rule its texts are compared; of no meaning where it holds something else.
    pub collation: Collation,
    /// What the database is told of it, where it keeps comments.
    pub comment: Option<&'static str>,
    /// What becomes of times that are finer than the column; of no meaning where it holds something else.
    pub finer_times: FinerTimes,
    /// What an UPDATE writes to it that says nothing of it: `#[model(on_update = …)]`.
    pub on_update: Option<UpdateDefault>,
    /// Whether an UPDATE may write to it.
    pub written: Written,
    /// How it is kept by a database that has a choice.
    pub storage: Storage,
}

/// Which statements write to a column.
///
/// ```
/// use creole::prelude::*;
/// use creole::schema::Written;
///
/// #[derive(Model)]
/// #[model(table = "notes")]
/// struct Note {
///     #[model(primary_key)]
///     id: i64,
///     #[model(created)]
///     created_at: DateTime<Utc>,
/// }
///
/// assert_eq!(Note::table().columns[1].written, Written::Once);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Written {
    /// Any.
    #[default]
    Always,
    /// The INSERT of its row, and nothing after it: `#[model(created)]`.
    Once,
}

/// What an UPDATE writes to a column that it says nothing of. A function, because the value is made for each statement.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "notes")]
/// struct Note {
///     #[model(primary_key)]
///     id: i64,
///     #[model(on_update = creole::types::now())]
///     changed: DateTime<Utc>,
/// }
///
/// assert!(Note::table().columns[1].on_update.is_some());
/// ```
#[derive(Clone, Copy)]
pub struct UpdateDefault(pub fn() -> Value);

/// What becomes of a time that is finer than a microsecond, which is as fine as columns are.
///
/// ```
/// use creole::prelude::*;
/// use creole::schema::FinerTimes;
///
/// #[derive(Model)]
/// #[model(table = "visits")]
/// struct Visit {
///     #[model(primary_key)]
///     id: i64,
///     #[model(exact_time)]
///     at: DateTime<Utc>,
/// }
///
/// assert_eq!(Visit::table().columns[1].finer_times, FinerTimes::Refused);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FinerTimes {
    /// It is cut off, toward the past.
    #[default]
    Cut,
    /// It is not stored: `#[model(exact_time)]`.
    Refused,
}

/// How a column is kept by a database that has no type of its own for what it holds. The others keep it in theirs, whatever
/// is said here.
///
/// ```
/// use creole::prelude::*;
/// use creole::schema::Storage;
///
/// #[derive(Model)]
/// #[model(table = "accounts")]
/// struct Account {
///     #[model(primary_key)]
///     id: i64,
///     #[model(precision = 18, scale = 2, sqlite = scaled_integer)]
///     balance: Decimal,
/// }
///
/// assert_eq!(Account::table().columns[1].storage, Storage::ScaledInteger);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Storage {
    /// In the form that serves most.
    #[default]
    Usual,
    /// A decimal as an integer, counted in units of its last digit: `#[model(sqlite = scaled_integer)]`.
    ScaledInteger,
    /// A UUID as text in lower case: `#[model(sqlite = text)]`.
    Text,
}

/// Where a column's value comes from when the program gives none.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::schema::Generated;
///
/// assert_eq!(User::table().columns[0].generated, Generated::Auto);
/// assert_eq!(User::table().columns[1].generated, Generated::No);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Generated {
    /// Nowhere: the program gives it.
    No,
    /// The database numbers the rows. A 0 in the struct means "not numbered yet".
    Auto,
    /// From a DEFAULT clause.
    ServerDefault(ServerDefault),
}

impl Generated {
    /// From a DEFAULT clause with this SQL expression, which stands in the program's source.
    pub const fn sql(sql: &'static str) -> Generated {
        Generated::ServerDefault(ServerDefault::Sql(sql))
    }
}

impl ColumnDef {
    /// A plain column that allows no NULL.
    pub const fn new(name: &'static str, ty: ColumnType) -> ColumnDef {
        ColumnDef {
            name,
            ty,
            nullable: false,
            generated: Generated::No,
            collation: Collation::Binary,
            comment: None,
            finer_times: FinerTimes::Cut,
            on_update: None,
            written: Written::Always,
            storage: Storage::Usual,
        }
    }

    /// The same, with NULL allowed where its Rust type is an `Option`, as the derive finds out.
    #[doc(hidden)]
    pub const fn nullable_as(mut self, nullable: bool) -> ColumnDef {
        self.nullable = nullable;
        self
    }

    /// The same with NULL allowed.
    pub const fn nullable(mut self) -> ColumnDef {
        self.nullable = true;
        self
    }

    /// The same, numbered by the database.
    pub const fn auto(mut self) -> ColumnDef {
        self.generated = Generated::Auto;
        self
    }

    /// The same with a DEFAULT clause.
    pub const fn server_default(mut self, default: ServerDefault) -> ColumnDef {
        self.generated = Generated::ServerDefault(default);
        self
    }

    /// The same, written by every UPDATE that says nothing of it.
    pub const fn on_update(mut self, value: fn() -> Value) -> ColumnDef {
        self.on_update = Some(UpdateDefault(value));
        self
    }

    /// The same, written when its row is inserted, and by no UPDATE.
    pub const fn written_once(mut self) -> ColumnDef {
        self.written = Written::Once;
        self
    }

    /// The same, refusing times that are finer than the column.
    pub const fn exact_time(mut self) -> ColumnDef {
        self.finer_times = FinerTimes::Refused;
        self
    }

    /// The same with a comment, for databases that keep them.
    pub const fn comment(mut self, comment: &'static str) -> ColumnDef {
        self.comment = Some(comment);
        self
    }

    /// The same, compared by another rule than by code point.
    pub const fn collated(mut self, collation: Collation) -> ColumnDef {
        self.collation = collation;
        self
    }

    /// The same, kept in another form where a database has a choice.
    pub const fn kept_as(mut self, storage: Storage) -> ColumnDef {
        self.storage = storage;
        self
    }
}

impl UpdateDefault {
    /// The value for a statement that is being built now.
    pub fn value(self) -> Value {
        (self.0)()
    }
}

/// Functions can't be told apart: columns are alike in this where both have one.
impl PartialEq for UpdateDefault {
    fn eq(&self, _: &UpdateDefault) -> bool {
        true
    }
}

impl Eq for UpdateDefault {}

impl fmt::Debug for UpdateDefault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UpdateDefault")
    }
}

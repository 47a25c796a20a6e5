//! [`Differences`]: how a database differs from the models.

use std::fmt;

use super::TableName;

/// How a database differs from the models, as data and, by its `Display`, as a report with a line for each difference.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// sql!("DROP TABLE orders").exec(&engine).await?;
/// let differences = engine.check(tables![User, Order]).await?;
/// assert_eq!(differences.to_string(), "orders: the table is missing in the database");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use = "the differences are only reported: look at them"]
pub struct Differences {
    list: Vec<Difference>,
}

/// One difference between a database and the models.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::inspect::{Change, Object};
///
/// sql!("ALTER TABLE users ADD COLUMN phone text").exec(&engine).await?;
/// for difference in engine.check(tables![User, Order]).await? {
///     assert_eq!((&*difference.table.name, difference.object), ("users", Object::Column("phone".into())));
///     assert_eq!(difference.change, Change::Extra);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The table.
    pub table: TableName,
    /// What in it.
    pub object: Object,
    /// How it differs.
    pub change: Change,
}

impl Difference {
    /// Something of a table differs in this way.
    ///
    /// ```
    /// use creole::inspect::{Change, Difference, Object};
    ///
    /// let missing = Difference::new("users".into(), Object::Table, Change::Missing);
    /// assert_eq!(missing.to_string(), "users: the table is missing in the database");
    /// ```
    pub fn new(table: TableName, object: Object, change: Change) -> Difference {
        Difference { table, object, change }
    }
}

/// What differs.
///
/// ```
/// use creole::inspect::Object;
///
/// assert_eq!(Object::Index("ix_users_name".into()).to_string(), "the index ix_users_name");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Object {
    /// The table as such.
    Table,
    /// A column, by its name.
    Column(String),
    /// The primary key.
    PrimaryKey,
    /// A unique key, by its name.
    Unique(String),
    /// An index, by its name.
    Index(String),
    /// A foreign key, by its name.
    ForeignKey(String),
    /// A check constraint, by its name.
    Check(String),
}

/// How something differs.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::inspect::{Aspect, Change};
///
/// sql!("DROP TABLE orders").exec(&engine).await?;
/// sql!("DROP TABLE users").exec(&engine).await?;
/// sql!("CREATE TABLE users (id integer primary key, email text not null, name text not null, age text)").exec(&engine).await?;
/// let differences = engine.check(tables![User]).await?;
/// let is_type = |change: &Change| matches!(change, Change::Differs { aspect: Aspect::Type, .. });
/// assert!(differences.iter().any(|difference| is_type(&difference.change)), "{differences}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The models have it, the database lacks it.
    Missing,
    /// The database has it, the models lack it.
    Extra,
    /// Both have it, and it differs.
    Differs {
        /// In what.
        aspect: Aspect,
        /// What the model says.
        expected: String,
        /// What the database has.
        found: String,
    },
}

/// In what respect something differs.
///
/// ```
/// use creole::inspect::Aspect;
///
/// assert_eq!(Aspect::OnDelete.to_string(), "ON DELETE");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Aspect {
    /// The name, where everything else is the same.
    Name,
    /// The type of a column, with the condition that belongs to it.
    Type,
    /// Whether NULL is allowed.
    Nullability,
    /// The default.
    Default,
    /// Whether the database numbers the rows, or computes the value.
    Generation,
    /// The collation.
    Collation,
    /// The comment.
    Comment,
    /// The columns of a key, or what an index is sorted by.
    Columns,
    /// Whether an index is unique.
    Uniqueness,
    /// The rows that are in an index.
    Filter,
    /// What a foreign key refers to.
    References,
    /// What happens when the row referred to is deleted.
    OnDelete,
    /// What happens when the key referred to is changed.
    OnUpdate,
    /// The condition of a check.
    Rule,
}

impl Differences {
    /// Whether the database is as the models say.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert!(engine.check(tables![User, Order]).await?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// sql!("DROP TABLE orders").exec(&engine).await?;
    /// assert_eq!(engine.check(tables![User, Order]).await?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The differences, table by table.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let differences = engine.check(tables![User]).await?;
    /// assert!(differences.iter().all(|difference| difference.table.name == "orders")); // No model in the list has it.
    /// # Ok(())
    /// # }
    /// ```
    pub fn iter(&self) -> std::slice::Iter<'_, Difference> {
        self.list.iter()
    }

    pub(crate) fn push(&mut self, difference: Difference) {
        self.list.push(difference);
    }
}

impl IntoIterator for Differences {
    type Item = Difference;
    type IntoIter = std::vec::IntoIter<Difference>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'d> IntoIterator for &'d Differences {
    type Item = &'d Difference;
    type IntoIter = std::slice::Iter<'d, Difference>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Those that are of interest: `differences.into_iter().filter(…).collect::<Differences>()`.
impl FromIterator<Difference> for Differences {
    fn from_iter<I: IntoIterator<Item = Difference>>(differences: I) -> Differences {
        Differences { list: differences.into_iter().collect() }
    }
}

/// A line for each difference, or one that says that there is none.
impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.list.is_empty() {
            return f.write_str("the database is as the models say");
        }
        for (index, difference) in self.list.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{difference}")?;
        }
        Ok(())
    }
}

/// `orders: the column total: the type is text, the model says numeric(12,2)`
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.table, self.object)?;
        match &self.change {
            Change::Missing => f.write_str(" is missing in the database"),
            Change::Extra => f.write_str(" is in the database only"),
            Change::Differs { aspect, expected, found } => {
                write!(f, ": {aspect} is {found}, the model says {expected}")
            }
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Object::Table => f.write_str("the table"),
            Object::Column(name) => write!(f, "the column {name}"),
            Object::PrimaryKey => f.write_str("the primary key"),
            Object::Unique(name) => write!(f, "the unique key {name}"),
            Object::Index(name) => write!(f, "the index {name}"),
            Object::ForeignKey(name) => write!(f, "the foreign key {name}"),
            Object::Check(name) => write!(f, "the check {name}"),
        }
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Aspect::Name => "the name",
            Aspect::Type => "the type",
            Aspect::Nullability => "whether it takes NULL",
            Aspect::Default => "the default",
            Aspect::Generation => "where its value comes from",
            Aspect::Collation => "the collation",
            Aspect::Comment => "the comment",
            Aspect::Columns => "what it is over",
            Aspect::Uniqueness => "whether it is unique",
            Aspect::Filter => "which rows it holds",
            Aspect::References => "what it refers to",
            Aspect::OnDelete => "ON DELETE",
            Aspect::OnUpdate => "ON UPDATE",
            Aspect::Rule => "the condition",
        })
    }
}

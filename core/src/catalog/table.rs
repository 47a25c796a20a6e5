//! A table as a database describes it.

use super::TableName;
use crate::schema::Action;
use crate::sql::Direction;
use crate::types::ColumnType;

/// A table that is in the database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let users = engine.inspect().table("users").await?;
/// assert_eq!((users.columns.len(), users.uniques.len(), users.foreign_keys.len()), (4, 1, 0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableInfo {
    /// Its name.
    pub name: TableName,
    /// Its comment, where it has one and the database keeps comments.
    pub comment: Option<String>,
    /// Its columns, in their order.
    pub columns: Vec<ColumnInfo>,
    /// Its primary key.
    pub primary_key: Option<KeyInfo>,
    /// Its unique keys. MySQL and MariaDB do not tell them from unique indexes over columns, which stand here too.
    pub uniques: Vec<KeyInfo>,
    /// Its indexes, but for those that serve the keys.
    pub indexes: Vec<IndexInfo>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKeyInfo>,
    /// Its check constraints, but for those that belong to the type of a column.
    pub checks: Vec<CheckInfo>,
}

/// A column that is in the database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::types::ColumnType;
///
/// let users = engine.inspect().table("users").await?;
/// let age = users.column("age").expect("the model has it");
/// assert_eq!((age.ty, age.nullable), (Some(ColumnType::I32), true));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ColumnInfo {
    /// Its name.
    pub name: String,
    /// creole's type, where the database's own and its check say which one it is. A database that keeps several types in one
    /// of its own gives the plainest of them.
    pub ty: Option<ColumnType>,
    /// The database's own name for the type; of an enum with its labels, as in `enum('a','b')` or `mood enum('a','b')`.
    pub type_name: String,
    /// The condition that keeps it to what its type holds, where a check does that.
    pub value_check: Option<String>,
    /// Whether it may hold NULL.
    pub nullable: bool,
    /// Its default, as SQL.
    pub default: Option<String>,
    /// Whether the database numbers the rows by it.
    pub auto: bool,
    /// The expression that it is computed from, where it is.
    pub computed: Option<String>,
    /// The collation of its text, where it is not the database's default.
    pub collation: Option<String>,
    /// Its comment, where it has one and the database keeps comments.
    pub comment: Option<String>,
}

/// A primary or unique key that is in the database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let key = engine.inspect().uniques("users").await?.remove(0);
/// assert_eq!(key.columns, ["email"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyInfo {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The names of its columns, in its order.
    pub columns: Vec<String>,
}

/// An index that is in the database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// sql!("create index by_item on orders (item, price desc)").exec(&engine).await?;
/// let index = engine.inspect().indexes("orders").await?.remove(0);
/// assert_eq!((&*index.name, index.unique, index.parts.len()), ("by_item", false, 2));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexInfo {
    /// Its name.
    pub name: String,
    /// Whether it is unique.
    pub unique: bool,
    /// What it is sorted by.
    pub parts: Vec<IndexPartInfo>,
    /// The condition of the rows that are in it, as SQL, where it does not hold all.
    pub filter: Option<String>,
}

/// One of the things that an index is sorted by.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// sql!("create index by_item on orders (item, price + 1)").exec(&engine).await?;
/// let index = engine.inspect().indexes("orders").await?.remove(0);
/// assert_eq!(index.parts[0].column.as_deref(), Some("item"));
/// assert!(index.parts[1].expr.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexPartInfo {
    /// The column's name; `None` for an expression.
    pub column: Option<String>,
    /// The expression, as SQL; `None` for a column.
    pub expr: Option<String>,
    /// The direction.
    pub direction: Direction,
    /// How many characters of the column are in the index, where not all of them are.
    pub length: Option<u32>,
}

/// A foreign key that is in the database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let key = engine.inspect().foreign_keys("orders").await?.remove(0);
/// assert_eq!((key.columns, key.table.name, key.references), (vec!["user_id".into()], "users".into(), vec!["id".into()]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForeignKeyInfo {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The names of its columns, in its order.
    pub columns: Vec<String>,
    /// The table it refers to; without a namespace where the connection finds it without one.
    pub table: TableName,
    /// The names of the columns it refers to; empty if it names none, and so refers to the primary key.
    pub references: Vec<String>,
    /// What happens when the row it refers to is deleted.
    pub on_delete: Action,
    /// What happens when the key it refers to is changed.
    pub on_update: Action,
}

/// A check constraint that is in the database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// sql!("create table pets (legs integer, constraint ck_legs check (legs > 1))").exec(&engine).await?;
/// let check = engine.inspect().checks("pets").await?.remove(0);
/// assert_eq!(check.condition, "legs > 1");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckInfo {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The condition, as SQL, in the database's own spelling.
    pub condition: String,
}

impl TableInfo {
    /// A table of which only the name is known.
    pub fn new(name: TableName) -> TableInfo {
        TableInfo {
            name,
            comment: None,
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// The column of this name.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = engine.inspect().table("users").await?;
    /// assert!(users.column("email").is_some() && users.column("phone").is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn column(&self, name: &str) -> Option<&ColumnInfo> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl ColumnInfo {
    /// A column that is NOT NULL and of which nothing else is known.
    pub fn new(name: impl Into<String>, type_name: impl Into<String>) -> ColumnInfo {
        ColumnInfo {
            name: name.into(),
            ty: None,
            type_name: type_name.into(),
            value_check: None,
            nullable: false,
            default: None,
            auto: false,
            computed: None,
            collation: None,
            comment: None,
        }
    }
}

impl KeyInfo {
    /// A key of these columns.
    pub fn new(name: Option<String>, columns: Vec<String>) -> KeyInfo {
        KeyInfo { name, columns }
    }
}

impl IndexInfo {
    /// An index over all rows that is not unique.
    pub fn new(name: impl Into<String>, parts: Vec<IndexPartInfo>) -> IndexInfo {
        IndexInfo { name: name.into(), unique: false, parts, filter: None }
    }
}

impl ForeignKeyInfo {
    /// A key of these columns that refers to those of another table and refuses changes that would break it.
    pub fn new(
        name: Option<String>,
        columns: Vec<String>,
        table: TableName,
        references: Vec<String>,
    ) -> ForeignKeyInfo {
        let (on_delete, on_update) = (Action::Restrict, Action::Restrict);
        ForeignKeyInfo { name, columns, table, references, on_delete, on_update }
    }

    /// The same with what happens when the row that it refers to is deleted, and when its key is changed.
    pub fn acting(mut self, on_delete: Action, on_update: Action) -> ForeignKeyInfo {
        (self.on_delete, self.on_update) = (on_delete, on_update);
        self
    }
}

impl CheckInfo {
    /// A condition, as SQL.
    pub fn new(name: Option<String>, condition: impl Into<String>) -> CheckInfo {
        CheckInfo { name, condition: condition.into() }
    }
}

impl IndexPartInfo {
    /// A column.
    pub fn column(name: impl Into<String>, direction: Direction) -> IndexPartInfo {
        IndexPartInfo { column: Some(name.into()), expr: None, direction, length: None }
    }

    /// A column or an expression, of which one is there.
    pub fn new(column: Option<String>, expr: Option<String>, direction: Direction) -> IndexPartInfo {
        IndexPartInfo { column, expr, direction, length: None }
    }

    /// An expression.
    pub fn expr(expr: impl Into<String>, direction: Direction) -> IndexPartInfo {
        IndexPartInfo { column: None, expr: Some(expr.into()), direction, length: None }
    }
}

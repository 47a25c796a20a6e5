//! [`Table`].

use std::borrow::Cow;
use std::fmt;

use super::names;
use super::{Action, Check, ColumnDef, ForeignKey, Generated, Index, NamedRelation, SoftDelete, Unique, UpdateDefault};
use crate::types::Value;

/// How far a chain of references between keys is followed.
const LONGEST_CHAIN: usize = 16;

/// A table, as its model describes it. The derive writes one per model, as a static.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let table = Order::table();
/// assert_eq!((table.name, table.columns.len()), ("orders", 6));
/// assert_eq!(table.column_names(table.primary_key), ["id"]);
/// # Ok(())
/// # }
/// ```
#[non_exhaustive]
pub struct Table {
    /// The SQL namespace, where the model names one.
    pub schema: Option<&'static str>,
    /// The table's name.
    pub name: &'static str,
    /// What the database is told of it, where it keeps comments.
    pub comment: Option<&'static str>,
    /// The columns, in the order of the struct's fields.
    pub columns: &'static [ColumnDef],
    /// The columns of the primary key, by their index in `columns`; never empty.
    pub primary_key: &'static [u16],
    /// The column that counts the updates of its row, if one does.
    pub version: Option<u16>,
    /// The column that says whose a row is, where the table keeps the rows of several tenants.
    pub tenant: Option<u16>,
    /// The unique keys beside the primary key.
    pub uniques: &'static [Unique],
    /// The indexes; the keys have theirs without being listed here.
    pub indexes: &'static [Index],
    /// The foreign keys.
    pub foreign_keys: &'static [ForeignKey],
    /// The check constraints.
    pub checks: &'static [Check],
    /// How rows are marked as deleted, where deleting keeps them.
    pub soft_delete: Option<SoftDelete>,
    /// The relations from its model. A function, because relations name tables.
    pub relations: fn() -> &'static [NamedRelation],
}

impl Table {
    /// A table of these columns and no keys.
    ///
    /// ```
    /// use creole::schema::{ColumnDef, Table, Unique};
    /// use creole::types::ColumnType;
    ///
    /// static USERS: Table = Table::new("users", &COLUMNS).primary_key(&[0]).uniques(&[Unique::new(&[1])]);
    /// static COLUMNS: [ColumnDef; 3] = [
    ///     ColumnDef::new("id", ColumnType::I64).auto(),
    ///     ColumnDef::new("email", ColumnType::TEXT),
    ///     ColumnDef::new("age", ColumnType::U8).nullable(),
    /// ];
    /// assert_eq!(USERS.column_names(USERS.primary_key), ["id"]);
    /// ```
    pub const fn new(name: &'static str, columns: &'static [ColumnDef]) -> Table {
        Table {
            schema: None,
            name,
            comment: None,
            columns,
            primary_key: &[],
            version: None,
            tenant: None,
            uniques: &[],
            indexes: &[],
            foreign_keys: &[],
            checks: &[],
            soft_delete: None,
            relations: || &[],
        }
    }

    /// The same in an SQL namespace.
    pub const fn schema(mut self, schema: &'static str) -> Table {
        self.schema = Some(schema);
        self
    }

    /// The same with a comment, for databases that keep them.
    pub const fn comment(mut self, comment: &'static str) -> Table {
        self.comment = Some(comment);
        self
    }

    /// The same with these columns as its primary key, by their index.
    pub const fn primary_key(mut self, columns: &'static [u16]) -> Table {
        self.primary_key = columns;
        self
    }

    /// The same with this column as the version of its rows, by its index.
    pub const fn version(mut self, column: u16) -> Table {
        self.version = Some(column);
        self
    }

    /// The same with this column saying whose its rows are, by its index.
    ///
    /// ```
    /// use creole::schema::{ColumnDef, Table};
    /// use creole::types::ColumnType;
    ///
    /// static NOTES: Table = Table::new("notes", &COLUMNS).primary_key(&[0]).tenant(1);
    /// static COLUMNS: [ColumnDef; 2] =
    ///     [ColumnDef::new("id", ColumnType::I64), ColumnDef::new("account_id", ColumnType::I64).written_once()];
    /// assert_eq!(NOTES.tenant, Some(1));
    /// ```
    pub const fn tenant(mut self, column: u16) -> Table {
        self.tenant = Some(column);
        self
    }

    /// The same with these unique keys.
    pub const fn uniques(mut self, keys: &'static [Unique]) -> Table {
        self.uniques = keys;
        self
    }

    /// The same with these indexes.
    pub const fn indexes(mut self, indexes: &'static [Index]) -> Table {
        self.indexes = indexes;
        self
    }

    /// The same with these foreign keys.
    pub const fn foreign_keys(mut self, keys: &'static [ForeignKey]) -> Table {
        self.foreign_keys = keys;
        self
    }

    /// The same with these check constraints.
    pub const fn checks(mut self, checks: &'static [Check]) -> Table {
        self.checks = checks;
        self
    }

    /// The same, marking rows as deleted in this way.
    pub const fn soft_delete(mut self, mark: SoftDelete) -> Table {
        self.soft_delete = Some(mark);
        self
    }

    /// The same with the relations from its model.
    pub const fn relations(mut self, relations: fn() -> &'static [NamedRelation]) -> Table {
        self.relations = relations;
        self
    }

    /// The column at an index.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(User::table().column(1).map(|column| column.name), Some("email"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn column(&self, index: u16) -> Option<&'static ColumnDef> {
        self.columns.get(usize::from(index))
    }

    /// The names of the columns at these indexes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(User::table().column_names(&[0, 2]), ["id", "name"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn column_names(&self, indexes: &[u16]) -> Vec<&'static str> {
        indexes.iter().filter_map(|&index| self.column(index)).map(|column| column.name).collect()
    }

    /// Whether another model describes the same table of the database, perhaps with other columns or in another order.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// #[derive(Model)]
    /// #[model(table = "users")]
    /// struct Name {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     name: String,
    /// }
    ///
    /// assert!(Name::table().is_same_table(User::table()));
    /// assert_ne!(Name::table(), User::table());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_same_table(&self, other: &Table) -> bool {
        self == other || (self.schema == other.schema && self.name == other.name)
    }

    /// The index here of a column that has this index in another model's description of the table: columns are the same where
    /// their names are. `None` where this model has none of that name.
    pub fn place_of(&self, column: u16, of: &Table) -> Option<u16> {
        if self == of {
            return Some(column);
        }
        self.index_of(of.columns.get(usize::from(column))?.name)
    }

    /// The index of the column of this name.
    pub(crate) fn index_of(&self, name: &str) -> Option<u16> {
        u16::try_from(self.columns.iter().position(|column| column.name == name)?).ok()
    }

    /// The index of the column that the database numbers, if the table has one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(User::table().auto_column(), Some(0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn auto_column(&self) -> Option<u16> {
        let place = self.columns.iter().position(|column| matches!(column.generated, Generated::Auto))?;
        u16::try_from(place).ok()
    }

    /// What an UPDATE writes to a column that it says nothing of, made now; `None` where it then leaves the column alone.
    pub fn on_update(&self, column: u16) -> Option<Value> {
        self.column(column)?.on_update.map(UpdateDefault::value)
    }

    /// The columns that every UPDATE writes, by their index, with the values for a statement that is built now.
    pub fn update_defaults(&self) -> impl Iterator<Item = (u16, Value)> {
        let places = 0..u16::try_from(self.columns.len()).unwrap_or(u16::MAX);
        places.filter_map(|place| Some((place, self.on_update(place)?)))
    }

    /// Whether a column holds numbers that the database gives out: it numbers the rows of this table by it, or the column
    /// refers to one by which another table's rows are numbered.
    pub fn is_numbered(&self, column: &ColumnDef) -> bool {
        self.index_of(column.name).is_some_and(|place| self.leads_to_number(place, LONGEST_CHAIN))
    }

    /// Whether rows that are deleted may take others of this table with them.
    pub(crate) fn cascades_to_itself(&'static self) -> bool {
        self.leads_back(|action| action == Action::Cascade)
    }

    /// Whether rows that are deleted may take others of this table with them, or change them.
    pub(crate) fn deletes_reach_itself(&'static self) -> bool {
        self.leads_back(|action| action != Action::Restrict)
    }

    /// Whether rows of this table may refer to one another, be it by way of other tables.
    pub(crate) fn refers_to_itself(&'static self) -> bool {
        self.leads_back(|_| true)
    }

    fn leads_back(&'static self, by: fn(Action) -> bool) -> bool {
        let (mut waiting, mut seen) = (vec![self], Vec::new());
        while let Some(table) = waiting.pop() {
            for key in table.foreign_keys.iter().filter(|key| by(key.on_delete)) {
                let target = (key.table)();
                if target.is_same_table(self) {
                    return true;
                }
                if !seen.contains(&target) {
                    seen.push(target);
                    waiting.push(target);
                }
            }
        }
        false
    }

    fn leads_to_number(&self, column: u16, steps: usize) -> bool {
        let is_own = self.columns.get(usize::from(column)).is_some_and(|column| column.generated == Generated::Auto);
        if is_own || steps == 0 {
            return is_own;
        }
        self.foreign_keys.iter().any(|key| {
            let mut ends = key.columns.iter().zip(key.references);
            ends.any(|(&own, &target)| own == column && (key.table)().leads_to_number(target, steps - 1))
        })
    }

    /// Checks that a foreign key may refer to these columns: that together, in this order, they hold nothing twice. The derive
    /// writes calls to it, which run while the model is compiled; SQLite would find out only when a row is written.
    ///
    /// # Panics
    /// Where the columns are neither the primary key nor a unique key.
    #[track_caller]
    pub const fn check_referable(&self, places: &[u16]) {
        if are_same(self.primary_key, places) {
            return;
        }
        let mut uniques = self.uniques;
        while let [unique, rest @ ..] = uniques {
            if are_same(unique.columns, places) {
                return;
            }
            uniques = rest;
        }
        match places {
            [_] => panic!("a foreign key refers to a primary key or a `unique` column, and this one is neither"),
            _ => panic!(
                "a foreign key refers to the primary key or a `unique` key, with its columns in the key's order, and these are neither"
            ),
        }
    }

    /// Checks that no two rows have the same values in these columns, so that one row at most refers to another by them. The
    /// derive writes calls to it, which run while the model is compiled.
    ///
    /// # Panics
    /// Where neither the primary key nor a unique key is among them as a whole.
    #[track_caller]
    pub const fn check_single(&self, places: &[u16]) {
        if are_among(self.primary_key, places) {
            return;
        }
        let mut uniques = self.uniques;
        while let [unique, rest @ ..] = uniques {
            if are_among(unique.columns, places) {
                return;
            }
            uniques = rest;
        }
        panic!(
            "`has_one` is for a foreign key that is `unique`; where several rows may refer to one, it is `has_many`"
        );
    }

    /// The name of the primary key constraint.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(User::table().primary_key_name(), "pk_users");
    /// # Ok(())
    /// # }
    /// ```
    pub fn primary_key_name(&self) -> Cow<'static, str> {
        names::primary_key(self)
    }

    /// The name and the columns of the foreign key that has this name; without a name, of the only one there is.
    pub(crate) fn foreign_key(
        &'static self,
        constraint: Option<&str>,
    ) -> Option<(Cow<'static, str>, Vec<&'static str>)> {
        let key = match constraint {
            Some(name) => self.foreign_keys.iter().find(|key| key.name(self) == name)?,
            None => match self.foreign_keys {
                [only] => only,
                _ => return None,
            },
        };
        Some((key.name(self), self.column_names(key.columns)))
    }
}

const fn are_same(mut one: &[u16], mut other: &[u16]) -> bool {
    while let ([a, one_rest @ ..], [b, other_rest @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (one_rest, other_rest);
    }
    one.is_empty() && other.is_empty()
}

/// Whether each of these columns is one of the others.
const fn are_among(mut these: &[u16], others: &[u16]) -> bool {
    while let [this, rest @ ..] = these {
        let mut left = others;
        while let [other, rest @ ..] = left
            && *other != *this
        {
            left = rest;
        }
        if left.is_empty() {
            return false;
        }
        these = rest;
    }
    true
}

/// A table is equal to itself alone: two models may describe one table with other columns, or in another order. Whether they do is said by
/// [`is_same_table`](Table::is_same_table).
impl PartialEq for Table {
    fn eq(&self, other: &Table) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Table {}

/// `schema.name`.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = self.schema {
            write!(f, "{schema}.")?;
        }
        f.write_str(self.name)
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({self})")
    }
}

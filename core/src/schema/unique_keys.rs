//! The keys of a table by which its rows are told apart.

use std::borrow::Cow;

use super::{Index, Table};
use crate::sql::Expr;

/// The primary key, a unique key or a unique index of columns.
#[derive(Debug, Clone)]
pub(crate) struct TableKey {
    /// Its name in the database.
    pub(crate) name: Cow<'static, str>,
    /// Its columns, by their index in the table.
    pub(crate) columns: Vec<u16>,
    /// Which rows it is about, where that is not all of them.
    pub(crate) filter: Option<fn() -> Expr>,
}

impl TableKey {
    /// Whether it is of these columns, in whatever order.
    pub(crate) fn is_of(&self, columns: &[u16]) -> bool {
        self.columns.len() == columns.len() && self.columns.iter().all(|column| columns.contains(column))
    }

    /// Which rows it is about, by the columns of its model.
    pub(crate) fn condition(&self, table: &'static Table) -> Option<Expr> {
        self.filter.map(|filter| filter().of_model(table))
    }
}

impl Table {
    /// The keys of columns, the primary key first. Unique indexes of expressions are not among them.
    pub(crate) fn keys(&self) -> Vec<TableKey> {
        let primary = TableKey { name: self.primary_key_name(), columns: self.primary_key.to_vec(), filter: None };
        let uniques = self.uniques.iter().map(|key| TableKey {
            name: key.name(self),
            columns: key.columns.to_vec(),
            filter: None,
        });
        let is_of_columns = |index: &&Index| index.unique && index.columns().len() == index.parts.len();
        let indexes = self.indexes.iter().filter(is_of_columns).map(|index| TableKey {
            name: index.name(self),
            columns: index.columns(),
            filter: index.filter,
        });
        std::iter::once(primary).chain(uniques).chain(indexes).collect()
    }

    /// The name and the columns of the unique key or unique index that has this constraint name, or else these columns.
    /// `primary` is what the database calls the primary key.
    pub(crate) fn unique_key(
        &self,
        primary: &str,
        constraint: Option<&str>,
        columns: &[Cow<'static, str>],
    ) -> Option<(Cow<'static, str>, Vec<&'static str>)> {
        let key = match constraint {
            Some(name) if name == primary => self.keys().into_iter().next()?,
            Some(name) => self.key_named(name)?,
            None => self.key_of(columns.iter().map(AsRef::as_ref))?,
        };
        Some((key.name, self.column_names(&key.columns)))
    }

    /// Whether the model declares the unique key of this constraint name or these columns. Where neither is known, it may.
    pub(crate) fn may_declare(&self, constraint: Option<&str>, columns: &[&str]) -> bool {
        constraint.is_some_and(|name| self.key_named(name).is_some())
            || self.key_of(columns.iter().copied()).is_some()
            || (constraint.is_none() && columns.is_empty())
    }

    /// Whether a unique index computes its values: only the database knows which rows have the same.
    pub(crate) fn has_unique_expressions(&self) -> bool {
        self.indexes.iter().any(|index| index.unique && index.columns().len() < index.parts.len())
    }

    /// The keys of all rows but the one of these columns.
    pub(crate) fn other_keys(&self, columns: &[u16]) -> Vec<TableKey> {
        self.keys().into_iter().filter(|key| key.filter.is_none() && !key.is_of(columns)).collect()
    }

    /// The key of this name. Unique indexes of expressions are among them, by their columns outside of expressions.
    fn key_named(&self, name: &str) -> Option<TableKey> {
        let of_index = |index: &Index| {
            let key = TableKey { name: index.name(self), columns: index.columns(), filter: index.filter };
            (index.unique && key.name == name).then_some(key)
        };
        self.keys().into_iter().find(|key| key.name == name).or_else(|| self.indexes.iter().find_map(of_index))
    }

    /// The key of the columns of these names. A database may have it in another order than the model, so one in the order of the
    /// names is only the first choice.
    fn key_of<'n>(&self, names: impl Iterator<Item = &'n str>) -> Option<TableKey> {
        let columns: Vec<u16> = names.map(|name| self.index_of(name)).collect::<Option<_>>()?;
        let mut keys = self.keys();
        keys.retain(|key| key.is_of(&columns));
        let exact = keys.iter().position(|key| key.columns == columns).unwrap_or(0);
        (exact < keys.len()).then(|| keys.swap_remove(exact))
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::schema::{ColumnDef, Index, IndexPart, Table, Unique};
    use crate::types::ColumnType;

    static COLUMNS: [ColumnDef; 4] = [
        ColumnDef::new("id", ColumnType::I64),
        ColumnDef::new("day", ColumnType::I64),
        ColumnDef::new("room", ColumnType::I64),
        ColumnDef::new("seat", ColumnType::I64),
    ];
    static PARTS: [IndexPart; 2] = [IndexPart::column(2), IndexPart::column(1)];
    static SEATS: Table = Table::new("seats", &COLUMNS).primary_key(&[0]).uniques(&[Unique::new(&[1, 2])]);
    static BOTH: Table = Table::new("seats", &COLUMNS)
        .primary_key(&[0])
        .uniques(&[Unique::new(&[1, 2])])
        .indexes(&[Index::new(&PARTS).unique()]);

    #[test]
    fn a_violated_key_is_known_by_its_columns_in_whatever_order() {
        for columns in [&["day", "room"][..], &["room", "day"], &["id"], &[]] {
            assert!(SEATS.may_declare(None, columns), "{columns:?}");
        }
        for columns in [&["day"][..], &["day", "seat"], &["day", "room", "seat"], &["day", "day"], &["day", "other"]] {
            assert!(!SEATS.may_declare(None, columns), "{columns:?}");
        }
        assert!(SEATS.may_declare(Some("uq_seats_day_room"), &[]) && !SEATS.may_declare(Some("other"), &[]));
    }

    #[test]
    fn a_violated_key_is_named_by_its_columns_in_whatever_order() {
        let named = |table: &'static Table, columns: [&'static str; 2]| {
            Some(table.unique_key("PRIMARY", None, &columns.map(Cow::Borrowed))?.0)
        };
        assert_eq!(named(&SEATS, ["day", "room"]).as_deref(), Some("uq_seats_day_room"));
        assert_eq!(named(&SEATS, ["room", "day"]).as_deref(), Some("uq_seats_day_room"));
        assert_eq!(named(&SEATS, ["day", "seat"]), None);
        // Of two keys of the same columns, the one in whose order they are.
        assert_eq!(named(&BOTH, ["day", "room"]).as_deref(), Some("uq_seats_day_room"));
        assert_eq!(named(&BOTH, ["room", "day"]).as_deref(), Some("ux_seats_room_day"));
    }
}

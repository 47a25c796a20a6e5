//! Long lists: one document with all values, read as a table, so that a list may be longer than a statement has parameters.
//!
//! The table stands in a subquery without duplicates. Neither server would otherwise look into it by a key of its own where
//! the condition does not decide alone, and both would read it anew for every row.

use creole_core::sql::{
    Bind, Expr, List, Membership, Precedence, SqlWriter, standard, write_json_digits, write_json_string,
};
use creole_core::types::{ColumnType, TypeFamily, ValueRef};
use creole_core::{Error, ErrorKind, Result, write_sql};

use crate::dialect::Flavor;
use crate::types::{is_no_uuid, mismatch};

/// How many values of a list are sent one by one where that is better: see [`is_better_bound`].
const MOST_BOUND: usize = 32_768;

/// How many parameters are left to the rest of the statement.
const REST: usize = 1_024;

/// The widths that a column of texts has, in characters: the same text serves all lists whose longest value is about as long.
const WIDTHS: [usize; 6] = [16, 64, 256, 1_024, 4_096, 12_000];

/// How wide the columns of a row may be in all; beyond, they are kept elsewhere.
const WIDEST_ROW: usize = 12_000;

/// A column of the table that the values are read as.
struct ListColumn {
    /// How the document is read.
    read_as: String,
    /// What is around a value that is made of what was read.
    around: (&'static str, &'static str),
    /// What stands for NULL where there is none, so that the server sees it: it looks for NULLs among the rows otherwise.
    instead: &'static str,
    holds_null: bool,
}

/// A list that is read as a table, and what is looked for in it.
#[derive(Clone, Copy)]
struct Listed<'a> {
    operand: &'a Expr,
    list: List<'a>,
    flavor: Flavor,
}

impl Flavor {
    /// Writes that an expression stands, or does not stand, in a list.
    pub(crate) fn write_in_list<'a>(
        self,
        w: &mut SqlWriter<'a>,
        membership: Membership,
        operand: &'a Expr,
        items: &'a [Expr],
    ) -> Result<()> {
        let listed = List::of(w, items).map(|list| Listed { operand, list, flavor: self });
        let Some(listed) = listed.filter(|listed| !listed.is_better_bound(w)) else {
            return standard::in_list(w, membership, operand, items);
        };
        let Some(columns) = listed.columns() else { return standard::in_list(w, membership, operand, items) };
        w.expr(operand, Precedence::Operand)?;
        write_sql!(w, " ", membership.sql(), " (", listed.write_rows(w, &columns), ")")
    }

    /// The values of a list as one document.
    pub(crate) fn list_document(self, list: List<'_>) -> Result<String> {
        let mut text = String::with_capacity(list.count().saturating_mul(16));
        list.write_json(&mut text, &mut |text, bind| self.write_listed(text, bind))?;
        Ok(text)
    }

    /// Numbers that a document may hold exactly are numbers, all other values texts.
    fn write_listed(self, text: &mut String, bind: Bind<'_>) -> Result<()> {
        match (bind.value, bind.ty) {
            (ValueRef::Null, _) => text.push_str("null"),
            (ValueRef::Bool(value), _) => text.push(if value { '1' } else { '0' }),
            (ValueRef::I64(number), _) => text.push_str(&number.to_string()),
            (ValueRef::U64(number), _) => text.push_str(&number.to_string()),
            (ValueRef::F64(number), _) if !number.is_finite() => {
                return Err(Error::new(ErrorKind::InvalidValue, "this database holds neither NaN nor infinity"));
            }
            // Zero has no sign here.
            (ValueRef::F64(number), _) => write_json_string(text, &format!("{:e}", number + 0.0)),
            (ValueRef::Decimal(number), _) => write_json_string(text, &number.to_string()),
            (ValueRef::Text(value), _) => write_json_string(text, value),
            (ValueRef::Display(value), _) => write_json_string(text, &value.to_string()),
            (ValueRef::Bytes(bytes), _) => write_json_digits(text, bytes),
            (ValueRef::Uuid(id), ColumnType::Uuid) if self == Flavor::MySql => write_json_digits(text, id.as_bytes()),
            (ValueRef::Uuid(id), _) => write_json_string(text, &id.to_string()),
            (ValueRef::Date(date), _) => write_json_string(text, &date.to_string()),
            (ValueRef::Time(time), _) => write_json_string(text, &time.to_string()),
            (ValueRef::DateTime(moment) | ValueRef::Instant(moment), _) => write_json_string(text, &moment.to_string()),
            (value, ty) => return Err(mismatch(value, ty)),
        }
        Ok(())
    }

    /// The column for the values that `operand` is compared with; `room` is how many characters the row has left.
    fn list_column(self, operand: &Expr, ty: ColumnType, list: List<'_>, room: &mut usize) -> Option<ListColumn> {
        let plain = ("", "");
        let (longest, holds_null) = measured(list);
        let mut text = |charset: &str| match WIDTHS.iter().find(|width| **width >= longest) {
            Some(&width) if width <= *room => {
                *room -= width;
                format!("varchar({width}) {charset}")
            }
            _ => format!("longtext {charset}"),
        };
        use TypeFamily::*;
        let (read_as, around, instead) = match ty.family() {
            Integer if ty == ColumnType::U64 => ("bigint unsigned".to_owned(), plain, "0"),
            Bool | Integer => ("bigint".to_owned(), plain, "0"),
            Float => ("double".to_owned(), plain, "0e0"),
            Decimal => ("decimal(58, 28)".to_owned(), plain, "0"),
            Date => ("date".to_owned(), plain, "DATE'1000-01-01'"),
            Time => ("time(6)".to_owned(), plain, "TIME'00:00:00'"),
            DateTime => ("datetime(6)".to_owned(), plain, "TIMESTAMP'1000-01-01 00:00:00'"),
            Enum if ty.native_enum().is_some() => return None,
            Text | Enum => {
                (text(&format!("CHARACTER SET utf8mb4 COLLATE {}", self.collation_of(operand)?)), plain, "''")
            }
            Bytes => (text("CHARACTER SET ascii"), ("unhex(", ")"), "x''"),
            Uuid if self == Flavor::MySql => (text("CHARACTER SET ascii"), ("unhex(", ")"), "x''"),
            // A cast makes NULL of those that MariaDB lacks, which would then be taken for another.
            Uuid if holds_no_uuid(list) => return None,
            Uuid => (
                text("CHARACTER SET ascii"),
                ("CAST(", " AS uuid)"),
                "CAST('00000000-0000-0000-0000-000000000000' AS uuid)",
            ),
            Json | Array | Other => return None,
        };
        Some(ListColumn { read_as, around, instead, holds_null })
    }

    /// The collation of what texts are compared with, which those of the list must have too; `None` where it is not known.
    fn collation_of(self, operand: &Expr) -> Option<&'static str> {
        match operand {
            Expr::Column(column) => {
                let definition = column.definition()?;
                let is_text = matches!(definition.ty, ColumnType::Text { .. });
                if is_text { self.collation_name(definition.collation) } else { Some(self.binary_collation()) }
            }
            Expr::Derived(column) => self.collation_name(column.collation?),
            Expr::Call { .. } => Some(self.binary_collation()),
            _ => None,
        }
    }
}

impl<'a> Listed<'a> {
    /// Whether the values are better sent one by one, as long as there is room for them. Texts are then compared as what they are
    /// compared with is, whatever the database's own collation of it; those of a document are of the model's. And MariaDB finds the rows
    /// that an UPDATE or DELETE is about by an index then, and not otherwise.
    fn is_better_bound(self, w: &SqlWriter<'_>) -> bool {
        let Listed { list, flavor, .. } = self;
        let is_text = |ty| matches!(ty, ColumnType::Text { .. } | ColumnType::Enum(_));
        let is_better =
            list.types().any(|(ty, _)| is_text(ty)) || (flavor == Flavor::MariaDb && w.finds_rows_to_write());
        let room = w.dialect().capabilities().max_binds.saturating_sub(w.bind_count() + REST);
        is_better && list.count().saturating_mul(list.width()) <= MOST_BOUND.min(room)
    }

    /// The columns; `None` where one of them holds what a document would not give back the same.
    fn columns(self) -> Option<Vec<ListColumn>> {
        let operands = match self.operand {
            Expr::Row(parts) => parts.as_slice(),
            single => std::slice::from_ref(single),
        };
        let mut room = WIDEST_ROW;
        let columns = self.list.types().zip(operands).enumerate();
        columns
            .map(|(index, ((ty, _), operand))| self.flavor.list_column(operand, ty, self.list.column(index), &mut room))
            .collect()
    }

    /// Writes a SELECT of the table's rows.
    fn write_rows(self, w: &mut SqlWriter<'a>, columns: &[ListColumn]) -> Result<()> {
        let Listed { operand, list, flavor } = self;
        let first = list.types().next().map_or(ColumnType::TEXT, |(ty, _)| ty);
        let path = |index: u64| if let Expr::Row(_) = operand { format!("$[{index}]") } else { "$".to_owned() };
        write_sql!(
            w,
            "SELECT * FROM (SELECT DISTINCT ",
            w.commas(columns.iter().zip(1..), |w, (column, number)| column.write_value(w, number)),
            " FROM JSON_TABLE(",
            w.keep_list(list, first),
            "?, '$[*]' COLUMNS (",
            w.commas(columns.iter().zip(1..), |w, (column, number)| column.write_read(w, number, &path(number - 1))),
            ")) AS given) AS listed"
        )?;
        if flavor == Flavor::MySql || !operand.aggregates() {
            return Ok(());
        }
        // MariaDB keeps such rows in a table of its own, in which it does not find an aggregate. It keeps no UNION.
        write_sql!(w, " UNION ALL SELECT ", w.commas(columns, |w, _| w.write("NULL")), " FROM DUAL WHERE 1 = 0")
    }
}

impl ListColumn {
    /// `ifnull(unhex(c1), x'') AS v1`
    fn write_value(&self, w: &mut SqlWriter<'_>, number: u64) -> Result<()> {
        let (before, after) = self.around;
        if self.holds_null {
            return write_sql!(w, before, "c", number, after, " AS v", number);
        }
        write_sql!(w, "ifnull(", before, "c", number, after, ", ", self.instead, ") AS v", number)
    }

    /// `c1 bigint PATH '$' ERROR ON ERROR`
    fn write_read(&self, w: &mut SqlWriter<'_>, number: u64, path: &str) -> Result<()> {
        write_sql!(w, "c", number, " ", &self.read_as, " PATH '", path, "' ERROR ON ERROR")
    }
}

/// How many characters the longest value has in the document, and whether there is a NULL.
fn measured(list: List<'_>) -> (usize, bool) {
    let (mut longest, mut holds_null) = (0, false);
    // Measuring has no error of its own.
    let _ = list.each(&mut |bind| {
        let length = match bind.value {
            ValueRef::Text(text) if text.len() <= longest => 0,
            ValueRef::Text(text) => text.chars().count(),
            ValueRef::Display(text) => text.to_string().chars().count(),
            ValueRef::Bytes(bytes) => bytes.len() * 2,
            ValueRef::Uuid(_) => 36,
            ValueRef::Null => {
                holds_null = true;
                0
            }
            ValueRef::Bool(_)
            | ValueRef::I64(_)
            | ValueRef::U64(_)
            | ValueRef::F64(_)
            | ValueRef::Decimal(_)
            | ValueRef::Date(_)
            | ValueRef::Time(_)
            | ValueRef::DateTime(_)
            | ValueRef::Instant(_)
            | ValueRef::Cut(_)
            | ValueRef::Json(_)
            | ValueRef::Array(_)
            | ValueRef::List(_)
            | ValueRef::Invalid(_)
            | ValueRef::Other { .. } => 0,
        };
        longest = longest.max(length);
        Ok(())
    });
    (longest, holds_null)
}

/// Whether one of the values is no UUID to MariaDB.
fn holds_no_uuid(list: List<'_>) -> bool {
    let mut found = false;
    // Looking has no error of its own.
    let _ = list.each(&mut |bind| {
        found |= matches!(bind.value, ValueRef::Uuid(id) if is_no_uuid(id));
        Ok(())
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MariaDb, MySql};
    use creole_core::Dialect;
    use creole_core::types::Value;
    use uuid::Uuid;

    fn written(dialect: &dyn Dialect, ids: impl Iterator<Item = u128>) -> String {
        let id = |id| Expr::value(Value::Uuid(Uuid::from_u128(id)), ColumnType::Uuid);
        let (operand, items): (Expr, Vec<Expr>) = (id(0), ids.map(id).collect());
        let mut w = SqlWriter::new(dialect);
        dialect.syntax().in_list(&mut w, Membership::In, &operand, &items).unwrap();
        w.into_text()
    }

    #[test]
    fn a_uuid_that_mariadb_lacks_is_not_cast() {
        let refused = u128::MAX ^ (0x80 << 56);
        for dialect in [&MariaDb as &dyn Dialect, &MySql] {
            assert!(written(dialect, 0..200).contains("JSON_TABLE"), "{}", dialect.name());
            let with_refused = written(dialect, (0..200).chain([refused]));
            assert_eq!(with_refused.contains("JSON_TABLE"), dialect.name() == "mysql", "{with_refused}");
        }
    }
}

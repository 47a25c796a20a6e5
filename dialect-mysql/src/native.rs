//! The servers' names for types, as their catalogues write them, and back to creole's types.

use creole_core::inspect::ColumnInfo;
use creole_core::sql::SqlWriter;
use creole_core::types::{ColumnType, EnumType};
use creole_core::{Dialect, Result};

use crate::dialect::Flavor;

/// creole's types that can be told by their name in the catalogue; where several have one name, the plainest.
const NAMES: [(&str, ColumnType); 17] = [
    ("tinyint(1)", ColumnType::Bool),
    ("tinyint", ColumnType::I8),
    ("smallint", ColumnType::I16),
    ("int", ColumnType::I32),
    ("bigint", ColumnType::I64),
    ("tinyint unsigned", ColumnType::U8),
    ("smallint unsigned", ColumnType::U16),
    ("int unsigned", ColumnType::U32),
    ("bigint unsigned", ColumnType::U64),
    ("double", ColumnType::F64),
    ("longtext", ColumnType::TEXT),
    ("longblob", ColumnType::BYTES),
    ("uuid", ColumnType::Uuid),
    ("date", ColumnType::Date),
    ("time(6)", ColumnType::Time),
    ("datetime(6)", ColumnType::DateTime),
    ("json", ColumnType::Json),
];

/// The catalogue's name for a type of a model's column.
pub(crate) fn type_name(dialect: &'static dyn Dialect, ty: ColumnType) -> Result<String> {
    if let Some(of) = ty.native_enum() {
        return Ok(format!("enum{}", label_list(of)));
    }
    let mut w = SqlWriter::for_ddl(dialect);
    dialect.ddl().column_type(&mut w, ty)?;
    Ok(w.into_text().replace(", ", ","))
}

impl Flavor {
    /// Gives a column the name that its type has in DDL, and creole's type; and takes collations away where there is no text.
    pub(crate) fn tidy(self, column: &mut ColumnInfo) {
        if self == Flavor::MariaDb {
            column.type_name = without_width(&column.type_name);
            if column.type_name == "longtext" && column.value_check.take().is_some() {
                column.type_name = "json".into();
            }
        }
        let is_text = ["char", "text", "enum", "set"].iter().any(|kind| column.type_name.contains(kind));
        column.collation.take_if(|_| !is_text);
        column.ty = column_type(&column.type_name);
    }
}

/// creole's type by the name in the catalogue.
fn column_type(name: &str) -> Option<ColumnType> {
    if let Some((_, ty)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(*ty);
    }
    let (kind, digits) = name.strip_suffix(')')?.split_once('(')?;
    match (kind, digits.split_once(',')) {
        ("binary", None) if digits == "16" => Some(ColumnType::Uuid),
        ("varchar", None) => Some(ColumnType::Text { length: Some(digits.parse().ok()?) }),
        ("varbinary", None) => Some(ColumnType::Bytes { length: Some(digits.parse().ok()?) }),
        ("decimal", Some((precision, scale))) => {
            Some(ColumnType::Decimal { precision: precision.parse().ok()?, scale: scale.parse().ok()? })
        }
        _ => None,
    }
}

/// `('it''s','odd')`: the labels of an enum as the catalogues write them.
fn label_list(of: &EnumType) -> String {
    // They keep characters of four bytes and show a question mark for each.
    let shown = |label: &&str| -> String {
        label.chars().map(|character| if character.len_utf8() > 3 { '?' } else { character }).collect()
    };
    let quoted = |label: &&str| format!("'{}'", shown(label).replace('\\', "\\\\").replace('\'', "''"));
    format!("({})", of.labels.iter().map(quoted).collect::<Vec<_>>().join(","))
}

/// `bigint(20) unsigned` → `bigint unsigned`: the width that a number is shown with does not matter, but that `tinyint(1)` is a bool.
fn without_width(name: &str) -> String {
    let Some((kind, rest)) = name.split_once('(') else { return name.to_owned() };
    let Some((_, rest)) = rest.split_once(')') else { return name.to_owned() };
    if name == "tinyint(1)" || !kind.ends_with("int") {
        return name.to_owned();
    }
    format!("{kind}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_of_integers_are_left_out() {
        for (name, expected) in [
            ("bigint(20) unsigned", "bigint unsigned"),
            ("int(11)", "int"),
            ("tinyint(4)", "tinyint"),
            ("tinyint(1)", "tinyint(1)"),
            ("varchar(20)", "varchar(20)"),
            ("decimal(8,2)", "decimal(8,2)"),
            ("double", "double"),
        ] {
            assert_eq!(without_width(name), expected);
        }
    }

    #[test]
    fn labels_are_written_as_the_catalogues_write_them() {
        static OF: EnumType = EnumType::new("E", &["it's", "a, b", "\\ ü", "😀"]).native(None, "e");
        let name = type_name(Flavor::MySql.dialect(), ColumnType::Enum(&OF)).unwrap();
        assert_eq!(name, r"enum('it''s','a, b','\\ ü','?')");
    }

    #[test]
    fn names_of_types_map_back() {
        assert_eq!(column_type("varchar(20)"), Some(ColumnType::Text { length: Some(20) }));
        assert_eq!(column_type("decimal(8,2)"), Some(ColumnType::Decimal { precision: 8, scale: 2 }));
        assert_eq!(column_type("binary(16)"), Some(ColumnType::Uuid));
        for unknown in ["binary(20)", "enum('a','b')", "decimal(65,30,1)", "point", "", "varchar(x)"] {
            assert_eq!(column_type(unknown), None, "{unknown}");
        }
    }
}

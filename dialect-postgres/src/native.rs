//! PostgreSQL's names for types, as its catalogue writes them, and back to creole's types.

use creole_core::Result;
use creole_core::inspect::ColumnInfo;
use creole_core::inspect::normal::{Strings, Token, normal_form, tokens};
use creole_core::schema::{ColumnDef, Table};
use creole_core::sql::SqlWriter;
use creole_core::types::ColumnType;

use crate::dialect::Postgres;
use crate::types;

/// Types by the name that DDL uses and the one that the catalogue shows.
const LONG_NAMES: [(&str, &str); 4] = [
    ("varchar", "character varying"),
    ("timestamptz", "timestamp with time zone"),
    ("timestamp", "timestamp without time zone"),
    ("time", "time without time zone"),
];

/// creole's types that have a name of their own in the catalogue.
static NAMES: [(&str, ColumnType); 14] = [
    ("boolean", ColumnType::Bool),
    ("smallint", ColumnType::I16),
    ("integer", ColumnType::I32),
    ("bigint", ColumnType::I64),
    ("real", ColumnType::F32),
    ("double precision", ColumnType::F64),
    ("text", ColumnType::TEXT),
    ("bytea", ColumnType::BYTES),
    ("uuid", ColumnType::Uuid),
    ("date", ColumnType::Date),
    ("time without time zone", ColumnType::Time),
    ("timestamp without time zone", ColumnType::DateTime),
    ("timestamp with time zone", ColumnType::Instant),
    ("jsonb", ColumnType::Json),
];

/// A column of each type that is one of PostgreSQL's with a check.
static CHECKED: [ColumnDef; 5] = [
    ColumnDef::new("c", ColumnType::I8),
    ColumnDef::new("c", ColumnType::U8),
    ColumnDef::new("c", ColumnType::U16),
    ColumnDef::new("c", ColumnType::U32),
    ColumnDef::new("c", ColumnType::U64),
];

/// The catalogue's name for the type of a model's column.
pub(crate) fn type_name(table: &'static Table, column: &'static ColumnDef) -> Result<String> {
    if let ColumnType::Enum(of) = column.ty
        && let Some(native) = of.native
    {
        let labels: Vec<String> = of.labels.iter().map(|label| format!("'{}'", label.replace('\'', "''"))).collect();
        return Ok(format!("{} enum({})", native.name, labels.join(",")));
    }
    let mut w = SqlWriter::for_ddl(&Postgres);
    types::declared_type(&mut w, table, column)?;
    Ok(long_name(&w.into_text()))
}

/// creole's type for a column.
pub(crate) fn column_type(column: &ColumnInfo) -> Option<ColumnType> {
    let name = column.type_name.as_str();
    let Some(check) = &column.value_check else {
        if let Some(ty) = plain_type(name) {
            return Some(*ty);
        }
        if let Some(element) = name.strip_suffix("[]") {
            return array_type(element);
        }
        let (kind, digits) = name.strip_suffix(')')?.split_once('(')?;
        return match (kind, digits.split_once(',')) {
            ("character varying", None) => Some(ColumnType::Text { length: Some(digits.parse().ok()?) }),
            ("numeric", Some((precision, scale))) => {
                Some(ColumnType::Decimal { precision: precision.parse().ok()?, scale: scale.parse().ok()? })
            }
            _ => None,
        };
    };
    let form = normal_form(check, Strings::Doubled).replace(&format!("\"{}\"", column.name), "\"c\"");
    let is_it = |known: &&ColumnDef| {
        let mut w = SqlWriter::for_ddl(&Postgres);
        let is_declared_so = types::column_type(&mut w, known.ty).is_ok_and(|()| long_name(w.text()) == name);
        let check = types::value_condition(known).ok().flatten().map(|check| normal_form(&check, Strings::Doubled));
        is_declared_so && check.as_deref() == Some(&form)
    };
    if let Some(known) = CHECKED.iter().find(is_it) {
        return Some(known.ty);
    }
    match name {
        // The labels of an enum.
        "text" => return Some(ColumnType::TEXT),
        // Numbered by the database.
        "bigint" if form == "(>= \"c\" 0)" => return Some(ColumnType::U64),
        _ => {}
    }
    let length = form.strip_prefix("(<= (octet_length \"c\") ")?.strip_suffix(')')?;
    (name == "bytea").then_some(ColumnType::Bytes { length: Some(length.parse().ok()?) })
}

/// The bytes that a literal says, in one form: `'abc'` and `'\x616263'::bytea` are the same. Nothing for other expressions.
pub(crate) fn bytes(sql: &str) -> Option<String> {
    let spans = tokens(sql, Strings::Doubled);
    let mut words = spans.iter().map(|span| &span.token).filter(|token| !matches!(token, Token::Sign("(" | ")")));
    let Token::Text(text) = words.next()? else { return None };
    let is_cast = match (words.next(), words.next(), words.next()) {
        (None, None, None) => true,
        (Some(Token::Sign("::")), Some(Token::Word(name)), None) => *name == "bytea",
        _ => false,
    };
    if !is_cast {
        return None;
    }
    if let Some(digits) = text.strip_prefix("\\x") {
        return Some(format!("x'{}'", digits.to_ascii_lowercase()));
    }
    let digits: String = unescaped(text)?.into_iter().map(|byte| format!("{byte:02x}")).collect();
    Some(format!("x'{digits}'"))
}

/// The bytes of a text in which `\\` is a backslash and `\001` a byte.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next()? {
            b'\\' => bytes.push(b'\\'),
            first => {
                let digits = [first, rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 8).ok()?);
            }
        }
    }
    Some(bytes)
}

fn plain_type(name: &str) -> Option<&'static ColumnType> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, ty)| ty)
}

/// The type of arrays of an element, which is one of creole's types by its name alone.
fn array_type(element: &str) -> Option<ColumnType> {
    const DECIMAL: &str = "numeric(28,10)";
    if element == DECIMAL {
        Some(ColumnType::Array(&ColumnType::DECIMAL))
    } else {
        plain_type(element).map(ColumnType::Array)
    }
}

/// The catalogue's name for a type: `numeric(12,2)`, `character varying(100)`.
fn long_name(ddl: &str) -> String {
    let word = ddl.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').unwrap_or(ddl.len());
    let (name, rest) = ddl.split_at(word);
    let long = LONG_NAMES.iter().find(|(short, _)| *short == name).map_or(name, |(_, long)| long);
    let rest = rest.replace(", ", ",");
    match rest.strip_suffix(')') {
        Some(digits) if name == "numeric" && !digits.contains(',') => format!("numeric{digits},0)"),
        _ => format!("{long}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogues_names() {
        for (ddl, name) in [
            ("varchar(100)", "character varying(100)"),
            ("numeric(12, 2)", "numeric(12,2)"),
            ("numeric(20)", "numeric(20,0)"),
            ("timestamptz", "timestamp with time zone"),
            ("time", "time without time zone"),
            ("text", "text"),
            ("double precision", "double precision"),
            ("varchar[]", "character varying[]"),
        ] {
            assert_eq!(long_name(ddl), name);
        }
    }

    #[test]
    fn names_and_checks_map_back() {
        let column = |name: &str, check: Option<&str>| {
            let mut info = ColumnInfo::new("n", name);
            info.value_check = check.map(Into::into);
            column_type(&info)
        };
        assert_eq!(column("smallint", None), Some(ColumnType::I16));
        assert_eq!(column("smallint", Some("((n >= 0) AND (n <= 255))")), Some(ColumnType::U8));
        assert_eq!(column("smallint", Some("((n >= '-128'::integer) AND (n <= 127))")), Some(ColumnType::I8));
        assert_eq!(column("numeric(20,0)", Some("(n >= (0)::numeric)")), Some(ColumnType::U64));
        assert_eq!(column("bytea", Some("(octet_length(n) <= 16)")), Some(ColumnType::Bytes { length: Some(16) }));
        assert_eq!(column("bigint", Some("(n >= 0)")), Some(ColumnType::U64));
        assert_eq!(column("text", Some("(n = ANY (ARRAY['a'::text, 'b'::text]))")), Some(ColumnType::TEXT));
        assert_eq!(column("real[]", None), Some(ColumnType::Array(&ColumnType::F32)));
        assert_eq!(column("numeric(28,10)[]", None), Some(ColumnType::Array(&ColumnType::DECIMAL)));
        assert_eq!(column("character varying(7)", None), Some(ColumnType::Text { length: Some(7) }));
        for (name, check) in [
            ("smallint", Some("(n > 3)")),
            ("bigint", Some("(n > 3)")),
            ("money", None),
            ("money[]", None),
            ("mood enum('a','b')", None),
            ("numeric", None),
            ("varchar(", None),
        ] {
            assert_eq!(column(name, check), None, "{name}");
        }
    }
}

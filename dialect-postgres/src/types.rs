//! PostgreSQL's own types: how creole's column types are spelled, cast and told apart on the wire.

use creole_core::types::ColumnType;

macro_rules! scalars {
    ($($(#[$doc:meta])* $variant:ident $oid:literal $array:literal $name:literal;)*) => {
        /// A type of PostgreSQL that creole reads and writes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Scalar { $($(#[$doc])* $variant,)* }

        impl Scalar {
            /// The number by which the protocol names the type. Those of built-in types never change.
            pub(crate) const fn oid(self) -> u32 {
                match self { $(Scalar::$variant => $oid,)* }
            }

            /// The number of the type of its arrays.
            pub(crate) const fn array_oid(self) -> u32 {
                match self { $(Scalar::$variant => $array,)* }
            }

            /// Whether this number is that of a type of arrays of one of these.
            pub(crate) const fn is_array(oid: u32) -> bool {
                // char[], name[], bpchar[] and varchar[] hold text.
                matches!(oid, $($array |)* 1002 | 1003 | 1014 | 1015)
            }

            /// The type's short name, as a cast spells it.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Scalar::$variant => $name,)* }
            }

            /// The type with this number. Everything that is sent as plain text is [`Scalar::Text`].
            pub(crate) const fn from_oid(oid: u32) -> Option<Scalar> {
                match oid {
                    $($oid => Some(Scalar::$variant),)*
                    // "char", name, xml, unknown, bpchar, varchar.
                    18 | 19 | 142 | 705 | 1042 | 1043 => Some(Scalar::Text),
                    _ => None,
                }
            }
        }
    };
}

scalars! {
    Bool 16 1000 "bool";
    Bytea 17 1001 "bytea";
    Int8 20 1016 "int8";
    Int2 21 1005 "int2";
    Int4 23 1007 "int4";
    Text 25 1009 "text";
    /// Numbers of catalogue rows: 32 bits without a sign.
    Oid 26 1028 "oid";
    Json 114 199 "json";
    Float4 700 1021 "float4";
    Float8 701 1022 "float8";
    Date 1082 1182 "date";
    Time 1083 1183 "time";
    Timestamp 1114 1115 "timestamp";
    Timestamptz 1184 1185 "timestamptz";
    Numeric 1700 1231 "numeric";
    Uuid 2950 2951 "uuid";
    Jsonb 3802 3807 "jsonb";
}

/// The type in which values of a column type are sent; `None` for types that only the database knows.
///
/// A `u64` goes as `int8`, because that compares with a bigint and with a numeric column and lets either use its index.
/// What is too large for it is sent as numeric, and the statement's text says so: see [`mark_large`](super::bind).
pub(crate) fn wire(ty: ColumnType) -> Option<Scalar> {
    Some(match ty {
        ColumnType::Bool => Scalar::Bool,
        ColumnType::I8 | ColumnType::I16 | ColumnType::U8 => Scalar::Int2,
        ColumnType::I32 | ColumnType::U16 => Scalar::Int4,
        ColumnType::I64 | ColumnType::U32 | ColumnType::U64 => Scalar::Int8,
        ColumnType::F32 => Scalar::Float4,
        ColumnType::F64 => Scalar::Float8,
        ColumnType::Text { .. } | ColumnType::Enum(_) => Scalar::Text,
        ColumnType::Bytes { .. } => Scalar::Bytea,
        ColumnType::Decimal { .. } => Scalar::Numeric,
        ColumnType::Uuid => Scalar::Uuid,
        ColumnType::Date => Scalar::Date,
        ColumnType::Time => Scalar::Time,
        ColumnType::DateTime => Scalar::Timestamp,
        ColumnType::Instant => Scalar::Timestamptz,
        ColumnType::Json => Scalar::Jsonb,
        _ => return None,
    })
}

/// The number of the type in which values of a column type are sent; `None` for types that only the database knows.
pub(crate) fn wire_oid(ty: ColumnType) -> Option<u32> {
    match ty {
        ColumnType::Array(element) => wire(*element).map(Scalar::array_oid),
        ty => wire(ty).map(Scalar::oid),
    }
}

/// The name that a cast to a column type writes; `None` for a column type this crate does not know.
pub(crate) fn cast_name(ty: ColumnType) -> Option<&'static str> {
    match ty {
        ColumnType::U64 => Some("numeric"),
        ColumnType::Other(name) => Some(name),
        other => wire(other).map(Scalar::name),
    }
}

/// The condition that keeps a column within the range of its Rust type, where its own type is wider: what follows the
/// column's name.
pub(crate) fn range_condition(ty: ColumnType) -> Option<&'static str> {
    match ty {
        ColumnType::I8 => Some("BETWEEN -128 AND 127"),
        ColumnType::U8 => Some("BETWEEN 0 AND 255"),
        ColumnType::U16 => Some("BETWEEN 0 AND 65535"),
        ColumnType::U32 => Some("BETWEEN 0 AND 4294967295"),
        ColumnType::U64 => Some(">= 0"),
        _ => None,
    }
}

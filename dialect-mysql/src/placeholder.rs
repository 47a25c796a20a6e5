//! Placeholders: how the text says of which type a value is.

use creole_core::sql::{SqlWriter, Typing};
use creole_core::types::{ColumnType, TypeFamily};

/// Writes the placeholder of a value in rows after VALUES: beside a NULL, the servers would take a time for one of whole seconds.
pub(crate) fn given(w: &mut SqlWriter<'_>, ty: ColumnType) {
    use TypeFamily::*;
    let cast = match ty.family() {
        DateTime => " AS DATETIME(6))",
        Time => " AS TIME(6))",
        Date => " AS DATE)",
        Bool | Integer | Float | Decimal | Text | Bytes | Uuid | Json | Enum | Array | Other => {
            return w.syntax().placeholder(w, ty, Typing::Cast);
        }
    };
    w.push("CAST(");
    w.syntax().placeholder(w, ty, Typing::Cast);
    w.push(cast);
}

/// `?`, with a comment that says the type where the text beside it does not. Prepared statements are kept by their text, and
/// MySQL keeps a parameter's type from an earlier execution, so the text must tell the types apart.
pub(crate) fn question_mark(w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing) {
    if typing == Typing::Cast && number(w, ty) {
        return;
    }
    w.push("?");
    if typing == Typing::Cast {
        // Types creole does not know all travel as text, and their names could end the comment.
        let name = if let ColumnType::Other(_) = ty { "other".into() } else { ty.to_string() };
        w.push("/*").push(&name).push("*/");
    }
}

/// `CAST(? AS SIGNED)`: a number whose type the text beside it does not give would be computed with as a float.
fn number(w: &mut SqlWriter<'_>, ty: ColumnType) -> bool {
    match ty {
        ColumnType::Decimal { precision, scale } => {
            w.push("CAST(? AS DECIMAL(").number(precision.min(65).into()).push(", ").number(scale.into()).push("))");
        }
        ColumnType::F64 => {
            w.push("CAST(? AS DOUBLE)");
        }
        ColumnType::F32 => {
            w.push("CAST(?/*f32*/ AS DOUBLE)");
        }
        ColumnType::U64 => {
            w.push("CAST(? AS UNSIGNED)");
        }
        ColumnType::I64 => {
            w.push("CAST(? AS SIGNED)");
        }
        // Narrower ones are sent as what they are, and the text must tell them apart.
        ColumnType::I8 | ColumnType::I16 | ColumnType::I32 | ColumnType::U8 | ColumnType::U16 | ColumnType::U32 => {
            w.push("CAST(?/*").push(&ty.to_string()).push("*/ AS SIGNED)");
        }
        ColumnType::Bool
        | ColumnType::Text { .. }
        | ColumnType::Bytes { .. }
        | ColumnType::Uuid
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::DateTime
        | ColumnType::Instant
        | ColumnType::Json
        | ColumnType::Enum(_)
        | ColumnType::Array(_)
        | ColumnType::Other(_) => return false,
    }
    true
}

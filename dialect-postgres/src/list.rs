//! Long lists: an array for each column, so that one text serves lists of all lengths.
//!
//! The array is taken apart by a subquery. PostgreSQL keeps a plan for any array once it has made a few, and one for `= ANY` then
//! compares every row with every value. It hashes what a subquery yields, unless it thinks that there is no room for it: so how
//! long the array is, it is not told.

use creole_core::sql::{Expr, List, Membership, Precedence, SqlWriter, Typing, standard};
use creole_core::types::ColumnType;
use creole_core::{Result, write_sql};

use crate::enums;
use crate::types::{cast_name, wire};

/// Writes that an expression stands, or does not stand, in a list.
pub(crate) fn in_list<'a>(
    w: &mut SqlWriter<'a>,
    membership: Membership,
    operand: &'a Expr,
    items: &'a [Expr],
) -> Result<()> {
    let Some(list) = List::of(w, items).filter(|list| list.types().all(|(ty, _)| has_arrays(ty))) else {
        return standard::in_list(w, membership, operand, items);
    };
    write_sql!(
        w,
        w.expr(operand, Precedence::Operand),
        " ",
        membership.sql(),
        if let Expr::Row(_) = operand { " (SELECT * FROM unnest(" } else { " (SELECT unnest(" },
        w.commas(list.types().enumerate(), |w, (index, (ty, typing))| array(w, list.column(index), ty, typing)),
        "))"
    )
}

/// `(SELECT $1)`, or `(SELECT $1::int8[])` where the text beside it does not say the type.
fn array<'a>(w: &mut SqlWriter<'a>, list: List<'a>, ty: ColumnType, typing: Typing) -> Result<()> {
    w.keep_list(list, ty)?;
    let number = w.bind_count() as u64;
    match (ty.native_enum(), cast_name(ty)) {
        (Some(of), _) => write_sql!(w, "(SELECT $", number, "::text[]::", enums::name(w, of), "[])"),
        (None, Some(name)) if typing == Typing::Cast => write_sql!(w, "(SELECT $", number, "::", name, "[])"),
        (None, _) => write_sql!(w, "(SELECT $", number, ")"),
    }
}

/// Whether values of this type can stand in an array: those of arrays would be taken apart, and only the server knows what its own
/// types are called there.
fn has_arrays(ty: ColumnType) -> bool {
    wire(ty).is_some()
}

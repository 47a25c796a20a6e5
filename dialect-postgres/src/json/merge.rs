//! Merging a patch into a document. PostgreSQL has no function for that, so it is written out: one level of the patch after
//! another, each with its keys and values as bound values.

use creole_core::sql::{PatchLevel, SqlWriter, Typing};
use creole_core::types::{ColumnType, SqlValue, Value};
use creole_core::{Result, write_sql};

/// How many keys stand in one `jsonb_build_object`: PostgreSQL's functions take at most 100 arguments.
const KEYS_PER_CALL: usize = 50;

/// What is merged into: writes an expression that is a document, or NULL.
type Target<'t, 'a> = &'t dyn Fn(&mut SqlWriter<'a>) -> Result<()>;

/// What comes of a target by a patch. Where there are objects in it, each of which looks into the target, that has a name: so
/// the text grows with the patch, and not with its power.
pub(super) fn merged<'a>(w: &mut SqlWriter<'a>, patch: PatchLevel, target: Target<'_, 'a>) -> Result<()> {
    if patch.merged.is_empty() {
        return level(w, patch, target);
    }
    write_sql!(w, "(SELECT ", level(w, patch, &|w| w.write("m.v")), " FROM (SELECT ", target(w), " AS v) AS m)")
}

/// The target where it is an object, else an empty one, with the keys of a patch. What is right of `||` replaces.
fn level<'a>(w: &mut SqlWriter<'a>, patch: PatchLevel, target: Target<'_, 'a>) -> Result<()> {
    write_sql!(w, "(CASE jsonb_typeof(", target(w), ") WHEN 'object' THEN ", target(w))?;
    if !patch.removed.is_empty() {
        w.push(" - ");
        let keys = patch.removed.into_iter().map(Value::Text).collect();
        w.bind_owned(Value::Array(keys), <Vec<String>>::TYPE, Typing::Cast)?;
    }
    w.push(" ELSE '{}' END");
    if let Some(replaced) = patch.replaced {
        w.push(" || ");
        w.bind_owned(Value::Json(Box::new(replaced)), ColumnType::Json, Typing::Cast)?;
    }
    let mut objects = patch.merged.into_iter();
    while objects.len() > 0 {
        write_sql!(
            w,
            " || jsonb_build_object(",
            w.commas(objects.by_ref().take(KEYS_PER_CALL), |w, (key, patch)| {
                bind_key(w, &key)?;
                w.push(", ");
                merged(w, patch, &|w| write_sql!(w, "(m.v -> ", bind_key(w, &key), ")"))
            }),
            ")"
        )?;
    }
    w.push(")");
    Ok(())
}

fn bind_key(w: &mut SqlWriter<'_>, key: &str) -> Result<()> {
    w.bind_owned(Value::Text(key.to_owned()), ColumnType::TEXT, Typing::Cast)
}

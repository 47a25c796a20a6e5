//! A part of the rows of a SELECT, cut by the key of its model: a batch of a stream, or a page.

use super::each::LoadEach;
use super::load::LoadOn;
use super::parents::Parents;
use super::rows_of::OneRowEach;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Handle;
use crate::model::Model;
use crate::query::run::Query;
use crate::query::select::{Cursor, KeyOrder, Select};
use crate::sql::Item;

/// Rows with what belongs to them, and how it goes on.
pub(super) struct Batch<X> {
    pub(super) rows: Vec<X>,
    /// The position of the last row, if there are as many as were asked for.
    pub(super) last: Option<Cursor>,
    /// Whether there is a row after them, where it was asked for.
    pub(super) has_more: bool,
}

/// How many rows are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// As many are handed out at most.
    pub(super) rows: u64,
    /// As many more are read to know whether there are any.
    pub(super) ahead: u64,
}

/// The first rows of a SELECT that is sorted by its key order.
pub(super) async fn read<R: OneRowEach, L: LoadEach<R>>(
    select: Select<R>,
    each: &L,
    size: Size,
    db: &mut Handle<'_>,
) -> Result<Batch<L::Row>> {
    let mut select = select.limit(size.rows.saturating_add(size.ahead));
    let order = KeyOrder::of(select.tree(), R::Model::table())?;
    let positions = order.exprs().map(|(expr, ty)| Ok((selected(&mut select, expr)?, ty))).collect::<Result<_>>()?;
    let mut parents = Parents::of(&mut select, each)?.cut_after(size.rows, positions);
    let statement = select.compile(db.destination())?;
    db.note_read(&statement);
    let mut conn = db.connection(select.access()).await?;
    conn.fetch(&statement, &mut parents).await?;
    let last = parents.last().map(|values| order.cursor(values));
    let has_more = parents.has_more();
    let (rows, gathered) = parents.into_parts();
    let rows = each.load(rows, gathered, &mut LoadOn { link: &mut conn, timeout: select.time_limit() }).await?;
    Ok(Batch { rows, last, has_more })
}

/// Refuses what can't be cut by the key.
pub(super) fn check<R: OneRowEach>(select: &Select<R>) -> Result<()> {
    if select.tree().may_repeat() {
        let message = "a join may bring a row several times, and batches are cut by its key: ask by `any` of a relation instead of the join, or make the SELECT `distinct`";
        return Err(Error::new(ErrorKind::Syntax, message).with_table(R::Model::table().name));
    }
    Ok(())
}

/// Where an expression stands among the columns. It is selected if it is not.
fn selected<R: OneRowEach>(select: &mut Select<R>, expr: crate::sql::Expr) -> Result<usize> {
    let tree = select.tree_mut();
    if let Some(position) = tree.place_in_all_arms(&expr) {
        return Ok(usize::from(position));
    }
    if tree.is_distinct() {
        let message = "batches of distinct rows are cut by what they are sorted by and by the key: add these columns to the projection's fields, or leave `distinct` out";
        return Err(Error::new(ErrorKind::Syntax, message).with_table(R::Model::table().name));
    }
    let position = tree.columns();
    tree.set_items(tree.items().iter().cloned().chain([Item::Expr(expr)]).collect());
    Ok(position)
}

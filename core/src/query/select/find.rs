//! Reading one row by its primary key.

use std::sync::Arc;

use futures_core::future::BoxFuture;

use super::selection::Selection;
use crate::driver::Compiled;
use crate::error::Result;
use crate::exec::Executor;
use crate::model::{All, Key, Model};
use crate::pool::Access;
use crate::query::run::Decode;
use crate::query::run::First;
use crate::schema::Table;
use crate::sql::{self, Binds, DeletedRows, Destination, TableRef, Verb, compared, no_such_column, tenant_bind};
use crate::types::Value;

/// The row with this primary key, if there is one. No limit keeps a second row out, because there is none.
#[track_caller]
pub(crate) fn find<'e, M: Model>(key: M::Key, db: impl Executor + 'e) -> BoxFuture<'e, Result<Option<M>>> {
    find_as::<M, M>(key, db, <All<M> as Selection>::decode, DeletedRows::Hidden)
}

/// The same, read in some way, and one that is marked as deleted where these rows are meant.
#[track_caller]
pub(crate) fn find_as<'e, M: Model, R: Send + 'static>(
    key: M::Key,
    db: impl Executor + 'e,
    decode: Decode<R>,
    deleted: DeletedRows,
) -> BoxFuture<'e, Result<Option<R>>> {
    let mut db = db.handle();
    Box::pin(async move {
        let (texts, to, table) = (db.engine().find_texts(), db.destination(), M::table());
        to.tenants().check(table)?;
        // Few programs look for others, so no text is kept for that.
        let text = match deleted {
            DeletedRows::Hidden => texts.get(table, to.tenants(), || render(&to, table, deleted))?,
            _ => render(&to, table, deleted)?.into(),
        };
        let Some(statement) = compile(text, &to, table, &key)? else {
            return Ok(None);
        };
        db.note_read(&statement);
        let mut sink = First::new(decode);
        db.connection(Access::Read).await?.fetch(&statement, &mut sink).await?;
        Ok(sink.into_row())
    })
}

/// `None` where no row can have the key.
fn compile<'k>(
    text: Arc<str>,
    to: &Destination<'_>,
    table: &'static Table,
    key: &'k impl Key,
) -> Result<Option<Compiled<'k>>> {
    let dialect = to.dialect();
    let mut binds = Binds::with_capacity(table.primary_key.len());
    for (place, &index) in table.primary_key.iter().enumerate() {
        let column = table.column(index).ok_or_else(|| no_such_column(table, index))?;
        let value = compared(dialect, key.value(place), column.ty)?;
        let Some(bind) = dialect.stored(column, value) else { return Ok(None) };
        binds.push(bind);
    }
    if let Some((place, tenant)) = to.tenants().of(table) {
        let column = table.column(place).ok_or_else(|| no_such_column(table, place))?;
        let bind = tenant_bind(dialect, table, column, tenant)?;
        binds.push_owned(bind.value.to_owned(), bind.ty);
    }
    let mut statement = Compiled { table: Some(table), verb: Verb::Select, ..Compiled::from_text(text, binds) };
    dialect.syntax().finish(&mut statement);
    Ok(Some(statement))
}

/// The text, with a placeholder for each column of the key. No value of a key is NULL, so any that is not stands for it.
fn render(to: &Destination<'_>, table: &'static Table, deleted: DeletedRows) -> Result<String> {
    let mut select = sql::Select::all_of(TableRef::new(table));
    select.set_deleted(deleted);
    for &column in table.primary_key {
        select.add_filter(sql::Expr::column_equals(table, column, Value::Bool(true)));
    }
    select.text(to.clone())
}

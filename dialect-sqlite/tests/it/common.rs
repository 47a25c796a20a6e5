//! What the tests share: a table, a way to run a statement, a sink that keeps what it is given.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use creole_core::Result;
use creole_core::driver::{Bind, Compiled, Connection, Done, Driver, Role, Row, RowSink};
use creole_core::schema::{Action, Check};
use creole_core::schema::{ColumnDef, ForeignKey, Index, IndexPart, ServerDefault, Table, Unique};
use creole_core::sql::{BinaryOp, ColumnRef, Expr, TableRef, create_table};
use creole_core::types::{ColumnType, Value, ValueRef};
use creole_sqlite::{Sqlite, open};

pub(crate) static USERS: Table = Table::new(
    "users",
    &[
        ColumnDef::new("id", ColumnType::I64).auto(),
        ColumnDef::new("email", ColumnType::Text { length: Some(20) }),
        ColumnDef::new("nick", ColumnType::TEXT).nullable(),
        ColumnDef::new("balance", ColumnType::Decimal { precision: 10, scale: 2 }),
        ColumnDef::new("active", ColumnType::Bool),
        ColumnDef::new("age", ColumnType::U8).nullable(),
    ],
)
.primary_key(&[0])
.uniques(&[Unique::new(&[1])])
.indexes(&[Index::new(&[IndexPart::column(2)]), Index::new(&[IndexPart::column(3)])])
.checks(&[Check::new("balance_not_negative", balance_not_negative)]);

pub(crate) static POSTS: Table = Table::new(
    "posts",
    &[
        ColumnDef::new("user_id", ColumnType::I64),
        ColumnDef::new("number", ColumnType::U32),
        ColumnDef::new("document", ColumnType::Json).nullable(),
        ColumnDef::new("created", ColumnType::Instant)
            .server_default(ServerDefault::Sql("strftime('%Y-%m-%dT%H:%M:%f','now') || '000Z'")),
    ],
)
.primary_key(&[0, 1])
.foreign_keys(&[ForeignKey::new(&[0], || &USERS, &[0]).on_delete(Action::Cascade)]);

fn balance_not_negative() -> Expr {
    Expr::binary(
        BinaryOp::Ge,
        column(&USERS, 3),
        Expr::value(Value::Decimal(0.into()), ColumnType::Decimal { precision: 10, scale: 2 }),
    )
}

pub(crate) fn column(table: &'static Table, index: u16) -> Expr {
    Expr::Column(ColumnRef { table: TableRef::new(table), index })
}

/// A connection to a new private database in memory.
pub(crate) async fn memory() -> Box<dyn Connection> {
    open("sqlite::memory:?connections=1").await.unwrap().connect(Role::Writer).await.unwrap()
}

/// A driver of a file in a new folder, and the file's path.
pub(crate) async fn file(options: &str) -> (Arc<dyn Driver>, PathBuf) {
    let path = folder().join("test.db");
    (open(&url(&path, options)).await.unwrap(), path)
}

/// A new folder for one test's files. It stays, for whoever wants to look at what a failing test has left.
pub(crate) fn folder() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("sqlite-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn url(path: &std::path::Path, options: &str) -> String {
    format!("sqlite://{}{options}", path.display())
}

pub(crate) async fn create(connection: &mut dyn Connection, table: &'static Table) {
    for sql in create_table(&Sqlite, table).unwrap() {
        connection.command(&sql).await.unwrap();
    }
}

/// A statement with its values, each with the type it is sent as.
pub(crate) fn statement<'a>(sql: &str, values: &[(ValueRef<'a>, ColumnType)]) -> Compiled<'a> {
    let binds: Vec<_> = values.iter().map(|&(value, ty)| Bind::new(value, ty)).collect();
    Compiled::from_text(sql, binds)
}

pub(crate) async fn execute(connection: &mut dyn Connection, sql: &str) -> Result<Done> {
    connection.execute(&statement(sql, &[])).await
}

/// The rows of a statement, read as `types`.
pub(crate) async fn fetch(
    connection: &mut dyn Connection,
    statement: &Compiled<'_>,
    types: &'static [ColumnType],
) -> Result<Vec<Vec<Value>>> {
    let mut sink = Keep { types, rows: Vec::new(), most: usize::MAX };
    connection.fetch(statement, &mut sink).await?;
    Ok(sink.rows)
}

/// The one number that a statement selects.
pub(crate) async fn number(connection: &mut dyn Connection, sql: &str) -> i64 {
    let rows = fetch(connection, &statement(sql, &[]), &[ColumnType::I64]).await.unwrap();
    match rows.as_slice() {
        [row] => match row.as_slice() {
            [Value::I64(number)] => *number,
            other => panic!("not a number: {other:?}"),
        },
        other => panic!("not one row: {}", other.len()),
    }
}

/// The one text that a statement selects.
pub(crate) async fn text(connection: &mut dyn Connection, sql: &str) -> String {
    let rows = fetch(connection, &statement(sql, &[]), &[ColumnType::TEXT]).await.unwrap();
    match rows.first().map(Vec::as_slice) {
        Some([Value::Text(text)]) => text.clone(),
        other => panic!("not a text: {other:?}"),
    }
}

/// Keeps rows, up to `most`.
pub(crate) struct Keep {
    pub(crate) types: &'static [ColumnType],
    pub(crate) rows: Vec<Vec<Value>>,
    pub(crate) most: usize,
}

impl RowSink for Keep {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        assert_eq!(row.len(), self.types.len());
        let values: Result<Vec<Value>> =
            self.types.iter().enumerate().map(|(index, &ty)| Ok(row.value(index, ty)?.to_owned())).collect();
        self.rows.push(values?);
        Ok(if self.rows.len() >= self.most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

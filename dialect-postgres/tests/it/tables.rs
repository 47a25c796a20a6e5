//! Tables as core describes them, created and used on the server.

use creole_core::driver::Connection;
use creole_core::schema::{Action, Check, ColumnDef, ForeignKey, Index, IndexPart, ServerDefault, Table, Unique};
use creole_core::sql::{
    BinaryOp, BindSource, ColumnRef, Direction, Expr, Insert, OrderTerm, Returning, Select, TableRef, create_table,
    drop_table,
};
use creole_core::types::civil::Date;
use creole_core::types::{ColumnType, Value, ValueRef};
use creole_core::{ErrorKind, Result};
use creole_postgres::Postgres;

use crate::support::{Collect, connect, execute, number, statement};

static PEOPLE: Table = Table::new(
    "people",
    &[
        ColumnDef::new("id", ColumnType::U64).auto(),
        ColumnDef::new("name", ColumnType::Text { length: Some(10) }).nullable(),
        ColumnDef::new("tiny", ColumnType::I8).nullable(),
        ColumnDef::new("byte", ColumnType::U8).nullable(),
        ColumnDef::new("short", ColumnType::U16).nullable(),
        ColumnDef::new("word", ColumnType::U32).nullable(),
        ColumnDef::new("long", ColumnType::U64).nullable(),
        ColumnDef::new("key", ColumnType::Bytes { length: Some(2) }).nullable(),
        ColumnDef::new("born", ColumnType::Date).server_default(ServerDefault::Sql("'2000-01-01'")),
        ColumnDef::new("parent_id", ColumnType::U64).nullable(),
    ],
)
.schema("pg_temp")
.primary_key(&[0])
.uniques(&[Unique::new(&[1])])
.indexes(&[Index::new(&[IndexPart::column(8), IndexPart::column(1)])])
.foreign_keys(&[ForeignKey::new(&[9], || &PEOPLE, &[0]).on_delete(Action::SetNull).on_update(Action::Cascade)])
.checks(&[Check::new("born", || {
    let day = Value::Date(Date::from_ymd(1900, 1, 1).unwrap());
    Expr::binary(BinaryOp::Ge, column(8), Expr::value(day, ColumnType::Date))
})]);

fn column(index: u16) -> Expr {
    Expr::Column(ColumnRef { table: TableRef::new(&PEOPLE), index })
}

/// The names and the long numbers of some people.
struct People(Vec<(Option<&'static str>, u64)>);

impl BindSource for People {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let (name, long) = self.0[row];
        match column {
            1 => name.map_or(ValueRef::Null, ValueRef::Text),
            _ => ValueRef::U64(long),
        }
    }
}

async fn create(connection: &mut dyn Connection) -> Result<()> {
    for sql in create_table(&Postgres, &PEOPLE)? {
        // Twice: what is there already is left alone.
        connection.command(&sql).await?;
        connection.command(&sql).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_table_is_created_once_and_keeps_what_does_not_fit_out() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    let connection: &mut dyn Connection = &mut *connection;
    create(connection).await?;
    use ErrorKind::*;
    for (column, fits, too_small, too_large, kind) in [
        ("tiny", "127", "-129", "128", InvalidValue),
        ("byte", "255", "-1", "256", InvalidValue),
        ("short", "65535", "-1", "65536", InvalidValue),
        ("word", "4294967295", "-1", "4294967296", InvalidValue),
        ("long", "18446744073709551615", "-1", "-2", InvalidValue),
        ("key", "'ab'", "'abc'", "'abcd'", InvalidValue),
        ("born", "'1900-01-01'", "'1899-12-31'", "'0001-01-01'", CheckViolation),
        ("name", "'0123456789'", "'01234567890'", "'0123456789ä'", InvalidValue),
        ("parent_id", "NULL", "-1", "99", ForeignKeyViolation),
    ] {
        let insert = |value: &str| format!("INSERT INTO people ({column}) VALUES ({value})");
        assert_eq!(execute(connection, &insert(fits)).await?, 1);
        for wrong in [too_small, too_large] {
            let error = execute(connection, &insert(wrong)).await.unwrap_err();
            let expected = if (column, wrong) == ("parent_id", "-1") { InvalidValue } else { kind };
            assert_eq!(error.kind(), expected, "{column} {wrong}");
        }
    }
    connection.command(&drop_table(&Postgres, &PEOPLE)?).await?;
    connection.command(&drop_table(&Postgres, &PEOPLE)?).await?;
    Ok(())
}

#[tokio::test]
async fn inserts_return_ids_and_text_sorts_by_code_point() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    let connection: &mut dyn Connection = &mut *connection;
    create(connection).await?;
    let people = People(vec![(Some("a"), 1), (Some("ä"), u64::MAX), (None, 1 << 63), (Some("B"), 4), (Some("a "), 5)]);
    let mut insert = Insert::new(&PEOPLE, vec![1, 6], 5);
    insert.set_returning(Returning::Columns(vec![0, 6, 8]));
    let mut returned = Collect::new(&[ColumnType::U64, ColumnType::U64, ColumnType::Date]);
    connection.fetch(&insert.compile(&Postgres, &people)?, &mut returned).await?;
    assert_eq!(returned.rows.len(), 5);
    assert_eq!(returned.rows[0][2], Value::Date(Date::from_ymd(2000, 1, 1).unwrap()));

    let mut select = Select::all_of(TableRef::new(&PEOPLE));
    for (direction, expected) in
        [(Direction::Ascending, ["B", "a", "a ", "ä", "NULL"]), (Direction::Descending, ["NULL", "ä", "a ", "a", "B"])]
    {
        select.set_order(vec![OrderTerm::new(column(1), direction)]);
        let types: Vec<_> = PEOPLE.columns.iter().map(|column| column.ty).collect();
        let mut sink = Collect::new(&types);
        connection.fetch(&select.compile(&Postgres)?, &mut sink).await?;
        let names = sink.rows.iter().map(|row| match &row[1] {
            Value::Text(name) => name.clone(),
            _ => "NULL".into(),
        });
        assert_eq!(names.collect::<Vec<_>>(), expected);
    }

    // A large number is found by its value, whatever else the statement holds.
    select.set_order(Vec::new());
    select.add_filter(Expr::binary(BinaryOp::Ge, column(6), Expr::value(Value::U64(1 << 63), ColumnType::U64)));
    select.add_filter(Expr::binary(BinaryOp::Ge, column(0), Expr::value(Value::U64(1), ColumnType::U64)));
    let count = select.compile_count(&Postgres)?;
    let mut sink = Collect::new(&[ColumnType::I64]);
    connection.fetch(&count, &mut sink).await?;
    assert_eq!(sink.rows, [[Value::I64(2)]], "{}", count.sql);

    let mut none = Insert::new(&PEOPLE, vec![], 1);
    none.set_returning(Returning::Columns(vec![0]));
    let mut sink = Collect::new(&[ColumnType::U64]);
    connection.fetch(&none.compile(&Postgres, &people)?, &mut sink).await?;
    assert_eq!(sink.rows, [[Value::I64(6)]]);
    assert_eq!(number(connection, "SELECT count(*) FROM people").await, 6);
    connection.execute(&statement("DELETE FROM people WHERE id = $1", &[(ValueRef::U64(6), ColumnType::U64)])).await?;
    assert_eq!(number(connection, "SELECT count(*) FROM people").await, 5);
    Ok(())
}

//! Writing: keys, counts, the order of assignments, and what queries say about NULL.

use creole_core::dialect::{Isolation, Support, TxOptions};
use creole_core::schema::{ColumnDef, Table};
use creole_core::sql::{
    Assignment, BinaryOp, ColumnRef, Direction, Expr, Insert, OrderTerm, Returning, Select, TableRef, Target, Update,
};
use creole_core::types::{ColumnType, Value};
use serde_json::json;

use crate::support::{Client, Collect, Server, servers};

macro_rules! table {
    ($static:ident, $name:literal) => {
        static $static: Table = Table::new(
            $name,
            &[
                ColumnDef::new("id", ColumnType::I64).auto(),
                ColumnDef::new("a", ColumnType::I64).nullable(),
                ColumnDef::new("b", ColumnType::I64).nullable(),
                ColumnDef::new("j", ColumnType::Json).nullable(),
            ],
        )
        .primary_key(&[0]);
    };
}

table!(KEYS, "it_keys");
table!(UPDATES, "it_updates");
table!(QUERIES, "it_queries");
table!(ISOLATION, "it_isolation");

fn row(a: i64, b: i64) -> Vec<Value> {
    vec![Value::I64(a), Value::I64(b), Value::Null]
}

#[tokio::test]
async fn automatic_keys_follow_each_other() {
    for server in servers().await {
        let mut client = server.connect().await;
        client.create(&[&KEYS]).await;
        let mut other = server.connect().await;
        let mut next = 1;
        for many in [1, 2, 600, 3] {
            // Somebody else takes numbers in between.
            other.insert(&KEYS, vec![row(-1, 0)]).await.unwrap();
            next += 1;
            let rows = (0..many).map(|number| row(number, many)).collect();
            let done = client.insert(&KEYS, rows).await.unwrap();
            let first = done.numbers.unwrap().first;
            assert!(first >= next && done.rows_affected as i64 == many);
            let sql = format!("SELECT count(*) FROM it_keys WHERE b = {many} AND id = {first} + a");
            assert_eq!(client.number(&sql).await, many);
            next = first + many;
        }
        let none = client.execute("UPDATE it_keys SET a = 0 WHERE a = -5", &[]).await.unwrap();
        assert_eq!((none.rows_affected, none.numbers), (0, None));

        // An explicit 0 is a 0, as everywhere else.
        client.execute("INSERT INTO it_keys (id, a) VALUES (0, -77)", &[]).await.unwrap();
        assert_eq!(client.number("SELECT id FROM it_keys WHERE a = -77").await, 0);

        let default = Insert::new(&KEYS, Vec::new(), 1);
        let done =
            client.connection.execute(&default.compile(server.driver.dialect(), &Nothing).unwrap()).await.unwrap();
        assert!(done.numbers.is_some_and(|numbers| numbers.first >= next) && done.rows_affected == 1);

        if server.driver.dialect().capabilities().insert_returning == Support::Native {
            let mut insert = Insert::new(&KEYS, Vec::new(), 1);
            insert.set_returning(Returning::Columns(vec![0, 1]));
            let mut sink = Collect::new(&[ColumnType::I64, ColumnType::I64]);
            let compiled = insert.compile(server.driver.dialect(), &Nothing).unwrap();
            client.connection.fetch(&compiled, &mut sink).await.unwrap();
            assert!(
                matches!(sink.rows.as_slice(), [row] if matches!(row[0], Value::I64(id) if id > next) && row[1].is_null())
            );
        }

        client.drop(&[&KEYS]).await;
    }
}

#[tokio::test]
async fn transactions_have_the_isolation_they_ask_for() {
    for server in servers().await {
        let mut client = server.connect().await;
        client.create(&[&ISOLATION]).await;
        let cases = [
            (TxOptions::default(), "READ COMMITTED"),
            (TxOptions::default().isolation(Isolation::RepeatableRead), "REPEATABLE READ"),
            (TxOptions::serializable(), "SERIALIZABLE"),
            (TxOptions::default(), "READ COMMITTED"),
        ];
        for (options, expected) in cases {
            for statement in server.driver.dialect().begin(&options).unwrap() {
                client.command(&statement).await;
            }
            client.insert(&ISOLATION, vec![row(1, 1)]).await.unwrap();
            // What the server shows here is as old as the last look at it, until nobody has looked for a tenth of a second.
            let sql = "SELECT coalesce(max(trx_isolation_level), '') FROM information_schema.innodb_trx \
                       WHERE trx_mysql_thread_id = connection_id()";
            let mut shown = String::new();
            for _ in 0..20 {
                tokio::time::sleep(std::time::Duration::from_millis(250)).await;
                shown = client.text(sql).await;
                if shown == expected {
                    break;
                }
            }
            assert_eq!(shown, expected);
            client.command("SAVEPOINT s1").await;
            client.insert(&ISOLATION, vec![row(2, 2)]).await.unwrap();
            client.command("ROLLBACK TO SAVEPOINT s1").await;
            client.command("COMMIT").await;
        }
        assert_eq!(client.number("SELECT count(*) FROM it_isolation").await, 4);
        client.drop(&[&ISOLATION]).await;
    }
}

struct Nothing;

impl creole_core::sql::BindSource for Nothing {
    fn value(&self, _row: usize, _column: u16) -> creole_core::types::ValueRef<'_> {
        creole_core::types::ValueRef::Null
    }
}

fn column(table: &'static Table, index: u16) -> Expr {
    Expr::Column(ColumnRef { table: TableRef::new(table), index })
}

#[tokio::test]
async fn new_values_see_the_old_row() {
    for server in servers().await {
        let mut client = server.connect().await;
        client.create(&[&UPDATES]).await;
        client.insert(&UPDATES, vec![row(1, 2), row(1, 2)]).await.unwrap();
        let nine = || Expr::value(Value::I64(9), ColumnType::I64);
        let update = async |client: &mut Client, server: &Server, values: Vec<(u16, Expr)>| {
            let assignments = values.into_iter().map(|(column, value)| Assignment { column, value }).collect();
            let update = Update::new(Target::of(&UPDATES, None), assignments);
            client.connection.execute(&update.compile(server.driver.dialect())?).await
        };
        let chain = vec![(1, nine()), (2, column(&UPDATES, 1))];
        // Matched rows are counted, changed or not.
        assert_eq!(update(&mut client, &server, chain.clone()).await.unwrap().rows_affected, 2);
        assert_eq!(client.number("SELECT sum(a * 10 + b) DIV 2 FROM it_updates").await, 91);
        assert_eq!(update(&mut client, &server, vec![(1, nine())]).await.unwrap().rows_affected, 2);

        let swap = vec![(1, column(&UPDATES, 2)), (2, column(&UPDATES, 1))];
        assert_eq!(update(&mut client, &server, swap).await.unwrap().rows_affected, 2);
        assert_eq!(client.number("SELECT sum(a * 10 + b) DIV 2 FROM it_updates").await, 19);
        client.drop(&[&UPDATES]).await;
    }
}

#[tokio::test]
async fn nulls_limits_and_documents() {
    for server in servers().await {
        let mut client = server.connect().await;
        client.create(&[&QUERIES]).await;
        let with_json = |a: Value, document: serde_json::Value| vec![a, Value::Null, Value::Json(Box::new(document))];
        let rows = vec![
            with_json(Value::I64(2), json!({"x": 1, "y": [1.0, "a "]})),
            with_json(Value::Null, json!({"y": [1.0, "a "], "x": 1})),
            with_json(Value::I64(1), json!({"x": 1, "y": [1.0, "a"]})),
            vec![Value::I64(3), Value::Null, Value::Null],
        ];
        client.insert(&QUERIES, rows).await.unwrap();
        let ids = async |client: &mut Client, change: &dyn Fn(&mut Select)| {
            let mut select = Select::all_of(TableRef::new(&QUERIES));
            select.set_items(vec![creole_core::sql::Item::Expr(column(&QUERIES, 0))]);
            change(&mut select);
            let mut sink = Collect::new(&[ColumnType::I64]);
            client.connection.fetch(&select.compile(server.driver.dialect()).unwrap(), &mut sink).await.unwrap();
            let number = |row: Vec<Value>| if let Value::I64(id) = row[0] { id } else { panic!("no number") };
            sink.rows.into_iter().map(number).collect::<Vec<_>>()
        };
        let by = |direction| vec![OrderTerm::new(column(&QUERIES, 1), direction)];
        assert_eq!(ids(&mut client, &|s| s.set_order(by(Direction::Ascending))).await, [3, 1, 4, 2]);
        assert_eq!(ids(&mut client, &|s| s.set_order(by(Direction::Descending))).await, [2, 4, 1, 3]);
        let skipped = |s: &mut Select| {
            s.set_order(by(Direction::Ascending));
            s.set_offset(2);
        };
        assert_eq!(ids(&mut client, &skipped).await, [4, 2]);
        let two = || Expr::value(Value::I64(2), ColumnType::I64);
        let distinct =
            |s: &mut Select| s.add_filter(Expr::binary(BinaryOp::IsDistinctFrom, column(&QUERIES, 1), two()));
        assert_eq!(ids(&mut client, &distinct).await, [2, 3, 4]);

        let document = || Expr::value(Value::Json(Box::new(json!({"y": [1.0, "a "], "x": 1}))), ColumnType::Json);
        let compared = |op| move |s: &mut Select| s.add_filter(Expr::binary(op, column(&QUERIES, 3), document()));
        assert_eq!(ids(&mut client, &compared(BinaryOp::Eq)).await, [1, 2]);
        assert_eq!(ids(&mut client, &compared(BinaryOp::Ne)).await, [3]);
        assert_eq!(ids(&mut client, &compared(BinaryOp::IsDistinctFrom)).await, [3, 4]);
        client.drop(&[&QUERIES]).await;
    }
}

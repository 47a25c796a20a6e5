use creole_core::ErrorKind;
use creole_core::dialect::{Dialect, Isolation, TxOptions};
use creole_core::sql::{
    Assignment, BinaryOp, BindSource, Count, Delete, Direction, Expr, Insert, Membership, OrderTerm, Returning, Select,
    TableRef, Target, UnaryOp, Update,
};
use creole_core::types::{ColumnType, Value, ValueRef};

use super::tables::{USERS, column, number, text};
use crate::{MariaDb, MySql};

struct Given;

impl BindSource for Given {
    fn value(&self, _row: usize, column: u16) -> ValueRef<'_> {
        match column {
            1 => ValueRef::Text("a@x"),
            2 => ValueRef::I64(7),
            _ => ValueRef::Null,
        }
    }
}

/// Renders a condition on both and checks both texts.
#[track_caller]
fn check(condition: Expr, mysql: &str, mariadb: &str) {
    let mut select = Select::all_of(TableRef::new(&USERS));
    select.set_items(vec![creole_core::sql::Item::Expr(Expr::count_rows())]);
    select.add_filter(condition);
    let rendered = |dialect: &dyn Dialect| {
        let compiled = select.compile(dialect).unwrap();
        let sql = compiled.sql.strip_prefix("SELECT count(*) FROM `users` WHERE ").unwrap().to_owned();
        assert_eq!(sql.matches('?').count(), compiled.binds.len());
        sql
    };
    assert_eq!(rendered(&MySql), mysql);
    assert_eq!(rendered(&MariaDb), mariadb);
}

#[track_caller]
fn check_same(condition: Expr, sql: &str) {
    check(condition, sql, sql);
}

fn json() -> Expr {
    Expr::value(Value::Json(Box::new(serde_json::json!({"a": 1}))), ColumnType::Json)
}

#[test]
fn conditions() {
    check_same(Expr::binary(BinaryOp::Eq, column(1), text("a")), "`email` = ?");
    check_same(Expr::binary(BinaryOp::Like, column(1), text("a%")), "`email` LIKE ?");
    check_same(Expr::binary(BinaryOp::IsDistinctFrom, column(2), number(1)), "NOT (`age` <=> ?)");
    check_same(
        Expr::unary(UnaryOp::Not, Expr::binary(BinaryOp::IsDistinctFrom, column(2), number(1))),
        "NOT (NOT (`age` <=> ?))",
    );
    check_same(
        Expr::unary(UnaryOp::IsNull, Expr::binary(BinaryOp::IsDistinctFrom, column(2), number(1))),
        "(NOT (`age` <=> ?)) IS NULL",
    );
    check_same(Expr::binary(BinaryOp::Lt, number(1), number(2)), "CAST(? AS SIGNED) < CAST(? AS SIGNED)");
    let hostile = Expr::value(Value::Text("x".into()), ColumnType::Other("*/ DROP"));
    check_same(Expr::binary(BinaryOp::Eq, hostile, number(2)), "?/*other*/ = CAST(? AS SIGNED)");
    check_same(Expr::InList { membership: Membership::In, operand: Box::new(column(2)), list: Vec::new() }, "1 = 0");
}

#[test]
fn documents_are_compared_by_content() {
    check(
        Expr::binary(BinaryOp::Eq, column(3), json()),
        "`prefs` = CAST(? AS JSON)",
        "JSON_NORMALIZE(CONCAT(`prefs`, ' ')) = JSON_NORMALIZE(CONCAT(?, ' '))",
    );
    check(
        Expr::binary(BinaryOp::IsDistinctFrom, column(3), json()),
        "NOT (`prefs` <=> CAST(? AS JSON))",
        "NOT (JSON_NORMALIZE(CONCAT(`prefs`, ' ')) <=> JSON_NORMALIZE(CONCAT(?, ' ')))",
    );
    for dialect in [&MySql as &dyn Dialect, &MariaDb] {
        let mut select = Select::all_of(TableRef::new(&USERS));
        select.add_filter(Expr::binary(BinaryOp::Lt, column(3), json()));
        let error = select.compile(dialect).unwrap_err();
        assert_eq!((error.kind(), error.backend()), (ErrorKind::Unsupported, Some(dialect.name())));
    }
}

#[test]
fn order_and_limit() {
    let term = |expr, direction| OrderTerm::new(expr, direction);
    let mut select = Select::all_of(TableRef::new(&USERS));
    select.set_order(vec![
        term(column(2), Direction::Ascending),
        term(column(2), Direction::Descending),
        term(column(1), Direction::Descending),
    ]);
    let sql = |select: &Select| {
        let mysql = select.compile(&MySql).unwrap().sql;
        assert_eq!(mysql, select.compile(&MariaDb).unwrap().sql);
        mysql.strip_prefix("SELECT `id`, `email`, `age`, `prefs`, `made` FROM `users`").unwrap().to_owned()
    };
    assert_eq!(sql(&select), " ORDER BY `age` IS NULL, `age`, `age` IS NULL DESC, `age` DESC, `email` DESC");
    let mut select = Select::all_of(TableRef::new(&USERS));
    select.set_offset(5);
    assert_eq!(sql(&select), " LIMIT 18446744073709551615 OFFSET ?");
    select.set_limit(Count::Bound(3));
    assert_eq!(sql(&select), " LIMIT ? OFFSET ?");
    let mut select = Select::all_of(TableRef::new(&USERS));
    select.set_limit(Count::Fixed(2));
    assert_eq!(sql(&select), " LIMIT 2");
}

#[test]
fn inserts() {
    let mut insert = Insert::new(&USERS, vec![1, 2, 3], 2);
    assert_eq!(
        insert.compile(&MySql, &Given).unwrap().sql.as_ref(),
        "INSERT INTO `users` (`email`, `age`, `prefs`) VALUES (?, ?, CAST(? AS JSON)), (?, ?, CAST(? AS JSON))"
    );
    insert.set_returning(Returning::Columns(vec![0]));
    assert_eq!(
        insert.compile(&MariaDb, &Given).unwrap().sql.as_ref(),
        "INSERT INTO `users` (`email`, `age`, `prefs`) VALUES (?, ?, ?), (?, ?, ?) RETURNING `id`"
    );
    assert_eq!(insert.compile(&MySql, &Given).unwrap_err().kind(), ErrorKind::Unsupported);
    let default = Insert::new(&USERS, Vec::new(), 1);
    assert_eq!(default.compile(&MySql, &Given).unwrap().sql.as_ref(), "INSERT INTO `users` () VALUES ()");
    assert_eq!(default.compile(&MariaDb, &Given).unwrap().sql.as_ref(), "INSERT INTO `users` () VALUES ()");
}

#[test]
fn right_hand_sides_see_the_old_row() {
    let update = |assignments: Vec<(u16, Expr)>| {
        let assignments = assignments.into_iter().map(|(column, value)| Assignment { column, value });
        Update::new(Target::of(&USERS, None), assignments.collect())
    };
    let chain = update(vec![(1, number(1)), (2, column(1)), (3, column(2)), (4, column(4))]);
    assert_eq!(
        chain.compile(&MySql).unwrap().sql.as_ref(),
        "UPDATE `users` SET `prefs` = `age`, `age` = `email`, `email` = CAST(? AS SIGNED), `made` = `made`"
    );
    assert_eq!(
        chain.compile(&MariaDb).unwrap().sql.as_ref(),
        "UPDATE `users` SET `email` = CAST(? AS SIGNED), `age` = `email`, `prefs` = `age`, `made` = `made`"
    );
    let circle = update(vec![(4, number(1)), (1, column(2)), (2, column(1))]);
    assert_eq!(
        circle.compile(&MySql).unwrap().sql.as_ref(),
        "UPDATE `users` JOIN (SELECT `id`, `email`, `age` FROM `users` FOR UPDATE) AS `old` ON `users`.`id` = `old`.`id` \
         SET `users`.`made` = CAST(? AS SIGNED), `users`.`email` = `old`.`age`, `users`.`age` = `old`.`email`"
    );
    assert!(circle.compile(&MariaDb).is_ok(), "MariaDB evaluates them all at once");
    let delete = Delete::new(Target::of(&USERS, Some(Expr::binary(BinaryOp::Eq, column(0), number(1)))));
    assert_eq!(delete.compile(&MySql).unwrap().sql.as_ref(), "DELETE FROM `users` WHERE `id` = ?");
}

#[test]
fn transactions_begin() {
    for dialect in [&MySql as &dyn Dialect, &MariaDb] {
        assert_eq!(dialect.begin(&TxOptions::default()).unwrap(), ["START TRANSACTION"]);
        assert_eq!(
            dialect.begin(&TxOptions::new().read_only().isolation(Isolation::RepeatableRead)).unwrap(),
            ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION READ ONLY"]
        );
    }
}

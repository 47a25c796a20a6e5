//! A dialect that says no more than it must: all else is the standard's, and what the standard does not say is refused.

use creole_core::ErrorKind;
use creole_core::dialect::{Capabilities, Ddl, Diagnosis, Dialect, RawError, Syntax};
use creole_core::schema::{ColumnDef, Table};
use creole_core::sql::{Assignment, ConflictAction, ConflictTarget, Insert, Rows, Target};
use creole_core::sql::{
    BinaryOp, ColumnRef, Expr, Function, Item, OnConflict, Select, SqlWriter, TableRef, Typing, UnaryOp, Update,
    create_table,
};
use creole_core::types::{BindSource, ColumnType, Value, ValueRef};
use creole_core::{Error, Result};

#[derive(Debug)]
struct Smallest;

impl Dialect for Smallest {
    fn name(&self) -> &'static str {
        "smallest"
    }

    fn capabilities(&self) -> &Capabilities {
        &Capabilities::STANDARD
    }

    fn syntax(&self) -> &dyn Syntax {
        self
    }

    fn ddl(&self) -> &dyn Ddl {
        self
    }

    fn classify(&self, _raw: &RawError<'_>) -> Diagnosis {
        Diagnosis::new(ErrorKind::Other)
    }
}

impl Syntax for Smallest {
    fn placeholder(&self, w: &mut SqlWriter<'_>, _ty: ColumnType, _typing: Typing) {
        w.push("?");
    }
}

impl Ddl for Smallest {
    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
        w.push(match ty {
            ColumnType::I64 => "bigint",
            ColumnType::Text { .. } => "text",
            other => return Err(Error::unsupported("smallest", &other.to_string(), "use text")),
        });
        Ok(())
    }
}

static USERS: Table = Table::new(
    "users",
    &[
        ColumnDef::new("id", ColumnType::I64),
        ColumnDef::new("name", ColumnType::TEXT),
        ColumnDef::new("age", ColumnType::I64),
    ],
)
.primary_key(&[0]);

struct Given;

impl BindSource for Given {
    fn value(&self, _row: usize, column: u16) -> ValueRef<'_> {
        if column == 1 { ValueRef::Text("Ann") } else { ValueRef::I64(1) }
    }
}

fn column(index: u16) -> Expr {
    Expr::Column(ColumnRef { table: TableRef::new(&USERS), index })
}

fn number(number: i64) -> Expr {
    Expr::value(Value::I64(number), ColumnType::I64)
}

fn rendered(expr: Expr) -> Result<String> {
    let mut select = Select::all_of(TableRef::new(&USERS));
    select.set_items(vec![Item::Expr(expr)]);
    select.compile(&Smallest).map(|compiled| compiled.sql.to_string())
}

#[test]
fn what_the_standard_says_is_written() {
    let sum = Expr::binary(BinaryOp::Add, column(2), number(1));
    assert_eq!(rendered(sum).unwrap(), r#"SELECT "age" + ? FROM "users""#);
    let lower = Expr::call(Function::Lower, [column(1)]);
    assert_eq!(rendered(lower).unwrap(), r#"SELECT lower("name") FROM "users""#);
    let absent = Expr::unary(UnaryOp::IsNull, column(1));
    assert_eq!(rendered(absent).unwrap(), r#"SELECT "name" IS NULL FROM "users""#);
    let table = create_table(&Smallest, &USERS).unwrap();
    assert!(table[0].starts_with("CREATE TABLE IF NOT EXISTS \"users\" (\n  \"id\" bigint NOT NULL,"), "{}", table[0]);
}

#[test]
fn writes_are_the_standards() {
    let insert = Insert::new(&USERS, vec![0, 1, 2], 2);
    assert_eq!(
        &*insert.compile(&Smallest, &Given).unwrap().sql,
        r#"INSERT INTO "users" ("id", "name", "age") VALUES (?, ?, ?), (?, ?, ?)"#
    );
    let swap = vec![Assignment { column: 0, value: column(2) }, Assignment { column: 2, value: column(0) }];
    let update = Update::new(Target::of(&USERS, None), swap.clone());
    assert_eq!(&*update.compile(&Smallest).unwrap().sql, r#"UPDATE "users" SET "id" = "age", "age" = "id""#);
    let mut upsert = Insert::new(&USERS, vec![0, 1], 1);
    upsert.set_conflict(OnConflict {
        target: ConflictTarget { columns: vec![0], filter: None },
        action: ConflictAction::Nothing,
        expected: None,
    });
    assert!(upsert.compile(&Smallest, &Given).unwrap().sql.ends_with(r#"ON CONFLICT ("id") DO NOTHING"#));
}

#[test]
fn an_insert_leaves_nothing_out() {
    let refusal = |insert: &Insert| insert.compile(&Smallest, &Given).map(|_| ()).unwrap_err().to_string();
    let mut computed = Insert::new(&USERS, vec![0, 1], 1);
    computed.set_computed(vec![Assignment { column: 2, value: number(1) }]);
    assert!(refusal(&computed).contains("age is computed, and is no column of the INSERT"));
    let mut default = Insert::new(&USERS, Vec::new(), 1);
    assert_eq!((default.columns(), default.rows()), (&[][..], &Rows::Default));
    default.set_computed(vec![Assignment { column: 2, value: number(1) }]);
    assert!(refusal(&default).contains("age is computed"));
    let none = Insert::of_select(&USERS, Vec::new(), Select::all_of(TableRef::new(&USERS)));
    assert!(refusal(&none).contains("inserted into no column"));
}

#[test]
fn the_last_assignment_to_a_column_is_written() {
    let mut update = Update::new(Target::of(&USERS, None), vec![Assignment { column: 2, value: number(1) }]);
    update.set(Assignment { column: 0, value: column(2) });
    update.set(Assignment { column: 2, value: column(0) });
    assert_eq!(&*update.compile(&Smallest).unwrap().sql, r#"UPDATE "users" SET "id" = "age", "age" = "id""#);
}

/// `^` is a power on one database and no operator on another, and `weekday` begins with 0, 1 or Sunday.
#[test]
fn what_the_standard_does_not_say_is_refused_by_its_name() {
    let refused = [
        (Expr::binary(BinaryOp::Rem, column(2), number(2)), "the operator %"),
        (Expr::binary(BinaryOp::BitAnd, column(2), number(2)), "the operator &"),
        (Expr::unary(UnaryOp::BitNot, column(2)), "the operator ~"),
        (Expr::call(Function::Weekday, [column(2)]), "the function weekday"),
        (Expr::call(Function::Greatest, [column(2), number(1)]), "the function greatest"),
        (Expr::call(Function::Now, []), "the function now"),
    ];
    for (expr, what) in refused {
        let error = rendered(expr).unwrap_err();
        assert_eq!((error.kind(), error.backend()), (ErrorKind::Unsupported, Some("smallest")), "{error}");
        let message = error.to_string();
        assert!(message.contains(what) && message.contains("`sql!`"), "{message}");
    }
}

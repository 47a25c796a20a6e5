//! The text of statements, without a database.

use creole_core::ErrorKind;
use creole_core::dialect::{Dialect, Isolation, TxOptions};
use creole_core::schema::{ColumnDef, Table};
use creole_core::sql::{
    Assignment, BinaryOp, BindSource, Count, Direction, Expr, Insert, Item, Membership, OrderTerm, Returning, Select,
    Target, Typing, UnaryOp, Update, create_table, drop_table,
};
use creole_core::types::civil::{Date, DateTime};
use creole_core::types::{ColumnType, Value, ValueRef};
use creole_sqlite::Sqlite;

use crate::common::{POSTS, USERS, column};

fn select() -> Select {
    Select::of(vec![Item::Expr(column(&USERS, 0))])
}

fn filtered(condition: Expr) -> String {
    let mut select = select();
    select.add_filter(condition);
    let sql = select.compile(&Sqlite).unwrap().sql;
    sql.strip_prefix(r#"SELECT "id" FROM "users" WHERE "#).unwrap().to_owned()
}

fn text(text: &str) -> Expr {
    Expr::value(Value::Text(text.into()), ColumnType::TEXT)
}

#[test]
fn a_table_is_strict_and_says_its_types_rules() {
    let expected = [
        r#"CREATE TABLE IF NOT EXISTS "users" (
  "id" INTEGER CONSTRAINT "pk_users" PRIMARY KEY AUTOINCREMENT NOT NULL,
  "email" TEXT NOT NULL CONSTRAINT "fits_type_email" CHECK (length("email") <= 20),
  "nick" TEXT,
  "balance" TEXT COLLATE decimal NOT NULL CONSTRAINT "fits_type_balance" CHECK ("balance" NOT GLOB '*[^-.0-9]*' AND instr(ltrim("balance", '-0') || '.', '.') <= 9 AND length(rtrim("balance", '0')) - instr("balance" || '.', '.') <= 2),
  "active" INTEGER NOT NULL CONSTRAINT "fits_type_active" CHECK ("active" IN (0, 1)),
  "age" INTEGER CONSTRAINT "fits_type_age" CHECK ("age" BETWEEN 0 AND 255),
  CONSTRAINT "uq_users_email" UNIQUE ("email"),
  CONSTRAINT "ck_users_balance_not_negative" CHECK ("balance" >= '0.00')
) STRICT"#,
        r#"CREATE INDEX IF NOT EXISTS "ix_users_nick" ON "users" ("nick")"#,
        r#"CREATE INDEX IF NOT EXISTS "ix_users_balance" ON "users" ("balance")"#,
    ];
    assert_eq!(create_table(&Sqlite, &USERS).unwrap(), expected);
    let posts = r#"CREATE TABLE IF NOT EXISTS "posts" (
  "user_id" INTEGER NOT NULL,
  "number" INTEGER NOT NULL CONSTRAINT "fits_type_number" CHECK ("number" BETWEEN 0 AND 4294967295),
  "document" TEXT CONSTRAINT "fits_type_document" CHECK (json_valid("document")),
  "created" TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%f','now') || '000Z') NOT NULL,
  CONSTRAINT "pk_posts" PRIMARY KEY ("user_id", "number"),
  CONSTRAINT "fk_posts_user_id_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT"#;
    assert_eq!(create_table(&Sqlite, &POSTS).unwrap(), [posts]);
    assert_eq!(drop_table(&Sqlite, &USERS).unwrap(), r#"DROP TABLE IF EXISTS "users""#);
}

#[test]
fn what_sqlite_can_not_hold_is_refused() {
    static IN_A_SCHEMA: Table = plain(&[ColumnDef::new("id", ColumnType::I64)]).schema("app");
    static PART_OF_KEY: Table =
        plain(&[ColumnDef::new("id", ColumnType::I64).auto(), ColumnDef::new("other", ColumnType::I64)])
            .primary_key(&[0, 1]);
    static FOREIGN_TYPE: Table = plain(&[ColumnDef::new("id", ColumnType::Other("inet"))]);
    for table in [&IN_A_SCHEMA, &PART_OF_KEY, &FOREIGN_TYPE] {
        assert_eq!(create_table(&Sqlite, table).unwrap_err().kind(), ErrorKind::Unsupported);
    }
}

const fn plain(columns: &'static [ColumnDef]) -> Table {
    Table::new("t", columns).primary_key(&[0])
}

#[test]
fn conditions() {
    let nick = || column(&USERS, 2);
    let balance = || column(&USERS, 3);
    let decimal = Value::Decimal(1.into());
    let number = Expr::value(decimal.clone(), ColumnType::DECIMAL);
    assert_eq!(filtered(Expr::binary(BinaryOp::Like, nick(), text("a%"))), r#""nick" LIKE ?1 ESCAPE '\'"#);
    assert_eq!(
        filtered(Expr::unary(UnaryOp::Not, Expr::binary(BinaryOp::Like, nick(), text("a%")))),
        r#"NOT ("nick" LIKE ?1 ESCAPE '\')"#
    );
    assert_eq!(filtered(Expr::binary(BinaryOp::IsDistinctFrom, nick(), text("a"))), r#""nick" IS NOT ?1"#);
    assert_eq!(filtered(Expr::binary(BinaryOp::Lt, number.clone(), balance())), r#"?1 < "balance""#);
    assert_eq!(
        filtered(Expr::binary(BinaryOp::Lt, number.clone(), number.clone())),
        "?1 COLLATE decimal < ?2 COLLATE decimal"
    );
    let list = Expr::InList { membership: Membership::In, operand: Box::new(number), list: vec![balance()] };
    assert_eq!(filtered(list), r#"?1 COLLATE decimal IN ("balance")"#);
    let typed = Expr::Bind { value: decimal, ty: ColumnType::DECIMAL, typing: Typing::Column };
    let list = Expr::InList { membership: Membership::NotIn, operand: Box::new(balance()), list: vec![typed] };
    assert_eq!(filtered(list), r#""balance" NOT IN (?1)"#);
}

#[test]
fn nulls_are_placed_only_where_there_can_be_any() {
    let mut select = select();
    for (index, direction) in
        [(2, Direction::Ascending), (2, Direction::Descending), (1, Direction::Ascending), (1, Direction::Descending)]
    {
        select.add_order(vec![OrderTerm::new(column(&USERS, index), direction)]);
    }
    assert_eq!(
        select.compile(&Sqlite).unwrap().sql.as_ref(),
        r#"SELECT "id" FROM "users" ORDER BY "nick" NULLS LAST, "nick" DESC NULLS FIRST, "email", "email" DESC"#
    );
}

#[test]
fn limits() {
    let with = |limit, offset| {
        let mut select = select();
        if let Some(limit) = limit {
            select.set_limit(limit);
        }
        if let Some(offset) = offset {
            select.set_offset(offset);
        }
        let compiled = select.compile(&Sqlite).unwrap();
        (compiled.sql.strip_prefix(r#"SELECT "id" FROM "users""#).unwrap().to_owned(), compiled.binds.len())
    };
    assert_eq!(with(None, Some(5)), (" LIMIT -1 OFFSET ?1".into(), 1));
    assert_eq!(with(Some(Count::Fixed(3)), Some(5)), (" LIMIT 3 OFFSET ?1".into(), 1));
    assert_eq!(with(Some(Count::Bound(3)), None), (" LIMIT ?1".into(), 1));
    assert_eq!(with(None, None), (String::new(), 0));
}

#[test]
fn writing() {
    struct Source;
    impl BindSource for Source {
        fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
            match column {
                1 => ValueRef::Text(if row == 0 { "a" } else { "b" }),
                _ => ValueRef::Bool(true),
            }
        }
    }
    let mut insert = Insert::new(&USERS, vec![1, 4], 2);
    insert.set_returning(Returning::Columns(vec![0]));
    let compiled = insert.compile(&Sqlite, &Source).unwrap();
    assert_eq!(
        compiled.sql.as_ref(),
        r#"INSERT INTO "users" ("email", "active") VALUES (?1, ?2), (?3, ?4) RETURNING "id""#
    );
    let defaults = Insert::new(&USERS, vec![], 1);
    assert_eq!(defaults.compile(&Sqlite, &Source).unwrap().sql.as_ref(), r#"INSERT INTO "users" DEFAULT VALUES"#);
    let first = Expr::binary(BinaryOp::Eq, column(&USERS, 0), Expr::value(Value::I64(1), ColumnType::I64));
    let update = Update::new(
        Target::of(&USERS, Some(first)),
        vec![Assignment { column: 2, value: text("n") }, Assignment { column: 1, value: column(&USERS, 2) }],
    );
    assert_eq!(
        update.compile(&Sqlite).unwrap().sql.as_ref(),
        r#"UPDATE "users" SET "nick" = ?1, "email" = "nick" WHERE "id" = ?2"#
    );
}

#[test]
fn transactions_begin_as_writers_unless_they_only_read() {
    assert_eq!(Sqlite.begin(&TxOptions::default()).unwrap(), ["BEGIN IMMEDIATE"]);
    assert_eq!(Sqlite.begin(&TxOptions::default().isolation(Isolation::RepeatableRead)).unwrap(), ["BEGIN IMMEDIATE"]);
    assert_eq!(Sqlite.begin(&TxOptions::new().read_only()).unwrap(), ["BEGIN"]);
}

#[test]
fn literals_have_the_stored_form() {
    let literal = |value: ValueRef<'_>, ty| {
        let mut w = creole_core::sql::SqlWriter::for_ddl(&Sqlite);
        Sqlite.ddl().literal(&mut w, value, ty).map(|()| w.into_text())
    };
    let ok = |value, ty| literal(value, ty).unwrap();
    assert_eq!(ok(ValueRef::Bool(true), ColumnType::Bool), "1");
    assert_eq!(ok(ValueRef::Text("it's"), ColumnType::TEXT), "'it''s'");
    assert_eq!(ok(ValueRef::Bytes(&[0, 255]), ColumnType::BYTES), "X'00ff'");
    assert_eq!(ok(ValueRef::F64(f64::NEG_INFINITY), ColumnType::F64), "-9e999");
    assert_eq!(ok(ValueRef::F64(1.0), ColumnType::F64), "1e0");
    assert_eq!(ok(ValueRef::Decimal("-0.10".parse().unwrap()), ColumnType::DECIMAL), "'-0.1000000000'");
    assert_eq!(ok(ValueRef::Date(Date(0)), ColumnType::Date), "'1970-01-01'");
    assert_eq!(ok(ValueRef::Instant(DateTime(1)), ColumnType::Instant), "'1970-01-01T00:00:00.000001Z'");
    assert!(literal(ValueRef::F64(f64::NAN), ColumnType::F64).is_err());
    assert!(literal(ValueRef::U64(u64::MAX), ColumnType::U64).is_err());
}

#[test]
fn values_that_sqlite_would_change_are_refused() {
    let check = |value| Sqlite.check(value, ColumnType::F64);
    assert!(check(ValueRef::F64(f64::NAN)).is_err());
    assert!(check(ValueRef::U64(1 << 63)).is_err());
    assert!(check(ValueRef::U64((1 << 63) - 1)).is_ok());
    assert!(check(ValueRef::F64(f64::INFINITY)).is_ok());
}

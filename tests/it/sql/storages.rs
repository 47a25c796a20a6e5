//! Columns that SQLite keeps in another form than the usual one: turned where they are computed with, and bare where an index
//! on them can serve.

use creole::prelude::*;
use creole::sql::create_table;

use super::check::{Expected, check};

#[derive(Model, Debug, Clone)]
#[model(table = "prices", check(not_free = Price::amount.gt(dec!(0.5))), index(amount, filter = Price::amount.lt(100)))]
struct Price {
    #[model(primary_key, sqlite = text)]
    id: Uuid,
    #[model(precision = 6, scale = 2, sqlite = scaled_integer)]
    amount: Decimal,
    #[model(precision = 6, scale = 3, sqlite = scaled_integer)]
    finer: Option<Decimal>,
}

const ID: Uuid = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);

/// The text on SQLite, which is the only one that differs from that of any other column.
#[track_caller]
fn on_sqlite(text: creole::Result<String>, expected: &str) {
    assert_eq!(text.unwrap(), expected);
}

fn sqlite() -> &'static dyn creole::dialect::Dialect {
    &creole::Sqlite
}

#[test]
fn the_tables_differ_on_sqlite_alone() {
    #[derive(Model)]
    #[model(table = "prices")]
    struct Kept {
        #[model(primary_key, sqlite = text)]
        id: Uuid,
        #[model(precision = 6, scale = 2, sqlite = scaled_integer)]
        amount: Decimal,
    }

    check(
        |dialect| Ok(create_table(dialect, Kept::table())?.join(";\n")),
        Expected {
            sqlite: r#"CREATE TABLE IF NOT EXISTS "prices" (
  "id" TEXT NOT NULL CONSTRAINT "fits_type_id" CHECK ("id" GLOB '[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),
  "amount" INTEGER NOT NULL CONSTRAINT "fits_type_amount" CHECK ("amount" / 100 BETWEEN -9999 AND 9999),
  CONSTRAINT "pk_prices" PRIMARY KEY ("id")
) STRICT"#,
            postgres: r#"CREATE TABLE IF NOT EXISTS "prices" (
  "id" uuid NOT NULL,
  "amount" numeric(6, 2) NOT NULL,
  CONSTRAINT "pk_prices" PRIMARY KEY ("id")
)"#,
            mysql: r"CREATE TABLE IF NOT EXISTS `prices` (
  `id` binary(16) NOT NULL,
  `amount` decimal(6, 2) NOT NULL,
  CONSTRAINT `pk_prices` PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin",
            mariadb: r"CREATE TABLE IF NOT EXISTS `prices` (
  `id` uuid NOT NULL,
  `amount` decimal(6, 2) NOT NULL,
  CONSTRAINT `pk_prices` PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
        },
    );
}

#[test]
fn statements_differ_on_sqlite_alone() {
    let query = select((Price::id, Price::amount)).filter(Price::amount.lt(dec!(9.99))).order_by(Price::amount);
    check(
        |dialect| query.sql(dialect),
        Expected {
            sqlite: r#"SELECT creole_uuid("id"), creole_unscaled("amount", 2) COLLATE decimal FROM "prices" WHERE "amount" < ?1 ORDER BY "amount""#,
            postgres: r#"SELECT "id", "amount" FROM "prices" WHERE "amount" < $1 ORDER BY "amount""#,
            mysql: r"SELECT `id`, `amount` FROM `prices` WHERE `amount` < ? ORDER BY `amount`",
            mariadb: r"SELECT `id`, `amount` FROM `prices` WHERE `amount` < ? ORDER BY `amount`",
        },
    );
}

#[test]
fn literals_of_checks_and_filters_are_in_the_form_of_their_column() {
    let text = create_table(sqlite(), Price::table()).unwrap().join(";\n");
    assert!(text.contains(r#"CONSTRAINT "ck_prices_not_free" CHECK ("amount" > 50)"#), "{text}");
    assert!(text.contains(r#"ON "prices" ("amount") WHERE "amount" < 10000"#), "{text}");
}

#[test]
fn a_column_beside_values_is_bare() {
    let rows = |condition: creole::query::Expr<bool>| {
        select(count_rows()).from(table::<Price>()).filter(condition).sql(sqlite())
    };
    let start = r#"SELECT count(*) FROM "prices" WHERE "#;
    let amount = Price::amount;
    on_sqlite(rows(amount.eq(1)), &format!(r#"{start}"amount" = ?1"#));
    on_sqlite(rows(amount.between(1, 2)), &format!(r#"{start}"amount" BETWEEN ?1 AND ?2"#));
    on_sqlite(rows(amount.is_in([dec!(1), dec!(2)])), &format!(r#"{start}"amount" IN (?1, ?2)"#));
    on_sqlite(rows(Price::finer.ne(dec!(1))), &format!(r#"{start}"finer" IS NOT ?1"#));
    on_sqlite(rows(Price::finer.eq(None)), &format!(r#"{start}"finer" IS NULL"#));
    on_sqlite(rows(Price::id.is_in([ID])), &format!(r#"{start}"id" IN (?1)"#));
    on_sqlite(rows(amount.eq(amount)), &format!(r#"{start}"amount" = "amount""#));
}

#[test]
fn what_has_no_such_form_is_compared_as_a_decimal() {
    let rows = |condition: creole::query::Expr<bool>| {
        select(count_rows()).from(table::<Price>()).filter(condition).sql(sqlite())
    };
    let start = r#"SELECT count(*) FROM "prices" WHERE creole_unscaled("amount", 2) COLLATE decimal "#;
    // More digits than the column has, and more than 64 bits.
    on_sqlite(rows(Price::amount.lt(dec!(1.005))), &format!("{start}< ?1"));
    on_sqlite(rows(Price::amount.lt(Decimal::MAX)), &format!("{start}< ?1"));
    on_sqlite(rows(Price::amount.is_in([dec!(1), dec!(1.005)])), &format!("{start}IN (?1, ?2)"));
    // A column of other digits.
    on_sqlite(
        rows(Price::amount.eq(Price::finer)),
        &format!(r#"{start}= creole_unscaled("finer", 3) COLLATE decimal"#),
    );
}

#[test]
fn what_is_written_is_in_the_form_of_its_column() {
    let raised = update::<Price>().set(Price::amount, Price::amount * 2).set(Price::finer, dec!(1.5)).all_rows();
    on_sqlite(
        raised.sql(sqlite()),
        r#"UPDATE "prices" SET "amount" = creole_scaled(decimal_mul(creole_unscaled("amount", 2) COLLATE decimal, ?1) COLLATE decimal, 6, 2), "finer" = ?2"#,
    );
    let moved = update::<Price>().set(Price::id, Price::id).filter(Price::id.eq(ID));
    on_sqlite(moved.sql(sqlite()), r#"UPDATE "prices" SET "id" = creole_uuid_text(creole_uuid("id")) WHERE "id" = ?1"#);
}

#[test]
fn tables_written_by_hand_are_refused_alike() {
    use creole::schema::{ColumnDef, ServerDefault, Storage, Table};
    use creole::types::ColumnType;

    static WIDE: [ColumnDef; 1] = [ColumnDef::new("c", ColumnType::DECIMAL).kept_as(Storage::ScaledInteger)];
    static OTHER: [ColumnDef; 1] = [ColumnDef::new("c", ColumnType::I64).kept_as(Storage::Text)];
    static DEFAULT: [ColumnDef; 1] = [ColumnDef::new("c", ColumnType::Decimal { precision: 5, scale: 2 })
        .kept_as(Storage::ScaledInteger)
        .server_default(ServerDefault::Sql("1.50"))];
    static TABLES: [Table; 3] = [Table::new("wide", &WIDE), Table::new("other", &OTHER), Table::new("value", &DEFAULT)];
    for (table, expected) in TABLES.iter().zip(["more than 18 digits", "not for its type", "a default"]) {
        let error = create_table(sqlite(), table).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains(expected) && error.to_string().contains("column c"), "{error}");
    }
}

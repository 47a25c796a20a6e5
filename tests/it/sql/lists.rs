//! Lists that are sent as one parameter, so that one text serves all lengths.

use creole::dialect::Dialect;
use creole::prelude::*;

use super::check::{Expected, check, dialects};
use crate::models::{Account, Everything, Stock, User};

fn numbers(length: i64) -> impl Iterator<Item = i64> {
    1..=length
}

#[test]
fn a_long_list_is_one_parameter() {
    check(
        |dialect| select(User::id).filter(User::id.is_in(numbers(129))).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "users" WHERE "id" IN (SELECT value FROM json_each(?1))"#,
            postgres: r#"SELECT "id" FROM "users" WHERE "id" IN (SELECT unnest((SELECT $1)))"#,
            mysql: "SELECT `id` FROM `users` WHERE `id` IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0) AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 bigint PATH '$' ERROR ON ERROR)) AS given) AS listed)",
            mariadb: "SELECT `id` FROM `users` WHERE `id` IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0) AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 bigint PATH '$' ERROR ON ERROR)) AS given) AS listed)",
        },
    );
    check(
        |dialect| select(User::id).filter((User::id + 1).not_in(numbers(129))).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "users" WHERE creole_integer("id" + ?1) NOT IN (SELECT value FROM json_each(?2))"#,
            postgres: r#"SELECT "id" FROM "users" WHERE "id" + $1::int8 NOT IN (SELECT unnest((SELECT $2::int8[])))"#,
            mysql: "SELECT `id` FROM `users` WHERE `id` + CAST(? AS SIGNED) NOT IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0) AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 bigint PATH '$' ERROR ON ERROR)) AS given) AS listed)",
            mariadb: "SELECT `id` FROM `users` WHERE `id` + CAST(? AS SIGNED) NOT IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0) AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 bigint PATH '$' ERROR ON ERROR)) AS given) AS listed)",
        },
    );
}

#[test]
fn rows_of_a_long_list_are_one_parameter_or_one_for_each_column() {
    check(
        |dialect| {
            let pairs = numbers(129).map(|number| (number as i32, number));
            select(Stock::item).filter((Stock::item, Stock::amount).is_in(pairs)).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "item" FROM "stock" WHERE ("item", "amount") IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?1))"#,
            postgres: r#"SELECT "item" FROM "stock" WHERE ("item", "amount") IN (SELECT * FROM unnest((SELECT $1), (SELECT $2)))"#,
            mysql: "SELECT `item` FROM `stock` WHERE (`item`, `amount`) IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0) AS v1, ifnull(c2, 0) AS v2 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 bigint PATH '$[0]' ERROR ON ERROR, c2 bigint PATH '$[1]' ERROR ON ERROR)) AS given) AS listed)",
            mariadb: "SELECT `item` FROM `stock` WHERE (`item`, `amount`) IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0) AS v1, ifnull(c2, 0) AS v2 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 bigint PATH '$[0]' ERROR ON ERROR, c2 bigint PATH '$[1]' ERROR ON ERROR)) AS given) AS listed)",
        },
    );
}

#[test]
fn values_of_a_long_list_come_back_as_what_they_are() {
    check(
        |dialect| {
            let ids = (0..129).map(Uuid::from_u128);
            let floats = numbers(129).map(|number| number as f64);
            let amounts = numbers(129).map(Decimal::from);
            let by_id = Everything::uuid.is_in(ids).and(Everything::double.is_in(floats));
            select(Everything::id).filter(by_id.and(Everything::decimal.is_in(amounts))).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "id" FROM "everything" WHERE "uuid" IN (SELECT creole_listed_bytes(value) FROM json_each(?1)) AND "double" IN (SELECT creole_listed_float(value) FROM json_each(?2)) AND "decimal" IN (SELECT value FROM json_each(?3))"#,
            postgres: r#"SELECT "id" FROM "everything" WHERE "uuid" IN (SELECT unnest((SELECT $1))) AND "double" IN (SELECT unnest((SELECT $2))) AND "decimal" IN (SELECT unnest((SELECT $3)))"#,
            mysql: "SELECT `id` FROM `everything` WHERE `uuid` IN (SELECT * FROM (SELECT DISTINCT ifnull(unhex(c1), x'') AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 varchar(64) CHARACTER SET ascii PATH '$' ERROR ON ERROR)) AS given) AS listed) AND `double` IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0e0) AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 double PATH '$' ERROR ON ERROR)) AS given) AS listed) AND `decimal` IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0) AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 decimal(58, 28) PATH '$' ERROR ON ERROR)) AS given) AS listed)",
            mariadb: "SELECT `id` FROM `everything` WHERE `uuid` IN (SELECT * FROM (SELECT DISTINCT ifnull(CAST(c1 AS uuid), CAST('00000000-0000-0000-0000-000000000000' AS uuid)) AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 varchar(64) CHARACTER SET ascii PATH '$' ERROR ON ERROR)) AS given) AS listed) AND `double` IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0e0) AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 double PATH '$' ERROR ON ERROR)) AS given) AS listed) AND `decimal` IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0) AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 decimal(58, 28) PATH '$' ERROR ON ERROR)) AS given) AS listed)",
        },
    );
}

/// A text of a document would be of the model's collation, which a table of another program may not have.
#[test]
fn texts_are_one_parameter_once_there_are_too_many_to_send_them_one_by_one() {
    let texts = |length| numbers(length).map(|number| format!("text {number}"));
    let by_email =
        |dialect: &dyn Dialect, length| select(User::id).filter(User::email.is_in(texts(length))).sql(dialect);
    for dialect in dialects() {
        let is_bound = by_email(dialect, 1_000).unwrap().matches(", ?").count() > 1_000;
        assert_eq!(is_bound, ["mysql", "mariadb"].contains(&dialect.name()), "{}", dialect.name());
    }
    check(
        |dialect| by_email(dialect, 40_000),
        Expected {
            sqlite: r#"SELECT "id" FROM "users" WHERE "email" IN (SELECT value FROM json_each(?1))"#,
            postgres: r#"SELECT "id" FROM "users" WHERE "email" IN (SELECT unnest((SELECT $1)))"#,
            mysql: "SELECT `id` FROM `users` WHERE `email` IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, '') AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 varchar(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin PATH '$' ERROR ON ERROR)) AS given) AS listed)",
            mariadb: "SELECT `id` FROM `users` WHERE `email` IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, '') AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 varchar(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$' ERROR ON ERROR)) AS given) AS listed)",
        },
    );
    check(
        |dialect| {
            select(Account::id).filter(Account::login.is_in(texts(40_000).map(|text| text.repeat(3)))).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "id" FROM "accounts" WHERE "login" IN (SELECT value FROM json_each(?1))"#,
            postgres: r#"SELECT "id" FROM "accounts" WHERE "login" IN (SELECT unnest((SELECT $1)))"#,
            mysql: "SELECT `id` FROM `accounts` WHERE `login` IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, '') AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_ci PATH '$' ERROR ON ERROR)) AS given) AS listed)",
            mariadb: "SELECT `id` FROM `accounts` WHERE `login` IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, '') AS v1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_nopad_as_ci PATH '$' ERROR ON ERROR)) AS given) AS listed)",
        },
    );
}

#[test]
fn all_long_lists_have_one_text() {
    type Render = fn(&dyn Dialect, i64) -> creole::Result<String>;
    let renders: [Render; 4] = [
        |dialect, length| User::select().filter(User::id.is_in(numbers(length))).sql(dialect),
        |dialect, length| User::select().filter(User::id.not_in(numbers(length).map(|number| number * 3))).sql(dialect),
        |dialect, length| {
            let pairs = numbers(length).map(|number| (number, number as i32));
            Stock::select().filter((Stock::amount, Stock::item).is_in(pairs)).sql(dialect)
        },
        |dialect, length| {
            let days = numbers(length).filter_map(|day| NaiveDate::from_num_days_from_ce_opt(day as i32));
            Everything::select().filter(Everything::date.is_in(days)).sql(dialect)
        },
    ];
    for dialect in dialects() {
        for (place, render) in renders.iter().enumerate() {
            let text = render(dialect, 1_000).unwrap();
            assert_eq!(render(dialect, 2_000).unwrap(), text, "{place} on {}", dialect.name());
            assert_eq!(render(dialect, 200_000).unwrap(), text, "{place} on {}", dialect.name());
            assert!(text.len() < 1_500, "{text}");
        }
    }
}

/// MariaDB looks at every row of a table that it changes, if the list is a subquery.
#[test]
fn rows_that_are_written_are_found_by_an_index() {
    for dialect in dialects() {
        let by_id = |length| delete::<User>().filter(User::id.is_in(numbers(length))).sql(dialect).unwrap();
        assert_eq!(by_id(1_000).contains("IN (?, ?, "), dialect.name() == "mariadb");
        assert!(by_id(40_000).contains("(SELECT"));
    }
}

/// What a program gives beside values is written where it stands.
#[test]
fn a_list_with_columns_in_it_stays_a_list() {
    check(
        |dialect| {
            let columns = (0..130).map(|_| Stock::amount);
            Ok(select(Stock::item)
                .filter(Stock::amount.is_in(columns))
                .sql(dialect)?
                .matches("amount")
                .count()
                .to_string())
        },
        Expected { sqlite: "131", postgres: "131", mysql: "131", mariadb: "131" },
    );
}

//! Arithmetic, functions, aggregates, grouping.

use creole::prelude::*;
use creole::query::window;

use super::check::{Expected, check, dialects};
use crate::models::{Everything, Order, Product, Stock, User};

#[test]
fn decimals_are_computed_exactly() {
    check(
        |dialect| select((Product::price + dec!(1.125), Product::price * 2 - Product::price)).sql(dialect),
        Expected {
            sqlite: r#"SELECT decimal_add("price", ?1) COLLATE decimal, decimal_sub(decimal_mul("price", ?2) COLLATE decimal, "price") COLLATE decimal FROM "products""#,
            postgres: r#"SELECT "price" + $1::numeric, "price" * $2::numeric - "price" FROM "products""#,
            mysql: "SELECT `price` + CAST(? AS DECIMAL(13, 3)), `price` * CAST(? AS DECIMAL(10, 0)) - `price` FROM `products`",
            mariadb: "SELECT `price` + CAST(? AS DECIMAL(13, 3)), `price` * CAST(? AS DECIMAL(10, 0)) - `price` FROM `products`",
        },
    );
}

#[test]
fn a_quotient_has_six_digits_more_and_zero_divides_nothing() {
    check(
        |dialect| select((Product::price / dec!(3), Product::price % Product::price)).sql(dialect),
        Expected {
            sqlite: r#"SELECT creole_decimal_div("price", ?1, 8) COLLATE decimal, creole_decimal_rem("price", "price") COLLATE decimal FROM "products""#,
            postgres: r#"SELECT round("price"::numeric(200, 38) / $1::numeric, 8), "price" % NULLIF("price", 0) FROM "products""#,
            mysql: "SELECT round(CAST(`price` AS DECIMAL(51, 13)) / CAST(? AS DECIMAL(10, 0)), 8), `price` % `price` FROM `products`",
            mariadb: "SELECT round(CAST(`price` AS DECIMAL(51, 13)) / CAST(? AS DECIMAL(10, 0)), 8), (`price` % `price` + 0) FROM `products`",
        },
    );
}

#[test]
fn integers_are_computed_in_64_bits() {
    check(
        |dialect| {
            select((Everything::int + Everything::int, Everything::int / 2, Everything::ubig / Everything::ubig))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "int" + "int", "int" / ?1, creole_integer("ubig" / "ubig") FROM "everything""#,
            postgres: r#"SELECT "int"::int8 + "int", "int" / $1::int8, div("ubig", NULLIF("ubig", 0)) FROM "everything""#,
            mysql: "SELECT `int` + `int`, `int` DIV CAST(? AS SIGNED), `ubig` DIV `ubig` FROM `everything`",
            mariadb: "SELECT `int` + `int`, `int` DIV CAST(? AS SIGNED), `ubig` DIV `ubig` FROM `everything`",
        },
    );
}

#[test]
fn parentheses_follow_the_tree() {
    check(
        |dialect| {
            let sum = Stock::amount + 1;
            select((sum.clone() * 2, Stock::amount - (Stock::amount - 1), Stock::amount * 2 + 1))
                .filter(sum.gt(3))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT creole_integer(("amount" + ?1) * ?2), creole_integer("amount" - ("amount" - ?3)), creole_integer("amount" * ?4 + ?5) FROM "stock" WHERE creole_integer("amount" + ?6) > ?7"#,
            postgres: r#"SELECT ("amount" + $1::int8) * $2::int8, "amount" - ("amount" - $3::int8), "amount" * $4::int8 + $5::int8 FROM "stock" WHERE "amount" + $6::int8 > $7::int8"#,
            mysql: "SELECT (`amount` + CAST(? AS SIGNED)) * CAST(? AS SIGNED), `amount` - (`amount` - CAST(? AS SIGNED)), `amount` * CAST(? AS SIGNED) + CAST(? AS SIGNED) FROM `stock` WHERE `amount` + CAST(? AS SIGNED) > CAST(? AS SIGNED)",
            mariadb: "SELECT (`amount` + CAST(? AS SIGNED)) * CAST(? AS SIGNED), `amount` - (`amount` - CAST(? AS SIGNED)), `amount` * CAST(? AS SIGNED) + CAST(? AS SIGNED) FROM `stock` WHERE `amount` + CAST(? AS SIGNED) > CAST(? AS SIGNED)",
        },
    );
}

#[test]
fn aggregates() {
    check(
        |dialect| {
            select((
                Order::user_id,
                sum(Order::total),
                avg(Order::total),
                max(Order::total),
                count(Order::id).distinct(),
            ))
            .group_by(Order::user_id)
            .having(count_rows().gt(3))
            .order_by(sum(Order::total).desc())
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "user_id", decimal_sum("total") COLLATE decimal, creole_decimal_avg("total", 16) COLLATE decimal, max("total") COLLATE decimal, count(DISTINCT "id") FROM "orders" GROUP BY "user_id" HAVING count(*) > ?1 ORDER BY decimal_sum("total") COLLATE decimal DESC NULLS FIRST"#,
            postgres: r#"SELECT "user_id", sum("total"), round(sum("total")::numeric(200, 46) / NULLIF(count("total"), 0), 16), max("total"), count(DISTINCT "id") FROM "orders" GROUP BY "user_id" HAVING count(*) > $1::int8 ORDER BY sum("total") DESC"#,
            mysql: "SELECT `user_id`, sum(`total`), round(CAST(sum(`total`) AS DECIMAL(59, 21)) / count(`total`), 16), max(`total`), count(DISTINCT `id`) FROM `orders` GROUP BY `user_id` HAVING count(*) > CAST(? AS SIGNED) ORDER BY sum(`total`) IS NULL DESC, sum(`total`) DESC",
            mariadb: "SELECT `user_id`, sum(`total`), round(CAST(sum(`total`) AS DECIMAL(59, 21)) / count(`total`), 16), max(`total`), count(DISTINCT `id`) FROM `orders` GROUP BY `user_id` HAVING count(*) > CAST(? AS SIGNED) ORDER BY sum(`total`) IS NULL DESC, sum(`total`) DESC",
        },
    );
}

#[test]
fn rows_are_counted_as_values_are() {
    check(
        |dialect| {
            select((
                count_rows().filter(Stock::amount.is_null()),
                count_rows().over(window().partition_by(Stock::amount)),
            ))
            .from(table::<Stock>())
            .group_by(Stock::amount)
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT count(*) FILTER (WHERE "amount" IS NULL), count(*) OVER (PARTITION BY "amount") FROM "stock" GROUP BY "amount""#,
            postgres: r#"SELECT count(*) FILTER (WHERE "amount" IS NULL), count(*) OVER (PARTITION BY "amount") FROM "stock" GROUP BY "amount""#,
            mysql: "SELECT count(CASE WHEN `amount` IS NULL THEN 1 END), count(*) OVER (PARTITION BY `amount`) FROM `stock` GROUP BY `amount`",
            mariadb: "SELECT count(CASE WHEN `amount` IS NULL THEN 1 END), count(*) OVER (PARTITION BY `amount`) FROM `stock` GROUP BY `amount`",
        },
    );
    for dialect in dialects() {
        let error = select(count_rows().distinct()).from(table::<Stock>()).sql(dialect).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax);
        assert!(error.to_string().contains("`count(…).distinct()`"), "{error}");
    }
}

#[test]
fn averages_and_extremes_of_other_types() {
    check(
        |dialect| {
            select((
                avg(Everything::int),
                sum(Everything::single),
                min(Everything::flag),
                max(Everything::uuid),
                max(Everything::bytes),
            ))
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT avg("int"), sum("single"), min("flag"), max("uuid"), max("bytes") FROM "everything""#,
            postgres: r#"SELECT (sum("int")::float8 / NULLIF(count("int"), 0)), sum("single"::float8), bool_and("flag"), max("uuid"::text COLLATE "C")::uuid, decode(max(encode("bytes", 'hex') COLLATE "C"), 'hex') FROM "everything""#,
            mysql: "SELECT (CAST(sum(`int`) AS DOUBLE) / count(`int`)), sum(`single`), min(`flag`), max(`uuid`), max(`bytes`) FROM `everything`",
            mariadb: "SELECT (CAST(sum(`int`) AS DOUBLE) / count(`int`)), sum(`single`), min(`flag`), max(`uuid`), max(`bytes`) FROM `everything`",
        },
    );
}

#[test]
fn text_functions_know_every_letter() {
    check(
        |dialect| {
            select((User::email.lower(), User::email.length()))
                .filter(User::email.ilike("%ä%").and(User::nickname.starts_with("50%_\\")))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT creole_lower("email"), length("email") FROM "users" WHERE creole_lower("email") LIKE creole_lower(?1) ESCAPE '\' AND "nickname" LIKE ?2 ESCAPE '\'"#,
            postgres: r#"SELECT lower("email" COLLATE "und-x-icu") COLLATE "C", char_length("email") FROM "users" WHERE lower("email" COLLATE "und-x-icu") COLLATE "C" LIKE lower($1::text COLLATE "und-x-icu") COLLATE "C" AND "nickname" LIKE $2"#,
            mysql: "SELECT lower(`email`), char_length(`email`) FROM `users` WHERE lower(`email`) LIKE lower(?/*text*/) AND `nickname` LIKE ?",
            mariadb: "SELECT lower(`email`), char_length(`email`) FROM `users` WHERE lower(`email`) LIKE lower(?/*text*/) AND `nickname` LIKE ?",
        },
    );
}

#[test]
fn a_group_with_a_value_in_it_is_named_by_its_place() {
    check(
        |dialect| select((count_rows(), Stock::amount / 10)).group_by(Stock::amount / 10).distinct().sql(dialect),
        Expected {
            sqlite: r#"SELECT DISTINCT count(*), creole_integer("amount" / ?1) FROM "stock" GROUP BY 2"#,
            postgres: r#"SELECT DISTINCT count(*), "amount" / $1::int8 FROM "stock" GROUP BY 2"#,
            mysql: "SELECT DISTINCT count(*), `amount` DIV CAST(? AS SIGNED) FROM `stock` GROUP BY 2",
            mariadb: "SELECT DISTINCT count(*), `amount` DIV CAST(? AS SIGNED) FROM `stock` GROUP BY 2",
        },
    );
}

#[test]
fn what_is_assigned_fits_its_column() {
    check(
        |dialect| update::<Product>().set(Product::price, Product::price * dec!(1.005)).all_rows().sql(dialect),
        Expected {
            sqlite: r#"UPDATE "products" SET "price" = creole_decimal_fit(decimal_mul("price", ?1) COLLATE decimal, 12, 2)"#,
            postgres: r#"UPDATE "products" SET "price" = "price" * $1::numeric"#,
            mysql: "UPDATE `products` SET `price` = `price` * CAST(? AS DECIMAL(13, 3))",
            mariadb: "UPDATE `products` SET `price` = `price` * CAST(? AS DECIMAL(13, 3))",
        },
    );
}

#[test]
fn a_selection_without_a_table_says_what_is_missing() {
    for dialect in dialects() {
        let error = select(count_rows()).sql(dialect).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax);
        assert!(error.to_string().contains("`.from(table::<Model>())`"), "{error}");
        assert!(select(count_rows()).from(table::<User>()).sql(dialect).is_ok());
    }
}

#[test]
fn too_many_digits_are_refused_where_they_would_be_rounded() {
    for dialect in dialects() {
        let product = Order::total * Order::total;
        let result = select(product.clone() * Order::total).sql(dialect);
        assert!(result.is_ok(), "{result:?}");
        let result = select(product * Order::total * Order::total).sql(dialect);
        match dialect.name() {
            "mysql" | "mariadb" => assert_eq!(result.unwrap_err().kind(), ErrorKind::Unsupported),
            _ => assert!(result.is_ok(), "{result:?}"),
        }
    }
}

//! INSERT of many rows, of what a SELECT yields, and upserts.

use creole::prelude::*;
use creole::query::database_now;

use super::check::{Expected, check, check_or_refuse};
use crate::models::{Order, Product, Stock, User, user};

fn stock() -> Stock {
    Stock { warehouse: "north".into(), item: 1, shelf: None, amount: 2 }
}

#[test]
fn many_rows() {
    let rows = [user("a"), user("b")];
    check(
        |dialect| insert_all(&rows).sql(dialect),
        Expected {
            sqlite: r#"INSERT INTO "users" ("email", "nickname") VALUES (?1, ?2), (?3, ?4)"#,
            postgres: r#"INSERT INTO "users" ("email", "nickname") SELECT * FROM unnest($1::text[], $2::text[])"#,
            mysql: "INSERT INTO `users` (`email`, `nickname`) VALUES (?, ?), (?, ?)",
            mariadb: "INSERT INTO `users` (`email`, `nickname`) VALUES (?, ?), (?, ?)",
        },
    );
}

#[test]
fn columns_that_are_left_out_and_columns_that_are_computed() {
    let row = Product { name: "x".into(), ..Default::default() };
    check(
        |dialect| {
            let insert = insert(&row).omit(Product::in_stock).omit(Product::category);
            insert.set(Product::created_at, database_now()).sql(dialect)
        },
        Expected {
            sqlite: r#"INSERT INTO "products" ("id", "name", "price", "created_at") VALUES (?1, ?2, ?3, (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z'))"#,
            postgres: r#"INSERT INTO "products" ("id", "name", "price", "created_at") VALUES ($1, $2, $3, now())"#,
            mysql: "INSERT INTO `products` (`id`, `name`, `price`, `created_at`) VALUES (?, ?, ?, utc_timestamp(6))",
            mariadb: "INSERT INTO `products` (`id`, `name`, `price`, `created_at`) VALUES (?, ?, ?, utc_timestamp(6))",
        },
    );
}

#[test]
fn rows_of_a_select() {
    let totals = || select((Order::user_id, coalesce(sum(Order::total), dec!(0)))).group_by(Order::user_id);
    check(
        |dialect| insert_from((Order::user_id, Order::total), totals()).sql(dialect),
        Expected {
            sqlite: r#"INSERT INTO "orders" ("user_id", "total") SELECT "c1", creole_decimal_fit("c2", 28, 10) FROM (SELECT "user_id" AS "c1", coalesce(decimal_sum("total") COLLATE decimal, ?1 COLLATE decimal) COLLATE decimal AS "c2" FROM "orders" GROUP BY "user_id") WHERE true"#,
            postgres: r#"INSERT INTO "orders" ("user_id", "total") SELECT "user_id", coalesce(sum("total"), $1::numeric) FROM "orders" GROUP BY "user_id""#,
            mysql: "INSERT INTO `orders` (`user_id`, `total`) SELECT `user_id`, coalesce(sum(`total`), CAST(? AS DECIMAL(10, 0))) FROM `orders` GROUP BY `user_id`",
            mariadb: "INSERT INTO `orders` (`user_id`, `total`) SELECT `user_id`, coalesce(sum(`total`), CAST(? AS DECIMAL(10, 0))) FROM `orders` GROUP BY `user_id`",
        },
    );
}

#[test]
fn an_upsert() {
    let row = stock();
    check(
        |dialect| insert(&row).on_conflict((Stock::warehouse, Stock::item)).update_all().sql(dialect),
        Expected {
            sqlite: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES (?1, ?2, ?3, ?4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "shelf" = "excluded"."shelf", "amount" = "excluded"."amount""#,
            postgres: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES ($1, $2, $3, $4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "shelf" = "excluded"."shelf", "amount" = "excluded"."amount""#,
            mysql: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) VALUES (?, ?, ?, ?) AS `excluded` ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `shelf` = `excluded`.`shelf`, `amount` = `excluded`.`amount`",
            mariadb: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = VALUE(`warehouse`) AND `stock`.`item` = VALUE(`item`) OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `shelf` = VALUE(`shelf`), `amount` = VALUE(`amount`)",
        },
    );
}

#[test]
fn an_upsert_of_many_rows_that_leaves_alone_what_is_there() {
    let rows = [user("a"), user("b")];
    check(
        |dialect| insert_all(&rows).on_conflict(User::email).do_nothing().sql(dialect),
        Expected {
            sqlite: r#"INSERT INTO "users" ("email", "nickname") VALUES (?1, ?2), (?3, ?4) ON CONFLICT ("email") DO NOTHING"#,
            postgres: r#"INSERT INTO "users" ("email", "nickname") SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT ("email") DO NOTHING"#,
            mysql: "INSERT INTO `users` (`email`, `nickname`) VALUES (?, ?), (?, ?) AS `excluded` ON DUPLICATE KEY UPDATE `email` = IF(`users`.`email` = `excluded`.`email` OR (SELECT 1 UNION ALL SELECT 2), `users`.`email`, `users`.`email`)",
            mariadb: "INSERT INTO `users` (`email`, `nickname`) VALUES (?, ?), (?, ?) ON DUPLICATE KEY UPDATE `email` = IF(`users`.`email` = VALUE(`email`) OR (SELECT 1 UNION ALL SELECT 2), `users`.`email`, `users`.`email`)",
        },
    );
}

/// MySQL assigns from left to right, so what others read is written last; there is no WHERE, so each value has the condition.
#[test]
fn an_upsert_whose_values_and_condition_see_both_rows() {
    let row = stock();
    check(
        |dialect| {
            let upsert = insert(&row).on_conflict((Stock::warehouse, Stock::item));
            let upsert = upsert.set(Stock::amount, Stock::amount + excluded(Stock::amount)).set(Stock::shelf, Some(7));
            upsert.filter(Stock::amount.lt(excluded(Stock::amount))).sql(dialect)
        },
        Expected {
            sqlite: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES (?1, ?2, ?3, ?4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "amount" = creole_integer("stock"."amount" + "excluded"."amount"), "shelf" = ?5 WHERE "stock"."amount" < "excluded"."amount""#,
            postgres: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES ($1, $2, $3, $4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "amount" = "stock"."amount" + "excluded"."amount", "shelf" = $5 WHERE "stock"."amount" < "excluded"."amount""#,
            mysql: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) VALUES (?, ?, ?, ?) AS `excluded` ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `shelf` = IF(`stock`.`amount` < `excluded`.`amount`, ?, `stock`.`shelf`), `amount` = IF(`stock`.`amount` < `excluded`.`amount`, `stock`.`amount` + `excluded`.`amount`, `stock`.`amount`)",
            mariadb: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = VALUE(`warehouse`) AND `stock`.`item` = VALUE(`item`) OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `amount` = IF(`stock`.`amount` < VALUE(`amount`), `stock`.`amount` + VALUE(`amount`), `stock`.`amount`), `shelf` = IF(`stock`.`amount` < VALUE(`amount`), ?, `stock`.`shelf`)",
        },
    );
}

#[test]
fn an_upsert_of_what_a_select_yields() {
    let columns = (Stock::warehouse, Stock::item, Stock::amount);
    check(
        |dialect| {
            let more = select((Stock::warehouse, Stock::item, Stock::amount * 2));
            insert_from(columns, more).on_conflict((Stock::warehouse, Stock::item)).update(Stock::amount).sql(dialect)
        },
        Expected {
            sqlite: r#"INSERT INTO "stock" ("warehouse", "item", "amount") SELECT "c1", "c2", "c3" FROM (SELECT "warehouse" AS "c1", "item" AS "c2", creole_integer("amount" * ?1) AS "c3" FROM "stock") WHERE true ON CONFLICT ("warehouse", "item") DO UPDATE SET "amount" = "excluded"."amount""#,
            postgres: r#"INSERT INTO "stock" ("warehouse", "item", "amount") SELECT "warehouse", "item", "amount" * $1::int8 FROM "stock" ON CONFLICT ("warehouse", "item") DO UPDATE SET "amount" = "excluded"."amount""#,
            mysql: "INSERT INTO `stock` (`warehouse`, `item`, `amount`) SELECT * FROM (SELECT `warehouse` AS `c1`, `item` AS `c2`, `amount` * CAST(? AS SIGNED) AS `c3` FROM `stock`) AS `excluded` (`warehouse`, `item`, `amount`) ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `amount` = `excluded`.`amount`",
            mariadb: "INSERT INTO `stock` (`warehouse`, `item`, `amount`) SELECT * FROM (SELECT `warehouse` AS `c1`, `item` AS `c2`, `amount` * CAST(? AS SIGNED) AS `c3` FROM `stock`) AS `excluded` ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = VALUE(`warehouse`) AND `stock`.`item` = VALUE(`item`) OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `amount` = VALUE(`amount`)",
        },
    );
}

/// Two values that read each other's old ones can't both be assigned from left to right: MySQL computes them first.
#[test]
fn an_upsert_that_swaps() {
    let row = stock();
    check(
        |dialect| {
            let upsert = insert(&row).on_conflict((Stock::warehouse, Stock::item)).update(Stock::shelf);
            let upsert = upsert.set(Stock::amount, Stock::amount + excluded(Stock::amount));
            upsert.filter(Stock::amount.gt(1).and(Stock::shelf.gt(1))).sql(dialect)
        },
        Expected {
            sqlite: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES (?1, ?2, ?3, ?4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "shelf" = "excluded"."shelf", "amount" = creole_integer("stock"."amount" + "excluded"."amount") WHERE "stock"."amount" > ?5 AND "stock"."shelf" > ?6"#,
            postgres: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES ($1, $2, $3, $4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "shelf" = "excluded"."shelf", "amount" = "stock"."amount" + "excluded"."amount" WHERE "stock"."amount" > $5 AND "stock"."shelf" > $6"#,
            mysql: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) SELECT `warehouse`, `item`, `shelf`, `amount` FROM (SELECT /*+ NO_BNL(`stock`) */ `excluded`.`warehouse`, `excluded`.`item`, `excluded`.`shelf`, `excluded`.`amount`, `stock`.`warehouse` IS NOT NULL AS `present before`, `stock`.`warehouse` IS NOT NULL AND (`stock`.`amount` > ? AND `stock`.`shelf` > ?) AS `the condition`, IF(`stock`.`warehouse` IS NOT NULL AND (`stock`.`amount` > ? AND `stock`.`shelf` > ?), `stock`.`amount` + `excluded`.`amount`, NULL) AS `value 2` FROM (SELECT `warehouse` AS `warehouse`, `item` AS `item`, `shelf` AS `shelf`, `amount` AS `amount` FROM `stock` WHERE 1 = 0 UNION ALL VALUES ROW(?/*text(20)*/, CAST(?/*i32*/ AS SIGNED), CAST(?/*i32*/ AS SIGNED), CAST(? AS SIGNED))) AS `excluded` LEFT JOIN `stock` ON `stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` LIMIT 18446744073709551615 FOR UPDATE OF `stock`) AS `excluded` ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` AND JSON_VALUE(IF(`excluded`.`present before`, '[1]', '[]'), '$[0]' RETURNING SIGNED ERROR ON EMPTY) OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `shelf` = IF(`excluded`.`the condition`, `excluded`.`shelf`, `stock`.`shelf`), `amount` = IF(`excluded`.`the condition`, `excluded`.`value 2`, `stock`.`amount`)",
            mariadb: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = VALUE(`warehouse`) AND `stock`.`item` = VALUE(`item`) OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `shelf` = IF(`stock`.`amount` > ? AND `stock`.`shelf` > ?, VALUE(`shelf`), `stock`.`shelf`), `amount` = IF(`stock`.`amount` > ? AND `stock`.`shelf` > ?, `stock`.`amount` + VALUE(`amount`), `stock`.`amount`)",
        },
    );
}

/// A value that is read from the table itself is computed once, before a row is written.
#[test]
fn an_insert_that_reads_its_table() {
    let most = || coalesce(select(max(Stock::amount)).value(), 0);
    check(
        |dialect| insert(&stock()).set(Stock::amount, most()).sql(dialect),
        Expected {
            sqlite: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES (?1, ?2, ?3, coalesce((SELECT max("amount") FROM "stock"), ?4))"#,
            postgres: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES ($1, $2, $3, coalesce((SELECT max("amount") FROM "stock"), $4::int8))"#,
            mysql: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) SELECT `excluded`.`warehouse`, `excluded`.`item`, `excluded`.`shelf`, coalesce((SELECT max(`amount`) FROM `stock`), CAST(? AS SIGNED)) AS `amount` FROM (SELECT `warehouse` AS `warehouse`, `item` AS `item`, `shelf` AS `shelf` FROM `stock` WHERE 1 = 0 UNION ALL VALUES ROW(?/*text(20)*/, CAST(?/*i32*/ AS SIGNED), CAST(?/*i32*/ AS SIGNED))) AS `excluded`",
            mariadb: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) VALUES (?, ?, ?, coalesce((SELECT max(`amount`) FROM `stock`), CAST(? AS SIGNED)))",
        },
    );
    check(
        |dialect| {
            let row = stock();
            let upsert = insert(&row).set(Stock::amount, most()).on_conflict((Stock::warehouse, Stock::item));
            upsert.update(Stock::amount).sql(dialect)
        },
        Expected {
            sqlite: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES (?1, ?2, ?3, coalesce((SELECT max("amount") FROM "stock"), ?4)) ON CONFLICT ("warehouse", "item") DO UPDATE SET "amount" = "excluded"."amount""#,
            postgres: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES ($1, $2, $3, coalesce((SELECT max("amount") FROM "stock"), $4::int8)) ON CONFLICT ("warehouse", "item") DO UPDATE SET "amount" = "excluded"."amount""#,
            mysql: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) SELECT * FROM (SELECT `excluded`.`warehouse`, `excluded`.`item`, `excluded`.`shelf`, coalesce((SELECT max(`amount`) FROM `stock`), CAST(? AS SIGNED)) AS `amount` FROM (SELECT `warehouse` AS `warehouse`, `item` AS `item`, `shelf` AS `shelf` FROM `stock` WHERE 1 = 0 UNION ALL VALUES ROW(?/*text(20)*/, CAST(?/*i32*/ AS SIGNED), CAST(?/*i32*/ AS SIGNED))) AS `excluded`) AS `excluded` ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `amount` = `excluded`.`amount`",
            mariadb: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) VALUES (?, ?, ?, coalesce((SELECT max(`amount`) FROM `stock`), CAST(? AS SIGNED))) ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = VALUE(`warehouse`) AND `stock`.`item` = VALUE(`item`) OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `amount` = VALUE(`amount`)",
        },
    );
}

/// A subquery of an upsert sees no row of it.
#[test]
fn an_upsert_that_reads_its_table() {
    let other = alias::<Stock>("other");
    let most = || {
        let same = other.col(Stock::item).eq(excluded(Stock::item));
        coalesce(select(max(other.col(Stock::amount))).from(other).filter(same).value(), 0)
    };
    let key = (Stock::warehouse, Stock::item);
    check(
        |dialect| insert(&stock()).on_conflict(key).set(Stock::amount, most()).sql(dialect),
        Expected {
            sqlite: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES (?1, ?2, ?3, ?4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "amount" = coalesce((SELECT max("other"."amount") FROM "stock" AS "other" WHERE "other"."item" = "excluded"."item"), ?5)"#,
            postgres: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES ($1, $2, $3, $4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "amount" = coalesce((SELECT max("other"."amount") FROM "stock" AS "other" WHERE "other"."item" = "excluded"."item"), $5::int8)"#,
            mysql: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) SELECT `warehouse`, `item`, `shelf`, `amount` FROM (SELECT /*+ NO_BNL(`stock`) */ `excluded`.`warehouse`, `excluded`.`item`, `excluded`.`shelf`, `excluded`.`amount`, `stock`.`warehouse` IS NOT NULL AS `present before`, IF(`stock`.`warehouse` IS NOT NULL, coalesce((SELECT max(`other`.`amount`) FROM `stock` AS `other` WHERE `other`.`item` = `excluded`.`item`), CAST(? AS SIGNED)), NULL) AS `value 1` FROM (SELECT `warehouse` AS `warehouse`, `item` AS `item`, `shelf` AS `shelf`, `amount` AS `amount` FROM `stock` WHERE 1 = 0 UNION ALL VALUES ROW(?/*text(20)*/, CAST(?/*i32*/ AS SIGNED), CAST(?/*i32*/ AS SIGNED), CAST(? AS SIGNED))) AS `excluded` LEFT JOIN `stock` ON `stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` LIMIT 18446744073709551615 FOR UPDATE OF `stock`) AS `excluded` ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` AND JSON_VALUE(IF(`excluded`.`present before`, '[1]', '[]'), '$[0]' RETURNING SIGNED ERROR ON EMPTY) OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `amount` = `excluded`.`value 1`",
            mariadb: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) SELECT `warehouse`, `item`, `shelf`, `amount` FROM (SELECT `excluded`.`warehouse`, `excluded`.`item`, `excluded`.`shelf`, `excluded`.`amount`, `stock`.`warehouse` IS NOT NULL AS `present before`, IF(`stock`.`warehouse` IS NOT NULL, coalesce((SELECT max(`other`.`amount`) FROM `stock` AS `other` WHERE `other`.`item` = `excluded`.`item`), CAST(? AS SIGNED)), NULL) AS `value 1` FROM (SELECT `warehouse` AS `warehouse`, `item` AS `item`, `shelf` AS `shelf`, `amount` AS `amount` FROM `stock` WHERE 1 = 0 UNION ALL VALUES (?/*text(20)*/, CAST(?/*i32*/ AS SIGNED), CAST(?/*i32*/ AS SIGNED), CAST(? AS SIGNED))) AS `excluded` LEFT JOIN `stock` ON `stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` LIMIT 18446744073709551615 FOR UPDATE) AS `excluded` ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = VALUE(`warehouse`) AND `stock`.`item` = VALUE(`item`) AND COLUMN_LIST(IF(`excluded`.`present before`, '', 'x')) = '' OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `amount` = `excluded`.`value 1`",
        },
    );
    let refused = "an upsert of several rows in which a subquery reads stock itself is not supported on sqlite: upsert the rows one by one, or ask for the value first (table stock)";
    check_or_refuse(
        |dialect| {
            let more = select((Stock::warehouse, Stock::item, Stock::amount));
            let upsert = insert_from((Stock::warehouse, Stock::item, Stock::amount), more).on_conflict(key);
            upsert.set(Stock::amount, most()).sql(dialect)
        },
        Expected {
            sqlite: refused,
            postgres: r#"INSERT INTO "stock" ("warehouse", "item", "amount") SELECT "warehouse", "item", "amount" FROM "stock" ON CONFLICT ("warehouse", "item") DO UPDATE SET "amount" = coalesce((SELECT max("other"."amount") FROM "stock" AS "other" WHERE "other"."item" = "excluded"."item"), $1::int8)"#,
            mysql: "INSERT INTO `stock` (`warehouse`, `item`, `amount`) SELECT `warehouse`, `item`, `amount` FROM (SELECT /*+ NO_BNL(`stock`) */ `excluded`.`warehouse`, `excluded`.`item`, `excluded`.`amount`, `stock`.`warehouse` IS NOT NULL AS `present before`, IF(`stock`.`warehouse` IS NOT NULL, coalesce((SELECT max(`other`.`amount`) FROM `stock` AS `other` WHERE `other`.`item` = `excluded`.`item`), CAST(? AS SIGNED)), NULL) AS `value 1` FROM (SELECT `c1` AS `warehouse`, `c2` AS `item`, `c3` AS `amount` FROM (SELECT `warehouse` AS `c1`, `item` AS `c2`, `amount` AS `c3` FROM `stock`) AS `excluded`) AS `excluded` LEFT JOIN `stock` ON `stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` LIMIT 18446744073709551615 FOR UPDATE OF `stock`) AS `excluded` ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` AND JSON_VALUE(IF(`excluded`.`present before`, '[1]', '[]'), '$[0]' RETURNING SIGNED ERROR ON EMPTY) OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `amount` = `excluded`.`value 1`",
            mariadb: "INSERT INTO `stock` (`warehouse`, `item`, `amount`) SELECT `warehouse`, `item`, `amount` FROM (SELECT `excluded`.`warehouse`, `excluded`.`item`, `excluded`.`amount`, `stock`.`warehouse` IS NOT NULL AS `present before`, IF(`stock`.`warehouse` IS NOT NULL, coalesce((SELECT max(`other`.`amount`) FROM `stock` AS `other` WHERE `other`.`item` = `excluded`.`item`), CAST(? AS SIGNED)), NULL) AS `value 1` FROM (SELECT `c1` AS `warehouse`, `c2` AS `item`, `c3` AS `amount` FROM (SELECT `warehouse` AS `c1`, `item` AS `c2`, `amount` AS `c3` FROM `stock`) AS `excluded`) AS `excluded` LEFT JOIN `stock` ON `stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` LIMIT 18446744073709551615 FOR UPDATE) AS `excluded` ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = VALUE(`warehouse`) AND `stock`.`item` = VALUE(`item`) AND COLUMN_LIST(IF(`excluded`.`present before`, '', 'x')) = '' OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `amount` = `excluded`.`value 1`",
        },
    );
    let rows = [stock(), stock()];
    let error = insert_all(&rows).on_conflict(key).set(Stock::amount, most()).sql(&creole::Sqlite).unwrap_err();
    assert!(error.to_string() == refused, "{error}");
}

/// What is written to the key stands in the guard of those that name no key.
#[test]
fn an_upsert_that_writes_its_key() {
    let row = stock();
    check(
        |dialect| {
            let upsert = insert(&row).on_conflict((Stock::warehouse, Stock::item)).update(Stock::warehouse);
            upsert.set(Stock::item, Stock::item + 1).sql(dialect)
        },
        Expected {
            sqlite: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES (?1, ?2, ?3, ?4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "warehouse" = "excluded"."warehouse", "item" = creole_integer("stock"."item" + ?5)"#,
            postgres: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES ($1, $2, $3, $4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "warehouse" = "excluded"."warehouse", "item" = "stock"."item" + $5::int8"#,
            mysql: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) VALUES (?, ?, ?, ?) AS `excluded` ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = `excluded`.`warehouse` AND `stock`.`item` = `excluded`.`item` OR (SELECT 1 UNION ALL SELECT 2), `excluded`.`warehouse`, `stock`.`warehouse`), `item` = `stock`.`item` + CAST(? AS SIGNED)",
            mariadb: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = VALUE(`warehouse`) AND `stock`.`item` = VALUE(`item`) OR (SELECT 1 UNION ALL SELECT 2), VALUE(`warehouse`), `stock`.`warehouse`), `item` = `stock`.`item` + CAST(? AS SIGNED)",
        },
    );
}

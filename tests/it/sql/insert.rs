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

/// Two values that read each other's old ones can't both be assigned from left to right.
#[test]
fn an_upsert_that_swaps() {
    let row = stock();
    let refused = "an upsert into stock in which shelf, amount or its condition read each other's old values is not supported on mysql: let the condition and the values read one of them only, or update by a statement of its own";
    check_or_refuse(
        |dialect| {
            let upsert =
                insert(&row).on_conflict((Stock::warehouse, Stock::item)).update((Stock::shelf, Stock::amount));
            upsert.filter(Stock::amount.gt(1).and(Stock::shelf.gt(1))).sql(dialect)
        },
        Expected {
            sqlite: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES (?1, ?2, ?3, ?4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "shelf" = "excluded"."shelf", "amount" = "excluded"."amount" WHERE "stock"."amount" > ?5 AND "stock"."shelf" > ?6"#,
            postgres: r#"INSERT INTO "stock" ("warehouse", "item", "shelf", "amount") VALUES ($1, $2, $3, $4) ON CONFLICT ("warehouse", "item") DO UPDATE SET "shelf" = "excluded"."shelf", "amount" = "excluded"."amount" WHERE "stock"."amount" > $5 AND "stock"."shelf" > $6"#,
            mysql: refused,
            mariadb: "INSERT INTO `stock` (`warehouse`, `item`, `shelf`, `amount`) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE `warehouse` = IF(`stock`.`warehouse` = VALUE(`warehouse`) AND `stock`.`item` = VALUE(`item`) OR (SELECT 1 UNION ALL SELECT 2), `stock`.`warehouse`, `stock`.`warehouse`), `shelf` = IF(`stock`.`amount` > ? AND `stock`.`shelf` > ?, VALUE(`shelf`), `stock`.`shelf`), `amount` = IF(`stock`.`amount` > ? AND `stock`.`shelf` > ?, VALUE(`amount`), `stock`.`amount`)",
        },
    );
}

//! UPDATE with joins, subqueries, RETURNING and many rows.

use creole::prelude::*;

use super::check::{Expected, check, check_or_refuse, dialects};
use crate::models::{Node, Order, Stock, User, user};

#[test]
fn a_join_that_only_chooses_rows() {
    check(
        |dialect| {
            update::<Order>()
                .join(Order::user)
                .set(Order::total, dec!(1))
                .filter(User::email.eq("a").and(Order::id.gt(3)))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "orders" SET "total" = ?1 WHERE "id" > ?2 AND EXISTS (SELECT 1 FROM "users" WHERE "orders"."user_id" = "users"."id" AND "users"."email" = ?3)"#,
            postgres: r#"UPDATE "orders" SET "total" = $1 WHERE "id" > $2 AND EXISTS (SELECT 1 FROM "users" WHERE "orders"."user_id" = "users"."id" AND "users"."email" = $3)"#,
            mysql: "UPDATE `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` SET `orders`.`total` = ? WHERE `users`.`email` = ? AND `orders`.`id` > ?",
            mariadb: "UPDATE `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` SET `orders`.`total` = ? WHERE `users`.`email` = ? AND `orders`.`id` > ?",
        },
    );
}

#[test]
fn values_of_what_is_joined() {
    check(
        |dialect| {
            update::<Order>()
                .join(Order::user)
                .set(Order::total, Order::total + User::id.cast::<Decimal>())
                .filter(User::email.eq("a").and(Order::id.gt(3)))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "orders" SET "total" = creole_decimal_fit(decimal_add("orders"."total", decimal("users"."id") COLLATE decimal) COLLATE decimal, 28, 10) FROM "users" WHERE "orders"."user_id" = "users"."id" AND "users"."email" = ?1 AND "orders"."id" > ?2"#,
            postgres: r#"UPDATE "orders" SET "total" = "orders"."total" + CAST("users"."id" AS numeric) FROM "users" WHERE "orders"."user_id" = "users"."id" AND "users"."email" = $1 AND "orders"."id" > $2"#,
            mysql: "UPDATE `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` SET `orders`.`total` = `orders`.`total` + CAST(`users`.`id` AS DECIMAL(20)) WHERE `users`.`email` = ? AND `orders`.`id` > ?",
            mariadb: "UPDATE `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` SET `orders`.`total` = `orders`.`total` + CAST(`users`.`id` AS DECIMAL(20)) WHERE `users`.`email` = ? AND `orders`.`id` > ?",
        },
    );
}

#[test]
fn a_left_join_whose_values_are_read() {
    check(
        |dialect| {
            update::<Order>()
                .left_join(Order::user)
                .set(Order::total, dec!(2))
                .set(Order::user_id, coalesce(User::id.optional(), 0))
                .filter(Order::id.gt(3))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "orders" SET "total" = ?1, "user_id" = (SELECT coalesce("users"."id", ?2) FROM (SELECT 1 AS "c1") AS "creole_one" LEFT JOIN "users" ON "orders"."user_id" = "users"."id") FROM (SELECT 1 AS "values first") AS "values first" WHERE "id" > ?3"#,
            postgres: r#"UPDATE "orders" SET "total" = $1, "user_id" = (SELECT coalesce("users"."id", $2::int8) FROM (SELECT 1 AS "c1") AS "creole_one" LEFT JOIN "users" ON "orders"."user_id" = "users"."id") WHERE "id" > $3"#,
            mysql: "UPDATE `orders` LEFT JOIN `users` ON `orders`.`user_id` = `users`.`id` SET `orders`.`total` = ?, `orders`.`user_id` = coalesce(`users`.`id`, CAST(? AS SIGNED)) WHERE `orders`.`id` > ?",
            mariadb: "UPDATE `orders` LEFT JOIN `users` ON `orders`.`user_id` = `users`.`id` SET `orders`.`total` = ?, `orders`.`user_id` = coalesce(`users`.`id`, CAST(? AS SIGNED)) WHERE `orders`.`id` > ?",
        },
    );
}

#[test]
fn a_left_join_that_only_chooses_rows() {
    check(
        |dialect| {
            update::<Order>().left_join(Order::user).set(Order::total, dec!(2)).filter(User::id.is_null()).sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "orders" SET "total" = ?1 WHERE EXISTS (SELECT 1 FROM (SELECT 1 AS "c1") AS "creole_one" LEFT JOIN "users" ON "orders"."user_id" = "users"."id" WHERE "users"."id" IS NULL)"#,
            postgres: r#"UPDATE "orders" SET "total" = $1 WHERE EXISTS (SELECT 1 FROM (SELECT 1 AS "c1") AS "creole_one" LEFT JOIN "users" ON "orders"."user_id" = "users"."id" WHERE "users"."id" IS NULL)"#,
            mysql: "UPDATE `orders` LEFT JOIN `users` ON `orders`.`user_id` = `users`.`id` SET `orders`.`total` = ? WHERE `users`.`id` IS NULL",
            mariadb: "UPDATE `orders` LEFT JOIN `users` ON `orders`.`user_id` = `users`.`id` SET `orders`.`total` = ? WHERE `users`.`id` IS NULL",
        },
    );
}

#[test]
fn the_table_joined_with_itself() {
    let boss = alias::<Node>("boss");
    check(
        |dialect| {
            update::<Node>()
                .join(boss.on(boss.col(Node::id).eq(Node::parent_id)))
                .set(Node::name, boss.col(Node::name))
                .all_rows()
                .sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "nodes" SET "name" = "boss"."name" FROM "nodes" AS "boss" WHERE "boss"."id" = "nodes"."parent_id""#,
            postgres: r#"UPDATE "nodes" SET "name" = "boss"."name" FROM "nodes" AS "boss" WHERE "boss"."id" = "nodes"."parent_id""#,
            mysql: "UPDATE `nodes` JOIN `nodes` AS `boss` ON `boss`.`id` = `nodes`.`parent_id` SET `nodes`.`name` = `boss`.`name`",
            mariadb: "UPDATE `nodes` JOIN `nodes` AS `boss` ON `boss`.`id` = `nodes`.`parent_id` SET `nodes`.`name` = `boss`.`name`",
        },
    );
}

#[test]
fn many_rows_that_belong_to_one() {
    check(
        |dialect| update::<User>().join(User::orders).set(User::nickname, "x").all_rows().sql(dialect),
        Expected {
            sqlite: r#"UPDATE "users" SET "nickname" = ?1 WHERE EXISTS (SELECT 1 FROM "orders" WHERE "users"."id" = "orders"."user_id")"#,
            postgres: r#"UPDATE "users" SET "nickname" = $1 WHERE EXISTS (SELECT 1 FROM "orders" WHERE "users"."id" = "orders"."user_id")"#,
            mysql: "UPDATE `users` JOIN `orders` ON `users`.`id` = `orders`.`user_id` SET `users`.`nickname` = ?",
            mariadb: "UPDATE `users` JOIN `orders` ON `users`.`id` = `orders`.`user_id` SET `users`.`nickname` = ?",
        },
    );
}

#[test]
fn values_of_a_group() {
    let totals =
        select((Order::user_id, count_rows())).from(table::<Order>()).group_by(Order::user_id).subquery("totals");
    check(
        |dialect| {
            update::<User>()
                .join(totals.on(totals.col(Order::user_id).eq(User::id)))
                .set(User::id, totals.col(count_rows()))
                .all_rows()
                .sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "users" SET "id" = "totals"."c2" FROM (SELECT "orders"."user_id" AS "c1", count(*) AS "c2" FROM "orders" GROUP BY "orders"."user_id") AS "totals" WHERE "totals"."c1" = "users"."id""#,
            postgres: r#"UPDATE "users" SET "id" = "totals"."c2" FROM (SELECT "orders"."user_id" AS "c1", count(*) AS "c2" FROM "orders" GROUP BY "orders"."user_id") AS "totals" WHERE "totals"."c1" = "users"."id""#,
            mysql: "UPDATE `users` JOIN (SELECT `orders`.`user_id` AS `c1`, count(*) AS `c2` FROM `orders` GROUP BY `orders`.`user_id`) AS `totals` ON `totals`.`c1` = `users`.`id` SET `users`.`id` = `totals`.`c2`",
            mariadb: "UPDATE `users` JOIN (SELECT `orders`.`user_id` AS `c1`, count(*) AS `c2` FROM `orders` GROUP BY `orders`.`user_id`) AS `totals` ON `totals`.`c1` = `users`.`id` SET `users`.`id` = `totals`.`c2`",
        },
    );
}

#[test]
fn columns_that_change_places() {
    check(
        |dialect| {
            update::<User>()
                .set(User::email, coalesce(User::nickname, "x"))
                .set(User::nickname, User::email)
                .filter(User::id.eq(3))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "users" SET "email" = coalesce("nickname", ?1), "nickname" = "email" WHERE "id" = ?2"#,
            postgres: r#"UPDATE "users" SET "email" = coalesce("nickname", $1::text), "nickname" = "email" WHERE "id" = $2"#,
            mysql: "UPDATE `users` JOIN (SELECT `id`, `email`, `nickname` FROM `users` WHERE `id` = ? FOR UPDATE) AS `old` ON `users`.`id` = `old`.`id` SET `users`.`email` = coalesce(`old`.`nickname`, ?/*text*/), `users`.`nickname` = `old`.`email`",
            mariadb: "UPDATE `users` SET `email` = coalesce(`nickname`, ?/*text*/), `nickname` = `email` WHERE `id` = ?",
        },
    );
}

#[test]
fn the_table_itself_in_a_list() {
    let n = alias::<Node>("n");
    check(
        |dialect| {
            update::<Node>()
                .set(Node::name, "leaf")
                .filter(not(Node::id.is_in(select(n.col(Node::id)).from(n).filter(n.col(Node::name).eq("x")))))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "nodes" SET "name" = ?1 WHERE NOT ("id" IN (SELECT "n"."id" FROM "nodes" AS "n" WHERE "n"."name" = ?2))"#,
            postgres: r#"UPDATE "nodes" SET "name" = $1 WHERE NOT ("id" IN (SELECT "n"."id" FROM "nodes" AS "n" WHERE "n"."name" = $2))"#,
            mysql: "UPDATE `nodes` SET `name` = ? WHERE NOT (`id` IN (SELECT `n`.`id` FROM (SELECT * FROM `nodes`) AS `n` WHERE `n`.`name` = ?))",
            mariadb: "UPDATE `nodes` SET `name` = ? WHERE NOT (`id` IN (SELECT `n`.`id` FROM (SELECT * FROM `nodes`) AS `n` WHERE `n`.`name` = ?))",
        },
    );
}

#[test]
fn the_table_itself_as_a_value_and_in_a_relation() {
    let n = alias::<Node>("n");
    check(
        |dialect| {
            update::<Node>()
                .set(Node::parent_id, select(max(n.col(Node::id))).from(n))
                .filter(Node::children.none(Node::name.eq("x")))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "nodes" SET "parent_id" = (SELECT max("n"."id") FROM "nodes" AS "n") FROM (SELECT 1 AS "values first") AS "values first" WHERE NOT EXISTS (SELECT 1 FROM "nodes" AS "related" WHERE "related"."parent_id" = "nodes"."id" AND "related"."name" = ?1)"#,
            postgres: r#"UPDATE "nodes" SET "parent_id" = (SELECT max("n"."id") FROM "nodes" AS "n") WHERE NOT EXISTS (SELECT 1 FROM "nodes" AS "related" WHERE "related"."parent_id" = "nodes"."id" AND "related"."name" = $1)"#,
            mysql: "UPDATE `nodes` SET `parent_id` = (SELECT max(`n`.`id`) FROM (SELECT * FROM `nodes`) AS `n`) WHERE NOT EXISTS (SELECT 1 FROM (SELECT * FROM `nodes`) AS `related` WHERE `related`.`parent_id` = `nodes`.`id` AND `related`.`name` = ?)",
            mariadb: "UPDATE `nodes` SET `parent_id` = (SELECT max(`n`.`id`) FROM (SELECT * FROM `nodes`) AS `n`) WHERE NOT EXISTS (SELECT 1 FROM (SELECT * FROM `nodes`) AS `related` WHERE `related`.`parent_id` = `nodes`.`id` AND `related`.`name` = ?)",
        },
    );
}

#[test]
fn a_cte_that_is_joined() {
    let c = select((Order::user_id, max(Order::id))).from(table::<Order>()).group_by(Order::user_id).cte("last");
    check(
        |dialect| {
            update::<User>()
                .with_cte(&c)
                .join(c.on(c.col(Order::user_id).eq(User::id)))
                .set(User::nickname, "x")
                .all_rows()
                .sql(dialect)
        },
        Expected {
            sqlite: r#"WITH "last" ("c1", "c2") AS (SELECT "user_id" AS "c1", max("id") AS "c2" FROM "orders" GROUP BY "user_id") UPDATE "users" SET "nickname" = ?1 WHERE EXISTS (SELECT 1 FROM "last" WHERE "last"."c1" = "users"."id")"#,
            postgres: r#"WITH "last" ("c1", "c2") AS (SELECT "user_id" AS "c1", max("id") AS "c2" FROM "orders" GROUP BY "user_id") UPDATE "users" SET "nickname" = $1 WHERE EXISTS (SELECT 1 FROM "last" WHERE "last"."c1" = "users"."id")"#,
            mysql: "WITH `last` (`c1`, `c2`) AS (SELECT `user_id` AS `c1`, max(`id`) AS `c2` FROM `orders` GROUP BY `user_id`) UPDATE `users` JOIN `last` ON `last`.`c1` = `users`.`id` SET `users`.`nickname` = ?",
            mariadb: "UPDATE `users` JOIN (WITH `last` (`c1`, `c2`) AS (SELECT `orders`.`user_id` AS `c1`, max(`orders`.`id`) AS `c2` FROM `orders` GROUP BY `orders`.`user_id`) SELECT * FROM `last`) AS `last` ON `last`.`c1` = `users`.`id` SET `users`.`nickname` = ?",
        },
    );
}

#[test]
fn a_cte_in_a_subquery() {
    let c = select((Order::user_id, max(Order::id))).from(table::<Order>()).group_by(Order::user_id).cte("last");
    check(
        |dialect| {
            update::<User>()
                .with_cte(&c)
                .set(User::nickname, "x")
                .filter(User::id.is_in(select(c.col(Order::user_id)).from(&c)))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"WITH "last" ("c1", "c2") AS (SELECT "user_id" AS "c1", max("id") AS "c2" FROM "orders" GROUP BY "user_id") UPDATE "users" SET "nickname" = ?1 WHERE "id" IN (SELECT "last"."c1" FROM "last")"#,
            postgres: r#"WITH "last" ("c1", "c2") AS (SELECT "user_id" AS "c1", max("id") AS "c2" FROM "orders" GROUP BY "user_id") UPDATE "users" SET "nickname" = $1 WHERE "id" IN (SELECT "last"."c1" FROM "last")"#,
            mysql: "WITH `last` (`c1`, `c2`) AS (SELECT `user_id` AS `c1`, max(`id`) AS `c2` FROM `orders` GROUP BY `user_id`) UPDATE `users` SET `nickname` = ? WHERE `id` IN (SELECT `last`.`c1` FROM `last`)",
            mariadb: "UPDATE `users` SET `nickname` = ? WHERE `id` IN (SELECT `last`.`c1` FROM (WITH `last` (`c1`, `c2`) AS (SELECT `orders`.`user_id` AS `c1`, max(`orders`.`id`) AS `c2` FROM `orders` GROUP BY `orders`.`user_id`) SELECT * FROM `last`) AS `last`)",
        },
    );
}

#[test]
fn rows_that_come_back() {
    check(
        |dialect| update::<User>().set(User::nickname, "x").filter(User::id.eq(1)).returning().sql(dialect),
        Expected {
            sqlite: r#"UPDATE "users" SET "nickname" = ?1 WHERE "id" = ?2 RETURNING "id", "email", "nickname""#,
            postgres: r#"UPDATE "users" SET "nickname" = $1 WHERE "id" = $2 RETURNING "id", "email", "nickname""#,
            mysql: "SELECT `id` FROM `users` WHERE `id` = ? FOR UPDATE;\nUPDATE `users` SET `nickname` = ? WHERE `id` IN (?);\nSELECT `id`, `email`, `nickname` FROM `users` WHERE `id` IN (?) FOR UPDATE",
            mariadb: "SELECT `id` FROM `users` WHERE `id` = ? FOR UPDATE;\nUPDATE `users` SET `nickname` = ? WHERE `id` IN (?);\nSELECT `id`, `email`, `nickname` FROM `users` WHERE `id` IN (?) FOR UPDATE",
        },
    );
}

#[test]
fn joined_rows_that_come_back() {
    check(
        |dialect| {
            update::<Order>()
                .join(Order::user)
                .set(Order::total, Order::total + User::id.cast::<Decimal>())
                .filter(User::email.eq("a"))
                .returning_of((Order::id, Order::total + 1))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "orders" SET "total" = creole_decimal_fit(decimal_add("orders"."total", decimal("users"."id") COLLATE decimal) COLLATE decimal, 28, 10) FROM "users" WHERE "orders"."user_id" = "users"."id" AND "users"."email" = ?1 RETURNING "orders"."id", decimal_add("orders"."total", ?2) COLLATE decimal"#,
            postgres: r#"UPDATE "orders" SET "total" = "orders"."total" + CAST("users"."id" AS numeric) FROM "users" WHERE "orders"."user_id" = "users"."id" AND "users"."email" = $1 RETURNING "orders"."id", "orders"."total" + $2::numeric"#,
            mysql: "SELECT `orders`.`id` FROM `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` WHERE `users`.`email` = ? FOR UPDATE;\nUPDATE `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` SET `orders`.`total` = `orders`.`total` + CAST(`users`.`id` AS DECIMAL(20)) WHERE `orders`.`id` IN (?);\nSELECT `id`, `total` + CAST(? AS DECIMAL(10, 0)) FROM `orders` WHERE `id` IN (?) FOR UPDATE",
            mariadb: "SELECT `orders`.`id` FROM `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` WHERE `users`.`email` = ? FOR UPDATE;\nUPDATE `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` SET `orders`.`total` = `orders`.`total` + CAST(`users`.`id` AS DECIMAL(20)) WHERE `orders`.`id` IN (?);\nSELECT `id`, `total` + CAST(? AS DECIMAL(10, 0)) FROM `orders` WHERE `id` IN (?) FOR UPDATE",
        },
    );
}

#[test]
fn rows_with_keys_of_several_columns_that_come_back() {
    check(
        |dialect| update::<Stock>().set(Stock::amount, 1).all_rows().returning_of(Stock::amount).sql(dialect),
        Expected {
            sqlite: r#"UPDATE "stock" SET "amount" = ?1 RETURNING "amount""#,
            postgres: r#"UPDATE "stock" SET "amount" = $1 RETURNING "amount""#,
            mysql: "SELECT `warehouse`, `item` FROM `stock` FOR UPDATE;\nUPDATE `stock` SET `amount` = ? WHERE (`warehouse`, `item`) IN ((?, ?));\nSELECT `amount` FROM `stock` WHERE (`warehouse`, `item`) IN ((?, ?)) FOR UPDATE",
            mariadb: "SELECT `warehouse`, `item` FROM `stock` FOR UPDATE;\nUPDATE `stock` SET `amount` = ? WHERE (`warehouse`, `item`) IN ((?, ?));\nSELECT `amount` FROM `stock` WHERE (`warehouse`, `item`) IN ((?, ?)) FOR UPDATE",
        },
    );
}

#[test]
fn rows_whose_key_is_changed() {
    check_or_refuse(
        |dialect| update::<Stock>().set(Stock::item, 1).all_rows().returning_of(Stock::amount).sql(dialect),
        Expected {
            sqlite: r#"UPDATE "stock" SET "item" = ?1 RETURNING "amount""#,
            postgres: r#"UPDATE "stock" SET "item" = $1 RETURNING "amount""#,
            mysql: "returning rows of stock whose primary key is changed is not supported on mysql: update them without `returning`, and select them by their new keys",
            mariadb: "returning rows of stock whose primary key is changed is not supported on mariadb: update them without `returning`, and select them by their new keys",
        },
    );
}

#[test]
fn many_rows_with_values_of_their_own() {
    check(
        |dialect| update_all(&[user("a"), User { id: 2, ..user("b") }]).sql(dialect),
        Expected {
            sqlite: r#"UPDATE "users" SET "email" = "given"."c2", "nickname" = "given"."c3" FROM (SELECT "id" AS "c1", "email" AS "c2", "nickname" AS "c3" FROM "users" WHERE 1 = 0 UNION ALL VALUES (?1, ?2, ?3), (?4, ?5, ?6)) AS "given" WHERE "users"."id" = "given"."c1""#,
            postgres: r#"UPDATE "users" SET "email" = "given"."c2", "nickname" = "given"."c3" FROM (SELECT "id" AS "c1", "email" AS "c2", "nickname" AS "c3" FROM "users" WHERE 1 = 0 UNION ALL VALUES ($1::int8, $2::text, $3::text), ($4::int8, $5::text, $6::text)) AS "given" WHERE "users"."id" = "given"."c1""#,
            mysql: "UPDATE (SELECT `id` AS `c1`, `email` AS `c2`, `nickname` AS `c3` FROM `users` WHERE 1 = 0 UNION ALL VALUES ROW(CAST(? AS SIGNED), ?/*text(255)*/, ?/*text*/), ROW(CAST(? AS SIGNED), ?/*text(255)*/, ?/*text*/)) AS `given` LEFT JOIN `users` ON `users`.`id` = `given`.`c1` SET `users`.`email` = `given`.`c2`, `users`.`nickname` = `given`.`c3`",
            mariadb: "UPDATE (SELECT `id` AS `c1`, `email` AS `c2`, `nickname` AS `c3` FROM `users` WHERE 1 = 0 UNION ALL VALUES (CAST(? AS SIGNED), ?/*text(255)*/, ?/*text*/), (CAST(? AS SIGNED), ?/*text(255)*/, ?/*text*/)) AS `given` LEFT JOIN `users` ON `users`.`id` = `given`.`c1` SET `users`.`email` = `given`.`c2`, `users`.`nickname` = `given`.`c3`",
        },
    );
}

#[test]
fn chosen_columns_of_many_rows() {
    check(
        |dialect| {
            update_all(&[Stock { warehouse: "n".into(), item: 1, shelf: None, amount: 2 }])
                .columns(Stock::amount)
                .sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "stock" SET "amount" = "given"."c3" FROM (SELECT "warehouse" AS "c1", "item" AS "c2", "amount" AS "c3" FROM "stock" WHERE 1 = 0 UNION ALL VALUES (?1, ?2, ?3)) AS "given" WHERE "stock"."warehouse" = "given"."c1" AND "stock"."item" = "given"."c2""#,
            postgres: r#"UPDATE "stock" SET "amount" = "given"."c3" FROM (SELECT "warehouse" AS "c1", "item" AS "c2", "amount" AS "c3" FROM "stock" WHERE 1 = 0 UNION ALL VALUES ($1::text, $2::int4, $3::int8)) AS "given" WHERE "stock"."warehouse" = "given"."c1" AND "stock"."item" = "given"."c2""#,
            mysql: "UPDATE (SELECT `warehouse` AS `c1`, `item` AS `c2`, `amount` AS `c3` FROM `stock` WHERE 1 = 0 UNION ALL VALUES ROW(?/*text(20)*/, CAST(?/*i32*/ AS SIGNED), CAST(? AS SIGNED))) AS `given` LEFT JOIN `stock` ON `stock`.`warehouse` = `given`.`c1` AND `stock`.`item` = `given`.`c2` SET `stock`.`amount` = `given`.`c3`",
            mariadb: "UPDATE (SELECT `warehouse` AS `c1`, `item` AS `c2`, `amount` AS `c3` FROM `stock` WHERE 1 = 0 UNION ALL VALUES (?/*text(20)*/, CAST(?/*i32*/ AS SIGNED), CAST(? AS SIGNED))) AS `given` LEFT JOIN `stock` ON `stock`.`warehouse` = `given`.`c1` AND `stock`.`item` = `given`.`c2` SET `stock`.`amount` = `given`.`c3`",
        },
    );
}

/// Refused alike on every backend, before anything is sent.
#[test]
fn what_no_database_means_alike() {
    let several = update::<User>().join(User::orders).set(User::id, Order::user_id).all_rows();
    let twice = update::<Order>().join(Order::user).join(Order::user).set(Order::total, dec!(1)).all_rows();
    let no_filter = update::<Order>().join(Order::user).set(Order::total, dec!(1));
    let aggregate = update::<Stock>().set(Stock::amount, 1).all_rows().returning_of(count_rows());
    for dialect in dialects() {
        let several = several.sql(dialect).unwrap_err();
        assert_eq!(several.kind(), ErrorKind::Syntax, "{several}");
        let message = "several rows of orders may belong to one row of users";
        assert!(several.to_string().starts_with(message), "{several}");
        let twice = twice.sql(dialect).unwrap_err();
        assert!(twice.to_string().starts_with("two sources of the statement are called users"), "{twice}");
        let no_filter = no_filter.sql(dialect).unwrap_err();
        assert!(no_filter.to_string().starts_with("the update has no filter"), "{no_filter}");
        let aggregate = aggregate.sql(dialect).unwrap_err();
        assert!(aggregate.to_string().starts_with("what is returned is made from the row"), "{aggregate}");
    }
}

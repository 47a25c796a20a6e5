//! DELETE with joins, subqueries, RETURNING and many rows.

use creole::prelude::*;

use super::check::{Expected, check};
use crate::models::{Node, Order, User, user};

#[test]
fn a_join() {
    check(
        |dialect| delete::<Order>().join(Order::user).filter(User::email.eq("a").and(Order::id.gt(3))).sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "orders" WHERE "id" > ?1 AND EXISTS (SELECT 1 FROM "users" WHERE "orders"."user_id" = "users"."id" AND "users"."email" = ?2)"#,
            postgres: r#"DELETE FROM "orders" WHERE "id" > $1 AND EXISTS (SELECT 1 FROM "users" WHERE "orders"."user_id" = "users"."id" AND "users"."email" = $2)"#,
            mysql: "DELETE `orders` FROM `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` WHERE `users`.`email` = ? AND `orders`.`id` > ?",
            mariadb: "DELETE `orders` FROM `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` WHERE `users`.`email` = ? AND `orders`.`id` > ?",
        },
    );
}

#[test]
fn a_left_join() {
    check(
        |dialect| delete::<Order>().left_join(Order::user).filter(User::id.is_null()).sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "orders" WHERE EXISTS (SELECT 1 FROM (SELECT 1 AS "c1") AS "creole_one" LEFT JOIN "users" ON "orders"."user_id" = "users"."id" WHERE "users"."id" IS NULL)"#,
            postgres: r#"DELETE FROM "orders" WHERE EXISTS (SELECT 1 FROM (SELECT 1 AS "c1") AS "creole_one" LEFT JOIN "users" ON "orders"."user_id" = "users"."id" WHERE "users"."id" IS NULL)"#,
            mysql: "DELETE `orders` FROM `orders` LEFT JOIN `users` ON `orders`.`user_id` = `users`.`id` WHERE `users`.`id` IS NULL",
            mariadb: "DELETE `orders` FROM `orders` LEFT JOIN `users` ON `orders`.`user_id` = `users`.`id` WHERE `users`.`id` IS NULL",
        },
    );
}

#[test]
fn joined_rows_that_come_back() {
    check(
        |dialect| delete::<Order>().join(Order::user).filter(User::email.eq("a")).returning().sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "orders" WHERE EXISTS (SELECT 1 FROM "users" WHERE "orders"."user_id" = "users"."id" AND "users"."email" = ?1) RETURNING "orders"."id", "orders"."user_id", "orders"."total""#,
            postgres: r#"DELETE FROM "orders" WHERE EXISTS (SELECT 1 FROM "users" WHERE "orders"."user_id" = "users"."id" AND "users"."email" = $1) RETURNING "orders"."id", "orders"."user_id", "orders"."total""#,
            mysql: "SELECT `id`, `user_id`, `total`, `id` FROM `orders` WHERE EXISTS (SELECT 1 FROM `users` WHERE `orders`.`user_id` = `users`.`id` AND `users`.`email` = ?) FOR UPDATE;\nDELETE FROM `orders` WHERE `id` IN (?)",
            mariadb: "DELETE FROM `orders` WHERE EXISTS (SELECT 1 FROM `users` WHERE `orders`.`user_id` = `users`.`id` AND `users`.`email` = ?) RETURNING `orders`.`id`, `orders`.`user_id`, `orders`.`total`",
        },
    );
}

#[test]
fn the_table_itself_in_a_relation() {
    check(
        |dialect| delete::<Node>().filter(Node::children.none(Node::name.eq("x"))).sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "nodes" WHERE NOT EXISTS (SELECT 1 FROM "nodes" AS "related" WHERE "related"."parent_id" = "nodes"."id" AND "related"."name" = ?1)"#,
            postgres: r#"DELETE FROM "nodes" WHERE NOT EXISTS (SELECT 1 FROM "nodes" AS "related" WHERE "related"."parent_id" = "nodes"."id" AND "related"."name" = $1)"#,
            mysql: "DELETE FROM `nodes` WHERE NOT EXISTS (SELECT 1 FROM (SELECT * FROM `nodes`) AS `related` WHERE `related`.`parent_id` = `nodes`.`id` AND `related`.`name` = ?)",
            mariadb: "DELETE FROM `nodes` WHERE NOT EXISTS (SELECT 1 FROM (SELECT * FROM `nodes`) AS `related` WHERE `related`.`parent_id` = `nodes`.`id` AND `related`.`name` = ?)",
        },
    );
}

#[test]
fn a_cte_in_a_subquery() {
    let c = select((Order::user_id, max(Order::id))).from(table::<Order>()).group_by(Order::user_id).cte("last");
    check(
        |dialect| {
            delete::<User>().with_cte(&c).filter(User::id.is_in(select(c.col(Order::user_id)).from(&c))).sql(dialect)
        },
        Expected {
            sqlite: r#"WITH "last" ("c1", "c2") AS (SELECT "user_id" AS "c1", max("id") AS "c2" FROM "orders" GROUP BY "user_id") DELETE FROM "users" WHERE "id" IN (SELECT "last"."c1" FROM "last")"#,
            postgres: r#"WITH "last" ("c1", "c2") AS (SELECT "user_id" AS "c1", max("id") AS "c2" FROM "orders" GROUP BY "user_id") DELETE FROM "users" WHERE "id" IN (SELECT "last"."c1" FROM "last")"#,
            mysql: "WITH `last` (`c1`, `c2`) AS (SELECT `user_id` AS `c1`, max(`id`) AS `c2` FROM `orders` GROUP BY `user_id`) DELETE FROM `users` WHERE `id` IN (SELECT `last`.`c1` FROM `last`)",
            mariadb: "DELETE FROM `users` WHERE `id` IN (SELECT `last`.`c1` FROM (WITH `last` (`c1`, `c2`) AS (SELECT `orders`.`user_id` AS `c1`, max(`orders`.`id`) AS `c2` FROM `orders` GROUP BY `orders`.`user_id`) SELECT * FROM `last`) AS `last`)",
        },
    );
}

#[test]
fn a_cte_that_is_joined() {
    let c = select((Order::user_id, max(Order::id))).from(table::<Order>()).group_by(Order::user_id).cte("last");
    check(
        |dialect| {
            delete::<User>()
                .with_cte(&c)
                .join(c.on(c.col(Order::user_id).eq(User::id)))
                .filter(User::nickname.is_null())
                .sql(dialect)
        },
        Expected {
            sqlite: r#"WITH "last" ("c1", "c2") AS (SELECT "user_id" AS "c1", max("id") AS "c2" FROM "orders" GROUP BY "user_id") DELETE FROM "users" WHERE "nickname" IS NULL AND EXISTS (SELECT 1 FROM "last" WHERE "last"."c1" = "users"."id")"#,
            postgres: r#"WITH "last" ("c1", "c2") AS (SELECT "user_id" AS "c1", max("id") AS "c2" FROM "orders" GROUP BY "user_id") DELETE FROM "users" WHERE "nickname" IS NULL AND EXISTS (SELECT 1 FROM "last" WHERE "last"."c1" = "users"."id")"#,
            mysql: "WITH `last` (`c1`, `c2`) AS (SELECT `user_id` AS `c1`, max(`id`) AS `c2` FROM `orders` GROUP BY `user_id`) DELETE `users` FROM `users` JOIN `last` ON `last`.`c1` = `users`.`id` WHERE `users`.`nickname` IS NULL",
            mariadb: "DELETE `users` FROM `users` JOIN (WITH `last` (`c1`, `c2`) AS (SELECT `orders`.`user_id` AS `c1`, max(`orders`.`id`) AS `c2` FROM `orders` GROUP BY `orders`.`user_id`) SELECT * FROM `last`) AS `last` ON `last`.`c1` = `users`.`id` WHERE `users`.`nickname` IS NULL",
        },
    );
}

#[test]
fn many_rows_by_their_keys() {
    check(
        |dialect| delete_all(&[user("a"), User { id: 2, ..user("b") }]).sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "users" WHERE "id" IN (?1, ?2)"#,
            postgres: r#"DELETE FROM "users" WHERE "id" IN ($1, $2)"#,
            mysql: "DELETE FROM `users` WHERE `id` IN (?, ?)",
            mariadb: "DELETE FROM `users` WHERE `id` IN (?, ?)",
        },
    );
}

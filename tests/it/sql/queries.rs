//! Joins, subqueries, compounds, windows and functions.

use creole::prelude::*;
use creole::query::FrameBound::{CurrentRow, Preceding};
use creole::query::{func, greatest, nullif, row_number, window};

use super::check::{Expected, check};
use crate::models::{Everything, Node, Order, User};

#[test]
fn joins_along_a_relation_and_the_foreign_key() {
    check(
        |dialect| {
            (select((User::ALL, Order::id))
                .join(User::orders)
                .left_join(alias::<User>("u").on(Order::user_id.eq(User::id))))
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "users"."id", "users"."email", "users"."nickname", "orders"."id" FROM "users" JOIN "orders" ON "users"."id" = "orders"."user_id" LEFT JOIN "users" AS "u" ON "orders"."user_id" = "users"."id""#,
            postgres: r#"SELECT "users"."id", "users"."email", "users"."nickname", "orders"."id" FROM "users" JOIN "orders" ON "users"."id" = "orders"."user_id" LEFT JOIN "users" AS "u" ON "orders"."user_id" = "users"."id""#,
            mysql: "SELECT `users`.`id`, `users`.`email`, `users`.`nickname`, `orders`.`id` FROM `users` JOIN `orders` ON `users`.`id` = `orders`.`user_id` LEFT JOIN `users` AS `u` ON `orders`.`user_id` = `users`.`id`",
            mariadb: "SELECT `users`.`id`, `users`.`email`, `users`.`nickname`, `orders`.`id` FROM `users` JOIN `orders` ON `users`.`id` = `orders`.`user_id` LEFT JOIN `users` AS `u` ON `orders`.`user_id` = `users`.`id`",
        },
    );
}

#[test]
fn outer_joins_and_the_place_of_null() {
    check(
        |dialect| {
            (select((User::email, Order::ALL.optional())).left_join(User::orders).order_by(Order::total)).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "users"."email", "orders"."id", "orders"."user_id", "orders"."total" FROM "users" LEFT JOIN "orders" ON "users"."id" = "orders"."user_id" ORDER BY "orders"."total" NULLS LAST"#,
            postgres: r#"SELECT "users"."email", "orders"."id", "orders"."user_id", "orders"."total" FROM "users" LEFT JOIN "orders" ON "users"."id" = "orders"."user_id" ORDER BY "orders"."total""#,
            mysql: "SELECT `users`.`email`, `orders`.`id`, `orders`.`user_id`, `orders`.`total` FROM `users` LEFT JOIN `orders` ON `users`.`id` = `orders`.`user_id` ORDER BY `orders`.`total` IS NULL, `orders`.`total`",
            mariadb: "SELECT `users`.`email`, `orders`.`id`, `orders`.`user_id`, `orders`.`total` FROM `users` LEFT JOIN `orders` ON `users`.`id` = `orders`.`user_id` ORDER BY `orders`.`total` IS NULL, `orders`.`total`",
        },
    );
}

#[test]
fn a_table_under_another_name() {
    check(
        |dialect| {
            ({
                let parent = alias::<Node>("parent");
                select((Node::name, parent.col(Node::name))).join(parent.on(Node::parent_id.eq(parent.col(Node::id))))
            })
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "nodes"."name", "parent"."name" FROM "nodes" JOIN "nodes" AS "parent" ON "nodes"."parent_id" = "parent"."id""#,
            postgres: r#"SELECT "nodes"."name", "parent"."name" FROM "nodes" JOIN "nodes" AS "parent" ON "nodes"."parent_id" = "parent"."id""#,
            mysql: "SELECT `nodes`.`name`, `parent`.`name` FROM `nodes` JOIN `nodes` AS `parent` ON `nodes`.`parent_id` = `parent`.`id`",
            mariadb: "SELECT `nodes`.`name`, `parent`.`name` FROM `nodes` JOIN `nodes` AS `parent` ON `nodes`.`parent_id` = `parent`.`id`",
        },
    );
}

#[test]
fn conditions_on_related_rows() {
    check(
        |dialect| {
            (select(User::id).filter(User::orders.any(Order::total.gt(100)).or(User::orders.count().gt(3))))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "id" FROM "users" WHERE EXISTS (SELECT 1 FROM "orders" WHERE "orders"."user_id" = "users"."id" AND "orders"."total" > ?1) OR (SELECT count(*) FROM "orders" WHERE "orders"."user_id" = "users"."id") > ?2"#,
            postgres: r#"SELECT "id" FROM "users" WHERE EXISTS (SELECT 1 FROM "orders" WHERE "orders"."user_id" = "users"."id" AND "orders"."total" > $1) OR (SELECT count(*) FROM "orders" WHERE "orders"."user_id" = "users"."id") > $2::int8"#,
            mysql: "SELECT `id` FROM `users` WHERE EXISTS (SELECT 1 FROM `orders` WHERE `orders`.`user_id` = `users`.`id` AND `orders`.`total` > ?) OR (SELECT count(*) FROM `orders` WHERE `orders`.`user_id` = `users`.`id`) > CAST(? AS SIGNED)",
            mariadb: "SELECT `id` FROM `users` WHERE EXISTS (SELECT 1 FROM `orders` WHERE `orders`.`user_id` = `users`.`id` AND `orders`.`total` > ?) OR (SELECT count(*) FROM `orders` WHERE `orders`.`user_id` = `users`.`id`) > CAST(? AS SIGNED)",
        },
    );
}

#[test]
fn a_table_related_to_itself() {
    check(
        |dialect| (select(Node::id).filter(Node::children.none(Node::name.like("a%")))).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "nodes" WHERE NOT EXISTS (SELECT 1 FROM "nodes" AS "related" WHERE "related"."parent_id" = "nodes"."id" AND "related"."name" LIKE ?1 ESCAPE '\')"#,
            postgres: r#"SELECT "id" FROM "nodes" WHERE NOT EXISTS (SELECT 1 FROM "nodes" AS "related" WHERE "related"."parent_id" = "nodes"."id" AND "related"."name" LIKE $1)"#,
            mysql: "SELECT `id` FROM `nodes` WHERE NOT EXISTS (SELECT 1 FROM `nodes` AS `related` WHERE `related`.`parent_id` = `nodes`.`id` AND `related`.`name` LIKE ?)",
            mariadb: "SELECT `id` FROM `nodes` WHERE NOT EXISTS (SELECT 1 FROM `nodes` AS `related` WHERE `related`.`parent_id` = `nodes`.`id` AND `related`.`name` LIKE ?)",
        },
    );
}

#[test]
fn subqueries_as_values_and_lists() {
    check(
        |dialect| {
            (select(User::id)
                .filter(User::id.is_in(select(Order::user_id).order_by(Order::id).limit(3)))
                .filter(User::id.gt(select(min(Order::user_id)))))
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "id" FROM "users" WHERE "id" IN (SELECT "orders"."user_id" FROM "orders" ORDER BY "orders"."id" LIMIT ?1) AND "id" > (SELECT min("orders"."user_id") FROM "orders")"#,
            postgres: r#"SELECT "id" FROM "users" WHERE "id" IN (SELECT "orders"."user_id" FROM "orders" ORDER BY "orders"."id" LIMIT $1) AND "id" > (SELECT min("orders"."user_id") FROM "orders")"#,
            mysql: "SELECT `id` FROM `users` WHERE `id` IN (SELECT * FROM (SELECT `orders`.`user_id` FROM `orders` ORDER BY `orders`.`id` LIMIT ?) AS `limited`) AND `id` > (SELECT min(`orders`.`user_id`) FROM `orders`)",
            mariadb: "SELECT `id` FROM `users` WHERE `id` IN (SELECT * FROM (SELECT `orders`.`user_id` FROM `orders` ORDER BY `orders`.`id` LIMIT ?) AS `limited`) AND `id` > (SELECT min(`orders`.`user_id`) FROM `orders`)",
        },
    );
}

#[test]
fn existence() {
    check(
        |dialect| (select(User::id).filter(exists(Order::select().filter(Order::user_id.eq(User::id))))).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "users" WHERE EXISTS (SELECT 1 FROM "orders" WHERE "orders"."user_id" = "users"."id")"#,
            postgres: r#"SELECT "id" FROM "users" WHERE EXISTS (SELECT 1 FROM "orders" WHERE "orders"."user_id" = "users"."id")"#,
            mysql: "SELECT `id` FROM `users` WHERE EXISTS (SELECT 1 FROM `orders` WHERE `orders`.`user_id` = `users`.`id`)",
            mariadb: "SELECT `id` FROM `users` WHERE EXISTS (SELECT 1 FROM `orders` WHERE `orders`.`user_id` = `users`.`id`)",
        },
    );
}

#[test]
fn a_subquery_as_a_source() {
    check(
        |dialect| {
            ({
                let totals = select((Order::user_id, sum(Order::total))).group_by(Order::user_id).subquery("totals");
                select((User::id, totals.col(sum(Order::total))))
                    .join(totals.on(User::id.eq(totals.col(Order::user_id))))
            })
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "users"."id", "totals"."c2" COLLATE decimal FROM "users" JOIN (SELECT "orders"."user_id" AS "c1", decimal_sum("orders"."total") COLLATE decimal AS "c2" FROM "orders" GROUP BY "orders"."user_id") AS "totals" ON "users"."id" = "totals"."c1""#,
            postgres: r#"SELECT "users"."id", "totals"."c2" FROM "users" JOIN (SELECT "orders"."user_id" AS "c1", sum("orders"."total") AS "c2" FROM "orders" GROUP BY "orders"."user_id") AS "totals" ON "users"."id" = "totals"."c1""#,
            mysql: "SELECT `users`.`id`, `totals`.`c2` FROM `users` JOIN (SELECT `orders`.`user_id` AS `c1`, sum(`orders`.`total`) AS `c2` FROM `orders` GROUP BY `orders`.`user_id`) AS `totals` ON `users`.`id` = `totals`.`c1`",
            mariadb: "SELECT `users`.`id`, `totals`.`c2` FROM `users` JOIN (SELECT `orders`.`user_id` AS `c1`, sum(`orders`.`total`) AS `c2` FROM `orders` GROUP BY `orders`.`user_id`) AS `totals` ON `users`.`id` = `totals`.`c1`",
        },
    );
}

#[test]
fn compounds_from_left_to_right() {
    check(
        |dialect| {
            (select(User::id).union(select(Order::id)).intersect(select(Node::id)).order_by(User::id.desc()).limit(2))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "creole_compound"."c1" FROM (SELECT * FROM (SELECT "users"."id" AS "c1" FROM "users" UNION SELECT "orders"."id" AS "c1" FROM "orders") AS "arm1" INTERSECT SELECT "nodes"."id" AS "c1" FROM "nodes") AS "creole_compound" ORDER BY "creole_compound"."c1" DESC NULLS FIRST LIMIT ?1"#,
            postgres: r#"SELECT "creole_compound"."c1" FROM (SELECT * FROM (SELECT "users"."id" AS "c1" FROM "users" UNION SELECT "orders"."id" AS "c1" FROM "orders") AS "arm1" INTERSECT SELECT "nodes"."id" AS "c1" FROM "nodes") AS "creole_compound" ORDER BY "creole_compound"."c1" DESC LIMIT $1"#,
            mysql: "SELECT `creole_compound`.`c1` FROM (SELECT * FROM (SELECT `users`.`id` AS `c1` FROM `users` UNION SELECT `orders`.`id` AS `c1` FROM `orders`) AS `arm1` INTERSECT SELECT `nodes`.`id` AS `c1` FROM `nodes`) AS `creole_compound` ORDER BY `creole_compound`.`c1` IS NULL DESC, `creole_compound`.`c1` DESC LIMIT ?",
            mariadb: "SELECT `creole_compound`.`c1` FROM (SELECT * FROM (SELECT `users`.`id` AS `c1` FROM `users` UNION SELECT `orders`.`id` AS `c1` FROM `orders`) AS `arm1` INTERSECT SELECT `nodes`.`id` AS `c1` FROM `nodes`) AS `creole_compound` ORDER BY `creole_compound`.`c1` IS NULL DESC, `creole_compound`.`c1` DESC LIMIT ?",
        },
    );
}

#[test]
fn a_recursive_table_expression() {
    check(
        |dialect| {
            ({
                let below =
                    select((Node::id, Node::name)).filter(Node::parent_id.is_null()).recursive("below", |below| {
                        select((Node::id, Node::name)).join(below.on(Node::parent_id.eq(below.col(Node::id))))
                    });
                select(below.col(Node::name)).from(&below).with_cte(&below)
            })
            .sql(dialect)
        },
        Expected {
            sqlite: r#"WITH RECURSIVE "below" ("c1", "c2") AS (SELECT "id" AS "c1", "name" AS "c2" FROM "nodes" WHERE "parent_id" IS NULL UNION ALL SELECT "nodes"."id" AS "c1", "nodes"."name" AS "c2" FROM "nodes" JOIN "below" ON "nodes"."parent_id" = "below"."c1") SELECT "below"."c2" FROM "below""#,
            postgres: r#"WITH RECURSIVE "below" ("c1", "c2") AS (SELECT "id" AS "c1", "name" AS "c2" FROM "nodes" WHERE "parent_id" IS NULL UNION ALL SELECT "nodes"."id" AS "c1", "nodes"."name" AS "c2" FROM "nodes" JOIN "below" ON "nodes"."parent_id" = "below"."c1") SELECT "below"."c2" FROM "below""#,
            mysql: "WITH RECURSIVE `below` (`c1`, `c2`) AS (SELECT `id` AS `c1`, `name` AS `c2` FROM `nodes` WHERE `parent_id` IS NULL UNION ALL SELECT `nodes`.`id` AS `c1`, `nodes`.`name` AS `c2` FROM `nodes` JOIN `below` ON `nodes`.`parent_id` = `below`.`c1`) SELECT `below`.`c2` FROM `below`",
            mariadb: "WITH RECURSIVE `below` (`c1`, `c2`) AS (SELECT `id` AS `c1`, `name` AS `c2` FROM `nodes` WHERE `parent_id` IS NULL UNION ALL SELECT `nodes`.`id` AS `c1`, `nodes`.`name` AS `c2` FROM `nodes` JOIN `below` ON `nodes`.`parent_id` = `below`.`c1`) SELECT `below`.`c2` FROM `below`",
        },
    );
}

#[test]
fn windows() {
    check(
        |dialect| {
            (select((
                row_number().over(window().partition_by(Order::user_id).order_by(Order::id.desc())),
                avg(Order::total).over(window().order_by(Order::id).rows(Preceding(2), CurrentRow)),
            )))
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT row_number() OVER (PARTITION BY "user_id" ORDER BY "id" DESC), creole_decimal_avg("total", 16) OVER (ORDER BY "id" ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) COLLATE decimal FROM "orders""#,
            postgres: r#"SELECT row_number() OVER (PARTITION BY "user_id" ORDER BY "id" DESC), round(sum("total") OVER (ORDER BY "id" ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)::numeric(200, 46) / NULLIF(count("total") OVER (ORDER BY "id" ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), 0), 16) FROM "orders""#,
            mysql: "SELECT row_number() OVER (PARTITION BY `user_id` ORDER BY `id` DESC), round(CAST(sum(`total`) OVER (ORDER BY `id` ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS DECIMAL(59, 21)) / count(`total`) OVER (ORDER BY `id` ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), 16) FROM `orders`",
            mariadb: "SELECT row_number() OVER (PARTITION BY `user_id` ORDER BY `id` DESC), round(CAST(sum(`total`) OVER (ORDER BY `id` ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS DECIMAL(59, 21)) / count(`total`) OVER (ORDER BY `id` ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), 16) FROM `orders`",
        },
    );
}

#[test]
fn aggregates_of_some_rows() {
    check(
        |dialect| {
            (select((sum(Order::total).filter(Order::id.gt(3)), avg(Order::total).filter(Order::id.gt(3)))))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT decimal_sum("total") FILTER (WHERE "id" > ?1) COLLATE decimal, creole_decimal_avg("total", 16) FILTER (WHERE "id" > ?2) COLLATE decimal FROM "orders""#,
            postgres: r#"SELECT sum("total") FILTER (WHERE "id" > $1), round(sum("total") FILTER (WHERE "id" > $2)::numeric(200, 46) / NULLIF(count("total") FILTER (WHERE "id" > $3), 0), 16) FROM "orders""#,
            mysql: "SELECT sum(CASE WHEN `id` > ? THEN `total` END), round(CAST(sum(CASE WHEN `id` > ? THEN `total` END) AS DECIMAL(59, 21)) / count(CASE WHEN `id` > ? THEN `total` END), 16) FROM `orders`",
            mariadb: "SELECT sum(CASE WHEN `id` > ? THEN `total` END), round(CAST(sum(CASE WHEN `id` > ? THEN `total` END) AS DECIMAL(59, 21)) / count(CASE WHEN `id` > ? THEN `total` END), 16) FROM `orders`",
        },
    );
}

#[test]
fn locks() {
    check(
        |dialect| (select(User::id).for_update()).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "users""#,
            postgres: r#"SELECT "id" FROM "users" FOR UPDATE"#,
            mysql: "SELECT `id` FROM `users` FOR UPDATE",
            mariadb: "SELECT `id` FROM `users` FOR UPDATE",
        },
    );
}

#[test]
fn cases_and_nulls() {
    check(
        |dialect| {
            (select((
                case(User::id.gt(3), "a").when(User::id.gt(2), "b").otherwise("c"),
                coalesce(User::nickname, User::email),
                nullif(User::email, "x"),
                greatest(User::nickname, User::email),
            )))
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT CASE WHEN "id" > ?1 THEN ?2 WHEN "id" > ?3 THEN ?4 ELSE ?5 END, coalesce("nickname", "email"), nullif("email", ?6), max(coalesce("nickname", "email"), "email") FROM "users""#,
            postgres: r#"SELECT CASE WHEN "id" > $1 THEN $2::text WHEN "id" > $3 THEN $4::text ELSE $5::text END, coalesce("nickname", "email"), nullif("email", $6::text), greatest("nickname", "email") FROM "users""#,
            mysql: "SELECT CASE WHEN `id` > ? THEN ?/*text*/ WHEN `id` > ? THEN ?/*text*/ ELSE ?/*text*/ END, coalesce(`nickname`, `email`), nullif(`email`, ?/*text*/), greatest(coalesce(`nickname`, `email`), `email`) FROM `users`",
            mariadb: "SELECT CASE WHEN `id` > ? THEN ?/*text*/ WHEN `id` > ? THEN ?/*text*/ ELSE ?/*text*/ END, coalesce(`nickname`, `email`), nullif(`email`, ?/*text*/), greatest(coalesce(`nickname`, `email`), `email`) FROM `users`",
        },
    );
}

#[test]
fn casts_rounding_and_absolute_values() {
    check(
        |dialect| {
            (select((
                Order::id.cast::<String>(),
                Order::id.cast::<f64>(),
                Order::id.cast::<Decimal>() / 4,
                Order::total.round(1),
                Order::total.abs(),
                Order::id.abs(),
            )))
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT CAST("id" AS TEXT), CAST("id" AS REAL), creole_decimal_div(decimal("id") COLLATE decimal, ?1, 6) COLLATE decimal, creole_decimal_round("total", 1) COLLATE decimal, creole_decimal_abs("total") COLLATE decimal, abs("id") FROM "orders""#,
            postgres: r#"SELECT CAST("id" AS text) COLLATE "C", CAST("id" AS float8), round(CAST("id" AS numeric)::numeric(200, 36) / $1::numeric, 6), round("total", 1), abs("total"), abs("id") FROM "orders""#,
            mysql: "SELECT CAST(`id` AS CHAR), CAST(`id` AS DOUBLE), round(CAST(CAST(`id` AS DECIMAL(20)) AS DECIMAL(49, 11)) / CAST(? AS DECIMAL(10, 0)), 6), round(`total`, 1), abs(`total`), abs(`id`) FROM `orders`",
            mariadb: "SELECT CAST(`id` AS CHAR), CAST(`id` AS DOUBLE), round(CAST(CAST(`id` AS DECIMAL(20)) AS DECIMAL(49, 11)) / CAST(? AS DECIMAL(10, 0)), 6), round(`total`, 1), abs(`total`), abs(`id`) FROM `orders`",
        },
    );
}

#[test]
fn texts() {
    check(
        |dialect| {
            (select((
                User::email.concat("!"),
                User::email.trim(),
                User::email.replace("a", "b"),
                User::email.substring(1, 2),
            )))
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT ("email" || ?1), trim("email"), replace("email", ?2, ?3), substr("email", ?4, ?5) FROM "users""#,
            postgres: r#"SELECT ("email" || $1::text), btrim("email"), replace("email", $2::text, $3::text), substr("email", $4::int8::int4, $5::int8::int4) FROM "users""#,
            mysql: "SELECT concat(`email`, ?/*text*/), trim(`email`), replace(`email`, ?/*text*/, ?/*text*/), substring(`email`, CAST(? AS SIGNED), CAST(? AS SIGNED)) FROM `users`",
            mariadb: "SELECT concat(`email`, ?/*text*/), trim(`email`), replace(`email`, ?/*text*/, ?/*text*/), substring(`email`, CAST(? AS SIGNED), CAST(? AS SIGNED)) FROM `users`",
        },
    );
}

#[test]
fn parts_of_a_time() {
    check(
        |dialect| {
            (select((
                Everything::instant.year(),
                Everything::date.weekday(),
                Everything::time.hour(),
                Everything::moment.second(),
                Everything::date.day_of_year(),
            )))
            .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT CAST(substr("instant", 1, 4) AS INTEGER), CAST(strftime('%u', "date") AS INTEGER), CAST(substr("time", 1, 2) AS INTEGER), CAST(substr("moment", 18, 2) AS INTEGER), CAST(strftime('%j', "date") AS INTEGER) FROM "everything""#,
            postgres: r#"SELECT EXTRACT(year FROM "instant")::int8, EXTRACT(isodow FROM "date")::int8, EXTRACT(hour FROM "time")::int8, floor(EXTRACT(second FROM "moment"))::int8, EXTRACT(doy FROM "date")::int8 FROM "everything""#,
            mysql: "SELECT year(`instant`), (weekday(`date`) + 1), hour(`time`), second(`moment`), dayofyear(`date`) FROM `everything`",
            mariadb: "SELECT year(`instant`), (weekday(`date`) + 1), hour(`time`), second(`moment`), dayofyear(`date`) FROM `everything`",
        },
    );
}

#[test]
fn bits() {
    check(
        |dialect| (select((Order::id.bit_and(1), Order::id.bit_or(2), Order::id.bit_not()))).sql(dialect),
        Expected {
            sqlite: r#"SELECT ("id" & ?1), ("id" | ?2), (~ "id") FROM "orders""#,
            postgres: r#"SELECT ("id" & $1::int8), ("id" | $2::int8), (~ "id") FROM "orders""#,
            mysql: "SELECT CAST((`id` & CAST(? AS SIGNED)) AS SIGNED), CAST((`id` | CAST(? AS SIGNED)) AS SIGNED), CAST((~ `id`) AS SIGNED) FROM `orders`",
            mariadb: "SELECT CAST((`id` & CAST(? AS SIGNED)) AS SIGNED), CAST((`id` | CAST(? AS SIGNED)) AS SIGNED), CAST((~ `id`) AS SIGNED) FROM `orders`",
        },
    );
}

#[test]
fn a_list_is_filled_up_to_a_power_of_two() {
    check(
        |dialect| (select(User::id).filter(User::id.is_in([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]))).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "users" WHERE "id" IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"#,
            postgres: r#"SELECT "id" FROM "users" WHERE "id" IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"#,
            mysql: "SELECT `id` FROM `users` WHERE `id` IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            mariadb: "SELECT `id` FROM `users` WHERE `id` IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        },
    );
}

#[test]
fn a_function_of_the_databases_own() {
    check(
        |dialect| (select(func::<f64>("my_schema.score", (User::id, User::email)))).sql(dialect),
        Expected {
            sqlite: r#"SELECT my_schema.score("id", "email") FROM "users""#,
            postgres: r#"SELECT my_schema.score("id", "email") FROM "users""#,
            mysql: "SELECT my_schema.score(`id`, `email`) FROM `users`",
            mariadb: "SELECT my_schema.score(`id`, `email`) FROM `users`",
        },
    );
}

//! Many values at once: on the right of a comparison, and as a source of rows.

use creole::prelude::*;
use creole::query::values;

use super::check::{Expected, check, check_or_refuse};
use crate::models::{Order, User};

#[test]
fn comparisons_with_many_values() {
    let some = || select(Order::id).filter(Order::user_id.eq(1));
    check(
        |dialect| {
            select(User::id).filter(User::id.gt(any_of(some())).or(User::id.ne(all_of(some().limit(2))))).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "id" FROM "users" WHERE (SELECT CASE WHEN max("value" > "c1") = 1 THEN 1 WHEN count(*) = count("value" > "c1") THEN 0 END FROM (SELECT "users"."id" AS "value") AS "one" CROSS JOIN (SELECT "orders"."id" AS "c1" FROM "orders" WHERE "orders"."user_id" = ?1) AS "many") OR "id" NOT IN (SELECT "orders"."id" FROM "orders" WHERE "orders"."user_id" = ?2 LIMIT ?3)"#,
            postgres: r#"SELECT "id" FROM "users" WHERE "id" > ANY (SELECT "orders"."id" FROM "orders" WHERE "orders"."user_id" = $1) OR "id" <> ALL (SELECT "orders"."id" FROM "orders" WHERE "orders"."user_id" = $2 LIMIT $3)"#,
            mysql: "SELECT `id` FROM `users` WHERE `id` > ANY (SELECT `orders`.`id` FROM `orders` WHERE `orders`.`user_id` = ?) OR `id` <> ALL (SELECT * FROM (SELECT `orders`.`id` FROM `orders` WHERE `orders`.`user_id` = ? LIMIT ?) AS `limited`)",
            mariadb: "SELECT `id` FROM `users` WHERE `id` > ANY (SELECT `orders`.`id` FROM `orders` WHERE `orders`.`user_id` = ?) OR `id` <> ALL (SELECT * FROM (SELECT `orders`.`id` FROM `orders` WHERE `orders`.`user_id` = ? LIMIT ?) AS `limited`)",
        },
    );
    check_or_refuse(
        |dialect| select(Order::user_id).group_by(Order::user_id).having(count_rows().lt(all_of(some()))).sql(dialect),
        Expected {
            sqlite: "an aggregate beside ALL is not supported on sqlite: compare with the smallest or the greatest of the rows: `select(min(…))`",
            postgres: r#"SELECT "user_id" FROM "orders" GROUP BY "user_id" HAVING count(*) < ALL (SELECT "orders"."id" FROM "orders" WHERE "orders"."user_id" = $1)"#,
            mysql: "SELECT `user_id` FROM `orders` GROUP BY `user_id` HAVING count(*) < ALL (SELECT `orders`.`id` FROM `orders` WHERE `orders`.`user_id` = ?)",
            mariadb: "SELECT `user_id` FROM `orders` GROUP BY `user_id` HAVING count(*) < ALL (SELECT * FROM (SELECT `orders`.`id` FROM `orders` WHERE `orders`.`user_id` = ?) AS `kept` UNION ALL SELECT NULL FROM DUAL WHERE 1 = 0)",
        },
    );
}

#[test]
fn rows_of_the_program() {
    let rows = values("v", [(1_i64, "a"), (2, "b")]);
    let (id, word) = rows.columns();
    check(
        |dialect| {
            select((User::email, word.clone().optional())).left_join(rows.on(id.clone().eq(User::id))).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "users"."email", "v"."c2" FROM "users" LEFT JOIN (SELECT NULL AS "c1", NULL AS "c2" WHERE 0 UNION ALL VALUES (?1, ?2), (?3, ?4)) AS "v" ON "v"."c1" = "users"."id""#,
            postgres: r#"SELECT "users"."email", "v"."c2" FROM "users" LEFT JOIN (VALUES ($1::int8, $2::text COLLATE "C"), ($3::int8, $4::text COLLATE "C")) AS "v" ("c1", "c2") ON "v"."c1" = "users"."id""#,
            mysql: "SELECT `users`.`email`, `v`.`c2` FROM `users` LEFT JOIN (VALUES ROW(CAST(? AS SIGNED), ?/*text*/), ROW(CAST(? AS SIGNED), ?/*text*/)) AS `v` (`c1`, `c2`) ON `v`.`c1` = `users`.`id`",
            mariadb: "SELECT `users`.`email`, `v`.`c2` FROM `users` LEFT JOIN (SELECT CAST(? AS SIGNED) AS `c1`, ?/*text*/ AS `c2` UNION ALL SELECT CAST(? AS SIGNED), ?/*text*/) AS `v` ON `v`.`c1` = `users`.`id`",
        },
    );
    let none = values("v", Vec::<(i64, Decimal)>::new());
    check(
        |dialect| select(none.columns()).from(&none).sql(dialect),
        Expected {
            sqlite: r#"SELECT "v"."c1", "v"."c2" COLLATE decimal FROM (SELECT ?1 AS "c1", ?2 COLLATE decimal AS "c2" WHERE 1 = 0) AS "v""#,
            postgres: r#"SELECT "v"."c1", "v"."c2" FROM (SELECT $1::int8 AS "c1", $2::numeric AS "c2" WHERE 1 = 0) AS "v""#,
            mysql: "SELECT `v`.`c1`, `v`.`c2` FROM (SELECT CAST(? AS SIGNED) AS `c1`, CAST(? AS DECIMAL(28, 10)) AS `c2` WHERE 1 = 0) AS `v`",
            mariadb: "SELECT `v`.`c1`, `v`.`c2` FROM (SELECT CAST(? AS SIGNED) AS `c1`, CAST(? AS DECIMAL(28, 10)) AS `c2` FROM DUAL WHERE 1 = 0) AS `v`",
        },
    );
}

#[test]
fn the_first_row_of_each_group() {
    check_or_refuse(
        |dialect| {
            select((Order::user_id, Order::total))
                .distinct_on(Order::user_id)
                .order_by((Order::user_id, Order::total.desc()))
                .sql(dialect)
        },
        Expected {
            sqlite: "DISTINCT ON is not supported on sqlite: number the rows by `row_number().over(window().partition_by(…).order_by(…))` in a subquery, and filter by 1",
            postgres: r#"SELECT DISTINCT ON ("user_id") "user_id", "total" FROM "orders" ORDER BY "user_id", "total" DESC"#,
            mysql: "DISTINCT ON is not supported on mysql: number the rows by `row_number().over(window().partition_by(…).order_by(…))` in a subquery, and filter by 1",
            mariadb: "DISTINCT ON is not supported on mariadb: number the rows by `row_number().over(window().partition_by(…).order_by(…))` in a subquery, and filter by 1",
        },
    );
}

#[test]
fn rows_are_locked() {
    check_or_refuse(
        |dialect| select(Order::id).join(table::<User>()).for_share().lock_of(table::<Order>()).nowait().sql(dialect),
        Expected {
            sqlite: "skipping or refusing locked rows is not supported on sqlite: rows are not locked one by one here; leave `skip_locked` and `nowait` off",
            postgres: r#"SELECT "orders"."id" FROM "orders" JOIN "users" ON "orders"."user_id" = "users"."id" FOR SHARE OF "orders" NOWAIT"#,
            mysql: "SELECT `orders`.`id` FROM `orders` JOIN `users` ON `orders`.`user_id` = `users`.`id` FOR SHARE OF `orders` NOWAIT",
            mariadb: "locking the rows of some tables only is not supported on mariadb: leave `lock_of` off, and the rows of every table of the statement are locked, and `joined` relations to statements of their own; or lock those of one table by a SELECT before",
        },
    );
    check_or_refuse(
        |dialect| select(Order::id).for_update().skip_locked().sql(dialect),
        Expected {
            sqlite: "skipping or refusing locked rows is not supported on sqlite: rows are not locked one by one here; leave `skip_locked` and `nowait` off",
            postgres: r#"SELECT "id" FROM "orders" FOR UPDATE SKIP LOCKED"#,
            mysql: "SELECT `id` FROM `orders` FOR UPDATE SKIP LOCKED",
            mariadb: "SELECT `id` FROM `orders` FOR UPDATE SKIP LOCKED",
        },
    );
}

#[test]
fn no_table() {
    let ada = || User::select().filter(User::email.eq("ada"));
    check(
        |dialect| select(exists(ada())).filter(exists(ada())).sql(dialect),
        Expected {
            sqlite: r#"SELECT EXISTS (SELECT 1 FROM "users" WHERE "email" = ?1) WHERE EXISTS (SELECT 1 FROM "users" WHERE "email" = ?2)"#,
            postgres: r#"SELECT EXISTS (SELECT 1 FROM "users" WHERE "email" = $1) WHERE EXISTS (SELECT 1 FROM "users" WHERE "email" = $2)"#,
            mysql: "SELECT EXISTS (SELECT 1 FROM `users` WHERE `email` = ?) FROM DUAL WHERE EXISTS (SELECT 1 FROM `users` WHERE `email` = ?)",
            mariadb: "SELECT EXISTS (SELECT 1 FROM `users` WHERE `email` = ?) FROM DUAL WHERE EXISTS (SELECT 1 FROM `users` WHERE `email` = ?)",
        },
    );
}

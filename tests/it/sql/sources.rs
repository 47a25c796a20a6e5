//! Many values at once: on the right of a comparison, and as a source of rows.

use creole::prelude::*;

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

//! Versions: what counts them up, and what asks for them.

use creole::prelude::*;

use super::check::{Expected, check};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "accounts")]
struct Account {
    #[model(primary_key)]
    id: i64,
    balance: i64,
    #[model(version)]
    version: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "seats")]
struct Seat {
    #[model(primary_key)]
    row: i32,
    #[model(primary_key)]
    number: i32,
    guest: Option<String>,
    #[model(version)]
    version: u64,
}

fn account(id: i64) -> Account {
    Account { id, balance: 10, version: 3 }
}

#[test]
fn an_update() {
    check(
        |dialect| update::<Account>().set(Account::balance, 5).filter(Account::id.eq(1)).sql(dialect),
        Expected {
            sqlite: r#"UPDATE "accounts" SET "version" = creole_integer("version" + ?1), "balance" = ?2 WHERE "id" = ?3"#,
            postgres: r#"UPDATE "accounts" SET "version" = "version" + $1::int8, "balance" = $2 WHERE "id" = $3"#,
            mysql: "UPDATE `accounts` SET `version` = `version` + CAST(? AS SIGNED), `balance` = ? WHERE `id` = ?",
            mariadb: "UPDATE `accounts` SET `version` = `version` + CAST(? AS SIGNED), `balance` = ? WHERE `id` = ?",
        },
    );
}

#[test]
fn an_update_of_many_rows() {
    check(
        |dialect| update_all(&[account(1), account(2)]).sql(dialect),
        Expected {
            sqlite: r#"UPDATE "accounts" SET "balance" = "given"."c3", "version" = creole_integer("accounts"."version" + ?1) FROM (SELECT "id" AS "c1", "version" AS "c2", "balance" AS "c3" FROM "accounts" WHERE 1 = 0 UNION ALL VALUES (?2, ?3, ?4), (?5, ?6, ?7)) AS "given" WHERE "accounts"."id" = "given"."c1" AND "accounts"."version" = "given"."c2""#,
            postgres: r#"UPDATE "accounts" SET "balance" = "given"."c3", "version" = "accounts"."version" + $1::int8 FROM (SELECT "id" AS "c1", "version" AS "c2", "balance" AS "c3" FROM "accounts" WHERE 1 = 0 UNION ALL VALUES ($2::int8, $3::int4, $4::int8), ($5::int8, $6::int4, $7::int8)) AS "given" WHERE "accounts"."id" = "given"."c1" AND "accounts"."version" = "given"."c2""#,
            mysql: "UPDATE (SELECT `id` AS `c1`, `version` AS `c2`, `balance` AS `c3` FROM `accounts` WHERE 1 = 0 UNION ALL VALUES ROW(CAST(? AS SIGNED), CAST(?/*i32*/ AS SIGNED), CAST(? AS SIGNED)), ROW(CAST(? AS SIGNED), CAST(?/*i32*/ AS SIGNED), CAST(? AS SIGNED))) AS `given` LEFT JOIN `accounts` ON `accounts`.`id` = `given`.`c1` AND `accounts`.`version` = `given`.`c2` SET `accounts`.`balance` = `given`.`c3`, `accounts`.`version` = `accounts`.`version` + CAST(? AS SIGNED)",
            mariadb: "UPDATE (SELECT `id` AS `c1`, `version` AS `c2`, `balance` AS `c3` FROM `accounts` WHERE 1 = 0 UNION ALL VALUES (CAST(? AS SIGNED), CAST(?/*i32*/ AS SIGNED), CAST(? AS SIGNED)), (CAST(? AS SIGNED), CAST(?/*i32*/ AS SIGNED), CAST(? AS SIGNED))) AS `given` LEFT JOIN `accounts` ON `accounts`.`id` = `given`.`c1` AND `accounts`.`version` = `given`.`c2` SET `accounts`.`balance` = `given`.`c3`, `accounts`.`version` = `accounts`.`version` + CAST(? AS SIGNED)",
        },
    );
}

#[test]
fn an_update_of_many_rows_with_a_key_of_two() {
    check(
        |dialect| update_all(&[Seat { row: 1, number: 2, guest: None, version: 0 }]).columns(Seat::guest).sql(dialect),
        Expected {
            sqlite: r#"UPDATE "seats" SET "guest" = "given"."c4", "version" = creole_integer("seats"."version" + ?1) FROM (SELECT "row" AS "c1", "number" AS "c2", "version" AS "c3", "guest" AS "c4" FROM "seats" WHERE 1 = 0 UNION ALL VALUES (?2, ?3, ?4, ?5)) AS "given" WHERE "seats"."row" = "given"."c1" AND "seats"."number" = "given"."c2" AND "seats"."version" = "given"."c3""#,
            postgres: r#"UPDATE "seats" SET "guest" = "given"."c4", "version" = "seats"."version" + $1::numeric(20) FROM (SELECT "row" AS "c1", "number" AS "c2", "version" AS "c3", "guest" AS "c4" FROM "seats" WHERE 1 = 0 UNION ALL VALUES ($2::int4, $3::int4, $4::numeric(20), $5::text)) AS "given" WHERE "seats"."row" = "given"."c1" AND "seats"."number" = "given"."c2" AND "seats"."version" = "given"."c3""#,
            mysql: "UPDATE (SELECT `row` AS `c1`, `number` AS `c2`, `version` AS `c3`, `guest` AS `c4` FROM `seats` WHERE 1 = 0 UNION ALL VALUES ROW(CAST(?/*i32*/ AS SIGNED), CAST(?/*i32*/ AS SIGNED), CAST(? AS UNSIGNED), ?/*text*/)) AS `given` LEFT JOIN `seats` ON `seats`.`row` = `given`.`c1` AND `seats`.`number` = `given`.`c2` AND `seats`.`version` = `given`.`c3` SET `seats`.`guest` = `given`.`c4`, `seats`.`version` = `seats`.`version` + CAST(? AS UNSIGNED)",
            mariadb: "UPDATE (SELECT `row` AS `c1`, `number` AS `c2`, `version` AS `c3`, `guest` AS `c4` FROM `seats` WHERE 1 = 0 UNION ALL VALUES (CAST(?/*i32*/ AS SIGNED), CAST(?/*i32*/ AS SIGNED), CAST(? AS UNSIGNED), ?/*text*/)) AS `given` LEFT JOIN `seats` ON `seats`.`row` = `given`.`c1` AND `seats`.`number` = `given`.`c2` AND `seats`.`version` = `given`.`c3` SET `seats`.`guest` = `given`.`c4`, `seats`.`version` = `seats`.`version` + CAST(? AS UNSIGNED)",
        },
    );
}

#[test]
fn a_delete_of_many_rows() {
    check(
        |dialect| delete_all(&[account(1), account(2)]).sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "accounts" WHERE "id" IN (?1, ?2) AND ("id", "version") IN ((?3, ?4), (?5, ?6))"#,
            postgres: r#"DELETE FROM "accounts" WHERE "id" IN ($1, $2) AND ("id", "version") IN (($3, $4), ($5, $6))"#,
            mysql: "DELETE FROM `accounts` WHERE `id` IN (?, ?) AND (`id`, `version`) IN ((?, ?), (?, ?))",
            mariadb: "DELETE FROM `accounts` WHERE `id` IN (?, ?) AND (`id`, `version`) IN ((?, ?), (?, ?))",
        },
    );
}

#[test]
fn an_upsert() {
    check(
        |dialect| insert(&account(1)).on_conflict(Account::id).update_all().sql(dialect),
        Expected {
            sqlite: r#"INSERT INTO "accounts" ("id", "balance", "version") VALUES (?1, ?2, ?3) ON CONFLICT ("id") DO UPDATE SET "version" = creole_integer("accounts"."version" + ?4), "balance" = "excluded"."balance""#,
            postgres: r#"INSERT INTO "accounts" ("id", "balance", "version") VALUES ($1, $2, $3) ON CONFLICT ("id") DO UPDATE SET "version" = "accounts"."version" + $4::int8, "balance" = "excluded"."balance""#,
            mysql: "INSERT INTO `accounts` (`id`, `balance`, `version`) VALUES (?, ?, ?) AS `excluded` ON DUPLICATE KEY UPDATE `id` = IF(`accounts`.`id` = `excluded`.`id` OR (SELECT 1 UNION ALL SELECT 2), `accounts`.`id`, `accounts`.`id`), `version` = `accounts`.`version` + CAST(? AS SIGNED), `balance` = `excluded`.`balance`",
            mariadb: "INSERT INTO `accounts` (`id`, `balance`, `version`) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE `id` = IF(`accounts`.`id` = VALUE(`id`) OR (SELECT 1 UNION ALL SELECT 2), `accounts`.`id`, `accounts`.`id`), `version` = `accounts`.`version` + CAST(? AS SIGNED), `balance` = VALUE(`balance`)",
        },
    );
}

#[test]
fn an_upsert_that_reads_what_it_writes() {
    check(
        |dialect| {
            let row = account(1);
            let upsert = insert(&row).on_conflict(Account::id);
            upsert.set(Account::balance, Account::balance + excluded(Account::balance)).sql(dialect)
        },
        Expected {
            sqlite: r#"INSERT INTO "accounts" ("id", "balance", "version") VALUES (?1, ?2, ?3) ON CONFLICT ("id") DO UPDATE SET "version" = creole_integer("accounts"."version" + ?4), "balance" = creole_integer("accounts"."balance" + "excluded"."balance")"#,
            postgres: r#"INSERT INTO "accounts" ("id", "balance", "version") VALUES ($1, $2, $3) ON CONFLICT ("id") DO UPDATE SET "version" = "accounts"."version" + $4::int8, "balance" = "accounts"."balance" + "excluded"."balance""#,
            mysql: "INSERT INTO `accounts` (`id`, `balance`, `version`) VALUES (?, ?, ?) AS `excluded` ON DUPLICATE KEY UPDATE `id` = IF(`accounts`.`id` = `excluded`.`id` OR (SELECT 1 UNION ALL SELECT 2), `accounts`.`id`, `accounts`.`id`), `version` = `accounts`.`version` + CAST(? AS SIGNED), `balance` = `accounts`.`balance` + `excluded`.`balance`",
            mariadb: "INSERT INTO `accounts` (`id`, `balance`, `version`) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE `id` = IF(`accounts`.`id` = VALUE(`id`) OR (SELECT 1 UNION ALL SELECT 2), `accounts`.`id`, `accounts`.`id`), `version` = `accounts`.`version` + CAST(? AS SIGNED), `balance` = `accounts`.`balance` + VALUE(`balance`)",
        },
    );
}

#[test]
fn an_update_that_reads_the_version() {
    check(
        |dialect| update::<Account>().set(Account::balance, Account::version.cast::<i64>()).all_rows().sql(dialect),
        Expected {
            sqlite: r#"UPDATE "accounts" SET "version" = creole_integer("version" + ?1), "balance" = CAST("version" AS INTEGER)"#,
            postgres: r#"UPDATE "accounts" SET "version" = "version" + $1::int8, "balance" = CAST("version" AS int8)"#,
            mysql: "UPDATE `accounts` SET `balance` = CAST(`version` AS SIGNED), `version` = `version` + CAST(? AS SIGNED)",
            mariadb: "UPDATE `accounts` SET `version` = `version` + CAST(? AS SIGNED), `balance` = CAST(`version` AS SIGNED)",
        },
    );
}

#[test]
fn a_delete_says_nothing_of_it() {
    check(
        |dialect| delete::<Account>().filter(Account::id.eq(1)).sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "accounts" WHERE "id" = ?1"#,
            postgres: r#"DELETE FROM "accounts" WHERE "id" = $1"#,
            mysql: "DELETE FROM `accounts` WHERE `id` = ?",
            mariadb: "DELETE FROM `accounts` WHERE `id` = ?",
        },
    );
}

#[test]
fn an_update_may_count_it_up_itself_and_set_nothing_else() {
    check(
        |dialect| update::<Account>().set(Account::version, Account::version + 1).all_rows().sql(dialect),
        Expected {
            sqlite: r#"UPDATE "accounts" SET "version" = creole_integer("version" + ?1)"#,
            postgres: r#"UPDATE "accounts" SET "version" = "version" + $1::int8"#,
            mysql: "UPDATE `accounts` SET `version` = `version` + CAST(? AS SIGNED)",
            mariadb: "UPDATE `accounts` SET `version` = `version` + CAST(? AS SIGNED)",
        },
    );
}

#[test]
fn nobody_sets_it() {
    let dialect = &Sqlite;
    let one = [account(1)];
    let refused = [
        update::<Account>().set(Account::version, 7).all_rows().sql(dialect),
        update::<Account>().set(Account::version, Account::version + 2).all_rows().sql(dialect),
        update::<Account>().set(Account::balance, 1).set(Account::version, 7).all_rows().returning().sql(dialect),
        update_all(&one).columns((Account::balance, Account::version)).sql(dialect),
        insert(&one[0]).on_conflict(Account::id).update((Account::balance, Account::version)).sql(dialect),
        insert(&one[0]).on_conflict(Account::id).update_all().set(Account::version, 7).sql(dialect),
        insert(&one[0]).on_conflict(Account::id).set(Account::version, excluded(Account::version)).sql(dialect),
    ];
    for (number, result) in refused.into_iter().enumerate() {
        let error = result.map(|sql| panic!("statement {number}: {sql}")).unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::Syntax, Some("accounts")), "{number}: {error}");
        assert_eq!(error.columns().collect::<Vec<_>>(), ["version"]);
    }
}

//! INSERT, UPDATE and DELETE.

use creole::prelude::*;

use super::check::{Expected, check};
use crate::models::{User, user};

#[test]
fn an_insert_leaves_the_automatic_key_to_the_database() {
    check(
        |dialect| insert(&user("a")).sql(dialect),
        Expected {
            sqlite: r#"INSERT INTO "users" ("email", "nickname") VALUES (?1, ?2)"#,
            postgres: r#"INSERT INTO "users" ("email", "nickname") VALUES ($1, $2)"#,
            mysql: "INSERT INTO `users` (`email`, `nickname`) VALUES (?, ?)",
            mariadb: "INSERT INTO `users` (`email`, `nickname`) VALUES (?, ?)",
        },
    );
}

#[test]
fn an_insert_that_returns_its_row() {
    check(
        |dialect| insert(&User { id: 7, ..user("a") }).returning().sql(dialect),
        Expected {
            sqlite: r#"INSERT INTO "users" ("id", "email", "nickname") VALUES (?1, ?2, ?3) RETURNING "id", "email", "nickname""#,
            postgres: r#"INSERT INTO "users" ("id", "email", "nickname") VALUES ($1, $2, $3) RETURNING "id", "email", "nickname""#,
            mysql: "INSERT INTO `users` (`id`, `email`, `nickname`) VALUES (?, ?, ?);\nSELECT `id`, `email`, `nickname` FROM `users` WHERE `id` = ?",
            mariadb: "INSERT INTO `users` (`id`, `email`, `nickname`) VALUES (?, ?, ?) RETURNING `id`, `email`, `nickname`",
        },
    );
}

#[test]
fn an_update_of_what_a_filter_finds() {
    check(
        |dialect| update::<User>().set(User::nickname, "x").set(User::email, "y").filter(User::id.eq(1)).sql(dialect),
        Expected {
            sqlite: r#"UPDATE "users" SET "nickname" = ?1, "email" = ?2 WHERE "id" = ?3"#,
            postgres: r#"UPDATE "users" SET "nickname" = $1, "email" = $2 WHERE "id" = $3"#,
            mysql: "UPDATE `users` SET `nickname` = ?, `email` = ? WHERE `id` = ?",
            mariadb: "UPDATE `users` SET `nickname` = ?, `email` = ? WHERE `id` = ?",
        },
    );
}

#[test]
fn a_delete_of_every_row() {
    check(
        |dialect| delete::<User>().all_rows().sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "users""#,
            postgres: r#"DELETE FROM "users""#,
            mysql: "DELETE FROM `users`",
            mariadb: "DELETE FROM `users`",
        },
    );
}

//! SELECT.

use creole::prelude::*;

use super::check::{Expected, check};
use crate::models::{Product, User};

#[test]
fn a_whole_model() {
    check(
        |dialect| User::select().sql(dialect),
        Expected {
            sqlite: r#"SELECT "id", "email", "nickname" FROM "users""#,
            postgres: r#"SELECT "id", "email", "nickname" FROM "users""#,
            mysql: "SELECT `id`, `email`, `nickname` FROM `users`",
            mariadb: "SELECT `id`, `email`, `nickname` FROM `users`",
        },
    );
}

#[test]
fn filters() {
    check(
        |dialect| {
            User::select()
                .filter(User::email.like("%@x").or(User::id.is_in([1, 2])))
                .filter(User::nickname.ne("a"))
                .filter(not(User::id.between(3, 4)))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "id", "email", "nickname" FROM "users" WHERE ("email" LIKE ?1 ESCAPE '\' OR "id" IN (?2, ?3)) AND "nickname" IS NOT ?4 AND NOT ("id" BETWEEN ?5 AND ?6)"#,
            postgres: r#"SELECT "id", "email", "nickname" FROM "users" WHERE ("email" LIKE $1 OR "id" IN ($2, $3)) AND "nickname" IS DISTINCT FROM $4 AND NOT ("id" BETWEEN $5 AND $6)"#,
            mysql: "SELECT `id`, `email`, `nickname` FROM `users` WHERE (`email` LIKE ? OR `id` IN (?, ?)) AND NOT (`nickname` <=> ?) AND NOT (`id` BETWEEN ? AND ?)",
            mariadb: "SELECT `id`, `email`, `nickname` FROM `users` WHERE (`email` LIKE ? OR `id` IN (?, ?)) AND NOT (`nickname` <=> ?) AND NOT (`id` BETWEEN ? AND ?)",
        },
    );
}

#[test]
fn null_beside_a_value() {
    check(
        |dialect| User::select().filter(User::nickname.eq(None)).filter(User::id.ne(1)).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id", "email", "nickname" FROM "users" WHERE "nickname" IS NULL AND "id" <> ?1"#,
            postgres: r#"SELECT "id", "email", "nickname" FROM "users" WHERE "nickname" IS NULL AND "id" <> $1"#,
            mysql: "SELECT `id`, `email`, `nickname` FROM `users` WHERE `nickname` IS NULL AND `id` <> ?",
            mariadb: "SELECT `id`, `email`, `nickname` FROM `users` WHERE `nickname` IS NULL AND `id` <> ?",
        },
    );
}

#[test]
fn order_limit_and_offset() {
    check(
        |dialect| User::select().order_by((User::nickname, User::id.desc())).limit(10).offset(20).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id", "email", "nickname" FROM "users" ORDER BY "nickname" NULLS LAST, "id" DESC LIMIT ?1 OFFSET ?2"#,
            postgres: r#"SELECT "id", "email", "nickname" FROM "users" ORDER BY "nickname", "id" DESC LIMIT $1 OFFSET $2"#,
            mysql: "SELECT `id`, `email`, `nickname` FROM `users` ORDER BY `nickname` IS NULL, `nickname`, `id` DESC LIMIT ? OFFSET ?",
            mariadb: "SELECT `id`, `email`, `nickname` FROM `users` ORDER BY `nickname` IS NULL, `nickname`, `id` DESC LIMIT ? OFFSET ?",
        },
    );
}

#[test]
fn an_offset_alone() {
    check(
        |dialect| User::select().offset(20).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id", "email", "nickname" FROM "users" LIMIT -1 OFFSET ?1"#,
            postgres: r#"SELECT "id", "email", "nickname" FROM "users" OFFSET $1"#,
            mysql: "SELECT `id`, `email`, `nickname` FROM `users` LIMIT 18446744073709551615 OFFSET ?",
            mariadb: "SELECT `id`, `email`, `nickname` FROM `users` LIMIT 18446744073709551615 OFFSET ?",
        },
    );
}

#[test]
fn an_empty_list() {
    check(
        |dialect| {
            let none: [i64; 0] = [];
            User::select().filter(User::id.is_in(none).or(User::id.not_in(none))).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "id", "email", "nickname" FROM "users" WHERE 1 = 0 OR 1 = 1"#,
            postgres: r#"SELECT "id", "email", "nickname" FROM "users" WHERE 1 = 0 OR 1 = 1"#,
            mysql: "SELECT `id`, `email`, `nickname` FROM `users` WHERE 1 = 0 OR 1 = 1",
            mariadb: "SELECT `id`, `email`, `nickname` FROM `users` WHERE 1 = 0 OR 1 = 1",
        },
    );
}

#[test]
fn a_bool_column_is_a_condition() {
    check(
        |dialect| {
            Product::select().filter(not(Product::in_stock)).filter(Product::price.gt(Product::price)).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "id", "name", "category", "price", "in_stock", "created_at" FROM "products" WHERE NOT "in_stock" AND "price" > "price""#,
            postgres: r#"SELECT "id", "name", "category", "price", "in_stock", "created_at" FROM "products" WHERE NOT "in_stock" AND "price" > "price""#,
            mysql: "SELECT `id`, `name`, `category`, `price`, `in_stock`, `created_at` FROM `products` WHERE NOT `in_stock` AND `price` > `price`",
            mariadb: "SELECT `id`, `name`, `category`, `price`, `in_stock`, `created_at` FROM `products` WHERE NOT `in_stock` AND `price` > `price`",
        },
    );
}

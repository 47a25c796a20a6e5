//! Where the condition stands that leaves out rows which are marked as deleted.

use creole::prelude::*;

use super::check::{Expected, check, check_or_refuse};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "authors", has_many(books = Book::author_id))]
struct Author {
    #[model(primary_key)]
    id: i64,
    name: String,
    #[model(on_update = 7)]
    revision: i64,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "books")]
struct Book {
    #[model(primary_key)]
    id: i64,
    #[model(references = Author::id, belongs_to = author)]
    author_id: i64,
    #[model(soft_delete)]
    deleted: bool,
}

#[test]
fn it_is_part_of_where() {
    check(
        |dialect| select(Author::name).filter(Author::id.eq(1).or(Author::id.eq(2))).sql(dialect),
        Expected {
            sqlite: r#"SELECT "name" FROM "authors" WHERE ("id" = ?1 OR "id" = ?2) AND "deleted_at" IS NULL"#,
            postgres: r#"SELECT "name" FROM "authors" WHERE ("id" = $1 OR "id" = $2) AND "deleted_at" IS NULL"#,
            mysql: "SELECT `name` FROM `authors` WHERE (`id` = ? OR `id` = ?) AND `deleted_at` IS NULL",
            mariadb: "SELECT `name` FROM `authors` WHERE (`id` = ? OR `id` = ?) AND `deleted_at` IS NULL",
        },
    );
    check(
        |dialect| select(Book::id).only_deleted().sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "books" WHERE "deleted" = TRUE"#,
            postgres: r#"SELECT "id" FROM "books" WHERE "deleted" = TRUE"#,
            mysql: "SELECT `id` FROM `books` WHERE `deleted` = TRUE",
            mariadb: "SELECT `id` FROM `books` WHERE `deleted` = TRUE",
        },
    );
    check(
        |dialect| select(Author::name).filter(Author::books.exists()).with_deleted().sql(dialect),
        Expected {
            sqlite: r#"SELECT "name" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id")"#,
            postgres: r#"SELECT "name" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id")"#,
            mysql: "SELECT `name` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id`)",
            mariadb: "SELECT `name` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id`)",
        },
    );
}

#[test]
fn of_what_is_joined_it_is_part_of_the_join() {
    let pairs = || select((Author::id.optional(), Book::id.optional()));
    check(
        |dialect| pairs().left_join(Author::books).sql(dialect),
        Expected {
            sqlite: r#"SELECT "authors"."id", "books"."id" FROM "authors" LEFT JOIN "books" ON "authors"."id" = "books"."author_id" AND "books"."deleted" = FALSE WHERE "authors"."deleted_at" IS NULL"#,
            postgres: r#"SELECT "authors"."id", "books"."id" FROM "authors" LEFT JOIN "books" ON "authors"."id" = "books"."author_id" AND "books"."deleted" = FALSE WHERE "authors"."deleted_at" IS NULL"#,
            mysql: "SELECT `authors`.`id`, `books`.`id` FROM `authors` LEFT JOIN `books` ON `authors`.`id` = `books`.`author_id` AND `books`.`deleted` = FALSE WHERE `authors`.`deleted_at` IS NULL",
            mariadb: "SELECT `authors`.`id`, `books`.`id` FROM `authors` LEFT JOIN `books` ON `authors`.`id` = `books`.`author_id` AND `books`.`deleted` = FALSE WHERE `authors`.`deleted_at` IS NULL",
        },
    );
    // The authors may be absent, so theirs comes with the join, and the books stay.
    check(
        |dialect| pairs().right_join(Author::books).sql(dialect),
        Expected {
            sqlite: r#"SELECT "authors"."id", "books"."id" FROM "authors" RIGHT JOIN "books" ON "authors"."id" = "books"."author_id" AND "authors"."deleted_at" IS NULL WHERE "books"."deleted" = FALSE"#,
            postgres: r#"SELECT "authors"."id", "books"."id" FROM "authors" RIGHT JOIN "books" ON "authors"."id" = "books"."author_id" AND "authors"."deleted_at" IS NULL WHERE "books"."deleted" = FALSE"#,
            mysql: "SELECT `authors`.`id`, `books`.`id` FROM `authors` RIGHT JOIN `books` ON `authors`.`id` = `books`.`author_id` AND `authors`.`deleted_at` IS NULL WHERE `books`.`deleted` = FALSE",
            mariadb: "SELECT `authors`.`id`, `books`.`id` FROM `authors` RIGHT JOIN `books` ON `authors`.`id` = `books`.`author_id` AND `authors`.`deleted_at` IS NULL WHERE `books`.`deleted` = FALSE",
        },
    );
    check_or_refuse(
        |dialect| pairs().full_join(Author::books).sql(dialect),
        Expected {
            sqlite: r#"SELECT "authors"."id", "books"."id" FROM (SELECT * FROM "authors" WHERE "deleted_at" IS NULL) AS "authors" FULL JOIN (SELECT * FROM "books" WHERE "deleted" = FALSE) AS "books" ON "authors"."id" = "books"."author_id""#,
            postgres: r#"SELECT "authors"."id", "books"."id" FROM (SELECT * FROM "authors" WHERE "deleted_at" IS NULL) AS "authors" FULL JOIN (SELECT * FROM "books" WHERE "deleted" = FALSE) AS "books" ON "authors"."id" = "books"."author_id""#,
            mysql: "FULL JOIN is not supported on mysql: put a left join and a right join together by `union`",
            mariadb: "FULL JOIN is not supported on mariadb: put a left join and a right join together by `union`",
        },
    );
}

#[test]
fn a_delete_is_an_update() {
    check(
        |dialect| delete::<Book>().filter(Book::id.gt(3)).sql(dialect),
        Expected {
            sqlite: r#"UPDATE "books" SET "deleted" = ?1 WHERE "id" > ?2 AND "deleted" = FALSE"#,
            postgres: r#"UPDATE "books" SET "deleted" = $1 WHERE "id" > $2 AND "deleted" = FALSE"#,
            mysql: "UPDATE `books` SET `deleted` = ? WHERE `id` > ? AND `deleted` = FALSE",
            mariadb: "UPDATE `books` SET `deleted` = ? WHERE `id` > ? AND `deleted` = FALSE",
        },
    );
    // Which writes what every UPDATE writes.
    check(
        |dialect| delete::<Author>().all_rows().sql(dialect),
        Expected {
            sqlite: r#"UPDATE "authors" SET "revision" = ?1, "deleted_at" = ?2 WHERE "deleted_at" IS NULL"#,
            postgres: r#"UPDATE "authors" SET "revision" = $1, "deleted_at" = $2 WHERE "deleted_at" IS NULL"#,
            mysql: "UPDATE `authors` SET `revision` = ?, `deleted_at` = ? WHERE `deleted_at` IS NULL",
            mariadb: "UPDATE `authors` SET `revision` = ?, `deleted_at` = ? WHERE `deleted_at` IS NULL",
        },
    );
    check(
        |dialect| purge::<Author>().only_deleted().all_rows().sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "authors" WHERE "deleted_at" IS NOT NULL"#,
            postgres: r#"DELETE FROM "authors" WHERE "deleted_at" IS NOT NULL"#,
            mysql: "DELETE FROM `authors` WHERE `deleted_at` IS NOT NULL",
            mariadb: "DELETE FROM `authors` WHERE `deleted_at` IS NOT NULL",
        },
    );
}

#[test]
fn a_write_with_joins_has_it_for_each_source() {
    check(
        |dialect| {
            let named = update::<Book>().set(Book::deleted, true).join(Book::author).filter(Author::name.eq("Ada"));
            named.sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "books" SET "deleted" = ?1 WHERE "deleted" = FALSE AND EXISTS (SELECT 1 FROM "authors" WHERE "books"."author_id" = "authors"."id" AND "authors"."name" = ?2 AND "authors"."deleted_at" IS NULL)"#,
            postgres: r#"UPDATE "books" SET "deleted" = $1 WHERE "deleted" = FALSE AND EXISTS (SELECT 1 FROM "authors" WHERE "books"."author_id" = "authors"."id" AND "authors"."name" = $2 AND "authors"."deleted_at" IS NULL)"#,
            mysql: "UPDATE `books` JOIN `authors` ON `books`.`author_id` = `authors`.`id` AND `authors`.`deleted_at` IS NULL SET `books`.`deleted` = ? WHERE `authors`.`name` = ? AND `books`.`deleted` = FALSE",
            mariadb: "UPDATE `books` JOIN `authors` ON `books`.`author_id` = `authors`.`id` AND `authors`.`deleted_at` IS NULL SET `books`.`deleted` = ? WHERE `authors`.`name` = ? AND `books`.`deleted` = FALSE",
        },
    );
}

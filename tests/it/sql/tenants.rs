//! Where the condition stands that tells whose rows are meant. What is compiled for a dialect alone has NULL as the tenant.

use creole::prelude::*;

use creole::types::ColumnType;

use super::check::{Expected, check, check_or_refuse, dialects};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "authors", has_many(books = Book::author_id), unique(house, name))]
struct Author {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    house: i64,
    #[model(length = 40)]
    name: String,
    #[model(soft_delete)]
    deleted: bool,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "books")]
struct Book {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    house: Uuid,
    #[model(references = Author::id, belongs_to = author)]
    author_id: i64,
}

#[test]
fn it_stands_before_what_else_is_left_out() {
    check(
        |dialect| select(Author::name).filter(Author::id.eq(1).or(Author::id.eq(2))).sql(dialect),
        Expected {
            sqlite: r#"SELECT "name" FROM "authors" WHERE ("id" = ?1 OR "id" = ?2) AND "house" = ?3 AND "deleted" = FALSE"#,
            postgres: r#"SELECT "name" FROM "authors" WHERE ("id" = $1 OR "id" = $2) AND "house" = $3 AND "deleted" = FALSE"#,
            mysql: "SELECT `name` FROM `authors` WHERE (`id` = ? OR `id` = ?) AND `house` = ? AND `deleted` = FALSE",
            mariadb: "SELECT `name` FROM `authors` WHERE (`id` = ? OR `id` = ?) AND `house` = ? AND `deleted` = FALSE",
        },
    );
}

#[test]
fn it_is_bound_with_the_type_of_its_column() {
    for dialect in dialects() {
        let statement = Author::select().filter(Author::id.eq(1));
        let compiled = statement.compile(dialect).unwrap();
        let binds: Vec<_> = compiled.binds.iter().map(|bind| (bind.value.is_null(), bind.ty)).collect();
        assert_eq!(binds, [(false, ColumnType::I64), (true, ColumnType::I64)], "on {}", dialect.name());
    }
}

#[test]
fn it_belongs_to_each_join() {
    check(
        |dialect| select(Book::id).left_join(Book::author).filter(Author::id.is_null()).sql(dialect),
        Expected {
            sqlite: r#"SELECT "books"."id" FROM "books" LEFT JOIN "authors" ON "books"."author_id" = "authors"."id" AND "authors"."house" = ?1 AND "authors"."deleted" = FALSE WHERE "authors"."id" IS NULL AND "books"."house" = ?2"#,
            postgres: r#"SELECT "books"."id" FROM "books" LEFT JOIN "authors" ON "books"."author_id" = "authors"."id" AND "authors"."house" = $1 AND "authors"."deleted" = FALSE WHERE "authors"."id" IS NULL AND "books"."house" = $2"#,
            mysql: "SELECT `books`.`id` FROM `books` LEFT JOIN `authors` ON `books`.`author_id` = `authors`.`id` AND `authors`.`house` = ? AND `authors`.`deleted` = FALSE WHERE `authors`.`id` IS NULL AND `books`.`house` = ?",
            mariadb: "SELECT `books`.`id` FROM `books` LEFT JOIN `authors` ON `books`.`author_id` = `authors`.`id` AND `authors`.`house` = ? AND `authors`.`deleted` = FALSE WHERE `authors`.`id` IS NULL AND `books`.`house` = ?",
        },
    );
    check(
        |dialect| select(Book::id.optional()).right_join(Book::author).sql(dialect),
        Expected {
            sqlite: r#"SELECT "books"."id" FROM "books" RIGHT JOIN "authors" ON "books"."author_id" = "authors"."id" AND "books"."house" = ?1 WHERE "authors"."house" = ?2 AND "authors"."deleted" = FALSE"#,
            postgres: r#"SELECT "books"."id" FROM "books" RIGHT JOIN "authors" ON "books"."author_id" = "authors"."id" AND "books"."house" = $1 WHERE "authors"."house" = $2 AND "authors"."deleted" = FALSE"#,
            mysql: "SELECT `books`.`id` FROM `books` RIGHT JOIN `authors` ON `books`.`author_id` = `authors`.`id` AND `books`.`house` = ? WHERE `authors`.`house` = ? AND `authors`.`deleted` = FALSE",
            mariadb: "SELECT `books`.`id` FROM `books` RIGHT JOIN `authors` ON `books`.`author_id` = `authors`.`id` AND `books`.`house` = ? WHERE `authors`.`house` = ? AND `authors`.`deleted` = FALSE",
        },
    );
    check(
        |dialect| select(Author::name).filter(Author::books.any(Book::id.gt(1))).sql(dialect),
        Expected {
            sqlite: r#"SELECT "name" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."id" > ?1 AND "books"."house" = ?2) AND "house" = ?3 AND "deleted" = FALSE"#,
            postgres: r#"SELECT "name" FROM "authors" WHERE EXISTS (SELECT 1 FROM "books" WHERE "books"."author_id" = "authors"."id" AND "books"."id" > $1 AND "books"."house" = $2) AND "house" = $3 AND "deleted" = FALSE"#,
            mysql: "SELECT `name` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`id` > ? AND `books`.`house` = ?) AND `house` = ? AND `deleted` = FALSE",
            mariadb: "SELECT `name` FROM `authors` WHERE EXISTS (SELECT 1 FROM `books` WHERE `books`.`author_id` = `authors`.`id` AND `books`.`id` > ? AND `books`.`house` = ?) AND `house` = ? AND `deleted` = FALSE",
        },
    );
    check_or_refuse(
        |dialect| select(Book::id.optional()).full_join(Book::author).sql(dialect),
        Expected {
            sqlite: r#"SELECT "books"."id" FROM (SELECT * FROM "books" WHERE "house" = ?1) AS "books" FULL JOIN (SELECT * FROM "authors" WHERE "house" = ?2 AND "deleted" = FALSE) AS "authors" ON "books"."author_id" = "authors"."id""#,
            postgres: r#"SELECT "books"."id" FROM (SELECT * FROM "books" WHERE "house" = $1) AS "books" FULL JOIN (SELECT * FROM "authors" WHERE "house" = $2 AND "deleted" = FALSE) AS "authors" ON "books"."author_id" = "authors"."id""#,
            mysql: "FULL JOIN is not supported on mysql: put a left join and a right join together by `union`",
            mariadb: "FULL JOIN is not supported on mariadb: put a left join and a right join together by `union`",
        },
    );
}

#[test]
fn writes_find_rows_by_it() {
    check(
        |dialect| update::<Author>().set(Author::name, "X").filter(Author::id.eq(1)).sql(dialect),
        Expected {
            sqlite: r#"UPDATE "authors" SET "name" = ?1 WHERE "id" = ?2 AND "house" = ?3 AND "deleted" = FALSE"#,
            postgres: r#"UPDATE "authors" SET "name" = $1 WHERE "id" = $2 AND "house" = $3 AND "deleted" = FALSE"#,
            mysql: "UPDATE `authors` SET `name` = ? WHERE `id` = ? AND `house` = ? AND `deleted` = FALSE",
            mariadb: "UPDATE `authors` SET `name` = ? WHERE `id` = ? AND `house` = ? AND `deleted` = FALSE",
        },
    );
    check(
        |dialect| purge::<Author>().all_rows().sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "authors" WHERE "house" = ?1"#,
            postgres: r#"DELETE FROM "authors" WHERE "house" = $1"#,
            mysql: "DELETE FROM `authors` WHERE `house` = ?",
            mariadb: "DELETE FROM `authors` WHERE `house` = ?",
        },
    );
    check(
        |dialect| {
            let row = Book { id: 1, house: Uuid::nil(), author_id: 2 };
            update_all(std::slice::from_ref(&row)).sql(dialect)
        },
        Expected {
            sqlite: r#"UPDATE "books" SET "author_id" = "given"."c2" FROM (SELECT "id" AS "c1", "author_id" AS "c2" FROM "books" WHERE 1 = 0 UNION ALL VALUES (?1, ?2)) AS "given" WHERE "books"."id" = "given"."c1" AND "books"."house" = ?3"#,
            postgres: r#"UPDATE "books" SET "author_id" = "given"."c2" FROM (SELECT "id" AS "c1", "author_id" AS "c2" FROM "books" WHERE 1 = 0 UNION ALL VALUES ($1::int8, $2::int8)) AS "given" WHERE "books"."id" = "given"."c1" AND "books"."house" = $3"#,
            mysql: "UPDATE (SELECT `id` AS `c1`, `author_id` AS `c2` FROM `books` WHERE 1 = 0 UNION ALL VALUES ROW(CAST(? AS SIGNED), CAST(? AS SIGNED))) AS `given` LEFT JOIN `books` ON `books`.`id` = `given`.`c1` AND `books`.`house` = ? SET `books`.`author_id` = `given`.`c2`",
            mariadb: "UPDATE (SELECT `id` AS `c1`, `author_id` AS `c2` FROM `books` WHERE 1 = 0 UNION ALL VALUES (CAST(? AS SIGNED), CAST(? AS SIGNED))) AS `given` LEFT JOIN `books` ON `books`.`id` = `given`.`c1` AND `books`.`house` = ? SET `books`.`author_id` = `given`.`c2`",
        },
    );
}

/// Rows say it themselves: an INSERT has no condition, and an upsert one key.
#[test]
fn inserts_are_as_ever() {
    check(
        |dialect| {
            let row = Author { id: 1, house: 7, name: "Ada".into(), deleted: false };
            insert(&row).on_conflict((Author::house, Author::name)).update_all().sql(dialect)
        },
        Expected {
            sqlite: r#"INSERT INTO "authors" ("id", "house", "name", "deleted") VALUES (?1, ?2, ?3, ?4) ON CONFLICT ("house", "name") DO UPDATE SET "deleted" = "excluded"."deleted""#,
            postgres: r#"INSERT INTO "authors" ("id", "house", "name", "deleted") VALUES ($1, $2, $3, $4) ON CONFLICT ("house", "name") DO UPDATE SET "deleted" = "excluded"."deleted""#,
            mysql: "INSERT INTO `authors` (`id`, `house`, `name`, `deleted`) VALUES (?, ?, ?, ?) AS `excluded` ON DUPLICATE KEY UPDATE `house` = IF(`authors`.`house` = `excluded`.`house` AND `authors`.`name` = `excluded`.`name` OR (SELECT 1 UNION ALL SELECT 2), `authors`.`house`, `authors`.`house`), `deleted` = `excluded`.`deleted`",
            mariadb: "INSERT INTO `authors` (`id`, `house`, `name`, `deleted`) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE `house` = IF(`authors`.`house` = VALUE(`house`) AND `authors`.`name` = VALUE(`name`) OR (SELECT 1 UNION ALL SELECT 2), `authors`.`house`, `authors`.`house`), `deleted` = VALUE(`deleted`)",
        },
    );
}

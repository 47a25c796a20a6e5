//! Rows with what belongs to them: the statement of the rows, and one for each relation.

use creole::prelude::*;

use super::check::{Expected, check, check_or_refuse};
use crate::models::{Node, Order, User};

#[derive(Model)]
#[model(
    table = "posts",
    many_to_many(tags: Tag = PostTag::post -> PostTag::tag),
    has_many(notes = Note::post_code)
)]
struct Post {
    #[model(primary_key)]
    id: i64,
    #[model(unique, length = 20, case_insensitive)]
    code: String,
}

#[derive(Model)]
#[model(table = "tags")]
struct Tag {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model)]
#[model(table = "post_tags")]
struct PostTag {
    #[model(primary_key, references = Post::id)]
    post: i64,
    #[model(primary_key, references = Tag::id)]
    tag: i64,
}

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(primary_key)]
    id: i64,
    #[model(length = 20, collation = case_insensitive, references = Post::code, belongs_to = post)]
    post_code: String,
}

#[test]
fn one_statement_for_each_relation() {
    check(
        |dialect| Node::select().filter(Node::id.lt(9)).with(Node::children.with(Node::parent)).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id", "parent_id", "name" FROM "nodes" WHERE "id" < ?1;
SELECT "id", "parent_id", "name" FROM "nodes" WHERE "parent_id" = ?1 ORDER BY "parent_id", "id";
SELECT "id", "parent_id", "name" FROM "nodes" WHERE "id" = ?1"#,
            postgres: r#"SELECT "id", "parent_id", "name" FROM "nodes" WHERE "id" < $1;
SELECT "id", "parent_id", "name" FROM "nodes" WHERE "parent_id" = $1;
SELECT "id", "parent_id", "name" FROM "nodes" WHERE "id" = $1"#,
            mysql: "SELECT `id`, `parent_id`, `name` FROM `nodes` WHERE `id` < ?;\nSELECT `id`, `parent_id`, `name` FROM `nodes` WHERE `parent_id` = ?;\nSELECT `id`, `parent_id`, `name` FROM `nodes` WHERE `id` = ?",
            mariadb: "SELECT `id`, `parent_id`, `name` FROM `nodes` WHERE `id` < ?;\nSELECT `id`, `parent_id`, `name` FROM `nodes` WHERE `parent_id` = ?;\nSELECT `id`, `parent_id`, `name` FROM `nodes` WHERE `id` = ?",
        },
    );
}

/// Whole numbers that are read are sorted here; anything else the database sorts.
#[test]
fn rows_without_their_key_are_sorted_by_the_database() {
    check(
        |dialect| Node::select().with(Node::children.select(Node::name)).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id", "parent_id", "name" FROM "nodes";
SELECT "name", "parent_id" FROM "nodes" WHERE "parent_id" = ?1 ORDER BY "parent_id", "id""#,
            postgres: r#"SELECT "id", "parent_id", "name" FROM "nodes";
SELECT "name", "parent_id" FROM "nodes" WHERE "parent_id" = $1 ORDER BY "parent_id", "id""#,
            mysql: "SELECT `id`, `parent_id`, `name` FROM `nodes`;\nSELECT `name`, `parent_id` FROM `nodes` WHERE `parent_id` = ? ORDER BY `parent_id`, `id`",
            mariadb: "SELECT `id`, `parent_id`, `name` FROM `nodes`;\nSELECT `name`, `parent_id` FROM `nodes` WHERE `parent_id` = ? ORDER BY `parent_id`, `id`",
        },
    );
}

#[test]
fn a_limit_numbers_the_rows_of_each_parent() {
    check(
        |dialect| {
            let dearest = User::orders.filter(Order::total.gt(10)).order_by(Order::total.desc()).offset(1).limit(3);
            User::select().with(dearest.select(Order::total)).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "id", "email", "nickname" FROM "users";
SELECT "creole_numbered"."c1" COLLATE decimal, "creole_numbered"."c2" FROM (SELECT "orders"."total" AS "c1", "orders"."user_id" AS "c2", row_number() OVER (PARTITION BY "orders"."user_id" ORDER BY "orders"."total" DESC, "orders"."id") AS "c3" FROM "orders" WHERE "orders"."total" > ?1 AND "orders"."user_id" = ?2) AS "creole_numbered" WHERE "creole_numbered"."c3" > ?3 AND "creole_numbered"."c3" <= ?4 ORDER BY "creole_numbered"."c2", "creole_numbered"."c3""#,
            postgres: r#"SELECT "id", "email", "nickname" FROM "users";
SELECT "creole_numbered"."c1", "creole_numbered"."c2" FROM (SELECT "orders"."total" AS "c1", "orders"."user_id" AS "c2", row_number() OVER (PARTITION BY "orders"."user_id" ORDER BY "orders"."total" DESC, "orders"."id") AS "c3" FROM "orders" WHERE "orders"."total" > $1 AND "orders"."user_id" = $2) AS "creole_numbered" WHERE "creole_numbered"."c3" > $3::int8 AND "creole_numbered"."c3" <= $4::int8 ORDER BY "creole_numbered"."c2", "creole_numbered"."c3""#,
            mysql: "SELECT `id`, `email`, `nickname` FROM `users`;\nSELECT `creole_numbered`.`c1`, `creole_numbered`.`c2` FROM (SELECT `orders`.`total` AS `c1`, `orders`.`user_id` AS `c2`, row_number() OVER (PARTITION BY `orders`.`user_id` ORDER BY `orders`.`total` DESC, `orders`.`id`) AS `c3` FROM `orders` WHERE `orders`.`total` > ? AND `orders`.`user_id` = ?) AS `creole_numbered` WHERE `creole_numbered`.`c3` > CAST(? AS SIGNED) AND `creole_numbered`.`c3` <= CAST(? AS SIGNED) ORDER BY `creole_numbered`.`c2`, `creole_numbered`.`c3`",
            mariadb: "SELECT `id`, `email`, `nickname` FROM `users`;\nSELECT `creole_numbered`.`c1`, `creole_numbered`.`c2` FROM (SELECT `orders`.`total` AS `c1`, `orders`.`user_id` AS `c2`, row_number() OVER (PARTITION BY `orders`.`user_id` ORDER BY `orders`.`total` DESC, `orders`.`id`) AS `c3` FROM `orders` WHERE `orders`.`total` > ? AND `orders`.`user_id` = ?) AS `creole_numbered` WHERE `creole_numbered`.`c3` > CAST(? AS SIGNED) AND `creole_numbered`.`c3` <= CAST(? AS SIGNED) ORDER BY `creole_numbered`.`c2`, `creole_numbered`.`c3`",
        },
    );
}

#[test]
fn a_table_between_is_where_the_keys_are() {
    check(
        |dialect| Post::select().with(Post::tags.filter(Tag::id.gt(1))).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id", "code" FROM "posts";
SELECT "tags"."id", "post_tags"."post" FROM "post_tags" JOIN "tags" ON "post_tags"."tag" = "tags"."id" WHERE "tags"."id" > ?1 AND "post_tags"."post" = ?2 ORDER BY "post_tags"."post", "tags"."id""#,
            postgres: r#"SELECT "id", "code" FROM "posts";
SELECT "tags"."id", "post_tags"."post" FROM "post_tags" JOIN "tags" ON "post_tags"."tag" = "tags"."id" WHERE "tags"."id" > $1 AND "post_tags"."post" = $2 ORDER BY "post_tags"."post", "tags"."id""#,
            mysql: "SELECT `id`, `code` FROM `posts`;\nSELECT `tags`.`id`, `post_tags`.`post` FROM `post_tags` JOIN `tags` ON `post_tags`.`tag` = `tags`.`id` WHERE `tags`.`id` > ? AND `post_tags`.`post` = ? ORDER BY `post_tags`.`post`, `tags`.`id`",
            mariadb: "SELECT `id`, `code` FROM `posts`;\nSELECT `tags`.`id`, `post_tags`.`post` FROM `post_tags` JOIN `tags` ON `post_tags`.`tag` = `tags`.`id` WHERE `tags`.`id` > ? AND `post_tags`.`post` = ? ORDER BY `post_tags`.`post`, `tags`.`id`",
        },
    );
}

/// Which texts are equal, the database says: the row that a note belongs to is found by its primary key.
#[test]
fn keys_that_are_not_compared_byte_by_byte_are_compared_by_the_database() {
    check(
        |dialect| Post::select().with(Post::notes).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id", "code" FROM "posts";
SELECT "notes"."id", "notes"."post_code", "creole_parent"."id" FROM "notes" JOIN "posts" AS "creole_parent" ON "creole_parent"."code" = "notes"."post_code" WHERE "creole_parent"."id" = ?1 ORDER BY "creole_parent"."id", "notes"."id""#,
            postgres: r#"SELECT "id", "code" FROM "posts";
SELECT "notes"."id", "notes"."post_code", "creole_parent"."id" FROM "notes" JOIN "posts" AS "creole_parent" ON "creole_parent"."code" = "notes"."post_code" WHERE "creole_parent"."id" = $1 ORDER BY "creole_parent"."id", "notes"."id""#,
            mysql: "SELECT `id`, `code` FROM `posts`;\nSELECT `notes`.`id`, `notes`.`post_code`, `creole_parent`.`id` FROM `notes` JOIN `posts` AS `creole_parent` ON `creole_parent`.`code` = `notes`.`post_code` WHERE `creole_parent`.`id` = ? ORDER BY `creole_parent`.`id`, `notes`.`id`",
            mariadb: "SELECT `id`, `code` FROM `posts`;\nSELECT `notes`.`id`, `notes`.`post_code`, `creole_parent`.`id` FROM `notes` JOIN `posts` AS `creole_parent` ON `creole_parent`.`code` = `notes`.`post_code` WHERE `creole_parent`.`id` = ? ORDER BY `creole_parent`.`id`, `notes`.`id`",
        },
    );
    check(
        |dialect| Note::select().with(Note::post).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id", "post_code" FROM "notes";
SELECT "posts"."id", "posts"."code", "creole_parent"."id" FROM "posts" JOIN "notes" AS "creole_parent" ON "creole_parent"."post_code" = "posts"."code" WHERE "creole_parent"."id" = ?1"#,
            postgres: r#"SELECT "id", "post_code" FROM "notes";
SELECT "posts"."id", "posts"."code", "creole_parent"."id" FROM "posts" JOIN "notes" AS "creole_parent" ON "creole_parent"."post_code" = "posts"."code" WHERE "creole_parent"."id" = $1"#,
            mysql: "SELECT `id`, `post_code` FROM `notes`;\nSELECT `posts`.`id`, `posts`.`code`, `creole_parent`.`id` FROM `posts` JOIN `notes` AS `creole_parent` ON `creole_parent`.`post_code` = `posts`.`code` WHERE `creole_parent`.`id` = ?",
            mariadb: "SELECT `id`, `post_code` FROM `notes`;\nSELECT `posts`.`id`, `posts`.`code`, `creole_parent`.`id` FROM `posts` JOIN `notes` AS `creole_parent` ON `creole_parent`.`post_code` = `posts`.`code` WHERE `creole_parent`.`id` = ?",
        },
    );
}

#[test]
fn what_belongs_to_a_row_is_a_condition() {
    let post = Post { id: 3, code: "C".into() };
    check(
        |dialect| post.related(Post::tags).order_by(Tag::id).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "tags" WHERE EXISTS (SELECT 1 FROM "post_tags" WHERE "post_tags"."tag" = "tags"."id" AND "post_tags"."post" = ?1) ORDER BY "id""#,
            postgres: r#"SELECT "id" FROM "tags" WHERE EXISTS (SELECT 1 FROM "post_tags" WHERE "post_tags"."tag" = "tags"."id" AND "post_tags"."post" = $1) ORDER BY "id""#,
            mysql: "SELECT `id` FROM `tags` WHERE EXISTS (SELECT 1 FROM `post_tags` WHERE `post_tags`.`tag` = `tags`.`id` AND `post_tags`.`post` = ?) ORDER BY `id`",
            mariadb: "SELECT `id` FROM `tags` WHERE EXISTS (SELECT 1 FROM `post_tags` WHERE `post_tags`.`tag` = `tags`.`id` AND `post_tags`.`post` = ?) ORDER BY `id`",
        },
    );
    let root = Node { id: 1, ..Default::default() };
    check(
        |dialect| delete::<Node>().filter(Node::parent.of(&root)).sql(dialect),
        Expected {
            sqlite: r#"DELETE FROM "nodes" WHERE 1 = 0"#,
            postgres: r#"DELETE FROM "nodes" WHERE 1 = 0"#,
            mysql: "DELETE FROM `nodes` WHERE 1 = 0",
            mariadb: "DELETE FROM `nodes` WHERE 1 = 0",
        },
    );
}

#[test]
fn a_row_that_is_joined_is_read_by_the_statement_of_the_others() {
    check_or_refuse(
        |dialect| {
            let parent = Node::parent.filter(Node::name.eq("x")).select(Node::name).joined();
            Node::select().filter(Node::id.lt(9)).with(parent).for_update().sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "nodes"."id", "nodes"."parent_id", "nodes"."name", "creole_joined"."name", "creole_joined"."id" FROM "nodes" LEFT JOIN "nodes" AS "creole_joined" ON "creole_joined"."id" = "nodes"."parent_id" AND "creole_joined"."name" = ?1 WHERE "nodes"."id" < ?2"#,
            postgres: r#"SELECT "nodes"."id", "nodes"."parent_id", "nodes"."name", "creole_joined"."name", "creole_joined"."id" FROM "nodes" LEFT JOIN "nodes" AS "creole_joined" ON "creole_joined"."id" = "nodes"."parent_id" AND "creole_joined"."name" = $1 WHERE "nodes"."id" < $2 FOR UPDATE OF "nodes""#,
            mysql: "SELECT `nodes`.`id`, `nodes`.`parent_id`, `nodes`.`name`, `creole_joined`.`name`, `creole_joined`.`id` FROM `nodes` LEFT JOIN `nodes` AS `creole_joined` ON `creole_joined`.`id` = `nodes`.`parent_id` AND `creole_joined`.`name` = ? WHERE `nodes`.`id` < ? FOR UPDATE OF `nodes`",
            mariadb: "locking the rows of some tables only is not supported on mariadb: leave `lock_of` off, and the rows of every table of the statement are locked, and `joined` relations to statements of their own; or lock those of one table by a SELECT before",
        },
    );
}

//! Rows with what belongs to them: the statement of the rows, and one for each relation.

use creole::prelude::*;

use super::check::{Expected, check};
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
fn one_statement_for_each_relation_in_the_order_of_keys() {
    check(
        |dialect| Node::select().filter(Node::id.lt(9)).with(Node::children.with(Node::parent)).sql(dialect),
        Expected { sqlite: r#""#, postgres: r#""#, mysql: r#""#, mariadb: r#""# },
    );
}

#[test]
fn a_limit_numbers_the_rows_of_each_parent() {
    check(
        |dialect| {
            let dearest = User::orders.filter(Order::total.gt(10)).order_by(Order::total.desc()).offset(1).limit(3);
            User::select().with(dearest.select(Order::total)).sql(dialect)
        },
        Expected { sqlite: r#""#, postgres: r#""#, mysql: r#""#, mariadb: r#""# },
    );
}

#[test]
fn a_table_between_is_where_the_keys_are() {
    check(
        |dialect| Post::select().with(Post::tags.filter(Tag::id.gt(1))).sql(dialect),
        Expected { sqlite: r#""#, postgres: r#""#, mysql: r#""#, mariadb: r#""# },
    );
}

/// Which texts are equal, the database says: the row that a note belongs to is found by its primary key.
#[test]
fn keys_that_are_not_compared_byte_by_byte_are_compared_by_the_database() {
    check(
        |dialect| Post::select().with(Post::notes).sql(dialect),
        Expected { sqlite: r#""#, postgres: r#""#, mysql: r#""#, mariadb: r#""# },
    );
    check(
        |dialect| Note::select().with(Note::post).sql(dialect),
        Expected { sqlite: r#""#, postgres: r#""#, mysql: r#""#, mariadb: r#""# },
    );
}

#[test]
fn what_belongs_to_a_row_is_a_condition() {
    let post = Post { id: 3, code: "C".into() };
    check(
        |dialect| post.related(Post::tags).order_by(Tag::id).sql(dialect),
        Expected { sqlite: r#""#, postgres: r#""#, mysql: r#""#, mariadb: r#""# },
    );
    let root = Node { id: 1, ..Default::default() };
    check(
        |dialect| delete::<Node>().filter(Node::parent.of(&root)).sql(dialect),
        Expected { sqlite: r#""#, postgres: r#""#, mysql: r#""#, mariadb: r#""# },
    );
}

//! How much memory a statement asks for. Counts do not depend on the machine or on what else it does, so unlike times they
//! can be bounded in a test; a bound that is passed is either a mistake or to be raised on purpose.
//!
//! Counted is this thread's share, and SQLite's own memory is none of it: it does not come from Rust's allocator.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use allocation_counter::measure;
use creole::dialect::Dialect;
use creole::prelude::*;
use tokio::runtime::{Builder, Runtime};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users", default)]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
    name: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "people", default, has_many(posts = Post::user_id))]
struct Person {
    #[model(primary_key)]
    id: i64,
    name: String,
    hair_color: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "posts", default)]
struct Post {
    #[model(primary_key)]
    id: i64,
    #[model(references = Person::id)]
    user_id: i64,
    title: String,
}

/// The allocations of `work`, at its second run of three, which must not differ from the third.
fn allocations(mut work: impl FnMut()) -> u64 {
    work();
    let mut count = || measure(&mut work).count_total;
    let (second, third) = (count(), count());
    assert_eq!(second, third, "the count depends on something");
    second
}

fn database() -> (Runtime, Engine) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let engine: creole::Result<Engine> = runtime.block_on(async {
        let engine = Engine::connect("sqlite::memory:?connections=1").await?;
        engine.create_all(tables![User]).await?;
        insert(&User { id: 1, email: "ada@example.com".into(), name: None }).exec(&engine).await?;
        Ok(engine)
    });
    (runtime, engine.unwrap())
}

#[test]
fn a_statement_is_built_and_rendered_in_few_allocations() {
    let (_runtime, engine) = database();
    let dialect: &dyn Dialect = engine.dialect();
    let count = allocations(|| {
        let select = User::select().filter(User::email.eq("x"));
        assert!(select.compile(dialect).unwrap().sql.contains("WHERE"));
    });
    // The lists of what is selected and of its tables; two sides of `=` and the text "x"; the SQL text, as it is written and
    // as it is shared; the values.
    assert!(count <= 8, "{count} allocations");
}

#[test]
fn a_join_is_built_and_rendered_in_few_allocations() {
    let (_runtime, engine) = database();
    let dialect: &dyn Dialect = engine.dialect();
    let count = allocations(|| {
        let select =
            select((Person::ALL, Post::ALL.optional())).left_join(Person::posts).filter(Person::hair_color.eq("black"));
        assert!(select.compile(dialect).unwrap().sql.contains("LEFT JOIN"));
    });
    // The lists of items, joins, sources and values; two sides of each `=` and the text "black"; the SQL text, as it is written
    // and as it is shared.
    assert!(count <= 11, "{count} allocations");
}

#[test]
fn a_point_read_takes_few_allocations() {
    let (runtime, engine) = database();
    let count = allocations(|| {
        let user = runtime.block_on(User::find(1, &engine)).unwrap();
        assert_eq!(user.unwrap().email, "ada@example.com");
    });
    // The futures of the find and of the driver's fetch, the value, the name it is prepared by, and the text that is read.
    assert!(count <= 5, "{count} allocations");
}

//! How much memory a statement asks for. Counts do not depend on the machine or on what else it does, so unlike times they
//! can be bounded in a test; a bound that is passed is either a mistake or to be raised on purpose.
//!
//! Counted is this thread's share, and SQLite's own memory is none of it: it does not come from Rust's allocator.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use allocation_counter::measure;
use creole::dialect::Dialect;
use creole::prelude::*;
use serde::{Deserialize, Serialize};
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
    #[model(references = Person::id, belongs_to = person)]
    user_id: i64,
    title: String,
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = Post)]
struct Title {
    id: i64,
    title: String,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Settings {
    theme: String,
    sizes: Vec<u16>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "profiles")]
struct Profile {
    #[model(primary_key)]
    id: i64,
    settings: Json<Settings>,
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
        engine.create_all(tables![User, Profile]).await?;
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
    // The lists of items, joins, sources and values; two sides of each `=` and the text "black"; the SQL text, as it is written and
    // as it is shared.
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

#[test]
fn an_insert_of_one_row_takes_few_allocations() {
    let (runtime, engine) = database();
    let mut user = User { id: 1, email: "grace@example.com".into(), name: None };
    let count = allocations(|| {
        user.id += 1;
        assert_eq!(runtime.block_on(insert(&user).exec(&engine)).unwrap(), 1);
    });
    // The futures of the call and of the driver's; the list of columns and that of their names; the text, which grows once while it
    // is written, and is then shared; the values, which grow once too.
    assert!(count <= 9, "{count} allocations");
}

#[test]
fn an_upsert_of_one_row_takes_few_allocations() {
    let (runtime, engine) = database();
    let user = User { id: 1, email: "grace@example.com".into(), name: None };
    let count = allocations(|| {
        let upsert = insert(&user).on_conflict(User::id).update_all();
        assert_eq!(runtime.block_on(upsert.exec(&engine)).unwrap(), 1);
    });
    // The key, the columns that are updated and their assignments, as they are said and as the statement has them; the futures, from
    // the call to the driver's; the rows' lists of columns; the values. The text is kept from the time before.
    assert!(count <= 20, "{count} allocations");
}

#[test]
fn a_related_row_takes_few_allocations() {
    const PARENTS: i64 = 100;
    const CHILDREN: i64 = 1_000;
    let (runtime, engine) = database();
    let post = |id| Post { id, user_id: id % PARENTS + 1, title: format!("post {id}") };
    let person = |id| Person { id, name: format!("person {id}"), hair_color: None };
    let filled: creole::Result<()> = runtime.block_on(async {
        engine.create_all(tables![Person, Post]).await?;
        insert_all(&(1..=PARENTS).map(person).collect::<Vec<_>>()).exec(&engine).await?;
        insert_all(&(1..=CHILDREN).map(post).collect::<Vec<_>>()).exec(&engine).await?;
        Ok(())
    });
    filled.unwrap();
    let parents = allocations(|| {
        assert_eq!(runtime.block_on(Person::select().all(&engine)).unwrap().len(), PARENTS as usize);
    });
    let to_many = allocations(|| {
        let people = runtime.block_on(Person::select().with(Person::posts).all(&engine)).unwrap();
        assert_eq!(people.iter().map(|(_, posts)| posts.len()).sum::<usize>(), CHILDREN as usize);
    });
    let to_one = allocations(|| {
        let posts = runtime.block_on(Post::select().with(Post::person).all(&engine)).unwrap();
        assert_eq!(posts.len(), CHILDREN as usize);
    });
    let joined = allocations(|| {
        let posts = runtime.block_on(Post::select().with(Post::person.joined()).all(&engine)).unwrap();
        assert_eq!(posts.len(), CHILDREN as usize);
    });
    let tuples = allocations(|| {
        let posts = runtime.block_on(select((Post::id, Post::title)).all(&engine)).unwrap();
        assert_eq!(posts.len(), CHILDREN as usize);
    });
    let projected = allocations(|| {
        assert_eq!(runtime.block_on(Title::select().all(&engine)).unwrap().len(), CHILDREN as usize);
    });
    // The child's title. Beside it, for ten children, their list.
    let per_child = (to_many - parents) as f64 / CHILDREN as f64;
    assert!(per_child <= 1.25, "{per_child} allocations for a child of its parents' lists");
    // Its title, and the name of its parent. Beside them the keys, of which there is one for ten children.
    let per_child = to_one as f64 / CHILDREN as f64;
    assert!(per_child <= 2.2, "{per_child} allocations for a child with its parent");
    let per_child = joined as f64 / CHILDREN as f64;
    assert!(per_child <= 2.1, "{per_child} allocations for a child with its parent, joined");
    // What its fields are read from is listed for each statement, and nothing is kept for each row.
    assert!(projected <= tuples + 30, "{projected} allocations for projections, {tuples} for tuples");
}

#[test]
fn a_long_slice_takes_no_more_memory_than_a_chunk_of_it() {
    /// As many as one statement has.
    const CHUNK: usize = 1_024;
    let (runtime, engine) = database();
    let user = |id| User { id, email: format!("{id}@example.com"), name: None };
    let rows: Vec<User> = (1..=40 * CHUNK as i64).map(user).collect();
    let peak = |rows: &[User]| {
        runtime.block_on(delete::<User>().all_rows().exec(&engine)).unwrap();
        let counted = measure(|| {
            assert_eq!(runtime.block_on(insert_all(rows).exec(&engine)).unwrap(), rows.len() as u64);
        });
        counted.bytes_max
    };
    // The first time the statement is prepared, and its text written, which both are then kept.
    peak(&rows[..CHUNK]);
    let (chunk, whole) = (peak(&rows[..CHUNK]), peak(&rows));
    assert!(chunk > 0 && whole * 10 <= chunk * 12, "{whole} bytes for all rows, {chunk} for a chunk of them");
}

#[test]
fn documents_are_written_in_few_allocations_and_as_little_memory_as_a_chunk_of_them_takes() {
    const CHUNK: usize = 1_024;
    let (runtime, engine) = database();
    let settings = Json(Settings { theme: "dark".into(), sizes: vec![1, 2] });
    let rows: Vec<Profile> = (1..=40 * CHUNK as i64).map(|id| Profile { id, settings: settings.clone() }).collect();
    let counted = |rows: &[Profile]| {
        runtime.block_on(delete::<Profile>().all_rows().exec(&engine)).unwrap();
        measure(|| assert_eq!(runtime.block_on(insert_all(rows).exec(&engine)).unwrap(), rows.len() as u64))
    };
    counted(&rows[..CHUNK]);
    let (chunk, whole) = (counted(&rows[..CHUNK]), counted(&rows));
    // The tree: its keys, its text and its list. The document's text, which grows while it is written, and where it is kept.
    assert!(chunk.count_total <= 12 * CHUNK as u64, "{} allocations", chunk.count_total);
    // That of two chunks lies side by side for a moment.
    assert!(whole.bytes_max <= 2 * chunk.bytes_max, "{} bytes, {} for a chunk", whole.bytes_max, chunk.bytes_max);
}

/// A million rows go through a session that lets them go, a thousand at a time or one by one.
#[test]
fn a_session_that_lets_entities_go_does_not_grow() {
    let (_runtime, engine) = database();
    let mut session = engine.session();
    let kept = session.attach(User { id: -1, email: String::new(), name: None }).unwrap();
    let trimmed = measure(|| {
        for id in 0..500_000 {
            session.attach(User { id, email: format!("user{id}@example.com"), name: None }).unwrap();
            if id % 1_000 == 999 {
                session.trim();
                session.attach(User { id: -1, email: String::new(), name: None }).unwrap();
            }
        }
    });
    assert!(session.try_get(kept).is_err());
    let evicted = measure(|| {
        for id in 500_000..1_000_000 {
            let user = session.attach(User { id, email: format!("user{id}@example.com"), name: None }).unwrap();
            session.evict(user).unwrap();
        }
    });
    let bytes = (trimmed.bytes_max, evicted.bytes_max);
    assert!(bytes.0 < 1_500_000 && bytes.1 < 500_000, "{bytes:?} bytes at most");
}

/// What it costs that 10,000 rows are entities, beside loading them.
#[test]
fn tracking_costs_little_beside_loading() {
    let (runtime, engine) = database();
    runtime.block_on(engine.create_all(tables![Person, Post])).unwrap();
    runtime.block_on(insert(&Person { id: 1, name: "Ada".into(), hair_color: None }).exec(&engine)).unwrap();
    let title = "a title of an ordinary length, as posts have them".to_owned();
    let posts: Vec<Post> = (0..10_000).map(|id| Post { id, user_id: 1, title: title.clone() }).collect();
    runtime.block_on(insert_all(&posts).exec(&engine)).unwrap();
    drop(posts);
    let mut loaded = Vec::new();
    let load = measure(|| loaded = runtime.block_on(Post::select().all(&engine)).unwrap());
    assert_eq!(loaded.len(), 10_000);
    let mut session = engine.session();
    let mut tracked = Vec::new();
    let track = measure(|| tracked = runtime.block_on(Post::select().track(&mut session)).unwrap());
    assert_eq!(tracked.len(), 10_000);
    // What stays, handles included, and what it takes meanwhile.
    let stays = (track.bytes_current, load.bytes_current);
    assert!(stays.0 <= 2 * stays.1, "{stays:?} bytes");
    let peak = (track.bytes_max, load.bytes_max);
    assert!(peak.0 <= 2 * peak.1, "{peak:?} bytes at most");
    // The row's text, its box, and hardly anything else.
    assert!(track.count_total <= 2 * 10_000 + 400, "{} allocations", track.count_total);
}

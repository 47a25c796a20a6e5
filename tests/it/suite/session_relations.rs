//! Relations in the session: what belongs to an entity, in memory and in the database.

mod circles;
mod deleting;
mod keys;
mod leaving;
mod linking;
mod loading;
mod misuse;
mod random;
mod relating;
mod tracking;

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "authors",
    default,
    has_many(books = Book::author_id),
    has_many(notes = Note::author_id, owned),
    has_one(desk = Desk::author_id),
    has_one(badge = Badge::author_id, owned)
)]
struct Author {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 40)]
    name: String,
}

/// It must have an author.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "books",
    default,
    many_to_many(tags: Tag = BookTag::book_id -> BookTag::tag_id),
    has_many(book_tags = BookTag::book_id)
)]
struct Book {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Author::id, belongs_to = author)]
    author_id: i64,
    #[model(length = 40)]
    title: String,
}

/// It may have an author, who owns it.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "notes", default)]
struct Note {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Author::id, belongs_to = author)]
    author_id: Option<i64>,
    #[model(length = 40)]
    text: String,
}

/// It may be an author's.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "desks", default)]
struct Desk {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, references = Author::id, belongs_to = author)]
    author_id: Option<i64>,
}

/// It is an author's.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "badges", default)]
struct Badge {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, references = Author::id, belongs_to = author)]
    author_id: i64,
    number: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "tags", default, many_to_many(books: Book = BookTag::tag_id -> BookTag::book_id))]
struct Tag {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 40)]
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "book_tags", default)]
struct BookTag {
    #[model(primary_key, references = Book::id, on_delete = cascade, belongs_to = book)]
    book_id: i64,
    #[model(primary_key, references = Tag::id, belongs_to = tag)]
    tag_id: i64,
    #[model(default = 7)]
    weight: i32,
}

fn author(name: &str) -> Author {
    Author { name: name.into(), ..Default::default() }
}

fn book(title: &str) -> Book {
    Book { title: title.into(), ..Default::default() }
}

fn tag(name: &str) -> Tag {
    Tag { name: name.into(), ..Default::default() }
}

/// Ada with two books and a note, Bob with one book; the first book has both tags, the third one of them.
async fn library(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Author, Book, Note, Desk, Badge, Tag, BookTag]).await?;
    for name in ["Ada", "Bob", "Cleo"] {
        insert(&author(name)).exec(engine).await?;
    }
    for (author_id, title) in [(1, "one"), (1, "two"), (2, "three")] {
        insert(&Book { author_id, ..book(title) }).exec(engine).await?;
    }
    insert(&Note { author_id: Some(1), ..Default::default() }).exec(engine).await?;
    insert(&Desk { author_id: Some(1), ..Default::default() }).exec(engine).await?;
    insert(&Badge { author_id: 1, ..Default::default() }).exec(engine).await?;
    for name in ["rust", "sql"] {
        insert(&tag(name)).exec(engine).await?;
    }
    for (book_id, tag_id) in [(1, 1), (1, 2), (3, 2)] {
        insert(&BookTag { book_id, tag_id, weight: 1 }).exec(engine).await?;
    }
    Ok(())
}

async fn get<M: Model>(session: &mut Session, key: impl creole::model::IntoKey<M::Key> + Send) -> Tracked<M> {
    session.get::<M>(key).await.unwrap().unwrap()
}

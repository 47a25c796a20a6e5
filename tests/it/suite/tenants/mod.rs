//! `#[model(tenant)]`: the rows of other tenants are as though they were not there.

mod reads;
mod writes;
mod inserts;
mod sessions;
mod types;
#[path = "../ways_to_read.rs"]
#[allow(clippy::duplicate_mod, reason = "it is about the models of the module that it is part of")]
mod ways_to_read;

use creole::prelude::*;

/// Whose the rows are that are seen.
const OURS: i64 = 1;
const THEIRS: i64 = 2;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "authors",
    default,
    has_many(books = Book::author_id),
    has_many(edited = Book::editor_id),
    has_many(pupils = Author::mentor_id)
)]
struct Author {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    house: i64,
    #[model(length = 40)]
    name: String,
    #[model(references = Author::id, belongs_to = mentor)]
    mentor_id: Option<i64>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "books", default, many_to_many(tags: Tag = BookTag::book_id -> BookTag::tag_id))]
struct Book {
    #[model(primary_key)]
    id: i64,
    #[model(references = Author::id, belongs_to = author)]
    author_id: i64,
    #[model(references = Author::id, belongs_to = editor)]
    editor_id: Option<i64>,
    #[model(length = 40)]
    title: String,
    #[model(tenant)]
    house: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "tags", default, many_to_many(books: Book = BookTag::tag_id -> BookTag::book_id))]
struct Tag {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    house: i64,
    #[model(length = 40)]
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "book_tags", default)]
struct BookTag {
    #[model(primary_key, references = Book::id)]
    book_id: i64,
    #[model(primary_key, references = Tag::id)]
    tag_id: i64,
    #[model(tenant)]
    house: i64,
}

/// The same tables without keys that refer to one another, as models that know no tenants see them.
mod plain {
    use creole::prelude::*;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "authors")]
    pub(super) struct Author {
        #[model(primary_key)]
        pub id: i64,
        pub house: i64,
        #[model(length = 40)]
        pub name: String,
        pub mentor_id: Option<i64>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "books")]
    pub(super) struct Book {
        #[model(primary_key)]
        pub id: i64,
        pub author_id: i64,
        pub editor_id: Option<i64>,
        #[model(length = 40)]
        pub title: String,
        pub house: i64,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "tags")]
    pub(super) struct Tag {
        #[model(primary_key)]
        pub id: i64,
        pub house: i64,
        #[model(length = 40)]
        pub name: String,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "book_tags")]
    pub(super) struct BookTag {
        #[model(primary_key)]
        pub book_id: i64,
        #[model(primary_key)]
        pub tag_id: i64,
        pub house: i64,
    }
}

fn author(id: i64, name: &str, mentor_id: Option<i64>) -> Author {
    Author { id, name: name.into(), mentor_id, house: 0 }
}

fn book(id: i64, author_id: i64, editor_id: Option<i64>) -> Book {
    Book { id, author_id, editor_id, title: format!("book {id}"), house: 0 }
}

/// Whose a row is: theirs where it is said so.
fn house(is_theirs: bool) -> i64 {
    if is_theirs { THEIRS } else { OURS }
}

/// Our authors Ada (1), Bob (2) and Dan (4), and Cleo (3), who is theirs. Bob and Cleo are pupils of Ada's, Dan of Cleo's. Ada has the
/// books 1 and 2, which Cleo has edited, and 3, which is theirs; Bob has 4, which Ada has edited, 7 and 8; Cleo has 5; Dan has 6, which he
/// edited himself. The tag 3 is theirs, and that book 1 has tag 2.
async fn library(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![plain::Author, plain::Book, plain::Tag, plain::BookTag]).await?;
    let engine = &engine.all_tenants();
    let names = [(1, "Ada", None), (2, "Bob", Some(1)), (3, "Cleo", Some(1)), (4, "Dan", Some(3))];
    let authors = names.map(|(id, name, mentor)| Author { house: house(id == 3), ..author(id, name, mentor) });
    insert_all(&authors).exec(engine).await?;
    let books = [
        (1, 1, None),
        (2, 1, Some(3)),
        (3, 1, None),
        (4, 2, Some(1)),
        (5, 3, None),
        (6, 4, Some(4)),
        (7, 2, None),
        (8, 2, None),
    ];
    let books = books.map(|(id, author, editor)| Book { house: house(id == 3), ..book(id, author, editor) });
    insert_all(&books).exec(engine).await?;
    let tags = [1, 2, 3].map(|id| Tag { id, name: format!("tag {id}"), house: house(id == 3) });
    insert_all(&tags).exec(engine).await?;
    let pairs = [(1, 1), (1, 2), (2, 3), (3, 1), (4, 2), (5, 1), (6, 3)];
    let pairs = pairs.map(|(book_id, tag_id)| BookTag { book_id, tag_id, house: house((book_id, tag_id) == (1, 2)) });
    insert_all(&pairs).exec(engine).await?;
    Ok(())
}

/// All rows of theirs.
async fn theirs(engine: &Engine) -> creole::Result<String> {
    let engine = &engine.scoped(THEIRS);
    let authors = Author::select().order_by(Author::id).all(engine).await?;
    let books = Book::select().order_by(Book::id).all(engine).await?;
    let tags = Tag::select().order_by(Tag::id).all(engine).await?;
    let pairs = BookTag::select().order_by((BookTag::book_id, BookTag::tag_id)).all(engine).await?;
    Ok(format!("{authors:?} {books:?} {tags:?} {pairs:?}"))
}

/// The kind of an error, and the columns that it names.
fn refusal<T: std::fmt::Debug>(result: creole::Result<T>) -> (ErrorKind, Vec<String>) {
    let error = result.unwrap_err();
    (error.kind(), error.columns().map(Into::into).collect())
}

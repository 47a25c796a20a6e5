//! `load`: what is read, and what is not read again.

use super::*;
use crate::lab::Lab;

#[creole::test]
async fn one_statement_for_all_and_none_for_what_is_known(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    library(&spied).await?;
    let mut session = spied.session();
    let authors = Author::select().order_by(Author::id).track(&mut session).await?;
    sent.texts();
    session.load(&authors, Author::books).await?;
    assert_eq!(sent.verbs(), ["SELECT"]);
    session.load(authors[0], Author::books).await?;
    let books: Vec<_> = authors.iter().flat_map(|&author| session.many(author, Author::books).unwrap()).collect();
    assert_eq!(books.len(), 3);
    session.load(&books, Book::author).await?;
    assert_eq!(sent.verbs(), [""; 0]);
    session.load(&books, Book::tags).await?;
    assert_eq!(sent.verbs(), ["SELECT"]);
    session.load(&books, Book::book_tags).await?;
    assert_eq!(sent.verbs(), [""; 0]);
    let added = session.add_to(authors[0], Author::books, book("new"));
    session.flush().await?;
    session.load(authors[0], Author::books).await?;
    session.load(added, Book::tags).await?;
    assert_eq!(sent.verbs(), ["INSERT"]);
    session.rollback().await?;
    spied.close().await;
    Ok(())
}

#[creole::test]
async fn what_others_have_changed_is_seen_when_it_is_loaded_again(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [ada, bob] = [get::<Author>(&mut session, 1).await, get::<Author>(&mut session, 2).await];
    session.load([ada, bob], Author::books).await?;
    let [one, two] = session.many(ada, Author::books)?[..] else { panic!("two") };
    session.commit().await?;
    update::<Book>().set(Book::author_id, 2).filter(Book::id.eq(1)).exec(&engine).await?;
    delete::<Book>().filter(Book::id.eq(2)).exec(&engine).await?;
    insert(&Book { author_id: 1, ..book("new") }).exec(&engine).await?;
    assert_eq!(session.many(ada, Author::books)?, [one, two], "it stays readable");
    session.load(ada, Author::books).await?;
    let now = session.many(ada, Author::books)?;
    assert_eq!(now.iter().map(|&book| session[book].title.clone()).collect::<Vec<_>>(), ["new"]);
    assert_eq!(session.try_get(two).unwrap_err().kind(), ErrorKind::Detached);
    assert_eq!(session.one(one, Book::author)?, bob);
    Ok(())
}

#[creole::test]
async fn statements_on_the_session_make_it_load_again(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let ada = get::<Author>(&mut session, 1).await;
    session.load(ada, Author::books).await?;
    insert(&Book { author_id: 1, ..book("new") }).exec(&mut session).await?;
    session.load(ada, Author::books).await?;
    assert_eq!(session.many(ada, Author::books)?.len(), 3);
    update::<Book>().set(Book::author_id, 2).filter(Book::id.eq(1)).exec(&mut session).await?;
    session.load(ada, Author::books).await?;
    assert_eq!(session.many(ada, Author::books)?.len(), 2);
    delete::<Book>().filter(Book::author_id.eq(1)).exec(&mut session).await.unwrap();
    session.load(ada, Author::books).await?;
    assert_eq!(session.many(ada, Author::books)?, []);
    // What was loaded of a transaction that is undone is not what is there.
    session.rollback().await?;
    assert_eq!(session.many(ada, Author::books).unwrap_err().kind(), ErrorKind::NotLoaded);
    session.load(ada, Author::books).await?;
    assert_eq!(session.many(ada, Author::books)?.len(), 2);
    Ok(())
}

#[creole::test]
async fn an_entity_that_is_let_go_is_not_taken_for_none(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [ada, bob] = [get::<Author>(&mut session, 1).await, get::<Author>(&mut session, 2).await];
    session.load([ada, bob], Author::books).await?;
    let one = session.many(ada, Author::books)?[0];
    session.load(one, Book::tags).await?;
    let rust = session.many(one, Book::tags)?[0];
    session.detach(rust);
    assert_eq!(session.many(one, Book::tags).unwrap_err().kind(), ErrorKind::NotLoaded);
    session.detach(one);
    assert_eq!(session.many(ada, Author::books).unwrap_err().kind(), ErrorKind::NotLoaded);
    assert_eq!(session.many(bob, Author::books)?.len(), 1);
    let new = session.add(author("New"));
    let added = session.add_to(new, Author::books, book("new"));
    session.flush().await?;
    session.detach(added);
    assert_eq!(session.many(new, Author::books).unwrap_err().kind(), ErrorKind::NotLoaded);
    session.load(new, Author::books).await?;
    assert_eq!(session.many(new, Author::books)?.len(), 1);
    session.rollback().await?;
    session.clear();
    Ok(())
}

#[creole::test]
async fn many_owners_are_loaded_at_once(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let authors: Vec<Author> = (0..3000).map(|number| author(&number.to_string())).collect();
    insert_all(&authors).exec(&engine).await?;
    let mut session = engine.session();
    let authors = Author::select().order_by(Author::id).track(&mut session).await?;
    session.load(&authors, Author::books).await?;
    let sizes: Vec<usize> = authors.iter().map(|&author| session.many(author, Author::books).unwrap().len()).collect();
    assert_eq!((&sizes[..4], sizes.len()), (&[2, 1, 0, 0][..], 3003));
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "people", default, has_many(letters = Letter::writer_id))]
struct Person {
    #[model(primary_key, auto)]
    id: i64,
    #[model(soft_delete)]
    is_gone: bool,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "letters", default)]
struct Letter {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Person::id, belongs_to = writer)]
    writer_id: i64,
    #[model(references = Person::id, belongs_to = reader)]
    reader_id: Option<i64>,
    #[model(soft_delete)]
    is_torn: bool,
}

#[creole::test]
async fn what_is_marked_as_deleted_belongs_to_nothing(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Person, Letter]).await?;
    let mut session = engine.session();
    let [writer, reader] = [session.add(Person::default()), session.add(Person::default())];
    let letters = [(); 2].map(|()| session.add_to(writer, Person::letters, Letter::default()));
    session.relate(letters[0], Letter::reader, reader);
    session.commit().await?;
    session.delete(letters[1]);
    assert_eq!(session.many(writer, Person::letters)?, letters[..1]);
    session.delete(reader);
    session.commit().await?;
    assert_eq!(session.many(writer, Person::letters)?, letters[..1]);

    let mut session = engine.session();
    let tree = Person::select().with(Person::letters.with(Letter::reader)).track(&mut session).await?;
    let [(writer, letters)] = &tree[..] else { panic!("one is left") };
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].1, None);
    let letter = letters[0].0;
    assert_eq!(session.one(letter, Letter::reader)?, None);
    session.load(letter, Letter::writer).await?;
    session.delete(*writer);
    session.commit().await?;
    let mut session = engine.session();
    let letter = get::<Letter>(&mut session, 1).await;
    assert_eq!(session.load(letter, Letter::writer).await.unwrap_err().kind(), ErrorKind::NotFound);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "rooms", default, many_to_many(keys: DoorKey = RoomKey::room_id -> RoomKey::key_id))]
struct Room {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "door_keys", default)]
struct DoorKey {
    #[model(primary_key, auto)]
    id: i64,
    #[model(soft_delete)]
    is_lost: bool,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "room_keys")]
struct RoomKey {
    #[model(primary_key, references = Room::id)]
    room_id: i64,
    #[model(primary_key, references = DoorKey::id)]
    key_id: i64,
}

#[creole::test]
async fn what_is_marked_beyond_a_table_between_is_left_out(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Room, DoorKey, RoomKey]).await?;
    let mut session = engine.session();
    let room = session.add(Room::default());
    let [lost, kept] = [(); 2].map(|()| session.add_to(room, Room::keys, DoorKey::default()));
    session.commit().await?;
    delete::<DoorKey>().filter(DoorKey::id.eq(session[lost].id)).exec(&engine).await?;
    session.load(room, Room::keys).await?;
    assert_eq!(session.many(room, Room::keys)?, [kept], "the session has the row between");

    let mut session = engine.session();
    let room = get::<Room>(&mut session, 1).await;
    session.load(room, Room::keys).await?;
    assert_eq!(session.many(room, Room::keys)?.len(), 1);
    Ok(())
}

#[creole::test]
async fn rows_between_that_are_known_do_not_stand_for_those_beyond(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let one = get::<Book>(&mut session, 1).await;
    session.load(one, Book::book_tags).await?;
    assert_eq!(session.many(one, Book::tags).unwrap_err().kind(), ErrorKind::NotLoaded);
    session.load(one, Book::tags).await?;
    let tags = session.many(one, Book::tags)?;
    assert_eq!(tags.len(), 2);
    session.evict(tags[0])?;
    session.load(one, Book::tags).await?;
    assert_eq!(session.many(one, Book::tags)?.len(), 2);
    // What is beyond is read again where it may have changed.
    let rust = session.many(one, Book::tags)?[0];
    update::<Tag>().set(Tag::name, "crab").filter(Tag::id.eq(session[rust].id)).exec(&mut session).await?;
    session.load(one, Book::tags).await?;
    assert_eq!(session[rust].name, "crab");
    Ok(())
}

#[creole::test]
async fn a_stale_child_is_read_again_before_what_it_refers_to(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let one = get::<Book>(&mut session, 1).await;
    session.load(one, Book::author).await?;
    update::<Book>().set(Book::author_id, 2).filter(Book::id.eq(1)).exec(&mut session).await?;
    session.load(one, Book::author).await?;
    assert_eq!(session[session.one(one, Book::author)?].name, "Bob");
    session.commit().await?;
    update::<Book>().set(Book::author_id, 3).filter(Book::id.eq(1)).exec(&engine).await?;
    session.load(one, Book::author).await?;
    assert_eq!(session[session.one(one, Book::author)?].name, "Cleo");
    Ok(())
}

#[creole::test]
async fn an_entity_that_is_let_go_with_a_change_is_not_taken_for_none(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [ada, bob] = [get::<Author>(&mut session, 1).await, get::<Author>(&mut session, 2).await];
    session.load([ada, bob], Author::books).await?;
    let one = session.many(ada, Author::books)?[0];
    session.relate(one, Book::author, bob);
    session.detach(one);
    session.load(ada, Author::books).await?;
    assert_eq!(session.many(ada, Author::books)?.len(), 2);
    Ok(())
}

#[creole::test]
async fn a_doubt_is_about_one_relation_and_about_what_was(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let new = session.add(author("New"));
    session.flush().await?;
    let one = get::<Book>(&mut session, 1).await;
    session[one].title = "changed".into();
    session.detach(one);
    // It is not known what it belonged to.
    assert_eq!(session.many(new, Author::books).unwrap_err().kind(), ErrorKind::NotLoaded);
    assert_eq!(session.many(new, Author::notes)?, []);
    let later = session.add(author("Later"));
    session.flush().await?;
    assert_eq!(session.many(later, Author::books)?, []);
    session.load([new, later], Author::books).await?;
    assert_eq!(session.many(new, Author::books)?, []);
    let book = session.add_to(later, Author::books, book("four"));
    session.commit().await?;
    session.evict(book)?;
    assert_eq!(session.many(later, Author::books).unwrap_err().kind(), ErrorKind::NotLoaded);
    assert_eq!(session.many(later, Author::notes)?, []);
    assert_eq!(session.many(new, Author::books)?, []);
    session.load(later, Author::books).await?;
    assert_eq!(session.many(later, Author::books)?.len(), 1);
    Ok(())
}

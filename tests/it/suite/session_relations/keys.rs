//! Keys that are given late, or changed: what is related stays so, and columns follow.

use super::*;
use crate::lab::Lab;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "rooms", default, unique(tenant, id), has_many(places = (Place::tenant, Place::room_id)))]
struct Room {
    #[model(primary_key, auto)]
    id: i64,
    tenant: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "guests", has_many(places = (Place::tenant, Place::guest_id)))]
struct Guest {
    #[model(primary_key)]
    tenant: i64,
    #[model(primary_key)]
    id: i64,
}

/// Both of its keys have the tenant.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "places",
    default,
    foreign_key(tenant, room_id, references = (Room::tenant, Room::id), belongs_to = room),
    foreign_key(tenant, guest_id, references = (Guest::tenant, Guest::id), belongs_to = guest)
)]
struct Place {
    #[model(primary_key, auto)]
    id: i64,
    tenant: i64,
    room_id: Option<i64>,
    guest_id: Option<i64>,
}

#[creole::test]
async fn relations_that_share_a_column_hold_together(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Room, Guest, Place]).await?;
    insert(&Guest { tenant: 5, id: 7 }).exec(&engine).await?;
    let mut session = engine.session();
    let guest = get::<Guest>(&mut session, (5, 7)).await;
    let room = session.add(Room { tenant: 5, ..Default::default() });
    let [one, two] = [(); 2].map(|()| session.add(Place::default()));
    session.relate(one, Place::room, room);
    session.relate(one, Place::guest, guest);
    session.relate(two, Place::guest, guest);
    session.relate(two, Place::room, room);
    for place in [one, two] {
        assert_eq!(session[place].tenant, 5, "it is known");
        assert_eq!(session.one(place, Place::room)?, Some(room));
        assert_eq!(session.one(place, Place::guest)?, Some(guest));
    }
    assert_eq!(session.many(room, Room::places)?, [one, two]);
    session.commit().await?;
    let id = session[room].id;
    let stored = select((Place::tenant, Place::room_id, Place::guest_id)).all(&engine).await?;
    assert_eq!(stored, [(5, Some(id), Some(7)); 2]);

    // One of them is taken out, the other holds.
    let other = session.add(Room { tenant: 5, ..Default::default() });
    session.relate(one, Place::room, other);
    session.unrelate(one, Place::guest)?;
    assert_eq!(session.one(one, Place::room)?, Some(other));
    session.commit().await?;
    assert_eq!((session[one].room_id, session[one].guest_id), (Some(session[other].id), None));
    assert_eq!(Place::find(session[one].id, &engine).await?.as_ref(), Some(&session[one]));
    Ok(())
}

#[creole::test]
async fn a_refresh_writes_what_is_related_first(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let book = get::<Book>(&mut session, 1).await;
    let new = session.add(author("New"));
    session.relate(book, Book::author, new);
    session.no_autoflush().refresh(book).await?;
    assert!(!session.is_modified(book) && session.pending::<Author>().is_empty());
    assert_eq!((session[book].author_id, session.one(book, Book::author)?), (session[new].id, new));
    session.rollback().await?;
    assert_eq!(session[book].author_id, 1);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "owners",
    default,
    hooks(before_save),
    has_many(cars = Car::owner_code),
    has_many(rents = Rent::owner_code),
    many_to_many(clubs: Club = Member::owner -> Member::club_id)
)]
struct Owner {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, length = 20)]
    code: Option<String>,
    #[model(length = 20)]
    name: String,
}

impl BeforeSave for Owner {
    fn before_save(&mut self, _: Save) -> creole::Result<()> {
        if !self.name.is_empty() {
            self.code = Some(self.name.to_uppercase());
        }
        Ok(())
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "cars", default)]
struct Car {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 20, references = Owner::code, belongs_to = owner)]
    owner_code: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "rents", default)]
struct Rent {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 20, references = Owner::code, on_update = cascade, belongs_to = owner)]
    owner_code: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "clubs", default)]
struct Club {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "members")]
struct Member {
    #[model(primary_key, length = 20, references = Owner::code)]
    owner: String,
    #[model(primary_key, references = Club::id)]
    club_id: i64,
}

async fn garage(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Owner, Car, Rent, Club, Member]).await
}

fn owner(code: &str) -> Owner {
    Owner { code: Some(code.into()), ..Default::default() }
}

fn code(code: &str) -> Option<String> {
    Some(code.to_owned())
}

#[creole::test]
async fn nothing_refers_to_a_key_that_is_null(engine: Engine) -> creole::Result<()> {
    garage(&engine).await?;
    let mut session = engine.session();
    let stored = session.add(Owner::default());
    session.commit().await?;
    let new = session.add(Owner::default());
    for (owner, given) in [(stored, "a"), (new, "b")] {
        let car = session.add_to(owner, Owner::cars, Car::default());
        let rent = session.add(Rent::default());
        session.link(owner, Owner::rents, rent)?;
        assert_eq!(session.many(owner, Owner::cars)?, [car]);
        assert_eq!(session.one(rent, Rent::owner)?, Some(owner));
        let error = session.flush().await.unwrap_err();
        assert_eq!((error.kind(), error.entity()), (ErrorKind::ForeignKeyViolation, Some(car)));
        assert!(error.to_string().contains("code") && error.backend().is_none(), "{error}");
        session[owner].code = code(given);
        session.commit().await?;
        assert_eq!((session[car].owner_code.as_str(), session[rent].owner_code.as_deref()), (given, Some(given)));
        assert_eq!(Car::find(session[car].id, &engine).await?.as_ref(), Some(&session[car]));
    }
    let none = session.add(Owner::default());
    let club = session.add(Club::default());
    let error = session.link(none, Owner::clubs, club).unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::ForeignKeyViolation, Some("members")));
    Ok(())
}

#[creole::test]
async fn a_key_that_is_given_later_is_followed(engine: Engine) -> creole::Result<()> {
    garage(&engine).await?;
    let mut session = engine.session();
    let stored = session.add(owner("stored"));
    session.commit().await?;
    let new = session.add(owner("new"));
    let hooked = session.add(Owner { name: "hooked".into(), ..Default::default() });
    let club = session.add(Club::default());
    session.link(new, Owner::clubs, club)?;
    let owners = [(stored, "changed"), (new, "renamed"), (hooked, "HOOKED")];
    let cars = owners.map(|(owner, _)| session.add_to(owner, Owner::cars, Car::default()));
    let rents = owners.map(|(owner, _)| session.add_to(owner, Owner::rents, Rent::default()));
    session[stored].code = code("changed");
    session[new].code = code("renamed");
    for ((owner, _), (car, rent)) in owners.into_iter().zip(cars.into_iter().zip(rents)) {
        assert_eq!(session.one(car, Car::owner)?, owner);
        assert_eq!(session.many(owner, Owner::rents)?, [rent]);
    }
    session.commit().await?;
    for ((owner, key), (car, rent)) in owners.into_iter().zip(cars.into_iter().zip(rents)) {
        assert_eq!((session[car].owner_code.as_str(), session[rent].owner_code.as_deref()), (key, Some(key)));
        assert_eq!(session.many(owner, Owner::cars)?, [car]);
        assert_eq!(Car::find(session[car].id, &engine).await?.as_ref(), Some(&session[car]));
    }
    assert_eq!(select(Member::owner).all(&engine).await?, ["renamed"]);
    Ok(())
}

#[creole::test]
async fn what_is_written_to_a_column_holds(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let ada = get::<Author>(&mut session, 1).await;
    session.load(ada, Author::books).await?;
    let [one, two] = session.many(ada, Author::books)?[..] else { panic!("two") };
    let new = session.add(author("New"));
    session.relate(one, Book::author, new);
    session.relate(two, Book::author, new);
    assert_eq!(session[one].author_id, 0, "what the key of the other one holds");
    // What it was before, and as a copy has it.
    session[one].author_id = 1;
    let copy = Book { id: 2, author_id: 1, ..book("two") };
    let mut quiet = session.no_autoflush();
    assert_eq!(quiet.merge(copy).await?, two);
    drop(quiet);
    assert_eq!(session.many(ada, Author::books)?, [one, two]);
    assert_eq!(session.many(new, Author::books)?, []);
    session.commit().await?;
    assert_eq!(select(Book::author_id).order_by(Book::id).all(&engine).await?, [1, 1, 2]);
    // An entity that is let go leaves its key behind.
    let bob = get::<Author>(&mut session, 2).await;
    session.relate(one, Book::author, bob);
    session.evict(bob)?;
    assert_eq!((session[one].author_id, session.one(one, Book::author).is_err()), (2, true));
    let bob = get::<Author>(&mut session, 2).await;
    assert_eq!(session.one(one, Book::author)?, bob);
    session.rollback().await?;
    // What never comes leaves things as they were.
    let never = session.add(author("Never"));
    session.relate(one, Book::author, never);
    session.delete(never);
    assert_eq!(session.one(one, Book::author)?, ada);
    assert!(!session.is_modified(one));
    Ok(())
}

#[creole::test]
async fn a_relation_to_what_is_new_is_a_change(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let book = get::<Book>(&mut session, 1).await;
    let new = session.add(author("New"));
    session.relate(book, Book::author, new);
    session[book].title = "other".into();
    let changes = session.changes(book);
    let told: Vec<_> = changes.iter().map(|change| (change.column, change.is_awaited)).collect();
    assert_eq!(told, [("author_id", true), ("title", false)]);
    assert_eq!(changes[0].old, creole::types::Value::I64(1));
    assert_eq!(session.dirty::<Book>(), [book]);
    session.flush().await?;
    assert_eq!(session.changes(book), []);
    // A column whose former value is what the other one's key holds: the change is told all the same.
    let desk = get::<Desk>(&mut session, 1).await;
    let other = session.add(author("Other"));
    session.relate(desk, Desk::author, other);
    let bob = get::<Author>(&mut session, 2).await;
    assert_eq!(session.changes(desk).len(), 0, "it is written by then");
    session.relate(desk, Desk::author, bob);
    let changes = session.changes(desk);
    assert_eq!((changes[0].column, changes[0].is_awaited), ("author_id", false));
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "lands", has_many(towns = Town::land_code), has_one(capital = Capital::land_code))]
struct Land {
    #[model(primary_key, length = 20)]
    code: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "towns", default)]
struct Town {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 20, references = Land::code, on_update = cascade, belongs_to = land)]
    land_code: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "capitals", default)]
struct Capital {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, length = 20, references = Land::code, on_update = cascade, belongs_to = land)]
    land_code: Option<String>,
}

#[creole::test]
async fn a_key_that_changes_keeps_what_belongs_to_it(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Land, Town, Capital]).await?;
    let mut session = engine.session();
    let [a, b] = ["a", "b"].map(|code| session.add(Land { code: code.into() }));
    let [one, two] = [a, b].map(|land| session.add_to(land, Land::towns, Town::default()));
    let capital = session.add_to(a, Land::capital, Capital::default());
    session.commit().await?;
    session.load([a, b], Land::towns).await?;
    session.load(a, Land::capital).await?;

    session[a].code = "c".into();
    let moved = session.add_to(a, Land::towns, Town::default());
    let stays = |session: &Session| -> creole::Result<()> {
        assert_eq!(session.many(a, Land::towns)?, [one, moved]);
        assert_eq!(session.many(b, Land::towns)?, [two]);
        assert_eq!((session.one(one, Town::land)?, session.one(two, Town::land)?), (a, b));
        assert_eq!(session.one(moved, Town::land)?, a);
        assert_eq!(session.one(a, Land::capital)?, Some(capital));
        assert_eq!(session.one(capital, Capital::land)?, Some(a));
        Ok(())
    };
    stays(&session)?;
    session.flush().await?;
    stays(&session)?;
    assert_eq!(session[one].land_code, "c", "it has followed");

    // They exchange their keys.
    session[a].code = "b".into();
    session[b].code = "c".into();
    stays(&session)?;
    let mut quiet = session.no_autoflush();
    quiet.load([a, b], Land::towns).await?;
    quiet.load([one, two], Town::land).await?;
    drop(quiet);
    stays(&session)?;
    session.relate(two, Town::land, a);
    assert_eq!(session.many(b, Land::towns)?, []);
    assert_eq!(session.many(a, Land::towns)?.len(), 3);
    session.relate(two, Town::land, b);
    stays(&session)?;
    session.commit().await?;
    stays(&session)?;
    let towns = select(Town::land_code).order_by(Town::id).all(&engine).await?;
    assert_eq!(towns, ["b", "c", "b"]);
    Ok(())
}

/// The rows of `books` in another model.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "books", default)]
struct Volume {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 40)]
    title: String,
    #[model(references = Author::id, belongs_to = author)]
    author_id: i64,
}

#[creole::test]
async fn rows_of_another_model_are_not_taken_for_none(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [new, alone] = ["New", "Alone"].map(|name| session.add(author(name)));
    let volume = session.add(Volume::default());
    session.relate(volume, Volume::author, new);
    session.flush().await?;
    assert_eq!(session.many(new, Author::books).unwrap_err().kind(), ErrorKind::NotLoaded);
    assert_eq!(session.many(new, Author::notes)?, [], "of those there are no others");
    session.load([new, alone], Author::books).await?;
    assert_eq!((session.many(new, Author::books)?.len(), session.many(alone, Author::books)?.len()), (1, 0));
    session.commit().await?;
    let later = session.add(author("Later"));
    session.commit().await?;
    assert_eq!(session.many(later, Author::books)?, [], "it came after");
    let id = session[later].id;
    session[volume].author_id = id;
    session.commit().await?;
    assert_eq!(session.many(later, Author::books).unwrap_err().kind(), ErrorKind::NotLoaded);
    Ok(())
}

#[creole::test]
async fn what_is_said_to_be_stale_is_loaded_again(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    library(&spied).await?;
    let mut session = spied.session();
    let ada = get::<Author>(&mut session, 1).await;
    session.load(ada, Author::books).await?;
    let one = session.many(ada, Author::books)?[0];
    insert(&Book { author_id: 1, ..book("new") }).exec(&spied).await?;
    sent.texts();
    session.load(ada, Author::books).await?;
    assert_eq!(sent.verbs(), [""; 0], "nothing has told of it");
    session.expire(ada);
    assert_eq!(session.many(ada, Author::books)?.len(), 2, "it stays readable");
    session.load(ada, Author::books).await?;
    assert_eq!((sent.verbs(), session.many(ada, Author::books)?.len()), (vec!["SELECT".to_owned()], 3));
    session.expire_all_of::<Author>();
    session.load(ada, Author::books).await?;
    session.expire(one);
    session.load(ada, Author::books).await?;
    session.load(ada, Author::books).await?;
    assert_eq!(sent.verbs(), ["SELECT", "SELECT"]);
    let new = session.add(author("New"));
    session.flush().await?;
    sent.texts();
    session.expire(new);
    assert_eq!(session.many(new, Author::books)?, []);
    session.load(new, Author::books).await?;
    assert_eq!(sent.verbs(), ["SELECT"]);
    session.rollback().await?;
    spied.close().await;
    Ok(())
}

//! Rows of one flush that exchange what is unique.

use creole::Result;
use creole::prelude::*;

use crate::lab::Lab;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "guests")]
struct Guest {
    #[model(primary_key)]
    id: i64,
}

/// Each guest has one seat.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "seats")]
struct Seat {
    #[model(primary_key)]
    id: i64,
    #[model(references = Guest::id, unique)]
    guest_id: i64,
    #[model(length = 40)]
    row: String,
}

/// A place of a guest at a table, and the first of them.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "places", unique(guest_id, number))]
struct Place {
    #[model(primary_key)]
    id: i64,
    #[model(references = Guest::id)]
    guest_id: i64,
    number: i64,
    #[model(references = Guest::id, unique)]
    best: Option<i64>,
}

fn seat(id: i64, guest_id: i64) -> Seat {
    Seat { id, guest_id, row: format!("r{id}") }
}

fn place(id: i64, guest_id: i64, number: i64) -> Place {
    Place { id, guest_id, number, best: Some(guest_id) }
}

#[creole::test]
async fn a_foreign_key_that_is_never_null_is_not_exchanged(engine: Engine) -> Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![Guest, Seat]).await?;
    insert_all(&[1, 2, 3, 4].map(|id| Guest { id })).exec(&engine).await?;
    insert_all(&[1, 2, 3].map(|id| seat(id, id))).exec(&engine).await?;
    let mut session = engine.session();
    let seats = Seat::select().order_by(Seat::id).track(&mut session).await?;
    for guests in [[2, 1, 3], [2, 3, 1]] {
        for (&seat, guest) in seats.iter().zip(guests) {
            session[seat].guest_id = guest;
        }
        sent.texts();
        let error = session.flush().await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::Unsupported, Some("seats")), "{error}");
        assert!(error.columns().eq(["guest_id"]) && seats.iter().any(|&seat| error.entity() == Some(seat)), "{error}");
        assert!(!sent.verbs().contains(&"UPDATE".to_owned()));
        session.rollback().await?;
        for &seat in &seats {
            session.refresh(seat).await?;
        }
    }
    // Handed on, by a guest without a seat or by two steps, it is no exchange.
    for (&seat, guest) in seats.iter().zip([2, 3, 4]) {
        session[seat].guest_id = guest;
    }
    session.flush().await?;
    session[seats[2]].guest_id = 1;
    session.flush().await?;
    session[seats[0]].guest_id = 4;
    session.commit().await?;
    let rows = Seat::select().order_by(Seat::id).all(&engine).await?;
    assert_eq!(rows, [seat(1, 4), seat(2, 3), seat(3, 1)]);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn what_may_be_null_or_has_more_columns_is_exchanged(engine: Engine) -> Result<()> {
    engine.create_all(tables![Guest, Place]).await?;
    insert_all(&[1, 2].map(|id| Guest { id })).exec(&engine).await?;
    insert_all(&[place(1, 1, 7), place(2, 2, 7)]).exec(&engine).await?;
    let mut session = engine.session();
    let places = Place::select().order_by(Place::id).track(&mut session).await?;
    session[places[0]].guest_id = 2;
    session[places[0]].best = Some(2);
    session[places[1]].guest_id = 1;
    session[places[1]].best = Some(1);
    session.commit().await?;
    let rows = Place::select().order_by(Place::id).all(&engine).await?;
    assert_eq!(rows, [place(1, 2, 7), place(2, 1, 7)]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "shelves", has_many(books = Book::shelf))]
struct Shelf {
    #[model(primary_key, length = 20, case_insensitive)]
    name: String,
    size: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "books")]
struct Book {
    #[model(primary_key, references = Shelf::name, on_update = cascade, length = 20, case_insensitive, belongs_to = on_shelf)]
    shelf: String,
    #[model(primary_key)]
    number: i32,
    size: i32,
}

fn book(shelf: &str, number: i32) -> Book {
    Book { shelf: shelf.into(), number, size: 0 }
}

#[creole::test]
async fn a_key_that_is_spelled_anew_is_in_memory_as_in_its_row(engine: Engine) -> Result<()> {
    engine.create_all(tables![Shelf, Book]).await?;
    // What the shelf becomes, what its first book becomes, and whether that one is changed otherwise.
    let cases = [
        ("ADA", None),
        ("ADA", Some("ADA")),
        ("ADA", Some("Ada")),
        ("ada", Some("ADA")),
        ("bob", None),
        ("bob", Some("BOB")),
    ];
    for (shelf, respelled) in cases {
        for size in [0, 5] {
            delete::<Book>().all_rows().exec(&engine).await?;
            delete::<Shelf>().all_rows().exec(&engine).await?;
            insert(&Shelf { name: "ada".into(), size: 0 }).exec(&engine).await?;
            insert_all(&[1, 2, 3].map(|number| book("ada", number))).exec(&engine).await?;
            let mut session = engine.session();
            let parent = session.get_one::<Shelf>("ada").await?;
            let first = session.get_one::<Book>(("ada", 1)).await?;
            let second = session.get_one::<Book>(("ada", 2)).await?;
            session[parent].name = shelf.into();
            if let Some(respelled) = respelled {
                session[first].shelf = respelled.into();
            }
            session[first].size = size;
            session.flush().await?;
            for handle in [first, second] {
                let memory = session[handle].clone();
                assert_eq!(session.get::<Book>((shelf, memory.number)).await?, Some(handle));
                let row = sql!("select * from books where number = {memory.number}")
                    .models::<Book>()
                    .one(&mut session)
                    .await?;
                assert_eq!(memory, row, "{shelf} {respelled:?} {size}");
                session[handle].size += 1;
            }
            session.commit().await?;
            assert_eq!(select(Book::size).order_by(Book::number).all(&engine).await?, [size + 1, 1, 0]);
        }
    }
    Ok(())
}

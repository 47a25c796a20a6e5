//! The order of what a flush writes: rows that refer to one another, and values that change hands.

use creole::Error;
use creole::prelude::*;

use crate::random::{Random, seed};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "nodes")]
struct Node {
    #[model(primary_key)]
    id: i64,
    #[model(references = Node::id)]
    parent: Option<i64>,
}

fn node(id: i64, parent: impl Into<Option<i64>>) -> Node {
    Node { id, parent: parent.into() }
}

#[creole::test]
async fn rows_of_one_table_that_refer_to_each_other(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let mut session = engine.session();
    for row in [node(3, 2), node(2, 1), node(1, None), node(4, 4), node(5, None)] {
        session.add(row);
    }
    session.commit().await?;
    // Rows that refer to themselves, and to each other, go too.
    let five = session.get::<Node>(5).await?.unwrap();
    session[five].parent = Some(4);
    let four = session.get::<Node>(4).await?.unwrap();
    session.flush().await?;
    session.delete(four);
    session.delete(five);
    session.flush().await?;
    let (six, seven) = (session.add(node(6, None)), session.add(node(7, 6)));
    session.flush().await?;
    session[six].parent = Some(7);
    session.flush().await?;
    session.delete(six);
    session.delete(seven);
    session.commit().await?;
    let rows = [node(13, 12), node(12, 11), node(11, None), node(14, 1)];
    let back = insert_all(&rows).returning().all(&engine).await?;
    assert_eq!(back, rows);
    let error = insert_all(&[node(22, 21), node(23, 99), node(21, None)]).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::ForeignKeyViolation, Some(1)));
    assert_eq!(insert_each((31..40).rev().map(|id| node(id, (id > 31).then_some(id - 1)))).exec(&engine).await?, 9);

    let order = [11, 14, 12, 13].map(|id| rows.iter().find(|row| row.id == id).cloned().unwrap());
    assert_eq!(delete_all(&order).exec(&engine).await?, 4);
    for ids in [[1, 2, 3], [31, 32, 33]] {
        let mut session = engine.session();
        let mut tracked = Vec::new();
        for id in ids.into_iter().rev() {
            tracked.push(session.get::<Node>(id).await?.unwrap());
        }
        for child in Node::select().filter(Node::parent.eq(33)).track(&mut session).await? {
            session[child].parent = None;
        }
        tracked.into_iter().rev().for_each(|row| session.delete(row));
        session.commit().await?;
    }
    let left: Vec<i64> = select(Node::id).order_by(Node::id).all(&engine).await?;
    assert_eq!(left, [34, 35, 36, 37, 38, 39]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "seats", unique(row, number))]
struct Seat {
    #[model(primary_key)]
    id: i64,
    #[model(unique, length = 40, case_insensitive)]
    name: String,
    #[model(unique)]
    code: Option<i32>,
    row: i32,
    number: i32,
    #[model(references = Seat::id)]
    beside: Option<i64>,
}

fn seat(id: i64) -> Seat {
    let small = id as i32;
    Seat { id, name: format!("seat {id}"), code: Some(small), row: small / 3, number: small % 3, beside: None }
}

async fn seats(engine: &Engine, ids: std::ops::Range<i64>) -> creole::Result<()> {
    engine.create_all(tables![Seat]).await?;
    let rows: Vec<Seat> = ids.map(seat).collect();
    insert_all(&rows).exec(engine).await.map(|_| ())
}

async fn all(engine: &Engine) -> creole::Result<Vec<Seat>> {
    Seat::select().order_by(Seat::id).all(engine).await
}

#[creole::test]
async fn a_row_takes_what_a_deleted_one_held(engine: Engine) -> creole::Result<()> {
    seats(&engine, 1..4).await?;
    let mut session = engine.session();
    let old = session.get::<Seat>(1).await?.unwrap();
    let child = session.get::<Seat>(2).await?.unwrap();
    session[child].beside = Some(1);
    session.flush().await?;
    // The new one has all values of the old one, in other letters, and takes over who is beside it.
    session.delete(old);
    session.add(Seat { id: 9, name: "SEAT 1".into(), ..seat(1) });
    session[child].beside = Some(9);
    session.commit().await?;
    let expected = [Seat { beside: Some(9), ..seat(2) }, seat(3), Seat { id: 9, name: "SEAT 1".into(), ..seat(1) }];
    assert_eq!(all(&engine).await?, expected);
    // The same key.
    let old = session.get::<Seat>(3).await?.unwrap();
    session.delete(old);
    let new = session.add(Seat { name: "new".into(), ..seat(3) });
    session.commit().await?;
    assert_eq!(Seat::find(3, &engine).await?.unwrap().name, "new");
    session[new].name = "newer".into();
    session.commit().await?;
    assert_eq!(Seat::find(3, &engine).await?.unwrap().name, "newer");
    Ok(())
}

#[creole::test]
async fn rows_exchange_what_they_hold(engine: Engine) -> creole::Result<()> {
    seats(&engine, 1..4).await?;
    let mut session = engine.session();
    let mut tracked = Vec::new();
    for id in 1..4 {
        tracked.push(session.get::<Seat>(id).await?.unwrap());
    }
    let before: Vec<Seat> = tracked.iter().map(|&seat| session[seat].clone()).collect();
    for (place, &seat) in tracked.iter().enumerate() {
        let other = &before[(place + 1) % 3];
        session[seat] = Seat { id: before[place].id, beside: None, ..other.clone() };
    }
    session.commit().await?;
    let found = all(&engine).await?;
    for (place, seat) in found.iter().enumerate() {
        assert_eq!(*seat, Seat { id: before[place].id, ..before[(place + 1) % 3].clone() });
        assert_eq!(session[tracked[place]], *seat);
    }
    // What a savepoint takes back is as it was.
    let undone: creole::Result<()> = session
        .savepoint(async |session| {
            let (a, b) = (session[tracked[0]].name.clone(), session[tracked[1]].name.clone());
            session[tracked[0]].name = b;
            session[tracked[1]].name = a;
            session.flush().await?;
            Err(Error::new(ErrorKind::Other, "no"))
        })
        .await;
    assert!(undone.is_err());
    session.commit().await?;
    assert_eq!(all(&engine).await?, found);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "places")]
struct Place {
    #[model(primary_key)]
    x: i32,
    #[model(primary_key)]
    y: i32,
    #[model(unique)]
    tag: Uuid,
}

#[creole::test]
async fn keys_are_exchanged_too(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Place]).await?;
    let place = |x, y, tag| Place { x, y, tag: Uuid::from_u128(tag) };
    insert_all(&[place(1, 1, 1), place(2, 2, 2)]).exec(&engine).await?;
    let mut session = engine.session();
    let a = session.get::<Place>((1, 1)).await?.unwrap();
    let b = session.get::<Place>((2, 2)).await?.unwrap();
    session[a] = place(2, 2, 2);
    session[b] = place(1, 1, 1);
    session[a].tag = Uuid::from_u128(3);
    session.commit().await?;
    let found = Place::select().order_by(Place::x).all(&engine).await?;
    assert_eq!(found, [place(1, 1, 1), place(2, 2, 3)]);
    assert_eq!((session[a].x, session[b].x), (2, 1));
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "drafts", unique_index(title, filter = Draft::live))]
struct Draft {
    #[model(primary_key)]
    id: i64,
    #[model(length = 40)]
    title: String,
    live: bool,
}

#[creole::test]
async fn keys_of_some_rows_change_hands_by_their_condition(engine: Engine) -> creole::Result<()> {
    if !matches!(engine.dialect().name(), "postgres" | "sqlite") {
        return Ok(());
    }
    engine.create_all(tables![Draft]).await?;
    let draft = |id, live| Draft { id, title: "a".into(), live };
    insert_all(&[draft(1, false), draft(2, true), draft(3, false)]).exec(&engine).await?;
    let mut session = engine.session();
    let (a, b) = (session.get::<Draft>(1).await?.unwrap(), session.get::<Draft>(2).await?.unwrap());
    session[a].live = true;
    session[b].live = false;
    session.commit().await?;
    assert_eq!(
        Draft::select().order_by(Draft::id).all(&engine).await?,
        [draft(1, true), draft(2, false), draft(3, false)]
    );
    Ok(())
}

/// Any valid state is reached from any other by one flush.
#[creole::test]
async fn any_state_follows_any_other(engine: Engine) -> creole::Result<()> {
    let mut random = Random(seed());
    engine.create_all(tables![Seat]).await?;
    let mut state: Vec<Seat> = Vec::new();
    for _ in 0..60 {
        let next = some_seats(&mut random);
        let mut session = engine.session();
        let tracked = Seat::select().order_by(Seat::id.desc()).track(&mut session).await?;
        for handle in tracked {
            let id = session[handle].id;
            let is_referred = state.iter().chain(&next).any(|seat| seat.beside == Some(id));
            match next.iter().find(|seat| seat.id == id) {
                None => session.delete(handle),
                Some(seat) if !is_referred && random.below(3) == 0 => {
                    session.delete(handle);
                    session.add(seat.clone());
                }
                Some(seat) => session[handle] = seat.clone(),
            }
        }
        let mut added: Vec<&Seat> =
            next.iter().filter(|seat| state.iter().all(|before| before.id != seat.id)).collect();
        while !added.is_empty() {
            let seat = added.remove(random.below(added.len()));
            session.add(seat.clone());
        }
        session.commit().await?;
        assert_eq!(all(&engine).await?, next);
        state = next;
    }
    Ok(())
}

/// Up to seven seats with few values to share among them.
fn some_seats(random: &mut Random) -> Vec<Seat> {
    let draw = |random: &mut Random, from: &mut Vec<i64>| from.remove(random.below(from.len()));
    let (mut ids, mut names, mut codes, mut spots): (Vec<i64>, Vec<i64>, Vec<i64>, Vec<i64>) =
        ((1..9).collect(), (1..9).collect(), (1..9).collect(), (1..9).collect());
    let count = 1 + random.below(7);
    let mut seats: Vec<Seat> = (0..count)
        .map(|_| {
            let (name, code, spot) =
                (draw(random, &mut names), draw(random, &mut codes), draw(random, &mut spots) as i32);
            let name = if random.one_in(2) { format!("seat {name}") } else { format!("SEAT {name}") };
            let code = (code < 7).then_some(code as i32);
            Seat { id: draw(random, &mut ids), name, code, row: spot / 3, number: spot % 3, beside: None }
        })
        .collect();
    seats.sort_by_key(|seat| seat.id);
    let there: Vec<i64> = seats.iter().map(|seat| seat.id).collect();
    for seat in &mut seats {
        let other = there.get(random.below(there.len() * 2)).copied();
        // No circles: rows of a circle can't come and go one after the other.
        let rank = |id: i64| id * 5 % 11;
        seat.beside = other.filter(|&other| rank(other) <= rank(seat.id));
    }
    seats
}

/// Two rows exchange the values of a unique column, of which no row has a third one.
macro_rules! exchanged {
    ($($name:ident, $table:literal, $ty:ty, $one:expr, $other:expr $(, $attribute:meta)*;)*) => {$(
        #[creole::test]
        async fn $name(engine: Engine) -> creole::Result<()> {
            #[derive(Model, Debug, Clone, PartialEq)]
            #[model(table = $table)]
            struct Held {
                #[model(primary_key)]
                id: i64,
                #[model(unique)]
                $(#[$attribute])*
                value: $ty,
            }
            engine.create_all(tables![Held]).await?;
            let (one, other): ($ty, $ty) = ($one, $other);
            insert_all(&[Held { id: 1, value: one.clone() }, Held { id: 2, value: other.clone() }]).exec(&engine).await?;
            let mut session = engine.session();
            let held = Held::select().order_by(Held::id).track(&mut session).await?;
            session[held[0]].value = other.clone();
            session[held[1]].value = one.clone();
            session.commit().await?;
            assert_eq!(Held::find(1, &engine).await?.map(|held| held.value), Some(other));
            assert_eq!(Held::find(2, &engine).await?.map(|held| held.value), Some(one));
            Ok(())
        }
    )*};
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, day).expect("a day")
}

exchanged! {
    dates_are_exchanged, "held_dates", NaiveDate, day(1), day(2);
    datetimes_are_exchanged, "held_datetimes", NaiveDateTime, day(1).into(), day(2).into();
    instants_are_exchanged, "held_instants", DateTime<Utc>, NaiveDateTime::from(day(1)).and_utc(), NaiveDateTime::from(day(2)).and_utc();
    times_are_exchanged, "held_times", NaiveTime, NaiveTime::MIN, NaiveTime::from_hms_opt(1, 2, 3).expect("a time");
    decimals_are_exchanged, "held_decimals", Decimal, dec!(1.5), dec!(2.5), model(precision = 10, scale = 2);
    fractions_are_exchanged, "held_fractions", Decimal, dec!(0.15), dec!(0.25), model(precision = 4, scale = 4);
    long_decimals_are_exchanged, "held_long_decimals", Decimal, dec!(1.5), dec!(2.5), model(precision = 20, scale = 6);
    floats_are_exchanged, "held_floats", f64, 1.5, 2.5;
    short_floats_are_exchanged, "held_short_floats", f32, 1.5, 2.5;
}

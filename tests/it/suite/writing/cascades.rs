//! Flushes beside which foreign keys act: rows that go or follow by themselves.

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(length = 20)]
    note: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "lines")]
struct Line {
    #[model(primary_key, references = Order::id, on_update = cascade, on_delete = cascade)]
    order_id: i64,
    #[model(primary_key)]
    n: i32,
    #[model(length = 20)]
    note: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "marks",
    foreign_key(order_id, n, references = (Line::order_id, Line::n), on_delete = cascade, on_update = cascade)
)]
struct Mark {
    #[model(primary_key)]
    order_id: i64,
    #[model(primary_key)]
    n: i32,
    #[model(primary_key)]
    mark: i32,
    #[model(length = 20)]
    note: String,
}

fn order(id: i64) -> Order {
    Order { id, note: String::new() }
}

fn line(order_id: i64, n: i32) -> Line {
    Line { order_id, n, note: "old".into() }
}

fn mark(order_id: i64, n: i32, mark: i32) -> Mark {
    Mark { order_id, n, mark, note: "old".into() }
}

#[creole::test]
async fn keys_follow_the_key_they_refer_to(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Order, Line]).await?;
    insert_all(&[order(1), order(2)]).exec(&engine).await?;
    insert_all(&[line(1, 1), line(1, 2), line(2, 1)]).exec(&engine).await?;
    let mut session = engine.session();
    let first = session.get::<Order>(1).await?.expect("there");
    let one = session.get::<Line>((1, 1)).await?.expect("there");
    let two = session.get::<Line>((1, 2)).await?.expect("there");
    let other = session.get::<Line>((2, 1)).await?.expect("there");
    session[first].id = 5;
    session[one].note = "new".into();
    session.flush().await?;
    assert_eq!(session.get::<Line>((5, 1)).await?, Some(one));
    assert_eq!(session.get::<Line>((5, 2)).await?, Some(two));
    assert_eq!(session.get::<Line>((1, 2)).await?, None);
    assert_eq!((session[one].order_id, session[two].order_id, session[other].order_id), (5, 5, 2));
    // Later, and by hand on both sides.
    session[two].note = "later".into();
    session.commit().await?;
    session[first].id = 6;
    session[one].order_id = 6;
    session.delete(two);
    session.commit().await?;
    assert_eq!(
        Line::select().order_by((Line::order_id, Line::n)).all(&engine).await?,
        [line(2, 1), Line { note: "new".into(), ..line(6, 1) }]
    );
    assert_eq!(session.get::<Line>((6, 1)).await?, Some(one));

    // Undone, they are as they were.
    session[first].id = 9;
    session.flush().await?;
    assert_eq!(session[one].order_id, 9);
    session.rollback().await?;
    assert_eq!(session[one].order_id, 6);
    assert_eq!(session.get::<Line>((6, 1)).await?, Some(one));
    session[one].note = "last".into();
    session.commit().await?;
    assert_eq!(Line::find((6, 1), &engine).await?.map(|line| line.note).as_deref(), Some("last"));
    Ok(())
}

/// MySQL itself can't do so where an order has several lines.
#[creole::test]
async fn keys_follow_by_way_of_rows_that_are_not_read(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Order, Line, Mark]).await?;
    insert_all(&[order(1), order(2)]).exec(&engine).await?;
    insert_all(&[line(1, 1), line(2, 1)]).exec(&engine).await?;
    insert_all(&[mark(1, 1, 7), mark(1, 1, 8), mark(2, 1, 7)]).exec(&engine).await?;
    let mut session = engine.session();
    let first = session.get::<Order>(1).await?.expect("there");
    let seven = session.get::<Mark>((1, 1, 7)).await?.expect("there");
    let other = session.get::<Mark>((2, 1, 7)).await?.expect("there");
    session[first].id = 5;
    session[seven].note = "new".into();
    session[other].note = "other".into();
    session.commit().await?;
    assert_eq!(session.get::<Mark>((5, 1, 7)).await?, Some(seven));
    let notes: Vec<(i64, i32, String)> =
        select((Mark::order_id, Mark::mark, Mark::note)).order_by((Mark::order_id, Mark::mark)).all(&engine).await?;
    assert_eq!(notes, [(2, 7, "other".into()), (5, 7, "new".into()), (5, 8, "old".into())]);
    Ok(())
}

#[creole::test]
async fn keys_that_are_exchanged_take_those_that_follow_along(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Order, Line, Mark]).await?;
    insert_all(&[order(1), order(2)]).exec(&engine).await?;
    insert_all(&[line(1, 1), line(2, 1)]).exec(&engine).await?;
    insert(&mark(1, 1, 7)).exec(&engine).await?;
    let mut session = engine.session();
    let first = session.get::<Order>(1).await?.expect("there");
    let second = session.get::<Order>(2).await?.expect("there");
    let one = session.get::<Line>((1, 1)).await?.expect("there");
    let two = session.get::<Line>((2, 1)).await?.expect("there");
    let seven = session.get::<Mark>((1, 1, 7)).await?.expect("there");
    (session[first].id, session[second].id) = (2, 1);
    session[one].note = "one".into();
    session.flush().await?;
    assert_eq!((session[one].order_id, session[two].order_id, session[seven].order_id), (2, 1, 2));
    assert_eq!(session.get::<Line>((2, 1)).await?, Some(one));
    assert_eq!(session.get::<Line>((1, 1)).await?, Some(two));
    session.commit().await?;
    assert_eq!(Line::find((2, 1), &engine).await?.map(|line| line.note).as_deref(), Some("one"));
    assert_eq!(Mark::select().one(&engine).await?, mark(2, 1, 7));
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "tops")]
struct Top {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "mids")]
struct Mid {
    #[model(primary_key)]
    id: i64,
    #[model(references = Top::id, on_delete = cascade)]
    top: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "lows")]
struct Low {
    #[model(primary_key)]
    id: i64,
    #[model(references = Mid::id, on_delete = cascade)]
    mid: i64,
    #[model(unique, length = 20)]
    tag: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "leaves")]
struct Leaf {
    #[model(primary_key)]
    id: i64,
    #[model(references = Mid::id)]
    mid: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "branches")]
struct Branch {
    #[model(primary_key)]
    id: i64,
    #[model(references = Branch::id, on_delete = cascade)]
    parent: Option<i64>,
}

fn low(id: i64, mid: i64, tag: &str) -> Low {
    Low { id, mid, tag: tag.into() }
}

fn branch(id: i64, parent: impl Into<Option<i64>>) -> Branch {
    Branch { id, parent: parent.into() }
}

async fn grown(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Top, Mid, Low, Leaf, Branch]).await?;
    insert_all(&[Top { id: 1 }, Top { id: 2 }]).exec(engine).await?;
    insert_all(&[Mid { id: 1, top: 1 }, Mid { id: 2, top: 2 }]).exec(engine).await?;
    insert_all(&[low(1, 1, "x"), low(2, 2, "y")]).exec(engine).await?;
    insert_all(&[branch(1, None), branch(2, 1), branch(3, 2), branch(4, None)]).exec(engine).await.map(drop)
}

#[creole::test]
async fn a_row_goes_with_one_that_takes_it_along(engine: Engine) -> creole::Result<()> {
    grown(&engine).await?;
    insert(&Leaf { id: 1, mid: 1 }).exec(&engine).await?;
    let mut session = engine.session();
    // By way of a row that the session has not read; the leaf keeps the others from going.
    let leaf = session.get::<Leaf>(1).await?.expect("there");
    let low = session.get::<Low>(1).await?.expect("there");
    let top = session.get::<Top>(1).await?.expect("there");
    session.delete(low);
    session.delete(leaf);
    session.delete(top);
    session.flush().await?;
    assert_eq!((Low::select().count(&mut session).await?, Leaf::select().count(&mut session).await?), (1, 0));
    session.rollback().await?;

    for order in [[1, 3], [3, 1]] {
        let mut session = engine.session();
        let first = session.get::<Branch>(order[0]).await?.expect("there");
        let second = session.get::<Branch>(order[1]).await?.expect("there");
        session.delete(first);
        session.delete(second);
        session.flush().await?;
        assert_eq!(Branch::select().all(&mut session).await?, [branch(4, None)]);
        session.rollback().await?;
        assert!(session.try_get(first).is_ok() && session.try_get(second).is_ok());
    }

    // One that somebody else has deleted is still told of, where nothing in the flush can have taken it along.
    let mut session = engine.session();
    let top = session.get::<Top>(1).await?.expect("there");
    let fourth = session.get::<Branch>(4).await?.expect("there");
    session.commit().await?;
    delete::<Branch>().filter(Branch::id.eq(4)).exec(&engine).await?;
    delete::<Leaf>().all_rows().exec(&engine).await?;
    session.delete(top);
    session.delete(fourth);
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    Ok(())
}

#[creole::test]
async fn what_a_row_held_that_is_taken_along_is_free(engine: Engine) -> creole::Result<()> {
    grown(&engine).await?;
    let mut session = engine.session();
    // A row that the session has, and one that it has not.
    for has_it in [true, false] {
        if has_it {
            session.get::<Low>(1).await?;
        }
        let top = session.get::<Top>(1).await?.expect("there");
        session.delete(top);
        session.add(low(3, 2, "x"));
        session.flush().await?;
        assert_eq!(Low::select().order_by(Low::id).all(&mut session).await?, [low(2, 2, "y"), low(3, 2, "x")]);
        session.rollback().await?;
        session.clear();
    }
    // Its key, and by an entity that is there.
    let mid = session.get::<Mid>(1).await?.expect("there");
    let second = session.get::<Low>(2).await?.expect("there");
    session.delete(mid);
    session[second].tag = "x".into();
    let new = session.add(low(1, 2, "z"));
    session.flush().await?;
    assert_eq!(session.get::<Low>(1).await?, Some(new));
    assert_eq!(Low::select().order_by(Low::id).all(&mut session).await?, [low(1, 2, "z"), low(2, 2, "x")]);
    session.rollback().await?;

    let first = session.get::<Branch>(1).await?.expect("there");
    session.delete(first);
    session.add(branch(3, 4));
    session.commit().await?;
    assert_eq!(Branch::select().order_by(Branch::id).all(&engine).await?, [branch(3, 4), branch(4, None)]);
    Ok(())
}

#[creole::test]
async fn a_row_moves_away_before_its_old_parent_goes(engine: Engine) -> creole::Result<()> {
    grown(&engine).await?;
    let mut session = engine.session();
    let first = session.get::<Low>(1).await?.expect("there");
    let top = session.get::<Top>(1).await?.expect("there");
    session.delete(top);
    session[first].mid = 3;
    session.add(Mid { id: 3, top: 3 });
    session.add(Top { id: 3 });
    session.commit().await?;
    assert_eq!(Low::find(1, &engine).await?, Some(low(1, 3, "x")));
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "parents")]
struct Parent {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "children")]
struct Child {
    #[model(primary_key)]
    id: i64,
    #[model(references = Parent::id)]
    parent: Option<i64>,
}

fn child(id: i64, parent: i64) -> Child {
    Child { id, parent: Some(parent) }
}

#[creole::test]
async fn rows_refer_to_keys_that_change(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Parent, Child]).await?;
    insert_all(&[Parent { id: 1 }, Parent { id: 2 }]).exec(&engine).await?;
    insert_all(&[child(1, 2), child(2, 1), child(3, 1), child(4, 1)]).exec(&engine).await?;
    let mut session = engine.session();
    // Each in the order in which it would fail if the writes kept it.
    let moves = session.get::<Child>(1).await?.expect("there");
    let parent = session.get::<Parent>(1).await?.expect("there");
    let leaves = session.get::<Child>(2).await?.expect("there");
    let goes = session.get::<Child>(3).await?.expect("there");
    let follows = session.get::<Child>(4).await?.expect("there");
    session.add(child(5, 7));
    session[moves].parent = Some(7);
    session[parent].id = 7;
    session[leaves].parent = Some(2);
    session.delete(goes);
    // It refers to the old key, and to the new one.
    session[follows].parent = Some(7);
    session.commit().await?;
    let expected = [child(1, 7), child(2, 2), child(4, 7), child(5, 7)];
    assert_eq!(Child::select().order_by(Child::id).all(&engine).await?, expected);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "knots")]
struct Knot {
    #[model(primary_key)]
    id: i64,
    #[model(references = Mid::id, on_delete = cascade)]
    mid: i64,
    #[model(references = Knot::id)]
    own: Option<i64>,
    #[model(unique, length = 20)]
    tag: String,
}

fn knot(id: i64, mid: i64, own: impl Into<Option<i64>>, tag: &str) -> Knot {
    Knot { id, mid, own: own.into(), tag: tag.into() }
}

/// A row that refers to itself lets go before it is deleted, and may be gone by then: a row that comes in needs what another
/// one holds that goes with the same parent, so the parent goes first.
#[creole::test]
async fn a_row_that_refers_to_itself_may_have_gone_along(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Top, Mid, Knot]).await?;
    insert_all(&[Top { id: 1 }, Top { id: 2 }]).exec(&engine).await?;
    insert_all(&[Mid { id: 1, top: 1 }, Mid { id: 2, top: 2 }]).exec(&engine).await?;
    insert_all(&[knot(1, 1, 1, "x"), knot(2, 1, None, "y")]).exec(&engine).await?;
    let mut session = engine.session();
    let tied = session.get::<Knot>(1).await?.expect("there");
    let top = session.get::<Top>(1).await?.expect("there");
    session.delete(tied);
    session.delete(top);
    session.add(knot(3, 2, None, "y"));
    match session.commit().await {
        Ok(()) => assert_eq!(Knot::select().all(&engine).await?, [knot(3, 2, None, "y")]),
        // The database takes no row along that refers to itself.
        Err(error) => assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error:?}"),
    }
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "seats", unique(room, taken))]
struct Seat {
    #[model(primary_key)]
    id: i64,
    #[model(references = Mid::id, on_delete = cascade)]
    mid: i64,
    room: i64,
    taken: bool,
}

/// A truth value is a number on some databases: what the row held that goes along is known all the same.
#[creole::test]
async fn a_truth_value_in_a_key_is_free_with_its_row(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Top, Mid, Seat]).await?;
    insert_all(&[Top { id: 1 }, Top { id: 2 }]).exec(&engine).await?;
    insert_all(&[Mid { id: 1, top: 1 }, Mid { id: 2, top: 2 }]).exec(&engine).await?;
    insert(&Seat { id: 1, mid: 1, room: 7, taken: true }).exec(&engine).await?;
    let mut session = engine.session();
    let top = session.get::<Top>(1).await?.expect("there");
    session.delete(top);
    let new = Seat { id: 2, mid: 2, room: 7, taken: true };
    session.add(new.clone());
    session.commit().await?;
    assert_eq!(Seat::select().all(&engine).await?, [new]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "badges")]
struct Badge {
    #[model(primary_key)]
    id: i64,
    #[model(references = Mid::id, on_delete = cascade)]
    mid: i64,
    #[model(unique)]
    number: u64,
}

/// So is a number without a sign, of which PostgreSQL has no type.
#[creole::test]
async fn a_number_without_a_sign_is_free_with_its_row(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Top, Mid, Badge]).await?;
    insert_all(&[Top { id: 1 }, Top { id: 2 }]).exec(&engine).await?;
    insert_all(&[Mid { id: 1, top: 1 }, Mid { id: 2, top: 2 }]).exec(&engine).await?;
    // SQLite has no numbers beyond.
    let most = if engine.dialect().name() == "sqlite" { i64::MAX as u64 } else { u64::MAX };
    for number in [7, most] {
        delete::<Badge>().all_rows().exec(&engine).await?;
        let mut session = engine.session();
        if session.get::<Top>(1).await?.is_none() {
            insert(&Top { id: 1 }).exec(&engine).await?;
            insert(&Mid { id: 1, top: 1 }).exec(&engine).await?;
        }
        insert(&Badge { id: 1, mid: 1, number }).exec(&engine).await?;
        let top = session.get::<Top>(1).await?.expect("there");
        session.delete(top);
        let new = Badge { id: 2, mid: 2, number };
        session.add(new.clone());
        session.commit().await?;
        assert_eq!(Badge::select().all(&engine).await?, [new]);
    }
    Ok(())
}

//! Two models of one table, with its columns in another order or fewer of them: columns are the same where their names are.

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "people")]
struct Person {
    #[model(primary_key)]
    id: i64,
    #[model(unique, length = 20)]
    name: String,
    #[model(length = 20)]
    city: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "people")]
struct Resident {
    #[model(primary_key)]
    id: i64,
    #[model(length = 20)]
    city: String,
    #[model(unique, length = 20)]
    name: String,
}

/// It knows nothing of the names, nor that they are unique.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "people")]
struct Place {
    #[model(primary_key)]
    id: i64,
    #[model(length = 20)]
    city: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "pairs")]
struct Pair {
    #[model(primary_key)]
    id: i64,
    a: i64,
    b: i64,
}

/// The columns the other way round, and one that may be NULL as far as it knows.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "pairs")]
struct Riap {
    b: i64,
    a: Option<i64>,
    #[model(primary_key)]
    id: i64,
}

fn person(id: i64, name: &str, city: &str) -> Person {
    Person { id, name: name.into(), city: city.into() }
}

fn resident(id: i64, name: &str, city: &str) -> Resident {
    Resident { id, name: name.into(), city: city.into() }
}

fn numbered(id: i64) -> Person {
    person(id, &format!("name{id}"), &format!("city{id}"))
}

fn numbered_resident(id: i64) -> Resident {
    resident(id, &format!("name{id}"), &format!("city{id}"))
}

/// Ada and Bob.
async fn peopled(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Person]).await?;
    insert_all(&[person(1, "Ada", "London"), person(2, "Bob", "Paris")]).exec(engine).await.map(drop)
}

/// Three rows; `b` falls where `a` rises.
async fn paired(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Pair]).await?;
    let rows = [Pair { id: 1, a: 1, b: 30 }, Pair { id: 2, a: 2, b: 20 }, Pair { id: 3, a: 3, b: 10 }];
    insert_all(&rows).exec(engine).await.map(drop)
}

async fn people(engine: &Engine) -> creole::Result<Vec<Person>> {
    Person::select().order_by(Person::id).all(engine).await
}

#[creole::test]
async fn a_flush_writes_each_value_to_its_column(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Person]).await?;
    let mut session = engine.session();
    for id in [1, 3, 5] {
        session.add(numbered(id));
        session.add(numbered_resident(id + 1));
    }
    session.commit().await?;
    assert_eq!(people(&engine).await?, (1..=6).map(numbered).collect::<Vec<_>>());
    Ok(())
}

#[creole::test]
async fn a_flush_numbers_the_rows_of_both(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq, Default)]
    #[model(table = "logs")]
    struct Log {
        #[model(primary_key, auto)]
        id: i64,
        a: i64,
        b: i64,
    }
    #[derive(Model, Debug, Clone, PartialEq, Default)]
    #[model(table = "logs")]
    struct Gol {
        #[model(primary_key, auto)]
        id: i64,
        b: i64,
        a: i64,
    }
    engine.create_all(tables![Log]).await?;
    let mut session = engine.session();
    let log = session.add(Log { id: 0, a: 1, b: 2 });
    let gol = session.add(Gol { id: 0, a: 3, b: 4 });
    session.commit().await?;
    let (log, gol) = (session[log].clone(), session[gol].clone());
    assert_eq!(Log::find(log.id, &engine).await?, Some(Log { a: 1, b: 2, ..log }));
    assert_eq!(Log::find(gol.id, &engine).await?, Some(Log { id: gol.id, a: 3, b: 4 }));
    Ok(())
}

#[creole::test]
async fn rows_exchange_a_value_through_two_models(engine: Engine) -> creole::Result<()> {
    peopled(&engine).await?;
    let mut session = engine.session();
    let ada = session.get::<Person>(1).await?.expect("there");
    let bob = session.get::<Resident>(2).await?.expect("there");
    session[ada].name = "Bob".into();
    session[bob].name = "Ada".into();
    session.commit().await?;
    assert_eq!(people(&engine).await?, [person(1, "Bob", "London"), person(2, "Ada", "Paris")]);
    Ok(())
}

#[creole::test]
async fn what_one_model_deletes_the_other_takes(engine: Engine) -> creole::Result<()> {
    peopled(&engine).await?;
    let mut session = engine.session();
    let ada = session.get::<Resident>(1).await?.expect("there");
    session.delete(ada);
    session.add(person(3, "Ada", "Rome"));
    session.flush().await?;
    // The key is taken, and the name, of which the model that deletes knows nothing.
    let bob = session.get::<Place>(2).await?.expect("there");
    session.delete(bob);
    session.add(resident(2, "Bob", "Oslo"));
    session.add(person(4, "Eve", "Bern"));
    session.flush().await?;
    let eve = session.get::<Place>(4).await?.expect("there");
    session.delete(eve);
    session.add(resident(5, "Eve", "Wien"));
    session.commit().await?;
    let expected = [person(2, "Bob", "Oslo"), person(3, "Ada", "Rome"), person(5, "Eve", "Wien")];
    assert_eq!(people(&engine).await?, expected);
    Ok(())
}

#[creole::test]
async fn references_between_rows_of_two_models(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "nodes")]
    struct Node {
        #[model(primary_key)]
        id: i64,
        #[model(references = Node::id)]
        parent: Option<i64>,
        weight: i64,
    }
    /// Its foreign key names the model above.
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "nodes")]
    struct Edon {
        weight: i64,
        #[model(references = Node::id, belongs_to = above)]
        parent: Option<i64>,
        #[model(primary_key)]
        id: i64,
    }
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "leaves")]
    struct Leaf {
        #[model(primary_key)]
        id: i64,
        #[model(references = Edon::id, belongs_to = on)]
        node: i64,
    }
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "leaves")]
    struct Fael {
        node: i64,
        #[model(primary_key)]
        id: i64,
    }
    engine.create_all(tables![Leaf, Node, Edon]).await?;
    let mut session = engine.session();
    let leaf = session.add(Leaf { id: 1, node: 3 });
    let third = session.add(Edon { id: 3, parent: Some(2), weight: 30 });
    let second = session.add(Node { id: 2, parent: Some(1), weight: 20 });
    let first = session.add(Edon { id: 1, parent: None, weight: 10 });
    session.flush().await?;
    assert_eq!(
        select((Node::parent, Node::weight)).order_by(Node::id).all(&mut session).await?,
        [(None, 10), (Some(1), 20), (Some(2), 30)]
    );
    session.delete(first);
    session.delete(second);
    session.delete(third);
    session.delete(leaf);
    session.commit().await?;
    assert_eq!(Node::select().count(&engine).await?, 0);

    // Children before their parents in one list, by the model whose foreign key names the other one.
    let rows = [
        Edon { id: 3, parent: Some(2), weight: 30 },
        Edon { id: 2, parent: Some(1), weight: 20 },
        Edon { id: 1, parent: None, weight: 10 },
    ];
    insert_all(&rows).exec(&engine).await?;
    // A join on the foreign key, to another model than it names.
    let parents = alias::<Edon>("parents");
    let joined = select((Node::id, parents.col(Edon::weight))).from(table::<Node>()).join(parents);
    assert_eq!(joined.order_by(Edon::id).all(&engine).await?, [(2, 10), (3, 20)]);
    insert(&Leaf { id: 1, node: 3 }).exec(&engine).await?;
    let joined = select((Leaf::id, Node::weight)).from(table::<Leaf>()).join(table::<Node>());
    assert_eq!(joined.all(&engine).await?, [(1, 30)]);
    // Relations of one model in statements about the other, and to the other.
    let joined = select((Fael::id, Node::weight)).from(table::<Fael>()).join(Leaf::on);
    assert_eq!(joined.all(&engine).await?, [(1, 30)]);
    let below = Edon::select().filter(Edon::above.any(Node::weight.gt(10))).all(&engine).await?;
    assert_eq!(below, [Edon { id: 3, parent: Some(2), weight: 30 }]);
    let below = Node::select().filter(Edon::above.any(Edon::weight.gt(10))).all(&engine).await?;
    assert_eq!(below, [Node { id: 3, parent: Some(2), weight: 30 }]);
    engine.drop_all(tables![Node, Leaf, Edon]).await?;
    assert!(!engine.inspect().tables().await?.iter().any(|table| table.name == "nodes"));
    Ok(())
}

#[creole::test]
async fn statements_of_one_model_and_then_of_the_other(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Person]).await?;
    // On one connection, which keeps what it was sent last.
    let mut session = engine.session();
    let db = &mut session;
    insert_all(&[numbered(1), numbered(2)]).exec(&mut *db).await?;
    insert_all(&[numbered_resident(3), numbered_resident(4)]).exec(&mut *db).await?;
    insert(&numbered(5)).exec(&mut *db).await?;
    insert(&numbered_resident(6)).exec(&mut *db).await?;
    let back = insert_all(&[numbered(7), numbered(8)]).returning().all(&mut *db).await?;
    assert_eq!(back, [numbered(7), numbered(8)]);
    let back = insert_all(&[numbered_resident(9), numbered_resident(10)]).returning().all(&mut *db).await?;
    assert_eq!(back, [numbered_resident(9), numbered_resident(10)]);
    insert_all(&[numbered(11), numbered(12)]).on_conflict(Person::id).update_all().exec(&mut *db).await?;
    let rows = [numbered_resident(13), numbered_resident(14)];
    insert_all(&rows).on_conflict(Resident::id).update_all().exec(&mut *db).await?;
    for id in 1..=14 {
        assert_eq!(Person::find(id, &mut *db).await?, Some(numbered(id)));
        assert_eq!(Resident::find(id, &mut *db).await?, Some(numbered_resident(id)));
    }
    let rows: Vec<Person> = (1..=14).map(|id| Person { city: "p".into(), ..numbered(id) }).collect();
    update_all(&rows).exec(&mut *db).await?;
    let rows: Vec<Resident> = (1..=14).map(|id| Resident { city: "r".into(), ..numbered_resident(id) }).collect();
    update_all(&rows).exec(&mut *db).await?;
    let expected: Vec<Person> = (1..=14).map(|id| Person { city: "r".into(), ..numbered(id) }).collect();
    assert_eq!(Person::select().order_by(Person::id).all(&mut *db).await?, expected);
    session.commit().await?;

    // An error names the column of the model that was written.
    let error = insert(&resident(99, "name1", "x")).exec(&engine).await.expect_err("taken");
    assert!(error.is_unique(Resident::name) && error.is_unique(Person::name), "{error}");
    let error = insert(&resident(99, &"x".repeat(30), "x")).exec(&engine).await.expect_err("too long");
    assert_eq!(error.columns().collect::<Vec<_>>(), ["name"], "{error}");
    Ok(())
}

#[creole::test]
async fn a_column_of_the_other_model_is_the_one_of_its_name(engine: Engine) -> creole::Result<()> {
    paired(&engine).await?;
    let e = &engine;
    let both = select((Pair::id, Pair::a, Pair::b)).subquery("s");
    assert_eq!(select(both.col(Riap::b)).from(&both).order_by(both.col(Riap::id)).all(e).await?, [30, 20, 10]);
    let whole = Pair::select().subquery("s");
    assert_eq!(select(whole.col(Riap::b)).from(&whole).order_by(whole.col(Riap::id)).all(e).await?, [30, 20, 10]);
    let without = select((Pair::id, Pair::a)).subquery("s");
    let error = select(without.col(Riap::b)).from(&without).all(e).await.expect_err("not selected");
    assert_eq!(error.kind(), ErrorKind::UndefinedColumn, "{error}");

    assert_eq!(select((Pair::a, Pair::b)).distinct().order_by(Riap::b).all(e).await?, [(3, 10), (2, 20), (1, 30)]);
    let error = select(Pair::a).distinct().order_by(Riap::b).all(e).await.expect_err("not selected");
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    let last = || Pair::select().filter(Riap::a.eq(9));
    let union = Pair::select().union_all(last()).order_by(Riap::b).all(e).await?;
    assert_eq!(union.iter().map(|row| row.b).collect::<Vec<_>>(), [10, 20, 30]);
    let union = select((Pair::id, Pair::b)).union_all(select((Pair::id, Pair::b)).filter(Pair::id.eq(9)));
    assert_eq!(union.order_by(Riap::b).all(e).await?, [(3, 10), (2, 20), (1, 30)]);

    let sorted = || Pair::select().order_by(Riap::b);
    let first = sorted().first_page().limit(1).all(e).await?;
    assert_eq!(first, [Pair { id: 3, a: 3, b: 10 }]);
    let next = sorted().page_after(&sorted().cursor(&first[0])?).all(e).await?;
    assert_eq!(next.iter().map(|row| row.b).collect::<Vec<_>>(), [20, 30]);
    let over = || Pair::select().union_all(last()).order_by(Riap::a);
    let first = over().first_page().limit(2).all(e).await?;
    let next = over().page_after(&over().cursor(&first[1])?).all(e).await?;
    assert_eq!(next, [Pair { id: 3, a: 3, b: 10 }]);

    // Grouped by the one and selected by the other.
    let grouped = select((Riap::b, count(Riap::id))).group_by(Pair::b).having(Riap::b.gt(10)).order_by(Riap::b);
    assert_eq!(grouped.all(e).await?, [(20, 1), (30, 1)]);
    assert_eq!(
        select((Riap::b, count(Riap::id))).group_by(Pair::id).order_by(Pair::id).all(e).await?,
        [(30, 1), (20, 1), (10, 1)]
    );
    let error = select((Riap::b, count(Riap::id))).group_by(Pair::a).all(e).await.expect_err("not grouped");
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    Ok(())
}

#[creole::test]
async fn writes_read_columns_of_the_other_model(engine: Engine) -> creole::Result<()> {
    paired(&engine).await?;
    let e = &engine;
    let rows = async || select((Pair::a, Pair::b)).order_by(Pair::id).all(e).await;
    // An upsert.
    let row = Pair { id: 1, a: 100, b: 200 };
    insert(&row).on_conflict(Pair::id).set(Pair::a, excluded(Riap::b)).exec(e).await?;
    assert_eq!(rows().await?[0], (200, 30));
    insert(&row).on_conflict(Pair::id).set(Pair::a, Riap::b).set(Pair::b, excluded(Riap::b) + 1).exec(e).await?;
    assert_eq!(rows().await?[0], (30, 201), "all values are read before the first is written");
    let again = insert(&row).on_conflict(Pair::id).set(Pair::a, 7).filter(Riap::b.ne(excluded(Riap::b)));
    again.exec(e).await?;
    assert_eq!(rows().await?[0], (7, 201));
    // An exchange within a row.
    update::<Pair>().set(Pair::a, Riap::b).set(Pair::b, coalesce(Riap::a, 0)).filter(Riap::id.eq(2)).exec(e).await?;
    assert_eq!(rows().await?[1], (20, 2));
    // The table that is written, read in a subquery.
    let largest = select(max(Riap::b)).from(table::<Riap>());
    update::<Pair>().set(Pair::a, coalesce(largest.value(), 0)).filter(Pair::id.eq(3)).exec(e).await?;
    assert_eq!(rows().await?[2], (201, 10));
    let here = alias::<Riap>("here");
    let join = here.on(here.col(Riap::id).eq(Pair::id));
    let there = update::<Pair>().join(join).set(Pair::b, here.col(Riap::b) + 1).filter(Riap::id.eq(3));
    there.exec(e).await?;
    assert_eq!(rows().await?[2], (201, 11));
    delete::<Pair>().filter(Riap::b.eq(select(max(Riap::b)).from(table::<Riap>()).value())).exec(e).await?;
    assert_eq!(rows().await?, [(20, 2), (201, 11)]);
    Ok(())
}

#[creole::test]
async fn changes_of_one_row_through_two_models(engine: Engine) -> creole::Result<()> {
    peopled(&engine).await?;
    let mut session = engine.session();
    let one = session.get::<Person>(1).await?.expect("there");
    let other = session.get::<Resident>(1).await?.expect("there");
    session[one].name = "Eve".into();
    session[other].city = "Rome".into();
    session.commit().await?;
    assert_eq!(Person::find(1, &engine).await?, Some(person(1, "Eve", "Rome")));
    session.refresh(one).await?;
    session.refresh(other).await?;

    session[one].city.push('!');
    session[other].city.push('?');
    let error = session.commit().await.expect_err("one of them would be lost");
    assert_eq!((error.kind(), error.table()), (ErrorKind::StaleVersion, Some("people")), "{error}");
    assert_eq!(error.columns().collect::<Vec<_>>(), ["city"]);
    session.rollback().await?;
    assert_eq!(Person::find(1, &engine).await?, Some(person(1, "Eve", "Rome")));
    // The way out.
    session[one].city.push('!');
    session.flush().await?;
    session.refresh(other).await?;
    session[other].city.push('?');
    session.commit().await?;
    assert_eq!(Person::find(1, &engine).await?, Some(person(1, "Eve", "Rome!?")));

    // Other rows, and what was changed and is what it was, are in nobody's way.
    session.refresh(one).await?;
    let bob = session.get::<Resident>(2).await?.expect("there");
    session[one].city = "Bern".into();
    session[bob].city = "Bern".into();
    session[other].city = "Wien".into();
    session[other].city = "Rome!?".into();
    session.commit().await?;
    assert_eq!(people(&engine).await?, [person(1, "Eve", "Bern"), person(2, "Bob", "Bern")]);
    Ok(())
}

#[creole::test]
async fn a_row_that_one_model_locks_is_stale_by_the_other(engine: Engine) -> creole::Result<()> {
    peopled(&engine).await?;
    let mut session = engine.session();
    let other = session.get::<Resident>(1).await?.expect("there");
    update::<Person>().set(Person::city, "Rome").filter(Person::id.eq(1)).exec(&engine).await?;
    let locked = Person::select().filter(Person::id.eq(1)).for_update().track(&mut session).await?;
    assert_eq!(session[locked[0]].city, "Rome");
    session[other].city = "Oslo".into();
    let error = session.commit().await.expect_err("it would undo what the other has read");
    assert_eq!(error.kind(), ErrorKind::StaleVersion, "{error}");
    Ok(())
}

#[creole::test]
async fn the_first_model_says_what_is_created(engine: Engine) -> creole::Result<()> {
    let error = engine.create_all(tables![Place, Person]).await.expect_err("without names");
    assert_eq!((error.kind(), error.columns().next()), (ErrorKind::Unsupported, Some("name")), "{error}");
    assert!(!engine.inspect().tables().await?.iter().any(|table| table.name == "people"));
    engine.create_all(tables![Person, Place, Resident]).await?;
    assert!(engine.check(tables![Person]).await?.is_empty());
    insert(&resident(1, "Ada", "London")).exec(&engine).await?;
    assert_eq!(Place::find(1, &engine).await?, Some(Place { id: 1, city: "London".into() }));
    engine.drop_all(tables![Resident, Person]).await?;
    assert!(!engine.inspect().tables().await?.iter().any(|table| table.name == "people"));
    Ok(())
}

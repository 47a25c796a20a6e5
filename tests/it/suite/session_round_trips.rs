//! How often a session asks the server, and circles of references.

use creole::prelude::*;

use crate::lab::Lab;
use crate::models::{Product, product};

#[creole::test]
async fn ten_of_each_in_one_commit_are_five_round_trips(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![Product]).await?;
    let rows: Vec<Product> = (0..20).map(|n| product(&format!("p{n}"), "tools", dec!(1))).collect();
    insert_all(&rows).exec(&engine).await?;
    let mut session = engine.session();
    // Read within the transaction, or on SQLite before it: nothing is stale.
    let products = session.get_many::<Product>(rows.iter().map(|row| row.id)).await?;
    let products: Vec<Tracked<Product>> = products.into_iter().flatten().collect();
    session.add_all((0..10).map(|n| product(&format!("new{n}"), "toys", dec!(2))));
    products[..10].iter().for_each(|&old| session[old].price += dec!(1));
    products[10..].iter().for_each(|&old| session.delete(old));
    sent.texts();
    session.commit().await?;
    let texts = sent.texts();
    let first = |sql: &String| sql.split_whitespace().next().unwrap_or_default().to_uppercase();
    let mut verbs: Vec<String> = texts.iter().map(first).collect();
    // On servers the transaction has begun with the read.
    if verbs[0] == "BEGIN" {
        verbs.remove(0);
    }
    assert_eq!(verbs, ["INSERT", "UPDATE", "DELETE", "COMMIT"], "{texts:?}");

    // A session that has read nothing: what begins the transaction is one statement, or as many as options take.
    let mut session = engine.session();
    session.add_all((0..10).map(|n| product(&format!("newer{n}"), "toys", dec!(2))));
    for row in &rows[..10] {
        let old = session.attach(Product { price: dec!(2), ..row.clone() })?;
        session.delete(old);
    }
    sent.texts();
    session.commit().await?;
    let verbs: Vec<String> = sent.texts().iter().map(first).collect();
    let begins = verbs.iter().position(|verb| verb == "INSERT").expect("sent");
    assert!(begins <= 1, "{verbs:?}");
    assert_eq!(verbs[begins..], ["INSERT", "DELETE", "COMMIT"]);
    assert_eq!(Product::select().count(&engine).await?, 20);
    engine.close().await;
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "friends")]
struct Friend {
    #[model(primary_key)]
    id: i64,
    #[model(references = Friend::id)]
    best: Option<i64>,
    #[model(references = Friend::id)]
    oldest: Option<i64>,
    #[model(unique, length = 20)]
    name: String,
}

fn friend(id: i64, best: Option<i64>) -> Friend {
    Friend { id, best, oldest: None, name: format!("f{id}") }
}

async fn all(engine: &Engine) -> creole::Result<Vec<Friend>> {
    Friend::select().order_by(Friend::id).all(engine).await
}

#[creole::test]
async fn new_rows_refer_to_one_another_in_a_circle(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![Friend]).await?;
    let mut session = engine.session();
    // Two, three and one, and those who are none of a circle but refer to one.
    let rows: Vec<Friend> = [(1, 2), (2, 1), (3, 4), (4, 5), (5, 3), (6, 6), (7, 1), (8, 7)]
        .map(|(id, best)| friend(id, Some(best)))
        .to_vec();
    session.add_all(rows.iter().rev().cloned());
    sent.verbs();
    session.commit().await?;
    let verbs = sent.verbs();
    let updates = verbs.iter().filter(|verb| *verb == "UPDATE").count();
    assert!((1..=2).contains(&updates), "{verbs:?}");
    assert_eq!(all(&engine).await?, rows);

    // By two keys at once, both to one row and to different ones.
    let pair = [
        Friend { oldest: Some(12), ..friend(11, Some(12)) },
        Friend { oldest: Some(13), ..friend(12, Some(11)) },
        Friend { oldest: Some(11), ..friend(13, None) },
    ];
    let added = session.add_all(pair.clone());
    session.flush().await?;
    assert_eq!(session[added[0]], pair[0], "memory has never been without");
    assert!(!session.is_modified(added[0]));
    session.rollback().await?;
    assert_eq!(all(&engine).await?, rows);
    session.add_all(pair.clone());
    session.commit().await?;
    assert_eq!(all(&engine).await?[8..], pair);

    // Going is possible too.
    let everybody = Friend::select().track(&mut session).await?;
    everybody.into_iter().for_each(|one| session.delete(one));
    session.commit().await?;
    assert_eq!(all(&engine).await?, []);
    engine.close().await;
    Ok(())
}

/// A circle of references beside unique values that change hands.
#[creole::test]
async fn circles_of_both_kinds(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Friend]).await?;
    insert_all(&[friend(1, None), friend(2, Some(1))]).exec(&engine).await?;
    let mut session = engine.session();
    let friends = Friend::select().order_by(Friend::id).track(&mut session).await?;
    session[friends[0]].name = "f2".into();
    session[friends[1]].name = "f1".into();
    session[friends[0]].best = Some(3);
    session.add_all([friend(3, Some(4)), friend(4, Some(3))]);
    session.commit().await?;
    let read = all(&engine).await?;
    let names: Vec<(&str, Option<i64>)> = read.iter().map(|friend| (&*friend.name, friend.best)).collect();
    assert_eq!(names, [("f2", Some(3)), ("f1", Some(1)), ("f3", Some(4)), ("f4", Some(3))]);
    Ok(())
}

/// What may not be NULL can't be written later: the database says so where it looks at each row.
#[creole::test]
async fn a_circle_without_a_way_out_is_the_databases(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "stubborn")]
    struct Stubborn {
        #[model(primary_key)]
        id: i64,
        #[model(references = Stubborn::id)]
        other: i64,
    }
    engine.create_all(tables![Stubborn]).await?;
    let mut session = engine.session();
    session.add_all([Stubborn { id: 1, other: 2 }, Stubborn { id: 2, other: 1 }]);
    match session.commit().await {
        Ok(()) => assert_eq!(Stubborn::select().count(&engine).await?, 2),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}"),
    }
    Ok(())
}

//! Many rows at once.

use creole::prelude::*;
use futures_util::stream;

use crate::models::{Everything, Node, Order, Product, Stock, User, product, user};
use crate::suite::types::ordinary;

/// The numbers below `count`, each once and in no order that a database would put them in. `count` is no multiple of 7,919.
fn shuffled(count: i64) -> Vec<i64> {
    (0..count).map(|place| (place * 7_919 + 13) % count).collect()
}

#[creole::test]
async fn each_row_gets_the_number_that_belongs_to_it(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let numbers = shuffled(1_000);
    let rows: Vec<User> = numbers.iter().map(|number| user(&format!("{number}@example.com"))).collect();
    let saved = insert_all(&rows).returning().all(&engine).await?;
    assert_eq!(saved.len(), rows.len());
    for (given, saved) in rows.iter().zip(&saved) {
        assert_eq!(User { id: saved.id, ..given.clone() }, *saved);
        assert_eq!(User::find(saved.id, &engine).await?.as_ref(), Some(saved));
    }
    assert!(saved.windows(2).all(|pair| pair[0].id < pair[1].id), "numbered in the order given");
    // The same through a session's flush.
    let mut session = engine.session();
    let handles: Vec<_> = numbers.iter().map(|number| session.add(user(&format!("{number}@example.org")))).collect();
    session.commit().await?;
    for (number, handle) in numbers.iter().zip(handles) {
        let found = User::find(session[handle].id, &engine).await?.expect("it was written");
        assert_eq!(found.email, format!("{number}@example.org"));
    }
    Ok(())
}

#[creole::test]
async fn rows_with_keys_of_their_own_come_back_in_the_order_given(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product, Stock]).await?;
    let rows: Vec<Product> = shuffled(700)
        .into_iter()
        .map(|number| Product { id: Uuid::from_u128(number as u128), ..product(&format!("{number}"), "x", dec!(1)) })
        .collect();
    assert_eq!(insert_all(&rows).returning().all(&engine).await?, rows);
    let stock = |number: i64| Stock {
        warehouse: format!("w{}", number % 7),
        item: i32::try_from(number).unwrap(),
        shelf: None,
        amount: number,
    };
    let rows: Vec<Stock> = shuffled(300).into_iter().map(stock).collect();
    assert_eq!(insert_all(&rows).returning().all(&engine).await?, rows);
    Ok(())
}

#[creole::test]
async fn numbered_and_given_keys_go_together(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let row = |place: i64| User { id: if place % 3 == 0 { 10_000 + place } else { 0 }, ..user(&format!("{place}")) };
    let rows: Vec<User> = (0..50).map(row).collect();
    if engine.dialect().name() == "postgres" {
        engine.sync_sequences(tables![User]).await?;
    }
    let saved = insert_all(&rows).returning().all(&engine).await?;
    for (given, saved) in rows.iter().zip(&saved) {
        assert_eq!(given.email, saved.email);
        assert!(saved.id == given.id || given.id == 0 && saved.id > 0, "{given:?} {saved:?}");
    }
    assert_eq!(User::select().count(&engine).await?, 50);
    Ok(())
}

#[creole::test]
async fn none_and_one_and_many(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    assert_eq!(insert_all::<User>(&[]).exec(&engine).await?, 0);
    assert_eq!(insert_all::<User>(&[]).returning().all(&engine).await?, []);
    let error = insert_all::<User>(&[]).sql(engine.dialect()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    for size in [1, 2, 127, 128, 129, 255, 640, 1_025, 5_000] {
        let rows: Vec<User> = (0..size).map(|place| user(&format!("{size}-{place}"))).collect();
        assert_eq!(insert_all(&rows).exec(&engine).await?, size);
    }
    assert_eq!(User::select().count(&engine).await?, 1 + 2 + 127 + 128 + 129 + 255 + 640 + 1_025 + 5_000);
    Ok(())
}

#[creole::test]
async fn every_type_goes_in_by_the_hundred(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    let rows: Vec<Everything> = (1..=300).map(|id| Everything { id, ..ordinary(id) }).collect();
    assert_eq!(insert_all(&rows).exec(&engine).await?, 300);
    assert_eq!(Everything::select().order_by(Everything::id).all(&engine).await?, rows);
    Ok(())
}

#[creole::test]
async fn defaults_and_expressions_are_those_of_every_row(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let rows = vec![Node { name: "given".into(), ..Default::default() }; 300];
    insert_all(&rows).omit(Node::name).exec(&engine).await?;
    insert_all(&rows).set(Node::name, creole::query::val("computed".to_owned()).upper()).exec(&engine).await?;
    let names = select((Node::name, count(Node::id))).group_by(Node::name).order_by(Node::name).all(&engine).await?;
    assert_eq!(names, [("COMPUTED".to_owned(), 300), ("unnamed".to_owned(), 300)]);
    Ok(())
}

#[creole::test]
async fn large_values_go_in_several_statements(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "files", default)]
    struct File {
        #[model(primary_key)]
        id: i32,
        content: Vec<u8>,
        note: String,
    }
    engine.create_all(tables![File]).await?;
    // Together they are more than servers take in one packet.
    let row =
        |id: i32| File { id, content: vec![7; 900_000 + usize::try_from(id).unwrap()], note: "ü".repeat(300_000) };
    let rows: Vec<File> = (0..40).map(row).collect();
    assert_eq!(insert_all(&rows).exec(&engine).await?, 40);
    for id in [0, 39] {
        assert_eq!(File::find(id, &engine).await?, Some(row(id)));
    }
    assert_eq!(File::select().count(&engine).await?, 40);
    Ok(())
}

/// What goes wrong with which row.
async fn blamed(engine: &Engine, rows: &[Order], at: usize, kind: ErrorKind) -> creole::Result<()> {
    let before = Order::select().count(engine).await?;
    let error = insert_all(rows).exec(engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (kind, Some(at)), "{error}");
    assert!(error.to_string().contains(&format!("row {at}")), "{error}");
    assert_eq!(Order::select().count(engine).await?, before, "all of them or none");
    let mut session = engine.session();
    let error = insert_all(rows).exec(&mut session).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (kind, Some(at)), "{error}");
    let count = Order::select().count(&mut session).await;
    if kind == ErrorKind::InvalidValue {
        // The database knows nothing of it, and nothing is left of the rows before it.
        assert_eq!(count?, before);
    } else {
        assert_eq!(count.unwrap_err().kind(), ErrorKind::TransactionAborted);
    }
    session.rollback().await?;
    // A savepoint takes the error with it.
    let failed = session.savepoint(async |tx| insert_all(rows).exec(tx).await).await.unwrap_err();
    assert_eq!((failed.kind(), failed.row()), (kind, Some(at)), "{failed}");
    assert_eq!(Order::select().count(&mut session).await?, before);
    session.commit().await
}

#[creole::test]
async fn an_error_says_which_row(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    let order = |id: i64| Order { id, user_id: ada.id, total: dec!(1) };
    insert(&order(5)).exec(&engine).await?;
    for (size, at) in [(2, 1), (40, 0), (300, 299), (1_500, 777), (6_000, 5_999)] {
        let rows = |bad: Order| {
            let mut rows: Vec<Order> = (0..size).map(|place| order(1_000 + place)).collect();
            rows[at] = bad;
            rows
        };
        blamed(&engine, &rows(order(5)), at, ErrorKind::UniqueViolation).await?;
        if at > 0 {
            // The same key twice in the list: the later one is to blame.
            blamed(&engine, &rows(order(1_000)), at, ErrorKind::UniqueViolation).await?;
        }
        blamed(&engine, &rows(Order { user_id: -1, ..order(7) }), at, ErrorKind::ForeignKeyViolation).await?;
        blamed(
            &engine,
            &rows(Order { total: Decimal::from(1_000_000_000_000_000_000_000_u128), ..order(7) }),
            at,
            ErrorKind::InvalidValue,
        )
        .await?;
    }
    let error = insert_all(&[order(5)]).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::UniqueViolation, Some(0)), "{error}");
    assert!(error.is_unique(Order::id));
    Ok(())
}

#[creole::test]
async fn rows_are_made_while_they_are_inserted(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let rows = (0..3_000).map(|place| user(&format!("{place}")));
    assert_eq!(insert_each(rows).exec(&engine).await?, 3_000);
    assert_eq!(insert_each(Vec::<User>::new()).exec(&engine).await?, 0);
    let rows = stream::iter((0..2_500).map(|place| Ok(user(&format!("s{place}")))));
    assert_eq!(insert_stream(rows).exec(&engine).await?, 2_500);
    assert_eq!(User::select().count(&engine).await?, 5_500);
    // An error of a row counts from the first on and undoes all; so does one of the stream.
    let rows = (0..3_000).map(|place| user(&format!("t{}", if place == 2_900 { 3 } else { place })));
    let error = insert_each(rows).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::UniqueViolation, Some(2_900)), "{error}");
    let rows = stream::iter((0..2_000).map(|place| match place {
        1_999 => Err(creole::Error::new(ErrorKind::Other, "the source is dry")),
        place => Ok(user(&format!("u{place}"))),
    }));
    let error = insert_stream(rows).exec(&engine).await.unwrap_err();
    assert_eq!(error.to_string(), "the source is dry");
    assert_eq!(User::select().count(&engine).await?, 5_500);
    Ok(())
}

#[creole::test]
async fn rows_pass_from_one_table_to_another(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "copies")]
    struct Copy {
        #[model(primary_key)]
        id: i64,
        text: String,
    }
    engine.create_all(tables![User, Copy]).await?;
    insert_each((0..1_500).map(|place| user(&format!("{place}")))).exec(&engine).await?;
    let other = Engine::connect("sqlite::memory:").await?;
    other.create_all(tables![Copy]).await?;
    let rows = User::select().order_by(User::id).stream(&engine);
    let copies = futures_util::TryStreamExt::map_ok(rows, |row| Copy { id: row.id, text: row.email });
    assert_eq!(insert_stream(copies).exec(&other).await?, 1_500);
    assert_eq!(Copy::select().count(&other).await?, 1_500);
    Ok(())
}

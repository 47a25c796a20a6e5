//! What statements, locks and other transactions do to the entities of a session, and what is written through them then.

use creole::prelude::*;

use crate::models::{Everything, Level, Node, Order, Points, Settings, Shipment, Stock, User, user};

const NORTH: (&str, i32) = ("north", 1);

fn north(amount: i64) -> Stock {
    Stock { warehouse: "north".into(), item: 1, shelf: Some(3), amount }
}

/// A table with one row, whose amount is 5.
async fn stocked(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    insert(&north(5)).exec(engine).await.map(drop)
}

async fn stock_in(session: &mut Session) -> creole::Result<Tracked<Stock>> {
    Ok(session.get::<Stock>(NORTH).await?.expect("there"))
}

async fn amount(engine: &Engine) -> creole::Result<i64> {
    select(Stock::amount).one(engine).await
}

/// The ways in which a statement makes the amount 6.
async fn make_it_6(way: usize, db: &mut Session) -> creole::Result<()> {
    match way {
        0 => update::<Stock>().set(Stock::amount, Stock::amount + 1).all_rows().exec(db).await.map(drop),
        1 => update_all(&[north(6)]).exec(db).await.map(drop),
        2 => insert(&north(6))
            .on_conflict((Stock::warehouse, Stock::item))
            .update(Stock::amount)
            .exec(db)
            .await
            .map(drop),
        3 => insert_all(&[north(6)])
            .on_conflict((Stock::warehouse, Stock::item))
            .update(Stock::amount)
            .upserted(db)
            .await
            .map(drop),
        4 => sql!("update stock set amount = amount + 1").exec(db).await.map(drop),
        5 => {
            let update = update::<Stock>().set(Stock::amount, Stock::amount + 1).all_rows();
            update.returning_of(Stock::amount).all(db).await.map(drop)
        }
        _ => {
            delete::<Stock>().all_rows().exec(&mut *db).await?;
            insert(&north(6)).exec(db).await.map(drop)
        }
    }
}

const WAYS: usize = 7;

#[creole::test]
async fn get_track_and_refresh_see_what_a_statement_changed(engine: Engine) -> creole::Result<()> {
    stocked(&engine).await?;
    for way in 0..WAYS {
        for reading in 0..3 {
            update::<Stock>().set(Stock::amount, 5).all_rows().exec(&engine).await?;
            let mut session = engine.session();
            let stock = stock_in(&mut session).await?;
            make_it_6(way, &mut session).await?;
            assert_eq!(session[stock].amount, 5, "a handle stays readable, as it was");
            match reading {
                0 => assert_eq!(session.get::<Stock>(NORTH).await?, Some(stock)),
                1 => assert_eq!(Stock::select().track(&mut session).await?, [stock]),
                _ => session.refresh(stock).await?,
            }
            assert_eq!(session[stock].amount, 6, "way {way}, reading {reading}");
            session[stock].amount += 1;
            session.commit().await?;
            assert_eq!(amount(&engine).await?, 7, "way {way}, reading {reading}");
        }
    }
    Ok(())
}

#[creole::test]
async fn a_change_is_not_written_over_what_was_not_read(engine: Engine) -> creole::Result<()> {
    stocked(&engine).await?;
    for way in 0..WAYS {
        update::<Stock>().set(Stock::amount, 5).all_rows().exec(&engine).await?;
        let mut session = engine.session();
        let stock = stock_in(&mut session).await?;
        make_it_6(way, &mut session).await?;
        session[stock].amount += 1;
        let error = session.commit().await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::StaleVersion, Some("stock")), "way {way}: {error}");
        assert_eq!(error.columns().collect::<Vec<_>>(), ["amount"]);
        assert!(error.to_string().contains("`refresh`"), "{error}");
        session.rollback().await?;
        assert_eq!(amount(&engine).await?, 5);
        // The way out.
        session.refresh(stock).await?;
        session[stock].amount += 1;
        session.commit().await?;
        assert_eq!(amount(&engine).await?, 6);
    }
    Ok(())
}

#[creole::test]
async fn after_a_commit_others_changes_are_not_written_over(engine: Engine) -> creole::Result<()> {
    stocked(&engine).await?;
    let mut session = engine.session();
    let stock = stock_in(&mut session).await?;
    session.commit().await?;
    update::<Stock>().set(Stock::amount, 42).all_rows().exec(&engine).await?;
    session[stock].amount += 1;
    let error = session.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StaleVersion, "{error}");
    session.rollback().await?;

    // Another column is taken over, and the change is written.
    assert_eq!(session.get::<Stock>(NORTH).await?, Some(stock));
    session.commit().await?;
    update::<Stock>().set(Stock::shelf, 9).all_rows().exec(&engine).await?;
    session[stock].amount += 1;
    session.commit().await?;
    assert_eq!((session[stock].amount, session[stock].shelf), (43, Some(9)));
    assert_eq!(Stock::select().one(&engine).await?, session[stock]);

    // The key too may change, and is found by what it was.
    update::<Stock>().set(Stock::shelf, 10).all_rows().exec(&engine).await?;
    session[stock].warehouse = "south".into();
    session.commit().await?;
    assert_eq!(session[stock].shelf, Some(10));
    assert_eq!(Stock::select().one(&engine).await?, session[stock]);
    assert_eq!(session.get::<Stock>(("south", 1)).await?, Some(stock));

    // A stale row is deleted whatever it has become.
    session.commit().await?;
    update::<Stock>().set(Stock::amount, 1).all_rows().exec(&engine).await?;
    session.delete(stock);
    session.commit().await?;
    assert_eq!(Stock::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn a_statement_and_a_change_of_different_columns_are_both_written(engine: Engine) -> creole::Result<()> {
    stocked(&engine).await?;
    engine
        .transaction(async |tx| {
            let stock = stock_in(tx).await?;
            update::<Stock>().set(Stock::shelf, 8).all_rows().exec(&mut *tx).await?;
            tx[stock].amount = 6;
            tx.savepoint(async |tx| {
                update::<Stock>().set(Stock::shelf, Stock::shelf + 1).all_rows().exec(&mut *tx).await?;
                tx[stock].amount = 7;
                tx.flush().await?;
                assert_eq!(tx[stock].shelf, Some(9));
                Ok(())
            })
            .await
        })
        .await?;
    assert_eq!(Stock::select().one(&engine).await?, Stock { shelf: Some(9), ..north(7) });
    Ok(())
}

#[creole::test]
async fn many_stale_entities_are_written(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Stock]).await?;
    let mut session = engine.session();
    let users: Vec<_> = (0..1_203).map(|number| session.add(user(&format!("{number}@x")))).collect();
    let stocks: Vec<_> =
        (0..600).map(|item| session.add(Stock { warehouse: "w".into(), item, shelf: None, amount: 0 })).collect();
    session.commit().await?;
    update::<Stock>().set(Stock::shelf, Stock::item).all_rows().exec(&engine).await?;
    users.iter().for_each(|&user| session[user].nickname = Some("n".into()));
    stocks.iter().for_each(|&stock| session[stock].amount = 2);
    session.commit().await?;
    assert_eq!(User::select().filter(User::nickname.eq("n")).count(&engine).await?, 1_203);
    assert_eq!(Stock::select().filter(Stock::amount.eq(2)).count(&engine).await?, 600);
    for (item, stock) in stocks.into_iter().enumerate() {
        assert_eq!((session[stock].item as usize, session[stock].shelf), (item, Some(item as i32)));
    }
    Ok(())
}

#[creole::test]
async fn what_the_database_keeps_otherwise_is_no_change(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    let mut session = engine.session();
    // As it is added, none of it is read: the database writes a document, a decimal and a zero in its own way.
    let instant = chrono::DateTime::from_timestamp_nanos(1_700_000_000_123_456_789);
    let row = session.add(Everything {
        id: 1,
        flag: true,
        tiny: -1,
        small: 2,
        int: 3,
        big: 4,
        utiny: 5,
        usmall: 6,
        uint: 7,
        ubig: 8,
        single: 0.1,
        double: -0.0,
        text: "it's".into(),
        bytes: vec![0, 255],
        decimal: dec!(1.500),
        uuid: Uuid::from_u128(9),
        date: instant.date_naive(),
        time: instant.time(),
        moment: instant.naive_utc(),
        instant,
        json: json!({"b": [1, 2.50, 1e2], "a": null}),
        settings: Json(Settings { theme: "dark".into(), scale: 1.0, panels: vec![] }),
        level: Level::High,
        points: Points(1),
    });
    session.commit().await?;
    let json = json!([1, 2]);
    session[row].single = 0.2;
    session[row].double = 2.0;
    session[row].time += chrono::TimeDelta::seconds(1);
    session[row].moment += chrono::TimeDelta::seconds(1);
    session[row].level = Level::Low;
    session[row].uuid = Uuid::from_u128(10);
    session[row].instant += chrono::TimeDelta::seconds(1);
    session[row].decimal += dec!(1);
    session[row].json = json.clone();
    session[row].settings = Default::default();
    session[row].text = "other".into();
    session[row].bytes = vec![1];
    session.commit().await?;
    let read = Everything::find(1, &engine).await?.expect("there");
    assert_eq!((read.double, read.decimal, read.json), (2.0, dec!(2.5), json));
    Ok(())
}

#[creole::test]
async fn a_row_that_a_statement_deleted_is_gone(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let ada = insert(&user("ada")).returning().one(&engine).await?;
    for reading in 0..3 {
        let mut session = engine.session();
        let handle = session.get::<User>(ada.id).await?.expect("there");
        delete::<User>().filter(User::email.eq("ada")).exec(&mut session).await?;
        assert_eq!(session[handle], ada, "nobody has looked yet");
        match reading {
            0 => assert_eq!(session.get::<User>(ada.id).await?, None),
            1 => assert_eq!(session.refresh(handle).await.unwrap_err().kind(), ErrorKind::NotFound),
            _ => {
                // What has the key now is another row.
                let new = session.add(User { id: ada.id, ..user("new") });
                session.flush().await?;
                assert_eq!(session.get::<User>(ada.id).await?, Some(new));
            }
        }
        assert_eq!(session.try_get(handle).unwrap_err().kind(), ErrorKind::Detached, "reading {reading}");
        session.rollback().await?;
        assert_eq!(session[handle], ada, "a rollback brings it back");
        assert_eq!(session.get::<User>(ada.id).await?, Some(handle));
    }
    let mut session = engine.session();
    let handle = session.get::<User>(ada.id).await?.expect("there");
    delete::<User>().all_rows().exec(&mut session).await?;
    session[handle].nickname = Some("late".into());
    assert_eq!(session.flush().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    Ok(())
}

#[creole::test]
async fn what_foreign_keys_do_is_read(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order, Node, Stock, Shipment]).await?;
    let ada = insert(&user("ada")).returning().one(&engine).await?;
    let order =
        insert(&Order { user_id: ada.id, total: dec!(1), ..Default::default() }).returning().one(&engine).await?;
    let root = insert(&Node { name: "root".into(), ..Default::default() }).returning().one(&engine).await?;
    let leaf = Node { name: "leaf".into(), parent_id: Some(root.id), ..Default::default() };
    let leaf = insert(&leaf).returning().one(&engine).await?;
    insert(&north(5)).exec(&engine).await?;
    let shipment = Shipment { warehouse: Some("north".into()), item: Some(1), ..Default::default() };
    let shipment = insert(&shipment).returning().one(&engine).await?;

    for by_statement in [true, false] {
        let mut session = engine.session();
        let user = session.get::<User>(ada.id).await?.expect("there");
        let order_handle = session.get::<Order>(order.id).await?.expect("there");
        let root_handle = session.get::<Node>(root.id).await?.expect("there");
        let leaf_handle = session.get::<Node>(leaf.id).await?.expect("there");
        let stock = session.get::<Stock>(NORTH).await?.expect("there");
        let shipment_handle = session.get::<Shipment>(shipment.id).await?.expect("there");
        if by_statement {
            delete::<User>().all_rows().exec(&mut session).await?;
            delete::<Node>().filter(Node::id.eq(root.id)).exec(&mut session).await?;
            update::<Stock>().set(Stock::warehouse, "south").all_rows().exec(&mut session).await?;
        } else {
            session.delete(user);
            session.delete(root_handle);
            session[stock].warehouse = "south".into();
            session.flush().await?;
        }
        assert_eq!(session.get::<Order>(order.id).await?, None, "on_delete = cascade");
        assert_eq!(session.try_get(order_handle).unwrap_err().kind(), ErrorKind::Detached);
        assert_eq!(session.get::<Node>(leaf.id).await?, Some(leaf_handle));
        assert_eq!(session[leaf_handle].parent_id, None, "on_delete = set_null, in the same table");
        assert_eq!(Shipment::select().track(&mut session).await?, [shipment_handle]);
        assert_eq!(session[shipment_handle].warehouse.as_deref(), Some("south"), "on_update = cascade");
        session.rollback().await?;
        assert_eq!(session[order_handle], order);
        assert_eq!(session[leaf_handle].parent_id, Some(root.id));
        assert_eq!(session[shipment_handle], shipment);
    }
    Ok(())
}

#[creole::test]
async fn fields_that_are_no_columns_stay(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let mut session = engine.session();
    let node = session.add(Node { name: "a".into(), visited: true, ..Default::default() });
    session.flush().await?;
    let id = session[node].id;
    update::<Node>().set(Node::name, "b").all_rows().exec(&mut session).await?;
    session[node].parent_id = Some(id);
    session.commit().await?;
    assert_eq!((&*session[node].name, session[node].visited), ("b", true));
    Ok(())
}

#[creole::test]
async fn entities_are_made_stale_by_hand(engine: Engine) -> creole::Result<()> {
    stocked(&engine).await?;
    let mut session = engine.session();
    let stock = stock_in(&mut session).await?;
    update::<Stock>().set(Stock::amount, 6).all_rows().exec(&engine).await?;
    assert_eq!(session.get::<Stock>(NORTH).await?, Some(stock));
    assert_eq!(session[stock].amount, 5, "it was read in this transaction");
    session.expire(stock);
    assert_eq!(session.get::<Stock>(NORTH).await?, Some(stock));
    assert_eq!(session[stock].amount, 6);
    update::<Stock>().set(Stock::amount, 7).all_rows().exec(&engine).await?;
    session.expire_all();
    session[stock].amount += 1;
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    Ok(())
}

#[creole::test]
async fn a_locked_row_is_what_its_entity_becomes(engine: Engine) -> creole::Result<()> {
    stocked(&engine).await?;
    for share in [false, true] {
        update::<Stock>().set(Stock::amount, 100).all_rows().exec(&engine).await?;
        let mut session = engine.session();
        let stock = stock_in(&mut session).await?;
        update::<Stock>().set(Stock::amount, 50).all_rows().exec(&engine).await?;
        let locked = if share { Stock::select().for_share() } else { Stock::select().for_update() };
        assert_eq!(locked.track(&mut session).await?, [stock]);
        assert_eq!(session[stock].amount, 50);
        session[stock].amount -= 10;
        session.commit().await?;
        assert_eq!(amount(&engine).await?, 40);
    }
    Ok(())
}

#[creole::test]
async fn a_lock_that_is_not_tracked_makes_entities_stale(engine: Engine) -> creole::Result<()> {
    stocked(&engine).await?;
    // On SQLite no text says that it locks.
    let ways = if engine.dialect().name() == "sqlite" { 2 } else { 3 };
    for way in 0..ways {
        update::<Stock>().set(Stock::amount, 100).all_rows().exec(&engine).await?;
        let mut session = engine.session();
        let stock = stock_in(&mut session).await?;
        update::<Stock>().set(Stock::amount, 50).all_rows().exec(&engine).await?;
        let seen = match way {
            0 => select(Stock::amount).for_update().one(&mut session).await?,
            1 => Stock::select().for_update().all(&mut session).await?.remove(0).amount,
            _ => sql!("select amount from stock for update").scalars::<i64>().one(&mut session).await?,
        };
        assert_eq!(seen, 50);
        if way == 1 {
            assert_eq!(session.get::<Stock>(NORTH).await?, Some(stock));
            assert_eq!(session[stock].amount, 50);
        }
        session[stock].amount -= 10;
        match session.commit().await {
            Ok(()) => assert_eq!((way, amount(&engine).await?), (1, 40)),
            Err(error) => assert_eq!((way == 1, error.kind()), (false, ErrorKind::StaleVersion), "{error}"),
        }
    }
    Ok(())
}

#[creole::test]
async fn a_transaction_that_only_reads_takes_no_locks(engine: Engine) -> creole::Result<()> {
    stocked(&engine).await?;
    let work = async |tx: &mut Session| {
        let refusals = [
            Stock::select().for_update().track(&mut *tx).await.map(drop),
            select(Stock::amount).for_share().all(&mut *tx).await.map(drop),
        ];
        for refusal in refusals {
            let error = refusal.unwrap_err();
            assert_eq!((error.kind(), error.table()), (ErrorKind::ReadOnly, Some("stock")), "{error}");
            assert_eq!(error.code(), None, "it was sent: {error}");
        }
        Stock::select().count(&mut *tx).await
    };
    assert_eq!(engine.transaction_with(TxOptions::new().read_only(), work).await?, 1);
    Ok(())
}

#[creole::test]
async fn two_models_of_one_table_see_each_others_writes(engine: Engine) -> creole::Result<()> {
    /// The same table as `Stock`, seen by somebody who counts.
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "stock")]
    struct Count {
        #[model(primary_key, length = 20)]
        warehouse: String,
        #[model(primary_key)]
        item: i32,
        amount: i64,
    }
    stocked(&engine).await?;
    let mut session = engine.session();
    let stock = stock_in(&mut session).await?;
    let count = session.get::<Count>(NORTH).await?.expect("there");
    session[count].amount = 6;
    session.flush().await?;
    assert_eq!(session.get::<Stock>(NORTH).await?, Some(stock));
    assert_eq!(session[stock].amount, 6);
    session[stock].amount = 7;
    session.flush().await?;
    session[count].amount += 1;
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    Ok(())
}

//! UPDATE and DELETE that return the rows they wrote.

use std::collections::HashSet;

use creole::prelude::*;

use super::{HOSTILE, Plain, Triple, all_plain, all_triples, plain, triple, triples};
use crate::models::{Account, Everything, Node, Order, User, user};

#[creole::test]
async fn an_update_returns_what_it_matched(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    let to =
        |text: &str, ids: Vec<i64>| update::<Plain>().set(Plain::data, text).filter(Plain::id.is_in(ids)).returning();
    assert_eq!(to("d2_new", vec![2]).all(&engine).await?, [Plain { id: 2, data: "d2_new".into() }]);
    assert_eq!(to("d2_new", vec![2]).one(&engine).await?.id, 2, "matched, and not changed");
    assert_eq!(to("x", vec![10]).all(&engine).await?, []);
    assert_eq!(to("x", vec![]).all(&engine).await?, []);
    assert_eq!(to("x", vec![10]).optional(&engine).await?, None);
    assert_eq!(to("x", vec![10]).first(&engine).await?, None);
    assert!(to("x", vec![10]).one(&engine).await.unwrap_err().is_not_found());
    assert_eq!(all_plain(&engine).await?, [(1, "d1".into()), (2, "d2_new".into()), (3, "d3".into())]);
    for text in HOSTILE {
        let statement = update::<Plain>().set(Plain::data, text).filter(Plain::data.ne(text).and(Plain::id.eq(1)));
        let returned = statement.returning_of((Plain::data, Plain::data.concat(text), Plain::id)).one(&engine).await?;
        assert_eq!(returned, (text.into(), format!("{text}{text}"), 1));
    }
    Ok(())
}

/// The statement does all it is to do, also where fewer rows are wanted.
#[creole::test]
async fn every_row_is_written_however_many_are_wanted(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    let all = |text: &str| update::<Plain>().set(Plain::data, text).all_rows().returning();
    assert_eq!(all("first").first(&engine).await?.expect("a row").data, "first");
    assert!(all_plain(&engine).await?.iter().all(|(_, data)| data == "first"));
    assert_eq!(all("one").one(&engine).await.unwrap_err().kind(), ErrorKind::MultipleFound);
    assert!(all_plain(&engine).await?.iter().all(|(_, data)| data == "one"));
    let mut session = engine.session();
    assert_eq!(all("undone").optional(&mut session).await.unwrap_err().kind(), ErrorKind::MultipleFound);
    session.rollback().await?;
    assert!(all_plain(&engine).await?.iter().all(|(_, data)| data == "one"));
    assert_eq!(delete::<Plain>().all_rows().returning_of(Plain::data).first(&engine).await?.as_deref(), Some("one"));
    assert_eq!(all_plain(&engine).await?, []);
    Ok(())
}

#[creole::test]
async fn rows_are_as_they_are_after_an_update_and_were_before_a_delete(engine: Engine) -> creole::Result<()> {
    triples(&engine).await?;
    // The filter holds before and not after, and the columns change places.
    let swap = update::<Triple>().set(Triple::a, Triple::b).set(Triple::b, Triple::a).filter(Triple::a.lt(3));
    let mut rows = swap.returning().all(&engine).await?;
    rows.sort_by_key(|row| row.number);
    assert_eq!(rows, [triple(1, 10, 1, Some(100)), triple(2, 20, 2, None)]);
    let own = alias::<Triple>("own");
    let most = update::<Triple>().set(Triple::c, select(max(own.col(Triple::a))).from(own)).filter(Triple::c.is_null());
    assert_eq!(most.returning_of((Triple::c, Triple::b * 2)).all(&engine).await?, [(Some(20), 4)]);
    let mut rows = delete::<Triple>().filter(Triple::c.ge(100)).returning().all(&engine).await?;
    rows.sort_by_key(|row| row.number);
    assert_eq!(rows, [triple(1, 10, 1, Some(100)), triple(3, 3, 30, Some(300))]);
    assert_eq!(all_triples(&engine).await?, [(20, 2, Some(20))]);
    let own = own.col(Triple::a).eq(20);
    let own = exists(select(alias::<Triple>("own").col(Triple::a)).from(alias::<Triple>("own")).filter(own));
    assert_eq!(delete::<Triple>().filter(own).returning_of(Triple::number).all(&engine).await?, [2]);
    Ok(())
}

async fn shop(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    for email in ["a", "b", "c"] {
        insert(&user(email)).exec(engine).await?;
    }
    for (user_id, total) in [(1, 10), (1, 20), (2, 30), (2, 40)] {
        insert(&Order { id: 0, user_id, total: total.into() }).exec(engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn joined_rows_come_back_once(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let add = update::<Order>().join(Order::user).set(Order::total, Order::total + User::id.cast::<Decimal>());
    let mut rows = add.filter(User::email.eq("b")).returning_of((Order::id, Order::total)).all(&engine).await?;
    rows.sort();
    assert_eq!(rows, [(3, dec!(32)), (4, dec!(42))]);
    let many = update::<User>().join(User::orders).set(User::nickname, "buys").all_rows();
    let mut rows = many.returning_of((User::id, User::nickname)).all(&engine).await?;
    rows.sort();
    assert_eq!(rows, [(1, Some("buys".into())), (2, Some("buys".into()))]);
    let left = update::<Order>().left_join(table::<User>().on(User::id.eq(Order::user_id).and(User::email.eq("a"))));
    let left = left.set(Order::total, coalesce(User::id.optional().cast::<Decimal>(), 0)).filter(Order::id.gt(1));
    let mut rows = left.returning_of((Order::id, Order::total)).all(&engine).await?;
    rows.sort();
    assert_eq!(rows, [(2, dec!(1)), (3, dec!(0)), (4, dec!(0))]);
    let other = update::<Order>().join(Order::user).set(Order::user_id, 1).all_rows().returning_of(User::email);
    assert_eq!(other.all(&engine).await.unwrap_err().kind(), ErrorKind::UndefinedColumn);
    let totals =
        select((Order::user_id, sum(Order::total))).from(table::<Order>()).group_by(Order::user_id).cte("totals");
    let of_cte = update::<User>().with_cte(&totals).join(totals.on(totals.col(Order::user_id).eq(User::id)));
    let of_cte = of_cte.set(User::nickname, totals.col(Order::user_id).cast::<String>());
    let mut rows =
        of_cte.filter(totals.col(sum(Order::total)).lt(100)).returning_of(User::nickname).all(&engine).await?;
    rows.sort();
    assert_eq!(rows, [Some("1".into()), Some("2".into())]);
    let last = select((Order::user_id, max(Order::id))).from(table::<Order>()).group_by(Order::user_id).cte("last");
    let by_cte = delete::<User>().with_cte(&last).join(last.on(last.col(Order::user_id).eq(User::id)));
    let by_cte = by_cte.filter(last.col(max(Order::id)).gt(2));
    assert_eq!(by_cte.returning_of(User::email).all(&engine).await?, ["b"]);
    let with_orders = delete::<User>().join(User::orders).all_rows().returning();
    assert_eq!(with_orders.all(&engine).await?.len(), 1);
    assert_eq!(select(User::email).all(&engine).await?, ["c"]);
    assert_eq!(Order::select().count(&engine).await?, 0, "they go with their users");
    Ok(())
}

#[creole::test]
async fn what_is_returned_is_made_from_the_row_alone(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    let all = || update::<Plain>().set(Plain::data, "x").all_rows();
    let refused = [
        all().returning_of(count_rows()).all(&engine).await.unwrap_err(),
        all().returning_of(max(Plain::id)).all(&engine).await.map(|_: Vec<_>| ()).unwrap_err(),
        all().returning_of(select(max(Plain::id)).value()).all(&engine).await.map(|_: Vec<_>| ()).unwrap_err(),
        delete::<Plain>().all_rows().returning_of(count_rows()).all(&engine).await.unwrap_err(),
        update::<Plain>().set(Plain::data, "x").returning().all(&engine).await.unwrap_err(),
        delete::<Plain>().returning().all(&engine).await.unwrap_err(),
        update::<Plain>().all_rows().returning().all(&engine).await.unwrap_err(),
    ];
    for error in refused {
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    }
    assert_eq!(all_plain(&engine).await?[0].1, "d1");
    Ok(())
}

/// Where the rows are found again by their keys, there are no new keys to find them by.
#[creole::test]
async fn rows_whose_key_is_changed_come_back_or_are_refused(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    let moved = update::<Plain>().set(Plain::id, Plain::id + 100).filter(Plain::id.ge(2)).returning_of(Plain::id);
    match moved.all(&engine).await {
        Ok(mut ids) => {
            ids.sort_unstable();
            assert_eq!(ids, [102, 103]);
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            assert!(matches!(engine.dialect().name(), "mysql" | "mariadb"));
            assert_eq!(all_plain(&engine).await?.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 2, 3]);
        }
    }
    Ok(())
}

#[creole::test]
async fn what_fails_changes_nothing(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let taken = update::<User>().set(User::email, "a").filter(User::id.ge(2)).returning();
    let error = taken.clone().all(&engine).await.unwrap_err();
    assert!(error.is_unique(User::email), "{error}");
    let mut session = engine.session();
    update::<User>().set(User::nickname, "x").all_rows().exec(&mut session).await?;
    taken.all(&mut session).await.unwrap_err();
    assert_eq!(User::select().all(&mut session).await.unwrap_err().kind(), ErrorKind::TransactionAborted);
    session.rollback().await?;
    let mut emails = select((User::email, User::nickname)).all(&engine).await?;
    emails.sort();
    assert_eq!(emails, ["a", "b", "c"].map(|email| (email.to_owned(), None)));
    engine.create_all(tables![Badge]).await?;
    insert(&Badge { id: 1, owner: 3 }).exec(&engine).await?;
    let error = delete::<User>().all_rows().returning().all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
    assert_eq!(User::select().count(&engine).await?, 3);
    let work = async |tx: &mut Session| delete::<User>().all_rows().returning().all(&mut *tx).await;
    let error = engine.transaction_with(TxOptions::new().read_only(), work).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error}");
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "badges")]
struct Badge {
    #[model(primary_key)]
    id: i64,
    #[model(references = User::id)]
    owner: i64,
}

#[creole::test]
async fn a_session_sees_what_it_wrote_first(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let mut session = engine.session();
    let handle = session.get::<User>(1).await?.expect("there");
    session[handle].email = "pending".into();
    let changed = update::<User>().set(User::nickname, "x").filter(User::email.eq("pending")).returning();
    assert_eq!(changed.one(&mut session).await?, User { id: 1, email: "pending".into(), nickname: Some("x".into()) });
    assert_eq!(
        delete::<Order>().filter(Order::user_id.eq(1)).returning_of(Order::id).all(&mut session).await?.len(),
        2
    );
    session.commit().await?;
    assert_eq!(User::find(1, &engine).await?.expect("there").nickname.as_deref(), Some("x"));
    assert_eq!(Order::select().count(&engine).await?, 2);
    Ok(())
}

/// More rows than one statement has keys, with keys of one column and of several.
#[creole::test]
async fn thousands_of_rows_come_back(engine: Engine) -> creole::Result<()> {
    const ROWS: i32 = 9_500;
    engine.create_all(tables![Triple]).await?;
    for start in (0..ROWS).step_by(500) {
        let mut session = engine.session();
        for number in start..start + 500 {
            session.add(Triple { part: "p".into(), ..triple(number, number.into(), 0, None) });
        }
        session.commit().await?;
    }
    let update = update::<Triple>().set(Triple::b, Triple::a * 2).set(Triple::a, Triple::a + 1).filter(Triple::a.ge(0));
    let mut rows = update.returning_of((Triple::number, Triple::a, Triple::b)).all(&engine).await?;
    rows.sort_unstable();
    let expected: Vec<_> = (0..ROWS).map(|number| (number, i64::from(number) + 1, i64::from(number) * 2)).collect();
    assert_eq!(rows, expected);
    let deleted = delete::<Triple>().filter(Triple::number.ge(100)).returning_of(Triple::number).all(&engine).await?;
    assert_eq!(deleted.into_iter().collect::<HashSet<_>>(), (100..ROWS).collect());
    assert_eq!(Triple::select().count(&engine).await?, 100);
    Ok(())
}

#[creole::test]
async fn whole_rows_of_every_type_come_back(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything, Account, Node]).await?;
    let row = crate::suite::writing::update_all::everything(1);
    insert(&row).exec(&engine).await?;
    let changed = update::<Everything>().set(Everything::int, 77).all_rows().returning().one(&engine).await?;
    assert_eq!(changed, Everything { int: 77, ..row });
    assert_eq!(delete::<Everything>().all_rows().returning().one(&engine).await?, changed);
    // A filter by a text that is compared without case, and a reference to a row that goes as well.
    let account = Account { login: "Ada".into(), plan: "p".into(), ..Account::default() };
    insert(&account).exec(&engine).await?;
    let found =
        update::<Account>().set(Account::login, "ADA").filter(Account::login.eq("aDA")).returning_of(Account::login);
    assert_eq!(found.one(&engine).await?, "ADA");
    insert(&Node { id: 1, parent_id: None, name: "root".into(), visited: false }).exec(&engine).await?;
    insert(&Node { id: 2, parent_id: Some(1), name: "leaf".into(), visited: false }).exec(&engine).await?;
    let mut gone = delete::<Node>().all_rows().returning_of((Node::id, Node::parent_id)).all(&engine).await?;
    gone.sort_unstable();
    assert_eq!(gone, [(1, None), (2, Some(1))]);
    Ok(())
}

/// Each row goes to one of those who take rows at the same time.
#[creole::test]
async fn a_row_is_taken_by_one_only(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Plain]).await?;
    for id in 0..40 {
        insert(&Plain { id, data: "free".into() }).exec(&engine).await?;
    }
    let take = async |engine: Engine, name: String| -> creole::Result<Vec<i64>> {
        let mut taken = Vec::new();
        for half in [Plain::id.lt(20), Plain::id.ge(20)] {
            let take = update::<Plain>().set(Plain::data, name.as_str()).filter(Plain::data.eq("free").and(half));
            // Who waits for several rows may be the one that yields, and then has changed nothing.
            let ids = loop {
                match take.clone().returning_of(Plain::id).all(&engine).await {
                    Err(error) if error.is_retryable() => {}
                    other => break other?,
                }
            };
            taken.extend(ids);
        }
        Ok(taken)
    };
    let tasks: Vec<_> = (0..6).map(|task| tokio::spawn(take(engine.clone(), format!("task {task}")))).collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("no panic")?);
    }
    all.sort_unstable();
    assert_eq!(all, (0..40).collect::<Vec<_>>());
    Ok(())
}

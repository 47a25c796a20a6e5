//! Statements that are sent for each row: what is warned of, where, and with which advice.

use std::num::NonZeroUsize;

use creole::prelude::*;
use creole::query::load;
use futures_util::future::try_join_all;
use tracing::instrument::WithSubscriber;

use super::{Line, Order, Profile, User, shop};
use crate::lab::Lab;
use crate::warnings::Recorder;

/// How often one text may read.
const MOST: u32 = 3;

/// An engine that warns where one text reads more than [`MOST`] times, on the shop.
async fn warning(lab: &Lab) -> creole::Result<Engine> {
    let engine = lab.builder().warn_repeated(MOST).connect().await?;
    shop(&engine).await?;
    Ok(engine)
}

#[creole::test]
async fn a_loop_of_finds_is_told_of_once_with_its_line(engine: Engine) -> creole::Result<()> {
    let (lab, recorder) = (Lab::of(&engine), Recorder::default());
    let engine = warning(&lab).await?;
    let _listening = recorder.listen();
    let orders = Order::select().all(&engine).await?;
    for order in orders.iter().cycle().take(MOST as usize) {
        User::find(order.user_id, &engine).await?;
    }
    recorder.none();
    let mut line = 0;
    for order in orders.iter().cycle().take(20) {
        line = line!() + 1;
        User::find(order.user_id, &engine).await?;
    }
    let warning = recorder.one();
    assert!(warning.file.ends_with("repeats.rs"), "{warning:?}");
    assert_eq!((warning.line, warning.times), (u64::from(line), u64::from(MOST + 1)));
    assert_eq!(warning.table, "users");
    assert!(warning.sql.starts_with("SELECT "), "{warning:?}");
    let advice = "by `Order::select().with(Order::user)`, or `load(&rows, Order::user)` for rows at hand";
    assert!(warning.message.contains(advice), "{warning:?}");
    assert!(!warning.message.contains("Profile::user"), "no profile was read: {warning:?}");
    assert!(warning.message.contains("4 times by the same text in one thread"), "{warning:?}");
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn every_end_says_where_it_was_called(engine: Engine) -> creole::Result<()> {
    let (lab, recorder) = (Lab::of(&engine), Recorder::default());
    let engine = warning(&lab).await?;
    let _listening = recorder.listen();
    let of = |user: i64| Order::select().filter(Order::user_id.eq(user));
    let db = &engine;
    let mut before = u64::from(line!());
    macro_rules! warns {
        ($($end:expr),+ $(,)?) => {$(
            for user in 0..10 {
                let end = $end;
                end(user).await?;
            }
            let warning = recorder.one();
            assert!(warning.file.ends_with("repeats.rs") && warning.table == "orders", "{warning:?}");
            assert!(warning.line > before && warning.line < before + 20, "{warning:?}");
            before = warning.line;
            assert!(warning.message.contains("`User::select().with(User::orders)`"), "{warning:?}");
        )+};
    }
    warns!(
        |user| of(user).all(db),
        |user| of(user).filter(Order::id.eq(1)).one(db).map_or_not_found(),
        |user| of(user).filter(Order::id.eq(2)).filter(Order::total.gt(0)).optional(db),
        |user| of(user).order_by(Order::total).first(db),
        |user| of(user).filter(Order::total.lt(3)).limit(2).page(db),
        |user| of(user).count(db),
        |user| of(user).exists(db),
        |user| of(user).filter(Order::total.lt(0)).with(Order::user).all(db),
        |user| of(user).filter(Order::total.lt(1)).with(Order::user).optional(db),
        |user| of(user).filter(Order::total.lt(2)).with(Order::user).first(db),
        |user| async move {
            let mut orders = of(user).filter(Order::total.le(2)).stream(db);
            while orders.try_next().await?.is_some() {}
            creole::Result::Ok(())
        },
        |user| async move {
            let mut orders = of(user).filter(Order::total.le(3)).with(Order::user).stream(db);
            while orders.try_next().await?.is_some() {}
            creole::Result::Ok(())
        },
    );
    assert!(before < u64::from(line!()));
    engine.close().await;
    Ok(())
}

/// A row that is not there is no failure of the test.
trait MapOrNotFound {
    fn map_or_not_found(self) -> impl Future<Output = creole::Result<()>>;
}

impl<T, F: Future<Output = creole::Result<T>>> MapOrNotFound for F {
    async fn map_or_not_found(self) -> creole::Result<()> {
        match self.await {
            Err(error) if !error.is_not_found() => Err(error),
            _ => Ok(()),
        }
    }
}

#[creole::test]
async fn what_is_loaded_together_is_not_warned_of(engine: Engine) -> creole::Result<()> {
    let (lab, recorder) = (Lab::of(&engine), Recorder::default());
    let engine = warning(&lab).await?;
    let _listening = recorder.listen();
    let users = User::select().with(User::orders.with(Order::lines)).with(User::profile).all(&engine).await?;
    assert_eq!(users.len(), 3);
    // A batch and what belongs to it, after another.
    let size = NonZeroUsize::new(1).unwrap();
    let mut lines = Line::select().with(Line::order.with(Order::user)).stream_batches(&engine, size);
    for _ in 0..2 * MOST {
        lines.try_next().await?;
    }
    let mut lines = Line::select().stream_batches(&engine, size);
    while lines.try_next().await?.is_some() {}
    // Pages that the program cuts by itself.
    let query = Line::select().order_by(Line::item);
    let first = query.clone().first_page().limit(1).one(&engine).await?;
    let cursor = query.cursor(&first)?;
    for _ in 0..2 * MOST {
        assert_eq!(query.clone().page_after(&cursor).limit(1).all(&engine).await?.len(), 1);
    }
    // Many rows at hand, again and again.
    let users = User::select().all(&engine).await?;
    let many: Vec<User> = users.iter().cycle().take(MOST as usize + 1).cloned().collect();
    for _ in 0..2 * MOST {
        load(&many, User::orders).all(&engine).await?;
    }
    recorder.none();
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn a_relation_that_is_loaded_for_each_row_is_warned_of(engine: Engine) -> creole::Result<()> {
    let (lab, recorder) = (Lab::of(&engine), Recorder::default());
    let engine = warning(&lab).await?;
    let _listening = recorder.listen();
    let users = User::select().all(&engine).await?;
    let mut line = 0;
    for user in users.iter().cycle().take(10) {
        line = line!() + 1;
        load(std::slice::from_ref(user), User::orders.with(Order::lines)).all(&engine).await?;
    }
    let warning = recorder.one();
    assert_eq!((warning.line, &*warning.table), (u64::from(line), "orders"));
    assert!(warning.message.contains("`load(&rows, User::orders)` for rows at hand"), "{warning:?}");
    for user in users.iter().cycle().take(10) {
        user.related(User::following).all(&engine).await?;
    }
    let warning = recorder.one();
    assert!(warning.message.contains("`load(&rows, User::following)`"), "{warning:?}");
    assert!(warning.message.contains("; or by `User::select().with(User::followers)`"), "{warning:?}");
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn a_session_is_counted_by_itself_until_it_commits(engine: Engine) -> creole::Result<()> {
    let (lab, recorder) = (Lab::of(&engine), Recorder::default());
    let engine = warning(&lab).await?;
    let _listening = recorder.listen();
    for _ in 0..4 {
        let mut session = engine.session();
        for id in 1..=i64::from(MOST) {
            session.get::<User>(id).await?;
        }
    }
    for _ in 0..4 {
        engine
            .transaction(async |tx| {
                for id in 1..=i64::from(MOST) {
                    User::find(id, &mut *tx).await?;
                }
                Ok(())
            })
            .await?;
    }
    let mut session = engine.session();
    for round in 0..4 {
        for id in 1..=i64::from(MOST) {
            session.get::<User>(id).await?;
        }
        if round % 2 == 0 { session.commit().await? } else { session.rollback().await? }
    }
    recorder.none();

    let mut line = 0;
    for id in 0..10 {
        line = line!() + 1;
        session.get::<Profile>(id).await?;
    }
    let warning = recorder.one();
    assert_eq!((warning.line, &*warning.table), (u64::from(line), "profiles"));
    assert!(warning.file.ends_with("repeats.rs") && warning.message.contains("in one session"), "{warning:?}");
    let ada = session.get::<User>(1).await?.unwrap();
    for _ in 0..10 {
        line = line!() + 1;
        session.refresh(ada).await?;
    }
    assert_eq!(recorder.one().line, u64::from(line));
    for user in 0..10 {
        line = line!() + 1;
        Order::select().filter(Order::user_id.eq(user)).track(&mut session).await?;
    }
    assert_eq!(recorder.one().line, u64::from(line));
    drop(session);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn a_task_is_counted_by_itself(engine: Engine) -> creole::Result<()> {
    let (lab, recorder) = (Lab::of(&engine), Recorder::default());
    let engine = warning(&lab).await?;
    let find = |times: i64| {
        let engine = engine.clone();
        let finding = async move {
            for id in 0..times {
                User::find(id, &engine).await?;
            }
            creole::Result::Ok(())
        };
        tokio::spawn(finding.with_subscriber(recorder.clone()))
    };
    for _ in 0..4 {
        find(i64::from(MOST)).await.unwrap()?;
    }
    recorder.none();
    find(10).await.unwrap()?;
    assert!(recorder.one().message.contains("in one task"));
    // All at once are as many.
    let _listening = recorder.listen();
    try_join_all((0..10).map(|id| Profile::find(id, &engine))).await?;
    assert_eq!(recorder.one().table, "profiles");
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn a_helper_is_told_of_by_its_own_line(engine: Engine) -> creole::Result<()> {
    async fn name_of(user: i64, db: impl Executor) -> creole::Result<Option<String>> {
        let mut db = db.handle();
        let user = User::find(user, &mut db).await?;
        Ok(user.map(|user| user.name))
    }
    const LINE: u32 = line!() - 3;

    let (lab, recorder) = (Lab::of(&engine), Recorder::default());
    let engine = warning(&lab).await?;
    let _listening = recorder.listen();
    for id in 0..10 {
        name_of(id, &engine).await?;
    }
    let warning = recorder.one();
    assert_eq!(warning.line, u64::from(LINE));
    // Nothing else was read that a relation could lead from, so the tables beside this one are asked.
    for path in ["Order::user", "Order::reviewer", "Profile::user"] {
        assert!(warning.message.contains(&format!(".with({path})`")), "{path}: {warning:?}");
    }
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn writes_and_locks_are_not_counted(engine: Engine) -> creole::Result<()> {
    let (lab, recorder) = (Lab::of(&engine), Recorder::default());
    let engine = warning(&lab).await?;
    let _listening = recorder.listen();
    for number in 0..10 {
        let user = User { name: format!("user {number}"), ..Default::default() };
        insert(&user).exec(&engine).await?;
        let user = insert(&user).returning().one(&engine).await?;
        insert(&user).on_conflict(User::id).update_all().exec(&engine).await?;
        update::<User>().set(User::name, "another").filter(User::id.eq(user.id)).exec(&engine).await?;
        update::<User>().set(User::name, "a third").filter(User::id.eq(user.id)).returning().all(&engine).await?;
        delete::<User>().filter(User::id.eq(user.id)).returning().all(&engine).await?;
        let mut session = engine.session();
        User::select().order_by(User::id).limit(1).for_update().all(&mut session).await?;
        session.commit().await?;
    }
    let mut session = engine.session();
    for number in 0..10 {
        session.add(User { name: format!("user {number}"), ..Default::default() });
        session.flush().await?;
        User::select().order_by(User::id).limit(1).for_update().all(&mut session).await?;
    }
    session.commit().await?;
    recorder.none();
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn a_text_of_ones_own_is_counted_without_its_values(engine: Engine) -> creole::Result<()> {
    let (lab, recorder) = (Lab::of(&engine), Recorder::default());
    let engine = warning(&lab).await?;
    let _listening = recorder.listen();
    for number in 0..10 {
        let secret = format!("hunter2-{number}");
        sql!("select id from users where name = {secret}").scalars::<i64>().all(&engine).await?;
    }
    let warning = recorder.one();
    assert!(warning.sql.contains("select id from users where name = ") && warning.table.is_empty(), "{warning:?}");
    assert!(warning.message.contains("by `with` or `load` of a relation"), "{warning:?}");
    assert!(!format!("{warning:?}").contains("hunter2"));
    for number in 0..10 {
        User::select().filter(User::name.eq(format!("hunter2-{number}"))).all(&engine).await?;
    }
    assert!(!format!("{:?}", recorder.one()).contains("hunter2"));
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn an_engine_that_was_not_asked_warns_of_nothing(engine: Engine) -> creole::Result<()> {
    let (lab, recorder) = (Lab::of(&engine), Recorder::default());
    let quiet = lab.builder().connect().await?;
    shop(&quiet).await?;
    let _listening = recorder.listen();
    for id in 0..300 {
        User::find(id, &quiet).await?;
    }
    recorder.none();
    quiet.close().await;
    // The engine of a test warns, at a bound that no test of few rows meets.
    engine.create_all(tables![User]).await?;
    for id in 0..100 {
        User::find(id, &engine).await?;
    }
    recorder.none();
    User::find(1, &engine).await?;
    assert_eq!(recorder.take().len(), usize::from(cfg!(debug_assertions)));
    Ok(())
}

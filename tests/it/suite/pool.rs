//! The pool: its size, its queue, its deadlines, and how it ends.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use creole::prelude::*;

use crate::health::{Doctor, eventually, settled};
use crate::lab::Lab;
use crate::models::{User, user};
use crate::raw::Raw;

const SECOND: Duration = Duration::from_secs(1);

/// Long enough on a machine that has other things to do, and less than the limits that are not the test's own.
const SOON: Duration = Duration::from_secs(8);

fn millis(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// What the server sees of the engines on a lab's database; `None` where there is no server.
async fn server(lab: &Lab, engine: &Engine) -> creole::Result<Option<Raw>> {
    match engine.dialect().name() {
        "sqlite" => Ok(None),
        _ => Raw::open(lab.url()).await.map(Some),
    }
}

/// The connections of one engine: those that were not there before it.
async fn connections(raw: &mut Raw, others: &[i64]) -> creole::Result<BTreeSet<i64>> {
    Ok(raw.connections().await?.into_iter().filter(|id| !others.contains(id)).collect())
}

#[creole::test]
async fn is_never_larger_than_it_may_be(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let mut raw = server(&lab, &engine).await?;
    let others = match &mut raw {
        Some(raw) => raw.connections().await?,
        None => Vec::new(),
    };
    let engine = lab.builder().max_connections(4).acquire_timeout(Duration::from_secs(20)).connect().await?;
    engine.create_all(tables![User]).await?;
    let inside = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..50)
        .map(|number| {
            let (engine, inside, most) = (engine.clone(), inside.clone(), most.clone());
            tokio::spawn(async move {
                engine
                    .transaction(async |tx| {
                        most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        insert(&user(&format!("{number}"))).exec(&mut *tx).await?;
                        tokio::time::sleep(millis(2)).await;
                        inside.fetch_sub(1, Ordering::SeqCst);
                        Ok(())
                    })
                    .await?;
                User::select().count(&engine).await
            })
        })
        .collect();
    while tasks.iter().any(|task| !task.is_finished()) {
        let status = engine.status();
        assert!(status.open <= 4 && status.in_use <= 4, "{status:?}");
        if let Some(raw) = &mut raw {
            let seen = connections(raw, &others).await?;
            assert!(seen.len() <= 4, "{seen:?}");
        }
        tokio::time::sleep(millis(2)).await;
    }
    for task in tasks {
        task.await.expect("a task")?;
    }
    let at_once = if engine.dialect().name() == "sqlite" { 1 } else { 4 };
    assert!((1..=at_once).contains(&most.load(Ordering::SeqCst)), "{most:?}");
    assert_eq!(User::select().count(&engine).await?, 50);
    Doctor::of(&engine, lab.url()).await.check().await;
    Ok(())
}

#[creole::test]
async fn status_never_has_more_in_use_than_open(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(2).acquire_timeout(60 * SECOND).connect().await?;
    engine.create_all(tables![User]).await?;
    let reads: Vec<_> = (0..8)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move {
                for _ in 0..100 {
                    User::select().count(&engine).await?;
                }
                creole::Result::Ok(())
            })
        })
        .collect();
    let watcher = {
        let engine = engine.clone();
        std::thread::spawn(move || {
            let mut most = engine.status();
            while !reads.iter().all(|read| read.is_finished()) {
                let status = engine.status();
                if status.in_use > most.in_use {
                    most = status;
                }
                std::thread::yield_now();
            }
            (most, reads)
        })
    };
    let (most, reads) = tokio::task::spawn_blocking(|| watcher.join()).await.expect("a task").expect("a thread");
    assert!(most.in_use <= most.open, "{most:?}");
    for read in reads {
        read.await.expect("a task")?;
    }
    Ok(())
}

#[creole::test]
async fn serves_those_who_wait_in_the_order_of_asking(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(1).acquire_timeout(60 * SECOND).connect().await?;
    engine.create_all(tables![User]).await?;
    let mut holder = engine.session();
    holder.add(user("holder"));
    holder.flush().await?;
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..12 {
        let (of_the_task, order) = (engine.clone(), order.clone());
        tasks.push(tokio::spawn(async move {
            of_the_task
                .transaction(async |tx| {
                    order.lock().unwrap().push(number);
                    insert(&user(&format!("{number}"))).exec(&mut *tx).await
                })
                .await
        }));
        eventually("a caller does not wait", async || engine.status().waiting == number + 1).await;
    }
    holder.commit().await?;
    for task in tasks {
        task.await.expect("a task")?;
    }
    assert_eq!(*order.lock().unwrap(), (0..12).collect::<Vec<_>>());
    Ok(())
}

#[creole::test]
async fn says_what_it_was_waiting_for(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(1).acquire_timeout(millis(1_500)).connect().await?;
    engine.create_all(tables![User]).await?;
    let mut holder = engine.session();
    holder.add(user("holder"));
    holder.flush().await?;
    let begun = Instant::now();
    let error = insert(&user("other")).exec(&engine).await.unwrap_err();
    assert!(begun.elapsed() >= millis(1_490) && begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!(error.kind(), ErrorKind::PoolTimeout, "{error}");
    let message = error.to_string();
    let counts = "within 1.5 s: of at most 1, 1 is open, 1 is in use and 0 are idle; nobody else waits";
    assert!(message.contains(counts), "{message}");
    if engine.dialect().name() == "sqlite" {
        assert!(message.contains("held for ") && message.contains("commit it or drop it first"), "{message}");
    }
    holder.commit().await?;
    insert(&user("other")).exec(&engine).await?;
    Doctor::of(&engine, lab.url()).await.check().await;
    Ok(())
}

#[creole::test]
async fn counts_those_who_still_wait(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(1).acquire_timeout(6 * SECOND).connect().await?;
    engine.create_all(tables![User]).await?;
    let mut holder = engine.session();
    holder.add(user("holder"));
    holder.flush().await?;
    let mut waiting = Vec::new();
    for number in 1..=3 {
        waiting.push(tokio::spawn({
            let engine = engine.clone();
            async move { insert(&user("other")).exec(&engine).await }
        }));
        eventually("a caller does not wait", async || engine.status().waiting == number).await;
        tokio::time::sleep(SECOND).await;
    }
    let mut messages = Vec::new();
    for task in waiting {
        messages.push(task.await.expect("a task").unwrap_err().to_string());
    }
    for (message, count) in messages.iter().zip(["2 other callers wait", "1 other caller waits", "nobody else waits"]) {
        assert!(message.contains(&format!("; {count}")), "{message}");
    }
    Ok(())
}

#[creole::test]
async fn lends_beside_an_open_session(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(2).acquire_timeout(2 * SECOND).connect().await?;
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let mut session = engine.session();
    let handle = User::select().track(&mut session).await?.remove(0);
    session[handle].nickname = Some("Countess".into());
    session.flush().await?;

    // A read goes through at once, and sees what is committed.
    assert_eq!(User::select().one(&engine).await?.nickname, None);

    // A write goes through where the database can take two at once, and else says what is in its way.
    let begun = Instant::now();
    match insert(&user("bob")).exec(&engine).await {
        Ok(_) => assert_ne!(engine.dialect().name(), "sqlite"),
        Err(error) => {
            assert_eq!((engine.dialect().name(), error.kind()), ("sqlite", ErrorKind::PoolTimeout), "{error}");
            assert!(error.to_string().contains("session or transaction"), "{error}");
        }
    }
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    session.commit().await?;
    assert_eq!(User::find(session[handle].id, &engine).await?.unwrap().nickname.as_deref(), Some("Countess"));
    insert(&user("eve")).exec(&engine).await?;
    Ok(())
}

#[creole::test]
async fn closes_what_nobody_uses(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let mut raw = server(&lab, &engine).await?;
    let others = match &mut raw {
        Some(raw) => raw.connections().await?,
        None => Vec::new(),
    };
    let engine = lab.builder().idle_timeout(millis(300)).connect().await?;
    engine.create_all(tables![User]).await?;
    let mut sessions = [engine.session(), engine.session(), engine.session()];
    for session in &mut sessions {
        User::select().count(session).await?;
    }
    drop(sessions);
    settled(&engine).await;
    assert!(engine.status().open >= 2, "{:?}", engine.status());
    eventually("a connection that nobody uses is open", async || engine.status().open == 0).await;
    if let Some(raw) = &mut raw {
        let is_empty = async || connections(raw, &others).await.unwrap().is_empty();
        eventually("a connection that nobody uses is open on the server", is_empty).await;
    }
    insert(&user("ada")).exec(&engine).await?;
    Ok(())
}

#[creole::test]
async fn replaces_what_is_old_but_not_while_it_is_used(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let mut raw = server(&lab, &engine).await?;
    let others = match &mut raw {
        Some(raw) => raw.connections().await?,
        None => Vec::new(),
    };
    let engine = lab.builder().max_lifetime(millis(400)).idle_timeout(None).connect().await?;
    engine.create_all(tables![User]).await?;
    let first = match &mut raw {
        Some(raw) => connections(raw, &others).await?,
        None => BTreeSet::new(),
    };
    let mut session = engine.session();
    session.add(user("ada"));
    session.flush().await?;
    tokio::time::sleep(millis(900)).await;
    session.add(user("bob"));
    session.commit().await?;
    for number in 0..20 {
        insert(&user(&format!("{number}"))).exec(&engine).await?;
        tokio::time::sleep(millis(10)).await;
    }
    assert_eq!(User::select().count(&engine).await?, 22);
    if let Some(raw) = &mut raw {
        assert!(!first.is_empty());
        let is_replaced = async || connections(raw, &others).await.unwrap().is_disjoint(&first);
        eventually("a connection past its lifetime is open", is_replaced).await;
    }
    eventually("a connection past its lifetime is kept", async || engine.status().open == 0).await;
    Ok(())
}

#[creole::test]
async fn never_closes_the_connection_that_is_the_database(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "sqlite" {
        return Ok(());
    }
    let builder = Engine::builder("sqlite::memory:?connections=1");
    let engine = builder.idle_timeout(millis(50)).max_lifetime(millis(50)).connect().await?;
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    tokio::time::sleep(millis(400)).await;
    assert_eq!(User::select().one(&engine).await?.email, "ada");
    Ok(())
}

#[creole::test]
async fn keeps_the_least_number_open(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let mut raw = server(&lab, &engine).await?;
    let others = match &mut raw {
        Some(raw) => raw.connections().await?,
        None => Vec::new(),
    };
    let engine = lab.builder().min_connections(2).idle_timeout(millis(400)).connect().await?;
    assert!(engine.status().open >= 2, "{:?}", engine.status());
    let sessions: Vec<_> = (0..3).map(|_| engine.session()).collect();
    for mut session in sessions {
        session.engine().create_all(tables![User]).await?;
        User::select().count(&mut session).await?;
    }
    // Long enough for all of them to be idle for too long.
    tokio::time::sleep(millis(1_200)).await;
    assert!((2..=3).contains(&engine.status().open), "{:?}", engine.status());
    if let Some(raw) = &mut raw {
        let kept = connections(raw, &others).await?;
        assert_eq!(kept.len(), 2);
        // Those that the server ends are replaced without anybody asking for them.
        for id in kept.iter().copied() {
            raw.kill(id).await?;
        }
        let is_refilled = async || {
            let now = connections(raw, &others).await.unwrap();
            now.len() == 2 && now.is_disjoint(&kept)
        };
        tokio::time::sleep(millis(100)).await;
        // The pool learns of it when it next looks at them.
        for _ in 0..2 {
            let _ = User::select().count(&engine).await;
        }
        eventually("the least number of connections is not kept", is_refilled).await;
    }
    Doctor::of(&engine, lab.url()).await.check().await;
    Ok(())
}

#[creole::test]
async fn a_dropped_session_costs_no_connection(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let mut raw = server(&lab, &engine).await?;
    let others = match &mut raw {
        Some(raw) => raw.connections().await?,
        None => Vec::new(),
    };
    let engine = lab.builder().max_connections(1).connect().await?;
    engine.create_all(tables![User]).await?;
    let open = engine.status().open;
    let before = match &mut raw {
        Some(raw) => connections(raw, &others).await?,
        None => BTreeSet::new(),
    };
    for _ in 0..20 {
        let mut session = engine.session();
        session.add(user("ada"));
        session.flush().await?;
        drop(session);
        let work = async |tx: &mut Session| -> creole::Result<()> {
            insert(&user("ada")).exec(&mut *tx).await?;
            Err(insert(&user("ada")).exec(&mut *tx).await.unwrap_err())
        };
        engine.transaction(work).await.unwrap_err();
    }
    settled(&engine).await;
    assert_eq!(engine.status().open, open);
    if let Some(raw) = &mut raw {
        assert_eq!(connections(raw, &others).await?, before, "another connection serves");
    }
    assert_eq!(User::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn close_waits_for_what_is_lent_out(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let mut raw = server(&lab, &engine).await?;
    let others = match &mut raw {
        Some(raw) => raw.connections().await?,
        None => Vec::new(),
    };
    let engine = lab.builder().connect().await?;
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    session.add(user("ada"));
    session.flush().await?;
    let begun = Instant::now();
    let committing = tokio::spawn(async move {
        tokio::time::sleep(millis(200)).await;
        session.commit().await
    });
    engine.close().await;
    assert!(begun.elapsed() >= millis(190) && begun.elapsed() < SOON, "{:?}", begun.elapsed());
    committing.await.expect("a task")?;
    assert_eq!((engine.status().open, engine.status().in_use), (0, 0));
    if let Some(raw) = &mut raw {
        let left = async || connections(raw, &others).await.unwrap().is_empty();
        eventually("a connection is open after close", left).await;
    }

    let errors = [
        User::select().all(&engine).await.unwrap_err(),
        insert(&user("bob")).exec(&engine).await.unwrap_err(),
        engine.session().get::<User>(1).await.map(drop).unwrap_err(),
        engine.transaction(async |_| Ok(())).await.unwrap_err(),
        engine.create_all(tables![User]).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().contains("closed"), "{error}");
    }
    engine.close().await;
    let again = lab.builder().connect().await?;
    assert_eq!(User::select().one(&again).await?.email, "ada");
    again.close().await;
    Ok(())
}

#[creole::test]
async fn close_does_not_wait_for_ever(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let mut raw = server(&lab, &engine).await?;
    let others = match &mut raw {
        Some(raw) => raw.connections().await?,
        None => Vec::new(),
    };
    let engine = lab.builder().max_connections(1).release_timeout(SECOND).connect().await?;
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    session.add(user("ada"));
    session.flush().await?;
    let waiting = tokio::spawn({
        let engine = engine.clone();
        async move { insert(&user("bob")).exec(&engine).await }
    });
    eventually("a caller does not wait", async || engine.status().waiting == 1).await;
    let begun = Instant::now();
    engine.close().await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    let error = waiting.await.expect("a task").unwrap_err();
    assert!(error.to_string().contains("closed"), "{error}");
    assert!(begun.elapsed() < SOON, "a caller waits for a pool that is closed");

    // What is still lent out is closed when it comes back, and nothing of it was kept.
    drop(session);
    settled(&engine).await;
    if let Some(raw) = &mut raw {
        let left = async || connections(raw, &others).await.unwrap().is_empty();
        eventually("a connection is open after close", left).await;
    }
    let again = lab.builder().connect().await?;
    assert_eq!(User::select().count(&again).await?, 0);
    Ok(())
}

#[creole::test]
async fn close_refuses_those_who_wait_at_once(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(1).release_timeout(Duration::from_secs(20)).connect().await?;
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    session.add(user("ada"));
    session.flush().await?;
    let waiting = tokio::spawn({
        let engine = engine.clone();
        async move { insert(&user("bob")).exec(&engine).await }
    });
    eventually("a caller does not wait", async || engine.status().waiting == 1).await;
    let closing = tokio::spawn({
        let engine = engine.clone();
        async move { engine.close().await }
    });
    let refused = tokio::time::timeout(Duration::from_secs(5), waiting).await;
    let error = refused.expect("a caller waits for a pool that is closing").expect("a task").unwrap_err();
    assert!(error.to_string().contains("closed"), "{error}");
    assert!(!closing.is_finished(), "close did not wait for the session");

    // The session was there before, so it ends as it likes.
    session.commit().await?;
    closing.await.expect("a task");
    let again = lab.builder().connect().await?;
    assert_eq!(User::select().one(&again).await?.email, "ada");
    Ok(())
}

#[creole::test]
async fn may_be_larger_than_anything_can_count(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(usize::MAX).connect().await?;
    engine.create_all(tables![User]).await?;
    assert_eq!(User::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn options_that_contradict_each_other_are_refused(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    for (builder, word) in [
        (lab.builder().max_connections(0), "max_connections"),
        (lab.builder().max_connections(2).min_connections(3), "min_connections"),
    ] {
        let error = builder.connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(error.to_string().contains(word), "{error}");
    }
    Ok(())
}

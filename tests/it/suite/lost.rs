//! Connections that the server ends, that are cut, that fall silent.
//!
//! SQLite has no connection to lose, and a lock that nobody lets go of is in `pool`.

use std::pin::pin;
use std::time::{Duration, Instant};

use creole::prelude::*;
use futures_util::future::{self, Either};

use crate::health::{Doctor, eventually, healthy, settled};
use crate::lab::Lab;
use crate::models::{User, user};
use crate::proxy::{Line, Proxy, Trap};
use crate::raw::Raw;

const SECOND: Duration = Duration::from_secs(1);

/// Long enough on a machine that has other things to do, and less than the limits that are not the test's own.
const SOON: Duration = Duration::from_secs(9);

/// An engine of one connection, and a connection to kill it from.
struct Single {
    engine: Engine,
    /// The number of its connection on the server.
    id: i64,
    raw: Raw,
}

impl Single {
    async fn open(lab: &Lab) -> creole::Result<Single> {
        let mut raw = Raw::open(lab.url()).await?;
        let others = raw.connections().await?;
        let engine = lab.builder().max_connections(1).connect().await?;
        engine.create_all(tables![User]).await?;
        let now = raw.connections().await?;
        let id = *now.iter().find(|id| !others.contains(id)).expect("the engine's connection");
        Ok(Single { engine, id, raw })
    }

    /// Ends the engine's first connection, and waits until it is gone.
    async fn kill(&mut self) -> creole::Result<()> {
        let Single { id, raw, .. } = self;
        raw.kill(*id).await?;
        eventually("a killed connection is there", async || !raw.connections().await.unwrap().contains(id)).await;
        Ok(())
    }
}

fn is_server(engine: &Engine) -> bool {
    engine.dialect().name() != "sqlite"
}

/// Proves that an engine on a lab's database is healthy.
async fn check(engine: &Engine, lab: &Lab) {
    Doctor::of(engine, lab.url()).await.check().await;
}

#[creole::test]
async fn killed_while_idle(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let mut single = Single::open(&lab).await?;
    single.kill().await?;
    let engine = single.engine;
    // Whether it is alive is not asked of a connection that was used just now, so one statement may fail; not two.
    match insert(&user("ada")).exec(&engine).await {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error}"),
    }
    insert(&user("bob")).exec(&engine).await?;
    check(&engine, &lab).await;

    // One that was idle for longer is asked, and nobody sees that it was lost.
    let careful = lab.builder().max_connections(1).ping_after(Duration::ZERO).connect().await?;
    for name in ["c", "d", "e"] {
        insert(&user(name)).exec(&careful).await?;
        for id in single.raw.connections().await? {
            single.raw.kill(id).await?;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(User::select().count(&careful).await? >= 4);
    Ok(())
}

#[creole::test]
async fn killed_in_mid_statement(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    insert(&{
        engine.create_all(tables![User]).await?;
        user("ada")
    })
    .exec(&engine)
    .await?;
    let mut holder = engine.session();
    let handle = User::select().track(&mut holder).await?.remove(0);
    holder[handle].nickname = Some("held".into());
    holder.flush().await?;

    let mut single = Single::open(&lab).await?;
    // The statement waits for the other transaction's lock, and is killed there.
    let waiting = tokio::spawn({
        let engine = single.engine.clone();
        async move { update::<User>().set(User::nickname, "x").all_rows().exec(&engine).await }
    });
    eventually("the statement is not under way", async || single.engine.status().in_use == 1).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    single.kill().await?;
    let error = waiting.await.expect("a task").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error}");
    holder.commit().await?;
    drop(holder);
    check(&single.engine, &lab).await;
    assert_eq!(User::select().one(&engine).await?.nickname.as_deref(), Some("held"));
    Ok(())
}

#[creole::test]
async fn killed_in_mid_transaction(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let mut single = Single::open(&lab).await?;
    let engine = single.engine.clone();
    let mut session = engine.session();
    session.add(user("ada"));
    session.flush().await?;
    single.kill().await?;

    let error = User::select().count(&mut session).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error}");
    for _ in 0..2 {
        let later = [
            User::select().count(&mut session).await.map(drop).unwrap_err(),
            insert(&user("bob")).exec(&mut session).await.map(drop).unwrap_err(),
            session.savepoint(async |_| Ok(())).await.unwrap_err(),
            session.commit().await.unwrap_err(),
        ];
        for error in later {
            let kinds = [ErrorKind::ConnectionLost, ErrorKind::TransactionAborted];
            assert!(kinds.contains(&error.kind()), "{error:?}");
        }
    }
    // After a rollback the session begins anew, on another connection.
    session.rollback().await?;
    session.add(user("eve"));
    session.commit().await?;
    drop(session);
    check(&engine, &lab).await;
    assert_eq!(User::select().one(&engine).await?.email, "eve");
    Ok(())
}

#[creole::test]
async fn killed_before_the_commit(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let mut single = Single::open(&lab).await?;
    let engine = single.engine.clone();
    let mut session = engine.session();
    session.add(user("ada"));
    session.flush().await?;
    single.kill().await?;
    // COMMIT was sent and no answer came: what the server did is not known from here.
    let error = session.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CommitUnknown, "{error}");
    session.commit().await.unwrap_err();
    drop(session);
    check(&engine, &lab).await;
    assert_eq!(User::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn killed_in_mid_stream(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let mut single = Single::open(&lab).await?;
    // More than the buffers between the server and here hold.
    let fill = async |tx: &mut Session| {
        for number in 0..4_000 {
            tx.add(User { nickname: Some("x".repeat(4_000)), ..user(&format!("{number}")) });
        }
        Ok(())
    };
    engine.transaction(fill).await?;
    let streaming = single.engine.clone();
    let mut stream = User::select().stream(&streaming);
    stream.next().await.expect("a row")?;
    single.kill().await?;
    let mut rows = 1;
    let error = loop {
        match stream.next().await.expect("a stream that ends in its error") {
            Ok(_) => rows += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
    assert!(rows < 4_000);
    drop(stream);
    check(&single.engine, &lab).await;
    Ok(())
}

/// An engine whose connections go through a proxy, with short deadlines.
async fn through_proxy(lab: &Lab) -> creole::Result<(Engine, Proxy)> {
    let (proxy, url) = Proxy::at(lab.url()).await;
    let engine = Engine::builder(&url)
        .max_connections(2)
        .acquire_timeout(3 * SECOND)
        .release_timeout(SECOND)
        .ping_after(Duration::ZERO)
        .connect()
        .await?;
    engine.create_all(tables![User]).await?;
    Ok((engine, proxy))
}

#[creole::test]
async fn cut_while_commit_is_under_way(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let (through, proxy) = through_proxy(&lab).await?;
    for (number, (trap, whole)) in [(Trap::CutBefore, 0), (Trap::CutAfter, 2)].into_iter().enumerate() {
        let emails = [format!("a{number}"), format!("b{number}")];
        proxy.on(b"COMMIT", trap);
        let work = async |tx: &mut Session| {
            insert(&user(&emails[0])).exec(&mut *tx).await?;
            tx.add(user(&emails[1]));
            Ok(())
        };
        let error = through.transaction(work).await.unwrap_err();
        assert!(!proxy.is_armed());
        assert_eq!(error.kind(), ErrorKind::CommitUnknown, "{trap:?}: {error}");
        proxy.set(Line::Open);
        check(&through, &lab).await;
        let found = User::select().filter(User::email.is_in(emails.clone())).count(&engine).await?;
        assert_eq!(found, whole, "{trap:?}");

        proxy.on(b"COMMIT", trap);
        let mut session = through.session();
        session.add(user(&format!("c{number}")));
        let error = session.commit().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CommitUnknown, "{trap:?}: {error}");
        assert!(session.commit().await.is_err());
        proxy.set(Line::Open);
        // The session can begin anew.
        session.rollback().await?;
        session.add(user(&format!("d{number}")));
        session.commit().await?;
        drop(session);
        check(&through, &lab).await;
        let found = User::select().filter(User::email.eq(format!("c{number}"))).count(&engine).await?;
        assert_eq!(found, whole / 2, "{trap:?}");
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn silent_while_commit_is_under_way(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let (through, proxy) = through_proxy(&lab).await?;
    proxy.on(b"COMMIT", Trap::SilentAfter);
    let mut session = through.session();
    session.add(user("ada"));
    {
        let mut commit = pin!(session.commit());
        // Until the proxy has it, it may be the flush that is cut off.
        let sent = pin!(eventually("COMMIT was not sent", async || !proxy.is_armed()));
        if let Either::Left((outcome, _)) = future::select(commit.as_mut(), sent).await {
            panic!("a commit without an answer: {outcome:?}");
        }
        let outcome = tokio::time::timeout(Duration::from_millis(300), commit).await;
        assert!(outcome.is_err(), "a commit without an answer: {outcome:?}");
    }
    let error = session.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CommitUnknown, "{error}");
    drop(session);
    proxy.set(Line::Open);
    check(&through, &lab).await;
    assert_eq!(User::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn cut_in_mid_statement(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let (through, proxy) = through_proxy(&lab).await?;
    for trap in [Trap::CutBefore, Trap::CutAfter] {
        let mut session = through.session();
        session.add(user("ada"));
        session.flush().await?;
        proxy.on(b"canary-of-cut", trap);
        session.add(user("canary-of-cut"));
        let error = session.flush().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{trap:?}: {error}");
        assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::TransactionAborted);
        drop(session);
        proxy.set(Line::Open);
        check(&through, &lab).await;
        assert_eq!(User::select().count(&engine).await?, 0, "{trap:?}");
    }
    Ok(())
}

#[creole::test]
async fn a_silent_server_holds_nobody_up(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let (through, proxy) = through_proxy(&lab).await?;

    // Asked for a sign of life before they are lent out, connections do not answer; new ones do not come about.
    let mut sessions = [through.session(), through.session()];
    for session in &mut sessions {
        User::select().count(&mut *session).await?;
        session.commit().await?;
    }
    proxy.set(Line::Silent);
    let begun = Instant::now();
    let error = User::select().count(&through).await.unwrap_err();
    assert!([ErrorKind::PoolTimeout, ErrorKind::ConnectionLost].contains(&error.kind()), "{error}");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    proxy.set(Line::Cut);
    proxy.set(Line::Open);
    check(&through, &lab).await;

    // A rollback that nobody answers takes no longer than it may.
    let mut session = through.session();
    session.add(user("ada"));
    session.flush().await?;
    proxy.set(Line::Silent);
    let begun = Instant::now();
    drop(session);
    settled(&through).await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    proxy.set(Line::Cut);
    proxy.set(Line::Open);
    check(&through, &lab).await;
    assert_eq!(User::select().count(&engine).await?, 0);

    // Nor does the end.
    let mut session = through.session();
    session.add(user("bob"));
    session.flush().await?;
    proxy.set(Line::Silent);
    let begun = Instant::now();
    through.close().await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    drop(session);
    settled(&through).await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    drop(proxy);
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_timeout_says_why_connecting_failed_before(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let (through, proxy) = through_proxy(&Lab::of(&engine)).await?;
    let mut session = through.session();
    User::select().count(&mut session).await?;
    proxy.set(Line::Cut);
    let failed = User::select().count(&through).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::ConnectionLost, "{failed}");
    proxy.set(Line::Silent);
    let error = User::select().count(&through).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PoolTimeout, "{error}");
    let message = error.to_string();
    assert!(message.contains("of at most 2, 1 is open, 1 is in use and 0 are idle; nobody else waits"), "{message}");
    assert!(message.ends_with(&format!("; the last attempt to connect failed: {failed}")), "{message}");
    Ok(())
}

#[creole::test]
async fn a_server_that_does_not_answer_can_t_be_opened(engine: Engine) -> creole::Result<()> {
    if !is_server(&engine) {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let (proxy, url) = Proxy::at(lab.url()).await;
    proxy.set(Line::Cut);
    let error = Engine::connect(&url).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error}");
    proxy.set(Line::Silent);
    let begun = Instant::now();
    let error = Engine::connect(&format!("{url}&connect_timeout=1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error}");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    // Which server there is, is found out in the same time.
    let begun = Instant::now();
    let error = Engine::builder(&url).acquire_timeout(Duration::from_millis(300)).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PoolTimeout, "{error}");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    proxy.set(Line::Open);
    Engine::connect(&url).await?.close().await;
    Ok(())
}

//! Lines that fall silent: nobody waits longer than the limits say.
//!
//! SQLite has no line.

use std::time::{Duration, Instant};

use creole::prelude::*;
use futures_util::StreamExt as _;

use crate::health::healthy;
use crate::lab::Lab;
use crate::models::{User, user};
use crate::proxy::{Line, Proxy, Side};

/// What the pool's limits are here.
const LIMIT: Duration = Duration::from_millis(500);

/// More than the limits together, on a machine that has other things to do, and less than any other limit there is.
const SOON: Duration = Duration::from_secs(8);

/// How many connect at the same time.
const AT_ONCE: usize = 16;

/// The server, or the client, is not heard any more from some byte on: each of the first ones, and every few of what it says
/// until the engine is open.
#[creole::test]
async fn at_any_byte_of_connecting(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        return Ok(());
    }
    for side in [Side::Server, Side::Client] {
        let of_the_test = creole::testing::url();
        let of_the_test = &of_the_test;
        let (proxy, url) = Proxy::at(of_the_test).await;
        let _open = Engine::connect(&url).await?;
        let said = proxy.passed(side);
        assert!(said > 60, "{said} bytes of the {side:?}");
        let open = |bytes: usize| async move {
            let (proxy, url) = Proxy::at(of_the_test).await;
            proxy.pass(side, bytes);
            // Far above what is looked at, so that it is not this that ends the wait.
            let builder = Engine::builder(&format!("{url}&connect_timeout=60")).acquire_timeout(LIMIT);
            let begun = Instant::now();
            let opened = builder.connect().await;
            let took = begun.elapsed();
            assert!(took < SOON, "after {bytes} bytes of the {side:?} it took {took:?}");
            // The last bytes are those of a goodbye.
            assert!(opened.is_err() || bytes + 20 > said, "{bytes} bytes of the {side:?} were enough");
            opened.err().map(|error| error.kind())
        };
        let bytes = (0..said).filter(|byte| *byte < 50 || byte % 11 == 0);
        let kinds: Vec<_> = futures_util::stream::iter(bytes).map(open).buffered(AT_ONCE).collect().await;
        let silent = [ErrorKind::PoolTimeout, ErrorKind::ConnectionLost];
        assert!(kinds.iter().flatten().all(|kind| silent.contains(kind)), "{kinds:?}");
    }
    Ok(())
}

/// An engine through a proxy, with a table and short limits.
async fn through_proxy(lab: &Lab) -> creole::Result<(Engine, Proxy)> {
    let (proxy, url) = Proxy::at(lab.url()).await;
    let builder = Engine::builder(&url).acquire_timeout(SOON).release_timeout(LIMIT).commit_timeout(LIMIT);
    let engine = builder.max_connections(2).connect().await?;
    engine.create_all(tables![User]).await?;
    Ok((engine, proxy))
}

#[creole::test]
async fn while_a_transaction_ends(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let (through, proxy) = through_proxy(&lab).await?;
    let again = || {
        proxy.set(Line::Cut);
        proxy.set(Line::Open);
    };
    let pending = async || {
        let mut session = through.session();
        insert(&user("ada")).exec(&mut session).await?;
        creole::Result::Ok(session)
    };

    let mut session = pending().await?;
    proxy.set(Line::Silent);
    let begun = Instant::now();
    let error = session.commit().await.unwrap_err();
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!(error.kind(), ErrorKind::CommitUnknown);
    assert!(error.to_string().contains("commit_timeout"), "{error}");
    drop(session);
    again();

    let mut session = pending().await?;
    proxy.set(Line::Silent);
    let begun = Instant::now();
    session.rollback().await?;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    again();
    // The session is of use again.
    assert_eq!(User::select().count(&mut session).await?, 0);
    session.rollback().await?;
    drop(session);

    let begun = Instant::now();
    let refused: creole::Result<()> = through
        .transaction(async |tx| {
            insert(&user("ada")).exec(&mut *tx).await?;
            proxy.set(Line::Silent);
            Err(creole::Error::new(ErrorKind::Other, "the program thinks better of it"))
        })
        .await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Other);
    again();

    let mut session = pending().await?;
    let begun = Instant::now();
    let undone: creole::Result<()> = session
        .savepoint(async |inner| {
            insert(&user("bob")).exec(&mut *inner).await?;
            proxy.set(Line::Silent);
            Err(creole::Error::new(ErrorKind::Other, "the program thinks better of it"))
        })
        .await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!(undone.unwrap_err().kind(), ErrorKind::Other);
    assert!(session.commit().await.is_err());
    again();
    drop(session);
    healthy(&through).await;
    assert_eq!(User::select().count(&engine).await?, 0);
    Ok(())
}

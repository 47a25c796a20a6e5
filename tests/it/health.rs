//! What must hold after every failure: the pool is whole, the next statements get their own answers, and no transaction is
//! left open on the server.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use creole::prelude::*;

use crate::raw::Raw;

/// How long what happens in the background may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The longest time between two looks.
const LONGEST_PAUSE: Duration = Duration::from_millis(370);

/// A row that an operation writes and must read back.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "echoes", default)]
struct Echo {
    #[model(primary_key, auto)]
    id: i64,
    nonce: i64,
}

/// Looks after one engine, again and again.
pub(crate) struct Doctor {
    engine: Engine,
    /// Another connection to the same database; none on SQLite, where the echoes say enough.
    raw: Option<Raw>,
}

impl Doctor {
    /// The doctor of an engine on the database of this URL.
    pub(crate) async fn of(engine: &Engine, url: &str) -> Doctor {
        let raw = match engine.dialect().name() {
            // The echoes begin write transactions, of which SQLite has one at a time.
            "sqlite" => None,
            _ => Some(Raw::open(url).await.expect("a connection past the engine")),
        };
        Doctor { engine: engine.clone(), raw }
    }

    /// Proves that the engine is healthy.
    ///
    /// # Panics
    /// Where it is not.
    pub(crate) async fn check(&mut self) {
        self.check_with(6).await;
    }

    async fn check_with(&mut self, operations: usize) {
        settled(&self.engine).await;
        echoes(&self.engine, operations).await;
        settled(&self.engine).await;
        if let Some(raw) = &mut self.raw {
            // Asked for its transactions, MySQL may fail over the text of somebody else's statement.
            let is_idle = async || raw.open_transactions().await.is_ok_and(|open| open == 0);
            eventually("a transaction is open on the server", is_idle).await;
        }
    }
}

/// Proves that an engine on the running test's database is healthy, with twenty operations.
///
/// # Panics
/// Where it is not.
pub(crate) async fn healthy(engine: &Engine) {
    let url = if engine.dialect().name() == "sqlite" { String::new() } else { creole::testing::url() };
    Doctor::of(engine, &url).await.check_with(20).await;
}

/// Waits until nothing is lent out and nobody waits.
pub(crate) async fn settled(engine: &Engine) {
    eventually("a connection did not come back to the pool", async || {
        let status = engine.status();
        status.in_use == 0 && status.waiting == 0
    })
    .await;
}

/// Waits for something that happens in the background.
///
/// # Panics
/// With `complaint`, where it does not happen in time.
pub(crate) async fn eventually(complaint: &str, mut happened: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(5);
    while !happened().await {
        assert!(begun.elapsed() < PATIENCE, "{complaint}, and it has had {PATIENCE:?}");
        // MySQL shows its transactions as they were, until nobody has looked for a tenth of a second: so the longer it
        // takes, the more seldom we look.
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Runs operations of every kind, some beside each other, and checks that each gets its own answer.
async fn echoes(engine: &Engine, operations: usize) {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    let nonce = || NEXT.fetch_add(1, Ordering::Relaxed);
    engine.create_all(tables![Echo]).await.expect("the table for echoes");
    let beside: Vec<_> = (0..operations / 2).map(|_| tokio::spawn(echo(engine.clone(), nonce()))).collect();
    for task in beside {
        task.await.expect("an operation after the failure");
    }
    for _ in 0..operations / 2 {
        echo(engine.clone(), nonce()).await;
    }
}

/// One operation, by the nonce's turn on the engine, in a transaction or in a session.
async fn echo(engine: Engine, nonce: i64) {
    let row = Echo { nonce, ..Default::default() };
    let written = match nonce % 3 {
        0 => insert(&row).returning().one(&engine).await.expect("an insert after the failure"),
        1 => {
            let work = async |tx: &mut Session| insert(&row).returning().one(&mut *tx).await;
            engine.transaction(work).await.expect("a transaction after the failure")
        }
        _ => {
            let mut session = engine.session();
            let handle = session.add(row);
            session.commit().await.expect("a session after the failure");
            session[handle].clone()
        }
    };
    assert_eq!(written.nonce, nonce, "somebody else's answer");
    let found = Echo::find(written.id, &engine).await.expect("a read after the failure");
    assert_eq!(found, Some(written), "somebody else's answer");
}

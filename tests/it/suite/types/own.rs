//! Types that a program has taught creole by itself: one is kept as text, one as an integer.

use std::net::IpAddr;
use std::time::Duration;

use creole::prelude::*;
use creole::types::{ColumnType, Ordered, SqlValue, ValueRef};
use creole::{Error, Result};

use crate::health::healthy;

/// Kept as text, which its `Display` makes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Host(IpAddr);

impl SqlValue for Host {
    const TYPE: ColumnType = ColumnType::TEXT.with_length(45);

    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Display(&self.0)
    }

    fn from_value(value: ValueRef<'_>) -> Result<Host> {
        match value {
            ValueRef::Text(text) => {
                text.parse().map(Host).map_err(|_| Error::decode("Host", "text that is no address"))
            }
            other => Err(Error::decode("Host", other.kind())),
        }
    }
}

/// Kept as an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Seconds(Duration);

impl SqlValue for Seconds {
    const TYPE: ColumnType = ColumnType::I64;

    fn bind(&self) -> ValueRef<'_> {
        i64::try_from(self.0.as_secs()).map_or(ValueRef::Invalid("the time span is too long"), ValueRef::I64)
    }

    fn from_value(value: ValueRef<'_>) -> Result<Seconds> {
        let seconds = <i64 as SqlValue>::from_value(value)?;
        let seconds = u64::try_from(seconds).map_err(|_| Error::decode("Seconds", "a negative number"))?;
        Ok(Seconds(Duration::from_secs(seconds)))
    }
}

impl Ordered for Seconds {}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "pings")]
struct Ping {
    #[model(primary_key)]
    host: Host,
    took: Seconds,
    next: Option<Host>,
    wait: Option<Seconds>,
}

/// The same table with what is kept.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "pings")]
struct Kept {
    #[model(primary_key, length = 45)]
    host: String,
    took: i64,
    next: Option<String>,
    wait: Option<i64>,
}

fn host(text: &str) -> Host {
    Host(text.parse().unwrap())
}

fn seconds(seconds: u64) -> Seconds {
    Seconds(Duration::from_secs(seconds))
}

fn pings() -> [Ping; 3] {
    let ping = |name, took, next: Option<&str>, wait: Option<u64>| Ping {
        host: host(name),
        took: seconds(took),
        next: next.map(host),
        wait: wait.map(seconds),
    };
    [ping("10.0.0.1", 3, None, Some(0)), ping("::1", 20, Some("10.0.0.1"), None), ping("9.9.9.9", 100, None, Some(7))]
}

#[creole::test]
async fn they_are_written_read_found_and_sorted(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ping]).await?;
    let mut session = engine.session();
    for ping in pings() {
        session.add(ping);
    }
    session.commit().await?;
    for ping in pings() {
        assert_eq!(Ping::find(ping.host.clone(), &engine).await?, Some(ping.clone()));
        assert_eq!(Ping::select().filter(Ping::took.eq(ping.took)).one(&engine).await?, ping);
    }
    let kept = Kept::find("::1", &engine).await?.unwrap();
    assert_eq!((kept.took, kept.next.as_deref(), kept.wait), (20, Some("10.0.0.1"), None));
    assert_eq!(
        select((Ping::host, Ping::wait)).filter(Ping::took.eq(seconds(3))).one(&engine).await?,
        (host("10.0.0.1"), Some(seconds(0)))
    );
    assert_eq!(select(max(Ping::took)).one(&engine).await?, Some(seconds(100)));
    let hosts = |pings: Vec<Ping>| pings.into_iter().map(|ping| ping.host).collect::<Vec<_>>();
    let by_time = Ping::select().order_by(Ping::took.desc()).all(&engine).await?;
    assert_eq!(hosts(by_time), [host("9.9.9.9"), host("::1"), host("10.0.0.1")]);
    // What is text sorts as text.
    let by_host = Ping::select().order_by(Ping::host).all(&engine).await?;
    assert_eq!(hosts(by_host), [host("10.0.0.1"), host("9.9.9.9"), host("::1")]);
    let next = Ping::next.is_in([host("10.0.0.1"), host("8.8.8.8")]).or(Ping::wait.between(seconds(5), seconds(9)));
    assert_eq!(Ping::select().filter(next).count(&engine).await?, 2);
    let handle = session.get::<Ping>(host("::1")).await?.unwrap();
    session[handle].next = Some(host("fe80::1"));
    session.commit().await?;
    update::<Ping>().set(Ping::wait, seconds(1)).filter(Ping::next.eq(host("fe80::1"))).exec(&engine).await?;
    assert_eq!(Ping::find(host("::1"), &engine).await?.unwrap().wait, Some(seconds(1)));
    assert_eq!(
        insert(&Ping { host: host("1.1.1.1"), ..pings()[1].clone() }).returning().one(&engine).await?.took,
        seconds(20)
    );
    Ok(())
}

#[creole::test]
async fn what_they_refuse_is_an_error_that_names_the_column(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ping]).await?;
    let canary = Kept { host: "canary".into(), took: 1, next: None, wait: None };
    insert(&canary).exec(&engine).await?;
    insert(&Kept { host: "1.1.1.1".into(), took: -7, ..canary }).exec(&engine).await?;
    for (condition, column) in [(Ping::took.eq(seconds(1)), "host"), (Ping::host.eq(host("1.1.1.1")), "took")] {
        let error = Ping::select().filter(condition).one(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::Decode, Some("pings")), "{error}");
        assert_eq!(error.columns().collect::<Vec<_>>(), [column]);
        assert!(!error.to_string().contains("canary") && !error.to_string().contains('7'), "{error}");
    }
    let endless = Ping { took: seconds(u64::MAX), ..pings()[0].clone() };
    let errors = [
        insert(&endless).exec(&engine).await.unwrap_err(),
        update::<Ping>().set(Ping::took, endless.took).all_rows().exec(&engine).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
        assert_eq!((error.table(), error.columns().next()), (Some("pings"), Some("took")), "{error}");
        assert!(error.to_string().contains("too long"), "{error}");
    }
    let error = Ping::select().filter(Ping::took.eq(endless.took)).all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
    healthy(&engine).await;
    Ok(())
}

//! Opening an engine: what is wrong with the URL, the server, the user or the file is said clearly.

use std::time::Duration;

use creole::prelude::*;

use crate::health::healthy;
use crate::lab::Lab;
use crate::models::{User, user};

/// The error of opening this URL.
async fn refused(url: &str) -> creole::Error {
    let opened = Engine::builder(url).acquire_timeout(Duration::from_secs(20)).connect().await;
    opened.map(|engine| panic!("{url} was opened: {engine:?}")).unwrap_err()
}

#[tokio::test]
async fn a_url_of_no_backend_names_those_there_are() {
    for url in ["mssql://sa@host/db", "oracle:x", "", "app.db", "/var/lib/app.db", ":memory:", "://", "a b:c"] {
        let error = refused(url).await;
        assert_eq!(error.kind(), ErrorKind::Config, "{url}: {error}");
        for scheme in ["sqlite:", "postgres://", "mysql://", "mariadb://"] {
            assert!(error.to_string().contains(scheme), "{url}: {error}");
        }
    }
}

#[creole::test]
async fn a_url_that_is_wrong(engine: Engine) -> creole::Result<()> {
    let backend = engine.dialect().name();
    let urls: &[&str] = match backend {
        "sqlite" => {
            &["sqlite:", "sqlite:x.db?mode=zz", "sqlite:x.db?no_such_option=1", "sqlite::memory:?connections=0"]
        }
        "postgres" => &[
            "postgres:host/db",
            "postgres://me@host:port/db",
            "postgres://me@host:70000/db",
            "postgres://me@host/db?sslmode=maybe",
            "postgres://me@host/db?no_such_option=1",
        ],
        _ => &[
            "mysql:host/db",
            "mysql://me@host:port/db",
            "mysql://me@host:70000/db",
            "mysql://me@host/db?ssl-mode=maybe",
            "mariadb://me@host/db?no_such_option=1",
        ],
    };
    for url in urls {
        let error = refused(url).await;
        assert_eq!(error.kind(), ErrorKind::Config, "{url}: {error}");
        if url.contains("no_such_option") {
            let known = if backend == "sqlite" { "busy_timeout" } else { "connect_timeout" };
            assert!(error.to_string().contains(known), "it does not list the options: {error}");
        }
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_server_that_is_not_there(engine: Engine) -> creole::Result<()> {
    let scheme = engine.dialect().name();
    if scheme == "sqlite" {
        return Ok(());
    }
    for host in ["127.0.0.1:1", "no-such-host.invalid"] {
        let begun = std::time::Instant::now();
        let error = refused(&format!("{scheme}://root:secret@{host}/test")).await;
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{host}: {error}");
        assert!(error.to_string().contains(host), "it does not say where: {error}");
        assert!(begun.elapsed() < Duration::from_secs(15));
    }
    Ok(())
}

#[creole::test]
async fn a_user_or_a_database_that_is_not_there(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        return Ok(());
    }
    let url = creole::testing::url();
    let (scheme, rest) = url.split_once("://").expect("a server's URL");
    let (user_info, rest) = rest.split_once('@').expect("a user in the URL");
    let (address, _) = rest.split_once('/').expect("a database in the URL");
    let error = refused(&format!("{scheme}://creole_nobody:wrong@{address}/test")).await;
    assert_eq!(error.kind(), ErrorKind::Auth, "{error}");
    assert!(error.code().is_some(), "{error}");

    let error = refused(&format!("{scheme}://{user_info}@{address}/creole_no_such_database")).await;
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert!(error.to_string().contains("creole_no_such_database"), "it does not say which: {error}");
    if engine.dialect().name() != "postgres" {
        // The PostgreSQL server of the tests may trust whoever comes.
        let user = user_info.split(':').next().unwrap_or_default();
        let error = refused(&format!("{scheme}://{user}:certainly-wrong@{address}/test")).await;
        assert_eq!(error.kind(), ErrorKind::Auth, "{error}");
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_file_that_is_not_there_or_no_database(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "sqlite" {
        return Ok(());
    }
    let folder = std::env::temp_dir().join(format!("creole-opening-{}", Uuid::now_v7()));
    std::fs::create_dir(&folder).expect("a folder");
    let path = |name: &str| folder.join(name).display().to_string();

    let error = refused(&format!("sqlite:{}", path("no/such/folder/app.db"))).await;
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert!(error.to_string().contains("no/such/folder"), "{error}");
    let error = refused(&format!("sqlite:{}?mode=rw", path("new.db"))).await;
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert!(error.to_string().contains("new.db"), "{error}");
    assert!(!folder.join("new.db").exists(), "it was created all the same");
    let error = refused(&format!("sqlite:{}", folder.display())).await;
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");

    std::fs::write(folder.join("text.db"), "no database at all, ".repeat(1_000)).expect("a file");
    let error = refused(&format!("sqlite:{}", path("text.db"))).await;
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");

    let writing = Engine::connect(&format!("sqlite:{}", path("app.db"))).await?;
    writing.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&writing).await?;
    let reading = Engine::connect(&format!("sqlite:{}?mode=ro", path("app.db"))).await?;
    assert_eq!(User::select().count(&reading).await?, 1);
    let error = insert(&user("bob")).exec(&reading).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error}");
    let mut session = reading.session();
    session.add(user("bob"));
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::ReadOnly);
    drop(session);
    assert_eq!(User::select().count(&reading).await?, 1);
    writing.close().await;
    reading.close().await;
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    Ok(())
}

#[creole::test]
async fn a_server_s_engine_can_be_opened_again_and_again(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    for number in 0..10 {
        let engine = lab.builder().connect().await?;
        engine.create_all(tables![User]).await?;
        insert(&user(&format!("{number}"))).exec(&engine).await?;
        engine.close().await;
    }
    let engine = lab.builder().connect().await?;
    assert_eq!(User::select().count(&engine).await?, 10);
    Ok(())
}

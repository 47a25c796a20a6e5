//! Files and databases in memory.

use std::path::Path;

use creole_core::ErrorKind;
use creole_core::driver::{Connection, PoolShape, Role};
use creole_core::types::ColumnType;
use creole_sqlite::open;

use crate::common::{Keep, execute, file, folder, number, statement, text, url};

/// The file behind a connection.
async fn path_of(connection: &mut dyn Connection) -> String {
    text(connection, "SELECT file FROM pragma_database_list").await
}

#[tokio::test]
async fn readers_read_while_a_writers_transaction_is_open() {
    for options in ["sqlite::memory:", &url(&folder().join("test.db"), "")] {
        let driver = open(options).await.unwrap();
        assert_eq!(driver.pool_shape(), PoolShape::OneWriter);
        let mut reader = driver.connect(Role::Reader).await.unwrap();
        let mut writer = driver.connect(Role::Writer).await.unwrap();
        writer.command("CREATE TABLE t (v INTEGER) STRICT").await.unwrap();
        writer.command("BEGIN IMMEDIATE").await.unwrap();
        writer.command("INSERT INTO t VALUES (1)").await.unwrap();
        assert_eq!(number(&mut *reader, "SELECT count(*) FROM t").await, 0);
        writer.command("COMMIT").await.unwrap();
        assert_eq!(number(&mut *reader, "SELECT count(*) FROM t").await, 1);
        let error = execute(&mut *reader, "INSERT INTO t VALUES (2)").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ReadOnly);
    }
}

#[tokio::test]
async fn a_read_only_transaction_is_one_snapshot() {
    let driver = open("sqlite::memory:").await.unwrap();
    let mut writer = driver.connect(Role::Writer).await.unwrap();
    let mut reader = driver.connect(Role::Reader).await.unwrap();
    writer.command("CREATE TABLE t (v INTEGER) STRICT").await.unwrap();
    reader.command("BEGIN").await.unwrap();
    assert_eq!(number(&mut *reader, "SELECT count(*) FROM t").await, 0);
    writer.command("INSERT INTO t VALUES (1)").await.unwrap();
    assert_eq!(number(&mut *reader, "SELECT count(*) FROM t").await, 0);
    reader.command("COMMIT").await.unwrap();
    assert_eq!(number(&mut *reader, "SELECT count(*) FROM t").await, 1);
}

#[tokio::test]
async fn databases_in_memory_are_private_and_leave_nothing_behind() {
    let first = open("sqlite::memory:").await.unwrap();
    let second = open("sqlite::memory:").await.unwrap();
    let mut a = first.connect(Role::Writer).await.unwrap();
    let mut b = second.connect(Role::Writer).await.unwrap();
    a.command("CREATE TABLE t (v INTEGER) STRICT").await.unwrap();
    assert_eq!(execute(&mut *b, "SELECT 1 FROM t").await.unwrap_err().kind(), ErrorKind::UndefinedTable);
    let path = path_of(&mut *a).await;
    let folder = Path::new(&path).parent().unwrap().to_owned();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
    drop(first);
    assert!(folder.exists(), "a connection still has it");
    a.close().await;
    assert!(!folder.exists());
}

#[tokio::test]
async fn what_a_killed_program_left_is_swept_and_what_lives_is_not() {
    let alive = open("sqlite::memory:").await.unwrap();
    let mut connection = alive.connect(Role::Writer).await.unwrap();
    let path = path_of(&mut *connection).await;
    let living = Path::new(&path).parent().unwrap();
    let dead = living.with_file_name("creole-sqlite-0000000000000000");
    std::fs::create_dir_all(&dead).unwrap();
    std::fs::write(dead.join("lock"), "").unwrap();
    std::fs::write(dead.join("db"), "").unwrap();
    let _other = open("sqlite::memory:").await.unwrap();
    assert!(!dead.exists());
    assert!(living.exists());
}

#[tokio::test]
async fn one_connection_is_asked_for_by_name() {
    let driver = open("sqlite::memory:?connections=1").await.unwrap();
    assert_eq!(driver.pool_shape(), PoolShape::Single);
    let mut connection = driver.connect(Role::Writer).await.unwrap();
    assert_eq!(path_of(&mut *connection).await, "");
    let driver = open(&url(&folder().join("test.db"), "?connections=1")).await.unwrap();
    assert_eq!(driver.pool_shape(), PoolShape::Single);
}

#[tokio::test]
async fn modes() {
    let (driver, path) = file("?mode=rw").await;
    let error = driver.connect(Role::Writer).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("there is no file"), "{error}");
    let read_only = open(&url(&path, "?mode=ro")).await.unwrap();
    assert_eq!(read_only.connect(Role::Reader).await.err().unwrap().kind(), ErrorKind::Config);

    let mut writer = open(&url(&path, "")).await.unwrap().connect(Role::Writer).await.unwrap();
    writer.command("CREATE TABLE t (v INTEGER) STRICT").await.unwrap();
    for role in [Role::Reader, Role::Writer] {
        let mut connection = read_only.connect(role).await.unwrap();
        assert_eq!(number(&mut *connection, "SELECT count(*) FROM t").await, 0);
        assert_eq!(connection.command("DROP TABLE t").await.unwrap_err().kind(), ErrorKind::ReadOnly);
    }
}

#[tokio::test]
async fn a_file_that_can_not_be_opened_says_why() {
    let missing = folder().join("missing/test.db");
    let error = open(&url(&missing, "")).await.unwrap().connect(Role::Writer).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Config);
    let other = folder().join("not-a-database");
    std::fs::write(&other, "x".repeat(5_000)).unwrap();
    let error = open(&url(&other, "")).await.unwrap().connect(Role::Writer).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
}

#[tokio::test]
async fn hostile_names_of_files_are_files() {
    let folder = folder();
    for name in ["a b%25.db", "file%3Ax%3Fmode=memory", "%C3%A4%F0%9F%98%80", "quo'te\"s", ":memory:"] {
        let encoded = format!("sqlite://{}/{name}", folder.display());
        let mut connection = open(&encoded).await.unwrap().connect(Role::Writer).await.unwrap();
        connection.command("CREATE TABLE t (v INTEGER)").await.unwrap();
    }
    for name in ["a b%.db", "file:x?mode=memory", "ä😀", "quo'te\"s", ":memory:"] {
        assert!(folder.join(name).exists(), "{name}");
    }
}

#[tokio::test]
async fn many_connections_can_be_opened_at_once() {
    let (driver, _) = file("").await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let driver = driver.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let mut connection = driver.connect(Role::Reader).await.unwrap();
                    text(&mut *connection, "PRAGMA journal_mode").await
                })
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.join().unwrap(), "wal");
    }
}

#[tokio::test]
async fn a_break_stops_the_rows() {
    let mut connection = crate::common::memory().await;
    let mut sink = Keep { types: &[ColumnType::I64], rows: Vec::new(), most: 2 };
    let values = statement("VALUES (1), (2), (3)", &[]);
    connection.fetch(&values, &mut sink).await.unwrap();
    assert_eq!(sink.rows.len(), 2);
    connection.ping().await.unwrap();
}

/// The log is written back although SQLite's own way of doing so is replaced.
#[tokio::test]
async fn the_log_does_not_grow_without_end() {
    for options in ["", "?synchronous=normal"] {
        let (driver, path) = file(options).await;
        let mut connection = driver.connect(Role::Writer).await.unwrap();
        connection.command("CREATE TABLE t (v BLOB) STRICT").await.unwrap();
        for _ in 0..50 {
            connection.command("INSERT INTO t VALUES (zeroblob(400000))").await.unwrap();
        }
        let log = std::fs::metadata(path.with_extension("db-wal")).unwrap().len();
        assert!(log < 10_000_000, "{log} bytes of log for 20,000,000 bytes written");
    }
}

/// Transfers between accounts, by two writers, while readers add the accounts up: the sum is the same at every moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_reader_ever_sees_half_a_transfer() {
    for url in ["sqlite::memory:", &url(&folder().join("bank.db"), "?synchronous=normal")] {
        let driver = open(url).await.unwrap();
        let mut connection = driver.connect(Role::Writer).await.unwrap();
        connection
            .command("CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL) STRICT")
            .await
            .unwrap();
        connection.command("INSERT INTO accounts VALUES (0, 1000), (1, 1000), (2, 1000)").await.unwrap();
        let writers = (0..2_i64).map(|number| {
            let driver = driver.clone();
            tokio::spawn(async move {
                let mut connection = driver.connect(Role::Writer).await.unwrap();
                for turn in 0..400_i64 {
                    let (from, to) = ((turn + number) % 3, (turn * 7 + number + 1) % 3);
                    connection.command("BEGIN IMMEDIATE").await.unwrap();
                    execute(&mut *connection, &format!("UPDATE accounts SET balance = balance - 1 WHERE id = {from}"))
                        .await
                        .unwrap();
                    tokio::task::yield_now().await;
                    execute(&mut *connection, &format!("UPDATE accounts SET balance = balance + 1 WHERE id = {to}"))
                        .await
                        .unwrap();
                    connection.command(if turn % 5 == 0 { "ROLLBACK" } else { "COMMIT" }).await.unwrap();
                }
            })
        });
        let readers = (0..2).map(|_| {
            let driver = driver.clone();
            tokio::spawn(async move {
                let mut connection = driver.connect(Role::Reader).await.unwrap();
                for _ in 0..1_000 {
                    assert_eq!(number(&mut *connection, "SELECT sum(balance) FROM accounts").await, 3_000);
                }
            })
        });
        for task in writers.chain(readers).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(text(&mut *connection, "PRAGMA integrity_check").await, "ok");
    }
}

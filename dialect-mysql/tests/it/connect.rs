//! Connecting: what is refused and as what, passwords, and how a connection is set up.

use creole_core::ErrorKind;
use creole_core::driver::Role;

use crate::support::{Server, servers};

const PASSWORD: &str = "c%41nary:@/?#ü 'x'";
const ENCODED: &str = "c%2541nary%3A%40%2F%3F%23%C3%BC%20'x'";

async fn refused(url: &str) -> ErrorKind {
    let error = creole_mysql::open(url).await.err().unwrap_or_else(|| panic!("it connected"));
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("nary") && !shown.contains("secret"), "{shown}");
    error.kind()
}

#[tokio::test]
async fn what_is_wrong_has_its_kind() {
    for server in servers().await {
        assert_eq!(refused(&server.url_of("it_nobody", "secret", "test", "")).await, ErrorKind::Auth);
        assert_eq!(refused(&server.url_of("root", "secret", "test", "")).await, ErrorKind::Auth);
        assert_eq!(refused(&server.url_of("root", "", "it_no_such_database", "")).await, ErrorKind::Config);
        assert_eq!(
            refused(&server.url_of("root", "", "test", "ssl-ca=%2Fno%2Fsuch&ssl-mode=verify_ca")).await,
            ErrorKind::Config
        );
    }
    for url in ["mysql://root:secret@127.0.0.1:1/test", "mysql://root:secret@no-such-host.invalid/test"] {
        assert_eq!(refused(url).await, ErrorKind::ConnectionLost, "{url}");
    }
    assert_eq!(refused("mysql://root:secret@localhost/test?socket=/no/such/socket").await, ErrorKind::ConnectionLost);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let started = std::time::Instant::now();
    let url = format!("mysql://root:secret@127.0.0.1:{port}/test?connect_timeout=1");
    assert_eq!(refused(&url).await, ErrorKind::ConnectionLost);
    assert!(started.elapsed() < std::time::Duration::from_secs(3));
}

#[tokio::test]
async fn passwords_are_taken() {
    for server in servers().await {
        let mut root = server.connect().await;
        let quoted = PASSWORD.replace('\'', "''");
        root.command("DROP USER IF EXISTS it_user").await;
        root.command(&format!("CREATE USER it_user IDENTIFIED BY '{quoted}'")).await;
        root.command("GRANT SELECT ON test.* TO it_user").await;
        for mode in modes(&server) {
            // MySQL forgets the passwords it has seen, so the whole exchange is made each time.
            root.command("FLUSH PRIVILEGES").await;
            let url = server.url_of("it_user", ENCODED, "test", &format!("ssl-mode={mode}"));
            if server.is_mysql() && mode == "disabled" {
                // The password would have to be encrypted by RSA, and by a key that anybody could have sent.
                let error = creole_mysql::open(&url).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Auth);
                assert!(error.to_string().contains("ssl-mode"), "{error}");
                continue;
            }
            let driver = creole_mysql::open(&url).await.unwrap_or_else(|error| panic!("{mode}: {error:?}"));
            assert!(!format!("{driver:?}").contains("nary"));
            let mut connection = driver.connect(Role::Writer).await.unwrap();
            let error = connection.command("CREATE TABLE it_forbidden (id int)").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Auth, "{error:?}");
            connection.close().await;
        }
        assert_eq!(refused(&server.url_of("it_user", "secret", "test", "")).await, ErrorKind::Auth);

        let socket = root.text("SELECT @@socket").await;
        if std::path::Path::new(&socket).exists() {
            root.command("FLUSH PRIVILEGES").await;
            let url = format!("mysql://it_user:{ENCODED}@localhost/test?socket={socket}");
            let driver = creole_mysql::open(&url).await.unwrap();
            driver.connect(Role::Writer).await.unwrap().ping().await.unwrap();
        } else {
            eprintln!("ignored: {socket} is not on this machine");
        }
        root.command("DROP USER it_user").await;
    }
}

/// MariaDB's test server has no certificate.
fn modes(server: &Server) -> Vec<&'static str> {
    if server.is_mysql() { vec!["disabled", "preferred", "required"] } else { vec!["disabled", "preferred"] }
}

#[tokio::test]
async fn encryption_is_not_downgraded() {
    for server in servers().await {
        if server.is_mysql() {
            let driver = creole_mysql::open(&format!("{}?ssl-mode=required", server.url)).await.unwrap();
            let mut connection = driver.connect(Role::Writer).await.unwrap();
            connection.ping().await.unwrap();
            // Nobody vouches for the certificate the server has made itself.
            assert_eq!(refused(&server.url_of("root", "", "test", "ssl-mode=verify_ca")).await, ErrorKind::Tls);
        } else {
            assert_eq!(refused(&server.url_of("root", "", "test", "ssl-mode=required")).await, ErrorKind::Tls);
        }
    }
}

#[tokio::test]
async fn a_connection_is_set_up() {
    for server in servers().await {
        let mut client = server.connect().await;
        assert_eq!(client.text("SELECT @@time_zone").await, "+00:00");
        let mode = client.text("SELECT @@sql_mode").await;
        assert!(mode.contains("STRICT_ALL_TABLES") && !mode.contains("PIPES_AS_CONCAT"), "{mode}");
        let collation = if server.is_mysql() { "utf8mb4_0900_bin" } else { "utf8mb4_nopad_bin" };
        assert_eq!(client.text("SELECT @@collation_connection").await, collation);
        let variable = if server.is_mysql() { "transaction_isolation" } else { "tx_isolation" };
        assert_eq!(client.text(&format!("SELECT @@{variable}")).await, "READ-COMMITTED");
        assert_eq!(client.number("SELECT @@autocommit").await, 1);
        assert!(client.number("SELECT @@group_concat_max_len").await >= 1 << 30);
        assert_eq!(
            client.value("SELECT 1 / 0", creole_core::types::ColumnType::I64).await.unwrap(),
            creole_core::types::Value::Null
        );

        let driver = creole_mysql::open(&format!("{}?isolation=server&statement_cache=2", server.url)).await.unwrap();
        let mut plain = driver.connect(Role::Writer).await.unwrap();
        let mut sink = crate::support::Collect::new(&[creole_core::types::ColumnType::TEXT]);
        let sql = format!("SELECT @@{variable}");
        plain.fetch(&crate::support::compiled(&sql, &[]), &mut sink).await.unwrap();
        assert_eq!(sink.rows, [[creole_core::types::Value::Text("REPEATABLE-READ".into())]]);
        // More texts than the cache holds.
        for number in 0..20 {
            plain.execute(&crate::support::compiled(&format!("SELECT {number}"), &[])).await.unwrap();
        }
        plain.ping().await.unwrap();
        plain.close().await;
    }
}

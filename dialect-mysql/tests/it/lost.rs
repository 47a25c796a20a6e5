//! Connections that are cut.

use creole_core::ErrorKind;
use creole_core::error::Effect;

use crate::support::servers;

#[tokio::test]
async fn a_killed_connection_says_that_it_is_lost() {
    for server in servers().await {
        let mut other = server.connect().await;
        // While nothing is under way.
        let mut client = server.connect().await;
        let id = client.number("SELECT connection_id()").await;
        other.command(&format!("KILL CONNECTION {id}")).await;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let error = client.execute("SELECT 1", &[]).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::ConnectionLost, Effect::Disconnected), "{error:?}");
        assert!(client.connection.ping().await.is_err());
        assert!(client.connection.command("SELECT 1").await.is_err());
        client.connection.close().await;

        // While a statement runs.
        let mut client = server.connect().await;
        let id = client.number("SELECT connection_id()").await;
        let (cut, ()) = tokio::join!(client.execute("SELECT sleep(10)", &[]), async {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            other.command(&format!("KILL CONNECTION {id}")).await;
        });
        let error = cut.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::ConnectionLost, Effect::Disconnected), "{error:?}");
    }
}

#[tokio::test]
async fn a_statement_that_is_cancelled_leaves_the_transaction_open() {
    let slow = "SELECT count(*) FROM information_schema.columns a, information_schema.columns b, \
                information_schema.columns c WHERE a.column_name <> concat(b.column_name, c.column_name)";
    for server in servers().await {
        let mut other = server.connect().await;
        let mut client = server.connect().await;
        client.command("DROP TABLE IF EXISTS it_cancelled").await;
        client.command("CREATE TABLE it_cancelled (id int PRIMARY KEY)").await;
        let id = client.number("SELECT connection_id()").await;
        client.command("START TRANSACTION").await;
        client.execute("INSERT INTO it_cancelled VALUES (1)", &[]).await.unwrap();
        let (cut, ()) = tokio::join!(client.execute(slow, &[]), async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            other.command(&format!("KILL QUERY {id}")).await;
        });
        let error = cut.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::StatementTimeout, Effect::Statement), "{error:?}");
        client.command("COMMIT").await;
        assert_eq!(client.number("SELECT count(*) FROM it_cancelled").await, 1);
        client.command("DROP TABLE it_cancelled").await;
    }
}

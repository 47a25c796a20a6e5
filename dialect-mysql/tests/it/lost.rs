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
        eprintln!("{}: {error:?} {:?}", server.driver.dialect().name(), error.server_message());
        assert_eq!(error.effect(), Effect::Disconnected, "{error:?}");
    }
}

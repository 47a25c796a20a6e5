//! [`open`] and the driver behind it: connecting and setting up.

use std::fmt;
use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use creole_core::dialect::Dialect;
use creole_core::driver::{Connection, Driver, Role, connected};
use creole_core::error::Effect;
use creole_core::{Error, ErrorKind, Result};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use crate::cancel::{Canceller, WHO};
use crate::connection::PostgresConnection;
use crate::dialect::{NAME, Postgres};
use crate::error::{from_sqlx, lost};
use crate::url::{Settings, unavoidable_variables};

/// What creole relies on, whatever the role, the database or the environment is set to. READ COMMITTED is what a
/// transaction has that names no isolation; backslashes in literals are no escapes; and notices are not sent, because they
/// may quote values and sqlx would log them.
const SETUP: &str = "SET default_transaction_isolation = 'read committed'; \
                     SET standard_conforming_strings = on; \
                     SET client_min_messages = error";

/// Reads a URL and returns the driver for it. Nothing is connected yet.
///
/// # Errors
/// [`ErrorKind::Config`], saying what is wrong with the URL and never showing it.
pub async fn open(url: &str) -> Result<Arc<dyn Driver>> {
    let settings = Settings::parse(url)?;
    for variable in unavoidable_variables() {
        tracing::warn!(variable, "is set in the environment and has an effect beside the URL");
    }
    let setup = match &settings.search_path {
        Some(schemas) => format!("{SETUP}; SET search_path = {schemas}; {WHO}"),
        None => format!("{SETUP}; {WHO}"),
    };
    Ok(Arc::new(PostgresDriver { settings: Arc::new(settings), setup }))
}

#[derive(Debug)]
struct PostgresDriver {
    settings: Arc<Settings>,
    setup: String,
}

#[async_trait]
impl Driver for PostgresDriver {
    fn dialect(&self) -> &'static dyn Dialect {
        &Postgres
    }

    async fn connect(&self, _role: Role) -> Result<Box<dyn Connection>> {
        let connecting = async { self.establish().await.map_err(|error| self.explain(error)) };
        let connected = connected(self.settings.connect_timeout, &self.settings.address, connecting).await;
        Ok(Box::new(connected.map_err(|error| error.on(NAME))?))
    }
}

impl PostgresDriver {
    async fn establish(&self) -> Result<PostgresConnection, sqlx::Error> {
        let mut connection = PgConnection::connect_with(&self.settings.options).await?;
        // Several statements in one message: one round trip.
        let who = sqlx::raw_sql(AssertSqlSafe(self.setup.as_str())).fetch_one(&mut connection).await?;
        let canceller = Canceller::new(self.settings.clone(), who.try_get(0)?, who.try_get(1)?);
        Ok(PostgresConnection::new(connection, canceller, self.settings.statement_cache))
    }

    fn explain(&self, error: sqlx::Error) -> Error {
        let address = &self.settings.address;
        match error {
            // What rustls refuses arrives as invalid data. Its words are about certificates and name no secret.
            sqlx::Error::Io(refusal) if refusal.kind() == io::ErrorKind::InvalidData => self.not_encrypted(&refusal),
            sqlx::Error::Tls(refusal) => self.not_encrypted(&refusal),
            sqlx::Error::Io(failure) => {
                let message = format!("no connection to {address} came about: {}", failure.kind());
                lost(message).with_io(failure)
            }
            error => self.refused(from_sqlx(error).with_effect(Effect::Disconnected)),
        }
    }

    /// Says what the server's refusal means.
    fn refused(&self, error: Error) -> Error {
        let message = match error.code() {
            Some("3D000") => {
                let database = self.settings.options.get_database().unwrap_or_default();
                format!("there is no database {database:?}")
            }
            Some(code) if code.starts_with("28") => {
                let user = self.settings.options.get_username();
                format!("the server refused the user {user:?} or the password")
            }
            Some("53300") => "the server takes no more connections".to_owned(),
            _ => return error,
        };
        let kind = error.kind();
        error.into_kind(kind, message)
    }

    fn not_encrypted(&self, refusal: &dyn fmt::Display) -> Error {
        let address = &self.settings.address;
        Error::new(ErrorKind::Tls, format!("no encrypted connection to {address} came about: {refusal}"))
            .on(NAME)
            .with_effect(Effect::Disconnected)
    }
}

//! Connections to a server.

use std::{fmt, time::Duration};

use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionInfo, IntoConnectionInfo, RedisError, Value,
    aio::MultiplexedConnection, io::tcp::TcpSettings,
};
use tokio::time::timeout;

use super::{error, sentinel::Sentinels};
use crate::StoreError;

/// The time limit for connecting, for an append and for the script.
pub(super) const ANSWER: Duration = Duration::from_secs(2);

/// The address of a server, and the Sentinels that know it, if there are any.
#[derive(Clone)]
pub(super) struct Address {
    server: ConnectionInfo,
    sentinels: Option<Sentinels>,
}

impl Address {
    pub(super) fn new(url: &str) -> Result<Self, StoreError> {
        Ok(Self { server: info(url)?, sentinels: None })
    }

    /// Adds Sentinels, which are asked for the address before each connection.
    pub(super) fn sentinels(self, urls: &[&str], master: &str) -> Result<Self, StoreError> {
        Ok(Self { sentinels: Some(Sentinels::new(urls, master)?), ..self })
    }

    /// Connects to the server. Returns its address too.
    pub(super) async fn connect(&self) -> Result<(ConnectionInfo, MultiplexedConnection), StoreError> {
        match &self.sentinels {
            Some(sentinels) => sentinels.connect(&self.server).await,
            None => Ok((self.server.clone(), connect(self.server.clone()).await?)),
        }
    }

    /// Returns whether another server has become the master.
    pub(super) async fn has_moved(&self, current: &ConnectionInfo) -> bool {
        match &self.sentinels {
            Some(sentinels) => sentinels.has_moved(current).await,
            None => false,
        }
    }
}

/// Displays the address without the credentials.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sentinels {
            Some(sentinels) => sentinels.fmt(f),
            None => write!(f, "{}", self.server.addr()),
        }
    }
}

pub(super) fn info(url: &str) -> Result<ConnectionInfo, StoreError> {
    let info = url.into_connection_info().map_err(|error| {
        // The URL may contain a password, so it is not part of the message.
        StoreError::new(format!("the URL of the Redis server is invalid: {error}; write it as `redis://HOST:PORT`"))
    })?;
    let settings = info.redis_settings().clone().set_skip_set_lib_name();
    let tcp = TcpSettings::default().set_nodelay(true);
    Ok(info.set_redis_settings(settings).set_tcp_settings(tcp))
}

/// Opens a connection. Answers have no time limit, because reads of the tail block.
pub(super) async fn connect(server: ConnectionInfo) -> Result<MultiplexedConnection, StoreError> {
    let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    let connecting = async { Client::open(server)?.get_multiplexed_async_connection_with_config(&config).await };
    timeout(ANSWER, connecting).await.unwrap_or_else(|_| Err(late())).map_err(error::explain)
}

/// Sends a command and returns its answer, or an error if the server answers with one or does not answer in time.
pub(super) async fn send(
    connection: &mut MultiplexedConnection,
    command: &Cmd,
    limit: Duration,
) -> Result<Value, RedisError> {
    match timeout(limit, connection.send_packed_command(command)).await {
        Ok(answer) => answer?.extract_error(),
        Err(_) => Err(late()),
    }
}

/// Returns the error for an answer that has not arrived in time.
pub(super) fn late() -> RedisError {
    std::io::Error::new(std::io::ErrorKind::TimedOut, "the server did not answer in time").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_an_error_nor_the_debug_text_contains_the_password() {
        let address = Address::new("redis://user:secret@localhost:6390/2").unwrap();
        assert_eq!(format!("{address:?}"), "localhost:6390");
        let address = address.sentinels(&["redis://:secret@127.0.0.1:26379"], "hub").unwrap();
        assert_eq!(format!("{address:?}"), "master `hub` of the Sentinels 127.0.0.1:26379");
        for url in ["http://:secret@localhost", "localhost:6379:secret", "redis://:secret@localhost:port"] {
            let error = Address::new(url).unwrap_err().to_string();
            assert!(error.contains("redis://HOST:PORT") && !error.contains("secret"), "{error}");
        }
    }
}

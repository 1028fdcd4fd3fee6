//! Connections to a server, and how its address is found.

use std::{fmt, time::Duration};

use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisError, Value,
    aio::MultiplexedConnection, io::tcp::TcpSettings,
};
use tokio::time::timeout;

use crate::StoreError;

/// The time limit for connecting, for an append and for the script.
pub(super) const ANSWER: Duration = Duration::from_secs(2);

/// The address of a server, or of the Sentinels that know it.
#[derive(Clone)]
pub(super) struct Address {
    server: ConnectionInfo,
    sentinels: Vec<ConnectionInfo>,
    /// The name under which the Sentinels know the server.
    master: String,
}

impl Address {
    pub(super) fn new(url: &str) -> Result<Self, StoreError> {
        Ok(Self { server: info(url)?, sentinels: Vec::new(), master: String::new() })
    }

    /// Adds Sentinels, which are asked for the address before each connection.
    pub(super) fn sentinels(self, urls: &[&str], master: &str) -> Result<Self, StoreError> {
        let sentinels = urls.iter().map(|url| info(url)).collect::<Result<_, _>>()?;
        Ok(Self { sentinels, master: master.to_owned(), ..self })
    }

    /// Returns the server to connect to.
    pub(super) async fn find(&self) -> Result<ConnectionInfo, StoreError> {
        if self.sentinels.is_empty() {
            return Ok(self.server.clone());
        }
        let mut last = StoreError::new("no Sentinel is given");
        for sentinel in &self.sentinels {
            match self.ask(sentinel).await {
                Ok(address) => return Ok(self.server.clone().set_addr(address)),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn ask(&self, sentinel: &ConnectionInfo) -> Result<ConnectionAddr, StoreError> {
        let mut connection = connect(sentinel.clone()).await.map_err(StoreError::new)?;
        let mut command = redis::cmd("SENTINEL");
        command.arg("get-master-addr-by-name").arg(&self.master);
        let answer = send(&mut connection, &command, ANSWER).await.map_err(StoreError::new)?;
        let address = match answer {
            Value::Array(parts) => match parts.as_slice() {
                [Value::BulkString(host), Value::BulkString(port)] => parse(host, port),
                _ => None,
            },
            _ => None,
        };
        address.ok_or_else(|| {
            let (sentinel, master) = (sentinel.addr(), &self.master);
            StoreError::new(format!("the Sentinel at {sentinel} does not know the master `{master}`"))
        })
    }
}

fn parse(host: &[u8], port: &[u8]) -> Option<ConnectionAddr> {
    let (host, port) = (str::from_utf8(host).ok()?, str::from_utf8(port).ok()?);
    Some(ConnectionAddr::Tcp(host.to_owned(), port.parse().ok()?))
}

/// Displays the address without the credentials.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.server.addr())?;
        for sentinel in &self.sentinels {
            write!(f, ", Sentinel {}", sentinel.addr())?;
        }
        Ok(())
    }
}

fn info(url: &str) -> Result<ConnectionInfo, StoreError> {
    let info = url.into_connection_info().map_err(|error| {
        // The URL may contain a password, so it is not part of the message.
        StoreError::new(format!("the URL of the Redis server is invalid: {error}; write it as `redis://HOST:PORT`"))
    })?;
    let settings = info.redis_settings().clone().set_skip_set_lib_name();
    let tcp = TcpSettings::default().set_nodelay(true);
    Ok(info.set_redis_settings(settings).set_tcp_settings(tcp))
}

/// Opens a connection. Answers have no time limit, because reads of the tail block.
pub(super) async fn connect(server: ConnectionInfo) -> Result<MultiplexedConnection, RedisError> {
    let client = Client::open(server)?;
    let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    let connection = timeout(ANSWER, client.get_multiplexed_async_connection_with_config(&config)).await;
    connection.unwrap_or_else(|_| Err(late()))
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
        assert_eq!(format!("{address:?}"), "localhost:6390, Sentinel 127.0.0.1:26379");
        for url in ["http://:secret@localhost", "localhost:6379:secret", "redis://:secret@localhost:port"] {
            let error = Address::new(url).unwrap_err().to_string();
            assert!(error.contains("redis://HOST:PORT") && !error.contains("secret"), "{error}");
        }
    }
}

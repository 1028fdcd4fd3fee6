//! Redis Sentinel: which server is the master.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use redis::{ConnectionAddr, ConnectionInfo, Value, aio::MultiplexedConnection};
use tokio::time::timeout;

use super::connection::{ANSWER, connect, info, send};
use crate::{StoreError, trace};

/// The time limit for asking a Sentinel. It is short, because several of them may be unreachable.
const ASK: Duration = Duration::from_millis(500);

/// The Sentinels of a master.
#[derive(Clone)]
pub(super) struct Sentinels {
    servers: Arc<[ConnectionInfo]>,
    /// The name under which the Sentinels know the master.
    master: String,
    /// The index of the Sentinel that has last named a master, which is asked first.
    preferred: Arc<AtomicUsize>,
}

impl Sentinels {
    pub(super) fn new(urls: &[&str], master: &str) -> Result<Self, StoreError> {
        if urls.is_empty() {
            return Err(StoreError::new("no Sentinel is given; add the URL of at least one"));
        }
        let servers = urls.iter().map(|url| info(url)).collect::<Result<_, _>>()?;
        Ok(Self { servers, master: master.to_owned(), preferred: Arc::default() })
    }

    /// Connects to the first server that a Sentinel names and that is a master. `server` has everything but its address.
    pub(super) async fn connect(
        &self,
        server: &ConnectionInfo,
    ) -> Result<(ConnectionInfo, MultiplexedConnection), StoreError> {
        let mut last = None;
        let mut tried = Vec::new();
        for (index, sentinel) in self.in_order() {
            let named = match self.ask(sentinel, server).await {
                Ok(named) if tried.contains(named.addr()) => continue,
                Ok(named) => named,
                Err(error) => {
                    last = Some(error);
                    continue;
                }
            };
            match connect_to_master(&named).await {
                Ok(connection) => {
                    self.preferred.store(index, Ordering::Relaxed);
                    return Ok((named, connection));
                }
                Err(error) => last = Some(error),
            }
            // The Sentinel may not have noticed yet that this server has failed, while another one has.
            tried.push(named.addr().clone());
        }
        Err(last.unwrap_or_else(|| StoreError::new("no Sentinel is given")))
    }

    /// Returns whether a Sentinel names another master than `current`. It is believed only if that server can be reached
    /// and is a master. Returns `false` if no Sentinel answers: a connection that works does not need them.
    pub(super) async fn has_moved(&self, current: &ConnectionInfo) -> bool {
        let asking = async {
            let mut last = None;
            for (index, sentinel) in self.in_order() {
                let result = match self.ask(sentinel, current).await {
                    Ok(named) if named.addr() == current.addr() => Ok(false),
                    Ok(named) => connect_to_master(&named).await.map(|_| true),
                    Err(error) => Err(error),
                };
                match result {
                    Ok(has_moved) => {
                        self.preferred.store(index, Ordering::Relaxed);
                        return Ok(has_moved);
                    }
                    Err(error) => last = Some(error),
                }
            }
            Err(last)
        };
        match timeout(ANSWER, asking).await {
            Ok(Ok(has_moved)) => return has_moved,
            Ok(Err(Some(error))) => trace::store_failed("sentinel", &error),
            Ok(Err(None)) => {}
            Err(elapsed) => trace::store_failed("sentinel", &elapsed),
        }
        false
    }

    /// Returns the Sentinels with their indices, from the preferred one on.
    fn in_order(&self) -> impl Iterator<Item = (usize, &ConnectionInfo)> {
        let first = self.preferred.load(Ordering::Relaxed);
        self.servers.iter().enumerate().cycle().skip(first).take(self.servers.len())
    }

    /// Asks a Sentinel for the master. Returns `server` with its address.
    async fn ask(&self, sentinel: &ConnectionInfo, server: &ConnectionInfo) -> Result<ConnectionInfo, StoreError> {
        let name = sentinel.addr();
        let asking = async {
            let mut connection = connect(sentinel.clone()).await?;
            let mut command = redis::cmd("SENTINEL");
            command.arg("get-master-addr-by-name").arg(&self.master);
            send(&mut connection, &command, ASK).await.map_err(StoreError::new)
        };
        let answer = match timeout(ASK, asking).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(StoreError::new(format!("the Sentinel at {name}: {error}"))),
            Err(_) => return Err(StoreError::new(format!("the Sentinel at {name} did not answer in time"))),
        };
        let address = address(&answer, server.addr()).ok_or_else(|| {
            StoreError::new(format!("the Sentinel at {name} does not know the master `{}`", self.master))
        })?;
        Ok(server.clone().set_addr(address))
    }
}

/// Connects to a server that must be a master.
async fn connect_to_master(server: &ConnectionInfo) -> Result<MultiplexedConnection, StoreError> {
    let mut connection = connect(server.clone()).await?;
    let mut command = redis::cmd("INFO");
    command.arg("replication");
    // If the command is forbidden or fails, the first append shows whether the server is a replica.
    if let Ok(Value::BulkString(text)) = send(&mut connection, &command, ANSWER).await
        && text.windows(REPLICA.len()).any(|window| window == REPLICA)
    {
        let address = server.addr();
        return Err(StoreError::new(format!("a Sentinel names {address}, which is a replica")));
    }
    Ok(connection)
}

/// The line of `INFO` on a replica.
const REPLICA: &[u8] = b"role:slave";

/// Reads the answer of a Sentinel. The connection to the master is encrypted if that of the URL is.
fn address(answer: &Value, like: &ConnectionAddr) -> Option<ConnectionAddr> {
    let Value::Array(parts) = answer else { return None };
    let [Value::BulkString(host), Value::BulkString(port)] = parts.as_slice() else { return None };
    let (host, port) = (str::from_utf8(host).ok()?.to_owned(), str::from_utf8(port).ok()?.parse().ok()?);
    Some(match like {
        ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
            ConnectionAddr::TcpTls { host, port, insecure: *insecure, tls_params: tls_params.clone() }
        }
        _ => ConnectionAddr::Tcp(host, port),
    })
}

impl fmt::Debug for Sentinels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.servers.iter().map(|sentinel| sentinel.addr().to_string());
        write!(f, "master `{}` of the Sentinels {}", self.master, names.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(parts: &[&str]) -> Value {
        Value::Array(parts.iter().map(|part| Value::BulkString(part.as_bytes().to_vec())).collect())
    }

    #[test]
    fn a_connection_to_the_master_is_encrypted_if_the_url_says_so() {
        let plain = ConnectionAddr::Tcp("ignored".to_owned(), 6379);
        let secure =
            ConnectionAddr::TcpTls { host: "ignored".to_owned(), port: 6379, insecure: false, tls_params: None };
        let named = answer(&["10.0.0.7", "6380"]);
        assert_eq!(address(&named, &plain), Some(ConnectionAddr::Tcp("10.0.0.7".to_owned(), 6380)));
        let expected =
            ConnectionAddr::TcpTls { host: "10.0.0.7".to_owned(), port: 6380, insecure: false, tls_params: None };
        assert_eq!(address(&named, &secure), Some(expected));
    }

    #[test]
    fn an_answer_in_another_form_names_no_server() {
        let like = ConnectionAddr::Tcp("ignored".to_owned(), 6379);
        for other in [Value::Nil, answer(&[]), answer(&["10.0.0.7"]), answer(&["10.0.0.7", "port"])] {
            assert_eq!(address(&other, &like), None, "{other:?}");
        }
    }

    #[test]
    fn the_sentinel_that_has_last_named_a_master_is_asked_first() {
        let urls = ["redis://a:26379", "redis://b:26379", "redis://c:26379"];
        let sentinels = Sentinels::new(&urls, "hub").unwrap();
        let order = || sentinels.in_order().map(|(_, sentinel)| sentinel.addr().to_string()).collect::<Vec<_>>();
        assert_eq!(order(), ["a:26379", "b:26379", "c:26379"]);
        sentinels.preferred.store(2, Ordering::Relaxed);
        assert_eq!(order(), ["c:26379", "a:26379", "b:26379"]);
    }

    #[test]
    fn at_least_one_sentinel_is_needed() {
        let error = Sentinels::new(&[], "hub").err().unwrap().to_string();
        assert_eq!(error, "no Sentinel is given; add the URL of at least one");
    }
}

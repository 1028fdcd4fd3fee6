//! Responses as they arrive, in a form that can be compared.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A response without what differs from one time to the next: the date, and how the body is split.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) status: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) is_whole: bool,
}

impl Received {
    /// Replaces the value of a header.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self.headers.sort();
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|(known, value)| (known == name).then_some(value.as_str()))
    }
}

/// Sends the pieces one after the other, and returns all responses up to the end of the connection.
pub(super) async fn exchange(address: SocketAddr, pieces: impl Iterator<Item = &[u8]>, is_head: bool) -> Vec<Received> {
    let socket = TcpStream::connect(address).await.unwrap();
    socket.set_nodelay(true).unwrap();
    let (mut reader, mut writer) = socket.into_split();
    let sending = async move {
        for piece in pieces {
            // A server that has rejected the request may have closed the connection.
            if writer.write_all(piece).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
        writer
    };
    let receiving = async move {
        let mut bytes = Vec::new();
        // A reset is an end like any other: whether it is one depends on what the server has read before.
        let _ = reader.read_to_end(&mut bytes).await;
        bytes
    };
    let (_writer, bytes) = tokio::join!(sending, receiving);
    let mut rest = bytes.as_slice();
    let mut received = Vec::new();
    while !rest.is_empty() {
        received.push(parse(&mut rest, is_head && received.is_empty()));
    }
    received
}

/// Parses one response.
fn parse(rest: &mut &[u8], is_head: bool) -> Received {
    let end = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap_or_else(|| panic!("no head: {rest:?}"));
    let head = String::from_utf8(rest[..end].to_vec()).unwrap();
    *rest = &rest[end + 4..];
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().to_owned();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    let mut headers: Vec<_> = lines.map(header).filter(|(name, _)| name != "date").collect();
    headers.sort();
    let mut received = Received { status, headers, body: Vec::new(), is_whole: true };
    let code = received.status.split(' ').nth(1).unwrap();
    if is_head || code.starts_with('1') || code == "204" {
        return received;
    }
    if received.get("transfer-encoding") == Some("chunked") {
        received.is_whole = loop {
            match chunk(rest) {
                None => break false,
                Some([]) => break true,
                Some(chunk) => received.body.extend(chunk),
            }
        };
    } else {
        let len = received.get("content-length").map_or(rest.len(), |len| len.parse().unwrap());
        received.is_whole = len <= rest.len();
        let (body, next) = rest.split_at(len.min(rest.len()));
        received.body = body.to_vec();
        *rest = next;
    }
    received
}

/// Reads a chunk, or `None` if it is not complete.
fn chunk<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let end = rest.windows(2).position(|bytes| bytes == b"\r\n")?;
    let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
    let chunk = rest.get(end + 2..end + 2 + size)?;
    assert_eq!(rest.get(end + 2 + size..end + 4 + size)?, b"\r\n");
    *rest = &rest[end + 4 + size..];
    Some(chunk)
}

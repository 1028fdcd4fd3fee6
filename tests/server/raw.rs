//! An HTTP client that exposes the bytes of a response.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// An HTTP/1.1 connection without an HTTP library.
pub(super) struct Raw(BufReader<TcpStream>);

impl Raw {
    pub(super) async fn get(address: SocketAddr) -> Self {
        Self::request(address, b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await
    }

    pub(super) async fn request(address: SocketAddr, request: &[u8]) -> Self {
        let mut raw = Self(BufReader::new(TcpStream::connect(address).await.unwrap()));
        raw.send(request).await;
        raw
    }

    pub(super) async fn send(&mut self, request: &[u8]) {
        self.0.get_mut().write_all(request).await.unwrap();
    }

    /// Reads the head of the response, including its empty line.
    pub(super) async fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.0.read_line(&mut head).await.unwrap(), 0, "the connection ends within the head: {head}");
        }
        head
    }

    /// Reads `len` bytes of the body, without parsing chunks.
    pub(super) async fn exactly(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.0.read_exact(&mut bytes).await.unwrap();
        bytes
    }

    /// Reads the next chunk of the body. Returns an empty chunk at its end, or `None` if the connection ends before it.
    pub(super) async fn chunk(&mut self) -> Option<Vec<u8>> {
        let mut size = String::new();
        if self.0.read_line(&mut size).await.ok()? == 0 {
            return None;
        }
        let size = usize::from_str_radix(size.trim_end(), 16).unwrap();
        let mut chunk = vec![0; size + 2];
        self.0.read_exact(&mut chunk).await.ok()?;
        assert_eq!(chunk.split_off(size), b"\r\n");
        Some(chunk)
    }

    /// Reads all chunks up to the end of the body or of the connection, and returns which of the two it was.
    pub(super) async fn chunks(&mut self) -> (Vec<Vec<u8>>, Ended) {
        let mut chunks = Vec::new();
        loop {
            match self.chunk().await {
                None => return (chunks, Ended::Cut),
                Some(chunk) if chunk.is_empty() => return (chunks, Ended::Whole),
                Some(chunk) => chunks.push(chunk),
            }
        }
    }
}

/// How a body ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Whole,
    Cut,
}

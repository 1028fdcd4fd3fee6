//! The server: the same response for every connection.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

use bytes::Bytes;

use crate::{Error, chunking::Chunking, sink::Tally, workload::Workload};

/// A feed that is served until the process ends.
#[derive(Debug)]
pub struct Feed {
    /// Its URL.
    pub url: String,
    /// The number of its events, and the length of their data in bytes.
    pub tally: Tally,
}

impl Feed {
    /// Serves a workload in chunks.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no free port.
    pub fn serve(workload: &Workload, chunking: Chunking) -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/", listener.local_addr()?);
        let tally = Tally { events: workload.payloads.len(), bytes: workload.payloads.iter().map(String::len).sum() };
        let response: Arc<[u8]> = response(&chunking.cut(workload)).into();
        thread::spawn(move || {
            for connection in listener.incoming() {
                // A client may leave before the end of the response.
                let _ = connection.and_then(|connection| answer(&connection, &response));
            }
        });
        Ok(Self { url, tally })
    }
}

fn response(chunks: &[Bytes]) -> Vec<u8> {
    let mut response =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in chunks {
        response.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        response.extend_from_slice(chunk);
        response.extend_from_slice(b"\r\n");
    }
    response.extend_from_slice(b"0\r\n\r\n");
    response
}

fn answer(mut connection: &TcpStream, response: &[u8]) -> std::io::Result<()> {
    let mut lines = BufReader::new(connection);
    let mut line = String::new();
    while lines.read_line(&mut line)? > 2 {
        line.clear();
    }
    connection.write_all(response)
}

//! A server with a fixed response.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

/// Serves one request with a fixed response. Returns the URL, and a thread that returns the request in lower case.
pub(crate) fn serve(response: &'static [u8]) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/events", listener.local_addr().expect("bound"));
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("a client");
        let mut request = String::new();
        for line in BufReader::new(&connection).lines() {
            let line = line.expect("a line of the request");
            if line.is_empty() {
                break;
            }
            request.push_str(&line.to_ascii_lowercase());
            request.push('\n');
        }
        connection.write_all(response).expect("the client reads the response");
        request
    });
    (url, server)
}

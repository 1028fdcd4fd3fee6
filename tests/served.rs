//! Examples that are servers, as running programs.

use std::{
    collections::BTreeSet,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::Command,
};

use sse_core::{EventSpec, TypedEvent};

use crate::program::{Ended, Running, example};

/// A running server. Dropping it kills the program.
pub(crate) struct Served {
    running: Running,
    pub(crate) address: SocketAddr,
}

impl Served {
    /// Starts a program on a free port.
    pub(crate) fn start(program: &Path, arguments: &[&str]) -> Self {
        Self::on(0, program, arguments)
    }

    /// Starts a program on this port.
    pub(crate) fn on(port: u16, program: &Path, arguments: &[&str]) -> Self {
        let port = port.to_string();
        let arguments = [&["--port", &port], arguments].concat();
        let running = Running::start(Command::new(program).args(arguments)).expect("the example starts");
        let line = running.line();
        let address = line.strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        Self { address: address.unwrap_or_else(|| panic!("no address in {line:?}")), running }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends a signal to the program, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        self.running.signal(name);
    }

    /// Waits until the program has ended, and asserts that it ended without output or an error.
    pub(crate) fn end(self) {
        let ended = self.running.end();
        assert_eq!((ended.code, ended.stdout, ended.stderr), (Some(0), vec![], vec![]));
    }
}

/// Returns a port that is free now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Asserts that a page listens to all events of a type, and to no others.
pub(crate) fn assert_listens<E: TypedEvent>(page: &str) {
    let name = |spec: &EventSpec| match spec {
        EventSpec::Event(info) => format!("{:?}", info.name().unwrap()),
        spec => panic!("the page does not handle {spec:?}"),
    };
    let (_, names) = page.split_once("NAMES = [").expect("the page has a list of names");
    let names = names.split(']').next().unwrap().split(',').map(|name| name.trim().to_owned());
    assert_eq!(names.collect::<BTreeSet<_>>(), E::EVENTS.iter().map(name).collect());
}

/// The examples that are servers and take `--port`.
const SERVERS: [&str; 5] = ["bare", "hello", "scores", "social", "ticker"];

fn run(name: &str, arguments: &[&str]) -> Ended {
    Running::start(Command::new(example(name)).args(arguments)).expect("the example starts").end()
}

#[test]
fn a_port_in_use_is_an_error_with_a_remedy() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    for name in SERVERS {
        let ended = run(name, &["--port", &port.to_string()]);
        assert_eq!((ended.code, ended.stdout), (Some(1), vec![]), "{name}");
        assert_eq!(ended.stderr.len(), 1, "{:?}", ended.stderr);
        let expected = format!("{name}: port {port} is in use; choose another with `--port`: ");
        assert!(ended.stderr[0].starts_with(&expected), "{:?}", ended.stderr);
    }
}

#[test]
fn arguments_are_explained() {
    for name in SERVERS {
        let help = run(name, &["--help"]);
        assert_eq!((help.code, help.stderr), (Some(0), vec![]), "{name}");
        assert!(help.stdout.iter().any(|line| line.contains("--port <PORT>")), "{name}: {:?}", help.stdout);
        for (arguments, named) in
            [(["--port", "70000"], "70000"), (["--prot", "3"], "--prot"), (["now", "then"], "now")]
        {
            let ended = run(name, &arguments);
            assert_eq!((ended.code, ended.stdout), (Some(2), vec![]), "{name}");
            assert!(ended.stderr.join("\n").contains(named), "{name}: {:?}", ended.stderr);
        }
    }
}

#[tokio::test]
async fn a_server_without_a_framework_answers_with_the_rest_of_its_events() {
    let bare = Served::start(&example("bare"), &[]);
    let get = async |last: &str| {
        let request = reqwest::Client::new().get(bare.url("/")).header("last-event-id", last);
        request.send().await.unwrap()
    };
    assert_eq!(get("10").await.status(), 204);
    let text = get("9").await.text().await.unwrap();
    assert_eq!(text, "event: countdown\nid: 10\ndata: {\"left\":0}\n\nevent: lift-off\ndata: \n\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_smallest_stream_sends_an_event_at_once_and_then_one_a_second_until_the_client_leaves() {
    let hello = Served::start(&example("hello"), &[]);
    let mut response = reqwest::get(hello.url("/events")).await.unwrap();
    let mut text = String::new();
    while !text.contains("data: 2\n\n") {
        text.push_str(str::from_utf8(&response.chunk().await.unwrap().unwrap()).unwrap());
    }
    assert_eq!(text, "data: connected\n\ndata: 1\n\ndata: 2\n\n");
    drop(response);
    let line = hello.running.line();
    assert!(line.starts_with("client_gone after "), "{line}");
}

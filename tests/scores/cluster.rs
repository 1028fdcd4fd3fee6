//! `examples/scores/cluster.sh`: Redis, the server that plays, three nodes and nginx, of which nodes are killed.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use futures_util::{Stream, StreamExt};
use reqwest::Client;
use sse_client::{EventSource, Update};
use sse_hub::Cursor;
use tokio::time::timeout;

use super::{SCORES, Score};
use crate::{
    browser::chromium::Chromium,
    program::{PATIENCE, Running},
    served::free_port,
};

/// The ports that the script uses, beginning with the one that it is given.
const PORTS: u16 = 6;

/// Minutes per second: slow enough that the match day does not end within the test.
const SPEED: &str = "1";

/// The running script. Dropping it stops all of its programs.
struct Cluster {
    script: Option<Running>,
    port: u16,
    /// The commands that kill the nodes, by their names.
    kills: BTreeMap<String, String>,
}

impl Cluster {
    fn start() -> Self {
        let port = free_ports();
        let script = Running::start(script().args([&port.to_string(), SPEED])).unwrap();
        assert_eq!(script.line(), format!("listening on http://127.0.0.1:{port}"));
        assert!(script.line().starts_with("To see"));
        let kills = (0..3).map(|_| {
            let line = script.line();
            let (node, kill) = line.trim().strip_prefix("node ").unwrap().split_once(": ").unwrap();
            (node.to_owned(), kill.to_owned())
        });
        Self { kills: kills.collect(), script: Some(script), port }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Kills a node with the command that the script has printed.
    fn kill(&mut self, node: &str) {
        let kill = self.kills.remove(node).unwrap_or_else(|| panic!("node {node} is already killed"));
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success(), "{kill}");
    }

    fn stop(&mut self) {
        if let Some(script) = self.script.take() {
            script.signal("TERM");
            let ended = script.end();
            assert_eq!(ended.code, Some(0), "{ended:?}");
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Killing the script would leave its programs running.
        if let Some(script) = &self.script {
            script.signal("TERM");
            std::thread::sleep(Duration::from_secs(3));
        }
    }
}

fn script() -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("examples/scores/cluster.sh");
    let mut command = Command::new(script);
    command.env("SCORES", &*SCORES);
    command
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// Returns the first of several ports in a row that are free now.
fn free_ports() -> u16 {
    let start = Instant::now();
    loop {
        let first = free_port();
        if first < u16::MAX - PORTS && (first..first + PORTS).all(is_free) {
            return first;
        }
        assert!(start.elapsed() < PATIENCE, "no free ports");
    }
}

/// What a client has received.
#[derive(Debug, Default)]
struct Seen {
    /// The nodes that it was connected to.
    nodes: Vec<String>,
    ids: Vec<Cursor>,
    minute: u32,
}

impl Seen {
    /// Reads events until `is_enough`.
    async fn read(&mut self, updates: &mut (impl Stream<Item = Received> + Unpin), is_enough: impl Fn(&Self) -> bool) {
        while !is_enough(self) {
            let update = timeout(PATIENCE, updates.next()).await.expect("an update").expect("the source goes on");
            let Ok(Update::Event { event, id, .. }) = update else { continue };
            self.ids.extend(id.map(|id| id.as_str().parse::<Cursor>().unwrap()));
            match event {
                Score::Node { name } => self.nodes.push(name),
                Score::Minute { minute } => self.minute = minute,
                Score::Resync(gap) => panic!("{gap:?}"),
                _ => {}
            }
        }
    }
}

type Received = Result<Update<Score>, sse_client::Error>;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_and_a_client_continue_at_other_nodes_without_a_gap_or_a_double_when_theirs_are_killed() {
    let mut cluster = Cluster::start();
    let source = EventSource::<Score>::new(Client::new().get(cluster.url("/events"))).stay_open();
    let mut updates = source.updates();
    let mut seen = Seen::default();
    let chromium = Chromium::open(&cluster.url("/")).await;
    chromium.until_true("document.getElementById('node').textContent !== ''").await;
    let width: f64 = chromium.eval(WIDTH).await;
    let shown: String = chromium.eval("return document.getElementById('node').textContent").await;
    let of_page = shown.strip_prefix(" to node ").unwrap();
    cluster.kill(of_page);
    chromium.until_true(NOTED).await;
    chromium.until_state("live").await;
    assert_eq!(chromium.eval::<f64>(WIDTH).await.to_bits(), width.to_bits());

    // The client may have had the same node, and has then lost it too.
    seen.read(&mut updates, |seen| seen.nodes.last().is_some_and(|node| node != of_page)).await;
    let killed = seen.nodes.last().unwrap().clone();
    cluster.kill(&killed);
    seen.read(&mut updates, |seen| seen.nodes.last() != Some(&killed)).await;
    let minute = seen.minute;
    seen.read(&mut updates, |seen| seen.minute >= minute + 3).await;
    assert_eq!(cluster.kills.keys().collect::<Vec<_>>(), [seen.nodes.last().unwrap()]);
    assert!(seen.ids.windows(2).all(|pair| pair[0].offset() + 1 == pair[1].offset()), "{:?}", seen.ids);
    let notes = chromium.texts("#log .note").await;
    assert!(notes.iter().all(|note| !note.contains("missing")), "{notes:?}");

    // Not the answer of a node: nginx passes this request to the server that plays.
    let next = Client::new().post(cluster.url("/kick-off")).send().await.unwrap();
    assert_eq!(next.text().await.unwrap(), "a match is under way\n");
    cluster.stop();
    assert!((cluster.port..cluster.port + PORTS).all(is_free), "a program is still running");
}

/// A script that returns the width of the state of the connection, with its label.
const WIDTH: &str = "return document.querySelector('.facts .state').getBoundingClientRect().width";

/// A condition of the page: it reports that another node continues.
const NOTED: &str = "[...document.querySelectorAll('#log .note')]
    .some((note) => /^Node . continues after event/.test(note.textContent))";

#[test]
fn the_script_names_a_port_in_use_and_a_program_that_is_missing() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port() - 1;
    let ended = Running::start(script().arg(port.to_string())).unwrap().end();
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr[0].contains(&format!("port {} for redis is in use; ", port + 1)), "{ended:?}");

    let folder = std::env::temp_dir().join(format!("no-programs-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let bash = Command::new("sh").args(["-c", "command -v bash"]).output().unwrap();
    let mut command = Command::new(String::from_utf8(bash.stdout).unwrap().trim());
    command.arg(script().get_program()).env("PATH", &folder);
    let ended = Running::start(&mut command).unwrap().end();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr[0].starts_with("cluster: redis-server is missing; "), "{ended:?}");
}

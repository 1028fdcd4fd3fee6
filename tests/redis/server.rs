//! Redis servers for tests, each with its own folder and port.

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::program::PATIENCE;

const NEEDED: &str = "this test requires Redis 7; install the Debian package `redis-server`";

/// A Redis server. Dropping it kills the server and removes its folder.
pub(crate) struct Server {
    child: Option<Child>,
    port: u16,
    folder: PathBuf,
    settings: Vec<String>,
}

impl Server {
    /// Starts a server without persistence.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// Starts a server with settings, as they are written on the command line.
    pub(crate) fn with(settings: &[&str]) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("redis-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut server = Self { child: None, port: free_port(), folder, settings };
        server.restart();
        server
    }

    /// Starts a Sentinel with a configuration.
    pub(crate) fn sentinel(configuration: &str) -> Self {
        let mut server = Self::with(&[]);
        server.kill();
        let file = server.folder.join("sentinel.conf");
        fs::write(&file, configuration).unwrap();
        let mut command = Command::new("redis-server");
        command.arg(file).arg("--sentinel").args(["--port", &server.port.to_string(), "--bind", "127.0.0.1", "--dir"]);
        command.arg(&server.folder);
        server.spawn(&mut command);
        server.wait();
        server
    }

    /// Starts the server again, with its data.
    pub(crate) fn restart(&mut self) {
        self.restart_at_once();
        self.wait();
    }

    /// Starts the server again, without waiting until it has loaded its data.
    pub(crate) fn restart_at_once(&mut self) {
        let mut command = Command::new("redis-server");
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"]);
        command.arg(&self.folder).args(&self.settings);
        self.spawn(&mut command);
    }

    fn spawn(&mut self, command: &mut Command) {
        command.stdout(Stdio::null()).stderr(Stdio::null());
        self.child = Some(command.spawn().unwrap_or_else(|error| panic!("{NEEDED} (cannot start it: {error})")));
    }

    fn wait(&self) {
        let start = Instant::now();
        while !self.is_up() {
            assert!(start.elapsed() < PATIENCE, "redis-server does not start");
            sleep(Duration::from_millis(5));
        }
    }

    fn is_up(&self) -> bool {
        self.command_if_up(&["PING"]).is_some_and(|answer| answer.starts_with("+PONG") || answer.starts_with("-NOAUTH"))
    }

    /// Kills the server, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Sends a signal to the server, such as `STOP`.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.as_ref().expect("the server runs").id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success(), "{kill}");
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Runs a command and returns the answer as the protocol writes it.
    pub(crate) fn command(&self, parts: &[&str]) -> String {
        self.command_if_up(parts).unwrap_or_else(|| panic!("no answer to {parts:?}"))
    }

    /// Runs a command. Returns `None` if the server cannot be reached or ends.
    pub(crate) fn command_if_up(&self, parts: &[&str]) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        let mut text = format!("*{}\r\n", parts.len());
        for part in parts {
            let _ = write!(text, "${}\r\n{part}\r\n", part.len());
        }
        stream.write_all(text.as_bytes()).ok()?;
        let mut answer = String::new();
        read(&mut BufReader::new(stream), &mut answer)?;
        Some(answer)
    }

    /// Removes bytes from the end of the file of a server that has ended, as a loss of power does.
    pub(crate) fn lose_tail(&self, bytes: u64) {
        let files = fs::read_dir(self.folder.join("appendonlydir")).unwrap().map(|file| file.unwrap().path());
        let newest = files.filter(|path| path.to_string_lossy().ends_with(".incr.aof")).max().unwrap();
        let file = fs::OpenOptions::new().write(true).open(newest).unwrap();
        file.set_len(file.metadata().unwrap().len().saturating_sub(bytes)).unwrap();
    }
}

/// Reads an answer and appends it as it is.
fn read(from: &mut impl BufRead, answer: &mut String) -> Option<()> {
    let start = answer.len();
    if from.read_line(answer).ok()? == 0 {
        return None;
    }
    let (kind, count) = answer[start..].trim_end().split_at_checked(1)?;
    let count: i64 = if matches!(kind, "$" | "*") { count.parse().ok()? } else { -1 };
    match (kind, usize::try_from(count)) {
        ("*", Ok(count)) => (0..count).try_for_each(|_| read(from, answer)),
        ("$", Ok(count)) => {
            let mut text = vec![0; count + 2];
            from.read_exact(&mut text).ok()?;
            answer.push_str(&String::from_utf8_lossy(&text));
            Some(())
        }
        _ => Some(()),
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.is_some() {
            // A stopped process is killed too.
            self.kill();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Returns a port that is free now, and almost always still free when a program binds it.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

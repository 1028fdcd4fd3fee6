//! Builds and runs the examples as programs.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

/// The time limit of a step of a test. It is far longer than any step takes and only turns a hang into a failure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Builds an example and returns the path of its binary. Uses the target folder and profile of this test, so that
/// dependencies are not compiled twice.
pub(crate) fn example(name: &str) -> PathBuf {
    build("--example", name, "examples")
}

/// Builds a binary and returns its path.
pub(crate) fn binary(name: &str) -> PathBuf {
    build("--bin", name, "")
}

/// Builds a program of the workspace, which cargo puts into this folder of the profile.
fn build(kind: &str, name: &str, folder: &str) -> PathBuf {
    let profile = profile_folder();
    let release = profile.ends_with("release");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace", kind, name, "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.toml"))
        .arg("--target-dir")
        .arg(profile.with_file_name(""))
        .args(release.then_some("--release"))
        .status()
        .expect("cargo can be started");
    assert!(status.success(), "the program `{name}` does not build");
    profile.join(folder).join(name).with_extension(env::consts::EXE_EXTENSION)
}

/// Returns the folder of the current profile: `target/debug`, if this test is `target/debug/deps/all-0123`.
fn profile_folder() -> PathBuf {
    let this = env::current_exe().expect("the path of the test is known");
    this.ancestors().nth(2).expect("the test is in `deps`").to_owned()
}

/// A running program. Dropping it kills the program.
pub(crate) struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

/// The result of a program that has ended, with the lines that had not been read before.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code, or `None` if a signal ended the program.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<String>,
    pub(crate) stderr: Vec<String>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> std::io::Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let stdout = lines(child.stdout.take().expect("piped"));
        let stderr = lines(child.stderr.take().expect("piped"));
        Ok(Self { child, stdout, stderr })
    }

    /// Waits for the next line of standard output. Returns `None` if the program has closed it.
    pub(crate) fn next_line(&self) -> Option<String> {
        match self.stdout.recv_timeout(PATIENCE) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("no line on standard output for {PATIENCE:?}"),
        }
    }

    /// Waits for the next line of standard output.
    pub(crate) fn line(&self) -> String {
        self.stdout.recv_timeout(PATIENCE).unwrap_or_else(|error| {
            panic!(
                "no line on standard output: {error}; on standard error: {:?}",
                self.stderr.try_iter().collect::<Vec<_>>()
            )
        })
    }

    /// Returns whether the program is still running.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a child of this test").is_none()
    }

    /// Sends a signal to the program, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        // `kill` is a builtin of every shell, but not a program on every system.
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success(), "{kill}");
    }

    /// Waits until the program has ended.
    pub(crate) fn end(mut self) -> Ended {
        // The pipes close when the program ends, so the timeout on its lines also bounds the wait below.
        let (stdout, stderr) = (rest(&self.stdout), rest(&self.stderr));
        let code = self.child.wait().expect("a child of this test").code();
        Ended { code, stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails if the program has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads the lines of a pipe on a separate thread.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines() {
            // Keeps reading after the receiver is dropped, because a full pipe would block the program.
            let _ = sender.send(line.expect("the output is UTF-8"));
        }
    });
    receiver
}

fn rest(lines: &Receiver<String>) -> Vec<String> {
    let mut rest = Vec::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => rest.push(line),
            Err(RecvTimeoutError::Disconnected) => return rest,
            Err(RecvTimeoutError::Timeout) => panic!("the program does not end; its output so far: {rest:?}"),
        }
    }
}

//! The examples as programs: built as a user builds them, and run.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

/// Far more than any step of a test takes: it turns a hang into a failure, and decides nothing else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The binary of an example, built where this test was built, so that nothing is compiled twice.
pub(crate) fn example(name: &str) -> PathBuf {
    let profile = profile_folder();
    let release = profile.ends_with("release");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace", "--example", name, "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.toml"))
        .arg("--target-dir")
        .arg(profile.with_file_name(""))
        .args(release.then_some("--release"))
        .status()
        .expect("cargo can be run");
    assert!(status.success(), "the example `{name}` does not build");
    profile.join("examples").join(name).with_extension(env::consts::EXE_EXTENSION)
}

/// `target/debug` of `target/debug/deps/all-0123`.
fn profile_folder() -> PathBuf {
    let this = env::current_exe().expect("a test knows its own path");
    this.ancestors().nth(2).expect("it stands two folders below").to_owned()
}

/// A program that runs beside the test, and is killed where it outlives it.
pub(crate) struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

/// How a program ended, with the lines that had not been read before.
#[derive(Debug)]
pub(crate) struct Ended {
    /// None if a signal ended it.
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

    /// The next line of its standard output.
    pub(crate) fn line(&self) -> String {
        self.stdout.recv_timeout(PATIENCE).unwrap_or_else(|error| {
            panic!(
                "no line on standard output: {error}; on standard error: {:?}",
                self.stderr.try_iter().collect::<Vec<_>>()
            )
        })
    }

    /// Whether it has not ended yet.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a child of this test").is_none()
    }

    /// Sends it a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        // Every shell has `kill`; not every system has it as a program.
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success(), "{kill}");
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ended {
        // A pipe that ends is a program that ends: waiting for it is bounded by waiting for its lines.
        let (stdout, stderr) = (rest(&self.stdout), rest(&self.stderr));
        let code = self.child.wait().expect("a child of this test").code();
        Ended { code, stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines as they come.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines() {
            // The pipe is emptied even when nobody wants its lines any more, or the program would hang on it.
            let _ = sender.send(line.expect("what it prints is UTF-8"));
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
            Err(RecvTimeoutError::Timeout) => panic!("it does not end; so far it printed {rest:?}"),
        }
    }
}

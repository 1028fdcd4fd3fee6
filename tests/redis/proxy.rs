//! A TCP proxy between nodes and servers, which can cut, stall and delay connections.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
    time::sleep,
};

/// The treatment of connections.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mode {
    Pass,
    /// Bytes are held back in both directions.
    Stall,
    /// Bytes from the server are held back: commands arrive, answers do not.
    Deaf,
    /// Connections are reset.
    Cut,
    /// Each chunk is delayed.
    Delay(Duration),
}

/// The connections of a node to which a mode applies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Which {
    Both,
    Append,
    Tail,
}

/// A proxy in front of a server on this machine. Dropping it ends its connections.
pub(crate) struct Proxy {
    port: u16,
    target: Arc<AtomicU16>,
    mode: watch::Sender<(Mode, Which)>,
    accepted: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    pub(crate) async fn before(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = Arc::new(AtomicU16::new(target));
        let (mode, modes) = watch::channel((Mode::Pass, Which::Both));
        let accepted = Arc::new(AtomicUsize::new(0));
        let (to, count) = (target.clone(), accepted.clone());
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                let (modes, to) = (modes.clone(), to.load(Ordering::Relaxed));
                tokio::spawn(carry(client, to, modes));
            }
        });
        Self { port, target, mode, accepted, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Returns the number of connections so far.
    pub(crate) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self, mode: Mode, which: Which) {
        self.mode.send_replace((mode, which));
    }

    /// Leads new connections to another server.
    pub(crate) fn retarget(&self, port: u16) {
        self.target.store(port, Ordering::Relaxed);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.mode.send_replace((Mode::Cut, Which::Both));
    }
}

type Modes = watch::Receiver<(Mode, Which)>;

async fn carry(client: TcpStream, target: u16, modes: Modes) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", target)).await else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let is_append = Arc::new(AtomicBool::new(false));
    tokio::select! {
        () = pump(from_client, to_server, modes.clone(), is_append.clone(), true) => {}
        () = pump(from_server, to_client, modes, is_append, false) => {}
    }
}

async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut modes: Modes,
    is_append: Arc<AtomicBool>,
    is_up: bool,
) {
    let mut bytes = vec![0; 64 << 10];
    let mut cuts = modes.clone();
    loop {
        let read = tokio::select! {
            read = from.read(&mut bytes) => read.unwrap_or(0),
            () = cut(&mut cuts, &is_append) => 0,
        };
        if read == 0 {
            return;
        }
        if is_up && bytes[..read].windows(4).any(|word| word == b"EVAL") {
            // Only one of a node's connections runs the script.
            is_append.store(true, Ordering::Relaxed);
        }
        loop {
            // The guard of the channel must not be held while waiting.
            let current = *modes.borrow_and_update();
            match applied(current, &is_append) {
                Mode::Cut => return,
                Mode::Pass => break,
                Mode::Deaf if is_up => break,
                Mode::Delay(time) => {
                    sleep(time).await;
                    break;
                }
                Mode::Stall | Mode::Deaf => {}
            }
            if modes.changed().await.is_err() {
                return;
            }
        }
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn cut(modes: &mut Modes, is_append: &AtomicBool) {
    loop {
        let current = *modes.borrow_and_update();
        if applied(current, is_append) == Mode::Cut {
            return;
        }
        if modes.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn applied((mode, which): (Mode, Which), is_append: &AtomicBool) -> Mode {
    let is_append = is_append.load(Ordering::Relaxed);
    match which {
        Which::Append if !is_append => Mode::Pass,
        Which::Tail if is_append => Mode::Pass,
        _ => mode,
    }
}

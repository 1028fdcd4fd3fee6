//! The server behind a real nginx with default settings.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{self, Command},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, stream};
use sse_axum::Sse;
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};

use super::{
    Server, bounded,
    feed::{Feed, watched},
    lockstep::Lockstep,
};
use crate::program::Running;

const NEEDED: &str = "this test requires nginx; install the Debian package `nginx`";

/// An nginx process in front of a server. Dropping it ends the process and removes its folder.
pub(crate) struct Nginx {
    address: SocketAddr,
    _running: Running,
    _folder: Folder,
}

impl Nginx {
    /// Starts an nginx in front of `server`, with default settings except for `settings`.
    pub(crate) async fn before(server: SocketAddr, settings: &str) -> Self {
        let folder = Folder::new();
        // The port is free now, and almost always still free when nginx binds it.
        for _ in 0..5 {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            let address = listener.local_addr().unwrap();
            drop(listener);
            let mut running = folder.start(address, server, settings);
            while running.is_running() {
                if TcpStream::connect(address).await.is_ok() {
                    return Self { address, _running: running, _folder: folder };
                }
                sleep(Duration::from_millis(10)).await;
            }
            let ended = running.end();
            assert!(ended.stderr.iter().any(|line| line.contains("Address already in use")), "{ended:?}");
        }
        panic!("five ports in a row were taken");
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

/// The folder of nginx's configuration and temporary files.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("nginx-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// Starts nginx with its paths and address configured, and the settings in `more`.
    fn start(&self, address: SocketAddr, server: SocketAddr, more: &str) -> Running {
        let settings = format!(
            "daemon off; master_process off; pid pid; error_log stderr;
            events {{}}
            http {{
                access_log off;
                client_body_temp_path body; proxy_temp_path proxy;
                fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                server {{ listen {address}; location / {{ proxy_pass http://{server}; {more} }} }}
            }}"
        );
        fs::write(self.0.join("nginx.conf"), settings).unwrap();
        let mut nginx = Command::new("nginx");
        nginx.arg("-p").arg(&self.0).args(["-c", "nginx.conf", "-e", "stderr"]);
        Running::start(&mut nginx).unwrap_or_else(|error| panic!("{NEEDED} (cannot start it: {error})"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that cannot be removed stays in the target folder, which is harmless.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn events_arrive_one_by_one_through_nginx() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let serving = Arc::clone(&lockstep);
        let server = Server::answering(move || serving.response()).await;
        let nginx = Nginx::before(server.address, "").await;
        let response = reqwest::get(nginx.url()).await.unwrap();
        assert!(response.headers()["server"].to_str().unwrap().starts_with("nginx"));
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-cache, no-transform");
        lockstep.follow(response.bytes_stream()).await;
    })
    .await;
}

#[tokio::test]
async fn a_client_that_disconnects_is_noticed_through_nginx() {
    bounded(async {
        let (sender, mut watches) = tokio::sync::mpsc::unbounded_channel();
        let server = Server::answering(move || {
            let (stream, watch) = watched(stream::iter([Feed::Tick(1)]).chain(stream::pending()));
            sender.send(watch).unwrap();
            Sse::new(stream)
        })
        .await;
        let nginx = Nginx::before(server.address, "").await;
        let mut response = reqwest::get(nginx.url()).await.unwrap();
        assert_eq!(response.chunk().await.unwrap().unwrap(), "event: tick\ndata: 1\n\n");
        drop(response);
        watches.recv().await.unwrap().dropped().await;
    })
    .await;
}

#[tokio::test]
async fn a_failure_is_noticed_through_an_nginx_that_uses_http_1_1() {
    bounded(async {
        let items = || stream::iter([Ok(Feed::Tick(1)), Err("the source is gone")]);
        let server = Server::answering(move || Sse::new(items())).await;
        // HTTP/1.1 is the default since nginx 1.29.7. In HTTP/1.0, a body ends with its connection, so a cut cannot be
        // detected.
        let nginx = Nginx::before(server.address, "proxy_http_version 1.1;").await;
        let mut response = reqwest::get(nginx.url()).await.unwrap();
        assert_eq!(response.chunk().await.unwrap().unwrap(), "event: tick\ndata: 1\n\n");
        assert!(response.chunk().await.is_err(), "the cut body looks complete");
    })
    .await;
}

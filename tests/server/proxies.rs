//! The server behind real proxies: nginx, haproxy and Caddy.

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

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::{StreamExt, stream};
use sse_axum::{KeepAlive, Sse};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::spawn_blocking,
    time::sleep,
};

use super::{
    Server, bounded,
    feed::{Feed, Watch, watched},
    lockstep::Lockstep,
};
use crate::program::{PATIENCE, Running};

/// A proxy in front of a server. Dropping it ends the process and removes its folder.
pub(crate) struct Proxy {
    address: SocketAddr,
    _running: Running,
    _folder: Folder,
}

/// The folder of a proxy's configuration and temporary files.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that cannot be removed stays in the target folder, which is harmless.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Proxy {
    /// Starts `program`, which is its Debian package too, with a configuration for the address to listen on.
    async fn start(program: &str, arguments: &[&str], configure: impl Fn(SocketAddr) -> String) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{program}-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Folder(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        fs::create_dir_all(&folder.0).unwrap();
        // The port is free now, and almost always still free when the proxy binds it.
        for _ in 0..5 {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            let address = listener.local_addr().unwrap();
            drop(listener);
            fs::write(folder.0.join("config"), configure(address)).unwrap();
            let mut command = Command::new(program);
            command.args(arguments).current_dir(&folder.0).env("HOME", &folder.0).env("XDG_DATA_HOME", &folder.0);
            let mut running = Running::start(&mut command).unwrap_or_else(|error| {
                panic!(
                    "this test requires {program}; install the Debian package `{program}` (cannot start it: {error})"
                )
            });
            while running.is_running() {
                if TcpStream::connect(address).await.is_ok() {
                    return Self { address, _running: running, _folder: folder };
                }
                sleep(Duration::from_millis(10)).await;
            }
            let ended = running.end();
            let in_use = |line: &String| line.to_lowercase().contains("address already in use");
            assert!(ended.stderr.iter().any(in_use), "{ended:?}");
        }
        panic!("five ports in a row were taken");
    }

    /// Starts nginx with default settings, except for `settings`.
    pub(crate) async fn nginx(server: SocketAddr, settings: &str) -> Self {
        Self::start("nginx", &["-p", ".", "-c", "config", "-e", "stderr"], |address| {
            format!(
                "daemon off; master_process off; pid pid; error_log stderr;
                events {{}}
                http {{
                    access_log off;
                    client_body_temp_path body; proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                    server {{ listen {address}; location / {{ proxy_pass http://{server}; {settings} }} }}
                }}"
            )
        })
        .await
    }

    /// Starts haproxy with a minimal configuration and `settings`. It accepts HTTP/2 without TLS too.
    pub(crate) async fn haproxy(server: SocketAddr, settings: &str) -> Self {
        Self::start("haproxy", &["-db", "-f", "config"], |address| {
            format!(
                "defaults\n  mode http\n  timeout connect 60s\n  timeout client 60s\n  timeout server 60s\n  {settings}\n\
                 listen events\n  bind {address}\n  server events {server}\n"
            )
        })
        .await
    }

    /// Starts Caddy with default settings.
    pub(crate) async fn caddy(server: SocketAddr) -> Self {
        Self::start("caddy", &["run", "--adapter", "caddyfile", "--config", "config"], |address| {
            format!("{{\n  admin off\n  auto_https off\n}}\nhttp://{address} {{\n  reverse_proxy {server}\n}}\n")
        })
        .await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

/// A server for all of these tests.
struct Behind {
    server: Server,
    lockstep: Arc<Lockstep>,
    /// A watch for each stream at `/idle`.
    watches: mpsc::UnboundedReceiver<Watch>,
}

impl Behind {
    async fn new() -> Self {
        let lockstep = Arc::new(Lockstep::default());
        let serving = Arc::clone(&lockstep);
        let (sender, watches) = mpsc::unbounded_channel();
        let idle = async move || -> Response {
            let (stream, watch) = watched(stream::iter([Feed::Tick(1)]).chain(stream::pending()));
            sender.send(watch).unwrap();
            Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_millis(50))).into_response()
        };
        let silent =
            async || Sse::new(stream::iter([Feed::Tick(1)]).chain(stream::pending())).keep_alive(KeepAlive::off());
        let fails = async || Sse::new(stream::iter([Ok(Feed::Tick(1)), Err("the source is gone")]));
        let router = Router::new()
            .route("/lockstep", get(async move || serving.response()))
            .route("/idle", get(idle))
            .route("/silent", get(silent))
            .route("/fails", get(fails));
        Self { server: Server::new(router).await, lockstep, watches }
    }

    /// Checks that events arrive one by one, and that the server notices a client that leaves.
    async fn check(&mut self, proxy: &Proxy) {
        let response = reqwest::get(proxy.url() + "lockstep").await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-cache, no-transform");
        self.lockstep.follow(response.bytes_stream()).await;

        let mut response = reqwest::get(proxy.url() + "idle").await.unwrap();
        assert_eq!(response.chunk().await.unwrap().unwrap(), "event: tick\ndata: 1\n\n");
        drop(response);
        self.watches.recv().await.unwrap().dropped().await;
    }

    /// Returns whether a client notices that a body was cut.
    async fn is_cut_noticed(&self, proxy: &Proxy) -> bool {
        let mut response = reqwest::get(proxy.url() + "fails").await.unwrap();
        assert_eq!(response.chunk().await.unwrap().unwrap(), "event: tick\ndata: 1\n\n");
        response.chunk().await.map(|rest| assert_eq!(rest, None)).is_err()
    }
}

#[tokio::test]
async fn behind_nginx_events_arrive_one_by_one_and_ends_of_both_sides_are_noticed() {
    bounded(async {
        let mut behind = Behind::new().await;
        let nginx = Proxy::nginx(behind.server.address, "proxy_http_version 1.1;").await;
        behind.check(&nginx).await;
        assert!(behind.is_cut_noticed(&nginx).await);
    })
    .await;
}

#[tokio::test]
async fn behind_haproxy_events_arrive_one_by_one_and_ends_of_both_sides_are_noticed() {
    bounded(async {
        let mut behind = Behind::new().await;
        let haproxy = Proxy::haproxy(behind.server.address, "option http-no-delay").await;
        behind.check(&haproxy).await;
        assert!(behind.is_cut_noticed(&haproxy).await);
    })
    .await;
}

#[tokio::test]
async fn behind_caddy_events_arrive_one_by_one_and_a_cut_body_looks_complete() {
    bounded(async {
        let mut behind = Behind::new().await;
        let caddy = Proxy::caddy(behind.server.address).await;
        behind.check(&caddy).await;
        // Caddy 2.6 ends the body in good order.
        assert!(!behind.is_cut_noticed(&caddy).await);
    })
    .await;
}

#[tokio::test]
async fn a_cut_body_looks_complete_behind_an_nginx_that_uses_http_1_0() {
    bounded(async {
        let behind = Behind::new().await;
        // The default before nginx 1.29.7. In HTTP/1.0, a body ends with its connection.
        let nginx = Proxy::nginx(behind.server.address, "proxy_http_version 1.0;").await;
        let response = reqwest::get(nginx.url() + "lockstep").await.unwrap();
        behind.lockstep.follow(response.bytes_stream()).await;
        assert!(!behind.is_cut_noticed(&nginx).await);
    })
    .await;
}

#[tokio::test]
async fn nginx_compresses_a_type_that_it_is_told_to_in_spite_of_no_transform_and_flushes_each_event() {
    bounded(async {
        let behind = Behind::new().await;
        let gzip = "proxy_http_version 1.1; gzip on; gzip_types text/event-stream; gzip_min_length 1;";
        let nginx = Proxy::nginx(behind.server.address, gzip).await;
        let request = reqwest::Client::new().get(nginx.url() + "idle").header("accept-encoding", "gzip");
        let mut response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-encoding"], "gzip");
        assert_eq!(response.headers()["cache-control"], "no-cache, no-transform");
        // The event, and some keep-alives. Compressed data that is not flushed would be held back up to 4 kB.
        for _ in 0..5 {
            assert!(response.chunk().await.unwrap().is_some());
        }
    })
    .await;
}

/// Reads a silent stream with curl, through a haproxy that cuts it. Returns curl's exit code.
async fn cut_by_haproxy(version: &'static str) -> Option<i32> {
    let behind = Behind::new().await;
    let haproxy = Proxy::haproxy(behind.server.address, "timeout server 300ms").await;
    let url = haproxy.url() + "silent";
    let curl = spawn_blocking(move || {
        let seconds = PATIENCE.as_secs().to_string();
        Command::new("curl").args(["--silent", "--no-buffer", "--max-time", &seconds, version, &url]).output()
    });
    let done = curl.await.unwrap().unwrap_or_else(|error| panic!("this test requires curl: {error}"));
    assert_eq!(str::from_utf8(&done.stdout), Ok("event: tick\ndata: 1\n\n"));
    done.status.code()
}

#[tokio::test]
async fn an_idle_stream_that_haproxy_cuts_looks_complete_over_http_2() {
    bounded(async {
        // 18 is a transfer that ended early.
        assert_eq!(cut_by_haproxy("--http1.1").await, Some(18));
        assert_eq!(cut_by_haproxy("--http2-prior-knowledge").await, Some(0));
    })
    .await;
}

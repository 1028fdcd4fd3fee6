//! The port and the shutdown of all servers among the examples. Copy this file together with an example.

use std::{
    io::{self, ErrorKind, Write},
    net::Ipv4Addr,
    process::ExitCode,
    time::Duration,
};

use axum::{Router, serve::ListenerExt};
use clap::Args;
use tokio::{net::TcpListener, signal, time::sleep};
use tokio_util::sync::CancellationToken;

/// The maximum time that connections may take to end at shutdown. A client that has stopped reading would take forever.
const GRACE: Duration = Duration::from_secs(2);

/// The option for the port.
#[derive(Clone, Copy, Debug, Args)]
pub struct Port {
    /// The port to listen on; 0 for any free port.
    #[arg(long = "port", value_name = "PORT", default_value_t = 3000)]
    pub number: u16,
}

/// Serves an app on a port of this computer until Ctrl-C or SIGTERM, and then calls `end_streams`. The program `name`
/// reports an error on standard error.
pub async fn run(name: &str, port: Port, app: Router, end_streams: impl FnOnce() + Send) -> ExitCode {
    let served = match bind(port).await {
        Ok(listener) => serve(listener, app, end_streams).await.map_err(|error| format!("the server failed: {error}")),
        Err(message) => Err(message),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{name}: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn bind(Port { number }: Port) -> Result<TcpListener, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, number)).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => format!("port {number} is in use; choose another with `--port`: {error}"),
        _ => format!("cannot listen on port {number}; choose another with `--port`: {error}"),
    })?;
    if let Ok(address) = listener.local_addr() {
        // The server runs even if standard output is closed.
        let _ = writeln!(io::stdout(), "listening on http://{address}");
    }
    Ok(listener)
}

/// Serves an app until Ctrl-C or SIGTERM. Then no more connections are accepted, and `end_streams` ends the streams.
async fn serve(listener: TcpListener, app: Router, end_streams: impl FnOnce() + Send) -> io::Result<()> {
    // An error of `set_nodelay` means that the connection is already closed.
    let listener = listener.tap_io(|socket| drop(socket.set_nodelay(true)));
    let stop = CancellationToken::new();
    let served = sse_axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    let stopped = async {
        signal().await;
        stop.cancel();
        end_streams();
        sleep(GRACE).await;
    };
    tokio::select! {
        // Installs the signal handlers before the first connection is accepted.
        biased;
        () = stopped => Ok(()),
        served = served => served,
    }
}

/// Waits for Ctrl-C, and on Unix for SIGTERM too.
pub async fn signal() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    // If no handler can be installed, Ctrl-C ends the program by itself.
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

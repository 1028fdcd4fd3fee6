//! A real browser with the page of the ticker in it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use serde::Deserialize;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};
use tokio::time::sleep;

use crate::program::{PATIENCE, Running};

const NEEDED: &str =
    "the browser tests need Chromium and its driver: install the Debian packages `chromium` and `chromium-driver`";

/// No window, no sandbox (root, as in a container, cannot have one, and the pages are our own), no shared memory
/// (containers have little), and nothing that the browser does on its own account.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1280,900",
];

/// Chromium with one page. It ends with the test, however that ends: fields are dropped in this order.
pub(crate) struct Chromium {
    pub(crate) page: WebDriver,
    _driver: Running,
    _profile: Profile,
}

/// What the page says of its connection.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Facts {
    /// One of the states that the page documents.
    pub(crate) state: String,
    pub(crate) last_id: String,
    pub(crate) count: String,
}

impl Chromium {
    /// Starts a browser and opens a page in it.
    pub(crate) async fn open(url: &str) -> Self {
        let driver = Running::start(Command::new("chromedriver").arg("--port=0"));
        let driver = driver.unwrap_or_else(|error| panic!("{NEEDED} (`chromedriver` does not start: {error})"));
        let port = port(&driver);
        let profile = Profile::new();
        let mut wanted = DesiredCapabilities::chrome();
        for flag in FLAGS {
            wanted.add_arg(flag).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.0.display())).unwrap();
        let page = WebDriver::builder(format!("http://127.0.0.1:{port}"), wanted).request_timeout(PATIENCE);
        let page = page.await.unwrap_or_else(|error| panic!("{NEEDED} (Chromium does not start: {error})"));
        page.goto(url).await.unwrap();
        Self { page, _driver: driver, _profile: profile }
    }

    /// What a script in the page returns.
    pub(crate) async fn eval<T: serde::de::DeserializeOwned>(&self, script: &str) -> T {
        self.page.execute(script, Vec::new()).await.unwrap().convert().unwrap()
    }

    /// Waits until the page says so.
    pub(crate) async fn until(&self, what: &str, met: impl Fn(&Facts) -> bool) {
        let start = Instant::now();
        loop {
            let facts: Facts = self.eval("return { ...document.getElementById('connection').dataset }").await;
            if met(&facts) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "the page does not come to be {what}: {facts:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// The events that the page lists, in the order in which they came: the ID and the type of each.
    pub(crate) async fn events(&self) -> Vec<(u64, String)> {
        let rows = "return [...document.querySelectorAll('#feed [data-id]')].map(
            (row) => [Number(row.dataset.id), row.dataset.event]).reverse()";
        self.eval(rows).await
    }

    /// The texts of all elements of a selector.
    pub(crate) async fn texts(&self, selector: &str) -> Vec<String> {
        self.eval(&format!("return [...document.querySelectorAll('{selector}')].map((e) => e.textContent)")).await
    }
}

/// The port that the driver has chosen.
fn port(driver: &Running) -> u16 {
    loop {
        let line = driver.line();
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return port.trim_end_matches('.').parse().unwrap();
        }
    }
}

/// A folder for what a browser keeps, new and empty.
struct Profile(PathBuf);

impl Profile {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("chromium-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        // What cannot be removed lies among the files of the build.
        let _ = fs::remove_dir_all(&self.0);
    }
}

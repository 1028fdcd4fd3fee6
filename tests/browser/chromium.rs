//! A real Chromium browser, controlled through `chromedriver`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::json;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};
use tokio::time::sleep;

use crate::program::{PATIENCE, Running};

const NEEDED: &str =
    "the browser tests require Chromium and its driver; install the Debian packages `chromium` and `chromium-driver`";

/// Chromium runs without a window, without a sandbox (root cannot have one, and the pages are trusted), without
/// shared memory (containers have little), and without background activity.
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

/// A Chromium with one page. Dropping it ends the browser. The order of the fields matters: they are dropped in order.
pub(crate) struct Chromium {
    pub(crate) page: WebDriver,
    _driver: Running,
    _profile: Profile,
}

/// The state of the connection as the page shows it.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Facts {
    /// One of the states that the page documents.
    pub(crate) state: String,
    pub(crate) last_id: String,
    pub(crate) count: String,
}

impl Chromium {
    /// Starts a browser and opens a page.
    pub(crate) async fn open(url: &str) -> Self {
        let (driver, port) = driver();
        let profile = Profile::new();
        let mut wanted = DesiredCapabilities::chrome();
        for flag in FLAGS {
            wanted.add_arg(flag).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.0.display())).unwrap();
        let page = WebDriver::builder(format!("http://127.0.0.1:{port}"), wanted).request_timeout(PATIENCE);
        let page = page.await.unwrap_or_else(|error| panic!("{NEEDED} (cannot start Chromium: {error})"));
        page.goto(url).await.unwrap();
        Self { page, _driver: driver, _profile: profile }
    }

    /// Runs a script in the page and returns its result.
    pub(crate) async fn eval<T: serde::de::DeserializeOwned>(&self, script: &str) -> T {
        self.page.execute(script, Vec::new()).await.unwrap().convert().unwrap()
    }

    /// Waits until the state of the page meets a condition, which `what` describes.
    pub(crate) async fn until(&self, what: &str, met: impl Fn(&Facts) -> bool) {
        let start = Instant::now();
        loop {
            let facts: Facts = self.eval("return { ...document.getElementById('connection').dataset }").await;
            if met(&facts) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "the page does not become {what}: {facts:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a script of the page returns true.
    pub(crate) async fn until_true(&self, script: &str) {
        let start = Instant::now();
        while !self.eval::<bool>(&format!("return {script}")).await {
            assert!(start.elapsed() < PATIENCE, "the page does not become so that {script}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the page shows this state of its connection.
    pub(crate) async fn until_state(&self, state: &str) {
        self.until_true(&format!("document.getElementById('connection').dataset.state === '{state}'")).await;
    }

    /// Emulates the preferred color scheme of a reader.
    pub(crate) async fn theme(&self, theme: &str) {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
        self.page.cdp().send_raw("Emulation.setEmulatedMedia", media).await.unwrap();
    }

    /// Emulates a screen of this size in pixels.
    pub(crate) async fn screen(&self, width: u32, height: u32) {
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.page.cdp().send_raw("Emulation.setDeviceMetricsOverride", screen).await.unwrap();
    }

    /// Returns the events that the page lists, in the order of their arrival: the ID and name of each.
    pub(crate) async fn events(&self) -> Vec<(u64, String)> {
        let rows = "return [...document.querySelectorAll('#feed [data-id]')].map(
            (row) => [Number(row.dataset.id), row.dataset.event]).reverse()";
        self.eval(rows).await
    }

    /// Returns the texts of all elements that match a selector.
    pub(crate) async fn texts(&self, selector: &str) -> Vec<String> {
        self.eval(&format!("return [...document.querySelectorAll('{selector}')].map((e) => e.textContent)")).await
    }
}

/// Starts the driver. Returns it and the port that it has chosen.
fn driver() -> (Running, u16) {
    // The driver chooses a port that is free in one version of IP, and ends if it is in use in the other one.
    for _ in 0..5 {
        let driver = Running::start(Command::new("chromedriver").arg("--port=0"));
        let driver = driver.unwrap_or_else(|error| panic!("{NEEDED} (cannot start `chromedriver`: {error})"));
        while let Some(line) = driver.next_line() {
            if let Some((_, port)) = line.split_once("successfully on port ") {
                return (driver, port.trim_end_matches('.').parse().unwrap());
            }
        }
    }
    panic!("five ports in a row were taken");
}

/// An empty folder for the profile of a browser. Dropping it removes the folder.
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
        // A folder that cannot be removed stays in the target folder, which is harmless.
        let _ = fs::remove_dir_all(&self.0);
    }
}

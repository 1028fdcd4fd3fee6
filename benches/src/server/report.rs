//! Tables of the results.

use super::{
    contender::Contender,
    load::Order,
    measure::{Figure, Figures, Size},
    trial::{self, Memory},
};
use crate::{
    report::{Table, ratio, verdict},
    target,
};

const SINGLE: Figure = |readings| Some(readings.single);
const BACKLOG: Figure = |readings| Some(readings.backlog);
const IDLE: Figure = |readings| Some(readings.memory.idle_bytes);
const CHURNED: Figure = |readings| readings.memory.churned_bytes;

fn microseconds(nanoseconds: f64) -> String {
    format!("{:.2}", nanoseconds / 1e3)
}

fn bytes(bytes: f64) -> String {
    format!("{bytes:.0}")
}

/// Returns the tables: CPU time for single events and for backlogs, memory at first and later, delivery time, and memory by
/// routing and by order.
#[must_use]
pub fn tables(figures: &Figures) -> Vec<Table> {
    let mut single =
        table("Server CPU time per delivered event, one event at a time: µs", figures, SINGLE, microseconds);
    let shared = Bound::new(Contender::Shared, Contender::Bytes, target::SHARED);
    let taken = Bound::new(Contender::TakenOver, Contender::Shared, target::TAKEN_OVER);
    bound(&mut single, figures, &[PLAIN, shared, taken], SINGLE);
    let mut backlog =
        table("Server CPU time per delivered event, 64 events at once: µs", figures, BACKLOG, microseconds);
    let shared = Bound::new(Contender::Shared, Contender::Axum, target::BACKLOG);
    let taken = Bound::new(Contender::TakenOver, Contender::Shared, target::TAKEN_OVER_BACKLOG);
    bound(&mut backlog, figures, &[PLAIN, shared, taken], BACKLOG);
    let mut idle = table("Server resident memory per idle connection: bytes", figures, IDLE, bytes);
    let idle_bounds = [Contender::Plain, Contender::Shared].map(|ours| Bound::new(ours, Contender::Axum, target::IDLE));
    bound(&mut idle, figures, &idle_bounds, IDLE);
    limit(&mut idle, figures, target::TAKEN_OVER_BYTES, IDLE);
    let mut churned = table(
        "Server resident memory per idle connection, after five rounds of coming and going: bytes",
        figures,
        CHURNED,
        bytes,
    );
    limit(&mut churned, figures, target::TAKEN_OVER_CHURNED_BYTES, CHURNED);
    let milliseconds = |nanoseconds: f64| format!("{:.2}", nanoseconds / 1e6);
    let p99 = table("Delivery time, 99th percentile: ms", figures, |readings| readings.p99, milliseconds);
    vec![single, backlog, idle, churned, p99, routings(figures), orders_table(&figures.orders)]
}

/// The maximum ratio of the figure of one server to that of another.
struct Bound {
    ours: Contender,
    other: Contender,
    limit: f64,
}

const PLAIN: Bound = Bound::new(Contender::Plain, Contender::Axum, target::PLAIN);

impl Bound {
    const fn new(ours: Contender, other: Contender, limit: f64) -> Self {
        Self { ours, other, limit }
    }
}

fn table(title: &str, figures: &Figures, figure: Figure, cell: impl Fn(f64) -> String) -> Table {
    let mut table = Table::new(title, "server");
    let heads: Vec<_> = figures.sizes.iter().map(|size| format!("{} connections", size.connections)).collect();
    table.columns(heads.iter().map(String::as_str));
    for &contender in Contender::SERVING {
        let medians = figures.sizes.iter().filter_map(|size| size.median(contender, figure));
        table.row(contender.name(), medians.map(&cell));
    }
    table
}

fn bound(table: &mut Table, figures: &Figures, bounds: &[Bound], figure: Figure) {
    for &Bound { ours, other, limit } in bounds {
        let ratios: Vec<_> = figures.sizes.iter().filter_map(|size| size.share(ours, other, figure)).collect();
        table.row(format!("{} / {}", ours.name(), other.name()), ratios.iter().copied().map(ratio));
        table.row("target (at most)", ratios.iter().map(|_| ratio(limit)));
        table.row("target met", ratios.iter().map(|found| verdict(Some(*found <= limit))));
    }
}

/// Returns the table of the servers in [`Contender::HUB`].
#[must_use]
pub fn hub_table(sizes: &[Size]) -> Table {
    let mut table = Table::new(
        "Delivery over a socket: server CPU time in µs, and over that of `broadcast`",
        "connections, at once",
    );
    table.columns(["`broadcast`", "hub, `all()`", "hub, two topics", "`all()` (must 1.03)", "two topics (must 1.10)"]);
    for size in sizes {
        for (events, figure) in [(1, SINGLE), (trial::BACKLOG, BACKLOG)] {
            let times = Contender::HUB.iter().filter_map(|server| size.median(*server, figure)).map(microseconds);
            let bounds = [(Contender::HubAll, target::HUB_ALL), (Contender::HubTopics, target::HUB_TOPICS)];
            let ratios = bounds.into_iter().filter_map(|(ours, limit)| {
                let share = size.share(ours, Contender::Numbered, figure)?;
                Some(format!("{} {}", ratio(share), verdict(Some(share <= limit))))
            });
            table.row(format!("{}, {events}", size.connections), times.chain(ratios));
        }
    }
    table
}

/// Adds the maximum of [`Contender::TakenOver`].
fn limit(table: &mut Table, figures: &Figures, limit: f64, figure: Figure) {
    let found: Vec<_> = figures.sizes.iter().filter_map(|size| size.median(Contender::TakenOver, figure)).collect();
    table.row(
        format!("target of {} (at most)", Contender::TakenOver.name()),
        found.iter().map(|_| format!("{limit:.0}")),
    );
    table.row("target met", found.iter().map(|found| verdict(Some(*found <= limit))));
}

fn routings(figures: &Figures) -> Table {
    let mut table =
        Table::new("Server resident memory per idle connection, by the argument of `axum::serve`: bytes", "");
    table.columns(["ours (encoded once)"]);
    for (routing, bytes) in &figures.routings {
        table.row(routing.name(), [format!("{bytes:.0}")]);
    }
    table
}

/// Returns the table of memory by the order in which connections are opened.
#[must_use]
pub fn orders_table(orders: &[(Order, Memory)]) -> Table {
    let mut table = Table::new(
        "Resident memory of `sse_axum::serve` per idle connection, by the order in which connections are opened: bytes",
        "order",
    );
    table.columns(["at first", "after five rounds of coming and going"]);
    for (order, memory) in orders {
        let bytes = [Some(memory.idle_bytes), memory.churned_bytes].into_iter().flatten();
        table.row(order.name(), bytes.map(|bytes| format!("{bytes:.0}")));
    }
    table
}

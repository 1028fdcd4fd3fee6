//! Tables of the results.

use super::{
    contender::Contender,
    load::Order,
    measure::{Figures, Medians, Size},
    trial::{self, Memory},
};
use crate::{
    report::{Table, ratio, verdict},
    target,
};

/// Returns the tables: CPU time for single events and for backlogs, memory at first and later, delivery time, and memory by
/// routing and by order.
#[must_use]
pub fn tables(figures: &Figures) -> Vec<Table> {
    let cpu = |nanoseconds: f64| format!("{:.2}", nanoseconds / 1e3);
    let mut single =
        table("Server CPU time per delivered event, one event at a time: µs", figures, |medians| cpu(medians.single));
    let shared = Bound::new(Contender::Shared, Contender::Bytes, target::SHARED);
    let taken = Bound::new(Contender::TakenOver, Contender::Shared, target::TAKEN_OVER);
    bound(&mut single, figures, &[PLAIN, shared, taken], |medians| medians.single);
    let mut backlog =
        table("Server CPU time per delivered event, 64 events at once: µs", figures, |medians| cpu(medians.backlog));
    let shared = Bound::new(Contender::Shared, Contender::Axum, target::BACKLOG);
    let taken = Bound::new(Contender::TakenOver, Contender::Shared, target::TAKEN_OVER_BACKLOG);
    bound(&mut backlog, figures, &[PLAIN, shared, taken], |medians| medians.backlog);
    let mut idle = table("Server resident memory per idle connection: bytes", figures, |medians| {
        format!("{:.0}", medians.idle_bytes)
    });
    let idle_bounds = [Contender::Plain, Contender::Shared].map(|ours| Bound::new(ours, Contender::Axum, target::IDLE));
    bound(&mut idle, figures, &idle_bounds, |medians| medians.idle_bytes);
    limit(&mut idle, figures, target::TAKEN_OVER_BYTES, |medians| medians.idle_bytes);
    let mut churned = table(
        "Server resident memory per idle connection, after five rounds of coming and going: bytes",
        figures,
        |medians| format!("{:.0}", medians.churned_bytes),
    );
    limit(&mut churned, figures, target::TAKEN_OVER_CHURNED_BYTES, |medians| medians.churned_bytes);
    let p99 = table("Delivery time, 99th percentile: ms", figures, |medians| format!("{:.2}", medians.p99 / 1e6));
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

fn of(size: &Size, contender: Contender) -> Option<&Medians> {
    size.medians.iter().find_map(|(known, medians)| (*known == contender).then_some(medians))
}

fn table(title: &str, figures: &Figures, cell: impl Fn(&Medians) -> String) -> Table {
    let mut table = Table::new(title, "server");
    let heads: Vec<_> = figures.sizes.iter().map(|size| format!("{} connections", size.connections)).collect();
    table.columns(heads.iter().map(String::as_str));
    for &contender in Contender::SERVING {
        table.row(contender.name(), figures.sizes.iter().filter_map(|size| of(size, contender)).map(&cell));
    }
    table
}

fn bound(table: &mut Table, figures: &Figures, bounds: &[Bound], figure: impl Fn(&Medians) -> f64) {
    for &Bound { ours, other, limit } in bounds {
        let ratios: Vec<_> =
            figures.sizes.iter().filter_map(|size| Some(figure(of(size, ours)?) / figure(of(size, other)?))).collect();
        table.row(format!("{} / {}", ours.name(), other.name()), ratios.iter().copied().map(ratio));
        table.row("target (at most)", ratios.iter().map(|_| ratio(limit)));
        table.row("target met", ratios.iter().map(|found| verdict(Some(*found <= limit))));
    }
}

/// Returns the table of the servers in [`Contender::HUB`].
#[must_use]
pub fn hub_table(sizes: &[Size]) -> Table {
    type Figure = fn(&Medians) -> f64;

    let mut table = Table::new(
        "Delivery over a socket: server CPU time in µs, and over that of `broadcast`",
        "connections, at once",
    );
    table.columns(["`broadcast`", "hub, `all()`", "hub, two topics", "`all()` (must 1.03)", "two topics (must 1.10)"]);
    let at_once: [(usize, Figure); 2] = [(1, |medians| medians.single), (trial::BACKLOG, |medians| medians.backlog)];
    for size in sizes {
        for (events, figure) in at_once {
            let times: Vec<_> = size.medians.iter().map(|(_, medians)| figure(medians)).collect();
            let [broadcast, all, two] = times[..] else { continue };
            let cells = [broadcast, all, two].map(|time| format!("{:.2}", time / 1e3));
            let ratios = [(all, target::HUB_ALL), (two, target::HUB_TOPICS)].map(|(time, limit)| {
                let share = time / broadcast;
                format!("{} {}", ratio(share), verdict(Some(share <= limit)))
            });
            table.row(format!("{}, {events}", size.connections), cells.into_iter().chain(ratios));
        }
    }
    table
}

/// Adds the maximum of [`Contender::TakenOver`].
fn limit(table: &mut Table, figures: &Figures, limit: f64, figure: impl Fn(&Medians) -> f64) {
    let found: Vec<_> = figures.sizes.iter().filter_map(|size| of(size, Contender::TakenOver)).map(figure).collect();
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

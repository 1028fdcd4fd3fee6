//! The cost of a hub next to tokio's `broadcast`: deliveries, publishing, replay.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use sse_core::{Encoded, Gap, SseEvent};
use sse_hub::{Hub, Options, Start, Subscription, Window};
use tokio::{
    runtime::{Builder, Runtime},
    sync::broadcast,
};

use crate::{
    Error,
    clock::{median, thread_time},
    report::{Table, nanoseconds_each, ratio, verdict},
};

/// The events.
#[derive(SseEvent)]
#[sse(rename_all = "kebab-case")]
enum Score {
    Goal { text: String },
    Resync(Gap),
}

type Scores = Subscription<Score, fn(Gap) -> Score>;

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Effort {
    /// The numbers of readers.
    pub readers: Vec<usize>,
    /// The rounds of each measurement.
    pub rounds: usize,
}

fn event() -> Score {
    Score::Goal { text: "x".repeat(110) }
}

fn hub(events: usize) -> Hub<Score> {
    Hub::memory(Options::new().window(Window::new().events(events)))
}

fn publish(hub: &Hub<Score>, topic: &str, event: &Score) {
    // In memory an event is published by the call.
    drop(hub.topic(topic).publish(event));
}

/// A source of events for readers: the hub in different uses, or a broadcast channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Broadcast,
    All,
    TwoTopics,
}

/// A number of readers on a runtime of one thread, and the way to publish to them.
struct Fan {
    runtime: Runtime,
    publish: Box<dyn Fn()>,
    received: std::rc::Rc<std::cell::Cell<usize>>,
    readers: usize,
    local: tokio::task::LocalSet,
}

impl Fan {
    fn new(source: Source, readers: usize) -> Result<Self, Error> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let local = tokio::task::LocalSet::new();
        let received = std::rc::Rc::new(std::cell::Cell::new(0));
        let publish: Box<dyn Fn()> = if source == Source::Broadcast {
            let (sender, _) = broadcast::channel::<Encoded<Score>>(1024);
            for _ in 0..readers {
                let (mut events, received) = (sender.subscribe(), received.clone());
                local.spawn_local(async move {
                    while let Ok(event) = events.recv().await {
                        black_box(event.as_bytes());
                        received.set(received.get() + 1);
                    }
                });
            }
            Box::new(move || {
                if let Ok(encoded) = Encoded::new(&event()) {
                    drop(sender.send(encoded));
                }
            })
        } else {
            let hub = hub(1024);
            for _ in 0..readers {
                let subscription = match source {
                    Source::TwoTopics => hub.topics(["match/17", "league/1"]).subscribe(Start::from(hub.cursor())),
                    Source::All | Source::Broadcast => hub.all().subscribe(Start::from(hub.cursor())),
                };
                let mut scores: Scores = subscription?.on_gap(Score::Resync as fn(Gap) -> Score);
                let received = received.clone();
                local.spawn_local(async move {
                    while let Some(Ok(event)) = scores.next().await {
                        black_box(event.as_bytes());
                        received.set(received.get() + usize::from(event.has_event()));
                    }
                });
            }
            Box::new(move || publish(&hub, "match/17", &event()))
        };
        let mut fan = Self { runtime, publish, received, readers, local };
        fan.deliver(1);
        Ok(fan)
    }

    /// Publishes events at once, and runs until all readers have received them.
    fn deliver(&mut self, events: usize) {
        let until = self.received.get() + events * self.readers;
        (0..events).for_each(|_| (self.publish)());
        let received = self.received.clone();
        self.local.block_on(&self.runtime, async move {
            while received.get() < until {
                tokio::task::yield_now().await;
            }
        });
    }
}

/// Measures the CPU time per delivery next to a broadcast channel, and returns the table.
///
/// # Errors
///
/// Returns an error if a runtime cannot be built or the hub refuses a subscription.
pub fn deliveries(effort: &Effort) -> Result<Table, Error> {
    let mut table =
        Table::new("Delivery without a socket: CPU time in ns, and over that of `broadcast`", "readers, at once");
    table.columns(["`broadcast`", "hub, `all()`", "hub, two topics", "`all()`", "two topics"]);
    for &readers in &effort.readers {
        for at_once in [1, 64] {
            let sources = [Source::Broadcast, Source::All, Source::TwoTopics];
            let mut fans =
                sources.into_iter().map(|source| Fan::new(source, readers)).collect::<Result<Vec<_>, _>>()?;
            let mut times = vec![Vec::new(); fans.len()];
            let repeats = (200_000 / (readers * at_once)).max(1);
            for _ in 0..effort.rounds {
                for (fan, times) in fans.iter_mut().zip(&mut times) {
                    let start = thread_time();
                    (0..repeats).for_each(|_| fan.deliver(at_once));
                    times.push(thread_time().saturating_sub(start));
                }
            }
            let times: Vec<_> = times.into_iter().map(median).collect();
            let [broadcast, all, two] = times[..] else { continue };
            let share = |time: Duration| time.as_secs_f64() / broadcast.as_secs_f64();
            let each = |time| format!("{:.0}", nanoseconds_each(readers * at_once * repeats, time));
            let cells = [each(broadcast), each(all), each(two), ratio(share(all)), ratio(share(two))];
            table.row(format!("{readers}, {at_once}"), cells);
        }
    }
    Ok(table)
}

/// Measures publishing and replay, and returns the table.
///
/// # Errors
///
/// Returns an error if the hub refuses a subscription.
pub fn calls(effort: &Effort) -> Result<Table, Error> {
    let mut table = Table::new("Publishing and replay, in one thread", "figure");
    table.columns(["measured", "must", "met", "reach for"]);
    let mut row = |name: &str, measured: f64, unit: &str, must: f64, reach: &str| {
        let cells =
            [format!("{measured:.0} {unit}"), format!("{must} {unit}"), verdict(Some(measured <= must)), reach.into()];
        table.row(name, cells);
    };
    let nobody = publish_to_nobody(effort, 1);
    row("publish to nobody, 150 bytes", nobody, "ns", 400.0, "250 ns");
    row("publish to one of 100 000 topics", publish_to_nobody(effort, 100_000), "ns", 1000.0, "600 ns");
    row("`publish` returns, 100 000 readers waiting", publish_to_many(effort)?, "µs", 100.0, "30 µs");
    row("replay, per event", replay(effort)?, "ns", 60.0, "40 ns");
    row("10 000 resumes of 1000 events", resumes()?, "ms", 5000.0, "3 s");
    Ok(table)
}

fn publish_to_nobody(effort: &Effort, topics: usize) -> f64 {
    let hub = hub(100_000);
    let names: Vec<_> = (0..topics).map(|topic| format!("user/{topic}")).collect();
    let event = event();
    let round = || {
        let start = thread_time();
        // A stride that visits all names, far from each other.
        for number in 0..100_000_usize {
            if let Some(name) = names.get(number * 7919 % topics) {
                publish(&hub, name, &event);
            }
        }
        thread_time().saturating_sub(start)
    };
    nanoseconds_each(100_000, median((0..effort.rounds).map(|_| round()).collect()))
}

fn publish_to_many(effort: &Effort) -> Result<f64, Error> {
    let mut times = Vec::new();
    for _ in 0..effort.rounds.min(5) {
        let hub = hub(100);
        let runtime = Builder::new_current_thread().build()?;
        for _ in 0..100_000 {
            let mut scores = hub.topic("a").subscribe(Start::NOW)?.on_gap(Score::Resync as fn(Gap) -> Score);
            runtime.spawn(async move { while scores.next().await.is_some() {} });
        }
        runtime.block_on(async {
            for _ in 0..100_000 / 31 {
                tokio::task::yield_now().await;
            }
        });
        let event = event();
        // To another topic first, because the allocator sorts what earlier rounds have freed at the next large request.
        publish(&hub, "b", &event);
        // CPU time, because the wall clock includes what other programs of the machine do.
        let start = thread_time();
        publish(&hub, "a", &event);
        times.push(thread_time().saturating_sub(start));
    }
    Ok(median(times).as_secs_f64() * 1e6)
}

fn replay(effort: &Effort) -> Result<f64, Error> {
    let hub = hub(100_000);
    (0..100_000).for_each(|_| publish(&hub, "a", &event()));
    let round = || -> Result<Duration, Error> {
        let mut scores: Scores = hub.topic("a").subscribe(Start::EARLIEST)?.on_gap(Score::Resync as fn(Gap) -> Score);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let start = thread_time();
        while scores.poll_next_unpin(&mut context).is_ready() {}
        Ok(thread_time().saturating_sub(start))
    };
    let times = (0..effort.rounds).map(|_| round()).collect::<Result<Vec<_>, _>>()?;
    Ok(nanoseconds_each(100_000, median(times)))
}

fn resumes() -> Result<f64, Error> {
    let hub = hub(10_000);
    (0..1000).for_each(|_| publish(&hub, "a", &event()));
    let first = hub.topic("a").subscribe(Start::EARLIEST)?;
    drop(first);
    let start = format!("{}-0", hub.cursor().epoch());
    let time = Instant::now();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..10_000 {
        let mut scores: Scores = hub.topic("a").subscribe(start.as_str())?.on_gap(Score::Resync as fn(Gap) -> Score);
        while scores.poll_next_unpin(&mut context).is_ready() {}
    }
    Ok(time.elapsed().as_secs_f64() * 1e3)
}

//! The heap usage of a hub: per subscriber, per held event, with a reader that stalls, and after many subscriptions
//! have come and gone.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test")]

use std::{
    alloc::System,
    task::{Context, Waker},
    time::Duration,
};

use futures_util::{FutureExt, StreamExt};
use sse_core::{Gap, SseEvent};
use sse_hub::{Hub, Options, Start, Subscription, Window};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::{runtime, time::advance};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[derive(SseEvent)]
#[sse(rename_all = "kebab-case")]
enum Score {
    Goal { text: String },
    Resync(Gap),
}

type Scores = Subscription<Score, fn(Gap) -> Score>;

/// Returns the bytes that are allocated now.
fn heap() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

fn publish(hub: &Hub<Score>, topic: &str, len: usize) {
    let event = Score::Goal { text: "x".repeat(len) };
    hub.topic(topic).publish(&event).now_or_never().unwrap().unwrap();
}

fn wait(reader: &mut Scores) {
    while reader.poll_next_unpin(&mut Context::from_waker(Waker::noop())).is_ready() {}
}

/// Returns the bytes per subscriber that the hub and the subscription allocate.
fn per_subscriber(count: usize, topics: impl Fn(usize) -> Option<Vec<String>>) -> usize {
    let hub: Hub<Score> = Hub::memory(Options::new());
    let names: Vec<_> = (0..count).map(&topics).collect();
    let mut readers: Vec<Scores> = Vec::with_capacity(count);
    let before = heap();
    for names in &names {
        let subscription = match names {
            None => hub.all().subscribe(Start::NOW),
            Some(names) => hub.topics(names).subscribe(Start::NOW),
        };
        let mut reader: Scores = subscription.unwrap().on_gap(Score::Resync as fn(Gap) -> Score);
        wait(&mut reader);
        readers.push(reader);
    }
    let used = (heap() - before) / count;
    drop(readers);
    // Only a few lists that may keep some capacity remain.
    assert!(heap() <= before + 4096, "{} bytes are left", heap() - before);
    assert_eq!((hub.stats().subscriptions, hub.stats().topics), (0, 0));
    used
}

fn per_event(count: usize, len: usize, is_read: bool) -> usize {
    let hub: Hub<Score> = Hub::memory(Options::new().window(Window::new().events(count)));
    let mut reader: Scores = hub.topic("a").subscribe(Start::NOW).unwrap().on_gap(Score::Resync as fn(Gap) -> Score);
    let before = heap();
    for _ in 0..count {
        publish(&hub, "a", len);
        if is_read {
            wait(&mut reader);
        }
    }
    let bytes = (heap() - before) / count;
    // The bytes of an event: name, ID and data.
    let sent = format!("event: goal\nid: {}\ndata: {{\"text\":\"\"}}\n\n", hub.cursor()).len() + len;
    bytes - sent
}

/// One test, because the allocator counts for the whole process.
#[test]
fn the_heap_of_a_hub_stays_within_its_bounds() {
    let own = |number: usize| Some(vec![format!("user/{number}")]);
    let three = |number: usize| Some(vec![format!("user/{number}"), "league/1".into(), "news".into()]);
    for count in [100, 10_000] {
        let (all, own, three) =
            (per_subscriber(count, |_| None), per_subscriber(count, own), per_subscriber(count, three));
        println!(
            "{count} subscribers: all {all}, own topic {own}, three topics {three}, and {} inline",
            size_of::<Scores>()
        );
        assert!(all <= 128 && own <= 360 && three <= 512, "{all} {own} {three}");
    }
    // A single subscriber pays for the chunks of the lists.
    assert!(per_subscriber(1, |_| None) <= 4096 && per_subscriber(1, own) <= 16 * 1024);

    for is_read in [false, true] {
        let overhead = per_event(20_000, 150, is_read);
        println!("held event, read {is_read}: {overhead} beyond its bytes");
        assert!(overhead <= 96, "{overhead}");
    }

    a_stalled_reader_costs_nothing();
    a_reader_that_stalls_in_a_replay_keeps_little();
    let paused = runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    paused.block_on(many_that_come_and_go_leave_nothing());
    a_burst_of_topics_leaves_nothing();
}

fn a_stalled_reader_costs_nothing() {
    let hub: Hub<Score> = Hub::memory(Options::new().window(Window::new().events(1000)));
    let mut stalled: Scores = hub.topic("a").subscribe(Start::NOW).unwrap().on_gap(Score::Resync as fn(Gap) -> Score);
    wait(&mut stalled);
    let mut others: Vec<Scores> = (0..10)
        .map(|_| hub.topic("a").subscribe(Start::NOW).unwrap().on_gap(Score::Resync as fn(Gap) -> Score))
        .collect();
    let mut full = 0;
    for number in 0..6000 {
        publish(&hub, "a", 1500);
        others.iter_mut().for_each(wait);
        if number == 2000 {
            full = heap();
        }
    }
    assert!(heap().abs_diff(full) < full / 50, "{} {full}", heap());
    let gap = stalled.next().now_or_never().unwrap().unwrap().unwrap();
    assert!(gap.as_bytes().starts_with(b"event: resync"));
    assert_eq!(hub.stats().gaps.slow, 1);
    publish(&hub, "a", 10);
    wait(&mut stalled);
    assert_eq!(hub.stats().gaps.slow, 1);
}

/// The events that a reader has taken out of the log stay in memory until it is polled again.
fn a_reader_that_stalls_in_a_replay_keeps_little() {
    let hub: Hub<Score> = Hub::memory(Options::new().window(Window::new().events(1000)));
    let fill = || (0..2000).for_each(|_| publish(&hub, "a", 1500));
    fill();
    let before = heap();
    let mut stalled: Vec<Scores> = Vec::new();
    for _ in 0..20 {
        let mut reader: Scores =
            hub.topic("a").subscribe(Start::EARLIEST).unwrap().on_gap(Score::Resync as fn(Gap) -> Score);
        // The announced start, and an event.
        (0..2).for_each(|_| drop(reader.next().now_or_never()));
        stalled.push(reader);
        fill();
    }
    let each = (heap() - before) / stalled.len();
    println!("a reader that stalls in a replay: {each} bytes");
    assert!(each < 20 * 1024, "{each}");
}

/// For ten minutes, 100 of 10 000 readers are replaced each second, and 100 others receive an event each, which is held
/// for ten seconds.
async fn many_that_come_and_go_leave_nothing() {
    let age = Duration::from_secs(10);
    let hub: Hub<Score> = Hub::memory(Options::new().window(Window::new().age(age)));
    let join = |number: usize| {
        let name = format!("user/{number}");
        let mut reader: Scores =
            hub.topic(&name).subscribe(Start::NOW).unwrap().on_gap(Score::Resync as fn(Gap) -> Score);
        wait(&mut reader);
        (name, reader)
    };
    for _ in 0..1000 {
        publish(&hub, "fill", 100);
    }
    let empty = heap();
    let mut readers: Vec<_> = (0..10_000).map(join).collect();
    let mut before = 0;
    for number in 10_000..72_000 {
        if number == 12_000 {
            // The first events are too old by now.
            before = heap();
        }
        let slot = number * 7919 % readers.len();
        readers[slot] = join(number);
        let slot = number * 104_729 % readers.len();
        let (name, reader) = &mut readers[slot];
        publish(&hub, name, 100);
        assert!(reader.next().now_or_never().is_some(), "nothing is lost");
        wait(reader);
        advance(Duration::from_millis(10)).await;
    }
    assert!(heap().abs_diff(before) < before / 50, "{} {before}", heap());
    readers.clear();
    readers.shrink_to_fit();
    advance(age + Duration::from_secs(1)).await;
    for _ in 0..1000 {
        publish(&hub, "fill", 100);
    }
    assert!(heap().abs_diff(empty) < empty / 50 + 4096, "{} {empty}", heap());
    assert_eq!((hub.stats().subscriptions, hub.stats().topics), (0, 1));
}

/// Lists do not keep their peak capacity if topics burst in turn.
fn a_burst_of_topics_leaves_nothing() {
    let hub: Hub<Score> = Hub::memory(Options::new().window(Window::new().events(2000)));
    let mut peak = 0;
    for topic in 0..20 {
        let name = format!("topic/{topic}");
        let _reader = hub.topic(&name).subscribe(Start::NOW).unwrap();
        for _ in 0..2500 {
            publish(&hub, &name, 10);
        }
        if topic == 2 {
            peak = heap();
        }
    }
    assert!(heap() < peak + peak / 20, "{} {peak}", heap());
}

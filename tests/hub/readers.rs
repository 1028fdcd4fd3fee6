//! Readers that are slow, quiet, woken or dropped; limits; the end of topics and of the hub.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Wake, Waker},
    time::Duration,
};

use futures_util::{FutureExt, StreamExt};
use sse_core::{Gap, GapReason};
use sse_hub::{Cursor, Cut, Hub, NameError, Options, PublishError, Start, SubscribeError, Subscription, Window};

use super::Score;

type Scores = Subscription<Score, fn(Gap) -> Score>;

const RESYNC: fn(Gap) -> Score = Score::Resync;

fn hub(events: usize) -> Hub<Score> {
    Hub::memory(Options::new().epoch(7).window(Window::new().events(events)))
}

fn publish(hub: &Hub<Score>, topic: &str, number: u64) -> Cursor {
    hub.topic(topic).publish(&Score::Goal { number }).now_or_never().unwrap().unwrap()
}

/// Returns the available items: `id` for an ID alone, `number@id` for an event, `reason@id` for a gap, `end` and `cut`.
/// IDs of epoch 7 are written without it.
pub(super) fn read(
    stream: &mut (impl futures_util::Stream<Item = Result<sse_core::Encoded<Score>, Cut>> + Unpin),
) -> Vec<String> {
    let mut items = Vec::new();
    while let Some(item) = stream.next().now_or_never() {
        let Some(item) = item else {
            items.push("end".to_owned());
            break;
        };
        let Ok(block) = item else {
            items.push("cut".to_owned());
            continue;
        };
        let text = std::str::from_utf8(block.as_bytes()).unwrap();
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        let id = field("id: 7-").or_else(|| field("id: ")).unwrap();
        items.push(match field("data: ") {
            None => id,
            Some(data) => {
                let data: serde_json::Value = serde_json::from_str(&data).unwrap_or_default();
                let what =
                    data["reason"].as_str().map(str::to_owned).or(data["number"].as_u64().map(|n| n.to_string()));
                format!("{}@{id}", what.unwrap_or_else(|| "here".to_owned()))
            }
        });
    }
    items
}

fn follow(hub: &Hub<Score>, topic: &str, start: impl Into<Start>) -> Scores {
    hub.topic(topic).subscribe(start).unwrap().on_gap(RESYNC)
}

#[test]
fn a_slow_reader_is_told_once_and_goes_on_with_the_newest_event_of_each_topic() {
    let hub = hub(4);
    let mut reader = hub.topics(["a", "b"]).subscribe(Start::NOW).unwrap().on_gap(RESYNC);
    for (topic, number) in [("b", 1), ("a", 2), ("a", 3), ("a", 4), ("b", 5), ("a", 6)] {
        publish(&hub, topic, number);
    }
    // The oldest two have left the window; 5 is the newest of `b`, and 6 of `a`.
    assert_eq!(read(&mut reader), ["slow@4", "5@5", "6@6"]);
    publish(&hub, "a", 7);
    assert_eq!(read(&mut reader), ["7@7"]);
    assert_eq!(hub.stats().gaps.slow, 1);
}

#[test]
fn a_slow_reader_receives_the_terminal_event_of_its_topic() {
    let hub = hub(2);
    let mut reader = follow(&hub, "a", Start::NOW);
    (1..5).for_each(|number| _ = publish(&hub, "a", number));
    hub.topic("a").publish(&Score::FullTime { number: 5 }).now_or_never().unwrap().unwrap();
    assert_eq!(read(&mut reader), ["slow@4", "5@5", "end"]);
}

#[test]
fn a_reader_that_is_too_far_behind_is_cut_and_a_backlog_is_not_counted() {
    let hub = hub(1000);
    (1..=100).for_each(|number| _ = publish(&hub, "a", number));
    let mut resumed = hub.topic("a").subscribe("7-10").unwrap().cut_when_behind(5).on_gap(RESYNC);
    assert_eq!(read(&mut resumed).len(), 90);
    (101..=105).for_each(|number| _ = publish(&hub, "a", number));
    assert_eq!(read(&mut resumed).len(), 5);
    (106..=111).for_each(|number| _ = publish(&hub, "a", number));
    assert_eq!(read(&mut resumed), ["cut", "end"]);
    assert_eq!(hub.stats().cut, 1);
    // Of other topics it is not behind.
    let mut quiet = hub.topic("q").subscribe(hub.cursor()).unwrap().cut_when_behind(5).on_gap(RESYNC);
    (1..=50).for_each(|number| _ = publish(&hub, "a", number));
    publish(&hub, "q", 1);
    assert_eq!(read(&mut quiet), ["111", "1@162"]);
}

#[test]
fn conflation_skips_what_is_not_the_newest_of_a_topic() {
    let hub = hub(1000);
    let mut two = hub.topics(["a", "b"]).subscribe("7-0").unwrap().conflate().on_gap(RESYNC);
    let mut all = hub.all().subscribe("7-0").unwrap().conflate().on_gap(RESYNC);
    for (topic, number) in [("a", 1), ("b", 2), ("a", 3), ("c", 4), ("a", 5)] {
        publish(&hub, topic, number);
    }
    hub.topics([] as [&str; 0]).publish(&Score::Goal { number: 6 }).now_or_never().unwrap().unwrap();
    assert_eq!(read(&mut two), ["2@2", "5@5"]);
    assert_eq!(read(&mut all), ["2@2", "4@4", "5@5", "6@6"]);
    publish(&hub, "b", 7);
    assert_eq!((read(&mut two), read(&mut all)), (vec!["7@7".to_owned()], vec!["7@7".to_owned()]));
}

#[test]
fn no_topics_are_nothing_and_all_is_everything() {
    let hub = hub(10);
    let mut nothing = hub.topics([] as [&str; 0]).subscribe("7-0").unwrap().on_gap(RESYNC);
    let mut all = hub.all().subscribe("7-0").unwrap().on_gap(RESYNC);
    publish(&hub, "a", 1);
    assert!(read(&mut nothing).is_empty());
    assert_eq!(read(&mut all), ["1@1"]);
}

#[test]
fn an_event_of_several_topics_is_received_once() {
    let hub = hub(10);
    let mut reader = hub.topics(["a", "b", "a"]).subscribe("7-0").unwrap().on_gap(RESYNC);
    hub.topics(["b", "a", "c"]).publish(&Score::Goal { number: 1 }).now_or_never().unwrap().unwrap();
    assert_eq!(read(&mut reader), ["1@1"]);
}

/// A waker that counts.
#[derive(Default)]
pub(super) struct Count(pub(super) AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

pub(super) fn poll(stream: &mut Scores, count: &Arc<Count>) -> bool {
    let waker = Waker::from(count.clone());
    Pin::new(stream).poll_next_unpin(&mut Context::from_waker(&waker)).is_ready()
}

#[test]
fn a_quiet_reader_sends_an_id_before_its_own_leaves_the_window() {
    let hub = hub(100);
    let count = Arc::<Count>::default();
    let mut quiet = follow(&hub, "quiet", "7-0");
    assert!(!poll(&mut quiet, &count));
    let mut told = 0;
    for number in 1..=1000 {
        publish(&hub, "busy", number);
        if count.0.swap(0, Ordering::Relaxed) > 0 {
            for item in read(&mut quiet) {
                let id: u64 = item.parse().unwrap();
                assert!(id == number && number - told < 100, "{told} {number}");
                told = id;
            }
            assert!(!poll(&mut quiet, &count));
        }
        assert!(number - told < 100, "{told} {number}");
    }
    // Twice per half of the window at most, and a reader that comes back is told of no gap.
    assert!((9..=42).contains(&hub.stats().bookmarks), "{}", hub.stats().bookmarks);
    drop(quiet);
    assert_eq!(hub.topic("quiet").subscribe(format!("7-{told}")).unwrap().gap(), None);
}

#[test]
fn a_bookmark_event_takes_the_place_of_each_id() {
    let hub = hub(8);
    let mut quiet = hub.topic("q").subscribe(Start::NOW).unwrap().on_bookmark(&Score::Here).on_gap(RESYNC);
    assert_eq!(read(&mut quiet), ["here@0"]);
    (1..=40).for_each(|number| _ = publish(&hub, "a", number));
    assert_eq!(read(&mut quiet), ["here@40"]);
}

#[test]
fn every_waiting_reader_is_woken_and_each_poll_wakes_the_next() {
    let hub = hub(10);
    let count = Arc::<Count>::default();
    let mut readers: Vec<Scores> = (0..1000).map(|_| follow(&hub, "a", "7-0")).collect();
    for reader in &mut readers {
        assert!(!poll(reader, &count));
    }
    publish(&hub, "a", 1);
    let first = count.0.load(Ordering::Relaxed);
    assert!((1..=64).contains(&first), "a publish wakes {first}");
    // Readers that are woken but never polled delay the others only until anybody else is polled.
    let mut stranger = follow(&hub, "other", "7-1");
    while count.0.load(Ordering::Relaxed) < 1000 {
        let before = count.0.load(Ordering::Relaxed);
        poll(&mut stranger, &Arc::default());
        assert!(count.0.load(Ordering::Relaxed) > before);
    }
    assert!(readers.iter_mut().all(|reader| poll(reader, &count)));
}

#[test]
fn a_reader_that_is_polled_before_its_turn_to_be_woken_is_woken_for_the_next_event() {
    let hub = hub(10);
    let (all, own) = (Arc::<Count>::default(), Arc::<Count>::default());
    let mut others: Vec<Scores> = (0..200).map(|_| follow(&hub, "a", "7-0")).collect();
    let mut last = follow(&hub, "a", "7-0");
    let mut stranger = follow(&hub, "other", "7-0");
    for reader in &mut others {
        assert!(!poll(reader, &all));
    }
    poll(&mut last, &own);
    // Quiet readers are woken, but not all of them at once.
    for number in 1.. {
        publish(&hub, "busy", number);
        if all.0.load(Ordering::Relaxed) > 0 {
            break;
        }
    }
    assert!(all.0.load(Ordering::Relaxed) < 200 && own.0.load(Ordering::Relaxed) == 0);
    publish(&hub, "a", 1);
    while poll(&mut last, &own) {}
    // Everybody else is woken, and `last` too, perhaps for nothing.
    for _ in 0..100 {
        poll(&mut stranger, &Arc::default());
    }
    while poll(&mut last, &own) {}
    own.0.store(0, Ordering::Relaxed);
    publish(&hub, "a", 2);
    for _ in 0..100 {
        poll(&mut stranger, &Arc::default());
    }
    assert!(own.0.load(Ordering::Relaxed) > 0 && poll(&mut last, &own));
}

#[test]
fn dropping_a_woken_reader_passes_the_wake_on() {
    let hub = hub(10);
    let count = Arc::<Count>::default();
    let mut readers: Vec<Scores> = (0..500).map(|_| follow(&hub, "a", "7-0")).collect();
    for reader in &mut readers {
        assert!(!poll(reader, &count));
    }
    publish(&hub, "a", 1);
    while !readers.is_empty() {
        readers.pop();
    }
    assert!(count.0.load(Ordering::Relaxed) > 450, "{}", count.0.load(Ordering::Relaxed));
    assert_eq!((hub.stats().subscriptions, hub.topic("a").subscribers()), (0, 0));
}

/// A waker that owns a reader, as a task does: dropping it drops the reader.
struct Owner(#[expect(dead_code, reason = "it is dropped")] Mutex<Option<Scores>>, Hub<Score>);

impl Wake for Owner {
    fn wake(self: Arc<Self>) {
        publish(&self.1, "woken", 1);
    }
}

#[test]
fn wakers_may_use_the_hub_when_they_are_woken_and_when_they_are_dropped() {
    let hub = hub(10);
    for _ in 0..2 {
        let mut reader = follow(&hub, "a", hub.cursor().to_string());
        let owner = Waker::from(Arc::new(Owner(Mutex::new(Some(follow(&hub, "b", Start::NOW))), hub.clone())));
        assert!(Pin::new(&mut reader).poll_next_unpin(&mut Context::from_waker(&owner)).is_pending());
        drop(owner);
        // The other waker takes the place of the owner, which is dropped with its reader.
        assert!(!poll(&mut reader, &Arc::default()));
        assert_eq!(hub.topic("b").subscribers(), 0);
        let owner = Waker::from(Arc::new(Owner(Mutex::new(Some(follow(&hub, "b", Start::NOW))), hub.clone())));
        assert!(Pin::new(&mut reader).poll_next_unpin(&mut Context::from_waker(&owner)).is_pending());
        drop(owner);
        if hub.stats().events == 0 {
            publish(&hub, "a", 1);
            assert_eq!(hub.stats().events, 2);
        } else {
            drop(reader);
        }
        assert_eq!(hub.topic("b").subscribers(), 0);
    }
}

#[test]
fn a_terminal_event_has_exactly_one_topic_and_ends_it() {
    let hub = hub(10);
    let end = Score::FullTime { number: 9 };
    for names in [vec![], vec!["a", "b"]] {
        let error = hub.topics(names.clone()).publish(&end).now_or_never().unwrap().unwrap_err();
        assert!(matches!(error, PublishError::Terminal { topics } if topics == names.len()));
    }
    let mut one = follow(&hub, "a", "7-0");
    let mut two = hub.topics(["a", "b"]).subscribe("7-0").unwrap().on_gap(RESYNC);
    hub.topics(["a", "a"]).publish(&end).now_or_never().unwrap().unwrap();
    assert_eq!(read(&mut one), ["9@1", "end"]);
    assert_eq!(read(&mut two), ["9@1"]);
    // Whoever has it is over; whoever comes late receives it.
    assert!(hub.topic("a").subscribe("7-1").unwrap().is_over());
    assert!(!hub.topics(["a", "b"]).subscribe("7-1").unwrap().is_over());
    let late = hub.topic("a").subscribe(None::<String>).unwrap();
    assert!(!late.is_over());
    assert_eq!(read(&mut late.on_gap(RESYNC)), ["9@1", "end"]);
    // A later event opens the topic again.
    publish(&hub, "a", 10);
    assert!(!hub.topic("a").subscribe("7-1").unwrap().is_over());
}

#[test]
fn an_end_ends_the_topic_for_older_subscriptions_in_its_place() {
    let hub = hub(10);
    let mut one = follow(&hub, "a", "7-0");
    let mut two = hub.topics(["a", "b"]).subscribe("7-0").unwrap().on_gap(RESYNC);
    publish(&hub, "a", 1);
    hub.topic("a").end().now_or_never().unwrap().unwrap();
    publish(&hub, "a", 3);
    assert_eq!(read(&mut one), ["1@1", "end"]);
    assert_eq!(read(&mut two), ["1@1"]);
    // A subscription that is younger than the end passes over it.
    assert_eq!(read(&mut follow(&hub, "a", "7-0")), ["1@1", "3@3"]);
    hub.topic("b").end().now_or_never().unwrap().unwrap();
    assert_eq!(read(&mut two), ["end"]);
    let unknown = hub.topic("b").subscribe("x").unwrap();
    assert!(unknown.is_over() && unknown.gap().is_none());
}

#[test]
fn limits_are_errors_that_name_them() {
    let options = Options::new().max_event(100).max_topics(2).max_subscriptions(2).max_live_topics(2).max_name(5);
    let hub: Hub<Score> = Hub::memory(options);
    assert_eq!(hub.topic("").subscribe(Start::NOW).unwrap_err(), SubscribeError::Name(NameError::Empty));
    let error = hub.topic("a\u{7f}").subscribe(Start::NOW).unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.status()),
        ("topic name contains a control character at byte 1; remove it", 400)
    );
    assert!(
        hub.topics(["a", "b", "c"]).subscribe(Start::NOW).unwrap_err().to_string().contains("`Options::max_topics`")
    );
    let _one = hub.topics(["a", "b"]).subscribe(Start::NOW).unwrap();
    let error = hub.topic("c").subscribe(Start::NOW).unwrap_err();
    assert_eq!((error.to_string().contains("`Options::max_live_topics`"), error.status()), (true, 503));
    let _two = hub.topic("a").subscribe(Start::NOW).unwrap();
    let error = hub.topic("a").subscribe(Start::NOW).unwrap_err();
    assert_eq!((error.to_string().contains("`Options::max_subscriptions`"), error.status()), (true, 503));
    let name = "x".repeat(6);
    let error = hub.topic(&name).publish(&Score::Here).now_or_never().unwrap().unwrap_err();
    assert!(error.to_string().contains("`Options::max_name`"));
    let hub: Hub<Score> = Hub::memory(Options::new().max_event(20));
    let error = hub.topic("a").publish(&Score::Goal { number: u64::MAX }).now_or_never().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "event has 51 bytes, and the limit is 20; raise `Options::max_event`");
    assert_eq!(hub.stats().held_events, 0);
}

#[test]
fn a_huge_or_malformed_id_goes_on_from_now() {
    let hub = hub(10);
    (1..5).for_each(|number| _ = publish(&hub, "a", number));
    for id in ["x".repeat(1_000_000), "7-5".into(), "7-99999999999999999999".into(), "\u{1f980}".into(), "8-0".into()] {
        let subscription = hub.topic("a").subscribe(id).unwrap();
        assert_eq!(subscription.gap(), Some(Gap::new(GapReason::Unknown)));
        assert_eq!(read(&mut subscription.on_gap(RESYNC)), ["unknown@4"]);
    }
    let restarted = hub.topic("a").subscribe("6-2").unwrap();
    assert_eq!(read(&mut restarted.on_gap(RESYNC)), ["restarted@0", "1@1", "2@2", "3@3", "4@4"]);
    let bounded = hub.topic("a").subscribe(Start::from("6-2").not_before("7-3".parse().unwrap())).unwrap();
    assert_eq!(read(&mut bounded.on_gap(RESYNC)), ["restarted@3", "4@4"]);
}

#[test]
fn the_number_of_missed_events_is_exact_for_all_or_unknown() {
    let hub = hub(3);
    (1..=10).for_each(|number| _ = publish(&hub, "a", number));
    let gap = |start: &str| hub.all().subscribe(start).unwrap().gap();
    assert_eq!(gap("7-2"), Some(Gap::new(GapReason::Evicted).with_missed(5)));
    assert_eq!((gap("7-6"), gap("7-7")), (Some(Gap::new(GapReason::Evicted).with_missed(1)), None));
    assert_eq!(hub.topic("a").subscribe("7-2").unwrap().gap(), Some(Gap::new(GapReason::Evicted)));
}

#[test]
fn evicted_memory_and_topics_are_gone_at_once() {
    let hub: Hub<Score> = Hub::memory(Options::new().window(Window::new().bytes(10_000)));
    for number in 0..10_000 {
        publish(&hub, &format!("topic/{number}"), number);
    }
    let stats = hub.stats();
    assert!(stats.held_bytes <= 10_000 && stats.topics == stats.held_events, "{stats:?}");
    assert_eq!(stats.evicted, 10_000 - stats.held_events as u64);
}

#[tokio::test(start_paused = true)]
async fn old_events_leave_an_idle_hub_when_it_is_used_next() {
    let hub: Hub<Score> = Hub::memory(Options::new().epoch(7).window(Window::new().age(Duration::from_secs(60))));
    publish(&hub, "a", 1);
    let mut reader = follow(&hub, "b", "7-0");
    tokio::time::advance(Duration::from_secs(59)).await;
    assert_eq!(hub.topic("a").subscribe("7-0").unwrap().gap(), None);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert!(read(&mut reader).len() <= 1);
    assert_eq!(hub.stats().held_events, 0);
    assert_eq!(hub.topic("a").subscribe("7-0").unwrap().gap(), Some(Gap::new(GapReason::Evicted)));
}

#[tokio::test(start_paused = true)]
async fn draining_ends_all_evenly_and_refuses_new_ones() {
    let hub = hub(10);
    let ended = Arc::new(Mutex::new(Vec::new()));
    let start = tokio::time::Instant::now();
    for _ in 0..5000 {
        let (mut reader, ended) = (follow(&hub, "a", Start::NOW), ended.clone());
        tokio::spawn(async move {
            while reader.next().await.is_some() {}
            ended.lock().unwrap().push(start.elapsed());
        });
    }
    tokio::task::yield_now().await;
    hub.drain(Duration::from_secs(10)).await;
    assert_eq!(hub.topic("a").subscribe(Start::NOW).unwrap_err(), SubscribeError::Closed);
    publish(&hub, "a", 1);
    tokio::time::sleep(Duration::from_millis(1)).await;
    let ended = ended.lock().unwrap();
    assert_eq!((ended.len(), hub.stats().subscriptions), (5000, 0));
    for second in 0..10_u64 {
        let in_second = ended.iter().filter(|at| at.as_secs() == second).count();
        assert!((480..=520).contains(&in_second), "{in_second} in second {second}");
    }
}

#[test]
fn a_closed_hub_ends_its_readers_and_refuses_everything() {
    let hub = hub(10);
    let count = Arc::<Count>::default();
    let mut readers = [follow(&hub, "a", "7-0"), hub.all().subscribe("7-0").unwrap().on_gap(RESYNC)];
    for reader in &mut readers {
        assert!(!poll(reader, &count));
    }
    hub.close();
    assert_eq!(count.0.load(Ordering::Relaxed), 2);
    for reader in &mut readers {
        assert_eq!(read(reader), ["end"]);
    }
    let error = hub.topic("a").publish(&Score::Here).now_or_never().unwrap().unwrap_err();
    assert!(matches!(error, PublishError::Closed));
    assert_eq!(hub.topic("a").subscribe(Start::NOW).unwrap_err().status(), 503);
}

#[test]
fn a_hub_in_a_static_outlives_runtimes() {
    static HUB: std::sync::LazyLock<Hub<Score>> = std::sync::LazyLock::new(|| hub(10));
    for round in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for _ in 0..100 {
            let mut reader = follow(&HUB, "a", Start::NOW);
            runtime.spawn(async move { while reader.next().await.is_some() {} });
        }
        runtime.block_on(tokio::task::yield_now());
        publish(&HUB, "a", round);
        assert_eq!(HUB.topic("a").subscribers(), 100);
        drop(runtime);
        assert_eq!(HUB.stats().subscriptions, 0);
    }
}

#[test]
fn events_of_gaps_and_bookmarks_can_end_the_stream_or_fail() {
    let hub = hub(10);
    let mut ends = hub.topic("a").subscribe("x").unwrap().on_gap(|_| Score::FullTime { number: 1 });
    assert_eq!(read(&mut ends), ["1@0", "end"]);
    let mut ignores = hub.topic("a").subscribe("x").unwrap().ignore_gaps();
    assert_eq!(read(&mut ignores), ["0"]);
}

#[test]
fn polling_after_the_end_stays_at_the_end() {
    let hub = hub(10);
    let mut reader = follow(&hub, "a", "7-0");
    hub.topic("a").end().now_or_never().unwrap().unwrap();
    for _ in 0..3 {
        assert!(matches!(reader.next().now_or_never(), Some(None)));
    }
}

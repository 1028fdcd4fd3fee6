//! Random histories, in memory and with a store, compared step by step with the model.

use std::{
    hash::{BuildHasher, RandomState},
    pin::Pin,
    task::Poll,
    time::Duration,
};

use futures_util::{FutureExt, StreamExt};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use sse_core::{Decoder, Gap};
use sse_hub::{Cursor, EpochKind, Hub, Options, Start, Subscription, Window};

use super::{
    Score,
    model::{From, Item, Kind, Model, QUIET_POLLS, Reader, Set, TOPICS},
    script::{Feed, open},
    setting,
};

/// A step of a history. Numbers are taken modulo what there is, so that any history is valid and shrinks well.
#[derive(Clone, Debug)]
enum Op {
    Publish {
        topics: Set,
        terminal: bool,
    },
    End {
        topic: usize,
    },
    Subscribe {
        client: usize,
        topics: Option<Set>,
        from: Begin,
        /// How far before the end of the log the client may read, if that is limited.
        floor: Option<usize>,
        conflate: bool,
    },
    Poll {
        client: usize,
        items: usize,
    },
    Drop {
        client: usize,
    },
    Wait {
        ticks: u64,
    },
    /// With a store only.
    Epoch {
        is_break: bool,
        lost: u64,
        skipped: u64,
        /// How far before the epoch another one began, if the tail does not show its fence.
        hidden: Option<u64>,
    },
    Hole {
        records: u64,
    },
}

/// Where a client begins.
#[derive(Clone, Copy, Debug)]
enum Begin {
    Now,
    /// With the last ID that it was told.
    Again,
    Unreadable,
    Foreign {
        epoch: u64,
        offset: u64,
    },
    Past {
        back: usize,
    },
    Held {
        index: usize,
    },
    Earliest,
    Newest,
}

const CLIENTS: usize = 4;

fn begin() -> impl Strategy<Value = Begin> {
    prop_oneof![
        2 => Just(Begin::Now),
        6 => Just(Begin::Again),
        1 => Just(Begin::Unreadable),
        2 => (0..6_u64, 0..40_u64).prop_map(|(epoch, offset)| Begin::Foreign { epoch, offset }),
        2 => (0..30_usize).prop_map(|back| Begin::Past { back }),
        1 => (0..30_usize).prop_map(|index| Begin::Held { index }),
        1 => Just(Begin::Earliest),
        1 => Just(Begin::Newest),
    ]
}

fn op(with_store: bool) -> impl Strategy<Value = Op> {
    let rare = u32::from(with_store);
    prop_oneof![
        12 => (0..16_u8, prop::bool::weighted(0.15)).prop_map(|(topics, terminal)| Op::Publish { topics, terminal }),
        1 => (0..4_usize).prop_map(|topic| Op::End { topic }),
        6 => (0..CLIENTS, prop::option::weighted(0.8, 0..16_u8), begin(), prop::option::weighted(0.1, 0..20_usize),
                prop::bool::weighted(0.2))
            .prop_map(|(client, topics, from, floor, conflate)| Op::Subscribe { client, topics, from, floor, conflate }),
        10 => (0..CLIENTS, 1..6_usize).prop_map(|(client, items)| Op::Poll { client, items }),
        2 => (0..CLIENTS).prop_map(|client| Op::Drop { client }),
        2 => (1..8_u64).prop_map(|ticks| Op::Wait { ticks }),
        2 * rare => (any::<bool>(), 0..12_u64, prop_oneof![4 => Just(0), 1 => 1..3_u64],
                prop::option::weighted(0.1, 1..8_u64))
            .prop_map(|(is_break, lost, skipped, hidden)| Op::Epoch { is_break, lost, skipped, hidden }),
        rare => (1..4_u64).prop_map(|records| Op::Hole { records }),
    ]
}

type Scores = Subscription<Score, fn(Gap) -> Score>;

#[derive(Default)]
struct Client {
    last: Option<Cursor>,
    /// The topics of the last subscription, if there was one, which a client that comes back keeps.
    topics: Vec<Option<Set>>,
    connection: Option<(Pin<Box<Scores>>, Reader, Option<Cursor>)>,
}

struct Run {
    hub: Hub<Score>,
    feed: Option<Feed>,
    model: Model,
    clients: [Client; CLIENTS],
    number: u64,
}

/// A tick of the hub's clock, and a little.
const TICK: Duration = Duration::from_millis(8);

impl Run {
    async fn new(with_store: bool, max: usize, age: u64) -> Self {
        let start = Cursor::new(2, if with_store { 10 } else { 0 });
        let window = Window::new().events(max).age(TICK * u32::try_from(age).unwrap());
        let options = Options::new().window(window).epoch(2);
        let (hub, feed) = if with_store {
            let (hub, feed) = open(start, options).await;
            (hub, Some(feed))
        } else {
            (Hub::memory(options), None)
        };
        Self { hub, feed, model: Model::new(start, max, age, with_store), clients: Default::default(), number: 0 }
    }

    async fn apply(&mut self, op: Op) {
        match op {
            Op::Publish { topics, terminal } => self.publish(topics, terminal && topics.is_power_of_two()).await,
            Op::End { topic } => {
                let next = self.next();
                match &mut self.feed {
                    None => assert_eq!(self.hub.topic(TOPICS[topic]).end().await.unwrap(), next),
                    Some(feed) => feed.record(&self.hub, next, &[TOPICS[topic]], None).await,
                }
                self.model.push(next, Kind::End(topic));
            }
            Op::Subscribe { client, topics, from, floor, conflate } => {
                self.subscribe(client, topics, from, floor, conflate);
            }
            Op::Poll { client, items } => {
                for _ in 0..items {
                    if !self.poll(client).await {
                        break;
                    }
                }
            }
            Op::Drop { client } => self.drop(client),
            Op::Wait { ticks } => {
                tokio::time::advance(TICK * u32::try_from(ticks).unwrap()).await;
                self.model.now += ticks;
            }
            Op::Epoch { is_break, lost, skipped, hidden } => {
                let tip = self.model.tip();
                let offset = (tip.offset() + 1 + skipped).saturating_sub(lost).max(11);
                let kind = if is_break { EpochKind::Break } else { EpochKind::Fence };
                if let Some(before) = hidden {
                    let start = Cursor::new(tip.epoch() + 1, offset.saturating_sub(before).max(11));
                    self.feed.as_mut().unwrap().hide(start, kind);
                    // An epoch that begins where the next one does is replaced by it.
                    if start.offset() < offset {
                        self.model.epoch(start, kind);
                    } else {
                        self.model.replaced_epoch(start);
                    }
                }
                let start = Cursor::new(tip.epoch() + 2, offset);
                self.feed.as_mut().unwrap().epoch(&self.hub, start, kind).await;
                self.model.epoch(start, kind);
            }
            Op::Hole { records } => {
                let next = Cursor::new(self.model.tip().epoch(), self.model.tip().offset() + 1 + records);
                self.number += 1;
                let event = Score::Goal { number: self.number };
                self.feed.as_mut().unwrap().record(&self.hub, next, &["a"], Some(&event)).await;
                self.model.hole_before(next);
                self.model.push(next, Kind::Event { topics: 1, terminal: false });
            }
        }
    }

    fn next(&self) -> Cursor {
        Cursor::new(self.model.tip().epoch(), self.model.tip().offset() + 1)
    }

    async fn publish(&mut self, topics: Set, terminal: bool) {
        self.number += 1;
        let number = self.number;
        let event = if terminal { Score::FullTime { number } } else { Score::Goal { number } };
        let names: Vec<_> =
            (0..TOPICS.len()).filter(|topic| topics & (1 << topic) != 0).map(|topic| TOPICS[topic]).collect();
        let next = self.next();
        match &mut self.feed {
            None => assert_eq!(self.hub.topics(names).publish(&event).now_or_never().unwrap().unwrap(), next),
            Some(feed) => feed.record(&self.hub, next, &names, Some(&event)).await,
        }
        self.model.push(next, Kind::Event { topics, terminal });
    }

    fn subscribe(&mut self, client: usize, topics: Option<Set>, from: Begin, floor: Option<usize>, conflate: bool) {
        self.drop(client);
        let entries = self.model.entries();
        let nth =
            |index: usize| entries.get(index % entries.len().max(1)).map_or(self.model.tip(), |entry| entry.cursor);
        let id = |cursor: Cursor| (From::Id(Some(cursor)), Start::from(cursor.to_string()));
        let this = &self.clients[client];
        let (topics, (from, start)) = match (from, this.last) {
            (Begin::Again, Some(last)) => (this.topics.first().copied().unwrap_or(topics), id(last)),
            (Begin::Again | Begin::Now, _) => (topics, (From::Now, Start::NOW)),
            (Begin::Unreadable, _) => (topics, (From::Id(None), Start::from("x-1"))),
            (Begin::Foreign { epoch, offset }, _) => (topics, id(Cursor::new(epoch, offset))),
            (Begin::Past { back }, _) => (topics, id(nth(entries.len().saturating_sub(back + 1)))),
            (Begin::Held { index }, _) => (topics, (From::Cursor(nth(index)), Start::from(nth(index)))),
            (Begin::Earliest, _) => (topics, (From::Earliest, Start::EARLIEST)),
            (Begin::Newest, _) => (topics, (From::Newest, Start::NEWEST)),
        };
        let floor = floor.map(|back| nth(entries.len().saturating_sub(back + 1)));
        let start = floor.map_or(start.clone(), |floor| start.not_before(floor));
        let mut subscription = match topics {
            None => self.hub.all().subscribe(start),
            Some(set) => {
                let names = (0..TOPICS.len()).filter(|topic| set & (1 << topic) != 0).map(|topic| TOPICS[topic]);
                self.hub.topics(names).subscribe(start)
            }
        }
        .unwrap();
        let mut reader = self.model.subscribe(topics, from, floor);
        assert_eq!(subscription.is_over(), reader.over, "{reader:?}");
        assert_eq!(subscription.gap().map(|gap| gap.reason), self.model.gap(&reader), "{reader:?}");
        if conflate {
            subscription = subscription.conflate();
            reader.conflate = true;
        }
        let stream: Scores = subscription.on_gap(Score::Resync as fn(Gap) -> Score);
        self.clients[client].topics = vec![topics];
        self.clients[client].connection = Some((Box::pin(stream), reader, None));
    }

    fn drop(&mut self, client: usize) {
        if let Some((stream, reader, _)) = self.clients[client].connection.take() {
            drop(stream);
            self.model.leave(&reader);
        }
    }

    /// Takes an item. Returns whether there may be more.
    async fn poll(&mut self, client: usize) -> bool {
        let Some((stream, reader, told)) = &mut self.clients[client].connection else { return false };
        let item = std::future::poll_fn(|cx| Poll::Ready(stream.poll_next_unpin(cx))).await;
        let mut expected = self.model.step(reader);
        let (actual, missed) = match item {
            Poll::Pending => (Item::Nothing, None),
            Poll::Ready(None) => (Item::Over, None),
            Poll::Ready(Some(block)) => read(block.unwrap().as_bytes()),
        };
        // A reader may be told the end of the log whenever nothing is undelivered.
        if let (Item::Id(id), Item::Nothing) = (actual, expected) {
            assert!(id == self.model.tip() && id > reader.told, "{id} {reader:?}");
            reader.told = id;
            expected = actual;
            // The ID may be sent because polling has evicted by age.
            if self.hub.stats().held_events < self.model.held_count() {
                self.model.evict();
            }
        }
        // Polling evicts by age if there is nothing else to do.
        match actual {
            Item::Nothing if reader.quiet_polls == QUIET_POLLS => self.model.evict(),
            Item::Nothing => reader.quiet_polls += 1,
            Item::Event(_) => reader.quiet_polls = 0,
            _ => {}
        }
        assert_eq!(actual, expected, "{reader:?}");
        if let (Some(missed), Item::Gap(_, id)) = (missed, actual) {
            assert_eq!(missed, self.model.evicted_between(reader.asked.unwrap(), id) as u64, "{reader:?}");
        }
        let id = match actual {
            Item::Id(id) | Item::Gap(_, id) | Item::Event(id) => id,
            Item::Nothing | Item::Over => return false,
        };
        // The start of a client that has its ID is announced with that ID.
        assert!(told.is_none_or(|told| told < id || matches!(actual, Item::Gap(..)) && told <= id), "{told:?} {id}");
        *told = Some(id);
        self.clients[client].last = Some(id);
        true
    }
}

/// Returns an item, and the number of missed events that it contains.
fn read(block: &[u8]) -> (Item, Option<u64>) {
    let mut decoder = Decoder::new();
    let raw = decoder.feed(block).next_event().map(|raw| raw.unwrap().into_owned());
    let id: Cursor = decoder.last_event_id().parse().unwrap();
    match raw {
        None => (Item::Id(id), None),
        Some(raw) if raw.name() == "resync" => {
            let gap: Gap = serde_json::from_str(raw.data()).unwrap();
            (Item::Gap(gap.reason, id), gap.missed)
        }
        Some(_) => (Item::Event(id), None),
    }
}

fn check(with_store: bool, max: usize, age: u64, ops: Vec<Op>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut run = Run::new(with_store, max, age).await;
        for op in ops {
            run.apply(op).await;
            assert_eq!(run.hub.stats().held_events, run.model.held_count());
        }
        // All that was published is delivered or lies under a gap, and nothing is left when all have gone.
        for client in 0..CLIENTS {
            while run.poll(client).await {}
            run.drop(client);
        }
        assert_eq!((run.hub.stats().subscriptions, run.hub.stats().topics), (0, run.model.live_topics()));
        run.hub.close();
    });
}

/// Compares random histories with the model. The seed is new for each run, and part of the message of a failure.
/// `SSE_HUB_SEED` sets it, and `SSE_HUB_CASES` sets the number of cases.
fn compare(with_store: bool) {
    let cases = setting("SSE_HUB_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(400);
    let seed = setting("SSE_HUB_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
    let rng_seed = RngSeed::Fixed(seed);
    let config =
        ProptestConfig { cases, rng_seed, max_shrink_iters: 20_000, failure_persistence: None, ..Default::default() };
    let histories = (1..12_usize, 3..40_u64, vec(op(with_store), 1..80));
    let outcome = TestRunner::new(config).run(&histories, |(max, age, ops)| {
        check(with_store, max, age, ops);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}\nwith SSE_HUB_SEED={seed} SSE_HUB_CASES={cases}");
    }
}

#[test]
fn a_hub_in_memory_does_what_the_model_expects() {
    compare(false);
}

#[test]
fn a_hub_with_a_store_does_what_the_model_expects() {
    compare(true);
}

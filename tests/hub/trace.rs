//! The events of a hub for `tracing`, whose messages and fields are stable.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use sse_core::Gap;
use sse_hub::{Cursor, EpochKind, Hub, Options, Start, Window};
use tracing::Level;

use super::{Score, readers::read, script::open};
use crate::notes::Notes;

#[test]
fn a_hub_in_memory_reports_subscriptions_gaps_cuts_and_its_end() {
    let (notes, _guard) = Notes::of("sse_hub", Level::DEBUG);
    let hub: Hub<Score> = Hub::memory(Options::new().epoch(7).window(Window::new().events(2)));
    let publish = |number| {
        hub.topic("a").publish(&Score::Goal { number }).now_or_never().unwrap().unwrap();
    };
    (1..=4).for_each(publish);
    let mut late = hub.all().subscribe("7-1").unwrap().on_gap(Score::Resync as fn(Gap) -> Score);
    assert_eq!(read(&mut late), ["evicted@2", "3@3", "4@4"]);
    let mut slow = hub.topic("a").subscribe("7-4").unwrap().cut_when_behind(0).ignore_gaps();
    assert!(slow.next().now_or_never().is_none());
    publish(5);
    publish(6);
    assert!(slow.next().now_or_never().unwrap().unwrap().is_err());
    hub.drain(Duration::ZERO).now_or_never();
    hub.close();
    assert_eq!(
        notes.take(),
        [
            "DEBUG message=subscribed topics=[] gap=\"evicted\" missed=1",
            "DEBUG message=gap told reason=evicted missed=1 id=7-2",
            "DEBUG message=subscribed topics=[\"a\"]",
            "DEBUG message=subscription cut error=the reader is too far behind",
            "INFO message=hub draining subscriptions=2",
            "INFO message=hub closed",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_hub_with_a_store_reports_epochs_records_that_it_cannot_read_and_failures() {
    let (notes, _guard) = Notes::of("sse_hub", Level::DEBUG);
    let (hub, mut feed) = open::<Score>(Cursor::new(2, 10), Options::new()).await;
    feed.epoch(&hub, Cursor::new(3, 11), EpochKind::Break).await;
    feed.unreadable(&hub, Cursor::new(3, 12)).await;
    assert_eq!(hub.stats().unreadable, 1);
    drop(hub.topic("a").publish(&Score::Here).await.unwrap_err());
    assert_eq!(
        notes.take(),
        [
            "INFO message=epoch began start=3-11 kind=Break",
            "WARN message=record unreadable cursor=3-12 error=stored event does not end with an empty line; store the whole block",
            "WARN message=store failed action=\"append\" error=a script",
        ]
    );
    // A record that cannot be read is no hole.
    let reader = hub.all().subscribe(Start::from("3-11")).unwrap();
    assert_eq!(reader.gap(), None);
    feed.open_again(Cursor::new(3, 12), Cursor::new(3, 12));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let ended = "WARN message=store failed action=\"tail\" error=the tail ended";
    assert_eq!(notes.take(), ["DEBUG message=subscribed topics=[]", ended]);
}

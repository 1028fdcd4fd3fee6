//! How a source ends.

use futures_util::StreamExt;
use reqwest::Client;
use sse_client::{CloseReason, Error, EventSource, Update};
use sse_core::{RawEventBuf, Retry};

use super::{
    Feed, all, bounded, raw,
    script::{Script, Step, chunk, cut, head, no_content, status, whole},
    source,
};

/// Reads a source to its end, and returns its items and how it ended.
async fn ended<E: sse_core::SseDecodeOwned>(
    mut source: EventSource<E>,
) -> (Vec<Result<E, Error>>, Option<CloseReason>) {
    bounded(async {
        let mut items = Vec::new();
        while let Some(item) = source.next().await {
            items.push(item);
        }
        (items, source.close_reason())
    })
    .await
}

fn once<E: sse_core::SseDecodeOwned>(script: &Script) -> EventSource<E> {
    EventSource::new(Client::new().post(script.url())).once()
}

#[tokio::test]
async fn a_terminal_event_ends_the_source_and_the_connection() {
    let script =
        Script::new([vec![head(""), chunk("event: done\ndata: \n\nevent: tick\ndata: 1\n\n"), Step::Hang]]).await;
    let (items, reason) = ended(source(&script.url())).await;
    assert!(matches!(items[..], [Ok(Feed::Done)]), "{items:?}");
    assert_eq!(reason, Some(CloseReason::Completed));
}

#[tokio::test]
async fn a_feed_of_several_topics_stays_open_after_a_terminal_event() {
    let events = "event: done\ndata: \n\nid: 1\nevent: tick\ndata: 1\n\n";
    let script = Script::new([whole(events), whole("event: done\ndata: \n\n"), no_content()]).await;
    let (items, reason) = ended(source(&script.url()).stay_open()).await;
    assert!(matches!(items[..], [Ok(Feed::Done), Ok(Feed::Tick(1)), Ok(Feed::Done)]), "{items:?}");
    assert_eq!(reason, Some(CloseReason::NoContent));
}

#[tokio::test]
async fn a_204_ends_the_source_without_an_error() {
    let script = Script::new([whole("id: 1\ndata: 1\n\n"), no_content()]).await;
    let (items, reason) = ended(raw(&script.url())).await;
    assert_eq!((items.len(), reason), (1, Some(CloseReason::NoContent)));
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn an_error_ends_the_source() {
    let script = Script::new([status("404 Not Found", "", "")]).await;
    let (items, reason) = ended(raw(&script.url())).await;
    assert!(matches!(items[..], [Err(Error::Refused { .. })]), "{items:?}");
    assert_eq!(reason, Some(CloseReason::Failed));
}

#[tokio::test]
async fn a_source_that_is_closed_ends_without_an_error() {
    let script = Script::new([vec![head(""), chunk("id: 1\ndata: 1\n\n"), Step::Hang]]).await;
    let mut source = raw(&script.url());
    bounded(async {
        source.next().await.unwrap().unwrap();
        assert!(source.is_open() && source.close_reason().is_none());
        source.close();
        assert!(!source.is_open() && source.next().await.is_none());
        assert_eq!((source.close_reason(), source.last_event_id()), (Some(CloseReason::Closed), "1"));
        source.reconnect();
        assert!(source.next().await.is_none());
    })
    .await;
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn with_a_single_attempt_a_cut_answer_never_looks_complete() {
    // By its last event.
    for answer in [whole("event: tick\ndata: 1\n\n"), cut("event: tick\ndata: 1\n\n")] {
        let script = Script::new([answer]).await;
        let (items, _) = ended(once::<Feed>(&script)).await;
        assert!(matches!(items[..], [Ok(_), Err(Error::Incomplete { mid_event: false, .. })]), "{items:?}");
        assert_eq!(script.requests().len(), 1);
    }
    // Without a last event, by the end of the response.
    let script = Script::new([cut("data: 1\n\n")]).await;
    let (items, _) = ended(once::<RawEventBuf>(&script)).await;
    assert!(matches!(items[..], [Ok(_), Err(Error::Incomplete { cause: Some(_), .. })]), "{items:?}");
    let script = Script::new([whole("data: 1\n\ndata: 2")]).await;
    let (items, _) = ended(once::<RawEventBuf>(&script)).await;
    assert!(matches!(items[..], [Ok(_), Err(Error::Incomplete { mid_event: true, .. })]), "{items:?}");
}

#[tokio::test]
async fn with_a_single_attempt_a_complete_answer_is_no_error() {
    let script = Script::new([whole("event: done\ndata: \n\n")]).await;
    assert_eq!(ended(once::<Feed>(&script)).await.1, Some(CloseReason::Completed));
    let script = Script::new([whole("data: 1\n\n")]).await;
    assert_eq!(ended(once::<RawEventBuf>(&script)).await.1, Some(CloseReason::Ended));
}

#[tokio::test]
async fn with_a_single_attempt_a_refusal_is_final() {
    let script = Script::new([status("503 Service Unavailable", "", "")]).await;
    let (items, reason) = ended(once::<Feed>(&script)).await;
    assert!(matches!(items[..], [Err(Error::Refused { .. })]), "{items:?}");
    assert_eq!((script.requests().len(), reason), (1, Some(CloseReason::Failed)));
}

#[tokio::test]
async fn the_caller_names_the_last_event_of_a_stream_without_types() {
    let done = |event: &RawEventBuf| event.data() == "[DONE]";
    let script = Script::new([vec![head(""), chunk("data: 1\n\ndata: [DONE]\n\n"), Step::Hang]]).await;
    let (items, reason) = ended(once::<RawEventBuf>(&script).complete_when(done)).await;
    assert_eq!((items.len(), reason), (2, Some(CloseReason::Completed)));
    let script = Script::new([whole("data: 1\n\n")]).await;
    let (items, _) = ended(once::<RawEventBuf>(&script).complete_when(done)).await;
    assert!(matches!(items[..], [Ok(_), Err(Error::Incomplete { mid_event: false, .. })]), "{items:?}");
}

#[tokio::test]
async fn a_last_block_without_its_empty_line_is_delivered_if_the_caller_wants_it() {
    for (body, delivered) in [
        ("data: 1\n", true),
        ("data: 1\r", true),
        ("data: 1\r\n", true),
        ("data: 1", false),
        ("data: 1\n\n", true),
        ("", false),
    ] {
        let script = Script::new([whole(body)]).await;
        let (items, _) = ended(once::<RawEventBuf>(&script).lenient_end()).await;
        assert_eq!(items.iter().filter(|item| item.is_ok()).count(), usize::from(delivered), "{body:?}");
        let cut_off = items.iter().any(|item| matches!(item, Err(Error::Incomplete { mid_event: true, .. })));
        assert_eq!(cut_off, body == "data: 1", "{body:?}");
    }
    // A connection that is cut is not an end.
    let script = Script::new([cut("data: 1\n")]).await;
    let (items, _) = ended(once::<RawEventBuf>(&script).lenient_end()).await;
    assert!(matches!(items[..], [Err(Error::Incomplete { .. })]), "{items:?}");
}

#[tokio::test]
async fn updates_report_everything_in_order() {
    let first = ": hello\n\nid: 1\nretry: 5\nevent: tick\ndata: 1\n\nevent: new\ndata: x\n\nevent: tick\ndata: bad\n\nid: 2\n\n";
    let script = Script::new([whole(first), whole("event: done\ndata: \n\n")]).await;
    let shown: Vec<_> = all(source(&script.url()).updates())
        .await
        .into_iter()
        .map(|update| match update {
            Ok(Update::Connecting { attempt }) => format!("connecting {attempt}"),
            Ok(Update::Open(head)) => format!("open {}", head.status()),
            Ok(Update::Event { event, id, retry }) => {
                let id = id.map(|id| id.to_string());
                format!("{event:?} {id:?} {:?}", retry.map(Retry::as_millis))
            }
            Ok(Update::Unknown(event)) => format!("unknown {} {}", event.name(), event.data()),
            Ok(Update::Block { id, retry }) => format!("block {id:?} {retry:?}"),
            Ok(Update::Comment(comment)) => format!("comment{}", comment.as_str()),
            Ok(Update::Waiting { delay, reason }) => {
                format!("waiting {}: {reason}", (5..=8).contains(&delay.as_millis()))
            }
            Ok(Update::Closed(reason)) => format!("closed {reason:?}"),
            Ok(update) => panic!("{update:?}"),
            Err(error) => format!("error {}", error.is_final()),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "connecting 1",
            "open 200 OK",
            "comment hello",
            "Tick(1) Some(\"1\") Some(5)",
            "unknown new x",
            "error false",
            "block Some(EventId(\"2\")) None",
            "waiting true: the server ended the response",
            "connecting 2",
            "open 200 OK",
            "Done None None",
            "closed Completed",
        ]
    );
}

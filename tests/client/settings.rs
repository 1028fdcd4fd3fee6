//! Settings and demands of the caller that no other file covers.

use std::time::Duration;

use futures_util::StreamExt;
use sse_client::{CloseReason, Update, WaitReason};

use super::{
    Feed, all, bounded, quick, raw,
    script::{Script, Step, chunk, head, no_content, status, whole},
    source,
};

#[tokio::test]
async fn the_caller_adds_to_what_is_retried() {
    let conflict = || status("409 Conflict", "", "being created");
    let script = Script::new([conflict(), conflict(), no_content()]).await;
    let source = raw(&script.url()).retry_when(|head| head.status() == 409);
    assert_eq!(all(source).await.len(), 0);
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test]
async fn a_reconnect_on_request_resumes_and_is_not_a_failure() {
    let open = |events: &str| vec![head(""), chunk(events), Step::Hang];
    let script = Script::new([open("id: 1\nevent: tick\ndata: 1\n\n"), open("event: done\ndata: \n\n")]).await;
    let mut updates = source(&script.url()).policy(quick().base(Duration::from_secs(99))).updates();
    let mut reasons = Vec::new();
    bounded(async {
        while let Some(update) = updates.next().await {
            match update.unwrap() {
                Update::Event { event: Feed::Tick(1), .. } => updates.reconnect(),
                Update::Waiting { delay, reason } => reasons.push((delay, reason)),
                _ => {}
            }
        }
    })
    .await;
    assert!(
        matches!(&reasons[..], [(delay, WaitReason::Requested)] if *delay <= Duration::from_millis(2)),
        "{reasons:?}"
    );
    assert_eq!(script.ids(), [None, Some("1".to_owned())]);
    assert_eq!(updates.close_reason(), Some(CloseReason::Completed));
}

#[tokio::test]
async fn a_reconnect_cuts_a_wait_short() {
    let script = Script::new([whole("id: 1\nretry: 99000\ndata: 1\n\n"), no_content()]).await;
    let mut source = raw(&script.url());
    bounded(async {
        source.next().await.unwrap().unwrap();
        tokio::time::timeout(Duration::from_millis(50), source.next()).await.unwrap_err();
        source.reconnect();
        assert!(source.next().await.is_none());
    })
    .await;
}

#[tokio::test]
async fn the_settings_may_be_followed_by_updates_at_any_time() {
    let open = |events: &str| vec![head(""), chunk(events), Step::Hang];
    let script =
        Script::new([open("id: 1\nevent: tick\ndata: 1\n\nevent: tick\ndata: 2\n\n"), open("event: done\ndata: \n\n")])
            .await;
    let mut source = source(&script.url());
    bounded(async {
        assert_eq!(source.next().await.unwrap().unwrap(), Feed::Tick(1));
        let updates = all(source.updates()).await;
        assert!(matches!(updates.last(), Some(Ok(Update::Closed(CloseReason::Completed)))), "{updates:?}");
    })
    .await;
    assert_eq!(script.ids(), [None, Some("1".to_owned())]);
}

#[tokio::test]
async fn unknown_events_are_counted_over_all_connections() {
    let events = || whole("event: new\ndata: 1\n\n");
    let script = Script::new([events(), events(), no_content()]).await;
    let mut events = source(&script.url());
    bounded(async { assert!(events.next().await.is_none()) }).await;
    assert_eq!(events.unknown_events(), 2);
    let script = Script::new([whole("event: new\ndata: 1\n\nevent: new\ndata: 1\n\n"), no_content()]).await;
    let mut updates = source(&script.url()).updates();
    bounded(async { while updates.next().await.is_some() {} }).await;
    assert_eq!(updates.unknown_events(), 2);
}

#[tokio::test]
async fn chunks_may_end_anywhere() {
    let events = "id: 1\nevent: tick\r\ndata: 1\r\rid: 2\nevent: done\ndata: \n\n";
    let mut answer = vec![head("")];
    answer.extend(events.bytes().map(|byte| chunk([byte])));
    let script = Script::new([answer]).await;
    let events: Vec<_> = all(source(&script.url())).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(events, [Feed::Tick(1), Feed::Done]);
}

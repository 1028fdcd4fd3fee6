//! Faults of servers and networks, and how each of them appears to the caller.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use sse_client::{CloseReason, Error, EventSource, Tries, Update, WaitReason};
use sse_core::Limits;

use super::{
    Feed, all, bounded, chain, failures, quick, raw,
    script::{Script, Step, chunk, cut, end, head, no_content, send, status, whole},
    source, until_error,
};

const TICK: &str = "id: 1\nevent: tick\ndata: 1\n\n";
const REST: &str = "id: 2\nevent: tick\ndata: 2\n\nid: 3\nevent: done\ndata: \n\n";

const MILLIS: Duration = Duration::from_millis(1);

/// Reads a feed over a fault: one event, the fault, and then two more. Asserts that no event is lost or doubled, and
/// returns why the source connected again.
async fn over(fault: Vec<Step>) -> WaitReason {
    over_with(fault, |source| source).await
}

async fn over_with(fault: Vec<Step>, set: impl FnOnce(EventSource<Feed>) -> EventSource<Feed>) -> WaitReason {
    let script = Script::new([fault, whole(REST)]).await;
    let (mut events, mut reasons) = (Vec::new(), Vec::new());
    for update in all(set(source(&script.url())).updates()).await {
        match update.unwrap() {
            Update::Event { event, .. } => events.push(event),
            Update::Waiting { reason, .. } => reasons.push(reason),
            _ => {}
        }
    }
    assert_eq!(events, [Feed::Tick(1), Feed::Tick(2), Feed::Done]);
    assert_eq!(script.ids(), [None, Some("1".to_owned())]);
    assert_eq!(reasons.len(), 1);
    reasons.remove(0)
}

/// Returns the error of a reason.
fn error(reason: WaitReason) -> Error {
    match reason {
        WaitReason::Failed(error) => error,
        reason => panic!("{reason:?}"),
    }
}

#[tokio::test]
async fn a_cut_within_an_event_discards_it_and_the_next_connection_resumes_before_it() {
    let error = error(over(cut(format!("{TICK}id: 2\nevent: tick\ndata: 2\n"))).await);
    assert!(matches!(error, Error::Incomplete { mid_event: true, .. }), "{error:?}");
    assert!(chain(&error).starts_with("the stream was cut within an event: "), "{}", chain(&error));
}

#[tokio::test]
async fn a_response_that_ends_within_an_event_is_a_cut() {
    let error = error(over(whole(format!("{TICK}id: 2\nevent: tick\ndata: 2\n"))).await);
    assert!(matches!(error, Error::Incomplete { mid_event: true, cause: None, .. }), "{error:?}");
}

#[tokio::test]
async fn a_cut_between_events_differs_from_an_end() {
    let error = error(over(cut(TICK)).await);
    assert!(matches!(error, Error::Incomplete { mid_event: false, cause: Some(_), .. }), "{error:?}");
    assert!(matches!(over(whole(TICK)).await, WaitReason::Ended));
}

#[tokio::test]
async fn a_reset_is_a_cut() {
    let error = error(over(vec![head(""), chunk(TICK), Step::Wait(20 * MILLIS), Step::Reset]).await);
    assert!(matches!(error, Error::Incomplete { mid_event: false, .. }), "{error:?}");
    assert!(chain(&error).contains("reset"), "{}", chain(&error));
}

#[tokio::test]
async fn a_connection_whose_peer_has_vanished_is_found_by_the_idle_timeout() {
    let silent = vec![head(""), chunk(TICK), Step::Hang];
    let error = error(over_with(silent, |source| source.idle_timeout(100 * MILLIS)).await);
    assert!(matches!(error, Error::Incomplete { mid_event: false, .. }), "{error:?}");
    assert!(chain(&error).ends_with("nothing arrived for 100ms, the idle timeout"), "{}", chain(&error));
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_is_found_by_the_idle_timeout() {
    let script = Script::new([vec![Step::Hang]]).await;
    let policy = quick().tries(Tries::AtMost(2));
    let (_, error) = until_error(source(&script.url()).idle_timeout(50 * MILLIS).policy(policy)).await;
    assert_eq!(
        chain(&error),
        "gave up after 2 attempts without progress: no response: nothing arrived for 50ms, the idle timeout"
    );
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn a_trickle_of_bytes_is_a_sign_of_life() {
    let slow = vec![
        head(""),
        Step::Trickle(b"1d\r\n: x\nid: 1\nevent: tick\ndata: 1".to_vec(), 10 * MILLIS),
        send("\r\n"),
        chunk("\n\n"),
        end(),
    ];
    let start = Instant::now();
    let reason = over_with(slow, |source| source.idle_timeout(200 * MILLIS)).await;
    assert!(matches!(reason, WaitReason::Ended), "{reason:?}");
    assert!(start.elapsed() > 300 * MILLIS, "the trickle takes longer than the timeout");
}

#[tokio::test]
async fn timeouts_of_reqwest_are_named_as_such() {
    let silent = || vec![head(""), chunk(TICK), Step::Hang];
    for client in [
        reqwest::Client::builder().read_timeout(50 * MILLIS).build().unwrap(),
        reqwest::Client::builder().timeout(50 * MILLIS).build().unwrap(),
    ] {
        let script = Script::new([silent(), no_content()]).await;
        let source = EventSource::<Feed>::new(client.get(script.url())).policy(quick());
        let errors = failures(all(source.updates()).await);
        let text = chain(&errors[0]);
        assert!(text.contains("reqwest's own timeout expired; use `EventSource::idle_timeout`"), "{text}");
    }
}

#[tokio::test]
async fn a_page_instead_of_a_stream_is_final_and_shown() {
    let page = "<html>\u{1b}[31mplease log in</html>";
    let script = Script::new([status("200 OK", "Content-Type: text/html; charset=utf-8\r\n", page)]).await;
    let (_, error) = until_error(source(&script.url())).await;
    assert_eq!(
        error.to_string(),
        "the content type is `text/html; charset=utf-8` instead of `text/event-stream`; check the URL; the body begins \
         with `<html>\\u{1b}[31mplease log in</html>`"
    );
    let Error::Refused { head, body, .. } = error else { panic!("{error:?}") };
    assert_eq!((head.status().as_u16(), body.as_str()), (200, page));
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn a_503_is_retried_no_sooner_than_it_asks_for() {
    let script = Script::new([status("503 Service Unavailable", "Retry-After: 1\r\n", "busy"), no_content()]).await;
    let updates = all(source(&script.url()).updates()).await;
    let delay = updates.iter().find_map(|update| match update {
        Ok(Update::Waiting { delay, .. }) => Some(*delay),
        _ => None,
    });
    assert!((1000..=1500).contains(&delay.unwrap().as_millis()), "{delay:?}");
    assert_eq!(
        failures(updates)[0].to_string(),
        "the server answered `503 Service Unavailable` instead of `200 OK`; the body begins with `busy`"
    );
    let requests = script.requests();
    assert!(requests[1].at - requests[0].at >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_429_with_a_date_is_measured_by_the_clock_of_the_server() {
    // A server whose clock is wrong by years.
    let headers = "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\nRetry-After: Wed, 21 Oct 2015 07:28:01 GMT\r\n";
    let script = Script::new([status("429 Too Many Requests", headers, ""), no_content()]).await;
    assert_eq!(all(source(&script.url())).await.len(), 0);
    let requests = script.requests();
    assert!((1000..2500).contains(&(requests[1].at - requests[0].at).as_millis()));
}

#[tokio::test]
async fn a_redirect_loop_is_final() {
    let script = Script::new([status("302 Found", "Location: /events\r\n", "")]).await;
    let (_, error) = until_error(source(&script.url())).await;
    assert!(matches!(error, Error::Request(_)), "{error:?}");
    assert!(chain(&error).contains("too many redirects"), "{}", chain(&error));
    assert_eq!(script.requests().len(), 11);
}

#[tokio::test]
async fn a_redirect_with_an_empty_location_is_final() {
    let script = Script::new([status("301 Moved Permanently", "Location:\r\n", "")]).await;
    let (_, error) = until_error(source(&script.url())).await;
    assert!(matches!(error, Error::Request(_)), "{error:?}");
    assert_eq!(script.requests().len(), 11, "reqwest takes it for the same URL");
}

#[tokio::test]
async fn a_redirect_without_a_location_is_final() {
    let script = Script::new([status("307 Temporary Redirect", "", "")]).await;
    let (_, error) = until_error(source(&script.url())).await;
    assert!(error.to_string().contains("`307 Temporary Redirect`, which was not followed"), "{error}");
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn a_206_is_final_even_with_the_right_content_type() {
    let script = Script::new([status("206 Partial Content", "Content-Type: text/event-stream\r\n", TICK)]).await;
    let (events, error) = until_error(source(&script.url())).await;
    assert_eq!(events, []);
    assert!(error.to_string().contains("`206 Partial Content`"), "{error}");
}

#[tokio::test]
async fn the_body_of_a_refusal_is_read_for_five_seconds_at_most() {
    let trickle = Step::Trickle(vec![b'x'; 4096], 20 * MILLIS);
    let script = Script::new([vec![send("HTTP/1.1 404 Not Found\r\n\r\n"), trickle]]).await;
    let start = Instant::now();
    let (_, error) = until_error(source(&script.url())).await;
    assert!((4..8).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    let Error::Refused { body, .. } = error else { panic!("{error:?}") };
    assert!(!body.is_empty() && body.len() < 1024, "{}", body.len());
}

#[tokio::test]
async fn of_the_body_of_a_refusal_one_kibibyte_is_kept() {
    let script = Script::new([status("404 Not Found", "", &"é".repeat(10_000))]).await;
    let (_, error) = until_error(source(&script.url())).await;
    let Error::Refused { body, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*body, "é".repeat(512));
    assert!(error.to_string().len() < 1000, "the message is shorter still");
}

#[tokio::test]
async fn a_server_that_answers_200_and_ends_at_once_is_given_up() {
    let script = Script::new([whole("")]).await;
    let (events, error) = until_error(source(&script.url())).await;
    assert_eq!(events, []);
    assert_eq!(chain(&error), "gave up after 5 attempts without progress: the stream ended before its last event");
    assert_eq!(script.requests().len(), 5);
}

#[tokio::test]
async fn after_progress_any_number_of_failures_is_retried() {
    let mut answers = vec![whole(TICK)];
    answers.extend(std::iter::repeat_n(whole(""), 12));
    answers.push(whole(REST));
    let script = Script::new(answers).await;
    assert_eq!(all(source(&script.url())).await.len(), 3);
    assert_eq!(script.requests().len(), 14);
}

#[tokio::test]
async fn an_id_alone_is_progress() {
    let ids = (1..=20).map(|id| whole(format!("id: {id}\n\n")));
    let script = Script::new(ids.chain([no_content()])).await;
    assert_eq!(all(source(&script.url())).await.len(), 0);
    assert_eq!(script.requests().last().unwrap().last_event_id(), Some("20"));
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_given_up() {
    let (_, error) = until_error(source("http://host.invalid/events?key=hunter2")).await;
    let Error::GaveUp { tries: 5, last, .. } = &error else { panic!("{error:?}") };
    assert!(matches!(**last, Error::Connect(_)), "{last:?}");
    assert!(chain(&error).contains("dns error"), "{}", chain(&error));
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_is_given_up() {
    let (_, error) = until_error(source("http://127.0.0.1:1/events")).await;
    assert!(chain(&error).to_lowercase().contains("connection refused"), "{}", chain(&error));
}

#[tokio::test]
async fn an_encoded_body_that_reqwest_does_not_decode_is_refused() {
    let headers = "Content-Type: text/event-stream\r\nContent-Encoding: gzip\r\n";
    let script = Script::new([status("200 OK", headers, "\u{1f}")]).await;
    let client = reqwest::Client::builder().no_gzip().build().unwrap();
    let (_, error) = until_error(EventSource::<Feed>::new(client.get(script.url()))).await;
    assert!(error.to_string().starts_with("the body is encoded as `gzip`; enable the feature `gzip`"), "{error}");
}

#[tokio::test]
async fn an_event_over_the_limit_is_one_error_and_the_next_event_arrives() {
    let events = format!("id: 1\nevent: tick\ndata: {}1\n\n{REST}", "0".repeat(200));
    let script = Script::new([whole(events)]).await;
    let items = all(source(&script.url()).limits(Limits::new().max_data(100))).await;
    assert!(matches!(&items[0], Err(error @ Error::Limit(_)) if !error.is_final()), "{items:?}");
    assert_eq!(items[1].as_ref().unwrap(), &Feed::Tick(2));
    assert_eq!((items.len(), script.requests().len()), (3, 1));
}

#[tokio::test]
async fn an_event_that_cannot_be_decoded_is_one_error_and_the_next_event_arrives() {
    let script = Script::new([whole(format!("id: 1\nevent: tick\ndata: one\n\n{REST}"))]).await;
    let items = all(source(&script.url())).await;
    assert!(matches!(&items[0], Err(error @ Error::Decode(_)) if !error.is_final()), "{items:?}");
    assert_eq!(items[1].as_ref().unwrap(), &Feed::Tick(2));
    assert_eq!((items.len(), script.requests().len()), (3, 1));
}

#[tokio::test]
async fn an_id_that_cannot_be_sent_back_is_final_and_never_a_start_from_the_beginning() {
    let script = Script::new([whole(format!("id: a\u{7}{}\ndata: 1\n\n", "b".repeat(1000)))]).await;
    let (events, error) = until_error(raw(&script.url())).await;
    assert_eq!(events.len(), 1);
    let text = error.to_string();
    assert!(text.starts_with("the last event ID `a\\u{7}bbb") && text.len() < 500, "{text}");
    assert!(format!("{error:?}").len() < 500);
    assert_eq!(script.requests().len(), 1);
}

/// Fails if an error shows the secret in any of its texts.
fn assert_secret(error: &Error) {
    assert!(!format!("{error:?} {error:#?}").contains("hunter2"), "{error:?}");
    assert!(!chain(error).contains("hunter2"), "{}", chain(error));
}

#[tokio::test]
async fn a_secret_in_the_url_is_in_no_text_of_any_error() {
    let redirect = status("302 Found", "Location: /other?key=hunter2\r\n", "");
    let answers = [
        vec![status("404 Not Found", "", "missing")],
        vec![status("200 OK", "Content-Type: text/html\r\n", "")],
        vec![redirect],
        vec![status("302 Found", "Location: ftp://user:hunter2@host/\r\n", "")],
        vec![vec![send("HTTP/1.1 nonsense\r\n\r\n")]],
        vec![cut(TICK), status("404 Not Found", "", "")],
        vec![vec![Step::Reset]],
    ];
    for answers in answers {
        let script = Script::new(answers).await;
        let url = format!("{}?key=hunter2", script.url().replace("http://", "http://user:hunter2@"));
        for item in all(source(&url).updates()).await {
            match item {
                Err(error) | Ok(Update::Waiting { reason: WaitReason::Failed(error), .. }) => assert_secret(&error),
                Ok(update) => assert!(!format!("{update:?}").contains("hunter2"), "{update:?}"),
            }
        }
        assert!(!format!("{:?}", source(&url)).contains("hunter2"));
    }
    for url in [
        "https://127.0.0.1:1/?key=hunter2",
        "http://127.0.0.1:1/?key=hunter2",
        "nonsense?key=hunter2",
        "ftp://hunter2/",
    ] {
        let (_, error) = until_error(source(url)).await;
        assert_secret(&error);
    }
}

#[tokio::test]
async fn https_without_tls_in_reqwest_is_final_and_names_the_remedy() {
    let (_, error) = until_error(source("https://127.0.0.1:1/events")).await;
    assert!(matches!(error, Error::Request(_)), "{error:?}");
    assert!(chain(&error).contains("needs a TLS feature of `reqwest`"), "{}", chain(&error));
}

#[tokio::test]
async fn a_request_that_cannot_be_built_is_the_only_item() {
    for url in ["not a url", "/events", ""] {
        let (events, error) = until_error(source(url)).await;
        assert!(events.is_empty() && matches!(error, Error::Request(_)), "{error:?}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_response_are_retried() {
    for garbage in [
        "SSH-2.0-OpenSSH\r\n",
        "\0\u{1}\u{2}",
        "HTTP/1.1 99999 \r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    ] {
        let script = Script::new([vec![send(garbage)], no_content()]).await;
        let updates = all(source(&script.url()).updates()).await;
        assert!(matches!(updates.last(), Some(Ok(Update::Closed(CloseReason::NoContent)))), "{updates:?}");
        assert!(matches!(failures(updates)[..], [Error::Connect(_)]));
    }
}

#[tokio::test]
async fn a_caller_that_does_not_poll_is_not_a_silent_server() {
    let answer = vec![head(""), chunk(TICK), Step::Wait(200 * MILLIS), chunk(REST), Step::Hang];
    let script = Script::new([answer]).await;
    let mut source = source(&script.url()).idle_timeout(300 * MILLIS);
    bounded(async {
        assert_eq!(source.next().await.unwrap().unwrap(), Feed::Tick(1));
        // Not polled within the silence, and for longer than the timeout.
        tokio::time::timeout(50 * MILLIS, source.next()).await.unwrap_err();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(source.next().await.unwrap().unwrap(), Feed::Tick(2));
        assert_eq!(source.next().await.unwrap().unwrap(), Feed::Done);
    })
    .await;
    assert_eq!(script.requests().len(), 1);
}

/// Serves a feed from a thread of its own: one event, and the rest after a pause.
fn served_by_a_thread() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let _ = connection.read(&mut [0; 1024]).unwrap();
        write!(connection, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{TICK}").unwrap();
        thread::sleep(200 * MILLIS);
        write!(connection, "{REST}").unwrap();
    });
    url
}

#[tokio::test]
async fn a_thread_that_is_blocked_is_not_a_silent_server() {
    let url = served_by_a_thread();
    let mut source = source(&url).idle_timeout(300 * MILLIS).policy(quick().tries(Tries::AtMost(1)));
    bounded(async {
        assert_eq!(source.next().await.unwrap().unwrap(), Feed::Tick(1));
        tokio::time::timeout(50 * MILLIS, source.next()).await.unwrap_err();
        // Neither this task nor the one that reads the connection runs meanwhile.
        thread::sleep(Duration::from_secs(1));
        assert_eq!(source.next().await.unwrap().unwrap(), Feed::Tick(2));
        assert_eq!(source.next().await.unwrap().unwrap(), Feed::Done);
    })
    .await;
}

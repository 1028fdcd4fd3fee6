//! The requests of a client: their headers, which of them are sent again, and requests that are made anew.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use reqwest::{Body, Client, RequestBuilder, StatusCode};
use sse_client::{Attempt, BoxError, CloseReason, Error, EventSource, Permanent, Tries};
use sse_core::{EventId, RawEventBuf};

use super::{
    Feed, all, chain, quick, raw,
    script::{Script, cut, no_content, status, whole},
    until_error,
};

#[tokio::test]
async fn the_headers_of_an_event_stream_are_sent_once_each() {
    let script = Script::new([no_content()]).await;
    all(raw(&script.url())).await;
    let request = &script.requests()[0];
    assert_eq!(request.line, "GET /events HTTP/1.1");
    assert_eq!(request.all("accept"), ["text/event-stream"]);
    assert_eq!(request.all("cache-control"), ["no-cache"]);
    assert_eq!(request.last_event_id(), None);
}

#[tokio::test]
async fn headers_of_the_caller_are_kept() {
    let script = Script::new([no_content()]).await;
    let request = Client::new().get(script.url()).header("accept", "text/event-stream, application/json");
    all(EventSource::<Feed>::new(request.header("cache-control", "max-age=0"))).await;
    let request = &script.requests()[0];
    assert_eq!(request.all("accept"), ["text/event-stream, application/json"]);
    assert_eq!(request.all("cache-control"), ["max-age=0"]);
}

#[tokio::test]
async fn the_last_event_id_follows_the_stream_and_is_not_sent_while_it_is_empty() {
    let answers = [
        whole("data: 1\n\n"),
        whole("id: fünf 🦀\ndata: 2\n\n"),
        whole("data: 3\n\nid: cut\ndata: 4\n"),
        whole("id\ndata: 5\n\n"),
        no_content(),
    ];
    let script = Script::new(answers).await;
    assert_eq!(all(raw(&script.url())).await.len(), 4);
    let id = Some("fünf 🦀".to_owned());
    assert_eq!(script.ids(), [None, None, id.clone(), id, None]);
}

#[tokio::test]
async fn an_initial_id_is_sent_and_returned() {
    let script = Script::new([whole("data: 1\n\n"), no_content()]).await;
    let source = raw(&script.url()).with_last_event_id(EventId::from_static("a7"));
    assert_eq!(source.last_event_id(), "a7");
    all(source).await;
    assert_eq!(script.ids(), vec![Some("a7".to_owned()); 2]);
}

#[tokio::test]
async fn an_id_among_the_headers_is_the_initial_one_and_not_more() {
    let script = Script::new([whole("id: 8\ndata: 1\n\n"), whole("id\ndata: 2\n\n"), no_content()]).await;
    let request = Client::new().get(script.url()).header("Last-Event-ID", "7");
    all(EventSource::<RawEventBuf>::new(request).policy(quick())).await;
    assert_eq!(script.ids(), [Some("7".to_owned()), Some("8".to_owned()), None]);
}

#[tokio::test]
async fn the_id_that_is_set_precedes_one_among_the_headers() {
    let script = Script::new([no_content()]).await;
    let request = Client::new().get(script.url()).header("Last-Event-ID", "7");
    all(EventSource::<RawEventBuf>::new(request).with_last_event_id(9)).await;
    assert_eq!(script.ids(), [Some("9".to_owned())]);
}

/// A POST whose first answer is this one.
async fn post(answer: Vec<super::script::Step>, resend: bool) -> (Script, Vec<Result<RawEventBuf, Error>>) {
    let script = Script::new([answer, no_content()]).await;
    let source = EventSource::new(Client::new().post(script.url()).body("{\"ask\":1}")).policy(quick());
    let items = all(if resend { source.resend() } else { source }).await;
    (script, items)
}

#[tokio::test]
async fn a_post_is_not_sent_again_after_a_cut() {
    let (script, items) = post(cut("data: 1\n\n"), false).await;
    assert!(matches!(items[..], [Ok(_), Err(Error::Incomplete { mid_event: false, .. })]), "{items:?}");
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn a_post_is_sent_again_with_its_body_once_an_id_was_received() {
    let (script, items) = post(cut("id: 4\ndata: 1\n\n"), false).await;
    assert!(matches!(items[..], [Ok(_)]), "{items:?}");
    let bodies: Vec<_> = script.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies, vec![b"{\"ask\":1}".to_vec(); 2]);
    assert_eq!(script.ids(), [None, Some("4".to_owned())]);
}

#[tokio::test]
async fn a_post_is_sent_again_with_its_body_if_the_caller_allows_it() {
    let (script, items) = post(cut("data: 1\n\n"), true).await;
    assert!(matches!(items[..], [Ok(_)]), "{items:?}");
    let requests = script.requests();
    assert_eq!((requests.len(), &requests[1].body[..]), (2, &b"{\"ask\":1}"[..]));
    assert_eq!(requests[1].line, "POST /events HTTP/1.1");
}

#[tokio::test]
async fn a_post_that_the_server_has_not_acted_on_is_sent_again() {
    let (script, items) = post(status("503 Service Unavailable", "", ""), false).await;
    assert!(items.is_empty(), "{items:?}");
    assert_eq!(script.requests().len(), 2);
    let (script, items) = post(status("500 Internal Server Error", "", ""), false).await;
    assert!(matches!(items[..], [Err(Error::Refused { .. })]), "{items:?}");
    assert_eq!(script.requests().len(), 1);
}

fn streaming(url: &str) -> EventSource<RawEventBuf> {
    let body = Body::wrap_stream(stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"ask"))]));
    EventSource::new(Client::new().post(url).body(body)).policy(quick())
}

#[tokio::test]
async fn a_body_that_is_a_stream_is_refused_before_it_is_sent() {
    let script = Script::new([no_content()]).await;
    let (_, error) = until_error(streaming(&script.url())).await;
    assert!(matches!(error, Error::NotRepeatable), "{error:?}");
    assert!(error.to_string().contains("`EventSource::with`"));
    assert_eq!(script.requests().len(), 0);
}

#[tokio::test]
async fn a_body_that_is_a_stream_is_sent_once() {
    let script = Script::new([whole("data: 1\n\n")]).await;
    assert_eq!(all(streaming(&script.url()).once()).await.len(), 1);
    assert_eq!(script.requests()[0].body, b"3\r\nask\r\n0\r\n\r\n");
}

#[tokio::test]
async fn a_401_leads_to_a_new_request_with_a_new_token() {
    let unauthorized = || status("401 Unauthorized", "", "expired");
    let answers =
        [whole("id: 1\ndata: 1\n\n"), unauthorized(), whole("id: 2\ndata: 2\n\n"), unauthorized(), no_content()];
    let script = Script::new(answers).await;
    let (url, tokens) = (script.url(), Arc::new(AtomicU32::new(1)));
    let source = EventSource::<RawEventBuf>::with(move |attempt| {
        if attempt.refused() == Some(StatusCode::UNAUTHORIZED) {
            tokens.fetch_add(1, Ordering::Relaxed);
        }
        let request = Client::new().get(&url).bearer_auth(tokens.load(Ordering::Relaxed));
        async move { Ok::<_, BoxError>(request) }
    });
    let items = all(source.policy(quick())).await;
    assert!(matches!(items[..], [Ok(_), Ok(_)]), "{items:?}");
    let tokens: Vec<_> = script.requests().iter().map(|request| request.all("authorization")[0].to_owned()).collect();
    assert_eq!(tokens, ["Bearer 1", "Bearer 1", "Bearer 2", "Bearer 2", "Bearer 3"]);
}

/// Answers each attempt with the status of the list, or drops the connection at 0. Returns what the function of the
/// source saw, and how the source ended.
async fn refused(statuses: &[u16]) -> (Vec<Option<u16>>, Option<CloseReason>) {
    let answer = |status_code: &u16| match status_code {
        0 => Vec::new(),
        200 => whole("id: 1\ndata: 1\n\n"),
        204 => no_content(),
        code => status(&format!("{code} Refused"), "", ""),
    };
    let script = Script::new(statuses.iter().map(answer)).await;
    let (url, seen) = (script.url(), Arc::new(Mutex::new(Vec::new())));
    let record = Arc::clone(&seen);
    let mut source = EventSource::<RawEventBuf>::with(move |attempt| {
        record.lock().unwrap().push(attempt.refused().map(|status| status.as_u16()));
        let request = Client::new().get(&url);
        async move { Ok::<_, BoxError>(request) }
    })
    .policy(quick());
    while source.next().await.is_some() {}
    let seen = seen.lock().unwrap().clone();
    (seen, source.close_reason())
}

#[tokio::test]
async fn a_401_is_final_if_the_function_was_told_of_the_one_before() {
    let (ended, failed) = (Some(CloseReason::NoContent), Some(CloseReason::Failed));
    assert_eq!(refused(&[401, 503, 401, 204]).await, (vec![None, Some(401), Some(503), Some(401)], ended));
    assert_eq!(refused(&[401, 200, 401, 204]).await, (vec![None, Some(401), None, Some(401)], ended));
    assert_eq!(refused(&[401, 0, 204]).await, (vec![None, Some(401), Some(401)], ended));
    assert_eq!(refused(&[401, 0, 401, 204]).await, (vec![None, Some(401), Some(401)], failed));
}

#[tokio::test]
async fn a_token_that_cannot_be_refreshed_at_first_is_refreshed_by_a_later_attempt() {
    let script = Script::new([status("401 Unauthorized", "", ""), no_content()]).await;
    let url = script.url();
    let source = EventSource::<RawEventBuf>::with(move |attempt: Attempt| {
        let request = Client::new().get(&url).bearer_auth(attempt.refused().is_some());
        async move { if attempt.number() == 2 { Err("the token service is down") } else { Ok(request) } }
    });
    assert_eq!(all(source.policy(quick())).await.len(), 0);
    let tokens: Vec<_> = script.requests().iter().map(|request| request.all("authorization")[0].to_owned()).collect();
    assert_eq!(tokens, ["Bearer false", "Bearer true"]);
}

#[tokio::test]
async fn a_permanent_error_of_the_function_ends_the_source() {
    let mut calls = 0;
    let source = EventSource::<RawEventBuf>::with(move |_| {
        calls += 1;
        let error: BoxError = match calls {
            1 => "the token service is down".into(),
            _ => Permanent("the session was revoked".into()).into(),
        };
        async move { Err::<RequestBuilder, _>(error) }
    });
    let (_, error) = until_error(source.policy(quick().tries(Tries::Unlimited))).await;
    assert_eq!(format!("{error:#}"), "the request could not be made: the session was revoked");
}

#[tokio::test]
async fn a_second_401_in_a_row_is_final_and_so_is_the_first_if_the_request_is_the_same() {
    let script = Script::new([status("401 Unauthorized", "", "")]).await;
    let url = script.url();
    let source = EventSource::<RawEventBuf>::with(move |_| {
        let request = Client::new().get(&url);
        async move { Ok::<_, BoxError>(request) }
    });
    let (_, error) = until_error(source.policy(quick())).await;
    assert_eq!(error.head().unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(script.requests().len(), 2);
    until_error(raw(&script.url())).await;
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test]
async fn a_token_that_cannot_be_refreshed_is_retried_and_then_given_up() {
    let script = Script::new([no_content()]).await;
    let source = |failures: u64| {
        let url = script.url();
        EventSource::<RawEventBuf>::with(move |attempt: Attempt| {
            let request = Client::new().get(&url);
            async move { if attempt.number() <= failures { Err("the token service is down") } else { Ok(request) } }
        })
        .policy(quick().tries(Tries::AtMost(3)))
    };
    assert_eq!(all(source(2)).await.len(), 0);
    assert_eq!(script.requests().len(), 1);
    let (_, error) = until_error(source(u64::MAX)).await;
    assert_eq!(
        chain(&error),
        "gave up after 3 attempts without progress: the request could not be made: the token service is down"
    );
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn an_attempt_knows_its_number_its_failures_and_the_last_id() {
    let unavailable = || status("503 Service Unavailable", "", "");
    let answers = [unavailable(), whole("id: 1\ndata: 1\n\n"), unavailable(), unavailable(), no_content()];
    let script = Script::new(answers).await;
    let (url, seen) = (script.url(), Arc::new(Mutex::new(Vec::new())));
    let attempts = Arc::clone(&seen);
    let source = EventSource::<RawEventBuf>::with(move |attempt: Attempt| {
        let id = attempt.last_event_id().to_owned();
        let refused = attempt.refused().map(|status| status.as_u16());
        attempts.lock().unwrap().push((attempt.number(), attempt.failures(), id, refused));
        let request = Client::new().get(&url);
        async move { Ok::<_, BoxError>(request) }
    });
    all(source.policy(quick())).await;
    let expected =
        [(1, 0, "", None), (2, 1, "", Some(503)), (3, 0, "1", None), (4, 1, "1", Some(503)), (5, 2, "1", Some(503))];
    assert_eq!(
        *seen.lock().unwrap(),
        expected.map(|(number, failures, id, refused)| (number, failures, id.to_owned(), refused))
    );
}

#[tokio::test]
async fn each_attempt_starts_at_the_original_url() {
    let target = Script::new([whole("id: 1\ndata: 1\n\n"), no_content()]).await;
    let redirect = status("302 Found", &format!("Location: {}\r\n", target.url()), "");
    let script = Script::new([redirect]).await;
    assert_eq!(all(raw(&script.url())).await.len(), 1);
    assert_eq!(script.ids(), [None, Some("1".to_owned())]);
    assert_eq!(target.ids(), [None, Some("1".to_owned())], "the ID goes along");
}

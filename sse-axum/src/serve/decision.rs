//! The decision how to serve a response: a pure function of its head and of the request.

use axum_core::{extract::Request, response::Response};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version,
    header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRAILER, TRANSFER_ENCODING, UPGRADE},
};
use http_body::Body as _;

/// How a response is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is not an event stream, or its length is known. It is left alone.
    Leave,
    /// It is an event stream that the HTTP server writes. It ends at the signal of a shutdown.
    End,
    /// It is an event stream whose connection is taken over. It ends at the signal of a shutdown too.
    TakeOver,
}

/// Returns whether the connection can be taken over after this request: it is a `GET` over HTTP/1.1 without a body, and
/// does not ask for an upgrade.
pub(super) fn can_take_over(request: &Request) -> bool {
    request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && request.body().is_end_stream()
        && !request.headers().contains_key(UPGRADE)
}

/// Decides how to serve a response. `can_take_over` is what the function of this name returned for its request.
pub(super) fn decide(can_take_over: bool, response: &Response) -> Decision {
    let (headers, body) = (response.headers(), response.body());
    let has_length = headers.contains_key(CONTENT_LENGTH) || body.size_hint().exact().is_some();
    if !is_event_stream(headers) || has_length || body.is_end_stream() {
        return Decision::Leave;
    }
    // The driver of the stream writes chunks, so the head has to announce nothing but chunks. hyper does so for a
    // response of HTTP/1.1 without these headers; a response can have another version than its request.
    let is_chunked = response.version() == Version::HTTP_11
        && ![TRANSFER_ENCODING, TRAILER, UPGRADE].iter().any(|name| headers.contains_key(name));
    if can_take_over && response.status() == StatusCode::OK && is_chunked && has_plain_connection(headers) {
        Decision::TakeOver
    } else {
        Decision::End
    }
}

/// Returns whether the bytes of the body are not those of its events, so that it is unknown where a block ends.
pub(super) fn is_encoded(headers: &HeaderMap) -> bool {
    headers.contains_key(CONTENT_ENCODING)
}

/// Announces that the connection closes after the response.
pub(super) fn announce_close(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = single(headers, &CONTENT_TYPE).map(HeaderValue::to_str) else { return false };
    let essence = value.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("text/event-stream")
}

/// Returns whether `Connection` has no options other than these two, which [`announce_close`] may replace.
fn has_plain_connection(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONNECTION).iter();
    values.all(|value| {
        let is_plain =
            |option: &str| ["", "close", "keep-alive"].iter().any(|known| option.eq_ignore_ascii_case(known));
        value.to_str().is_ok_and(|options| options.split(',').map(str::trim).all(is_plain))
    })
}

/// Returns the value of a header that occurs exactly once.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum_core::body::Body;
    use bytes::Bytes;
    use futures_util::stream;

    use super::*;

    fn request(method: Method, version: Version, headers: &[(&str, &str)], body: Body) -> Request {
        let mut request = Request::new(body);
        (*request.method_mut(), *request.version_mut()) = (method, version);
        for (name, value) in headers {
            request.headers_mut().append(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        request
    }

    fn unsized_body() -> Body {
        Body::from_stream(stream::pending::<Result<Bytes, Infallible>>())
    }

    #[test]
    fn only_a_get_over_http_1_1_without_a_body_and_an_upgrade_is_taken_over() {
        let accept = [("accept", "text/event-stream")];
        assert!(can_take_over(&request(Method::GET, Version::HTTP_11, &accept, Body::empty())));
        for version in [Version::HTTP_09, Version::HTTP_10, Version::HTTP_2, Version::HTTP_3] {
            assert!(!can_take_over(&request(Method::GET, version, &accept, Body::empty())), "{version:?}");
        }
        for method in [Method::HEAD, Method::POST, Method::CONNECT, Method::OPTIONS] {
            assert!(!can_take_over(&request(method.clone(), Version::HTTP_11, &accept, Body::empty())), "{method}");
        }
        assert!(!can_take_over(&request(Method::GET, Version::HTTP_11, &accept, Body::from("x"))));
        assert!(!can_take_over(&request(Method::GET, Version::HTTP_11, &accept, unsized_body())));
        let upgrade = [("connection", "upgrade"), ("upgrade", "websocket")];
        assert!(!can_take_over(&request(Method::GET, Version::HTTP_11, &upgrade, Body::empty())));
    }

    /// Returns the decision for a response with these headers, in addition to a content type, to a suitable request.
    fn of(content_type: &str, headers: &[(&str, &str)]) -> Decision {
        let mut response = Response::new(unsized_body());
        response.headers_mut().insert(CONTENT_TYPE, content_type.parse().unwrap());
        for (name, value) in headers {
            response.headers_mut().append(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        decide(true, &response)
    }

    #[test]
    fn an_event_stream_is_recognized_by_the_essence_of_its_type() {
        for taken in
            ["text/event-stream", "Text/Event-Stream", "text/event-stream; charset=utf-8", "text/event-stream ;x"]
        {
            assert_eq!(of(taken, &[]), Decision::TakeOver, "{taken}");
        }
        for left in
            ["text/event-streams", "text/event", "application/json; text/event-stream", "", "text /event-stream"]
        {
            assert_eq!(of(left, &[]), Decision::Leave, "{left}");
        }
        assert_eq!(of("text/event-stream", &[("content-type", "text/html")]), Decision::Leave);
    }

    #[test]
    fn a_head_that_announces_more_than_chunks_stays_with_the_server() {
        let stream = "text/event-stream";
        for (name, value, decision) in [
            ("cache-control", "no-cache", Decision::TakeOver),
            ("content-encoding", "gzip", Decision::TakeOver),
            ("connection", "keep-alive", Decision::TakeOver),
            ("connection", "Close", Decision::TakeOver),
            ("connection", "keep-alive, close", Decision::TakeOver),
            ("connection", "x-hop", Decision::End),
            ("connection", "keep-alive, upgrade", Decision::End),
            ("upgrade", "h2c", Decision::End),
            ("trailer", "x-checksum", Decision::End),
            ("transfer-encoding", "chunked", Decision::End),
            ("transfer-encoding", "gzip, chunked", Decision::End),
            ("content-length", "5", Decision::Leave),
        ] {
            assert_eq!(of(stream, &[(name, value)]), decision, "{name}: {value}");
        }
        assert_eq!(of(stream, &[("connection", "close"), ("connection", "x-hop")]), Decision::End);
    }

    #[test]
    fn a_body_of_known_length_another_status_and_another_version_are_not_taken_over() {
        let stream = HeaderValue::from_static("text/event-stream");
        let new = |body| {
            let mut response = Response::new(body);
            response.headers_mut().insert(CONTENT_TYPE, stream.clone());
            response
        };
        assert_eq!(decide(true, &new(Body::empty())), Decision::Leave);
        assert_eq!(decide(true, &new(Body::from("data: 1\n\n"))), Decision::Leave);
        assert_eq!(decide(false, &new(unsized_body())), Decision::End);
        for status in [201, 206, 400, 503] {
            let mut response = new(unsized_body());
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            assert_eq!(decide(true, &response), Decision::End, "{status}");
        }
        for version in [Version::HTTP_10, Version::HTTP_2] {
            let mut response = new(unsized_body());
            *response.version_mut() = version;
            assert_eq!(decide(true, &response), Decision::End, "{version:?}");
        }
    }
}

//! The head of a response, and whether it is the head of an event stream.

use std::{fmt, time::Duration};

use reqwest::{
    Response, StatusCode, Url, Version,
    header::{CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER},
};

use crate::{clock, excerpt::Excerpt};

/// The head of a response: its status, version and headers, and the URL that it came from.
///
/// `Debug` shows only the status and the version, because headers and URLs can contain secrets.
pub struct Head(Box<Parts>);

struct Parts {
    status: StatusCode,
    version: Version,
    headers: HeaderMap,
    url: Url,
}

impl Head {
    pub(crate) fn take(response: &mut Response) -> Self {
        let (status, version, url) = (response.status(), response.version(), response.url().clone());
        Self(Box::new(Parts { status, version, headers: std::mem::take(response.headers_mut()), url }))
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Returns the version of HTTP.
    #[must_use]
    pub fn version(&self) -> Version {
        self.0.version
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Returns the URL of the response, which is that of the last redirect.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0.url
    }

    /// Returns the wait that the response asks for in `Retry-After`.
    ///
    /// A date is compared with the `Date` of the same response, so that it does not matter whether the clocks of the
    /// server and the client agree.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let value = self.0.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
        }
        let until = httpdate::parse_http_date(value).ok()?;
        let date = self.0.headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        // A date in the past asks for no wait.
        Some(until.duration_since(date.unwrap_or_else(clock::today)).unwrap_or_default())
    }

    /// Returns why the response is not an event stream, or `None` if it is one (section 9.2.2, "If res's status is not
    /// 200").
    pub(crate) fn refusal(&self) -> Option<Refusal<'_>> {
        let headers = &self.0.headers;
        if self.0.status != StatusCode::OK {
            return Some(Refusal::Status(self.0.status));
        }
        let kind = headers.get(CONTENT_TYPE);
        if !kind.is_some_and(is_event_stream) {
            return Some(Refusal::ContentType(kind));
        }
        headers.get_all(CONTENT_ENCODING).iter().find(|encoding| !is_identity(encoding)).map(Refusal::Encoding)
    }
}

fn is_event_stream(kind: &HeaderValue) -> bool {
    let essence = kind.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(b"text/event-stream")
}

fn is_identity(encoding: &HeaderValue) -> bool {
    let encoding = encoding.as_bytes().trim_ascii();
    encoding.is_empty() || encoding.eq_ignore_ascii_case(b"identity")
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head").field("status", &self.0.status).field("version", &self.0.version).finish_non_exhaustive()
    }
}

/// Why a response is not an event stream.
#[derive(Debug, PartialEq)]
pub(crate) enum Refusal<'a> {
    Status(StatusCode),
    ContentType(Option<&'a HeaderValue>),
    Encoding(&'a HeaderValue),
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) if status.is_redirection() => write!(
                f,
                "the server answered `{status}`, which was not followed; check its `Location` and the redirect policy \
                 of the client"
            ),
            Self::Status(status) => write!(f, "the server answered `{status}` instead of `200 OK`"),
            Self::ContentType(None) => {
                f.write_str("the response has no content type instead of `text/event-stream`; check the URL")
            }
            Self::ContentType(Some(kind)) => write!(
                f,
                "the content type is `{}` instead of `text/event-stream`; check the URL",
                Excerpt(&String::from_utf8_lossy(kind.as_bytes()))
            ),
            Self::Encoding(encoding) => write!(
                f,
                "the body is encoded as `{0}`; enable the feature `{0}` of `reqwest`, or do not ask for it with \
                 `Accept-Encoding`",
                Excerpt(&String::from_utf8_lossy(encoding.as_bytes()))
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head(status: u16, headers: &[(&'static str, &'static str)]) -> Head {
        let status = StatusCode::from_u16(status).unwrap();
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        let url = Url::parse("http://user:pass@localhost/?key=secret").unwrap();
        Head(Box::new(Parts { status, version: Version::HTTP_11, headers: headers.collect(), url }))
    }

    fn refusal(status: u16, headers: &[(&'static str, &'static str)]) -> Option<String> {
        head(status, headers).refusal().map(|refusal| refusal.to_string())
    }

    #[test]
    fn a_200_with_the_essence_of_an_event_stream_is_accepted() {
        for kind in
            ["text/event-stream", "text/event-stream; charset=utf-8", " Text/Event-Stream ;x", "text/event-stream;"]
        {
            assert_eq!(refusal(200, &[("content-type", kind)]), None, "{kind}");
        }
        for encoding in ["identity", "Identity", ""] {
            let headers = [("content-type", "text/event-stream"), ("content-encoding", encoding)];
            assert_eq!(refusal(200, &headers), None, "{encoding}");
        }
    }

    #[test]
    fn another_content_type_is_refused_by_name() {
        for kind in ["text/html", "text/event-streams", "application/json;text/event-stream", ""] {
            let refusal = refusal(200, &[("content-type", kind)]).unwrap();
            assert!(refusal.contains(&format!("`{kind}`")), "{refusal}");
        }
        assert!(refusal(200, &[]).unwrap().contains("no content type"));
    }

    #[test]
    fn an_encoding_that_is_left_is_refused_by_name() {
        let headers = [("content-type", "text/event-stream"), ("content-encoding", "br")];
        assert!(refusal(200, &headers).unwrap().contains("feature `br`"));
    }

    #[test]
    fn every_other_status_is_refused_even_with_the_right_content_type() {
        for status in [201, 204, 206, 301, 304, 400, 404, 500, 599] {
            let refusal = refusal(status, &[("content-type", "text/event-stream")]).unwrap();
            assert!(refusal.contains(&status.to_string()), "{refusal}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_by_the_servers_own_clock() {
        let wait = |headers: &[(&'static str, &'static str)]| head(503, headers).retry_after();
        assert_eq!(wait(&[("retry-after", " 7 ")]), Some(Duration::from_secs(7)));
        assert_eq!(wait(&[("retry-after", "99999999999999999999999")]), Some(Duration::from_secs(u64::MAX)));
        let date = ("date", "Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(wait(&[date, ("retry-after", "Wed, 21 Oct 2015 07:28:42 GMT")]), Some(Duration::from_secs(42)));
        assert_eq!(wait(&[date, ("retry-after", "Wed, 21 Oct 2015 07:27:00 GMT")]), Some(Duration::ZERO));
        for value in ["", "-1", "1.5", "soon", "+5"] {
            assert_eq!(wait(&[("retry-after", value)]), None, "{value:?}");
        }
        assert_eq!(wait(&[]), None);
    }

    proptest! {
        #[test]
        fn no_header_value_is_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let Ok(value) = HeaderValue::from_bytes(&bytes) else { return Ok(()) };
            let mut head = head(200, &[]);
            for name in [RETRY_AFTER, DATE, CONTENT_TYPE, CONTENT_ENCODING] {
                head.0.headers.insert(name, value.clone());
            }
            prop_assert!(head.retry_after().is_none_or(|wait| bytes.iter().any(u8::is_ascii_digit) || wait.is_zero()));
            prop_assert!(head.refusal().is_some_and(|refusal| !refusal.to_string().is_empty()));
        }
    }

    #[test]
    fn the_debug_output_contains_neither_url_nor_headers() {
        let text = format!("{:?}", head(200, &[("set-cookie", "secret")]));
        assert_eq!(text, "Head { status: 200, version: HTTP/1.1, .. }");
    }
}

//! The people, and how a request names one of them. A service has this in its database.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use tokio::sync::Notify;

/// A person with an account.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    /// The post that others comment on and like.
    pub(crate) post: &'static str,
    /// The secret that names this person. It stays the same when the server restarts, so that nobody has to sign in
    /// again.
    pub(crate) token: &'static str,
    /// Ends the open streams of this person. A service with sessions has one for each session.
    pub(crate) signed_out: Notify,
}

pub(crate) static PEOPLE: [Person; 3] = [
    Person::new("ada", "Notes on the engine, part seven", "token-of-ada"),
    Person::new("ben", "Bread: the third attempt", "token-of-ben"),
    Person::new("eve", "Low tide at six in the morning", "token-of-eve"),
];

impl Person {
    const fn new(name: &'static str, post: &'static str, token: &'static str) -> Self {
        Self { name, post, token, signed_out: Notify::const_new() }
    }

    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.name == name)
    }

    fn with_token(token: &str) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.token == token)
    }
}

/// The name of the cookie that holds the token.
pub(crate) const COOKIE: &str = "social";

/// The person who sends a request: by its bearer token, or by the cookie of a browser, which cannot set headers on an
/// event stream. The request is rejected if it has neither, or an unknown token.
pub(crate) struct User(pub(crate) &'static Person);

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Some(token) = bearer(&parts.headers).or_else(|| cookie(&parts.headers)) else {
            return Err((StatusCode::UNAUTHORIZED, "nobody is signed in; send a bearer token or a cookie\n"));
        };
        Person::with_token(token).map(Self).ok_or((StatusCode::UNAUTHORIZED, "the token is not valid; sign in again\n"))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start_matches(' '))
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    async fn user(headers: &[(&str, &str)]) -> Result<&'static str, StatusCode> {
        let mut request = Request::get("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let user = User::from_request_parts(&mut parts, &()).await;
        user.map(|User(person)| person.name).map_err(|(status, _)| status)
    }

    #[tokio::test]
    async fn a_person_is_named_by_a_bearer_token_or_a_cookie() {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            assert_eq!(user(&[("authorization", &format!("{scheme} token-of-ben"))]).await, Ok("ben"));
        }
        assert_eq!(user(&[("cookie", "theme=dark; social=token-of-eve")]).await, Ok("eve"));
        assert_eq!(user(&[("cookie", "theme=dark"), ("cookie", "social=token-of-ada")]).await, Ok("ada"));
    }

    #[tokio::test]
    async fn a_request_without_a_valid_token_is_unauthorized() {
        for headers in [
            &[][..],
            &[("cookie", "theme=dark")],
            &[("cookie", "social=")],
            &[("authorization", "Bearer token-of-mallory")],
            &[("authorization", "token-of-ada")],
            &[("authorization", "Basic token-of-ada")],
            // A wrong bearer token is an error, whatever the cookie.
            &[("authorization", "Bearer x"), ("cookie", "social=token-of-ada")],
        ] {
            assert_eq!(user(headers).await, Err(StatusCode::UNAUTHORIZED), "{headers:?}");
        }
    }
}

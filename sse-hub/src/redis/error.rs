//! The answers of a server that are errors, and what follows from each.

use redis::{RedisError, ServerError};

use crate::StoreError;

/// The meaning of an error in answer to an append. None of these appends is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A later entry exists, so a later epoch may have begun.
    Late,
    /// The memory of the server is full.
    Full,
    /// The server cannot accept appends at the moment. Another connection or a later attempt may succeed.
    Away,
    /// The server refuses the append.
    Refused,
}

/// Returns what an error in answer to an append means.
pub(super) fn refusal(error: &ServerError) -> Refusal {
    match error.code() {
        "ERR" if error.details().is_some_and(|details| details.contains("equal or smaller")) => Refusal::Late,
        "OOM" => Refusal::Full,
        "BUSY" | "LOADING" | "MASTERDOWN" | "READONLY" | "UNBLOCKED" | "WRONGTYPE" => Refusal::Away,
        _ => Refusal::Refused,
    }
}

/// Returns whether the server has refused a command because its memory is full.
pub(super) fn is_full(error: &RedisError) -> bool {
    error.code() == Some("OOM")
}

/// Returns whether the connection can no longer be used: it has failed, or leads to a server that accepts no appends.
pub(super) fn is_lost(error: &RedisError) -> bool {
    error.code().is_none_or(|code| matches!(code, "READONLY" | "MASTERDOWN" | "LOADING" | "NOAUTH"))
}

/// Adds a remedy to an error in answer to the script or a command on the log `key`, if there is one.
pub(super) fn explain_at(error: RedisError, key: &str) -> StoreError {
    let details = error.detail().unwrap_or_default();
    let text = match error.code() {
        Some("HUBTAG") => format!("the log `{key}` belongs to a hub with the tag `{details}`; use another name"),
        Some("HUBKEY") => format!("the stream `{key}` was not written by a hub; use another name"),
        Some("WRONGTYPE") => format!("the key `{key}` or one next to it is not of the type of a hub; use another name"),
        _ => return explain(error),
    };
    StoreError::new(text)
}

/// Adds a remedy to an error of a server, if there is one.
pub(super) fn explain(error: RedisError) -> StoreError {
    let details = error.detail().unwrap_or_default();
    let text = match error.code() {
        Some("HUBOLD") => {
            format!("the server is Redis {details}, which is too old; use Redis 7.0 or newer, or Valkey")
        }
        Some("NOPERM") => format!("the user lacks a permission: {details}; see the ACL in the guide of `sse-hub`"),
        // Without a password, the server refuses a command with many arguments before it reads the command.
        Some(code) if code == "NOAUTH" || details.contains("unauthenticated") => {
            "the server requires a password; add it to the URL".to_owned()
        }
        Some("WRONGPASS") => "the user name or password is wrong; correct the URL".to_owned(),
        Some("READONLY") => "the server is a replica; connect to its master".to_owned(),
        Some("MOVED" | "CROSSSLOT" | "CLUSTERDOWN") => {
            "the server is part of a cluster, which is not supported; use a server without cluster mode".to_owned()
        }
        Some(code) => format!("the server answered `{code} {details}`"),
        None if error.kind() == redis::ErrorKind::AuthenticationFailed => {
            format!("the server refused the user name or password: {error}; correct the URL")
        }
        None if error.kind() == redis::ErrorKind::Parse => {
            format!("the server does not speak the protocol of Redis: {error}; check the address")
        }
        None => return StoreError::new(error),
    };
    StoreError::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> RedisError {
        redis::parse_redis_value(format!("-{line}\r\n").as_bytes()).unwrap().extract_error().unwrap_err()
    }

    #[test]
    fn each_refusal_is_classified() {
        for (line, expected) in [
            ("ERR The ID specified in XADD is equal or smaller than the target stream top item", Refusal::Late),
            ("ERR The stream has exhausted the last possible ID, unable to add more items", Refusal::Refused),
            ("OOM command not allowed when used memory > 'maxmemory'.", Refusal::Full),
            ("NOREPLICAS Not enough good replicas to write.", Refusal::Refused),
            ("MISCONF Redis is configured to save RDB snapshots", Refusal::Refused),
            ("NOPERM this user has no permissions", Refusal::Refused),
            ("READONLY You can't write against a read only replica.", Refusal::Away),
            ("LOADING Redis is loading the dataset in memory", Refusal::Away),
            ("BUSY Redis is busy running a script.", Refusal::Away),
            ("MASTERDOWN Link with MASTER is down", Refusal::Away),
        ] {
            let server = ServerError::try_from(error(line)).unwrap();
            assert_eq!(refusal(&server), expected, "{line}");
        }
    }

    #[test]
    fn a_failed_connection_is_lost_and_a_full_server_is_not() {
        assert!(is_lost(&std::io::Error::from(std::io::ErrorKind::TimedOut).into()));
        assert!(is_lost(&error("READONLY You can't write")) && !is_lost(&error("OOM command not allowed")));
        assert!(is_full(&error("OOM command not allowed")) && !is_full(&error("ERR other")));
    }

    #[test]
    fn errors_contain_a_remedy() {
        for (line, expected) in [
            ("HUBOLD 6.2.1", "the server is Redis 6.2.1, which is too old; use Redis 7.0 or newer, or Valkey"),
            ("HUBTAG other", "the log `{a}:log` belongs to a hub with the tag `other`; use another name"),
            ("HUBKEY", "the stream `{a}:log` was not written by a hub; use another name"),
            ("NOAUTH Authentication required.", "the server requires a password; add it to the URL"),
            (
                "ERR Protocol error: unauthenticated multibulk length",
                "the server requires a password; add it to the URL",
            ),
            ("ERR something", "the server answered `ERR something`"),
        ] {
            assert_eq!(explain_at(error(line), "{a}:log").to_string(), expected);
        }
    }
}

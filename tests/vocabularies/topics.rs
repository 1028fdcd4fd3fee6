//! More services: event names that are topics, words as data, and both text and JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sse_core::{Comment, Envelope, SseEvent, TypedEvent as _};

use super::{event, read, round_trip};

/// The REST API of Firebase's Realtime Database.
mod database {
    use super::*;

    #[derive(Debug, PartialEq, SseEvent)]
    #[sse(rename_all = "snake_case")]
    enum Change {
        Put {
            path: String,
            data: Option<BTreeMap<String, u32>>,
        },
        Patch {
            path: String,
            data: BTreeMap<String, u32>,
        },
        #[sse(event = "keep-alive", literal = "null")]
        KeepAlive,
        #[sse(literal = "null", error, terminal)]
        Cancel,
        #[sse(text, error, terminal)]
        AuthRevoked(String),
    }

    #[test]
    fn the_data_is_json_null_or_plain_text() {
        let data = || BTreeMap::from([("a".into(), 1), ("b".into(), 2)]);
        let revoked = Change::AuthRevoked("credential is no longer valid".into());
        assert!(revoked.is_error() && revoked.is_terminal());
        round_trip(vec![
            event(
                Change::Put { path: "/".into(), data: Some(data()) },
                "event: put\ndata: {\"path\":\"/\",\"data\":{\"a\":1,\"b\":2}}\n\n",
            ),
            event(
                Change::Put { path: "/c".into(), data: None },
                "event: put\ndata: {\"path\":\"/c\",\"data\":null}\n\n",
            ),
            event(
                Change::Patch { path: "/c".into(), data: data() },
                "event: patch\ndata: {\"path\":\"/c\",\"data\":{\"a\":1,\"b\":2}}\n\n",
            ),
            event(Change::KeepAlive, "event: keep-alive\ndata: null\n\n"),
            event(Change::Cancel, "event: cancel\ndata: null\n\n"),
            event(revoked, "event: auth_revoked\ndata: credential is no longer valid\n\n"),
        ]);
    }
}

/// Mastodon's streaming API.
mod timeline {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Status {
        id: String,
        content: String,
    }

    #[derive(Debug, PartialEq, SseEvent)]
    #[sse(rename_all = "dot.case")]
    enum Timeline {
        Update(Status),
        StatusUpdate(Status),
        #[sse(text)]
        Delete(u64),
        #[sse(event = "filters_changed", literal = "undefined")]
        FiltersChanged,
        #[sse(text)]
        AnnouncementDelete(String),
        #[sse(other)]
        Later,
    }

    #[test]
    fn ids_are_plain_text_and_an_absent_payload_is_the_word_undefined() {
        let status = || Status { id: "1".into(), content: "<p>Hi</p>".into() };
        round_trip(vec![
            (Envelope::comment(Comment::from_static(")")), ":)\n"),
            event(Timeline::Update(status()), "event: update\ndata: {\"id\":\"1\",\"content\":\"<p>Hi</p>\"}\n\n"),
            (Envelope::comment(Comment::from_static("thump")), ":thump\n"),
            event(
                Timeline::StatusUpdate(status()),
                "event: status.update\ndata: {\"id\":\"1\",\"content\":\"<p>Hi</p>\"}\n\n",
            ),
            event(Timeline::Delete(104_906_369_283), "event: delete\ndata: 104906369283\n\n"),
            event(Timeline::FiltersChanged, "event: filters_changed\ndata: undefined\n\n"),
            event(Timeline::AnnouncementDelete("8".into()), "event: announcement.delete\ndata: 8\n\n"),
        ]);
        assert_eq!(read::<Timeline>("event: conversation\ndata: {}\n\n"), [Timeline::Later]);
    }
}

/// `PocketBase`'s realtime subscriptions.
mod subscriptions {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Action {
        Create,
        Delete,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Change {
        action: Action,
        record: BTreeMap<String, String>,
    }

    #[derive(Debug, PartialEq, SseEvent)]
    enum Realtime {
        #[sse(event = "PB_CONNECT")]
        Connect {
            #[sse(id(keep))]
            #[serde(rename = "clientId")]
            client: String,
        },
        #[sse(other)]
        Changed {
            #[sse(id)]
            client: String,
            #[sse(event)]
            topic: String,
            #[sse(data(json))]
            change: Change,
        },
    }

    #[test]
    fn the_name_is_a_topic_and_the_data_is_typed() {
        let change = |action| Realtime::Changed {
            client: "c1".into(),
            topic: "posts/*".into(),
            change: Change { action, record: BTreeMap::from([("title".into(), "Rust".into())]) },
        };
        round_trip(vec![
            event(
                Realtime::Connect { client: "c1".into() },
                "event: PB_CONNECT\nid: c1\ndata: {\"clientId\":\"c1\"}\n\n",
            ),
            event(
                change(Action::Create),
                "event: posts/*\nid: c1\ndata: {\"action\":\"create\",\"record\":{\"title\":\"Rust\"}}\n\n",
            ),
            event(
                change(Action::Delete),
                "event: posts/*\nid: c1\ndata: {\"action\":\"delete\",\"record\":{\"title\":\"Rust\"}}\n\n",
            ),
        ]);
    }
}

/// Home Assistant's event stream.
mod home {
    use super::*;

    #[derive(Debug, PartialEq, SseEvent)]
    #[sse(unnamed)]
    enum Bus {
        Event {
            event_type: String,
            data: BTreeMap<String, String>,
        },
        #[sse(literal = "ping")]
        Ping,
    }

    #[test]
    fn the_keep_alive_is_a_plain_word() {
        let data = BTreeMap::from([("entity_id".into(), "light.desk".into())]);
        round_trip(vec![
            event(Bus::Ping, "data: ping\n\n"),
            event(
                Bus::Event { event_type: "state_changed".into(), data },
                "data: {\"event_type\":\"state_changed\",\"data\":{\"entity_id\":\"light.desk\"}}\n\n",
            ),
        ]);
    }
}

/// Cohere's chat API.
mod chat {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Text {
        text: String,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
    #[serde(tag = "type", rename_all = "kebab-case")]
    #[sse(tagged)]
    enum Chat {
        MessageStart {
            id: String,
        },
        ContentDelta {
            index: u32,
            delta: Text,
        },
        #[sse(terminal)]
        MessageEnd {
            id: String,
        },
    }

    #[test]
    fn the_tags_and_the_names_are_kebab_case() {
        round_trip(vec![
            event(
                Chat::MessageStart { id: "c1".into() },
                "event: message-start\ndata: {\"type\":\"message-start\",\"id\":\"c1\"}\n\n",
            ),
            event(
                Chat::ContentDelta { index: 0, delta: Text { text: "Hi".into() } },
                "event: content-delta\n\
                 data: {\"type\":\"content-delta\",\"index\":0,\"delta\":{\"text\":\"Hi\"}}\n\n",
            ),
            event(
                Chat::MessageEnd { id: "c1".into() },
                "event: message-end\ndata: {\"type\":\"message-end\",\"id\":\"c1\"}\n\n",
            ),
        ]);
    }
}

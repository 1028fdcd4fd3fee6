//! The data of an event that reports missing events.

use core::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, IgnoredAny, MapAccess, Visitor},
    ser::SerializeStruct,
};

/// A report that a stream continues after events that the client has not received.
///
/// It is the payload of a variant of the event enum, so that a client handles it like any other event. `sse-hub` sends
/// it wherever a subscription cannot continue without a gap:
///
/// ```
/// use sse_core::{Encoder, EventReader, Gap, GapReason, SseEvent};
///
/// #[derive(Debug, PartialEq, SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Score {
///     Goal { minute: u8 },
///     Resync(Gap),
/// }
///
/// let mut encoder = Encoder::new();
/// encoder.event(&Score::Resync(Gap::new(GapReason::Evicted).with_missed(3)))?;
/// assert_eq!(encoder.as_bytes(), b"event: resync\ndata: {\"reason\":\"evicted\",\"missed\":3}\n\n");
///
/// let mut scores = EventReader::<_, Score>::new(encoder.as_bytes());
/// assert_eq!(scores.next().unwrap()?, Score::Resync(Gap::new(GapReason::Evicted).with_missed(3)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is serialized as an object with the key `reason` and, if the number is known, the key `missed`. Unknown keys are
/// ignored, and unknown reasons are read as [`GapReason::Other`], so a client accepts the gaps of newer servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Gap {
    /// The reason why events are missing.
    pub reason: GapReason,
    /// The number of missing events, or `None` if it is unknown.
    pub missed: Option<u64>,
}

/// The reason for a [`Gap`].
///
/// ```
/// use sse_core::GapReason;
///
/// assert_eq!(GapReason::Slow.as_str(), "slow");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GapReason {
    /// The missing events are older than the events that the server keeps.
    Evicted,
    /// The client read more slowly than events were published, until events that it had not received were removed.
    Slow,
    /// The server restarted without its earlier events. It sends the events that it holds.
    Restarted,
    /// The server lost its latest events. Events that the client has received may be among them.
    Rewound,
    /// The server knows that events were lost at this point of the stream.
    Lost,
    /// The ID that the client sent is not an ID of this server.
    Unknown,
    /// A reason that this version does not know.
    Other,
}

impl Gap {
    /// Creates a gap of unknown length.
    #[must_use]
    pub const fn new(reason: GapReason) -> Self {
        Self { reason, missed: None }
    }

    /// Sets the number of missing events.
    #[must_use]
    pub const fn with_missed(self, missed: u64) -> Self {
        Self { missed: Some(missed), ..self }
    }
}

impl GapReason {
    /// Returns the reason as it is serialized.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Evicted => "evicted",
            Self::Slow => "slow",
            Self::Restarted => "restarted",
            Self::Rewound => "rewound",
            Self::Lost => "lost",
            Self::Unknown => "unknown",
            Self::Other => "other",
        }
    }

    fn read(reason: &str) -> Self {
        const KNOWN: [GapReason; 6] = [
            GapReason::Evicted,
            GapReason::Slow,
            GapReason::Restarted,
            GapReason::Rewound,
            GapReason::Lost,
            GapReason::Unknown,
        ];
        KNOWN.into_iter().find(|known| known.as_str() == reason).unwrap_or(Self::Other)
    }
}

impl fmt::Display for GapReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for GapReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for GapReason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = GapReason;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the reason of a gap")
            }

            fn visit_str<Err: de::Error>(self, reason: &str) -> Result<GapReason, Err> {
                Ok(GapReason::read(reason))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

const REASON: &str = "reason";
const MISSED: &str = "missed";

impl Serialize for Gap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Gap", 1 + usize::from(self.missed.is_some()))?;
        object.serialize_field(REASON, &self.reason)?;
        match self.missed {
            Some(missed) => object.serialize_field(MISSED, &missed)?,
            None => object.skip_field(MISSED)?,
        }
        object.end()
    }
}

impl<'de> Deserialize<'de> for Gap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Gap;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a gap: an object with the key `reason`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Gap, A::Error> {
                let (mut reason, mut missed) = (None, None);
                while let Some(key) = object.next_key::<Key>()? {
                    match key {
                        Key::Reason if reason.is_some() => return Err(de::Error::duplicate_field(REASON)),
                        Key::Reason => reason = Some(object.next_value()?),
                        Key::Missed => missed = object.next_value()?,
                        Key::Other => drop(object.next_value::<IgnoredAny>()?),
                    }
                }
                let reason = reason.ok_or_else(|| de::Error::missing_field(REASON))?;
                Ok(Gap { reason, missed })
            }
        }

        deserializer.deserialize_struct("Gap", &[REASON, MISSED], Object)
    }
}

/// A key of the object.
enum Key {
    Reason,
    Missed,
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key of a gap")
            }

            fn visit_str<Err: de::Error>(self, key: &str) -> Result<Key, Err> {
                Ok(match key {
                    REASON => Key::Reason,
                    MISSED => Key::Missed,
                    _ => Key::Other,
                })
            }
        }

        deserializer.deserialize_identifier(Name)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_gap_is_an_object_with_its_reason_and_the_number_if_that_is_known() {
        let gap = Gap::new(GapReason::Lost);
        assert_eq!(serde_json::to_string(&gap).unwrap(), r#"{"reason":"lost"}"#);
        assert_eq!(serde_json::to_string(&gap.with_missed(0)).unwrap(), r#"{"reason":"lost","missed":0}"#);
    }

    #[test]
    fn every_reason_is_read_as_it_is_written() {
        for reason in ["evicted", "slow", "restarted", "rewound", "lost", "unknown", "other"] {
            let gap: Gap = serde_json::from_value(serde_json::json!({ "reason": reason })).unwrap();
            assert_eq!(gap.reason.to_string(), reason);
            assert_eq!(gap.missed, None);
        }
    }

    #[test]
    fn gaps_of_newer_servers_are_read() {
        let newer = r#"{"since":[1,{"a":2}],"reason":"moved","missed":7}"#;
        assert_eq!(serde_json::from_str::<Gap>(newer).unwrap(), Gap::new(GapReason::Other).with_missed(7));
        let null = r#"{"missed":null,"reason":"slow"}"#;
        assert_eq!(serde_json::from_str::<Gap>(null).unwrap(), Gap::new(GapReason::Slow));
    }

    #[test]
    fn a_gap_without_a_reason_or_with_two_is_an_error() {
        for bad in [r#"{"missed":1}"#, r#"{"reason":"slow","reason":"lost"}"#, r#"{"reason":1}"#, "[]", "1"] {
            assert!(serde_json::from_str::<Gap>(bad).is_err(), "{bad}");
        }
    }
}

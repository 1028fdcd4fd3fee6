//! The tag by which the data of an event identifies it.

use alloc::borrow::Cow;
use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};

/// The tag of an event: text in its JSON data that identifies it, as in serde's representations of enums.
///
/// An event is read by its tag if its name does not identify it, for example because a proxy removed the `event:` line.
/// [`EventInfo::with_tag`](super::EventInfo::with_tag) adds a tag to the description of an event. The derive does so for
/// enums with `#[sse(tagged)]`:
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use sse_core::{EventInfo, EventSpec, EventTag, SseEvent, TypedEvent};
///
/// #[derive(Deserialize, Serialize, SseEvent)]
/// #[serde(tag = "kind", rename_all = "snake_case")]
/// #[sse(tagged)]
/// enum Feed {
///     #[serde(alias = "new")]
///     Added { n: u8 },
/// }
///
/// let tag = EventTag::new("kind", &["added", "new"]);
/// let added = EventInfo::new("added").with_aliases(&["new"]).with_tag(tag);
/// assert_eq!(Feed::EVENTS, [EventSpec::Event(added)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTag {
    key: Option<&'static str>,
    values: &'static [&'static str],
}

impl EventTag {
    /// Creates a tag under a key of the JSON object, as in `{"kind":"added","n":1}`. The event is recognized by any of
    /// the values.
    #[must_use]
    pub const fn new(key: &'static str, values: &'static [&'static str]) -> Self {
        Self { key: Some(key), values }
    }

    /// Creates a tag that is the only key of the JSON object, as in `{"added":{"n":1}}`, or the whole data, as in
    /// `"closed"`.
    #[must_use]
    pub const fn external(values: &'static [&'static str]) -> Self {
        Self { key: None, values }
    }

    /// Returns the key whose value is the tag, or `None` if the tag is itself the key.
    #[must_use]
    pub const fn key(&self) -> Option<&'static str> {
        self.key
    }

    /// Returns the values by which the event is recognized.
    #[must_use]
    pub const fn values(&self) -> &'static [&'static str] {
        self.values
    }

    /// Reads the value that data has at the place of the tag. Returns `None` if it has none there, or one that is not text.
    ///
    /// The value may be that of another event. Data before the tag is skipped, and data after it is neither read nor
    /// checked.
    ///
    /// ```
    /// use sse_core::EventTag;
    ///
    /// let tag = EventTag::new("kind", &["added"]);
    /// assert_eq!(tag.read(r#"{"n":1,"kind":"added"}"#).as_deref(), Some("added"));
    /// assert_eq!(tag.read(r#"{"kind":"removed","#).as_deref(), Some("removed"));
    /// assert_eq!(tag.read(r#"{"n":1}"#), None);
    /// assert_eq!(EventTag::external(&["added"]).read(r#"{"added":{"n":1}}"#).as_deref(), Some("added"));
    /// ```
    #[must_use]
    pub fn read<'de>(&self, data: &'de str) -> Option<Cow<'de, str>> {
        let mut found = None;
        let mut json = serde_json::Deserializer::from_str(data);
        // The visitor stops after the tag, which serde_json reports as an error. It reports an error before the tag too,
        // and then nothing was found.
        let _ = json.deserialize_any(TagVisitor { key: self.key, found: &mut found });
        found
    }
}

/// Reads the data up to the tag, which it stores in `found`.
struct TagVisitor<'f, 'de> {
    key: Option<&'static str>,
    found: &'f mut Option<Cow<'de, str>>,
}

impl<'de> Visitor<'de> for TagVisitor<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a tag")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(name)) = map.next_key()? {
            match self.key {
                None => {
                    *self.found = Some(name);
                    break;
                }
                Some(key) if name == key => {
                    let Text(value) = map.next_value()?;
                    *self.found = Some(value);
                    break;
                }
                Some(_) => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<(), E> {
        *self.found = self.key.is_none().then_some(Cow::Borrowed(text));
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        *self.found = self.key.is_none().then(|| Cow::Owned(text.into()));
        Ok(())
    }
}

/// A JSON string, borrowed unless it has escapes.
struct Text<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.into())))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

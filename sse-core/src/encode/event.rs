//! One event: its name, its other fields, and its data, in this order.

use alloc::{string::String, vec::Vec};
use core::fmt::{Display, Write as _};

use serde::Serialize;

use super::{
    data::DataWriter,
    error::{EncodeError, Kind},
    field::{self, IdError, NamePrefix},
};
use crate::{
    EventId, EventName, Retry, SseEvent,
    wire::{BLOCK_END, LF, prefix},
};

/// A writer for one event: first its name, then its [`Fields`].
///
/// It is the argument of [`SseEvent::encode`](crate::SseEvent::encode):
///
/// ```
/// use sse_core::{EncodeError, Encoder, EventInfo, EventName, EventSpec, EventWriter, SseEvent, TypedEvent, Written};
///
/// struct Progress {
///     percent: u8,
/// }
///
/// static NAME: EventName = EventName::from_static("progress");
///
/// impl TypedEvent for Progress {
///     const EVENTS: &'static [EventSpec] = &[EventSpec::Event(EventInfo::new("progress"))];
/// }
///
/// impl SseEvent for Progress {
///     fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError> {
///         writer.name(&NAME).json(&self.percent)
///     }
/// }
///
/// let mut encoder = Encoder::new();
/// encoder.event(&Progress { percent: 50 })?;
/// assert_eq!(encoder.as_bytes(), b"event: progress\ndata: 50\n\n");
/// # Ok::<(), EncodeError>(())
/// ```
///
/// The order on the wire is fixed: event name, event ID, reconnection time, data. Each step consumes the writer, so a
/// writer writes exactly one event.
#[derive(Debug)]
#[must_use = "the event is not written until it has a name and data"]
pub struct EventWriter<'w> {
    out: &'w mut Vec<u8>,
    id: IdSource<'w>,
    retry: Option<Retry>,
    prefix: Option<&'w NamePrefix<'w>>,
}

/// The source of an event's ID.
#[derive(Clone, Copy, Debug)]
enum IdSource<'w> {
    /// A field of the event, if it has one for the ID.
    Event,
    /// The envelope around the event.
    Envelope(&'w EventId),
    /// None: the ID is added later.
    Later,
}

impl<'w> EventWriter<'w> {
    pub(crate) fn new(out: &'w mut Vec<u8>) -> Self {
        Self { out, id: IdSource::Event, retry: None, prefix: None }
    }

    /// Creates a writer that writes no ID, not even one among the fields of the event.
    pub(super) fn without_id(out: &'w mut Vec<u8>) -> Self {
        Self { out, id: IdSource::Later, retry: None, prefix: None }
    }

    /// Creates a writer with the ID and the reconnection time of an envelope, which take precedence over the event's.
    pub(crate) fn in_envelope(out: &'w mut Vec<u8>, id: Option<&'w EventId>, retry: Option<Retry>) -> Self {
        Self { out, id: id.map_or(IdSource::Event, IdSource::Envelope), retry, prefix: None }
    }

    /// Begins an event with this name.
    ///
    /// Unless an envelope sets the ID or a nesting type adds a prefix, the name is copied inline, as a constant.
    #[expect(clippy::inline_always, reason = "a call copies the name with a length that is known only at run time")]
    #[inline(always)]
    pub fn name(self, name: &EventName) -> Fields<'w> {
        if let Self { out, id: IdSource::Event, retry, prefix: None } = self {
            let start = out.len();
            field::name(out, name);
            return Fields { out, start, has_id: false, retry };
        }
        self.name_within(name)
    }

    #[inline(never)]
    fn name_within(self, name: &EventName) -> Fields<'w> {
        let prefix = self.prefix;
        self.begin(|out| match prefix {
            None => field::name(out, name),
            Some(prefix) => field::prefixed_name(out, prefix, name.as_str()),
        })
    }

    /// Begins an event with a name that has not been checked yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the name is empty, or contains a CR or an LF.
    pub fn try_name(self, name: &str) -> Result<Fields<'w>, EncodeError> {
        let mut checked = Ok(());
        let prefix = self.prefix;
        let fields = self.begin(|out| checked = field::try_name(out, prefix, name));
        match checked {
            Ok(()) => Ok(fields),
            Err(invalid) => Err(fields.error(Kind::Value(invalid))),
        }
    }

    /// Begins an unnamed event, which has no `event:` line. Readers see the name `message`.
    #[inline]
    pub fn unnamed(self) -> Fields<'w> {
        self.begin(|_| ())
    }

    /// Encodes an event of a nested type, with a prefix before its name. An unnamed event stays unnamed.
    ///
    /// # Errors
    ///
    /// Returns an error if the event cannot be encoded.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{
    ///     EncodeError, Encoder, EventName, EventSpec, EventWriter, RawEventBuf, SseEvent, TypedEvent, Written,
    /// };
    ///
    /// struct Nested(RawEventBuf);
    ///
    /// static PREFIX: EventName = EventName::from_static("nested.");
    ///
    /// impl TypedEvent for Nested {
    ///     const EVENTS: &'static [EventSpec] =
    ///         &[EventSpec::Group { prefix: "nested.", events: RawEventBuf::EVENTS }];
    /// }
    ///
    /// impl SseEvent for Nested {
    ///     fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError> {
    ///         writer.nested(&PREFIX, &self.0)
    ///     }
    /// }
    ///
    /// let mut encoder = Encoder::new();
    /// encoder.event(&Nested(RawEventBuf::new(EventName::from_static("tick"), "1")))?;
    /// assert_eq!(encoder.as_bytes(), b"event: nested.tick\ndata: 1\n\n");
    /// # Ok::<(), EncodeError>(())
    /// ```
    pub fn nested<E: SseEvent + ?Sized>(self, prefix: &EventName, event: &E) -> Result<Written, EncodeError> {
        let prefix = NamePrefix { text: prefix.as_str(), outer: self.prefix };
        event.encode(EventWriter { out: self.out, id: self.id, retry: self.retry, prefix: Some(&prefix) })
    }

    /// Returns whether a prefix is written before the name.
    pub(crate) const fn has_prefix(&self) -> bool {
        self.prefix.is_some()
    }

    #[inline]
    fn begin(self, write_event: impl FnOnce(&mut Vec<u8>)) -> Fields<'w> {
        let start = self.out.len();
        write_event(self.out);
        let has_id = match self.id {
            IdSource::Event => false,
            IdSource::Later => true,
            IdSource::Envelope(id) => {
                field::id(self.out, id);
                true
            }
        };
        Fields { out: self.out, start, has_id, retry: self.retry }
    }
}

/// A writer for the fields after the name of an event: optionally an ID and a reconnection time, then the data.
///
/// ```
/// use std::time::Duration;
///
/// use sse_core::{EncodeError, Encoder, EventInfo, EventName, EventSpec, EventWriter, SseEvent, TypedEvent, Written};
///
/// struct Order {
///     number: u64,
///     item: String,
/// }
///
/// static NAME: EventName = EventName::from_static("order");
///
/// impl TypedEvent for Order {
///     const EVENTS: &'static [EventSpec] = &[EventSpec::Event(EventInfo::new("order").with_id())];
/// }
///
/// impl SseEvent for Order {
///     fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError> {
///         writer.name(&NAME).id(&self.number)?.retry(Duration::from_secs(5)).json(&self.item)
///     }
/// }
///
/// let mut encoder = Encoder::new();
/// encoder.event(&Order { number: 7, item: "tea".into() })?;
/// assert_eq!(encoder.as_bytes(), b"event: order\nid: 7\nretry: 5000\ndata: \"tea\"\n\n");
/// # Ok::<(), EncodeError>(())
/// ```
#[derive(Debug)]
#[must_use = "an event is complete when its data is written"]
pub struct Fields<'w> {
    out: &'w mut Vec<u8>,
    /// The offset in `out` at which the event begins.
    start: usize,
    /// Whether the ID is settled, so that one among the fields of the event is ignored.
    has_id: bool,
    retry: Option<Retry>,
}

/// Proof that an event was written completely. [`SseEvent::encode`](crate::SseEvent::encode) returns it.
///
/// It is only returned by the methods that write the data of an event, such as [`Fields::json`].
#[derive(Debug)]
#[must_use = "return it from `SseEvent::encode`"]
pub struct Written(());

impl Fields<'_> {
    /// Writes the event ID, unless the envelope around the event or an earlier call has set it.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a valid [`EventId`](EventId::new), or if the `Display` implementation
    /// returns an error.
    pub fn id(self, id: &(impl Display + ?Sized)) -> Result<Self, EncodeError> {
        self.own_id(|out| field::dynamic_id(out, id))
    }

    /// Like [`id`](Self::id), but writes the value as JSON.
    pub(crate) fn json_id<T: Serialize + ?Sized>(self, id: &T) -> Result<Self, EncodeError> {
        self.own_id(|out| field::json_id(out, id))
    }

    fn own_id(mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), IdError>) -> Result<Self, EncodeError> {
        if self.has_id {
            return Ok(self);
        }
        self.has_id = true;
        match write(self.out) {
            Ok(()) => Ok(self),
            Err(IdError::Display) => Err(self.error(Kind::Display)),
            Err(IdError::Json(cause)) => Err(self.error(Kind::JsonId(cause))),
            Err(IdError::Invalid(invalid)) => Err(self.error(Kind::Value(invalid))),
        }
    }

    /// Sets the reconnection time, unless the envelope around the event or an earlier call has set it.
    pub fn retry(mut self, retry: impl Into<Retry>) -> Self {
        self.retry.get_or_insert_with(|| retry.into());
        self
    }

    /// Writes `text` with one `data:` line for each of its lines, and ends the event.
    ///
    /// # Errors
    ///
    /// Does not fail. It returns a `Result` for consistency with the other methods that end an event.
    pub fn text(self, text: &str) -> Result<Written, EncodeError> {
        self.data(|data| {
            data.push(text);
            Ok(())
        })
    }

    /// Writes the `Display` output of `value` as text, and ends the event.
    ///
    /// # Errors
    ///
    /// Returns an error if the `Display` implementation of the value returns an error.
    pub fn display(mut self, value: &(impl Display + ?Sized)) -> Result<Written, EncodeError> {
        self.write_retry();
        let mut data = DataWriter::new(self.out);
        let written = write!(data, "{value}");
        data.finish();
        match written {
            Ok(()) => Ok(self.finish()),
            Err(_) => Err(self.error(Kind::Display)),
        }
    }

    /// Writes an empty `data:` line, and ends the event. Readers dispatch such an event, with empty data.
    ///
    /// # Errors
    ///
    /// Does not fail. It returns a `Result` for consistency with the other methods that end an event.
    pub fn empty(self) -> Result<Written, EncodeError> {
        self.text("")
    }

    /// Writes data with `write`, and ends the event.
    ///
    /// # Errors
    ///
    /// Returns the error of `write`, with the event name added to it.
    pub fn data(
        mut self,
        write: impl FnOnce(&mut DataWriter<'_>) -> Result<(), EncodeError>,
    ) -> Result<Written, EncodeError> {
        self.write_retry();
        let mut data = DataWriter::new(self.out);
        let written = write(&mut data);
        data.finish();
        match written {
            Ok(()) => Ok(self.finish()),
            Err(error) => Err(error.or_named(self.name())),
        }
    }

    /// Writes the reconnection time, if it is set, and returns the output for the data.
    #[inline]
    pub(super) fn begin_data(&mut self) -> &mut Vec<u8> {
        self.write_retry();
        self.out
    }

    #[inline]
    pub(super) fn out(&mut self) -> &mut Vec<u8> {
        self.out
    }

    #[inline]
    fn write_retry(&mut self) {
        if let Some(retry) = self.retry {
            field::retry(self.out, retry);
        }
    }

    /// Ends the last line, and writes the empty line.
    #[inline]
    pub(super) fn finish_line(self) -> Written {
        self.out.extend_from_slice(BLOCK_END);
        Written(())
    }

    /// Writes the empty line that makes readers dispatch the event.
    #[inline]
    pub(super) fn finish(self) -> Written {
        self.out.push(LF);
        Written(())
    }

    #[cold]
    pub(super) fn error(self, kind: Kind) -> EncodeError {
        EncodeError::new(self.name(), kind)
    }

    /// Returns the event name for an error, taken from the bytes that are already written.
    #[cold]
    fn name(&self) -> Option<String> {
        let written = self.out.get(self.start..).unwrap_or_default();
        let name = written.strip_prefix(prefix::EVENT)?.split(|&byte| byte == LF).next()?;
        Some(String::from_utf8_lossy(name).into_owned())
    }
}

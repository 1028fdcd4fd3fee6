//! One event: its type, its other fields, its data, in this order.

use alloc::{string::String, vec::Vec};
use core::fmt::{Display, Write as _};

use serde::Serialize;

use super::{
    data::DataWriter,
    error::{EncodeError, Kind},
    field::{self, IdError, NamePrefix},
    json::Json,
};
use crate::{
    EventId, EventName, Retry, SseEvent,
    wire::{BLOCK_END, LF, prefix},
};

/// Where an event writes itself: first its type, which leads on to its [`Fields`].
///
/// The order on the wire (event type, ID, reconnection time, data) is the only one the types allow, and each event
/// takes its writer whole, so that one call writes exactly one event.
#[derive(Debug)]
#[must_use = "an event is written by naming it and giving its data"]
pub struct EventWriter<'w> {
    out: &'w mut Vec<u8>,
    id: Option<&'w EventId>,
    retry: Option<Retry>,
    prefix: Option<&'w NamePrefix<'w>>,
}

impl<'w> EventWriter<'w> {
    pub(crate) fn new(out: &'w mut Vec<u8>) -> Self {
        Self { out, id: None, retry: None, prefix: None }
    }

    /// An envelope's ID and reconnection time win over the event's own.
    pub(crate) fn in_envelope(out: &'w mut Vec<u8>, id: Option<&'w EventId>, retry: Option<Retry>) -> Self {
        Self { out, id, retry, prefix: None }
    }

    /// An event of this type.
    #[inline]
    pub fn name(self, name: &EventName) -> Fields<'w> {
        let prefix = self.prefix;
        self.begin(|out| match prefix {
            None => field::name(out, name),
            Some(prefix) => field::prefixed_name(out, prefix, name.as_str()),
        })
    }

    /// An event whose type is known only now.
    ///
    /// # Errors
    ///
    /// When the name is empty, or holds a CR or an LF.
    pub fn try_name(self, name: &str) -> Result<Fields<'w>, EncodeError> {
        let mut checked = Ok(());
        let prefix = self.prefix;
        let fields = self.begin(|out| checked = field::try_name(out, prefix, name));
        match checked {
            Ok(()) => Ok(fields),
            Err(invalid) => Err(fields.error(Kind::Value(invalid))),
        }
    }

    /// An event without an `event:` line: readers see the type `message`.
    #[inline]
    pub fn unnamed(self) -> Fields<'w> {
        self.begin(|_| ())
    }

    /// Another type's event, with a prefix before its name. An event without a name stays without one.
    ///
    /// ```
    /// use sse_core::{EncodeError, Encoder, EventName, TypedEvent, EventSpec, EventWriter, RawEventBuf, SseEvent, Written};
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
    ///
    /// # Errors
    ///
    /// Those of the event.
    pub fn nested<E: SseEvent + ?Sized>(self, prefix: &EventName, event: &E) -> Result<Written, EncodeError> {
        let prefix = NamePrefix { text: prefix.as_str(), outer: self.prefix };
        event.encode(EventWriter { out: self.out, id: self.id, retry: self.retry, prefix: Some(&prefix) })
    }

    /// Whether something stands before the name that is given here.
    pub(crate) const fn has_prefix(&self) -> bool {
        self.prefix.is_some()
    }

    #[inline]
    fn begin(self, write_event: impl FnOnce(&mut Vec<u8>)) -> Fields<'w> {
        let start = self.out.len();
        write_event(self.out);
        if let Some(id) = self.id {
            field::id(self.out, id);
        }
        Fields { out: self.out, start, has_id: self.id.is_some(), retry: self.retry }
    }
}

/// The fields of an event that has its type: optionally an ID and a reconnection time, then the data.
#[derive(Debug)]
#[must_use = "an event is complete when its data is written"]
pub struct Fields<'w> {
    out: &'w mut Vec<u8>,
    /// Where the event begins.
    start: usize,
    has_id: bool,
    retry: Option<Retry>,
}

/// The proof that an event was written whole: what [`SseEvent::encode`](crate::SseEvent::encode) returns.
#[derive(Debug)]
#[must_use = "returned by `SseEvent::encode`"]
pub struct Written(());

impl Fields<'_> {
    /// Sets the event ID, unless the envelope around the event has one.
    ///
    /// # Errors
    ///
    /// When the ID holds a CR, an LF or U+0000, or its `Display` fails.
    pub fn id(self, id: &(impl Display + ?Sized)) -> Result<Self, EncodeError> {
        self.own_id(|out| field::dynamic_id(out, id))
    }

    /// As `id`, with the value as JSON.
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

    /// Sets the reconnection time, unless the envelope around the event or an earlier call has done so.
    pub fn retry(mut self, retry: impl Into<Retry>) -> Self {
        self.retry.get_or_insert_with(|| retry.into());
        self
    }

    /// Ends the event with `value` as JSON.
    ///
    /// # Errors
    ///
    /// When the value cannot be serialized.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, EncodeError> {
        let mut json = Json::new(self);
        json.value("", value);
        json.end("")
    }

    /// Ends the event with `text` as it is, one `data:` line for each of its lines.
    ///
    /// # Errors
    ///
    /// None today: the type is that of its siblings.
    pub fn text(self, text: &str) -> Result<Written, EncodeError> {
        self.data(|data| {
            data.push(text);
            Ok(())
        })
    }

    /// Ends the event with a value's `Display` as text.
    ///
    /// # Errors
    ///
    /// When the value's `Display` reports an error.
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

    /// Ends the event with an empty `data:` line, which every reader answers with an event whose data is empty.
    ///
    /// # Errors
    ///
    /// None today: the type is that of its siblings.
    pub fn empty(self) -> Result<Written, EncodeError> {
        self.text("")
    }

    /// Ends the event with data that `write` writes.
    ///
    /// # Errors
    ///
    /// Those of `write`.
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

    /// Writes what is still missing before the data.
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

    /// The end of the last line, and the empty line.
    #[inline]
    pub(super) fn finish_line(self) -> Written {
        self.out.extend_from_slice(BLOCK_END);
        Written(())
    }

    /// The empty line that makes readers dispatch the event.
    #[inline]
    pub(super) fn finish(self) -> Written {
        self.out.push(LF);
        Written(())
    }

    #[cold]
    pub(super) fn error(self, kind: Kind) -> EncodeError {
        EncodeError::new(self.name(), kind)
    }

    /// The event type, for an error: what is written of the event tells it.
    #[cold]
    fn name(&self) -> Option<String> {
        let written = self.out.get(self.start..).unwrap_or_default();
        let name = written.strip_prefix(prefix::EVENT)?.split(|&byte| byte == LF).next()?;
        Some(String::from_utf8_lossy(name).into_owned())
    }
}

//! Drivers for the decoders, each through its fastest API: a push API if the crate has one, otherwise a stream that is
//! always ready.

use std::{
    convert::Infallible,
    num::NonZeroUsize,
    pin::pin,
    task::{Context, Poll, Waker},
};

use bytes::{Bytes, BytesMut};
use eventsource_stream::EventStream as EventsourceStream;
use futures_core::Stream;
use futures_util::stream;
use sse_core::{Decoder, Limits};
use sse_core_registry::{SseDecoder, SseEvent};
use sse_parse::SseParser;
use sse_stream::SseByteStream;
use tokio_util::codec::Decoder as _;

use crate::{Error, sink::Sink};

/// A limit longer than any line of the workloads, for decoders that have one.
const LIMIT: usize = 64 << 20;

/// Decodes with this workspace's decoder.
///
/// # Errors
///
/// Returns an error if the decoder does; the decoder then counts as wrong, like any other.
pub fn ours<S: Sink>(chunks: &[Bytes], sink: &mut S) -> Result<(), Error> {
    let limits = Limits::new().max_line(LIMIT).max_data(LIMIT).max_buffered(LIMIT);
    let mut decoder = Decoder::new().with_limits(limits);
    for chunk in chunks {
        let mut events = decoder.feed(chunk);
        while let Some(event) = events.next_event() {
            let event = event?;
            sink.event(event.name(), event.data(), event.last_event_id());
        }
    }
    Ok(())
}

/// Decodes with `sse-stream`, a stream over chunks that implement `Buf`.
///
/// # Errors
///
/// Returns an error if the decoder does.
pub fn sse_stream<S: Sink>(chunks: &[Bytes], sink: &mut S) -> Result<(), Error> {
    drain(SseByteStream::new(slices(chunks)), |event| {
        let event = event?;
        sink.event(
            event.event.as_deref().unwrap_or("message"),
            event.data.as_deref().unwrap_or_default(),
            event.id.as_deref().unwrap_or_default(),
        );
        Ok(())
    })
}

/// Decodes with the `sse-core` of crates.io, a push decoder that takes any `Buf`.
///
/// # Errors
///
/// Returns an error if the decoder does.
pub fn sse_core_registry<S: Sink>(chunks: &[Bytes], sink: &mut S) -> Result<(), Error> {
    let mut decoder = SseDecoder::with_limit(NonZeroUsize::new(LIMIT).unwrap_or(NonZeroUsize::MAX));
    for chunk in chunks {
        let mut rest = chunk.as_ref();
        while let Some(event) = decoder.next(&mut rest) {
            if let SseEvent::Message(event) = event? {
                sink.event(&event.event, &event.data, event.last_event_id.as_deref().unwrap_or_default());
            }
        }
    }
    Ok(())
}

/// Decodes with `sse-parse`, a push parser.
///
/// # Errors
///
/// Never returns an error: the parser accepts any input.
pub fn sse_parse<S: Sink>(chunks: &[Bytes], sink: &mut S) -> Result<(), Error> {
    let mut parser = SseParser::new().max_buffer(LIMIT);
    for chunk in chunks {
        parser.feed(chunk);
        while let Some(event) = parser.next_event() {
            sink.event(&event.event, &event.data, &event.id);
        }
    }
    Ok(())
}

/// Decodes with `sseer`, a stream over `Bytes` whose events are slices of the chunks.
///
/// # Errors
///
/// Returns an error if the decoder does.
pub fn sseer<S: Sink>(chunks: &[Bytes], sink: &mut S) -> Result<(), Error> {
    let chunks = stream::iter(chunks.iter().map(|chunk| Ok::<_, Infallible>(chunk.clone())));
    drain(sseer::EventStream::new(chunks), |event| {
        let event = event.map_err(|error| error.to_string())?;
        sink.event(&event.event, &event.data, &event.id);
        Ok(())
    })
}

/// Decodes with `eventsource-stream`, a stream over chunks that implement `AsRef<[u8]>`.
///
/// # Errors
///
/// Returns an error if the decoder does.
pub fn eventsource_stream<S: Sink>(chunks: &[Bytes], sink: &mut S) -> Result<(), Error> {
    drain(EventsourceStream::new(slices(chunks)), |event| {
        let event = event.map_err(|error| error.to_string())?;
        sink.event(&event.event, &event.data, &event.id);
        Ok(())
    })
}

/// Decodes with `russe`, a `tokio_util` codec that reads from a `BytesMut`.
///
/// # Errors
///
/// Returns an error if the decoder does.
pub fn russe<S: Sink>(chunks: &[Bytes], sink: &mut S) -> Result<(), Error> {
    let mut decoder = russe::Decoder::default();
    let mut buffer = BytesMut::new();
    for chunk in chunks {
        buffer.extend_from_slice(chunk);
        while let Some(event) = decoder.decode(&mut buffer)? {
            if let russe::Event::Message(message) = event {
                sink.event(
                    message.event.as_deref().unwrap_or("message"),
                    &message.data,
                    message.id.as_deref().unwrap_or_default(),
                );
            }
        }
    }
    Ok(())
}

fn slices(chunks: &[Bytes]) -> impl Stream<Item = Result<&[u8], Infallible>> + Unpin {
    stream::iter(chunks.iter().map(|chunk| Ok(chunk.as_ref())))
}

/// Polls a stream to its end. The stream is always ready, because its chunks are.
pub(crate) fn drain<T>(
    events: impl Stream<Item = T>,
    mut each: impl FnMut(T) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut events = pin!(events);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        match events.as_mut().poll_next(&mut context) {
            Poll::Ready(Some(event)) => each(event)?,
            Poll::Ready(None) => return Ok(()),
            Poll::Pending => return Err("the stream is pending, although its chunks are ready".into()),
        }
    }
}

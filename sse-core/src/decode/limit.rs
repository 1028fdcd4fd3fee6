//! Limits on what a decoder accepts from its peer.

use core::fmt;

/// Limits on the size of events, so that a hostile or broken peer cannot make a decoder use unbounded memory.
///
/// An event that exceeds a limit is skipped and reported as a [`LimitError`]. The defaults are far above what event
/// streams usually carry. To receive larger events, set all limits at once with [`largest_event`](Self::largest_event).
///
/// ```
/// use sse_core::{Decoder, LimitError, Limits};
///
/// let mut decoder = Decoder::new().with_limits(Limits::new().max_data(10));
/// let mut events = decoder.feed(b"data: far too long\n\ndata: short\n\n");
/// assert_eq!(events.next_event().unwrap(), Err(LimitError::Data { limit: 10 }));
/// assert_eq!(events.next_event().unwrap().unwrap().data(), "short");
/// ```
///
/// # Memory
///
/// Between two chunks, a decoder holds at most [`max_buffered`](Self::max_buffered) bytes of unfinished or unread
/// input. In addition, it holds the last event ID, and the ID of an event that is being skipped. Each is the value of
/// one line within [`max_line`](Self::max_line), and up to three times as long if it is not valid UTF-8, because each
/// U+FFFD takes three bytes.
///
/// While a chunk is read, the decoder may also hold a copy of parts of that chunk. Data that is not valid UTF-8 is also
/// held as repaired text, within [`max_data`](Self::max_data).
///
/// The limits count contents. Like a `Vec`, a decoder keeps the capacity of its buffers for later events, also after a
/// [`restart`](crate::Decoder::restart), so its allocation stays that of the largest event that it copied. Unread input
/// is freed once it is read. To release the rest, replace the decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(crate) line: usize,
    pub(crate) data: usize,
    pub(crate) buffered: usize,
}

impl Limits {
    /// The default limit on a line: 8 MiB, including the field name. Data on a single line is therefore limited to
    /// slightly less than [`DEFAULT_MAX_DATA`](Self::DEFAULT_MAX_DATA).
    pub const DEFAULT_MAX_LINE: usize = 8 << 20;

    /// The default limit on the data of an event: 8 MiB, several times the size of a large picture in base64.
    pub const DEFAULT_MAX_DATA: usize = 8 << 20;

    /// The default limit on the bytes held between two chunks: 16 MiB, enough for an event and a line at their limits.
    pub const DEFAULT_MAX_BUFFERED: usize = 16 << 20;

    /// The size in bytes that [`largest_event`](Self::largest_event) allows for everything but the data: the field name
    /// before it, the event name, the ID, and an incomplete line.
    const AROUND_DATA: usize = 64 << 10;

    /// Creates the default limits.
    #[must_use]
    pub const fn new() -> Self {
        Self { line: Self::DEFAULT_MAX_LINE, data: Self::DEFAULT_MAX_DATA, buffered: Self::DEFAULT_MAX_BUFFERED }
    }

    /// Creates limits for events of up to `bytes` bytes of data, in any number of lines and chunks.
    ///
    /// The other fields of an event may take up to 64 KiB in total. Between two chunks, the decoder holds at most 2 *
    /// `bytes` + 64 KiB: an unfinished event, and up to `bytes` bytes of unread input.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{Decoder, EventReader, Limits, RawEventBuf};
    ///
    /// let stream = format!("data: {}\n\n", "x".repeat(10 << 20));
    /// let decoder = Decoder::new().with_limits(Limits::largest_event(10 << 20));
    /// let mut events = EventReader::<_, RawEventBuf>::with_decoder(stream.as_bytes(), decoder);
    /// assert_eq!(events.next().unwrap()?.data().len(), 10 << 20);
    /// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
    /// ```
    #[must_use]
    pub const fn largest_event(bytes: usize) -> Self {
        // A single line may contain all of the data. Of an unfinished event, the decoder holds at most the data and the
        // other fields, the last of which may be incomplete. The rest is room for unread input, or for the start of a
        // comment that the caller has requested.
        let line = bytes.saturating_add(Self::AROUND_DATA);
        Self { line, data: bytes, buffered: bytes.saturating_add(line) }
    }

    /// Sets the maximum length of a line in bytes, excluding the line ending.
    ///
    /// The limit applies to fields, and to comments if they are returned. Other comments, and unknown fields, are
    /// skipped without being held, whatever their length.
    #[must_use]
    pub const fn max_line(self, bytes: usize) -> Self {
        Self { line: bytes, ..self }
    }

    /// Sets the maximum length of the data of an event in bytes.
    ///
    /// The LF between two lines counts, and each invalid sequence counts as the U+FFFD that replaces it.
    #[must_use]
    pub const fn max_data(self, bytes: usize) -> Self {
        Self { data: bytes, ..self }
    }

    /// Sets the maximum number of bytes held between two chunks: unfinished lines and events, and the unread rest of a
    /// chunk.
    #[must_use]
    pub const fn max_buffered(self, bytes: usize) -> Self {
        Self { buffered: bytes, ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

/// The error returned for an event that is skipped because it exceeds one of the [`Limits`].
///
/// The decoder continues with the next event:
///
/// ```
/// use sse_core::{Decoder, Limits};
///
/// let mut decoder = Decoder::new().with_limits(Limits::new().max_data(10));
/// let mut events = decoder.feed(b"data: far too long\n\ndata: short\n\n");
/// while let Some(event) = events.next_event() {
///     match event {
///         Ok(event) => println!("{}", event.data()),
///         Err(error) => eprintln!("{error}"),
///     }
/// }
/// ```
///
/// The ID of a skipped event still counts, unless its own line is too long. Otherwise a client would reconnect with the
/// previous ID and receive the same event again, forever.
///
/// The error is returned as soon as the limit is exceeded, not at the end of the event. If a line exceeds two limits,
/// the chunk boundaries decide which of them is reported. The event is skipped in either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitError {
    /// A line is too long.
    Line {
        /// The value of [`Limits::max_line`] in bytes.
        limit: usize,
    },
    /// The data of an event is too long.
    Data {
        /// The value of [`Limits::max_data`] in bytes.
        limit: usize,
    },
    /// Too many bytes would have to be held between two chunks. If they are unread input, all events in it are skipped.
    Buffered {
        /// The value of [`Limits::max_buffered`] in bytes.
        limit: usize,
    },
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (skipped, subject, limit) = match self {
            Self::Line { limit } => ("event", "a line", limit),
            Self::Data { limit } => ("event", "its data", limit),
            Self::Buffered { limit } => ("events", "the input held between chunks", limit),
        };
        // All limits, because raising only the one that was exceeded would often lead to the next one.
        write!(
            f,
            "{skipped} skipped: {subject} exceeds the limit of {limit} bytes; raise all limits with \
             `Limits::largest_event`"
        )
    }
}

impl core::error::Error for LimitError {}

#[cfg(test)]
mod tests {
    use alloc::{
        format,
        string::{String, ToString as _},
        vec,
        vec::Vec,
    };

    use super::*;
    use crate::{
        Decoder, Events, RawPart, Retry,
        decode::{Chunk, Shown, block::Phase},
    };

    /// Fewer under Miri, which is slow.
    const STREAMS: usize = if cfg!(miri) { 50 } else { 2000 };

    /// Reads a stream in chunks of `size` bytes.
    fn read(decoder: &mut Decoder, stream: &[u8], size: usize) -> Vec<Result<String, LimitError>> {
        let mut seen = Vec::new();
        for chunk in stream.chunks(size) {
            let mut events = decoder.feed(chunk);
            while let Some(event) = events.next_event() {
                seen.push(event.map(|event| event.data().into()));
            }
        }
        seen
    }

    /// Reads a stream in chunks of every size, and checks that the size makes no difference.
    fn read_in_all_sizes(limits: Limits, stream: &[u8]) -> (Vec<Result<String, LimitError>>, String) {
        let read_with = |size| {
            let mut decoder = Decoder::new().with_limits(limits);
            let seen = read(&mut decoder, stream, size);
            (seen, String::from(decoder.last_event_id()))
        };
        let whole = read_with(stream.len());
        for size in 1..stream.len() {
            assert_eq!(read_with(size), whole, "in chunks of {size}");
        }
        whole
    }

    #[test]
    fn a_line_at_the_limit_passes_and_a_longer_one_skips_its_event() {
        let stream = b"data: 456\n\ndata: 4567\ndata: more\n\ndata:again\n\ndata: 1\n\n";
        let (seen, _) = read_in_all_sizes(Limits::new().max_line(9), stream);
        let too_long = Err(LimitError::Line { limit: 9 });
        assert_eq!(seen, [Ok("456".into()), too_long.clone(), too_long, Ok("1".into())]);
    }

    #[test]
    fn the_data_limit_counts_all_lines_and_the_line_feeds_between_them() {
        let stream = b"data: ab\ndata: cd\n\ndata: ab\ndata: cde\ndata: f\n\ndata: 1\n\n";
        let (seen, _) = read_in_all_sizes(Limits::new().max_data(5), stream);
        assert_eq!(seen, [Ok("ab\ncd".into()), Err(LimitError::Data { limit: 5 }), Ok("1".into())]);
    }

    #[test]
    fn invalid_utf8_counts_as_the_characters_that_replace_it() {
        let stream = b"id: 1\ndata: \xFF\xFF\n\nid: 2\ndata: \xFF\ndata: \xE2\x82\n\nid: 3\ndata: \xFFab\n\n";
        let (seen, id) = read_in_all_sizes(Limits::new().max_data(5), stream);
        let too_long = Err(LimitError::Data { limit: 5 });
        assert_eq!((seen, id.as_str()), (vec![too_long.clone(), too_long, Ok("\u{FFFD}ab".into())], "3"));
    }

    #[test]
    fn the_id_of_a_skipped_event_counts_at_the_empty_line_whether_it_precedes_or_follows_the_data() {
        for stream in [&b"id: 7\ndata: too long\n\n"[..], b"data: too long\nid: 7\n\n"] {
            let (seen, id) = read_in_all_sizes(Limits::new().max_data(3), stream);
            assert_eq!((seen.as_slice(), id.as_str()), (&[Err(LimitError::Data { limit: 3 })][..], "7"));
        }
        let (_, id) = read_in_all_sizes(Limits::new().max_data(3), b"id: 7\ndata: too long\n");
        assert_eq!(id, "", "there is no empty line yet");
    }

    #[test]
    fn lines_of_known_fields_are_limited_and_ignored_lines_are_not() {
        let stream = b"event: too long a name\ndata: 1\n\nid: too long an id\ndata: 2\n\n: a long comment\nunknown: field\ndata: 3\n\n";
        let (seen, id) = read_in_all_sizes(Limits::new().max_line(9), stream);
        let too_long = Err(LimitError::Line { limit: 9 });
        assert_eq!(seen, [too_long.clone(), too_long, Ok("3".into())]);
        assert_eq!(id, "");
    }

    #[test]
    fn a_longer_name_is_not_the_field_that_it_starts_with() {
        let stream = b"database: 1\neventful: 2\nidea\nretry\0\ndata\n\nid\ndata:1\n\n";
        let (seen, _) = read_in_all_sizes(Limits::new().max_line(4), stream);
        assert_eq!(seen, [Ok(String::new()), Err(LimitError::Line { limit: 4 })]);
        let (seen, _) = read_in_all_sizes(Limits::new().max_line(0), stream);
        assert_eq!(seen, [Err(LimitError::Line { limit: 0 }), Err(LimitError::Line { limit: 0 })]);
    }

    #[test]
    fn an_endless_line_is_reported_once_and_not_held() {
        let mut decoder = Decoder::new().with_limits(Limits::new().max_line(64));
        let mut errors = 0;
        for _ in 0..1000 {
            let mut events = decoder.feed(b"data: data: data: data: data: ");
            while let Some(event) = events.next_event() {
                assert_eq!(event, Err(LimitError::Line { limit: 64 }));
                errors += 1;
            }
            drop(events);
            assert!(decoder.machine.buffered() <= 128);
        }
        assert_eq!(errors, 1);
        assert_eq!(read(&mut decoder, b"\n\ndata: 1\n\n", 3), [Ok("1".into())]);
    }

    #[test]
    fn an_endless_event_is_held_up_to_the_buffer_limit() {
        let mut decoder = Decoder::new().with_limits(Limits::new().max_buffered(50));
        let seen = read(&mut decoder, &b"data: 0123456789\n".repeat(10), 17);
        assert_eq!(seen, [Err(LimitError::Buffered { limit: 50 })]);
        assert_eq!(read(&mut decoder, b"\ndata: 1\n\n", 4), [Ok("1".into())]);
    }

    #[test]
    fn unread_input_is_read_before_the_next_chunk() {
        let mut decoder = Decoder::new();
        let mut events = decoder.feed(b"id: 1\ndata: a\n\ndata: b\n\ndata: c\nda");
        assert_eq!(events.next_event().unwrap().unwrap().data(), "a");
        drop(events);
        assert_eq!(decoder.last_event_id(), "1");
        assert_eq!(decoder.feed(b"ta: d\n\nda").next_event().unwrap().unwrap().data(), "b");
        assert_eq!(read(&mut decoder, b"ta: e\n\n", 9), [Ok("c\nd".into()), Ok("e".into())]);
    }

    #[test]
    fn unread_input_beyond_the_limit_is_reported_and_reading_continues_after_it() {
        let mut decoder = Decoder::new().with_limits(Limits::new().max_buffered(20));
        drop(decoder.feed(b"id: 9\ndata: lost\n\ndata: also lost\n\ndata: par"));
        assert_eq!(decoder.last_event_id(), "9");
        let seen = read(&mut decoder, b"tly\n\n", 9);
        assert_eq!(seen, [Err(LimitError::Buffered { limit: 20 }), Ok("partly".into())]);
    }

    #[test]
    fn a_reader_that_is_always_late_holds_a_bounded_backlog() {
        let mut decoder = Decoder::new().with_limits(Limits::new().max_buffered(100));
        drop(decoder.feed(b"data: 0\n\n"));
        for _ in 0..1000 {
            assert_eq!(decoder.feed(b"data: 0\n\n").next_event().unwrap().unwrap().data(), "0");
            assert!(decoder.backlog.as_ref().unwrap().len() <= 100);
        }
    }

    #[test]
    fn unread_input_ends_with_its_last_event_and_not_with_the_next_call() {
        let mut decoder = Decoder::new();
        drop(decoder.feed(b"data: a\n\n"));
        assert!(!decoder.is_between_events());
        assert_eq!(decoder.feed(b"").next_event().unwrap().unwrap().data(), "a");
        assert!(decoder.is_between_events());
        assert!(decoder.backlog.is_none());
        // The next chunk follows directly.
        assert_eq!(read(&mut decoder, b"data: b\n\n", 99), [Ok("b".into())]);
    }

    #[test]
    fn unread_input_that_has_been_read_is_not_held_in_addition_to_its_values() {
        for (stream, unread) in [(&b"data: 0123456789\n: c\n"[..], 0), (b"data: 0123456789\n: c\nd: 9\n", 5)] {
            let mut decoder = Decoder::new().with_limits(Limits::new().max_buffered(30));
            drop(decoder.feed(stream));
            assert_eq!(decoder.feed(b"").next_part(), Some(Ok(RawPart::Comment(" c"))));
            assert_eq!(decoder.machine.buffered(), 10);
            assert_eq!(decoder.backlog.as_ref().map_or(0, |backlog| backlog.len()), unread);
            assert_eq!(read(&mut decoder, b"\n", 1), [Ok("0123456789".into())]);
        }
    }

    #[test]
    fn unread_input_whose_values_grow_beyond_the_limit_is_discarded_with_one_error() {
        let stream = b"event: \xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\n: c\ndata: 1\n";
        for end in [stream.len() - 8, stream.len()] {
            let mut decoder = Decoder::new().with_limits(Limits::new().max_buffered(30));
            drop(decoder.feed(&stream[..end]));
            assert_eq!(decoder.feed(b"").next_part(), Some(Ok(RawPart::Comment(" c"))));
            assert!(decoder.machine.buffered() + decoder.backlog.as_ref().map_or(0, |backlog| backlog.len()) <= 30);
            let seen = read(&mut decoder, b"data: 2\n\n", 99);
            assert_eq!(seen.last(), Some(&Ok(if end == stream.len() { "1\n2" } else { "2" }.into())), "{seen:?}");
        }
    }

    #[test]
    fn debug_output_contains_nothing_of_the_stream() {
        let mut decoder = Decoder::new();
        let stream = [&b"id: secret\nevent: secret\ndata: secret\ndata: secret\n\n"[..], &b"data: secret\n".repeat(30)];
        let stream = stream.concat();
        let mut events = decoder.feed(&stream);
        assert!(events.next_event().is_some());
        // 115 and 101 are the first bytes of `secret`.
        let is_silent = |text: &str| !text.contains("secret") && !text.contains("115, 101");
        assert!(is_silent(&format!("{events:?}")), "{events:?}");
        drop(events);
        assert!(is_silent(&format!("{decoder:?}")), "{decoder:?}");
        decoder.feed(b"event: secr").for_each(drop);
        assert!(is_silent(&format!("{decoder:?}")), "{decoder:?}");
    }

    #[test]
    fn a_comment_longer_than_the_line_limit_is_skipped() {
        let stream = b":2345\n:23456\n:234\n";
        for size in 1..=stream.len() {
            let mut decoder = Decoder::new().with_limits(Limits::new().max_line(5));
            let mut seen = Vec::new();
            for chunk in stream.chunks(size) {
                let mut events = decoder.feed(chunk);
                while let Some(part) = events.next_part() {
                    let Ok(RawPart::Comment(comment)) = part else { unreachable!("there are only comments") };
                    seen.push(String::from(comment));
                }
            }
            assert_eq!(seen, ["2345", "234"], "in chunks of {size}");
        }
    }

    #[test]
    fn comments_are_held_only_if_they_are_requested() {
        for (comments, held) in [(false, 0), (true, 9)] {
            let mut decoder = Decoder::new();
            let mut chunk = Chunk::each_value(b"id: 1\n\n: comment");
            let shown = Shown { comments, blocks: true };
            assert!(matches!(
                decoder.next_part(&mut chunk, shown),
                Some(Ok(RawPart::Block { id: Some("1"), retry: None }))
            ));
            assert!(decoder.next_part(&mut chunk, shown).is_none());
            assert_eq!(decoder.machine.buffered(), held);
        }
    }

    #[test]
    fn an_event_that_exceeds_a_limit_leaves_nothing_of_it_in_its_block() {
        // Too long at once, and after invalid UTF-8 is replaced.
        for stream in
            [&b"event: e\nid: 7\ndata: 123456\nretry: 8\n\n"[..], b"event: e\nid: 7\ndata: \xFF\xFF\nretry: 8\n\n"]
        {
            for size in 1..=stream.len() {
                let mut decoder = Decoder::new().with_limits(Limits::new().max_data(5));
                let mut seen = Vec::new();
                for chunk in stream.chunks(size) {
                    // Each part is read with a new `Events`, to which the decoder hands over what is left.
                    let mut left = chunk;
                    while let Some(part) = decoder.feed(left).next_part() {
                        left = &[];
                        seen.push(match part {
                            Ok(RawPart::Block { id, retry }) => Ok((id.map(String::from), retry.map(Retry::as_millis))),
                            Ok(part) => panic!("{part:?}"),
                            Err(error) => Err(error),
                        });
                    }
                }
                let block = (Some("7".into()), Some(8));
                assert_eq!(seen, [Err(LimitError::Data { limit: 5 }), Ok(block)], "in chunks of {size}");
                assert_eq!((decoder.machine.buffered(), decoder.is_between_events()), (0, true));
            }
        }
    }

    #[test]
    fn an_event_that_fails_leaves_its_block_whether_its_data_has_one_line_or_several() {
        for data in [&b"data: \xFF\xFF\n"[..], b"data: \xFF\ndata: \xFF\n"] {
            let stream = [b"id: 7\n", data, b"\ndata: 1\n\n"].concat();
            let mut decoder = Decoder::new().with_limits(Limits::new().max_data(5));
            let mut events = decoder.feed(&stream);
            assert_eq!(events.next_event(), Some(Err(LimitError::Data { limit: 5 })));
            assert_eq!(events.next_part(), Some(Ok(RawPart::Block { id: Some("7"), retry: None })));
            assert_eq!(events.next_event().unwrap().unwrap().data(), "1");
        }
    }

    #[test]
    fn input_that_was_read_is_not_read_again_if_the_rest_is_discarded() {
        let mut decoder = Decoder::new().with_limits(Limits::new().max_buffered(20));
        let mut events = decoder.feed(b"retry: 1\n: a\nid: 5\nid: 6\n\nretry: 2\ndata: a\ndata: b\n: the rest");
        assert_eq!(events.next_part(), Some(Ok(RawPart::Comment(" a"))));
        assert_eq!(events.next_part(), Some(Ok(RawPart::Block { id: Some("6"), retry: Some(Retry::from_millis(1)) })));
        drop(events);
        let seen = read(&mut decoder, b"\n\n", 2);
        assert_eq!(seen, [Err(LimitError::Buffered { limit: 20 }), Ok("a\nb".into())]);
    }

    #[test]
    fn the_buffer_limit_applies_if_a_chunk_ends_with_a_comment() {
        let mut decoder = Decoder::new().with_limits(Limits::new().max_buffered(20));
        let mut events = decoder.feed(b"id: 5\ndata: longer than the limit\n: comment\n");
        assert!(matches!(events.next_part(), Some(Ok(RawPart::Comment(" comment")))));
        drop(events);
        assert_eq!(decoder.machine.buffered(), 1, "only the ID is held");
        let seen = read(&mut decoder, b"data: more\n\ndata: 1\n\n", 99);
        assert_eq!(seen, [Err(LimitError::Buffered { limit: 20 }), Ok("1".into())]);
        assert_eq!(decoder.last_event_id(), "5");
    }

    #[test]
    fn the_id_of_an_event_beyond_the_buffer_limit_counts_wherever_the_stream_is_cut() {
        let stream = b"data: 0123456789012345678\nid: 77\n\n";
        for cut in 28..stream.len() - 1 {
            let mut decoder = Decoder::new().with_limits(Limits::new().max_buffered(20));
            let (head, tail) = stream.split_at(cut);
            assert_eq!(read(&mut decoder, head, cut), [Err(LimitError::Buffered { limit: 20 })], "cut at {cut}");
            assert_eq!(read(&mut decoder, tail, 99), [], "cut at {cut}");
            assert_eq!(decoder.last_event_id(), "77", "cut at {cut}");
        }
    }

    #[test]
    fn leaked_events_leave_no_values_of_their_chunk() {
        let mut decoder = Decoder::new();
        // Large enough for the ID to be borrowed.
        let chunk = [b"data: first\n\nid: 12345\ndata: a\n\n: ", &[b'x'; 300][..]].concat();
        let mut events = decoder.feed(&chunk);
        assert!(events.next_event().is_some() && events.next_event().is_some());
        core::mem::forget(events);
        let mut events = decoder.feed(b"data: abcdefghijklmnopqrstuvwxyz\n\n");
        assert_eq!(events.next_event().unwrap().unwrap().last_event_id(), "");
    }

    /// Pseudorandom numbers, the same in each run.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % end
        }
    }

    /// Pieces of lines, and line endings. Line endings are the minority, so that lines and blocks grow long.
    const WORDS: [&[u8]; 18] = [
        b"data: ",
        b"data",
        b"event: ",
        b"id: ",
        b"id:\xFF\xFF\xFF",
        b"retry: 1",
        b": comment",
        b"unknown: ",
        b"da",
        b"text",
        b"\xEF\xBB\xBF",
        b"\xF0\x9F",
        b"\xFF",
        b"\0",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
    ];

    fn next(events: &mut Events<'_>, comments_too: bool) -> bool {
        if comments_too { events.next_part().is_some() } else { events.next_event().is_some() }
    }

    /// Reads a chunk to its end, with or without comments, or stops after some of its events.
    fn read_some(decoder: &mut Decoder, chunk: &[u8], numbers: &mut Numbers) {
        let mut events = decoder.feed(chunk);
        match numbers.below(3) {
            0 => while events.next_part().is_some() {},
            1 => while events.next_event().is_some() {},
            _ => while numbers.below(3) > 0 && next(&mut events, numbers.below(2) == 0) {},
        }
    }

    #[test]
    fn random_chunks_are_never_held_beyond_the_limits() {
        let mut numbers = Numbers(1);
        // Counts the chunks after which an ID exceeded the limit, a backlog was held, or more than half of the limit
        // was in use.
        let mut seen = [0; 3];
        for _ in 0..STREAMS {
            let (line, event, buffered) = (numbers.below(30), numbers.below(40), numbers.below(60));
            let limits = Limits::new().max_line(line).max_data(event).max_buffered(buffered);
            let mut decoder = Decoder::new().with_limits(limits);
            for _ in 0..40 {
                let words = (0..numbers.below(9)).map(|_| WORDS[numbers.below(WORDS.len())]);
                let chunk = words.collect::<Vec<_>>().concat();
                read_some(&mut decoder, &chunk, &mut numbers);
                let Decoder { machine, backlog } = &decoder;
                let backlog = backlog.as_ref().map_or(0, |backlog| backlog.len());
                let skipping = machine.block.phase == Phase::Skipping;
                let held = machine.buffered() + backlog;
                let id = if skipping { 3 * line } else { 0 };
                assert!(held <= buffered + id, "{held} bytes within {limits:?}");
                assert!(machine.block.last_event_id.len() <= 3 * line, "{limits:?}");
                seen[0] += usize::from(held > buffered);
                seen[1] += usize::from(backlog > 0);
                seen[2] += usize::from(!skipping && held > buffered / 2 && held > 0);
            }
        }
        assert!(seen.iter().all(|count| *count > STREAMS / 10), "too few streams come near the limits: {seen:?}");
    }

    /// An event of `size` bytes of data: in one line, in lines of one byte, in empty lines, or in long and short lines.
    /// The name and the ID take most of the size that is allowed for them.
    fn event_of(size: usize, form: usize) -> Vec<u8> {
        const FIELD: usize = if cfg!(miri) { 100 } else { 32_000 };
        let data = match form {
            0 => vec![b'x'; size],
            1 => b"x\n".iter().copied().cycle().take(size).collect(),
            2 => vec![b'\n'; size],
            _ => (0..size).map(|at| if at % 100 > 50 { b'\n' } else { b'x' }).collect(),
        };
        let end: &[u8] = if form == 2 { b"\r\n" } else { b"\n" };
        let mut event = [b"event: ".as_slice(), &vec![b'n'; FIELD], end, b"id: ", &vec![b'i'; FIELD], end].concat();
        for line in data.split(|byte| *byte == b'\n') {
            event.extend_from_slice(b"data: ");
            event.extend_from_slice(line);
            event.extend_from_slice(end);
        }
        event.extend_from_slice(end);
        event
    }

    #[test]
    fn the_largest_event_passes_in_any_lines_and_chunks_and_a_larger_one_does_not() {
        const SIZES: &[usize] = if cfg!(miri) { &[0, 70] } else { &[0, 1, 5, 70, 3000] };
        for (&size, form) in SIZES.iter().flat_map(|size| (0..4).map(move |form| (size, form))) {
            let limits = Limits::largest_event(size);
            for chunk in [1, 7, 1000, usize::MAX] {
                let seen = read(&mut Decoder::new().with_limits(limits), &event_of(size, form), chunk);
                let [Ok(data)] = seen.as_slice() else { panic!("{seen:?} for {size} bytes in chunks of {chunk}") };
                assert_eq!(data.len(), size);
            }
            let seen = read(&mut Decoder::new().with_limits(limits), &event_of(size + 1, form), 64);
            assert_eq!(seen, [Err(LimitError::Data { limit: size })], "form {form}");
        }
    }

    #[test]
    fn the_largest_event_passes_if_each_chunk_is_read_after_the_next_one_arrived() {
        for size in [1000, 100_000] {
            let event = event_of(size, 3);
            let mut decoder = Decoder::new().with_limits(Limits::largest_event(size));
            let mut seen = Vec::new();
            for pair in event.chunks(size).collect::<Vec<_>>().chunks(2) {
                let [late, last @ ..] = pair else { unreachable!("chunks are not empty") };
                drop(decoder.feed(late));
                seen.extend(read(&mut decoder, &last.concat(), size + 1));
            }
            seen.extend(read(&mut decoder, b"\n", 1));
            assert!(matches!(seen.as_slice(), [Ok(data)] if data.len() == size), "{seen:?}");
        }
    }

    #[test]
    fn limits_for_the_largest_event_do_not_overflow() {
        let limits = Limits::largest_event(usize::MAX);
        assert_eq!(limits, Limits::new().max_line(usize::MAX).max_data(usize::MAX).max_buffered(usize::MAX));
    }

    /// The event is cut as `EventReader` cuts it. Following the message once is enough.
    #[test]
    fn an_event_of_50_mib_passes_after_the_remedy_of_its_first_error() {
        const SIZE: usize = if cfg!(miri) { 9 << 10 } else { 50 << 20 };
        let default = if cfg!(miri) { Limits::new().max_line(8 << 10) } else { Limits::new() };
        let event = [b"data: ".as_slice(), &vec![b'x'; SIZE], b"\n\n"].concat();
        let seen = read(&mut Decoder::new().with_limits(default), &event, 16 << 10);
        let [Err(error)] = seen.as_slice() else { panic!("{} events", seen.len()) };
        assert!(error.to_string().ends_with("raise all limits with `Limits::largest_event`"));
        let seen = read(&mut Decoder::new().with_limits(Limits::largest_event(SIZE)), &event, 16 << 10);
        assert!(matches!(seen.as_slice(), [Ok(data)] if data.len() == SIZE));
    }

    #[test]
    fn each_error_names_its_limit_and_the_setter_of_all_limits() {
        let errors = [
            (LimitError::Line { limit: 1 }, "event skipped: a line exceeds the limit of 1 bytes"),
            (LimitError::Data { limit: 2 }, "event skipped: its data exceeds the limit of 2 bytes"),
            (
                LimitError::Buffered { limit: 3 },
                "events skipped: the input held between chunks exceeds the limit of 3 bytes",
            ),
        ];
        for (error, fault) in errors {
            let expected = format!("{fault}; raise all limits with `Limits::largest_event`");
            assert_eq!(error.to_string(), expected);
        }
    }
}

//! A chunk of a response in HTTP/1.1's chunked transfer coding (RFC 9112, section 7.1).

use std::{
    io::{self, IoSlice, Write as _},
    iter,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf as _, Bytes};
use http_body::{Body, Frame};
use tokio::io::AsyncWrite;

/// The maximum number of frames in a chunk.
const FRAMES: usize = 64;

/// The length after which no frame is added to a chunk.
const BYTES: usize = 64 * 1024;

/// The parts of a write: the size, the frames, and the end of the chunk.
const PARTS: usize = FRAMES + 2;

/// The longest line with the size of a chunk: 16 hexadecimal digits and CR LF.
const SIZE_LINE: usize = 18;

/// The frames of a body that are ready together, sent as one chunk. It holds no memory while it is empty.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// The first frame, or no bytes if there is none. An event is usually alone, and then needs no list.
    first: Bytes,
    more: Vec<Bytes>,
    /// The number of bytes that are sent, including the lines around the frames.
    sent: usize,
    /// Whether the only frame contains the lines around it too.
    is_flat: bool,
    end: End,
}

/// How the body continues after a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum End {
    #[default]
    More,
    /// The end of the body, which the last chunk announces.
    Whole,
    /// The end of the connection, because the body has failed.
    Cut,
}

impl Chunk {
    pub(super) const fn end(&self) -> End {
        self.end
    }

    pub(super) const fn sent(&self) -> usize {
        self.sent
    }

    /// Gathers the frames that are ready. Pending if none is. Must be called only when the previous chunk is sent.
    pub(super) fn poll_gather<B>(&mut self, mut body: Pin<&mut B>, cx: &mut Context<'_>) -> Poll<()>
    where
        B: Body<Data = Bytes>,
    {
        let mut len = 0;
        for _ in 0..FRAMES {
            let Poll::Ready(frame) = body.as_mut().poll_frame(cx) else {
                return if self.first.is_empty() { Poll::Pending } else { Poll::Ready(()) };
            };
            match frame.map(|frame| frame.map(Frame::into_data)) {
                // An empty chunk would be the end of the body.
                Some(Ok(Ok(data))) if data.is_empty() => {}
                Some(Ok(Ok(data))) => {
                    len += data.len();
                    self.push(data);
                    if body.is_end_stream() {
                        self.end = End::Whole;
                    }
                }
                // Trailers are the last frame. They are dropped, as hyper does if the head does not announce them.
                Some(Ok(Err(_))) | None => self.end = End::Whole,
                Some(Err(_)) => self.end = End::Cut,
            }
            if len >= BYTES || self.end != End::More {
                break;
            }
        }
        Poll::Ready(())
    }

    fn push(&mut self, frame: Bytes) {
        if self.first.is_empty() {
            self.first = frame;
        } else {
            self.more.push(frame);
        }
    }

    fn frames(&self) -> impl Iterator<Item = &[u8]> {
        iter::once(&self.first).chain(&self.more).map(Bytes::chunk)
    }

    /// Sends the chunk, and flushes the socket. Ready when it is sent and empty again.
    pub(super) fn poll_send<I>(&mut self, socket: &mut I, cx: &mut Context<'_>) -> Poll<io::Result<()>>
    where
        I: AsyncWrite + Unpin,
    {
        let mut line = [0; SIZE_LINE];
        let size: usize = self.frames().map(<[u8]>::len).sum();
        let (mut first, mut last) = (size_line(&mut line, size)?, self.last_line());
        if self.is_flat {
            (first, last) = (b"", b"");
        } else if size > 0 && !socket.is_write_vectored() {
            // Such a socket makes a packet, or a record of TLS, of each part.
            let parts: Vec<_> = iter::once(first).chain(self.frames()).chain([last]).collect();
            self.first = parts.concat().into();
            self.more = Vec::new();
            self.is_flat = true;
            return self.poll_send(socket, cx);
        }
        let total = first.len() + size + last.len();
        if total == 0 {
            return Poll::Ready(Ok(()));
        }
        while self.sent < total {
            let mut parts = [IoSlice::new(&[]); PARTS];
            let all = iter::once(first).chain(self.frames()).chain([last]);
            let filled = fill(&mut parts, all, self.sent);
            let len = ready!(Pin::new(&mut *socket).poll_write_vectored(cx, filled))?;
            if len == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent += len;
        }
        ready!(Pin::new(socket).poll_flush(cx))?;
        *self = Self { end: self.end, ..Self::default() };
        Poll::Ready(Ok(()))
    }

    /// Returns what follows the frames.
    fn last_line(&self) -> &'static [u8] {
        match (self.first.is_empty(), self.end) {
            (true, End::More | End::Cut) => b"",
            (true, End::Whole) => b"0\r\n\r\n",
            (false, End::More | End::Cut) => b"\r\n",
            (false, End::Whole) => b"\r\n0\r\n\r\n",
        }
    }
}

/// Writes the size of a chunk to `line`, and returns what was written: nothing for an empty chunk.
fn size_line(line: &mut [u8; SIZE_LINE], size: usize) -> io::Result<&[u8]> {
    let mut rest = line.as_mut_slice();
    if size > 0 {
        write!(rest, "{size:x}\r\n")?;
    }
    let left = rest.len();
    Ok(line.get(..SIZE_LINE - left).unwrap_or_default())
}

/// Fills `parts` with what is left of `all` after `sent` bytes, and returns the filled ones.
fn fill<'p, 'b>(
    parts: &'p mut [IoSlice<'b>; PARTS],
    all: impl Iterator<Item = &'b [u8]>,
    mut sent: usize,
) -> &'p [IoSlice<'b>] {
    let mut filled = 0;
    let left = all.filter_map(|part| {
        let rest = part.get(sent..);
        sent = sent.saturating_sub(part.len());
        rest.filter(|rest| !rest.is_empty())
    });
    for (slot, part) in parts.iter_mut().zip(left) {
        *slot = IoSlice::new(part);
        filled += 1;
    }
    parts.get(..filled).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::{collections::VecDeque, task::Waker};

    use super::*;

    /// A body of these results. It ends with its last data if `knows_end`.
    struct Script {
        frames: VecDeque<Poll<Result<Frame<Bytes>, &'static str>>>,
        knows_end: bool,
    }

    impl Body for Script {
        type Data = Bytes;
        type Error = &'static str;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
            self.frames.pop_front().map_or(Poll::Ready(None), |frame| frame.map(Some))
        }

        fn is_end_stream(&self) -> bool {
            self.knows_end && self.frames.is_empty()
        }
    }

    fn data(bytes: impl Into<Bytes>) -> Poll<Result<Frame<Bytes>, &'static str>> {
        Poll::Ready(Ok(Frame::data(bytes.into())))
    }

    /// A socket that accepts at most `most` bytes at a time, and blocks before each write if `blocks`.
    struct Narrow {
        most: usize,
        blocks: bool,
        is_blocked: bool,
        is_vectored: bool,
        writes: usize,
        written: Vec<u8>,
    }

    impl Narrow {
        const fn new(most: usize, blocks: bool) -> Self {
            Self { most, blocks, is_blocked: blocks, is_vectored: true, writes: 0, written: Vec::new() }
        }
    }

    impl AsyncWrite for Narrow {
        fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
        }

        fn poll_write_vectored(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            parts: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            if self.is_blocked {
                self.is_blocked = false;
                return Poll::Pending;
            }
            self.is_blocked = self.blocks;
            assert!(parts.iter().all(|part| !part.is_empty()), "an empty part");
            let seen = if self.is_vectored { parts } else { &parts[..1] };
            let all: Vec<u8> = seen.iter().flat_map(|part| part.iter().copied()).take(self.most).collect();
            self.written.extend(&all);
            self.writes += 1;
            Poll::Ready(Ok(all.len()))
        }

        fn is_write_vectored(&self) -> bool {
            self.is_vectored
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// Sends a body to the socket, and returns how it ended.
    fn send(frames: impl IntoIterator<Item = Poll<Result<Frame<Bytes>, &'static str>>>, socket: &mut Narrow) -> End {
        let mut body = Script { frames: frames.into_iter().collect(), knows_end: false };
        send_body(&mut body, socket)
    }

    fn send_body(body: &mut Script, socket: &mut Narrow) -> End {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut chunk = Chunk::default();
        while chunk.end() == End::More {
            let _ = chunk.poll_gather(Pin::new(body), cx);
            while chunk.poll_send(socket, cx).map(Result::unwrap).is_pending() {}
        }
        assert_eq!((chunk.more.capacity(), chunk.sent), (0, 0), "an empty chunk holds no memory");
        chunk.end()
    }

    #[test]
    fn frames_that_are_ready_together_are_one_chunk_and_one_write() {
        let mut socket = Narrow::new(usize::MAX, false);
        let frames = [data("data: 1\n\n"), data(""), data("data: 2\n\n"), Poll::Pending, data("x".repeat(300))];
        assert_eq!(send(frames, &mut socket), End::Whole);
        let expected = format!("12\r\ndata: 1\n\ndata: 2\n\n\r\n12c\r\n{}\r\n0\r\n\r\n", "x".repeat(300));
        assert_eq!(String::from_utf8(socket.written).unwrap(), expected);
        assert_eq!(socket.writes, 2, "the end is sent with the last chunk");
    }

    #[test]
    fn a_body_that_fails_ends_without_its_last_chunk() {
        let mut socket = Narrow::new(usize::MAX, false);
        assert_eq!(send([data("a"), Poll::Ready(Err("gone")), data("b")], &mut socket), End::Cut);
        assert_eq!(socket.written, b"1\r\na\r\n");
        let mut socket = Narrow::new(usize::MAX, false);
        assert_eq!(send([Poll::Ready(Err("gone"))], &mut socket), End::Cut);
        assert_eq!(socket.written, b"");
    }

    #[test]
    fn an_empty_body_and_trailers_end_the_chunks() {
        let mut socket = Narrow::new(usize::MAX, false);
        assert_eq!(send([], &mut socket), End::Whole);
        assert_eq!(socket.written, b"0\r\n\r\n");
        let mut socket = Narrow::new(usize::MAX, false);
        let trailers = Poll::Ready(Ok(Frame::trailers(http::HeaderMap::new())));
        assert_eq!(send([data("a"), trailers, data("b")], &mut socket), End::Whole);
        assert_eq!(socket.written, b"1\r\na\r\n0\r\n\r\n");
        let mut socket = Narrow::new(usize::MAX, false);
        let mut body = Script { frames: [data("a"), data("b")].into(), knows_end: true };
        assert_eq!(send_body(&mut body, &mut socket), End::Whole);
        assert_eq!((socket.written.as_slice(), socket.writes), (&b"2\r\nab\r\n0\r\n\r\n"[..], 1));
    }

    #[test]
    fn no_byte_is_lost_or_repeated_however_little_the_socket_accepts() {
        let frames = || [data("data: 1\n\n"), data("data: two\n\n"), Poll::Pending, data("y".repeat(17))];
        let mut whole = Narrow::new(usize::MAX, false);
        send(frames(), &mut whole);
        for most in 1..=whole.written.len() {
            for (blocks, is_vectored) in [(false, true), (true, true), (false, false), (true, false)] {
                let mut socket = Narrow { is_vectored, ..Narrow::new(most, blocks) };
                assert_eq!(send(frames(), &mut socket), End::Whole);
                assert_eq!(socket.written, whole.written, "{most} bytes at a time, {blocks}, {is_vectored}");
            }
        }
    }

    #[test]
    fn a_socket_without_vectored_writes_gets_one_write_per_chunk() {
        let mut socket = Narrow { is_vectored: false, ..Narrow::new(usize::MAX, false) };
        send([data("a"), data("b"), Poll::Pending, data("c")], &mut socket);
        assert_eq!(socket.written, b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
        assert_eq!(socket.writes, 2);
    }

    #[test]
    fn a_chunk_is_bounded_by_its_frames_and_by_its_bytes() {
        let cx = &mut Context::from_waker(Waker::noop());
        for (frame, expected) in [(1, 64), (1024, 64), (40_000, 2), (70_000, 1)] {
            let mut chunk = Chunk::default();
            let mut body = Script { frames: (0..100).map(|_| data("x".repeat(frame))).collect(), knows_end: false };
            assert!(chunk.poll_gather(Pin::new(&mut body), cx).is_ready());
            assert_eq!(chunk.frames().count(), expected, "frames of {frame} bytes");
        }
        let mut chunk = Chunk::default();
        let mut body = Script { frames: (0..1000).map(|_| data("")).collect(), knows_end: false };
        assert!(chunk.poll_gather(Pin::new(&mut body), cx).is_ready(), "a body of empty frames lets other tasks run");
        assert_eq!(body.frames.len(), 1000 - FRAMES);
    }

    #[test]
    fn the_largest_chunk_fits_into_its_parts() {
        let mut socket = Narrow::new(usize::MAX, false);
        let frames: Vec<_> = (0..FRAMES).map(|_| data("z")).collect();
        send(frames, &mut socket);
        assert_eq!(socket.writes, 2);
        let mut line = [0; SIZE_LINE];
        assert_eq!(size_line(&mut line, usize::MAX).unwrap(), format!("{:x}\r\n", usize::MAX).as_bytes());
    }
}

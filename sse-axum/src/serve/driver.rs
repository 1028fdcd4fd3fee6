//! The task that sends an event stream on a connection that was taken over.

use std::{
    mem::{self, MaybeUninit},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep, sleep_until},
};

use super::{
    chunk::{Chunk, End},
    graceful::Graceful,
    streams::Counted,
};

/// The number of chunks after which other tasks may run.
const CHUNKS_PER_POLL: usize = 16;

/// The number of bytes that a client can send during its stream. They are discarded.
const RECEIVED: u32 = 64 * 1024;

/// The size of the buffer for these bytes. It is on the stack, so that an idle stream holds none.
const BUFFER: usize = 512;

/// The time for a client to receive what is left after the signal of a shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// The time for a client to close its side of a connection after the stream.
const LINGER: Duration = Duration::from_secs(1);

/// Sends the frames of a body as chunks until the body ends or the connection is lost.
///
/// It holds no buffer while the body is idle, and polls the body only while nothing waits to be sent.
pub(super) struct Driver<I> {
    socket: I,
    body: Graceful,
    /// The state that only a busy stream has. Boxed, so that an idle one takes little memory.
    busy: Option<Box<Busy>>,
    received: u32,
    /// Whether it was not polled yet.
    is_new: bool,
    _counted: Counted,
}

enum Busy {
    Stalled(Stalled),
    Closing(Closing),
}

/// A chunk that the socket has not accepted.
struct Stalled {
    chunk: Chunk,
    /// The deadline for the socket to accept a byte, if there is one.
    timer: Option<Pin<Box<Sleep>>>,
}

/// The end of a connection. The stream has ended, and everything is sent.
struct Closing {
    /// The deadline for the client to close its side.
    timer: Pin<Box<Sleep>>,
    /// Whether the writing side is shut down.
    is_shut: bool,
}

/// How the sending of a chunk has ended.
enum Sent {
    /// The chunk is sent, and this follows it.
    Whole(End),
    /// The connection is lost, or its client has not read for too long.
    Lost,
}

impl<I> Driver<I> {
    pub(super) fn new(socket: I, body: Graceful) -> Self {
        let counted = Counted::new(body.streams().clone());
        Self { socket, body, busy: None, received: 0, is_new: true, _counted: counted }
    }
}

impl<I> Future for Driver<I>
where
    I: AsyncRead + AsyncWrite + Unpin,
{
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if let Some(Busy::Closing(closing)) = this.busy.as_deref_mut() {
            return closing.poll(&mut this.socket, &mut this.received, cx);
        }
        // Like hyper, send the events that are ready before looking for the end of what the client sends: some clients
        // shut down their side right after the request.
        if mem::take(&mut this.is_new) {
            return match this.poll_stream(cx) {
                Poll::Pending if !this.is_closing() => poll_gone(&mut this.socket, &mut this.received, cx),
                polled => polled,
            };
        }
        // First, so that a stream is not polled after its client has gone.
        match poll_gone(&mut this.socket, &mut this.received, cx) {
            Poll::Pending => this.poll_stream(cx),
            Poll::Ready(()) => Poll::Ready(()),
        }
    }
}

impl<I> Driver<I>
where
    I: AsyncRead + AsyncWrite + Unpin,
{
    /// Sends the frames that are ready.
    fn poll_stream(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        for _ in 0..CHUNKS_PER_POLL {
            match ready!(self.poll_chunk(cx)) {
                Sent::Whole(End::More) => {}
                Sent::Whole(End::Whole | End::Cut) => return self.close(cx),
                Sent::Lost => return Poll::Ready(()),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Sends the chunk that the socket has not accepted, or else the next one.
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Sent> {
        if self.busy.is_none() {
            let mut chunk = Chunk::default();
            ready!(chunk.poll_gather(Pin::new(&mut self.body), cx));
            match chunk.poll_send(&mut self.socket, cx) {
                Poll::Ready(Ok(())) => return Poll::Ready(Sent::Whole(chunk.end())),
                Poll::Ready(Err(_)) => return Poll::Ready(Sent::Lost),
                Poll::Pending => self.busy = Some(Box::new(Busy::Stalled(Stalled { chunk, timer: None }))),
            }
        }
        let Some(Busy::Stalled(stalled)) = self.busy.as_deref_mut() else { return Poll::Pending };
        let sent = ready!(stalled.poll(&mut self.socket, &mut self.body, cx));
        self.busy = None;
        Poll::Ready(sent)
    }

    fn close(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.received = 0;
        let mut closing = Closing { timer: Box::pin(sleep(LINGER)), is_shut: false };
        let closed = closing.poll(&mut self.socket, &mut self.received, cx);
        self.busy = Some(Box::new(Busy::Closing(closing)));
        closed
    }

    fn is_closing(&self) -> bool {
        matches!(self.busy.as_deref(), Some(Busy::Closing(_)))
    }
}

impl Stalled {
    /// Sends the rest of the chunk.
    fn poll<I>(&mut self, socket: &mut I, body: &mut Graceful, cx: &mut Context<'_>) -> Poll<Sent>
    where
        I: AsyncWrite + Unpin,
    {
        let before = self.chunk.sent();
        match self.chunk.poll_send(socket, cx) {
            Poll::Ready(Ok(())) => return Poll::Ready(Sent::Whole(self.chunk.end())),
            Poll::Ready(Err(_)) => return Poll::Ready(Sent::Lost),
            Poll::Pending if self.chunk.sent() > before => self.timer = None,
            Poll::Pending => {}
        }
        self.poll_deadline(body, cx).map(|()| Sent::Lost)
    }

    /// Waits until the client has not read for too long: for the write timeout, if there is one, and for a shutdown. The
    /// latter is not put off if the client reads a little.
    fn poll_deadline(&mut self, body: &mut Graceful, cx: &mut Context<'_>) -> Poll<()> {
        let limit = match body.poll_end(cx) {
            Poll::Ready(since) => Some(since + SHUTDOWN_TIMEOUT),
            Poll::Pending => None,
        };
        if self.timer.is_none() {
            let due = body.streams().write_timeout().and_then(|timeout| Instant::now().checked_add(timeout));
            self.timer = due.into_iter().chain(limit).min().map(|due| Box::pin(sleep_until(due)));
        }
        let Some(timer) = &mut self.timer else { return Poll::Pending };
        if let Some(limit) = limit.filter(|limit| timer.deadline() > *limit) {
            timer.as_mut().reset(limit);
        }
        timer.as_mut().poll(cx)
    }
}

impl Closing {
    /// Closes the connection in stages: no more writing, then reading until the client closes its side too. If the socket
    /// were dropped while unread bytes are in it, the kernel would reset the connection, and the client could lose the end
    /// of the stream (RFC 9112, section 9.6).
    fn poll<I>(&mut self, socket: &mut I, received: &mut u32, cx: &mut Context<'_>) -> Poll<()>
    where
        I: AsyncRead + AsyncWrite + Unpin,
    {
        if self.timer.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        if !self.is_shut {
            if ready!(Pin::new(&mut *socket).poll_shutdown(cx)).is_err() {
                return Poll::Ready(());
            }
            self.is_shut = true;
        }
        poll_gone(socket, received, cx)
    }
}

/// Waits until the client has closed or reset the connection, or has sent too much. Discards what it sends.
fn poll_gone<I: AsyncRead + Unpin>(socket: &mut I, received: &mut u32, cx: &mut Context<'_>) -> Poll<()> {
    let mut bytes = [MaybeUninit::uninit(); BUFFER];
    while *received <= RECEIVED {
        let mut buffer = ReadBuf::uninit(&mut bytes);
        let is_open = ready!(Pin::new(&mut *socket).poll_read(cx, &mut buffer)).is_ok();
        let len = buffer.filled().len();
        if !is_open || len == 0 {
            break;
        }
        *received = received.saturating_add(u32::try_from(len).unwrap_or(u32::MAX));
    }
    Poll::Ready(())
}

#[cfg(test)]
mod tests {
    use std::{
        collections::VecDeque,
        io,
        sync::{
            Arc, Mutex,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use axum_core::body;
    use bytes::Bytes;
    use futures_util::{FutureExt as _, StreamExt as _, stream};
    use tokio::time::advance;

    use super::*;
    use crate::serve::streams::Streams;

    /// What a socket does, shared with the test.
    #[derive(Clone, Default)]
    struct Socket(Arc<Mutex<State>>);

    #[derive(Default)]
    struct State {
        /// The number of bytes that it accepts, and the bytes that it has accepted.
        window: usize,
        written: Vec<u8>,
        /// What the client sends. An empty piece is the end of it.
        incoming: VecDeque<Result<Vec<u8>, io::ErrorKind>>,
        is_shut: bool,
        /// Whether the client closes its side once the server has.
        closes: bool,
        reads: usize,
    }

    impl Socket {
        fn with<T>(&self, run: impl FnOnce(&mut State) -> T) -> T {
            run(&mut self.0.lock().unwrap())
        }
    }

    impl AsyncRead for Socket {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            self.with(|state| {
                state.reads += 1;
                match state.incoming.pop_front() {
                    None => Poll::Pending,
                    Some(Err(kind)) => Poll::Ready(Err(kind.into())),
                    Some(Ok(mut bytes)) => {
                        let rest = bytes.split_off(bytes.len().min(buffer.remaining()));
                        if !rest.is_empty() {
                            state.incoming.push_front(Ok(rest));
                        }
                        buffer.put_slice(&bytes);
                        Poll::Ready(Ok(()))
                    }
                }
            })
        }
    }

    impl AsyncWrite for Socket {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            self.with(|state| {
                assert!(!state.is_shut, "written after the end");
                let len = bytes.len().min(state.window);
                state.window -= len;
                state.written.extend(bytes.get(..len).unwrap());
                if len == 0 { Poll::Pending } else { Poll::Ready(Ok(len)) }
            })
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.with(|state| {
                state.is_shut = true;
                if state.closes {
                    state.incoming.push_back(Ok(vec![]));
                }
            });
            Poll::Ready(Ok(()))
        }
    }

    /// A driver, its socket, and the number of polls of its body.
    struct Trial {
        driver: Pin<Box<Driver<Socket>>>,
        socket: Socket,
        polls: Arc<AtomicUsize>,
        streams: Streams,
    }

    impl Trial {
        fn new<S>(window: usize, frames: S) -> Self
        where
            S: futures_util::Stream<Item = Result<Bytes, &'static str>> + Send + 'static,
        {
            let (socket, polls, streams) = (Socket::default(), Arc::<AtomicUsize>::default(), Streams::new());
            socket.with(|state| state.window = window);
            let counted = Arc::clone(&polls);
            let mut frames = Box::pin(frames);
            let frames = stream::poll_fn(move |cx| {
                counted.fetch_add(1, Ordering::Relaxed);
                frames.poll_next_unpin(cx)
            });
            let body = Graceful::new(body::Body::from_stream(frames), false, streams.clone());
            Self { driver: Box::pin(Driver::new(socket.clone(), body)), socket, polls, streams }
        }

        /// Polls the driver, and returns whether it is done.
        fn is_done(&mut self) -> bool {
            self.driver.as_mut().now_or_never().is_some()
        }

        fn polls(&self) -> usize {
            self.polls.load(Ordering::Relaxed)
        }
    }

    /// A task of tokio takes 96 bytes more, and is allocated in a multiple of 128 bytes. Two of these have to suffice.
    #[test]
    fn the_task_of_an_idle_stream_takes_256_bytes() {
        let size = size_of::<Driver<tokio::net::TcpStream>>();
        assert!(size <= 160, "{size} bytes");
    }

    const EVENT: Result<Bytes, &str> = Ok(Bytes::from_static(b"data: 1\n\n"));

    const CHUNK: &[u8] = b"9\r\ndata: 1\n\n\r\n";

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_cut_after_the_write_timeout_and_one_that_reads_a_little_is_not() {
        let mut trial = Trial::new(1, stream::repeat(EVENT));
        for _ in 0..20 {
            assert!(!trial.is_done());
            advance(Duration::from_secs(29)).await;
            assert!(!trial.is_done());
            trial.socket.with(|state| state.window = 1);
        }
        assert!(!trial.is_done(), "the client has read a byte every 29 seconds");
        let polls = trial.polls();
        advance(Duration::from_secs(29)).await;
        assert!(!trial.is_done());
        advance(Duration::from_secs(1)).await;
        assert!(trial.is_done());
        assert_eq!(trial.polls(), polls, "the stream is not polled while its client does not read");
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_write_timeout_a_client_may_read_when_it_likes() {
        let mut trial = Trial::new(5, stream::repeat(EVENT).take(1));
        trial.streams.set_write_timeout(Duration::ZERO);
        assert!(!trial.is_done());
        advance(Duration::from_secs(1_000_000)).await;
        assert!(!trial.is_done());
        trial.socket.with(|state| state.window = usize::MAX);
        trial.socket.with(|state| state.incoming.push_back(Ok(vec![b'x'])));
        assert!(!trial.is_done(), "the client has to close its side");
        assert_eq!(trial.socket.with(|state| state.written.clone()), [CHUNK, b"0\r\n\r\n"].concat());
    }

    #[tokio::test(start_paused = true)]
    async fn at_a_shutdown_a_client_has_five_seconds_even_if_it_reads_a_little() {
        let mut trial = Trial::new(1, stream::repeat(EVENT));
        assert!(!trial.is_done());
        trial.streams.end();
        for _ in 0..5 {
            assert!(!trial.is_done());
            trial.socket.with(|state| state.window = 1);
            advance(Duration::from_secs(1)).await;
        }
        assert!(trial.is_done());
        assert_eq!(trial.streams.taken_over(), 1);
        drop(trial.driver);
        assert_eq!(trial.streams.taken_over(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_shutdown_shortens_the_time_of_a_client_that_already_does_not_read() {
        let mut trial = Trial::new(1, stream::repeat(EVENT));
        assert!(!trial.is_done());
        trial.streams.end();
        assert!(!trial.is_done());
        advance(SHUTDOWN_TIMEOUT).await;
        assert!(trial.is_done());
    }

    #[tokio::test(start_paused = true)]
    async fn the_stream_is_not_polled_after_its_client_has_gone() {
        for gone in [Ok(vec![]), Err(io::ErrorKind::ConnectionReset)] {
            let mut trial = Trial::new(usize::MAX, stream::pending());
            assert!(!trial.is_done());
            let polls = trial.polls();
            trial.socket.with(|state| state.incoming.push_back(gone));
            assert!(trial.is_done());
            assert_eq!(trial.polls(), polls);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_client_sends_is_discarded_up_to_a_limit() {
        let mut trial = Trial::new(usize::MAX, stream::pending());
        for _ in 0..64 {
            trial.socket.with(|state| state.incoming.push_back(Ok(vec![b'x'; 1024])));
            assert!(!trial.is_done());
        }
        trial.socket.with(|state| state.incoming.push_back(Ok(vec![b'x'])));
        assert!(trial.is_done());
        // All at once takes one poll, and no more reads than the limit allows.
        let mut trial = Trial::new(usize::MAX, stream::pending());
        trial.socket.with(|state| state.incoming.push_back(Ok(vec![b'x'; 10_000_000])));
        assert!(trial.is_done());
        let reads = trial.socket.with(|state| state.reads);
        assert!(reads <= 64 * 1024 / BUFFER + 1, "{reads} reads");
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_closed_in_stages() {
        let mut trial = Trial::new(usize::MAX, stream::iter([EVENT]));
        trial.socket.with(|state| state.incoming.push_back(Ok(b"GET / HTTP/1.1\r\n\r\n".to_vec())));
        assert!(!trial.is_done());
        trial.socket.with(|state| {
            assert_eq!(state.written, [CHUNK, b"0\r\n\r\n"].concat());
            assert!(state.is_shut);
            state.incoming.push_back(Ok(vec![b'x'; 60_000]));
        });
        assert!(!trial.is_done(), "what the client still sends is read");
        trial.socket.with(|state| state.incoming.push_back(Ok(vec![])));
        assert!(trial.is_done(), "the client has closed its side");

        let mut trial = Trial::new(usize::MAX, stream::iter([EVENT, Err("gone")]));
        assert!(!trial.is_done());
        assert_eq!(trial.socket.with(|state| state.written.clone()), CHUNK, "the end is missing");
        advance(LINGER).await;
        assert!(trial.is_done(), "the client does not close its side");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_is_always_ready_lets_other_tasks_run() {
        let mut trial = Trial::new(usize::MAX, stream::repeat(EVENT));
        assert!(!trial.is_done());
        let written = trial.socket.with(|state| state.written.len());
        assert!(written > 0 && trial.polls() <= CHUNKS_PER_POLL * 64, "{} polls", trial.polls());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_ready_is_sent_to_a_client_that_has_shut_down_its_side() {
        let mut trial = Trial::new(usize::MAX, stream::iter([EVENT]));
        trial.socket.with(|state| state.incoming.push_back(Ok(vec![])));
        assert!(trial.is_done());
        assert_eq!(trial.socket.with(|state| state.written.clone()), [CHUNK, b"0\r\n\r\n"].concat());
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_streams_end_within_a_second() {
        let streams = Streams::new();
        let mut tasks = tokio::task::JoinSet::new();
        // In turn: a stream between two blocks, one that sends events all the time, one within a block that does not end,
        // and one whose bytes are encoded.
        for number in 0..1000 {
            let frames: stream::BoxStream<'_, Result<Bytes, &str>> = match number % 4 {
                1 => stream::repeat(EVENT).then(async |event| (sleep(Duration::from_millis(7)).await, event).1).boxed(),
                2 => stream::iter([Ok(Bytes::from_static(b"data: 1\n"))]).chain(stream::pending()).boxed(),
                _ => stream::iter([EVENT]).chain(stream::pending()).boxed(),
            };
            let socket = Socket::default();
            socket.with(|state| (state.window, state.closes) = (usize::MAX, true));
            let body = Graceful::new(body::Body::from_stream(frames), number % 4 == 3, streams.clone());
            tasks.spawn(Driver::new(socket, body));
        }
        sleep(Duration::from_millis(1)).await;
        assert_eq!(streams.taken_over(), 1000);
        let signal = Instant::now();
        streams.end();
        streams.ended().await;
        let took = signal.elapsed();
        // The resolution of a timer is a millisecond.
        assert!(took <= Duration::from_millis(1010), "{took:?}");
        tasks.join_all().await;
    }
}

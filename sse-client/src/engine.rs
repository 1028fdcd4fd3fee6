//! The engine of a source: carries out what the machine decides, and reports each step.

use std::{
    fmt, mem,
    task::{Context, Poll, ready},
    time::Duration,
};

use reqwest::StatusCode;
use sse_core::{Decoder, Retry, SseDecodeOwned};

use crate::{
    BoxError, CloseReason, Error, Head, WaitReason,
    body::Chunks,
    clock::{self, Timer},
    connection::{Connection, NoItem},
    excerpt::Excerpt,
    exclusive::Exclusive,
    idle::Idle,
    item::Item,
    options::Options,
    phase::Phase,
    policy::Wishes,
    request::{self, Answer, Attempt, Made, Maker},
    state::{Action, How, Input, Loss, Machine, Stop},
    trace,
};

/// A source of items `I` whose events are `E`.
pub(crate) struct Engine<E, I> {
    pub(crate) options: Options<E>,
    pub(crate) machine: Machine,
    maker: Maker,
    /// The decoder, while no connection has it.
    pub(crate) decoder: Decoder,
    phase: Phase<I>,
    attempts: u64,
    /// The status of the last response, if it refused the request.
    refused: Option<StatusCode>,
    /// Whether the last request is one that may always be sent again.
    idempotent: bool,
    /// The number of unknown events of earlier connections.
    unknown: u64,
    close_reason: Option<CloseReason>,
}

/// A step of a source that is not an item.
pub(crate) enum Step {
    Connecting(u64),
    Open(Head),
    /// One event is skipped.
    Skipped(Error),
    Waiting(Duration, WaitReason),
    Failed(Error),
    Closed(CloseReason),
}

impl<E, I> Engine<E, I> {
    pub(crate) fn new(maker: Maker) -> Self {
        Self {
            options: Options::default(),
            machine: Machine::new(maker.renews()),
            maker,
            decoder: Decoder::new(),
            phase: Phase::New,
            attempts: 0,
            refused: None,
            idempotent: false,
            unknown: 0,
            close_reason: None,
        }
    }

    /// Returns the decoder, which a connection has while it is read.
    pub(crate) const fn decoder(&self) -> &Decoder {
        match &self.phase {
            Phase::Reading(connection) => connection.decoder(),
            _ => &self.decoder,
        }
    }

    pub(crate) fn unknown_events(&self) -> u64 {
        match &self.phase {
            Phase::Reading(connection) => self.unknown + connection.unknown_events(),
            _ => self.unknown,
        }
    }

    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Reading(_))
    }

    pub(crate) const fn close_reason(&self) -> Option<CloseReason> {
        self.close_reason
    }

    pub(crate) const fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Done)
    }

    /// Stops, or asks for another connection, on behalf of the caller.
    pub(crate) fn demand(&mut self, input: Input) {
        let action = self.machine.on(input, clock::luck());
        self.follow(action, WaitReason::Requested);
    }

    /// Changes the type of the items. A connection that is open reads the old type, so it is replaced.
    pub(crate) fn into_items<J>(mut self) -> Engine<E, J> {
        if self.is_open() {
            self.demand(Input::Reconnect);
        }
        let Self { options, machine, maker, decoder, phase, attempts, refused, idempotent, unknown, close_reason } =
            self;
        let phase = phase.into_items();
        Engine { options, machine, maker, decoder, phase, attempts, refused, idempotent, unknown, close_reason }
    }

    /// Carries out an action that follows the end of an attempt, or a demand of the caller.
    fn follow(&mut self, action: Action, reason: WaitReason) {
        match action {
            Action::Connect => self.leave(Phase::Connecting),
            Action::Wait(delay) => {
                trace::waiting(&reason, delay, self.attempts);
                self.leave(Phase::Pausing(delay, reason));
            }
            Action::Stop(stop) => self.stop(stop, reason),
            Action::Read | Action::Ignore => {}
        }
    }

    fn stop(&mut self, stop: Stop, reason: WaitReason) {
        if self.close_reason.is_some() {
            return;
        }
        let (close_reason, error) = reason.at_stop(stop);
        trace::closed(close_reason, self.attempts);
        self.close_reason = Some(close_reason);
        self.leave(match error {
            Some(error) => Phase::Failing(Box::new(error)),
            None => Phase::Closing(close_reason),
        });
    }

    /// Enters another phase, and keeps what outlives a connection.
    fn leave(&mut self, next: Phase<I>) {
        if let Phase::Reading(connection) = mem::replace(&mut self.phase, next) {
            self.unknown += connection.unknown_events();
            self.decoder = connection.into_decoder();
        }
    }

    /// Begins an attempt.
    fn connect(&mut self) {
        self.attempts += 1;
        let attempt = Attempt {
            number: self.attempts,
            failures: self.machine.failures(),
            last_event_id: self.decoder.last_event_id().to_owned(),
            refused: self.refused,
        };
        self.phase = Phase::Making(Exclusive::new(self.maker.make(attempt, self.machine.settings.once)));
    }

    /// Sends the request, once it is made.
    fn made(&mut self, made: Made) {
        let sent = made.and_then(|(client, mut request)| {
            if self.attempts == 1
                && self.decoder.last_event_id().is_empty()
                && let Some(id) = request::last_event_id(&request)
            {
                self.decoder = mem::take(&mut self.decoder).with_last_event_id(&id);
            }
            request::complete(&mut request, self.decoder.last_event_id())?;
            self.idempotent = request.method().is_idempotent();
            Ok(request::send(client, request, self.options.idle_timeout.map(Idle::new), self.options.lenient_end))
        });
        match sent {
            Ok(sent) => self.phase = Phase::Sending(Exclusive::new(Box::pin(sent))),
            Err(failure) => self.lost(failure.how, WaitReason::Failed(failure.error), None),
        }
    }

    /// Asks the machine what follows the end of an attempt.
    fn lost(&mut self, how: How, reason: WaitReason, retry_after: Option<Duration>) {
        let decoder = self.decoder();
        let loss = Loss {
            how,
            repeatable: self.idempotent || self.options.resend || !decoder.last_event_id().is_empty(),
            wishes: Wishes { retry: decoder.reconnection_time().map(Retry::as_duration), retry_after },
        };
        let action = self.machine.on(Input::Lost(loss), clock::luck());
        self.follow(action, reason);
    }
}

impl<E: SseDecodeOwned, I: Item> Engine<E, I> {
    /// Polls for the next item or another step. Passes an item to `put`, and then returns `None`, as after the source has
    /// closed.
    ///
    /// `put` writes the item into the value that the caller returns. It and all layers below are inlined, because each
    /// that returned the item would move it once more. Everything else is out of line.
    #[expect(clippy::inline_always, reason = "see above")]
    #[inline(always)]
    pub(crate) fn poll_put(&mut self, cx: &mut Context<'_>, mut put: impl FnMut(I)) -> Poll<Option<Step>> {
        loop {
            if let Phase::Reading(connection) = &mut self.phase {
                match ready!(connection.poll_put(cx, &mut put)) {
                    Ok(()) => return Poll::Ready(None),
                    Err(NoItem::Skipped(error)) => return Poll::Ready(Some(Step::Skipped(error))),
                    Err(NoItem::Ended(cause)) => self.ended(cause),
                }
            } else if let Some(step) = ready!(self.poll_phase(cx)) {
                return Poll::Ready(Some(step));
            } else if self.is_done() {
                return Poll::Ready(None);
            }
        }
    }

    /// Polls a phase other than `Reading`. Returns a step if there is one to report, and otherwise enters another phase
    /// or is done.
    #[inline(never)]
    fn poll_phase(&mut self, cx: &mut Context<'_>) -> Poll<Option<Step>> {
        Poll::Ready(match &mut self.phase {
            Phase::New => {
                self.demand(Input::Start);
                None
            }
            Phase::Connecting => {
                self.connect();
                Some(Step::Connecting(self.attempts))
            }
            Phase::Making(made) => {
                let made = ready!(made.get_mut().as_mut().poll(cx));
                self.made(made);
                None
            }
            Phase::Sending(answer) => {
                let answer = ready!(answer.get_mut().as_mut().poll(cx));
                self.answered(answer)
            }
            Phase::Waiting(timer) => {
                ready!(timer.poll(cx));
                self.demand(Input::Elapsed);
                None
            }
            Phase::Pausing(..) | Phase::Failing(_) | Phase::Closing(_) => self.announce(),
            Phase::Reading(_) | Phase::Done => None,
        })
    }

    /// Reports a phase that begins with a report.
    fn announce(&mut self) -> Option<Step> {
        match mem::replace(&mut self.phase, Phase::Done) {
            Phase::Pausing(delay, reason) => {
                self.phase = Phase::Waiting(Timer::after(delay));
                Some(Step::Waiting(delay, reason))
            }
            Phase::Failing(error) => {
                self.phase = Phase::Closing(CloseReason::Failed);
                Some(Step::Failed(*error))
            }
            Phase::Closing(reason) => Some(Step::Closed(reason)),
            _ => None,
        }
    }

    fn answered(&mut self, answer: Answer) -> Option<Step> {
        match answer {
            Answer::Stream(head, chunks) => return Some(self.opened(head, chunks)),
            Answer::NoContent => self.demand(Input::NoContent),
            Answer::Refused(head, body) => {
                let status = head.status();
                self.refused = Some(status);
                let how = How::Refused { status: status.as_u16(), wanted: self.options.retries(&head) };
                let retry_after = head.retry_after();
                self.lost(how, WaitReason::Failed(Error::Refused { head, body }), retry_after);
            }
            Answer::Failed(failure) => self.lost(failure.how, WaitReason::Failed(failure.error), None),
        }
        None
    }

    fn opened(&mut self, head: Head, chunks: Chunks) -> Step {
        trace::opened(&head, self.attempts);
        self.machine.on(Input::Opened, 0.0);
        self.refused = None;
        self.phase = Phase::Reading(Box::new(Connection::new(chunks, mem::take(&mut self.decoder))));
        Step::Open(head)
    }

    /// Ends the source if the event that it has yielded is the last one.
    #[inline]
    pub(crate) fn yielded(&mut self, event: &E) {
        if self.options.is_last(event) {
            self.demand(Input::Completed);
        }
    }

    /// Judges the end of a body. Without a cause, the server ended the response.
    #[inline(never)]
    fn ended(&mut self, cause: Option<BoxError>) {
        let Phase::Reading(connection) = &self.phase else { return };
        let progress = connection.has_progress(&self.machine.settings.policy);
        let mid_event = !connection.decoder().is_between_events();
        let ended_well = cause.is_none() && !mid_event;
        let complete = ended_well && !self.options.expects_last();
        let reason =
            if ended_well { WaitReason::Ended } else { WaitReason::Failed(Error::Incomplete { mid_event, cause }) };
        self.lost(How::Ended { progress, complete }, reason, None);
    }
}

impl<E, I> fmt::Debug for Engine<E, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("machine", &self.machine)
            .field("maker", &self.maker)
            .field("attempts", &self.attempts)
            .field("last_event_id", &Excerpt(self.decoder().last_event_id()).to_string())
            .field("close_reason", &self.close_reason)
            .finish_non_exhaustive()
    }
}

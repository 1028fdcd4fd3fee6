//! The state machine of a source: takes an input, and returns one action. It does no I/O, and it has neither a clock nor
//! random numbers.
//!
//! `state/table.txt` is its table: the action for each state and input. The tests run it, and a client for another
//! platform can run the same file.

#[cfg(test)]
mod properties;
#[cfg(test)]
mod table;

use std::time::Duration;

use crate::policy::{Policy, Wishes};

/// The state of a source, without its connection.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) settings: Settings,
    state: State,
    /// The number of attempts in a row without progress.
    failures: u32,
    /// Whether an attempt has ever made progress.
    settled: bool,
    /// Whether the last response had the status 401 (Unauthorized). Attempts without a response do not change it.
    unauthorized: bool,
}

/// The settings that the machine needs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) policy: Policy,
    /// Whether only one attempt is made.
    pub(crate) once: bool,
    /// Whether each request is made anew, so that the next one may have another token.
    renews: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    Connecting,
    Open,
    Waiting,
    Stopped(Stop),
}

/// An event in the life of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// The source is polled for the first time.
    Start,
    /// The response is an event stream.
    Opened,
    /// The response has the status 204 (No Content), after which a client must not reconnect (section 9.2.1).
    NoContent,
    /// The last event of the stream has arrived.
    Completed,
    /// The attempt is over, before or after a response.
    Lost(Loss),
    /// The wait is over.
    Elapsed,
    /// The caller asks for another connection.
    Reconnect,
    /// The caller closes the source.
    Close,
}

/// How an attempt ended, and what that allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Loss {
    pub(crate) how: How,
    /// Whether the request can be sent again even if the server has acted on it: it is idempotent, resumes after an
    /// event, or the caller allows it.
    pub(crate) repeatable: bool,
    pub(crate) wishes: Wishes,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// The request can never succeed.
    Hopeless,
    /// The request was not sent.
    Unsent,
    /// The request may have been sent, but no response arrived.
    Unanswered,
    /// The response is not an event stream. `wanted` is whether the caller asks for a retry.
    Refused { status: u16, wanted: bool },
    /// The body ended or failed. `complete` is whether it ended where nothing is missing.
    Ended { progress: bool, complete: bool },
}

/// The reaction to an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Make and send a request.
    Connect,
    /// Read the body.
    Read,
    /// Drop the connection and wait.
    Wait(Duration),
    /// Drop the connection. Every later action is the same.
    Stop(Stop),
    /// Go on as before: the input does not concern this state.
    Ignore,
}

/// The reason why a source makes no further connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Completed,
    NoContent,
    /// The body ended where nothing is missing, and the request is not sent again.
    Ended,
    Closed,
    /// The last attempt failed in a way that is not retried.
    Failed,
    /// This number of attempts in a row failed.
    GaveUp {
        tries: u32,
    },
}

impl Machine {
    pub(crate) fn new(renews: bool) -> Self {
        let settings = Settings { policy: Policy::new(), once: false, renews };
        Self { settings, state: State::New, failures: 0, settled: false, unauthorized: false }
    }

    /// Returns the number of attempts in a row without progress.
    pub(crate) const fn failures(&self) -> u32 {
        self.failures
    }

    /// Takes an input and returns the action that follows. `luck` is a random number from 0 to 1.
    pub(crate) fn on(&mut self, input: Input, luck: f64) -> Action {
        match (self.state, input) {
            (State::Stopped(stop), _) => Action::Stop(stop),
            (_, Input::Close) => self.stop(Stop::Closed),
            (State::New, Input::Start) | (State::Waiting, Input::Elapsed) => {
                self.enter(State::Connecting, Action::Connect)
            }
            (State::Connecting, Input::Opened) => {
                self.unauthorized = false;
                self.enter(State::Open, Action::Read)
            }
            (State::Connecting, Input::NoContent) => self.stop(Stop::NoContent),
            (State::Open, Input::Completed) => self.stop(Stop::Completed),
            (State::Connecting, Input::Lost(loss)) if !loss.how.is_end_of_body() => self.lost(loss, luck),
            (State::Open, Input::Lost(loss)) if loss.how.is_end_of_body() => self.lost(loss, luck),
            (State::Connecting | State::Open | State::Waiting, Input::Reconnect) => {
                self.failures = 0;
                self.wait(self.settings.policy.short_wait(Wishes::default(), luck))
            }
            _ => Action::Ignore,
        }
    }

    /// Decides what follows an attempt: a wait, or the end.
    fn lost(&mut self, loss: Loss, luck: f64) -> Action {
        let progress = matches!(loss.how, How::Ended { progress: true, .. });
        self.failures = if progress { 0 } else { self.failures.saturating_add(1) };
        self.settled |= progress;
        let renewed = loss.how.is_unauthorized() && self.settings.renews && !self.unauthorized;
        if let How::Refused { .. } = loss.how {
            self.unauthorized = loss.how.is_unauthorized();
        }
        if self.settings.once || !(renewed || loss.may_retry()) {
            let complete = matches!(loss.how, How::Ended { complete: true, .. });
            return self.stop(if complete { Stop::Ended } else { Stop::Failed });
        }
        if self.settings.policy.gives_up(self.failures, self.settled) {
            return self.stop(Stop::GaveUp { tries: self.failures });
        }
        self.wait(if renewed {
            self.settings.policy.short_wait(loss.wishes, luck)
        } else {
            self.settings.policy.wait(self.failures, loss.wishes, luck)
        })
    }

    fn wait(&mut self, wait: Duration) -> Action {
        self.enter(State::Waiting, Action::Wait(wait))
    }

    fn stop(&mut self, stop: Stop) -> Action {
        self.enter(State::Stopped(stop), Action::Stop(stop))
    }

    fn enter(&mut self, state: State, action: Action) -> Action {
        self.state = state;
        action
    }
}

impl Loss {
    /// Returns whether the request is sent again, apart from the status 401.
    const fn may_retry(&self) -> bool {
        match self.how {
            // The server has not seen the request, or has not acted on it (RFC 9110, sections 15.5.9 and 15.6.4; RFC
            // 8470, section 5.2; RFC 6585, section 4), or the caller knows better.
            How::Unsent | How::Refused { status: 408 | 425 | 429 | 503, .. } | How::Refused { wanted: true, .. } => {
                true
            }
            How::Unanswered | How::Ended { .. } | How::Refused { status: 500..=599, .. } => self.repeatable,
            How::Hopeless | How::Refused { .. } => false,
        }
    }
}

impl How {
    const fn is_end_of_body(self) -> bool {
        matches!(self, Self::Ended { .. })
    }

    const fn is_unauthorized(self) -> bool {
        matches!(self, Self::Refused { status: 401, .. })
    }
}

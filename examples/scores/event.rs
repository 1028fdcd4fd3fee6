//! The events of a match day, which the server publishes and the client reads.

use serde::{Deserialize, Serialize};
use sse_core::{Gap, SseEvent};

/// An event of a match day.
///
/// All numbers are totals, not changes. A client that receives an event twice, or one that its snapshot already
/// contains, shows the same score.
#[derive(Clone, Debug, SseEvent)]
#[sse(rename_all = "kebab-case")]
pub(crate) enum Score {
    /// The present state: sent first to a client that comes late, and published at the kick-off.
    Snapshot(Board),
    /// A minute that has begun in all matches that are under way.
    Minute {
        minute: u32,
    },
    Goal {
        game: u32,
        minute: u32,
        side: Side,
        home: u32,
        away: u32,
    },
    /// The ranking after a goal.
    Ranking {
        ranking: Vec<Rank>,
    },
    /// The end of a match. The stream of a client that follows only this match ends.
    #[sse(terminal)]
    FullTime {
        game: u32,
        minute: u32,
        home: u32,
        away: u32,
    },
    /// Events are missing: the client starts over without an ID, and receives a snapshot.
    Resync(Gap),
    /// The node that serves this connection, if there are several. It is the first event of a connection and has no ID.
    Node {
        name: String,
    },
}

/// The state of a match day.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Board {
    pub(crate) day: u64,
    pub(crate) minute: u32,
    pub(crate) games: Vec<Game>,
    pub(crate) ranking: Vec<Rank>,
}

/// A match. It is called a game because `match` is a keyword.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Game {
    pub(crate) number: u32,
    pub(crate) home: Club,
    pub(crate) away: Club,
    pub(crate) is_over: bool,
}

/// A club in a match, with the minutes of its goals.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Club {
    pub(crate) name: String,
    pub(crate) goals: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    Home,
    Away,
}

/// A line of the ranking.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Rank {
    pub(crate) club: String,
    pub(crate) played: u32,
    pub(crate) difference: i32,
    pub(crate) points: u32,
}

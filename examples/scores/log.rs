//! The log of the hub: its topics, and the board that its events add up to.

use futures_util::{FutureExt, StreamExt};
use sse_core::{Decoder, Encoded, SseDecode};
use sse_hub::{Cursor, Hub, Start, Topics};

use crate::{
    event::{Board, Score},
    league::GAMES,
};

/// The topic of the ranking.
pub(crate) const RANKING: &str = "ranking";

/// The topic of the kick-offs alone. Its newest event is the beginning of the current match day.
const KICK_OFF: &str = "kick-off";

/// Returns the topic of a match.
pub(crate) fn topic(game: u32) -> String {
    format!("game/{game}")
}

/// Selects the topics that end with a match day: the matches and the ranking.
pub(crate) fn match_day(hub: &Hub<Score>) -> Topics<'_, Score> {
    hub.topics(GAMES.map(topic).chain([RANKING.to_owned()]))
}

/// Selects the topics of a kick-off: those of the match day, and that of the kick-offs.
pub(crate) fn kick_off(hub: &Hub<Score>) -> Topics<'_, Score> {
    hub.topics(GAMES.map(topic).chain([RANKING.to_owned(), KICK_OFF.to_owned()]))
}

/// Returns the current board: that of the newest kick-off, with the events since. Returns `None` if no match day has
/// begun.
///
/// Reads only what the hub holds, at most the events of a match day. So every node has the board, also one that was
/// started later.
pub(crate) fn board(hub: &Hub<Score>) -> Option<Board> {
    let mut newest = hub.topic(KICK_OFF).subscribe(Start::NEWEST).ok()?.ignore_gaps();
    let kick_off = newest.next().now_or_never()??.ok()?;
    let position: Cursor = kick_off.id()?.parse().ok()?;
    let Some(Score::Snapshot(mut board)) = decode(&kick_off) else { return None };
    let mut events = hub.all().subscribe(position).ok()?.ignore_gaps().decoded();
    while let Some(Some(event)) = events.next().now_or_never() {
        if let Ok(event) = event {
            board.apply(event);
        }
    }
    Some(board)
}

fn decode(event: &Encoded<Score>) -> Option<Score> {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(event.as_bytes());
    Score::decode(events.next_event()?.ok()?).ok()?.into_event()
}

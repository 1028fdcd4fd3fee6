//! The invariants: what was published is compared with what clients received and with the log at the end.

use std::collections::{BTreeMap, BTreeSet};

use sse_hub::Cursor;

/// The outcome of a publish.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    Landed(Cursor),
    NotSent,
    /// The node did not answer, or does not know.
    Unknown,
}

/// An event that was published.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Published {
    pub(crate) number: u64,
    pub(crate) topic: usize,
    pub(crate) outcome: Outcome,
}

/// The blocks that a client has received over all its connections.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    pub(crate) topic: usize,
    /// The first ID, which need not be that of an event.
    pub(crate) start: Option<Cursor>,
    /// The last ID.
    pub(crate) last: Option<Cursor>,
    pub(crate) events: BTreeMap<Cursor, u64>,
    /// The gaps: the last ID before each, its ID and its reason.
    pub(crate) gaps: Vec<(Cursor, Cursor, String)>,
    /// Broken invariants that only show while events arrive.
    pub(crate) faults: Vec<String>,
    pub(crate) connections: usize,
    /// The last ID before the last `restarted` gap, after which a node sends everything that it holds.
    pub(crate) restarted: Option<Cursor>,
}

impl Received {
    /// Adds a block. `here` is the last ID of the connection.
    pub(crate) fn add(&mut self, id: Cursor, content: Content, here: &mut Option<Cursor>) {
        // C1: IDs rise in a connection.
        if here.is_some_and(|last| last >= id) {
            self.faults.push(format!("{here:?} is followed by {id}"));
        }
        *here = Some(id);
        match content {
            Content::Nothing => {}
            Content::Gap(reason) => {
                let last = self.last.unwrap_or(id);
                if reason == "restarted" {
                    self.restarted = self.restarted.max(Some(last));
                }
                self.gaps.push((last, id, reason));
            }
            Content::Event(number) => {
                let before = self.events.insert(id, number);
                let is_replayed = before == Some(number) && Some(id) <= self.restarted;
                if before.is_some() && !is_replayed {
                    self.faults.push(format!("{id} is received twice"));
                }
            }
        }
        self.start.get_or_insert(id);
        self.last = Some(id);
    }
}

/// The content of a block.
#[derive(Debug)]
pub(crate) enum Content {
    Nothing,
    Gap(String),
    Event(u64),
}

/// The faults of a run that may have lost records, or must not have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Losses {
    None,
    Possible,
}

/// Checks all invariants. `log` has the events of each topic that are in the log at the end.
pub(crate) fn check(published: &[Published], clients: &[Received], log: &[Received], losses: Losses) {
    let by_number: BTreeMap<u64, &Published> = published.iter().map(|event| (event.number, event)).collect();
    let in_log: BTreeMap<Cursor, u64> = log.iter().flat_map(|topic| topic.events.clone()).collect();
    // C5: each event is in the log at most once.
    let numbers: BTreeSet<u64> = in_log.values().copied().collect();
    assert_eq!(numbers.len(), in_log.len(), "an event is in the log twice");
    // C2: one ID, one content, over all clients.
    let mut contents = in_log.clone();
    for (id, number) in clients.iter().flat_map(|client| &client.events) {
        assert_eq!(contents.entry(*id).or_insert(*number), number, "{id} names two events");
    }
    for event in published {
        match event.outcome {
            Outcome::NotSent => {
                let is_there = contents.values().any(|number| *number == event.number);
                assert!(!is_there, "C5: {event:?} is in the log");
            }
            Outcome::Landed(id) if losses == Losses::None => {
                assert_eq!(in_log.get(&id), Some(&event.number), "{event:?} is not in the log");
            }
            Outcome::Landed(_) | Outcome::Unknown => {}
        }
    }
    for (index, client) in clients.iter().enumerate() {
        check_client(index, client, &by_number, &in_log, losses);
    }
}

fn check_client(
    index: usize,
    client: &Received,
    published: &BTreeMap<u64, &Published>,
    in_log: &BTreeMap<Cursor, u64>,
    losses: Losses,
) {
    assert!(client.faults.is_empty(), "C1: client {index}: {:?}, with the gaps {:?}", client.faults, client.gaps);
    let numbers: BTreeSet<_> = client.events.values().collect();
    assert!(numbers.len() == client.events.len() || losses == Losses::Possible, "client {index} has an event twice");
    for (id, number) in &client.events {
        // C4: nothing is received that was not published to this topic.
        let event = published.get(number).unwrap_or_else(|| panic!("C4: {number} was not published"));
        assert_eq!(event.topic, client.topic, "C4: client {index}: {id}");
    }
    if losses == Losses::None {
        assert_eq!(client.gaps, [], "C7: client {index}");
    }
    let (Some(start), Some(last)) = (client.start, client.last) else { panic!("client {index} has received nothing") };
    for event in published.values().filter(|event| event.topic == client.topic) {
        let Outcome::Landed(id) = event.outcome else { continue };
        if !(start < id && id <= last) || client.events.get(&id) == Some(&event.number) {
            continue;
        }
        // C3: what is missing is under a gap. A record that the log has lost may have been replaced before the gap.
        let is_lost = !in_log.contains_key(&id);
        let is_told = client.gaps.iter().any(|(after, until, _)| (*after < id || is_lost) && id <= *until);
        assert!(is_told, "C3: client {index} misses {event:?}; {start} to {last}, gaps {:?}", client.gaps);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(offset: u64) -> Cursor {
        Cursor::new(5, offset)
    }

    fn event(number: u64) -> Published {
        Published { number, topic: 0, outcome: Outcome::Landed(at(number)) }
    }

    fn received(numbers: &[u64]) -> Received {
        let mut received = Received::default();
        let mut here = None;
        received.add(at(0), Content::Nothing, &mut here);
        for number in numbers {
            received.add(at(*number), Content::Event(*number), &mut here);
        }
        received
    }

    #[test]
    fn a_client_that_has_everything_passes() {
        let all = [event(1), event(2), event(3)];
        check(&all, &[received(&[1, 2, 3])], &[received(&[1, 2, 3])], Losses::None);
    }

    #[test]
    #[should_panic(expected = "C3")]
    fn a_missing_event_is_found() {
        let all = [event(1), event(2), event(3)];
        check(&all, &[received(&[1, 3])], &[received(&[1, 2, 3])], Losses::None);
    }

    #[test]
    #[should_panic(expected = "C7")]
    fn a_gap_without_a_loss_is_found() {
        let mut client = received(&[1]);
        client.add(at(2), Content::Gap("lost".to_owned()), &mut None);
        check(&[event(1)], &[client], &[received(&[1])], Losses::None);
    }

    #[test]
    #[should_panic(expected = "received twice")]
    fn an_event_that_is_received_twice_is_found() {
        let mut client = received(&[1]);
        client.add(at(1), Content::Event(1), &mut None);
        check(&[event(1)], &[client], &[received(&[1])], Losses::Possible);
    }

    #[test]
    fn an_event_may_be_received_again_after_a_restart() {
        let mut client = received(&[1, 2]);
        let mut here = None;
        client.add(at(0), Content::Gap("restarted".to_owned()), &mut here);
        client.add(at(1), Content::Event(1), &mut here);
        client.add(at(2), Content::Event(2), &mut here);
        check(&[event(1), event(2)], &[client], &[received(&[1, 2])], Losses::Possible);
    }

    #[test]
    #[should_panic(expected = "C4")]
    fn an_event_that_was_not_published_is_found() {
        check(&[event(1)], &[received(&[1, 2])], &[received(&[1])], Losses::Possible);
    }

    #[test]
    #[should_panic(expected = "C1")]
    fn an_id_that_falls_is_found() {
        check(&[event(1), event(2)], &[received(&[2, 1])], &[received(&[1, 2])], Losses::None);
    }

    #[test]
    #[should_panic(expected = "C5")]
    fn an_event_that_was_not_sent_and_arrives_is_found() {
        let refused = Published { outcome: Outcome::NotSent, ..event(1) };
        check(&[refused], &[received(&[1])], &[received(&[1])], Losses::None);
    }

    #[test]
    #[should_panic(expected = "names two events")]
    fn an_id_with_two_contents_is_found() {
        let mut other = received(&[]);
        other.add(at(1), Content::Event(2), &mut None);
        check(&[event(1), event(2)], &[received(&[1]), other], &[received(&[1])], Losses::Possible);
    }
}

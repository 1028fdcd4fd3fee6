//! The evaluation of a cursor: where a reader continues, and whether it receives a gap first.
//!
//! Both functions are pure. [`judge`] decides for a reader that resumes, and for every live reader after the epochs
//! have changed. [`crossing`] finds the next gap of a reader that continues.

use sse_core::GapReason;

use crate::{Cursor, epochs::Epochs};

/// The state of the log that is relevant to the evaluation of a cursor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Horizon<'a> {
    pub(crate) epochs: &'a Epochs,
    /// The newest record.
    pub(crate) tip: Cursor,
    /// The record before the oldest one that is held.
    pub(crate) oldest: Cursor,
    /// The newest record that is no longer held: in the topics of the reader, or in the whole log for a reader of all
    /// events.
    pub(crate) evicted: Cursor,
    /// The lower bound set by the application.
    pub(crate) floor: Option<Cursor>,
    /// Whether other nodes write to the log, so that this node may lag.
    pub(crate) shared: bool,
}

/// The result of [`judge`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// This node has not read the log up to the cursor yet.
    Behind,
    /// The reader continues after a cursor. If `gap` is a reason, the reader first receives a gap with it.
    Continue { after: Cursor, gap: Option<GapReason> },
}

/// Evaluates the last cursor that a reader received. `None` is an ID that cannot be parsed.
///
/// The rules are in order of precedence. Losses after the cursor are left to [`crossing`], because the reader first
/// receives the records before them.
pub(crate) fn judge(asked: Option<Cursor>, log: Horizon<'_>) -> Verdict {
    let go = |after, reason| go_on(after, Some(reason), log);
    let Some(cursor) = asked else { return go(log.tip, GapReason::Unknown) };
    if cursor > log.tip {
        return if log.shared { Verdict::Behind } else { go(log.tip, GapReason::Unknown) };
    }
    let Some(start) = log.epochs.start(cursor.epoch()) else { return go(log.oldest, GapReason::Restarted) };
    if cursor < start {
        // No record ever had this ID: the offsets of an epoch begin at its start.
        return go(log.tip, GapReason::Unknown);
    }
    if let Some(fence) = log.epochs.rewound(cursor) {
        return go(fence, GapReason::Rewound);
    }
    go_on(cursor, None, log)
}

/// Applies the bounds of the window and of the application's floor.
fn go_on(after: Cursor, reason: Option<GapReason>, log: Horizon<'_>) -> Verdict {
    // A floor above the tip is lowered to it, so that later events are delivered.
    let floor = log.floor.map_or(log.evicted, |floor| floor.min(log.tip).max(log.evicted));
    let gap = reason.or_else(|| (after < floor).then_some(GapReason::Evicted));
    Verdict::Continue { after: after.max(floor), gap }
}

/// The position of a reader between two events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crossing<'a> {
    /// The reader continues after this cursor.
    pub(crate) after: Cursor,
    /// The reason of a gap that the reader has not received yet.
    pub(crate) pending: Option<GapReason>,
    /// The next event of the reader.
    pub(crate) next: Option<Cursor>,
    /// The record before the next event, or the tip if the reader has no next event.
    pub(crate) before_next: Cursor,
    /// The newest record of its topics that is no longer held.
    pub(crate) evicted: Cursor,
    /// The losses in the log, in order. Each is the cursor after which the log is complete again.
    pub(crate) losses: &'a [Cursor],
}

/// Returns the reason of the gap before the next event, and the ID of the gap. A client that reconnects with this ID
/// immediately does not receive the gap again.
pub(crate) fn crossing(at: Crossing<'_>) -> Option<(GapReason, Cursor)> {
    let end = at.next.map_or(at.losses.len(), |next| at.losses.partition_point(|loss| *loss < next));
    let crossed = end.checked_sub(1).and_then(|last| at.losses.get(last)).filter(|loss| **loss > at.after).copied();
    let (reason, id) = match (at.pending, crossed) {
        (None, None) => return None,
        // A slow reader skips to the newest event of each topic, also over losses. The gap covers them, because a gap
        // with another reason would not report the skipped events.
        (Some(GapReason::Slow), _) => (GapReason::Slow, at.before_next),
        // No record before the loss is held, so one gap covers both, and `Lost` takes precedence. Records evicted after
        // the loss are covered too.
        (pending, Some(loss)) => {
            let reason = pending.filter(|reason| *reason != GapReason::Evicted);
            (reason.unwrap_or(GapReason::Lost), if loss >= at.evicted { loss } else { at.before_next })
        }
        // The exact position, unless it has left the window since.
        (Some(reason @ (GapReason::Rewound | GapReason::Unknown)), None) if at.after >= at.evicted => {
            (reason, at.after)
        }
        (Some(reason), None) => (reason, at.before_next),
    };
    Some((reason, id.max(at.after)))
}

#[cfg(test)]
mod tests {
    use sse_core::GapReason::{Evicted, Lost, Restarted, Rewound, Slow, Unknown};

    use super::*;
    use crate::epochs::{Epoch, EpochKind};

    type At = (u64, u64);

    fn cursor((epoch, offset): At) -> Cursor {
        Cursor::new(epoch, offset)
    }

    /// A log: the starts of its epochs, its tip, the record before the oldest held one, the last evicted record of the
    /// reader's topics.
    struct Log {
        epochs: &'static [At],
        tip: At,
        oldest: At,
        evicted: At,
    }

    /// One epoch, of which everything is held.
    const FRESH: Log = Log { epochs: &[(5, 0)], tip: (5, 0), oldest: (5, 0), evicted: (5, 0) };
    /// One epoch with a window of 60..=100; the last evicted event of the topics is 40.
    const FULL: Log = Log { epochs: &[(5, 0)], tip: (5, 100), oldest: (5, 59), evicted: (5, 40) };
    /// Three epochs, each continuing the one before it.
    const FENCED: Log = Log { epochs: &[(3, 0), (5, 70), (9, 90)], tip: (9, 100), oldest: (3, 59), evicted: (3, 40) };
    /// Epoch 9 replaced the records from 80 on, of which epoch 5 had written those from 90 on.
    const REWOUND: Log = Log { epochs: &[(3, 0), (5, 90), (9, 80)], tip: (9, 85), oldest: (3, 59), evicted: (3, 40) };
    /// As before, and the window has left the rewind.
    const REWOUND_BELOW: Log =
        Log { epochs: &[(3, 0), (5, 90), (9, 80)], tip: (9, 300), oldest: (9, 199), evicted: (9, 180) };

    enum Expected {
        Behind,
        After(At),
        Gap(GapReason, At),
    }
    use Expected::{After, Behind, Gap};

    /// Name, log, whether it is shared, cursor, floor, verdict.
    type Case = (&'static str, Log, bool, Option<At>, Option<At>, Expected);

    const CASES: &[Case] = &[
        ("unreadable, empty log", FRESH, false, None, None, Gap(Unknown, (5, 0))),
        ("unreadable, never the whole window", FULL, false, None, None, Gap(Unknown, (5, 100))),
        ("unreadable, shared", FULL, true, None, None, Gap(Unknown, (5, 100))),
        ("unreadable, floor", FULL, false, None, Some((5, 80)), Gap(Unknown, (5, 100))),
        ("the start of an empty log", FRESH, false, Some((5, 0)), None, After((5, 0))),
        ("the tip", FULL, false, Some((5, 100)), None, After((5, 100))),
        ("within the window", FULL, false, Some((5, 77)), None, After((5, 77))),
        ("the last evicted event of the topics", FULL, false, Some((5, 40)), None, After((5, 40))),
        ("below the window, but nothing of the topics is missing", FULL, false, Some((5, 50)), None, After((5, 50))),
        ("just below the last evicted event", FULL, false, Some((5, 39)), None, Gap(Evicted, (5, 40))),
        ("the start of a log that has evicted", FULL, false, Some((5, 0)), None, Gap(Evicted, (5, 40))),
        ("a future offset in memory", FULL, false, Some((5, 101)), None, Gap(Unknown, (5, 100))),
        ("a far future offset in memory", FULL, false, Some((5, u64::MAX)), None, Gap(Unknown, (5, 100))),
        ("a future epoch in memory", FULL, false, Some((6, 1)), None, Gap(Unknown, (5, 100))),
        ("a future offset, shared", FULL, true, Some((5, 101)), None, Behind),
        ("a future epoch, shared", FULL, true, Some((6, 1)), None, Behind),
        ("a future epoch with an offset of the window, shared", FULL, true, Some((u64::MAX, 77)), None, Behind),
        ("an unknown older epoch", FULL, false, Some((4, 77)), None, Gap(Restarted, (5, 59))),
        ("an unknown older epoch, far ahead", FULL, false, Some((4, 900)), None, Gap(Restarted, (5, 59))),
        ("an unknown older epoch, shared", FULL, true, Some((1, 1)), None, Gap(Restarted, (5, 59))),
        ("an unknown epoch between known ones", FENCED, true, Some((4, 75)), None, Gap(Restarted, (3, 59))),
        ("an unknown epoch, and all is held", FRESH, false, Some((4, 9)), None, Gap(Restarted, (5, 0))),
        ("an offset below its epoch's start", FENCED, false, Some((9, 89)), None, Gap(Unknown, (9, 100))),
        ("an older epoch that continues", FENCED, false, Some((3, 65)), None, After((3, 65))),
        ("the last record of an older epoch", FENCED, false, Some((3, 69)), None, After((3, 69))),
        ("a fence", FENCED, false, Some((5, 70)), None, After((5, 70))),
        ("an older epoch, evicted", FENCED, false, Some((3, 39)), None, Gap(Evicted, (3, 40))),
        ("an older epoch past its end", FENCED, false, Some((3, 70)), None, Gap(Rewound, (5, 70))),
        ("an older epoch past the tip", FENCED, true, Some((5, 900)), None, Gap(Rewound, (9, 90))),
        ("two epochs back, past both", FENCED, false, Some((3, 95)), None, Gap(Rewound, (5, 70))),
        ("below the rewind", REWOUND, false, Some((3, 79)), None, After((3, 79))),
        ("at the rewind", REWOUND, false, Some((3, 80)), None, Gap(Rewound, (9, 80))),
        ("an epoch that was lost whole", REWOUND, false, Some((5, 95)), None, Gap(Rewound, (9, 80))),
        ("the fence of an epoch that was lost whole", REWOUND, false, Some((5, 90)), None, Gap(Rewound, (9, 80))),
        ("past an epoch that was lost whole", REWOUND, false, Some((3, 95)), None, Gap(Rewound, (9, 80))),
        ("rewound below the window", REWOUND_BELOW, false, Some((3, 85)), None, Gap(Rewound, (9, 180))),
        ("before a rewind below the window", REWOUND_BELOW, false, Some((3, 79)), None, Gap(Evicted, (9, 180))),
        ("a floor below the cursor", FULL, false, Some((5, 77)), Some((5, 70)), After((5, 77))),
        ("a floor at the cursor", FULL, false, Some((5, 77)), Some((5, 77)), After((5, 77))),
        ("a floor above the cursor", FULL, false, Some((5, 77)), Some((5, 78)), Gap(Evicted, (5, 78))),
        ("a floor bounds a restart", FULL, false, Some((4, 1)), Some((5, 90)), Gap(Restarted, (5, 90))),
        ("a floor bounds a rewind", REWOUND, false, Some((3, 81)), Some((9, 84)), Gap(Rewound, (9, 84))),
        ("a floor of an older epoch hides nothing", FULL, false, Some((5, 41)), Some((4, 900)), After((5, 41))),
        ("a floor above the tip", FULL, false, Some((5, 77)), Some((7, 1)), Gap(Evicted, (5, 100))),
    ];

    #[test]
    fn each_cursor_is_judged_by_the_first_rule_that_applies() {
        for (name, log, shared, asked, floor, expected) in CASES {
            let start = |&at: &At| Epoch { start: cursor(at), kind: EpochKind::Fence };
            let verdict = judge(
                asked.map(cursor),
                Horizon {
                    epochs: &Epochs::new(log.epochs.iter().map(start).collect()),
                    tip: cursor(log.tip),
                    oldest: cursor(log.oldest),
                    evicted: cursor(log.evicted),
                    floor: floor.map(cursor),
                    shared: *shared,
                },
            );
            let expected = match *expected {
                Behind => Verdict::Behind,
                After(at) => Verdict::Continue { after: cursor(at), gap: None },
                Gap(reason, at) => Verdict::Continue { after: cursor(at), gap: Some(reason) },
            };
            assert_eq!(verdict, expected, "{name}");
        }
        assert!(CASES.len() >= 30);
    }

    /// Name, reader's cursor, pending gap, next event, evicted, losses, gap and its ID. The tip is 9-100.
    type Step = (&'static str, At, Option<GapReason>, Option<At>, At, &'static [At], Option<(GapReason, At)>);

    const STEPS: &[Step] = &[
        ("nothing to tell", (9, 10), None, Some((9, 20)), (9, 0), &[], None),
        ("nothing to tell, nothing next", (9, 10), None, None, (9, 0), &[], None),
        ("a loss already passed", (9, 10), None, Some((9, 20)), (9, 0), &[(9, 10)], None),
        ("a loss after the next event", (9, 10), None, Some((9, 20)), (9, 0), &[(9, 30)], None),
        ("a loss before the next event", (9, 10), None, Some((9, 20)), (9, 0), &[(9, 15)], Some((Lost, (9, 15)))),
        ("a hole up to the next event", (9, 10), None, Some((9, 20)), (9, 0), &[(9, 19)], Some((Lost, (9, 19)))),
        ("a loss, and nothing after it", (9, 10), None, None, (9, 0), &[(9, 30)], Some((Lost, (9, 30)))),
        ("two losses in a row", (9, 10), None, Some((9, 20)), (9, 0), &[(9, 12), (9, 15)], Some((Lost, (9, 15)))),
        (
            "two losses, an event between",
            (9, 10),
            None,
            Some((9, 13)),
            (9, 0),
            &[(9, 12), (9, 15)],
            Some((Lost, (9, 12))),
        ),
        ("evicted", (9, 10), Some(Evicted), Some((9, 20)), (9, 10), &[], Some((Evicted, (9, 19)))),
        ("evicted, nothing held", (9, 10), Some(Evicted), None, (9, 10), &[], Some((Evicted, (9, 100)))),
        ("evicted up to a loss", (9, 10), Some(Evicted), Some((9, 20)), (9, 10), &[(9, 15)], Some((Lost, (9, 15)))),
        ("slow, over a loss", (9, 10), Some(Slow), None, (9, 10), &[(9, 15)], Some((Slow, (9, 100)))),
        (
            "slow, over a loss before a held event that is skipped",
            (9, 10),
            Some(Slow),
            Some((9, 90)),
            (9, 11),
            &[(9, 12)],
            Some((Slow, (9, 89))),
        ),
        (
            "evicted, an event before a loss",
            (9, 10),
            Some(Evicted),
            Some((9, 14)),
            (9, 10),
            &[(9, 15)],
            Some((Evicted, (9, 13))),
        ),
        ("slow", (9, 10), Some(Slow), Some((9, 90)), (9, 50), &[], Some((Slow, (9, 89)))),
        ("restarted", (9, 0), Some(Restarted), Some((9, 20)), (9, 0), &[], Some((Restarted, (9, 19)))),
        ("restarted at a loss", (9, 0), Some(Restarted), Some((9, 20)), (9, 0), &[(9, 1)], Some((Restarted, (9, 1)))),
        ("rewound", (9, 10), Some(Rewound), Some((9, 20)), (9, 0), &[], Some((Rewound, (9, 10)))),
        ("rewound by a break", (9, 10), Some(Rewound), Some((9, 20)), (9, 0), &[(9, 10)], Some((Rewound, (9, 10)))),
        (
            "rewound, then out of the window",
            (9, 10),
            Some(Rewound),
            Some((9, 20)),
            (9, 12),
            &[],
            Some((Rewound, (9, 19))),
        ),
        ("unknown", (9, 50), Some(Unknown), Some((9, 60)), (9, 0), &[], Some((Unknown, (9, 50)))),
        ("unknown, then out of the window", (9, 50), Some(Unknown), None, (9, 60), &[], Some((Unknown, (9, 100)))),
    ];

    #[test]
    fn each_gap_carries_the_id_after_which_it_is_not_told_again() {
        for (name, after, pending, next, evicted, losses, expected) in STEPS {
            let losses: Vec<_> = losses.iter().copied().map(cursor).collect();
            let before = next.map_or((9, 100), |(epoch, offset)| (epoch, offset - 1));
            let at = Crossing {
                after: cursor(*after),
                pending: *pending,
                next: next.map(cursor),
                before_next: cursor(before),
                evicted: cursor(*evicted),
                losses: &losses,
            };
            let told = crossing(at);
            assert_eq!(told, expected.map(|(reason, id)| (reason, cursor(id))), "{name}");
            // Told again at the ID, with what the judgement yields there.
            if let Some((_, id)) = told {
                assert!(
                    id >= *losses
                        .iter()
                        .filter(|loss| next.is_none_or(|next| **loss < cursor(next)))
                        .max()
                        .unwrap_or(&id)
                );
                assert!(id >= cursor(*evicted).min(cursor(before)), "{name}");
                assert_eq!(crossing(Crossing { after: id, pending: None, ..at }), None, "{name}");
            }
        }
    }
}

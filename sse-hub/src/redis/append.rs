//! Appends: a pipeline of `XADD`, and what each answer means.

use std::{
    sync::atomic::Ordering,
    time::{SystemTime, UNIX_EPOCH},
};

use redis::{Pipeline, Value, aio::MultiplexedConnection};
use tokio::time::timeout;

use super::{
    connection::{ANSWER, late},
    entry,
    error::{self, Refusal},
    node::{Keys, Node, Shown, lock},
};
use crate::{AppendError, Cursor, Record, StoreError};

/// The maximum number of records that one append trims.
const TRIMMED: usize = 1000;

/// The meaning of an answer to `XADD`.
#[derive(Debug)]
enum Answer {
    Landed(Cursor),
    /// The ID was given before, or belongs to a record of another node: the server has lost records.
    Impossible,
    Refused(Refusal, StoreError),
}

/// Appends records. A result is [`AppendError::Fenced`] also if the record could not be sent, or if the log or the server
/// is gone: then the hub opens the log again and appends the record there.
pub(super) async fn append(node: &Node, epoch: u64, batch: &[Record]) -> Vec<Result<Cursor, AppendError>> {
    let Some(mut connection) = node.shared.connection() else { return batch.iter().map(|_| fenced()).collect() };
    if batch.is_empty() {
        return Vec::new();
    }
    let keys = node.keys();
    let (floor, oldest) = {
        let mut progress = lock(&node.shared.progress);
        progress.shown = Some(Vec::new());
        (progress.seen.cursor, progress.oldest())
    };
    let appends = Appends { keys: &keys, epoch, oldest };
    let mut answers = appends.send(&mut connection, batch).await;
    if let Ok(answers) = &mut answers {
        retry_full(node, &appends, &mut connection, batch, answers).await;
    }
    let shown = lock(&node.shared.progress).shown.take().unwrap_or_default();
    match answers {
        Ok(answers) => {
            let answers = answers.into_iter().zip(batch);
            let results = answers.map(|(answer, record)| result(node, read(answer, record, epoch, floor, &shown)));
            let results: Vec<_> = results.collect();
            let landed =
                results.iter().zip(batch).filter_map(|(result, record)| Some((*result.as_ref().ok()?, record)));
            if let Some((cursor, record)) = landed.last() {
                lock(&node.shared.progress).acknowledge(cursor, entry::origin(record.origin).into());
            }
            results
        }
        Err(error) => {
            node.shared.disconnect();
            let text = error.to_string();
            batch.iter().map(|_| Err(AppendError::Unknown(StoreError::new(text.clone())))).collect()
        }
    }
}

/// The arguments that the commands of a batch share.
struct Appends<'a> {
    keys: &'a Keys,
    epoch: u64,
    /// The oldest record to keep.
    oldest: Option<Cursor>,
}

impl Appends<'_> {
    /// Sends a batch. Returns an answer for each record.
    async fn send(
        &self,
        connection: &mut MultiplexedConnection,
        batch: &[Record],
    ) -> Result<Vec<Value>, redis::RedisError> {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let at = u64::try_from(at).unwrap_or_default();
        let id = format!("{}-*", self.epoch);
        let oldest = self.oldest.map(|oldest| oldest.to_string());
        let mut pipeline = Pipeline::with_capacity(batch.len());
        for (index, record) in batch.iter().enumerate() {
            let mut command = redis::Cmd::with_capacity(18, 256 + record.block.len());
            command.arg("XADD").arg(&self.keys.log).arg("NOMKSTREAM");
            // Once in a batch is enough, and the arguments cost as much as the fields.
            if let (0, Some(oldest)) = (index, &oldest) {
                command.arg("MINID").arg("~").arg(oldest).arg("LIMIT").arg(TRIMMED);
            }
            entry::write(command.arg(&id), record, at);
            pipeline.add_command(command);
        }
        let answers = timeout(ANSWER, connection.send_packed_commands(&pipeline, 0, batch.len())).await;
        answers.unwrap_or_else(|_| Err(late()))
    }
}

/// Sends the last records again after the log was trimmed, if they were refused because the memory is full. They are the
/// last ones, so their order remains.
async fn retry_full(
    node: &Node,
    appends: &Appends<'_>,
    connection: &mut MultiplexedConnection,
    batch: &[Record],
    answers: &mut Vec<Value>,
) {
    let is_full = |answer: &Value| match answer {
        Value::ServerError(error) => error::refusal(error) == Refusal::Full,
        _ => false,
    };
    let kept = answers.iter().take_while(|answer| !is_full(answer)).count();
    let refused = answers.get(kept..).unwrap_or_default();
    if refused.is_empty() || !refused.iter().all(is_full) {
        return;
    }
    node.trim(connection, appends.keys).await;
    let Some(batch) = batch.get(kept..) else { return };
    answers.truncate(kept);
    match appends.send(connection, batch).await {
        Ok(again) => answers.extend(again),
        // The hub takes the outcome of a record without a result for unknown.
        Err(_) => node.shared.disconnect(),
    }
}

/// Reads the answer for a record. `floor` is the newest record that the node had seen when it sent this one, and `shown`
/// are those that it has seen since.
fn read(answer: Value, record: &Record, epoch: u64, floor: Option<Cursor>, shown: &[Shown]) -> Answer {
    match answer {
        Value::ServerError(error) => {
            let text = format!("{} {}", error.code(), error.details().unwrap_or_default());
            Answer::Refused(error::refusal(&error), StoreError::new(text))
        }
        // The log does not exist.
        Value::Nil => Answer::Refused(Refusal::Late, StoreError::new("the log is gone")),
        answer => {
            let Some(cursor) = entry::cursor(&answer) else { return Answer::Impossible };
            let is_new = cursor.epoch() == epoch && floor.is_none_or(|floor| cursor.offset() > floor.offset());
            let at = shown.binary_search_by_key(&cursor, |(at, _)| *at).ok();
            let other = at.and_then(|at| shown.get(at)).map(|(_, origin)| origin.as_deref());
            let is_own = other.is_none_or(|other| other == Some(entry::origin(record.origin).as_bytes()));
            if is_new && is_own { Answer::Landed(cursor) } else { Answer::Impossible }
        }
    }
}

fn result(node: &Node, answer: Answer) -> Result<Cursor, AppendError> {
    match answer {
        Answer::Landed(cursor) => Ok(cursor),
        Answer::Impossible => {
            node.shared.doubt.store(true, Ordering::Release);
            node.shared.disconnect();
            Err(AppendError::Unknown(StoreError::new("the server gave an ID again; it has lost records")))
        }
        Answer::Refused(Refusal::Late, _) => fenced(),
        Answer::Refused(Refusal::Away, _) => {
            node.shared.disconnect();
            fenced()
        }
        Answer::Refused(Refusal::Full | Refusal::Refused, error) => Err(AppendError::Refused(error)),
    }
}

const fn fenced() -> Result<Cursor, AppendError> {
    Err(AppendError::Fenced)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::{Origin, RecordKind};

    const ORIGIN: Origin = Origin { node: 1, number: 2 };

    fn read_id(id: &str, shown: &[(Cursor, Origin)]) -> Option<Cursor> {
        let record = Record { topics: Vec::new(), kind: RecordKind::Event, block: Bytes::new(), origin: ORIGIN };
        let shown: Vec<_> = shown.iter().map(|(at, origin)| (*at, Some(entry::origin(*origin).into()))).collect();
        let answer = Value::BulkString(id.as_bytes().to_vec());
        match read(answer, &record, 5, Some(Cursor::new(5, 10)), &shown) {
            Answer::Landed(cursor) => Some(cursor),
            _ => None,
        }
    }

    #[test]
    fn an_id_above_what_the_node_had_seen_is_believed() {
        assert_eq!(read_id("5-11", &[]), Some(Cursor::new(5, 11)));
        assert_eq!(read_id("5-11", &[(Cursor::new(5, 11), ORIGIN)]), Some(Cursor::new(5, 11)));
    }

    #[test]
    fn an_id_that_was_given_before_is_not_believed() {
        for id in ["5-10", "5-3", "5-0", "6-11", "x", ""] {
            assert_eq!(read_id(id, &[]), None, "{id}");
        }
        // The tail has shown another record with this ID.
        assert_eq!(read_id("5-11", &[(Cursor::new(5, 11), Origin { node: 9, number: 2 })]), None);
    }

    #[test]
    fn a_missing_log_refuses_the_record() {
        let record = Record { topics: Vec::new(), kind: RecordKind::Event, block: Bytes::new(), origin: ORIGIN };
        assert!(matches!(read(Value::Nil, &record, 5, None, &[]), Answer::Refused(Refusal::Late, _)));
    }
}

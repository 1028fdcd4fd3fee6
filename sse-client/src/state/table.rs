//! Runs the table of the machine.

use std::collections::HashSet;

use super::*;
use crate::policy::Tries;

const TABLE: &str = include_str!("table.txt");

struct Row {
    line: &'static str,
    machine: Machine,
    input: Input,
    /// The action with the least and with the most luck.
    actions: [Action; 2],
}

fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let [state, history, input, action] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("four columns are expected in `{line}`")
        };
        Row { line, machine: machine(state, history), input: self::input(input), actions: actions(action) }
    })
}

fn machine(state: &str, history: &str) -> Machine {
    let mut machine = Machine::new(false);
    machine.state = match state {
        "new" => State::New,
        "connecting" => State::Connecting,
        "open" => State::Open,
        "waiting" => State::Waiting,
        "stopped" => State::Stopped(Stop::Closed),
        _ => panic!("unknown state `{state}`"),
    };
    for fact in history.split(", ").filter(|fact| !fact.is_empty()) {
        match fact.split(' ').collect::<Vec<_>>()[..] {
            ["once"] => machine.settings.once = true,
            ["renews"] => machine.settings.renews = true,
            ["settled"] => machine.settled = true,
            ["401"] => machine.unauthorized = true,
            ["unlimited"] => machine.settings.policy.tries = Tries::Unlimited,
            ["at", "most", tries] => machine.settings.policy.tries = Tries::AtMost(tries.parse().unwrap()),
            [failures, "failed"] => machine.failures = failures.parse().unwrap(),
            _ => panic!("unknown history `{fact}`"),
        }
    }
    machine
}

fn millis(text: &str) -> Duration {
    Duration::from_millis(text.parse().unwrap())
}

fn input(input: &str) -> Input {
    let words: Vec<_> = input.split(' ').collect();
    match words[..] {
        ["start"] => Input::Start,
        ["opened"] => Input::Opened,
        ["no-content"] => Input::NoContent,
        ["completed"] => Input::Completed,
        ["elapsed"] => Input::Elapsed,
        ["reconnect"] => Input::Reconnect,
        ["close"] => Input::Close,
        ["lost", how, ref facts @ ..] => lost(how, facts),
        _ => panic!("unknown input `{input}`"),
    }
}

fn lost(how: &str, facts: &[&str]) -> Input {
    let is = |fact| facts.contains(&fact);
    let value = |key| facts.iter().find_map(|fact| fact.strip_prefix(key)).map(millis);
    let known = ["repeatable", "wanted", "progress", "complete"];
    assert!(facts.iter().all(|fact| known.contains(fact) || fact.contains('=')), "unknown facts in {facts:?}");
    let how = match how {
        "hopeless" => How::Hopeless,
        "unsent" => How::Unsent,
        "unanswered" => How::Unanswered,
        "ended" => How::Ended { progress: is("progress"), complete: is("complete") },
        status => How::Refused { status: status.parse().unwrap(), wanted: is("wanted") },
    };
    let wishes = Wishes { retry: value("retry="), retry_after: value("retry-after=") };
    Input::Lost(Loss { how, repeatable: is("repeatable"), wishes })
}

fn actions(action: &str) -> [Action; 2] {
    let action = match action.split(' ').collect::<Vec<_>>()[..] {
        ["connect"] => Action::Connect,
        ["read"] => Action::Read,
        ["ignore"] => Action::Ignore,
        ["wait", range] => {
            let (low, high) = range.split_once("..").unwrap();
            return [low, high].map(|end| Action::Wait(millis(end)));
        }
        ["stop", "completed"] => Action::Stop(Stop::Completed),
        ["stop", "no-content"] => Action::Stop(Stop::NoContent),
        ["stop", "ended"] => Action::Stop(Stop::Ended),
        ["stop", "closed"] => Action::Stop(Stop::Closed),
        ["stop", "failed"] => Action::Stop(Stop::Failed),
        ["stop", "gave-up", tries] => Action::Stop(Stop::GaveUp { tries: tries.parse().unwrap() }),
        _ => panic!("unknown action `{action}`"),
    };
    [action; 2]
}

#[test]
fn every_row_of_the_table_holds() {
    for Row { line, machine, input, actions } in rows() {
        for (luck, action) in [0.0, 1.0].into_iter().zip(actions) {
            assert_eq!(machine.clone().on(input, luck), action, "{line}");
        }
    }
}

/// The kind of an input, without its facts.
fn kind(input: Input) -> &'static str {
    match input {
        Input::Start => "start",
        Input::Opened => "opened",
        Input::NoContent => "no-content",
        Input::Completed => "completed",
        Input::Elapsed => "elapsed",
        Input::Reconnect => "reconnect",
        Input::Close => "close",
        Input::Lost(Loss { how, .. }) => match how {
            How::Hopeless => "hopeless",
            How::Unsent => "unsent",
            How::Unanswered => "unanswered",
            How::Refused { .. } => "refused",
            How::Ended { .. } => "ended",
        },
    }
}

#[test]
fn the_table_has_every_state_with_every_kind_of_input() {
    let pairs: HashSet<_> = rows().map(|row| (format!("{:?}", row.machine.state), kind(row.input))).collect();
    assert_eq!(pairs.len(), 5 * 12);
}

#[test]
fn a_connection_that_opens_allows_another_401() {
    let refused = input("lost 401");
    let mut machine = machine("connecting", "renews, settled");
    assert!(matches!(machine.on(refused, 0.0), Action::Wait(_)));
    for input in [Input::Elapsed, Input::Opened, input("lost ended repeatable"), Input::Elapsed] {
        machine.on(input, 0.0);
    }
    assert!(matches!(machine.on(refused, 0.0), Action::Wait(_)));
    machine.on(Input::Elapsed, 0.0);
    assert_eq!(machine.on(refused, 0.0), Action::Stop(Stop::Failed));
}

//! Properties of the machine over random histories.

use proptest::prelude::*;

use super::*;
use crate::policy::Tries;

fn durations() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0..200_u64).prop_map(Duration::from_millis),
        (0..100_000_u64).prop_map(Duration::from_millis),
        Just(Duration::MAX)
    ]
}

fn hows() -> impl Strategy<Value = How> {
    prop_oneof![
        1 => Just(How::Hopeless),
        4 => Just(How::Unsent),
        4 => Just(How::Unanswered),
        6 => (prop_oneof![200..600_u16, Just(401), Just(503)], any::<bool>())
            .prop_map(|(status, wanted)| How::Refused { status, wanted }),
        9 => (any::<bool>(), any::<bool>()).prop_map(|(progress, complete)| How::Ended { progress, complete }),
    ]
}

fn losses() -> impl Strategy<Value = Loss> {
    let wishes = (prop::option::of(durations()), prop::option::of(durations()));
    (hows(), prop::bool::weighted(0.9), wishes).prop_map(|(how, repeatable, (retry, retry_after))| Loss {
        how,
        repeatable,
        wishes: Wishes { retry, retry_after },
    })
}

fn inputs() -> impl Strategy<Value = Input> {
    prop_oneof![
        30 => losses().prop_map(Input::Lost),
        20 => Just(Input::Elapsed),
        20 => Just(Input::Opened),
        5 => Just(Input::Start),
        3 => Just(Input::Reconnect),
        1 => Just(Input::Completed),
        1 => Just(Input::NoContent),
        1 => Just(Input::Close),
    ]
}

fn policies() -> impl Strategy<Value = Policy> {
    let tries =
        prop_oneof![(0..6_u32).prop_map(Tries::Initially), (0..6_u32).prop_map(Tries::AtMost), Just(Tries::Unlimited)];
    (tries, durations(), durations(), durations(), durations()).prop_map(|(tries, base, floor, cap, longest)| {
        Policy::new().tries(tries).base(base).floor(floor).cap(cap).longest(longest)
    })
}

fn machines() -> impl Strategy<Value = Machine> {
    (policies(), prop::bool::weighted(0.1), any::<bool>()).prop_map(|(policy, once, renews)| {
        let mut machine = Machine::new(renews);
        (machine.settings.policy, machine.settings.once) = (policy, once);
        machine
    })
}

fn histories() -> impl Strategy<Value = Vec<(Input, f64)>> {
    prop::collection::vec((inputs(), 0.0..=1.0), 0..60)
}

/// The bounds of a wait after `failures` attempts without progress, by the rule and not by the code: at least the
/// server's wish and the floor, and at most the backoff or half as much again, except that `longest` ends all.
fn bounds(policy: &Policy, failures: u32, wishes: Wishes) -> (f64, f64) {
    let Policy { base, floor, cap, longest, .. } = *policy;
    let [base, floor, cap, longest] = [base, floor, cap, longest].map(|time| time.as_secs_f64());
    let [retry, retry_after] = [wishes.retry, wishes.retry_after].map(|wish| wish.map(|wish| wish.as_secs_f64()));
    let year = 365.0 * 24.0 * 3600.0;
    let (floor, base) = (floor.clamp(1e-3, year), retry.unwrap_or(base));
    let longest = longest.clamp(floor, year);
    let asked = if failures == 0 { base } else { retry.unwrap_or(0.0) };
    let low = asked.max(floor).max(retry_after.unwrap_or(0.0)).min(longest);
    let backoff = if failures == 0 { 0.0 } else { (base * 2_f64.powi(failures.cast_signed())).min(cap.max(base)) };
    (low, backoff.max(low * 1.5).min(longest))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn two_connects_always_have_a_wait_between_them(mut machine in machines(), history in histories()) {
        let mut waited = true;
        for (input, luck) in history {
            match machine.on(input, luck) {
                Action::Connect => prop_assert!(std::mem::take(&mut waited), "{input:?}"),
                Action::Wait(delay) => {
                    prop_assert!(delay >= Duration::from_millis(1), "{delay:?}");
                    waited = true;
                }
                Action::Read | Action::Stop(_) | Action::Ignore => {}
            }
        }
    }

    #[test]
    fn waits_are_within_the_bounds_of_the_policy(mut machine in machines(), history in histories()) {
        for (input, luck) in history {
            let renewed = !machine.unauthorized;
            let (Action::Wait(delay), Input::Lost(loss)) = (machine.on(input, luck), input) else { continue };
            let (low, high) = bounds(&machine.settings.policy, machine.failures, loss.wishes);
            let delay = delay.as_secs_f64();
            prop_assert!(delay <= high * (1.0 + 1e-9), "{delay} > {high} after {input:?}");
            // The retry with a new token is soon.
            if !(loss.how.is_unauthorized() && renewed) {
                prop_assert!(delay >= low * (1.0 - 1e-9), "{delay} < {low} after {input:?}");
            }
        }
    }

    #[test]
    fn as_many_attempts_without_progress_are_made_as_allowed(tries in 1..20_u32, losses in prop::collection::vec(losses(), 40)) {
        let mut machine = Machine::new(false);
        machine.settings.policy = Policy::new().tries(Tries::AtMost(tries));
        let mut action = machine.on(Input::Start, 0.5);
        let mut attempts = 0;
        for mut loss in losses {
            // Only those that are retried and make no progress.
            loss.repeatable = true;
            loss.how = match loss.how {
                How::Hopeless => How::Unsent,
                How::Refused { .. } => How::Refused { status: 503, wanted: false },
                How::Ended { complete, .. } => How::Ended { progress: false, complete },
                how => how,
            };
            prop_assert_eq!(action, Action::Connect);
            attempts += 1;
            if loss.how.is_end_of_body() {
                machine.on(Input::Opened, 0.5);
            }
            if let stop @ Action::Stop(_) = machine.on(Input::Lost(loss), 0.5) {
                prop_assert_eq!(stop, Action::Stop(Stop::GaveUp { tries }));
                break;
            }
            action = machine.on(Input::Elapsed, 0.5);
        }
        prop_assert_eq!(attempts, tries);
    }

    #[test]
    fn a_stop_is_followed_only_by_the_same_stop(mut machine in machines(), history in histories()) {
        let mut stopped = None;
        for (input, luck) in history {
            let action = machine.on(input, luck);
            if let Some(stop) = stopped {
                prop_assert_eq!(action, Action::Stop(stop));
            }
            if let Action::Stop(stop) = action {
                stopped = Some(stop);
            }
        }
    }
}

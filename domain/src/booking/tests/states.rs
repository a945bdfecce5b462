//! Every state with every step: what is not in the table is refused.

use crate::booking::state::{State, Step};
use crate::refusal::Refusal;

const STEPS: [Step; 13] = [
    Step::Seat,
    Step::Queue,
    Step::Offer,
    Step::Accept,
    Step::Decline,
    Step::Expire,
    Step::Reject,
    Step::PassBy,
    Step::Cancel,
    Step::Attend,
    Step::Miss,
    Step::Correct,
    Step::UseUp,
];

/// The arrows of the contract, one line each.
const ARROWS: &[(State, Step, State)] = &[
    (State::Pending, Step::Seat, State::Confirmed),
    (State::Pending, Step::Queue, State::Waitlisted),
    (State::Pending, Step::Reject, State::Rejected),
    (State::Pending, Step::Cancel, State::Cancelled),
    (State::Entered, Step::Seat, State::Confirmed),
    (State::Entered, Step::Queue, State::Waitlisted),
    (State::Entered, Step::PassBy, State::NotDrawn),
    (State::Entered, Step::Cancel, State::Cancelled),
    (State::Waitlisted, Step::Seat, State::Confirmed),
    (State::Waitlisted, Step::Offer, State::Offered),
    (State::Waitlisted, Step::Cancel, State::Cancelled),
    (State::Offered, Step::Accept, State::Confirmed),
    (State::Offered, Step::Decline, State::Declined),
    (State::Offered, Step::Expire, State::Expired),
    (State::Offered, Step::Cancel, State::Cancelled),
    (State::Confirmed, Step::Cancel, State::Cancelled),
    (State::Confirmed, Step::Attend, State::Attended),
    (State::Confirmed, Step::Miss, State::NoShow),
    (State::Confirmed, Step::UseUp, State::Used),
    (State::Attended, Step::Miss, State::NoShow),
    (State::Attended, Step::Correct, State::Confirmed),
    (State::NoShow, Step::Attend, State::Attended),
    (State::NoShow, Step::Correct, State::Confirmed),
];

#[test]
fn every_state_with_every_step() {
    for from in State::ALL {
        for step in STEPS {
            let arrow = ARROWS.iter().find(|arrow| (arrow.0, arrow.1) == (from, step));
            let to = arrow.map(|arrow| arrow.2).ok_or(Refusal::WrongState);
            assert_eq!(from.after(step), to, "{from} {step:?}");
        }
    }
}

#[test]
fn what_ended_stays_ended() {
    for from in State::ALL.into_iter().filter(|state| !state.is_live()) {
        assert!(STEPS.into_iter().all(|step| from.after(step).is_err()), "{from}");
    }
}

#[test]
fn who_holds_what() {
    use State::{Attended, Confirmed, Entered, NoShow, Offered, Pending, Used, Waitlisted};
    let live = [Pending, Entered, Waitlisted, Offered, Confirmed, Attended, NoShow];
    let seat = [Offered, Confirmed, Attended, NoShow, Used];
    let person = [Confirmed, Attended, NoShow, Used];
    let cancellable = [Pending, Entered, Waitlisted, Offered, Confirmed];
    for state in State::ALL {
        assert_eq!(state.is_live(), live.contains(&state), "{state}");
        assert_eq!(state.holds_seat(), seat.contains(&state), "{state}");
        assert_eq!(state.holds_person(), person.contains(&state), "{state}");
        assert_eq!(state.after(Step::Cancel).is_ok(), cancellable.contains(&state), "{state}");
    }
}

#[test]
fn words_read_back() {
    for state in State::ALL {
        assert_eq!(state.word().parse(), Ok(state));
    }
    assert!("waiting".parse::<State>().is_err());
    assert!("".parse::<State>().is_err());
}

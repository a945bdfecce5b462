//! One command, carried out on the image: the only way a booking changes.
//!
//! Each command sees what those before it did, as if it were alone. Everything is checked before anything is
//! changed, so a refusal changes nothing.

use crate::booking::command::{Answer, Booking, By, Command, Due, DueKind, Outcome, Target, Tell, Verb};
use crate::booking::image::Image;
use crate::booking::line::settle;
use crate::booking::quota::{Quota, Status};
use crate::booking::state::{State, Step};
use crate::booking::take::take_seat;
use crate::id::{BookingId, PersonId, QuotaId};
use crate::refusal::{FieldError, Refusal};

/// Live bookings freed by one sweep of a called-off thing.
pub const FREED_PER_SWEEP: usize = 256;

/// The booking a command was about; none = there was nothing to do.
pub(super) type Done = Result<Option<Touched>, Refusal>;

/// A booking that was found, changed or made.
pub(super) struct Touched {
    pub(super) id: BookingId,
    pub(super) created: bool,
}

impl Touched {
    pub(super) fn found(id: BookingId) -> Self {
        Self { id, created: false }
    }
}

/// Carries `command` out. What the clock has made due goes first, and the line moves before and after.
pub fn carry_out(image: &mut Image, command: &Command) -> Answer {
    settle(image, command.quota)?;
    let touched = dispatch(image, command);
    settle(image, command.quota)?;
    touched?.map_or(Ok(Outcome::Nothing), |touched| as_it_stands(image, &touched))
}

/// The answer, read when all is done: the line may have moved the very booking that is answered with.
fn as_it_stands(image: &Image, touched: &Touched) -> Answer {
    let booking = image.booking(touched.id).ok_or(Refusal::NotFound)?;
    let quota = &image.quota(booking.quota)?.quota;
    // Who has the last ticket stands at the end of the line; elsewhere the place is counted when it is read.
    let last = booking.state == State::Waitlisted && booking.seq == quota.seq;
    Ok(Outcome::Booking {
        booking: Box::new(booking.clone()),
        created: touched.created,
        position: last.then_some(quota.counts.waiting_parties),
        seats_left: quota.capacity.map(|_| quota.free()),
    })
}

fn dispatch(image: &mut Image, command: &Command) -> Done {
    let quota = command.quota;
    match (&command.verb, command.person) {
        (Verb::Sweep { restart }, _) => sweep(image, quota, *restart),
        // Done by the clock before any command; this one only sees to it that there is a command.
        (Verb::Freeze, _) => Ok(None),
        (_, None) => Err(Refusal::Unauthenticated),
        (Verb::Take(take), Some(person)) => take_seat(image, quota, person, take),
        (Verb::Cancel { target, by, reason }, Some(person)) => {
            cancel(image, quota, person, *target, *by, reason.as_deref())
        }
        (Verb::Accept(id), Some(person)) => accept(image, quota, person, *id),
        (Verb::Decline(id), Some(person)) => decline(image, quota, person, *id),
        (Verb::Approve(id), Some(person)) => approve(image, quota, person, *id),
        (Verb::Reject(id, reason), Some(person)) => reject(image, quota, person, *id, reason.clone()),
        (Verb::Resize { target, party }, Some(person)) => resize(image, quota, person, *target, *party),
    }
}

/// The person's booking of `quota` with this id, if it is live.
pub(super) fn own(
    image: &Image,
    quota: QuotaId,
    person: PersonId,
    id: BookingId,
) -> Result<&Booking, Refusal> {
    image
        .booking(id)
        .filter(|booking| booking.person == person && booking.quota == quota && booking.state.is_live())
        .ok_or(Refusal::WrongState)
}

fn find(image: &Image, quota: QuotaId, person: PersonId, target: Target) -> Option<&Booking> {
    match target {
        Target::Booking(id) => own(image, quota, person, id).ok(),
        Target::Own => image.live_of(person, quota).into_iter().next(),
    }
}

fn cancel(
    image: &mut Image,
    quota: QuotaId,
    person: PersonId,
    target: Target,
    by: By,
    reason: Option<&str>,
) -> Done {
    let Some(booking) = find(image, quota, person, target) else { return Ok(None) };
    may_cancel(image, booking, by)?;
    let id = booking.id;
    give_up(image, quota, id, by, reason)?;
    Ok(Some(Touched::found(id)))
}

pub(super) fn may_cancel(image: &Image, booking: &Booking, by: By) -> Result<(), Refusal> {
    booking.state.after(Step::Cancel)?;
    let deadline = image.quota(booking.quota)?.quota.cancel_until;
    if by == By::Person && booking.state == State::Confirmed && image.now >= deadline {
        return Err(Refusal::DeadlinePassed { deadline });
    }
    Ok(())
}

pub(super) fn give_up(
    image: &mut Image,
    quota: QuotaId,
    id: BookingId,
    by: By,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let Some((person, held)) =
        image.booking(id).map(|booking| (booking.person, booking.state.holds_person()))
    else {
        return Err(Refusal::NotFound);
    };
    image.apply(id, Step::Cancel, None)?;
    image.amend(id, |booking| booking.reason = reason.map(str::to_owned));
    if held {
        image.look_again_elsewhere(person, quota);
    }
    match by {
        By::Person => {}
        By::Host => image.tell(id, Tell::Removed, reason.map(str::to_owned)),
        By::Subject => image.tell(id, Tell::SubjectCancelled, reason.map(str::to_owned)),
    }
    Ok(())
}

/// A called-off thing is shut before anybody is freed: nobody gets a seat of it meanwhile.
fn refuse_called_off(image: &Image, quota: QuotaId) -> Result<(), Refusal> {
    if image.quota(quota)?.quota.status == Status::Cancelled { Err(Refusal::Closed) } else { Ok(()) }
}

fn accept(image: &mut Image, quota: QuotaId, person: PersonId, id: BookingId) -> Done {
    let booking = image
        .booking(id)
        .filter(|booking| booking.person == person && booking.quota == quota)
        .ok_or(Refusal::OfferExpired)?;
    match booking.state {
        State::Confirmed => return Ok(Some(Touched::found(id))),
        State::Expired => return Err(Refusal::OfferExpired),
        State::Offered => {}
        _ => return Err(Refusal::WrongState),
    }
    refuse_called_off(image, quota)?;
    let debits = image.may_hold(person, quota, None)?;
    image.apply(id, Step::Accept, Some(debits))?;
    Ok(Some(Touched::found(id)))
}

fn decline(image: &mut Image, quota: QuotaId, person: PersonId, id: BookingId) -> Done {
    let declined = |booking: &&Booking| booking.person == person && booking.quota == quota;
    let Some(booking) = image.booking(id).filter(declined) else { return Ok(None) };
    if matches!(booking.state, State::Declined | State::Expired) {
        return Ok(None);
    }
    image.apply(id, Step::Decline, None)?;
    Ok(Some(Touched::found(id)))
}

fn approve(image: &mut Image, quota: QuotaId, person: PersonId, id: BookingId) -> Done {
    let booking = own(image, quota, person, id)?;
    if booking.state != State::Pending {
        // Deciding again what was decided so is the same answer.
        return Ok(Some(Touched::found(id)));
    }
    let party = booking.party;
    refuse_called_off(image, quota)?;
    let entry = image.quota(quota)?;
    let seat = u32::from(party) <= entry.quota.free() && entry.quota.sweep_after.is_none();
    let waits = entry.quota.may_queue(party, image.now);
    match image.may_hold(person, quota, None) {
        Ok(debits) if seat => {
            image.apply(id, Step::Seat, Some(debits))?;
            image.tell(id, Tell::SeatGiven, None);
        }
        _ if waits => {
            image.apply(id, Step::Queue, None)?;
            image.tell(id, Tell::Queued, None);
            image.quota_mut(quota)?.stirred = true;
        }
        Ok(_) => return Err(Refusal::SoldOut),
        Err(refusal) => return Err(refusal),
    }
    Ok(Some(Touched::found(id)))
}

fn reject(
    image: &mut Image,
    quota: QuotaId,
    person: PersonId,
    id: BookingId,
    reason: Option<String>,
) -> Done {
    let found = image.booking(id).filter(|booking| booking.person == person && booking.quota == quota);
    if found.is_none_or(|booking| booking.state == State::Rejected) {
        return Ok(None);
    }
    image.apply(id, Step::Reject, None)?;
    image.amend(id, |booking| booking.reason.clone_from(&reason));
    image.tell(id, Tell::Rejected, reason);
    Ok(Some(Touched::found(id)))
}

/// A party is at least one, and no larger than the host allows or there are seats.
pub(super) fn check_party(quota: &Quota, party: u16) -> Result<(), Refusal> {
    let max = u32::from(quota.party_max).min(quota.capacity.unwrap_or(u32::MAX)).max(1);
    if (1..=max).contains(&u32::from(party)) {
        return Ok(());
    }
    Err(Refusal::Invalid(vec![FieldError::new(
        "/party",
        format!("人数须在 1 到 {max} 之间"),
        format!("a party is 1 to {max} people here"),
    )]))
}

fn resize(image: &mut Image, quota: QuotaId, person: PersonId, target: Target, party: u16) -> Done {
    let booking = find(image, quota, person, target).ok_or(Refusal::WrongState)?;
    let (id, now, state) = (booking.id, booking.party, booking.state);
    booking.state.after(Step::Cancel)?;
    let of = &image.quota(quota)?.quota;
    check_party(of, party)?;
    let more = u32::from(party.saturating_sub(now));
    if more > 0 && state.holds_seat() && (more > of.free() || of.sweep_after.is_some()) {
        return Err(Refusal::SoldOut);
    }
    image.resize(id, party)?;
    if state == State::Waitlisted {
        image.quota_mut(quota)?.stirred = true;
    }
    Ok(Some(Touched::found(id)))
}

fn sweep(image: &mut Image, id: QuotaId, restart: bool) -> Done {
    let (status, all_read) = {
        let entry = image.quota_mut(id)?;
        entry.stirred |= restart || entry.quota.sweep_after == Some(entry.stretch.after);
        (entry.quota.status, entry.all_read)
    };
    if status != Status::Cancelled {
        return Ok(None);
    }
    let mut rest: Vec<(i64, BookingId)> = image
        .bookings()
        .map(|entry| &entry.booking)
        .filter(|booking| booking.quota == id && booking.state.after(Step::Cancel).is_ok())
        .map(|booking| (booking.seq, booking.id))
        .collect();
    rest.sort_unstable();
    for (_, booking) in rest {
        give_up(image, id, booking, By::Subject, None)?;
    }
    if !all_read {
        image.due.insert(Due { quota: id, kind: DueKind::CloseOut, at: image.now });
    }
    Ok(None)
}

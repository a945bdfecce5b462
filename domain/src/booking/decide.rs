//! One command, carried out on the image: the only way a booking changes.
//!
//! Each command sees what those before it did, as if it were alone. Everything is checked before anything is
//! changed, so a refusal changes nothing.

use crate::booking::command::{
    Answer, Booking, By, Command, Due, DueKind, Outcome, Take, Target, Tell, Verb,
};
use crate::booking::image::Image;
use crate::booking::line::{expire_offers, promote};
use crate::booking::quota::{Admission, Phase, Quota, Status};
use crate::booking::state::{State, Step};
use crate::id::{BookingId, PersonId, QuotaId};
use crate::refusal::{FieldError, Refusal};

/// Live bookings freed by one sweep of a called-off thing.
pub const FREED_PER_SWEEP: usize = 256;

/// How long somebody waits before asking a draw again, in seconds.
const DRAWING_RETRY_SECONDS: u32 = 30;

/// Carries `command` out. Offers that ran out go first, and the line moves before and after.
pub fn carry_out(image: &mut Image, command: &Command) -> Answer {
    settle(image, command.quota)?;
    let answer = dispatch(image, command);
    settle(image, command.quota)?;
    Ok(as_it_stands(image, answer?))
}

/// The line may have moved the very booking that is answered with.
fn as_it_stands(image: &Image, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Booking { booking, created, position, seats_left } => {
            let now = image.booking(booking.id).filter(|now| now.state != booking.state).cloned();
            let position = if now.is_some() { None } else { position };
            Outcome::Booking { booking: now.map_or(booking, Box::new), created, position, seats_left }
        }
        Outcome::Nothing => Outcome::Nothing,
    }
}

fn settle(image: &mut Image, quota: QuotaId) -> Result<(), Refusal> {
    expire_offers(image, quota)?;
    promote(image, quota)
}

fn dispatch(image: &mut Image, command: &Command) -> Answer {
    let quota = command.quota;
    match (&command.verb, command.person) {
        (Verb::Sweep { restart }, _) => sweep(image, quota, *restart),
        (Verb::Freeze, _) => freeze(image, quota),
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

/// How a newcomer comes in.
enum Birth {
    Pending,
    Entered,
    Waitlisted,
    Seated,
}

fn take_seat(image: &mut Image, id: QuotaId, person: PersonId, take: &Take) -> Answer {
    let quota = &image.quota(id)?.quota;
    if quota.status == Status::Draft {
        return Err(Refusal::NotFound);
    }
    let live = image.live_of(person, id);
    if let Some(first) = live.first().filter(|_| quota.per_person == 1) {
        return Ok(found(quota, first));
    }
    let ordinal = (1..=quota.per_person).find(|n| live.iter().all(|booking| booking.ordinal != *n));
    if let Some(verdict) = quota.verdict(image.now).filter(|verdict| verdict.refusal != Refusal::SoldOut) {
        return Err(verdict.refusal);
    }
    check_person(image, id, person)?;
    let party_max = u32::from(quota.party_max).min(quota.capacity.unwrap_or(u32::MAX)).max(1);
    if take.party == 0 || u32::from(take.party) > party_max {
        return Err(wrong_party(party_max));
    }
    let Some(ordinal) = ordinal else { return Err(own_limit(quota)) };
    let birth = way_in(image, id, take)?;
    let debits = match birth {
        Birth::Seated => {
            let except = given_up(image, person, take)?;
            Some(image.may_hold(person, id, except)?)
        }
        Birth::Pending | Birth::Entered | Birth::Waitlisted => None,
    };
    let seated = debits.is_some();
    let now = image.now;
    let booking = Booking {
        id: take.id,
        quota: id,
        person,
        ordinal,
        party: take.party,
        seq: image.ticket(id)?,
        state: match birth {
            Birth::Pending => State::Pending,
            Birth::Entered => State::Entered,
            Birth::Waitlisted => State::Waitlisted,
            Birth::Seated => State::Confirmed,
        },
        reason: None,
        answers: take.answers.clone(),
        debits: debits.filter(|debits| !debits.0.is_empty()).map(|debits| debits.to_string()),
        offer_expires_at: None,
        passed_over: None,
        created_at: now,
        changed_at: now,
    };
    image.create(booking)?;
    if let Some((old_quota, old)) = take.instead_of.filter(|_| seated) {
        give_up(image, old_quota, old, By::Person, None)?;
        settle(image, old_quota)?;
    }
    made(image, id, take.id)
}

/// The host's own limit of live bookings per person, as the refusal it is.
fn own_limit(quota: &Quota) -> Refusal {
    use crate::booking::limit::{LimitHit, Per, Window};
    Refusal::LimitReached(LimitHit {
        per: Per::Quota,
        window: Window::Total,
        max: quota.per_person,
        until: None,
    })
}

fn wrong_party(max: u32) -> Refusal {
    Refusal::Invalid(vec![FieldError::new(
        "/party",
        format!("人数须在 1 到 {max} 之间"),
        format!("a party is 1 to {max} people here"),
    )])
}

fn check_person(image: &Image, id: QuotaId, person: PersonId) -> Result<(), Refusal> {
    let known = image.person(person)?;
    if known.blocked {
        return Err(Refusal::AccountBlocked);
    }
    if !known.consented {
        return Err(Refusal::ConsentRequired);
    }
    let missing = image.quota(id)?.quota.frame.rule.missing(&known.facts, image.now);
    if missing.is_empty() {
        Ok(())
    } else if missing.iter().any(|missing| missing.is_unknown()) {
        Err(Refusal::ProfileIncomplete(missing))
    } else {
        Err(Refusal::NotEligible(missing))
    }
}

/// Which way in is open to a newcomer; limits and hours are not asked yet.
fn way_in(image: &Image, id: QuotaId, take: &Take) -> Result<Birth, Refusal> {
    let entry = image.quota(id)?;
    let (quota, now) = (&entry.quota, image.now);
    let waits = take.waitlist && quota.line_takes(now);
    if quota.admission == Admission::Approval {
        return Ok(Birth::Pending);
    }
    if !quota.is_first_come() {
        let enters = quota.phase == Phase::Entering && quota.entries_until().is_some_and(|until| now < until);
        return match quota.admission {
            _ if enters => Ok(Birth::Entered),
            Admission::FairOpen { .. } if waits => Ok(Birth::Waitlisted),
            _ => Err(Refusal::Drawing { retry_after_seconds: DRAWING_RETRY_SECONDS }),
        };
    }
    // The line has moved as far as it goes: whoever still waits in it does not fit or was passed over.
    if u32::from(take.party) <= quota.free() && quota.sweep_after.is_none() {
        Ok(Birth::Seated)
    } else if waits {
        Ok(Birth::Waitlisted)
    } else {
        Err(Refusal::SoldOut)
    }
}

/// The booking that the request would give up, checked to be the person's and to be cancellable.
fn given_up(image: &Image, person: PersonId, take: &Take) -> Result<Option<BookingId>, Refusal> {
    let Some((quota, id)) = take.instead_of else { return Ok(None) };
    let old = own(image, quota, person, id)?;
    may_cancel(image, old, By::Person)?;
    Ok(Some(id))
}

/// The person's booking of `quota` with this id, if it is live.
fn own(image: &Image, quota: QuotaId, person: PersonId, id: BookingId) -> Result<&Booking, Refusal> {
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
) -> Answer {
    let Some(booking) = find(image, quota, person, target) else { return Ok(Outcome::Nothing) };
    may_cancel(image, booking, by)?;
    let id = booking.id;
    give_up(image, quota, id, by, reason)?;
    made(image, quota, id).map(as_changed)
}

fn may_cancel(image: &Image, booking: &Booking, by: By) -> Result<(), Refusal> {
    booking.state.after(Step::Cancel)?;
    let deadline = image.quota(booking.quota)?.quota.cancel_until;
    if by == By::Person && booking.state == State::Confirmed && image.now >= deadline {
        return Err(Refusal::DeadlinePassed { deadline });
    }
    Ok(())
}

fn give_up(
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

fn accept(image: &mut Image, quota: QuotaId, person: PersonId, id: BookingId) -> Answer {
    let booking = image
        .booking(id)
        .filter(|booking| booking.person == person && booking.quota == quota)
        .ok_or(Refusal::OfferExpired)?;
    match booking.state {
        State::Confirmed => return Ok(found(&image.quota(quota)?.quota, booking)),
        State::Expired => return Err(Refusal::OfferExpired),
        State::Offered => {}
        _ => return Err(Refusal::WrongState),
    }
    let debits = image.may_hold(person, quota, None)?;
    image.apply(id, Step::Accept, Some(debits))?;
    made(image, quota, id).map(as_changed)
}

fn decline(image: &mut Image, quota: QuotaId, person: PersonId, id: BookingId) -> Answer {
    let declined = |booking: &&Booking| booking.person == person && booking.quota == quota;
    let Some(booking) = image.booking(id).filter(declined) else { return Ok(Outcome::Nothing) };
    if matches!(booking.state, State::Declined | State::Expired) {
        return Ok(Outcome::Nothing);
    }
    image.apply(id, Step::Decline, None)?;
    made(image, quota, id).map(as_changed)
}

fn approve(image: &mut Image, quota: QuotaId, person: PersonId, id: BookingId) -> Answer {
    let booking = own(image, quota, person, id)?;
    if booking.state != State::Pending {
        // Deciding again what was decided so is the same answer.
        return Ok(found(&image.quota(quota)?.quota, booking));
    }
    let party = u32::from(booking.party);
    let entry = image.quota(quota)?;
    let seat = party <= entry.quota.free() && entry.quota.sweep_after.is_none();
    let waits = entry.quota.line_takes(image.now);
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
    made(image, quota, id).map(as_changed)
}

fn reject(
    image: &mut Image,
    quota: QuotaId,
    person: PersonId,
    id: BookingId,
    reason: Option<String>,
) -> Answer {
    let found = image.booking(id).filter(|booking| booking.person == person && booking.quota == quota);
    if found.is_none_or(|booking| booking.state == State::Rejected) {
        return Ok(Outcome::Nothing);
    }
    image.apply(id, Step::Reject, None)?;
    image.amend(id, |booking| booking.reason.clone_from(&reason));
    image.tell(id, Tell::Rejected, reason);
    made(image, quota, id).map(as_changed)
}

fn resize(image: &mut Image, quota: QuotaId, person: PersonId, target: Target, party: u16) -> Answer {
    let booking = find(image, quota, person, target).ok_or(Refusal::WrongState)?;
    let (id, now, state) = (booking.id, booking.party, booking.state);
    booking.state.after(Step::Cancel)?;
    let of = &image.quota(quota)?.quota;
    let max = u32::from(of.party_max).min(of.capacity.unwrap_or(u32::MAX)).max(1);
    if party == 0 || u32::from(party) > max {
        return Err(wrong_party(max));
    }
    let more = u32::from(party.saturating_sub(now));
    if more > 0 && state.holds_seat() && (more > of.free() || of.sweep_after.is_some()) {
        return Err(Refusal::SoldOut);
    }
    image.resize(id, party)?;
    if state == State::Waitlisted {
        image.quota_mut(quota)?.stirred = true;
    }
    made(image, quota, id).map(as_changed)
}

fn sweep(image: &mut Image, id: QuotaId, restart: bool) -> Answer {
    let (status, all_read) = {
        let entry = image.quota_mut(id)?;
        entry.stirred |= restart || entry.quota.sweep_after == Some(entry.stretch.after);
        (entry.quota.status, entry.all_read)
    };
    if status != Status::Cancelled {
        return Ok(Outcome::Nothing);
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
    Ok(Outcome::Nothing)
}

/// Fixes the list of entries and reserves their tickets: rank r gets base + r, later requests come behind.
fn freeze(image: &mut Image, id: QuotaId) -> Answer {
    let now = image.now;
    let quota = &mut image.quota_mut(id)?.quota;
    let due = quota.entries_until().is_some_and(|until| now >= until);
    if due && quota.phase == Phase::Entering {
        quota.phase = Phase::Frozen;
        quota.seq += i64::from(quota.counts.entered);
    }
    Ok(Outcome::Nothing)
}

fn left(quota: &Quota) -> Option<u32> {
    quota.capacity.map(|_| quota.free())
}

fn found(quota: &Quota, booking: &Booking) -> Outcome {
    Outcome::Booking {
        booking: Box::new(booking.clone()),
        created: false,
        position: None,
        seats_left: left(quota),
    }
}

fn made(image: &Image, id: QuotaId, booking: BookingId) -> Answer {
    let entry = image.quota(id)?;
    let booking = image.booking(booking).ok_or(Refusal::NotFound)?;
    // Whoever has just joined the line stands at its end; elsewhere the place is counted when it is read.
    let last = booking.state == State::Waitlisted && booking.seq == entry.quota.seq;
    Ok(Outcome::Booking {
        booking: Box::new(booking.clone()),
        created: true,
        position: last.then_some(entry.quota.counts.waiting_parties),
        seats_left: left(&entry.quota),
    })
}

fn as_changed(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Booking { booking, position, seats_left, .. } => {
            Outcome::Booking { booking, created: false, position, seats_left }
        }
        Outcome::Nothing => Outcome::Nothing,
    }
}

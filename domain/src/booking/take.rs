//! A request for a seat: who may ask, which way in is open, what is given up for it.

use crate::booking::command::{Booking, By, Take};
use crate::booking::decide::{Done, Touched, check_party, give_up, may_cancel, own};
use crate::booking::image::Image;
use crate::booking::limit::{LimitHit, Per, Window};
use crate::booking::line::settle;
use crate::booking::quota::{Admission, Phase, Quota, Status};
use crate::booking::state::State;
use crate::id::{BookingId, PersonId, QuotaId};
use crate::refusal::Refusal;

/// How long somebody waits before asking a draw again, in seconds.
const DRAWING_RETRY_SECONDS: u32 = 30;

/// How a newcomer comes in.
enum Birth {
    Pending,
    Entered,
    Waitlisted,
    Seated,
}

/// Carries out a request for a seat.
pub(super) fn take_seat(image: &mut Image, id: QuotaId, person: PersonId, take: &Take) -> Done {
    let quota = &image.quota(id)?.quota;
    if quota.status == Status::Draft {
        return Err(Refusal::NotFound);
    }
    let live = image.live_of(person, id);
    if let Some(first) = live.first().filter(|_| quota.per_person == 1) {
        return Ok(Some(Touched::found(first.id)));
    }
    // Places above a limit that the host has lowered still count.
    let ordinal = (1..=quota.per_person)
        .find(|place| live.iter().all(|booking| booking.ordinal != *place))
        .filter(|_| live.len() < usize::from(quota.per_person));
    if let Some(verdict) = quota.verdict(image.now).filter(|verdict| verdict.refusal != Refusal::SoldOut) {
        return Err(verdict.refusal);
    }
    check_person(image, id, person)?;
    check_party(quota, take.party)?;
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
    Ok(Some(Touched { id: take.id, created: true }))
}

/// The host's own limit of live bookings per person, as the refusal it is.
fn own_limit(quota: &Quota) -> Refusal {
    Refusal::LimitReached(LimitHit {
        per: Per::Quota,
        window: Window::Total,
        max: quota.per_person,
        until: None,
    })
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
    let waits = take.waitlist && quota.may_queue(take.party, now);
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

//! The line: freed seats go to the first waiting party that fits, and nobody overtakes one that does.

use crate::booking::command::{Due, DueKind, Tell};
use crate::booking::image::Image;
use crate::booking::quota::{Phase, Waitlist};
use crate::booking::state::{State, Step};
use crate::id::{BookingId, QuotaId};
use crate::refusal::Refusal;

/// Brings `quota` to where the clock says it is: a list of entries whose time is over is fixed, late offers run
/// out, and the line moves as far as it goes.
pub fn settle(image: &mut Image, quota: QuotaId) -> Result<(), Refusal> {
    freeze(image, quota)?;
    expire_offers(image, quota)?;
    promote(image, quota)
}

/// Fixes the list of entries and reserves their tickets: rank r gets base + r, later requests come behind.
///
/// Whatever command comes first after the entries' time does it, so that no late-comer can get a ticket before
/// those of the draw. What must happen with it hangs on the phase in the difference, not on the command.
fn freeze(image: &mut Image, id: QuotaId) -> Result<(), Refusal> {
    let now = image.now;
    let quota = &mut image.quota_mut(id)?.quota;
    let due = quota.entries_until().is_some_and(|until| now >= until);
    if due && quota.phase == Phase::Entering {
        quota.phase = Phase::Frozen;
        quota.seq += i64::from(quota.counts.entered);
    }
    Ok(())
}

/// Runs out the offers of `quota` that nobody answered in time.
fn expire_offers(image: &mut Image, quota: QuotaId) -> Result<(), Refusal> {
    let now = image.now;
    let entry = image.quota_mut(quota)?;
    if std::mem::replace(&mut entry.offers_checked, true) || entry.quota.counts.offered == 0 {
        return Ok(());
    }
    let mut late: Vec<(i64, BookingId)> = image
        .bookings()
        .map(|entry| &entry.booking)
        .filter(|booking| booking.quota == quota && booking.state == State::Offered)
        .filter(|booking| booking.offer_expires_at.is_some_and(|at| at <= now))
        .map(|booking| (booking.seq, booking.id))
        .collect();
    late.sort_unstable();
    for (_, id) in late {
        image.apply(id, Step::Expire, None)?;
        image.tell(id, Tell::OfferExpired, None);
    }
    Ok(())
}

/// Moves the line of `quota` as far as it goes.
///
/// Whoever cannot take the seat is passed over, keeps the place, and is told why, once. If all that were read
/// are passed over and seats remain, due work continues behind them.
fn promote(image: &mut Image, quota: QuotaId) -> Result<(), Refusal> {
    let now = image.now;
    let entry = image.quota_mut(quota)?;
    let stirred = std::mem::take(&mut entry.stirred);
    if !entry.quota.promotes(now) {
        // A line that moves no more can be overtaken by nobody: a sweep under way ends here.
        entry.quota.sweep_after = None;
        return Ok(());
    }
    if !stirred {
        return Ok(());
    }
    if entry.stretch.after > 0 && entry.quota.free() > entry.before.free() {
        // An offer ran out while a sweep was in the middle: the freed seat belongs to the front of the line.
        entry.quota.sweep_after = Some(0);
        image.due.insert(Due { quota, kind: DueKind::Continue, at: now });
        return Ok(());
    }
    // After the person's own cancel is too late a promotion is always an offer: nobody is made a no-show by a
    // seat they did not see.
    let offers = matches!(entry.quota.waitlist, Waitlist::Offer { .. }) || now >= entry.quota.cancel_until;
    let line = entry.line.clone();
    for id in &line {
        let free = image.quota(quota)?.quota.free();
        if free == 0 {
            break;
        }
        let Some(booking) = image.booking(*id) else { continue };
        let (person, fits) = (booking.person, u32::from(booking.party) <= free);
        if !fits || !image.knows(person) {
            continue;
        }
        match image.may_hold(person, quota, None) {
            Err(refusal) => pass_over(image, quota, *id, &refusal),
            Ok(_) if offers => offer(image, quota, *id)?,
            Ok(debits) => {
                image.apply(*id, Step::Seat, Some(debits))?;
                image.tell(*id, Tell::SeatGiven, None);
            }
        }
    }
    remember_how_far(image, quota)
}

fn offer(image: &mut Image, quota: QuotaId, id: BookingId) -> Result<(), Refusal> {
    let expires = image.quota(quota)?.quota.offer_expires(image.now);
    image.apply(id, Step::Offer, None)?;
    image.amend(id, |booking| booking.offer_expires_at = Some(expires));
    image.tell(id, Tell::SeatOffered(expires), None);
    image.due.insert(Due { quota, kind: DueKind::Expire, at: expires });
    Ok(())
}

fn pass_over(image: &mut Image, quota: QuotaId, id: BookingId, refusal: &Refusal) {
    let code = match refusal {
        Refusal::LimitReached(hit) => {
            // Nobody gives anything up when a day, week or month begins: the clock must look.
            let anew = hit.until.map(|at| Due { quota, kind: DueKind::Look, at });
            image.due.extend(anew);
            "limit_reached"
        }
        _ => "schedule_conflict",
    };
    let already = image.booking(id).is_some_and(|booking| booking.passed_over.as_deref() == Some(code));
    if !already {
        image.amend(id, |booking| booking.passed_over = Some(code.to_owned()));
        image.tell(id, Tell::PassedOver, Some(code.to_owned()));
    }
}

/// While seats are free behind the part of the line that was read, newcomers queue and due work goes on.
fn remember_how_far(image: &mut Image, quota: QuotaId) -> Result<(), Refusal> {
    let now = image.now;
    let entry = image.quota_mut(quota)?;
    if entry.quota.free() == 0 || entry.stretch.reaches_end() {
        entry.quota.sweep_after = None;
    } else {
        entry.quota.sweep_after = entry.stretch.until;
        image.due.insert(Due { quota, kind: DueKind::Continue, at: now });
    }
    Ok(())
}

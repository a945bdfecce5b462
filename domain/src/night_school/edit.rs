//! What an edit of a class may change, and what follows from it.

use super::class::ClassSpec;
use super::phase::Standing;
use super::seating::AdmissionKind;
use super::settings::QuotaSettings;
use crate::booking::quota::{self, Status};
use crate::refusal::{FieldError, Refusal};
use crate::time::Instant;

/// What has to be done besides storing the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Consequences {
    /// The quota changed: what is cached of it is out of date.
    pub quota_changed: bool,
    /// The hours changed: people may get an hour back elsewhere.
    pub hours_moved: bool,
    /// Somebody who waits may get a seat now.
    pub look: bool,
    /// When the entries of a draw are to be fixed, if that is new.
    pub freeze_at: Option<Instant>,
}

/// Whether `before`, standing so, may become `after`.
///
/// # Errors
/// [`Refusal::WrongState`] for what is called off, for another admission once published, and for another window once
/// entries are fixed; [`Refusal::TooSmall`] for a capacity below what is given; [`Refusal::Invalid`] for another school,
/// or another term once published (the term's limit has been debited).
pub fn check(before: &ClassSpec, standing: &Standing, after: &ClassSpec) -> Result<Consequences, Refusal> {
    let published = match standing.status {
        Status::Cancelled => return Err(Refusal::WrongState),
        Status::Draft => false,
        Status::Open => true,
    };
    let mut errors = Vec::new();
    if after.school != before.school {
        errors.push(FieldError::new("/school", "课程不能换学校", "a class stays with its school"));
    }
    if published && after.term != before.term {
        errors.push(FieldError::new(
            "/term",
            "已发布的课程不能换学期",
            "a published class stays in its term",
        ));
    }
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    let (was, is) = (&before.seating, &after.seating);
    if published && AdmissionKind::of(was.admission) != AdmissionKind::of(is.admission) {
        return Err(Refusal::WrongState);
    }
    let window_moved =
        (was.opens_at, was.closes_at, was.admission) != (is.opens_at, is.closes_at, is.admission);
    if standing.draw != quota::Phase::Entering && window_moved {
        return Err(Refusal::WrongState);
    }
    if is.capacity.is_some_and(|capacity| capacity < standing.held) {
        return Err(Refusal::TooSmall { minimum: standing.held });
    }
    Ok(consequences(&QuotaSettings::of(before), &QuotaSettings::of(after), published))
}

fn consequences(before: &QuotaSettings, after: &QuotaSettings, published: bool) -> Consequences {
    let quota_changed = before != after;
    let freeze_at = after.entries_until().filter(|_| before.entries_until() != after.entries_until());
    Consequences {
        quota_changed,
        hours_moved: before.slots != after.slots,
        look: published && quota_changed,
        freeze_at: freeze_at.filter(|_| published),
    }
}

/// Whether a class may be published now; nothing to do = false.
///
/// # Errors
/// [`Refusal::WrongState`] once called off; [`Refusal::Invalid`] where its window is over already.
pub fn check_publish(class: &ClassSpec, status: Status, now: Instant) -> Result<bool, Refusal> {
    match status {
        Status::Open => Ok(false),
        Status::Cancelled => Err(Refusal::WrongState),
        Status::Draft if class.seating.closes_at <= now => Err(Refusal::Invalid(vec![FieldError::new(
            "/closesAt",
            "报名窗口已经结束，请先修改",
            "enrolment would be over already; change it first",
        )])),
        Status::Draft => Ok(true),
    }
}

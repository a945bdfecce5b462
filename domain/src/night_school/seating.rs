//! What of a class can be booked: how many seats, from when to when, in which order, and who waits how.

use super::check::Check;
use super::timetable::Timetable;
use crate::booking::quota::{Admission, OFFER_MINUTES_DEFAULT, Waitlist};
use crate::time::Instant;

/// Seats of one class at most.
pub const CAPACITY_MAX: i64 = 100_000;
/// How long entries of a fair opening are taken at most, in minutes.
const FAIR_MINUTES_MAX: i64 = 24 * 60;
/// How long an offered seat stands at most, in minutes.
const OFFER_MINUTES_MAX: i64 = 7 * 24 * 60;

/// How a request becomes a seat, without what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdmissionKind {
    /// In order of arrival.
    FirstCome,
    /// The host decides.
    Approval,
    /// Drawn at a time.
    Lottery,
    /// The first minutes are drawn.
    FairOpen,
}

/// Whether people can wait, without what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitlistKind {
    /// They cannot.
    Off,
    /// A freed seat is given at once.
    Instant,
    /// A freed seat is offered.
    Offer,
}

impl AdmissionKind {
    /// Every kind with its word over HTTP.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("first_come", Self::FirstCome),
        ("approval", Self::Approval),
        ("lottery", Self::Lottery),
        ("fair_open", Self::FairOpen),
    ];

    /// The kind of an admission.
    pub fn of(admission: Admission) -> Self {
        match admission {
            Admission::FirstCome => Self::FirstCome,
            Admission::Approval => Self::Approval,
            Admission::Lottery { .. } => Self::Lottery,
            Admission::FairOpen { .. } => Self::FairOpen,
        }
    }
}

impl WaitlistKind {
    /// Every kind with its word over HTTP.
    pub const WORDS: [(&'static str, Self); 3] =
        [("off", Self::Off), ("instant", Self::Instant), ("offer", Self::Offer)];
}

/// What an editor says of the seats. What is none follows from the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seating {
    /// Seats there are; none = unlimited.
    pub capacity: Option<u32>,
    /// How a request becomes a seat.
    pub admission: Admission,
    /// When requests are taken from.
    pub opens_at: Instant,
    /// When requests are no longer taken; later.
    pub closes_at: Instant,
    /// Whether people can wait.
    pub waitlist: Waitlist,
    /// Parties that may wait; none = twice the capacity, at least 20.
    pub waitlist_max: Option<u32>,
    /// After this nobody is promoted; none = the first lesson.
    pub promote_until: Option<Instant>,
    /// After this the person's own cancel is too late; none = the first lesson.
    pub cancel_until: Option<Instant>,
}

/// The same as it was sent. What is required and none could not be read, which has been said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatingDraft {
    /// Seats; none = unlimited.
    pub capacity: Option<i64>,
    /// Required.
    pub admission: Option<AdmissionKind>,
    /// Required for a lottery, and only there.
    pub draw_at: Option<Instant>,
    /// Required for a fair opening, and only there.
    pub fair_minutes: Option<i64>,
    /// Required.
    pub opens_at: Option<Instant>,
    /// Required.
    pub closes_at: Option<Instant>,
    /// Required.
    pub waitlist: Option<WaitlistKind>,
    /// Only where seats are offered.
    pub offer_minutes: Option<i64>,
    /// Parties that may wait.
    pub waitlist_max: Option<i64>,
    /// After this nobody is promoted.
    pub promote_until: Option<Instant>,
    /// After this the person's own cancel is too late.
    pub cancel_until: Option<Instant>,
}

impl SeatingDraft {
    /// Checks what was sent against itself and the timetable, if that could be read.
    pub fn check(&self, check: &mut Check, timetable: Option<&Timetable>) -> Option<Seating> {
        let capacity = match self.capacity {
            None => Some(None),
            Some(seats) => check.whole("/capacity", seats, 1, CAPACITY_MAX).map(Some),
        };
        let window = self.window(check, timetable);
        let admission = self.admission(check, timetable);
        let waitlist = self.waitlist(check);
        let waitlist_max = match self.waitlist_max {
            None => Some(None),
            Some(parties) => check.whole("/waitlistMax", parties, 1, CAPACITY_MAX).map(Some),
        };
        for (pointer, at) in [("/promoteUntil", self.promote_until), ("/cancelUntil", self.cancel_until)] {
            if let (Some(at), Some(table)) = (at, timetable) {
                check.that(
                    at <= table.ends_at(),
                    pointer,
                    "不能晚于末次课结束",
                    "must not be after the last lesson",
                );
            }
        }
        let (opens_at, closes_at) = window?;
        Some(Seating {
            capacity: capacity?,
            admission: admission?,
            opens_at,
            closes_at,
            waitlist: waitlist?,
            waitlist_max: waitlist_max?,
            promote_until: self.promote_until,
            cancel_until: self.cancel_until,
        })
    }

    fn window(&self, check: &mut Check, timetable: Option<&Timetable>) -> Option<(Instant, Instant)> {
        let (opens, closes) = (self.opens_at?, self.closes_at?);
        check.that(opens < closes, "/closesAt", "须晚于开放报名时间", "must be after it opens");
        if let Some(table) = timetable {
            check.that(
                closes <= table.ends_at(),
                "/closesAt",
                "不能晚于末次课结束",
                "must not be after the last lesson",
            );
        }
        Some((opens, closes))
    }

    fn admission(&self, check: &mut Check, timetable: Option<&Timetable>) -> Option<Admission> {
        let kind = self.admission?;
        check.that(
            self.draw_at.is_none() || kind == AdmissionKind::Lottery,
            "/drawAt",
            "只有抽签的课程才有开奖时间",
            "only a lottery is drawn at a time",
        );
        check.that(
            self.fair_minutes.is_none() || kind == AdmissionKind::FairOpen,
            "/fairMinutes",
            "只有公平开放的课程才有登记时长",
            "only a fair opening takes entries for some minutes",
        );
        match kind {
            AdmissionKind::FirstCome => Some(Admission::FirstCome),
            AdmissionKind::Approval => Some(Admission::Approval),
            AdmissionKind::Lottery => self.lottery(check, timetable),
            AdmissionKind::FairOpen => self.fair_open(check),
        }
    }

    fn lottery(&self, check: &mut Check, timetable: Option<&Timetable>) -> Option<Admission> {
        let Some(draw_at) = self.draw_at else {
            check.wrong("/drawAt", "抽签的课程须有开奖时间", "a lottery needs the time of its draw");
            return None;
        };
        if let Some(closes) = self.closes_at {
            check.that(draw_at >= closes, "/drawAt", "不能早于截止报名", "must not be before it closes");
        }
        if let Some(table) = timetable {
            check.that(
                draw_at < table.starts_at(),
                "/drawAt",
                "须早于首课",
                "must be before the first lesson",
            );
        }
        Some(Admission::Lottery { draw_at })
    }

    fn fair_open(&self, check: &mut Check) -> Option<Admission> {
        let Some(minutes) = self.fair_minutes else {
            check.wrong("/fairMinutes", "公平开放的课程须有登记时长", "a fair opening needs its minutes");
            return None;
        };
        let minutes: u16 = check.whole("/fairMinutes", minutes, 1, FAIR_MINUTES_MAX)?;
        if let (Some(opens), Some(closes)) = (self.opens_at, self.closes_at) {
            let until = opens + chrono::TimeDelta::minutes(i64::from(minutes));
            check.that(
                until <= closes,
                "/fairMinutes",
                "登记不能长于报名窗口",
                "must end before enrolment closes",
            );
        }
        Some(Admission::FairOpen { minutes })
    }

    fn waitlist(&self, check: &mut Check) -> Option<Waitlist> {
        let kind = self.waitlist?;
        if kind != WaitlistKind::Offer {
            check.that(
                self.offer_minutes.is_none(),
                "/offerMinutes",
                "只有通知递补才有确认时长",
                "only an offered seat stands for some minutes",
            );
        }
        Some(match kind {
            WaitlistKind::Off => {
                check.that(
                    self.waitlist_max.is_none(),
                    "/waitlistMax",
                    "没有候补名单",
                    "there is no waiting list",
                );
                Waitlist::Off
            }
            WaitlistKind::Instant => Waitlist::Instant,
            WaitlistKind::Offer => {
                let minutes = self.offer_minutes.unwrap_or(i64::from(OFFER_MINUTES_DEFAULT));
                Waitlist::Offer { minutes: check.whole("/offerMinutes", minutes, 5, OFFER_MINUTES_MAX)? }
            }
        })
    }
}

impl Seating {
    /// As it would be sent.
    pub fn to_draft(&self) -> SeatingDraft {
        let (draw_at, fair_minutes) = match self.admission {
            Admission::Lottery { draw_at } => (Some(draw_at), None),
            Admission::FairOpen { minutes } => (None, Some(i64::from(minutes))),
            Admission::FirstCome | Admission::Approval => (None, None),
        };
        let (waitlist, offer_minutes) = match self.waitlist {
            Waitlist::Off => (WaitlistKind::Off, None),
            Waitlist::Instant => (WaitlistKind::Instant, None),
            Waitlist::Offer { minutes } => (WaitlistKind::Offer, Some(i64::from(minutes))),
        };
        SeatingDraft {
            capacity: self.capacity.map(i64::from),
            admission: Some(AdmissionKind::of(self.admission)),
            draw_at,
            fair_minutes,
            opens_at: Some(self.opens_at),
            closes_at: Some(self.closes_at),
            waitlist: Some(waitlist),
            offer_minutes,
            waitlist_max: self.waitlist_max.map(i64::from),
            promote_until: self.promote_until,
            cancel_until: self.cancel_until,
        }
    }
}

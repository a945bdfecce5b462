//! `PUT|DELETE /classes/{id}/enrolment`: the button that a whole city presses at ten.
//!
//! Between the token and the desk nothing is read from the database: the class is in the catalogue, the person is locked and
//! read by the batch.

use crate::app::App;
use crate::booking::view::{BookingView, Surroundings};
use crate::http::problem::Answer;
use crate::http::{Id, OptionalBody, Problem};
use crate::identity::SignedIn;
use crate::subject::Subject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::booking::command::{By, Command, Outcome, Take, Target, Verb};
use domain::id::{BookingId, ClassId, QuotaId};
use infra::booking::mine;
use infra::night_school::catalogue::Listed;
use serde::Deserialize;
use utoipa::ToSchema;

/// How to enrol.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnrolmentRequest {
    /// Whether to join the waiting list when there is no seat (default true).
    #[serde(default = "yes")]
    waitlist: bool,
    /// A booking of mine to be given up if, and only if, a seat is won.
    #[schema(value_type = Option<String>)]
    instead_of: Option<BookingId>,
}

fn yes() -> bool {
    true
}

/// Enrol
///
/// 201 with the new booking: `confirmed`, `waitlisted` (with its place), `pending` (the host decides) or `entered` (a draw);
/// 200 with the booking one has already. Repeating it is safe and answered the same. Refused: `not_open_yet`, `closed`, `sold_out`,
/// `drawing`, `limit_reached`, `schedule_conflict`, `not_eligible`, `profile_incomplete`, `consent_required`.
#[utoipa::path(put, path = "/api/v1/classes/{id}/enrolment", operation_id = "enrol", tag = "night school",
    params(("id" = String, Path, description = "cls_…")), security(("bearer" = [])), request_body = EnrolmentRequest,
    responses((status = 200, body = BookingView), (status = 201, body = BookingView)))]
pub async fn put(
    State(app): State<App>,
    me: SignedIn,
    Id(id): Id<ClassId>,
    OptionalBody(request): OptionalBody<EnrolmentRequest>,
) -> Answer<(StatusCode, Json<BookingView>)> {
    let listed = app.classes.class(id).await?.ok_or_else(Problem::not_found)?;
    let take = Take {
        id: app.random.id(app.now()),
        party: 1,
        waitlist: request.waitlist,
        instead_of: instead_of(&app, &me, request.instead_of).await?,
        answers: None,
    };
    let command = Command { quota: listed.class.quota, person: Some(me.person), verb: Verb::Take(take) };
    let Outcome::Booking { booking, created, position, seats_left } = app.desk.submit(command).await? else {
        return Err(Problem::not_found());
    };
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    if !created {
        // The place in the line and what was paid are read where they are stored.
        let now = app.now();
        if let Some(mine) = mine::one(&app.database, me.person, booking.id, now).await? {
            return Ok((status, Json(BookingView::of(mine, Subject::class(&listed), now))));
        }
    }
    let around = surroundings(&listed, position, seats_left);
    Ok((status, Json(BookingView::new(*booking, around, app.now()))))
}

fn surroundings(listed: &Listed, position: Option<u32>, seats_left: Option<u32>) -> Surroundings {
    Surroundings {
        subject: Subject::class(listed),
        position,
        seats_left,
        cancel_until: listed.settings.cancel_until,
        ends_at: Some(listed.class.spec.timetable.ends_at()),
        paid: false,
    }
}

/// The quota of a booking of mine; somebody else's does not exist for me.
async fn instead_of(
    app: &App,
    me: &SignedIn,
    old: Option<BookingId>,
) -> Answer<Option<(QuotaId, BookingId)>> {
    let Some(old) = old else { return Ok(None) };
    let owner = mine::owner(&app.database, old).await?.filter(|(_, person)| *person == me.person);
    let (quota, _) =
        owner.ok_or_else(|| Problem::invalid("/insteadOf", "没有这个预约", "you have no such booking"))?;
    Ok(Some((quota, old)))
}

/// Give my place up
///
/// The seat goes to the first in the line at once. Giving up nothing is done already.
#[utoipa::path(delete, path = "/api/v1/classes/{id}/enrolment", operation_id = "cancelEnrolment", tag = "night school",
    params(("id" = String, Path, description = "cls_…")), security(("bearer" = [])), responses((status = 204)))]
pub async fn delete(State(app): State<App>, me: SignedIn, Id(id): Id<ClassId>) -> Answer<StatusCode> {
    let listed = app.classes.class(id).await?.ok_or_else(Problem::not_found)?;
    let verb = Verb::Cancel { target: Target::Own, by: By::Person, reason: None };
    app.desk.submit(Command { quota: listed.class.quota, person: Some(me.person), verb }).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! `GET /me/home`: the first screen, in one answer. Stands above the products.

use crate::app::App;
use crate::booking::view::BookingView;
use crate::http::problem::Answer;
use crate::identity::SignedIn;
use crate::night_school::card::{ClassCard, phase};
use crate::subject;
use axum::Json;
use axum::extract::State;
use domain::booking::state::State as BookingState;
use domain::geo::Datum;
use domain::night_school::Phase;
use domain::time::Instant;
use infra::booking::mine::{self, Filter, When};
use infra::notice;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Bookings looked through; nobody has more live ones.
const BOOKINGS_MAX: u32 = 100;
/// Classes that open soon, at most.
const SOON_MAX: usize = 5;
/// How soon that is, in hours.
const SOON_HOURS: i64 = 48;

/// The first screen.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Home {
    /// The booking whose next hour comes first.
    next: Option<BookingView>,
    /// Offered seats that wait for an answer.
    to_answer: Vec<BookingView>,
    /// Classes whose enrolment opens within two days.
    opening_soon: Vec<ClassCard>,
    /// Unread notices.
    unread: u64,
}

/// The routes of this file.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(home))
}

/// The first screen
#[utoipa::path(get, path = "/api/v1/me/home", operation_id = "getMyHome", tag = "booking",
    security(("bearer" = [])), responses((status = 200, body = Home)))]
pub async fn home(State(app): State<App>, me: SignedIn) -> Answer<Json<Home>> {
    let now = app.now();
    let filter = Filter {
        states: vec![BookingState::Confirmed, BookingState::Offered],
        when: Some(When::Upcoming),
        limit: BOOKINGS_MAX,
        ..Filter::default()
    };
    let (mut to_answer, mut next) = (Vec::new(), None::<(Instant, BookingView)>);
    for mine in mine::list(&app.database, me.person, &filter, now).await? {
        let (offered, begins) = (mine.booking.state == BookingState::Offered, mine.next);
        let subject = subject::one(&app, mine.kind, mine.subject).await?;
        let view = BookingView::of(mine, subject, now);
        if offered {
            to_answer.push(view);
        } else if let Some((begins, _)) = begins
            && next.as_ref().is_none_or(|(first, _)| begins < *first)
        {
            next = Some((begins, view));
        }
    }
    let opening_soon = opening_soon(&app, now).await?;
    let unread = notice::unread(app.database.reader(), me.person).await?;
    Ok(Json(Home { next: next.map(|(_, view)| view), to_answer, opening_soon, unread }))
}

async fn opening_soon(app: &App, now: Instant) -> Answer<Vec<ClassCard>> {
    let (snapshot, standings) = (app.classes.snapshot().await?, app.classes.standings().await?);
    let until = now + chrono::TimeDelta::hours(SOON_HOURS);
    let mut soon: Vec<_> = snapshot
        .classes
        .iter()
        .map(|listed| (listed, standings.get(&listed.class.quota).copied().unwrap_or(listed.class.standing)))
        .filter(|(listed, standing)| {
            phase(listed, standing, now) == Phase::Upcoming && listed.settings.opens_at <= until
        })
        .collect();
    soon.sort_by_key(|(listed, _)| (listed.settings.opens_at, listed.class.id));
    soon.truncate(SOON_MAX);
    Ok(soon
        .iter()
        .map(|(listed, standing)| ClassCard::new(listed, standing, Datum::Gcj02, None, now))
        .collect())
}

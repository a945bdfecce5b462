//! `/me/bookings`: listing, reading, giving up, and answering an offered seat.

use crate::app::App;
use crate::booking::view::BookingView;
use crate::http::page::{List, Page};
use crate::http::problem::Answer;
use crate::http::{Id, Params, Problem};
use crate::identity::SignedIn;
use crate::subject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::booking::command::{By, Command, Target, Verb};
use domain::booking::quota::Kind;
use domain::booking::state::State as BookingState;
use domain::id::{BookingId, ClassId, EventId, OfferId};
use infra::booking::mine::{self, Filter, When};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Which of my bookings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// `class`, `event` or `offer`.
    kind: Option<String>,
    /// States, separated by commas.
    state: Option<String>,
    /// `upcoming` or `past`.
    when: Option<String>,
    /// Ids of classes, events, offers, separated by commas (at most 100).
    subject: Option<String>,
    /// How many at most (1–100, default 20).
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// Ids in one query at most.
pub const SUBJECTS_MAX: usize = 100;

/// The uuid of a class, event or offer.
pub fn subject_id(text: &str) -> Option<(Kind, Uuid)> {
    let class = text.parse::<ClassId>().map(|id| (Kind::Class, id.0));
    let event = || text.parse::<EventId>().map(|id| (Kind::Event, id.0));
    let offer = || text.parse::<OfferId>().map(|id| (Kind::Offer, id.0));
    class.or_else(|_| event()).or_else(|_| offer()).ok()
}

/// The ids in a comma-separated list.
pub fn subject_ids(text: &str) -> Answer<Vec<(Kind, Uuid)>> {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > SUBJECTS_MAX {
        let (zh, en) = (format!("一次最多 {SUBJECTS_MAX} 个"), format!("{SUBJECTS_MAX} at most"));
        return Err(Problem::invalid("subject", zh, en));
    }
    let one = |part: &&str| {
        subject_id(part).ok_or_else(|| {
            Problem::invalid("subject", format!("“{part}”不是有效的编号"), format!("{part} is no id"))
        })
    };
    parts.iter().map(one).collect()
}

impl Query {
    fn filter(&self) -> Answer<(Filter, Page)> {
        let unknown = |field: &str, what: &str| {
            Problem::invalid(field, format!("无法识别“{what}”"), format!("{what} is unknown"))
        };
        let kind =
            self.kind.as_deref().map(|word| Kind::from_word(word).ok_or_else(|| unknown("kind", word)));
        let states = self.state.as_deref().unwrap_or_default().split(',').filter(|word| !word.is_empty());
        let states = states.map(|word| word.parse::<BookingState>().map_err(|_| unknown("state", word)));
        let when = match self.when.as_deref() {
            None => None,
            Some("upcoming") => Some(When::Upcoming),
            Some("past") => Some(When::Past),
            Some(other) => return Err(unknown("when", other)),
        };
        let page = Page::parse(self.limit, self.cursor.as_deref())?;
        let filter = Filter {
            kind: kind.transpose()?,
            states: states.collect::<Answer<_>>()?,
            when,
            subjects: subject_ids(self.subject.as_deref().unwrap_or_default())?
                .into_iter()
                .map(|(_, id)| id)
                .collect(),
            before: page.after::<BookingId>()?,
            limit: page.limit + 1,
        };
        Ok((filter, page))
    }
}

/// My bookings
///
/// Newest first, of every kind.
#[utoipa::path(get, path = "/api/v1/me/bookings", operation_id = "listMyBookings", tag = "booking",
    params(Query), security(("bearer" = [])), responses((status = 200, body = List<BookingView>)))]
pub async fn list(
    State(app): State<App>,
    me: SignedIn,
    Params(query): Params<Query>,
) -> Answer<Json<List<BookingView>>> {
    let (filter, page) = query.filter()?;
    let now = app.now();
    let mut items = Vec::new();
    for mine in mine::list(&app.database, me.person, &filter, now).await? {
        let subject = subject::one(&app, mine.kind, mine.subject).await?;
        items.push((mine.booking.id, BookingView::of(mine, subject, now)));
    }
    Ok(Json(List::cut(items, &page, |(id, _)| *id).map(|(_, view)| view)))
}

/// One of my bookings
#[utoipa::path(get, path = "/api/v1/me/bookings/{id}", operation_id = "getMyBooking", tag = "booking",
    params(("id" = String, Path, description = "bkg_…")), security(("bearer" = [])),
    responses((status = 200, body = BookingView)))]
pub async fn one(State(app): State<App>, me: SignedIn, Id(id): Id<BookingId>) -> Answer<Json<BookingView>> {
    Ok(Json(read(&app, &me, id).await?))
}

/// Give a booking up
///
/// What is not there any more is given up already.
#[utoipa::path(delete, path = "/api/v1/me/bookings/{id}", operation_id = "cancelMyBooking", tag = "booking",
    params(("id" = String, Path, description = "bkg_…")), security(("bearer" = [])), responses((status = 204)))]
pub async fn cancel(State(app): State<App>, me: SignedIn, Id(id): Id<BookingId>) -> Answer<StatusCode> {
    let verb = Verb::Cancel { target: Target::Booking(id), by: By::Person, reason: None };
    if infra::booking::mine::owner(&app.database, id).await?.is_some_and(|(_, person)| person == me.person) {
        answer(&app, &me, id, verb).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Accept an offered seat
///
/// Repeating it is answered the same. Limits and hours are checked now; if they forbid it the offer stands until it runs out.
#[utoipa::path(post, path = "/api/v1/me/bookings/{id}/accept", operation_id = "acceptMyBooking", tag = "booking",
    params(("id" = String, Path, description = "bkg_…")), security(("bearer" = [])),
    responses((status = 200, body = BookingView)))]
pub async fn accept(
    State(app): State<App>,
    me: SignedIn,
    Id(id): Id<BookingId>,
) -> Answer<Json<BookingView>> {
    answer(&app, &me, id, Verb::Accept(id)).await?;
    Ok(Json(read(&app, &me, id).await?))
}

/// Decline an offered seat
///
/// It goes to the next in the line at once. Repeating it changes nothing.
#[utoipa::path(post, path = "/api/v1/me/bookings/{id}/decline", operation_id = "declineMyBooking", tag = "booking",
    params(("id" = String, Path, description = "bkg_…")), security(("bearer" = [])),
    responses((status = 200, body = BookingView)))]
pub async fn decline(
    State(app): State<App>,
    me: SignedIn,
    Id(id): Id<BookingId>,
) -> Answer<Json<BookingView>> {
    answer(&app, &me, id, Verb::Decline(id)).await?;
    Ok(Json(read(&app, &me, id).await?))
}

async fn answer(app: &App, me: &SignedIn, id: BookingId, verb: Verb) -> Answer<()> {
    let owner = mine::owner(&app.database, id).await?;
    let (quota, person) = owner.filter(|(_, person)| *person == me.person).ok_or_else(Problem::not_found)?;
    app.desk.submit(Command { quota, person: Some(person), verb }).await?;
    Ok(())
}

async fn read(app: &App, me: &SignedIn, id: BookingId) -> Answer<BookingView> {
    let now = app.now();
    let mine = mine::one(&app.database, me.person, id, now).await?.ok_or_else(Problem::not_found)?;
    let subject = subject::one(app, mine.kind, mine.subject).await?;
    Ok(BookingView::of(mine, subject, now))
}

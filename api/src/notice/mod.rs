//! `/me/notices`: what somebody was told who did not ask.

use crate::app::App;
use crate::http::page::Page;
use crate::http::problem::Answer;
use crate::http::{Body, Params};
use crate::identity::SignedIn;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use chrono::{DateTime, FixedOffset};
use domain::booking::command::Tell;
use domain::booking::quota::Kind;
use domain::id::{ClassId, EventId, NoticeId, OfferId};
use domain::language::Language;
use domain::notice::text;
use domain::time::local;
use infra::notice::{self, Notice};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this context.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(mark_read))
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many at most (1–100, default 20).
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// What a notice is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectView {
    /// `cls_…`, `evt_…` or `ofr_…`
    id: String,
    /// Its title, in the reader's language; absent where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

/// A notice, in the reader's language.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticeView {
    /// `ntc_…`
    id: String,
    /// `seat_given`, `seat_offered`, `offer_expired`, `passed_over`, `queued`, `rejected`, `removed`, `subject_cancelled`.
    kind: &'static str,
    /// What happened.
    text: String,
    /// About which class, event or offer.
    subject: SubjectView,
    /// About which booking.
    #[serde(skip_serializing_if = "Option::is_none")]
    booking: Option<String>,
    /// Until when an offered seat is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<DateTime<FixedOffset>>,
    /// Whether it was read.
    read: bool,
    /// When it happened.
    created_at: DateTime<FixedOffset>,
}

/// A page of notices.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticeList {
    /// Newest first.
    items: Vec<NoticeView>,
    /// Gives the next page as `cursor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    /// How many are unread.
    unread: u64,
}

/// Up to which notice everything is read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadRequest {
    /// `ntc_…`
    #[schema(value_type = String)]
    up_to: NoticeId,
}

/// How many are left.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unread {
    /// How many are unread.
    unread: u64,
}

fn view(notice: Notice, language: Language) -> NoticeView {
    let (zh, en) = (notice.title.clone(), notice.title_en.or(notice.title));
    let title = language.choose(zh, en);
    let id = match notice.subject_kind {
        Kind::Class => ClassId(notice.subject).to_string(),
        Kind::Event => EventId(notice.subject).to_string(),
        Kind::Offer => OfferId(notice.subject).to_string(),
    };
    NoticeView {
        id: notice.id.to_string(),
        kind: notice.tell.word(),
        text: text(notice.tell, title.as_deref().unwrap_or_default(), notice.reason.as_deref(), language),
        subject: SubjectView { id, title },
        until: match notice.tell {
            Tell::SeatOffered(until) => Some(local(until)),
            _ => None,
        },
        booking: notice.booking.map(|booking| booking.to_string()),
        read: notice.is_read,
        created_at: local(notice.created_at),
    }
}

/// What I was told
#[utoipa::path(get, path = "/api/v1/me/notices", operation_id = "listMyNotices", tag = "notice", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, body = NoticeList)))]
pub async fn list(
    State(app): State<App>,
    me: SignedIn,
    headers: HeaderMap,
    Params(query): Params<PageQuery>,
) -> Answer<Json<NoticeList>> {
    let page = Page::parse(query.limit, query.cursor.as_deref())?;
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
    let language = accepted.map_or_else(Language::default, Language::accepted);
    let reader = app.database.reader();
    let notices = notice::list(reader, me.person, page.after()?, page.limit + 1).await?;
    let list = crate::http::page::List::cut(notices, &page, |notice| notice.id);
    let unread = notice::unread(reader, me.person).await?;
    let list = list.map(|notice| view(notice, language));
    Ok(Json(NoticeList { items: list.items, next_cursor: list.next_cursor, unread }))
}

/// I have read them
#[utoipa::path(post, path = "/api/v1/me/notices/read", operation_id = "readMyNotices", tag = "notice",
    security(("bearer" = [])), request_body = ReadRequest, responses((status = 200, body = Unread)))]
pub async fn mark_read(
    State(app): State<App>,
    me: SignedIn,
    Body(request): Body<ReadRequest>,
) -> Answer<Json<Unread>> {
    let unread = notice::mark_read(&app.database, me.person, request.up_to, app.now()).await?;
    Ok(Json(Unread { unread }))
}

//! `GET /classes/{id}/roster`, `…/roster.csv`, `…/roster.xlsx`. Every reading is in the audit log.

use super::rights::{ClassEditor, ClassStaff};
use crate::app::App;
use crate::http::Params;
use crate::http::page::{List, Page};
use crate::http::problem::Answer;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, FixedOffset};
use domain::booking::state::State as BookingState;
use domain::time::local;
use infra::night_school::roster::{DOWNLOAD_MAX, Entry, entries};
use infra::spreadsheet;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RosterQuery {
    /// How many at most (1–100, default 20).
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// A person on a roster.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterPerson {
    /// `prs_…`
    id: String,
    /// What others see of them.
    nickname: Option<String>,
}

/// A line of a roster.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterEntry {
    /// `bkg_…`
    booking_id: String,
    /// Whose.
    person: RosterPerson,
    /// Where it stands.
    state: &'static str,
    /// Seats.
    party: u32,
    /// The place in the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u32>,
    /// When it was made.
    created_at: DateTime<FixedOffset>,
}

impl From<Entry> for RosterEntry {
    fn from(entry: Entry) -> Self {
        Self {
            booking_id: entry.booking.to_string(),
            person: RosterPerson { id: entry.person.to_string(), nickname: entry.nickname },
            state: entry.state.word(),
            party: entry.party,
            position: entry.position,
            created_at: local(entry.created_at),
        }
    }
}

async fn audited(app: &App, staff: &ClassEditor, how: &'static str) -> Answer<()> {
    let entry = staff.acting.did(how, "class", staff.listed.class.id);
    entry.record(&app.database, &app.random, app.now()).await?;
    Ok(())
}

/// The roster
///
/// Live bookings in order of their tickets. For staff of the school.
#[utoipa::path(get, path = "/api/v1/classes/{id}/roster", operation_id = "getRoster", tag = "night school editing",
    params(("id" = String, Path, description = "cls_…"), RosterQuery), security(("bearer" = [])),
    responses((status = 200, body = List<RosterEntry>)))]
pub async fn json(
    State(app): State<App>,
    ClassStaff(staff): ClassStaff,
    Params(query): Params<RosterQuery>,
) -> Answer<Json<List<RosterEntry>>> {
    let page = Page::parse(query.limit, query.cursor.as_deref())?;
    let after = page.after::<i64>()?.unwrap_or_default();
    audited(&app, &staff, "roster.read").await?;
    let found = entries(&app.database, staff.listed.class.quota, after, page.limit + 1).await?;
    Ok(Json(List::cut(found, &page, |entry| entry.seq).map(Into::into)))
}

const HEADER: [&str; 6] = ["序号", "昵称", "状态", "候补位次", "报名时间", "预约编号"];

fn state(state: BookingState) -> &'static str {
    match state {
        BookingState::Pending => "待审核",
        BookingState::Entered => "已登记抽签",
        BookingState::Waitlisted => "候补",
        BookingState::Offered => "待确认",
        BookingState::Confirmed => "已确认",
        BookingState::Attended => "已到",
        BookingState::NoShow => "未到",
        _ => "已结束",
    }
}

async fn table(app: &App, staff: &ClassEditor) -> Answer<Vec<Vec<String>>> {
    audited(app, staff, "roster.download").await?;
    let found = entries(&app.database, staff.listed.class.quota, 0, DOWNLOAD_MAX).await?;
    let line = |(number, entry): (usize, Entry)| {
        vec![
            number.to_string(),
            entry.nickname.unwrap_or_default(),
            state(entry.state).to_owned(),
            entry.position.map(|place| place.to_string()).unwrap_or_default(),
            local(entry.created_at).format("%Y-%m-%d %H:%M:%S").to_string(),
            entry.booking.to_string(),
        ]
    };
    Ok((1..).zip(found).map(line).collect())
}

fn download(content_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let headers: [(HeaderName, String); 3] = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// The roster as CSV
///
/// UTF-8 with a byte order mark, so that Excel opens it; no cell is a formula.
#[utoipa::path(get, path = "/api/v1/classes/{id}/roster.csv", operation_id = "getRosterCsv", tag = "night school editing",
    params(("id" = String, Path, description = "cls_…")), security(("bearer" = [])),
    responses((status = 200, content_type = "text/csv")))]
pub async fn csv(State(app): State<App>, ClassStaff(staff): ClassStaff) -> Answer<Response> {
    let bytes = spreadsheet::csv(&HEADER, &table(&app, &staff).await?)?;
    Ok(download("text/csv; charset=utf-8", "roster.csv", bytes))
}

/// The roster as a workbook
#[utoipa::path(get, path = "/api/v1/classes/{id}/roster.xlsx", operation_id = "getRosterXlsx", tag = "night school editing",
    params(("id" = String, Path, description = "cls_…")), security(("bearer" = [])),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn xlsx(State(app): State<App>, ClassStaff(staff): ClassStaff) -> Answer<Response> {
    let bytes = spreadsheet::xlsx("名单", &HEADER, &table(&app, &staff).await?)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(download(kind, "roster.xlsx", bytes))
}

//! `GET /classes`, `/classes/{id}`, `/classes/{id}/lessons`: the same bytes for everybody.

use super::card::{ClassCard, ClassDetail, PlaceView, place};
use super::filter::{ClassQuery, datum};
use crate::app::App;
use crate::http::page::List;
use crate::http::problem::Answer;
use crate::http::{Id, Params, Problem, etag};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use domain::id::ClassId;
use domain::time::local;
use infra::Error;
use infra::cache::Key;
use infra::night_school::edit::TOPIC;
use infra::night_school::read;
use infra::night_school::record::Lesson;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

/// How long a rendered answer is kept; with the age of the figures in it, no figure is older than a second.
const KEPT: Duration = Duration::from_millis(650);
/// A query longer than this is not kept: nobody asks it twice.
const QUERY_CHARS_MAX: usize = 512;

/// The datum of positions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DatumQuery {
    /// `gcj02` (default) or `wgs84`.
    datum: Option<String>,
}

/// A meeting of a class.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LessonView {
    /// `lsn_…`
    id: String,
    /// Its place, from 1.
    ordinal: u32,
    /// When it begins.
    starts_at: DateTime<FixedOffset>,
    /// When it ends.
    ends_at: DateTime<FixedOffset>,
    /// Where.
    place: PlaceView,
}

/// All meetings of a class.
#[derive(Debug, Serialize, ToSchema)]
pub struct LessonList {
    /// In order.
    items: Vec<LessonView>,
}

/// The bytes of `value`.
pub fn rendered(value: &impl Serialize) -> Result<Bytes, Error> {
    serde_json::to_vec(value).map(Bytes::from).map_err(|error| Error::Stored(error.to_string()))
}

/// A problem on the way to cached bytes.
pub fn as_error(problem: Problem) -> Error {
    match problem {
        Problem::Refused(refusal) => Error::Refused(refusal),
        other => Error::Unavailable(format!("{other:?}")),
    }
}

/// Answers with what is kept under `name`, or with what `load` gives.
pub async fn kept(
    app: &App,
    headers: &HeaderMap,
    name: &str,
    load: impl Future<Output = Result<Bytes, Error>>,
) -> Answer<Response> {
    let entry = app.cache.get_or_load(Key { topics: &[TOPIC], name }, KEPT, load).await?;
    Ok(etag::answer(headers, entry.bytes, entry.etag))
}

/// Classes
///
/// Published ones; what is over or called off only where `phase` or `from` asks for it. Nearest first with `near`, else by
/// the first lesson. Figures are at most a second old; enrolment itself is always exact.
#[utoipa::path(get, path = "/api/v1/classes", operation_id = "listClasses", tag = "night school", params(ClassQuery),
    responses((status = 200, body = List<ClassCard>), (status = 304)))]
pub async fn list(State(app): State<App>, headers: HeaderMap, RawQuery(query): RawQuery) -> Answer<Response> {
    let query = query.unwrap_or_default();
    let load = async {
        let (snapshot, standings) = (app.classes.snapshot().await?, app.classes.standings().await?);
        let uri: Uri =
            format!("/?{query}").parse().map_err(|_| Error::Stored("a query that is none".into()))?;
        let read = axum::extract::Query::<ClassQuery>::try_from_uri(&uri);
        let asked = read.map_err(|error| as_error(crate::http::parameters::explain(&error.body_text())))?;
        let filter = asked.read().map_err(as_error)?;
        rendered(&filter.list(&snapshot, &standings, app.now()).map_err(as_error)?)
    };
    if query.len() > QUERY_CHARS_MAX {
        return Err(Problem::invalid("", "查询太长", "the query is too long"));
    }
    kept(&app, &headers, &format!("classes?{query}"), load).await
}

/// A class
#[utoipa::path(get, path = "/api/v1/classes/{id}", operation_id = "getClass", tag = "night school",
    params(("id" = String, Path, description = "cls_…"), DatumQuery),
    responses((status = 200, body = ClassDetail), (status = 304)))]
pub async fn one(
    State(app): State<App>,
    headers: HeaderMap,
    Id(id): Id<ClassId>,
    Params(query): Params<DatumQuery>,
) -> Answer<Response> {
    let datum = datum(query.datum.as_deref())?;
    let listed = app.classes.class(id).await?.ok_or_else(Problem::not_found)?;
    let load = async {
        let standings = app.classes.standings().await?;
        let standing = standings.get(&listed.class.quota).copied().unwrap_or(listed.class.standing);
        rendered(&ClassDetail::new(&listed, &standing, datum, app.now()))
    };
    kept(&app, &headers, &format!("classes/{id}?{}", datum.word()), load).await
}

/// The lessons of a class
#[utoipa::path(get, path = "/api/v1/classes/{id}/lessons", operation_id = "listLessons", tag = "night school",
    params(("id" = String, Path, description = "cls_…"), DatumQuery),
    responses((status = 200, body = LessonList), (status = 304)))]
pub async fn lessons(
    State(app): State<App>,
    headers: HeaderMap,
    Id(id): Id<ClassId>,
    Params(query): Params<DatumQuery>,
) -> Answer<Response> {
    let datum = datum(query.datum.as_deref())?;
    let listed = app.classes.class(id).await?.ok_or_else(Problem::not_found)?;
    let load = async {
        let lessons = read::lessons(app.database.reader(), id).await?;
        let view = |lesson: Lesson| LessonView {
            id: lesson.id.to_string(),
            ordinal: lesson.ordinal,
            starts_at: local(lesson.starts_at),
            ends_at: local(lesson.ends_at),
            place: place(&listed.school, datum, None),
        };
        rendered(&LessonList { items: lessons.into_iter().map(view).collect() })
    };
    kept(&app, &headers, &format!("lessons/{id}?{}", datum.word()), load).await
}

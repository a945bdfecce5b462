//! `GET /schools`, `/schools/{id}`, `/terms`.

use super::card::{PlaceView, place};
use super::classes::{as_error, kept, rendered};
use super::filter::datum;
use crate::app::App;
use crate::http::page::{List, Page};
use crate::http::problem::Answer;
use crate::http::{Id, Params, Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;
use domain::geo::Datum;
use domain::id::SchoolId;
use infra::night_school::record::{School, Term};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which page, in which datum.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlaceQuery {
    /// `gcj02` (default) or `wgs84`.
    datum: Option<String>,
    /// How many at most (1–100, default 20).
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// A night school.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchoolView {
    /// `sch_…`
    id: String,
    /// Its code in the city's tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Its name.
    name: String,
    /// Its English name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_en: Option<String>,
    /// Whose members run it: `org_…`
    organisation: String,
    /// Where it is.
    place: PlaceView,
    /// Classes one person may take here in a term; absent = no limit of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_classes_per_person: Option<u16>,
    /// Whether it is made up.
    fictional: bool,
    /// Counts its edits.
    version: i64,
}

/// A term.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermView {
    /// `trm_…`
    id: String,
    /// Its code in the city's tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Its name.
    name: String,
    /// Its English name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_en: Option<String>,
    /// Its first day.
    starts_on: NaiveDate,
    /// Its last day.
    ends_on: NaiveDate,
    /// Classes one person may take in it, over all schools.
    max_classes_per_person: u16,
    /// Counts its edits.
    version: i64,
}

impl SchoolView {
    /// The view of `school`.
    pub fn new(school: &School, datum: Datum) -> Self {
        Self {
            id: school.id.to_string(),
            code: school.code.clone(),
            name: school.spec.name.clone(),
            name_en: school.spec.name_en.clone(),
            organisation: school.organisation.to_string(),
            place: place(school, datum, None),
            max_classes_per_person: school.spec.max_classes_per_person,
            fictional: school.fictional,
            version: school.version,
        }
    }
}

impl From<&Term> for TermView {
    fn from(term: &Term) -> Self {
        Self {
            id: term.id.to_string(),
            code: term.code.clone(),
            name: term.spec.name.clone(),
            name_en: term.spec.name_en.clone(),
            starts_on: term.spec.starts_on,
            ends_on: term.spec.ends_on,
            max_classes_per_person: term.spec.max_classes_per_person,
            version: term.version,
        }
    }
}

/// A page of `all`, where the cursor counts those before it: both lists are short and change seldom.
fn page<T>(all: &[T], page: &Page) -> Answer<List<(usize, T)>>
where
    T: Clone,
{
    let start = page.after::<usize>()?.map_or(0, |last| last + 1);
    let items = all.iter().cloned().enumerate().skip(start).take(page.limit as usize + 1).collect();
    Ok(List::cut(items, page, |(place, _)| *place))
}

/// Night schools
#[utoipa::path(get, path = "/api/v1/schools", operation_id = "listSchools", tag = "night school", params(PlaceQuery),
    responses((status = 200, body = List<SchoolView>), (status = 304)))]
pub async fn schools(
    State(app): State<App>,
    headers: HeaderMap,
    Params(query): Params<PlaceQuery>,
) -> Answer<Response> {
    let datum = datum(query.datum.as_deref())?;
    let asked = Page::parse(query.limit, query.cursor.as_deref())?;
    let load = async {
        let snapshot = app.classes.snapshot().await?;
        let list = page(&snapshot.schools, &asked).map_err(as_error)?;
        rendered(&list.map(|(_, school)| SchoolView::new(&school, datum)))
    };
    let cursor = query.cursor.as_deref().unwrap_or_default();
    kept(&app, &headers, &format!("schools?{}&{}&{cursor}", datum.word(), asked.limit), load).await
}

/// A night school
#[utoipa::path(get, path = "/api/v1/schools/{id}", operation_id = "getSchool", tag = "night school",
    params(("id" = String, Path, description = "sch_…"), PlaceQuery),
    responses((status = 200, body = SchoolView), (status = 304)))]
pub async fn school(
    State(app): State<App>,
    headers: HeaderMap,
    Id(id): Id<SchoolId>,
    Params(query): Params<PlaceQuery>,
) -> Answer<Response> {
    let datum = datum(query.datum.as_deref())?;
    let snapshot = app.classes.snapshot().await?;
    let school = snapshot.school(id).ok_or_else(Problem::not_found)?;
    let load = async { rendered(&SchoolView::new(school, datum)) };
    kept(&app, &headers, &format!("schools/{id}?{}", datum.word()), load).await
}

/// Terms
///
/// The latest first.
#[utoipa::path(get, path = "/api/v1/terms", operation_id = "listTerms", tag = "night school", params(PlaceQuery),
    responses((status = 200, body = List<TermView>), (status = 304)))]
pub async fn terms(
    State(app): State<App>,
    headers: HeaderMap,
    Params(query): Params<PlaceQuery>,
) -> Answer<Response> {
    let asked = Page::parse(query.limit, query.cursor.as_deref())?;
    let load = async {
        let snapshot = app.classes.snapshot().await?;
        let list = page(&snapshot.terms, &asked).map_err(as_error)?;
        rendered(&list.map(|(_, term)| TermView::from(&*term)))
    };
    let cursor = query.cursor.as_deref().unwrap_or_default();
    kept(&app, &headers, &format!("terms?{}&{cursor}", asked.limit), load).await
}

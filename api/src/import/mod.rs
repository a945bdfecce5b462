//! Imports by upload, for operators: the same reading and applying as the command line's, beside the requests.

mod run;
mod upload;
mod view;

use crate::app::App;
use crate::http::problem::Answer;
use crate::http::{Id, Params, Problem};
use crate::identity::permission::Operator;
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use domain::id::ImportId;
use domain::language::Language;
use infra::import::apply::Options;
use infra::import::runs;
use serde::{Deserialize, Serialize};
use upload::{BYTES_MAX, ImportForm, Upload};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::ImportView;

/// How an import is to be done.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Look what would happen, and store nothing (default false).
    dry_run: Option<bool>,
    /// Go over the sample city, whose dates were moved: they are the file's then (default false).
    replace_dates: Option<bool>,
}

/// An import that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportTaken {
    /// `imp_…`
    id: String,
}

/// The routes of this folder.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .layer(DefaultBodyLimit::max(BYTES_MAX))
        .merge(OpenApiRouter::new().routes(routes!(get)))
}

/// Import the city's workbook or tables
///
/// All files are one import: all of it is stored, or nothing. Ask for what came of it by its id.
#[utoipa::path(post, path = "/api/v1/imports", operation_id = "createImport", tag = "operator", params(ImportQuery),
    security(("bearer" = [])), request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 202, body = ImportTaken)))]
pub async fn create(
    State(app): State<App>,
    operator: Operator,
    Params(query): Params<ImportQuery>,
    Upload(files): Upload,
) -> Answer<(StatusCode, Json<ImportTaken>)> {
    let options = Options {
        dry_run: query.dry_run.unwrap_or_default(),
        replace_dates: query.replace_dates.unwrap_or_default(),
    };
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let (person, now) = (operator.me.person, app.now());
    let id = runs::create(&app.database, &app.random, &names, options.dry_run, person, now).await?;
    let work = run::run(app.clone(), id, files, options, operator.acting);
    app.background.spawn(work);
    Ok((StatusCode::ACCEPTED, Json(ImportTaken { id: id.to_string() })))
}

/// What came of an import
#[utoipa::path(get, path = "/api/v1/imports/{id}", operation_id = "getImport", tag = "operator",
    params(("id" = String, Path, description = "imp_…")), security(("bearer" = [])),
    responses((status = 200, body = ImportView)))]
pub async fn get(
    State(app): State<App>,
    _operator: Operator,
    headers: HeaderMap,
    Id(id): Id<ImportId>,
) -> Answer<Json<ImportView>> {
    let run = runs::find(&app.database, id, app.now()).await?.ok_or_else(Problem::not_found)?;
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|accepted| accepted.to_str().ok());
    let language = accepted.map_or_else(Language::default, Language::accepted);
    Ok(Json(ImportView::new(run, language)))
}

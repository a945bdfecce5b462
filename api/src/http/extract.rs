//! Extractors that answer with our problems instead of the framework's.

use crate::http::Problem;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use domain::refusal::{FieldError, Refusal};
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// A JSON body. Unknown fields are refused where the type says `deny_unknown_fields`.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// The path's only parameter, a TypeID. What is no id of that kind does not exist.
#[derive(Debug, Clone, Copy)]
pub struct Id<T>(pub T);

/// The query's parameters.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(error)) => Err(invalid(&error.body_text())),
            Err(JsonRejection::JsonSyntaxError(error)) => Err(Problem::Malformed(error.body_text())),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Problem::UnsupportedMediaType),
            Err(JsonRejection::BytesRejection(error)) if error.status().as_u16() == 413 => {
                Err(Problem::TooLarge { bytes_max: crate::http::extract::BODY_BYTES_MAX })
            }
            Err(error) => Err(Problem::Malformed(error.body_text())),
        }
    }
}

/// Bytes of a JSON body at most.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// `Failed to deserialize the JSON body into the target type: priceFen: invalid type … at line 1 column 9`.
fn invalid(text: &str) -> Problem {
    let said = text.split_once("target type: ").map_or(text, |(_, rest)| rest);
    let said = said.rsplit_once(" at line ").map_or(said, |(rest, _)| rest);
    let (path, what) = match said.split_once(": ") {
        Some((path, what)) if !path.contains(' ') => (path, what),
        _ => ("", said),
    };
    let pointer: String = path
        .split(['.', '['])
        .map(|part| part.trim_end_matches(']'))
        .filter(|part| !part.is_empty())
        .flat_map(|part| ["/", part])
        .collect();
    let chinese = format!("字段无法识别：{what}");
    Problem::Refused(Refusal::Invalid(vec![FieldError::new(pointer, chinese, what)]))
}

impl<T: FromStr + Send, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(error) => {
                let text = error.body_text();
                let what = text.split_once("query string: ").map_or(text.as_str(), |(_, rest)| rest);
                let pointer = what.split_once(": ").map_or("", |(field, _)| field);
                Err(Problem::invalid(pointer, format!("查询参数无法识别：{what}"), what))
            }
        }
    }
}

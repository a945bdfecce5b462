//! What stands in the path and in the query.

use crate::http::Problem;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// The path's only parameter, a TypeID. What is no id of that kind does not exist.
#[derive(Debug, Clone, Copy)]
pub struct Id<T>(pub T);

/// The query's parameters. Unknown ones are ignored, unless the type refuses them.
#[derive(Debug)]
pub struct Params<T>(pub T);

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
            Err(error) => Err(explain(&error.body_text())),
        }
    }
}

/// What the framework says of a query, as a problem: `Failed to deserialize query string: limit: invalid digit found in string`.
pub fn explain(text: &str) -> Problem {
    let what = text.split_once("query string: ").map_or(text, |(_, rest)| rest);
    let (name, what) = match what.split_once(": ") {
        Some((name, what)) if !name.contains(' ') => (name, what),
        _ => ("", what),
    };
    Problem::invalid(name, format!("查询参数不对：{what}"), what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;
    use domain::refusal::Refusal;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Near {
        minutes: Option<u16>,
    }

    async fn query(uri: &str) -> Result<Params<Near>, Problem> {
        let (mut parts, ()) = Request::builder().uri(uri).body(()).unwrap().into_parts();
        Params::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn a_wrong_parameter_is_named() {
        assert_eq!(query("/?minutes=15&other=1").await.unwrap().0.minutes, Some(15));
        assert_eq!(query("/").await.unwrap().0.minutes, None);
        for uri in ["/?minutes=x", "/?minutes=-1", "/?minutes=99999"] {
            match query(uri).await {
                Err(Problem::Refused(Refusal::Invalid(errors))) => assert_eq!(errors[0].pointer, "minutes"),
                other => panic!("{uri}: {other:?}"),
            }
        }
    }
}

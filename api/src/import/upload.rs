//! The files of an upload, read within bounds of their own: a workbook is larger than any other body.

use crate::app::App;
use crate::http::Problem;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use infra::import::{FILE_BYTES_MAX, FILES_MAX};
use utoipa::ToSchema;

/// The largest file, in bytes.
#[expect(clippy::cast_possible_truncation, reason = "10 MiB fit every usize")]
const ONE_BYTES_MAX: usize = FILE_BYTES_MAX as usize;
/// All files of one upload and what stands around them, in bytes: two of the largest.
pub const BYTES_MAX: usize = 2 * ONE_BYTES_MAX;

/// The form of an upload; parts without a file name are ignored.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the form")]
pub struct ImportForm {
    /// The workbook (xlsx), or tables as CSV, each a part with a file name.
    file: Vec<String>,
}

/// A file as it was sent.
#[derive(Debug)]
pub struct UploadedFile {
    /// The name that the client gave it.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// One file or more.
#[derive(Debug)]
pub struct Upload(pub Vec<UploadedFile>);

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if !says_multipart(request.headers()) {
            return Err(Problem::UnsupportedMediaType);
        }
        let mut form = Multipart::from_request(request, app)
            .await
            .map_err(|rejection| Problem::Malformed(rejection.body_text()))?;
        let (mut files, mut is_too_large) = (Vec::new(), false);
        while let Some(field) = form.next_field().await.map_err(|error| refused(&error))? {
            let Some(name) = field.file_name().map(str::to_owned) else { continue };
            match content(field).await? {
                // One more than is imported, so that the report says that there are too many.
                Some(bytes) if files.len() <= FILES_MAX => files.push(UploadedFile { name, bytes }),
                Some(_) => {}
                None => is_too_large = true,
            }
        }
        if is_too_large {
            return Err(Problem::TooLarge { bytes_max: Some(ONE_BYTES_MAX) });
        }
        if files.is_empty() {
            return Err(Problem::invalid("/file", "没有文件", "there is no file"));
        }
        Ok(Self(files))
    }
}

/// The bytes of one file; none if there are too many. Those are read nevertheless (the form is bounded): a client
/// that still sends does not hear an answer.
async fn content(mut field: Field<'_>) -> Result<Option<Vec<u8>>, Problem> {
    let (mut bytes, mut is_too_large) = (Vec::new(), false);
    while let Some(chunk) = field.chunk().await.map_err(|error| refused(&error))? {
        if is_too_large || bytes.len() + chunk.len() > ONE_BYTES_MAX {
            (bytes, is_too_large) = (Vec::new(), true);
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((!is_too_large).then_some(bytes))
}

fn refused(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge { bytes_max: Some(BYTES_MAX) },
        _ => Problem::Malformed(error.body_text()),
    }
}

fn says_multipart(headers: &HeaderMap) -> bool {
    let named = headers.get(header::CONTENT_TYPE).and_then(|named| named.to_str().ok()).unwrap_or_default();
    named.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("multipart/form-data")
}

//! What a booking is a booking of. Stands above the products: it knows all of them, they do not know each other.

use crate::app::App;
use crate::http::Problem;
use crate::http::problem::Answer;
use crate::night_school::card::{PlaceView, place};
use chrono::{DateTime, FixedOffset};
use domain::booking::quota::Kind;
use domain::geo::Datum;
use domain::id::ClassId;
use domain::time::local;
use infra::night_school::catalogue::Listed;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A class, event or offer, as a booking shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// What sort of thing.
    #[serde(skip)]
    pub kind: Kind,
    /// What it costs, in fen.
    #[serde(skip)]
    pub price_fen: i64,
    /// `cls_…`
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its English title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_en: Option<String>,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
    /// Where it is.
    pub place: PlaceView,
    /// When it first begins.
    pub starts_at: DateTime<FixedOffset>,
    /// When it is over.
    pub ends_at: DateTime<FixedOffset>,
}

impl Subject {
    /// A class as a booking shows it.
    pub fn class(listed: &Listed) -> Self {
        let spec = &listed.class.spec;
        Self {
            kind: Kind::Class,
            price_fen: spec.price_fen,
            id: listed.class.id.to_string(),
            title: spec.title.clone(),
            title_en: spec.title_en.clone(),
            cover: spec.cover.clone(),
            place: place(&listed.school, Datum::Gcj02, None),
            starts_at: local(spec.timetable.starts_at()),
            ends_at: local(spec.timetable.ends_at()),
        }
    }
}

/// The subject of a booking.
pub async fn one(app: &App, kind: Kind, subject: Uuid) -> Answer<Subject> {
    match kind {
        Kind::Class => {
            let id = ClassId(subject);
            if let Some(listed) = app.classes.class(id).await? {
                return Ok(Subject::class(&listed));
            }
            let unlisted = app.classes.unlisted(id).await?;
            unlisted.as_ref().map(Subject::class).ok_or_else(Problem::not_found)
        }
        Kind::Event | Kind::Offer => Err(Problem::not_found()),
    }
}

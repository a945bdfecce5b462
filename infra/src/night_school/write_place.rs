//! Schools and terms, written set-wise.

use super::record::School;
use crate::database::rows::{Column, Rows};
use crate::error::Result;
use domain::id::{OrganisationId, SchoolId, TermId};
use domain::night_school::school::SchoolSpec;
use domain::night_school::term::TermSpec;
use domain::time::Instant;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// A school to be stored for the first time.
#[derive(Debug, Clone)]
pub struct NewSchool {
    /// Which.
    pub id: SchoolId,
    /// Its code in the city's tables.
    pub code: Option<String>,
    /// Whose members run it.
    pub organisation: OrganisationId,
    /// What is said of it.
    pub spec: SchoolSpec,
    /// Whether it is made up.
    pub fictional: bool,
}

/// A term to be stored, for the first time or anew.
#[derive(Debug, Clone)]
pub struct StoredTerm {
    /// Which.
    pub id: TermId,
    /// Its code in the city's tables.
    pub code: Option<String>,
    /// What is said of it.
    pub spec: TermSpec,
}

macro_rules! column {
    ($kind:ident, $items:expr, $value:expr) => {
        Column::$kind($items.iter().map($value).collect())
    };
}

fn said(rows: Rows, specs: &[&SchoolSpec]) -> Rows {
    // Rust writes the shortest text that reads back as the same number.
    let lat = |spec: &&SchoolSpec| spec.position.map(|position| position.point.lat().to_string());
    let lng = |spec: &&SchoolSpec| spec.position.map(|position| position.point.lng().to_string());
    let datum = |spec: &&SchoolSpec| {
        let datum = spec.position.map(|position| position.datum).unwrap_or_default();
        Some(datum.word().to_owned())
    };
    rows.with("name", column!(Texts, specs, |s| Some(s.name.clone())))
        .with("name_en", column!(Texts, specs, |s| s.name_en.clone()))
        .with("kind", column!(Texts, specs, |s| s.kind.clone()))
        .with("venue", column!(Texts, specs, |s| s.venue.clone()))
        .with("venue_scene_code", column!(Texts, specs, |s| s.venue_scene_code.clone()))
        .with("district_code", column!(Texts, specs, |s| s.district_code.clone()))
        .with("street", column!(Texts, specs, |s| s.street.clone()))
        .with("address", column!(Texts, specs, |s| s.address.clone()))
        .with("lat", column!(Texts, specs, lat))
        .with("lng", column!(Texts, specs, lng))
        .with("datum", column!(Texts, specs, datum))
        .with("coord_precision", column!(Texts, specs, |s| s.coord_precision.clone()))
        .with("nearest_metro_code", column!(Texts, specs, |s| s.nearest_metro_code.clone()))
        .with("nearest_metro_m", column!(Ints, specs, |s| s.nearest_metro_m))
        .with("max_classes", column!(Ints, specs, |s| s.max_classes_per_person.map(u32::from)))
}

/// Stores new schools.
pub async fn insert_schools(
    transaction: &DatabaseTransaction,
    schools: &[NewSchool],
    now: Instant,
) -> Result<()> {
    if schools.is_empty() {
        return Ok(());
    }
    let specs: Vec<&SchoolSpec> = schools.iter().map(|school| &school.spec).collect();
    let rows = Rows::new()
        .with("id", column!(Ids, schools, |s| s.id.0))
        .with("code", column!(Texts, schools, |s| s.code.clone()))
        .with("organisation_id", column!(Ids, schools, |s| s.organisation.0))
        .with("fictional", column!(Ints, schools, |s| Some(u32::from(s.fictional))))
        .with("now", column!(Instants, schools, |_| Some(now)));
    let text = "insert into schools (id, code, organisation_id, name, name_en, kind, venue, venue_scene_code, \
        district_code, street, address, lat, lng, datum, coord_precision, nearest_metro_code, nearest_metro_m, \
        max_classes_per_person, fictional, created_at, updated_at) select r.id, r.code, r.organisation_id, r.name, \
        r.name_en, r.kind, r.venue, r.venue_scene_code, r.district_code, r.street, r.address, \
        cast(r.lat as double precision), cast(r.lng as double precision), r.datum, r.coord_precision, \
        r.nearest_metro_code, r.nearest_metro_m, r.max_classes, r.fictional = 1, r.now, r.now from {rows}";
    execute(transaction, said(rows, &specs), text).await
}

/// Stores schools anew. Their rows are locked.
pub async fn update_schools(
    transaction: &DatabaseTransaction,
    schools: &[School],
    now: Instant,
) -> Result<()> {
    if schools.is_empty() {
        return Ok(());
    }
    let specs: Vec<&SchoolSpec> = schools.iter().map(|school| &school.spec).collect();
    let rows = Rows::new()
        .with("id", column!(Ids, schools, |s| s.id.0))
        .with("fictional", column!(Ints, schools, |s| Some(u32::from(s.fictional))))
        .with("now", column!(Instants, schools, |_| Some(now)));
    let text = "update schools set name = r.name, name_en = r.name_en, kind = r.kind, venue = r.venue, \
        venue_scene_code = r.venue_scene_code, district_code = r.district_code, street = r.street, \
        address = r.address, lat = cast(r.lat as double precision), lng = cast(r.lng as double precision), \
        datum = r.datum, coord_precision = r.coord_precision, nearest_metro_code = r.nearest_metro_code, \
        nearest_metro_m = r.nearest_metro_m, max_classes_per_person = r.max_classes, \
        fictional = (r.fictional = 1), updated_at = r.now, version = version + 1 \
        from {rows} where schools.id = r.id";
    execute(transaction, said(rows, &specs), text).await
}

fn term_columns(terms: &[StoredTerm], now: Instant) -> Rows {
    Rows::new()
        .with("id", column!(Ids, terms, |t| t.id.0))
        .with("code", column!(Texts, terms, |t| t.code.clone()))
        .with("name", column!(Texts, terms, |t| Some(t.spec.name.clone())))
        .with("name_en", column!(Texts, terms, |t| t.spec.name_en.clone()))
        .with("starts_on", column!(Texts, terms, |t| Some(t.spec.starts_on.to_string())))
        .with("ends_on", column!(Texts, terms, |t| Some(t.spec.ends_on.to_string())))
        .with("max_classes", column!(Ints, terms, |t| Some(u32::from(t.spec.max_classes_per_person))))
        .with("now", column!(Instants, terms, |_| Some(now)))
}

/// Stores new terms.
pub async fn insert_terms(
    transaction: &DatabaseTransaction,
    terms: &[StoredTerm],
    now: Instant,
) -> Result<()> {
    if terms.is_empty() {
        return Ok(());
    }
    let text = "insert into terms (id, code, name, name_en, starts_on, ends_on, max_classes_per_person, created_at, \
        updated_at) select r.id, r.code, r.name, r.name_en, r.starts_on, r.ends_on, r.max_classes, r.now, r.now \
        from {rows}";
    execute(transaction, term_columns(terms, now), text).await
}

/// Stores terms anew, but for their codes. Their rows are locked.
pub async fn update_terms(
    transaction: &DatabaseTransaction,
    terms: &[StoredTerm],
    now: Instant,
) -> Result<()> {
    if terms.is_empty() {
        return Ok(());
    }
    let text = "update terms set name = r.name, name_en = r.name_en, starts_on = r.starts_on, ends_on = r.ends_on, \
        max_classes_per_person = r.max_classes, updated_at = r.now, version = version + 1 from {rows} \
        where terms.id = r.id";
    execute(transaction, term_columns(terms, now), text).await
}

async fn execute(transaction: &DatabaseTransaction, rows: Rows, text: &str) -> Result<()> {
    let statement = rows.statement(transaction.get_database_backend(), text, Vec::new());
    transaction.execute_raw(statement).await?;
    Ok(())
}

//! Schools with their organisations, and terms.

use super::{Applying, Tally};
use crate::database::rows::{Column as Values, Rows};
use crate::error::Result;
use crate::night_school::limits;
use crate::night_school::read::{self, Hold};
use crate::night_school::record::{School, Term};
use crate::night_school::write_place::{self, NewSchool, StoredTerm};
use domain::geo::Datum;
use domain::id::{OrganisationId, SchoolId, TermId};
use domain::import::city::CityRows;
use domain::import::expected::Expected;
use domain::import::row::Placed;
use domain::import::school::{self, SchoolRow};
use domain::import::table::Column;
use domain::import::term::TermRow;
use domain::night_school::school::{Position, SchoolSpec};
use domain::night_school::term::{CLASSES_PER_PERSON_DEFAULT, TermSpec};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, BTreeSet};

/// Makes and changes schools; all that the classes name, by code.
pub async fn schools(
    applying: &mut Applying<'_>,
    rows: &CityRows,
) -> Result<(BTreeMap<String, School>, Tally)> {
    let own = rows.schools.iter().map(|placed| placed.row.code.as_str());
    let foreign = rows.missing_references.iter().map(|missing| missing.school_code.as_str());
    let named: BTreeSet<&str> = own.chain(foreign).collect();
    let known = read::schools_by_code(applying.transaction, named, Hold::Edited).await?;
    let mut known: BTreeMap<String, School> =
        known.into_iter().filter_map(|school| Some((school.code.clone()?, school))).collect();
    for missing in &rows.missing_references {
        if !known.contains_key(&missing.school_code) {
            applying.errors.push(missing.error());
        }
    }
    let (mut new, mut changed, mut tally) = (Vec::new(), Vec::new(), Tally::default());
    for placed in &rows.schools {
        let Some(spec) = spec(applying, placed) else { continue };
        let (code, fictional) = (placed.row.code.clone(), placed.row.fictional);
        match known.get(&code) {
            None => {
                let organisation: OrganisationId = applying.random.id(applying.now);
                let id: SchoolId = applying.random.id(applying.now);
                new.push(NewSchool {
                    id,
                    code: Some(code.clone()),
                    organisation,
                    spec: spec.clone(),
                    fictional,
                });
                tally.created += 1;
                known.insert(
                    code.clone(),
                    School { id, code: Some(code), organisation, spec, fictional, version: 1 },
                );
            }
            Some(before) if before.spec == spec && before.fictional == fictional => tally.unchanged += 1,
            Some(before) => {
                let after = School { spec, fictional, ..before.clone() };
                let limit_moved = before.spec.max_classes_per_person != after.spec.max_classes_per_person;
                changed.push((after.clone(), limit_moved));
                tally.updated += 1;
                known.insert(code, after);
            }
        }
    }
    organisations(applying, &new).await?;
    write_place::insert_schools(applying.transaction, &new, applying.now).await?;
    let stored: Vec<School> = changed.iter().map(|(school, _)| school.clone()).collect();
    write_place::update_schools(applying.transaction, &stored, applying.now).await?;
    for (school, _) in changed.iter().filter(|(_, limit_moved)| *limit_moved) {
        let quotas = limits::school_changed(applying.transaction, school, applying.now).await?;
        applying.quotas.extend(quotas);
    }
    Ok((known, tally))
}

/// One organisation for every school, by the same code.
async fn organisations(applying: &Applying<'_>, schools: &[NewSchool]) -> Result<()> {
    if schools.is_empty() {
        return Ok(());
    }
    let rows = Rows::new()
        .with("id", Values::Ids(schools.iter().map(|school| school.organisation.0).collect()))
        .with("name", Values::Texts(schools.iter().map(|school| Some(school.spec.name.clone())).collect()))
        .with("name_en", Values::Texts(schools.iter().map(|school| school.spec.name_en.clone()).collect()))
        .with("code", Values::Texts(schools.iter().map(|school| school.code.clone()).collect()))
        .with("now", Values::Instants(schools.iter().map(|_| Some(applying.now)).collect()));
    let text = "insert into organisations (id, kind, state, name, name_en, code, created_at) \
        select r.id, 'school', 'active', r.name, r.name_en, r.code, r.now from {rows}";
    let statement = rows.statement(applying.transaction.get_database_backend(), text, Vec::new());
    applying.transaction.execute_raw(statement).await?;
    Ok(())
}

fn spec(applying: &mut Applying<'_>, placed: &Placed<SchoolRow>) -> Option<SchoolSpec> {
    let row = &placed.row;
    let datum = match row.datum {
        school::Datum::Gcj02 => Datum::Gcj02,
        school::Datum::Wgs84 => Datum::Wgs84,
    };
    let Ok(point) = datum.read(row.lat, row.lng) else {
        let (chinese, english) = ("中国境内的位置".to_owned(), "a position in China".to_owned());
        let found = format!("{}, {}", row.lat, row.lng);
        applying.errors.push(placed.place.error(Column::Lat, found, Expected::Rule { chinese, english }));
        return None;
    };
    Some(SchoolSpec {
        name: row.name.clone(),
        name_en: row.name_en.clone(),
        kind: row.kind.clone(),
        venue: row.venue.clone(),
        venue_scene_code: row.venue_scene_code.clone(),
        district_code: Some(row.district_code.clone()),
        street: row.street.clone(),
        address: Some(row.address.clone()),
        position: Some(Position { point, datum }),
        coord_precision: row.coord_precision.map(|precision| precision.word().to_owned()),
        nearest_metro_code: row.nearest_metro_code.clone(),
        nearest_metro_m: row.nearest_metro_m,
        max_classes_per_person: row.max_classes_per_person.and_then(|max| u16::try_from(max).ok()),
    })
}

/// Makes terms, and widens them to the classes they now have; by code.
pub async fn terms(applying: &mut Applying<'_>, rows: &[TermRow]) -> Result<(BTreeMap<String, Term>, Tally)> {
    let named = rows.iter().map(|row| row.code.as_str());
    let known = read::terms_by_code(applying.transaction, named, Hold::Edited).await?;
    let mut known: BTreeMap<String, Term> =
        known.into_iter().filter_map(|term| Some((term.code.clone()?, term))).collect();
    let (mut new, mut changed, mut tally) = (Vec::new(), Vec::new(), Tally::default());
    for row in rows {
        let code = row.code.clone();
        match known.get(&code) {
            None => {
                let id: TermId = applying.random.id(applying.now);
                let spec = TermSpec {
                    name: row.name.clone(),
                    name_en: None,
                    starts_on: row.first_day,
                    ends_on: row.last_day,
                    max_classes_per_person: CLASSES_PER_PERSON_DEFAULT,
                };
                new.push(StoredTerm { id, code: Some(code.clone()), spec: spec.clone() });
                tally.created += 1;
                known.insert(code.clone(), Term { id, code: Some(code), spec, version: 1 });
            }
            Some(before) => {
                let spec = TermSpec {
                    name: row.name.clone(),
                    starts_on: before.spec.starts_on.min(row.first_day),
                    ends_on: before.spec.ends_on.max(row.last_day),
                    ..before.spec.clone()
                };
                if spec == before.spec {
                    tally.unchanged += 1;
                    continue;
                }
                changed.push(StoredTerm { id: before.id, code: Some(code.clone()), spec: spec.clone() });
                tally.updated += 1;
                let after = Term { spec, ..before.clone() };
                known.insert(code, after);
            }
        }
    }
    write_place::insert_terms(applying.transaction, &new, applying.now).await?;
    write_place::update_terms(applying.transaction, &changed, applying.now).await?;
    Ok((known, tally))
}

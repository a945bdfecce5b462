//! A night school: who holds classes, and where.

use super::check::Check;
use crate::geo::{Datum, Point, district};
use crate::refusal::Refusal;

/// Classes one person may take at one school in a term at most, where the school says so.
pub const CLASSES_PER_PERSON_MAX: i64 = 100;
/// How far away a metro station can be to be named, in metres.
const METRO_M_MAX: i64 = 100_000;

/// Where something is, and in which datum it was said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// The point.
    pub point: Point,
    /// What it came in.
    pub datum: Datum,
}

/// A school.
#[derive(Debug, Clone, PartialEq)]
pub struct SchoolSpec {
    /// Its name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// What kind of school it is, in the city's words.
    pub kind: Option<String>,
    /// The venue it meets in.
    pub venue: Option<String>,
    /// The code of the venue among the city's scenes.
    pub venue_scene_code: Option<String>,
    /// The code of its district.
    pub district_code: Option<String>,
    /// Street or town.
    pub street: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Where it is.
    pub position: Option<Position>,
    /// How exact that is: `poi`, `street` or `approximate`.
    pub coord_precision: Option<String>,
    /// The code of the nearest metro station among the scenes.
    pub nearest_metro_code: Option<String>,
    /// How far that is, in metres.
    pub nearest_metro_m: Option<u32>,
    /// Classes one person may take here in a term; none = no limit of the school's own.
    pub max_classes_per_person: Option<u16>,
}

/// A school as it was sent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SchoolDraft {
    /// Its name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// What kind of school it is.
    pub kind: Option<String>,
    /// The venue it meets in.
    pub venue: Option<String>,
    /// The code of the venue.
    pub venue_scene_code: Option<String>,
    /// The code of its district.
    pub district_code: Option<String>,
    /// Street or town.
    pub street: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
    /// What they are measured in; none could not be read, which has been said.
    pub datum: Option<Datum>,
    /// How exact that is.
    pub coord_precision: Option<String>,
    /// The code of the nearest metro station.
    pub nearest_metro_code: Option<String>,
    /// How far that is, in metres.
    pub nearest_metro_m: Option<i64>,
    /// Classes one person may take here in a term.
    pub max_classes_per_person: Option<i64>,
}

impl SchoolDraft {
    /// Checks what was sent; `check` has what could not even be read.
    pub fn check(&self, mut check: Check) -> Result<SchoolSpec, Refusal> {
        let spec = self.parts(&mut check);
        check.finish(spec)
    }

    fn parts(&self, check: &mut Check) -> Option<SchoolSpec> {
        let name = check.line("/name", &self.name, 100);
        let name_en = check.optional_line("/nameEn", self.name_en.as_deref(), 200);
        let kind = check.optional_line("/kind", self.kind.as_deref(), 40);
        let venue = check.optional_line("/venue", self.venue.as_deref(), 100);
        let venue_scene_code = check.optional_line("/venueSceneCode", self.venue_scene_code.as_deref(), 32);
        let district_code = self.district(check);
        let street = check.optional_line("/street", self.street.as_deref(), 50);
        let address = check.optional_line("/address", self.address.as_deref(), 200);
        let position = self.position(check);
        let coord_precision = self.precision(check);
        let nearest_metro_code =
            check.optional_line("/nearestMetroCode", self.nearest_metro_code.as_deref(), 32);
        let nearest_metro_m =
            self.nearest_metro_m.and_then(|metres| check.whole("/nearestMetroM", metres, 0, METRO_M_MAX));
        let max_classes_per_person = self
            .max_classes_per_person
            .and_then(|max| check.whole("/maxClassesPerPerson", max, 1, CLASSES_PER_PERSON_MAX));
        Some(SchoolSpec {
            name: name?,
            name_en,
            kind,
            venue,
            venue_scene_code,
            district_code,
            street,
            address,
            position,
            coord_precision,
            nearest_metro_code,
            nearest_metro_m,
            max_classes_per_person,
        })
    }

    fn district(&self, check: &mut Check) -> Option<String> {
        let code = self.district_code.as_deref().map(str::trim).filter(|code| !code.is_empty())?;
        check.word("/districtCode", code, &district::ALL.map(|district| (district.code, district.code)))?;
        Some(code.to_owned())
    }

    fn precision(&self, check: &mut Check) -> Option<String> {
        const WORDS: [&str; 3] = ["poi", "street", "approximate"];
        let word = self.coord_precision.as_deref().filter(|word| !word.is_empty())?;
        check.word("/coordPrecision", word, &WORDS.map(|word| (word, word))).map(str::to_owned)
    }

    fn position(&self, check: &mut Check) -> Option<Position> {
        let ((lat, lng), datum) = (self.position?, self.datum?);
        match datum.read(lat, lng) {
            Ok(point) => Some(Position { point, datum }),
            Err(error) => {
                check.wrong("/position", "纬度须在 ±90、经度须在 ±180 度之内", error.to_string());
                None
            }
        }
    }
}

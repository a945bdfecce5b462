//! The table of night schools.

use super::coordinate::Axis;
use super::district::Districts;
use super::integer::Whole;
use super::name::{code, name, optional, optional_code, optional_name};
use super::row::{Read, RowReader};
use super::table::Column;
use super::word::{Word, word, yes_or_no};

/// A night school, as a row gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct SchoolRow {
    /// What it is updated by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// What kind of school it is, in the city's words.
    pub kind: Option<String>,
    /// The venue it meets in.
    pub venue: Option<String>,
    /// The venue's code among the scenes; not checked, scenes are another table.
    pub venue_scene_code: Option<String>,
    /// The code of its district.
    pub district_code: String,
    /// Street or town.
    pub street: Option<String>,
    /// Address.
    pub address: String,
    /// Degrees east, in `datum`.
    pub lng: f64,
    /// Degrees north, in `datum`.
    pub lat: f64,
    /// What the two are measured in.
    pub datum: Datum,
    /// How exact they are.
    pub coord_precision: Option<CoordPrecision>,
    /// The code of the nearest metro station among the scenes; not checked.
    pub nearest_metro_code: Option<String>,
    /// How far that is, in metres.
    pub nearest_metro_m: Option<u32>,
    /// Classes one person may take here in a term; none = no limit of the school's own.
    pub max_classes_per_person: Option<u32>,
    /// Whether it is made up.
    pub fictional: bool,
}

/// What a pair of coordinates is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datum {
    /// GCJ-02, of Chinese maps.
    Gcj02,
    /// WGS 84, of satellites.
    Wgs84,
}

/// How exact a position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoordPrecision {
    /// The very place.
    Poi,
    /// The right road or block.
    Street,
    /// About a kilometre.
    Approximate,
}

const DATUMS: [Word<Datum>; 2] = [
    Word::new(Datum::Gcj02, "gcj02", "gcj02", &["gcj-02", "火星坐标", "火星坐标系", "国测局坐标", "高德"]),
    Word::new(Datum::Wgs84, "wgs84", "wgs84", &["wgs-84", "wgs 84", "gps"]),
];

const PRECISIONS: [Word<CoordPrecision>; 3] = [
    Word::new(CoordPrecision::Poi, "poi", "点位", &["精确"]),
    Word::new(CoordPrecision::Street, "street", "街道", &["道路"]),
    Word::new(CoordPrecision::Approximate, "approximate", "概略", &["大致"]),
];

const METRES: Whole = Whole { min: 0, max: 100_000, units: &["米", "m"] };
const CLASSES: Whole = Whole { min: 1, max: 100, units: &["门", "节", "个"] };

impl Datum {
    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gcj02 => "gcj02",
            Self::Wgs84 => "wgs84",
        }
    }
}

impl CoordPrecision {
    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Poi => "poi",
            Self::Street => "street",
            Self::Approximate => "approximate",
        }
    }
}

/// Reads a row; all errors in it are noted.
pub fn read(row: &mut RowReader<'_>, districts: &Districts) -> Read<SchoolRow> {
    let code = row.read(Column::Code, code);
    let school_name = row.read(Column::Name, name(100));
    let name_en = row.read(Column::NameEn, optional_name(200));
    let kind = row.read(Column::Kind, optional_name(40));
    let venue = row.read(Column::Venue, optional_name(100));
    let venue_scene_code = row.read(Column::VenueSceneCode, optional_code);
    let district_code = row.read(Column::District, |cell| districts.read(cell));
    let street = row.read(Column::Street, optional_name(50));
    let address = row.read(Column::Address, name(200));
    let lng = row.read(Column::Lng, |cell| Axis::Longitude.read(cell));
    let lat = row.read(Column::Lat, |cell| Axis::Latitude.read(cell));
    let datum = row.read(Column::Datum, |cell| word(&DATUMS, cell));
    let coord_precision =
        row.read(Column::CoordPrecision, |cell| optional(cell, |cell| word(&PRECISIONS, cell)));
    let nearest_metro_code = row.read(Column::NearestMetroCode, optional_code);
    let nearest_metro_m =
        row.read(Column::NearestMetroMetres, |cell| optional(cell, |cell| METRES.read(cell)));
    let max_classes = row.read(Column::MaxClassesPerPerson, |cell| CLASSES.read_or_unlimited(cell));
    let fictional = row.read(Column::Fictional, yes_or_no);
    Some(SchoolRow {
        code: code?,
        name: school_name?,
        name_en: name_en?,
        kind: kind?,
        venue: venue?,
        venue_scene_code: venue_scene_code?,
        district_code: district_code?,
        street: street?,
        address: address?,
        lng: lng?,
        lat: lat?,
        datum: datum?,
        coord_precision: coord_precision?,
        nearest_metro_code: nearest_metro_code?,
        nearest_metro_m: nearest_metro_m?,
        max_classes_per_person: max_classes?,
        fictional: fictional?,
    })
}

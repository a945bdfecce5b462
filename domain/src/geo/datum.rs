//! What a pair of degrees is measured in. Whoever sends one says so; nothing guesses.

use super::gcj02;
use super::point::{InvalidPoint, Point};

/// A system of coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Datum {
    /// The shifted coordinates of Chinese maps, the mini-app's among them.
    #[default]
    Gcj02,
    /// GPS, GeoJSON, GPX.
    Wgs84,
}

impl Datum {
    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gcj02 => "gcj02",
            Self::Wgs84 => "wgs84",
        }
    }

    /// The datum with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Gcj02, Self::Wgs84].into_iter().find(|datum| datum.word() == word)
    }

    /// The point at these degrees of this datum.
    pub fn read(self, lat: f64, lng: f64) -> Result<Point, InvalidPoint> {
        // Checked before the conversion too, which is not made for what is no place.
        Point::new(lat, lng)?;
        let (lat, lng) = match self {
            Self::Wgs84 => (lat, lng),
            Self::Gcj02 => gcj02::to_wgs84(lat, lng),
        };
        Point::new(lat, lng)
    }

    /// `(lat, lng)` of `point` in this datum, rounded to 6 decimals (0.1 m).
    pub fn write(self, point: Point) -> (f64, f64) {
        let (lat, lng) = match self {
            Self::Wgs84 => (point.lat(), point.lng()),
            Self::Gcj02 => gcj02::from_wgs84(point.lat(), point.lng()),
        };
        let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
        (round(lat), round(lng))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_written_again() {
        for datum in [Datum::Gcj02, Datum::Wgs84] {
            let point = datum.read(31.802, 119.9702).unwrap();
            assert_eq!(datum.write(point), (31.802, 119.9702));
            assert_eq!(Datum::from_word(datum.word()), Some(datum));
        }
        let point = Datum::Gcj02.read(31.769_899, 119.950_694).unwrap();
        assert_eq!(Datum::Wgs84.write(point), (31.772, 119.946));
    }

    #[test]
    fn no_place_is_refused_in_both() {
        for datum in [Datum::Gcj02, Datum::Wgs84] {
            assert!(datum.read(91.0, 0.0).is_err() && datum.read(f64::NAN, 119.0).is_err());
        }
    }
}

//! GCJ-02, the shifted coordinates of Chinese maps, to and from WGS-84.
//!
//! The public algorithm, not an official one. Its semi-major axis is that of Krasovsky 1940; implementations that
//! take WGS-84's 6378137 instead are off by a centimetre.

use std::f64::consts::PI;

/// Semi-major axis of Krasovsky 1940, in metres.
const SEMI_MAJOR_AXIS_M: f64 = 6_378_245.0;
/// First eccentricity squared.
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// Steps of the inverse: three leave less than 0.05 mm at Changzhou, one as much as 2.7 m.
const STEPS_BACK: usize = 3;

/// WGS-84 to GCJ-02, `(lat, lng)` in degrees. Outside China nothing is shifted.
pub(super) fn from_wgs84(lat: f64, lng: f64) -> (f64, f64) {
    if is_outside(lat, lng) {
        return (lat, lng);
    }
    let (shift_lat, shift_lng) = shift(lat, lng);
    (lat + shift_lat, lng + shift_lng)
}

/// GCJ-02 to WGS-84, `(lat, lng)` in degrees: the fixed point of `wgs = gcj − shift(wgs)`.
pub(super) fn to_wgs84(lat: f64, lng: f64) -> (f64, f64) {
    if is_outside(lat, lng) {
        return (lat, lng);
    }
    let mut guess = (lat, lng);
    for _ in 0..STEPS_BACK {
        let (shift_lat, shift_lng) = shift(guess.0, guess.1);
        guess = (lat - shift_lat, lng - shift_lng);
    }
    guess
}

fn is_outside(lat: f64, lng: f64) -> bool {
    !(72.004..=137.8347).contains(&lng) || !(0.8293..=55.8271).contains(&lat)
}

/// How far the point is shifted, in degrees.
fn shift(lat: f64, lng: f64) -> (f64, f64) {
    let (x, y) = (lng - 105.0, lat - 35.0);
    let waves = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;

    let mut north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt() + waves;
    north += (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0;
    north += (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y / 30.0 * PI).sin()) * 2.0 / 3.0;

    let mut east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt() + waves;
    east += (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0;
    east += (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;

    let phi = lat.to_radians();
    let magic = 1.0 - ECCENTRICITY_SQUARED * phi.sin().powi(2);
    let meridian = SEMI_MAJOR_AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / (magic * magic.sqrt());
    let parallel = SEMI_MAJOR_AXIS_M / magic.sqrt() * phi.cos();
    ((north / meridian).to_degrees(), (east / parallel).to_degrees())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::Point;
    use proptest::prelude::*;

    fn metres(a: (f64, f64), b: (f64, f64)) -> f64 {
        Point::new(a.0, a.1).unwrap().metres_to(Point::new(b.0, b.1).unwrap())
    }

    /// eviltransform's points (Shanghai, Shenzhen, Beijing), exact, and four around Changzhou.
    #[test]
    fn reference_points() {
        for (wgs84, gcj02, within) in [
            ((31.177_427_6, 121.527_210_6), (31.175_303_983_645_97, 121.531_541_859_215), 1e-11),
            ((22.543_847, 113.912_316), (22.540_796_131_694_766, 113.917_176_480_836_3), 1e-11),
            ((39.911_954, 116.377_817), (39.913_345_455_360_69, 116.384_047_224_556_57), 1e-11),
            ((39.901_05, 116.420_79), (39.902_446, 116.427_022), 1e-6),
            ((31.772, 119.946), (31.769_898_53, 119.950_694_05), 1e-8),
            ((31.811, 119.974), (31.808_959, 119.978_750_03), 1e-8),
            ((31.45, 119.48), (31.448_085_87, 119.485_223_65), 1e-8),
            ((31.7, 120.0), (31.698_049_81, 120.004_806_13), 1e-8),
        ] {
            let (lat, lng) = from_wgs84(wgs84.0, wgs84.1);
            assert!(
                (lat - gcj02.0).abs() < within && (lng - gcj02.1).abs() < within,
                "{wgs84:?}: {lat},{lng}"
            );
            assert!(metres(to_wgs84(lat, lng), wgs84) < 0.000_1, "{wgs84:?}");
        }
    }

    #[test]
    fn the_shift_at_changzhou_is_half_a_kilometre() {
        for (wgs84, shift_m) in [
            ((31.772, 119.946), 501.51),
            ((31.811, 119.974), 502.96),
            ((31.45, 119.48), 539.30),
            ((31.7, 120.0), 503.76),
        ] {
            let shifted = metres(from_wgs84(wgs84.0, wgs84.1), wgs84);
            assert!((shifted - shift_m).abs() < 1.0, "{wgs84:?}: {shifted}");
        }
    }

    #[test]
    fn nothing_is_shifted_abroad() {
        for point in [(48.8584, 2.2945), (-33.8568, 151.2153), (0.0, 0.0), (60.0, 100.0)] {
            assert_eq!(from_wgs84(point.0, point.1), point);
            assert_eq!(to_wgs84(point.0, point.1), point);
        }
    }

    proptest! {
        /// Half a metre is asked for; away from the edges of the box it is far less.
        #[test]
        fn there_and_back_is_the_same_place(lat in 3.9..53.5, lng in 73.7..135.0) {
            let (gcj_lat, gcj_lng) = from_wgs84(lat, lng);
            prop_assert!(metres(to_wgs84(gcj_lat, gcj_lng), (lat, lng)) < 0.5);
        }
    }
}

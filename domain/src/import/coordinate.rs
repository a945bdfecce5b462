//! Degrees of longitude and latitude, within China (with room around it, so that only a mistake falls outside).

use super::cell::Cell;
use super::expected::Expected;
use super::reason::Reason;
use super::taken::{Reading, Taken};
use super::text::fold;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// East of Greenwich.
    Longitude,
    /// North of the equator.
    Latitude,
}

impl Axis {
    /// Whole degrees that a place in China lies between.
    fn bounds(self) -> (u32, u32) {
        match self {
            Self::Longitude => (73, 136),
            Self::Latitude => (3, 54),
        }
    }

    /// Degrees. The two ranges do not overlap, so that a swapped pair is always noticed.
    pub fn read(self, cell: &Cell) -> Reading<f64> {
        let (min, max) = self.bounds();
        let (degrees, reason) = match cell {
            Cell::Number(number) => (Some(*number), None),
            Cell::Text(text) => plain(text),
            Cell::Empty
            | Cell::DateTime(_)
            | Cell::Date(_)
            | Cell::Time(_)
            | Cell::Bool(_)
            | Cell::Fault(_) => (None, None),
        };
        let within = |degrees: &f64| (f64::from(min)..=f64::from(max)).contains(degrees);
        match degrees.filter(within) {
            Some(degrees) => Ok(Taken::with(degrees, reason, ToString::to_string)),
            None => Err(match self {
                Self::Longitude => Expected::Longitude { min, max },
                Self::Latitude => Expected::Latitude { min, max },
            }),
        }
    }
}

fn plain(text: &str) -> (Option<f64>, Option<Reason>) {
    let folded = fold(text);
    let (number, reason) = match folded.text.strip_suffix(['°', '度']) {
        Some(number) => (number.trim_end(), Some(Reason::Unit)),
        None => (folded.text.as_str(), folded.reason),
    };
    let decimal = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (if decimal { number.parse().ok() } else { None }, reason)
}

#[cfg(test)]
mod tests {
    use super::super::taken::text_cell;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn degrees_are_read_and_swapped_pairs_noticed() {
        for (text, degrees, reason) in [
            ("119.970200", 119.9702, None),
            (" 119.9702", 119.9702, Some(Reason::Spaces)),
            ("１１９.９７０２", 119.9702, Some(Reason::FullWidth)),
            ("119.9702°", 119.9702, Some(Reason::Unit)),
        ] {
            let read = Axis::Longitude.read(&text_cell(text)).unwrap();
            assert_eq!((read.value, read.remark.map(|remark| remark.reason)), (degrees, reason), "{text}");
        }
        assert_eq!(Axis::Latitude.read(&Cell::Number(31.802)), Ok(Taken::plain(31.802)));
        for cell in [
            text_cell("31.802"),
            Cell::Number(31.802),
            Cell::Number(f64::NAN),
            Cell::Empty,
            text_cell("东经119度"),
        ] {
            assert_eq!(
                Axis::Longitude.read(&cell),
                Err(Expected::Longitude { min: 73, max: 136 }),
                "{cell:?}"
            );
        }
        for cell in
            [text_cell("119.97"), text_cell("-31.8"), text_cell("31,8"), text_cell("3e1"), text_cell("inf")]
        {
            assert_eq!(Axis::Latitude.read(&cell), Err(Expected::Latitude { min: 3, max: 54 }), "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[0-9０-９.°]{0,12}") {
            let _ = Axis::Longitude.read(&text_cell(&text));
        }
    }
}

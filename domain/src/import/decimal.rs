//! Numbers as people see them. Excel stores binary fractions and shows 15 significant digits; what is shown
//! is what was meant, so every number is read through its 15 digits and never through its bits.

/// The decimal text of a number with 15 significant digits: `159.2` for 159.20000000000002. None for what
/// is no number or has more than 15 digits before the point.
pub fn decimal_text(number: f64) -> Option<String> {
    if !number.is_finite() || number.abs() >= 1e15 {
        return None;
    }
    let rounded: f64 = format!("{number:.14e}").parse().ok()?;
    Some(if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() })
}

/// A plain decimal `123` or `123.40` in units of 10^-`places`, exactly. None where it has more decimals than
/// that (zeros apart), a sign, or anything else in it, and where it does not fit.
pub fn scaled(text: &str, places: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || text.ends_with('.') {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places {
        return None;
    }
    format!("{whole}{fraction:0<places$}").parse().ok()
}

/// `text` without the commas of thousands (`1,299.50`), and whether there were any. None where commas stand
/// elsewhere than before each three digits.
pub fn without_thousands(text: &str) -> Option<(String, bool)> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if !whole.contains(',') {
        return Some((text.to_owned(), false));
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    if first.is_empty() || first.len() > 3 || groups.any(|group| group.len() != 3) {
        return None;
    }
    let mut plain = whole.replace(',', "");
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    Some((plain, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_digits_are_what_was_meant() {
        for (number, text) in [
            (9.9, "9.9"),
            (159.200_000_000_000_02, "159.2"),
            (0.1 + 0.2, "0.3"),
            (199.0, "199"),
            (-0.0, "0"),
            (119.965_158, "119.965158"),
            (123_456_789_012_345.0, "123456789012345"),
        ] {
            assert_eq!(decimal_text(number).as_deref(), Some(text));
        }
        for number in [f64::NAN, f64::INFINITY, 1e15, -1e300] {
            assert_eq!(decimal_text(number), None);
        }
    }

    #[test]
    fn scaled_is_exact_or_nothing() {
        for (text, places, value) in [
            ("199", 2, Some(19_900)),
            ("9.9", 2, Some(990)),
            ("9.90", 2, Some(990)),
            ("9.900", 2, Some(990)),
            ("0.01", 2, Some(1)),
            ("9.901", 2, None),
            ("30.0", 0, Some(30)),
            ("30.5", 0, None),
            ("-1", 2, None),
            ("+1", 2, None),
            (".5", 2, None),
            ("5.", 2, None),
            ("1e3", 2, None),
            ("1.2.3", 2, None),
            ("", 2, None),
            ("99999999999999999999", 0, None),
        ] {
            assert_eq!(scaled(text, places), value, "{text}");
        }
    }

    #[test]
    fn commas_only_between_thousands() {
        for (text, plain) in [
            ("1,299", Some(("1299", true))),
            ("12,345,678.50", Some(("12345678.50", true))),
            ("1299", Some(("1299", false))),
            ("12,34", None),
            ("1,2999", None),
            (",299", None),
            ("1,", None),
        ] {
            let read = without_thousands(text);
            assert_eq!(read.as_ref().map(|(text, commas)| (text.as_str(), *commas)), plain, "{text}");
        }
    }
}

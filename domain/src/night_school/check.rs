//! Collects what is wrong with a form: every wrong field, not the first, each once.

use crate::refusal::{FieldError, Refusal};
use crate::time::Instant;
use chrono::{DateTime, NaiveDate, NaiveTime};

/// The errors of one form so far.
#[derive(Debug, Default)]
pub struct Check(Vec<FieldError>);

impl Check {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes an error. The first one of a field counts; what follows from it is not said as well.
    pub fn wrong(&mut self, pointer: &str, chinese: impl Into<String>, english: impl Into<String>) {
        if self.0.iter().all(|error| error.pointer != pointer) {
            self.0.push(FieldError::new(pointer, chinese, english));
        }
    }

    /// Notes an error unless `holds`.
    pub fn that(
        &mut self,
        holds: bool,
        pointer: &str,
        chinese: impl Into<String>,
        english: impl Into<String>,
    ) {
        if !holds {
            self.wrong(pointer, chinese, english);
        }
    }

    /// Whether anything is wrong.
    pub fn is_clean(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, if nothing is wrong with the form it was made of.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Refusal> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Refusal::Invalid(self.0)),
        }
    }

    /// A visible line of text of 1 to `chars_max` characters, trimmed.
    pub fn line(&mut self, pointer: &str, text: &str, chars_max: usize) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            self.wrong(pointer, "不能为空", "must not be empty");
            return None;
        }
        if text.chars().any(|char| is_unseen(char) || char == '\n') {
            self.wrong(pointer, "含有不可见的控制字符或换行", "has control characters or line breaks");
            return None;
        }
        self.bounded(pointer, text, chars_max)
    }

    /// The same, or nothing where there is nothing to see.
    pub fn optional_line(&mut self, pointer: &str, text: Option<&str>, chars_max: usize) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        self.line(pointer, text, chars_max)
    }

    /// Text of several lines, or nothing.
    pub fn optional_text(&mut self, pointer: &str, text: Option<&str>, chars_max: usize) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?.replace("\r\n", "\n");
        if text.chars().any(is_unseen) {
            self.wrong(pointer, "含有不可见的控制字符", "has control characters");
            return None;
        }
        self.bounded(pointer, &text, chars_max)
    }

    fn bounded(&mut self, pointer: &str, text: &str, chars_max: usize) -> Option<String> {
        if text.chars().count() > chars_max {
            self.wrong(
                pointer,
                format!("最多 {chars_max} 个字"),
                format!("takes at most {chars_max} characters"),
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// A whole number within `min..=max`.
    pub fn whole<T>(&mut self, pointer: &str, number: i64, min: i64, max: i64) -> Option<T>
    where
        T: TryFrom<i64>,
    {
        let within = (min..=max).contains(&number);
        let value = if within { T::try_from(number).ok() } else { None };
        if value.is_none() {
            self.wrong(pointer, format!("须在 {min} 到 {max} 之间"), format!("must be {min} to {max}"));
        }
        value
    }

    /// The value a word names.
    pub fn word<T>(&mut self, pointer: &str, word: &str, known: &[(&str, T)]) -> Option<T>
    where
        T: Copy,
    {
        let found = known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        if found.is_none() {
            let names = known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("、");
            let english = known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            self.wrong(pointer, format!("须为其中之一：{names}"), format!("must be one of: {english}"));
        }
        found
    }

    /// A time of day, `19:00`.
    pub fn time(&mut self, pointer: &str, text: &str) -> Option<NaiveTime> {
        let time = (text.len() == 5).then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten();
        if time.is_none() {
            self.wrong(pointer, "须为时间，如 19:00", "must be a time of day, such as 19:00");
        }
        time
    }

    /// A calendar day, `2027-03-20`.
    pub fn date(&mut self, pointer: &str, text: &str) -> Option<NaiveDate> {
        let date: Option<NaiveDate> = (text.len() == 10).then(|| text.parse().ok()).flatten();
        if date.is_none() {
            self.wrong(pointer, "须为日期，如 2027-03-20", "must be a day, such as 2027-03-20");
        }
        date
    }

    /// An instant, RFC 3339 with its offset, in the years 2000 to 2199.
    pub fn instant(&mut self, pointer: &str, text: &str) -> Option<Instant> {
        let at = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
        // Milliseconds are all that both databases keep.
        let at = at.and_then(|at| Instant::from_timestamp_millis(at.timestamp_millis()));
        let at = at.filter(|at| (946_684_800..7_258_118_400).contains(&at.timestamp()));
        if at.is_none() {
            self.wrong(
                pointer,
                "须为带时区的时间，如 2027-02-20T10:00:00+08:00",
                "must be an instant with its offset, such as 2027-02-20T10:00:00+08:00",
            );
        }
        at
    }
}

/// Shows nothing, cannot be stored (U+0000), or turns the direction of what follows (UAX #9).
fn is_unseen(char: char) -> bool {
    (char.is_control() && char != '\n')
        || matches!(char, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(check: Check) -> Vec<String> {
        match check.finish(Some(())) {
            Err(Refusal::Invalid(errors)) => errors.into_iter().map(|error| error.pointer).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn every_field_is_named_once() {
        let mut check = Check::new();
        check.line("/title", " ", 5);
        check.line("/title", "six letters", 5);
        check.whole::<u32>("/capacity", 0, 1, 10);
        check.that(true, "/a", "", "");
        check.that(false, "/b", "", "");
        assert!(!check.is_clean());
        assert_eq!(pointers(check), ["/title", "/capacity", "/b"]);
    }

    #[test]
    fn texts() {
        let mut check = Check::new();
        assert_eq!(check.line("/1", " 非洲鼓 ", 3).as_deref(), Some("非洲鼓"));
        assert_eq!(check.optional_line("/2", Some("  "), 3), None);
        assert_eq!(check.optional_line("/3", None, 3), None);
        assert_eq!(check.optional_text("/4", Some("a\r\nb"), 3).as_deref(), Some("a\nb"));
        assert!(check.is_clean());
        for (place, text) in ["a\0", "a\nb", "a\u{202E}b", "\u{7F}", "four"].into_iter().enumerate() {
            assert_eq!(check.line(&format!("/{place}"), text, 3), None, "{text:?}");
        }
        assert_eq!(check.optional_text("/5", Some("a\0"), 3), None);
        assert_eq!(pointers(check).len(), 6);
    }

    #[test]
    fn times_and_days() {
        let mut check = Check::new();
        assert_eq!(check.time("/t", "19:00"), NaiveTime::from_hms_opt(19, 0, 0));
        assert_eq!(check.date("/d", "2027-03-20"), NaiveDate::from_ymd_opt(2027, 3, 20));
        let at = check.instant("/i", "2027-02-20T10:00:00+08:00").unwrap();
        assert_eq!(at.to_rfc3339(), "2027-02-20T02:00:00+00:00");
        assert!(check.is_clean());
        for text in ["", "7:00", "24:00", "19:60", "19:00:00", "19.00", "１９:00"] {
            assert_eq!(Check::new().time("/t", text), None, "{text}");
        }
        for text in ["", "2027-3-20", "2027-02-30", "20270320", "2027/03/20"] {
            assert_eq!(Check::new().date("/d", text), None, "{text}");
        }
        for text in ["", "2027-02-20", "2027-02-20T10:00:00", "9999-01-01T00:00:00Z", "1970-01-01T00:00:00Z"]
        {
            assert_eq!(Check::new().instant("/i", text), None, "{text}");
        }
    }
}

//! What a person says of themselves.

use super::line::line;
use crate::geo::district;
use crate::language::Language;
use crate::refusal::{FieldError, Refusal};
use crate::time::{Instant, full_years, local_date};
use chrono::{Datelike, NaiveDate};

/// Characters in a nickname at most, as WeChat has it.
pub const NICKNAME_CHARS_MAX: usize = 32;
/// Nobody younger is taken: below it a parent would have to consent (个人信息保护法 第三十一条).
pub const AGE_YEARS_MIN: i32 = 14;
/// No birth date is earlier.
const BIRTH_YEAR_MIN: i32 = 1900;

/// A profile. Everything in it may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// What others see.
    pub nickname: Option<String>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// The district the person lives in, by the city's code.
    pub district_code: Option<String>,
    /// The language in which the person is written to.
    pub language: Option<Language>,
}

/// A profile as it was sent.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// What others see.
    pub nickname: Option<String>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// The district's code.
    pub district_code: Option<String>,
    /// A language tag.
    pub language: Option<String>,
}

impl Draft {
    /// Checks all fields; says of each wrong one what is wrong.
    pub fn check(self, now: Instant) -> Result<Profile, Refusal> {
        let mut errors = Vec::new();
        let nickname =
            keep(self.nickname.map(|text| line("/nickname", &text, NICKNAME_CHARS_MAX)), &mut errors);
        let birth_date = keep(self.birth_date.map(|date| birth_date(date, now)), &mut errors);
        let district_code = keep(self.district_code.map(known_district), &mut errors);
        let language = keep(self.language.map(|tag| language(&tag)), &mut errors);
        if errors.is_empty() {
            Ok(Profile { nickname, birth_date, district_code, language })
        } else {
            Err(Refusal::Invalid(errors))
        }
    }
}

fn keep<T>(field: Option<Result<T, FieldError>>, errors: &mut Vec<FieldError>) -> Option<T> {
    match field? {
        Ok(value) => Some(value),
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

fn birth_date(date: NaiveDate, now: Instant) -> Result<NaiveDate, FieldError> {
    let today = local_date(now);
    if date.year() < BIRTH_YEAR_MIN || date > today {
        return Err(FieldError::new("/birthDate", "不是可能的出生日期", "is not a possible date of birth"));
    }
    if full_years(date, today) < AGE_YEARS_MIN {
        return Err(FieldError::new(
            "/birthDate",
            format!("未满 {AGE_YEARS_MIN} 周岁不能使用"),
            format!("people under {AGE_YEARS_MIN} cannot use this"),
        ));
    }
    Ok(date)
}

fn known_district(code: String) -> Result<String, FieldError> {
    if district::with_code(&code).is_some() {
        return Ok(code);
    }
    let known = district::ALL.map(|district| district.code).join(", ");
    Err(FieldError::new("/districtCode", format!("须为 {known} 之一"), format!("must be one of {known}")))
}

/// The language with this tag of BCP 47.
pub fn language_with_tag(tag: &str) -> Option<Language> {
    [Language::Chinese, Language::English].into_iter().find(|language| language.tag() == tag)
}

fn language(tag: &str) -> Result<Language, FieldError> {
    language_with_tag(tag)
        .ok_or_else(|| FieldError::new("/language", "须为 zh-CN 或 en", "must be zh-CN or en"))
}

/// How a person begins who signs in for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newcomer {
    /// With nothing filled in and nothing consented to: real people.
    Empty,
    /// 25 years old, profile filled in, consents given: who comes through a stand-in of WeChat, to try things out.
    FilledIn,
}

/// Years of age of a newcomer of a stand-in.
const SAMPLE_AGE_YEARS: i32 = 25;

impl Newcomer {
    /// The profile with which a newcomer called `openid` begins.
    pub fn profile(self, openid: &str, now: Instant) -> Profile {
        match self {
            Self::Empty => Profile::default(),
            Self::FilledIn => Profile {
                nickname: Some(openid.chars().take(NICKNAME_CHARS_MAX).collect()),
                birth_date: years_ago(local_date(now), SAMPLE_AGE_YEARS),
                district_code: Some("TN".to_owned()),
                language: None,
            },
        }
    }
}

/// The same day `years` ago; the day before where there is none.
fn years_ago(today: NaiveDate, years: i32) -> Option<NaiveDate> {
    today.with_year(today.year() - years).or_else(|| today.pred_opt()?.with_year(today.year() - years))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(birth_date: &str) -> Draft {
        Draft { birth_date: Some(birth_date.parse().unwrap()), ..Draft::default() }
    }

    #[test]
    fn under_fourteen_is_refused_until_the_birthday_in_shanghai() {
        let eve: Instant = "2026-11-23T15:59:59Z".parse().unwrap();
        let birthday: Instant = "2026-11-23T16:00:00Z".parse().unwrap();
        assert!(draft("2012-11-24").check(eve).is_err());
        assert_eq!(draft("2012-11-24").check(birthday).unwrap().birth_date, "2012-11-24".parse().ok());
        for impossible in ["1899-12-31", "2026-11-25", "2020-01-01"] {
            let Err(Refusal::Invalid(errors)) = draft(impossible).check(birthday) else {
                panic!("{impossible}")
            };
            assert_eq!(errors[0].pointer, "/birthDate");
        }
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let now: Instant = "2026-11-24T00:00:00Z".parse().unwrap();
        let wrong = Draft {
            nickname: Some("\0".into()),
            birth_date: "2026-01-01".parse().ok(),
            district_code: Some("tn".into()),
            language: Some("fr".into()),
        };
        let Err(Refusal::Invalid(errors)) = wrong.check(now) else { panic!("accepted") };
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/nickname", "/birthDate", "/districtCode", "/language"]);
        assert_eq!(Draft::default().check(now), Ok(Profile::default()));
    }

    #[test]
    fn a_newcomer_of_a_stand_in_is_twenty_five_and_passes_the_check() {
        for now in ["2026-11-24T00:00:00Z", "2028-02-29T04:00:00Z", "2028-02-28T16:00:00Z"] {
            let now: Instant = now.parse().unwrap();
            let profile = Newcomer::FilledIn.profile("resident", now);
            assert_eq!(full_years(profile.birth_date.unwrap(), local_date(now)), SAMPLE_AGE_YEARS);
            let again = Draft {
                nickname: profile.nickname.clone(),
                birth_date: profile.birth_date,
                district_code: profile.district_code.clone(),
                language: None,
            };
            assert_eq!(again.check(now), Ok(profile));
            assert_eq!(Newcomer::Empty.profile("resident", now), Profile::default());
        }
    }
}

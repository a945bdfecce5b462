//! Who something is for: `age 18-35 and verified student` in the CSVs, `18-35岁且在校学生` in the workbook.
//!
//! Both say the same small rules; "and" binds closer than "or", as everywhere. Blank is everybody.

use super::cell::Cell;
use super::district::Districts;
use super::expected::Expected;
use super::reason::Reason;
use super::taken::{Reading, Taken};
use super::text::fold;

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Full years of age, both ends included.
    Age {
        /// The youngest that may.
        min: Option<u8>,
        /// The oldest that may.
        max: Option<u8>,
    },
    /// A student whose status was verified.
    VerifiedStudent,
    /// Graduated at most so many years ago.
    GraduatedWithin {
        /// The years.
        years: u8,
    },
    /// Takes it for the first time.
    FirstTime,
    /// Lives in one of these districts, by code.
    LivesIn {
        /// The districts.
        districts: Vec<String>,
    },
}

/// Who may: whoever meets all conditions of one of the groups. No group is everybody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audience {
    /// Groups, joined by "or"; the conditions of a group are joined by "and". No group is empty.
    pub any_of: Vec<Vec<Condition>>,
}

/// A rule, in either form.
pub fn audience(cell: &Cell, districts: &Districts) -> Reading<Audience> {
    let text = match cell {
        Cell::Empty => return Ok(Taken::plain(Audience::default())),
        Cell::Text(text) => fold(text),
        _ => return Err(Expected::Audience),
    };
    if text.text.is_empty() {
        return Ok(Taken::plain(Audience::default()));
    }
    if matches!(text.text.as_str(), "不限" | "所有人" | "全部" | "无") {
        return Ok(Taken::with(Audience::default(), Some(Reason::Unlimited), |_| "所有人".to_owned()));
    }
    let spelled = text.text.to_lowercase();
    let mut reason = text.reason;
    let mut any_of = Vec::new();
    for group in parts(&spelled, &[" or ", "或者", "或"]) {
        let mut conditions = Vec::new();
        for part in parts(group, &[" and ", "并且", "且"]) {
            let (condition, synonym) = condition(part, districts).ok_or(Expected::Audience)?;
            reason = reason.or(synonym.then_some(Reason::Synonym));
            conditions.push(condition);
        }
        any_of.push(conditions);
    }
    Ok(Taken::with(Audience { any_of }, reason, |_| spelled.clone()))
}

/// `text` cut at each of `joints`; a joint that is part of a longer one comes after it in the list.
fn parts<'t>(text: &'t str, joints: &[&str]) -> Vec<&'t str> {
    let mut parts = vec![text];
    for joint in joints {
        parts = parts.into_iter().flat_map(|part| part.split(joint)).collect();
    }
    parts.into_iter().map(str::trim).collect()
}

/// One condition, and whether it is written in other words than the forms use.
fn condition(text: &str, districts: &Districts) -> Option<(Condition, bool)> {
    match text {
        "verified student" | "在校学生" => return Some((Condition::VerifiedStudent, false)),
        "在校生" | "在校大学生" => return Some((Condition::VerifiedStudent, true)),
        "first time" | "首次到店" => return Some((Condition::FirstTime, false)),
        "首次" | "首次参加" | "首次使用" => return Some((Condition::FirstTime, true)),
        _ => {}
    }
    let english = text.strip_prefix("age ");
    if let Some(ages) = english.or_else(|| text.strip_suffix('岁')) {
        return ages_between(ages.strip_suffix("周").unwrap_or(ages));
    }
    if let Some((age, ending)) = text.split_once('岁') {
        return open_age(small(age.strip_suffix("周").unwrap_or(age))?, ending);
    }
    if let Some(rest) = text.strip_prefix("graduated within ") {
        let years = small(rest.strip_suffix("years").or_else(|| rest.strip_suffix("year"))?.trim())?;
        return Some((Condition::GraduatedWithin { years }, false));
    }
    if let Some(rest) = text.strip_prefix("毕业") {
        let years = small(rest.strip_suffix("年内").or_else(|| rest.strip_suffix("年以内"))?)?;
        return Some((Condition::GraduatedWithin { years }, rest.ends_with("年以内")));
    }
    lives_in(text, districts)
}

fn ages_between(text: &str) -> Option<(Condition, bool)> {
    let separator = ["-", "~", "至", "到"].into_iter().find(|separator| text.contains(separator))?;
    let (min, max) = text.split_once(separator)?;
    let short = min.strip_suffix('岁').unwrap_or(min);
    let synonym = separator != "-" || short != min;
    let (min, max) = (small(short)?, small(max)?);
    (min <= max).then_some((Condition::Age { min: Some(min), max: Some(max) }, synonym))
}

fn open_age(age: u8, ending: &str) -> Option<(Condition, bool)> {
    match ending {
        "以上" | "及以上" | "(含)以上" => Some((Condition::Age { min: Some(age), max: None }, true)),
        "以下" | "及以下" | "(含)以下" => Some((Condition::Age { min: None, max: Some(age) }, true)),
        _ => None,
    }
}

fn lives_in(text: &str, districts: &Districts) -> Option<(Condition, bool)> {
    let (list, code) = match text.strip_prefix("lives in ") {
        Some(list) => (list, true),
        None => (text.strip_prefix("居住在").or_else(|| text.strip_prefix("居住地为"))?, false),
    };
    let mut synonym = false;
    let mut codes = Vec::new();
    for name in list.split([',', '、']) {
        let name = if code { name.trim().to_uppercase() } else { name.trim().to_owned() };
        let read = districts.read(&Cell::text(name)).ok()?;
        synonym |= read.remark.is_some();
        codes.push(read.value);
    }
    Some((Condition::LivesIn { districts: codes }, synonym))
}

/// A whole number from 1 to 120.
fn small(text: &str) -> Option<u8> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if digits { text.parse().ok()? } else { return None };
    (1..=120).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::super::taken::text_cell;
    use super::*;
    use proptest::prelude::*;

    fn age(min: u8, max: u8) -> Condition {
        Condition::Age { min: Some(min), max: Some(max) }
    }

    fn read(text: &str) -> Reading<Audience> {
        audience(&text_cell(text), &Districts::default())
    }

    #[test]
    fn both_forms_say_the_same() {
        let student = Condition::VerifiedStudent;
        let graduate = Condition::GraduatedWithin { years: 3 };
        let lives = Condition::LivesIn { districts: ["TN", "ZL", "XB"].map(str::to_owned).to_vec() };
        for (english, chinese, any_of) in [
            ("", "", vec![]),
            ("age 14-35", "14-35岁", vec![vec![age(14, 35)]]),
            ("verified student", "在校学生", vec![vec![student.clone()]]),
            ("first time", "首次到店", vec![vec![Condition::FirstTime]]),
            ("graduated within 3 years", "毕业3年内", vec![vec![graduate.clone()]]),
            (
                "verified student or graduated within 3 years",
                "在校学生或毕业3年内",
                vec![vec![student.clone()], vec![graduate.clone()]],
            ),
            ("age 14-35 and verified student", "14-35岁且在校学生", vec![vec![age(14, 35), student.clone()]]),
            ("lives in TN,ZL,XB", "居住在天宁区、钟楼区、新北区", vec![vec![lives]]),
            (
                "age 14-35 and verified student or graduated within 3 years",
                "14-35岁且在校学生或毕业3年内",
                vec![vec![age(14, 35), student], vec![graduate]],
            ),
        ] {
            let rule = Ok(Taken::plain(Audience { any_of }));
            assert_eq!(read(english), rule, "{english}");
            assert_eq!(read(chinese), rule, "{chinese}");
        }
    }

    #[test]
    fn other_words_are_taken_with_a_remark() {
        for (text, condition, reason) in [
            ("14至35岁", age(14, 35), Reason::Synonym),
            ("14～35周岁", age(14, 35), Reason::FullWidth),
            ("14岁-35岁", age(14, 35), Reason::Synonym),
            ("18岁以上", Condition::Age { min: Some(18), max: None }, Reason::Synonym),
            ("35周岁及以下", Condition::Age { min: None, max: Some(35) }, Reason::Synonym),
            ("在校大学生", Condition::VerifiedStudent, Reason::Synonym),
            ("居住在天宁", Condition::LivesIn { districts: vec!["TN".to_owned()] }, Reason::Synonym),
        ] {
            let taken = read(text).unwrap();
            let reason = Some(reason);
            assert_eq!(
                (taken.value.any_of, taken.remark.map(|remark| remark.reason)),
                (vec![vec![condition]], reason),
                "{text}"
            );
        }
        assert_eq!(read("不限").unwrap().value, Audience::default());
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in [
            "age 35-14",
            "age 0-35",
            "age 14",
            "35-14岁",
            "14-350岁",
            "青年",
            "在校学生或",
            "且在校学生",
            "毕业三年内",
            "毕业3年",
            "居住在姑苏区",
            "lives in ZZ",
            "verified student and",
            "岁",
            "-35岁",
            "graduated within years",
        ] {
            assert_eq!(read(text), Err(Expected::Audience), "{text}");
        }
        assert_eq!(audience(&Cell::Number(18.0), &Districts::default()), Err(Expected::Audience));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[0-9岁周且或在校学生毕业年内居住天宁、 -]{0,16}") {
            let _ = read(&text);
        }
    }
}

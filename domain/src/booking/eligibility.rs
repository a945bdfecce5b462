//! Who may take part: rules are data, judged here, and say what is missing and how to mend it.

use crate::language::Language;
use crate::time::{Instant, full_years, local_date};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A rule, a small tree. An empty `All` lets everybody in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Rule {
    /// Each of them.
    All(Vec<Rule>),
    /// At least one of them.
    Any(Vec<Rule>),
    /// Full years of age on the day of asking, both ends included.
    AgeBetween {
        /// The youngest that may.
        min: Option<u8>,
        /// The oldest that may.
        max: Option<u8>,
    },
}

impl Default for Rule {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// What is known of a person that rules ask about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Date of birth, if given.
    pub birth_date: Option<NaiveDate>,
}

/// One thing that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The profile has no date of birth.
    BirthDate,
    /// The age is not in the range.
    Age {
        /// The youngest that may.
        min: Option<u8>,
        /// The oldest that may.
        max: Option<u8>,
        /// The person's age.
        is: i32,
    },
}

impl Missing {
    /// The rule's name over HTTP.
    pub fn rule(self) -> &'static str {
        match self {
            Self::BirthDate | Self::Age { .. } => "ageBetween",
        }
    }

    /// Whether filling in the profile may mend it.
    pub fn is_unknown(self) -> bool {
        matches!(self, Self::BirthDate)
    }

    /// What is missing, for people.
    pub fn text(self, language: Language) -> String {
        match self {
            Self::BirthDate => language
                .choose(
                    "资料里还没有出生日期，无法判断年龄",
                    "Your profile has no date of birth, so your age is unknown",
                )
                .to_owned(),
            Self::Age { min, max, is } => match (min, max) {
                (Some(min), Some(max)) => language.choose(
                    format!("限 {min}–{max} 岁，您现在 {is} 岁"),
                    format!("For ages {min} to {max}; you are {is}"),
                ),
                (Some(min), None) => language.choose(
                    format!("须年满 {min} 岁，您现在 {is} 岁"),
                    format!("From age {min}; you are {is}"),
                ),
                (None, max) => language.choose(
                    format!("限 {} 岁及以下，您现在 {is} 岁", max.unwrap_or_default()),
                    format!("Up to age {}; you are {is}", max.unwrap_or_default()),
                ),
            },
        }
    }

    /// How to mend it, for people; empty where nothing can be done.
    pub fn fix(self, language: Language) -> &'static str {
        match self {
            Self::BirthDate => {
                language.choose("请在“我的资料”里填写出生日期", "Fill in your date of birth in your profile")
            }
            Self::Age { .. } => "",
        }
    }
}

impl Rule {
    /// What `facts` lack at `now`; empty when the rule is met.
    pub fn missing(&self, facts: &Facts, now: Instant) -> Vec<Missing> {
        match self {
            Self::All(rules) => rules.iter().flat_map(|rule| rule.missing(facts, now)).collect(),
            Self::Any(rules) => {
                let mut lacking: Vec<Missing> = Vec::new();
                for rule in rules {
                    let missing = rule.missing(facts, now);
                    if missing.is_empty() {
                        return missing;
                    }
                    lacking.extend(missing);
                }
                lacking
            }
            Self::AgeBetween { min: None, max: None } => Vec::new(),
            Self::AgeBetween { min, max } => {
                let Some(birth) = facts.birth_date else { return vec![Missing::BirthDate] };
                let is = full_years(birth, local_date(now));
                let young = min.is_some_and(|min| is < i32::from(min));
                let old = max.is_some_and(|max| is > i32::from(max));
                if young || old { vec![Missing::Age { min: *min, max: *max, is }] } else { Vec::new() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn born(text: &str) -> Facts {
        Facts { birth_date: Some(text.parse().unwrap()) }
    }

    #[test]
    fn age_counts_full_years_on_the_day_in_shanghai() {
        let rule = Rule::AgeBetween { min: Some(18), max: Some(45) };
        let eve = "2026-11-23T15:59:59Z".parse().unwrap();
        let birthday = "2026-11-23T16:00:00Z".parse().unwrap();
        assert_eq!(
            rule.missing(&born("2008-11-24"), eve),
            [Missing::Age { min: Some(18), max: Some(45), is: 17 }]
        );
        assert_eq!(rule.missing(&born("2008-11-24"), birthday), []);
        assert_eq!(rule.missing(&born("1981-11-24"), birthday), []);
        assert_eq!(rule.missing(&born("1980-11-24"), birthday).len(), 1);
        assert_eq!(rule.missing(&Facts::default(), birthday), [Missing::BirthDate]);
        assert_eq!(Rule::default().missing(&Facts::default(), birthday), []);
    }

    #[test]
    fn any_is_met_by_one_and_tells_all_that_would_do() {
        let now = "2026-11-24T00:00:00Z".parse().unwrap();
        let young = Rule::AgeBetween { min: None, max: Some(20) };
        let old = Rule::AgeBetween { min: Some(60), max: None };
        let rule = Rule::Any(vec![young.clone(), old.clone()]);
        assert_eq!(rule.missing(&born("2010-01-01"), now), []);
        assert_eq!(rule.missing(&born("1990-01-01"), now).len(), 2);
        assert_eq!(Rule::All(vec![young, old]).missing(&born("2010-01-01"), now).len(), 1);
    }

    #[test]
    fn a_rule_is_data() {
        let text = r#"{"all":[{"ageBetween":{"min":18,"max":null}}]}"#;
        let rule: Rule = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&rule).unwrap(), text);
        assert!(serde_json::from_str::<Rule>(r#"{"ageBetween":{"minimum":18}}"#).is_err());
    }
}

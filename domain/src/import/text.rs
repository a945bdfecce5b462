//! Characters that look alike: full-width forms, stray spaces, the many middle dots.
//!
//! Values (numbers, dates, words) are folded to half width before they are read; names keep their
//! full-width punctuation, which is right in Chinese, and lose only stray spaces and odd middle dots.

use super::reason::Reason;

/// The middle dot of Chinese names (GB/T 15834: U+00B7).
const MIDDLE_DOT: char = '·';

/// A text put in order, and what had to be done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tidied {
    /// The text.
    pub text: String,
    /// What was changed that a reader could care about.
    pub reason: Option<Reason>,
}

/// Whether a character takes no room: zero-width spaces and joiners, byte order marks.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

fn is_other_middle_dot(c: char) -> bool {
    matches!(c, '•' | '・' | '･' | '‧' | '∙' | '⋅' | '⸱')
}

/// The half-width form of a character; dashes and minus signs of all kinds become `-`.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '￥' => '¥',
        '–' | '—' | '−' | '‐' | '‑' => '-',
        '〜' | '∼' => '~',
        '∶' | '︰' => ':',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// A value, ready to be read: half-width, without outer spaces and invisible characters.
pub fn fold(text: &str) -> Tidied {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let trimmed = visible.trim();
    let folded: String = trimmed.chars().map(half_width).collect();
    let reason = if folded != trimmed {
        Some(Reason::FullWidth)
    } else if trimmed != text {
        Some(Reason::Spaces)
    } else {
        None
    };
    Tidied { text: folded, reason }
}

/// A text for people: without outer spaces, runs of spaces and line breaks made one space. None where it
/// holds control characters, which no database or screen wants.
pub fn tidy(text: &str) -> Option<Tidied> {
    let mut tidied = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() {
            space = true;
        } else if c.is_control() {
            return None;
        } else {
            if space && !tidied.is_empty() {
                tidied.push(' ');
            }
            space = false;
            tidied.push(c);
        }
    }
    let reason = (tidied != text).then_some(Reason::Spaces);
    Some(Tidied { text: tidied, reason })
}

/// A name: as [`tidy`], with one kind of middle dot.
pub fn tidy_name(text: &str) -> Option<Tidied> {
    let tidied = tidy(text)?;
    if !tidied.text.contains(is_other_middle_dot) {
        return Some(tidied);
    }
    let text = tidied.text.chars().map(|c| if is_other_middle_dot(c) { MIDDLE_DOT } else { c }).collect();
    Some(Tidied { text, reason: Some(Reason::MiddleDot) })
}

/// What two spellings of one name have in common: no spaces, half width, one kind of middle dot, small letters.
pub fn name_key(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .map(|c| if is_other_middle_dot(c) { MIDDLE_DOT } else { half_width(c) })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_folded() {
        for (text, folded, reason) in [
            ("30", "30", None),
            (" 30 ", "30", Some(Reason::Spaces)),
            ("３０", "30", Some(Reason::FullWidth)),
            ("１９：００", "19:00", Some(Reason::FullWidth)),
            ("\u{3000}周六", "周六", Some(Reason::Spaces)),
            ("周六\u{200b}", "周六", Some(Reason::Spaces)),
            ("3—5", "3-5", Some(Reason::FullWidth)),
            ("￥１", "¥1", Some(Reason::FullWidth)),
        ] {
            assert_eq!(fold(text), Tidied { text: folded.to_owned(), reason }, "{text:?}");
        }
    }

    #[test]
    fn names_keep_their_punctuation() {
        for (text, tidied, reason) in [
            ("常州青年夜校·总校（市文化馆）", "常州青年夜校·总校（市文化馆）", None),
            ("常州青年夜校•郑陆教学点", "常州青年夜校·郑陆教学点", Some(Reason::MiddleDot)),
            ("常州青年夜校・郑陆教学点 ", "常州青年夜校·郑陆教学点", Some(Reason::MiddleDot)),
            ("短视频剪辑   ", "短视频剪辑", Some(Reason::Spaces)),
            ("\u{3000}周沐阳", "周沐阳", Some(Reason::Spaces)),
            ("AI 绘画与设计", "AI 绘画与设计", None),
            ("AI  绘画\n与设计", "AI 绘画 与设计", Some(Reason::Spaces)),
            ("   ", "", Some(Reason::Spaces)),
        ] {
            assert_eq!(tidy_name(text), Some(Tidied { text: tidied.to_owned(), reason }), "{text:?}");
        }
        assert_eq!(tidy_name("夜\u{0}校"), None);
        assert_eq!(tidy("夜\u{7}校"), None);
    }

    #[test]
    fn one_name_many_spellings() {
        let key = name_key("常州青年夜校·总校（市文化馆）");
        for spelling in [
            "常州青年夜校•总校(市文化馆)",
            " 常州青年夜校・总校（市文化馆） ",
            "常州青年夜校 ‧ 总校（市　文化馆）",
        ] {
            assert_eq!(name_key(spelling), key, "{spelling}");
        }
        assert_ne!(name_key("常州青年夜校·天宁分校"), key);
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(text in "\\PC*|[ \t\n\u{3000}•·A１]{0,12}") {
            if let Some(once) = tidy_name(&text) {
                prop_assert_eq!(tidy_name(&once.text), Some(Tidied { text: once.text.clone(), reason: None }));
            }
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded.text).text, folded.text);
        }
    }
}

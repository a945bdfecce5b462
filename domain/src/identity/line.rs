//! One line of text from a person: a nickname, the name of an organisation.

use crate::refusal::FieldError;

/// `text` without the white space around it, if it is one visible line of 1 to `chars_max` characters.
///
/// Control characters are refused: they show nothing, and U+0000 cannot be stored by PostgreSQL. So are the marks
/// that turn the direction of what follows (UAX #9), with which one name can be made to look like another.
pub fn line(pointer: &str, text: &str, chars_max: usize) -> Result<String, FieldError> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > chars_max {
        return Err(FieldError::new(
            pointer,
            format!("须为 1 到 {chars_max} 个字"),
            format!("takes 1 to {chars_max} characters"),
        ));
    }
    if text.chars().any(is_unseen) {
        return Err(FieldError::new(pointer, "含有不可见的控制字符", "has control characters"));
    }
    Ok(text.to_owned())
}

fn is_unseen(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_visible_and_not_too_long() {
        assert_eq!(line("/n", "  小常 ", 3), Ok("小常".into()));
        assert_eq!(line("/n", "小常州", 3), Ok("小常州".into()));
        for text in ["", "   ", "小常州人", "a\0b", "a\nb", "a\u{202E}b", "\u{7F}"] {
            assert_eq!(line("/n", text, 3).unwrap_err().pointer, "/n", "{text:?}");
        }
    }
}

//! Columns whose cells are one of a few words: the Chinese word of the workbook or the English code of the CSV.

use super::cell::Cell;
use super::expected::Expected;
use super::reason::Reason;
use super::taken::{Reading, Taken};
use super::text::fold;

/// One value with its words.
#[derive(Debug, Clone, Copy)]
pub struct Word<T: 'static> {
    /// The value.
    pub value: T,
    /// Its English code, as in the CSVs.
    pub code: &'static str,
    /// Its Chinese word, as in the workbook.
    pub chinese: &'static str,
    /// Other words that can mean nothing else.
    pub synonyms: &'static [&'static str],
}

impl<T> Word<T> {
    /// A value with its words.
    pub const fn new(
        value: T,
        code: &'static str,
        chinese: &'static str,
        synonyms: &'static [&'static str],
    ) -> Self {
        Self { value, code, chinese, synonyms }
    }
}

/// The value whose word stands in the cell.
pub fn word<T: Copy>(words: &[Word<T>], cell: &Cell) -> Reading<T> {
    let refused = || Expected::one_of(&words.iter().map(|word| word.chinese).collect::<Vec<_>>());
    let Cell::Text(text) = cell else { return Err(refused()) };
    let folded = fold(text);
    let spelled = folded.text.to_lowercase();
    if let Some(word) = words.iter().find(|word| spelled == word.code || spelled == word.chinese) {
        return Ok(Taken::with(word.value, folded.reason, |_| word.chinese.to_owned()));
    }
    let word = words.iter().find(|word| word.synonyms.contains(&spelled.as_str())).ok_or_else(refused)?;
    Ok(Taken::with(word.value, Some(Reason::Synonym), |_| word.chinese.to_owned()))
}

/// Yes or no; blank is no.
pub fn yes_or_no(cell: &Cell) -> Reading<bool> {
    const WORDS: [Word<bool>; 2] = [
        Word::new(true, "true", "是", &["yes", "y", "1", "对", "√", "✓"]),
        Word::new(false, "false", "否", &["no", "n", "0", "不是", "×", "✗"]),
    ];
    match cell {
        Cell::Bool(value) => Ok(Taken::plain(*value)),
        blank if blank.is_blank() => Ok(Taken::plain(false)),
        _ => word(&WORDS, cell),
    }
}

#[cfg(test)]
mod tests {
    use super::super::taken::text_cell;
    use super::*;
    use proptest::prelude::*;

    const WORDS: [Word<u8>; 2] =
        [Word::new(1, "first_come", "先到先得", &["先报先得"]), Word::new(2, "lottery", "抽签", &["摇号"])];

    #[test]
    fn the_word_the_code_or_what_means_the_same() {
        for (text, value, reason) in [
            ("抽签", 2, None),
            ("lottery", 2, None),
            ("Lottery", 2, None),
            (" 抽签", 2, Some(Reason::Spaces)),
            ("ｌｏｔｔｅｒｙ", 2, Some(Reason::FullWidth)),
            ("摇号", 2, Some(Reason::Synonym)),
            ("先报先得", 1, Some(Reason::Synonym)),
        ] {
            let read = word(&WORDS, &text_cell(text)).unwrap();
            assert_eq!((read.value, read.remark.map(|remark| remark.reason)), (value, reason), "{text}");
        }
        for cell in
            [text_cell("抽"), text_cell("抽签或先到先得"), Cell::Empty, Cell::Number(1.0), Cell::Bool(true)]
        {
            assert_eq!(word(&WORDS, &cell), Err(Expected::one_of(&["先到先得", "抽签"])), "{cell:?}");
        }
    }

    #[test]
    fn yes_no_and_nothing() {
        for (cell, value, reason) in [
            (text_cell("是"), true, None),
            (text_cell("false"), false, None),
            (text_cell("TRUE"), true, None),
            (text_cell("√"), true, Some(Reason::Synonym)),
            (Cell::Bool(true), true, None),
            (Cell::Empty, false, None),
        ] {
            let read = yes_or_no(&cell).unwrap();
            assert_eq!((read.value, read.remark.map(|remark| remark.reason)), (value, reason), "{cell:?}");
        }
        assert_eq!(yes_or_no(&text_cell("也许")), Err(Expected::one_of(&["是", "否"])));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = word(&WORDS, &text_cell(&text));
        }
    }
}

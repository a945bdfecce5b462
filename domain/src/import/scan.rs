//! Walking through the text of a cell, piece by piece, for dates and times.

/// What is left of a folded text.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    rest: &'a str,
}

impl<'a> Scan<'a> {
    /// At the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self { rest: text.trim() }
    }

    /// Whether nothing is left.
    pub fn is_done(&self) -> bool {
        self.rest.trim_start().is_empty()
    }

    /// A run of ASCII digits, with how many there were; nothing is taken if there are more than `length_max`.
    pub fn number(&mut self, length_max: usize) -> Option<(u32, usize)> {
        let text = self.rest.trim_start();
        let length = text.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 || length > length_max {
            return None;
        }
        let (digits, rest) = text.split_at_checked(length)?;
        let number = digits.parse().ok()?;
        self.rest = rest;
        Some((number, length))
    }

    /// The first of `words` that stands here.
    pub fn word<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let text = self.rest.trim_start();
        let (word, rest) = words.iter().find_map(|word| Some((*word, text.strip_prefix(word)?)))?;
        self.rest = rest;
        Some(word)
    }
}

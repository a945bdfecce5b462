//! The two languages in which people are answered: Chinese first, then English.

/// A language in which an answer can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The tag of BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// One of two texts that say the same.
    pub fn choose<T>(self, chinese: T, english: T) -> T {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// What an `Accept-Language` header asks for (RFC 9110, 12.5.4): the best-weighted tag that is `zh*` or
    /// `en*`; Chinese when it names neither.
    pub fn accepted(header: &str) -> Self {
        let mut best = (0, Self::Chinese);
        for part in header.split(',') {
            let mut fields = part.split(';');
            let tag = fields.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = fields
                .find_map(|field| field.trim().strip_prefix("q=").and_then(thousandths))
                .unwrap_or(1000);
            let language = match tag.split('-').next() {
                Some("zh") => Self::Chinese,
                Some("en") => Self::English,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// A quality value such as `0.8`, in thousandths; nothing if it is none.
fn thousandths(text: &str) -> Option<u32> {
    let value: f32 = text.trim().parse().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded to 0..=1000 just before"
    )]
    (0.0..=1.0).contains(&value).then_some((value * 1000.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_weighted_language_wins() {
        for (header, language) in [
            ("", Language::Chinese),
            ("en", Language::English),
            ("en-GB,en;q=0.9", Language::English),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en;q=0.5, zh;q=0.7", Language::Chinese),
            ("fr, en;q=0.2", Language::English),
            ("fr", Language::Chinese),
            ("en;q=0", Language::Chinese),
            ("en;q=nonsense", Language::English),
            ("*", Language::Chinese),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}

//! What a class can be about: the categories of the city's own table.

use crate::language::Language;

/// What a class is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// 运动
    Sport,
    /// 音乐
    Music,
    /// 非遗
    Heritage,
    /// 手工
    Craft,
    /// 影像传播
    Media,
    /// 书画
    Art,
    /// 舞蹈戏曲
    Dance,
    /// 数字技能
    Digital,
    /// 生活美学
    Life,
    /// 语言
    Language,
    /// 健康
    Health,
    /// 职业发展
    Career,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 12] = [
        Self::Sport,
        Self::Music,
        Self::Heritage,
        Self::Craft,
        Self::Media,
        Self::Art,
        Self::Dance,
        Self::Digital,
        Self::Life,
        Self::Language,
        Self::Health,
        Self::Career,
    ];

    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sport => "sport",
            Self::Music => "music",
            Self::Heritage => "heritage",
            Self::Craft => "craft",
            Self::Media => "media",
            Self::Art => "art",
            Self::Dance => "dance",
            Self::Digital => "digital",
            Self::Life => "life",
            Self::Language => "language",
            Self::Health => "health",
            Self::Career => "career",
        }
    }

    /// The category with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.word() == word)
    }

    /// Its name, for people; the Chinese one as in the city's table.
    pub fn name(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Sport => ("运动", "Sport"),
            Self::Music => ("音乐", "Music"),
            Self::Heritage => ("非遗", "Intangible heritage"),
            Self::Craft => ("手工", "Craft"),
            Self::Media => ("影像传播", "Media"),
            Self::Art => ("书画", "Art"),
            Self::Dance => ("舞蹈戏曲", "Dance and opera"),
            Self::Digital => ("数字技能", "Digital skills"),
            Self::Life => ("生活美学", "Lifestyle"),
            Self::Language => ("语言", "Languages"),
            Self::Health => ("健康", "Health"),
            Self::Career => ("职业发展", "Career"),
        };
        language.choose(chinese, english)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_names_are_of_one_category_each() {
        for category in Category::ALL {
            assert_eq!(Category::from_word(category.word()), Some(category));
            for language in [Language::Chinese, Language::English] {
                let same =
                    Category::ALL.iter().filter(|other| other.name(language) == category.name(language));
                assert_eq!(same.count(), 1);
            }
        }
        assert_eq!(Category::from_word("Sport"), None);
    }
}

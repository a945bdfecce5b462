//! The divisions of Changzhou: six of GB/T 2260, and the economic development zone, which has no code there.

use crate::language::Language;

/// One division of the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct District {
    /// The city's own code, two letters.
    pub code: &'static str,
    /// Its Chinese name.
    pub chinese: &'static str,
    /// Its English name.
    pub english: &'static str,
}

/// All of them, in the order of the city's own lists.
pub const ALL: [District; 7] = [
    District { code: "TN", chinese: "天宁区", english: "Tianning District" },
    District { code: "ZL", chinese: "钟楼区", english: "Zhonglou District" },
    District { code: "XB", chinese: "新北区", english: "Xinbei District" },
    District { code: "WJ", chinese: "武进区", english: "Wujin District" },
    District { code: "JK", chinese: "常州经开区", english: "Changzhou Economic Development Zone" },
    District { code: "JT", chinese: "金坛区", english: "Jintan District" },
    District { code: "LY", chinese: "溧阳市", english: "Liyang City" },
];

/// The division with this code.
pub fn with_code(code: &str) -> Option<District> {
    ALL.into_iter().find(|district| district.code == code)
}

impl District {
    /// Its name, for people.
    pub fn name(self, language: Language) -> &'static str {
        language.choose(self.chinese, self.english)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_name_one_division_each() {
        for district in ALL {
            assert_eq!(with_code(district.code), Some(district));
        }
        assert_eq!(with_code("tn"), None);
        assert_eq!(with_code("JK").unwrap().name(Language::English), "Changzhou Economic Development Zone");
    }
}

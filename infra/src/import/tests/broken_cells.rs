//! The real workbook and CSVs with one cell broken: the report names exactly that cell.

use super::super::read;
use super::fixture::{
    CLASSES, CLASSES_PART, SCHOOLS, SCHOOLS_PART, WORKBOOK, edited, errors, file, with_cell, with_text,
};
use domain::import::reason::Reason;

fn told(workbook: &[u8]) -> Vec<String> {
    errors(&read(&[file("changzhou.xlsx", workbook)]).unwrap_err())
}

#[test]
fn one_bad_text_is_one_error() {
    for (part, cell, text, expected) in [
        (
            CLASSES_PART,
            "R5",
            "三十人左右",
            "课程!R5（名额）：三十人左右 → 1 到 100000 之间的整数；不限则留空或写“不限”",
        ),
        (CLASSES_PART, "S4", "待定", "课程!S4（学费（元））：待定 → 金额（元），0 到 100000，最多两位小数"),
        (CLASSES_PART, "M4", "三月二十日", "课程!M4（首课日期）：三月二十日 → 日期，如 2027-03-20"),
        (
            CLASSES_PART,
            "M4",
            "11月20日",
            "课程!M4（首课日期）：11月20日 → 带年份的日期，如 2027-03-20（学期“2027春季”不能确定是哪一年）",
        ),
        (CLASSES_PART, "K175", "晚上12点", "课程!K175（开始时间）：晚上12点 → 时间，如 19:00"),
        (CLASSES_PART, "J4", "周末", "课程!J4（上课星期）：周末 → 星期几，如 周六，或 1 到 7"),
        (CLASSES_PART, "T4", "面试", "课程!T4（录取方式）：面试 → 以下之一：先到先得、抽签"),
        (
            CLASSES_PART,
            "U4",
            "2027-02-20",
            "课程!U4（报名开始）：2027-02-20 → 日期和时间，如 2027-02-20 10:00（零点请写成文字“2027-02-20 00:00”）",
        ),
        (CLASSES_PART, "F4", " ", "课程!F4（课程名称）：（空白） → 文字，1 到 80 个字符"),
        (
            CLASSES_PART,
            "O4",
            "11",
            "课程!O4（课次）：11 → 10（2027-03-20 至 2027-05-29 每周一次，停课 1 次）",
        ),
        (CLASSES_PART, "A5", "CL001", "课程!A5（编码）：CL001 → 不重复的编码（“课程”第 4 行已有）"),
        (
            SCHOOLS_PART,
            "G3",
            "姑苏区",
            "夜校!G3（所属区）：姑苏区 → 区县名称或编码：天宁区、钟楼区、新北区、武进区、常州经开区、金坛区、溧阳市",
        ),
        (SCHOOLS_PART, "L28", "bd09", "夜校!L28（坐标系）：bd09 → 以下之一：gcj02、wgs84"),
        (SCHOOLS_PART, "Q3", "0", "夜校!Q3（每人限报门数）：0 → 1 到 100 之间的整数；不限则留空或写“不限”"),
    ] {
        assert_eq!(told(&with_text(part, cell, text)), [expected], "{cell} = {text}");
    }
}

#[test]
fn one_bad_value_is_one_error() {
    for (cell, attributes, content, expected) in [
        ("R5", "", "<v>23.5</v>", "课程!R5（名额）：23.5 → 1 到 100000 之间的整数；不限则留空或写“不限”"),
        ("R5", "t=\"b\"", "<v>1</v>", "课程!R5（名额）：true → 1 到 100000 之间的整数；不限则留空或写“不限”"),
        (
            "R5",
            "s=\"5\"",
            "<v>46466</v>",
            "课程!R5（名额）：2027-03-20 → 1 到 100000 之间的整数；不限则留空或写“不限”",
        ),
        (
            "R5",
            "t=\"e\"",
            "<f>1/0</f><v>#DIV/0!</v>",
            "课程!R5（名额）：#DIV/0! → 1 到 100000 之间的整数；不限则留空或写“不限”",
        ),
        (
            "R5",
            "",
            "<f>A1+1</f>",
            "课程!R5（名额）：= → 公式的结果（文件里没有保存，请在 Excel 中打开并保存一次）",
        ),
        (
            "S4",
            "",
            "<v>199.999</v>",
            "课程!S4（学费（元））：199.999 → 金额（元），0 到 100000，最多两位小数",
        ),
        ("M4", "s=\"5\"", "<v>46466.79</v>", "课程!M4（首课日期）：2027-03-20 18:57 → 日期，如 2027-03-20"),
        ("M4", "s=\"5\"", "<v>46467</v>", "课程!M4（首课日期）：2027-03-21 → 周六的日期（与上课星期一致）"),
        ("K4", "s=\"4\"", "<v>46466.79</v>", "课程!K4（开始时间）：2027-03-20 18:57 → 时间，如 19:00"),
        ("L4", "s=\"4\"", "<v>0.75</v>", "课程!L4（结束时间）：18:00 → 晚于开始时间 19:00"),
        (
            "U4",
            "s=\"5\"",
            "<v>46438</v>",
            "课程!U4（报名开始）：2027-02-20 → 日期和时间，如 2027-02-20 10:00（零点请写成文字“2027-02-20 00:00”）",
        ),
        (
            "V4",
            "s=\"6\"",
            "<v>46438</v>",
            "课程!V4（报名截止）：2027-02-20 00:00 → 晚于报名开始 2027-02-20 10:00",
        ),
    ] {
        assert_eq!(
            told(&with_cell(CLASSES_PART, cell, attributes, content)),
            [expected],
            "{cell} = {content}"
        );
    }
}

#[test]
fn midnight_is_a_time_where_the_format_shows_one() {
    let midnight = with_cell(CLASSES_PART, "U4", "s=\"6\"", "<v>46438</v>");
    let rows = read(&[file("changzhou.xlsx", &midnight)]).unwrap();
    assert_eq!(domain::time::rfc3339(rows.classes[0].row.enrol_opens_at), "2027-02-20T00:00:00+08:00");
}

#[test]
fn serial_numbers_without_a_format_are_taken_with_a_warning() {
    for (cell, number) in [("M4", "46466"), ("K4", "0.7916666666666666"), ("U4", "46438.41666666666")] {
        let workbook = with_cell(CLASSES_PART, cell, "", &format!("<v>{number}</v>"));
        let rows = read(&[file("changzhou.xlsx", &workbook)]).unwrap();
        let whole = read(&[file("changzhou.xlsx", WORKBOOK)]).unwrap();
        assert_eq!(rows.classes[0].row, whole.classes[0].row, "{cell}");
        assert_eq!(
            rows.warnings.iter().filter(|note| note.reason == Reason::SerialNumber).count(),
            1,
            "{cell}"
        );
    }
}

#[test]
fn every_bad_cell_is_told_at_once() {
    let workbook = edited(CLASSES_PART, |xml| xml.replace("先到先得", "先来后到"));
    let told = told(&workbook);
    assert_eq!(told.len(), 96);
    assert_eq!(told[0], "课程!T6（录取方式）：先来后到 → 以下之一：先到先得、抽签");
    assert!(told.iter().all(|error| error.contains("（录取方式）：先来后到")));
}

#[test]
fn an_unknown_school_is_left_to_whoever_knows_the_others() {
    let workbook = with_text(CLASSES_PART, "B4", "NS99");
    let rows = read(&[file("changzhou.xlsx", &workbook)]).unwrap();
    let missing: Vec<_> = rows
        .missing_references
        .iter()
        .map(|missing| {
            (
                missing.place.column.as_deref(),
                missing.place.row,
                missing.school_code.as_str(),
                missing.class_code.as_str(),
            )
        })
        .collect();
    assert_eq!(missing, [(Some("B"), Some(4), "NS99", "CL001")]);
}

#[test]
fn a_missing_column_is_an_error_of_the_header() {
    let workbook = edited(CLASSES_PART, |xml| xml.replacen("名额", "备用", 1));
    assert_eq!(told(&workbook), ["课程 第 3 行：没有这一列 → 列“名额”"]);
}

#[test]
fn a_bad_cell_of_a_csv_is_named_as_excel_names_it() {
    let text = std::str::from_utf8(CLASSES).unwrap();
    let broken =
        text.replacen("CL003,NS01,2027春季", "CL003,NS01,2027秋季", 1).replacen(",23,9900,", ",0,99.5,", 1);
    let rejected = read(&[file("schools.csv", SCHOOLS), file("classes.csv", broken.as_bytes())]).unwrap_err();
    assert_eq!(
        errors(&rejected),
        [
            "classes.csv!Q3（capacity）：0 → 1 到 100000 之间的整数；不限则留空或写“不限”",
            "classes.csv!R3（fee_fen）：99.5 → 金额（分），0 到 10000000 的整数",
            "classes.csv!D4（term_code）：2027-spring → 与同一行的学期“2027秋季”一致",
        ]
    );
}

//! Tables of schools and classes, one cell of which is changed at a time.

use super::super::report::NOTES_MAX;
use super::super::school::Datum;
use super::super::taken::text_cell;
use super::*;
use crate::language::Language;

const SCHOOLS: [&str; 3] = [
    "编码,学校名称,场地,所属区,地址,经度,纬度,坐标系,每人限报门数",
    "NS01,常州青年夜校·总校,文化馆,天宁区,锦绣路,119.97,31.80,gcj02,2",
    "NS02,常州青年夜校·青果巷分校,图书馆,钟楼区,青果巷,119.95,31.77,gcj02,不限",
];

const CLASSES: [&str; 3] = [
    "编码,学校编码,学校名称,学期,学期代码,课程名称,类别,上课星期,开始时间,结束时间,首课日期,末课日期,课次,每课时长（分钟）,停课日期,名额,学费（元）,录取方式,报名开始,报名截止,抽签时间,候补方式,最小年龄,最大年龄",
    "CL001,NS01,常州青年夜校·总校,2027春季,2027-spring,非洲鼓,音乐,周六,19:00,20:30,2027-03-20,2027-05-29,10,90,2027-05-01,19,199,抽签,2027-02-20 10:00,2027-02-26 18:00,2027-02-27 10:00,通知递补,18,45",
    "CL002,NS02,常州青年夜校·青果巷分校,2027春季,2027-spring,八段锦,运动,周一,19:00,20:30,2027-03-15,2027-05-17,8,90,2027-04-05;2027-05-03,,0,先到先得,2027-02-20 10:00,2027-03-03 20:00,,无,,",
];

fn sheet(name: &str, lines: &[&str]) -> Sheet {
    let row = |(at, line): (usize, &&str)| Row {
        number: u32::try_from(at).unwrap() + 1,
        cells: line.split(',').map(text_cell).collect(),
    };
    Sheet {
        name: name.to_owned(),
        hidden: false,
        rows: lines.iter().enumerate().map(row).collect(),
        beyond: None,
        decoded: None,
    }
}

fn city() -> Vec<Sheet> {
    vec![sheet("夜校", &SCHOOLS), sheet("课程", &CLASSES)]
}

/// Puts `text` under `title` into row `row` (as Excel numbers it).
fn put(sheet: &mut Sheet, title: &str, row: usize, text: &str) {
    let header = &sheet.rows[0];
    let column = header.cells.iter().position(|cell| *cell == text_cell(title)).unwrap();
    sheet.rows[row - 1].cells[column] = text_cell(text);
}

/// Every error as `sheet!cell title: found -> expected`, in English.
fn errors(sheets: &[Sheet]) -> Vec<String> {
    let told = read(sheets, Vec::new()).map(|_| ()).unwrap_err().report.told(Language::English);
    told.errors
        .iter()
        .map(|error| {
            format!("{}: {} -> {}", error.place.text(Language::English), error.found, error.expected)
        })
        .collect()
}

/// Every warning as `cell: found -> taken (reason)`.
fn warnings(sheets: &[Sheet]) -> Vec<String> {
    let rows = read(sheets, Vec::new()).unwrap();
    let told = ImportReport { warnings: rows.warnings, ..ImportReport::default() }.told(Language::English);
    told.warnings
        .iter()
        .map(|note| {
            format!(
                "{}: {} -> {} ({:?})",
                note.place.text(Language::English),
                note.found,
                note.taken,
                note.reason
            )
        })
        .collect()
}

#[test]
fn schools_classes_and_their_term() {
    let rows = read(&city(), Vec::new()).unwrap();
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(rows.schools.len(), 2);
    assert_eq!((rows.schools[0].row.district_code.as_str(), rows.schools[0].row.datum), ("TN", Datum::Gcj02));
    assert_eq!(rows.schools[1].row.max_classes_per_person, None);
    let class = &rows.classes[1].row;
    assert_eq!((class.capacity, class.fee_fen, class.age_min, class.age_max), (None, 0, None, None));
    assert_eq!(class.lesson_days().len(), 8);
    let term = TermRow {
        code: "2027-spring".to_owned(),
        name: "2027春季".to_owned(),
        first_day: day("2027-03-15"),
        last_day: day("2027-05-29"),
    };
    assert_eq!(rows.terms, [term]);
    assert_eq!(rows.missing_references, []);
    let tables: Vec<_> =
        rows.tables.iter().map(|table| (table.sheet.as_str(), table.kind, table.rows)).collect();
    assert_eq!(tables, [("夜校", TableKind::Schools, 2), ("课程", TableKind::Classes, 2)]);
    assert_eq!(warnings(&city()), ["夜校!I3 (每人限报门数): 不限 -> 不限 (Unlimited)"]);
}

#[test]
fn each_contradiction_is_an_error_at_its_cell() {
    for (title, text, expected) in [
        ("编码", "CL002", "课程!A3 (编码): CL002 -> a code that stands nowhere else (“课程” row 2 has it)"),
        (
            "学校名称",
            "常州青年夜校•青果巷分校",
            "课程!C2 (学校名称): 常州青年夜校·青果巷分校 -> “常州青年夜校·总校”, the school of this code",
        ),
        ("学期代码", "2027-autumn", "课程!E2 (学期代码): 2027-autumn -> the term “2027春季” of the same row"),
        ("上课星期", "周日", "课程!K2 (首课日期): 2027-03-20 -> a Sunday, as the weekday says"),
        ("结束时间", "19:00", "课程!J2 (结束时间): 19:00 -> later than 开始时间 19:00"),
        (
            "每课时长（分钟）",
            "91",
            "课程!N2 (每课时长（分钟）): 91 -> at most 90 minutes, as from start to end",
        ),
        ("首课日期", "2027-03-19", "课程!K2 (首课日期): 2027-03-19 -> a Saturday, as the weekday says"),
        ("末课日期", "2027-03-13", "课程!L2 (末课日期): 2027-03-13 -> not before 首课日期 2027-03-20"),
        (
            "课次",
            "11",
            "课程!M2 (课次): 11 -> 10 (weekly from 2027-03-20 to 2027-05-29, less 1 without class)",
        ),
        (
            "停课日期",
            "2027-03-20",
            "课程!O2 (停课日期): 2027-03-20 -> a day between the first and the last lesson",
        ),
        ("名额", "0", "课程!P2 (名额): 0 -> a whole number from 1 to 100000; blank or 不限 for no limit"),
        (
            "学费（元）",
            "199.999",
            "课程!Q2 (学费（元）): 199.999 -> an amount in yuan, 0 to 100000, at most two decimals",
        ),
        ("录取方式", "面试", "课程!R2 (录取方式): 面试 -> one of: 先到先得, 抽签"),
        (
            "录取方式",
            "先到先得",
            "课程!U2 (抽签时间): 2027-02-27 10:00 -> nothing, since admission is not by lottery",
        ),
        (
            "报名截止",
            "2027-02-20 10:00",
            "课程!T2 (报名截止): 2027-02-20 10:00 -> later than 报名开始 2027-02-20 10:00",
        ),
        (
            "抽签时间",
            "2027-02-26 17:59",
            "课程!U2 (抽签时间): 2027-02-26 17:59 -> not before 报名截止 2027-02-26 18:00",
        ),
        (
            "抽签时间",
            "",
            "课程!U2 (抽签时间): (blank) -> the time of the draw, since admission is by lottery",
        ),
        ("最大年龄", "17", "课程!X2 (最大年龄): 17 -> at least 最小年龄 18"),
    ] {
        let mut sheets = city();
        put(&mut sheets[1], title, 2, text);
        let told = errors(&sheets);
        assert!(told.contains(&expected.to_owned()), "{title} = {text}: {told:#?}");
    }
}

#[test]
fn all_bad_cells_are_told_in_order_and_none_twice() {
    let mut sheets = city();
    put(&mut sheets[0], "所属区", 3, "姑苏区");
    put(&mut sheets[0], "经度", 2, "31.80");
    put(&mut sheets[1], "课次", 3, "八");
    put(&mut sheets[1], "学校名称", 3, "常州青年夜校·总校");
    put(&mut sheets[1], "名额", 2, "很多");
    put(&mut sheets[1], "学期", 3, "2027秋季");
    put(&mut sheets[1], "学期代码", 3, "");
    let places: Vec<String> = read(&sheets, Vec::new())
        .unwrap_err()
        .report
        .errors
        .iter()
        .map(|error| error.place.text(Language::English))
        .collect();
    assert_eq!(
        places,
        ["夜校!F2 (经度)", "夜校!D3 (所属区)", "课程!P2 (名额)", "课程!C3 (学校名称)", "课程!M3 (课次)",]
    );
}

#[test]
fn a_faulty_school_is_no_unknown_school() {
    let mut sheets = city();
    put(&mut sheets[0], "经度", 2, "");
    let rejected = read(&sheets, Vec::new()).unwrap_err();
    assert_eq!((rejected.report.errors.len(), rejected.missing_references.len()), (1, 0));
    let rows = read(&sheets[1..], Vec::new()).unwrap();
    let missing: Vec<_> = rows
        .missing_references
        .iter()
        .map(|missing| (missing.place.text(Language::English), missing.school_code.as_str()))
        .collect();
    assert_eq!(
        missing,
        [("课程!B2 (学校编码)".to_owned(), "NS01"), ("课程!B3 (学校编码)".to_owned(), "NS02")]
    );
    assert_eq!(rows.missing_references[0].error().expected, Expected::KnownSchool);
}

#[test]
fn what_means_only_one_thing_is_a_warning() {
    for (title, text, expected) in [
        ("首课日期", "3月20日", "课程!K2 (首课日期): 3月20日 -> 2027-03-20 (YearAdded)"),
        ("学期", "2027年春季学期", "课程!D3 (学期): 2027春季 -> 2027年春季学期 (Synonym)"),
        ("学期代码", "", "课程!E2 (学期代码): (blank) -> 2027-spring (TermDerived)"),
        (
            "学校名称",
            "青年夜校总校",
            "课程!C2 (学校名称): 青年夜校总校 -> 常州青年夜校·总校 (SchoolNameDiffers)",
        ),
        (
            "停课日期",
            "2027-05-01;2027-05-02",
            "课程!O2 (停课日期): 2027-05-01;2027-05-02 -> 2027-05-01 (SkipDayWithoutLesson)",
        ),
        ("学费（元）", "免费", "课程!Q2 (学费（元）): 免费 -> 0 (Free)"),
        ("名额", "３０人", "课程!P2 (名额): ３０人 -> 30 (Unit)"),
        (
            "报名开始",
            "2月20日上午10点",
            "课程!S2 (报名开始): 2月20日上午10点 -> 2027-02-20 10:00 (YearAdded)",
        ),
    ] {
        let mut sheets = city();
        put(&mut sheets[1], title, 2, text);
        let told = warnings(&sheets);
        assert_eq!(told[1..], [expected.to_owned()], "{title} = {text}");
    }
}

#[test]
fn what_stands_around_the_data_is_left_out() {
    let mut lines = vec!["常州市青年夜校2027年春季课程汇总表", "填报单位：市青年工作联席办"];
    lines.extend(&CLASSES);
    lines.extend([" , ", CLASSES[0], "合计,2", "注：以上课程如有调整另行通知"]);
    let sheets = [sheet("夜校", &SCHOOLS[..2]), sheet("2027春季课程", &lines)];
    let rows = read(&sheets, Vec::new()).unwrap();
    assert_eq!(rows.classes.iter().map(|class| class.place.row).collect::<Vec<_>>(), [4, 5]);
    let left_out: Vec<_> = rows.warnings.iter().map(|note| (note.place.row, note.reason)).collect();
    assert_eq!(
        left_out,
        [(Some(7), Reason::RepeatedHeader), (Some(8), Reason::TotalRow), (Some(9), Reason::RemarkRow)]
    );
}

#[test]
fn a_faulty_header_is_told_once_and_the_rows_are_still_read() {
    let mut sheets = city();
    for (title, other) in [("名额", "课程名称"), ("录取方式", "备用"), ("最大年龄", "")] {
        put(&mut sheets[1], title, 1, other);
    }
    put(&mut sheets[1], "课次", 3, "八");
    let rejected = read(&sheets, Vec::new()).unwrap_err();
    let told = rejected.report.told(Language::English);
    let errors: Vec<_> = told
        .errors
        .iter()
        .map(|error| format!("{}: {}", error.place.text(Language::English), error.expected))
        .collect();
    assert_eq!(
        errors,
        [
            "课程 row 1: a column “名额”",
            "课程 row 1: a column “录取方式”",
            "课程!P1 (课程名称): only one column “课程名称”",
            "课程!M3 (课次): a whole number from 1 to 200",
        ]
    );
    let unknown: Vec<_> = told
        .warnings
        .iter()
        .filter(|note| note.reason == Reason::UnknownColumn)
        .map(|note| note.found.as_str())
        .collect();
    assert_eq!(unknown, ["备用", "(blank)"]);
}

#[test]
fn sheets_that_are_not_read_are_told() {
    let hidden = Sheet { hidden: true, ..sheet("课程（旧）", &CLASSES) };
    let mut sheets = city();
    sheets.extend([
        hidden,
        sheet("青年小店", &["编码,店铺名称"]),
        sheet("说明", &["随便"]),
        sheet("Sheet3", &[]),
    ]);
    let rows = read(&sheets, Vec::new()).unwrap();
    let unused: Vec<_> =
        rows.unused_sheets.iter().map(|unused| (unused.sheet.as_str(), unused.reason)).collect();
    assert_eq!(
        unused,
        [
            ("课程（旧）", Unused::Hidden),
            ("青年小店", Unused::NotImported),
            ("说明", Unused::Unknown),
            ("Sheet3", Unused::Empty)
        ]
    );
    assert_eq!(
        errors(&[sheet("说明", &["随便"])]),
        ["说明: no table that is imported -> at least one table of schools or classes"]
    );
    assert_eq!(errors(&[]), [": no table that is imported -> at least one table of schools or classes"]);
    assert!(read(&[sheet("shops.csv", &["code,name,district_code,lng,lat"])], Vec::new()).is_ok());
    let no_header = errors(&[sheet("课程", &["一,二", "三,四"])]);
    assert_eq!(no_header.len(), 1);
    assert!(
        no_header[0].starts_with("课程: no header row -> a header row with titles such as 编码, 学校编码"),
        "{no_header:?}"
    );
}

#[test]
fn a_report_is_bounded_and_says_so() {
    let mut lines = vec![CLASSES[0]];
    lines.resize(NOTES_MAX + 5, "CL,NS01,,,,,,,,,,,,,,,,,,,,,,");
    let rejected = read(&[sheet("课程", &lines)], Vec::new()).unwrap_err();
    assert_eq!(rejected.report.errors.len(), NOTES_MAX);
    assert!(rejected.report.left_out > 100_000);
}

#[test]
fn a_report_is_kept_and_told() {
    let mut sheets = city();
    put(&mut sheets[1], "课次", 2, "11");
    put(&mut sheets[1], "名额", 2, "30人");
    let report = read(&sheets, Vec::new()).unwrap_err().report;
    let kept: ImportReport = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
    assert_eq!(kept, report);
    let told = serde_json::to_value(report.told(Language::Chinese)).unwrap();
    assert_eq!(
        told["errors"][0],
        serde_json::json!({
            "sheet": "课程", "row": 2, "column": "M", "title": "课次",
            "found": "11", "expected": "10（2027-03-20 至 2027-05-29 每周一次，停课 1 次）"
        })
    );
    assert_eq!(
        told["warnings"][1],
        serde_json::json!({
            "sheet": "课程", "row": 2, "column": "P", "title": "名额",
            "found": "30人", "taken": "30", "reason": "unit", "detail": "去掉了单位"
        })
    );
    assert_eq!((&told["leftOut"], &told["unusedSheets"]), (&serde_json::json!(0), &serde_json::json!([])));
}

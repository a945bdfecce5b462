//! The city's workbook goes in as it is, and says the same as the CSVs.

use super::super::read;
use super::fixture::{CLASSES, DISTRICTS, SCHOOLS, WORKBOOK, file};
use domain::import::city::CityRows;
use domain::import::class::{ClassAdmission, ClassWaitlist};
use domain::import::found::Found;
use domain::import::reason::Reason;
use domain::import::report::Unused;
use domain::import::table::TableKind;
use domain::time::rfc3339;

fn workbook() -> CityRows {
    read(&[file("changzhou.xlsx", WORKBOOK)]).unwrap()
}

fn csvs() -> CityRows {
    read(&[file("districts.csv", DISTRICTS), file("schools.csv", SCHOOLS), file("classes.csv", CLASSES)])
        .unwrap()
}

#[test]
fn workbook_and_csvs_say_the_same() {
    let (workbook, csvs) = (workbook(), csvs());
    assert_eq!((workbook.schools.len(), workbook.classes.len(), workbook.terms.len()), (26, 172, 1));
    assert_eq!(workbook.districts, csvs.districts);
    assert_eq!(workbook.terms, csvs.terms);
    assert_eq!(workbook.schools.len(), csvs.schools.len());
    for (one, other) in workbook.schools.iter().zip(&csvs.schools) {
        assert_eq!(one.row, other.row);
    }
    assert_eq!(workbook.classes.len(), csvs.classes.len());
    for (one, other) in workbook.classes.iter().zip(&csvs.classes) {
        assert_eq!(one.row, other.row);
    }
}

#[test]
fn the_csvs_are_read_without_a_warning() {
    let rows = csvs();
    assert_eq!(rows.warnings, []);
    assert_eq!((rows.missing_references, rows.unused_sheets), (vec![], vec![]));
    let tables: Vec<_> =
        rows.tables.iter().map(|table| (table.sheet.as_str(), table.kind, table.rows)).collect();
    assert_eq!(
        tables,
        [
            ("districts.csv", TableKind::Districts, 7),
            ("schools.csv", TableKind::Schools, 26),
            ("classes.csv", TableKind::Classes, 172)
        ]
    );
}

#[test]
fn the_rows_are_what_the_readme_counts() {
    let classes: Vec<_> = csvs().classes.into_iter().map(|class| class.row).collect();
    let lotteries =
        classes.iter().filter(|class| matches!(class.admission, ClassAdmission::Lottery { .. })).count();
    assert_eq!((lotteries, classes.len() - lotteries), (76, 96));
    assert_eq!(classes.iter().filter_map(|class| class.capacity).sum::<u32>(), 3_750);
    assert!(classes.iter().all(|class| rfc3339(class.enrol_opens_at) == "2027-02-20T10:00:00+08:00"));
    assert!(classes.iter().all(|class| class.lesson_days().len() == usize::try_from(class.lessons).unwrap()));
    let waiting = |kind| classes.iter().filter(|class| class.waitlist == kind).count();
    assert_eq!(
        [ClassWaitlist::Off, ClassWaitlist::Instant, ClassWaitlist::Offer].map(waiting),
        [18, 45, 109]
    );
    let term = &csvs().terms[0];
    assert_eq!((term.code.as_str(), term.name.as_str()), ("2027-spring", "2027春季"));
    assert_eq!(
        (term.first_day.to_string().as_str(), term.last_day.to_string().as_str()),
        ("2027-03-08", "2027-06-23")
    );
}

/// The faults that the README of the data lists for 夜校 and 课程: one warning each, and no other.
#[test]
fn every_fault_of_the_readme_is_one_warning() {
    let expected = [
        ("夜校", Reason::MiddleDot, "B8"),
        ("课程", Reason::FullWidth, "R7 R40 R94 R125 R159"),
        ("课程", Reason::Spaces, "F5 F18 F51 F80 F137 F164 I12 I106"),
        ("课程", Reason::FullWidth, "K24 K67 K103 K144"),
        ("课程", Reason::DateForm, "M33 M74 M154"),
        ("课程", Reason::YearAdded, "M115"),
        ("课程", Reason::Free, "S6 S17 S34 S43 S47 S61 S76 S94 S110 S120 S142"),
        ("课程", Reason::Synonym, "J21 J62"),
    ];
    let mut expected: Vec<(String, String, Reason)> = expected
        .iter()
        .flat_map(|(sheet, reason, cells)| {
            cells.split(' ').map(|cell| ((*sheet).to_owned(), cell.to_owned(), *reason))
        })
        .collect();
    let rows = workbook();
    let mut warned: Vec<(String, String, Reason)> = rows
        .warnings
        .iter()
        .map(|note| {
            let cell = format!("{}{}", note.place.column.clone().unwrap(), note.place.row.unwrap());
            (note.place.sheet.clone(), cell, note.reason)
        })
        .collect();
    let key = |note: &(String, String, Reason)| (note.0.clone(), note.1.clone());
    expected.sort_by_key(key);
    warned.sort_by_key(key);
    assert_eq!(warned, expected);
}

#[test]
fn a_warning_says_what_stood_there_and_what_was_taken() {
    let rows = workbook();
    let note = |cell: &str| {
        let note = rows.warnings.iter().find(|note| {
            format!("{}{}", note.place.column.clone().unwrap(), note.place.row.unwrap()) == cell
        });
        let note = note.unwrap();
        let Found::Cell(found) = &note.found else { panic!("{note:?}") };
        (note.place.title.clone().unwrap(), found.clone(), note.taken.clone())
    };
    for (cell, title, found, taken) in [
        ("B8", "学校名称", "常州青年夜校•郑陆教学点", "常州青年夜校·郑陆教学点"),
        ("R7", "名额", "１５", "15"),
        ("F5", "课程名称", "短视频剪辑   ", "短视频剪辑"),
        ("K24", "开始时间", "１９：００", "19:00"),
        ("M33", "首课日期", "2027.3.17", "2027-03-17"),
        ("M115", "首课日期", "3月16日", "2027-03-16"),
        ("S6", "学费（元）", "免费", "0"),
        ("J21", "上课星期", "星期五", "周五"),
    ] {
        assert_eq!(note(cell), (title.to_owned(), found.to_owned(), taken.to_owned()), "{cell}");
    }
}

#[test]
fn the_other_sheets_are_told() {
    let rows = workbook();
    let unused: Vec<&str> = rows.unused_sheets.iter().map(|sheet| sheet.sheet.as_str()).collect();
    assert_eq!(
        unused,
        [
            "青年友好场景",
            "青年小店",
            "优惠",
            "体验线路",
            "线路站点",
            "活动",
            "龙城学子礼遇包",
            "常青树导师",
            "共享空间",
            "政策",
            "目标"
        ]
    );
    assert!(rows.unused_sheets.iter().all(|sheet| sheet.reason == Unused::NotImported));
}

#[test]
fn every_table_can_come_alone() {
    let schools = read(&[file("schools.csv", SCHOOLS)]).unwrap();
    assert_eq!((schools.schools.len(), schools.missing_references.len()), (26, 0));
    let classes = read(&[file("classes.csv", CLASSES)]).unwrap();
    assert_eq!((classes.classes.len(), classes.missing_references.len()), (172, 172));
    assert_eq!(classes.classes.last().unwrap().place.row, 173);
    for (name, bytes) in [
        ("scenes.csv", &include_bytes!("../../../../sample/scenes.csv")[..]),
        ("shops.csv", include_bytes!("../../../../sample/shops.csv")),
        ("offers.csv", include_bytes!("../../../../sample/offers.csv")),
        ("routes.csv", include_bytes!("../../../../sample/routes.csv")),
        ("route_stops.csv", include_bytes!("../../../../sample/route_stops.csv")),
        ("events.csv", include_bytes!("../../../../sample/events.csv")),
        ("benefits.csv", include_bytes!("../../../../sample/benefits.csv")),
        ("mentors.csv", include_bytes!("../../../../sample/mentors.csv")),
        ("spaces.csv", include_bytes!("../../../../sample/spaces.csv")),
        ("policies.csv", include_bytes!("../../../../sample/policies.csv")),
        ("targets.csv", include_bytes!("../../../../sample/targets.csv")),
    ] {
        let rows = read(&[file(name, bytes)]).unwrap();
        assert_eq!((rows.unused_sheets.len(), rows.tables.len()), (1, 0), "{name}");
        assert_eq!(rows.unused_sheets[0].reason, Unused::NotImported, "{name}");
    }
}

#[test]
fn a_name_is_only_a_hint() {
    let renamed = read(&[file("a.csv", SCHOOLS), file("C:\\新建文件夹\\b.txt", CLASSES)]).unwrap();
    assert_eq!((renamed.schools.len(), renamed.classes.len()), (26, 172));
    assert_eq!(renamed.tables[1].sheet, "b.txt");
    let twice = read(&[file("changzhou.xlsx", WORKBOOK), file("classes.csv", CLASSES)]).unwrap_err();
    assert_eq!(twice.report.errors.len(), 172);
}

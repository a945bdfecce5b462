//! Files as other programs write them: shared strings, other styles, other encodings.

use super::super::read;
use super::fixture::{CLASSES, DISTRICTS, SCHOOLS, errors, file};
use domain::import::city::CityRows;
use domain::import::reason::Reason;
use domain::time::rfc3339;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

const HEADER: [&str; 19] = [
    "编码",
    "学校编码",
    "学期代码",
    "课程名称",
    "类别",
    "上课星期",
    "开始时间",
    "结束时间",
    "首课日期",
    "末课日期",
    "课次",
    "停课日期",
    "名额\n（人）",
    "学费\n（元）",
    "录取方式",
    "报名开始",
    "报名截止",
    "抽签时间",
    "候补方式",
];

fn class_row(sheet: &mut Worksheet, row: u32) {
    let time = Format::new().set_num_format("h:mm AM/PM");
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let instant = Format::new().set_num_format("yyyy/m/d hh:mm");
    for (column, text) in [
        (0, "CL001"),
        (1, "NS01"),
        (2, "2027-spring"),
        (3, "非洲鼓"),
        (4, "音乐"),
        (5, "周六"),
        (14, "抽签"),
        (18, "无"),
    ] {
        sheet.write_string(row, column, text).unwrap();
    }
    let at = |year, month, day| ExcelDateTime::from_ymd(year, month, day).unwrap();
    sheet.write_datetime_with_format(row, 6, ExcelDateTime::from_hms(19, 0, 0).unwrap(), &time).unwrap();
    sheet.write_datetime_with_format(row, 7, ExcelDateTime::from_hms(20, 30, 0).unwrap(), &time).unwrap();
    sheet.write_datetime_with_format(row, 8, at(2027, 3, 20), &date).unwrap();
    sheet.write_datetime_with_format(row, 9, at(2027, 5, 29), &date).unwrap();
    sheet.write_number(row, 10, 10).unwrap();
    sheet.write_datetime_with_format(row, 11, at(2027, 5, 1), &date).unwrap();
    sheet.write_string(row, 12, "20人").unwrap();
    sheet.write_number(row, 13, 99.9).unwrap();
    sheet.write_datetime_with_format(row, 15, at(2027, 2, 20).and_hms(10, 0, 0).unwrap(), &instant).unwrap();
    sheet.write_datetime_with_format(row, 16, at(2027, 2, 26).and_hms(18, 0, 0).unwrap(), &instant).unwrap();
    sheet.write_datetime_with_format(row, 17, at(2027, 2, 27).and_hms(0, 0, 0).unwrap(), &instant).unwrap();
}

/// A sheet as a clerk lays it out, and what `edit` does to it.
fn written(name: &str, edit: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(name).unwrap();
    sheet.merge_range(0, 0, 0, 18, "2027年春季课程", &Format::new()).unwrap();
    sheet.merge_range(1, 0, 1, 18, "填报单位：市青年工作联席办", &Format::new()).unwrap();
    for (column, title) in (0..).zip(HEADER) {
        sheet.write_string(3, column, title).unwrap();
    }
    class_row(sheet, 5);
    edit(sheet);
    workbook.save_to_buffer().unwrap()
}

fn rows(bytes: &[u8]) -> CityRows {
    read(&[file("课程.xlsx", bytes)]).unwrap()
}

#[test]
fn a_workbook_of_another_program() {
    let rows = rows(&written("Sheet1", |_| {}));
    let class = &rows.classes[0];
    assert_eq!((class.place.row, class.row.capacity, class.row.fee_fen), (6, Some(20), 9_990));
    assert_eq!(
        (class.row.start_time.to_string().as_str(), class.row.end_time.to_string().as_str()),
        ("19:00:00", "20:30:00")
    );
    assert_eq!(
        (class.row.first_lesson_on.to_string().as_str(), class.row.skip_dates.len()),
        ("2027-03-20", 1)
    );
    let domain::import::class::ClassAdmission::Lottery { draw_at } = class.row.admission else {
        panic!("{class:?}")
    };
    assert_eq!(rfc3339(draw_at), "2027-02-27T00:00:00+08:00");
    let warned: Vec<_> =
        rows.warnings.iter().map(|note| (note.place.column.as_deref().unwrap(), note.reason)).collect();
    assert_eq!(warned, [("M", Reason::Unit)]);
    assert_eq!(rows.warnings[0].place.title.as_deref(), Some("名额 （人）"));
    assert_eq!((rows.terms[0].name.as_str(), rows.missing_references.len()), ("2027春季", 1));
}

#[test]
fn cells_are_named_where_they_stand() {
    let bytes = written("春季", |sheet| {
        class_row(sheet, 9);
        sheet.write_string(9, 0, "CL002").unwrap();
        sheet.write_string(9, 7, "7点").unwrap();
        sheet.write_number(9, 12, -5).unwrap();
        sheet.write_string(12, 0, "合计").unwrap();
        sheet.write_number(12, 12, 40).unwrap();
    });
    let rejected = read(&[file("课程.xlsx", &bytes)]).unwrap_err();
    assert_eq!(
        errors(&rejected),
        [
            "春季!H10（结束时间）：7点 → 晚于开始时间 19:00",
            "春季!M10（名额 （人））：-5 → 1 到 100000 之间的整数；不限则留空或写“不限”",
        ]
    );
    assert_eq!(rejected.report.warnings.iter().filter(|note| note.reason == Reason::TotalRow).count(), 1);
}

#[test]
fn formats_over_empty_rows_are_nothing_and_values_far_below_are_told() {
    let grey = Format::new().set_background_color("#DDEBF7");
    let bytes = written("课程", |sheet| {
        sheet.write_blank(1_048_575, 3, &grey).unwrap();
        sheet.write_blank(10, 300, &grey).unwrap();
    });
    assert_eq!(rows(&bytes).classes.len(), 1);
    for (row, column, expected) in [
        (20_000, 3, "课程：超出的内容 → 每张表不超过 20000 行"),
        (5, 300, "课程：超出的内容 → 每张表不超过 256 列"),
    ] {
        let bytes = written("课程", |sheet| {
            sheet.write_string(row, column, "x").unwrap();
        });
        assert_eq!(errors(&read(&[file("课程.xlsx", &bytes)]).unwrap_err()), [expected]);
    }
}

#[test]
fn hidden_sheets_are_not_read() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("说明").unwrap().write_string(0, 0, "见附件").unwrap();
    let old = workbook.add_worksheet().set_name("课程（旧）").unwrap().set_hidden(true);
    for (column, title) in (0..).zip(HEADER) {
        old.write_string(0, column, title).unwrap();
    }
    class_row(old, 1);
    let bytes = workbook.save_to_buffer().unwrap();
    let rejected = read(&[file("旧.xlsx", &bytes)]).unwrap_err();
    assert_eq!(errors(&rejected), ["说明：没有可以导入的表 → 至少一张夜校或课程表"]);
    assert_eq!(rejected.report.unused_sheets.len(), 2);
}

#[test]
fn a_csv_in_every_encoding_and_line_break_says_the_same() {
    let plain =
        read(&[file("districts.csv", DISTRICTS), file("schools.csv", SCHOOLS), file("classes.csv", CLASSES)])
            .unwrap();
    let text = std::str::from_utf8(CLASSES).unwrap();
    let (gb18030, _, _) = encoding_rs::GB18030.encode(text);
    let tabbed = text.replace(',', "\t");
    let utf16: Vec<u8> = format!("\u{feff}{tabbed}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, reason) in [
        (format!("\u{feff}{text}").into_bytes(), None),
        (text.replace('\n', "\r\n").into_bytes(), None),
        (text.replace('\n', "\n\n").into_bytes(), None),
        (gb18030.into_owned(), Some(Reason::Gb18030)),
        (utf16, Some(Reason::Utf16)),
    ] {
        let read = read(&[file("schools.csv", SCHOOLS), file("classes.csv", &bytes)]).unwrap();
        assert!(read.classes.iter().map(|class| &class.row).eq(plain.classes.iter().map(|class| &class.row)));
        assert_eq!(
            read.warnings.iter().map(|note| note.reason).collect::<Vec<_>>(),
            reason.into_iter().collect::<Vec<_>>()
        );
    }
}

#[test]
fn the_city_s_chinese_titles_work_in_a_csv_too() {
    let csv = "课程表（春季）,,,,,,,,,,,,,,,,,,\n编码,学校编码,学期,课程名称,类别,上课星期,开始时间,结束时间,首课日期,末课日期,课次,停课日期,名额,学费（元）,录取方式,报名开始,报名截止,抽签时间,候补方式\n\nCL001,NS01,2027春季,非洲鼓,音乐,周六,19:00,20:30,2027/3/20,2027/5/29,10,2027/5/1,不限,¥199,先到先得,2027/2/20 10:00,2027/2/26 18:00,,自动递补\n";
    let rows = read(&[file("表1.csv", csv.as_bytes())]).unwrap();
    let class = &rows.classes[0];
    assert_eq!((class.place.row, class.row.capacity, class.row.fee_fen), (4, None, 19_900));
    assert_eq!(class.row.term_code, "2027-spring");
}

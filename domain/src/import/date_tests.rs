//! Tables for the readers of days.

use super::super::taken::text_cell;
use super::*;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn spring() -> TermDays {
    TermDays { term: "2027春季".to_owned(), days: Some((day("2027-01-01"), day("2027-08-31"))) }
}

fn autumn() -> TermDays {
    TermDays { term: "2027秋季".to_owned(), days: Some((day("2027-07-01"), day("2028-02-29"))) }
}

fn two_winters() -> TermDays {
    TermDays { term: "2027冬季".to_owned(), days: Some((day("2026-11-01"), day("2028-03-31"))) }
}

fn read(text: &str, term: &TermDays) -> Result<(String, Option<Reason>), Expected> {
    date(&text_cell(text), term)
        .map(|taken| (taken.value.to_string(), taken.remark.map(|remark| remark.reason)))
}

#[test]
fn days_in_all_the_forms_people_use() {
    for (text, taken, reason) in [
        ("2027-03-20", "2027-03-20", None),
        (" 2027-03-20", "2027-03-20", Some(Reason::Spaces)),
        ("２０２７-０３-２０", "2027-03-20", Some(Reason::FullWidth)),
        ("2027.3.17", "2027-03-17", Some(Reason::DateForm)),
        ("2027.03.20", "2027-03-20", Some(Reason::DateForm)),
        ("2027/3/20", "2027-03-20", Some(Reason::DateForm)),
        ("2027-3-20", "2027-03-20", Some(Reason::DateForm)),
        ("2027年3月20日", "2027-03-20", Some(Reason::DateForm)),
        ("2027年03月20", "2027-03-20", Some(Reason::DateForm)),
        ("2027 年 3 月 20 日", "2027-03-20", Some(Reason::DateForm)),
        ("２０２７．３．２０", "2027-03-20", Some(Reason::DateForm)),
        ("20270320", "2027-03-20", Some(Reason::DateForm)),
        ("46466", "2027-03-20", Some(Reason::SerialNumber)),
        ("2027年3月20日（周六）", "2027-03-20", Some(Reason::DateForm)),
        ("2027-3-20 星期六", "2027-03-20", Some(Reason::DateForm)),
        ("2027-03-20 00:00:00", "2027-03-20", Some(Reason::DateForm)),
        ("3月16日", "2027-03-16", Some(Reason::YearAdded)),
        ("3月16号", "2027-03-16", Some(Reason::YearAdded)),
        ("3-20", "2027-03-20", Some(Reason::YearAdded)),
        ("3/20", "2027-03-20", Some(Reason::YearAdded)),
        ("3.20", "2027-03-20", Some(Reason::YearAdded)),
        ("０３月２０日", "2027-03-20", Some(Reason::YearAdded)),
    ] {
        assert_eq!(read(text, &spring()), Ok((taken.to_owned(), reason)), "{text}");
    }
    for (cell, taken) in [
        (Cell::Date(day("2027-03-20")), Taken::plain(day("2027-03-20"))),
        (Cell::DateTime(day("2027-03-20").and_time(NaiveTime::MIN)), Taken::plain(day("2027-03-20"))),
    ] {
        assert_eq!(date(&cell, &spring()), Ok(taken));
    }
    let serial = date(&Cell::Number(46_466.0), &spring()).unwrap();
    assert_eq!((serial.value, serial.remark.unwrap().reason), (day("2027-03-20"), Reason::SerialNumber));
}

#[test]
fn a_year_is_added_only_when_there_is_one() {
    for (text, term, taken) in [
        ("1月10日", autumn(), "2028-01-10"),
        ("12月1日", autumn(), "2027-12-01"),
        ("2月29日", autumn(), "2028-02-29"),
        ("6月1日", two_winters(), "2027-06-01"),
    ] {
        assert_eq!(read(text, &term), Ok((taken.to_owned(), Some(Reason::YearAdded))), "{text}");
    }
    let unknown = TermDays { term: String::new(), days: None };
    for (text, term) in [
        ("1月10日", two_winters()),
        ("12月1日", two_winters()),
        ("10月1日", spring()),
        ("2月29日", spring()),
        ("3月16日", unknown),
    ] {
        assert_eq!(read(text, &term), Err(Expected::DateWithYear { term: term.term.clone() }), "{text}");
    }
}

#[test]
fn what_is_no_day_is_refused() {
    for text in [
        "",
        "2027-02-29",
        "2027-13-01",
        "2027.3",
        "27.3.20",
        "20/3/2027",
        "3月",
        "三月十六日",
        "2027年3月",
        "13月1日",
        "2月30日",
        "2027-03-20 19:00",
        "2027年3月20日（周日）",
        "2027-03-20（周六",
        "3月16日左右",
        "2027-3/20",
        "1999-12-31",
        "2100-01-01",
        "12345",
        "999999",
        "20271320",
        "待定",
        "2027年3月20日6",
        "2027-03-20至2027-05-29",
        "--",
    ] {
        assert_eq!(read(text, &spring()), Err(Expected::Date), "{text}");
    }
    for cell in [
        Cell::Number(3.2),
        Cell::Number(46_466.79),
        Cell::DateTime(day("2027-03-20").and_hms_opt(19, 0, 0).unwrap()),
        Cell::Date(day("1900-03-01")),
        Cell::Bool(true),
    ] {
        assert_eq!(date(&cell, &spring()), Err(Expected::Date), "{cell:?}");
    }
}

#[test]
fn lists_of_days() {
    for (text, taken, reason) in [
        ("", "", None),
        ("2027-05-01", "2027-05-01", None),
        ("2027-04-05;2027-05-03", "2027-04-05;2027-05-03", None),
        ("2027-04-05; 2027-05-03", "2027-04-05;2027-05-03", None),
        ("2027-05-03;2027-04-05", "2027-04-05;2027-05-03", None),
        ("2027-04-05；2027-05-03", "2027-04-05;2027-05-03", Some(Reason::Separator)),
        ("2027-04-05\n2027-05-03", "2027-04-05;2027-05-03", Some(Reason::Separator)),
        (" 2027-05-01 ", "2027-05-01", Some(Reason::Spaces)),
        ("2027-04-05、2027-05-03", "2027-04-05;2027-05-03", Some(Reason::Separator)),
        ("2027-04-05;2027-04-05", "2027-04-05", Some(Reason::Repeated)),
        ("4月5日、5月3日", "2027-04-05;2027-05-03", Some(Reason::YearAdded)),
        ("2027.5.1", "2027-05-01", Some(Reason::DateForm)),
        ("无", "", Some(Reason::NoneMeant)),
        ("/", "", Some(Reason::NoneMeant)),
    ] {
        let read = dates(&text_cell(text), &spring()).unwrap();
        let days: Vec<String> = read.value.iter().map(ToString::to_string).collect();
        assert_eq!(
            (days.join(";").as_str(), read.remark.map(|remark| remark.reason)),
            (taken, reason),
            "{text}"
        );
    }
    assert_eq!(dates(&Cell::Date(day("2027-05-01")), &spring()), Ok(Taken::plain(vec![day("2027-05-01")])));
    for text in ["五一", "2027-05-01;五一", "2027-05-01至2027-05-05", "2027-02-30"] {
        assert_eq!(dates(&text_cell(text), &spring()), Err(Expected::DateList), "{text}");
    }
    let unknown = TermDays { term: String::new(), days: None };
    assert_eq!(dates(&text_cell("5月1日"), &unknown), Err(Expected::DateWithYear { term: String::new() }));
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*|[0-9０-９年月日号./; 周六（）-]{0,16}") {
        let _ = date(&text_cell(&text), &spring());
        let _ = dates(&text_cell(&text), &two_winters());
    }

    #[test]
    fn every_day_survives_its_forms(days in 0_i64..36_524) {
        let date_of = day("2000-01-01") + chrono::TimeDelta::days(days);
        for form in ["%Y-%m-%d", "%Y.%-m.%-d", "%Y年%-m月%-d日", "%Y/%m/%d", "%Y%m%d"] {
            let text = date_of.format(form).to_string();
            prop_assert_eq!(date(&text_cell(&text), &spring()).map(|taken| taken.value), Ok(date_of), "{}", text);
        }
    }
}

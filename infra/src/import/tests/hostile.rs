//! Files that are no workbook, broken workbooks, and workbooks made to hurt: refused with the reason, soon.

use super::super::{FILE_BYTES_MAX, read};
use super::fixture::{CLASSES_PART, WORKBOOK, errors, file, imported_parts, package, workbook};
use domain::import::found::{FileFault, Found};
use proptest::prelude::*;

fn fault(name: &str, bytes: &[u8]) -> FileFault {
    let rejected = read(&[file(name, bytes)]).unwrap_err();
    let [error] = &rejected.report.errors[..] else { panic!("{:?}", rejected.report.errors) };
    assert_eq!(error.place.sheet, name);
    let Found::File(fault) = error.found else { panic!("{error:?}") };
    fault
}

fn compound(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(1024, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(4096, 0);
    bytes
}

/// As many rows as are read of one sheet.
fn rows(row: impl Fn(u32) -> String) -> String {
    (1..=20_000).map(row).collect::<Vec<_>>().concat()
}

#[test]
fn every_other_kind_of_file_is_named() {
    let types = ("[Content_Types].xml", "<Types/>");
    let macros =
        r#"<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>"#;
    for (name, bytes, expected) in [
        ("a.xlsx", Vec::new(), FileFault::Empty),
        ("a.csv", b" \r\n".to_vec(), FileFault::Empty),
        ("a.xls", compound("Workbook"), FileFault::OldExcel),
        ("a.xlsx", compound("EncryptedPackage"), FileFault::Password),
        ("a.xlsx", compound("WordDocument"), FileFault::Word),
        ("a.xlsx", b"%PDF-1.7 ...".to_vec(), FileFault::Pdf),
        ("a.xlsx", package(&[types, ("word/document.xml", "<w/>")]), FileFault::Word),
        ("a.xlsx", package(&[types, ("ppt/presentation.xml", "<p/>")]), FileFault::Presentation),
        (
            "a.xlsx",
            package(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "")]),
            FileFault::OpenDocument,
        ),
        ("a.xlsx", package(&[types, ("xl/workbook.bin", "")]), FileFault::BinaryWorkbook),
        ("a.xlsm", package(&[types, ("xl/vbaProject.bin", "")]), FileFault::Macros),
        ("a.xlsx", package(&[("[Content_Types].xml", macros)]), FileFault::Macros),
        ("a.zip", package(&[("photo.jpg", "…")]), FileFault::Unknown),
        ("a.xlsx", package(&[types]), FileFault::Damaged),
        ("a.xlsx", b"PK\x03\x04 and nothing more".to_vec(), FileFault::Damaged),
        ("a.xlsx", b"PK\x05\x06".to_vec(), FileFault::Damaged),
        ("a.xlsx", b"code,name\n".to_vec(), FileFault::Damaged),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>".to_vec(), FileFault::Unknown),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0".to_vec(), FileFault::Unknown),
        ("a.csv", vec![0xff, 0x80, 0xff, 0x41], FileFault::Encoding),
        ("a.csv", "随便写点什么".as_bytes().to_vec(), FileFault::NoTable),
    ] {
        assert_eq!(
            fault(name, &bytes),
            expected,
            "{name} {:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(40)])
        );
    }
}

#[test]
fn a_fault_says_what_to_do() {
    for (bytes, expected) in [
        (compound("EncryptedPackage"), "a.xlsx：有密码的工作簿 → 没有密码的 .xlsx"),
        (
            package(&[("xl/vbaProject.bin", "")]),
            "a.xlsx：含宏的工作簿 → 不含宏的 .xlsx（请另存为“Excel 工作簿”）",
        ),
        (compound("Workbook"), "a.xlsx：旧版 Excel 文件（.xls） → 完好的 .xlsx 工作簿或 .csv 文件"),
        (vec![b'a'; usize::try_from(FILE_BYTES_MAX).unwrap() + 1], "a.xlsx：文件太大 → 不超过 10 MiB"),
    ] {
        assert_eq!(errors(&read(&[file("a.xlsx", &bytes)]).unwrap_err()), [expected]);
    }
    let many = vec![file("schools.csv", b"x"); 33];
    assert!(errors(&read(&many).unwrap_err())[0].ends_with("文件太多 → 一次不超过 32 个文件"));
}

#[test]
fn one_faulty_file_does_not_hide_the_cells_of_another() {
    let rejected = read(&[
        file("a.xls", &compound("Workbook")),
        file("classes.csv", b"code,title,school_code,lessons\nCL1,A,NS1,x\n"),
    ]);
    let errors = errors(&rejected.unwrap_err());
    assert!(errors[0].starts_with("a.xls"), "{errors:?}");
    assert!(
        errors.iter().any(|error| error == "classes.csv!D2（lessons）：x → 1 到 200 之间的整数"),
        "{errors:?}"
    );
}

#[test]
fn what_unpacks_to_too_much_is_refused_before_it_is_read() {
    let zeros = vec![b' '; 65 * 1024 * 1024];
    let mut bomb: Vec<(String, Vec<u8>)> =
        workbook("课程", "").into_iter().map(|(name, xml)| (name, xml.into_bytes())).collect();
    bomb.push(("xl/media/image1.png".to_owned(), zeros));
    let bomb = package(&bomb);
    assert!(bomb.len() < 200 * 1024, "{}", bomb.len());
    assert_eq!(fault("a.xlsx", &bomb), FileFault::TooLargeUnpacked);

    let many: Vec<(String, String)> =
        (0..1_001).map(|part| (format!("xl/{part}.xml"), String::new())).collect();
    assert_eq!(fault("a.xlsx", &package(&many)), FileFault::TooLargeUnpacked);
}

#[test]
fn small_files_that_grow_in_memory_are_refused() {
    // 20,000 rows with one cell each, in the last column that is read: five million cells between them.
    let wide = rows(|row| format!("<row r=\"{row}\"><c r=\"IV{row}\"><v>1</v></c></row>"));
    assert_eq!(fault("a.xlsx", &package(&workbook("课程", &wide))), FileFault::TooLargeUnpacked);

    // One long string, shown by very many cells.
    let shown = rows(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"));
    let mut parts = workbook("课程", &shown);
    parts.push((
        "xl/sharedStrings.xml".to_owned(),
        format!("<sst><si><t>{}</t></si></sst>", "课".repeat(4_000)),
    ));
    assert_eq!(fault("a.xlsx", &package(&parts)), FileFault::TooLargeUnpacked);

    // A number format of a megabyte, which the reader would copy for every style.
    let mut parts = workbook("课程", "");
    let styles = format!(
        "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"{}\"/></numFmts></styleSheet>",
        "0".repeat(1_000_000)
    );
    parts.push(("xl/styles.xml".to_owned(), styles));
    assert_eq!(fault("a.xlsx", &package(&parts)), FileFault::Damaged);
}

#[test]
fn a_workbook_cut_anywhere_is_damaged() {
    for length in (4..WORKBOOK.len()).step_by(4_999) {
        assert_eq!(fault("a.xlsx", &WORKBOOK[..length]), FileFault::Damaged, "{length}");
    }
}

#[test]
fn nonsense_in_a_sheet_is_an_error_and_no_panic() {
    for rows in [
        "<row r=\"1\"><c r=\"ZZZZZZZZZZZZ1\"><v>1</v></c></row>",
        "<row r=\"99999999999999\"><c><v>1</v></c></row>",
        "<row r=\"0\"><c r=\"A0\"><v>1</v></c></row>",
        "<row><c t=\"s\"><v>7</v></c></row>",
        "<row><c s=\"99999\"><v>1</v></c></row>",
        "<row><c t=\"x\"><v>1</v></c></row>",
        "<row><c><f t=\"shared\" si=\"99999999999\" ref=\"A1:A2\">1</f></c></row>",
        "<row><c><v>1e999</v></c></row>",
        "<row><c><v>&#0;</v></c></row>",
        "<row><c t=\"inlineStr\"><is><t>&unknown;</t></is></c></row>",
        "<row><c><v>",
        "</row></sheetData>",
    ] {
        let rejected = read(&[file("a.xlsx", &package(&workbook("课程", rows)))]).unwrap_err();
        assert!(!rejected.report.errors.is_empty(), "{rows}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), head in 0_usize..4) {
        let heads: [&[u8]; 4] = [b"", b"PK\x03\x04", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], &[0xff, 0xfe]];
        let bytes = [heads[head], &bytes].concat();
        let _ = read(&[file("a.xlsx", &bytes)]);
        let _ = read(&[file("classes.csv", &bytes)]);
    }

    #[test]
    fn a_damaged_byte_of_the_sheet_is_no_panic(at in 0_usize..20_000, byte in prop::sample::select(b"<>\"/=&0Zz \0\xff".to_vec())) {
        let mut parts = imported_parts();
        for (name, content) in &mut parts {
            if name == CLASSES_PART || name == "xl/styles.xml" || name == "xl/workbook.xml" {
                let length = content.len();
                content[at % length] = byte;
            }
        }
        let _ = read(&[file("a.xlsx", &package(&parts))]);
    }
}

//! The sample files, packages made by hand, and the real workbook with some of its text replaced.

use super::super::ImportFile;
use domain::import::city::Rejected;
use domain::language::Language;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub const WORKBOOK: &[u8] = include_bytes!("../../../../sample/changzhou.xlsx");
pub const SCHOOLS: &[u8] = include_bytes!("../../../../sample/schools.csv");
pub const CLASSES: &[u8] = include_bytes!("../../../../sample/classes.csv");
pub const DISTRICTS: &[u8] = include_bytes!("../../../../sample/districts.csv");

/// The parts of the real workbook that hold 区县, 夜校 and 课程.
pub const DISTRICTS_PART: &str = "xl/worksheets/sheet1.xml";
pub const SCHOOLS_PART: &str = "xl/worksheets/sheet3.xml";
pub const CLASSES_PART: &str = "xl/worksheets/sheet4.xml";

pub fn file<'a>(name: &'a str, bytes: &'a [u8]) -> ImportFile<'a> {
    ImportFile { name, bytes }
}

/// All parts of a package.
pub fn parts(package: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(package)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// A package of these parts.
pub fn package<N: AsRef<str>, C: AsRef<[u8]>>(parts: &[(N, C)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name.as_ref(), SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_ref()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The smallest workbook: one sheet of this name and these rows (the inside of `sheetData`).
pub fn workbook(sheet: &str, rows: &str) -> Vec<(String, String)> {
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let packages = "http://schemas.openxmlformats.org/package/2006";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    [
        ("[Content_Types].xml", format!(r#"<Types xmlns="{packages}/content-types"></Types>"#)),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"></Relationship></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"></sheet></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"></Relationship></Relationships>"#
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
        ),
    ]
    .map(|(name, content)| (name.to_owned(), content))
    .to_vec()
}

/// The real workbook with the content of one cell replaced: `content` is what stands between `<c …>` and `</c>`.
pub fn with_cell(part: &str, cell: &str, attributes: &str, content: &str) -> Vec<u8> {
    edited(part, |xml| {
        let start = xml.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no cell {cell}"));
        let tag_end = start + xml[start..].find('>').unwrap();
        let end = if xml[..tag_end].ends_with('/') {
            tag_end + 1
        } else {
            start + xml[start..].find("</c>").unwrap() + 4
        };
        format!("{}<c r=\"{cell}\" {attributes}>{content}</c>{}", &xml[..start], &xml[end..])
    })
}

/// The same with a text.
pub fn with_text(part: &str, cell: &str, text: &str) -> Vec<u8> {
    with_cell(part, cell, "t=\"inlineStr\"", &format!("<is><t xml:space=\"preserve\">{text}</t></is>"))
}

/// The parts of the real workbook, the sheets that are not imported emptied (they only cost time).
pub fn imported_parts() -> Vec<(String, Vec<u8>)> {
    let mut parts = parts(WORKBOOK);
    for (name, content) in &mut parts {
        let is_sheet = name.starts_with("xl/worksheets/");
        if is_sheet && ![DISTRICTS_PART, SCHOOLS_PART, CLASSES_PART].contains(&name.as_str()) {
            *content = b"<worksheet><sheetData></sheetData></worksheet>".to_vec();
        }
    }
    parts
}

/// The real workbook with one part rewritten.
pub fn edited(part: &str, edit: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut parts = imported_parts();
    let (_, content) = parts.iter_mut().find(|(name, _)| name == part).unwrap();
    *content = edit(String::from_utf8(std::mem::take(content)).unwrap()).into_bytes();
    package(&parts)
}

/// Every error as `sheet!cell (title): found -> expected`, in Chinese, as a clerk reads it.
pub fn errors(rejected: &Rejected) -> Vec<String> {
    let told = rejected.report.told(Language::Chinese);
    told.errors
        .iter()
        .map(|error| format!("{}：{} → {}", error.place.text(Language::Chinese), error.found, error.expected))
        .collect()
}

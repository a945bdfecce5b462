//! The files of the page, embedded in the program so that it runs in any folder.
//!
//! Invariant: every file in `assets/` but its README is here (a test compares).

/// One file of the page.
pub(super) struct File {
    /// Where it is served.
    pub path: &'static str,
    /// Its media type, with the character set for text.
    pub media_type: &'static str,
    /// Its bytes, as they lie in the source.
    pub body: &'static [u8],
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

macro_rules! asset {
    ($name:literal, $media_type:expr) => {
        asset!(concat!("/page/", $name), $name, $media_type)
    };
    ($path:expr, $name:literal, $media_type:expr) => {
        File { path: $path, media_type: $media_type, body: include_bytes!(concat!("assets/", $name)) }
    };
}

pub(super) const FILES: &[File] = &[
    asset!("/", "index.html", HTML),
    asset!("api.js", SCRIPT),
    asset!("app.js", SCRIPT),
    asset!("booking.js", SCRIPT),
    asset!("bookings.js", SCRIPT),
    asset!("card.js", SCRIPT),
    asset!("class.js", SCRIPT),
    asset!("classes.js", SCRIPT),
    asset!("clock.js", SCRIPT),
    asset!("dom.js", SCRIPT),
    asset!("editor.js", SCRIPT),
    asset!("enrol.js", SCRIPT),
    asset!("filters.js", SCRIPT),
    asset!("format.js", SCRIPT),
    asset!("home.js", SCRIPT),
    asset!("i18n.js", SCRIPT),
    asset!("icons.js", SCRIPT),
    asset!("inputs.js", SCRIPT),
    asset!("notices.js", SCRIPT),
    asset!("parts.js", SCRIPT),
    asset!("passes.js", SCRIPT),
    asset!("places.js", SCRIPT),
    asset!("qr.js", SCRIPT),
    asset!("roster.js", SCRIPT),
    asset!("schema.js", SCRIPT),
    asset!("session.js", SCRIPT),
    asset!("staff.js", SCRIPT),
    asset!("tokens.js", SCRIPT),
    asset!("totp.js", SCRIPT),
    asset!("words-seat.js", SCRIPT),
    asset!("words-staff.js", SCRIPT),
    asset!("words.js", SCRIPT),
    asset!("controls.css", STYLE),
    asset!("detail.css", STYLE),
    asset!("screens.css", STYLE),
    asset!("style.css", STYLE),
    asset!("dusk.svg", PICTURE),
    asset!("mark.svg", PICTURE),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn text(file: &File) -> &'static str {
        std::str::from_utf8(file.body).unwrap()
    }

    #[test]
    fn every_file_in_the_folder_is_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/page/assets");
        let lying =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let lying: BTreeSet<String> = lying.filter(|name| name != "README.md").collect();
        let served = FILES.iter().map(|file| match file.path {
            "/" => "index.html".to_owned(),
            path => path.trim_start_matches("/page/").to_owned(),
        });
        assert_eq!(served.collect::<BTreeSet<_>>(), lying);
    }

    #[test]
    fn everything_a_file_refers_to_is_served() {
        let known = |path: &str| FILES.iter().any(|file| file.path == path);
        let mut seen = 0;
        for file in FILES {
            let imports = text(file)
                .split(" from './")
                .skip(1)
                .map(|rest| format!("/page/{}", &rest[..rest.find('\'').unwrap()]));
            let addresses = ["src=\"", "href=\"", "src: '"].iter().flat_map(|mark| {
                let end = mark.chars().last().unwrap();
                text(file).split(mark).skip(1).map(move |rest| rest[..rest.find(end).unwrap()].to_owned())
            });
            for path in imports.chain(addresses.filter(|path| path.starts_with("/page/"))) {
                assert!(known(&path), "{} asks for {path}", file.path);
                seen += 1;
            }
        }
        assert!(seen > 100, "only {seen} references were found: the test no longer reads them");
    }

    /// The content security policy would refuse these in the browser; here it is said which file has them.
    #[test]
    fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
        for file in FILES.iter().filter(|file| file.media_type != SCRIPT) {
            let page = text(file).replace("http://www.w3.org/2000/svg", "");
            for banned in [
                "<style",
                " style=",
                "<script>",
                " onclick=",
                " onload=",
                "javascript:",
                "http://",
                "https://",
                "url(",
            ] {
                let own = file.path == "/page/dusk.svg" && banned == "url(";
                assert!(own || !page.contains(banned), "{} has {banned}", file.path);
            }
        }
        for file in FILES.iter().filter(|file| file.media_type == SCRIPT && file.path != "/page/qr.js") {
            let script = text(file).replace("http://www.w3.org/2000/svg", "");
            for banned in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "http://",
                "https://",
                "'style'",
            ] {
                assert!(!script.contains(banned), "{} has {banned}", file.path);
            }
        }
    }
}

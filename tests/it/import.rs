//! The city's tables and the sample city, applied to either database: all or nothing, and once.

use chrono::TimeDelta;
use domain::import::expected::Expected;
use domain::import::found::Found;
use domain::import::report::ImportReport;
use infra::audit::Acting;
use infra::booking::transaction::Kernel;
use infra::bus::{Bus, Event};
use infra::import::apply::{Applied, Options, apply};
use infra::import::{ImportFile, read};
use infra::night_school::catalogue::Catalogue;
use infra::night_school::edit::TOPIC;
use infra::night_school::record::Class;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tests::both;
use tests::city::{City, Process};

const WORKBOOK: &[u8] = include_bytes!("../../sample/changzhou.xlsx");
const CLASSES: &str = include_str!("../../sample/classes.csv");
const DRY_RUN: Options = Options { dry_run: true, replace_dates: false };
const REPLACE_DATES: Options = Options { dry_run: false, replace_dates: true };

async fn import(city: &City, name: &str, bytes: &[u8], options: Options) -> Applied {
    let rows = read(&[ImportFile { name, bytes }]).unwrap_or_else(|rejected| panic!("{:?}", rejected.report));
    let (app, acting) = (city.app(), Acting::at_the_machine());
    let applied =
        apply(&app.database, &app.random, &acting, &rows, options, city.now(), |_| {}).await.unwrap();
    app.bus.publish(Event::Edited(TOPIC.to_owned()));
    applied
}

fn done(applied: Applied) -> ImportReport {
    match applied {
        Applied::Done { report, .. } => report,
        other => panic!("{other:?}"),
    }
}

fn rejected(applied: Applied) -> ImportReport {
    match applied {
        Applied::Rejected(report) => report,
        other => panic!("{other:?}"),
    }
}

/// How many of `table` were created, updated, left alone.
fn counts(report: &ImportReport, table: &str) -> (u32, u32, u32) {
    let found =
        report.tables.iter().find(|one| one.table == table).unwrap_or_else(|| panic!("{:?}", report.tables));
    (found.created, found.updated, found.unchanged)
}

/// Every published class by code, as it is stored.
async fn stored(city: &City) -> BTreeMap<String, Class> {
    let snapshot = Catalogue::new(city.app().database.clone(), Bus::default()).snapshot().await.unwrap();
    snapshot.classes.iter().map(|listed| (listed.class.code.clone().unwrap(), listed.class.clone())).collect()
}

/// What can be compared of `class`.
fn said(class: &Class) -> String {
    format!("{:?} {} {:?}", class.id, class.version, class.spec)
}

/// The sample's classes with the cells of `code` changed; and the row as a spreadsheet numbers it.
fn with_cells(table: &str, code: &str, cells: &[(&str, &str)]) -> (String, u32) {
    let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
    let titles: Vec<String> = lines[0].split(',').map(str::to_owned).collect();
    let row = lines.iter().position(|line| line.starts_with(&format!("{code},"))).unwrap();
    let mut values: Vec<String> = lines[row].split(',').map(str::to_owned).collect();
    assert_eq!(values.len(), titles.len(), "no cell of {code} is quoted");
    for (title, value) in cells {
        (*value).clone_into(&mut values[titles.iter().position(|one| one == title).unwrap()]);
    }
    lines[row] = values.join(",");
    (lines.join("\n") + "\n", u32::try_from(row).unwrap() + 1)
}

/// The code of a class of the file that gives its seats in order of arrival.
fn first_come() -> String {
    let line = CLASSES.lines().find(|line| line.contains(",first_come,")).unwrap();
    line.split(',').next().unwrap().to_owned()
}

fn kernel(process: &Process) -> Kernel {
    Kernel {
        database: process.app.database.clone(),
        clock: Arc::clone(&process.app.clock),
        random: Arc::clone(&process.app.random),
        frames: Arc::default(),
    }
}

both! {
    async fn the_workbook_goes_in_whole_and_once(city: City) {
        let dry = done(import(&city, "changzhou.xlsx", WORKBOOK, DRY_RUN).await);
        assert_eq!((counts(&dry, "schools"), counts(&dry, "classes")), ((26, 0, 0), (172, 0, 0)));
        assert!(stored(&city).await.is_empty(), "a dry run stores nothing");
        let first = done(import(&city, "changzhou.xlsx", WORKBOOK, Options::default()).await);
        assert_eq!((counts(&first, "schools"), counts(&first, "classes")), ((26, 0, 0), (172, 0, 0)));
        let before = stored(&city).await;
        assert_eq!(before.len(), 172);
        let again = done(import(&city, "changzhou.xlsx", WORKBOOK, Options::default()).await);
        assert_eq!((counts(&again, "schools"), counts(&again, "classes")), ((0, 0, 26), (0, 0, 172)));
        let tables = done(import(&city, "classes.csv", CLASSES.as_bytes(), Options::default()).await);
        assert_eq!(counts(&tables, "classes"), (0, 0, 172), "the tables say what the workbook says");
        let after = stored(&city).await;
        for (code, class) in &before {
            assert_eq!(said(&after[code]), said(class));
        }
        let schools = city.stranger().get("/api/v1/schools?limit=100").await;
        let schools = schools.expect(200).body["items"].as_array().unwrap().clone();
        assert!(schools.len() == 26 && schools.iter().all(|school| school["version"] == 1));
    }

    async fn a_changed_cell_changes_its_class_alone(city: City) {
        done(import(&city, "changzhou.xlsx", WORKBOOK, Options::default()).await);
        let before = stored(&city).await;
        let (changed, _) = with_cells(CLASSES, "CL002", &[("title", "长视频剪辑"), ("capacity", "24")]);
        let dry = done(import(&city, "classes.csv", changed.as_bytes(), DRY_RUN).await);
        assert_eq!(counts(&dry, "classes"), (0, 1, 171));
        assert_eq!(said(&stored(&city).await["CL002"]), said(&before["CL002"]), "a dry run stores nothing");
        let report = done(import(&city, "classes.csv", changed.as_bytes(), Options::default()).await);
        assert_eq!(counts(&report, "classes"), (0, 1, 171));
        let after = stored(&city).await;
        for (code, class) in &before {
            if code == "CL002" {
                assert_eq!((after[code].id, after[code].version), (class.id, class.version + 1));
            } else {
                assert_eq!(said(&after[code]), said(class));
            }
        }
        let shown = city.stranger().get(&format!("/api/v1/classes/{}", after["CL002"].id)).await;
        assert_eq!((shown.expect(200).text("/title"), &shown.body["capacity"]), ("长视频剪辑".to_owned(), &json!(24)));
    }

    /// What only editors say is not in the table, and stays.
    async fn what_editors_wrote_stays(city: City) {
        done(import(&city, "changzhou.xlsx", WORKBOOK, Options::default()).await);
        let class = format!("/api/v1/classes/{}", stored(&city).await["CL002"].id);
        let operator = city.operator("operator").await;
        let mut form = operator.get(&format!("{class}/edit")).await.expect(200).body.clone();
        form["description"] = "带上手机".into();
        operator.put(&class, &form).await.expect(200);
        let same = done(import(&city, "classes.csv", CLASSES.as_bytes(), Options::default()).await);
        assert_eq!(counts(&same, "classes"), (0, 0, 172));
        let (changed, _) = with_cells(CLASSES, "CL002", &[("title", "长视频剪辑")]);
        done(import(&city, "classes.csv", changed.as_bytes(), Options::default()).await);
        let shown = operator.get(&format!("{class}/edit")).await;
        assert_eq!((shown.text("/title"), shown.text("/description")), ("长视频剪辑".into(), "带上手机".into()));
    }

    async fn seats_that_are_given_out_stay_and_one_error_stops_all(city: City) {
        done(import(&city, "changzhou.xlsx", WORKBOOK, Options::default()).await);
        let code = first_come();
        let class = stored(&city).await[&code].clone();
        city.clock.set(class.spec.seating.opens_at + TimeDelta::minutes(1));
        for who in ["a", "b"] {
            let path = format!("/api/v1/classes/{}/enrolment", class.id);
            city.sign_in(who).await.put(&path, &json!({})).await.expect(201);
        }
        let before = stored(&city).await;
        let (table, row) = with_cells(CLASSES, &code, &[("capacity", "1")]);
        let (table, _) = with_cells(&table, "CL002", &[("title", "长视频剪辑")]);
        let report = rejected(import(&city, "classes.csv", table.as_bytes(), Options::default()).await);
        assert_eq!(report.errors.len(), 1, "{:?}", report.errors);
        let error = &report.errors[0];
        let place = &error.place;
        assert_eq!((place.sheet.as_str(), place.row), ("classes.csv", Some(row)));
        assert_eq!((place.column.as_deref(), place.title.as_deref()), (Some("Q"), Some("capacity")));
        assert_eq!((&error.found, &error.expected), (&Found::Cell("1".into()), &Expected::CapacityAtLeast { given: 2 }));
        let stray = CLASSES.replace("CL002,NS01,", "CL002,NS99,").replace(",短视频剪辑,", ",长视频剪辑,");
        let report = rejected(import(&city, "classes.csv", stray.as_bytes(), Options::default()).await);
        assert_eq!(report.errors.len(), 1, "{:?}", report.errors);
        assert_eq!(report.errors[0].place.title.as_deref(), Some("school_code"));
        let after = stored(&city).await;
        for (code, class) in &before {
            assert_eq!(said(&after[code]), said(class));
        }
    }

    async fn the_moved_sample_city_is_not_half_moved_back(city: City) {
        let moved_days = infra::sample::load(&kernel(&city.process)).await.unwrap().unwrap();
        assert_ne!(moved_days, 0);
        let before = stored(&city).await;
        for options in [Options::default(), DRY_RUN] {
            let applied = import(&city, "changzhou.xlsx", WORKBOOK, options).await;
            assert!(matches!(applied, Applied::OverSample), "{applied:?}");
        }
        let after = stored(&city).await;
        assert!(before.iter().all(|(code, class)| said(class) == said(&after[code])));
        let dry = Options { dry_run: true, ..REPLACE_DATES };
        assert_eq!(counts(&done(import(&city, "changzhou.xlsx", WORKBOOK, dry).await), "classes"), (0, 172, 0));
        assert!(matches!(import(&city, "changzhou.xlsx", WORKBOOK, Options::default()).await, Applied::OverSample));
        let report = done(import(&city, "changzhou.xlsx", WORKBOOK, REPLACE_DATES).await);
        assert_eq!(counts(&report, "classes"), (0, 172, 0));
        assert_eq!(counts(&report, "schools"), (0, 0, 26));
        let opened = stored(&city).await["CL002"].spec.seating.opens_at;
        assert_eq!(domain::time::rfc3339(opened), "2027-02-20T10:00:00+08:00");
        let again = done(import(&city, "changzhou.xlsx", WORKBOOK, Options::default()).await);
        assert_eq!(counts(&again, "classes"), (0, 0, 172), "from now on it is a city like any other");
    }

    async fn two_processes_that_start_at_once_load_the_sample_once(city: City) {
        let other = city.another().await;
        let (one, two) = (kernel(&city.process), kernel(&other));
        let (one, two) = tokio::join!(
            tokio::spawn(async move { infra::sample::load(&one).await.unwrap() }),
            tokio::spawn(async move { infra::sample::load(&two).await.unwrap() }),
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert!(one.is_some() != two.is_some(), "{one:?} {two:?}");
        assert_eq!(infra::sample::load(&kernel(&other)).await.unwrap(), None);
        city.app().bus.publish(Event::Edited(TOPIC.to_owned()));
        let client = city.stranger();
        let mut classes = client.get("/api/v1/classes?limit=100").await.expect(200).body["items"].as_array().unwrap().clone();
        let next = client.get("/api/v1/classes?limit=100").await.text("/nextCursor");
        let rest = client.get(&format!("/api/v1/classes?limit=100&cursor={next}")).await;
        classes.extend(rest.expect(200).body["items"].as_array().unwrap().iter().cloned());
        assert_eq!(classes.len(), 172);
        // What a newcomer finds: something open, something that opens soon, something full with a line.
        let full: Vec<&Value> = classes.iter().filter(|class| class["waiting"] == 3).collect();
        assert_eq!(full.len(), 1, "one class has a line");
        assert_eq!(full[0]["seatsLeft"], 0);
        for phase in ["open", "upcoming", "closed"] {
            assert!(classes.iter().any(|class| class["phase"] == phase), "{phase}");
        }
        other.end().await;
    }
}

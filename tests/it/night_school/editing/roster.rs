//! Who is on the roster, as JSON, CSV and a workbook.

use super::{Office, enrol};
use calamine::{Reader, Xlsx};
use serde_json::json;
use std::io::Cursor;
use tests::both;
use tests::city::City;

const HEADER: [&str; 6] = ["序号", "昵称", "状态", "候补位次", "报名时间", "预约编号"];

both! {
    async fn the_roster_is_the_same_in_all_its_forms(city: City) {
        let office = Office::open(&city).await;
        let class = office.published(&city, &json!({})).await;
        let mut bookings = Vec::new();
        for who in ["a", "b", "c", "d"] {
            bookings.push(enrol(&city.sign_in(who).await, &class).await.expect(201).text("/id"));
        }
        let nickname = json!("=HYPERLINK(\"x\"), 张三");
        let c = city.sign_in("c").await;
        let mut me = c.get("/api/v1/me").await.expect(200).body.clone();
        me["nickname"] = nickname.clone();
        let fields = ["nickname", "version"];
        let profile: serde_json::Map<_, _> =
            fields.iter().map(|field| ((*field).to_owned(), me[*field].clone())).collect();
        c.put("/api/v1/me", &profile.into()).await.expect(200);

        let first = office.staff.get(&format!("{class}/roster?limit=3")).await;
        let next = format!("{class}/roster?limit=3&cursor={}", first.expect(200).text("/nextCursor"));
        let rest = office.staff.get(&next).await;
        let mut items = first.body["items"].as_array().unwrap().clone();
        items.extend(rest.expect(200).body["items"].as_array().unwrap().iter().cloned());
        let found: Vec<_> = items.iter().map(|item| item["bookingId"].as_str().unwrap()).collect();
        assert_eq!(found, bookings);
        let states: Vec<_> = items.iter().map(|item| (item["state"].as_str().unwrap(), item["position"].as_u64())).collect();
        assert_eq!(states, [("confirmed", None), ("confirmed", None), ("waitlisted", Some(1)), ("waitlisted", Some(2))]);
        assert_eq!(items[2]["person"]["nickname"], nickname);

        let csv = office.staff.get(&format!("{class}/roster.csv")).await;
        assert_eq!(csv.expect(200).headers["content-type"], "text/csv; charset=utf-8");
        assert_eq!(csv.headers["cache-control"], "no-store");
        let text = String::from_utf8(csv.bytes.clone()).unwrap();
        let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[0]), (5, HEADER.join(",").as_str()));
        assert!(lines[3].starts_with("3,\"'=HYPERLINK(\"\"x\"\"), 张三\",候补,1,2027-02-19 20:00:00,"), "{}", lines[3]);

        let xlsx = office.staff.get(&format!("{class}/roster.xlsx")).await;
        assert!(xlsx.expect(200).headers["content-disposition"].to_str().unwrap().contains("roster.xlsx"));
        let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(xlsx.bytes)).unwrap();
        let sheet = workbook.worksheet_range("名单").unwrap();
        let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(rows[0], HEADER);
        assert_eq!(rows.len(), 5);
        for (row, (booking, line)) in rows[1..].iter().zip(bookings.iter().zip(&lines[1..])) {
            assert_eq!(&row[5], booking);
            assert!(line.ends_with(booking.as_str()));
        }
        assert_eq!((rows[3][1].as_str(), rows[3][2].as_str()), (nickname.as_str().unwrap(), "候补"));
        for reading in ["roster.read", "roster.download"] {
            let said = audited(&city, reading).await;
            assert_eq!(said, 2, "{reading}");
        }
    }
}

/// How many entries of the audit log say `action`.
async fn audited(city: &City, action: &str) -> i64 {
    use sea_orm::{ConnectionTrait, Statement};
    let app = city.app();
    let text = "select count(*) as found from audit_entries where action = $1";
    let statement = Statement::from_sql_and_values(app.database.backend(), text, [action.into()]);
    app.database.reader().query_one_raw(statement).await.unwrap().unwrap().try_get("", "found").unwrap()
}

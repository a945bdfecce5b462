//! What goes well.

use super::fixture::{Class, Draft};
use serde_json::json;
use tests::both;

both! {
    async fn a_resident_gets_a_seat_and_shows_the_pass(city: City) {
        let class = Class::open(&city, Draft { capacity: 2, ..Draft::default() }).await;
        let resident = city.sign_in("lin").await;
        let made = resident.put(&class.path("/enrolment"), &json!({})).await;
        made.expect(201);
        assert_eq!(made.text("/state"), "confirmed");
        assert_eq!(made.text("/subject/id"), class.id);
        assert_eq!(made.body["payment"], "due");
        assert_eq!(made.body["seatsLeft"], 1);
        let again = resident.put(&class.path("/enrolment"), &json!({})).await;
        again.expect(200);
        assert_eq!(again.text("/id"), made.text("/id"));
        let passes = resident.get("/api/v1/me/passes").await;
        let code = passes.expect(200).text("/items/0/code");
        let (booking, digits) = domain::booking::pass::parse(&code).unwrap();
        assert_eq!(booking.to_string(), made.text("/id"));
        assert!(passes.text("/items/0/prefix").ends_with('.') && digits.len() == 8);
        let mine = resident.get("/api/v1/me/bookings?when=upcoming&kind=class").await;
        assert_eq!(mine.expect(200).body["items"].as_array().unwrap().len(), 1);
        let home = resident.get("/api/v1/me/home").await;
        assert_eq!(home.expect(200).text("/next/id"), made.text("/id"));
        resident.delete(&class.path("/enrolment")).await.expect(204);
        resident.delete(&class.path("/enrolment")).await.expect(204);
        let mine = resident.get("/api/v1/me/bookings").await;
        assert_eq!(mine.text("/items/0/state"), "cancelled");
    }

    async fn a_freed_seat_goes_to_the_first_in_the_line(city: City) {
        let class = Class::open(&city, Draft { capacity: 1, ..Draft::default() }).await;
        let (first, second, third) =
            (city.sign_in("a").await, city.sign_in("b").await, city.sign_in("c").await);
        first.put(&class.path("/enrolment"), &json!({})).await.expect(201);
        let waiting = second.put(&class.path("/enrolment"), &json!({})).await;
        assert_eq!(waiting.expect(201).body["position"], 1);
        let behind = third.put(&class.path("/enrolment"), &json!({})).await;
        assert_eq!(behind.expect(201).body["position"], 2);
        assert!(behind.body["pollAfterSeconds"].is_u64());
        first.delete(&class.path("/enrolment")).await.expect(204);
        let now = second.get(&format!("/api/v1/me/bookings/{}", waiting.text("/id"))).await;
        assert_eq!(now.text("/state"), "confirmed");
        let notices = second.get("/api/v1/me/notices").await;
        assert_eq!(notices.expect(200).body["unread"], 1);
        assert_eq!(notices.text("/items/0/kind"), "seat_given");
        let up_to = json!({ "upTo": notices.text("/items/0/id") });
        assert_eq!(second.post("/api/v1/me/notices/read", &up_to).await.expect(200).body["unread"], 0);
        let place = third.get(&format!("/api/v1/me/bookings/{}", behind.text("/id"))).await;
        assert_eq!(place.body["position"], 1);
    }

    async fn an_offered_seat_is_accepted_declined_or_runs_out(city: City) {
        let class = Class::open(&city, Draft { capacity: 1, waitlist: "offer", ..Draft::default() }).await;
        let mut people = Vec::new();
        let mut bookings = Vec::new();
        for who in ["a", "b", "c", "d"] {
            let person = city.sign_in(who).await;
            bookings.push(person.put(&class.path("/enrolment"), &json!({})).await.expect(201).text("/id"));
            people.push(person);
        }
        people[0].delete(&class.path("/enrolment")).await.expect(204);
        let offered = people[1].get("/api/v1/me/home").await;
        assert_eq!(offered.text("/toAnswer/0/state"), "offered");
        assert_eq!(offered.body["toAnswer"][0]["actions"], json!(["accept", "decline"]));
        let path = |n: usize, verb: &str| format!("/api/v1/me/bookings/{}/{verb}", bookings[n]);
        people[1].post(&path(1, "decline"), &json!({})).await.expect(200);
        // The third lets the offer run out.
        city.clock.advance(chrono::TimeDelta::minutes(121));
        city.settle().await;
        // Access tokens have run out meanwhile.
        people[2] = city.sign_in("c").await;
        people[3] = city.sign_in("d").await;
        people[2].post(&path(2, "accept"), &json!({})).await.problem(409, "offer_expired");
        let accepted = people[3].post(&path(3, "accept"), &json!({})).await;
        assert_eq!(accepted.expect(200).text("/state"), "confirmed");
        let again = people[3].post(&path(3, "accept"), &json!({})).await;
        assert_eq!(again.expect(200).text("/state"), "confirmed");
    }

    async fn a_class_is_changed_for_another_only_if_that_is_won(city: City) {
        let (old, new) = (
            Class::open(&city, Draft { capacity: 5, ..Draft::default() }).await,
            Class::open(&city, Draft { capacity: 1, weekday_offset: 1, ..Draft::default() }).await,
        );
        let (holder, mover) = (city.sign_in("holder").await, city.sign_in("mover").await);
        holder.put(&new.path("/enrolment"), &json!({})).await.expect(201);
        let booked = mover.put(&old.path("/enrolment"), &json!({})).await.expect(201).text("/id");
        let swap = json!({ "insteadOf": booked, "waitlist": false });
        mover.put(&new.path("/enrolment"), &swap).await.problem(409, "sold_out");
        let kept = mover.get(&format!("/api/v1/me/bookings/{booked}")).await;
        assert_eq!(kept.text("/state"), "confirmed");
        holder.delete(&new.path("/enrolment")).await.expect(204);
        mover.put(&new.path("/enrolment"), &swap).await.expect(201);
        let gone = mover.get(&format!("/api/v1/me/bookings/{booked}")).await;
        assert_eq!(gone.text("/state"), "cancelled");
    }
}

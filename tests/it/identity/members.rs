//! Invitations and members: who gets in, who may let in, and who stays.

use super::stored::number;
use chrono::TimeDelta;
use domain::time::rfc3339;
use serde_json::{Value, json};
use tests::both;
use tests::city::City;
use tests::client::{Answer, Client};

/// An organisation that `owner` asked for, as a path.
async fn organisation(owner: &Client) -> String {
    let asked = owner.post("/api/v1/organisations", &json!({ "kind": "school", "name": "青年夜校" })).await;
    format!("/api/v1/organisations/{}", asked.expect(201).text("/id"))
}

fn invitation(city: &City, role: &str) -> Value {
    json!({ "role": role, "expiresAt": rfc3339(city.now() + TimeDelta::days(1)) })
}

async fn invite(city: &City, by: &Client, organisation: &str, role: &str) -> String {
    let made = by.post(&format!("{organisation}/invitations"), &invitation(city, role)).await;
    made.expect(201).text("/code")
}

async fn accept(client: &Client, code: &str) -> Answer {
    client.post(&format!("/api/v1/invitations/{code}/accept"), &json!({})).await
}

/// `who`, signed in, with `role` in `organisation`.
async fn join(city: &City, owner: &Client, organisation: &str, who: &str, role: &str) -> Client {
    let (client, code) = (city.sign_in(who).await, invite(city, owner, organisation, role).await);
    accept(&client, &code).await.expect(200);
    client
}

async fn id(client: &Client) -> String {
    client.get("/api/v1/me").await.expect(200).text("/id")
}

both! {
    /// Role × action: only owners and operators choose the members, and to a stranger none of it exists.
    async fn only_owners_and_operators_choose_the_members(city: City) {
        let owner = city.sign_in("owner").await;
        let organisation = organisation(&owner).await;
        let manager = join(&city, &owner, &organisation, "manager", "manager").await;
        let staff = join(&city, &owner, &organisation, "staff", "staff").await;
        let (stranger, operator) = (city.sign_in("stranger").await, city.operator("operator").await);
        let (members, invitations) = (format!("{organisation}/members"), format!("{organisation}/invitations"));
        let other = format!("{members}/{}", id(&stranger).await);
        for (who, client, problem) in [
            ("nobody", &city.stranger(), Some((401, "unauthenticated"))),
            ("stranger", &stranger, Some((404, "not_found"))),
            ("staff", &staff, Some((403, "forbidden"))),
            ("manager", &manager, Some((403, "forbidden"))),
            ("owner", &owner, None),
            ("operator", &operator, None),
        ] {
            let answers = [
                client.get(&members).await,
                client.post(&invitations, &invitation(&city, "staff")).await,
                // The stranger may leave what they are not in: that is nothing, and no fault.
                client.delete(if who == "stranger" { &members } else { &other }).await,
            ];
            match problem {
                Some((status, code)) if who != "stranger" => {
                    for answer in &answers {
                        answer.problem(status, code);
                    }
                }
                Some((status, code)) => {
                    answers[0].problem(status, code);
                    answers[1].problem(status, code);
                    client.delete(&format!("{members}/{}", id(&owner).await)).await.problem(status, code);
                    client.delete(&other).await.expect(204);
                }
                None => {
                    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
                    assert_eq!(statuses, [200, 201, 204], "{who}");
                }
            }
        }
    }

    async fn an_invitation_is_taken_up_once_in_time_and_by_one(city: City) {
        let owner = city.sign_in("owner").await;
        let organisation = organisation(&owner).await;
        let (friend, other) = (city.sign_in("friend").await, city.sign_in("other").await);
        let code = invite(&city, &owner, &organisation, "manager").await;
        for _ in 0..2 {
            let joined = accept(&friend, &code).await;
            assert_eq!(joined.expect(200).text("/role"), "manager");
            assert!(organisation.ends_with(&joined.text("/organisation/id")));
        }
        accept(&other, &code).await.problem(409, "wrong_state");
        accept(&other, "nonsense").await.problem(404, "not_found");
        let late = invite(&city, &owner, &organisation, "staff").await;
        city.clock.advance(TimeDelta::days(1));
        let other = city.sign_in("other").await;
        let answer = accept(&other, &late).await;
        assert_eq!(answer.problem(409, "deadline_passed").text("/deadline"), "2027-02-20T20:00:00+08:00");
        assert_eq!(other.get("/api/v1/me").await.body["memberships"], json!([]));
    }

    async fn an_invitation_must_make_sense(city: City) {
        let owner = city.sign_in("owner").await;
        let path = format!("{}/invitations", organisation(&owner).await);
        let (soon, later) = (rfc3339(city.now() + TimeDelta::days(1)), rfc3339(city.now() + TimeDelta::days(31)));
        let class = "cls_00000000000000000000000001";
        for (wanted, pointer) in [
            (json!({ "role": "king", "expiresAt": soon }), "/role"),
            (json!({ "role": "staff", "expiresAt": later }), "/expiresAt"),
            (json!({ "role": "staff", "expiresAt": rfc3339(city.now()) }), "/expiresAt"),
            (json!({ "role": "staff", "expiresAt": "soon" }), "/expiresAt"),
            (json!({ "role": "owner", "scope": class, "expiresAt": soon }), "/scope"),
            (json!({ "role": "staff", "scope": class, "expiresAt": soon }), "/scope"),
            (json!({ "role": "staff", "scope": "org_00000000000000000000000001", "expiresAt": soon }), "/scope"),
            (json!({ "role": "staff" }), "/expiresAt"),
        ] {
            let answer = owner.post(&path, &wanted).await;
            assert_eq!(answer.problem(422, "invalid").text("/errors/0/pointer"), pointer, "{wanted}");
        }
    }

    async fn the_last_owner_stays_and_roles_end_at_once(city: City) {
        let owner = city.sign_in("owner").await;
        let organisation = organisation(&owner).await;
        let member = async |client: &Client| format!("{organisation}/members/{}", id(client).await);
        let own = member(&owner).await;
        owner.delete(&own).await.problem(409, "last_owner");
        let second = join(&city, &owner, &organisation, "second", "owner").await;
        second.get(&format!("{organisation}/members")).await.expect(200);
        owner.delete(&own).await.expect(204);
        owner.get(&format!("{organisation}/members")).await.problem(404, "not_found");
        owner.delete(&own).await.expect(204);
        second.delete(&member(&second).await).await.problem(409, "last_owner");
        let staff = join(&city, &second, &organisation, "staff", "staff").await;
        let path = member(&staff).await;
        for _ in 0..2 {
            second.delete(&path).await.expect(204);
        }
        staff.get(&organisation).await.problem(404, "not_found");
        second.delete(&format!("{organisation}/members/nonsense")).await.problem(404, "not_found");
    }

    async fn of_all_owners_who_leave_at_once_one_stays(city: City) {
        let owner = city.sign_in("o1").await;
        let organisation = organisation(&owner).await;
        let (second, third) = (
            join(&city, &owner, &organisation, "o2", "owner").await,
            join(&city, &owner, &organisation, "o3", "owner").await,
        );
        let mut leaving = Vec::new();
        for client in [owner, second, third] {
            let path = format!("{organisation}/members/{}", id(&client).await);
            leaving.push(tokio::spawn(async move { client.delete(&path).await.status }));
        }
        let mut statuses = Vec::new();
        for left in leaving {
            statuses.push(left.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 204, 409]);
    }

    async fn members_are_listed_page_by_page(city: City) {
        let owner = city.sign_in("owner").await;
        let organisation = organisation(&owner).await;
        for number in 0..4 {
            city.clock.advance(TimeDelta::seconds(1));
            join(&city, &owner, &organisation, &format!("friend{number}"), "staff").await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = owner.get(&format!("{organisation}/members?limit=2{cursor}")).await;
            for item in page.expect(200).body["items"].as_array().unwrap() {
                seen.push(format!("{} {}", item["nickname"].as_str().unwrap(), item["role"].as_str().unwrap()));
            }
            let Some(next) = page.body["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, ["owner owner", "friend0 staff", "friend1 staff", "friend2 staff", "friend3 staff"]);
        // Three looks at personal data, each on record with who looked, where and in which request.
        let looks = "select count(*) from audit_entries where action = 'members.read' and actor_id is not null \
            and organisation_id is not null and request_id is not null";
        assert_eq!(number(&city, looks, []).await, 3);
        for query in ["limit=0", "limit=101", "limit=x", "cursor=x"] {
            owner.get(&format!("{organisation}/members?{query}")).await.problem(422, "invalid");
        }
    }
}

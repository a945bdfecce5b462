//! A timetable or a limit that is edited: what memory keeps of a quota follows the edit, and only the edit.

use super::asking::state;
use super::fixture::{Fixture, QuotaSpec, ten_o_clock};
use crate::on_both;
use domain::id::QuotaId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};

/// Moves the only hours of `quota` by so many hours, as an edit does.
async fn move_hours(fixture: &Fixture, transaction: &DatabaseTransaction, quota: QuotaId, hour: i64) {
    let at = |hour: i64| {
        fixture.instant(ten_o_clock() + chrono::TimeDelta::days(28) + chrono::TimeDelta::hours(hour))
    };
    for (sql, values) in [
        (
            "update quotas set edition = edition + 1, version = version + 1 where id = $1",
            vec![quota.0.into()],
        ),
        (
            "update quota_slots set starts_at = $2, ends_at = $3 where quota_id = $1",
            vec![quota.0.into(), at(hour), at(hour + 2)],
        ),
    ] {
        let statement = Statement::from_sql_and_values(fixture.hand().backend(), sql, values);
        transaction.execute_raw(statement).await.unwrap();
    }
}

on_both! {
    /// The person's other class moves onto this hour, in another process: the next request here knows.
    async fn an_edit_elsewhere_is_seen_by_the_next_request(fixture: Fixture) {
        let class = |hours| QuotaSpec { hours, ..QuotaSpec::default() };
        let first = fixture.quota(class(vec![(0, 2)])).await;
        let second = fixture.quota(class(vec![(10, 12)])).await;
        let people = fixture.people(3).await;
        for person in &people {
            fixture.seat(first, *person).await;
        }
        fixture.seat(second, people[0]).await;
        let other = fixture.another().await;
        let transaction = other.kernel.database.begin().await.unwrap();
        move_hours(&fixture, &transaction, first, 9).await;
        transaction.commit().await.unwrap();
        let said = fixture.process.desk.submit(fixture.take(second, people[1])).await;
        assert_eq!(state(&said), "ScheduleConflict");
        let transaction = other.kernel.database.begin().await.unwrap();
        move_hours(&fixture, &transaction, second, 20).await;
        transaction.commit().await.unwrap();
        fixture.seat(second, people[2]).await;
    }

    /// A verb edits a quota, decides on it in the same transaction, and is rolled back. The next edit has the same
    /// edition as the one that never was: what memory learnt of that must not pass for it.
    async fn an_edit_that_was_rolled_back_leaves_nothing_in_memory(fixture: Fixture) {
        let class = |hours| QuotaSpec { hours, ..QuotaSpec::default() };
        let first = fixture.quota(class(vec![(0, 2)])).await;
        let second = fixture.quota(class(vec![(10, 12)])).await;
        let people = fixture.people(2).await;
        fixture.seat(first, people[0]).await;
        let kernel = &fixture.process.kernel;
        let transaction = kernel.database.begin().await.unwrap();
        move_hours(&fixture, &transaction, second, 0).await;
        let done = kernel.within(&transaction, &[fixture.take(second, people[1])]).await.unwrap();
        assert!(done.answers[0].is_ok());
        transaction.rollback().await.unwrap();
        let transaction = kernel.database.begin().await.unwrap();
        move_hours(&fixture, &transaction, second, 20).await;
        transaction.commit().await.unwrap();
        fixture.seat(second, people[0]).await;
    }
}

//! The invariants, as the database sees them.

use super::fixture::Fixture;
use domain::id::{PersonId, QuotaId};

/// States that hold the person's limits and hours.
const HOLDS: &str = "('confirmed', 'attended', 'no_show', 'used')";
/// States in which a booking is live.
const LIVE: &str = "('pending', 'entered', 'waitlisted', 'offered', 'confirmed', 'attended', 'no_show')";

impl Fixture {
    /// Everything that must hold at any time, and what must hold once all due work is done.
    pub async fn assert_sound(&self) {
        self.process.settle().await;
        assert_eq!(self.broken().await, 0, "seats, counters, one live booking each");
        assert_eq!(self.clashes().await, 0, "nobody is in two places at one hour");
        assert_eq!(self.beyond_limits().await, 0, "nobody has more than a limit allows");
        assert_eq!(self.stranded().await, 0, "no seat is free beside somebody who waits for it");
        let left = "select count(*) from quotas where sweep_after is not null";
        assert_eq!(self.number(left, Vec::new()).await, 0, "every line was looked at to its end");
    }

    /// Invariants 1 and 2: rows that break one.
    pub async fn broken(&self) -> i64 {
        let states =
            ["confirmed", "attended", "no_show", "used", "offered", "waitlisted", "pending", "entered"];
        let counters = states.map(|state| {
            format!(
                "q.{state} <> coalesce((select sum(b.party) from bookings b where b.quota_id = q.id \
                 and b.state = '{state}'), 0)"
            )
        });
        let quotas = format!(
            "select count(*) from quotas q where {} \
             or q.confirmed + q.attended + q.no_show + q.used + q.offered > q.capacity or q.waiting_parties <> \
             (select count(*) from bookings b where b.quota_id = q.id and b.state = 'waitlisted')",
            counters.join(" or ")
        );
        let twice = format!(
            "select count(*) from (select b.person_id, b.quota_id from bookings b join quotas q on q.id = b.quota_id \
             where b.state in {LIVE} group by b.person_id, b.quota_id, q.per_person \
             having count(*) > q.per_person) as t"
        );
        self.number(&quotas, Vec::new()).await + self.number(&twice, Vec::new()).await
    }

    /// Pairs of bookings of one person whose hours overlap.
    pub async fn clashes(&self) -> i64 {
        let sql = format!(
            "select count(*) from bookings a join bookings b on a.person_id = b.person_id and a.quota_id < b.quota_id \
             join quota_slots s on s.quota_id = a.quota_id join quota_slots t on t.quota_id = b.quota_id \
             where a.state in {HOLDS} and b.state in {HOLDS} and s.starts_at < t.ends_at and t.starts_at < s.ends_at"
        );
        self.number(&sql, Vec::new()).await
    }

    /// People who hold more than a limit of theirs allows, counted from the seats and not from what they debited.
    pub async fn beyond_limits(&self) -> i64 {
        let sql = format!(
            "select count(*) from (select b.person_id, l.id from bookings b \
             join quota_limits ql on ql.quota_id = b.quota_id join limits l on l.id = ql.limit_id \
             where b.state in {HOLDS} group by b.person_id, l.id, l.max having count(*) > l.max) as t"
        );
        self.number(&sql, Vec::new()).await
    }

    /// Parties that wait beside free seats they fit into and could hold.
    pub async fn stranded(&self) -> i64 {
        let sql = format!(
            "select count(*) from bookings w join quotas q on q.id = w.quota_id \
             where w.state = 'waitlisted' and q.status = 'open' and (q.admission in ('first_come', 'approval')) \
             and (q.capacity is null \
                  or w.party <= q.capacity - q.confirmed - q.attended - q.no_show - q.used - q.offered) \
             and not exists (select 1 from bookings h join quota_slots s on s.quota_id = h.quota_id \
                 join quota_slots t on t.quota_id = w.quota_id where h.person_id = w.person_id \
                 and h.quota_id <> w.quota_id and h.state in {HOLDS} \
                 and s.starts_at < t.ends_at and t.starts_at < s.ends_at) \
             and not exists (select 1 from quota_limits ql join limits l on l.id = ql.limit_id \
                 where ql.quota_id = w.quota_id and l.max <= (select count(*) from bookings h \
                     join quota_limits hl on hl.quota_id = h.quota_id where h.person_id = w.person_id \
                     and hl.limit_id = l.id and h.state in {HOLDS}))"
        );
        self.number(&sql, Vec::new()).await
    }

    /// Bookings of `quota` in `state`.
    pub async fn in_state(&self, quota: QuotaId, state: &str) -> i64 {
        let sql = "select count(*) from bookings where quota_id = $1 and state = $2";
        self.number(sql, vec![quota.0.into(), state.into()]).await
    }

    /// The states of what `person` ever had of `quota`, in order of arrival.
    pub async fn story(&self, quota: QuotaId, person: PersonId) -> Vec<String> {
        let sql = "select state from bookings where quota_id = $1 and person_id = $2 order by seq";
        let rows = self.rows(sql, vec![quota.0.into(), person.0.into()]).await;
        rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
    }

    /// What `person` was told about anything, in order.
    pub async fn told(&self, person: PersonId) -> Vec<String> {
        let sql = "select kind from notices where person_id = $1 order by created_at, id";
        let rows = self.rows(sql, vec![person.0.into()]).await;
        rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
    }

    /// Due work that is left, whenever it is due.
    pub async fn due(&self) -> i64 {
        self.number("select count(*) from due_work", Vec::new()).await
    }
}

//! The booking kernel: quotas, their hours and limits, bookings, due work.

use crate::dialect;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &[&str] = &[
    // Written by every batch: no index on what a batch writes, and room for in-place updates.
    "create table quotas (
        id {id} primary key,
        kind text not null check (kind in ('class', 'event', 'offer')),
        subject_id {id} not null,
        status text not null check (status in ('draft', 'open', 'cancelled')),
        capacity integer check (capacity >= 1),
        confirmed integer not null default 0 check (confirmed >= 0),
        attended integer not null default 0 check (attended >= 0),
        no_show integer not null default 0 check (no_show >= 0),
        used integer not null default 0 check (used >= 0),
        offered integer not null default 0 check (offered >= 0),
        waitlisted integer not null default 0 check (waitlisted >= 0),
        pending integer not null default 0 check (pending >= 0),
        entered integer not null default 0 check (entered >= 0),
        waiting_parties integer not null default 0 check (waiting_parties >= 0),
        admission text not null check (admission in ('first_come', 'approval', 'lottery', 'fair_open')),
        draw_at {instant} check (draw_at is not null or admission <> 'lottery'),
        fair_minutes integer check (fair_minutes is not null or admission <> 'fair_open'),
        phase text not null default 'entering' check (phase in ('entering', 'frozen', 'drawn')),
        opens_at {instant} not null,
        closes_at {instant} not null,
        per_person integer not null default 1 check (per_person >= 1),
        party_max integer not null default 1 check (party_max >= 1),
        waitlist text not null check (waitlist in ('off', 'instant', 'offer')),
        offer_minutes integer check (offer_minutes is not null or waitlist <> 'offer'),
        waitlist_max integer not null default 0 check (waitlist_max >= 0),
        promote_until {instant} not null,
        cancel_until {instant} not null,
        rule text,
        sweep_after bigint,
        seq bigint not null default 0,
        version bigint not null default 1,
        edition bigint not null default 1,
        check (capacity is null or confirmed + attended + no_show + used + offered <= capacity),
        unique (kind, subject_id)
    ) {hot}",
    "create table quota_slots (
        quota_id {id} not null references quotas (id),
        starts_at {instant} not null,
        ends_at {instant} not null,
        primary key (quota_id, starts_at)
    )",
    // Quotas that count together share one limit.
    "create table limits (
        id {serial},
        key text not null unique,
        per text not null check (per in ('person', 'quota', 'shop', 'school')),
        counted_window text not null check (counted_window in ('total', 'day', 'week', 'month', 'term')),
        max integer not null check (max >= 1)
    )",
    "create table quota_limits (
        quota_id {id} not null references quotas (id),
        limit_id bigint not null references limits (id),
        primary key (quota_id, limit_id)
    )",
    // No foreign keys: both rows they would point at are locked by every transaction that inserts here, and
    // neither is ever deleted; the checks would cost a third of a batch.
    "create table bookings (
        id {id} primary key,
        quota_id {id} not null,
        person_id {id} not null,
        ordinal integer not null,
        party integer not null check (party >= 1),
        seq bigint not null,
        state text not null,
        reason text,
        answers text,
        debits text,
        offer_expires_at {instant},
        passed_over text,
        paid_at {instant},
        created_at {instant} not null,
        changed_at {instant} not null
    ) {clustered}",
    // At most `per_person` live bookings of a quota; also how a person's bookings are read.
    "create unique index bookings_live on bookings (person_id, quota_id, ordinal)
        where state in ('pending', 'entered', 'waitlisted', 'offered', 'confirmed', 'attended', 'no_show')",
    "create unique index bookings_ticket on bookings (quota_id, seq)",
    "create index bookings_line on bookings (quota_id, seq) where state = 'waitlisted'",
    "create index bookings_offered on bookings (quota_id, offer_expires_at) where state = 'offered'",
    // What a person once had. Partial, so that a new booking does not pay for it.
    "create index bookings_ended on bookings (person_id, id) where state not in ('pending', 'entered', 'waitlisted', 'offered', 'confirmed', 'attended', 'no_show')",
    // Claimed under a lease, so that it is done once however many processes there are.
    "create table due_work (
        subject_id {id} not null,
        kind text not null,
        due_at {instant} not null,
        claimed_until {instant},
        attempts integer not null default 0,
        primary key (subject_id, kind, due_at)
    )",
    "create index due_work_by_time on due_work (due_at)",
];

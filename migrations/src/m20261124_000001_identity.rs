//! People, their sessions and consents, organisations and who may do what in them.

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
    "create table secrets (
        name text primary key,
        value text not null
    )",
    "create table people (
        id {id} primary key,
        openid text not null unique,
        unionid text,
        nickname text,
        birth_date text,
        district_code text,
        real_name_sealed text,
        phone_sealed text,
        phone_index text unique,
        language text,
        blocked_at {instant},
        deleted_at {instant},
        version bigint not null default 1,
        created_at {instant} not null,
        updated_at {instant} not null
    )",
    // Locked before anything about a person is decided; carries what the kernel asks of a person, so that the
    // lock and the reading are one statement. Not the row of `people`: locking that blocks foreign keys.
    "create table person_ledger (
        person_id {id} primary key,
        blocked boolean not null default false,
        consented boolean not null default false,
        birth_date text
    ) {hot}{clustered}",
    "create table consents (
        person_id {id} not null references people (id),
        purpose text not null,
        version integer not null check (version >= 1),
        given_at {instant} not null,
        withdrawn_at {instant},
        primary key (person_id, purpose, version, given_at)
    )",
    // Each giving and withdrawing stays on record; at most one of a version stands.
    "create unique index consents_standing on consents (person_id, purpose, version) where withdrawn_at is null",
    "create table operators (
        person_id {id} primary key references people (id),
        granted_at {instant} not null,
        granted_by text not null
    )",
    // One sign-in on one device. Its refresh tokens are numbered; `generation` is the newest. No token is stored: each
    // is the authentication code of its session and number.
    "create table sessions (
        id {id} primary key,
        person_id {id} not null references people (id),
        generation integer not null default 1 check (generation >= 1),
        created_at {instant} not null,
        expires_at {instant} not null,
        ended_at {instant},
        ended_because text check ((ended_because is null) = (ended_at is null))
    )",
    "create index sessions_of_person on sessions (person_id)",
    "create table organisations (
        id {id} primary key,
        kind text not null check (kind in ('school', 'shop', 'host', 'city')),
        state text not null check (state in ('pending', 'active', 'closed')),
        name text not null,
        name_en text,
        code text unique,
        created_by {id} references people (id),
        created_at {instant} not null,
        version bigint not null default 1
    )",
    // Over the whole organisation one role each, and besides one for each thing of it (a teacher of two classes).
    "create table memberships (
        id {id} primary key,
        organisation_id {id} not null references organisations (id),
        person_id {id} not null references people (id),
        role text not null check (role in ('owner', 'manager', 'staff')),
        scope_kind text check (scope_kind in ('class', 'event', 'shop')),
        scope_id {id},
        created_at {instant} not null,
        check ((scope_kind is null) = (scope_id is null)),
        check (role <> 'owner' or scope_id is null)
    )",
    "create unique index memberships_whole on memberships (organisation_id, person_id) where scope_id is null",
    "create unique index memberships_scoped on memberships (organisation_id, person_id, scope_id)
        where scope_id is not null",
    "create index memberships_of_person on memberships (person_id)",
    "create table invitations (
        code text primary key,
        organisation_id {id} not null references organisations (id),
        role text not null check (role in ('owner', 'manager', 'staff')),
        scope_kind text check (scope_kind in ('class', 'event', 'shop')),
        scope_id {id},
        created_by {id} not null references people (id),
        created_at {instant} not null,
        expires_at {instant} not null,
        accepted_by {id} references people (id),
        accepted_at {instant}
    )",
    // Every privileged read of personal data and every change by staff; kept at least six months. No actor: whoever
    // sits at the machine, through the command line.
    "create table audit_entries (
        id {id} primary key,
        at {instant} not null,
        actor_id {id},
        action text not null,
        subject_kind text not null,
        subject_id {id},
        organisation_id {id},
        detail text,
        request_id text
    )",
    "create index audit_entries_by_subject on audit_entries (subject_id, at)",
    "create index audit_entries_by_actor on audit_entries (actor_id, at)",
    // Written in the transaction of the effect; the digest covers method, path and body.
    "create table idempotency_keys (
        person_id {id} not null,
        key text not null,
        request_digest text not null,
        status integer not null,
        body text not null,
        created_at {instant} not null,
        primary key (person_id, key)
    )",
    "create index idempotency_keys_by_age on idempotency_keys (created_at)",
];

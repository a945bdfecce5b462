//! Night schools, terms, classes and their lessons.

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
    // Positions are WGS-84; `datum` is what they came in.
    "create table schools (
        id {id} primary key,
        code text unique,
        organisation_id {id} not null references organisations (id),
        name text not null,
        name_en text,
        kind text,
        venue text,
        venue_scene_code text,
        district_code text,
        street text,
        address text,
        lat {real},
        lng {real},
        datum text not null,
        coord_precision text,
        nearest_metro_code text,
        nearest_metro_m integer,
        max_classes_per_person integer check (max_classes_per_person >= 1),
        fictional boolean not null default false,
        version bigint not null default 1,
        created_at {instant} not null,
        updated_at {instant} not null
    )",
    "create index schools_of_organisation on schools (organisation_id)",
    "create table terms (
        id {id} primary key,
        code text unique,
        name text not null,
        name_en text,
        starts_on text not null,
        ends_on text not null,
        max_classes_per_person integer not null default 2 check (max_classes_per_person >= 1),
        version bigint not null default 1,
        created_at {instant} not null,
        updated_at {instant} not null
    )",
    // What can be booked of a class (capacity, window, line, status) is its quota; nothing of it is repeated here.
    "create table classes (
        id {id} primary key,
        code text unique,
        school_id {id} not null references schools (id),
        term_id {id} not null references terms (id),
        quota_id {id} not null unique references quotas (id),
        title text not null,
        title_en text,
        category text not null,
        teacher text,
        room text,
        description text,
        description_en text,
        cover text,
        weekday integer not null check (weekday between 1 and 7),
        start_time text not null,
        end_time text not null,
        first_lesson_on text not null,
        last_lesson_on text not null,
        skip_dates text,
        price_fen bigint not null check (price_fen >= 0),
        age_min integer,
        age_max integer,
        fictional boolean not null default false,
        version bigint not null default 1,
        created_at {instant} not null,
        updated_at {instant} not null,
        published_at {instant},
        cancelled_at {instant},
        cancel_reason text
    )",
    "create index classes_of_school on classes (school_id)",
    "create index classes_of_term on classes (term_id)",
    "create table lessons (
        id {id} primary key,
        class_id {id} not null references classes (id),
        ordinal integer not null,
        starts_at {instant} not null,
        ends_at {instant} not null,
        unique (class_id, ordinal)
    )",
];

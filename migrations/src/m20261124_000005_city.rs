//! What is said about the whole city: revisions that caches watch, imports, whether the sample was loaded.

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
    // Bumped in the transaction of an edit; every process looks at it twice a second, so that an edit is seen
    // everywhere within a second even without Redis.
    "create table revisions (
        topic text primary key,
        revision bigint not null
    )",
    "create table city_facts (
        name text primary key,
        value text not null
    )",
    "create table imports (
        id {id} primary key,
        state text not null check (state in ('queued', 'running', 'done', 'failed')),
        file_name text not null,
        dry_run boolean not null default false,
        progress integer not null default 0,
        report text,
        requested_by {id} not null,
        requested_at {instant} not null,
        finished_at {instant}
    )",
];

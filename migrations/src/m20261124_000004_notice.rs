//! Notices: rows written in the transaction of their cause.

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
    "create table notices (
        id {id} primary key,
        person_id {id} not null,
        kind text not null,
        subject_kind text not null,
        subject_id {id} not null,
        booking_id {id},
        reason text,
        until {instant},
        read_at {instant},
        created_at {instant} not null
    )",
    "create index notices_of_person on notices (person_id, id)",
    // A mark on each notice, not how far one has read: a notice that was committed late has an older id than what was
    // read before it, and must not count as read.
    "create index notices_unread on notices (person_id) where read_at is null",
];

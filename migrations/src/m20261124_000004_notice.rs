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
        created_at {instant} not null
    )",
    "create index notices_of_person on notices (person_id, id)",
];

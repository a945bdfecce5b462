//! The schema of Changqing, for PostgreSQL and SQLite.
//!
//! One file per context. The tables are written as SQL, since partial indexes and checks are most of what they
//! say; the few words in which the two dialects differ stand in `dialect`. Constraints here are the last line
//! of the kernel's invariants: what the code gets wrong, the database refuses.

mod dialect;
mod m20261124_000001_identity;
mod m20261124_000002_booking;
mod m20261124_000003_night_school;
mod m20261124_000004_notice;
mod m20261124_000005_city;

use sea_orm_migration::prelude::*;

/// Applies and lists the migrations.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_identity::Migration),
            Box::new(m20261124_000002_booking::Migration),
            Box::new(m20261124_000003_night_school::Migration),
            Box::new(m20261124_000004_notice::Migration),
            Box::new(m20261124_000005_city::Migration),
        ]
    }
}

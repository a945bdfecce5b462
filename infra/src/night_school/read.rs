//! Reading schools, terms, classes and lessons; and the locks that an edit takes before it reads.
//!
//! Lock order of the verbs here: schools by id, terms by id, then as everywhere quotas by id, people by id, bookings,
//! keys. A class has no lock of its own: whoever edits it holds its quota's.

use super::record::{self, CLASS_COLUMNS, Class, Lesson, SCHOOL_COLUMNS, School, TERM_COLUMNS, Term};
use crate::database::rows::{Column, Rows};
use crate::database::sql::sql;
use crate::error::Result;
use domain::booking::quota::Status;
use domain::id::{ClassId, OrganisationId, SchoolId, TermId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

/// How the rows of a school or a term are held while the transaction lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Not at all.
    Free,
    /// So that nobody edits it: a class is made or moved under its limits.
    Shared,
    /// To be edited.
    Edited,
}

impl Hold {
    fn clause(self, backend: DbBackend, table: &str) -> String {
        match (backend, self) {
            (DbBackend::Postgres, Self::Shared) => format!("for share of {table}"),
            (DbBackend::Postgres, Self::Edited) => format!("for no key update of {table}"),
            // SQLite's one writer needs no locks.
            _ => String::new(),
        }
    }
}

/// Texts as a table of one column `code`.
fn codes<'a>(codes: impl IntoIterator<Item = &'a str>) -> Rows {
    Rows::new().with("code", Column::Texts(codes.into_iter().map(|code| Some(code.to_owned())).collect()))
}

/// All schools, by name.
pub async fn all_schools<C: ConnectionTrait>(connection: &C) -> Result<Vec<School>> {
    let text = format!("select {SCHOOL_COLUMNS} from schools s order by s.code, s.id");
    connection.query_all_raw(sql(connection, &text, [])).await?.iter().map(record::school).collect()
}

/// The schools with these ids, in their order.
pub async fn schools<C: ConnectionTrait>(
    connection: &C,
    ids: impl IntoIterator<Item = SchoolId>,
    hold: Hold,
) -> Result<Vec<School>> {
    let backend = connection.get_database_backend();
    let hold = hold.clause(backend, "s");
    let text = format!(
        "select {SCHOOL_COLUMNS} from schools s where s.id in (select r.id from {{rows}}) order by s.id {hold}"
    );
    let statement = Rows::ids(ids).statement(backend, &text, Vec::new());
    connection.query_all_raw(statement).await?.iter().map(record::school).collect()
}

/// The schools with these codes, in the order of their ids.
pub async fn schools_by_code<C: ConnectionTrait>(
    connection: &C,
    named: impl IntoIterator<Item = &str>,
    hold: Hold,
) -> Result<Vec<School>> {
    let backend = connection.get_database_backend();
    let hold = hold.clause(backend, "s");
    let text = format!(
        "select {SCHOOL_COLUMNS} from schools s where s.code in (select r.code from {{rows}}) order by s.id {hold}"
    );
    let statement = codes(named).statement(backend, &text, Vec::new());
    connection.query_all_raw(statement).await?.iter().map(record::school).collect()
}

/// All terms, the latest first.
pub async fn all_terms<C: ConnectionTrait>(connection: &C) -> Result<Vec<Term>> {
    let text = format!("select {TERM_COLUMNS} from terms t order by t.starts_on desc, t.id");
    connection.query_all_raw(sql(connection, &text, [])).await?.iter().map(record::term).collect()
}

/// The terms with these ids, in their order.
pub async fn terms<C: ConnectionTrait>(
    connection: &C,
    ids: impl IntoIterator<Item = TermId>,
    hold: Hold,
) -> Result<Vec<Term>> {
    let backend = connection.get_database_backend();
    let hold = hold.clause(backend, "t");
    let text = format!(
        "select {TERM_COLUMNS} from terms t where t.id in (select r.id from {{rows}}) order by t.id {hold}"
    );
    let statement = Rows::ids(ids).statement(backend, &text, Vec::new());
    connection.query_all_raw(statement).await?.iter().map(record::term).collect()
}

/// The terms with these codes, in the order of their ids.
pub async fn terms_by_code<C: ConnectionTrait>(
    connection: &C,
    named: impl IntoIterator<Item = &str>,
    hold: Hold,
) -> Result<Vec<Term>> {
    let backend = connection.get_database_backend();
    let hold = hold.clause(backend, "t");
    let text = format!(
        "select {TERM_COLUMNS} from terms t where t.code in (select r.code from {{rows}}) order by t.id {hold}"
    );
    let statement = codes(named).statement(backend, &text, Vec::new());
    connection.query_all_raw(statement).await?.iter().map(record::term).collect()
}

/// Locks the quotas of these classes, by id. A statement of its own: what is read with a lock that had to be waited for
/// is, but for the locked row itself, as old as the waiting.
pub async fn lock_quotas(
    transaction: &DatabaseTransaction,
    classes: impl IntoIterator<Item = ClassId>,
) -> Result<()> {
    let backend = transaction.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(());
    }
    let text = "select q.id from quotas q where q.id in (select c.quota_id from {rows} join classes c on c.id = r.id) \
        order by q.id for no key update";
    transaction.query_all_raw(Rows::ids(classes).statement(backend, text, Vec::new())).await?;
    Ok(())
}

/// The classes with these ids, in the order of their quotas' ids.
pub async fn classes<C: ConnectionTrait>(
    connection: &C,
    ids: impl IntoIterator<Item = ClassId>,
) -> Result<Vec<Class>> {
    let text = format!(
        "select {CLASS_COLUMNS} from {{rows}} join classes c on c.id = r.id join quotas q on q.id = c.quota_id \
         order by q.id"
    );
    let statement = Rows::ids(ids).statement(connection.get_database_backend(), &text, Vec::new());
    connection.query_all_raw(statement).await?.iter().map(record::class).collect()
}

/// One class.
pub async fn class<C: ConnectionTrait>(connection: &C, id: ClassId) -> Result<Option<Class>> {
    Ok(classes(connection, [id]).await?.pop())
}

/// The classes with these codes, without locks.
pub async fn classes_by_code<C: ConnectionTrait>(
    connection: &C,
    named: impl IntoIterator<Item = &str>,
) -> Result<Vec<Class>> {
    let text = format!(
        "select {CLASS_COLUMNS} from {{rows}} join classes c on c.code = r.code \
         join quotas q on q.id = c.quota_id order by q.id"
    );
    let statement = codes(named).statement(connection.get_database_backend(), &text, Vec::new());
    connection.query_all_raw(statement).await?.iter().map(record::class).collect()
}

/// All classes that the public may see, by id.
pub async fn published_classes<C: ConnectionTrait>(connection: &C) -> Result<Vec<Class>> {
    let text = format!(
        "select {CLASS_COLUMNS} from classes c join quotas q on q.id = c.quota_id \
         where c.published_at is not null order by c.id"
    );
    connection.query_all_raw(sql(connection, &text, [])).await?.iter().map(record::class).collect()
}

/// Which classes of an organisation, and which part of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct OfOrganisation {
    /// Only in this state.
    pub status: Option<Status>,
    /// Only this one of them.
    pub only: Option<ClassId>,
    /// Only older ones.
    pub before: Option<ClassId>,
    /// How many at most.
    pub limit: u32,
}

/// The classes of an organisation, drafts included, newest first.
pub async fn classes_of<C: ConnectionTrait>(
    connection: &C,
    organisation: OrganisationId,
    which: OfOrganisation,
) -> Result<Vec<Class>> {
    let text = format!(
        "select {CLASS_COLUMNS} from classes c join quotas q on q.id = c.quota_id \
         where c.school_id in (select s.id from schools s where s.organisation_id = $1) \
         and ($2 = '' or q.status = $2) and ($3 or c.id = $4) and c.id < $5 order by c.id desc limit $6"
    );
    let values = [
        organisation.0.into(),
        which.status.map_or("", Status::word).into(),
        which.only.is_none().into(),
        which.only.map_or(uuid::Uuid::nil(), |id| id.0).into(),
        which.before.map_or(uuid::Uuid::max(), |id| id.0).into(),
        i64::from(which.limit).into(),
    ];
    connection.query_all_raw(sql(connection, &text, values)).await?.iter().map(record::class).collect()
}

/// The lessons of a class, in order.
pub async fn lessons<C: ConnectionTrait>(connection: &C, class: ClassId) -> Result<Vec<Lesson>> {
    let text = "select l.id, l.ordinal, l.starts_at, l.ends_at from lessons l where l.class_id = $1 order by l.ordinal";
    connection
        .query_all_raw(sql(connection, text, [class.0.into()]))
        .await?
        .iter()
        .map(record::lesson)
        .collect()
}

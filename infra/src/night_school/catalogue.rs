//! All published classes in memory: an immutable snapshot per process, and how their quotas stand.
//!
//! Invariants: a snapshot is used only while no edit of its topic is known; how quotas stand is at most a third of a second
//! old here, so that with the cache of answers in front nobody reads a figure older than a second. Admission never
//! looks here.

use super::edit::TOPIC;
use super::read::{self, Hold};
use super::record::{self, Class, School, Term};
use crate::bus::Bus;
use crate::database::Database;
use crate::error::Result;
use domain::id::{ClassId, QuotaId, SchoolId, TermId};
use domain::night_school::{QuotaSettings, Standing};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How old the standing of quotas may be.
const STANDING_AGE_MAX: Duration = Duration::from_millis(300);

/// A published class with where and when it is.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The class; how its quota stands in it is as old as the snapshot.
    pub class: Class,
    /// What its quota is set to.
    pub settings: QuotaSettings,
    /// Its school.
    pub school: Arc<School>,
    /// Its term.
    pub term: Arc<Term>,
    /// What a search looks through, in lower case.
    pub words: String,
}

/// Everything that is published.
#[derive(Debug, Default)]
pub struct Snapshot {
    epoch: u64,
    /// The classes, by id.
    pub classes: Vec<Arc<Listed>>,
    by_id: HashMap<ClassId, Arc<Listed>>,
    /// The schools, in the order of their codes.
    pub schools: Vec<Arc<School>>,
    /// The terms, the latest first.
    pub terms: Vec<Arc<Term>>,
}

impl Snapshot {
    /// The class with this id, if it is published.
    pub fn class(&self, id: ClassId) -> Option<&Arc<Listed>> {
        self.by_id.get(&id)
    }

    /// The school with this id.
    pub fn school(&self, id: SchoolId) -> Option<&Arc<School>> {
        self.schools.iter().find(|school| school.id == id)
    }
}

/// How quotas stand.
pub type Standings = Arc<HashMap<QuotaId, Standing>>;

/// The catalogue of one process.
pub struct Catalogue {
    database: Database,
    bus: Bus,
    snapshot: RwLock<Arc<Snapshot>>,
    loading: Mutex<()>,
    standings: Mutex<Option<(Instant, u64, Standings)>>,
}

impl Catalogue {
    /// An empty one: it is read when it is first asked for.
    pub fn new(database: Database, bus: Bus) -> Self {
        Self {
            database,
            bus,
            snapshot: RwLock::default(),
            loading: Mutex::default(),
            standings: Mutex::default(),
        }
    }

    fn epoch(&self) -> u64 {
        // One later, so that 0 is that of the empty snapshot alone: no two epochs may become one.
        self.bus.epochs().near(&[TOPIC]) + 1
    }

    fn current(&self, epoch: u64) -> Option<Arc<Snapshot>> {
        let snapshot = self.snapshot.read().unwrap_or_else(PoisonError::into_inner);
        (snapshot.epoch == epoch).then(|| Arc::clone(&snapshot))
    }

    /// Everything that is published, no edit of which this process knows is missing from it.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>> {
        if let Some(snapshot) = self.current(self.epoch()) {
            return Ok(snapshot);
        }
        let _one_at_a_time = self.loading.lock().await;
        let epoch = self.epoch();
        if let Some(snapshot) = self.current(epoch) {
            return Ok(snapshot);
        }
        let snapshot = Arc::new(self.load(epoch).await?);
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&snapshot);
        Ok(snapshot)
    }

    /// The published class with this id.
    pub async fn class(&self, id: ClassId) -> Result<Option<Arc<Listed>>> {
        Ok(self.snapshot().await?.class(id).map(Arc::clone))
    }

    async fn load(&self, epoch: u64) -> Result<Snapshot> {
        let reader = self.database.reader();
        let schools: Vec<Arc<School>> = read::all_schools(reader).await?.into_iter().map(Arc::new).collect();
        let terms: Vec<Arc<Term>> = read::all_terms(reader).await?.into_iter().map(Arc::new).collect();
        let school_of: HashMap<SchoolId, &Arc<School>> =
            schools.iter().map(|school| (school.id, school)).collect();
        let term_of: HashMap<TermId, &Arc<Term>> = terms.iter().map(|term| (term.id, term)).collect();
        let mut classes = Vec::new();
        for class in read::published_classes(reader).await? {
            let (Some(school), Some(term)) =
                (school_of.get(&class.spec.school), term_of.get(&class.spec.term))
            else {
                continue;
            };
            classes.push(Arc::new(Listed {
                settings: QuotaSettings::of(&class.spec),
                words: words(&class, school),
                school: Arc::clone(school),
                term: Arc::clone(term),
                class,
            }));
        }
        let by_id = classes.iter().map(|listed| (listed.class.id, Arc::clone(listed))).collect();
        Ok(Snapshot { epoch, classes, by_id, schools, terms })
    }

    /// How the quotas of all published classes stand.
    pub async fn standings(&self) -> Result<Standings> {
        let epoch = self.epoch();
        let mut kept = self.standings.lock().await;
        if let Some((at, of, standings)) = &*kept
            && at.elapsed() < STANDING_AGE_MAX
            && *of == epoch
        {
            return Ok(Arc::clone(standings));
        }
        let began = Instant::now();
        let text = "select q.id, q.status, q.phase, q.confirmed, q.attended, q.no_show, q.used, q.offered, \
            q.waiting_parties from quotas q join classes c on c.quota_id = q.id where c.published_at is not null";
        let reader = self.database.reader();
        let rows = reader.query_all_raw(crate::database::sql::sql(reader, text, [])).await?;
        let mut standings = HashMap::with_capacity(rows.len());
        for row in &rows {
            standings.insert(QuotaId(row.try_get("", "id")?), record::standing(row)?);
        }
        let standings = Arc::new(standings);
        *kept = Some((began, epoch, Arc::clone(&standings)));
        Ok(standings)
    }

    /// A class that is not published, or was not when the snapshot was made: for those who may see it.
    pub async fn unlisted(&self, id: ClassId) -> Result<Option<Listed>> {
        let reader = self.database.reader();
        let Some(class) = read::classes(reader, [id]).await?.into_iter().next() else { return Ok(None) };
        let school = read::schools(reader, [class.spec.school], Hold::Free).await?.into_iter().next();
        let term = read::terms(reader, [class.spec.term], Hold::Free).await?.into_iter().next();
        let Some((school, term)) = school.zip(term) else { return Ok(None) };
        Ok(Some(Listed {
            settings: QuotaSettings::of(&class.spec),
            words: words(&class, &school),
            school: Arc::new(school),
            term: Arc::new(term),
            class,
        }))
    }
}

fn words(class: &Class, school: &School) -> String {
    let spec = &class.spec;
    let optional =
        [&spec.title_en, &spec.teacher, &school.spec.name_en, &school.spec.venue, &spec.description];
    let category = [domain::language::Language::Chinese, domain::language::Language::English]
        .map(|language| spec.category.name(language));
    let mut words = vec![spec.title.as_str(), school.spec.name.as_str()];
    words.extend(category);
    words.extend(optional.iter().filter_map(|text| text.as_deref()));
    words.join("\n").to_lowercase()
}

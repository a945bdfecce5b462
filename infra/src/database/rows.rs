//! Many values in one statement: a table made of parameters, written once for both dialects.
//!
//! PostgreSQL gets one array per column (`unnest`), SQLite one JSON text (`json_each`). So the text of a statement does
//! not depend on how many rows it carries, and stays prepared. NULL travels as the empty text or as -1; no column
//! here has either as a value of its own.

use domain::time::Instant;
use sea_orm::sea_query::ArrayType;
use sea_orm::{DbBackend, Statement, Value};
use std::fmt::Write;
use uuid::Uuid;

/// One column of the table.
#[derive(Debug, Clone)]
pub enum Column {
    /// 16-byte ids.
    Ids(Vec<Uuid>),
    /// Small whole numbers, never negative; none = NULL.
    Ints(Vec<Option<u32>>),
    /// Whole numbers, never negative; none = NULL.
    Bigs(Vec<Option<i64>>),
    /// Texts, never empty; none = NULL.
    Texts(Vec<Option<String>>),
    /// Points in time; none = NULL.
    Instants(Vec<Option<Instant>>),
}

/// The text of an instant as sqlx writes one into SQLite, so that texts compare as instants do.
pub fn instant_text(at: Instant) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false)
}

impl Column {
    fn postgres_type(&self) -> &'static str {
        match self {
            Self::Ids(_) => "uuid[]",
            Self::Ints(_) => "int4[]",
            Self::Bigs(_) => "int8[]",
            Self::Texts(_) | Self::Instants(_) => "text[]",
        }
    }

    /// The column `raw` of the bare table, as a value of its type.
    fn postgres_value(&self, raw: &str) -> String {
        match self {
            Self::Ids(_) => raw.to_owned(),
            Self::Ints(_) | Self::Bigs(_) => format!("nullif({raw}, -1)"),
            Self::Texts(_) => format!("nullif({raw}, '')"),
            Self::Instants(_) => format!("nullif({raw}, '')::timestamptz"),
        }
    }

    fn sqlite_value(&self, place: usize) -> String {
        match self {
            Self::Ids(_) => format!("unhex(value ->> {place})"),
            Self::Ints(_) | Self::Bigs(_) => format!("nullif(value ->> {place}, -1)"),
            Self::Texts(_) | Self::Instants(_) => format!("nullif(value ->> {place}, '')"),
        }
    }

    fn into_array(self) -> Value {
        let (kind, values): (ArrayType, Vec<Value>) = match self {
            Self::Ids(ids) => (ArrayType::Uuid, ids.into_iter().map(Value::from).collect()),
            Self::Ints(ints) => (
                ArrayType::Int,
                ints.into_iter()
                    .map(|n| n.map_or(-1, |n| i32::try_from(n).unwrap_or(i32::MAX)).into())
                    .collect(),
            ),
            Self::Bigs(bigs) => {
                (ArrayType::BigInt, bigs.into_iter().map(|n| n.unwrap_or(-1).into()).collect())
            }
            Self::Texts(texts) => {
                (ArrayType::String, texts.into_iter().map(|text| text.unwrap_or_default().into()).collect())
            }
            Self::Instants(instants) => (
                ArrayType::String,
                instants.into_iter().map(|at| at.map(instant_text).unwrap_or_default().into()).collect(),
            ),
        };
        Value::Array(kind, Some(Box::new(values)))
    }

    fn write_json(&self, row: usize, json: &mut String) {
        // Writing to a String cannot fail.
        let _ = match self {
            Self::Ids(ids) => match ids.get(row) {
                Some(id) => write!(json, "\"{}\"", id.simple()),
                None => Ok(()),
            },
            Self::Ints(ints) => write!(json, "{}", ints.get(row).copied().flatten().map_or(-1, i64::from)),
            Self::Bigs(bigs) => write!(json, "{}", bigs.get(row).copied().flatten().unwrap_or(-1)),
            Self::Texts(texts) => {
                let text = texts.get(row).and_then(Option::as_deref).unwrap_or_default();
                write!(json, "{}", serde_json::Value::from(text))
            }
            Self::Instants(instants) => {
                let text = instants.get(row).copied().flatten().map(instant_text).unwrap_or_default();
                write!(json, "\"{text}\"")
            }
        };
    }

    fn len(&self) -> usize {
        match self {
            Self::Ids(ids) => ids.len(),
            Self::Ints(ints) => ints.len(),
            Self::Bigs(bigs) => bigs.len(),
            Self::Texts(texts) => texts.len(),
            Self::Instants(instants) => instants.len(),
        }
    }
}

/// A table of parameters.
#[derive(Debug, Clone, Default)]
pub struct Rows(Vec<(&'static str, Column)>);

impl Rows {
    /// A table without columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more column. All columns must have the same length.
    #[must_use]
    pub fn with(mut self, name: &'static str, column: Column) -> Self {
        self.0.push((name, column));
        self
    }

    /// A table of one column `id`.
    pub fn ids(ids: impl IntoIterator<Item = impl Into<Uuid>>) -> Self {
        Self::new().with("id", Column::Ids(ids.into_iter().map(Into::into).collect()))
    }

    /// The statement `sql`, in which `{rows}` is this table (as something one can select from, named `r`), and
    /// `$A`, `$B`, … are `values`.
    pub fn statement(self, backend: DbBackend, sql: &str, values: Vec<Value>) -> Statement {
        let mut all = Vec::with_capacity(self.0.len() + values.len());
        let table = if backend == DbBackend::Postgres {
            let (mut raw, mut casts, mut names) = (String::new(), String::new(), String::new());
            for (place, (name, column)) in self.0.into_iter().enumerate() {
                let comma = if place == 0 { "" } else { ", " };
                let _ = write!(raw, "{comma}${}::{}", place + 1, column.postgres_type());
                let _ = write!(names, "{comma}c{place}");
                let _ = write!(casts, "{comma}{} as {name}", column.postgres_value(&format!("c{place}")));
                all.push(column.into_array());
            }
            format!("(select {casts} from unnest({raw}) as u({names})) as r")
        } else {
            let mut casts = String::new();
            for (place, (name, column)) in self.0.iter().enumerate() {
                let comma = if place == 0 { "" } else { ", " };
                let _ = write!(casts, "{comma}{} as {name}", column.sqlite_value(place));
            }
            all.push(self.json().into());
            format!("(select {casts} from json_each($1)) as r")
        };
        let mut text = sql.replace("{rows}", &table);
        for (letter, value) in ('A'..='Z').zip(values) {
            all.push(value);
            text = text.replace(&format!("${letter}"), &format!("${}", all.len()));
        }
        Statement::from_sql_and_values(backend, text, all)
    }

    fn json(&self) -> String {
        let rows = self.0.first().map_or(0, |(_, column)| column.len());
        let mut json = String::with_capacity(rows * self.0.len() * 24 + 2);
        json.push('[');
        for row in 0..rows {
            json.push_str(if row == 0 { "[" } else { ",[" });
            for (place, (_, column)) in self.0.iter().enumerate() {
                if place > 0 {
                    json.push(',');
                }
                column.write_json(row, &mut json);
            }
            json.push(']');
        }
        json.push(']');
        json
    }
}

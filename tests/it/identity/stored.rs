//! What a test writes or counts where no endpoint does it yet.

use infra::database::sql::sql;
use sea_orm::{ConnectionTrait, Value};
use tests::city::City;

/// Carries `text` out in a transaction of its own.
pub async fn execute(city: &City, text: &str, values: impl IntoIterator<Item = Value>) {
    let transaction = city.app().database.begin().await.unwrap();
    transaction.execute_raw(sql(&transaction, text, values)).await.unwrap();
    transaction.commit().await.unwrap();
}

/// The number that `text` selects.
pub async fn number(city: &City, text: &str, values: impl IntoIterator<Item = Value>) -> i64 {
    let reader = city.app().database.reader();
    let row = reader.query_one_raw(sql(reader, text, values)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

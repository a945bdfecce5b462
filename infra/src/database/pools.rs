//! How many connections are open, for whoever watches the program.

use super::Database;
use std::sync::Arc;

impl Database {
    /// Each pool: its name, its open connections, and how many of them are idle.
    pub fn pools(&self) -> Vec<(&'static str, u32, usize)> {
        if self.is_sqlite() {
            let (writer, reader) =
                (self.writer.get_sqlite_connection_pool(), self.reader.get_sqlite_connection_pool());
            return vec![
                ("writer", writer.size(), writer.num_idle()),
                ("reader", reader.size(), reader.num_idle()),
            ];
        }
        let (primary, replica) =
            (self.writer.get_postgres_connection_pool(), self.replica.get_postgres_connection_pool());
        let mut pools = vec![("primary", primary.size(), primary.num_idle())];
        // Without a replica both are the same pool, which shares its options with itself alone.
        if !Arc::ptr_eq(&primary.connect_options(), &replica.connect_options()) {
            pools.push(("replica", replica.size(), replica.num_idle()));
        }
        pools
    }
}

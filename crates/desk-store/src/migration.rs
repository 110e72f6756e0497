//! How the tables came to be: a list that is only ever added to.

use rusqlite::Connection;

use crate::fault::OpenError;
use crate::{
    draft, event, intent, kb_article, meta, notice, number_block, order_text, reveal, work_order,
};

/// One step; its number is its place in [`MIGRATIONS`], from 1, and stands in `user_version`.
struct Migration {
    /// The statements, each in the file of its table. Frozen once released.
    tables: &'static [&'static str],
}

/// Frozen: steps are only added. An older program refuses a file with a newer step
/// ([`OpenError::TooNew`]); should a step ever be harmless to older programs, it gets a field here
/// that says so.
const MIGRATIONS: &[Migration] = &[
    // 1: the beginning. No older program exists.
    Migration {
        tables: &[
            meta::CREATE,
            intent::CREATE,
            event::CREATE,
            work_order::CREATE,
            order_text::CREATE,
            notice::CREATE,
            draft::CREATE,
            number_block::CREATE,
            kb_article::CREATE,
            reveal::CREATE,
        ],
    },
];

/// The version this program writes.
pub(crate) fn known_version() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// The version of the file; refuses one from a newer program.
pub(crate) fn check_version(connection: &Connection) -> Result<u32, OpenError> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = known_version();
    if found > known {
        return Err(OpenError::TooNew { found, known });
    }
    Ok(found)
}

/// Takes the steps that the file has not seen, each whole or not at all.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let found = check_version(connection)?;
    for (version, migration) in (1_u32..).zip(MIGRATIONS) {
        if version <= found {
            continue;
        }
        let transaction = connection.transaction()?;
        for table in migration.tables {
            transaction.execute_batch(table)?;
        }
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
        tracing::info!(version, "Migrated the desk's database");
    }
    Ok(())
}

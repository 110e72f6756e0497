//! A copy of the whole database for a backup, and whether one is sound.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use rusqlite::{Connection, OpenFlags};

/// Copies the database as it is at one moment, whatever is written meanwhile. `to` must not exist.
///
/// `VACUUM INTO` rather than the backup interface: that one begins anew with every write of another
/// connection, and under load it does not end.
pub fn copy_sqlite(from: &Path, to: &Path) -> Result<()> {
    ensure!(!to.exists(), "{} is there already", to.display());
    let connection = super::open(from)?;
    let name = to.to_str().context("The name of the copy is no text")?;
    connection
        .execute("VACUUM INTO ?1", [name])
        .with_context(|| format!("Copying to {}", to.display()))?;
    Ok(())
}

/// Whether SQLite finds the file whole. It is not changed, not even by being opened.
pub fn check_sqlite(path: &Path) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = Connection::open_with_flags(path, flags)
        .with_context(|| format!("Opening {}", path.display()))?;
    let found: String = connection.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    ensure!(found == "ok", "{} is damaged: {found}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_whole_and_damage_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let from = super::super::open(&path("a.db")).unwrap();
        let sql = "INSERT INTO record (kind, key, body) VALUES ('k', 'a', '{}')";
        from.execute(sql, []).unwrap();
        copy_sqlite(&path("a.db"), &path("b.db")).unwrap();
        assert!(copy_sqlite(&path("a.db"), &path("b.db")).is_err());
        check_sqlite(&path("b.db")).unwrap();
        let copy = super::super::open(&path("b.db")).unwrap();
        let n = copy.query_row("SELECT count(*) FROM record", [], |row| row.get(0));
        assert_eq!(n, Ok(1));
        drop(copy);

        let mut bytes = std::fs::read(path("b.db")).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..].fill(0xaa);
        std::fs::write(path("b.db"), bytes).unwrap();
        assert!(check_sqlite(&path("b.db")).is_err());
    }
}

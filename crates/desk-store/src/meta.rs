//! What the desk knows about itself: one value to a name.

use rusqlite::OptionalExtension;

use crate::columns::to_hex;
use crate::fault::StoreFault;
use crate::key::fill_random;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE meta (
        key TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// The names. Frozen: they stand in every desk's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetaKey {
    /// 工作站编号, such as `W01`: the middle of every number this desk gives.
    DeskCode,
    /// Random, given when the store is created: what was derived from one store (the search
    /// index) does not belong to another, whatever its position.
    StoreId,
    /// The edition of the sample knowledge that was put in last.
    SampleKnowledge,
    /// The person at the desk, as JSON: as it was said, until a center knows the people.
    Operator,
    /// 中心: its address, what proves it, and this desk's own key and certificate, as JSON.
    Center,
    /// When the center last answered, in UTC milliseconds.
    LastContact,
    /// When the center said that it does not know this desk, in UTC milliseconds; empty since it does.
    StruckOff,
    /// The last entry of 待处理 that people were told of.
    TasksTold,
    /// By which edition of the program the boards were drawn.
    BoardsDrawn,
    /// Of whom the shift lead was told that they had many numbers shown, and when, as JSON.
    RevealsTold,
    /// Of which 查看申请 who was told, as JSON.
    RevealRequestsTold,
    /// 预警: found up to when people were told of them, in UTC milliseconds.
    EarlyWarningsTold,
    /// 备份文件夹; empty for no backups.
    BackupFolder,
    /// When the last backup was made, in UTC milliseconds.
    BackupMade,
    /// When one was last begun by itself, in UTC milliseconds.
    BackupTried,
    /// Why the last one came to nothing; empty where it did not.
    BackupProblem,
}

impl MetaKey {
    fn name(self) -> &'static str {
        match self {
            Self::DeskCode => "desk_code",
            Self::StoreId => "store_id",
            Self::SampleKnowledge => "sample_knowledge",
            Self::Operator => "operator",
            Self::Center => "center",
            Self::LastContact => "last_contact",
            Self::StruckOff => "struck_off",
            Self::TasksTold => "tasks_told",
            Self::BoardsDrawn => "boards_drawn",
            Self::RevealsTold => "reveals_told",
            Self::RevealRequestsTold => "reveal_requests_told",
            Self::EarlyWarningsTold => "early_warnings_told",
            Self::BackupFolder => "backup_folder",
            Self::BackupMade => "backup_made",
            Self::BackupTried => "backup_tried",
            Self::BackupProblem => "backup_problem",
        }
    }
}

impl Reader {
    /// The value; `None` where none was set.
    pub fn meta(&self, key: MetaKey) -> Result<Option<String>, StoreFault> {
        let sql = "SELECT value FROM meta WHERE key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement
            .query_row([key.name()], |row| row.get(0))
            .optional()?)
    }
}

impl Writer {
    pub fn set_meta(&mut self, key: MetaKey, value: &str) -> Result<(), StoreFault> {
        let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2)
                   ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute([key.name(), value])?;
        Ok(())
    }

    pub(crate) fn ensure_store_id(&mut self) -> Result<(), StoreFault> {
        if self.meta(MetaKey::StoreId)?.is_none() {
            let mut id = [0; 16];
            fill_random(&mut id).map_err(anyhow::Error::from)?;
            self.set_meta(MetaKey::StoreId, &to_hex(&id))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Desk;

    #[test]
    fn values_are_set_replaced_and_kept() {
        let mut desk = Desk::new();
        desk.change(|writer| writer.set_meta(MetaKey::DeskCode, "W01"));
        desk.change(|writer| writer.set_meta(MetaKey::DeskCode, "W02"));
        let store_id = desk.query(|reader| reader.meta(MetaKey::StoreId));
        assert_eq!(store_id.as_ref().unwrap().len(), 32);
        desk.restart();
        let code = desk.query(|reader| reader.meta(MetaKey::DeskCode));
        assert_eq!(code.as_deref(), Some("W02"));
        assert_eq!(desk.query(|reader| reader.meta(MetaKey::StoreId)), store_id);
        assert_eq!(
            desk.query(|reader| reader.meta(MetaKey::SampleKnowledge)),
            None
        );
    }
}

//! Rows on their way: what stands, and what was drawn over it and is not written yet.

use std::collections::BTreeMap;

use anyhow::Result;
use center::{Record, RecordChange, Records};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads see what was drawn before on the same sheet.
pub struct Sheet<'a> {
    records: &'a dyn Records,
    drawn: BTreeMap<(&'static str, String), Option<String>>,
}

impl<'a> Sheet<'a> {
    pub fn new(records: &'a dyn Records) -> Self {
        Self {
            records,
            drawn: BTreeMap::new(),
        }
    }

    pub fn get(&self, kind: &'static str, key: &str) -> Result<Option<String>> {
        match self.drawn.get(&(kind, key.to_owned())) {
            Some(body) => Ok(body.clone()),
            None => self.records.get(kind, key),
        }
    }

    /// The same, read as what it was written from.
    pub fn read<T: DeserializeOwned>(&self, kind: &'static str, key: &str) -> Result<Option<T>> {
        let body = self.get(kind, key)?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    /// At most `n_max` rows whose keys begin with `prefix`, in order.
    pub fn range(&self, kind: &'static str, prefix: &str, n_max: usize) -> Result<Vec<Record>> {
        let drawn = self.drawn.range((kind, prefix.to_owned())..);
        let drawn: Vec<(&String, &Option<String>)> = drawn
            .take_while(|((of, key), _)| *of == kind && key.starts_with(prefix))
            .map(|((_, key), body)| (key, body))
            .collect();
        // What was removed here may hide as many of the rows that stand.
        let n_read = n_max.saturating_add(drawn.len());
        let standing = self.records.range(kind, prefix, prefix, n_read)?;
        let mut rows: BTreeMap<String, String> = standing
            .into_iter()
            .map(|row| (row.key, row.body))
            .collect();
        for (key, body) in drawn {
            match body {
                Some(body) => rows.insert(key.clone(), body.clone()),
                None => rows.remove(key),
            };
        }
        let rows = rows.into_iter().take(n_max);
        Ok(rows.map(|(key, body)| Record { key, body }).collect())
    }

    pub fn put(&mut self, kind: &'static str, key: impl Into<String>, body: impl Into<String>) {
        self.drawn.insert((kind, key.into()), Some(body.into()));
    }

    /// The same for anything that has a JSON form.
    pub fn write(
        &mut self,
        kind: &'static str,
        key: impl Into<String>,
        row: &impl Serialize,
    ) -> Result<()> {
        self.put(kind, key, serde_json::to_string(row)?);
        Ok(())
    }

    pub fn remove(&mut self, kind: &'static str, key: impl Into<String>) {
        self.drawn.insert((kind, key.into()), None);
    }

    /// Kind and key of each row that was drawn.
    pub(crate) fn changed(&self) -> Vec<(&'static str, String)> {
        self.drawn.keys().cloned().collect()
    }

    pub(crate) fn into_changes(self) -> Vec<RecordChange> {
        let drawn = self.drawn.into_iter();
        let changes = drawn.map(|((kind, key), body)| match body {
            Some(body) => RecordChange::put(kind, key, body),
            None => RecordChange::remove(kind, key),
        });
        changes.collect()
    }
}

#[cfg(test)]
mod tests {
    use center::MemoryRecords;

    use super::*;

    #[test]
    fn what_was_drawn_is_seen_over_what_stands() {
        let mut records = MemoryRecords::default();
        let standing = ["a1", "a2", "a3", "b1"].map(|key| RecordChange::put("row", key, "0"));
        assert_eq!(records.write(&standing).unwrap(), center::Written::Done);
        let mut sheet = Sheet::new(&records);
        sheet.remove("row", "a1");
        sheet.put("row", "a2", "1");
        sheet.put("row", "a25", "1");
        sheet.put("other", "a0", "1");
        assert_eq!(sheet.get("row", "a1").unwrap(), None);
        assert_eq!(sheet.get("row", "a3").unwrap().as_deref(), Some("0"));
        let rows = sheet.range("row", "a", 2).unwrap();
        let rows: Vec<(&str, &str)> = rows
            .iter()
            .map(|row| (row.key.as_str(), row.body.as_str()))
            .collect();
        assert_eq!(rows, [("a2", "1"), ("a25", "1")]);
        assert_eq!(sheet.into_changes().len(), 4);
    }
}

//! 列对应: which column of a superior's table is which field: as proposed by the names, as a person
//! said, or as it was last time.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use center::{RecordChange, Records};
use domain::matter::Source;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wording::reference::wire_name;

use super::fields::Field;
use crate::hex::to_hex;

/// Mappings that are kept, by source and name.
const KIND: &str = "upstream_mapping";
/// Characters of a name.
const NAME_MAX_CHARS: usize = 64;

/// For each column the field, or none for one that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping(pub Vec<Option<Field>>);

/// As it is kept. Frozen.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    /// Field keys by the names of columns.
    columns: BTreeMap<String, String>,
}

impl Mapping {
    /// By what the columns are called. Of two that are called alike the first counts.
    pub fn proposed(names: &[String], among: &[Field]) -> Self {
        let mut columns: Vec<Option<Field>> = Vec::with_capacity(names.len());
        for name in names {
            let field = Field::named(name, among);
            columns.push(field.filter(|_| !columns.contains(&field)));
        }
        Self(columns)
    }

    /// The same with what a person said of some columns: `列名=字段`, or `列名=` for none.
    pub fn with(mut self, names: &[String], said: &[String], among: &[Field]) -> Result<Self> {
        for words in said {
            let Some((name, field)) = words.split_once('=') else {
                bail!("{words} 应写成“列名=字段”");
            };
            let at = names.iter().position(|it| it == name.trim());
            let Some(column) = at.and_then(|at| self.0.get_mut(at)) else {
                bail!("表中没有“{}”这一列", name.trim());
            };
            *column = if field.trim().is_empty() {
                None
            } else {
                match Field::named(field, among) {
                    Some(field) => Some(field),
                    None => bail!("没有“{}”这个字段", field.trim()),
                }
            };
        }
        self.check()
    }

    fn check(self) -> Result<Self> {
        let mut fields: Vec<Field> = self.0.iter().flatten().copied().collect();
        fields.sort_unstable();
        let twice = fields.windows(2).find(|two| two.first() == two.last());
        if let Some(field) = twice.and_then(|two| two.first()) {
            bail!("“{}”只能对应一列", field.name());
        }
        Ok(self)
    }

    /// As it was kept under `name`, for the columns that are still there.
    pub fn remembered(
        records: &dyn Records,
        source: Source,
        name: &str,
        names: &[String],
        among: &[Field],
    ) -> Result<Option<Self>> {
        let Some(body) = records.get(KIND, &key(source, name)?)? else {
            return Ok(None);
        };
        let Remembered { columns } = serde_json::from_str(&body)?;
        let of = |name: &String| {
            let key = columns.get(name)?;
            Field::named(key, among)
        };
        Self(names.iter().map(of).collect()).check().map(Some)
    }

    /// The row that keeps it.
    pub fn row(&self, source: Source, name: &str, names: &[String]) -> Result<RecordChange> {
        let columns = names.iter().zip(&self.0);
        let columns = columns
            .filter_map(|(name, field)| Some((name.clone(), (*field)?.key().to_owned())))
            .collect();
        let body = serde_json::to_string(&Remembered { columns })?;
        Ok(RecordChange::put(KIND, key(source, name)?, body))
    }
}

/// What tables with the same columns have in common: their mapping is found without a name.
pub fn name_of(names: &[String]) -> String {
    let hash = Sha256::digest(names.join("\u{1}"));
    format!("#{}", to_hex(hash.get(..8).unwrap_or_default()))
}

fn key(source: Source, name: &str) -> Result<String> {
    let n_chars = name.chars().count();
    ensure!(
        (1..=NAME_MAX_CHARS).contains(&n_chars) && !name.contains('\0'),
        "列对应的名称应为 1 至 {NAME_MAX_CHARS} 字"
    );
    Ok(format!("{} {name}", wire_name(&source)))
}

#[cfg(test)]
mod tests {
    use center::{MemoryRecords, Written};

    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn proposed_corrected_and_remembered() {
        let names = names("序号|市级工单号|工单号|反映内容|处理人");
        let proposed = Mapping::proposed(&names, Field::OF_ORDER);
        assert_eq!(
            proposed.0,
            [None, Some(Field::Number), None, Some(Field::Text), None]
        );
        let said = ["市级工单号=".to_owned(), "工单号=上级编号".to_owned()];
        let chosen = proposed.with(&names, &said, Field::OF_ORDER).unwrap();
        let mut records = MemoryRecords::default();
        let row = chosen.row(Source::City, "市平台", &names).unwrap();
        assert_eq!(records.write(&[row]).unwrap(), Written::Done);
        let of = |source, name: &str, names: &[String]| {
            Mapping::remembered(&records, source, name, names, Field::OF_ORDER).unwrap()
        };
        assert_eq!(of(Source::City, "市平台", &names), Some(chosen));
        assert_eq!(of(Source::Province, "市平台", &names), None);
        // A column that is new is nothing, one that is gone is missed later.
        let other = ["反映内容".to_owned(), "新列".to_owned()];
        let found = of(Source::City, "市平台", &other).unwrap();
        assert_eq!(found.0, [Some(Field::Text), None]);
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        let names = names("a|b");
        for said in ["a", "c=上级编号", "a=天气"] {
            let said = [said.to_owned()];
            let mapping = Mapping::proposed(&names, Field::OF_ORDER);
            assert!(mapping.with(&names, &said, Field::OF_ORDER).is_err());
        }
        let twice = ["a=上级编号".to_owned(), "b=number".to_owned()];
        let mapping = Mapping::proposed(&names, Field::OF_ORDER);
        assert!(mapping.with(&names, &twice, Field::OF_ORDER).is_err());
        assert!(key(Source::City, "").is_err() && key(Source::City, &"长".repeat(65)).is_err());
    }
}

//! 列对应: what each column of a sheet is, as proposed, as a person chose, or as it was last time.

use super::source::Source;
use super::{KbSourceChoice, Plan};
use crate::error::CallError;
use crate::kb_columns::KbColumn;
use crate::kb_form::template_of;
use crate::reference::wire_name;
use desk_store::{Reader, StoreFault, Writer};
use serde::{Deserialize, Serialize};
use wire::Hash;

/// How the columns of a sheet were read, as it is kept. Frozen.
#[derive(Serialize, Deserialize)]
struct Remembered {
    keys: Vec<String>,
    template: String,
}

/// Reads the source as it was for the last file with these names; tells whether there was one.
pub(super) fn remembered(reader: &Reader, source: &mut Source) -> Result<bool, StoreFault> {
    if source.is_document {
        return Ok(false);
    }
    let Some(mapping) = reader.kb_mapping(&names_hash(source))? else {
        return Ok(false);
    };
    // What an older program wrote and this one does not know is no mapping.
    let Ok(Remembered { keys, template }) = serde_json::from_str(&mapping) else {
        return Ok(false);
    };
    let Some(columns) = columns_of(&keys, source.names.len()) else {
        return Ok(false);
    };
    source.columns = columns;
    if let Ok(template) = template_of(&template) {
        source.template = template;
    }
    Ok(true)
}

/// Reads the source as a person chose.
pub(super) fn chosen(choice: &KbSourceChoice, source: &mut Source) -> Result<(), CallError> {
    if let Some(keys) = &choice.keys {
        source.columns = columns_of(keys, source.names.len())
            .ok_or_else(|| CallError::invalid("列的对应不对：同一项只能对应一列。"))?;
    }
    if let Some(template) = &choice.template {
        source.template = template_of(template)?;
    }
    Ok(())
}

/// The columns of those keys; `None` where a key is none, there are not as many, or one stands
/// twice.
fn columns_of(keys: &[String], n_names: usize) -> Option<Vec<KbColumn>> {
    let columns: Option<Vec<KbColumn>> = keys.iter().map(|key| KbColumn::of_key(key)).collect();
    let columns = columns.filter(|columns| columns.len() == n_names)?;
    let mut once = columns.clone();
    once.retain(|column| *column != KbColumn::Ignored);
    once.sort();
    once.windows(2)
        .all(|pair| pair.first() != pair.last())
        .then_some(columns)
}

/// Keeps how each sheet of an import was read.
pub(super) fn remember(
    writer: &mut Writer,
    plan: &Plan,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), CallError> {
    for source in plan
        .sources
        .iter()
        .filter(|it| !it.is_document && it.has_titles())
    {
        let mapping = Remembered {
            keys: source.columns.iter().map(KbColumn::key).collect(),
            template: wire_name(&source.template),
        };
        let mapping = serde_json::to_string(&mapping).map_err(anyhow::Error::from)?;
        writer.put_kb_mapping(&names_hash(source), &mapping, now)?;
    }
    Ok(())
}

/// What files with the same names in the same order have in common.
fn names_hash(source: &Source) -> String {
    let names = source.names.join("\u{1}");
    Hash::of(names.as_bytes()).to_string()
}

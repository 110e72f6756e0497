//! 本地名称表: what people call the places that no list has.

use std::sync::Arc;

use anyhow::{Result, bail};
use domain::local_name::{LocalName, LocalNames};
use wire::Reference;

use super::{AdminRefusal, Lines, first_table};
use crate::office::Office;
use crate::reference::tables;

const NAME: [&str; 2] = ["名称", "name"];
const TOWNSHIP: [&str; 3] = ["乡镇街道", "乡镇", "township"];
const VILLAGE: [&str; 3] = ["村社区", "村（社区）", "village"];

/// The names of a table, in the order of its rows. Places by name or code; one that is not known stays as
/// it is written, and is refused with the whole.
pub(crate) fn names_of(bytes: &[u8]) -> Result<Vec<LocalName>> {
    let table = first_table(bytes, &[&NAME, &TOWNSHIP, &VILLAGE])?;
    let (name, township) = (table.column(&NAME), table.column(&TOWNSHIP));
    if name.is_none() || township.is_none() {
        bail!("文件里要有“名称”“乡镇街道”两列，还可以有“村社区”");
    }
    let village = table.column(&VILLAGE);
    let names = table.rows.iter().map(|row| {
        let cell = |column| row.cell(column).trim();
        let is = |code: &str, name: &str, written: &str| code == written || name == written;
        let townships = &tables().view.townships;
        let found = townships
            .iter()
            .find(|it| is(&it.code, &it.name, cell(township)));
        let villages = found.map_or(&[][..], |it| it.villages.as_slice());
        let found_village = villages
            .iter()
            .find(|it| is(&it.code, &it.name, cell(village)));
        LocalName {
            name: cell(name).to_owned(),
            township_code: found.map_or(cell(township), |it| &it.code).to_owned(),
            village_code: found_village
                .map_or(cell(village), |it| &it.code)
                .to_owned(),
        }
    });
    Ok(names.collect())
}

/// The table in the place of the one before it: whole, or not at all. An empty one takes all back.
pub(super) async fn import(office: &Office, names: Vec<LocalName>) -> Lines {
    let n_names = names.len();
    let written: Vec<String> = names.iter().map(|it| it.name.clone()).collect();
    let table = LocalNames::of(names, is_place).map_err(|(at, refusal)| {
        let name = written.get(at).cloned().unwrap_or_default();
        AdminRefusal::LocalName { name, refusal }
    })?;
    let changing = office
        .writer
        .change_reference(Reference::LocalNames(table), Arc::clone(&office.clock))
        .map_err(anyhow::Error::from)?;
    changing.done().await.map_err(anyhow::Error::from)?;
    Ok(vec![format!("已导入本地名称 {n_names} 条")])
}

fn is_place(local: &LocalName) -> bool {
    let mut townships = tables().view.townships.iter();
    let township = townships.find(|it| it.code == local.township_code);
    township.is_some_and(|it| {
        local.village_code.is_empty() || it.villages.iter().any(|it| it.code == local.village_code)
    })
}

pub(super) fn list(office: &Office) -> Vec<String> {
    let references = office.references();
    let names = references.local_names().as_slice().iter();
    let text = |code: &str| tables().township_text(code).to_owned();
    let lines = names.map(|it| {
        let place = [text(&it.township_code), text(&it.village_code)];
        format!("{}\t{}", it.name, place.join("\t"))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_a_table() {
        let csv = "渠县本地名称\n名称,乡镇街道,村社区\n万兴广场,渠江街道,\n老车站, 三汇镇 ,\n什么桥,没有的镇,\n";
        let names = names_of(csv.as_bytes()).unwrap();
        let places: Vec<bool> = names.iter().map(is_place).collect();
        assert_eq!(places, [true, true, false]);
        assert_eq!(names[0].name, "万兴广场");
        let township = &tables().view.townships[0];
        let village = &township.villages[0];
        let csv = format!(
            "name,township,village\n新桥,{},{}\n",
            township.code, village.name
        );
        let names = names_of(csv.as_bytes()).unwrap();
        assert_eq!(names[0].village_code, village.code);
        let elsewhere = LocalName {
            township_code: tables().view.townships[1].code.clone(),
            ..names[0].clone()
        };
        assert!(is_place(&names[0]) && !is_place(&elsewhere));
        for bad in ["", "名称\n新桥\n", "乡镇街道\n三汇镇\n"] {
            assert!(names_of(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}

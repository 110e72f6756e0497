//! 联络员台账 (第四条, 第六条(一)): who answers for the hotline in each unit, and since when.

use std::sync::Arc;

use anyhow::{Result, bail};
use chrono::NaiveDate;
use domain::HandlingUnitId;
use domain::liaison::{LiaisonPost, LiaisonRegister, LiaisonTerm};
use wire::Reference;

use super::{AdminRefusal, Lines, first_table};
use crate::office::Office;

const UNIT: [&str; 3] = ["单位编号", "编号", "unit"];
const POST: [&str; 2] = ["岗位", "post"];
const NAME: [&str; 2] = ["姓名", "name"];
const PHONE: [&str; 2] = ["电话", "phone"];
const FROM: [&str; 2] = ["任职日期", "from"];
const UNTIL: [&str; 2] = ["离任日期", "until"];

/// The terms of a table, in the order of its rows.
pub(crate) fn terms_of(bytes: &[u8]) -> Result<Vec<LiaisonTerm>> {
    let table = first_table(bytes, &[&UNIT, &POST, &NAME, &PHONE, &FROM, &UNTIL])?;
    let columns: [&[&str]; 5] = [&UNIT, &POST, &NAME, &PHONE, &FROM];
    if columns.iter().any(|names| table.column(names).is_none()) {
        bail!("文件里要有“单位编号”“岗位”“姓名”“电话”“任职日期”五列");
    }
    let terms = table.rows.iter().map(|row| {
        let cell = |names: &[&str]| row.cell(table.column(names)).trim().to_owned();
        let unread = |what: &'static str| AdminRefusal::LiaisonUnread {
            row: row.number,
            what,
        };
        let day = |text: &str, what| {
            let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
            day.map_err(|_unreadable| unread(what))
        };
        let until = cell(&UNTIL);
        Ok(LiaisonTerm {
            unit: HandlingUnitId(cell(&UNIT)),
            post: post_of(&cell(&POST)).ok_or_else(|| unread("岗位"))?,
            name: cell(&NAME),
            phone: cell(&PHONE),
            from: day(&cell(&FROM), "任职日期")?,
            until: if until.is_empty() {
                None
            } else {
                Some(day(&until, "离任日期")?)
            },
        })
    });
    terms.collect()
}

fn post_of(text: &str) -> Option<LiaisonPost> {
    match text {
        "热线管理专人" | "管理专人" => Some(LiaisonPost::Manager),
        "联络员" => Some(LiaisonPost::Liaison),
        "专职人员" | "兼职人员" | "专（兼）职工作人员" => {
            Some(LiaisonPost::Deputy)
        }
        _ => None,
    }
}

/// The register in the place of the one before it: whole, or not at all.
pub(super) async fn import(office: &Office, terms: Vec<LiaisonTerm>) -> Lines {
    if terms.is_empty() {
        return Err(AdminRefusal::NoLiaisons.into());
    }
    let references = office.references();
    let n_terms = terms.len();
    let mut register = LiaisonRegister::default();
    for term in terms {
        if references.units().get(&term.unit).is_none() {
            let unit = term.unit.0;
            return Err(AdminRefusal::NoSuchUnit { unit }.into());
        }
        let name = term.name.clone();
        let appointed = register.appoint(term);
        appointed.map_err(|refusal| AdminRefusal::Liaison { name, refusal })?;
    }
    let clock = Arc::clone(&office.clock);
    let changing = office
        .writer
        .change_reference(Reference::Liaisons(register), clock)
        .map_err(anyhow::Error::from)?;
    changing.done().await.map_err(anyhow::Error::from)?;
    Ok(vec![format!("已导入联络员台账 {n_terms} 条")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_from_a_table() {
        let csv = "单位编号,岗位,姓名,电话,任职日期,离任日期\n水务,联络员,李明,13800138000,2025-01-04,2025-12-31\n水务,热线管理专人,何光明,13800138001,2025-01-04,\n";
        let terms = terms_of(csv.as_bytes()).unwrap();
        assert_eq!(terms.len(), 2);
        assert_eq!(terms[0].until, NaiveDate::from_ymd_opt(2025, 12, 31));
        assert_eq!(
            (terms[1].post, terms[1].until),
            (LiaisonPost::Manager, None)
        );
        for bad in [
            "单位编号,岗位,姓名\n水务,联络员,李明\n",
            "单位编号,岗位,姓名,电话,任职日期\n水务,局长,李明,138,2025-01-04\n",
            "单位编号,岗位,姓名,电话,任职日期\n水务,联络员,李明,138,去年\n",
        ] {
            assert!(terms_of(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}

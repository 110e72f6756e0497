//! What is listened by: the program's tables of words, and the names of places that the center added.

use std::collections::BTreeMap;

use ::intake::category::Category;
use ::intake::fields::{Gazetteer, Township};
use ::intake::follow_up::FollowUps;
use ::intake::keywords::Keywords;
use ::intake::special::SpecialWords;
use domain::HandlingUnitId;
use domain::local_name::LocalNames;

use crate::reference::ReferenceTables;

pub(crate) struct ListeningTables {
    pub(crate) keywords: Keywords,
    pub(crate) categories: Vec<Category>,
    pub(crate) gazetteer: Gazetteer,
    pub(crate) special: SpecialWords,
    pub(crate) follow_ups: FollowUps,
    /// 属地单位 by the code of the township.
    pub(crate) townships: BTreeMap<String, HandlingUnitId>,
}

impl ListeningTables {
    pub(crate) fn of(reference: &ReferenceTables, local_names: &LocalNames) -> Self {
        let view = &reference.view;
        let townships: Vec<Township> = (view.townships.iter())
            .map(|it| Township {
                code: it.code.clone(),
                name: it.name.clone(),
                aliases: Vec::new(),
                villages: (it.villages.iter())
                    .map(|village| (village.code.clone(), village.name.clone()))
                    .collect(),
            })
            .collect();
        let categories = view.categories.iter().map(|it| Category {
            id: it.id.clone(),
            level1: it.level1.clone(),
            level2: it.level2.clone(),
            level3: it.level3.clone(),
        });
        let units = view.townships.iter().filter(|it| !it.unit_id.is_empty());
        Self {
            keywords: Keywords::shipped(),
            categories: categories.collect(),
            gazetteer: Gazetteer::new(&townships, local_names.as_slice()),
            special: SpecialWords::shipped(),
            follow_ups: FollowUps::shipped(),
            townships: units
                .map(|it| (it.code.clone(), HandlingUnitId(it.unit_id.clone())))
                .collect(),
        }
    }

    /// 二级分类 of a category; empty for one that is none.
    pub(crate) fn level2(&self, category_id: &str) -> &str {
        let found = self.categories.iter().find(|it| it.id == category_id);
        found.map_or("", |it| it.level2.as_str())
    }
}

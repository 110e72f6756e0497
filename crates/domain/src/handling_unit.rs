//! The units that handle work orders (第六条).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// 承办单位编号.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HandlingUnitId(pub String);

/// 承办单位: a township, street or department that handles work orders (第六条).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandlingUnit {
    pub id: HandlingUnitId,
    pub name: String,
    /// 别名: former and everyday names.
    pub aliases: Vec<String>,
    /// 类别, as people group the units: 县级部门, 乡镇（街道）…
    pub group: String,
}

/// 承办单位名录: every unit that may be given a work order now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HandlingUnits(BTreeMap<HandlingUnitId, HandlingUnit>);

impl HandlingUnits {
    pub fn get(&self, id: &HandlingUnitId) -> Option<&HandlingUnit> {
        self.0.get(id)
    }

    /// In the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &HandlingUnit> {
        self.0.values()
    }
}

impl FromIterator<HandlingUnit> for HandlingUnits {
    fn from_iter<I: IntoIterator<Item = HandlingUnit>>(units: I) -> Self {
        Self(
            units
                .into_iter()
                .map(|unit| (unit.id.clone(), unit))
                .collect(),
        )
    }
}

//! What the fields of the intake form choose from: units, categories, places, article 8.
//!
//! The files under `reference/` come with the program until the center supplies its own.

use std::collections::BTreeMap;

use anyhow::Context as _;
use domain::kb::task::KbTaskKind;
use domain::kb::{ErrorKind, KbTemplate};
use domain::matter::{Channel, MatterClass, MatterKind, Place};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::reveal::RevealPurpose;
use domain::{HandlingUnit, HandlingUnitId, HandlingUnits};
use pinyin::ToPinyin as _;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::text;

/// One of a few values to choose from.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Choice {
    pub id: String,
    pub text: String,
    pub note: String,
}

/// How Chinese is found by typing letters.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Unit {
    pub id: String,
    pub name: String,
    pub group: String,
    /// Full pinyin without spaces.
    pub pinyin: String,
    /// The first letter of each syllable: xswj.
    pub initials: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct Category {
    pub id: String,
    pub level1: String,
    pub level2: String,
    pub level3: String,
    /// 默认主办单位编号; empty where it depends on the place or the case.
    pub lead_unit: String,
    pub pinyin: String,
    pub initials: String,
}

/// 一级分类.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CategoryField {
    pub name: String,
    pub pinyin: String,
    pub initials: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct Township {
    pub code: String,
    pub name: String,
    /// 属地单位编号: the township as a handling unit; empty where the list has none of that name.
    pub unit_id: String,
    pub pinyin: String,
    pub initials: String,
    pub villages: Vec<Village>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct Village {
    pub code: String,
    pub name: String,
    pub pinyin: String,
    pub initials: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OutOfScopeRoute {
    pub name: String,
    pub guide: String,
    pub phone: Option<String>,
    /// 号码待核: false until the center has confirmed it.
    pub is_verified: bool,
}

/// One class of article 8 with what is said and where the caller is sent.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OutOfScopeGuide {
    #[ts(type = "OutOfScopeClass")]
    pub id: OutOfScopeClass,
    pub number: u32,
    pub article: String,
    pub text: String,
    pub script: String,
    pub needs_legal_basis: bool,
    pub routes: Vec<OutOfScopeRoute>,
}

/// Everything at once: a few hundred kilobytes, asked for at start.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Reference {
    pub kinds: Vec<Choice>,
    pub classes: Vec<Choice>,
    pub channels: Vec<Choice>,
    pub hotlines: Vec<Choice>,
    pub units: Vec<Unit>,
    pub categories: Vec<Category>,
    /// The first level of the categories, each once.
    pub category_fields: Vec<CategoryField>,
    pub townships: Vec<Township>,
    pub out_of_scope: Vec<OutOfScopeGuide>,
    pub kb_templates: Vec<KbTemplateChoice>,
    /// 差错种类, in the order of their digits.
    pub kb_error_kinds: Vec<Choice>,
    pub kb_task_kinds: Vec<Choice>,
    /// 查看用途.
    pub reveal_purposes: Vec<Choice>,
}

/// 知识模板 and the sections it must have.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTemplateChoice {
    pub id: String,
    pub text: String,
    pub sections: Vec<String>,
}

#[derive(Deserialize)]
struct UnitsFile {
    units: Vec<HandlingUnit>,
}

#[derive(Deserialize)]
struct CategoriesFile {
    categories: Vec<CategoryLine>,
}

#[derive(Deserialize)]
struct CategoryLine {
    id: String,
    level1: String,
    level2: String,
    level3: String,
    lead_unit: Option<String>,
}

#[derive(Deserialize)]
struct PlacesFile {
    townships: Vec<TownshipLine>,
}

#[derive(Deserialize)]
struct TownshipLine {
    code: String,
    name: String,
    villages: Vec<VillageLine>,
}

#[derive(Deserialize)]
struct VillageLine {
    code: String,
    name: String,
}

#[derive(Deserialize)]
struct GuideLine {
    number: u32,
    text: String,
    script: String,
    routes: Vec<OutOfScopeRoute>,
}

/// The reference data in the forms the core needs.
pub struct ReferenceTables {
    pub units: HandlingUnits,
    pub view: Reference,
    category_texts: BTreeMap<String, String>,
    place_names: BTreeMap<String, String>,
}

impl ReferenceTables {
    /// Reads the files that come with the program.
    pub fn built_in() -> anyhow::Result<Self> {
        Self::with_units(Self::built_in_units()?)
    }

    /// 承办单位 as they come with the program.
    pub fn built_in_units() -> anyhow::Result<Vec<HandlingUnit>> {
        let file: UnitsFile = parse("units", include_str!("../reference/units.json"))?;
        Ok(file.units)
    }

    /// The same with the units as the center has them.
    pub fn with_units(units: Vec<HandlingUnit>) -> anyhow::Result<Self> {
        let categories: CategoriesFile =
            parse("categories", include_str!("../reference/categories.json"))?;
        let places: PlacesFile = parse("places", include_str!("../reference/places.json"))?;
        let guides: Vec<GuideLine> = parse(
            "out_of_scope",
            include_str!("../reference/out_of_scope.json"),
        )?;

        let category_texts = categories
            .categories
            .iter()
            .map(|line| {
                (
                    line.id.clone(),
                    format!("{} · {}", line.level2, line.level3),
                )
            })
            .collect();
        let mut place_names = BTreeMap::new();
        for township in &places.townships {
            place_names.insert(township.code.clone(), township.name.clone());
            for village in &township.villages {
                place_names.insert(village.code.clone(), village.name.clone());
            }
        }
        let view = Reference {
            kb_templates: KbTemplate::ALL.into_iter().map(template_view).collect(),
            kb_error_kinds: choices(&ErrorKind::ALL, text::error_kind, |_| ""),
            kb_task_kinds: choices(&KbTaskKind::ALL, text::kb_task_kind, text::kb_task_article),
            reveal_purposes: choices(&RevealPurpose::ALL, text::reveal_purpose, |_| ""),
            kinds: choices(&MatterKind::ALL, text::kind, |_| ""),
            classes: choices(&MatterClass::ALL, text::class, text::class_note),
            channels: choices(&Channel::ALL, text::channel, |_| ""),
            hotlines: choices(&EmergencyLine::ALL, EmergencyLine::number, text::line),
            units: units.iter().map(unit_view).collect(),
            category_fields: category_fields(&categories.categories),
            categories: categories
                .categories
                .into_iter()
                .map(category_view)
                .collect(),
            townships: places
                .townships
                .into_iter()
                .map(|line| township_view(line, &units))
                .collect(),
            out_of_scope: OutOfScopeClass::ALL
                .into_iter()
                .zip(guides)
                .map(|(class, guide)| guide_view(class, guide))
                .collect(),
        };
        let units = units.into_iter().collect();
        Ok(Self {
            units,
            view,
            category_texts,
            place_names,
        })
    }

    /// 物业管理 · 物业收费; empty for a matter without category.
    pub fn category_text(&self, id: &str) -> &str {
        self.category_texts.get(id).map_or("", String::as_str)
    }

    /// The numbers of all categories below one of the first level.
    pub fn categories_of<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        let all = self.view.categories.iter();
        all.filter(move |it| it.level1 == field)
            .map(|it| it.id.as_str())
    }

    /// 三汇镇; empty for the whole county.
    pub fn township_text(&self, code: &str) -> &str {
        self.place_names.get(code).map_or("", String::as_str)
    }

    /// The names of townships, streets, villages and communities.
    pub fn place_names(&self) -> impl Iterator<Item = String> {
        self.place_names.values().cloned()
    }

    /// 三汇镇白腊社区 大桥头.
    pub fn place_text(&self, place: &Place) -> String {
        let name = |code: &str| self.place_names.get(code).map_or("", String::as_str);
        let names = format!(
            "{}{}",
            name(&place.township_code),
            name(&place.village_code)
        );
        format!("{names} {}", place.detail).trim().to_owned()
    }

    pub fn unit_name<'a>(&'a self, id: &'a HandlingUnitId) -> &'a str {
        self.units
            .get(id)
            .map_or(id.0.as_str(), |unit| unit.name.as_str())
    }
}

fn parse<T: for<'de> Deserialize<'de>>(name: &str, json: &str) -> anyhow::Result<T> {
    serde_json::from_str(json).with_context(|| format!("Reading the built-in {name}"))
}

fn choices<T: Copy + Serialize>(
    all: &[T],
    text: fn(T) -> &'static str,
    note: fn(T) -> &'static str,
) -> Vec<Choice> {
    let choice = |value: &T| Choice {
        id: wire_name(value),
        text: text(*value).to_owned(),
        note: note(*value).to_owned(),
    };
    all.iter().map(choice).collect()
}

fn template_view(template: KbTemplate) -> KbTemplateChoice {
    let sections = template.required_sections().iter();
    KbTemplateChoice {
        id: wire_name(&template),
        text: text::template(template).to_owned(),
        sections: sections.map(|&label| label.to_owned()).collect(),
    }
}

/// The name of a unit variant on the wire.
pub fn wire_name(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("a unit variant is a string, not {other:?}"),
    }
}

fn unit_view(unit: &HandlingUnit) -> Unit {
    let spoken = format!("{}{}", unit.name, unit.aliases.concat());
    Unit {
        id: unit.id.0.clone(),
        name: unit.name.clone(),
        group: unit.group.clone(),
        pinyin: full_pinyin(&spoken),
        initials: initials(&spoken),
    }
}

fn category_fields(lines: &[CategoryLine]) -> Vec<CategoryField> {
    let mut fields: Vec<CategoryField> = Vec::new();
    for CategoryLine { level1, .. } in lines {
        if fields.iter().all(|field| field.name != *level1) {
            fields.push(CategoryField {
                name: level1.clone(),
                pinyin: full_pinyin(level1),
                initials: initials(level1),
            });
        }
    }
    fields
}

fn category_view(line: CategoryLine) -> Category {
    let spoken = format!("{}{}", line.level2, line.level3);
    Category {
        id: line.id,
        level1: line.level1,
        level2: line.level2,
        level3: line.level3,
        lead_unit: line.lead_unit.unwrap_or_default(),
        pinyin: full_pinyin(&spoken),
        initials: initials(&spoken),
    }
}

fn township_view(line: TownshipLine, units: &[HandlingUnit]) -> Township {
    let unit = units.iter().find(|unit| unit.name == line.name);
    Township {
        unit_id: unit.map_or_else(String::new, |unit| unit.id.0.clone()),
        pinyin: full_pinyin(&line.name),
        initials: initials(&line.name),
        code: line.code,
        name: line.name,
        villages: line.villages.into_iter().map(village_view).collect(),
    }
}

fn village_view(line: VillageLine) -> Village {
    Village {
        pinyin: full_pinyin(&line.name),
        initials: initials(&line.name),
        code: line.code,
        name: line.name,
    }
}

fn guide_view(class: OutOfScopeClass, guide: GuideLine) -> OutOfScopeGuide {
    OutOfScopeGuide {
        id: class,
        number: guide.number,
        article: class.article().to_owned(),
        text: guide.text,
        script: guide.script,
        needs_legal_basis: class.needs_legal_basis(),
        routes: guide.routes,
    }
}

/// 县水务局 → xianshuiwuju; other characters stand as they are.
fn full_pinyin(text: &str) -> String {
    spell(text, pinyin::Pinyin::plain)
}

/// 县水务局 → xswj.
fn initials(text: &str) -> String {
    spell(text, pinyin::Pinyin::first_letter)
}

fn spell(text: &str, letters: fn(pinyin::Pinyin) -> &'static str) -> String {
    let mut spelled = String::new();
    for (character, syllable) in text.chars().zip(text.to_pinyin()) {
        match syllable {
            Some(syllable) => spelled.push_str(letters(syllable)),
            None => spelled.extend(character.to_lowercase()),
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling() {
        assert_eq!(full_pinyin("县水务局"), "xianshuiwuju");
        assert_eq!(initials("县水务局"), "xswj");
        assert_eq!(initials("12345热线"), "12345rx");
    }

    #[test]
    fn the_built_in_tables_hang_together() {
        let tables = ReferenceTables::built_in().unwrap();
        assert_eq!(tables.view.townships.len(), 37);
        let n_villages: usize = tables.view.townships.iter().map(|t| t.villages.len()).sum();
        assert_eq!(n_villages, 415);
        assert_eq!(tables.view.out_of_scope.len(), 8);
        for (guide, number) in tables.view.out_of_scope.iter().zip(1..) {
            assert_eq!(guide.number, number);
        }
        for category in &tables.view.categories {
            let unit = HandlingUnitId(category.lead_unit.clone());
            assert!(
                unit.0.is_empty() || tables.units.get(&unit).is_some(),
                "{category:?}"
            );
        }
    }
}

//! 知识表的列: what an article says as the cells of a row, written by the export and read by the
//! import. Both use this one table, so what was exported is what would be imported.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use documents::table::clean;
use domain::kb::{KB_TITLE_MAX_CHARS, KbContent, KbField, KbSection, KbTemplate};

use crate::kb_import::half_width;
use crate::text;

/// 列: what the cells under a name say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KbColumn {
    /// 条目编号: which article the row is about.
    Id,
    Template,
    Title,
    Questions,
    Answer,
    Section {
        label: String,
    },
    /// 其他段落: those without a column of their own, each under a line `## 名称`.
    OtherSections,
    InternalNote,
    Unit,
    ResponsiblePerson,
    Source,
    ValidFrom,
    ValidUntil,
    NextReview,
    /// 不导入.
    Ignored,
}

/// How a section that no template asks for is named, so that a section called 来源 is no source.
const SECTION_PREFIX: &str = "段落：";

/// The columns that every article has, each with its name and what else people call it.
const NAMES: [(KbColumn, &str, &[&str]); 13] = [
    (
        KbColumn::Id,
        "条目编号",
        &["知识编号", "知识条目编号", "条目id"],
    ),
    (
        KbColumn::Template,
        "模板",
        &["知识模板", "知识类型", "条目类型", "知识类别"],
    ),
    (
        KbColumn::Title,
        "标题",
        &[
            "知识标题",
            "条目标题",
            "条目名称",
            "事项名称",
            "事项",
            "问题",
            "题目",
            "名称",
            "主题",
        ],
    ),
    (
        KbColumn::Questions,
        "群众的说法",
        &[
            "群众说法",
            "问法",
            "相似问法",
            "常见问法",
            "群众常问",
            "群众怎么问",
            "相似问题",
            "扩展问",
            "别名",
        ],
    ),
    (
        KbColumn::Answer,
        "标准答案",
        &[
            "答案",
            "答复",
            "答复口径",
            "标准答复",
            "标准口径",
            "答复内容",
            "解答",
            "回答",
            "正文",
            "内容",
        ],
    ),
    (KbColumn::OtherSections, "其他段落", &[]),
    (
        KbColumn::InternalNote,
        "内部口径",
        &["内部说明", "内部备注", "内部参考"],
    ),
    (
        KbColumn::Unit,
        "责任单位",
        &[
            "提供单位",
            "填报单位",
            "承办单位",
            "主管部门",
            "主管单位",
            "牵头单位",
            "单位",
            "部门",
        ],
    ),
    (
        KbColumn::ResponsiblePerson,
        "责任人",
        &["联系人", "责任人员", "单位责任人", "提供人"],
    ),
    (
        KbColumn::Source,
        "来源",
        &["信息来源", "知识来源", "政策依据", "出处"],
    ),
    (
        KbColumn::ValidFrom,
        "有效期自",
        &[
            "生效日期",
            "生效日",
            "有效自",
            "起始日期",
            "开始日期",
            "有效期起",
            "生效时间",
        ],
    ),
    (
        KbColumn::ValidUntil,
        "有效期至",
        &[
            "有效期",
            "失效日期",
            "失效日",
            "有效至",
            "截止日期",
            "到期日",
            "有效期止",
            "失效时间",
            "有效期限",
        ],
    ),
    (
        KbColumn::NextReview,
        "下次复核日",
        &[
            "复核日期",
            "复核日",
            "下次复核",
            "下次复核日期",
            "下次复核时间",
        ],
    ),
];

/// What sheets of offices have besides, and no article says.
const NOT_OURS: [&str; 13] = [
    "序号",
    "编号",
    "备注",
    "原因",
    "状态",
    "填报人",
    "填表人",
    "审核人",
    "填报时间",
    "填表日期",
    "填报日期",
    "更新时间",
    "修改时间",
];

/// What people call the sections of the templates.
const SECTION_ALIASES: [(&str, &[&str]); 10] = [
    ("受理条件", &["办理条件", "申请条件", "申办条件"]),
    (
        "申请材料",
        &["所需材料", "办理材料", "申报材料", "提交材料", "材料"],
    ),
    ("办理流程", &["流程", "办事流程", "办理程序", "办理步骤"]),
    (
        "办理地点",
        &["地点", "办事地点", "受理地点", "办理地址", "地址"],
    ),
    (
        "办理时间",
        &["工作时间", "上班时间", "受理时间", "办公时间"],
    ),
    ("咨询电话", &["电话", "联系电话", "服务电话", "咨询方式"]),
    ("文号", &["发文字号", "文件号", "发文文号"]),
    (
        "发布机关",
        &["发文机关", "发布单位", "发文单位", "制定机关"],
    ),
    ("施行日期", &["实施日期", "执行日期", "施行时间"]),
    ("解读依据", &["解读文件", "解读的文件"]),
];

impl KbColumn {
    /// The name at the head of the column.
    pub(crate) fn name(&self) -> String {
        if let Self::Section { label } = self {
            let prefix = if is_of_a_template(label) {
                ""
            } else {
                SECTION_PREFIX
            };
            return format!("{prefix}{label}");
        }
        let known = NAMES.iter().find(|(column, ..)| column == self);
        known.map_or("不导入", |(_, name, _)| name).to_owned()
    }

    /// How the window names it: `title`, `section:收费标准`; empty for what is not imported.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Id => "id",
            Self::Template => "template",
            Self::Title => "title",
            Self::Questions => "questions",
            Self::Answer => "answer",
            Self::Section { label } => return format!("section:{label}"),
            Self::OtherSections => "other_sections",
            Self::InternalNote => "internal_note",
            Self::Unit => "unit",
            Self::ResponsiblePerson => "responsible_person",
            Self::Source => "source",
            Self::ValidFrom => "valid_from",
            Self::ValidUntil => "valid_until",
            Self::NextReview => "next_review",
            Self::Ignored => "",
        }
        .to_owned()
    }

    /// The column of a key; `None` for a key that is none.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        if key.is_empty() {
            return Some(Self::Ignored);
        }
        if let Some(label) = key.strip_prefix("section:") {
            let label = label.trim();
            let fits = !label.is_empty() && label.chars().count() <= KB_TITLE_MAX_CHARS;
            return fits.then(|| Self::Section {
                label: label.to_owned(),
            });
        }
        NAMES
            .iter()
            .map(|(column, ..)| column)
            .find(|column| column.key() == key)
            .cloned()
    }

    /// What a name at the head of a column, or a label in a document, stands for; `None` where
    /// nobody told us.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        if let Some(label) = name.trim().strip_prefix(SECTION_PREFIX) {
            return Self::of_key(&format!("section:{label}"));
        }
        let bare = bare(name);
        let known = NAMES
            .iter()
            .find(|(_, own, others)| *own == bare || others.contains(&bare.as_str()));
        if let Some((column, ..)) = known {
            return Some(column.clone());
        }
        let section = SECTION_ALIASES
            .iter()
            .find(|(own, others)| *own == bare || others.contains(&bare.as_str()));
        section.map(|(label, _)| Self::Section {
            label: (*label).to_owned(),
        })
    }

    /// The column of what a refusal names.
    pub(crate) fn of_field(field: &KbField) -> Option<Self> {
        Some(match field {
            KbField::Title => Self::Title,
            KbField::Template => Self::Template,
            KbField::Questions => Self::Questions,
            KbField::Answer => Self::Answer,
            KbField::Section { label } => Self::Section {
                label: label.clone(),
            },
            KbField::InternalNote => Self::InternalNote,
            KbField::Unit => Self::Unit,
            KbField::ResponsiblePerson => Self::ResponsiblePerson,
            KbField::Source => Self::Source,
            KbField::Validity => Self::ValidUntil,
            KbField::NextReview => Self::NextReview,
            KbField::Reason | KbField::Evidence | KbField::Note => return None,
        })
    }

    fn is_internal(&self) -> bool {
        matches!(self, Self::InternalNote | Self::ResponsiblePerson)
    }
}

/// A name without what offices write around it: 标题（必填）*：.
fn bare(name: &str) -> String {
    let mut bare = String::new();
    let mut depth = 0_u32;
    for c in half_width(name).chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            '*' | ':' | '★' => {}
            c if depth > 0 || c.is_whitespace() => {}
            c => bare.extend(c.to_lowercase()),
        }
    }
    bare
}

fn is_of_a_template(label: &str) -> bool {
    KbTemplate::ALL
        .iter()
        .any(|template| template.required_sections().contains(&label))
}

/// Every column that is a field of an article or a section that a template asks for.
pub(crate) fn fields() -> Vec<KbColumn> {
    let sections = KbTemplate::ALL
        .iter()
        .flat_map(|template| template.required_sections())
        .map(|&label| KbColumn::Section {
            label: label.to_owned(),
        });
    let own = NAMES.iter().map(|(column, ..)| column.clone());
    own.chain(sections).collect()
}

/// 对应建议: a column for each name. What nobody told us is a section of that name; each column is
/// proposed once.
pub(crate) fn proposed(names: &[String]) -> Vec<KbColumn> {
    let mut taken = BTreeSet::new();
    names
        .iter()
        .map(|name| {
            let is_nothing = name.is_empty() || NOT_OURS.contains(&bare(name).as_str());
            let column = match KbColumn::of_name(name) {
                Some(column) => column,
                None if is_nothing => KbColumn::Ignored,
                None => KbColumn::of_key(&format!("section:{name}")).unwrap_or(KbColumn::Ignored),
            };
            if column == KbColumn::Ignored || taken.insert(column.clone()) {
                column
            } else {
                KbColumn::Ignored
            }
        })
        .collect()
}

/// How many of the names are known: what tells a row of names from a title above it.
pub(crate) fn n_known(names: &[String]) -> usize {
    names
        .iter()
        .filter(|name| KbColumn::of_name(name).is_some())
        .count()
}

/// The template that a sheet with these columns is of, where its name or its columns tell.
pub(crate) fn template_of(called: &str, columns: &[KbColumn]) -> KbTemplate {
    let by_name = KbTemplate::ALL
        .into_iter()
        .find(|template| called.contains(text::template(*template)));
    let n_of = |template: KbTemplate| {
        let labels = template.required_sections().iter();
        labels
            .filter(|&&label| {
                columns.iter().any(
                    |column| matches!(column, KbColumn::Section { label: own } if own == label),
                )
            })
            .count()
    };
    by_name.unwrap_or_else(|| match () {
        () if n_of(KbTemplate::ServiceGuide) >= 2 => KbTemplate::ServiceGuide,
        () if n_of(KbTemplate::Policy) >= 1 => KbTemplate::Policy,
        () if n_of(KbTemplate::Interpretation) >= 1 => KbTemplate::Interpretation,
        () => KbTemplate::StandardAnswer,
    })
}

/// The columns of an export of these articles: the sections that templates ask for first, then the
/// others as they come, as many as `max_columns` leaves room for.
pub(crate) fn columns_for<'a>(
    contents: impl Iterator<Item = &'a KbContent> + Clone,
    with_internal: bool,
    max_columns: usize,
) -> Vec<KbColumn> {
    let is_used = |label: &str| {
        contents.clone().any(|content| {
            content
                .sections
                .iter()
                .any(|section| section.label == label)
                || content.template.required_sections().contains(&label)
        })
    };
    let required = KbTemplate::ALL
        .iter()
        .flat_map(|template| template.required_sections());
    let mut labels: Vec<String> = required
        .filter(|label| is_used(label))
        .map(|&label| label.to_owned())
        .collect();
    let mut seen: BTreeSet<String> = labels.iter().cloned().collect();
    let room = max_columns.saturating_sub(NAMES.len());
    for section in contents.clone().flat_map(|content| &content.sections) {
        if !seen.contains(&section.label) {
            seen.insert(section.label.clone());
            labels.push(section.label.clone());
        }
    }
    labels.truncate(room);
    let mut columns = Vec::new();
    for (column, ..) in NAMES {
        if column == KbColumn::OtherSections {
            columns.extend(labels.iter().map(|label| KbColumn::Section {
                label: label.clone(),
            }));
        }
        if with_internal || !column.is_internal() {
            columns.push(column);
        }
    }
    columns
}

/// The cells of an article under those columns, each as a spreadsheet gives it back.
pub(crate) fn cells_of(id: &str, content: &KbContent, columns: &[KbColumn]) -> Vec<String> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let has_column = |section: &KbSection| {
        let n = content
            .sections
            .iter()
            .filter(|it| it.label == section.label);
        n.count() == 1
            && columns.iter().any(
                |column| matches!(column, KbColumn::Section { label } if *label == section.label),
            )
    };
    columns
        .iter()
        .map(|column| match column {
            KbColumn::Id => id.to_owned(),
            KbColumn::Template => text::template(content.template).to_owned(),
            KbColumn::Title => content.title.clone(),
            KbColumn::Questions => content.questions.join("\n"),
            KbColumn::Answer => content.answer.clone(),
            KbColumn::Section { label } => {
                let own = content.sections.iter().find(|it| it.label == *label);
                own.filter(|it| has_column(it))
                    .map_or_else(String::new, |section| section.text.clone())
            }
            KbColumn::OtherSections => {
                let others = content.sections.iter().filter(|it| !has_column(it));
                others.map(section_text).collect::<Vec<_>>().join("\n")
            }
            KbColumn::InternalNote => content.internal_note.clone(),
            KbColumn::Unit => content.unit.clone(),
            KbColumn::ResponsiblePerson => content.responsible_person.clone(),
            KbColumn::Source => content.source.clone(),
            KbColumn::ValidFrom => day(content.valid_from),
            KbColumn::ValidUntil => day(content.valid_until),
            KbColumn::NextReview => day(content.next_review_on),
            KbColumn::Ignored => String::new(),
        })
        .map(|cell| clean(&cell))
        .collect()
}

/// `## 名称` and the text; a line of the text that would begin a section is told apart.
fn section_text(section: &KbSection) -> String {
    let lines = section.text.lines().map(|line| match line {
        line if line.trim_start_matches('\\').starts_with("## ") => format!("\\{line}"),
        line => line.to_owned(),
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    format!("## {}\n{text}", section.label)
}

/// The sections that a cell of 其他段落 has; `None` where it does not begin with one.
pub(crate) fn other_sections(cell: &str) -> Option<Vec<KbSection>> {
    let mut sections: Vec<KbSection> = Vec::new();
    for line in cell.lines() {
        if let Some(label) = line.strip_prefix("## ") {
            sections.push(KbSection {
                label: label.trim().to_owned(),
                text: String::new(),
            });
            continue;
        }
        let section = match sections.last_mut() {
            Some(section) => section,
            None if line.trim().is_empty() => continue,
            None => return None,
        };
        let is_escaped = line.starts_with('\\') && line.trim_start_matches('\\').starts_with("## ");
        let line = if is_escaped {
            line.strip_prefix('\\').unwrap_or(line)
        } else {
            line
        };
        if !section.text.is_empty() {
            section.text.push('\n');
        }
        section.text.push_str(line);
    }
    for section in &mut sections {
        section.text = section.text.trim().to_owned();
    }
    Some(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_offices_call_the_columns() {
        let names = [
            "序号",
            "事项名称（必填）",
            "*答复口径：",
            "所需材料",
            "收费标准",
            "段落：来源",
            "单 位",
            "标题",
            "",
            "有效期",
        ];
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let keys: Vec<String> = proposed(&names).iter().map(KbColumn::key).collect();
        assert_eq!(
            keys,
            [
                "",
                "title",
                "answer",
                "section:申请材料",
                "section:收费标准",
                "section:来源",
                "unit",
                "",
                "",
                "valid_until"
            ]
        );
        assert_eq!(n_known(&names), 7);
    }

    #[test]
    fn every_column_has_a_key_and_a_name_that_lead_back() {
        let section = |label: &str| KbColumn::Section {
            label: label.to_owned(),
        };
        let own = NAMES.iter().map(|(column, ..)| column.clone());
        for column in own.chain([section("申请材料"), section("收费标准"), section("标题")])
        {
            assert_eq!(KbColumn::of_key(&column.key()), Some(column.clone()));
            assert_eq!(KbColumn::of_name(&column.name()), Some(column));
        }
        assert_eq!(KbColumn::of_key(""), Some(KbColumn::Ignored));
        for key in ["poem", "section:", &format!("section:{}", "水".repeat(101))] {
            assert_eq!(KbColumn::of_key(key), None, "{key}");
        }
    }

    #[test]
    fn no_name_stands_for_two_columns() {
        let mut seen = BTreeSet::new();
        let names = NAMES
            .iter()
            .flat_map(|(_, own, others)| others.iter().chain([own]));
        let sections = SECTION_ALIASES
            .iter()
            .flat_map(|(own, others)| others.iter().chain([own]));
        for name in names.chain(sections).chain(&NOT_OURS) {
            assert!(seen.insert(*name), "{name}");
        }
    }

    #[test]
    fn sections_without_a_column_come_back() {
        let section = |label: &str, text: &str| KbSection {
            label: label.to_owned(),
            text: text.to_owned(),
        };
        let sections = [
            section("说明", "第一行\n## 不是段落\n\\## 也不是"),
            section("说明", "再说一次"),
            section("空", ""),
        ];
        let cell = sections.each_ref().map(section_text).join("\n");
        assert_eq!(other_sections(&cell).unwrap(), sections);
        assert_eq!(other_sections("没有名称"), None);
    }

    #[test]
    fn the_template_of_a_sheet() {
        for (called, names, template) in [
            ("政策解读.xlsx", &["标题"][..], KbTemplate::Interpretation),
            (
                "表1",
                &["标题", "申请材料", "地点"],
                KbTemplate::ServiceGuide,
            ),
            ("表1", &["标题", "发文字号"], KbTemplate::Policy),
            ("表1", &["标题", "电话"], KbTemplate::StandardAnswer),
        ] {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(
                template_of(called, &proposed(&names)),
                template,
                "{called} {names:?}"
            );
        }
    }
}

//! 模板表: a sheet for each of the four templates, to be filled in by the units (第十三条).

use documents::workbook::{self, Sheet};
use domain::kb::KbTemplate;
use serde::Deserialize;
use ts_rs::TS;

use super::source::{EXAMPLE_MARK, NOTE_MARK};
use crate::error::CallError;
use crate::handed::Handed;
use crate::host::DeskHost;
use crate::kb_columns::KbColumn;
use crate::kb_form::template_of;
use crate::text;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbTemplateAsk {
    /// `service_guide`, `policy`, `interpretation` or `standard_answer`.
    pub template: String,
}

/// 下载模板表.
pub(crate) fn kb_import_template(
    host: &DeskHost,
    request: KbTemplateAsk,
) -> Result<Handed, CallError> {
    let template = template_of(&request.template)?;
    let bytes = workbook::write(&[sheet(template)], None).map_err(anyhow::Error::from)?;
    let name = format!("知识采集表（{}）.xlsx", text::template(template));
    host.hand_out_blank(
        &name,
        &bytes,
        "模板表已备好：一行一条，说明行和示例行导入时会略过。".to_owned(),
    )
}

/// The columns of a template's sheet, the sections that it must have included.
fn columns(template: KbTemplate) -> Vec<KbColumn> {
    let sections = template.required_sections().iter();
    let sections = sections.map(|&label| KbColumn::Section {
        label: label.to_owned(),
    });
    let before = [KbColumn::Title, KbColumn::Questions, KbColumn::Answer];
    let after = [
        KbColumn::Unit,
        KbColumn::ResponsiblePerson,
        KbColumn::Source,
        KbColumn::Category,
        KbColumn::Township,
        KbColumn::ValidFrom,
        KbColumn::ValidUntil,
        KbColumn::NextReview,
        KbColumn::InternalNote,
    ];
    before.into_iter().chain(sections).chain(after).collect()
}

fn sheet(template: KbTemplate) -> Sheet {
    let columns = columns(template);
    let mut sheet = Sheet::new(text::template(template), &[]);
    sheet.names = columns.iter().map(KbColumn::name).collect();
    let marked = |mark: &str, at: usize, text: &str| match at {
        0 => format!("{mark}{text}"),
        _ => text.to_owned(),
    };
    for (mark, says) in [
        (
            NOTE_MARK,
            explanation as fn(KbTemplate, &KbColumn) -> &'static str,
        ),
        (EXAMPLE_MARK, example),
    ] {
        let cells = columns.iter().enumerate();
        let cells = cells.map(|(at, column)| marked(mark, at, says(template, column)));
        sheet.quiet_rows.push(sheet.rows.len());
        sheet.rows.push(cells.collect());
    }
    sheet
}

fn explanation(template: KbTemplate, column: &KbColumn) -> &'static str {
    match column {
        KbColumn::Title => "必填。一件事一条，100 字以内。本行和下面的示例行不必删除",
        KbColumn::Questions if template == KbTemplate::StandardAnswer => {
            "必填。群众会怎样问，一行一种问法（格内换行按 Alt+Enter）"
        }
        KbColumn::Questions => "群众会怎样问，一行一种问法（格内换行按 Alt+Enter）",
        KbColumn::Answer => "必填。受理员照着念的话，2 万字以内",
        KbColumn::Section { .. } => "必填",
        KbColumn::Unit => "必填。谁提供、谁负责、谁更新，写单位全称或简称",
        KbColumn::ResponsiblePerson => "必填。单位里负责这一条的人，不对外公开",
        KbColumn::Source => "必填。文号、来函或网址",
        KbColumn::Category => "属于哪一类，写二级和三级分类，可不填",
        KbColumn::Township => "只在一个乡镇街道适用时写它的名称；全县适用不填",
        KbColumn::ValidFrom => "从哪天起有效，如 2026-01-01，可不填",
        KbColumn::ValidUntil => "到哪天为止有效，如 2026-12-31；长期有效不填",
        KbColumn::NextReview => "必填。下次核对这一条的日子，不晚于有效期",
        KbColumn::InternalNote => "只给热线中心看的话，不对外公开，可不填",
        KbColumn::Id | KbColumn::Template | KbColumn::OtherSections | KbColumn::Ignored => "",
    }
}

fn example(template: KbTemplate, column: &KbColumn) -> &'static str {
    let is_guide = template == KbTemplate::ServiceGuide;
    match column {
        KbColumn::Title => match template {
            KbTemplate::ServiceGuide => "社会保障卡挂失补办",
            KbTemplate::Policy => "城乡居民基本养老保险缴费档次",
            KbTemplate::Interpretation => "养老保险缴费档次怎样选",
            KbTemplate::StandardAnswer => "社保卡丢了怎么办",
        },
        KbColumn::Questions if is_guide => "社保卡怎么补办\n补社保卡要啥子材料",
        KbColumn::Questions => "社保卡掉了咋个办\n社保卡丢了找哪个",
        KbColumn::Answer => "请先拨打12333口头挂失，再带身份证到窗口补办。",
        KbColumn::Section { label } => match label.as_str() {
            "受理条件" => "参保人本人，卡已挂失",
            "申请材料" => "本人身份证原件；代办另带委托书和代办人身份证",
            "办理流程" => "挂失、填表、现场制卡",
            "办理地点" => "县政务服务中心人社窗口（以单位公布为准）",
            "办理时间" => "工作日 9:00 至 17:00",
            "咨询电话" => "12333",
            "文号" | "解读依据" => "〔2026〕1号（示例）",
            "发布机关" => "县人力资源和社会保障局",
            "施行日期" => "2026-01-01",
            _ => "",
        },
        KbColumn::Unit => "县人力资源和社会保障局",
        KbColumn::ResponsiblePerson => "张三",
        KbColumn::Source => "县人社局来函（示例）",
        KbColumn::Category => "养老保险 · 参保缴费",
        KbColumn::ValidFrom => "2026-01-01",
        KbColumn::ValidUntil => "2027-12-31",
        KbColumn::NextReview => "2027-06-30",
        KbColumn::Township
        | KbColumn::InternalNote
        | KbColumn::Id
        | KbColumn::Template
        | KbColumn::OtherSections
        | KbColumn::Ignored => "",
    }
}

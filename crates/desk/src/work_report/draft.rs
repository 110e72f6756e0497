//! 自动成稿: from figures to a text in Markdown. It says what was counted and nothing else: where there is
//! nothing to compare with it says so, and what only a person can say is left to be written.

use domain::analysis::{Dimension, OrderFigures};
use domain::indicators::Ratio;
use domain::work_report::{UNWRITTEN, WorkReportKind};

use super::figures::{CitedOrder, Figures, Issue, List};
use crate::text;

/// The longest name of a topic in a title, in characters.
const SUBJECT_MAX_CHARS: usize = 30;

pub(super) struct Drafted {
    pub(super) title: String,
    pub(super) body: String,
}

/// The report of some days, of all matters or of one topic.
pub(super) fn of_days(figures: &Figures) -> Drafted {
    let mut page = Page::default();
    overview(&mut page, figures);
    if figures.now.n_orders > 0 {
        spread(&mut page, figures);
        handling(&mut page, figures);
        ratings(&mut page, figures);
    }
    hot(&mut page, figures);
    watched(&mut page, figures);
    page.heading("工作建议");
    page.paragraph(UNWRITTEN);
    let period = &figures.period_text;
    let title = match figures.kind {
        WorkReportKind::Daily => format!("12345热线日报（{period}）"),
        WorkReportKind::Weekly => format!("12345热线周报（{period}）"),
        WorkReportKind::Monthly => format!("12345热线月报（{period}）"),
        WorkReportKind::Topic => format!("关于{}诉求情况的分析", shortened(&figures.subject)),
    };
    Drafted {
        title,
        body: page.0,
    }
}

/// The report of one hot issue.
pub(super) fn of_issue(issue: &Issue, as_of_text: &str) -> Drafted {
    let mut page = Page::default();
    page.heading("基本情况");
    let how = if issue.is_surge {
        "同类同地诉求突增"
    } else {
        "多人反映同一件事"
    };
    page.paragraph(&format!(
        "截至{as_of_text}，{}{how}，共 {} 件，{}。",
        escaped(&issue.what),
        text::count_text(issue.n_orders.into()),
        issue.growth_text,
    ));
    let days = issue.days.iter();
    let days = days.map(|(day, n)| vec![day.clone(), n.to_string()]);
    page.table("折线图：近 7 日受理（件）", &["日期", "受理"], days);
    page.heading("办理情况");
    if issue.n_looked_at < issue.n_orders as usize {
        page.paragraph(&format!("按最近 {} 件统计。", issue.n_looked_at));
    }
    let stages: Vec<String> = (issue.stages.iter())
        .map(|(stage, n)| format!("{stage} {n} 件"))
        .collect();
    page.paragraph(&format!("{}。", stages.join("，")));
    cited(&mut page, "相关工单", &issue.cited);
    page.heading("工作建议");
    page.paragraph(UNWRITTEN);
    Drafted {
        title: format!("关于{}诉求集中情况的专报", shortened(&issue.what)),
        body: page.0,
    }
}

fn overview(page: &mut Page, figures: &Figures) {
    let (now, before, year_ago) = (&figures.now, &figures.before, &figures.year_ago);
    page.heading("总体情况");
    let about = match figures.subject.as_str() {
        "" => String::new(),
        subject => format!("涉及{}的", escaped(subject)),
    };
    let mut said = format!("{}，", figures.period_text);
    if now.n_orders == 0 {
        said += &format!("没有受理{about}诉求。");
    } else {
        let n = text::count_text(now.n_orders.into());
        said += &format!("共受理{about}诉求 {n} 件。");
    }
    said += &compared("上期", &figures.before_text, now, before);
    said += &compared("上年同期", &figures.year_ago_text, now, year_ago);
    page.paragraph(&said);
    if now.n_orders == 0 {
        return;
    }
    for (dimension, name) in [
        (Dimension::Kind, "诉求类型"),
        (Dimension::Channel, "受理渠道"),
    ] {
        if let Some(list) = figures.list(dimension) {
            page.paragraph(&format!("按{name}：{}。", counted(list)));
        }
    }
    page.paragraph(&format!(
        "当场答复 {} 件，当场答复率 {}；派单办理 {} 件。",
        text::count_text(now.n_answered.into()),
        text::percent(now.answer_rate()),
        text::count_text(now.n_dispatched.into()),
    ));
    if figures.trend.len() > 1 {
        let points = figures.trend.iter();
        let points = points.map(|it| {
            let (n, n_late) = (it.n_orders.to_string(), it.n_late.to_string());
            vec![it.text.clone(), n, n_late]
        });
        page.table(
            "折线图：受理走势（件）",
            &["日期", "受理", "其中超期"],
            points,
        );
    }
}

/// 比上期（…，M 件）增加 3 件（+5.4%）, or that there is nothing to compare with.
fn compared(name: &str, days: &str, now: &OrderFigures, then: &OrderFigures) -> String {
    if then.n_orders == 0 {
        return format!("{name}（{days}）没有数据，不作比较。");
    }
    let (n, n_then) = (u64::from(now.n_orders), u64::from(then.n_orders));
    let apart = text::count_text(n.abs_diff(n_then));
    let change = text::change_text(n, n_then);
    let how = match n.cmp(&n_then) {
        std::cmp::Ordering::Equal => "持平".to_owned(),
        std::cmp::Ordering::Less => format!("减少 {apart} 件（{change}）"),
        std::cmp::Ordering::Greater => format!("增加 {apart} 件（{change}）"),
    };
    let n_then = text::count_text(n_then);
    format!("比{name}（{days}，{n_then} 件）{how}。")
}

fn spread(page: &mut Page, figures: &Figures) {
    let lists = [Dimension::Category, Dimension::Township];
    let lists: Vec<&List> = (lists.into_iter())
        .filter_map(|it| figures.list(it))
        .filter(|list| list.rows.len() > 1)
        .collect();
    if lists.is_empty() {
        return;
    }
    page.heading("诉求分布");
    let has_before = figures.before.n_orders > 0;
    for list in lists {
        let name = text::dimension(list.dimension);
        if list.dimension == Dimension::Category {
            let names: &[&str] = if has_before {
                &["分类", "本期", "上期"]
            } else {
                &["分类", "本期"]
            };
            let rows = list.rows.iter().map(|row| {
                let n_before = has_before.then(|| row.n_before.to_string());
                let cells = [row.name.clone(), row.figures.n_orders.to_string()];
                cells.into_iter().chain(n_before).collect()
            });
            page.table(&format!("图：{name}（件）"), names, rows);
        } else {
            let rows = list.rows.iter().map(|row| {
                let n = u64::from(row.figures.n_orders);
                vec![
                    row.name.clone(),
                    text::count_text(n),
                    text::percent(Ratio::new(n, figures.now.n_orders.into())),
                    text::change_text(n, row.n_before.into()),
                    text::change_text(n, row.n_year_ago.into()),
                ]
            });
            let names = [name, "件数", "占比", "环比", "同比"];
            page.table(&format!("表：{name}"), &names, rows);
        }
        if list.n_other_values > 0 {
            page.paragraph(&format!(
                "其余 {} 项共 {} 件。",
                list.n_other_values,
                text::count_text(list.n_other_orders.into())
            ));
        }
    }
}

fn handling(page: &mut Page, figures: &Figures) {
    let (now, before) = (&figures.now, &figures.before);
    page.heading("办理情况");
    if now.n_dispatched == 0 {
        page.paragraph("没有派单办理的诉求。");
        return;
    }
    let mut said = format!(
        "截至{}，派单办理 {} 件，其中超期 {} 件，超期率 {}，其余 {} 件没有超期。",
        figures.as_of_text,
        text::count_text(now.n_dispatched.into()),
        text::count_text(now.n_late.into()),
        text::percent(now.late_rate()),
        text::count_text(now.n_dispatched.saturating_sub(now.n_late).into()),
    );
    if before.n_dispatched > 0 {
        let change = text::points_changed(now.late_rate(), before.late_rate());
        let then = text::percent(before.late_rate());
        said += &format!("上期受理的超期率 {then}，相差 {change}。");
    }
    page.paragraph(&said);
    let Some(units) = figures.list(Dimension::Unit) else {
        return;
    };
    let rows = units.rows.iter();
    let rows = rows.filter(|row| row.figures.n_dispatched > 0).map(|row| {
        let of = &row.figures;
        vec![
            row.name.clone(),
            text::count_text(of.n_dispatched.into()),
            text::count_text(of.n_late.into()),
            text::percent(of.late_rate()),
            text::percent(of.satisfaction()),
        ]
    });
    let names = ["主办单位", "派单", "超期", "超期率", "满意率"];
    page.table("表：主办单位", &names, rows);
}

fn ratings(page: &mut Page, figures: &Figures) {
    let now = &figures.now;
    page.heading("群众评价");
    if now.n_rated == 0 {
        page.paragraph("本期受理的诉求还没有评价。");
        return;
    }
    let mut said = format!(
        "已评价 {} 件，满意 {} 件，满意率 {}，不满意 {} 件。",
        text::count_text(now.n_rated.into()),
        text::count_text(now.n_satisfied.into()),
        text::percent(now.satisfaction()),
        text::count_text(now.n_rated.saturating_sub(now.n_satisfied).into()),
    );
    if figures.before.n_rated > 0 {
        let then = figures.before.satisfaction();
        let change = text::points_changed(now.satisfaction(), then);
        said += &format!("上期受理的满意率 {}，相差 {change}。", text::percent(then));
    }
    page.paragraph(&said);
}

/// What is hot at this hour; nothing where the days are over.
fn hot(page: &mut Page, figures: &Figures) {
    let Some(issues) = &figures.issues else {
        return;
    };
    page.heading("热点");
    if issues.is_empty() {
        page.paragraph(&format!(
            "截至{}，没有发现突增，也没有多人反映同一件事。",
            figures.as_of_text
        ));
        return;
    }
    page.paragraph(&format!("截至{}：", figures.as_of_text));
    let lines = issues.iter().map(|it| {
        let how = if it.is_surge {
            "突增"
        } else {
            "多人反映"
        };
        let numbers: Vec<&str> = it.cited.iter().map(|it| it.number.as_str()).collect();
        let orders = match numbers.as_slice() {
            [] => String::new(),
            numbers => format!("（工单 {}）", numbers.join("、")),
        };
        format!(
            "- {}{how}，共 {} 件，{}{orders}",
            escaped(&it.what),
            it.n_orders,
            it.growth_text
        )
    });
    let lines: Vec<String> = lines.collect();
    page.paragraph(&lines.join("\n"));
}

fn watched(page: &mut Page, figures: &Figures) {
    if figures.late.is_empty() && figures.dissatisfied.is_empty() {
        return;
    }
    page.heading("需要关注的工单");
    page.paragraph("每类列出最近的几件；举报件、保密件不列。");
    cited(page, "超期工单", &figures.late);
    cited(page, "不满意工单", &figures.dissatisfied);
}

fn cited(page: &mut Page, name: &str, orders: &[CitedOrder]) {
    let rows = orders.iter().map(|it| {
        let cells = [&it.number, &it.category, &it.unit, &it.stage];
        cells.map(String::clone).to_vec()
    });
    let names = ["工单编号", "事项分类", "承办单位", "状态"];
    page.table(&format!("表：{name}"), &names, rows);
}

/// 求助 20 件，咨询 4 件.
fn counted(list: &List) -> String {
    let rows = list.rows.iter().map(|row| {
        let n = text::count_text(row.figures.n_orders.into());
        format!("{} {n} 件", escaped(&row.name))
    });
    let others = (list.n_other_orders > 0).then(|| format!("其他 {} 件", list.n_other_orders));
    rows.chain(others).collect::<Vec<_>>().join("，")
}

fn shortened(subject: &str) -> String {
    subject.chars().take(SUBJECT_MAX_CHARS).collect()
}

impl Figures {
    fn list(&self, dimension: Dimension) -> Option<&List> {
        let mut lists = self.lists.iter();
        lists.find(|it| it.dimension == dimension && !it.rows.is_empty())
    }
}

/// Markdown under way.
#[derive(Default)]
struct Page(String);

impl Page {
    fn block(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push_str("\n\n");
        }
        self.0.push_str(text);
    }

    fn heading(&mut self, text: &str) {
        self.block(&format!("## {text}"));
    }

    fn paragraph(&mut self, text: &str) {
        self.block(text);
    }

    /// With what stands over it; nothing without rows.
    fn table(&mut self, over: &str, names: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        let rows: Vec<String> = rows.map(|row| line(&row)).collect();
        if rows.is_empty() {
            return;
        }
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let rule = format!("|{}", "---|".repeat(names.len()));
        self.block(over);
        self.block(&format!("{}\n{rule}\n{}", line(&names), rows.join("\n")));
    }
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
    format!("| {} |", cells.join(" | "))
}

/// A name as text, whatever marks of Markdown are in it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' | '\r' | '\t' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

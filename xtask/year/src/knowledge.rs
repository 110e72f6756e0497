//! 知识: the articles that answers are read from, and what units are asked to do for them in a year: in time, late,
//! handed back, called off, or not at all.

use anyhow::{Context as _, Result};
use chrono::{DateTime, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::HandlingUnitId;
use domain::calendar::WorkCalendar;
use domain::clock_face::{at, date_of, end_of};
use domain::kb::task::{KbTaskCommand, KbTaskKind};
use domain::kb::{KbArticleId, KbCommand, KbContent, KbTemplate, UnitConfirmation};
use domain::rule_set::RuleSet;
use wire::Act;

use crate::county::{County, EDITOR, KB_REVIEWER, liaison_of};
use crate::dice::Dice;
use crate::year::Plan;

/// What people ask, and what they are told.
const ARTICLES: [(&str, &str); 12] = [
    (
        "停水了什么时候来？",
        "先说清小区或村社，查当日停水公告；公告外的报县水务抢修，两小时内回话。",
    ),
    (
        "城乡居民医保怎么缴？",
        "每年9月至12月缴次年保费，可在村社、银行网点或税务部门的线上渠道缴。",
    ),
    (
        "身份证丢了怎么补？",
        "持户口簿到任一派出所户籍窗口补领，20个工作日内领证，可先办临时身份证。",
    ),
    (
        "小区路灯不亮找谁？",
        "物业小区由物业负责；市政道路的记下灯杆编号，转城管部门，三日内修复。",
    ),
    (
        "农村建房怎么申请？",
        "向村民小组提出，村委会审议公示后报乡镇，乡镇在规定时限内审批。",
    ),
    (
        "低保要什么条件？",
        "家庭人均收入低于当地标准且财产符合规定，向户籍地乡镇（街道）申请。",
    ),
    (
        "公租房怎么申请？",
        "向居住地街道提出，提交身份、收入和住房证明，审核公示后轮候。",
    ),
    (
        "养老金认证怎么做？",
        "可在手机上自助认证，也可到村社或社保窗口办理，每年一次。",
    ),
    (
        "孩子转学怎么办？",
        "先问转入学校有无学位，再凭学籍和居住证明办理，学期中一般不转。",
    ),
    (
        "夜间施工扰民找谁？",
        "22时至次日6时除抢修抢险外不得施工，转城管或住建部门到场核实。",
    ),
    (
        "占道经营谁来管？",
        "记下地点和时段，转城管部门巡查；反复出现的并案督办。",
    ),
    (
        "公交线路怎么查？",
        "可问线路、站名和末班时间；改线以交通部门当日公告为准。",
    ),
];
/// Tasks given in a month.
const TASKS_A_MONTH: u32 = 8;
/// When the editor begins to work, in minutes after midnight.
const WORK_BEGINS: i64 = 9 * 60;

/// One act about the knowledge base.
pub(crate) struct KbStep {
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: String,
    pub(crate) subject: String,
    pub(crate) act: Act,
}

/// The articles by what they are called, each in its first version.
pub(crate) fn article(dice: &mut Dice) -> KbArticleId {
    article_id(usize::try_from(dice.below(ARTICLES.len() as u64)).unwrap_or(0))
}

fn article_id(nth: usize) -> KbArticleId {
    KbArticleId(format!("kb-year-{nth:02}"))
}

/// Writes, confirms and publishes every article, within half an hour from `began` on.
pub(crate) fn articles(county: &County, began: DateTime<Utc>) -> Vec<KbStep> {
    let mut steps = Vec::new();
    for (nth, (question, answer)) in ARTICLES.iter().enumerate() {
        let unit = county.units.get(nth % county.units.len().max(1));
        let unit = unit.map_or("", |unit| county.name_of(unit));
        let content = Box::new(KbContent {
            template: KbTemplate::StandardAnswer,
            title: question.trim_end_matches('？').to_owned(),
            questions: vec![(*question).to_owned()],
            answer: (*answer).to_owned(),
            sections: Vec::new(),
            internal_note: String::new(),
            unit: unit.to_owned(),
            unit_id: None,
            responsible_person: "业务股负责人".to_owned(),
            source: "示例口径".to_owned(),
            category_id: String::new(),
            township_code: String::new(),
            valid_from: None,
            valid_until: None,
            next_review_on: date_of(began).checked_add_months(Months::new(12)),
        });
        let confirmation = UnitConfirmation::Recorded {
            name: "业务股负责人".to_owned(),
            evidence: "函复".to_owned(),
        };
        let publish = KbCommand::Publish {
            contradicts: Vec::new(),
            reason: String::new(),
        };
        let acts = [
            (EDITOR, KbCommand::Draft { content }),
            (EDITOR, KbCommand::Submit { base_revision: 1 }),
            (EDITOR, KbCommand::Confirm { confirmation }),
            (KB_REVIEWER, publish),
        ];
        for (minute, (actor, command)) in (1_i64..).zip(acts) {
            steps.push(KbStep {
                at: began + TimeDelta::minutes(minute * 5),
                actor: actor.to_owned(),
                subject: article_id(nth).0,
                act: Act::Article(command),
            });
        }
    }
    steps
}

/// Every task that is given in the year from `began` on, with all that becomes of it.
///
/// # Errors
/// For a year that no calendar has.
pub(crate) fn tasks(
    county: &County,
    calendar: &WorkCalendar,
    rules: &RuleSet,
    plan: &Plan,
    began: DateTime<Utc>,
) -> Result<Vec<KbStep>> {
    let year = plan.year;
    let mut dice = Dice::new(plan.seed ^ 0x4B);
    let mut steps = Vec::new();
    for month in 1..=12 {
        let first = NaiveDate::from_ymd_opt(year, month, 1).context("A month")?;
        for nth in 0..TASKS_A_MONTH {
            let unit = dice.pick(&county.units).context("A unit")?.clone();
            let day = first + TimeDelta::days(i64::try_from(dice.below(27)).unwrap_or(0));
            let mut task = Task {
                number: format!("ZS{year}{month:02}-{nth:02}"),
                liaison: liaison_of(county.nth(&unit)),
                calendar,
                rules,
                dice: Dice::new(dice.below(u64::MAX)),
                steps: Vec::new(),
            };
            task.live(unit, day);
            if task.steps.first().is_some_and(|given| given.at >= began) {
                steps.append(&mut task.steps);
            }
        }
    }
    Ok(steps)
}

struct Task<'a> {
    number: String,
    liaison: String,
    calendar: &'a WorkCalendar,
    rules: &'a RuleSet,
    dice: Dice,
    steps: Vec<KbStep>,
}

impl Task<'_> {
    fn live(&mut self, unit: HandlingUnitId, day: NaiveDate) {
        let kind = self
            .dice
            .pick(&KbTaskKind::ALL)
            .copied()
            .unwrap_or(KbTaskKind::Write);
        let article = (kind != KbTaskKind::Write).then(|| article(&mut self.dice));
        let given_at = self.in_office_hours(day);
        let assign = KbTaskCommand::Assign {
            number: self.number.clone(),
            kind,
            unit,
            article,
            subject: "群众近期常问，口径待更新".to_owned(),
            note: String::new(),
        };
        self.does(given_at, EDITOR, assign);
        let n = self.rules.knowledge_tasks.of(kind);
        let mut due_on = self.calendar.add_working_days(date_of(given_at), n);
        let mut from = given_at;
        for round in 0..3 {
            if self.dice.per_mille(60) {
                let reason = "已由新文件覆盖".to_owned();
                self.does(
                    from + TimeDelta::hours(3),
                    EDITOR,
                    KbTaskCommand::Cancel { reason },
                );
                return;
            }
            let delivered_at = match self.dice.below(100) {
                0..76 => self.within(from, end_of(due_on)),
                // The last instant that is in time, and the first that is late.
                76..78 => end_of(due_on),
                78 => end_of(due_on) + TimeDelta::milliseconds(1),
                79..92 => end_of(due_on) + self.hours(1, 150),
                // The unit never does.
                _ => return,
            };
            let deliver = KbTaskCommand::Deliver {
                article: Some(article_id(0)),
                note: "已按现行文件更新".to_owned(),
            };
            let liaison = self.liaison.clone();
            self.does(delivered_at, &liaison, deliver);
            let looked_at = delivered_at + self.hours(1, 90);
            if round == 2 || self.dice.per_mille(800) {
                self.does(looked_at, EDITOR, KbTaskCommand::Accept);
                return;
            }
            let reason = "缺咨询电话".to_owned();
            self.does(looked_at, EDITOR, KbTaskCommand::Return { reason });
            let n = self.rules.knowledge_tasks.of(KbTaskKind::Correct);
            let again = self.calendar.add_working_days(date_of(looked_at), n);
            (due_on, from) = (due_on.max(again), looked_at);
        }
    }

    /// Somewhere between, now and then a millisecond before the end.
    fn within(&mut self, from: DateTime<Utc>, end: DateTime<Utc>) -> DateTime<Utc> {
        let ms = u64::try_from((end - from).num_milliseconds()).unwrap_or(0);
        if self.dice.per_mille(50) {
            return end - TimeDelta::milliseconds(1);
        }
        from + TimeDelta::milliseconds(i64::try_from(self.dice.below(ms)).unwrap_or(0))
    }

    fn hours(&mut self, from: u64, to: u64) -> TimeDelta {
        TimeDelta::hours(i64::try_from(self.dice.between(from, to)).unwrap_or(1))
    }

    fn in_office_hours(&mut self, day: NaiveDate) -> DateTime<Utc> {
        let minutes = WORK_BEGINS + i64::try_from(self.dice.below(480)).unwrap_or(0);
        at(day, NaiveTime::MIN) + TimeDelta::minutes(minutes)
    }

    fn does(&mut self, at: DateTime<Utc>, actor: &str, command: KbTaskCommand) {
        self.steps.push(KbStep {
            at,
            actor: actor.to_owned(),
            subject: self.number.clone(),
            act: Act::Task(command),
        });
    }
}

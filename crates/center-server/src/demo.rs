//! 演示数据: a few days of a county, for trying the portal out and for its tests. Everything goes the
//! way that real work goes: commands of real people, decided by the rules, at the times they say.

mod order;

use std::sync::Arc;

use anyhow::{Result, bail, ensure};
use center::{Acted, Errand};
use chrono::{DateTime, TimeDelta, Utc};
use domain::clock_face::date_of;
use domain::extension::ExtensionAsk;
use domain::kb::task::{KbTaskCommand, KbTaskKind};
use domain::kb::{KbArticleId, KbCommand, KbContent, KbSection, KbTemplate};
use domain::local_name::{LocalName, LocalNames};
use domain::matter::{MatterClass, MatterKind};
use domain::work_order::{
    AssignmentNumber, ContactOutcome, ContactRecord, Feedback, RatingRecord, Reply, Satisfaction,
    Solved,
};
use domain::{Actor, ActorId, Command, HandlingUnitId, Role};
use wire::{Act, Reference, StaffMember};
use wording::reference::ReferenceTables;
use wording::text;

use self::order::{Order, PLAIN};
use crate::clock::Clock;
use crate::config::Config;
use crate::delivery::CENTER_ACTOR;
use crate::office::Office;
use crate::reference::tables;
use crate::server::Core;
use crate::writer::Desk;

/// What everybody of the demonstration begins with, and changes at the first sign-in.
pub const FIRST_PASSWORD: &str = "Mendian-8273-Qiao";

const WATER: &str = "unit-water-affairs";
const HOUSING: &str = "unit-housing";
const STREET: &str = "town-511725001";
const FIRST: AssignmentNumber = AssignmentNumber::FIRST;

/// Number, name, roles, unit.
const PEOPLE: &[(&str, &str, &[Role], &str)] = &[
    ("1901", "李敏", &[Role::Operator, Role::Dispatcher], ""),
    ("1902", "王建", &[Role::Reviewer], ""),
    ("1903", "周岚", &[Role::KbEditor], ""),
    ("1904", "吴强", &[Role::KbReviewer], ""),
    ("1905", "达州市中心", &[Role::City], ""),
    ("2901", "张国强", &[Role::Liaison], WATER),
    ("2902", "刘洋", &[Role::UnitReviewer], WATER),
    ("3901", "赵磊", &[Role::Liaison], STREET),
    ("3902", "孙丽", &[Role::UnitReviewer], STREET),
    ("4901", "陈静", &[Role::Liaison], HOUSING),
];

/// Fills a center that is not running, and says who may come in.
pub async fn load(config: Config, clock: Arc<dyn Clock>) -> Result<Vec<String>> {
    let core = Core::open(config, clock).await?;
    let filled = fill(&core.office).await;
    core.close().await?;
    filled?;
    let tables = ReferenceTables::built_in()?;
    let mut lines = vec![format!("演示数据已装入。门户初始密码：{FIRST_PASSWORD}")];
    let of_units = PEOPLE.iter().filter(|(.., unit)| !unit.is_empty());
    lines.extend(of_units.map(|(number, name, roles, unit)| {
        let roles: Vec<&str> = roles.iter().map(|it| text::role(*it)).collect();
        let unit = HandlingUnitId((*unit).to_owned());
        let unit = tables.unit_name(&unit);
        format!("  {number} {name}　{unit}　{}", roles.join("、"))
    }));
    Ok(lines)
}

/// Fills a center that has no orders yet.
async fn fill(office: &Office) -> Result<()> {
    let now = office.clock.now();
    let references = office.references();
    ensure!(
        !references.staff().iter().any(|it| it.actor.id.0 == "2901"),
        "演示数据已经有了"
    );
    let mut staff = references.staff().to_vec();
    let center = (CENTER_ACTOR, "中心系统", &[Role::Center][..], "");
    let known = |id: &str| references.staff().iter().any(|it| it.actor.id.0 == id);
    let people = PEOPLE.iter().copied().chain([center]);
    staff.extend(people.filter(|(id, ..)| !known(id)).map(member));
    let units = ReferenceTables::built_in_units()?;
    office
        .writer
        .alone(move |desk| {
            desk.center
                .change_reference(&Reference::Staff(staff), now)?;
            desk.center
                .change_reference(&Reference::Units(units), now)?;
            desk.center.change_reference(&local_names()?, now)?;
            county(&mut Days { desk, now, n: 0 })
        })?
        .done()
        .await?;
    for (id, _, roles, _) in PEOPLE {
        if roles.iter().any(|role| role.is_of_unit()) {
            let id = ActorId((*id).to_owned());
            office
                .reset_password(&id, FIRST_PASSWORD.to_owned())
                .await?;
        }
    }
    Ok(())
}

/// Made up, to show how a name is heard that no list of places has.
fn local_names() -> Result<Reference> {
    let names = [
        ("鲤鱼嘴", "渠江街道"),
        ("老车坝", "天星街道"),
        ("七里坡", "三汇镇"),
    ];
    let townships = &tables().view.townships;
    let local = names.iter().map(|(name, township)| {
        let of = townships.iter().find(|it| it.name == *township);
        LocalName {
            name: (*name).to_owned(),
            township_code: of.map_or_else(String::new, |it| it.code.clone()),
            village_code: String::new(),
        }
    });
    let is_place = |it: &LocalName| !it.township_code.is_empty();
    let names = LocalNames::of(local.collect(), is_place);
    let names = names.map_err(|(at, refusal)| anyhow::anyhow!("name {at}: {refusal}"))?;
    Ok(Reference::LocalNames(names))
}

fn member((id, name, roles, unit): (&str, &str, &[Role], &str)) -> StaffMember {
    StaffMember {
        actor: Actor {
            id: ActorId(id.to_owned()),
            name: name.to_owned(),
            roles: roles.to_vec(),
            unit: (!unit.is_empty()).then(|| HandlingUnitId(unit.to_owned())),
        },
        is_disabled: false,
        former_roles: Vec::new(),
    }
}

/// The days before now, as people lived them.
struct Days<'a> {
    desk: &'a mut Desk,
    now: DateTime<Utc>,
    n: u32,
}

impl Days<'_> {
    fn act(&mut self, who: &str, subject: &str, ago: TimeDelta, act: Act) -> Result<()> {
        self.n += 1;
        let errand = Errand {
            actor: ActorId(who.to_owned()),
            subject: subject.to_owned(),
            id: format!("demo-{}", self.n),
            act,
            seen_version: None,
        };
        match self.desk.center.act(&errand, self.now - ago)? {
            Acted::Done { .. } => Ok(()),
            other @ (Acted::Before | Acted::Stale { .. } | Acted::Refused(_)) => {
                bail!("{subject}: {other:?}")
            }
        }
    }

    fn does(&mut self, who: &str, subject: &str, ago: TimeDelta, command: Command) -> Result<()> {
        self.act(who, subject, ago, Act::Order(command))
    }

    /// Registers, dispatches and delivers it.
    fn given(&mut self, order: &Order, ago: TimeDelta) -> Result<()> {
        let subject = order.id;
        let day = date_of(self.now - ago).format("%Y%m%d");
        let number = format!("QX{day}-{}", order.number);
        let matter = Box::new(order.matter());
        let register = Command::Register { number, matter };
        let later = |minutes| ago - TimeDelta::minutes(minutes);
        self.does("1901", subject, ago, register)?;
        let dispatch = Command::Dispatch {
            unit: HandlingUnitId(order.unit.to_owned()),
            opinion: order.opinion.to_owned(),
            plan: order.plan(self.now - ago),
        };
        self.does("1901", subject, later(2), dispatch)?;
        let n_units = 1 + u32::from(order.assisting.is_some());
        for number in 1..=n_units {
            let assignment = AssignmentNumber(number);
            let delivered = Command::ConfirmDelivery { assignment };
            self.does(CENTER_ACTOR, subject, later(2), delivered)?;
        }
        Ok(())
    }

    fn signed(&mut self, subject: &str, ago: TimeDelta) -> Result<()> {
        self.does("2901", subject, ago, Command::SignFor { assignment: FIRST })
    }

    fn contacted(&mut self, subject: &str, ago: TimeDelta) -> Result<()> {
        let contact = ContactRecord {
            contacted_at: self.now - ago,
            phone: "13900000000".to_owned(),
            outcome: ContactOutcome::Reached,
            note: "已与诉求人说明办理安排".to_owned(),
        };
        let assignment = FIRST;
        let command = Command::RecordContact {
            assignment,
            contact,
        };
        self.does("2901", subject, ago, command)
    }

    fn replied(&mut self, subject: &str, ago: TimeDelta, text: &str) -> Result<()> {
        let reply = Box::new(Reply {
            text: text.to_owned(),
            responsible_person: "何光明".to_owned(),
            feedback: Feedback::Given {
                given_at: self.now - ago,
                method: "电话".to_owned(),
            },
            cited_opinions: Vec::new(),
        });
        let assignment = FIRST;
        self.does(
            "2901",
            subject,
            ago,
            Command::SubmitReply { assignment, reply },
        )
    }

    fn answered(&mut self, subject: &str, ago: TimeDelta, text: &str) -> Result<()> {
        self.signed(subject, ago + TimeDelta::hours(20))?;
        self.contacted(subject, ago + TimeDelta::hours(4))?;
        self.replied(subject, ago, text)?;
        let sign = Command::SignReply { assignment: FIRST };
        self.does("2902", subject, ago - TimeDelta::hours(1), sign)
    }

    fn rated(&mut self, subject: &str, ago: TimeDelta, satisfaction: Satisfaction) -> Result<()> {
        let rating = RatingRecord {
            satisfaction,
            solved: if satisfaction.is_bad() {
                Solved::No
            } else {
                Solved::Yes
            },
            reason: None,
            note: String::new(),
            rated_at: self.now - ago,
        };
        let assignment = Some(FIRST);
        self.does(
            "1905",
            subject,
            ago,
            Command::ImportRating { assignment, rating },
        )
    }
}

fn county(days: &mut Days<'_>) -> Result<()> {
    waiting(days)?;
    in_hand(days)?;
    with_others(days)?;
    done(days)?;
    knowledge(days)
}

/// Nobody has signed for these yet.
fn waiting(days: &mut Days<'_>) -> Result<()> {
    days.given(
        &Order {
            id: "demo-01",
            number: "0031",
            kind: MatterKind::Complaint,
            text: "庆丰社区三号楼自昨晚八点起停水，物业说是水厂的事，水厂电话没人接，楼里有老人和婴儿。",
            wants: "尽快恢复供水，告知原因",
            place: ("511725001001", "三号楼"),
            caller: ("罗大海", "13800138001"),
            ..PLAIN
        },
        TimeDelta::minutes(50),
    )?;
    days.given(
        &Order {
            id: "demo-02",
            number: "0035",
            class: MatterClass::Special,
            text: "流江社区主管道爆裂，路面已塌陷约两米，整片小区停水，还在往外冒水。",
            wants: "马上抢修，设置警示",
            opinion: "大面积停水，请三小时内初步响应。",
            place: ("511725001002", "流江路农贸市场口"),
            caller: ("任芳", "13800138002"),
            ..PLAIN
        },
        TimeDelta::minutes(35),
    )?;
    days.given(
        &Order {
            id: "demo-03",
            number: "0029",
            kind: MatterKind::Complaint,
            is_confidential: true,
            text: "反映某供水站多收抄表费，要求查清退还。来电人冉小玲不愿透露身份，电话13800138003。",
            about: "供水站",
            wants: "查清收费依据并退还",
            place: ("511725002001", "供水站"),
            caller: ("冉小玲", "13800138003"),
            ..PLAIN
        },
        TimeDelta::minutes(95),
    )?;
    days.given(
        &Order {
            id: "demo-04",
            number: "0022",
            kind: MatterKind::Report,
            text: "举报有人夜间在水库大坝取土，挖机两台，连续三晚。",
            happened: "连续三晚",
            wants: "立即制止",
            place: ("511725002003", "南桥水库"),
            caller: ("覃志远", "13800138004"),
            ..PLAIN
        },
        TimeDelta::hours(2),
    )
}

fn in_hand(days: &mut Days<'_>) -> Result<()> {
    let hours = TimeDelta::hours;
    days.given(
        &Order {
            id: "demo-05",
            number: "0107",
            text: "村里集中供水点水质发黄，烧开后有沉淀，已有三天。",
            wants: "检测水质，告知能否饮用",
            place: ("511725102003", "集中供水点"),
            caller: ("", "13800138005"),
            ..PLAIN
        },
        hours(22),
    )?;
    days.signed("demo-05", hours(20))?;
    days.contacted("demo-05", hours(19))?;
    days.given(
        &Order {
            id: "demo-06",
            number: "0064",
            kind: MatterKind::Complaint,
            text: "河堤护栏倒了一段，报过两次没有人修，晚上散步的人多，怕有人掉下去。",
            wants: "修好护栏",
            place: ("511725001004", "滨河路"),
            caller: ("谭友文", "13800138006"),
            ..PLAIN
        },
        hours(24 * 8),
    )?;
    days.signed("demo-06", hours(24 * 8 - 3))?;
    days.does(
        "1901",
        "demo-06",
        hours(3),
        Command::Urge {
            assignment: FIRST,
            reason: "诉求人第三次来电，问什么时候修".to_owned(),
            method: "电话".to_owned(),
        },
    )?;
    days.given(
        &Order {
            id: "demo-07",
            number: "0018",
            kind: MatterKind::Complaint,
            text: "老水管改造挖开的路面两周没有恢复，下雨全是泥。",
            wants: "恢复路面",
            place: ("511725001002", "流江巷"),
            caller: ("蒲仕明", "13800138007"),
            ..PLAIN
        },
        hours(24 * 3),
    )?;
    days.signed("demo-07", hours(24 * 3 - 5))?;
    days.contacted("demo-07", hours(24 * 3 - 6))?;
    let ask = ExtensionAsk::Complicated { days: 3 };
    let reason = "须待管网试压合格后回填，工期受连续降雨影响".to_owned();
    let assignment = FIRST;
    let asked = Command::RequestExtension {
        assignment,
        ask,
        reason,
    };
    days.does("2901", "demo-07", hours(5), asked)?;
    days.given(
        &Order {
            id: "demo-08",
            number: "0120",
            text: "小区路灯全部不亮，物业说归水务部门的泵站供电。",
            wants: "恢复照明",
            category: "c-049",
            place: ("511725002002", "小山路"),
            caller: ("", "13800138008"),
            ..PLAIN
        },
        hours(20),
    )?;
    days.does(
        "2901",
        "demo-08",
        hours(4),
        Command::SendBack {
            assignment: FIRST,
            reason: "路灯由住建部门管理，泵站供电与路灯无关".to_owned(),
            basis: "县住房城乡建设局三定方案第四条第（六）项".to_owned(),
            suggestion: "县住房城乡建设局".to_owned(),
        },
    )?;
    days.given(
        &Order {
            id: "demo-09",
            number: "0088",
            kind: MatterKind::Consultation,
            text: "咨询农村自建房接自来水需要哪些材料，费用多少。",
            place: ("511725102001", ""),
            caller: ("韦成", "13800138009"),
            ..PLAIN
        },
        hours(23),
    )?;
    days.signed("demo-09", hours(22))?;
    days.contacted("demo-09", hours(6))?;
    let reply = "接水须提供身份证、房屋权属或宅基地证明，到镇供水站申请；开户材料费按物价部门核定标准收取，站内公示。";
    days.replied("demo-09", hours(5), reply)
}

fn with_others(days: &mut Days<'_>) -> Result<()> {
    let hours = TimeDelta::hours;
    days.given(
        &Order {
            id: "demo-10",
            number: "0071",
            kind: MatterKind::Complaint,
            assisting: Some(STREET),
            text: "学校门口一下雨就积水到膝盖，学生上学要绕路，排水沟被施工队堵了。",
            wants: "疏通排水沟",
            place: ("511725001004", "一小门口"),
            caller: ("向秀兰", "13800138010"),
            ..PLAIN
        },
        hours(24),
    )?;
    days.signed("demo-10", hours(23))?;
    days.contacted("demo-10", hours(22))?;
    let number = AssignmentNumber(2);
    let sign = Command::SignFor { assignment: number };
    days.does("3901", "demo-10", hours(21), sign)?;
    let opinion = Command::SubmitOpinion {
        assignment: number,
        text: "社区已清理沿街三处雨水口，施工单位承诺周内撤走围挡。".to_owned(),
    };
    days.does("3901", "demo-10", hours(3), opinion)?;
    days.given(
        &Order {
            id: "demo-street",
            number: "0040",
            unit: STREET,
            kind: MatterKind::Complaint,
            category: "c-035",
            text: "物业私自涨停车费，没有公示。诉求人阳光明，电话13800138040。",
            place: ("511725001001", "车库"),
            caller: ("阳光明", "13800138040"),
            ..PLAIN
        },
        TimeDelta::minutes(40),
    )
}

fn done(days: &mut Days<'_>) -> Result<()> {
    let hours = TimeDelta::hours;
    days.given(
        &Order {
            id: "demo-11",
            number: "0052",
            text: "庆丰社区二次供水泵房噪声大，夜里睡不着。",
            wants: "降噪",
            place: ("511725001001", "五号楼"),
            caller: ("龚建华", "13800138011"),
            ..PLAIN
        },
        hours(24 * 7),
    )?;
    let text = "泵房已加装减振垫和隔声门，夜间实测符合标准，诉求人在场确认。";
    days.answered("demo-11", hours(24 * 5), text)?;
    days.rated("demo-11", hours(26), Satisfaction::Dissatisfied)?;
    days.given(
        &Order {
            id: "demo-12",
            number: "0013",
            text: "希望延长水费窗口营业时间，上班族办不了。",
            kind: MatterKind::Suggestion,
            place: ("511725001002", "供水营业厅"),
            caller: ("", "13800138012"),
            ..PLAIN
        },
        hours(24 * 8),
    )?;
    let text = "自下月起营业厅周六开放，线上缴费渠道已在大厅公示。";
    days.answered("demo-12", hours(24 * 6), text)?;
    days.rated("demo-12", hours(24 * 3), Satisfaction::VerySatisfied)
}

fn knowledge(days: &mut Days<'_>) -> Result<()> {
    let hours = TimeDelta::hours;
    let assign = KbTaskCommand::Assign {
        number: "RW20261120-001".to_owned(),
        kind: KbTaskKind::Write,
        unit: HandlingUnitId(WATER.to_owned()),
        article: None,
        subject: "停水抢修一般要多久，怎样报修".to_owned(),
        note: "本月群众问过 14 次，没有标准答案".to_owned(),
    };
    days.act("1903", "RW20261120-001", hours(24 * 4), Act::Task(assign))?;
    let content = KbContent {
        template: KbTemplate::StandardAnswer,
        title: "水费单看不懂，找谁核对".to_owned(),
        questions: vec!["水费多了找谁".to_owned(), "水表走得快怎么办".to_owned()],
        answer:
            "拿最近一期水费单，到供水营业厅核对；对水表有疑问的，可以申请校表，校表结果当面告知。"
                .to_owned(),
        sections: KbTemplate::StandardAnswer
            .required_sections()
            .iter()
            .map(|label| KbSection {
                label: (*label).to_owned(),
                text: "见标准答案".to_owned(),
            })
            .collect(),
        internal_note: "抄表数据见营业系统，不对外说。".to_owned(),
        category_id: "c-051".to_owned(),
        township_code: String::new(),
        unit: "县水务局".to_owned(),
        unit_id: Some(HandlingUnitId(WATER.to_owned())),
        responsible_person: "何光明".to_owned(),
        source: "县水务局供水服务承诺".to_owned(),
        valid_from: None,
        valid_until: None,
        next_review_on: date_of(days.now).checked_add_days(chrono::Days::new(180)),
    };
    let article = KbArticleId("demo-article".to_owned());
    let draft = KbCommand::Draft {
        content: Box::new(content),
    };
    days.act("1903", &article.0, hours(30), Act::Article(draft))?;
    let submit = KbCommand::Submit { base_revision: 1 };
    days.act("1903", &article.0, hours(29), Act::Article(submit))
}

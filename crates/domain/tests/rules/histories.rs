//! Histories of an order, made at random: mostly what somebody may do where the order stands, with
//! sound words; sometimes anything by anybody, and words that no rule lets through.

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock_face::{date_of, time_of};
use domain::work_order::{CommandKind, apply, commands_at, decide};
use domain::{Actor, Command, HandlingUnitId, Role, WorkOrder};
use proptest::prelude::*;

use crate::case_file::Step;
use crate::world;

/// One command of a history.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) now: DateTime<Utc>,
    pub(crate) actor: Actor,
    pub(crate) command: Command,
}

/// 2025-12-20 to 2026-12-20: every holiday of 2026. Any nanosecond, because a clock gives such times.
fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    (1_766_160_000_i64..1_797_696_000, 0_u32..1_000_000_000)
        .prop_map(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos).unwrap())
}

/// Nanoseconds until the next command: mostly hours, sometimes days, now and then a clock that was
/// set back.
fn waits() -> impl Strategy<Value = i64> {
    const SECOND: i64 = 1_000_000_000;
    prop_oneof![
        8 => 0..7_200 * SECOND,
        3 => 0..172_800 * SECOND,
        1 => 0..864_000 * SECOND,
        1 => -3_600 * SECOND..0,
    ]
}

/// Histories of up to forty commands; of some the first are those of an order that was answered and
/// rated as bad, so that what comes after is met often too.
pub(crate) fn histories() -> impl Strategy<Value = Vec<Given>> {
    let rolls = proptest::collection::vec((any::<u64>(), waits()), 1..40);
    // Nothing, up to where a reply waits to be signed, or all of it.
    let n_first = prop_oneof![6 => Just(0), 1 => Just(6), 2 => Just(ANSWERED_AND_RATED.len())];
    (instants(), n_first, rolls).prop_map(|(start, n_first, rolls)| history(start, n_first, &rolls))
}

/// What leads to a bad rating, with who does it.
const ANSWERED_AND_RATED: [(CommandKind, Role, &[&str]); 8] = [
    (CommandKind::Register, Role::Operator, &["投诉"]),
    (CommandKind::Dispatch, Role::Dispatcher, &["县水务局"]),
    (CommandKind::ConfirmDelivery, Role::Center, &[]),
    (CommandKind::SignFor, Role::Liaison, &[]),
    (CommandKind::RecordContact, Role::Liaison, &[]),
    (CommandKind::SubmitReply, Role::Liaison, &[]),
    (CommandKind::SignReply, Role::UnitReviewer, &[]),
    (CommandKind::ImportRating, Role::City, &["不满意"]),
];

fn history(start: DateTime<Utc>, n_first: usize, rolls: &[(u64, i64)]) -> Vec<Given> {
    let (mut now, mut order, mut history) = (start, None, Vec::new());
    let first = &ANSWERED_AND_RATED[..n_first];
    let waits = first
        .iter()
        .map(|_| (0, 60_000_000_000))
        .chain(rolls.iter().copied());
    for (nth, (roll, wait)) in waits.enumerate() {
        now += TimeDelta::nanoseconds(wait);
        let given = match first.get(nth) {
            Some((kind, role, words)) => {
                let actor = world::actor(&[*role]);
                let command = Step::of(*kind, actor.clone(), now, words).command(order.as_ref());
                Given {
                    now,
                    actor,
                    command,
                }
            }
            None => step(order.as_ref(), now, &mut Dice(roll)),
        };
        let facts = world::facts(given.now, &given.actor);
        for event in decide(order.as_ref(), &given.command, &facts)
            .into_iter()
            .flatten()
        {
            apply(&mut order, &event);
        }
        history.push(given);
    }
    history
}

/// Numbers that follow from one, so that a history can be told again.
struct Dice(u64);

impl Dice {
    /// splitmix64 (Steele, Lea, Flood 2014).
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let z = z ^ (z >> 31);
        usize::try_from(z % u64::try_from(n).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn step(order: Option<&WorkOrder>, now: DateTime<Utc>, dice: &mut Dice) -> Given {
    let (kind, actor) = if dice.below(8) == 0 {
        let anybody = everybody();
        (*dice.pick(CommandKind::ALL), dice.pick(&anybody).clone())
    } else {
        match order {
            None => (CommandKind::Register, world::actor(&[Role::Operator])),
            Some(order) => pick_allowed(order, now, dice),
        }
    };
    let command = command(kind, &actor, order, now, dice);
    Given {
        now,
        actor,
        command,
    }
}

/// One person for each role, and one of each unit for the roles of a unit.
fn everybody() -> Vec<Actor> {
    Role::ALL
        .into_iter()
        .flat_map(|role| {
            let actor = world::actor(&[role]);
            let units: &[&str] = if role.is_of_unit() {
                &world::UNITS
            } else {
                &[""]
            };
            let of_unit = |unit: &&str| Actor {
                unit: role
                    .is_of_unit()
                    .then(|| HandlingUnitId((*unit).to_owned())),
                ..actor.clone()
            };
            units.iter().map(of_unit).collect::<Vec<_>>()
        })
        .collect()
}

/// What somebody may do now. What ends an order, or only adds to it, is done less often, so that
/// the way to its end is walked.
fn pick_allowed(order: &WorkOrder, now: DateTime<Utc>, dice: &mut Dice) -> (CommandKind, Actor) {
    let mut allowed: Vec<(CommandKind, Actor)> = Vec::new();
    for actor in everybody() {
        let facts = world::facts(now, &actor);
        for (kind, refusal) in commands_at(order, &facts) {
            if refusal.is_none() {
                allowed.push((kind, actor.clone()));
            }
        }
    }
    let mut kinds: Vec<CommandKind> = allowed.iter().map(|(kind, _)| *kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let often: Vec<CommandKind> = kinds
        .iter()
        .copied()
        .filter(|kind| !is_by_the_way(*kind))
        .collect();
    let kinds = if often.is_empty() || dice.below(6) == 0 {
        kinds
    } else {
        often
    };
    let Some(kind) = (!kinds.is_empty()).then(|| *dice.pick(&kinds)) else {
        return (CommandKind::Supplement, world::actor(&[Role::Operator]));
    };
    let actors: Vec<&Actor> = allowed
        .iter()
        .filter(|(it, _)| *it == kind)
        .map(|(_, actor)| actor)
        .collect();
    (kind, (*dice.pick(&actors)).clone())
}

fn is_by_the_way(kind: CommandKind) -> bool {
    use CommandKind as K;
    [
        K::AnswerOnTheSpot,
        K::RefuseOutOfScope,
        K::TransferToEmergency,
        K::MergeInto,
        K::Withdraw,
        K::AbsorbRepeat,
        K::LinkTo,
        K::CorrectCaller,
        K::Supplement,
        K::Urge,
        K::RecordUrgeReceipt,
        K::RecordOwnCallBack,
        K::RecountLimits,
        K::WriteOffDelay,
        K::RequestKindChange,
        K::SetUpstreamLimit,
        K::RecordTownshipReport,
        K::EscalateClass,
        K::RecordContact,
        K::RecordResultReturn,
    ]
    .contains(&kind)
}

fn command(
    kind: CommandKind,
    actor: &Actor,
    order: Option<&WorkOrder>,
    now: DateTime<Utc>,
    dice: &mut Dice,
) -> Command {
    let minutes_ago = |minutes: i64| {
        let at = now - TimeDelta::minutes(minutes);
        format!("{} {}", date_of(at), time_of(at).format("%H:%M:%S%.f"))
    };
    let (recent, later) = (minutes_ago(1), minutes_ago(-1_440));
    let far = minutes_ago(-14_400);
    let named = dice.below(4);
    let number = format!("承办={named}");
    let delivered_at = now - TimeDelta::minutes(i64::try_from(dice.below(40)).unwrap() - 2);
    let (day, time) = (
        format!("日期={}", date_of(delivered_at)),
        time_of(delivered_at).format("%H:%M:%S%.f").to_string(),
    );
    let (until, far_until) = (format!("至={later}"), format!("至={far}"));
    let time_of_act = format!("时间={recent}");
    let by_law = format!("法定={}", date_of(now + TimeDelta::days(30)));
    let options: Vec<Vec<&str>> = arguments(kind)
        .iter()
        .map(|option| {
            let words = option.split(' ').filter(|word| !word.is_empty());
            words
                .map(|word| match word {
                    "{送达}" => time.as_str(),
                    "{日期}" => day.as_str(),
                    "{至}" => until.as_str(),
                    "{远至}" => far_until.as_str(),
                    "{时间}" => time_of_act.as_str(),
                    "{法定}" => by_law.as_str(),
                    word => word,
                })
                .collect()
        })
        .collect();
    let mut words = dice.pick(&options).clone();
    let is_about_unit = Step::of(kind, actor.clone(), now, &words)
        .command(order)
        .assignment()
        .is_some();
    let names_one = words.iter().any(|word| word.starts_with("承办="));
    if is_about_unit
        && !names_one
        && named > 0
        && kind != CommandKind::ImportRating
        && dice.below(2) == 0
    {
        words.push(&number);
    }
    Step::of(kind, actor.clone(), now, &words).command(order)
}

/// Words to choose from for each command, the sound ones most often.
fn arguments(kind: CommandKind) -> &'static [&'static str] {
    use CommandKind as K;
    match kind {
        K::Register => &[
            "投诉",
            "咨询 来电=13800001234 姓名=𠮷先生",
            "求助 特殊事项",
            "举报 保密",
            "意见建议 特殊紧急事项 微信",
            "投诉 省交办 上级编号=SC-9",
            "求助 市转办 上级编号=DZ-7 目标=？？？",
            "投诉 内容=",
            "投诉 内容=水×10001",
            "咨询 来电=abc",
        ],
        K::AnswerOnTheSpot => &["", "引用=KB-7@4294967295", "答复="],
        K::RefuseOutOfScope => &[
            "第八条(一)",
            "第八条(七) 依据=法",
            "第八条(三)",
            "第八条(八)",
        ],
        K::TransferToEmergency => &["110", "122 情况=已接通"],
        K::BeginVerification => &["", "被问="],
        K::RecordVerification => &["", "结论="],
        K::Dispatch => &[
            "县水务局 属地=渠江街道",
            "县水务局 属地=渠江街道 方式=会签 其他=县教育局",
            "县水务局 属地=渠江街道 方式=主协办 其他=县教育局、渠江街道 依据=协调:文",
            "县水务局 属地=渠江街道 依据=先例:XL-12:文",
            "渠江街道 属地=渠江街道 依据=先例:XL-12:文",
            "渠江街道 替=1",
            "县应急管理局 替=2",
            "县水务局",
            "县气象局",
        ],
        K::RequestCoordination => &["单位=县水务局、县教育局", "单位="],
        K::Designate => &["县水务局", "县水务局 协办=县教育局", "县水务局 文号="],
        K::RecordDelivery => &[
            "{送达} {日期}",
            "{送达} {日期} 承办=2",
            "{送达} {日期} 电话=",
        ],
        K::RecordTownshipReport => &["属地=渠江街道", "属地=县气象局"],
        K::RequestKindChange => &["咨询", "投诉", "求助", "举报 理由="],
        K::RuleOnKindChange | K::RuleOnSendBack | K::ReviewExtension | K::ReviewFinalClosure => {
            &["同意", "同意", "不同意", "不同意 理由="]
        }
        K::EscalateClass => &[
            "特殊紧急事项 属地=渠江街道",
            "特殊事项 属地=渠江街道",
            "特殊事项",
        ],
        K::SetUpstreamLimit => &["市 {至}", "省 {远至}"],
        K::RequestExtension => &["一般=3", "一般=1", "特别重大=5 说明=全县", "{法定} 法条=法"],
        K::RecordCityRuling => &["{远至}", "{远至}", "{至}", "不同意"],
        K::ExplainExtension => &["", "{时间}", "未说明=多次未接"],
        K::RecordContact => &["", "{时间}", "未联系上", "号码="],
        K::SubmitReply => &["", "引用=2", "引用=2、3", "反馈=无法联系", "答复="],
        K::RequestFinalClosure => &["历次=QX-7、QX-8", "历次=QX-7、QX-8", "历次=QX-7"],
        K::RecordResultReturn => &["待回传", "已发出", "已接收", "回传失败"],
        K::ImportRating => &["不满意 未解决 原因=敷衍", "非常不满意", "满意", "基本满意"],
        K::RequestScreening => &["", "迟由=证据在外地", "理由="],
        K::ReviewScreening => &["报市", "不予上报", "需补证"],
        K::SupplyEvidence => &["佐证=录音", "佐证="],
        K::RecordScreeningRuling => &["剔除", "不成立"],
        K::WriteOffDelay => &["办理 不可抗力", "签收 溯及延期", "初步响应 上级系统故障"],
        K::AbsorbRepeat | K::MergeInto | K::LinkTo => &["", "工单=QX-1", "工单="],
        K::SendBack => &["", "理由=", "依据="],
        K::PassDown => &["", "单位="],
        K::Urge | K::ReleaseBinding | K::RejectReply | K::OrderRework | K::Withdraw => {
            &["", "理由="]
        }
        K::ConfirmDelivery
        | K::SignFor
        | K::SignReply
        | K::Archive
        | K::RecountLimits
        | K::RecordUrgeReceipt
        | K::RecordOwnCallBack => &[""],
        K::CorrectCaller => &["", "理由=", "号码=x", "姓名=水×501"],
        K::Supplement | K::RespondFirst | K::ReportProgress | K::SubmitOpinion => {
            &["", "内容=", "内容=水×5001"]
        }
    }
}

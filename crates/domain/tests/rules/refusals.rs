//! Every way to be refused, as a case; a refusal that no case knows fails the last test.

use std::collections::BTreeSet;

use domain::Refusal;
use domain::refusal::Field;
use expect_test::expect;

use crate::case_file::{check, play};
use crate::names;

const STAGES_AND_ROLES: &str = "2026年
    11-23 周一 09:10 派单 县水务局          -> 拒绝: 尚未登记
    11-23 周一 09:10 调度员 登记 咨询       -> 拒绝: 登记须由受理员、值班长
    11-23 周一 09:15 登记 咨询              -> 转办 11-24 24:00
    11-23 周一 09:15 登记 咨询              -> 拒绝: 已登记过
    11-23 周一 09:16 电话送达 09:15         -> 拒绝: 待派不能电话送达
    11-23 周一 09:16 调度员 当场答复        -> 拒绝: 当场答复须由受理员、值班长
    11-23 周一 09:20 调度员 派单 县水务局   ->
    11-23 周一 09:30 派单 县水务局          -> 拒绝: 已派单不能派单
    11-23 周一 09:30 当场答复               -> 拒绝: 已派单不能当场答复
    11-23 周一 09:30 不予受理 第八条(六)    -> 拒绝: 已派单不能不予受理
    11-23 周一 09:30 转紧急 110             -> 拒绝: 已派单不能转紧急
    11-23 周一 09:30 电话送达 09:25         -> 拒绝: 一般事项由中心确认送达";

const MATTERS: &str = "2026年
    11-23 周一 09:15 登记 咨询 内容=「」            -> 拒绝: 诉求内容为空
    11-23 周一 09:15 登记 咨询 内容=「   」         -> 拒绝: 诉求内容为空
    11-23 周一 09:15 登记 咨询 内容=水×10001        -> 拒绝: 诉求内容有10001字，至多10000字
    11-23 周一 09:15 登记 咨询 标题=水×101          -> 拒绝: 标题有101字，至多100字
    11-23 周一 09:15 登记 咨询 目标=水×501          -> 拒绝: 诉求目标有501字，至多500字
    11-23 周一 09:15 登记 咨询 姓名=王×501          -> 拒绝: 姓名有501字，至多500字
    11-23 周一 09:15 登记 咨询 地址=水×501          -> 拒绝: 诉求人地址有501字，至多500字
    11-23 周一 09:15 登记 咨询 地点=水×501          -> 拒绝: 详细地址有501字，至多500字
    11-23 周一 09:15 登记 咨询 来电=12              -> 拒绝: 来电号码不是电话号码
    11-23 周一 09:15 登记 咨询 来电=1380000123a     -> 拒绝: 来电号码不是电话号码
    11-23 周一 09:15 登记 咨询 来电=110-×1000       -> 拒绝: 来电号码不是电话号码
    11-23 周一 09:15 登记 咨询 联系=没有            -> 拒绝: 联系电话不是电话号码";

const ANSWERS: &str = "2026年
    11-23 周一 09:15 登记 咨询
    11-23 周一 09:16 当场答复 答复=「 」                     -> 拒绝: 答复内容为空
    11-23 周一 09:16 当场答复 答复=水×5001                   -> 拒绝: 答复内容有5001字，至多5000字
    11-23 周一 09:16 不予受理 第八条(一) 引导=「」           -> 拒绝: 解释引导内容为空
    11-23 周一 09:16 不予受理 第八条(一) 引导=水×5001        -> 拒绝: 解释引导内容有5001字，至多5000字
    11-23 周一 09:16 不予受理 第八条(一) 依据=水×501         -> 拒绝: 法律依据有501字，至多500字
    11-23 周一 09:16 不予受理 第八条(七)                     -> 拒绝: 第八条(七)须写明法律依据
    11-23 周一 09:16 不予受理 第八条(八) 依据=「  」         -> 拒绝: 第八条(八)须写明法律依据
    11-23 周一 09:16 不予受理 第八条(三)                     -> 拒绝: 紧急事项应当转接
    11-23 周一 09:16 转紧急 110 情况=水×5001                 -> 拒绝: 转接情况有5001字，至多5000字
    11-23 周一 09:16 派单 县气象局                           -> 拒绝: 县气象局不是承办单位
    11-23 周一 09:16 派单 县水务局 意见=水×501               -> 拒绝: 转办意见有501字，至多500字";

const DELIVERIES: &str = "2026年
    11-23 周一 09:15 登记 求助 特殊紧急事项
    11-23 周一 09:20 派单 县应急管理局 属地=渠江街道
    11-23 周一 09:30 电话送达 09:25 接听=「」               -> 拒绝: 接听人为空
    11-23 周一 09:30 电话送达 09:25 接听=李×501             -> 拒绝: 接听人有501字，至多500字
    11-23 周一 09:30 电话送达 09:25 电话=「」               -> 拒绝: 送达电话为空
    11-23 周一 09:30 电话送达 09:25 电话=1×501              -> 拒绝: 送达电话有501字，至多500字
    11-23 周一 09:30 电话送达 09:35                         -> 拒绝: 送达 11-23 09:35 不在 11-23 09:15 与 11-23 09:30 之间
    11-23 周一 09:30 电话送达 09:14                         -> 拒绝: 送达 11-23 09:14 不在 11-23 09:15 与 11-23 09:30 之间";

#[test]
fn by_stage_and_role() {
    check(
        STAGES_AND_ROLES,
        &expect![[r"
        已派单 咨询 一般事项 「小区停水两天了」
          派 县水务局 11-23 09:20 意见「」
          转办　　 截止 11-24 周二 24:00 目标 11-24 周二 18:00 预警 11-24 14:00 进行中 第十一条(一)
    "]],
    );
}

#[test]
fn by_what_the_matter_says() {
    check(
        MATTERS,
        &expect![[r"
        未登记
    "]],
    );
}

#[test]
fn by_what_the_answer_says() {
    check(
        ANSWERS,
        &expect![[r"
        待派 咨询 一般事项 「小区停水两天了」
          转办　　 截止 11-24 周二 24:00 目标 11-24 周二 18:00 预警 11-24 14:00 进行中 第十一条(一)
    "]],
    );
}

#[test]
fn by_what_the_delivery_says() {
    check(
        DELIVERIES,
        &expect![[r#"
            已派单 求助 特殊紧急事项 「小区停水两天了」
              派 县应急管理局 11-23 09:20 意见「」
              转办　　 截止 11-24 周二 24:00 目标 11-23 周一 09:30 预警 11-23 09:30 进行中 第十一条(一)
        "#]],
    );
}

/// The field that a refusal points at.
fn field_of(refusal: &Refusal) -> Option<Field> {
    match refusal {
        Refusal::TextMissing { field }
        | Refusal::TextTooLong { field, .. }
        | Refusal::PhoneInvalid { field } => Some(*field),
        Refusal::AlreadyRegistered
        | Refusal::NotRegistered
        | Refusal::WrongStage { .. }
        | Refusal::NotPermitted { .. }
        | Refusal::UnitUnknown { .. }
        | Refusal::LegalBasisMissing { .. }
        | Refusal::TransferInstead
        | Refusal::DeliveryNeedsCenter
        | Refusal::DeliveryTimeImpossible { .. } => None,
    }
}

#[test]
fn every_refusal_and_every_field_has_a_case() {
    let refusals: Vec<Refusal> = [STAGES_AND_ROLES, MATTERS, ANSWERS, DELIVERIES]
        .into_iter()
        .flat_map(play)
        .flat_map(|played| played.refusals)
        .collect();
    let met: BTreeSet<_> = refusals.iter().map(names::refusal_name).collect();
    assert_eq!(met, names::REFUSALS.iter().copied().collect());
    let fields = refusals.iter().filter_map(field_of);
    let met: BTreeSet<_> = fields.map(|field| names::field_name(&field)).collect();
    assert_eq!(met, names::FIELDS.iter().copied().collect());
}

/// A refusal is for a person; the log line is in English and says what it is about.
#[test]
fn refusals_read_well_in_a_log() {
    let refusals = [MATTERS, DELIVERIES].into_iter().flat_map(play);
    let lines: BTreeSet<_> = refusals
        .flat_map(|played| played.refusals)
        .map(|refusal| refusal.to_string())
        .collect();
    expect![[r#"
        {
            "AnsweredBy has 501 characters, at most 500 are allowed",
            "AnsweredBy is empty",
            "CallerAddress has 501 characters, at most 500 are allowed",
            "CallerName has 501 characters, at most 500 are allowed",
            "CallerPhone is not a telephone number",
            "ContactPhone is not a telephone number",
            "DeliveryPhone has 501 characters, at most 500 are allowed",
            "DeliveryPhone is empty",
            "PlaceDetail has 501 characters, at most 500 are allowed",
            "Text has 10001 characters, at most 10000 are allowed",
            "Text is empty",
            "Title has 101 characters, at most 100 are allowed",
            "Wants has 501 characters, at most 500 are allowed",
            "delivered at 2026-11-23 01:14:00 UTC, which is not between 2026-11-23 01:15:00 UTC and 2026-11-23 01:30:00 UTC",
            "delivered at 2026-11-23 01:35:00 UTC, which is not between 2026-11-23 01:15:00 UTC and 2026-11-23 01:30:00 UTC",
        }
    "#]].assert_debug_eq(&lines);
}

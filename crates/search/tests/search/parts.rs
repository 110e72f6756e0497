//! The parts of answers as they are written in offices and read out on the telephone.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use search::parts::{
    Amount, Condition, Date, DateEdge, DateSpan, Hours, MAX_PARTS, Measure, Part, PartValue,
    Period, PeriodUnit, parts, sentence_of,
};

/// A line for each part: its kind and value, what is written, and in 《》 what it is about.
fn shown(heading: &str, text: &str) -> String {
    let parts = parts(heading, text);
    if parts.is_empty() {
        return "(nothing)\n".to_owned();
    }
    let line = |part: &Part| {
        format!(
            "{} [{}] 《{}》\n",
            value(&part.value),
            part.text,
            part.label
        )
    };
    parts.iter().map(line).collect()
}

fn value(value: &PartValue) -> String {
    match value {
        PartValue::Amount(Amount {
            low_fen,
            high_fen,
            per,
        }) => {
            let per = per.join("·");
            format!("费用 {}{}", ends(*low_fen, *high_fen, 100), with(per))
        }
        PartValue::Material(_) => "材料".to_owned(),
        PartValue::Place(_) => "地点".to_owned(),
        PartValue::Hours(Hours { days, spans }) => {
            let clock = |minutes: u16| format!("{}:{:02}", minutes / 60, minutes % 60);
            let days: String = days.iter().map(u8::to_string).collect();
            let spans: Vec<_> = spans
                .iter()
                .map(|(from, to)| format!("{}-{}", clock(*from), clock(*to)))
                .collect();
            format!("时间 {days} {}", spans.join(" "))
        }
        PartValue::Phone(phone) => {
            format!("电话 {}{}", phone.digits, with(phone.extension.clone()))
        }
        PartValue::Period(Period { low, high, unit }) => {
            let unit = match unit {
                PeriodUnit::Minutes => "分",
                PeriodUnit::CalendarDays => "日",
                PeriodUnit::WorkingDays => "工作日",
                PeriodUnit::Months => "月",
            };
            format!("期限 {}{unit}", ends(*low, *high, 1_000))
        }
        PartValue::Date(DateSpan {
            first,
            last,
            edge,
            every,
        }) => {
            let date = |date: &Date| {
                let part = |part: Option<String>| part.unwrap_or_else(|| "?".to_owned());
                format!(
                    "{}-{}-{}",
                    part(date.year.map(|it| it.to_string())),
                    part(date.month.map(|it| it.to_string())),
                    part(date.day.map(|it| it.to_string()))
                )
            };
            let last = last
                .as_ref()
                .map_or_else(String::new, |last| format!("..{}", date(last)));
            let edge = match edge {
                DateEdge::On => "",
                DateEdge::Until => " 前",
                DateEdge::From => " 起",
            };
            format!("日期 {every}{}{last}{edge}", date(first))
        }
        PartValue::Condition(Condition { measure, low, high }) => {
            let unit = match measure {
                Measure::Age => "岁",
                Measure::Percent => "%",
                Measure::Count(counted) => counted,
            };
            format!("条件 {}{unit}", ends(*low, *high, 1_000))
        }
        PartValue::Link(_) => "链接".to_owned(),
    }
}

fn with(more: String) -> String {
    if more.is_empty() {
        more
    } else {
        format!("/{more}")
    }
}

#[expect(clippy::cast_precision_loss, reason = "for reading")]
fn ends(low: Option<i64>, high: Option<i64>, factor: i64) -> String {
    let number = |value: i64| (value as f64 / factor as f64).to_string();
    match (low, high) {
        (Some(low), Some(high)) if low == high => number(low),
        (Some(low), Some(high)) => format!("{}..{}", number(low), number(high)),
        (Some(low), None) => format!("≥{}", number(low)),
        (None, Some(high)) => format!("≤{}", number(high)),
        (None, None) => "?".to_owned(),
    }
}

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&shown("", text));
}

/// The text stands under a heading, as in a section of a guide.
fn check_under(heading: &str, text: &str, expected: &Expect) {
    expected.assert_eq(&shown(heading, text));
}

#[test]
fn amounts() {
    check(
        "补办社保卡工本费**20元**，首次申领免费。",
        &expect![[r#"
        费用 20 [20元] 《补办社保卡工本费》
        费用 0 [免费] 《首次申领》
    "#]],
    );
    check(
        "特困人员基本生活标准为每人每月 680 元，护理补贴300-500元/月。",
        &expect![[r#"
        费用 680/人·月 [每人每月 680 元] 《特困人员基本生活》
        费用 300..500/月 [300-500元/月] 《护理补贴》
    "#]],
    );
    check(
        "2026年城乡居民医保个人缴费标准为每人每年400元，财政补助不低于700元。",
        &expect![[r#"
            费用 400/人·年 [每人每年400元] 《城乡居民医保个人缴费》
            费用 ≥700 [不低于700元] 《财政补助》
        "#]],
    );
    check(
        "一次性奖励1.5万元；最高不超过3万元。罚款三千元以上五千元以下。",
        &expect![[r#"
            费用 15000 [1.5万元] 《一次性奖励》
            费用 ≤30000 [最高不超过3万元] 《》
            费用 3000..5000 [三千元以上五千元以下] 《罚款》
        "#]],
    );
    check(
        "居民身份证换领收20元，遗失补领收取工本费40元，临时身份证10元。",
        &expect![[r#"
        费用 20 [20元] 《居民身份证换领》
        费用 40 [40元] 《遗失补领收取工本费》
        费用 10 [10元] 《临时身份证》
    "#]],
    );
    check(
        "办理全程不收费。是否免费请以窗口为准。",
        &expect![[r#"
            费用 0 [不收费] 《办理全程》
        "#]],
    );
    check(
        "水价每立方米2.35元，污水处理费0.95元/立方米，押金三百块钱。",
        &expect![[r#"
        费用 2.35/立方米 [每立方米2.35元] 《水价》
        费用 0.95/立方米 [0.95元/立方米] 《污水处理费》
        费用 300 [三百块钱] 《押金》
    "#]],
    );
    check(
        "贷款额度3-5万元，注册资本1,000,000元以上。",
        &expect![[r#"
        费用 30000..50000 [3-5万元] 《贷款额度》
        费用 ≥1000000 [1,000,000元以上] 《注册资本》
    "#]],
    );
    check(
        "元旦期间，2026元旦放假；三块砖；第12元素。",
        &expect![[r#"
        (nothing)
    "#]],
    );
    check(
        "考试费：科目一50元/人·次，科目二140元/人·次",
        &expect![[r#"
        费用 50/人·次 [50元/人·次] 《科目一》
        费用 140/人·次 [140元/人·次] 《科目二》
    "#]],
    );
}

#[test]
fn phones() {
    check(
        "咨询电话0818-7222222、7222223，或拨打12345转2。",
        &expect![[r#"
            电话 08187222222 [0818-7222222] 《咨询电话》
            电话 7222223 [7222223] 《咨询电话》
            电话 12345/2 [12345转2] 《》
        "#]],
    );
    check(
        "停电请拨打95598报修，火警119，急救120。",
        &expect![[r#"
        电话 95598 [95598] 《停电》
        电话 119 [119] 《火警》
        电话 120 [120] 《急救》
    "#]],
    );
    check(
        "联系人：王科长，手机138 0818 1234；传真：（0818）7300001-802",
        &expect![[r#"
        电话 13808181234 [138 0818 1234] 《手机》
        电话 08187300001/802 [（0818）7300001-802] 《传真》
    "#]],
    );
    check(
        "客服热线400-810-1234，24小时有人接听。",
        &expect![[r#"
            电话 4008101234 [400-810-1234] 《客服热线》
            时间  0:00-24:00 [24小时] 《有人接听》
        "#]],
    );
    check(
        "人社咨询12333，医保12393。投诉到12315即可。",
        &expect![[r#"
        电话 12333 [12333] 《人社咨询》
        电话 12393 [12393] 《医保》
        电话 12315 [12315] 《投诉》
    "#]],
    );
    check(
        "面积120平方米，110千伏线路，12000户居民，95%以上，第12345号。",
        &expect![[r#"
        条件 ≥95% [95%以上] 《》
    "#]],
    );
    check(
        "身份证号511725199001011234，统一社会信用代码91511725MA62XXXX1X。",
        &expect![[r#"
        (nothing)
    "#]],
    );
    check(
        "渠府办〔2023〕66号，GB 5749，国发〔2001〕21号",
        &expect![[r#"
        (nothing)
    "#]],
    );
    check_under(
        "咨询电话",
        "7222222（工作时间）",
        &expect![[r#"
        电话 7222222 [7222222] 《咨询电话》
    "#]],
    );
    check(
        "户号7222222请报给我",
        &expect![[r#"
        (nothing)
    "#]],
    );
}

#[test]
fn dates() {
    check(
        "集中缴费期为2025年9月1日至2025年12月31日，补缴到2026年2月底前。",
        &expect![[r#"
        日期 2025-9-1..2025-12-31 [2025年9月1日至2025年12月31日] 《集中缴费期》
        日期 2026-2-32 前 [2026年2月底前] 《补》
    "#]],
    );
    check(
        "每年1月1日至3月31日办理年审，每月15日前申报。",
        &expect![[r#"
        日期 每年?-1-1..?-3-31 [每年1月1日至3月31日] 《办理年审》
        日期 每月?-?-15 前 [每月15日前] 《申报》
    "#]],
    );
    check(
        "2024年7月1日起施行，有效期至2027-12-31。",
        &expect![[r#"
        日期 2024-7-1 起 [2024年7月1日起] 《施行》
        日期 2027-12-31 [2027-12-31] 《有效期》
    "#]],
    );
    check(
        "报名时间：3月5日至20日；二〇二五年六月一日开始。",
        &expect![[r#"
            日期 ?-3-5..?-3-20 [3月5日至20日] 《报名时间》
            日期 2025-6-1 起 [二〇二五年六月一日开始] 《》
        "#]],
    );
    check(
        "集中缴费期一般为每年9月到次年2月。",
        &expect![[r#"
        日期 每年?-9-?..?-2-? [每年9月到次年2月] 《集中缴费期》
    "#]],
    );
    check(
        "9月份开学。2025年度标准。第3期2号楼。",
        &expect![[r#"
        (nothing)
    "#]],
    );
    check(
        "6月30日前往窗口办理",
        &expect![[r#"
        日期 ?-6-30 [6月30日] 《前往窗口办理》
    "#]],
    );
}

#[test]
fn periods() {
    check(
        "材料齐全的，5个工作日内办结；情况复杂的可延长至15个工作日。",
        &expect![[r#"
        期限 5工作日 [5个工作日内] 《办结》
        期限 15工作日 [15个工作日] 《情况复杂的可延长》
    "#]],
    );
    check(
        "自收到决定书之日起60日内申请复议，六个月内起诉。",
        &expect![[r#"
        期限 60日 [60日内] 《自收到决定书之日起》
        期限 6月 [六个月内] 《起诉》
    "#]],
    );
    check(
        "计划停水提前24小时公告，一般24小时内恢复。",
        &expect![[r#"
        期限 1440分 [24小时] 《计划停水提前》
        期限 1440分 [24小时内] 《恢复》
    "#]],
    );
    check(
        "居住半年以上，连续缴费满十五年，证件有效期10年。",
        &expect![[r#"
        期限 ≥6月 [半年以上] 《居住》
        期限 ≥180月 [满十五年] 《连续缴费》
        期限 120月 [10年] 《证件有效期》
    "#]],
    );
    check(
        "符合条件的当场办结。公示7天。",
        &expect![[r#"
        期限 0分 [当场办结] 《符合条件》
        期限 7日 [7天] 《公示》
    "#]],
    );
    check(
        "承诺3至5个工作日，三十日以内答复。",
        &expect![[r#"
            期限 3..5工作日 [3至5个工作日] 《承诺》
            期限 30日 [三十日以内] 《答复》
        "#]],
    );
    check(
        "一年级新生，有一天下雨，2025年，第3天。",
        &expect![[r#"
        (nothing)
    "#]],
    );
    check_under(
        "承诺时限",
        "7(工作日)",
        &expect![[r#"
        期限 7工作日 [7(工作日)] 《承诺时限》
    "#]],
    );
    check_under(
        "办理时限",
        "自受理之日起三十个工作日内完成审核确认，特殊情况可延长至四十五个工作日。",
        &expect![[r#"
        期限 30工作日 [三十个工作日内] 《自受理之日起》
        期限 45工作日 [四十五个工作日] 《特殊情况可延长》
    "#]],
    );
}

#[test]
fn office_hours() {
    check(
        "周一至周五上午9:00-12:00，下午13:00-17:00（法定节假日除外）",
        &expect![[r#"
        时间 12345 9:00-12:00 13:00-17:00 [周一至周五上午9:00-12:00，下午13:00-17:00] 《》
    "#]],
    );
    check(
        "工作日9:00—12:00、13:30—17:30对外办公，周六、周日休息。",
        &expect![[r#"
            时间 12345 9:00-12:00 13:30-17:30 [工作日9:00—12:00、13:30—17:30] 《对外办公》
            时间 67  [周六、周日] 《休息》
        "#]],
    );
    check(
        "热线24小时服务，抢修二十四小时值班。",
        &expect![[r#"
        时间  0:00-24:00 [24小时] 《热线》
        时间  0:00-24:00 [二十四小时] 《抢修》
    "#]],
    );
    check(
        "星期一到星期六 8点半至12点，下午2点至5点",
        &expect![[r#"
        时间 123456 8:30-12:00 14:00-17:00 [星期一到星期六 8点半至12点，下午2点至5点] 《》
    "#]],
    );
    check_under(
        "办理时间",
        "法定工作日",
        &expect![[r#"
        时间 12345  [法定工作日] 《办理时间》
    "#]],
    );
    check_under(
        "办理时间",
        "周一至周五，节假日除外",
        &expect![[r#"
        时间 12345  [周一至周五] 《办理时间》
    "#]],
    );
    check(
        "限行时段7:30-9:00",
        &expect![[r#"
        时间  7:30-9:00 [7:30-9:00] 《限行时段》
    "#]],
    );
    check(
        "比例为1:3，周一个通知。",
        &expect![[r#"
        (nothing)
    "#]],
    );
}

#[test]
fn places() {
    check(
        "请到县政务服务中心二楼3号窗口办理。",
        &expect![[r#"
            地点 [县政务服务中心二楼3号窗口] 《》
        "#]],
    );
    check(
        "带身份证到居住地派出所申请；也可以在各乡镇便民服务中心代办。",
        &expect![[r#"
            材料 [身份证] 《》
            地点 [居住地派出所] 《》
            地点 [各乡镇便民服务中心] 《》
        "#]],
    );
    check(
        "地址：渠县渠江街道和平路128号",
        &expect![[r#"
        地点 [渠县渠江街道和平路128号] 《地址》
    "#]],
    );
    check_under(
        "办理地点",
        "办理地点：广州市天河区体育西路57号二楼登记注册大厅1号至7号窗口。",
        &expect![[r#"
        地点 [广州市天河区体育西路57号二楼登记注册大厅1号至7号窗口] 《办理地点》
    "#]],
    );
    check_under(
        "办理地点",
        "县政务服务中心医保窗口（具体窗口和电话由责任单位核对后填写）",
        &expect![[r#"
        地点 [县政务服务中心医保窗口] 《办理地点》
    "#]],
    );
    check_under(
        "办理地点",
        "无线下办理窗口",
        &expect![[r#"
        (nothing)
    "#]],
    );
    check(
        "请到窗口办理，不能到现场的可以委托。",
        &expect![[r#"
        (nothing)
    "#]],
    );
    check(
        "可到三汇镇便民服务中心或者县医保局服务大厅咨询。",
        &expect![[r#"
            地点 [三汇镇便民服务中心] 《》
            地点 [县医保局服务大厅] 《》
        "#]],
    );
}

#[test]
fn materials() {
    check(
        "需携带身份证、户口簿原件和近期一寸免冠照片2张到窗口办理。",
        &expect![[r#"
            材料 [身份证] 《》
            材料 [户口簿原件] 《》
            材料 [近期一寸免冠照片2张] 《》
        "#]],
    );
    check_under(
        "申请材料",
        "身份证或医保电子凭证；近期病历、出院记录、检查化验报告等诊断材料；申请表（窗口或医院领取）。",
        &expect![[r#"
            材料 [身份证] 《申请材料》
            材料 [医保电子凭证] 《申请材料》
            材料 [近期病历] 《申请材料》
            材料 [出院记录] 《申请材料》
            材料 [检查化验报告等诊断材料] 《申请材料》
            材料 [申请表（窗口或医院领取）] 《申请材料》
        "#]],
    );
    check_under(
        "申请材料",
        "1. 居民身份证原件及复印件1份\n2. 不动产权证书\n3. 结婚证（已婚的提供）",
        &expect![[r#"
            材料 [居民身份证原件及复印件1份] 《申请材料》
            材料 [不动产权证书] 《申请材料》
            材料 [结婚证（已婚的提供）] 《申请材料》
        "#]],
    );
    check_under(
        "申请材料",
        "- 法人授权委托书\n- 营业执照（正、副本）\n- 无需其他材料",
        &expect![[r#"
        材料 [法人授权委托书] 《申请材料》
        材料 [营业执照（正、副本）] 《申请材料》
    "#]],
    );
    check(
        "请带上孩子的出生医学证明、父母双方身份证以及结婚证，向户口所在地派出所申报。",
        &expect![[r#"
            材料 [孩子的出生医学证明] 《》
            材料 [父母双方身份证] 《》
            材料 [结婚证] 《》
            地点 [户口所在地派出所] 《》
        "#]],
    );
    check(
        "坚持原则，保证质量，凭什么不办，带孩子去看病。",
        &expect![[r#"
        (nothing)
    "#]],
    );
    check(
        "可以带身份证、照片和居住证明到居住地派出所办理。",
        &expect![[r#"
            材料 [身份证] 《》
            材料 [照片] 《》
            材料 [居住证明] 《》
            地点 [居住地派出所] 《》
        "#]],
    );
}

#[test]
fn conditions() {
    check(
        "年满60周岁的老人，80岁以上每月另加补贴。16-59周岁可参保。",
        &expect![[r#"
            条件 ≥60岁 [年满60周岁] 《老人》
            条件 ≥80岁 [80岁以上] 《每月另加补贴》
            条件 16..59岁 [16-59周岁] 《参保》
        "#]],
    );
    check(
        "报销比例70%，二级医院不低于百分之六十，残疾等级。",
        &expect![[r#"
        条件 70% [70%] 《报销比例》
        条件 ≥60% [不低于百分之六十] 《二级医院》
    "#]],
    );
    check(
        "人均住房面积不超过16平方米，一次受理3人以上。",
        &expect![[r#"
        条件 ≤16平方米 [不超过16平方米] 《人均住房面积》
        条件 ≥3人 [3人以上] 《一次受理》
    "#]],
    );
    check(
        "未满18周岁须监护人陪同，不满3名的不予开班。",
        &expect![[r#"
            条件 ≤18岁 [未满18周岁] 《监护人陪同》
            条件 ≤3名 [不满3名] 《不予开班》
        "#]],
    );
}

#[test]
fn links_and_whole_answers() {
    check(
        "网上办理：https://www.sczwfw.gov.cn/qx，公众号“渠县人社”。",
        &expect![[r#"
        链接 [https://www.sczwfw.gov.cn/qx] 《网上办理》
    "#]],
    );
    check(
        "城乡居民养老保险：年满16周岁（不含在校学生）可参保，缴费档次每年200元至5000元共9档。\
         参保请带身份证、户口簿到户籍所在地乡镇便民服务中心，5个工作日内办结，不收费。\
         咨询电话：0818-7323333（工作日9:00-17:00）。",
        &expect![[r#"
            条件 ≥16岁 [年满16周岁] 《城乡居民养老保险》
            费用 200..5000/年 [每年200元至5000元] 《缴费档次》
            材料 [身份证] 《》
            材料 [户口簿] 《》
            地点 [户籍所在地乡镇便民服务中心] 《》
            期限 5工作日 [5个工作日内] 《办结》
            费用 0 [不收费] 《》
            电话 08187323333 [0818-7323333] 《咨询电话》
            时间 12345 9:00-17:00 [工作日9:00-17:00] 《咨询电话》
        "#]],
    );
}

#[test]
fn a_sentence_is_shown_around_a_part() {
    let text = "先登记。补办**20元**，首次免费；不退。";
    let part = &parts("", text)[0];
    assert_eq!(
        text.get(sentence_of(text, &part.range)).unwrap(),
        "补办**20元**，首次免费"
    );
}

proptest! {
    /// Whatever is put in: parts lie apart, in order, on character boundaries, and say what stands there.
    #[test]
    fn every_part_is_a_stretch_of_the_text(text in texts()) {
        for heading in ["", "申请材料", "办理地点", "办理时间", "咨询电话", "承诺时限"] {
            let parts = parts(heading, &text);
            prop_assert!(parts.len() <= MAX_PARTS);
            let mut end = 0;
            for part in &parts {
                prop_assert!(part.range.start >= end && part.range.end > part.range.start);
                end = part.range.end;
                let written: String = text
                    .get(part.range.clone())
                    .expect("ranges lie on boundaries")
                    .replace(['*', '`'], "");
                prop_assert_eq!(&part.text, &written);
                let sentence = sentence_of(&text, &part.range);
                prop_assert!(text.get(sentence.clone()).is_some());
                prop_assert!(sentence.start <= part.range.start && part.range.end <= sentence.end);
            }
        }
    }
}

/// Texts full of what the readers look for, whole and broken, with anything between.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "元", "万元", "每人每月", "0818-", "7222222", "12345", "转2", "2025年", "3月", "31日", "至",
            "-", "前", "个工作日", "日内", "周一", "至周五", "9:00", "-12:00", "下午", "县政务服务中心", "二楼",
            "3号窗口", "到", "携带", "身份证", "、", "和", "（", "）", "年满", "60", "周岁", "%", "百分之", "五十",
            "免费", "https://", "www.a.cn", "三千", "半", "**", "\n", "1.", "。", "，", "；", "两", "零", "亿", "不超过",
            "以上", "每", "/", "·", "，其中", "电话", "24小时", "138", "0000", "二〇二五", "0", "9", ".", ",000",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
        1 => "[0-9,.:年月日元%-]{0,12}",
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

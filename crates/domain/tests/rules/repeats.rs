//! 并单 (决定 I-15): what an earlier order is to a matter that comes now, and on what ground.

use std::fmt::Write as _;

use domain::matter::Matter;
use domain::repeat::{
    CallerMark, MatterMark, RepeatRelation, earlier_orders_of_same_caller, propose_repeats,
};
use domain::work_order::WorkOrder;
use expect_test::expect;

use crate::case_file::play_story;

const EARLIER: &str = "2026年
    11-20 周五 09:00 登记 投诉 编号=在办 来电=13800001234 姓名=王女士 地址=和平街12号
    11-20 周五 09:10 派单 县水务局

    11-10 周二 09:00 登记 投诉 编号=已办 来电=13800001234 姓名=王女士 地址=和平街12号
    11-10 周二 09:10 当场答复

    11-02 周一 09:00 登记 投诉 编号=终结 来电=13800001234 姓名=王女士 地址=和平街12号
    11-02 周一 09:10 派单 县水务局
    11-02 周一 09:20 中心系统 确认送达
    11-02 周一 09:30 联络员 签收
    11-02 周一 09:40 联络员 联系
    11-02 周一 10:00 联络员 认定终结 历次=QX-7、QX-8
    11-03 周二 10:00 审核员 审查终结 同意

    11-21 周六 09:00 登记 投诉 编号=他人 来电=13900005678 姓名=李先生
    11-21 周六 09:10 派单 县水务局

    11-21 周六 09:00 登记 投诉 编号=他人已办 来电=13900005678
    11-21 周六 09:10 当场答复

    11-21 周六 10:00 登记 投诉 编号=撤回 来电=13800001234
    11-21 周六 10:10 撤回

    11-21 周六 11:00 登记 投诉 编号=市件 市转办 上级编号=DZ-7
    11-21 周六 11:10 派单 县水务局";

/// The orders of [`EARLIER`], all of one category and one place.
fn earlier() -> Vec<WorkOrder> {
    let orders = play_story(EARLIER).into_iter();
    orders
        .filter_map(|played| played.order)
        .map(|mut order| {
            place(&mut order.matter, "停水", "511725001", "和平街12号");
            order
        })
        .collect()
}

fn place(matter: &mut Matter, category: &str, township: &str, detail: &str) {
    category.clone_into(&mut matter.category_id);
    township.clone_into(&mut matter.place.township_code);
    detail.clone_into(&mut matter.place.detail);
}

fn matter(line: &str) -> Matter {
    let played = play_story(&format!("2026年\n11-23 周一 09:00 登记 投诉 {line}"));
    let mut matter = played[0].order.clone().unwrap().matter;
    place(&mut matter, "停水", "511725001", "和平街12号");
    matter
}

fn told(matter: &Matter) -> String {
    let mut text = String::new();
    for it in propose_repeats(matter, &earlier()) {
        let relation = match it.relation {
            RepeatRelation::SameDelivery => "重复推送",
            RepeatRelation::FinallyClosed => "终结库命中",
            RepeatRelation::MergeInto => "并入",
            RepeatRelation::RepeatOfClosed => "重复",
            RepeatRelation::SameMatterByOthers => "关联群",
        };
        let callers = it.caller_marks.iter().map(|mark| match mark {
            CallerMark::Phone => "同号码",
            CallerMark::Name => "同姓名",
            CallerMark::Address => "同地址",
        });
        let matters = it.matter_marks.iter().map(|mark| match mark {
            MatterMark::UpstreamNumber => "同上级编号",
            MatterMark::Detail => "同详细地点",
            MatterMark::Village => "同村社",
            MatterMark::Township => "同乡镇",
        });
        let marks: Vec<_> = callers.chain(matters).collect();
        writeln!(text, "  {relation} {}：{}", it.number, marks.join("、")).unwrap();
    }
    text
}

#[test]
fn what_an_earlier_order_is_to_a_matter() {
    let mut text = String::new();
    for line in [
        "来电=138-0000-1234",
        "联系=13800001234",
        "姓名=王女士 地址=和平街12号",
        "姓名=王女士",
        "市转办 上级编号=DZ-7",
        "",
    ] {
        writeln!(text, "{line}").unwrap();
        text.push_str(&told(&matter(line)));
    }
    let mut elsewhere = matter("来电=13800001234");
    place(&mut elsewhere, "停水", "511725002", "");
    writeln!(text, "另一乡镇").unwrap();
    text.push_str(&told(&elsewhere));
    let mut other_kind = matter("来电=13800001234");
    place(&mut other_kind, "停电", "511725001", "和平街12号");
    writeln!(text, "另一分类").unwrap();
    text.push_str(&told(&other_kind));
    let mut unclassified = matter("来电=13800001234");
    place(&mut unclassified, "", "511725001", "和平街12号");
    writeln!(text, "未分类").unwrap();
    text.push_str(&told(&unclassified));
    expect![[r#"
        来电=138-0000-1234
          终结库命中 终结：同号码、同详细地点、同乡镇
          并入 在办：同号码、同详细地点、同乡镇
          重复 已办：同号码、同详细地点、同乡镇
          关联群 市件：同详细地点、同乡镇
          关联群 他人：同详细地点、同乡镇
        联系=13800001234
          终结库命中 终结：同号码、同详细地点、同乡镇
          并入 在办：同号码、同详细地点、同乡镇
          重复 已办：同号码、同详细地点、同乡镇
          关联群 市件：同详细地点、同乡镇
          关联群 他人：同详细地点、同乡镇
        姓名=王女士 地址=和平街12号
          终结库命中 终结：同姓名、同地址、同详细地点、同乡镇
          并入 在办：同姓名、同地址、同详细地点、同乡镇
          重复 已办：同姓名、同地址、同详细地点、同乡镇
          关联群 市件：同详细地点、同乡镇
          关联群 他人：同详细地点、同乡镇
        姓名=王女士
          关联群 市件：同详细地点、同乡镇
          关联群 他人：同详细地点、同乡镇
          关联群 在办：同详细地点、同乡镇
        市转办 上级编号=DZ-7
          重复推送 市件：同上级编号
          关联群 他人：同详细地点、同乡镇
          关联群 在办：同详细地点、同乡镇

          关联群 市件：同详细地点、同乡镇
          关联群 他人：同详细地点、同乡镇
          关联群 在办：同详细地点、同乡镇
        另一乡镇
        另一分类
        未分类
    "#]]
    .assert_eq(&text);
}

/// 决定 I-13: by two marks at least, and dealt with.
#[test]
fn the_earlier_orders_for_a_final_closure() {
    let mut text = String::new();
    for line in [
        "来电=13800001234",
        "来电=13800001234 姓名=王女士",
        "姓名=王女士 地址=和平街12号",
    ] {
        let numbers = earlier_orders_of_same_caller(&matter(line), &earlier());
        writeln!(text, "{line}: {}", numbers.join("、")).unwrap();
    }
    expect![[r#"
        来电=13800001234: 
        来电=13800001234 姓名=王女士: 已办、终结
        姓名=王女士 地址=和平街12号: 已办、终结
    "#]]
    .assert_eq(&text);
}

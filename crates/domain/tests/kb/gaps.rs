//! 知识缺口: what is kept of a search, what counts as the same question, and what becomes of a gap.

use domain::kb::KbArticleId;
use domain::kb::gap::{
    EndedSearch, KnowledgeGap, KnowledgeGapCommand, KnowledgeGapEvidence, KnowledgeGapId,
    asked_question, decide, nearness, same_as,
};
use domain::matter::MatterKind;

use crate::story::{date, person};

fn gap(id: &str, question: &str) -> KnowledgeGap {
    KnowledgeGap::new(
        KnowledgeGapId(id.to_owned()),
        asked_question(question).unwrap(),
        KnowledgeGapEvidence::NothingFound,
        date("11-24"),
    )
}

/// 第十七条: no number of a person gets into the list.
#[test]
fn what_is_kept_of_a_search() {
    for (searched, kept) in [
        ("  电子社保卡 怎么领？ ", "电子社保卡 怎么领"),
        ("１２３４５６ 社保卡", "社保卡"),
        ("13800001234退费", "退费"),
        ("138 0000 1234 退费", "退费"),
        ("0818-7212345 打不通", "打不通"),
        ("身份证51302119900101123x丢了", "身份证***丢了"),
        ("一三八零零零零一二三四 退费", "退费"),
        ("6222.0200.1234 转账", "转账"),
        ("2027 年 1 月社保", "2027 年 1 月社保"),
        ("二手房过户", "二手房过户"),
        ("退费 13800001234 什么时候到", "退费 *** 什么时候到"),
        ("95598", ""),
        ("水", ""),
        ("？？", ""),
        ("", ""),
    ] {
        assert_eq!(
            asked_question(searched).unwrap_or_default(),
            kept,
            "{searched}"
        );
    }
    let message = "我家住在和平社区三栋二单元，从昨天下午开始就停水了，问了物业说不清楚，老人孩子都没有办法做饭";
    assert_eq!(asked_question(message), None);
}

#[test]
fn the_same_question_in_other_words() {
    for (one, other, is_same) in [
        ("电子社保卡怎么领", "请问电子社保卡在哪里领", true),
        ("电子社保卡怎么领取", "电子社保卡领", true),
        ("停水了", "停水", true),
        ("居住证怎么办", "身份证怎么办", false),
        ("停水", "停电", false),
        ("停水", "停水补偿标准", false),
        ("怎么办", "在哪里", false),
        ("社保卡", "社保卡", true),
    ] {
        let gaps = [gap("1", one)];
        let found = same_as(&asked_question(other).unwrap(), &gaps).is_some();
        assert_eq!(found, is_same, "{one} {other} {}", nearness(one, other));
    }
    let gaps = [
        gap("1", "电子社保卡领取"),
        gap("2", "电子社保卡怎么领"),
        gap("3", "停水"),
    ];
    let same = same_as("电子社保卡怎么领啊", &gaps).unwrap();
    assert_eq!(same.id.0, "2");
}

#[test]
fn what_a_search_is_evidence_of() {
    use KnowledgeGapEvidence as E;
    let ended = |n_found, is_used, dispatched, is_marked_unsolved| EndedSearch {
        n_found,
        is_used,
        dispatched,
        is_marked_unsolved,
    };
    let (asked, helped) = (Some(MatterKind::Consultation), Some(MatterKind::Help));
    for (search, evidence) in [
        (ended(0, false, None, false), Some(E::NothingFound)),
        (ended(0, false, asked, false), Some(E::NothingFound)),
        (ended(3, false, asked, false), Some(E::NotUsed)),
        (ended(3, false, helped, false), None),
        (ended(3, false, None, false), None),
        (ended(3, true, asked, false), None),
        (ended(3, true, None, true), Some(E::Unsolved)),
        (ended(3, false, None, true), Some(E::Unsolved)),
    ] {
        assert_eq!(search.evidence(), evidence, "{search:?}");
    }
}

#[test]
fn a_gap_is_asked_again_and_dealt_with() {
    let mut gap = gap("1", "电子社保卡怎么领");
    gap.note(KnowledgeGapEvidence::NotUsed, date("11-26"));
    assert!(!gap.is_hot());
    gap.note(KnowledgeGapEvidence::Unsolved, date("11-25"));
    assert!(gap.is_hot());
    assert_eq!((gap.n_asked(), gap.n_not_used, gap.n_unsolved), (3, 1, 1));
    assert_eq!((gap.first_on, gap.last_on), (date("11-24"), date("11-26")));
    let article = KbArticleId("kb-1".to_owned());
    let reason = |reason: &str| KnowledgeGapCommand::SetAside {
        reason: reason.to_owned(),
    };
    let task = KnowledgeGapCommand::Assign {
        task: "ZS20261126-W01-0001".to_owned(),
    };
    for (who, command, answer) in [
        ("受理员", reason("误搜"), "needs one of [KbEditor]"),
        ("编辑甲", reason("  "), "no reason is given"),
        (
            "编辑甲",
            KnowledgeGapCommand::Reopen,
            "the gap is open already",
        ),
        ("编辑甲", reason(" 误搜 "), r#"SetAside { reason: "误搜" }"#),
        (
            "编辑甲",
            task.clone(),
            r#"the gap is dealt with: SetAside { reason: "误搜" }"#,
        ),
        ("编辑甲", KnowledgeGapCommand::Reopen, "Open"),
        (
            "编辑甲",
            KnowledgeGapCommand::Link { article },
            r#"Linked { article: KbArticleId("kb-1") }"#,
        ),
        ("编辑甲", KnowledgeGapCommand::Reopen, "Open"),
        (
            "编辑甲",
            task,
            r#"Assigned { task: "ZS20261126-W01-0001" }"#,
        ),
    ] {
        let json = serde_json::to_string(&command).unwrap();
        assert_eq!(
            serde_json::from_str::<KnowledgeGapCommand>(&json).unwrap(),
            command
        );
        let said = match decide(&gap, &command, &person(who)) {
            Ok(standing) => {
                gap.standing = standing;
                format!("{:?}", gap.standing)
            }
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(said, answer);
    }
    let long = "长".repeat(501);
    gap.standing = domain::kb::gap::KnowledgeGapStanding::Open;
    let refused = decide(&gap, &reason(&long), &person("编辑甲")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the reason is longer than 500 characters"
    );
}

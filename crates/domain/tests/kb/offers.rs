//! 任务建议: what may be made a task, and on what ground.

use domain::HandlingUnitId;
use domain::handling_unit::{HandlingUnit, HandlingUnits};
use domain::kb::KbArticleId;
use domain::kb::gap::{KnowledgeGap, KnowledgeGapEvidence, KnowledgeGapId, KnowledgeGapStanding};
use domain::kb::offer::{
    KbTaskGround, KbTaskOffer, offer_for_article, offer_for_gap, offer_for_reports,
};
use domain::kb::task::KbTaskKind;
use domain::kb::usage::{KbUse, KbUseCounts, first_of_month, months_after};

use crate::story::{date, tell, whole};

fn units() -> HandlingUnits {
    let renshe = HandlingUnit {
        id: HandlingUnitId("renshe".to_owned()),
        name: "县人力资源和社会保障局".to_owned(),
        aliases: vec!["县人社局".to_owned()],
        group: String::new(),
    };
    [renshe].into_iter().collect()
}

/// 第六条(四): an article whose end or whose review has come.
#[test]
fn article_6_4_what_an_article_calls_for() {
    let offer = |valid_until: &str, next_review_on: &str, on: &str| {
        let day = |text: &str| (!text.is_empty()).then(|| date(text));
        let mut article = whole().article(&KbArticleId("kb-1".to_owned()));
        (article.valid_until, article.next_review_on) = (day(valid_until), day(next_review_on));
        let offer = offer_for_article(&article, &units(), date(on))?;
        assert_eq!(offer.unit, Some(HandlingUnitId("renshe".to_owned())));
        assert_eq!(offer.subject, "社保卡挂失");
        Some(offer.kind)
    };
    for (valid_until, next_review_on, on, kind) in [
        ("", "", "11-24", None),
        ("", "11-25", "11-24", None),
        ("", "11-24", "11-24", Some(KbTaskKind::Review)),
        ("12-25", "", "11-24", None),
        ("12-24", "", "11-24", Some(KbTaskKind::Update)),
        ("12-24", "11-24", "11-24", Some(KbTaskKind::Update)),
        ("11-20", "", "11-24", Some(KbTaskKind::Update)),
    ] {
        assert_eq!(
            offer(valid_until, next_review_on, on),
            kind,
            "{valid_until} {next_review_on}"
        );
    }
}

/// 第十四条: an accepted report, until it is corrected.
#[test]
fn article_14_what_an_accepted_report_calls_for() {
    let mut story = "11-24 编辑甲 起草
        11-24 编辑甲 送确认 稿=1
        11-24 人社联络员 确认
        11-24 审核丙 发布
        11-24 受理员 纠错 版=1"
        .to_owned();
    let offer = |story: &str| {
        let record = tell(story).record.unwrap();
        offer_for_reports(&record, &units()).map(|offer| (offer.kind, offer.unit))
    };
    assert_eq!(offer(&story), None);
    story.push_str("\n11-24 编辑甲 受理纠错 号=1");
    let renshe = Some(HandlingUnitId("renshe".to_owned()));
    assert_eq!(offer(&story), Some((KbTaskKind::Correct, renshe)));
    story.push_str(
        "\n11-24 编辑甲 修改 答案=改好了
         11-24 编辑甲 送确认 稿=1
         11-24 人社联络员 确认
         11-24 审核丙 发布",
    );
    assert_eq!(offer(&story), None);
}

/// 第十三条: a hot question has no answer yet.
#[test]
fn article_13_what_a_hot_question_calls_for() {
    let mut gap = KnowledgeGap::new(
        KnowledgeGapId("1".to_owned()),
        "电子社保卡怎么领".to_owned(),
        KnowledgeGapEvidence::NothingFound,
        date("11-24"),
    );
    for _ in 0..2 {
        assert_eq!(offer_for_gap(&gap), None);
        gap.note(KnowledgeGapEvidence::NotUsed, date("11-24"));
    }
    assert_eq!(
        offer_for_gap(&gap),
        Some(KbTaskOffer {
            kind: KbTaskKind::Write,
            article: None,
            unit: None,
            subject: "电子社保卡怎么领".to_owned(),
            ground: KbTaskGround::HotQuestion { n_asked: 3 },
        })
    );
    gap.standing = KnowledgeGapStanding::SetAside {
        reason: "误搜".to_owned(),
    };
    assert_eq!(offer_for_gap(&gap), None);
}

#[test]
fn uses_are_counted_and_months_end() {
    let mut counts = KbUseCounts::default();
    for used in KbUse::ALL {
        counts.add(used, 2);
    }
    counts.add(KbUse::Cited, u32::MAX);
    assert_eq!((counts.n_opened, counts.n_cited), (2, u32::MAX));
    assert_eq!((counts.n_helped, counts.n_unsolved), (2, 2));
    assert_eq!(first_of_month(date("11-24")), date("11-01"));
    assert_eq!(months_after(date("10-31"), 1), date("11-01"));
    assert_eq!(months_after(date("11-24"), 2), date("2027-01-01"));
}

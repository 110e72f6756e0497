use std::fmt::Write as _;

use chrono::NaiveTime;
use expect_test::expect;

use super::*;
use crate::clock_face::at;

fn role(word: &str) -> Role {
    match word.trim_end_matches(['甲', '乙']) {
        "受理员" => Role::Operator,
        "班长" => Role::ShiftLead,
        "监督员" => Role::Supervisor,
        _ => panic!("no such role: {word}"),
    }
}

/// Lines such as `11-24 受理员 建档 录音=R-1`; the year is 2026, the time ten. `班长甲` who is also a
/// supervisor is written `监督员甲`: who has one letter is one person.
#[test]
fn from_the_hint_to_the_referral() {
    let case = "11-24 班长 接管 理由=辱骂
        11-24 受理员 建档 录音= 情形
        11-24 受理员 建档 录音=R-1
        11-24 受理员 建档 录音=R-1 情形
        11-24 受理员 建档 录音=R-1 情形
        11-24 受理员 接管 理由=辱骂
        11-24 班长 接管 理由=
        11-24 班长 接管 理由=辱骂
        11-24 班长甲 申请限制 至=12-01 理由=当日拨打40次
        11-24 受理员 留证 录音=
        11-24 受理员 留证 录音=R-2
        11-24 班长甲 申请限制 至=12-01 理由=
        11-24 班长甲 申请限制 至=11-24 理由=当日拨打40次
        11-24 监督员乙 审批 同意 理由=属实
        11-24 班长甲 申请限制 至=12-01 理由=当日拨打40次
        11-24 班长甲 申请限制 至=12-02 理由=当日拨打40次
        11-24 班长甲 审批 同意 理由=属实
        11-24 监督员甲 审批 同意 理由=属实
        11-24 监督员乙 审批 同意 理由=
        11-24 监督员乙 审批 同意 理由=属实
        12-01 受理员 留证 录音=R-3
        12-02 受理员 留证 录音=R-4
        12-02 班长 移送 文号=移1 机关=公安局
        12-02 监督员乙 移送 文号= 机关=公安局
        12-02 监督员乙 移送 文号=移1 机关=
        12-02 监督员乙 移送 文号=移1 机关=公安局
        12-20 班长 撤档 理由=
        12-20 班长 撤档 理由=已具结悔过
        12-21 受理员 留证 录音=R-5
        12-22 受理员 建档 录音=R-6 情形
        12-22 班长甲 申请限制 至=12-31 理由=又来
        12-22 监督员乙 审批 不同意 理由=再观察";
    let (mut dossier, mut said) = (None, String::new());
    for line in case.lines().map(str::trim) {
        let words: Vec<&str> = line.split(' ').collect();
        let value = |name: &str| {
            let value = words.iter().find_map(|word| word.strip_prefix(name));
            value.unwrap_or_default().to_owned()
        };
        let date = |text: &str| -> NaiveDate { format!("2026-{text}").parse().unwrap() };
        let today = date(words[0]);
        let now = at(today, NaiveTime::from_hms_opt(10, 0, 0).unwrap());
        let letter: String = words[1].chars().filter(|it| "甲乙".contains(*it)).collect();
        let actor = Actor {
            id: ActorId(if letter.is_empty() {
                words[1].to_owned()
            } else {
                letter
            }),
            name: words[1].to_owned(),
            roles: vec![role(words[1])],
            unit: None,
        };
        let evidence = CallEvidence {
            called_at: now,
            duration_s: 600,
            recording: value("录音="),
            note: String::new(),
        };
        let command = match words[2] {
            "建档" => DossierCommand::Open {
                phone: "13800001234".to_owned(),
                kinds: if words.contains(&"情形") {
                    vec![AbuseKind::Harassment]
                } else {
                    Vec::new()
                },
                evidence,
            },
            "留证" => DossierCommand::AddEvidence { evidence },
            "接管" => DossierCommand::TakeOver {
                reason: value("理由="),
            },
            "申请限制" => DossierCommand::RequestRestriction {
                until: date(&value("至=")),
                reason: value("理由="),
            },
            "审批" => DossierCommand::RuleOnRestriction {
                is_approved: words[3] == "同意",
                reason: value("理由="),
            },
            "移送" => DossierCommand::Refer {
                document: value("文号="),
                authority: value("机关="),
            },
            "撤档" => DossierCommand::Close {
                reason: value("理由="),
            },
            _ => panic!("no such act: {line}"),
        };
        let answer = match decide(dossier.as_ref(), &command, now, &actor) {
            Ok(event) => {
                let json = serde_json::to_string(&event).unwrap();
                let read_back: DossierEvent = serde_json::from_str(&json).unwrap();
                assert_eq!(read_back, event, "the event is stored");
                apply(&mut dossier, &event);
                let dossier = dossier.as_ref().unwrap();
                match dossier.call_handling(today) {
                    CallHandling::AsUsual => "照常接听",
                    CallHandling::Hint => "提示",
                    CallHandling::ShiftLead => "班长接听",
                    CallHandling::Restricted => "限制期内",
                }
                .to_owned()
            }
            Err(refusal) => format!("拒绝: {refusal}"),
        };
        writeln!(said, "{line} → {answer}").unwrap();
    }
    let dossier = dossier.unwrap();
    writeln!(
        said,
        "证据 {} 通，移送 {:?}",
        dossier.evidence.len(),
        dossier.referred
    )
    .unwrap();
    expect![[r#"
        11-24 班长 接管 理由=辱骂 → 拒绝: there is no open dossier
        11-24 受理员 建档 录音= 情形 → 拒绝: Recording is missing
        11-24 受理员 建档 录音=R-1 → 拒绝: Kinds is missing
        11-24 受理员 建档 录音=R-1 情形 → 提示
        11-24 受理员 建档 录音=R-1 情形 → 拒绝: there is a dossier already
        11-24 受理员 接管 理由=辱骂 → 拒绝: needs one of [ShiftLead]
        11-24 班长 接管 理由= → 拒绝: Reason is missing
        11-24 班长 接管 理由=辱骂 → 班长接听
        11-24 班长甲 申请限制 至=12-01 理由=当日拨打40次 → 拒绝: evidence of 1 call, at least 2 are needed
        11-24 受理员 留证 录音= → 拒绝: Recording is missing
        11-24 受理员 留证 录音=R-2 → 班长接听
        11-24 班长甲 申请限制 至=12-01 理由= → 拒绝: Reason is missing
        11-24 班长甲 申请限制 至=11-24 理由=当日拨打40次 → 拒绝: 2026-11-24 is not after 2026-11-24
        11-24 监督员乙 审批 同意 理由=属实 → 拒绝: no restriction waits for approval
        11-24 班长甲 申请限制 至=12-01 理由=当日拨打40次 → 班长接听
        11-24 班长甲 申请限制 至=12-02 理由=当日拨打40次 → 拒绝: a restriction waits for approval already
        11-24 班长甲 审批 同意 理由=属实 → 拒绝: needs one of [Supervisor]
        11-24 监督员甲 审批 同意 理由=属实 → 拒绝: another person has to approve it
        11-24 监督员乙 审批 同意 理由= → 拒绝: Reason is missing
        11-24 监督员乙 审批 同意 理由=属实 → 限制期内
        12-01 受理员 留证 录音=R-3 → 限制期内
        12-02 受理员 留证 录音=R-4 → 班长接听
        12-02 班长 移送 文号=移1 机关=公安局 → 拒绝: needs one of [Supervisor]
        12-02 监督员乙 移送 文号= 机关=公安局 → 拒绝: Document is missing
        12-02 监督员乙 移送 文号=移1 机关= → 拒绝: Authority is missing
        12-02 监督员乙 移送 文号=移1 机关=公安局 → 班长接听
        12-20 班长 撤档 理由= → 拒绝: Reason is missing
        12-20 班长 撤档 理由=已具结悔过 → 照常接听
        12-21 受理员 留证 录音=R-5 → 拒绝: there is no open dossier
        12-22 受理员 建档 录音=R-6 情形 → 提示
        12-22 班长甲 申请限制 至=12-31 理由=又来 → 提示
        12-22 监督员乙 审批 不同意 理由=再观察 → 提示
        证据 5 通，移送 None
    "#]]
    .assert_eq(&said);
}

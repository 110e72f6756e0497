//! 说法与同义词: what may be a group of words, and which words that were used are proposed.

use domain::kb::KbArticleId;
use domain::kb::words::{
    LearntSaying, SAYING_PROPOSED_FROM_TIMES, SYNONYM_GROUPS_MAX, SayingCommand, SayingStanding,
    SynonymCommand, SynonymGroup, SynonymGroupId, SynonymOrigin, decide_saying, decide_synonyms,
    saying_of,
};

use crate::story::{date, person};

fn id(id: &str) -> SynonymGroupId {
    SynonymGroupId(id.to_owned())
}

fn words(text: &str) -> Vec<String> {
    text.split('|').map(str::to_owned).collect()
}

fn group(number: &str, origin: SynonymOrigin, said: &str) -> SynonymGroup {
    SynonymGroup {
        id: id(number),
        origin,
        words: words(said),
        is_set_aside: false,
    }
}

/// The groups that are otherwise, a line each, or why not.
fn check(groups: &mut Vec<SynonymGroup>, who: &str, command: &SynonymCommand, expected: &str) {
    let said = match decide_synonyms(groups, command, &person(who)) {
        Err(refusal) => refusal.to_string(),
        Ok(changed) => {
            let line = |it: &SynonymGroup| {
                let aside = if it.is_set_aside { " 停用" } else { "" };
                format!("{} {:?} {}{aside}", it.id.0, it.origin, it.words.join("|"))
            };
            let lines: Vec<String> = changed.iter().map(line).collect();
            for it in changed {
                groups.retain(|group| group.id != it.id);
                groups.push(it);
            }
            lines.join("; ")
        }
    };
    assert_eq!(said, expected, "{command:?}");
}

#[test]
fn what_may_be_a_group() {
    let too_many = (1..=13)
        .map(|n| format!("词{n}"))
        .collect::<Vec<_>>()
        .join("|");
    let twelve = (1..=12)
        .map(|n| format!("词{n}"))
        .collect::<Vec<_>>()
        .join("|");
    let long = "长".repeat(17);
    for (said, answer) in [
        ("娃儿|小孩", "n Center 娃儿|小孩".to_owned()),
        ("ＥＴＣ| 高速 通行 ", "n Center ETC|高速 通行".to_owned()),
        (&twelve, format!("n Center {twelve}")),
        ("娃儿", "1 words, 2 are needed".to_owned()),
        (&too_many, "13 words, 12 are allowed".to_owned()),
        ("娃儿|", " says nothing".to_owned()),
        ("娃儿|？！", "?! says nothing".to_owned()),
        (
            &format!("娃儿|{long}"),
            format!("{long} is longer than 16 characters"),
        ),
        ("娃儿|小孩|娃儿", "娃儿 stands there twice".to_owned()),
        ("etc|通行|ＥＴＣ", "ETC stands there twice".to_owned()),
        (
            "户籍|户口",
            r#"the same group is there already: ["户口", "户籍"]"#.to_owned(),
        ),
        ("户籍|户口|户头", "n Center 户籍|户口|户头".to_owned()),
    ] {
        let add = SynonymCommand::Add {
            id: id("n"),
            words: words(said),
        };
        let mut groups = vec![group("户口 户籍", SynonymOrigin::Shipped, "户口|户籍")];
        check(&mut groups, "编辑甲", &add, &answer);
    }
}

#[test]
fn a_group_is_changed_set_aside_and_taken_up_again() {
    let mut groups = vec![group("户口 户籍", SynonymOrigin::Shipped, "户口|户籍")];
    let add = |number: &str, said: &str| SynonymCommand::Add {
        id: id(number),
        words: words(said),
    };
    let change = |of: &str, number: &str, said: &str| SynonymCommand::Change {
        group: id(of),
        id: id(number),
        words: words(said),
    };
    let aside = |of: &str| SynonymCommand::SetAside { group: id(of) };
    let restore = |of: &str| SynonymCommand::Restore { group: id(of) };
    for (who, command, answer) in [
        ("受理员", add("1", "娃儿|小孩"), "needs one of [KbEditor]"),
        ("审核丙", aside("户口 户籍"), "needs one of [KbEditor]"),
        ("编辑甲", add("1", "娃儿|小孩"), "1 Center 娃儿|小孩"),
        (
            "编辑甲",
            change("1", "2", "娃儿|小孩|儿童"),
            "1 Center 娃儿|小孩|儿童",
        ),
        (
            "编辑甲",
            change("9", "2", "娃儿|小孩"),
            "there is no such group",
        ),
        (
            "编辑甲",
            change("户口 户籍", "2", "户口|户籍|户头"),
            "户口 户籍 Shipped 户口|户籍 停用; 2 Center 户口|户籍|户头",
        ),
        (
            "编辑甲",
            change("户口 户籍", "3", "户口|户帖"),
            "the group is set aside",
        ),
        ("编辑甲", aside("户口 户籍"), "the group is set aside"),
        (
            "编辑乙",
            restore("户口 户籍"),
            "户口 户籍 Shipped 户口|户籍",
        ),
        (
            "编辑乙",
            restore("户口 户籍"),
            "the group is in use already",
        ),
        ("编辑甲", aside("1"), "1 Center 娃儿|小孩|儿童 停用"),
        (
            "编辑甲",
            add("4", "儿童|小孩|娃儿"),
            "4 Center 儿童|小孩|娃儿",
        ),
        (
            "编辑甲",
            restore("1"),
            r#"the same group is there already: ["儿童", "小孩", "娃儿"]"#,
        ),
    ] {
        check(&mut groups, who, &command, answer);
    }
    let mut full: Vec<SynonymGroup> = (0..SYNONYM_GROUPS_MAX)
        .map(|n| {
            group(
                &n.to_string(),
                SynonymOrigin::Center,
                &format!("甲{n}|乙{n}"),
            )
        })
        .collect();
    check(
        &mut full,
        "编辑甲",
        &add("n", "娃儿|小孩"),
        "more than 2000 groups",
    );
}

#[test]
fn what_is_kept_as_a_saying() {
    for (searched, kept) in [
        (" 屋头 停水了？ ", "屋头 停水了"),
        ("ＥＴＣ退费", "ETC退费"),
        ("退费 13800001234", "退费"),
        ("身份证51302119900101123x丢了", ""),
        ("水", ""),
        (
            "我家住在和平社区三栋二单元，从昨天下午开始就停水了，问了物业说不清楚，老人孩子都没有办法做饭",
            "",
        ),
    ] {
        assert_eq!(saying_of(searched).unwrap_or_default(), kept, "{searched}");
    }
}

#[test]
fn a_saying_is_proposed_from_its_second_use() {
    let article = KbArticleId("kb-1".to_owned());
    let mut saying = LearntSaying::new(article, "脸卡咋个领".to_owned(), date("11-24"));
    let called = ["电子社保卡怎么领", "手机上的社保卡"];
    assert!(!saying.is_proposed(called));
    saying.note(date("11-26"));
    assert_eq!(
        (saying.n_used, saying.last_on),
        (SAYING_PROPOSED_FROM_TIMES, date("11-26"))
    );
    assert!(saying.is_proposed(called));
    // The title or a name holds it, whatever the marks and the width.
    saying.text = "社保卡 怎么领".to_owned();
    assert!(!saying.is_proposed(called));
    saying.text = "ETC 退费".to_owned();
    assert!(!saying.is_proposed(["高速ＥＴＣ“退费”"]));
}

#[test]
fn a_saying_is_decided_about() {
    let article = KbArticleId("kb-1".to_owned());
    let mut saying = LearntSaying::new(article, "脸卡".to_owned(), date("11-24"));
    let aside = |reason: &str| SayingCommand::SetAside {
        reason: reason.to_owned(),
    };
    let long = "长".repeat(501);
    for (who, command, answer) in [
        ("受理员", SayingCommand::Approve, "needs one of [KbEditor]"),
        (
            "编辑甲",
            SayingCommand::Approve,
            "used 1 times, proposed from 2",
        ),
        (
            "编辑甲",
            SayingCommand::Reopen,
            "nothing is decided about it",
        ),
        ("编辑甲", aside("  "), "no reason is given"),
        (
            "编辑甲",
            aside(&long),
            "the reason is longer than 500 characters",
        ),
        ("编辑甲", aside(" 误搜 "), r#"SetAside { reason: "误搜" }"#),
        (
            "编辑甲",
            SayingCommand::Approve,
            r#"it is decided: SetAside { reason: "误搜" }"#,
        ),
        ("编辑甲", SayingCommand::Reopen, "Counted"),
    ] {
        let said = match decide_saying(&saying, &command, &person(who)) {
            Ok(standing) => {
                saying.standing = standing;
                format!("{:?}", saying.standing)
            }
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(said, answer, "{command:?}");
    }
    saying.note(date("11-25"));
    let approved = decide_saying(&saying, &SayingCommand::Approve, &person("编辑甲"));
    assert_eq!(approved, Ok(SayingStanding::Approved));
}

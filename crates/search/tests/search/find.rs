//! Chinese questions in, ranked titles and marked snippets out.

use crate::house::{House, articles};
use expect_test::{Expect, expect};
use search::{Change, MAX_QUERY_CHARACTERS, Query, SearchError};

fn check(text: &str, expected: &Expect) {
    let house = House::with(articles());
    expected.assert_eq(&house.shown(text, 3));
}

#[test]
fn a_question_as_people_ask_it() {
    check(
        "医保卡丢了怎么补办",
        &expect![[r#"
            card 社会保障卡（【医保卡】）挂失与【补办】
               卡片遗失先打电话口头挂失，再带身份证到合作银行网点【补办】。【补办】当场领取，工本费十六元。【补办】期间可以使用【医保】电子凭证就医购药。
               (title: 医保卡 补办; name 医保卡丢了: 卡丢了)
            allowance 最低生活【保】障申请
               共同生活的家庭成员人均收入低于当地保障标准的，向户籍所在地乡镇人民政府申请。收到申请后三十个工作日内作出决定。
               (characters: 保)
        "#]],
    );
}

#[test]
fn words_in_the_box() {
    check(
        "停水 报修",
        &expect![[r#"
        water 城区自来水【停水报修】
           计划【停水】会提前一天在供水公司公众号通知。突然【停水】时，先看楼栋总阀是否关闭；邻居家也没有水的，拨打供水公司二十四小时抢修电话，说明小区和楼栋。
           (title: 停水 报修)
        bill 【水】费缴纳和阶梯【水】价
           居民用水按年度分三级计价，每户每月的水费可以在网上缴。对水量有疑问的，可以申请校表。
           (characters: 水)
    "#]],
    );
}

#[test]
fn two_characters() {
    check(
        "低保",
        &expect![[r#"
        allowance 最【低】生活【保】障申请
           共同生活的家庭成员人均收入低于当地保障标准的，向户籍所在地乡镇人民政府申请。收到申请后三十个工作日内作出决定。
           (characters: 低 保; name 低保: 低保)
        card 社会【保】障卡（医【保】卡）挂失与补办
           卡片遗失先打电话口头挂失，再带身份证到合作银行网点补办。补办当场领取，工本费十六元。补办期间可以使用医保电子凭证就医购药。
           (characters: 保)
    "#]],
    );
}

#[test]
fn one_character() {
    check(
        "水",
        &expect![[r#"
        water 城区自来【水】停【水】报修
           计划停【水】会提前一天在供【水】公司公众号通知。突然停【水】时，先看楼栋总阀是否关闭；邻居家也没有【水】的，拨打供【水】公司二十四小时抢修电话，说明小区和楼栋。
           (title: 水)
        bill 【水】费缴纳和阶梯【水】价
           居民用【水】按年度分三级计价，每户每月的【水】费可以在网上缴。对【水】量有疑问的，可以申请校表。
           (title: 水)
    "#]],
    );
}

#[test]
fn an_everyday_name() {
    check(
        "吃低保",
        &expect![[r#"
        allowance 最【低】生活【保】障申请
           共同生活的家庭成员人均收入低于当地保障标准的，向户籍所在地乡镇人民政府申请。收到申请后三十个工作日内作出决定。
           (characters: 低 保; name 吃低保: 吃低保)
        card 社会【保】障卡（医【保】卡）挂失与补办
           卡片遗失先打电话口头挂失，再带身份证到合作银行网点补办。补办当场领取，工本费十六元。补办期间可以使用医保电子凭证就医购药。
           (characters: 保)
    "#]],
    );
}

#[test]
fn an_abbreviation() {
    check(
        "律所",
        &expect![[r#"
        lawyer 【律】师事务【所】基本信息查询
           在司法局网站可以查到本县执业机构的名称、地址、负责人。
           (characters: 律 所)
    "#]],
    );
}

#[test]
fn widths_letters_and_digits() {
    check(
        "５ｇ",
        &expect![[r#"
        station 【5G】基站选址和电磁辐射投诉
           对【5G】基站有疑问的，由通信管理部门答复；环境监测按ＧＢ８７０２标准执行。
           (title: ５ｇ)
    "#]],
    );
    check(
        "12345",
        &expect![[r#"
        hotline 【12345】热线受理范围
           【12345】热线受理咨询、求助、投诉、举报和意见建议，110、119、120受理的紧急事项除外。
           (title: 12345)
    "#]],
    );
}

#[test]
fn a_character_outside_the_bmp() {
    check(
        "𠮷野",
        &expect![[r#"
        name 姓名中生僻字的户籍登记
           姓名用字不在常用字库中的，例如【𠮷野】、㛃，带出生证明到派出所人工录入。
           (body: 𠮷野)
    "#]],
    );
}

#[test]
fn a_long_message() {
    check(
        "你好，我是渠江镇的居民，住在老车站旁边，昨天晚上开始家里就没有水了，邻居家也没有，\
         打物业电话没人接，想问一下是不是停水了，什么时候能来水，能不能派人来看一下，\
         家里有老人和小孩，做饭洗衣服都成问题，麻烦你们尽快处理，谢谢。",
        &expect![[r#"
            water 城区自【来水停水】报修
               计划【停水】会提前一天在供水公司公众号通知。突然【停水】时，先看楼栋总阀是否关闭；【邻居家也没有水】的，拨打供水公司二十四小时抢修【电话】，说明小区和楼栋。
               (title: 停水 来水; body: 没有水 邻居家也没有 电话; name 什么时候来水: 什么时候)
            bill 水费缴纳和阶梯水价
               【居民】用水按年度分三级计价，每户每月的水费可以在网上缴。对水量有疑问的，可以申请校表。
               (body: 居民)
            card 社会保障卡（医保卡）挂失与补办
               卡片遗失先打【电话】口头挂失，再带身份证到合作银行网点补办。补办当场领取，工本费十六元。补办期间可以使用医保电子凭证就医购药。
               (body: 电话)
        "#]],
    );
}

#[test]
fn nothing_to_search_for() {
    check("", &expect!["(nothing)"]);
    check(" ，。？", &expect!["(nothing)"]);
    check("龘靐齉", &expect!["(nothing)"]);
}

#[test]
fn too_long_a_text_is_refused() {
    let house = House::with(articles());
    let longest = "水".repeat(MAX_QUERY_CHARACTERS);
    assert!(house.index.search(&Query::new(&longest, 3)).is_ok());
    let too_long = longest + "水";
    let refused = house.index.search(&Query::new(&too_long, 3));
    assert!(matches!(
        refused,
        Err(SearchError::TextTooLong {
            n_characters: 10_001,
            limit: MAX_QUERY_CHARACTERS
        })
    ));
}

#[test]
fn an_update_is_seen_at_once() {
    let house = House::with(articles());
    let mut changed = articles().remove(0);
    changed.title = "渠江镇停水通知".to_owned();
    let id = articles()[1].id.clone();
    house
        .index
        .update(&[Change::Put(changed), Change::Remove { id }], 8)
        .expect("updates");
    assert_eq!(house.index.position(), Some(8));
    assert_eq!(house.index.n_documents(), articles().len() as u64 - 1);
    expect![[r#"
        water 渠江镇【停水】通知
           计划【停水】会提前一天在供水公司公众号通知。突然【停水】时，先看楼栋总阀是否关闭；邻居家也没有水的，拨打供水公司二十四小时抢修电话，说明小区和楼栋。
           (title: 停水)
    "#]].assert_eq(&house.shown("停水", 3));
}

#[test]
fn the_last_change_of_an_id_wins() {
    let house = House::with(Vec::new());
    let mut put = articles().remove(0);
    let id = put.id.clone();
    let first = Change::Put(put.clone());
    put.title = "第二版".to_owned();
    let second = Change::Put(put.clone());
    house
        .index
        .update(&[first.clone(), second.clone()], 2)
        .expect("updates");
    assert_eq!(house.index.n_documents(), 1);
    assert_eq!(house.titles("第二版"), ["第二版"]);
    house
        .index
        .update(&[second, Change::Remove { id: id.clone() }], 3)
        .expect("updates");
    assert_eq!(house.index.n_documents(), 0);
    house
        .index
        .update(&[Change::Remove { id }, first], 4)
        .expect("updates");
    assert_eq!(house.index.n_documents(), 1);
}

#[test]
fn searching_while_writing() {
    let house = House::with(articles());
    std::thread::scope(|scope| {
        let searching = scope.spawn(|| {
            while house.index.position() < Some(20) {
                assert!(!house.titles("医保卡").is_empty());
            }
        });
        for position in 8..=20 {
            let mut article = articles().remove(0);
            article.id = format!("new-{position}");
            house
                .index
                .update(&[Change::Put(article)], position)
                .expect("updates");
        }
        searching.join().expect("no search failed");
    });
    assert_eq!(house.index.n_documents(), articles().len() as u64 + 13);
}

use super::*;
use crate::learn::{GateVerdict, ModelError, TrainRefusal, gate};

fn categories() -> Vec<Category> {
    let tables = wording::reference::ReferenceTables::built_in().unwrap();
    let category = |it: &wording::reference::Category| Category {
        id: it.id.clone(),
        level1: it.level1.clone(),
        level2: it.level2.clone(),
        level3: it.level3.clone(),
    };
    tables.view.categories.iter().map(category).collect()
}

/// Level 3 of the first guesses, by keywords alone.
#[track_caller]
fn check(text: &str, expected: &str) {
    let categories = categories();
    let found = guesses("", text, &categories, &Keywords::shipped(), None, 3);
    let names: Vec<&str> = found
        .iter()
        .map(|guess| {
            categories
                .iter()
                .find(|it| it.id == guess.id)
                .unwrap()
                .level3
                .as_str()
        })
        .collect();
    assert!(names.contains(&expected), "{text}: {names:?}");
}

#[test]
fn the_first_day_by_keywords() {
    check("锦绣花园小区停水两天了", "停水");
    check("渠光路的路灯坏了", "路灯");
    check("包工头跑了，工资没发", "包工头失联");
    check("低保怎么申请", "低保");
    check("隔壁养猪场太臭", "养殖污染");
    check("井盖不见了", "井盖");
    check("快递被弄丢了不赔", "快递丢失");
    check("孩子转学要什么手续", "转学");
    check("物业费涨价没有开业主大会", "物业收费");
    check("工地晚上施工吵得睡不着", "夜间施工噪声");
}

#[test]
fn a_guess_says_its_words_and_leaves_doubt() {
    let text = "我们这里停水了";
    let found = guesses("", text, &categories(), &Keywords::shipped(), None, 3);
    let words: Vec<&str> = found[0]
        .reasons
        .iter()
        .map(|it| text.get(it.clone()).unwrap())
        .collect();
    assert_eq!(words, ["停水"]);
    assert_eq!(found[0].by, GuessedBy::Keywords);
    let sum: f32 = found.iter().map(|it| it.share).sum();
    assert!(sum < 1.0, "{sum}");
    assert!(guesses("", "", &categories(), &Keywords::shipped(), None, 3).is_empty());
}

/// Orders as a small center has them; `n` variations each.
fn orders(n: usize) -> Vec<ConfirmedOrder> {
    let told = [
        ("c-051", "小区停水了，自来水没有水"),
        ("c-049", "路灯坏了，晚上看不见"),
        ("c-158", "低保申请没有批下来"),
        ("c-158", "五叔公那个钱今年没有领到"),
        ("c-071", "邻居的狗半夜叫个不停"),
    ];
    let places = ["南门口", "三汇", "临巴", "土溪", "渠光路", "有庆", "望溪"];
    (0..n)
        .flat_map(|at| {
            let place = places[at % places.len()];
            told.map(|(id, text)| ConfirmedOrder {
                title: String::new(),
                text: format!("{place}第{at}栋，{text}"),
                category_id: id.to_owned(),
                is_held_back: at % 5 == 0,
            })
        })
        .collect()
}

#[test]
fn what_the_center_decided_is_learnt() {
    let (categories, keywords) = (categories(), Keywords::shipped());
    let (model, measure) = train(&orders(60), &categories, &keywords, 2).unwrap();
    assert!(measure.accuracy > 0.9, "{measure:?}");
    let text = "二娃子那个钱今年也没有领到";
    let found = guesses("", text, &categories, &keywords, Some(&model), 3);
    assert_eq!(found[0].id, "c-158");
    assert_eq!(found[0].by, GuessedBy::Orders);
    assert!(!found[0].reasons.is_empty());
    // A category that nobody confirmed yet is still told by its keywords.
    let found = guesses(
        "",
        "井盖不见了，井盖丢失",
        &categories,
        &keywords,
        Some(&model),
        3,
    );
    assert!(found.iter().any(|it| it.id == "c-048"), "{found:?}");
}

#[test]
fn the_same_orders_give_the_same_bytes_on_one_thread_and_on_two() {
    let (categories, keywords) = (categories(), Keywords::shipped());
    let bytes = |n_threads| {
        train(&orders(8), &categories, &keywords, n_threads)
            .unwrap()
            .0
            .to_bytes()
    };
    assert!(bytes(1) == bytes(2));
}

#[test]
fn a_model_survives_its_bytes_and_a_damaged_one_is_refused() {
    let (categories, keywords) = (categories(), Keywords::shipped());
    let (model, _) = train(&orders(8), &categories, &keywords, 2).unwrap();
    let bytes = model.to_bytes();
    assert!(CategoryModel::from_bytes(&bytes).unwrap() == model);
    for at in (0..bytes.len()).step_by(bytes.len() / 23) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        assert!(CategoryModel::from_bytes(&damaged).is_err(), "byte {at}");
    }
    assert!(CategoryModel::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert_eq!(CategoryModel::from_bytes(b""), Err(ModelError::NotAModel));
}

#[test]
fn a_model_of_other_keywords_is_left_out() {
    let (categories, keywords) = (categories(), Keywords::shipped());
    let (model, _) = train(&orders(8), &categories, &keywords, 2).unwrap();
    let others = Keywords::parse("c-051|停水").unwrap();
    assert!(!model.fits(&others));
    let found = guesses("", "停水", &categories, &others, Some(&model), 3);
    assert_eq!(found[0].by, GuessedBy::Keywords);
}

#[test]
fn too_little_is_refused_and_a_worse_model_does_not_replace() {
    let (categories, keywords) = (categories(), Keywords::shipped());
    let refusal = train(&orders(2), &categories, &keywords, 1).unwrap_err();
    assert_eq!(refusal, TrainRefusal::TooFew { n: 10 });
    let all = orders(100);
    let (_, good) = train(&all, &categories, &keywords, 2).unwrap();
    let worse = crate::learn::Measure {
        macro_f1: good.macro_f1 - 0.1,
        ..good
    };
    assert_eq!(
        gate(Some(good), worse),
        GateVerdict::Worse { current: good }
    );
    assert_eq!(gate(Some(worse), good), GateVerdict::Replaces);
}

use super::*;

const CATEGORIES: [(&str, &str, &str); 4] = [
    ("c-1", "市政", "停水"),
    ("c-2", "市政", "路灯"),
    ("c-3", "农业", "补贴"),
    ("c-4", "农业", "土地"),
];
const SAID: [[&str; 4]; 4] = [
    ["停水了", "没有水用", "水管爆了", "水压很低"],
    ["路灯坏了", "晚上没有灯", "灯杆倒了", "灯不亮"],
    ["补贴没有到账", "种粮补贴", "农机补贴", "一卡通没有钱"],
    ["承包地被占", "土地纠纷", "田埂被挖", "地界不清"],
];

fn categories() -> Vec<Category> {
    let category = |(id, level1, level3): (&str, &str, &str)| Category {
        id: id.to_owned(),
        level1: level1.to_owned(),
        level2: level1.to_owned(),
        level3: level3.to_owned(),
    };
    CATEGORIES.into_iter().map(category).collect()
}

fn keywords() -> Keywords {
    Keywords::parse("c-1|停水\nc-2|路灯\nc-3|补贴\nc-4|承包地").unwrap()
}

/// `n` confirmed orders, every fifth held back. `is_mixed_up`: filed under whatever came.
fn orders(n: usize, is_mixed_up: bool) -> Vec<Confirmed> {
    let order = |at: usize| {
        let class = at % 4;
        let (one, other) = (SAID[class][at / 4 % 4], SAID[class][at / 16 % 4]);
        let filed = if is_mixed_up { at / 5 % 4 } else { class };
        Confirmed {
            registered_at: DateTime::UNIX_EPOCH,
            kind: if class < 2 {
                MatterKind::Help
            } else {
                MatterKind::Complaint
            },
            order: ConfirmedOrder {
                title: String::new(),
                text: format!("第{at}号来电，{one}，{other}，请处理"),
                category_id: CATEGORIES[filed].0.to_owned(),
                is_held_back: at.is_multiple_of(5),
            },
        }
    };
    (0..n).map(order).collect()
}

fn learnt(n: usize) -> Learnt<CategoryModel> {
    learn_category(&orders(n, false), &categories(), &keywords(), None)
}

#[test]
fn too_few_orders_leave_the_keywords_in_charge() {
    for (n, expected) in [
        (10, "未换用，已确认的工单还太少"),
        (200, "未换用，已确认的工单还太少"),
    ] {
        assert_eq!(text::learnt(&learnt(n)), expected, "{n}");
    }
    let one_kind: Vec<Confirmed> = (orders(600, false).into_iter())
        .filter(|it| it.order.category_id == "c-1")
        .collect();
    let learnt = learn_category(&one_kind, &categories(), &keywords(), None);
    assert_eq!(text::learnt(&learnt), "未学习，已确认的工单类别太少");
}

#[test]
fn a_model_replaces_another_unless_it_is_worse() {
    let orders_of_today = orders(600, false);
    let first = learn_category(&orders_of_today, &categories(), &keywords(), None);
    let Learnt::Replaces { model, measure } = first else {
        panic!("{first:?}");
    };
    assert!(
        measure.top3 > 0.99 && measure.n_orders >= 100,
        "{measure:?}"
    );
    let again = learn_category(&orders_of_today, &categories(), &keywords(), Some(&model));
    assert!(
        matches!(again, Learnt::Replaces { .. }),
        "as good as before"
    );

    // Whoever teaches it nonsense gets a model that reads even the good orders worse.
    let mut mixed_up = orders(600, true);
    for (order, good) in mixed_up.iter_mut().zip(&orders_of_today) {
        if order.order.is_held_back {
            order.order.clone_from(&good.order);
        }
    }
    let worse = learn_category(&mixed_up, &categories(), &keywords(), Some(&model));
    assert_eq!(text::learnt(&worse), "未换用，留作检验的工单上不如现用模型");
}

#[test]
fn kinds_are_learnt_alike() {
    let learnt = learn_kind(&orders(600, false), &keywords(), None);
    let Learnt::Replaces { model, .. } = learnt else {
        panic!("{learnt:?}");
    };
    let found = kind::guesses("", "种粮补贴没有到账", &keywords(), Some(&model));
    assert_eq!(found[0].kind, MatterKind::Complaint);
    let bytes = model.to_bytes();
    assert_eq!(Classifier::from_bytes(&bytes).unwrap(), model);
}

//! 对照与合并, field by field.

use domain::kb::merge::{KbChangedBy, merge_fields};
use domain::kb::{KbContent, KbField, KbSection};

use crate::story::{date, whole};
use crate::words;

fn with(change: impl FnOnce(&mut KbContent)) -> KbContent {
    let mut content = whole();
    change(&mut content);
    content
}

fn section(label: &str, text: &str) -> KbSection {
    KbSection {
        label: label.to_owned(),
        text: text.to_owned(),
    }
}

fn draft() -> KbContent {
    with(|it| {
        it.title = "社保卡挂失与补办".to_owned();
        it.answer = "草稿的答案".to_owned();
        it.sections = vec![section("电话", "7300000"), section("收费", "不收费")];
    })
}

fn proposal() -> KbContent {
    with(|it| {
        it.answer = "修改稿的答案".to_owned();
        it.sections = vec![section("地点", "万兴广场"), section("电话", "7311111")];
        it.valid_until = Some(date("2027-12-31"));
    })
}

/// Articles that were kept before there were a category and a place read as ever, and whatever says
/// neither is written as ever.
#[test]
fn category_and_place_are_fields_like_others() {
    let older = serde_json::to_string(&whole()).unwrap();
    assert!(!older.contains("category_id") && !older.contains("township_code"));
    assert_eq!(serde_json::from_str::<KbContent>(&older).unwrap(), whole());
    let placed = with(|it| {
        it.category_id = " c-119 ".to_owned();
        it.township_code = "511725104".to_owned();
    });
    let placed = placed.tidied();
    let fields = [KbField::Category, KbField::Township];
    assert_eq!(whole().differing(&placed), fields);
    assert_eq!(whole().with_fields_of(&placed, &fields), placed);
    let kept = serde_json::to_string(&placed).unwrap();
    assert_eq!(serde_json::from_str::<KbContent>(&kept).unwrap(), placed);
    assert_eq!(placed.check_form(), Ok(()));
    let long = with(|it| it.category_id = "c".repeat(101));
    assert!(long.check_form().is_err());
}

#[test]
fn who_has_changed_what() {
    let said = |base: Option<&KbContent>| {
        let fields = merge_fields(base, &draft(), &proposal());
        let lines = fields.iter().map(|it| {
            let by = match it.changed_by {
                KbChangedBy::Draft => "草稿",
                KbChangedBy::Proposal => "修改稿",
                KbChangedBy::Both => "两边",
            };
            format!("{}{by}", words::field(&it.field))
        });
        lines.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        said(Some(&whole())),
        "标题草稿 标准答案两边 电话两边 收费草稿 地点修改稿 有效期修改稿"
    );
    assert_eq!(
        said(None),
        "标题两边 标准答案两边 电话两边 收费两边 地点两边 有效期两边"
    );
    assert!(merge_fields(None, &draft(), &draft()).is_empty());
}

#[test]
fn what_is_taken_field_by_field() {
    let label = |label: &str| KbField::Section {
        label: label.to_owned(),
    };
    let merged = draft().with_fields_of(
        &proposal(),
        &[
            KbField::Answer,
            label("地点"),
            label("收费"),
            KbField::Validity,
        ],
    );
    assert_eq!(merged.title, "社保卡挂失与补办");
    assert_eq!(merged.answer, "修改稿的答案");
    assert_eq!(
        merged.sections,
        [section("电话", "7300000"), section("地点", "万兴广场")]
    );
    assert_eq!(merged.valid_until, Some(date("2027-12-31")));
    // All of them make the other version, whichever they are.
    let all = draft().differing(&proposal());
    let merged = draft().with_fields_of(&proposal(), &all);
    assert!(merged.differing(&proposal()).is_empty());
    assert_eq!(draft().with_fields_of(&proposal(), &[]), draft());
}

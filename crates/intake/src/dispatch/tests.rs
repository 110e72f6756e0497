use domain::dispatch_catalogue::{CatalogueAmendment, CatalogueEntry};
use domain::matter::{Caller, Channel, MatterClass, MatterKind, Origin, Place};
use domain::precedent::Precedent;

use super::*;

fn unit(name: &str) -> HandlingUnitId {
    HandlingUnitId(name.to_owned())
}

fn matter(text: &str) -> Matter {
    Matter {
        caller: Caller::default(),
        channel: Channel::Phone,
        kind: MatterKind::Help,
        class: MatterClass::Ordinary,
        category_id: "c-070".to_owned(),
        title: String::new(),
        text: text.to_owned(),
        place: Place {
            township_code: "三汇".to_owned(),
            ..Place::default()
        },
        happened: String::new(),
        about: String::new(),
        wants: String::new(),
        is_confidential: false,
        wants_call_back: false,
        origin: Origin::default(),
    }
}

fn entry(lead: Option<&str>) -> CatalogueEntry {
    CatalogueEntry {
        category_id: "c-070".to_owned(),
        township_code: String::new(),
        words: Vec::new(),
        lead: lead.map(unit),
        regulator: Some(unit("生态环境局")),
        because: Vec::new(),
    }
}

fn similar(number: &str, lead: &str, outcome: Outcome, taken_back_from: &[&str]) -> SimilarOrder {
    SimilarOrder {
        number: number.to_owned(),
        likeness: 0.8,
        lead: unit(lead),
        outcome,
        taken_back_from: taken_back_from.iter().map(|it| unit(it)).collect(),
    }
}

fn suggested(
    text: &str,
    catalogue: &DispatchCatalogue,
    similar: &[SimilarOrder],
    precedents: &PrecedentRegister,
) -> Suggestion {
    let townships = BTreeMap::from([("三汇".to_owned(), unit("三汇镇"))]);
    let known = Known {
        date: NaiveDate::from_ymd_opt(2026, 11, 26).unwrap(),
        precedents,
        catalogue,
        similar,
        townships: &townships,
    };
    suggest(&matter(text), &known)
}

fn names(suggestion: &Suggestion) -> Vec<&str> {
    suggestion
        .leads
        .iter()
        .map(|it| it.unit.0.as_str())
        .collect()
}

#[test]
fn the_catalogue_the_territory_and_the_regulator() {
    let catalogue = DispatchCatalogue::new(vec![entry(Some("公安局"))]);
    let found = suggested("酒吧太吵", &catalogue, &[], &PrecedentRegister::default());
    assert_eq!(names(&found), ["公安局"]);
    assert_eq!(found.territorial.unwrap().unit, unit("三汇镇"));
    assert_eq!(found.regulator.unwrap().unit, unit("生态环境局"));
    // Where the table leaves it to the territory, the township leads.
    let territorial = DispatchCatalogue::new(vec![entry(None)]);
    let found = suggested("酒吧太吵", &territorial, &[], &PrecedentRegister::default());
    assert_eq!(names(&found), ["三汇镇"]);
}

#[test]
fn a_closer_entry_holds() {
    let mut closer = entry(Some("综合执法局"));
    closer.words = vec!["酒吧".to_owned()];
    let catalogue = DispatchCatalogue::new(vec![closer, entry(Some("公安局"))]);
    let lead = |text| {
        let found = suggested(text, &catalogue, &[], &PrecedentRegister::default());
        found.leads[0].unit.0.clone()
    };
    assert_eq!(lead("酒吧太吵"), "综合执法局");
    assert_eq!(lead("茶楼太吵"), "公安局");
}

#[test]
fn returns_teach_otherwise_and_say_so() {
    let catalogue = DispatchCatalogue::new(vec![entry(Some("公安局"))]);
    let orders = [
        similar("1号", "综合执法局", Outcome::Solved, &["公安局"]),
        similar("2号", "综合执法局", Outcome::Solved, &["公安局"]),
    ];
    let found = suggested(
        "酒吧太吵",
        &catalogue,
        &orders,
        &PrecedentRegister::default(),
    );
    assert_eq!(names(&found), ["综合执法局"]);
    let grounds = &found.leads[0].grounds;
    assert!(grounds.contains(&SuggestionGround::Returns {
        from: unit("公安局"),
        numbers: vec!["1号".to_owned(), "2号".to_owned()],
    }));
    assert!(grounds.contains(&SuggestionGround::Similar {
        numbers: vec!["1号".to_owned(), "2号".to_owned()],
        n_solved: 2,
    }));
}

#[test]
fn a_precedent_binds_whatever_else_is_said() {
    let mut precedents = PrecedentRegister::default();
    let precedent = Precedent {
        id: "先例1".to_owned(),
        category_id: "c-070".to_owned(),
        township_code: String::new(),
        words: Vec::new(),
        lead: unit("综合执法局"),
        assisting: vec![unit("公安局")],
        document: "渠府办〔2026〕1号".to_owned(),
        from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        until: None,
        ended_because: String::new(),
    };
    precedents.enter(precedent).unwrap();
    let catalogue = DispatchCatalogue::new(vec![entry(Some("公安局"))]);
    let orders = [similar("1号", "公安局", Outcome::Solved, &[])];
    let found = suggested("酒吧太吵", &catalogue, &orders, &precedents);
    assert_eq!(names(&found), ["综合执法局"]);
    assert!(found.is_bound);
    assert_eq!(found.assisting, [unit("公安局")]);
}

#[test]
fn what_the_catalogue_was_amended_by_is_said() {
    let mut catalogue = DispatchCatalogue::new(vec![entry(Some("公安局"))]);
    let because = vec!["1号".to_owned(), "2号".to_owned()];
    catalogue.adopt(&CatalogueAmendment {
        category_id: "c-070".to_owned(),
        from: unit("公安局"),
        to: unit("综合执法局"),
        because: because.clone(),
    });
    let found = suggested("酒吧太吵", &catalogue, &[], &PrecedentRegister::default());
    assert_eq!(names(&found), ["综合执法局"]);
    assert_eq!(
        found.leads[0].grounds,
        [SuggestionGround::Catalogue { because }]
    );
}

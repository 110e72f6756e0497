//! Whatever is typed and whatever is written: the pieces are the text, and nothing panics.

mod house;

use house::{House, plain};
use proptest::prelude::*;
use search::{Document, MAX_SNIPPET_CHARACTERS};

/// Texts of few characters, so that queries and articles often meet: Chinese inside and outside the
/// BMP, both widths, letters, digits, accents, punctuation, line ends.
fn text(n: usize) -> impl Strategy<Value = String> {
    let characters = "水电费医保卡𠮷ＡaB5５é\u{301}㎡①，。 \n（）\u{1F}\u{200B}";
    let character = proptest::sample::select(characters.chars().collect::<Vec<_>>());
    proptest::collection::vec(character, 0..n).prop_map(String::from_iter)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pieces_are_the_text(
        title in text(30),
        name in text(10),
        body in text(400),
        asked in prop_oneof![text(8), text(120)],
    ) {
        let document = Document {
            id: "1".to_owned(),
            title: title.clone(),
            names: vec![name],
            body: body.clone(),
        };
        let house = House::with(vec![document]);
        for hit in house.hits(&asked, 10) {
            prop_assert_eq!(plain(&hit.title), title.as_str());
            let snippet = plain(&hit.snippet);
            prop_assert!(body.contains(&snippet));
            prop_assert!(snippet.chars().count() <= MAX_SNIPPET_CHARACTERS);
            let pieces = hit.title.iter().chain(&hit.snippet);
            prop_assert!(pieces.clone().all(|piece| !piece.text.is_empty()));
            for pair in hit.title.windows(2).chain(hit.snippet.windows(2)) {
                prop_assert!(pair[0].is_hit != pair[1].is_hit);
            }
            prop_assert!(hit.score.is_finite());
        }
    }
}

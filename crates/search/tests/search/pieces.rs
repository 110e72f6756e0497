//! Whatever is typed and whatever is written: the pieces are the text, and nothing panics.

use crate::house::{House, plain};
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
    // Each case builds an index, which waits for the disk; so each has several articles.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn pieces_are_the_text(
        texts in proptest::collection::vec((text(30), text(10), text(400)), 1..8),
        asked in proptest::collection::vec(prop_oneof![text(8), text(120)], 1..8),
    ) {
        let documents = texts.iter().enumerate().map(|(number, (title, name, body))| Document {
            id: number.to_string(),
            title: title.clone(),
            names: vec![name.clone()],
            body: body.clone(),
            ..Document::default()
        });
        let house = House::with(documents.collect());
        for hit in asked.iter().flat_map(|asked| house.hits(asked, 10)) {
            let (title, _, body) = &texts[hit.id.parse::<usize>().expect("a number")];
            prop_assert_eq!(&plain(&hit.title), title);
            let snippet = plain(&hit.snippet);
            prop_assert!(body.contains(&snippet));
            prop_assert!(snippet.chars().count() <= MAX_SNIPPET_CHARACTERS);
            let mut pieces = hit.title.iter().chain(&hit.snippet);
            prop_assert!(pieces.all(|piece| !piece.text.is_empty()));
            for pair in hit.title.windows(2).chain(hit.snippet.windows(2)) {
                prop_assert!(pair[0].is_hit != pair[1].is_hit);
            }
            prop_assert!(hit.score.is_finite());
        }
    }
}

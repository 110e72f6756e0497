//! How well it is heard that a text tells who speaks: sentences that were written before the table of what
//! tells nothing.

use intake::identity::told;

fn sentences(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with('#')).collect()
}

/// Nearly all of 200 sentences by which somebody could be known; the rest are shown.
#[test]
fn who_tells_who_speaks_is_heard() {
    let all = sentences(include_str!("told.txt"));
    let missed: Vec<&str> = all
        .iter()
        .copied()
        .filter(|it| told(it).is_empty())
        .collect();
    assert!(all.len() >= 200, "{}", all.len());
    assert!(missed.len() * 100 <= all.len() * 5, "{missed:#?}");
}

/// A warning that always comes is none.
#[test]
fn who_tells_only_the_matter_is_left_alone() {
    let all = sentences(include_str!("plain.txt"));
    let warned: Vec<&str> = all
        .iter()
        .copied()
        .filter(|it| !told(it).is_empty())
        .collect();
    assert!(warned.len() * 100 <= all.len() * 10, "{warned:#?}");
}

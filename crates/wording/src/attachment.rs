//! 附件 as a text names it: 现场照片.jpg, with the hash of its bytes behind it. A text with a hash
//! stands for the same file for ever; people read the name.

/// Between the name of a file and its hash.
const MARK: &str = "#sha256=";
const HASH_CHARS: usize = 64;

/// The name with the hash.
pub fn named(file_name: &str, sha256: &str) -> String {
    format!("{file_name}{MARK}{sha256}")
}

/// The name, and the hash where it is one of a file.
pub fn read(text: &str) -> (&str, Option<&str>) {
    let is_hash = |it: &str| it.len() == HASH_CHARS && it.chars().all(|it| it.is_ascii_hexdigit());
    match text.rsplit_once(MARK) {
        Some((name, hash)) if is_hash(hash) => (name, Some(hash)),
        Some(_) | None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_read() {
        let hash = "0a".repeat(32);
        assert_eq!(
            read(&named("a#b.jpg", &hash)),
            ("a#b.jpg", Some(hash.as_str()))
        );
        assert_eq!(read("回访录音一份"), ("回访录音一份", None));
        assert_eq!(read("a#sha256=0a"), ("a#sha256=0a", None));
    }
}

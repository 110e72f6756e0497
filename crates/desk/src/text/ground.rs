//! Why an article was found.

use search::Via;

/// Why an article was found: 标题含“停水”；问法“家里没水”含“没水”；正文含“抢修”.
pub(crate) fn ground(ground: &search::Ground) -> String {
    let quoted = |words: &[String]| {
        words
            .iter()
            .map(|word| format!("“{word}”"))
            .collect::<Vec<_>>()
            .join("、")
    };
    let mut parts = Vec::new();
    match &ground.via {
        None => {}
        Some(Via::Synonyms(said)) => {
            let pairs: Vec<String> = said
                .iter()
                .map(|(typed, other)| format!("“{typed}”即“{other}”"))
                .collect();
            parts.push(pairs.join("、"));
        }
        Some(Via::Correction(text)) => parts.push(format!("按“{text}”查找")),
        Some(Via::Pinyin) => {
            let name = ground.name.as_ref().map(|name| &name.stretches);
            return format!("按拼音{}", quoted(name.unwrap_or(&ground.title)));
        }
    }
    if !ground.title.is_empty() {
        parts.push(format!("标题含{}", quoted(&ground.title)));
    }
    if !ground.title_characters.is_empty() {
        parts.push(format!("标题有{}的字", quoted(&ground.title_characters)));
    }
    if let Some(name) = &ground.name {
        parts.push(format!("问法“{}”含{}", name.name, quoted(&name.stretches)));
    }
    if !ground.body.is_empty() {
        parts.push(format!("正文含{}", quoted(&ground.body)));
    }
    parts.join("；")
}

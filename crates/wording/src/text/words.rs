//! The words of 说法与同义词.

use domain::kb::words::{
    SayingRefusal, SayingStanding, SynonymCommand, SynonymOrigin, SynonymRefusal,
};

use super::kb_care::people;

pub fn synonym_origin(origin: SynonymOrigin) -> &'static str {
    match origin {
        SynonymOrigin::Shipped => "随程序",
        SynonymOrigin::Center => "本中心",
    }
}

pub fn synonyms_changed(command: &SynonymCommand) -> &'static str {
    match command {
        SynonymCommand::Add { .. } => "已增加，下一次检索起生效。",
        SynonymCommand::Change { .. } => "已修改，下一次检索起生效。",
        SynonymCommand::SetAside { .. } => "已停用，下一次检索起生效。",
        SynonymCommand::Restore { .. } => "已恢复，下一次检索起生效。",
    }
}

pub fn synonym_refusal(refusal: &SynonymRefusal) -> String {
    match refusal {
        SynonymRefusal::NotPermitted { roles } => format!("同义词须由{}维护。", people(roles)),
        SynonymRefusal::NoSuchGroup => "没有找到这一组。".to_owned(),
        SynonymRefusal::TooFewWords { min, .. } => {
            format!("一组至少 {min} 个词，以空格分开，如“户口 户籍”。")
        }
        SynonymRefusal::TooManyWords { n_words, max } => {
            format!("一组最多 {max} 个词，现有 {n_words} 个。")
        }
        SynonymRefusal::WordTooLong { word, max_chars } => {
            format!("“{word}”太长，一个词最多 {max_chars} 字。")
        }
        SynonymRefusal::WordSaysNothing { word } => {
            format!("“{word}”只有标点，检索不到，请去掉。")
        }
        SynonymRefusal::WordTwice { word } => format!("“{word}”在这一组里重复了。"),
        SynonymRefusal::SameGroup { words } => {
            format!("已有同样的一组：{}。", words.join("、"))
        }
        SynonymRefusal::TooManyGroups { max } => {
            format!("本中心最多 {max} 组，请先停用不再需要的。")
        }
        SynonymRefusal::GroupSetAside => "这一组已停用，请先恢复。".to_owned(),
        SynonymRefusal::GroupInUse => "这一组正在使用。".to_owned(),
    }
}

pub fn saying_standing(standing: &SayingStanding) -> String {
    match standing {
        SayingStanding::Counted => "待采纳".to_owned(),
        SayingStanding::Approved => "已采纳".to_owned(),
        SayingStanding::SetAside { reason } => format!("不采纳：{reason}"),
    }
}

pub fn saying_decided(standing: &SayingStanding, title: &str) -> String {
    match standing {
        SayingStanding::Counted => "已重新列为待采纳。".to_owned(),
        SayingStanding::Approved => {
            format!("已采纳，下次修改《{title}》时可加为群众的说法。")
        }
        SayingStanding::SetAside { .. } => "已记为不采纳。".to_owned(),
    }
}

pub fn saying_refusal(refusal: &SayingRefusal) -> String {
    match refusal {
        SayingRefusal::NotPermitted { roles } => {
            format!("学到的说法须由{}采纳。", people(roles))
        }
        SayingRefusal::TooRare { n_used, from_times } => {
            format!("这个说法只用过 {n_used} 次，用过 {from_times} 次才供采纳。")
        }
        SayingRefusal::Decided { standing } => {
            format!("这个说法{}。", saying_standing(standing))
        }
        SayingRefusal::NotDecided => "这个说法还没有处理过。".to_owned(),
        SayingRefusal::ReasonMissing => "请填写理由。".to_owned(),
        SayingRefusal::ReasonTooLong { max_chars } => format!("理由最多 {max_chars} 字。"),
    }
}

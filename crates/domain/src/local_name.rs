//! 本地名称: what people call a place that no list of townships and villages has. The center adds them;
//! every desk hears them in what a caller says.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// 本地名称表 holds so many at most.
pub const LOCAL_NAMES_MAX: usize = 50_000;
/// Characters of a name.
pub const LOCAL_NAME_MIN_CHARS: usize = 2;
pub const LOCAL_NAME_MAX_CHARS: usize = 20;

/// 本地名称: a road, an estate, a landmark or an everyday name, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalName {
    pub name: String,
    pub township_code: String,
    /// Empty where only the township is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub village_code: String,
}

/// 名称拒绝: why a name is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LocalNameRefusal {
    /// One character is heard everywhere, a sentence nowhere.
    #[error("a name has {LOCAL_NAME_MIN_CHARS} to {LOCAL_NAME_MAX_CHARS} characters")]
    Length,
    /// What has no letter or Chinese character in it is a number; what has a space or a mark is no name.
    #[error("a name is letters, Chinese characters and digits")]
    NotAName,
    #[error("there is no such township or village")]
    NoSuchPlace,
    #[error("the name stands for this place already")]
    Twice,
    #[error("there are {LOCAL_NAMES_MAX} names already")]
    TooMany,
}

/// 本地名称表, whole. One name may stand for several places: then it stays open which.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalNames(Vec<LocalName>);

impl LocalNames {
    /// All of them, in their order; none twice. `is_place` knows the codes of townships and villages.
    ///
    /// # Errors
    /// The place of the first that is not taken, from 0, and why.
    pub fn of(
        names: Vec<LocalName>,
        is_place: impl Fn(&LocalName) -> bool,
    ) -> Result<Self, (usize, LocalNameRefusal)> {
        let mut known = BTreeSet::new();
        for (at, local) in names.iter().enumerate() {
            let refused = |refusal| Err((at, refusal));
            if at >= LOCAL_NAMES_MAX {
                return refused(LocalNameRefusal::TooMany);
            }
            let n_chars = local.name.chars().count();
            if !(LOCAL_NAME_MIN_CHARS..=LOCAL_NAME_MAX_CHARS).contains(&n_chars) {
                return refused(LocalNameRefusal::Length);
            }
            let is_name = local.name.chars().all(char::is_alphanumeric)
                && local.name.chars().any(char::is_alphabetic);
            if !is_name {
                return refused(LocalNameRefusal::NotAName);
            }
            if !is_place(local) {
                return refused(LocalNameRefusal::NoSuchPlace);
            }
            if !known.insert((&local.name, &local.township_code, &local.village_code)) {
                return refused(LocalNameRefusal::Twice);
            }
        }
        Ok(Self(names))
    }

    pub fn as_slice(&self) -> &[LocalName] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(name: &str, township: &str, village: &str) -> LocalName {
        LocalName {
            name: name.to_owned(),
            township_code: township.to_owned(),
            village_code: village.to_owned(),
        }
    }

    fn of(names: &[(&str, &str, &str)]) -> Result<usize, (usize, LocalNameRefusal)> {
        let names = names
            .iter()
            .map(|(name, town, village)| local(name, town, village));
        let is_place = |it: &LocalName| it.township_code != "nowhere";
        LocalNames::of(names.collect(), is_place).map(|it| it.as_slice().len())
    }

    #[test]
    fn what_is_a_name() {
        use LocalNameRefusal as R;
        for (name, expected) in [
            ("万兴广场", Ok(1)),
            ("318国道", Ok(1)),
            ("A区", Ok(1)),
            ("桥", Err((0, R::Length))),
            (
                "从前天晚上九点多开始停水到现在一直没有恢复",
                Err((0, R::Length)),
            ),
            ("13800", Err((0, R::NotAName))),
            ("大桥 头", Err((0, R::NotAName))),
            ("<b>桥头", Err((0, R::NotAName))),
        ] {
            assert_eq!(of(&[(name, "t", "")]), expected, "{name}");
        }
    }

    #[test]
    fn one_name_for_two_places_and_never_twice_for_one() {
        use LocalNameRefusal as R;
        assert_eq!(of(&[("新桥", "t", ""), ("新桥", "u", "")]), Ok(2));
        assert_eq!(of(&[("新桥", "t", ""), ("新桥", "t", "v")]), Ok(2));
        let twice = of(&[("新桥", "t", ""), ("老桥", "t", ""), ("新桥", "t", "")]);
        assert_eq!(twice, Err((2, R::Twice)));
        assert_eq!(of(&[("新桥", "nowhere", "")]), Err((0, R::NoSuchPlace)));
        assert_eq!(of(&[]), Ok(0));
    }
}

//! 上级: orders of the city and the province come in, results go back, ratings follow (第二条, 第五条(二),
//! 第十二条). By file, for which the administrator has a command, or by HTTP; both say the same in the
//! same words.
//!
//! - [`fields`] names what a file or a message may say; [`table`] reads files.
//! - [`order`] makes a matter of it, [`rating`] a rating; [`import`] takes all of them or none.
//! - [`results`] is what goes back, and how far it has come.
//!
//! An order of a superior is known by its source and the superior's number: the same again is the
//! same order. How a superior connects stands in `docs/对外接口.md`.

mod door;
pub mod fields;
pub mod import;
pub mod mapping;
pub mod order;
pub mod rating;
pub mod results;
pub mod sheet;
pub mod table;

use domain::matter::Source;
use domain::upstream::Superior;

use crate::follower::Projection;

pub use self::door::routes;
pub(crate) use self::results::{push, record_states, settled};

/// 上级接口, as the administrator set it: where results are pushed to.
#[derive(Debug, Clone)]
pub struct Push {
    pub source: Source,
    pub url: String,
    pub token: Token,
}

/// 推送令牌: is shown nowhere.
#[derive(Clone)]
pub struct Token(pub String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// Who has set a limit for what comes from there.
pub(crate) fn superior(source: Source) -> Option<Superior> {
    match source {
        Source::City => Some(Superior::City),
        Source::Province | Source::SichuanChongqing => Some(Superior::Province),
        Source::County | Source::Police110 => None,
    }
}

/// The rows it is made of.
pub fn projections(pushes: &[Push]) -> Vec<Box<dyn Projection>> {
    let sources = pushes.iter().map(|push| push.source).collect();
    vec![Box::new(results::Results::new(sources))]
}

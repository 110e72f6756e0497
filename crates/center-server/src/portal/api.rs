//! The one table of calls of the portal. A new call is one line here plus one function.
//!
//! `door` calls are for whoever stands before the door, `unit` calls for a person of a unit that is
//! signed in, and for nobody else. A query *provides* tags; a change *invalidates* them, and every
//! page asks the queries again that provide one of those. `"*"` invalidates everything.

use serde::Serialize;
use serde_json::Value;

use super::assessment::{appeal_score, unit_round, unit_rounds, unit_score_items};
use super::doorway::Doorway;
use super::error::CallError;
use super::handling::handle_order;
use super::kb_record::{act_on_kb_record, kb_record, kb_records, reference};
use super::kb_task::{deliver_kb_task, kb_task, kb_tasks};
use super::order_list::{overview, work_orders};
use super::reveal::reveal_caller;
use super::session::{change_password, sign_in, sign_out, who_am_i};
use super::statistics::{figure_items, statistics};
#[cfg(test)]
use super::typescript::{CallTypes, Types};
use super::work_order::work_order;

/// What a call answers: the value, and the tags of the queries that must be asked again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Reply {
    pub(super) value: Value,
    pub(super) changed: &'static [&'static str],
}

macro_rules! api {
    ($($side:ident $name:ident($request:ty) -> $response:ty, $tags:ident [$($tag:literal),*];)*) => {
        /// The names of all calls.
        pub const CALLS: &[&str] = &[$(stringify!($name)),*];

        /// Finds the call of that name, decodes its request, does it, encodes its answer.
        pub(super) async fn dispatch(
            doorway: &Doorway,
            name: &str,
            request: Value,
        ) -> Result<Reply, CallError> {
            match name {
                $(stringify!($name) => {
                    api!(@run $side $name doorway request, $request, $response, $tags [$($tag),*])
                })*
                _ => Err(CallError::invalid(format!("没有名为“{name}”的调用。"))),
            }
        }

        /// What TypeScript must know of each call.
        #[cfg(test)]
        pub(super) fn call_types(types: &mut Types) -> Vec<CallTypes> {
            vec![$(CallTypes {
                name: stringify!($name),
                request: types.name_of::<$request>(),
                response: types.name_of::<$response>(),
                provides: api!(@provided $tags [$($tag),*]),
            }),*]
        }
    };
    (@run door $name:ident $doorway:ident $sent:ident, $request:ty, $response:ty, $tags:ident $list:tt) => {{
        let request: $request = decode($sent)?;
        let value: $response = $name($doorway, request).await?;
        Ok(Reply { value: encode(&value)?, changed: api!(@changed $tags $list) })
    }};
    // Who may come in is asked before anything of the request is looked at.
    (@run unit $name:ident $doorway:ident $sent:ident, $request:ty, $response:ty, $tags:ident $list:tt) => {{
        let visit = $doorway.visit()?;
        let request: $request = decode($sent)?;
        let value: $response = $name(&visit, request).await?;
        let mut value = encode(&value)?;
        visit.seal(&mut value);
        Ok(Reply { value, changed: api!(@changed $tags $list) })
    }};
    (@changed provides [$($tag:literal),*]) => { &[] };
    (@changed invalidates [$($tag:literal),*]) => { &[$($tag),*] };
    (@provided provides [$($tag:literal),*]) => { &[$($tag),*] };
    (@provided invalidates [$($tag:literal),*]) => { &[] };
}

api! {
    door who_am_i(()) -> super::session::WhoAmI, provides ["session"];
    door sign_in(super::session::SignInForm) -> super::session::WhoAmI, invalidates ["*"];
    door change_password(super::session::NewPassword) -> super::session::WhoAmI, invalidates ["*"];
    door sign_out(()) -> super::session::WhoAmI, invalidates ["*"];

    unit reference(()) -> super::kb_record::UnitReference, provides ["reference"];
    unit overview(()) -> super::order_list::UnitOverview, provides ["work_orders", "knowledge"];
    unit work_orders(super::order_list::UnitOrderList) -> super::order_list::UnitOrderRows, provides ["work_orders"];
    unit work_order(super::work_order::UnitOrderId) -> super::work_order::UnitOrderDetail, provides ["work_orders"];
    unit reveal_caller(super::work_order::UnitOrderId) -> super::reveal::RevealedCaller, invalidates [];
    unit handle_order(super::handling::HandleUnitOrder) -> super::handling::UnitActDone, invalidates ["work_orders"];

    unit kb_tasks(()) -> Vec<super::kb_task::UnitTaskRow>, provides ["knowledge"];
    unit kb_task(super::kb_task::UnitTaskNumber) -> super::kb_task::UnitTaskDetail, provides ["knowledge"];
    unit deliver_kb_task(super::kb_task::DeliverUnitTask) -> super::kb_task::UnitTaskDone, invalidates ["knowledge"];
    unit kb_records(()) -> Vec<super::kb_record::UnitArticleRow>, provides ["knowledge"];
    unit kb_record(super::kb_record::UnitArticleId) -> super::kb_record::UnitArticleDetail, provides ["knowledge"];
    unit act_on_kb_record(super::kb_record::ActOnUnitArticle) -> super::kb_record::UnitArticleDone, invalidates ["knowledge"];

    unit statistics(super::statistics::StatisticsMonth) -> super::statistics::UnitStatistics, provides ["work_orders", "knowledge"];
    unit unit_rounds(()) -> Vec<super::assessment::UnitRoundRow>, provides ["assessment"];
    unit unit_round(super::assessment::UnitRoundKey) -> super::assessment::UnitRoundDetail, provides ["assessment"];
    unit unit_score_items(super::assessment::UnitScoreItemsAsk) -> super::assessment::UnitScoreItems, provides ["assessment"];
    unit appeal_score(super::assessment::AppealScore) -> super::assessment::UnitAppealDone, invalidates ["assessment"];

    unit figure_items(super::statistics::FigureItems) -> Vec<super::statistics::FigureItem>, provides ["work_orders", "knowledge"];
}

fn decode<T: for<'de> serde::Deserialize<'de>>(request: Value) -> Result<T, CallError> {
    serde_json::from_value(request)
        .map_err(|error| CallError::invalid(format!("请求的内容不符合格式：{error}。")))
}

fn encode(value: &impl Serialize) -> Result<Value, CallError> {
    serde_json::to_value(value).map_err(|error| CallError::Fault(error.into()))
}

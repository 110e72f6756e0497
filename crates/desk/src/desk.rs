//! The open desk: the store, the index, and the facts that decisions rest on.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use desk_store::{MetaKey, NewIntent, NextLimit, Store, StoreFault, WorkOrderRecord, Writer};
use domain::calendar::WorkCalendar;
use domain::clock_face::date_of;
use domain::kb::usage::KbUse;
use domain::precedent::PrecedentRegister;
use domain::rule_set::RuleSets;
use domain::work_order::{Event, apply, decide};
use domain::{Actor, ActorId, Command, Facts, WorkOrder};
use search::twins::Places;
use tokio::sync::broadcast;

use crate::app::KeySource;
use crate::clock::Clock;
use crate::error::CallError;
use crate::kb_import::KbImports;
use crate::kb_words;
use crate::knowledge::KnowledgeIndex;
use crate::reference::ReferenceTables;
use crate::twin_report::TwinReportDesk;
use crate::twins::Twins;
use crate::upload::Uploads;

/// 工作站, open.
pub(crate) struct Desk {
    pub(crate) store: Arc<Store>,
    pub(crate) knowledge: Arc<KnowledgeIndex>,
    pub(crate) reference: Arc<ReferenceTables>,
    pub(crate) twins: Arc<Twins>,
    pub(crate) twin_report: Arc<TwinReportDesk>,
    /// Tells the windows what changed without a call of theirs.
    pub(crate) changes: broadcast::Sender<&'static [&'static str]>,
    pub(crate) operator: Actor,
    pub(crate) key_source: KeySource,
    pub(crate) calendar: WorkCalendar,
    pub(crate) rule_sets: RuleSets,
    /// Empty until a center sends some.
    pub(crate) precedents: PrecedentRegister,
    pub(crate) uploads: Arc<Uploads>,
    pub(crate) imports: Arc<KbImports>,
    clock: Arc<dyn Clock>,
}

impl Desk {
    pub(crate) fn open(
        folder: &Path,
        store: Store,
        clock: Arc<dyn Clock>,
        key_source: KeySource,
        changes: broadcast::Sender<&'static [&'static str]>,
    ) -> Result<Self, CallError> {
        let store = Arc::new(store);
        let operator = store.read(|reader| Ok(reader.meta(MetaKey::Operator)?))?;
        let operator = operator.context("The store has no operator")?;
        let reference = ReferenceTables::built_in()?;
        let thesaurus = store.read(|reader| Ok(kb_words::thesaurus(reader)?))?;
        let twins = Arc::new(Twins::new(Places::new(reference.place_names())));
        twins.read_ahead(&store);
        Ok(Self {
            twins,
            twin_report: Arc::default(),
            knowledge: Arc::new(KnowledgeIndex::start(
                &folder.join("index"),
                Arc::clone(&store),
                thesaurus,
                changes.clone(),
            )),
            changes,
            store,
            reference: Arc::new(reference),
            operator: serde_json::from_str(&operator).context("Reading the operator")?,
            key_source,
            calendar: WorkCalendar::built_in(),
            rule_sets: RuleSets::built_in(),
            precedents: PrecedentRegister::default(),
            uploads: Arc::default(),
            imports: Arc::default(),
            clock,
        })
    }

    /// The same desk with another person at it.
    pub(crate) fn with_operator(&self, operator: Actor) -> Self {
        Self {
            store: Arc::clone(&self.store),
            knowledge: Arc::clone(&self.knowledge),
            reference: Arc::clone(&self.reference),
            twins: Arc::clone(&self.twins),
            twin_report: Arc::clone(&self.twin_report),
            changes: self.changes.clone(),
            operator,
            key_source: self.key_source,
            calendar: self.calendar.clone(),
            rule_sets: self.rule_sets.clone(),
            precedents: self.precedents.clone(),
            uploads: Arc::clone(&self.uploads),
            imports: Arc::clone(&self.imports),
            clock: Arc::clone(&self.clock),
        }
    }

    /// 陈晓梅 1001 for the person at the desk, the number for anybody else.
    pub(crate) fn person_text(&self, person: &ActorId) -> String {
        if *person == self.operator.id {
            format!("{} {}", self.operator.name, person.0)
        } else {
            person.0.clone()
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn facts(&self, now: DateTime<Utc>) -> Facts<'_> {
        Facts {
            now,
            actor: &self.operator,
            calendar: &self.calendar,
            rule_sets: &self.rule_sets,
            units: &self.reference.units,
            precedents: &self.precedents,
        }
    }

    /// Decides the commands on one order in turn and stores intents, events and the projection, all
    /// in the caller's transaction. A refusal of any of them is a refusal of all.
    pub(crate) fn act(
        &self,
        writer: &mut Writer,
        work_order_id: &str,
        order: Option<WorkOrder>,
        commands: &[Command],
        now: DateTime<Utc>,
    ) -> Result<WorkOrder, CallError> {
        let facts = self.facts(now);
        let mut order = order;
        for command in commands {
            let base_version = order.as_ref().map_or(0, |order| order.version);
            let events = decide(order.as_ref(), command, &facts)?;
            for event in &events {
                apply(&mut order, event);
            }
            self.keep(writer, work_order_id, command, base_version, &events, now)?;
            if let Command::AnswerOnTheSpot {
                article: Some(cited),
                ..
            } = command
            {
                writer.count_kb_use(&cited.id, cited.version, KbUse::Cited, date_of(now))?;
            }
        }
        let order = order.context("No command registered the order")?;
        let n_waiting_intents = writer.count_waiting_of(work_order_id)?;
        let record = self.record(work_order_id, &order, n_waiting_intents);
        writer.put_work_order(&record, &order.matter.text)?;
        Ok(order)
    }

    fn keep(
        &self,
        writer: &mut Writer,
        work_order_id: &str,
        command: &Command,
        base_version: u32,
        events: &[Event],
        now: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        let desk_seq = writer.append_intent(&NewIntent {
            id: &new_id(),
            subject_id: work_order_id,
            command,
            actor_id: &self.operator.id,
            occurred_at: now,
            rule_set: &self.rule_sets.in_force_on(date_of(now)).id,
            base_version,
        })?;
        writer.append_events(work_order_id, desk_seq, base_version, events)?;
        Ok(())
    }

    /// The row of the list for an order.
    fn record(&self, id: &str, order: &WorkOrder, n_waiting_intents: u32) -> WorkOrderRecord {
        let matter = &order.matter;
        let unit = order.lead_unit();
        let next = order.next_limit();
        WorkOrderRecord {
            id: id.to_owned(),
            number: order.number.clone(),
            title: matter.title.clone(),
            kind: matter.kind,
            class: matter.class,
            category_id: matter.category_id.clone(),
            stage: order.stage,
            caller_name: matter.caller.name.clone(),
            phone: matter.caller.phone.clone(),
            contact_phone: matter.caller.contact_phone.clone(),
            place_text: self.reference.place_text(&matter.place),
            unit_id: unit.cloned(),
            unit_name: unit
                .map(|unit| self.reference.unit_name(unit).to_owned())
                .unwrap_or_default(),
            registered_at: order.registered_at,
            is_confidential: matter.is_confidential,
            next_limit: next.map(NextLimit::from),
            is_concluded: !order.stage.is_open(),
            operator_id: self.operator.id.clone(),
            n_waiting_intents,
        }
    }
}

/// A new identity. Its order says nothing: what came first is told by numbers.
pub(crate) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

//! The open desk: the store, the index, and the facts that decisions rest on.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use desk_store::{
    KeptCommand, MetaKey, NewIntent, Reader, Store, StoreFault, WorkOrderRecord, Writer,
    order_waits, running_limits,
};
use domain::calendar::WorkCalendar;
use domain::clock_face::date_of;
use domain::kb::usage::KbUse;
use domain::rule_set::RuleSets;
use domain::work_order::{AssignmentNumber, Event, apply, decide};
use domain::{Actor, ActorId, Command, Facts, WorkOrder};
use search::twins::Places;
use tokio::sync::broadcast;
use wire::{Hash, Story, Witness, story_hash};

use crate::app::KeySource;
use crate::clock::Clock;
use crate::dispatch_catalogue::CatalogueInUse;
use crate::early_warning::watch::Watch;
use crate::error::CallError;
use crate::kb_import::KbImports;
use crate::kb_words;
use crate::knowledge::KnowledgeIndex;
use crate::learning::{Learning, Wake};
use crate::listen::ListeningTables;
use crate::office::Office;
use crate::recall::Recall;
use crate::reference::ReferenceTables;
use crate::supervision::drawing;
use crate::sync::{Beginning, Drawing, Link, Network, Tables, read_tables};
use crate::twin_report::TwinReportDesk;
use crate::twins::Twins;
use crate::upload::Uploads;

/// The form in which commands are kept now (`wire::Witness::schema`).
const SCHEMA: u32 = 1;

/// Rows drawn in one transaction when the desk opens.
const DRAWN_AT_ONCE: u32 = 500;

/// 工作站, open. Cheap to copy: whoever swaps the person or the tables makes another.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) store: Arc<Store>,
    pub(crate) knowledge: Arc<KnowledgeIndex>,
    /// The tables of the center, or those that come with the program.
    pub(crate) tables: Arc<Tables>,
    pub(crate) reference: Arc<ReferenceTables>,
    pub(crate) twins: Arc<Twins>,
    pub(crate) listening: Arc<ListeningTables>,
    pub(crate) recall: Arc<Recall>,
    pub(crate) learning: Arc<Learning>,
    pub(crate) catalogue: Arc<CatalogueInUse>,
    pub(crate) twin_report: Arc<TwinReportDesk>,
    pub(crate) watch: Arc<Watch>,
    /// Tells the windows what changed without a call of theirs.
    pub(crate) changes: broadcast::Sender<&'static [&'static str]>,
    pub(crate) operator: Actor,
    /// The sign-in under which the operator acts; empty at a desk without a center.
    pub(crate) session: Arc<str>,
    pub(crate) key_source: KeySource,
    pub(crate) calendar: WorkCalendar,
    pub(crate) rule_sets: RuleSets,
    pub(crate) uploads: Arc<Uploads>,
    pub(crate) imports: Arc<KbImports>,
    pub(crate) link: Arc<Link>,
    clock: Arc<dyn Clock>,
}

impl Desk {
    pub(crate) fn open(
        folder: &Path,
        store: Store,
        key_source: KeySource,
        office: &Office,
        network: &Arc<dyn Network>,
    ) -> Result<(Self, Beginning), CallError> {
        let store = Arc::new(store);
        let operator = store.read(|reader| Ok(reader.meta(MetaKey::Operator)?))?;
        let operator = operator.context("The store has no operator")?;
        let tables = Arc::new(store.read(read_tables)?);
        draw_whole(&store, &tables.reference)?;
        let thesaurus = store.read(|reader| Ok(kb_words::thesaurus(reader)?))?;
        let twins = Arc::new(Twins::new(Places::new(tables.reference.place_names())));
        twins.read_ahead(&store);
        let rule_sets = RuleSets::built_in();
        drawing::draw_all(&store, &calendar_of(&tables), &rule_sets)?;
        let drawing = Drawing {
            calendar: WorkCalendar::built_in(),
            rule_sets: rule_sets.clone(),
        };
        let clock = Arc::clone(&office.clock);
        let (link, beginning) =
            Link::open(&store, &clock, network, drawing, &tables, office.weak())?;
        let changes = office.changes().clone();
        let catalogue = store.read(|reader| CatalogueInUse::open(reader, &tables.reference))?;
        let listening = Arc::new(listening_of(&tables));
        let learning = Learning::start(&store, &clock, &listening, changes.clone());
        let learner = Arc::downgrade(&learning);
        let recall = Recall::start(&store, &clock, changes.clone(), move |n_orders| {
            if let Some(learning) = learner.upgrade() {
                learning.tell(Wake::News(n_orders));
            }
        });
        let desk = Self {
            twins,
            recall,
            learning,
            listening,
            catalogue: Arc::new(catalogue),
            twin_report: Arc::default(),
            watch: Arc::default(),
            knowledge: Arc::new(KnowledgeIndex::start(
                &folder.join("index"),
                Arc::clone(&store),
                thesaurus,
                changes.clone(),
            )),
            changes,
            store,
            reference: Arc::clone(&tables.reference),
            calendar: calendar_of(&tables),
            tables,
            operator: serde_json::from_str(&operator).context("Reading the operator")?,
            session: Arc::from(""),
            key_source,
            rule_sets,
            uploads: Arc::default(),
            imports: Arc::default(),
            link: Arc::new(link),
            clock,
        };
        Ok((desk, beginning))
    }

    /// The same desk with another person at it.
    pub(crate) fn with_operator(&self, operator: Actor, session: &str) -> Self {
        Self {
            operator,
            session: Arc::from(session),
            ..self.clone()
        }
    }

    /// The same desk with the tables of the center as they are now.
    pub(crate) fn with_tables(&self, tables: Arc<Tables>) -> Self {
        let before = &self.tables.references;
        let has_new_names = before.local_names() != tables.references.local_names();
        let desk = Self {
            listening: if has_new_names {
                Arc::new(listening_of(&tables))
            } else {
                Arc::clone(&self.listening)
            },
            reference: Arc::clone(&tables.reference),
            calendar: calendar_of(&tables),
            tables,
            ..self.clone()
        };
        let operator = Office::person_now(&desk, &desk.operator);
        Self { operator, ..desk }
    }

    /// 起草人 of what is begun now: nobody at a desk without sign-in.
    pub(crate) fn draft_owner(&self) -> &str {
        if self.link.is_enrolled() {
            &self.operator.id.0
        } else {
            ""
        }
    }

    /// 陈晓梅 1001 for the person at the desk and whomever the center knows, else the number.
    pub(crate) fn person_text(&self, person: &ActorId) -> String {
        if *person == self.operator.id {
            return format!("{} {}", self.operator.name, person.0);
        }
        let staff = self.tables.references.staff();
        match staff.iter().find(|member| member.actor.id == *person) {
            Some(member) => format!("{} {}", member.actor.name, person.0),
            None => person.0.clone(),
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
            precedents: self.tables.references.precedents(),
        }
    }

    /// 当时所见, for an intent that is given now. `seen`: the hash of the story that was there.
    pub(crate) fn witness(&self, seen: Option<Hash>, round: Option<AssignmentNumber>) -> Witness {
        Witness {
            schema: SCHEMA,
            session: self.session.to_string(),
            seen_hash: seen,
            round,
            skew_ms: self.link.known().skew_ms,
            uptime: Some(self.link.moment()),
        }
    }

    /// Keeps a command as the next intent of this desk, in the caller's transaction; tells its number.
    pub(crate) fn keep_intent(
        &self,
        writer: &mut Writer,
        subject_id: &str,
        command: &impl KeptCommand,
        base_version: u32,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreFault> {
        let witness = self.witness(None, None);
        self.keep_witnessed_intent(writer, subject_id, (command, &witness), base_version, now)
    }

    fn keep_witnessed_intent(
        &self,
        writer: &mut Writer,
        subject_id: &str,
        (command, witness): (&impl KeptCommand, &Witness),
        base_version: u32,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreFault> {
        let intent = NewIntent {
            id: &new_id(),
            subject_id,
            command,
            actor_id: &self.operator.id,
            occurred_at: now,
            rule_set: &self.rule_sets.in_force_on(date_of(now)).id,
            base_version,
        };
        writer.append_witnessed_intent(&intent, Some(witness))
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
        if writer.is_unread(work_order_id)? {
            return Err(CallError::Unread);
        }
        let facts = self.facts(now);
        let mut seen = seen_story(writer, work_order_id)?;
        let mut order = order;
        for command in commands {
            let base_version = order.as_ref().map_or(0, |order| order.version);
            let round = order.as_ref().map(round_of);
            let events = decide(order.as_ref(), command, &facts)?;
            for event in &events {
                apply(&mut order, event);
            }
            let witness = self.witness(seen, round);
            self.keep(
                writer,
                work_order_id,
                command,
                base_version,
                (&events, &witness),
                now,
            )?;
            for event in events {
                seen = Some(hash_on(seen, event)?);
            }
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
        let row = order_row(&self.reference, work_order_id, &order, n_waiting_intents);
        writer.put_work_order(&row, &order.matter.text)?;
        let (calendar, rule_sets) = (&self.calendar, &self.rule_sets);
        drawing::draw(writer, work_order_id, &order, calendar, rule_sets)?;
        Ok(order)
    }

    fn keep(
        &self,
        writer: &mut Writer,
        work_order_id: &str,
        command: &Command,
        base_version: u32,
        (events, witness): (&[Event], &Witness),
        now: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        let told = (command, witness);
        let desk_seq =
            self.keep_witnessed_intent(writer, work_order_id, told, base_version, now)?;
        writer.append_events(work_order_id, desk_seq, base_version, events)?;
        Ok(())
    }
}

fn listening_of(tables: &Tables) -> ListeningTables {
    ListeningTables::of(&tables.reference, tables.references.local_names())
}

/// By which days are counted: the program's own calendar, and what was announced since.
fn calendar_of(tables: &Tables) -> WorkCalendar {
    tables
        .references
        .calendar(&WorkCalendar::built_in())
        .clone()
}

/// Draws the rows anew that an earlier program left without all that stands beside them.
fn draw_whole(store: &Store, reference: &ReferenceTables) -> Result<(), CallError> {
    loop {
        let ids = store.read(|reader| Ok(reader.orders_to_draw(DRAWN_AT_ONCE)?))?;
        if ids.is_empty() {
            return Ok(());
        }
        store.commit(|writer| -> Result<(), CallError> {
            for id in &ids {
                let order = writer.load_work_order(id)?;
                let order = order.context("A row without an order")?;
                let n_waiting = writer.count_waiting_of(id)?;
                let row = order_row(reference, id, &order, n_waiting);
                writer.put_work_order(&row, &order.matter.text)?;
            }
            Ok(())
        })?;
    }
}

/// The row of the list for an order.
pub(crate) fn order_row(
    reference: &ReferenceTables,
    id: &str,
    order: &WorkOrder,
    n_waiting_intents: u32,
) -> WorkOrderRecord {
    let matter = &order.matter;
    let unit = order.lead_unit();
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
        place_text: reference.place_text(&matter.place),
        unit_id: unit.cloned(),
        unit_name: unit
            .map(|unit| reference.unit_name(unit).to_owned())
            .unwrap_or_default(),
        registered_at: order.registered_at,
        is_confidential: matter.is_confidential,
        limits: running_limits(order),
        waits: order_waits(order),
        is_concluded: !order.stage.is_open(),
        operator_id: order.registered_by.clone(),
        n_waiting_intents,
    }
}

/// The hash of the story that was on the screen, event by event, so that it does not matter by which
/// intents they came; `None` for what is not there yet.
pub(crate) fn seen_story(reader: &Reader, work_order_id: &str) -> anyhow::Result<Option<Hash>> {
    let mut seen = None;
    for stored in reader.events_of(work_order_id)? {
        seen = Some(hash_on(seen, stored.event)?);
    }
    Ok(seen)
}

fn hash_on(before: Option<Hash>, event: Event) -> anyhow::Result<Hash> {
    let before = before.unwrap_or(Hash::CHAIN_START);
    Ok(story_hash(before, &Story::from(vec![event]))?)
}

/// 轮次 as the person saw it.
fn round_of(order: &WorkOrder) -> AssignmentNumber {
    let last = order.assignments.last();
    last.map_or(AssignmentNumber(0), |assignment| assignment.number)
}

/// A new identity. Its order says nothing: what came first is told by numbers.
pub(crate) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

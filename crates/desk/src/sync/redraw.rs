//! Drawing anew what a change of the feed touches: what is confirmed, and on top of it what the
//! desk's own waiting intents make of it. All of it inside the transaction of the change.

use std::sync::Arc;

use desk_store::{StoreFault, StoredArticle, Touched, Writer};
use desk_sync::{Pending, view};
use domain::WorkOrder;
use domain::assessment::SchemeRecord;
use domain::calendar::WorkCalendar;
use domain::kb::task::KbTask;
use domain::kb::{KbArticleId, KbHolding, KbRecord};
use domain::rule_set::RuleSets;
use domain::supervision::SupervisoryCase;
use wire::{
    Act, DISPATCH_CATALOGUE, EntryBody, Ground, Reference, References, StaffMember, Story, Subject,
    TallyKind, is_dossier, is_early_warning,
};

use super::folding::{Confirmed, Folding, Parts};
use crate::desk::order_row;
use crate::reference::ReferenceTables;
use crate::supervision;
use crate::text;

/// What is drawn by, but for the tables of the center.
pub(crate) struct Drawing {
    /// As it comes with the program; the center may have announced more.
    pub(crate) calendar: WorkCalendar,
    pub(crate) rule_sets: RuleSets,
}

/// The tables as the feed has them; those that come with the program where it has none.
pub(crate) struct Tables {
    pub(crate) references: References,
    pub(crate) reference: Arc<ReferenceTables>,
}

impl Tables {
    /// Reads them off the feed. `alone`: who worked here before the center knew anybody.
    pub(crate) fn read(reader: &desk_store::Reader, alone: &[StaffMember]) -> anyhow::Result<Self> {
        let mut references = References::default();
        let mut units = ReferenceTables::built_in_units()?;
        references.change(&Reference::Units(units.clone()));
        references.change(&Reference::Staff(alone.to_vec()));
        for entry in reader.news()? {
            // What this program cannot read yet waits for its update.
            if let Ok(EntryBody::ReferenceChanged { reference }) = entry.read() {
                references.change(&reference);
                if let Reference::Units(of_center) = reference {
                    units = of_center;
                }
            }
        }
        Ok(Self {
            references,
            reference: Arc::new(ReferenceTables::with_units(units)?),
        })
    }
}

/// Its events, as those of one kind of subject; the drawn one has no others.
macro_rules! parts_of {
    ($parts:expr, $variant:ident) => {{
        let mut of_kind = Vec::new();
        for (desk_seq, story) in $parts {
            if let Story::$variant(events) = story {
                of_kind.push((*desk_seq, events.as_slice()));
            }
        }
        of_kind
    }};
}

impl Drawing {
    /// Draws what was touched, by the store.
    pub(super) fn redraw(
        &self,
        writer: &mut Writer,
        touched: &mut Touched,
        tables: &Tables,
    ) -> Result<(), StoreFault> {
        self.redraw_parts(writer, touched, &mut Folding::new(), tables)
    }

    /// Draws what was touched, and of the orders that parts tell of those of which nothing was told for long.
    pub(super) fn redraw_parts(
        &self,
        writer: &mut Writer,
        touched: &mut Touched,
        folding: &mut Folding,
        tables: &Tables,
    ) -> Result<(), StoreFault> {
        folding.take(writer, std::mem::take(&mut touched.taken))?;
        let mut subjects = touched.subjects.clone();
        if touched.references {
            // Who may do what has changed, and with it what waiting intents will come to.
            subjects.extend(writer.waiting_subjects()?);
            let reference = &tables.reference;
            writer.rename_units(|unit| reference.unit_name(unit).to_owned())?;
        }
        for subject in &subjects {
            match folding.give(subject).filter(|_| !touched.is_redacted) {
                Some(confirmed) => self.draw_confirmed(writer, subject, confirmed, tables)?,
                None => self.draw(writer, subject, tables)?,
            }
        }
        while let Some((id, confirmed)) = folding.next_over() {
            self.draw_confirmed(writer, &id, confirmed, tables)?;
            writer.note_drawn(&id)?;
        }
        Ok(())
    }

    /// Draws one order, article, task, case, scheme, dossier or early warning, or the dispatch catalogue.
    pub(super) fn draw(
        &self,
        writer: &mut Writer,
        id: &str,
        tables: &Tables,
    ) -> Result<(), StoreFault> {
        let confirmed = Confirmed::read(writer, id)?;
        self.draw_confirmed(writer, id, confirmed, tables)
    }

    fn draw_confirmed(
        &self,
        writer: &mut Writer,
        id: &str,
        confirmed: Confirmed,
        tables: &Tables,
    ) -> Result<(), StoreFault> {
        let Confirmed {
            mut subject,
            told,
            is_unread,
            mut parts,
        } = confirmed;
        let kind = subject.as_ref().map(TallyKind::from);
        writer.count_drawn(id, kind.zip(told))?;
        writer.mark_unread(id, is_unread)?;
        let n_confirmed = match &subject {
            Some(Subject::Order(order)) => order.version,
            Some(_) | None => 0,
        };
        if !is_unread {
            subject = self.on_top(writer, id, subject, &mut parts, tables)?;
        }
        match subject {
            Some(Subject::Order(order)) => {
                let waiting = parts_of!(&parts, Order);
                writer.replace_waiting_events(id, n_confirmed, &waiting)?;
                draw_order(writer, id, &order, tables)?;
                let calendar = tables.references.calendar(&self.calendar);
                supervision::drawing::draw(writer, id, &order, calendar, &self.rule_sets)
            }
            Some(Subject::Article(record)) => draw_article(writer, &record, &parts),
            Some(Subject::Task(task)) => draw_task(writer, &task, &parts),
            Some(Subject::Case(case)) => draw_case(writer, &case, &parts),
            Some(Subject::Catalogue(_)) => draw_catalogue(writer, &parts),
            Some(Subject::Assessment(record)) => draw_assessment(writer, &record, &parts),
            Some(Subject::Dossier(_)) => draw_dossier(writer, id, &parts),
            Some(Subject::EarlyWarning(_)) => draw_early_warning(writer, id, &parts),
            None => take_out(writer, id),
        }
    }

    /// What the waiting intents make of it.
    fn on_top(
        &self,
        writer: &Writer,
        id: &str,
        confirmed: Option<Subject>,
        parts: &mut Parts,
        tables: &Tables,
    ) -> Result<Option<Subject>, StoreFault> {
        let mut pending = Vec::new();
        for envelope in writer.waiting_of(id)? {
            // What stays at the desk, such as what is said of a gap, is drawn elsewhere.
            if let Ok(act) = Act::read(&envelope) {
                pending.push(Pending { envelope, act });
            }
        }
        let ground = Ground {
            references: &tables.references,
            calendar: tables.references.calendar(&self.calendar),
            rule_sets: &self.rule_sets,
        };
        let seen = view(id, confirmed, &pending, ground);
        for (intent, story) in seen.provisional {
            let of_intent = pending.iter().find(|it| it.envelope.id == intent);
            let desk_seq = of_intent.map_or(0, |it| it.envelope.number);
            parts.push((desk_seq, story));
        }
        Ok(seen.subject)
    }
}

fn draw_order(
    writer: &mut Writer,
    id: &str,
    order: &WorkOrder,
    tables: &Tables,
) -> Result<(), StoreFault> {
    let n_waiting = writer.count_waiting_of(id)?;
    let mut row = order_row(&tables.reference, id, order, n_waiting);
    // It was not taken out for good: the center has it.
    if writer.is_put_away(id)? {
        text::PUT_AWAY.clone_into(&mut row.title);
    }
    writer.put_work_order(&row, &order.matter.text)
}

fn draw_article(writer: &mut Writer, record: &KbRecord, parts: &Parts) -> Result<(), StoreFault> {
    let story = parts_of!(parts, Article);
    writer.replace_kb_events(&record.id, &story)?;
    writer.put_kb_row(record)?;
    publish_as_recorded(writer, record)
}

/// Brings what is searched and read to what the record says.
fn publish_as_recorded(writer: &mut Writer, record: &KbRecord) -> Result<(), StoreFault> {
    let stored = writer.article(&record.id)?;
    let in_use = match (record.article(), record.current(), &record.holding) {
        (Some(article), Some(version), KbHolding::InUse) => Some((article, version.number)),
        (_, _, _) => None,
    };
    match (in_use, stored) {
        (Some((article, version)), stored) => {
            let is_there = stored
                .as_ref()
                .is_some_and(|it| it.article == article && it.version == version);
            if !is_there {
                writer.put_article(&StoredArticle {
                    article,
                    version,
                    is_sample: false,
                })?;
            }
        }
        (None, Some(stored)) if !(stored.is_sample && record.current().is_none()) => {
            writer.remove_article(&record.id)?;
        }
        (None, Some(_) | None) => {}
    }
    Ok(())
}

fn draw_task(writer: &mut Writer, task: &KbTask, parts: &Parts) -> Result<(), StoreFault> {
    let story = parts_of!(parts, Task);
    writer.replace_kb_task_events(&task.number, &story)?;
    writer.put_kb_task(task)
}

fn draw_case(writer: &mut Writer, case: &SupervisoryCase, parts: &Parts) -> Result<(), StoreFault> {
    let story = parts_of!(parts, Case);
    writer.replace_supervisory_events(&case.number, &story)?;
    writer.put_supervisory_case(case)
}

fn draw_catalogue(writer: &mut Writer, parts: &Parts) -> Result<(), StoreFault> {
    let story = parts_of!(parts, Catalogue);
    writer.replace_catalogue_events(&story)
}

fn draw_assessment(
    writer: &mut Writer,
    record: &SchemeRecord,
    parts: &Parts,
) -> Result<(), StoreFault> {
    let story = parts_of!(parts, Assessment);
    writer.replace_assessment_events(&record.number, &story)?;
    writer.put_assessment(record)
}

fn draw_dossier(writer: &mut Writer, subject: &str, parts: &Parts) -> Result<(), StoreFault> {
    let story = parts_of!(parts, Dossier);
    writer.replace_dossier_events(subject, &story)
}

fn draw_early_warning(writer: &mut Writer, subject: &str, parts: &Parts) -> Result<(), StoreFault> {
    let story = parts_of!(parts, EarlyWarning);
    writer.replace_early_warning_events(subject, &story)
}

/// Nothing is left of it: what began it was not taken.
fn take_out(writer: &mut Writer, id: &str) -> Result<(), StoreFault> {
    if id == DISPATCH_CATALOGUE {
        return writer.replace_catalogue_events(&[]);
    }
    if is_dossier(id) {
        return writer.replace_dossier_events(id, &[]);
    }
    if is_early_warning(id) {
        return writer.replace_early_warning_events(id, &[]);
    }
    writer.remove_work_order(id)?;
    writer.remove_kb_task(id)?;
    writer.remove_supervisory_case(id)?;
    writer.remove_assessment(id)?;
    let article = KbArticleId(id.to_owned());
    if writer.has_kb_record(&article)? {
        writer.remove_kb_record(&article)?;
        if writer.article(&article)?.is_some_and(|it| !it.is_sample) {
            writer.remove_article(&article)?;
        }
    }
    Ok(())
}

// What is being written, by article. It stays here while somebody looks at something else; leaving
// the page or another editor's quicker hand loses nothing.
import { reactive } from "vue";
import type { KbForm, KbRecordDetail, Reference } from "../../backend/generated";

/** The key of an article that has no id yet. */
export const NEW = "";

export type Writing = {
  form: KbForm;
  /** The draft's revision that was open when the writing began; 0 for none. */
  baseRevision: number;
  baseVersion: number;
  /** As it was when the writing began, to tell whether anything was changed. */
  before: string;
};

export const writings = reactive(new Map<string, Writing>());

export function isChanged(id: string): boolean {
  const writing = writings.get(id);
  return writing !== undefined && JSON.stringify(writing.form) !== writing.before;
}

export function emptyForm(template: string, reference: Reference | null): KbForm {
  const sections = reference?.kb_templates.find(({ id }) => id === template)?.sections ?? [];
  return {
    template,
    title: "",
    questions: [],
    answer: "",
    sections: sections.map((label) => ({ label, text: "" })),
    internal_note: "",
    unit: "",
    unit_id: "",
    responsible_person: "",
    source: "",
    category_id: "",
    township_code: "",
    valid_from: "",
    valid_until: "",
    next_review_on: "",
  };
}

function begin(id: string, form: KbForm, baseRevision: number, baseVersion: number): Writing {
  const copy = JSON.parse(JSON.stringify(form)) as KbForm;
  const writing = { form: copy, baseRevision, baseVersion, before: JSON.stringify(copy) };
  writings.set(id, writing);
  // The map's own, so that what is typed is seen.
  return writings.get(id) ?? writing;
}

export const beginNew = (template: string, reference: Reference | null): Writing => begin(NEW, emptyForm(template, reference), 0, 0);

/** The writing under way on a record, or a new one from its draft or the version in force. */
export function writingOf(record: KbRecordDetail): Writing | null {
  const open = writings.get(record.id);
  if (open && isChanged(record.id)) return open;
  const { draft, versions } = record;
  const form = draft?.form ?? versions[0]?.form;
  if (!form) return null;
  const writing = { baseRevision: draft?.revision ?? 0, baseVersion: versions[0]?.number ?? 0 };
  if (open && open.baseRevision === writing.baseRevision && open.before === JSON.stringify(form)) return open;
  return begin(record.id, form, writing.baseRevision, writing.baseVersion);
}

/** Adds the sections a template asks for and the form does not have. */
export function withSections(form: KbForm, reference: Reference | null): void {
  for (const { label } of emptyForm(form.template, reference).sections) {
    if (!form.sections.some((section) => section.label === label)) form.sections.push({ label, text: "" });
  }
}

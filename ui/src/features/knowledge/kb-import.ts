// An import under way. It stays here while somebody looks at something else: files that were chosen
// and rows that were decided are not lost by leaving the page.
import { computed, reactive } from "vue";
import { call, receive, toBackendError } from "../../backend/backend";
import type { Handed, KbImportChoice, KbImportPreview, KbImportRow, KbImportSource, KbRowChoice, KbSourceChoice } from "../../backend/generated";
import { upload, type NamedFile } from "../../backend/upload";

type Import = {
  uploadId: string;
  /** From 0 to 1 while files are on their way. */
  progress: number | null;
  preview: KbImportPreview | null;
  /** How sources are read, where a person has chosen; by `sourceKey`. */
  sources: Map<string, KbSourceChoice>;
  /** What a person has chosen, by row. */
  choices: Map<number, KbImportChoice>;
  isBusy: boolean;
  refusal: string;
  /** What an import that is done has to say. */
  done: string;
  handed: Handed | null;
};

const nothing = (): Import => ({ uploadId: "", progress: null, preview: null, sources: new Map(), choices: new Map(), isBusy: false, refusal: "", done: "", handed: null });

export const importing = reactive<Import>(nothing());
let sending = new AbortController();

export const CHOICE_TEXTS: Record<KbImportChoice, string> = { new: "新草稿", change: "改入已有条目", beside: "另存修改稿", skip: "跳过" };

export const sourceKey = ({ file, sheet }: Pick<KbImportSource, "file" | "sheet">): string => `${file}\n${sheet}`;
export const choiceOf = (row: KbImportRow): KbImportChoice => importing.choices.get(row.row) ?? row.choices[0] ?? "skip";

export const nToImport = computed(() => (importing.preview?.rows ?? []).filter((row) => choiceOf(row) !== "skip").length);
/** Rows for the sheet of errors, as the core will write it. */
export const nFaulty = computed(() => (importing.preview?.rows ?? []).filter((row) => row.faults.length > 0 || (row.missing.length > 0 && row.state !== "same" && choiceOf(row) === "skip")).length);

const chosen = (): KbRowChoice[] => [...importing.choices].map(([row, choice]) => ({ row, choice }));

async function tryTo(act: () => Promise<void>): Promise<void> {
  if (importing.isBusy) return;
  importing.isBusy = true;
  importing.refusal = "";
  importing.handed = null;
  try {
    await act();
  } catch (thrown) {
    if (!(thrown instanceof DOMException && thrown.name === "AbortError")) importing.refusal = toBackendError(thrown).message;
  } finally {
    importing.isBusy = false;
    importing.progress = null;
  }
}

/** Throws what was chosen away and begins anew. */
export function startOver(): void {
  sending.abort();
  const { uploadId } = importing;
  Object.assign(importing, nothing());
  // Forgetting it sooner only saves memory; the core forgets by itself.
  if (uploadId !== "") void call("drop_upload", { upload_id: uploadId }).catch(() => undefined);
}

export function take(files: readonly NamedFile[]): Promise<void> {
  if (files.length === 0) return Promise.resolve();
  return tryTo(async () => {
    sending = new AbortController();
    const { signal } = sending;
    importing.progress = 0;
    importing.done = "";
    const uploadId = await upload(files, (part) => (importing.progress = signal.aborted ? null : part), signal);
    Object.assign(importing, { uploadId, sources: new Map(), choices: new Map(), preview: null });
    await look();
  });
}

async function look(): Promise<void> {
  importing.preview = await call("kb_import_preview", { upload_id: importing.uploadId, sources: [...importing.sources.values()] });
  importing.choices.clear();
}

/** Reads a source another way and looks again; what was chosen for the rows is asked anew. */
export function readAs(source: KbImportSource, change: Partial<Omit<KbSourceChoice, "file" | "sheet">>): Promise<void> {
  if (importing.isBusy) return Promise.resolve();
  const key = sourceKey(source);
  const before = importing.sources.get(key) ?? { file: source.file, sheet: source.sheet, keys: null, template: null, level: null };
  importing.sources.set(key, { ...before, ...change });
  return tryTo(look);
}

export function choose(row: KbImportRow, choice: KbImportChoice): void {
  if (row.choices.includes(choice)) importing.choices.set(row.row, choice);
}

export function runImport(): Promise<void> {
  const { preview } = importing;
  if (preview === null || preview.refusal !== null || nToImport.value === 0) return Promise.resolve();
  return tryTo(async () => {
    try {
      const { message } = await call("kb_import_run", { upload_id: importing.uploadId, preview_no: preview.preview_no, choices: chosen() });
      importing.done = message;
    } finally {
      // What was refused has changed meanwhile; what was done has too.
      await look();
    }
  });
}

export function saveErrors(): Promise<void> {
  const { preview } = importing;
  if (preview === null) return Promise.resolve();
  return hand(() => call("kb_import_errors", { upload_id: importing.uploadId, preview_no: preview.preview_no, choices: chosen() }));
}

export const saveTemplate = (template: string): Promise<void> => hand(() => call("kb_import_template", { template }));

function hand(make: () => Promise<Handed>): Promise<void> {
  return tryTo(async () => {
    const handed = await make();
    await receive(handed);
    importing.handed = handed;
  });
}

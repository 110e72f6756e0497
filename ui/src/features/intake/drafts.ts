// All drafts of this desk, several at once. Every change is on disk within a third of a second;
// when the disk refuses, the window says so, keeps the text and keeps trying.
import { computed, inject, provide, reactive, ref, watch, type ComputedRef, type InjectionKey, type Ref } from "vue";
import { call, toBackendError, type BackendError } from "../../backend/backend";
import type { Heard, Intake, KbFeedback, RepeatOf, SearchedInCall } from "../../backend/generated";
import { debounce } from "../../shared/debounce";
import { newForms, type OutcomeForms, type StripType } from "../outcome/outcome";
import { newDossierForm, type DossierForm } from "../caller/dossier";
import { choicesOf, type Choices } from "./choices";
import { isBlank, newIntake } from "./intake";

export const SAVE_WAIT_MS = 300;
export const RETRY_WAIT_MS = 3000;

export type SaveState = "blank" | "saved" | "unsaved" | "failed";

export type LocalDraft = {
  readonly id: string;
  body: Intake;
  saveState: SaveState;
  savedAt: number | null;
  /** When the call began: the first key typed, or F2. Null for what was restored. */
  startedAt: number | null;
  forms: OutcomeForms;
  openStrip: StripType | null;
  /** The article a person opened; null follows the text. */
  pinnedArticleId: string | null;
  knowledgeText: string;
  /** What the call-taker said of the answer to that search. */
  feedback: KbFeedback | null;
  choices: Choices;
  /** 异常来电, opened by F10 in the place of an outcome. */
  dossier: DossierForm;
  hasDossier: boolean;
  /** 是不是这些: the earlier order that this matter repeats, as a person has said. */
  repeat: RepeatOf | null;
  /** Counts the questions that `listen` was asked of this draft. */
  revision: number;
  /** What was heard last, and in which text. */
  heard: Heard | null;
  heardText: string;
};

/** Writes one draft, one request at a time, until what is on disk is what is in the window. */
type Saver = {
  changed: () => void;
  flush: () => void;
  /** Until what is in the window is on disk, or the disk has refused. */
  settle: () => Promise<void>;
  /** Stops writing and waits for the request under way; answers how to go on. */
  hold: () => Promise<() => void>;
  /** Never writes again. */
  end: () => void;
};

export type Drafts = {
  drafts: LocalDraft[];
  current: ComputedRef<LocalDraft>;
  saveError: Ref<BackendError | null>;
  load: () => Promise<void>;
  /** Opens a draft that the core has made: that of a call which rings. */
  take: (id: string) => Promise<void>;
  open: (id: string) => void;
  /** Opens the next (1) or previous (-1) draft. */
  step: (by: 1 | -1) => void;
  startNew: () => LocalDraft;
  discard: (id: string) => Promise<void>;
  flush: () => void;
  /** Until everything typed is on disk; throws where the disk refuses. For whoever leaves the desk. */
  settle: () => Promise<void>;
  /** Runs `submit` while nothing is written; on success the draft is gone and a fresh one is open. */
  submit: <T>(id: string, submit: (body: Intake) => Promise<T>) => Promise<T>;
};

/** What the search box of the knowledge says when a call ends. What was marked as not solved is told already. */
export function searchedIn({ knowledgeText, feedback }: LocalDraft): SearchedInCall | null {
  const text = knowledgeText.trim();
  return text === "" || feedback === "unsolved" ? null : { text, has_helped: feedback === "helped" };
}

function localDraft(id: string, body: Intake, saveState: SaveState): LocalDraft {
  return reactive({
    id,
    body,
    saveState,
    savedAt: null,
    startedAt: null,
    forms: newForms(),
    openStrip: null,
    pinnedArticleId: null,
    knowledgeText: "",
    feedback: null,
    choices: choicesOf(body),
    dossier: newDossierForm(),
    hasDossier: false,
    repeat: null,
    revision: 0,
    heard: null,
    heardText: "",
  });
}

export function createDrafts(): Drafts {
  const drafts = reactive<LocalDraft[]>([]);
  const currentId = ref("");
  const saveError = ref<BackendError | null>(null);
  const savers = new Map<string, Saver>();

  function createSaver(draft: LocalDraft): Saver {
    let lastSaved = JSON.stringify(draft.body);
    let inFlight: Promise<void> | null = null;
    let isHeld = false;
    const later = debounce(() => void write(), SAVE_WAIT_MS);
    const retry = debounce(() => void write(), RETRY_WAIT_MS);

    async function write(): Promise<void> {
      if (isHeld || inFlight !== null) return;
      const text = JSON.stringify(draft.body);
      if (text === lastSaved) return;
      inFlight = send(text);
      await inFlight;
      inFlight = null;
      if (draft.saveState === "unsaved") later.later();
    }

    async function send(text: string): Promise<void> {
      try {
        const { saved_at } = await call("save_draft", { id: draft.id, body: JSON.parse(text) as Intake });
        lastSaved = text;
        draft.savedAt = saved_at;
        draft.saveState = JSON.stringify(draft.body) === text ? "saved" : "unsaved";
        if (!drafts.some((other) => other.saveState === "failed")) saveError.value = null;
      } catch (thrown) {
        draft.saveState = "failed";
        saveError.value = toBackendError(thrown);
        if (!isHeld) retry.later();
      }
    }

    const stop = watch(
      () => draft.body,
      () => {
        if (JSON.stringify(draft.body) === lastSaved) return;
        draft.startedAt ??= Date.now();
        if (draft.saveState !== "failed") draft.saveState = "unsaved";
        later.later();
      },
      { deep: true, flush: "sync" },
    );
    return {
      changed: () => later.later(),
      flush() {
        later.cancel();
        void write();
      },
      async settle() {
        later.cancel();
        if (inFlight !== null) await inFlight;
        await write();
      },
      async hold() {
        isHeld = true;
        later.cancel();
        retry.cancel();
        if (inFlight !== null) await inFlight;
        return () => {
          isHeld = false;
          later.later();
        };
      },
      end() {
        isHeld = true;
        later.cancel();
        retry.cancel();
        stop();
      },
    };
  }

  function add(draft: LocalDraft): LocalDraft {
    drafts.push(draft);
    const kept = drafts[drafts.length - 1] as LocalDraft;
    savers.set(kept.id, createSaver(kept));
    return kept;
  }

  function remove(id: string): void {
    savers.get(id)?.end();
    savers.delete(id);
    const index = drafts.findIndex((draft) => draft.id === id);
    if (index >= 0) drafts.splice(index, 1);
    if (!drafts.some((draft) => draft.saveState === "failed")) saveError.value = null;
  }

  const fresh = (): LocalDraft => add(localDraft(crypto.randomUUID(), newIntake(), "blank"));
  currentId.value = fresh().id;

  const current = computed<LocalDraft>(() => {
    const draft = drafts.find(({ id }) => id === currentId.value) ?? drafts[0];
    if (!draft) throw new Error("There is always one draft: removing the last opens a fresh one");
    return draft;
  });

  /** A blank draft that was never saved leaves no trace when another one is opened. */
  function dropIfBlank(draft: LocalDraft): void {
    if (drafts.length > 1 && draft.saveState === "blank" && isBlank(draft.body)) remove(draft.id);
  }

  function open(id: string): void {
    if (id === currentId.value || !drafts.some((draft) => draft.id === id)) return;
    const left = current.value;
    savers.get(left.id)?.flush();
    currentId.value = id;
    dropIfBlank(left);
  }

  function startNew(): LocalDraft {
    const left = current.value;
    if (left.saveState === "blank" && isBlank(left.body)) {
      left.startedAt = Date.now();
      return left;
    }
    savers.get(left.id)?.flush();
    const draft = fresh();
    draft.startedAt = Date.now();
    currentId.value = draft.id;
    return draft;
  }

  /** Those that the core keeps and the window does not know yet, the oldest first. */
  async function restore(wants: (id: string) => boolean): Promise<LocalDraft[]> {
    const stored = await call("drafts", null);
    const known = new Set(drafts.map(({ id }) => id));
    const restored = stored.filter(({ id }) => !known.has(id) && wants(id)).sort((a, b) => a.updated_at - b.updated_at);
    return restored.map(({ id, body, updated_at }) => {
      const draft = add(localDraft(id, body, "saved"));
      draft.savedAt = updated_at;
      return draft;
    });
  }

  return {
    drafts,
    current,
    saveError,
    open,
    startNew,
    async load() {
      const before = current.value;
      const restored = await restore(() => true);
      const newest = restored[restored.length - 1];
      // Whoever began to type before the drafts were here goes on with that.
      if (newest && isBlank(before.body)) open(newest.id);
    },
    async take(wanted) {
      const [taken] = await restore((id) => id === wanted);
      if (taken) taken.startedAt = Date.now();
      open(wanted);
    },
    step(by) {
      const index = drafts.findIndex(({ id }) => id === currentId.value);
      const next = drafts[(index + by + drafts.length) % drafts.length];
      if (next) open(next.id);
    },
    async discard(id) {
      const release = await savers.get(id)?.hold();
      try {
        await call("discard_draft", { id });
      } catch (thrown) {
        release?.();
        throw thrown;
      }
      if (drafts.length === 1) currentId.value = fresh().id;
      else if (currentId.value === id) currentId.value = (drafts.find((draft) => draft.id !== id) as LocalDraft).id;
      remove(id);
    },
    flush() {
      for (const saver of savers.values()) saver.flush();
    },
    async settle() {
      await Promise.all([...savers.values()].map((saver) => saver.settle()));
      if (saveError.value !== null) throw saveError.value;
    },
    async submit(id, submit) {
      const draft = drafts.find((candidate) => candidate.id === id);
      const saver = savers.get(id);
      if (!draft || !saver) throw new Error("Only an open draft can be submitted");
      const release = await saver.hold();
      try {
        const result = await submit(JSON.parse(JSON.stringify(draft.body)) as Intake);
        if (currentId.value === id) currentId.value = fresh().id;
        remove(id);
        return result;
      } catch (thrown) {
        release();
        throw thrown;
      }
    },
  };
}

const DRAFTS: InjectionKey<Drafts> = Symbol("drafts");

export function provideDrafts(): Drafts {
  const drafts = createDrafts();
  provide(DRAFTS, drafts);
  return drafts;
}

export function useDrafts(): Drafts {
  const drafts = inject(DRAFTS);
  if (!drafts) throw new Error("useDrafts outside a ready window: the shell provides it");
  return drafts;
}

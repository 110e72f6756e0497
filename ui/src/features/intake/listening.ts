// 倾听: asks after each key and when a composition ends, and fills in what comes back.
// An answer stands until that to a newer text is there; one that a newer question overtook is dropped. The draft
// it was asked for keeps the last answer, so that it stands there at once when the call-taker comes back to it.
import { markRaw, ref, shallowRef, watch, type Ref } from "vue";
import { useQuery, type Query } from "../../backend/query";
import type { Heard, Listen } from "../../backend/generated";
import { oneAtATime } from "../../shared/one-at-a-time";
import { fill, type Field } from "./choices";
import type { Drafts } from "./drafts";
import { question, suggestedBy } from "./heard";

/** One character says nothing yet. */
const MIN_CHARACTERS = 2;

export type Listening = {
  query: Query<Heard>;
  /** The field that has the focus: nothing moves in it. */
  held: Ref<Field | null>;
  now: () => void;
};

export function useListening({ current }: Drafts): Listening {
  const asked = shallowRef<Listen | "skip">("skip");
  const held = ref<Field | null>(null);
  const query = useQuery("listen", () => asked.value);

  /** All that the answer depends on; what filled itself is not among it. */
  const said = (): string => JSON.stringify(question(current.value.body, current.value.choices));

  function ask(): void {
    const draft = current.value;
    draft.revision += 1;
    const isTold = [...draft.body.text.trim()].length >= MIN_CHARACTERS;
    asked.value = isTold ? { revision: draft.revision, draft_id: draft.id, ...question(draft.body, draft.choices) } : "skip";
    if (!isTold) hear(null, "");
  }

  function hear(heard: Heard | null, text: string): void {
    const draft = current.value;
    draft.heard = heard && markRaw(heard);
    draft.heardText = text;
    fill(draft.body, draft.choices, suggestedBy(heard), held.value);
  }

  const asking = oneAtATime(ask, query.isLoading);
  // At once, so that what a composition brought is not asked again after it was asked.
  watch(said, asking.soon, { flush: "sync" });
  watch(() => current.value.id, asking.now, { immediate: true });
  watch(query.value, (heard) => {
    const last = asked.value;
    if (heard === null || last === "skip") return;
    if (last.draft_id === current.value.id && heard.revision === current.value.revision) hear(heard, last.intake.text);
  });
  // What was held back while a person was in the field comes when they leave it.
  watch(held, () => {
    const { body, choices, heard } = current.value;
    fill(body, choices, suggestedBy(heard), held.value);
  });
  return { query, held, now: asking.now };
}

// A small query cache: a query shows what it knew at once, asks again when a tag it provides is
// announced, and the answer to an older question never overwrites the answer to a newer one.
import { getCurrentScope, onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from "vue";
import { call, onTags, tagsMeet, toBackendError, type BackendError, type CallName, type Request, type Response } from "./backend";
import { PROVIDES } from "./generated";

/** Answers kept for coming back to a page; the oldest go first. */
const MAX_CACHED_ANSWERS = 120;
const answers = new Map<string, unknown>();

const keyOf = (name: CallName, request: unknown): string => `${name} ${JSON.stringify(request)}`;

function keep(key: string, value: unknown): void {
  answers.delete(key);
  answers.set(key, value);
  if (answers.size <= MAX_CACHED_ANSWERS) return;
  const oldest = answers.keys().next();
  if (!oldest.done) answers.delete(oldest.value);
}

/** Forgets what the announced tags made stale. Runs before any query asks again. */
onTags((changed) => {
  for (const key of [...answers.keys()]) {
    const name = key.slice(0, key.indexOf(" ")) as CallName;
    if (tagsMeet(changed, PROVIDES[name])) answers.delete(key);
  }
});

export function forgetAnswers(): void {
  answers.clear();
}

export type Query<T> = {
  value: Readonly<ShallowRef<T | null>>;
  error: Readonly<ShallowRef<BackendError | null>>;
  isLoading: Readonly<ShallowRef<boolean>>;
  refetch: () => Promise<void>;
};

/** The request `"skip"` means: nothing to ask, show nothing. */
export type Ask<N extends CallName> = Request<N> | "skip";

/**
 * Asks `name` and asks again whenever the request or a provided tag changes.
 * `keepsPrevious` leaves the former answer standing until the next one is here.
 */
export function useQuery<N extends CallName>(
  name: N,
  request: MaybeRefOrGetter<Ask<N>>,
  options: { keepsPrevious?: boolean } = {},
): Query<Response<N>> {
  const value = shallowRef<Response<N> | null>(null);
  const error = shallowRef<BackendError | null>(null);
  const isLoading = shallowRef(false);
  let lastAsked = 0;
  let shownKey = "";

  async function ask(): Promise<void> {
    const asked = ++lastAsked;
    const current = toValue(request);
    if (current === "skip") {
      value.value = null;
      error.value = null;
      isLoading.value = false;
      shownKey = "";
      return;
    }
    const key = keyOf(name, current);
    if (answers.has(key)) value.value = answers.get(key) as Response<N>;
    else if (key !== shownKey && options.keepsPrevious !== true) value.value = null;
    shownKey = key;
    isLoading.value = true;
    try {
      const answer = await call(name, current as Request<N>);
      keep(key, answer);
      if (asked !== lastAsked) return;
      value.value = answer;
      error.value = null;
    } catch (thrown) {
      if (asked !== lastAsked) return;
      error.value = toBackendError(thrown);
    }
    isLoading.value = false;
  }

  watch(
    () => {
      const current = toValue(request);
      return current === "skip" ? "" : keyOf(name, current);
    },
    () => void ask(),
    { immediate: true },
  );
  const stop = onTags((changed) => {
    if (tagsMeet(changed, PROVIDES[name])) void ask();
  });
  if (getCurrentScope()) onScopeDispose(stop);
  return { value, error, isLoading, refetch: ask };
}

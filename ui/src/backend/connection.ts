// The door to one core: calls by name, the tags that changed, and queries that are asked again when
// a tag they provide is announced. The desk's window and the units' page have one each, with the
// table of calls of their own core.
import { getCurrentScope, onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from "vue";

/** What `generated.ts` says of each call. */
export type Calls<A> = { [N in keyof A]: { request: unknown; response: unknown } };
/** What `call` answers: the value, and the tags of the queries that must be asked again. */
type Reply = { value: unknown; changed: string[] };

/** Carries one call to the core and brings the core's own news back. */
export interface Transport {
  /** Resolves with the reply; rejects with an `ApiError`, or anything else if the way itself failed. */
  call(name: string, payload: unknown): Promise<Reply>;
  /** Reports tags that changed without a call from this window. Returns the way to stop. */
  listen(onChanged: (tags: string[]) => void): () => void;
}

const ERROR_CODES = ["refused", "stale", "locked", "needs_approval", "invalid", "storage_full", "fault", "bug"] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What the core refused or could not do. `message` is ready-made Chinese. */
export class BackendError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly requestId: string,
  ) {
    super(message);
    this.name = "BackendError";
  }
}

function isApiError(value: unknown): value is { code: ErrorCode; message: string; request_id?: string } {
  if (typeof value !== "object" || value === null) return false;
  const { code, message } = value as { code?: unknown; message?: unknown };
  return typeof message === "string" && ERROR_CODES.includes(code as ErrorCode);
}

/** "*" names every tag. */
export function tagsMeet(changed: readonly string[], provided: readonly string[]): boolean {
  if (provided.length === 0) return false;
  return changed.some((tag) => tag === "*" || provided.includes(tag));
}

export type Query<T> = {
  value: Readonly<ShallowRef<T | null>>;
  error: Readonly<ShallowRef<BackendError | null>>;
  isLoading: Readonly<ShallowRef<boolean>>;
  refetch: () => Promise<void>;
};

type TagListener = (tags: readonly string[]) => void;

/** Answers kept for coming back to a page; the oldest go first. */
const MAX_CACHED_ANSWERS = 120;

export class Connection<A extends Calls<A>, T extends Transport = Transport> {
  transport: T | null = null;
  private stopListening: (() => void) | null = null;
  private readonly tagListeners = new Set<TagListener>();
  private readonly errorListeners = new Set<(error: BackendError) => void>();
  private readonly answers = new Map<string, unknown>();

  constructor(
    private readonly provides: { [N in keyof A]: readonly string[] },
    /** What a person is told when the way itself failed. */
    private readonly lostText: string,
  ) {
    // Forgets what the announced tags made stale. The first listener: before any query asks again.
    this.onTags((changed) => {
      for (const key of [...this.answers.keys()]) {
        if (tagsMeet(changed, this.provides[key.slice(0, key.indexOf(" ")) as keyof A])) this.answers.delete(key);
      }
    });
  }

  /** Puts the transport in place; called once at the start, and by tests. */
  readonly useTransport = (next: T): void => {
    this.stopListening?.();
    this.transport = next;
    this.stopListening = next.listen(this.announce);
  };

  /** Tells every query that these tags changed. */
  readonly announce = (tags: readonly string[]): void => {
    if (tags.length === 0) return;
    for (const listener of [...this.tagListeners]) listener(tags);
  };

  readonly onTags = (listener: TagListener): (() => void) => {
    this.tagListeners.add(listener);
    return () => this.tagListeners.delete(listener);
  };

  /** Reports every failed call; the frame uses it to notice that nobody is let in any more. */
  readonly onError = (listener: (error: BackendError) => void): (() => void) => {
    this.errorListeners.add(listener);
    return () => this.errorListeners.delete(listener);
  };

  /** Turns whatever a transport threw into one kind of error. */
  readonly toBackendError = (thrown: unknown): BackendError => {
    if (thrown instanceof BackendError) return thrown;
    if (isApiError(thrown)) return new BackendError(thrown.code, thrown.message, thrown.request_id ?? "");
    return new BackendError("fault", this.lostText, "");
  };

  /** Asks the core. Tags named in the reply are announced before the promise resolves. */
  readonly call = async <N extends keyof A & string>(name: N, request: A[N]["request"]): Promise<A[N]["response"]> => {
    if (this.transport === null) throw new BackendError("bug", "程序尚未接通，请重新打开。", "");
    let reply: Reply;
    try {
      reply = await this.transport.call(name, request);
    } catch (thrown) {
      const error = this.toBackendError(thrown);
      for (const listener of [...this.errorListeners]) listener(error);
      throw error;
    }
    this.announce(reply.changed ?? []);
    return reply.value as A[N]["response"];
  };

  readonly forgetAnswers = (): void => this.answers.clear();

  /**
   * Asks `name` and asks again whenever the request or a provided tag changes. The answer to an older
   * question never overwrites the answer to a newer one. The request `"skip"` means: nothing to ask.
   * `keepsPrevious` leaves the former answer standing until the next one is here.
   */
  readonly useQuery = <N extends keyof A & string>(
    name: N,
    request: MaybeRefOrGetter<A[N]["request"] | "skip">,
    options: { keepsPrevious?: boolean } = {},
  ): Query<A[N]["response"]> => {
    const keyOf = (current: unknown): string => `${name} ${JSON.stringify(current)}`;
    const value = shallowRef<A[N]["response"] | null>(null);
    const error = shallowRef<BackendError | null>(null);
    const isLoading = shallowRef(false);
    let lastAsked = 0;
    let shownKey = "";

    const ask = async (): Promise<void> => {
      const asked = ++lastAsked;
      const current = toValue(request);
      if (current === "skip") {
        value.value = null;
        error.value = null;
        isLoading.value = false;
        shownKey = "";
        return;
      }
      const key = keyOf(current);
      if (this.answers.has(key)) value.value = this.answers.get(key) as A[N]["response"];
      else if (key !== shownKey && options.keepsPrevious !== true) value.value = null;
      shownKey = key;
      isLoading.value = true;
      try {
        const answer = await this.call(name, current);
        this.keep(key, answer);
        if (asked !== lastAsked) return;
        value.value = answer;
        error.value = null;
      } catch (thrown) {
        if (asked !== lastAsked) return;
        error.value = this.toBackendError(thrown);
      }
      isLoading.value = false;
    };

    watch(
      () => {
        const current = toValue(request);
        return current === "skip" ? "" : keyOf(current);
      },
      () => void ask(),
      { immediate: true },
    );
    const stop = this.onTags((changed) => {
      if (tagsMeet(changed, this.provides[name])) void ask();
    });
    if (getCurrentScope()) onScopeDispose(stop);
    return { value, error, isLoading, refetch: ask };
  };

  private keep(key: string, value: unknown): void {
    this.answers.delete(key);
    this.answers.set(key, value);
    if (this.answers.size <= MAX_CACHED_ANSWERS) return;
    const oldest = this.answers.keys().next();
    if (!oldest.done) this.answers.delete(oldest.value);
  }
}

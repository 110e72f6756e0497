export type Debounced = {
  /** Starts or restarts the wait. */
  later: () => void;
  /** Runs at once if something waits. */
  flush: () => void;
  /** Runs at once in any case. */
  now: () => void;
  cancel: () => void;
};

export function debounce(run: () => void, waitMs: number): Debounced {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const cancel = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const now = (): void => {
    cancel();
    run();
  };
  return {
    later() {
      cancel();
      timer = setTimeout(now, waitMs);
    },
    flush() {
      if (timer !== null) now();
    },
    now,
    cancel,
  };
}

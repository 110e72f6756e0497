// Asking while a person types: at once, but one question at a time, so that no answer waits behind others that
// nobody wants any more.
import { watch, type Ref } from "vue";

export type OneAtATime = {
  /** Runs at once; while a question is under way, when that is answered. */
  soon: () => void;
  /** Runs at once in any case. */
  now: () => void;
};

export function oneAtATime(run: () => void, isUnderWay: Readonly<Ref<boolean>>): OneAtATime {
  let isOwed = false;
  const now = (): void => {
    isOwed = false;
    run();
  };
  watch(isUnderWay, (is) => {
    if (!is && isOwed) now();
  });
  return {
    soon() {
      if (isUnderWay.value) isOwed = true;
      else now();
    },
    now,
  };
}

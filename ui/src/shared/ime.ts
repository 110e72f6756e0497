// Decides whether a key belongs to the input method. Every key handler asks here first: an Enter
// that confirms 候选字 must never submit, and an Esc that closes the candidates must never close a
// strip. WebKit ends the composition before it sends that Enter, hence the grace time.

/** How long after the end of a composition a bare Enter still belongs to the input method. */
export const ENTER_GRACE_MS = 500;
/** The key code that stands for "the input method is processing this key". */
const PROCESSING_KEY_CODE = 229;

let isComposing = false;
let endedAt = Number.NEGATIVE_INFINITY;

/** Watches compositions in the whole document; called once at the start. */
export function watchCompositions(target: Document = document): () => void {
  const onStart = (): void => {
    isComposing = true;
  };
  const onEnd = (event: Event): void => {
    isComposing = false;
    endedAt = event.timeStamp;
  };
  target.addEventListener("compositionstart", onStart, true);
  target.addEventListener("compositionend", onEnd, true);
  return () => {
    target.removeEventListener("compositionstart", onStart, true);
    target.removeEventListener("compositionend", onEnd, true);
    isComposing = false;
    endedAt = Number.NEGATIVE_INFINITY;
  };
}

export function belongsToInputMethod(event: KeyboardEvent): boolean {
  // keyCode is deprecated and still the only sign that some input methods give.
  if (event.isComposing || isComposing || event.keyCode === PROCESSING_KEY_CODE) return true;
  const isBareEnter = event.key === "Enter" && !event.ctrlKey && !event.altKey && !event.metaKey;
  return isBareEnter && event.timeStamp - endedAt < ENTER_GRACE_MS;
}

// Tells the core that somebody is here, and says when the desk is about to lock itself. How long it
// waits the core decides.
import { computed, onMounted, onScopeDispose, type ComputedRef } from "vue";
import { watch } from "vue";
import { call } from "../../backend/backend";
import type { AppState } from "../../backend/generated";

/** Touches within so long are one. */
const TOLD_EVERY_MS = 15_000;
const TOUCHES = ["keydown", "pointerdown", "wheel"] as const;

/** Seconds until the desk locks itself; null while that is far. */
export function useIdle(state: () => AppState, now: () => number): ComputedRef<number | null> {
  let toldAt = -Infinity;

  function touched(): void {
    if (!state().signs_in || performance.now() - toldAt < TOLD_EVERY_MS) return;
    toldAt = performance.now();
    // Whether it was heard the next state says.
    call("still_here", null).catch(() => undefined);
  }
  onMounted(() => TOUCHES.forEach((touch) => window.addEventListener(touch, touched, { capture: true, passive: true })));
  onScopeDispose(() => TOUCHES.forEach((touch) => window.removeEventListener(touch, touched, { capture: true })));

  const isNear = computed(() => {
    const warnAt = state().idle_warn_at;
    return warnAt !== null && now() >= warnAt;
  });
  const isOver = computed(() => {
    const lockAt = state().idle_lock_at;
    return lockAt !== null && now() >= lockAt;
  });
  // Another window may have been touched meanwhile; and the core locks when it is asked.
  watch([isNear, isOver], ([near]) => {
    if (near) call("app_state", null).catch(() => undefined);
  });
  watch(isNear, (near) => {
    if (near) toldAt = -Infinity;
  });
  return computed(() => {
    const lockAt = state().idle_lock_at;
    return isNear.value && lockAt !== null ? Math.max(0, Math.ceil((lockAt - now()) / 1000)) : null;
  });
}

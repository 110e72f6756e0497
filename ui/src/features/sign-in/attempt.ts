// 登录 and 改密 end on their own time: the call says only that they have begun. What the state says
// then is how they ended.
import { computed, ref, watch, type ComputedRef, type Ref } from "vue";
import { call, toBackendError } from "../../backend/backend";
import type { AppState } from "../../backend/generated";

export type Trying = {
  isBusy: ComputedRef<boolean>;
  problem: Ref<string>;
  run: (begin: () => Promise<AppState>) => Promise<void>;
};

/** `onEnd` hears how the attempt that this component began has ended. */
export function useAttempt(state: () => AppState, onEnd: (state: AppState) => void): Trying {
  const isSending = ref(false);
  const isWaiting = ref(false);
  const problem = ref("");

  function look(now: AppState): void {
    if (!isWaiting.value || now.attempt === "under") return;
    isWaiting.value = false;
    if (now.attempt === "failed") problem.value = now.attempt_message ?? "没有成功，请再试一次。";
    onEnd(now);
  }
  watch(state, look);

  async function run(begin: () => Promise<AppState>): Promise<void> {
    if (isSending.value || isWaiting.value) return;
    isSending.value = true;
    problem.value = "";
    try {
      const begun = await begin();
      isWaiting.value = true;
      // It may have ended before this window heard that it began.
      look(begun.attempt === "under" ? await call("app_state", null) : begun);
    } catch (thrown) {
      problem.value = toBackendError(thrown).message;
    }
    isSending.value = false;
  }

  return { isBusy: computed(() => isSending.value || isWaiting.value), problem, run };
}

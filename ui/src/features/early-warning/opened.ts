// What is open under 预警: a warning, or the thresholds.
import { computed, ref } from "vue";
import { page } from "../../app/navigation";
import { toBackendError } from "../../backend/backend";
import type { EarlyWarningDone } from "../../backend/generated";
import { mode } from "../analysis/modes";

export type Opened = { kind: "warning"; id: string } | { kind: "thresholds" };

export const opened = ref<Opened | null>(null);
/** Those that were closed, in the place of those that are open. */
export const showsClosed = ref(false);
export const isHere = computed(() => page.value === "analysis" && mode.value === "warnings");

/** One act after the other; what came of the last is said until the next. */
export function useAct() {
  const isBusy = ref(false);
  const refusal = ref("");
  const message = ref("");
  async function run(what: () => Promise<EarlyWarningDone>): Promise<boolean> {
    if (isBusy.value) return false;
    isBusy.value = true;
    refusal.value = "";
    message.value = "";
    try {
      message.value = (await what()).message;
      return true;
    } catch (thrown) {
      refusal.value = toBackendError(thrown).message;
      return false;
    } finally {
      isBusy.value = false;
    }
  }
  return { isBusy, refusal, message, run };
}

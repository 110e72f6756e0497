// What is open under 考核: a scheme, its form, a trial, a period, or the months of a year.
import { computed, ref } from "vue";
import { page } from "../../app/navigation";
import { call, toBackendError } from "../../backend/backend";
import type { AssessmentAct, Indicator } from "../../backend/generated";
import { mode } from "../supervision/modes";

export type Opened = { kind: "scheme"; number: string } | { kind: "form"; number: string | null } | { kind: "trial"; number: string } | { kind: "round"; number: string; period: string } | { kind: "year" };
/** The number whose orders are shown. */
export type OpenedFigure = { unitId: string; indicator: Indicator };

export const opened = ref<Opened | null>(null);
export const isHere = computed(() => page.value === "supervision" && mode.value === "assessment");

/** One act after the other; what came of the last is said until the next. */
export function useAct() {
  const isBusy = ref(false);
  const refusal = ref("");
  const message = ref("");
  async function give(number: string | null, version: number, act: AssessmentAct): Promise<string | null> {
    if (isBusy.value) return null;
    isBusy.value = true;
    refusal.value = "";
    message.value = "";
    try {
      const done = await call("act_on_assessment", { number, version, act });
      message.value = done.message;
      return done.number;
    } catch (thrown) {
      refusal.value = toBackendError(thrown).message;
      return null;
    } finally {
      isBusy.value = false;
    }
  }
  return { isBusy, refusal, message, give };
}

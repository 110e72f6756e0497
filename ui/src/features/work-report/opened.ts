// What is open under 专报, and what was typed and is not kept yet: it stays while the person looks elsewhere.
import { computed, reactive, ref } from "vue";
import { page } from "../../app/navigation";
import { call, toBackendError } from "../../backend/backend";
import type { WorkReportActForm, WorkReportDone } from "../../backend/generated";
import { mode } from "../analysis/modes";

/** A report, or the form of a new one. */
export type Opened = { kind: "report"; id: string } | { kind: "form" };
/** `seen`: the version that it was typed upon. */
export type Typed = { title: string; body: string; seen: number };

export const opened = ref<Opened | null>(null);
export const isHere = computed(() => page.value === "analysis" && mode.value === "reports");
/** By the id of the report. */
export const typed = reactive(new Map<string, Typed>());

/** One act after the other; what came of the last is said until the next. */
export function useAct() {
  const isBusy = ref(false);
  const refusal = ref("");
  const message = ref("");
  async function run(what: () => Promise<WorkReportDone>): Promise<WorkReportDone | null> {
    if (isBusy.value) return null;
    isBusy.value = true;
    refusal.value = "";
    message.value = "";
    try {
      const done = await what();
      message.value = done.message;
      return done;
    } catch (thrown) {
      refusal.value = toBackendError(thrown).message;
      return null;
    } finally {
      isBusy.value = false;
    }
  }
  const give = (id: string, version: number, act: WorkReportActForm): Promise<WorkReportDone | null> => run(() => call("act_on_work_report", { id, version, act }));
  return { isBusy, refusal, message, run, give };
}

// A list read page by page through the core's cursor. Asking again keeps what was already loaded
// in view and swaps it in one step.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { call, onTags, tagsMeet, toBackendError, type BackendError } from "../../backend/backend";
import type { Queue, WorkOrderRow, WorkOrderRows } from "../../backend/generated";
import { PROVIDES } from "../../backend/generated";

export const PAGE_ROWS = 100;
/** Rows read again after a change; who scrolled further loads the rest by scrolling. */
const MAX_REREAD_ROWS = 400;

export type OrderList = {
  rows: ShallowRef<WorkOrderRow[]>;
  total: Ref<number>;
  isLoading: Ref<boolean>;
  error: ShallowRef<BackendError | null>;
  loadMore: () => Promise<void>;
  reload: () => Promise<void>;
};

export function useOrderList(queue: () => Queue, search: () => string): OrderList {
  const rows = shallowRef<WorkOrderRow[]>([]);
  const total = ref(0);
  const isLoading = ref(false);
  const error = shallowRef<BackendError | null>(null);
  let next: string | null = null;
  /** Counts questions: an answer to an older one is dropped. */
  let asked = 0;

  const read = (after: string | null): Promise<WorkOrderRows> => call("work_orders", { queue: queue(), search: search(), after, limit: PAGE_ROWS });

  async function readUpTo(wanted: number): Promise<void> {
    const mine = ++asked;
    isLoading.value = true;
    try {
      let answer = await read(null);
      const fresh = [...answer.rows];
      while (fresh.length < wanted && answer.next !== null && mine === asked) {
        answer = await read(answer.next);
        fresh.push(...answer.rows);
      }
      if (mine !== asked) return;
      rows.value = fresh;
      total.value = answer.total;
      next = answer.next;
      error.value = null;
    } catch (thrown) {
      if (mine !== asked) return;
      error.value = toBackendError(thrown);
    }
    isLoading.value = false;
  }

  async function loadMore(): Promise<void> {
    if (isLoading.value || next === null) return;
    const mine = ++asked;
    isLoading.value = true;
    try {
      const answer = await read(next);
      if (mine !== asked) return;
      rows.value = [...rows.value, ...answer.rows];
      total.value = answer.total;
      next = answer.next;
      error.value = null;
    } catch (thrown) {
      if (mine !== asked) return;
      error.value = toBackendError(thrown);
    }
    isLoading.value = false;
  }

  watch([queue, search], () => void readUpTo(PAGE_ROWS), { immediate: true });
  const reload = (): Promise<void> => readUpTo(Math.min(Math.max(rows.value.length, PAGE_ROWS), MAX_REREAD_ROWS));
  onScopeDispose(
    onTags((changed) => {
      if (tagsMeet(changed, PROVIDES.work_orders)) void reload();
    }),
  );
  return { rows, total, isLoading, error, loadMore, reload };
}

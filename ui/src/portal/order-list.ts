// A list read page by page. Asking again keeps what was already loaded in view and swaps it in one step.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { tagsMeet, type BackendError } from "../backend/connection";
import { call, onTags, toBackendError } from "./backend";
import { PROVIDES, type UnitOrderRow, type UnitQueue } from "./generated";

const PAGE_ROWS = 100;

export type OrderList = {
  rows: ShallowRef<UnitOrderRow[]>;
  total: Ref<number>;
  hasMore: Ref<boolean>;
  isLoading: Ref<boolean>;
  error: ShallowRef<BackendError | null>;
  loadMore: () => Promise<void>;
  reload: () => Promise<void>;
};

export function useOrderList(queue: () => UnitQueue, search: () => string): OrderList {
  const rows = shallowRef<UnitOrderRow[]>([]);
  const total = ref(0);
  const hasMore = ref(false);
  const isLoading = ref(false);
  const error = shallowRef<BackendError | null>(null);
  let next: string | null = null;
  /** Counts questions: an answer to an older one is dropped. */
  let asked = 0;

  async function read(before: readonly UnitOrderRow[], after: string | null, wanted: number): Promise<void> {
    const mine = ++asked;
    isLoading.value = true;
    try {
      const fresh = [...before];
      let from = after;
      for (;;) {
        const answer = await call("work_orders", { queue: queue(), search: search(), after: from, limit: PAGE_ROWS });
        if (mine !== asked) return;
        fresh.push(...answer.rows);
        [next, total.value] = [answer.next, answer.total];
        from = next;
        if (from === null || fresh.length >= wanted) break;
      }
      rows.value = fresh;
      hasMore.value = next !== null;
      error.value = null;
    } catch (thrown) {
      if (mine !== asked) return;
      error.value = toBackendError(thrown);
    }
    isLoading.value = false;
  }

  const reload = (): Promise<void> => read([], null, rows.value.length);
  const loadMore = (): Promise<void> => (next === null || isLoading.value ? Promise.resolve() : read(rows.value, next, 0));
  watch([queue, search], () => void read([], null, 0), { immediate: true });
  onScopeDispose(
    onTags((changed) => {
      if (tagsMeet(changed, PROVIDES.work_orders)) void reload();
    }),
  );
  return { rows, total, hasMore, isLoading, error, loadMore, reload };
}

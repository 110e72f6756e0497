// The articles that have a record, drafts among them, as something to choose from.
import { computed, type ComputedRef } from "vue";
import { useQuery } from "../../backend/query";
import type { Findable } from "../../shared/match";

export function useRecordOptions(): ComputedRef<Findable[]> {
  const rows = useQuery("kb_records", { list: "all", order: "own" }, { keepsPrevious: true });
  return computed(() => (rows.value.value ?? []).map(({ id, title, state_text, unit }) => ({ id, text: title, note: [state_text, unit].filter((it) => it !== "").join(" · "), pinyin: "", initials: "" })));
}

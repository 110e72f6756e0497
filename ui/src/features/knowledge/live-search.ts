// Answers while typing: asks shortly after the last key, at once when a composition ends.
import { onScopeDispose, ref, watch, type Ref } from "vue";
import type { KnowledgeHits, SearchScope } from "../../backend/generated";
import { useQuery, type Query } from "../../backend/query";
import { debounce } from "../../shared/debounce";

export const SEARCH_WAIT_MS = 120;
/** What is longer says the same thing again. */
const MAX_SEARCH_CHARACTERS = 1000;

export type LiveSearch = { asked: Ref<string>; hits: Query<KnowledgeHits>; now: () => void };

/** Without a scope everything that holds today is looked through. */
export function useLiveSearch(source: () => string, limit: number, scope?: () => SearchScope): LiveSearch {
  const asked = ref("");
  const take = (): void => {
    asked.value = [...source().trim()].slice(-MAX_SEARCH_CHARACTERS).join("");
  };
  const debounced = debounce(take, SEARCH_WAIT_MS);
  watch(source, () => debounced.later(), { flush: "sync" });
  onScopeDispose(debounced.cancel);
  take();
  const hits = useQuery("search_knowledge", () => (asked.value === "" ? "skip" : { text: asked.value, limit, ...(scope && { scope: scope() }) }), { keepsPrevious: true });
  return { asked, hits, now: debounced.now };
}

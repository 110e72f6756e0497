// Answers while typing: asks after each key and when a composition ends.
import { ref, watch, type Ref } from "vue";
import type { KnowledgeHits, SearchScope } from "../../backend/generated";
import { useQuery, type Query } from "../../backend/query";
import { oneAtATime } from "../../shared/one-at-a-time";

/** What is longer says the same thing again. */
const MAX_SEARCH_CHARACTERS = 1000;

export type LiveSearch = { asked: Ref<string>; hits: Query<KnowledgeHits>; now: () => void };

/** Without a scope everything that holds today is looked through. */
export function useLiveSearch(source: () => string, limit: number, scope?: () => SearchScope): LiveSearch {
  const asked = ref("");
  const take = (): void => {
    asked.value = [...source().trim()].slice(-MAX_SEARCH_CHARACTERS).join("");
  };
  take();
  const hits = useQuery("search_knowledge", () => (asked.value === "" ? "skip" : { text: asked.value, limit, ...(scope && { scope: scope() }) }), { keepsPrevious: true });
  const asking = oneAtATime(take, hits.isLoading);
  watch(source, asking.soon, { flush: "sync" });
  return { asked, hits, now: asking.now };
}

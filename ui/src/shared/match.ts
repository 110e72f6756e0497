// Finds units, places and categories by part of the name, full pinyin or initials.

export type Findable = { id: string; text: string; note: string; pinyin: string; initials: string };

/** Full-width letters, case and spaces make no difference. */
export const normalise = (text: string): string => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

/** How well an option answers; lower is better, null is no match. */
export function rank(option: Findable, normalisedQuery: string): number | null {
  const text = normalise(option.text);
  if (text === normalisedQuery) return 0;
  if (text.startsWith(normalisedQuery)) return 1;
  if (option.initials === normalisedQuery) return 2;
  if (option.initials.startsWith(normalisedQuery)) return 3;
  if (text.includes(normalisedQuery)) return 4;
  if (option.pinyin.startsWith(normalisedQuery)) return 5;
  if (option.initials.includes(normalisedQuery)) return 6;
  if (normalisedQuery.length >= 2 && option.pinyin.includes(normalisedQuery)) return 7;
  if (normalise(option.note).includes(normalisedQuery)) return 8;
  return null;
}

/** The best matches in order; an empty query matches all in their own order. */
export function find<T extends Findable>(options: readonly T[], query: string, limit: number): T[] {
  const wanted = normalise(query);
  if (wanted === "") return options.slice(0, limit);
  const ranked: { option: T; rank: number }[] = [];
  for (const option of options) {
    const found = rank(option, wanted);
    if (found !== null) ranked.push({ option, rank: found });
  }
  // Array.sort is stable: equals keep the order of the reference table.
  ranked.sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, limit).map(({ option }) => option);
}

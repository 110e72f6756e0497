import type { Segment } from "../backend/generated";

/** A single shared character says little and would speckle the whole answer. */
const MIN_MARKED_CHARACTERS = 2;

/** The words that the search marked, longest first. */
export function hitWords(segments: readonly Segment[]): string[] {
  const words = segments.filter((s) => s.is_hit && [...s.text].length >= MIN_MARKED_CHARACTERS).map((s) => s.text);
  return [...new Set(words)].sort((a, b) => b.length - a.length);
}

/** Marks `words` in a text that the core sent without marks. */
export function markWords(text: string, words: readonly string[]): Segment[] {
  if (words.length === 0 || text === "") return [{ text, is_hit: false }];
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) segments.push({ text: text.slice(end, match.index), is_hit: false });
    segments.push({ text: match[0], is_hit: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) segments.push({ text: text.slice(end), is_hit: false });
  return segments;
}

/** A stretch of a text in UTF-16 units, as the core sends it and as a string here is cut. */
export type Span = { start: number; end: number };

/** Marks stretches of a text; they may overlap, and what lies outside of it marks nothing. */
export function markSpans(text: string, spans: readonly Span[]): Segment[] {
  const inOrder = [...spans].sort((a, b) => a.start - b.start);
  const segments: Segment[] = [];
  let end = 0;
  for (const span of inOrder) {
    const from = Math.max(span.start, end);
    const to = Math.min(span.end, text.length);
    if (to <= from) continue;
    if (from > end) segments.push({ text: text.slice(end, from), is_hit: false });
    segments.push({ text: text.slice(from, to), is_hit: true });
    end = to;
  }
  if (end < text.length || segments.length === 0) segments.push({ text: text.slice(end), is_hit: false });
  return segments;
}

/** What stands at some places of a text, each once: “昨天下午”“三栋”. */
export function quoted(text: string, spans: readonly Span[]): string {
  const words = spans.map(({ start, end }) => text.slice(start, end)).filter((word) => word !== "");
  return [...new Set(words)].map((word) => `“${word}”`).join("");
}

export const plainText = (segments: readonly Segment[]): string => segments.map((s) => s.text).join("");

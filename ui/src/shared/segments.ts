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

export const plainText = (segments: readonly Segment[]): string => segments.map((s) => s.text).join("");

// What a report is about: the text that is selected in the answer, or else the paragraph that stands
// there as the answer to the search.

/** More than this is no passage. */
const MAX_PASSAGE_CHARACTERS = 200;

const clip = (text: string): string => [...text.replace(/\s+/g, " ").trim()].slice(0, MAX_PASSAGE_CHARACTERS).join("");

function selectedIn(shown: Element): string {
  const selection = window.getSelection();
  const isInside = selection !== null && selection.rangeCount > 0 && shown.contains(selection.anchorNode);
  return isInside ? clip(selection.toString()) : "";
}

export function passageOf(shown: Element | null): string {
  if (shown === null) return "";
  const selected = selectedIn(shown);
  if (selected !== "") return selected;
  const block = shown.querySelector(".answer mark, .sections mark")?.closest("p, li, td, dd") ?? shown.querySelector(".answer p, .answer li") ?? shown.querySelector(".sections dd");
  return clip(block?.textContent ?? "");
}

// That an article was opened from a search is told to the core once for each search, and never who
// looked. It matters for counting and for nothing else, so a failure is nobody's trouble.
import { call } from "../../backend/backend";

let last = "";

export function noteOpened(id: string, searched: string): void {
  const key = `${id} ${searched}`;
  if (searched === "" || key === last) return;
  last = key;
  void call("note_kb_use", { article_id: id, version: 0, feedback: "opened", searched: "" }).catch(() => undefined);
}

export function forgetOpened(): void {
  last = "";
}

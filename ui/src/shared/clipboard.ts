// What goes onto the clipboard, and how what was copied of people leaves it again (安全核对 29).

/** How long what was copied of people stays there. */
export const COPIED_FOR_MS = 60_000;

let forgetting: ReturnType<typeof setTimeout> | undefined;
let isOwn = false;

/** Puts a text on the clipboard that everybody may know; tells whether it is there. */
export async function copyText(text: string): Promise<boolean> {
  stopForgetting();
  return put(text);
}

/** The same with a text that says something of people: after a minute it is gone. */
export async function copyForAMinute(text: string): Promise<boolean> {
  const isThere = await put(text);
  if (isThere) forgetLater();
  return isThere;
}

/**
 * Forgets what somebody copies by hand where something is said of people, and goes on until the returned
 * function is called. What is cut is the person's own text on its way to another place: it stays.
 */
export function watchCopies(isOfPeople: () => boolean): () => void {
  const onCopy = (): void => {
    if (isOwn) return;
    stopForgetting();
    if (isOfPeople()) forgetLater();
  };
  const onCut = (): void => stopForgetting();
  document.addEventListener("copy", onCopy);
  document.addEventListener("cut", onCut);
  return () => {
    document.removeEventListener("copy", onCopy);
    document.removeEventListener("cut", onCut);
  };
}

/** Whoever leaves or locks leaves nothing of people behind. */
export async function forgetCopied(): Promise<void> {
  if (forgetting === undefined) return;
  stopForgetting();
  await put("");
}

function forgetLater(): void {
  stopForgetting();
  // The clipboard is not read: an engine asks the person first, and by then another may sit there.
  forgetting = setTimeout(() => void forgetCopied(), COPIED_FOR_MS);
}

function stopForgetting(): void {
  clearTimeout(forgetting);
  forgetting = undefined;
}

async function put(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // An empty selection copies nothing.
    return copyBySelection(text === "" ? " " : text);
  }
}

/** The older way, for engines that keep the clipboard from pages of their own scheme. */
function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  const focused = document.activeElement;
  area.value = text;
  area.setAttribute("aria-hidden", "true");
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  isOwn = true;
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    isOwn = false;
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}

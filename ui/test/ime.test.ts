import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { belongsToInputMethod, ENTER_GRACE_MS, watchCompositions } from "../src/shared/ime";

function key(init: KeyboardEventInit & { keyCode?: number }, at = 10_000): KeyboardEvent {
  const event = new KeyboardEvent("keydown", init);
  Object.defineProperty(event, "timeStamp", { value: at });
  if (init.keyCode !== undefined) Object.defineProperty(event, "keyCode", { value: init.keyCode });
  if (init.isComposing !== undefined) Object.defineProperty(event, "isComposing", { value: init.isComposing });
  return event;
}

function composition(name: "compositionstart" | "compositionend", at: number): void {
  const event = new Event(name, { bubbles: true });
  Object.defineProperty(event, "timeStamp", { value: at });
  document.body.dispatchEvent(event);
}

describe("belongsToInputMethod", () => {
  let stop: () => void;
  beforeEach(() => {
    stop = watchCompositions();
  });
  afterEach(() => stop());

  it("leaves ordinary keys alone", () => {
    expect(belongsToInputMethod(key({ key: "Enter" }))).toBe(false);
    expect(belongsToInputMethod(key({ key: "F5" }))).toBe(false);
  });

  it("knows a key by isComposing and by key code 229", () => {
    expect(belongsToInputMethod(key({ key: "a", isComposing: true }))).toBe(true);
    expect(belongsToInputMethod(key({ key: "Process", keyCode: 229 }))).toBe(true);
  });

  it("claims every key between start and end, even where the engine sets no flag", () => {
    composition("compositionstart", 9000);
    expect(belongsToInputMethod(key({ key: "Escape" }))).toBe(true);
    composition("compositionend", 9900);
    expect(belongsToInputMethod(key({ key: "Escape" }))).toBe(false);
  });

  it("claims the Enter that WebKit sends after the end, and no later one", () => {
    composition("compositionstart", 9000);
    composition("compositionend", 10_000);
    expect(belongsToInputMethod(key({ key: "Enter" }, 10_000 + ENTER_GRACE_MS - 1))).toBe(true);
    expect(belongsToInputMethod(key({ key: "Enter" }, 10_000 + ENTER_GRACE_MS))).toBe(false);
  });

  it("never claims Ctrl+Enter after the end: that is a person submitting", () => {
    composition("compositionend", 10_000);
    expect(belongsToInputMethod(key({ key: "Enter", ctrlKey: true }, 10_050))).toBe(false);
  });
});

// 剪贴板: what was copied of people is gone after a minute, and with the person who copied it.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { COPIED_FOR_MS, copyForAMinute, copyText, forgetCopied, watchCopies } from "../src/shared/clipboard";
import { byTestId, openWindow, press, until } from "./window";

let written: string[];

beforeEach(() => {
  written = [];
  const writeText = (text: string): Promise<void> => {
    written.push(text);
    return Promise.resolve();
  };
  vi.spyOn(navigator, "clipboard", "get").mockReturnValue({ writeText } as Clipboard);
});

afterEach(async () => {
  vi.useRealTimers();
  await forgetCopied();
});

const copyByHand = (kind: "copy" | "cut" = "copy"): boolean => document.dispatchEvent(new Event(kind, { bubbles: true }));

describe("what was copied of people", () => {
  beforeEach(() => vi.useFakeTimers());

  it("is gone after a minute and not before", async () => {
    await copyForAMinute("王建国 13800001234");
    await vi.advanceTimersByTimeAsync(COPIED_FOR_MS - 1);
    expect(written).toEqual(["王建国 13800001234"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(written).toEqual(["王建国 13800001234", ""]);
    await vi.advanceTimersByTimeAsync(10 * COPIED_FOR_MS);
    expect(written).toHaveLength(2);
  });

  it("is left alone once something else was copied", async () => {
    await copyForAMinute("王建国");
    await copyText("社保卡补办");
    await vi.advanceTimersByTimeAsync(2 * COPIED_FOR_MS);
    expect(written).toEqual(["王建国", "社保卡补办"]);
  });

  it("by hand is gone too, but not what is for callers or was cut", async () => {
    let isOfPeople = true;
    const stop = watchCopies(() => isOfPeople);
    copyByHand();
    await vi.advanceTimersByTimeAsync(COPIED_FOR_MS);
    expect(written).toEqual([""]);
    copyByHand();
    copyByHand("cut");
    isOfPeople = false;
    copyByHand();
    await vi.advanceTimersByTimeAsync(2 * COPIED_FOR_MS);
    expect(written).toEqual([""]);
    stop();
    isOfPeople = true;
    copyByHand();
    await vi.advanceTimersByTimeAsync(2 * COPIED_FOR_MS);
    expect(written).toEqual([""]);
  });
});

it("does not outlast whoever copied it: a desk that is locked has an empty clipboard", async () => {
  const { backend } = await openWindow({ isEnrolled: true });
  byTestId("rail-work-orders").click();
  await until(() => expect(byTestId("rail-work-orders").getAttribute("aria-current")).toBe("page"));
  copyByHand();
  expect(written).toEqual([]);
  press("Ctrl+l");
  await until(() => expect(backend.callsOf("lock")).toHaveLength(1));
  await until(() => expect(written).toEqual([""]));
});

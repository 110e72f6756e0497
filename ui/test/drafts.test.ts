import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useTransport } from "../src/backend/backend";
import { createDrafts, RETRY_WAIT_MS, SAVE_WAIT_MS, type Drafts } from "../src/features/intake/drafts";
import { newIntake } from "../src/features/intake/intake";
import { FakeBackend, refusal } from "./fake-backend";

let backend: FakeBackend;
let drafts: Drafts;
beforeEach(() => {
  vi.useFakeTimers();
  backend = new FakeBackend({ nOrders: 0 });
  useTransport(backend);
  drafts = createDrafts();
});
afterEach(() => vi.useRealTimers());

const write = (text: string): void => {
  drafts.current.value.body.text = text;
};
const savedTexts = (): string[] => backend.callsOf("save_draft").map((request) => (request as { body: { text: string } }).body.text);

describe("saving", () => {
  it("saves once, shortly after the last key", async () => {
    for (const text of ["停", "停水", "停水了"]) {
      write(text);
      await vi.advanceTimersByTimeAsync(SAVE_WAIT_MS - 1);
    }
    expect(savedTexts()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(savedTexts()).toEqual(["停水了"]);
    expect(drafts.current.value.saveState).toBe("saved");
  });

  it("does not wait when the window loses the focus", async () => {
    write("停水");
    drafts.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(savedTexts()).toEqual(["停水"]);
  });

  it("sends one request at a time and then what was typed meanwhile", async () => {
    let open = (): void => undefined;
    backend.gates.set("save_draft", new Promise((done) => (open = done)));
    write("一");
    await vi.advanceTimersByTimeAsync(SAVE_WAIT_MS);
    write("一二");
    await vi.advanceTimersByTimeAsync(SAVE_WAIT_MS * 3);
    expect(savedTexts()).toEqual(["一"]);
    backend.gates.delete("save_draft");
    open();
    await vi.advanceTimersByTimeAsync(SAVE_WAIT_MS * 2);
    expect(savedTexts()).toEqual(["一", "一二"]);
    expect(drafts.current.value.saveState).toBe("saved");
  });

  it("says when the disk is full, keeps the text and keeps trying", async () => {
    backend.failures.set("save_draft", refusal("磁盘已满。", "storage_full"));
    write("停水");
    await vi.advanceTimersByTimeAsync(SAVE_WAIT_MS);
    expect(drafts.saveError.value?.message).toBe("磁盘已满。");
    expect(drafts.current.value.body.text).toBe("停水");
    await vi.advanceTimersByTimeAsync(RETRY_WAIT_MS);
    expect(savedTexts()).toHaveLength(2);
    backend.failures.clear();
    await vi.advanceTimersByTimeAsync(RETRY_WAIT_MS);
    expect(drafts.saveError.value).toBeNull();
    expect([...backend.drafts.values()][0]?.body.text).toBe("停水");
  });

  it("writes nothing for a form that nobody filled", async () => {
    drafts.startNew();
    drafts.flush();
    await vi.advanceTimersByTimeAsync(SAVE_WAIT_MS * 2);
    expect(savedTexts()).toEqual([]);
  });
});

describe("several drafts", () => {
  it("come back, the newest opened", async () => {
    for (const [id, text, at] of [["a", "旧的", 1], ["b", "新的", 9], ["c", "中间的", 5]] as const) {
      backend.drafts.set(id, { id, body: { ...newIntake(), text }, created_at: at, updated_at: at, summary: text });
    }
    await drafts.load();
    expect(drafts.current.value.body.text).toBe("新的");
    expect(drafts.drafts.map(({ body }) => body.text)).toEqual(["旧的", "中间的", "新的"]);
    expect(drafts.current.value.startedAt).toBeNull();
  });

  it("do not take the place of what is already being typed", async () => {
    backend.drafts.set("a", { id: "a", body: { ...newIntake(), text: "旧的" }, created_at: 1, updated_at: 1, summary: "" });
    write("正在打");
    await drafts.load();
    expect(drafts.current.value.body.text).toBe("正在打");
    expect(drafts.drafts).toHaveLength(2);
  });

  it("are switched without loss, and an untouched one leaves no tab", async () => {
    write("第一件");
    drafts.startNew();
    drafts.step(-1);
    expect(drafts.current.value.body.text).toBe("第一件");
    expect(drafts.drafts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(SAVE_WAIT_MS);
    expect(savedTexts()).toEqual(["第一件"]);
  });

  it("are discarded at the core before they leave the window", async () => {
    write("误打的");
    await vi.advanceTimersByTimeAsync(SAVE_WAIT_MS);
    backend.failures.set("discard_draft", refusal("未能写入。", "fault"));
    await expect(drafts.discard(drafts.current.value.id)).rejects.toThrow("未能写入。");
    expect(drafts.current.value.body.text).toBe("误打的");
    backend.failures.clear();
    await drafts.discard(drafts.current.value.id);
    expect(drafts.current.value.body.text).toBe("");
    expect(backend.drafts.size).toBe(0);
  });
});

describe("submitting", () => {
  it("never writes the draft again afterwards", async () => {
    write("停水");
    const { id } = drafts.current.value;
    await drafts.submit(id, async (intake) => {
      expect(intake.text).toBe("停水");
      backend.drafts.delete(id);
    });
    await vi.advanceTimersByTimeAsync(RETRY_WAIT_MS * 2);
    expect(backend.drafts.size).toBe(0);
    expect(drafts.current.value.id).not.toBe(id);
    expect(drafts.current.value.saveState).toBe("blank");
  });

  it("waits for the save under way", async () => {
    let open = (): void => undefined;
    backend.gates.set("save_draft", new Promise((done) => (open = done)));
    write("停水");
    await vi.advanceTimersByTimeAsync(SAVE_WAIT_MS);
    let isSubmitted = false;
    const done = drafts.submit(drafts.current.value.id, async () => {
      isSubmitted = true;
    });
    await vi.advanceTimersByTimeAsync(50);
    expect(isSubmitted).toBe(false);
    open();
    await done;
    expect(isSubmitted).toBe(true);
  });

  it("keeps the draft and goes on saving when it is refused", async () => {
    write("停水");
    const { id } = drafts.current.value;
    await expect(drafts.submit(id, () => Promise.reject(refusal("请选择承办单位。")))).rejects.toMatchObject({ code: "refused" });
    expect(drafts.current.value.id).toBe(id);
    await vi.advanceTimersByTimeAsync(SAVE_WAIT_MS);
    expect(savedTexts()).toEqual(["停水"]);
  });
});

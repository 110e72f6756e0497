// 导入导出: files are chosen, looked through and imported; what is exported is found again.
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { upload } from "../src/backend/upload";
import { useTransport } from "../src/backend/backend";
import { startOver } from "../src/features/knowledge/kb-import";
import { droppedFiles } from "../src/shared/dropped-files";
import { FakeBackend, refusal } from "./fake-backend";
import { allByTestId, byTestId, has, openWindow, press, settle, until, type Window } from "./window";

beforeAll(async () => {
  await import("../src/features/knowledge/Knowledge.vue");
});
beforeEach(() => {
  useTransport(new FakeBackend());
  startOver();
});

async function openEditing(prepare: (backend: FakeBackend) => void = () => undefined): Promise<Window> {
  const window = await openWindow({}, prepare);
  press("Ctrl+3");
  await until(() => expect(has("knowledge-search")).toBe(true));
  byTestId("knowledge-mode").querySelector<HTMLInputElement>('input[value="editing"]')!.click();
  await until(() => expect(has("kb-open-import")).toBe(true));
  return window;
}

async function openImport(): Promise<Window> {
  const window = await openEditing();
  byTestId("kb-open-import").click();
  await until(() => expect(has("kb-import-files")).toBe(true));
  return window;
}

const file = (name: string, text: string): File => new File([text], name);
const CSV = "标题,答案,责任单位\n停水找谁,打供水电话,县水务局\n,没有标题,县水务局\n停电找谁,,县供电公司\n停水了找谁？,打电话,县住建局\n";

async function drop(...files: File[]): Promise<void> {
  const event = new Event("drop", { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { files, items: [], types: ["Files"] } });
  byTestId("kb-import").dispatchEvent(event);
  await settle();
}

async function expectNoViolations(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

const rows = (): string[] => allByTestId("kb-import-row").map((row) => (row.textContent ?? "").replace(/\s+/g, " ").trim());

describe("导入", () => {
  it("goes from the file over the preview to drafts", async () => {
    const { backend } = await openImport();
    await expectNoViolations();
    await drop(file("水务.csv", CSV));
    await until(() => expect(allByTestId("kb-import-row")).toHaveLength(4));
    await expectNoViolations();
    expect(rows()[0]).toContain("第 2 行");
    expect(rows()[1]).toContain("没有标题");
    expect(rows()[2]).toContain("缺 标准答案");
    // What is likely there already waits for a person.
    expect(byTestId("kb-import-run").textContent).toContain("导入 2 条");
    const choice = byTestId<HTMLSelectElement>("kb-import-choice-3");
    expect(choice.value).toBe("skip");
    choice.value = "new";
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    await until(() => expect(byTestId("kb-import-run").textContent).toContain("导入 3 条"));
    press("Ctrl+Enter");
    await until(() => expect(byTestId("kb-import-done").textContent).toContain("已导入新草稿 3 条"));
    expect(backend.callsOf("kb_import_run")).toEqual([{ upload_id: "upload-1", preview_no: 1, choices: [{ row: 3, choice: "new" }] }]);
    // The preview is asked again: nothing more is to be done, and that is said.
    await until(() => expect(rows()[0]).toContain("没有变化"));
    expect(byTestId("kb-import-run").getAttribute("aria-disabled")).toBe("true");
    byTestId("kb-import-close").click();
    byTestId("kb-list-all").click();
    await until(() => expect(allByTestId("kb-row")).toHaveLength(3));
  });

  it("shows only what one asks for, and decides for all of it", async () => {
    await openImport();
    await drop(file("水务.csv", CSV));
    await until(() => expect(has("kb-import-filter-faulty")).toBe(true));
    byTestId("kb-import-filter-faulty").click();
    await until(() => expect(rows()).toHaveLength(1));
    expect(has("kb-import-all-skip")).toBe(false);
    byTestId("kb-import-filter-incomplete").click();
    await until(() => expect(rows()[0]).toContain("停电找谁"));
    byTestId("kb-import-all-skip").click();
    await until(() => expect(byTestId("kb-import-run").textContent).toContain("导入 1 条"));
    // It lacks something and is not imported: it goes into the sheet of errors.
    expect(byTestId("kb-import-errors").textContent).toContain("2 行");
  });

  it("reads a column as a person says, and no two columns as the same", async () => {
    const { backend } = await openImport();
    await drop(file("水务.csv", "标题,答复,责任单位\n停水找谁,打供水电话,县水务局\n"));
    await until(() => expect(has("kb-import-source")).toBe(true));
    const select = byTestId<HTMLSelectElement>("kb-import-column-1");
    expect(select.value).toBe("");
    select.value = "answer";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await until(() => expect(backend.callsOf("kb_import_preview")).toHaveLength(2));
    const other = byTestId<HTMLSelectElement>("kb-import-column-2");
    await until(() => expect(other.disabled).toBe(false));
    other.value = "answer";
    other.dispatchEvent(new Event("change", { bubbles: true }));
    await until(() => expect(backend.callsOf("kb_import_preview")).toHaveLength(3));
    expect(backend.callsOf("kb_import_preview").at(-1)).toMatchObject({ sources: [{ file: "水务.csv", keys: ["title", "", "answer"] }] });
  });

  it("says what cannot be read, and what was refused", async () => {
    const { backend } = await openImport();
    await drop(file("通知.pdf", "%PDF"), file("水务.csv", CSV));
    await until(() => expect(byTestId("kb-import-broken").textContent).toContain("通知.pdf"));
    backend.failures.set("kb_import_run", refusal("第 2 行：2002 已把草稿改到第 2 稿。这一批没有导入任何内容，请重新预览后再导入。"));
    byTestId("kb-import-run").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("第 2 行"));
    expect(has("kb-import-done")).toBe(false);
    backend.failures.set("upload_part", refusal("一次最多导入 200 个文件，请分几次导入。"));
    byTestId("kb-import-over").click();
    await until(() => expect(has("kb-import-files")).toBe(true));
    await drop(file("水务.csv", CSV));
    await until(() => expect(byTestId("refusal").textContent).toContain("200 个文件"));
    await expectNoViolations();
  });

  it("keeps what was chosen while somebody looks at something else", async () => {
    await openImport();
    await drop(file("水务.csv", CSV));
    await until(() => expect(has("kb-import-choice-0")).toBe(true));
    byTestId("kb-import-filter-new").click();
    await until(() => expect(has("kb-import-all-skip")).toBe(true));
    byTestId("kb-import-all-skip").click();
    await settle();
    press("Ctrl+1");
    await settle();
    press("Ctrl+3");
    await until(() => expect(byTestId("kb-import-run").textContent).toContain("导入 0 条"));
    byTestId("kb-list-all").click();
    byTestId("kb-new-policy").click();
    await until(() => expect(has("kb-title")).toBe(true));
    byTestId("kb-open-import").click();
    await until(() => expect(byTestId("kb-import-run").textContent).toContain("导入 0 条"));
  });

  it("hands out the templates and the sheet of errors", async () => {
    const { backend } = await openImport();
    byTestId("kb-template-policy").click();
    await until(() => expect(byTestId("handed").textContent).toContain("/home/quxian/下载/知识采集表（policy）.xlsx"));
    await drop(file("水务.csv", CSV));
    await until(() => expect(has("kb-import-errors")).toBe(true));
    byTestId("kb-import-errors").click();
    await until(() => expect(byTestId("handed").textContent).toContain("差错表.xlsx"));
    byTestId("show-handed").click();
    await until(() => expect(backend.callsOf("show_handed")).toEqual([{ ticket: "ticket-2" }]));
    expect(backend.files.fetched).toEqual([]);
  });
});

describe("上传", () => {
  const never = new AbortController().signal;

  it("sends a large file in parts, byte for byte", async () => {
    const backend = new FakeBackend();
    useTransport(backend);
    const bytes = new Uint8Array(900_000).map((_, at) => at % 251);
    const seen: number[] = [];
    const id = await upload([{ name: "大.csv", file: new Blob([bytes]) }], (part) => seen.push(part), never);
    expect(backend.callsOf("upload_part")).toHaveLength(3);
    expect(seen.at(-1)).toBe(1);
    const arrived = backend.files.uploads.get(id)!.get("大.csv")!;
    expect(arrived.length).toBe(900_000);
    expect([...bytes].every((byte, at) => arrived.charCodeAt(at) === byte)).toBe(true);
  });

  it("stops when it is told to, and forgets what was sent", async () => {
    const backend = new FakeBackend();
    useTransport(backend);
    const stop = new AbortController();
    const sent = upload([{ name: "大.csv", file: new Blob([new Uint8Array(900_000)]) }], () => stop.abort(), stop.signal);
    await expect(sent).rejects.toThrow();
    expect(backend.callsOf("upload_part")).toHaveLength(1);
    expect(backend.files.uploads.size).toBe(0);
  });

  it("takes a folder with the folders in it, in the order of names", async () => {
    const entry = (path: string, inside: unknown[] | null): unknown => {
      const left = inside === null ? [] : [inside];
      return {
        isFile: inside === null,
        isDirectory: inside !== null,
        fullPath: path,
        file: (done: (file: File) => void) => done(file(path, "x")),
        createReader: () => ({ readEntries: (done: (entries: unknown[]) => void) => done(left.shift() ?? []) }),
      };
    };
    const folder = entry("/资料", [entry("/资料/10.csv", null), entry("/资料/县", [entry("/资料/县/1.csv", null)]), entry("/资料/2.csv", null)]);
    const transfer = { files: [], items: [{ webkitGetAsEntry: () => folder }] } as unknown as DataTransfer;
    const names = (await droppedFiles(transfer)).map(({ name }) => name);
    expect(names).toEqual(["资料/2.csv", "资料/10.csv", "资料/县/1.csv"]);
  });
});

describe("导出", () => {
  it("in the window the file lies in the person's folder", async () => {
    const { backend } = await openEditing();
    byTestId("kb-open-export").click();
    await until(() => expect(has("kb-export-run")).toBe(true));
    await expectNoViolations();
    byTestId("kb-export-run").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("没有可以导出的条目"));
    byTestId("kb-export-public").click();
    await settle();
    // The public version is always the whole of what is in use.
    expect(has("kb-export-internal")).toBe(false);
    press("Ctrl+Enter");
    await until(() => expect(byTestId("handed").textContent).toContain("/home/quxian/下载/知识库公开版.zip"));
    expect(backend.callsOf("kb_export").at(-1)).toEqual({ form: "public", list: null, with_internal: false });
    await expectNoViolations();
  });

  it("in a browser the page downloads it", async () => {
    const clicked: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(this.download);
    });
    const { backend } = await openEditing((fake) => (fake.files.folder = null));
    byTestId("kb-open-export").click();
    await until(() => expect(has("kb-export-public")).toBe(true));
    byTestId("kb-export-public").click();
    await settle();
    byTestId("kb-export-run").click();
    await until(() => expect(byTestId("handed").textContent).toContain("已交给浏览器下载"));
    expect(backend.files.fetched).toEqual(["ticket-1"]);
    expect(clicked).toEqual(["知识库公开版.zip"]);
    expect(has("show-handed")).toBe(false);
  });
});

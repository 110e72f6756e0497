import axe from "axe-core";
import { beforeAll, describe, expect, it } from "vitest";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

beforeAll(async () => {
  await Promise.all([import("../src/features/audit/Audit.vue"), import("../src/features/knowledge/Knowledge.vue"), import("../src/features/about/About.vue"), import("../src/app/Palette.vue")]);
});

async function expectNoViolations(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

describe("what is not for this person", () => {
  it("is not offered: neither in the rail, nor by key, nor in the palette", async () => {
    const auditor = ["app_state", "status", "reference", "lock", "still_here", "sync_state", "kb_lists", "audit_entries", "verify_audit", "export_audit"];
    const { backend } = await openWindow({ may: auditor });
    await until(() => expect(has("audit-rows")).toBe(true));
    expect(["rail-intake", "rail-work-orders"].filter(has)).toEqual([]);
    expect(["rail-knowledge", "rail-audit", "rail-about"].filter((id) => !has(id))).toEqual([]);
    press("Ctrl+2");
    press("F2");
    await settle();
    expect(byTestId("rail-audit").getAttribute("aria-current")).toBe("page");
    press("Ctrl+k");
    await until(() => expect(has("palette-box")).toBe(true));
    type(byTestId("palette-box"), "paidan");
    await settle();
    expect(document.querySelector("#palette-list")?.textContent ?? "").not.toContain("派单");
    for (const name of ["drafts", "queues", "work_orders", "save_draft"] as const) expect(backend.callsOf(name)).toEqual([]);
  });
});

describe("审计", () => {
  it("is searched, gone on with and verified", async () => {
    const { backend } = await openWindow();
    byTestId("rail-audit").click();
    await until(() => expect(allByTestId("audit-rows")).toHaveLength(1));
    expect(byTestId("audit-rows").textContent).toContain("无权限");
    await expectNoViolations();
    byTestId("audit-more").click();
    await until(() => expect(byTestId("audit-rows").textContent).toContain("打开本机存储"));
    const act = byTestId<HTMLSelectElement>("audit-act");
    act.value = "submit";
    act.dispatchEvent(new Event("change"));
    press("Ctrl+Enter");
    await until(() => expect(byTestId("audit-rows").textContent).not.toContain("查看工单"));
    expect(backend.callsOf("audit_entries").at(-1)).toMatchObject({ act: "submit", before: null });
    byTestId("audit-verify").click();
    await until(() => expect(byTestId("audit-verified").textContent).toContain("核对无误"));
    await expectNoViolations();
  });
});

describe("查导出来源", () => {
  it("by the number on a page and by a file, and tells whose it is", async () => {
    const { backend } = await openWindow();
    byTestId("rail-audit").click();
    await until(() => expect(has("trace-serial")).toBe(true));
    const form = byTestId<HTMLFormElement>("trace");
    form.dispatchEvent(new Event("submit", { cancelable: true }));
    await until(() => expect(form.textContent).toContain("导出编号不对"));
    type(byTestId("trace-serial"), "w01 k7q4m x9p2t");
    form.dispatchEvent(new Event("submit", { cancelable: true }));
    await until(() => expect(byTestId("trace-found").textContent).toContain("陈丽 1024 于"));
    expect(backend.callsOf("trace_export").at(-1)).toEqual({ serial: "w01 k7q4m x9p2t", upload_id: null });
    await expectNoViolations();
    const file = byTestId<HTMLInputElement>("trace-file");
    Object.defineProperty(file, "files", { configurable: true, value: [new File(["x"], "台账.xlsx")] });
    file.dispatchEvent(new Event("change"));
    await until(() => expect(backend.callsOf("trace_export")).toHaveLength(3));
    await until(() => expect(byTestId<HTMLInputElement>("trace-serial").value).toBe("W01-K7Q4M-X9P2T"));
    // What was looked into does not stay.
    await until(() => expect(backend.callsOf("drop_upload")).toHaveLength(1));
  });
});

describe("本机备份", () => {
  it("goes to a folder that is there, is made and tried", async () => {
    await openWindow();
    byTestId("rail-about").click();
    await until(() => expect(has("backup-folder")).toBe(true));
    type(byTestId("backup-folder"), "备份");
    byTestId("backup-choose").click();
    await until(() => expect(byTestId("backup-problem").textContent).toContain("没有这个文件夹"));
    type(byTestId("backup-folder"), "/media/backup");
    byTestId("backup-choose").click();
    await until(() => expect(byTestId("backup-message").textContent).toContain("每天备份一次"));
    byTestId("backup-make").click();
    await until(() => expect(byTestId("backup-message").textContent).toContain("已备份到 /media/backup"));
    byTestId("backup-try").click();
    await until(() => expect(byTestId("backup-message").textContent).toContain("逐页核对无误"));
    await expectNoViolations();
  });
});

describe("第三方组件", () => {
  it("are listed by their licences, and open by key", async () => {
    await openWindow();
    byTestId("rail-about").click();
    await until(() => expect(has("third-party")).toBe(true));
    const list = byTestId<HTMLDetailsElement>("third-party");
    expect(list.open).toBe(false);
    list.open = true;
    await settle();
    for (const part of ["rusqlite 0.", "tauri 2.", "vue 3.", "element-plus 2."]) expect(list.textContent).toContain(part);
    expect(list.querySelectorAll("dt")[0]?.textContent).toContain("MIT OR Apache-2.0");
    await expectNoViolations();
  });
});

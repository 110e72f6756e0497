// Forms of an order and ledgers of a list, by keyboard; what cannot be printed says why.
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until, type Window } from "./window";

beforeAll(() => import("../src/features/work-order/WorkOrders.vue"));

beforeEach(() => {
  // happy-dom lays nothing out; a virtual list needs a height to show rows in.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(700);
});

async function openOrders(prepare: (opened: Window["backend"]) => void = () => undefined): Promise<Window> {
  const opened = await openWindow({}, prepare);
  byTestId("rail-work-orders").click();
  await until(() => expect(allByTestId("order-row").length).toBeGreaterThan(5));
  return opened;
}

async function openFirst(opened: Promise<Window>): Promise<Window> {
  const there = await opened;
  allByTestId("order-row")[0]?.click();
  await until(() => expect(has("print-open")).toBe(true));
  return there;
}

async function expectNoViolations(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

describe("forms of an order", () => {
  it("are opened by P, chosen by a digit and made by Ctrl+Enter", async () => {
    const { backend } = await openFirst(openOrders());
    press("p", document.body);
    await until(() => expect(has("print-form")).toBe(true));
    await expectNoViolations();
    expect(allByTestId("print-refused").map((line) => line.textContent)).toContain("应急转办单：不是特殊事项，请用交办单。");
    press("2", byTestId("print-form"));
    await settle();
    press("Ctrl+Enter", byTestId("print-form"));
    await until(() => expect(byTestId("handed").textContent).toContain("催办单已生成，共 1 页。"));
    expect(backend.callsOf("print_order_form").at(-1)).toMatchObject({ form: "urging", assignment: 1, output: "pdf", with_caller: false, template_upload_id: null });
    press("Escape", byTestId("print-form"));
    await settle();
    expect(has("print-form")).toBe(false);
  });

  it("name the caller only when that is asked for, and never of a sealed order", async () => {
    const { backend } = await openFirst(openOrders());
    press("p", document.body);
    await until(() => expect(has("print-caller")).toBe(true));
    byTestId("print-caller").click();
    press("Ctrl+Enter", byTestId("print-form"));
    await until(() => expect(backend.callsOf("print_order_form").at(-1)).toMatchObject({ with_caller: true }));
  });

  it("of a sealed order offer no name", async () => {
    await openFirst(openOrders(({ forms }) => (forms.callerRefusal = "举报件、保密件不向承办单位写明诉求人，由县中心中转联系。")));
    press("p", document.body);
    await until(() => expect(byTestId("strip").textContent).toContain("由县中心中转联系"));
    expect(has("print-caller")).toBe(false);
  });

  it("of several units ask which", async () => {
    const { backend } = await openFirst(openOrders(({ forms }) => (forms.units = ["县水务局（主办，已签收办理中）", "县公安局（协办，待签收）"])));
    press("p", document.body);
    await until(() => expect(has("print-assignment")).toBe(true));
    press("Ctrl+Enter", byTestId("print-form"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请选定是哪个承办单位。"));
    type(byTestId("print-assignment"), "县公安局");
    press("Enter", byTestId("print-assignment"));
    press("Ctrl+Enter", byTestId("print-assignment"));
    await until(() => expect(backend.callsOf("print_order_form").at(-1)).toMatchObject({ assignment: 2 }));
  });

  it("take an office's own template for Word", async () => {
    const { backend } = await openFirst(openOrders());
    press("p", document.body);
    await until(() => expect(has("print-output")).toBe(true));
    expect(has("print-template")).toBe(false);
    press("2", byTestId("print-output"));
    await until(() => expect(has("print-template")).toBe(true));
    byTestId("print-template-ours").click();
    await until(() => expect(byTestId("handed").textContent).toContain("双大括号里的是字段"));
    const box = byTestId<HTMLInputElement>("print-template");
    Object.defineProperty(box, "files", { value: [new File(["PK"], "交办单.docx")] });
    box.dispatchEvent(new Event("change"));
    press("Ctrl+Enter", byTestId("print-output"));
    await until(() => expect(byTestId("handed").textContent).toContain("已按本单位模板生成。"));
    expect(backend.callsOf("print_order_form").at(-1)).toMatchObject({ output: "docx", template_upload_id: "upload-1" });
    expect(backend.files.uploads.size).toBe(0);
  });
});

describe("a ledger", () => {
  it("is the list as it stands, and says what it is for", async () => {
    const { backend } = await openOrders();
    press("e", document.body);
    await until(() => expect(has("ledger-output")).toBe(true));
    await expectNoViolations();
    type(byTestId("ledger-purpose"), " ");
    press("Ctrl+Enter", byTestId("ledger-purpose"));
    await until(() => expect(byTestId("refusal").textContent).toContain("请写明用途"));
    type(byTestId("ledger-purpose"), "月末核对");
    press("Ctrl+Enter", byTestId("ledger-purpose"));
    await until(() => expect(byTestId("handed").textContent).toContain("已导出 24 件。"));
    expect(backend.callsOf("export_ledger").at(-1)).toMatchObject({ search: "", output: "xlsx", purpose: "月末核对" });
  });
});

describe("what takes a second person", () => {
  it("is told beside the button, asked for with one key, and decided above the list", async () => {
    const { backend } = await openOrders(({ forms }) => {
      forms.needsApproval = true;
      forms.asked = [{ id: "r-1", text: "周兰 1003 09:10申请导出台账“全部工单” 1200 件，用于核对" }];
    });
    // Whoever may decide sees it before anything else of the list.
    await until(() => expect(byTestId("export-requests").textContent).toContain("周兰 1003"));
    await expectNoViolations();
    byTestId("export-grant").click();
    await until(() => expect(has("export-requests")).toBe(false));
    expect(backend.callsOf("decide_export")).toEqual([{ request_id: "r-1", is_granted: true }]);

    byTestId("ledger-open").click();
    await until(() => expect(has("ledger-purpose")).toBe(true));
    press("Ctrl+Enter", byTestId("ledger-purpose"));
    await until(() => expect(byTestId("refusal").textContent).toContain("超过 500 行的导出须另一人批准"));
    await expectNoViolations();
    byTestId("approval-ask").click();
    await until(() => expect(byTestId("approval-asked").textContent).toContain("已申请批准"));
    const [asked] = backend.callsOf("ask_to_export");
    expect(asked).toEqual({ type: "ledger", request: backend.callsOf("export_ledger").at(-1) });
    // Granted: the same goes out, and says its number.
    backend.forms.needsApproval = false;
    press("Ctrl+Enter", byTestId("ledger-purpose"));
    await until(() => expect(byTestId("handed-serial").textContent).toContain("W01-K7Q4M-X9P2T"));
    expect(has("approval-ask")).toBe(false);
  });

  it("is asked for of a form that names the caller", async () => {
    const { backend } = await openFirst(openOrders(({ forms }) => (forms.needsApproval = true)));
    press("p", document.body);
    await until(() => expect(has("print-caller")).toBe(true));
    byTestId("print-caller").click();
    press("Ctrl+Enter", byTestId("print-form"));
    await until(() => expect(has("approval-ask")).toBe(true));
    byTestId("approval-ask").click();
    await until(() => expect(has("approval-asked")).toBe(true));
    expect(backend.callsOf("ask_to_export")).toMatchObject([{ type: "order_form", request: { with_caller: true, template_upload_id: null } }]);
  });
});

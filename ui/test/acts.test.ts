// What is done with an order after its dispatch: by keyboard, with the refusal beside the button.
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { HandleOrder } from "../src/backend/generated";
import { ACTS, newActForm, toAct } from "../src/features/work-order/acts";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until, type Window } from "./window";

beforeAll(() => import("../src/features/work-order/WorkOrders.vue"));

beforeEach(() => {
  // happy-dom lays nothing out; a virtual list needs a height to show rows in.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(700);
});

async function openOrder(number: string): Promise<Window> {
  const opened = await openWindow();
  byTestId("rail-work-orders").click();
  await until(() => expect(allByTestId("order-row").length).toBeGreaterThan(5));
  document.querySelector<HTMLElement>(`[data-number="QX20260929-${number}"]`)?.click();
  await until(() => expect(byTestId("order-detail").textContent).toContain(number));
  await until(() => expect(has("act-supplement")).toBe(true));
  return opened;
}

async function openAct(name: string): Promise<void> {
  byTestId(`act-${name}`).click();
  await settle();
}

const handled = ({ backend }: Window): HandleOrder["act"][] => (backend.callsOf("handle_order") as HandleOrder[]).map(({ act }) => act);

describe("acts on an order", () => {
  it("ask what they need, say what is missing, and keep what was typed", async () => {
    const opened = await openOrder("0998");
    await openAct("urge");
    expect(document.activeElement).toBe(byTestId("strip-reason"));
    press("Ctrl+Enter", byTestId("strip-reason"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写理由。"));
    expect(byTestId<HTMLInputElement>("strip-method").value).toBe("电话");
    const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    type(byTestId("strip-reason"), "诉求人再次来电");
    press("Escape", byTestId("strip-reason"));
    await settle();
    expect(has("strip")).toBe(false);
    await openAct("urge");
    expect(byTestId<HTMLTextAreaElement>("strip-reason").value).toBe("诉求人再次来电");
    press("Ctrl+Enter", byTestId("strip-reason"));
    await until(() => expect(byTestId("confirmation").textContent).toContain("催办已保存在本机"));
    expect(handled(opened).at(-1)).toEqual({ type: "urge", assignment: 1, reason: "诉求人再次来电", method: "电话" });
    expect(byTestId("order-story").textContent).toContain("诉求人再次来电");
    expect(has("strip")).toBe(false);
  });

  it("of several units ask which", async () => {
    const opened = await openOrder("0997");
    await openAct("urge");
    expect(document.activeElement).toBe(byTestId("strip-assignment"));
    type(byTestId("strip-reason"), "催一下");
    press("Ctrl+Enter", byTestId("strip-reason"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请选定是哪个承办单位。"));
    type(byTestId("strip-assignment"), "县公安局");
    press("Enter", byTestId("strip-assignment"));
    press("Ctrl+Enter", byTestId("strip-assignment"));
    await until(() => expect(handled(opened).at(-1)).toMatchObject({ type: "urge", assignment: 2 }));
  });

  it("a review is decided by a digit, and whoever dispatched is told to leave it to another", async () => {
    const opened = await openOrder("0998");
    await openAct("rule_on_send_back");
    type(byTestId("strip-reason"), "属供水单位");
    press("Ctrl+Enter", byTestId("strip-reason"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请选择同意退回还是驳回。"));
    press("2", byTestId("strip-choice"));
    await settle();
    press("Ctrl+Enter", byTestId("strip-reason"));
    await until(() => expect(byTestId("refusal").textContent).toBe("裁定退回须由另一人操作，本人经办的不能自己审。"));
    expect(handled(opened).at(-1)).toEqual({ type: "rule_on_send_back", assignment: 1, is_accepted: false, reason: "属供水单位" });
    expect(byTestId<HTMLTextAreaElement>("strip-reason").value).toBe("属供水单位");
  });

  it("that another role gives stand there with the reason", async () => {
    await openOrder("0998");
    expect(byTestId("refused-review_extension").getAttribute("aria-disabled")).toBe("true");
    expect(byTestId("order-detail").textContent).toContain("县审延期须由审核员操作。");
    expect(has("act-sign_reply")).toBe(false);
  });

  it("take down what a caller said at the call-back", async () => {
    const opened = await openOrder("0996");
    await openAct("record_own_call_back");
    type(byTestId("strip-note"), "诉求人表示满意");
    press("Ctrl+Enter", byTestId("strip-note"));
    await until(() => expect(handled(opened)).toEqual([{ type: "record_own_call_back", note: "诉求人表示满意" }]));
  });
});

describe("attachments", () => {
  const file = { sha256: "0a".repeat(32), name: "现场.jpg", from_text: "何静 1004 补充，9月29日（周二）09:05", state: "at_center" as const, state_text: "" };
  const button = (label: string): HTMLElement | null => document.querySelector(`[data-testid="attachments"] [aria-label="${label}"]`);

  it("are fetched first, then saved, and say how far they are", async () => {
    const { backend } = await openOrder("0998");
    expect(has("attachments")).toBe(false);
    backend.attachments.push({ ...file });
    backend.announce(["attachments"]);
    await until(() => expect(byTestId("attachments").textContent).toContain("何静 1004 补充"));
    button("取回 现场.jpg")?.click();
    await until(() => expect(byTestId("attachments").textContent).toContain("正在取回 40%"));
    expect(button("取回 现场.jpg")).toBeNull();
    Object.assign(backend.attachments[0] as object, { state: "here", state_text: "" });
    backend.announce(["attachments"]);
    await until(() => expect(button("保存 现场.jpg")).not.toBeNull());
    button("保存 现场.jpg")?.click();
    await until(() => expect(byTestId("handed").textContent).toContain("已保存“现场.jpg”。"));
    const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  it("go with a supplement, and what cannot be attached is said beside the button", async () => {
    const opened = await openOrder("0998");
    await openAct("supplement");
    const box = byTestId<HTMLInputElement>("strip-files");
    Object.defineProperty(box, "files", { value: [new File(["%PDF-1"], "回执.pdf")], configurable: true });
    box.dispatchEvent(new Event("change"));
    await until(() => expect(byTestId("strip").textContent).toContain("回执.pdf"));
    opened.backend.failures.set("handle_order", { code: "invalid", message: "“回执.pdf”不能上传。", request_id: "" });
    press("Ctrl+Enter", byTestId("strip-text"));
    await until(() => expect(byTestId("refusal").textContent).toBe("“回执.pdf”不能上传。"));
    opened.backend.failures.clear();
    press("Ctrl+Enter", byTestId("strip-text"));
    await until(() => expect(has("strip")).toBe(false));
    expect(handled(opened).at(-1)).toMatchObject({ type: "supplement", text: "" });
    expect((handled(opened).at(-1) as { upload_id: string }).upload_id).not.toBe("");
  });
});

describe("the requests of the forms", () => {
  it("leave open what nobody decided", () => {
    const form = Object.assign(newActForm(), { assignment: "1", reason: " 图纸正在调取 ", days: "三" });
    expect(toAct("request_extension", form)).toEqual({ type: "request_extension", assignment: 1, is_grave: null, days: null, supervisor_statement: "", reason: "图纸正在调取" });
    Object.assign(form, { choice: "no", days: "3" });
    expect(toAct("request_extension", form)).toMatchObject({ is_grave: false, days: 3 });
    expect(toAct("review_extension", Object.assign(form, { choice: "yes" }))).toEqual({ type: "review_extension", assignment: 1, is_forwarded: true, reason: "图纸正在调取" });
  });

  it("are of the act that the form is for", () => {
    for (const { type: name } of ACTS) expect(toAct(name, newActForm()).type).toBe(name);
  });
});

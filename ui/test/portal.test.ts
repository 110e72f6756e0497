// The units' portal over a fake center, as a person at the keyboard sees it.
import { mount, type VueWrapper } from "@vue/test-utils";
import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { startKeys } from "../src/app/keys";
import { ACTS, forgetForms, formOf, toAct } from "../src/portal/acts";
import { ActName, forgetAnswers, useTransport } from "../src/portal/backend";
import type { HandleUnitOrder, UnitAct, WhoAmI } from "../src/portal/generated";
import { forgetPlaces } from "../src/portal/navigation";
import Portal from "../src/portal/Portal.vue";
import { watchCompositions } from "../src/shared/ime";
import { refusal } from "./fake-backend";
import { FakePortal, ME } from "./fake-portal";
import { allByTestId, byTestId, has, press, settle, type, until } from "./window";

beforeAll(() => import("../src/portal/House.vue"));

let close: (() => void) | null = null;
afterEach(() => {
  close?.();
  close = null;
  forgetAnswers();
  forgetForms();
  forgetPlaces();
});

async function openPortal(me: WhoAmI = ME): Promise<{ center: FakePortal; wrapper: VueWrapper }> {
  const center = new FakePortal(me);
  useTransport(center);
  const [stopKeys, stopCompositions] = [startKeys([]), watchCompositions()];
  const host = document.createElement("div");
  document.body.append(host);
  const wrapper = mount(Portal, { attachTo: host });
  close = () => {
    wrapper.unmount();
    stopKeys();
    stopCompositions();
  };
  await settle();
  return { center, wrapper };
}

async function isAccessible(): Promise<void> {
  // happy-dom paints nothing: contrast is looked at in the real browser.
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

async function openOrder(number: string): Promise<void> {
  await until(() => expect(allByTestId("order-row").length).toBe(3));
  document.querySelector<HTMLElement>(`[data-number="${number}"]`)?.click();
  await until(() => expect(byTestId("order-detail").textContent).toContain(number));
}

const handled = (center: FakePortal): HandleUnitOrder[] => center.payloads("handle_order") as HandleUnitOrder[];

describe("the door", () => {
  it("lets nobody in by an Enter of the input method, and says why not", async () => {
    const { center } = await openPortal({ ...ME, phase: "signed_out", number: "", token: "" });
    await until(() => expect(has("sign-in-person")).toBe(true));
    type(byTestId("sign-in-person"), "2901");
    type(byTestId("sign-in-password"), "wrong");
    const composing = new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
    byTestId("sign-in-password").dispatchEvent(composing);
    await settle();
    expect(center.payloads("sign_in")).toEqual([]);
    press("Enter", byTestId("sign-in-password"));
    await until(() => expect(byTestId("refusal").textContent).toBe("工号或密码不正确。"));
    expect(byTestId<HTMLInputElement>("sign-in-password").value).toBe("");
    await isAccessible();
    type(byTestId("sign-in-password"), "right");
    press("Enter", byTestId("sign-in-password"));
    await until(() => expect(byTestId("unit").textContent).toBe("县水务局"));
    expect(center.token).toBe("t");
    expect(center.hearsNews).toBe(true);
  });

  it("wants a password of the person's own before anything else", async () => {
    const { center } = await openPortal({ ...ME, phase: "must_change" });
    await until(() => expect(has("password-old")).toBe(true));
    expect(center.hearsNews).toBe(false);
    type(byTestId("password-old"), "a");
    type(byTestId("password-new"), "b");
    type(byTestId("password-again"), "c");
    byTestId("password-go").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("两次输入的新密码不一样。"));
    await isAccessible();
    type(byTestId("password-again"), "b");
    byTestId("password-go").click();
    await until(() => expect(has("unit")).toBe(true));
    expect(center.payloads("change_password")).toEqual([{ old: "a", new: "b" }]);
  });

  it("a session that has ended leads back to it, and nothing stays on the screen", async () => {
    const { center } = await openPortal();
    await openOrder("QX20261124-001");
    center.me = { ...ME, phase: "signed_out", number: "", token: "" };
    center.failures.set("work_orders", refusal("登录已失效，请重新登录。", "locked"));
    center.announce(["work_orders"]);
    await until(() => expect(has("sign-in-person")).toBe(true));
    expect(document.body.textContent).toContain("登录已失效");
    expect(document.body.textContent).not.toContain("停水第");
  });
});

describe("orders", () => {
  it("are read by keys, and a limit explains itself", async () => {
    await openPortal();
    await until(() => expect(allByTestId("order-row").length).toBe(3));
    press("j");
    await until(() => expect(byTestId("order-detail").textContent).toContain("QX20261124-001"));
    expect([byTestId("happened"), byTestId("about")].map(({ textContent }) => textContent)).toEqual(["11月23日（周一）20时许起", "供水公司"]);
    press("j");
    await until(() => expect(byTestId("order-detail").textContent).toContain("按第十七条对承办单位保密"));
    expect(has("reveal")).toBe(false);
    press("d");
    await until(() => expect(byTestId("order-limits").textContent).toContain("第十一条(二)：签收 1 个工作日。"));
    await isAccessible();
  });

  it("what is refused says why beside the button, and what was typed stays", async () => {
    const { center } = await openPortal();
    await openOrder("QX20261124-001");
    byTestId("act-send_back").click();
    await settle();
    type(byTestId("strip-reason"), "不归我局");
    press("Ctrl+Enter", byTestId("strip-reason"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写依据。"));
    await isAccessible();
    document.querySelector<HTMLElement>('[data-number="QX20261124-002"]')?.click();
    await until(() => expect(byTestId("order-detail").textContent).toContain("QX20261124-002"));
    await openOrder("QX20261124-001");
    byTestId("act-send_back").click();
    await settle();
    expect(byTestId<HTMLTextAreaElement>("strip-reason").value).toBe("不归我局");
    type(byTestId("strip-basis"), "三定方案");
    press("Ctrl+Enter", byTestId("strip-basis"));
    await until(() => expect(byTestId("confirmation").textContent).toContain("已送达县中心"));
    const [first, second] = handled(center);
    expect(second).toMatchObject({ id: "order-1", version: 5, act: { type: "send_back", reason: "不归我局", basis: "三定方案", suggestion: "" } });
    expect(first?.act_id).not.toBe(second?.act_id);
    expect(byTestId("refused-sign_reply").getAttribute("aria-disabled")).toBe("true");
  });

  it("the same act again, after an answer that was lost, bears the same name", async () => {
    const { center } = await openPortal();
    await openOrder("QX20261124-001");
    press("s");
    await settle();
    center.failures.set("handle_order", new TypeError("network"));
    press("Ctrl+Enter");
    await until(() => expect(byTestId("refusal").textContent).toContain("连接中断"));
    center.failures.delete("handle_order");
    press("Ctrl+Enter");
    await until(() => expect(has("confirmation")).toBe(true));
    const names = handled(center).map(({ act_id }) => act_id);
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(1);
  });

  it("a page that is behind is shown anew", async () => {
    const { center } = await openPortal();
    await openOrder("QX20261124-001");
    press("s");
    await settle();
    center.failures.set("handle_order", refusal("刚刚有变化，已重新显示，请看过再办。", "stale"));
    const before = center.payloads("work_order").length;
    press("Ctrl+Enter");
    await until(() => expect(byTestId("refusal").textContent).toContain("已重新显示"));
    expect(center.payloads("work_order").length).toBeGreaterThan(before);
  });

  it("a number is shown when it is asked for", async () => {
    const { center } = await openPortal();
    await openOrder("QX20261124-001");
    expect(byTestId("caller").textContent).toContain("138****8001");
    byTestId("reveal").click();
    await until(() => expect(byTestId("caller").textContent).toContain("13800138001"));
    expect(center.payloads("reveal_caller")).toEqual([{ id: "order-1" }]);
  });

  it("files are handed in as soon as they are chosen, and refused ones are told", async () => {
    const { center } = await openPortal();
    await openOrder("QX20261124-001");
    byTestId("act-request_screening").click();
    await settle();
    const choose = (name: string): void => {
      const input = byTestId<HTMLInputElement>("strip-files");
      Object.defineProperty(input, "files", { value: [new File(["x"], name)], configurable: true });
      input.dispatchEvent(new Event("change"));
    };
    choose("页面.html");
    await until(() => expect(byTestId("strip").textContent).toContain("只收 PDF"));
    choose("记录.pdf");
    await until(() => expect(byTestId("strip").textContent).toContain("记录.pdf"));
    type(byTestId("strip-reason"), "评价与事实不符");
    press("Ctrl+Enter", byTestId("strip-reason"));
    await until(() => expect(handled(center).at(-1)?.act).toMatchObject({ type: "request_screening", evidence: ["hash-of-记录.pdf"] }));
  });

  it("what is new is told and opened", async () => {
    const { center } = await openPortal();
    await until(() => expect(allByTestId("order-row").length).toBe(3));
    expect(byTestId("latest").textContent?.trim()).toBe("");
    center.newsAt += 60_000;
    center.announce(["work_orders"]);
    await until(() => expect(byTestId("latest").textContent).toContain("新派单，请签收"));
    press("n");
    await until(() => expect(has("news-list")).toBe(true));
    await isAccessible();
    byTestId("news-list").querySelector<HTMLElement>("li button")?.click();
    await until(() => expect(byTestId("order-detail").textContent).toContain("QX20261124-001"));
  });
});

describe("forms", () => {
  it("every act has one, and what is left open stays open", () => {
    const form = formOf("x");
    const made = ACTS.map(({ type }) => toAct(type, form));
    expect(made.map(({ type }) => type)).toEqual(ACTS.map(({ type }) => type));
    const of = <T extends UnitAct["type"]>(wanted: T): UnitAct | undefined => made.find(({ type }) => type === wanted);
    expect(of("record_contact")).toEqual({ type: "record_contact", is_reached: null, at: "", phone: "", note: "" });
    expect(of("request_extension")).toMatchObject({ ground: null, days: null });
    Object.assign(form, { earlier: "QX1、QX2 QX3", days: " 3 ", ground: "statutory", isTold: "no" });
    expect(toAct("request_final_closure", form)).toMatchObject({ earlier_orders: ["QX1", "QX2", "QX3"] });
    expect(toAct("request_extension", form)).toMatchObject({ ground: "statutory", days: 3 });
    expect(toAct("submit_reply", form)).toMatchObject({ is_told: false });
  });

  it("an act is named by what it says", () => {
    const name = new ActName();
    const first = name.of({ a: 1 });
    expect(name.of({ a: 1 })).toBe(first);
    const second = name.of({ a: 2 });
    expect(second).not.toBe(first);
    name.renew();
    expect(name.of({ a: 2 })).not.toBe(second);
  });
});

describe("knowledge and statistics", () => {
  it("a task says what is missing, an article is confirmed", async () => {
    const { center } = await openPortal();
    byTestId("page-knowledge").click();
    await until(() => expect(has("task-row")).toBe(true));
    byTestId("task-row").click();
    await until(() => expect(has("task-deliver")).toBe(true));
    byTestId("task-deliver").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("请选定是哪一条知识。"));
    await isAccessible();
    byTestId("article-row").click();
    await until(() => expect(has("kb-confirm")).toBe(true));
    await isAccessible();
    byTestId("kb-confirm").click();
    await until(() => expect(center.payloads("act_on_kb_record").at(-1)).toMatchObject({ id: "kb-1", version: 2, act: { type: "confirm" } }));
    byTestId("new-article").click();
    await until(() => expect(has("kb-section-办理依据")).toBe(true));
    await isAccessible();
  });

  it("a number opens what is behind it", async () => {
    await openPortal();
    byTestId("page-statistics").click();
    await until(() => expect(has("figure-按时办结率")).toBe(true));
    byTestId("figure-按时办结率").querySelectorAll<HTMLElement>("button")[2]?.click();
    await until(() => expect(byTestId("behind").textContent).toContain("剔除：协办件"));
    await isAccessible();
  });
});

describe("考核", () => {
  async function openScores(): Promise<FakePortal> {
    const { center } = await openPortal();
    await until(() => expect(has("page-assessment")).toBe(true));
    press("Alt+4");
    await until(() => expect(byTestId("round-detail").textContent).toContain("86.40"));
    return center;
  }

  it("shows the unit's own periods, the orders behind a number, and takes an appeal against one of them", async () => {
    const center = await openScores();
    expect(allByTestId("round-row").map((row) => row.textContent)).toEqual([expect.stringContaining("可申诉到11月30日"), expect.stringContaining("已通报")]);
    byTestId("score-timely_signing").querySelector("button")?.click();
    await until(() => expect(has("behind")).toBe(true));
    await until(() => expect(byTestId("behind").textContent).toContain("停水第 1 件"));
    expect(byTestId("behind").textContent).toContain("剔除：协办件");
    await isAccessible();
    byTestId("appeal-QX20261124-001/1").click();
    await settle();
    press("Ctrl+Enter", byTestId("appeal-reason"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写理由。"));
    type(byTestId("appeal-reason"), "系统故障，当日已电话签收");
    press("Ctrl+Enter", byTestId("appeal-reason"));
    await until(() => expect(has("appeal-done")).toBe(true));
    expect(center.payloads("appeal_score").at(-1)).toMatchObject({ number: "KH-1", period: "2026-10", version: 7, about: { type: "item", indicator: "timely_signing", item: "QX20261124-001/1" }, reason: "系统故障，当日已电话签收" });
    await until(() => expect(allByTestId("appeal").map((row) => row.textContent)).toEqual([expect.stringContaining("待裁定")]));
    expect(has("appeal-form")).toBe(false);
    // What came of it is told as soon as it is there.
    Object.assign(center.appeals[0]!, { ruling_text: "采纳，剔除：情况属实" });
    center.announce(["assessment"]);
    await until(() => expect(byTestId("appeal").textContent).toContain("采纳，剔除：情况属实"));
    expect(byTestId("appeal").textContent).toContain("已裁定");
    await isAccessible();
  });

  it("a deduction, and an order that was not counted, may be appealed against by their numbers", async () => {
    const center = await openScores();
    byTestId("appeal-JD-3").click();
    await settle();
    type(byTestId("appeal-reason"), "约谈已撤销");
    byTestId("appeal-send").click();
    await until(() => expect(has("appeal-done")).toBe(true));
    byTestId("score-rework").querySelector("button")?.click();
    await until(() => expect(has("left-out")).toBe(true));
    type(byTestId("left-out"), " QX20261124-009 ");
    press("Enter", byTestId("left-out"));
    await settle();
    type(byTestId("appeal-reason"), "漏计");
    byTestId("appeal-send").click();
    await until(() => expect(allByTestId("appeal")).toHaveLength(2));
    expect(center.payloads("appeal_score")).toMatchObject([{ about: { type: "deduction", case_number: "JD-3" } }, { about: { type: "item", indicator: "rework", item: "QX20261124-009" } }]);
  });

  it("of a period that is closed it shows why no appeal is possible, and offers none", async () => {
    await openScores();
    press("j");
    await until(() => expect(byTestId("no-appeal").textContent).toBe("申诉已于2026年10月20日截止。"));
    byTestId("score-timely_signing").querySelector("button")?.click();
    await until(() => expect(byTestId("behind").textContent).toContain("停水第 1 件"));
    expect([has("appeal-JD-3"), has("left-out"), has("appeal-QX20261124-001/1")]).toEqual([false, false, false]);
  });
});

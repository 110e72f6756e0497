import axe from "axe-core";
import { describe, expect, it } from "vitest";
import type { HandleOrder, Listen, Submit } from "../src/backend/generated";
import { refusal } from "./fake-backend";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until, type Window } from "./window";

const text = (): HTMLTextAreaElement => byTestId<HTMLTextAreaElement>("intake-text");
const value = (id: string): string => byTestId<HTMLInputElement>(id).value;
const kind = (): string => document.querySelector<HTMLInputElement>('[aria-label="诉求类型"] input:checked')?.value ?? "";
const facts = (): string[] => allByTestId("fact").map((chip) => chip.dataset["key"] ?? "");
const listened = ({ backend }: Window): Listen[] => backend.callsOf("listen") as Listen[];
const ranked = (id: string): string[] => [...byTestId(id).querySelectorAll(".name")].map((name) => name.textContent ?? "");

/** Types on at the end, as a call-taker does, and leaves the caret there. */
async function say(window: Window, more: string): Promise<void> {
  const before = listened(window).length;
  const field = text();
  type(field, field.value + more);
  field.setSelectionRange(field.value.length, field.value.length);
  await until(() => expect(listened(window).length).toBeGreaterThan(before));
  await settle();
}

async function expectNoViolations(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

describe("text typed in pieces", () => {
  it("fills and ranks anew, and neither focus nor caret moves", async () => {
    const window = await openWindow();
    await say(window, "我家停水了");
    expect([value("intake-category"), kind()]).toEqual(["停水", "help"]);
    expect(ranked("top-categories")[0]).toBe("停水");
    await say(window, "，物业还乱收费，物业公摊");
    expect([value("intake-category"), kind()]).toEqual(["物业收费", "help"]);
    expect(ranked("top-categories")[0]).toBe("物业收费");
    await say(window, "，投诉没人管，在渠南街道和平社区三栋，希望退还多收的钱");
    expect(kind()).toBe("complaint");
    expect([value("intake-township"), value("intake-village"), value("intake-detail"), value("intake-wants")]).toEqual(["渠南街道", "和平社区", "三栋", "退还多收的钱"]);
    expect(document.activeElement).toBe(text());
    expect(text().selectionStart).toBe(text().value.length);
  });

  it("is asked about as it is typed, and what filled itself is not asked again", async () => {
    const window = await openWindow();
    for (const piece of ["停", "停水", "停水了", "停水了怎么"]) type(text(), piece);
    await until(() => expect(listened(window)).toHaveLength(1));
    await until(() => expect(value("intake-category")).toBe("停水"));
    await until(() => expect(window.backend.callsOf("save_draft").length).toBeGreaterThan(0));
    expect(listened(window)).toHaveLength(1);
    expect(listened(window)[0]?.intake.category_id).toBe("");
  });

  it("is one question at a time, and the last one holds", async () => {
    let release = (): void => undefined;
    const window = await openWindow({}, (backend) => backend.gates.set("listen", new Promise((done) => (release = done))));
    type(text(), "停水了");
    await until(() => expect(listened(window)).toHaveLength(1));
    window.backend.gates.delete("listen");
    for (const piece of ["路", "路灯", "路灯不亮"]) {
      type(text(), piece);
      await settle();
    }
    expect(listened(window)).toHaveLength(1);
    release();
    await until(() => expect(value("intake-category")).toBe("路灯"));
    await settle();
    expect(listened(window).map(({ intake }) => intake.text)).toEqual(["停水了", "路灯不亮"]);
    expect(has("same")).toBe(false);
  });

  it("is not asked about while the input method composes, and at once when it ends", async () => {
    const window = await openWindow();
    text().dispatchEvent(new Event("compositionstart", { bubbles: true }));
    type(text(), "ting shui");
    await settle();
    expect(listened(window)).toHaveLength(0);
    text().value = "停水";
    text().dispatchEvent(new Event("compositionend", { bubbles: true }));
    await settle();
    expect(listened(window).map(({ intake }) => intake.text)).toEqual(["停水"]);
  });

  it("taken back takes back what it filled", async () => {
    const window = await openWindow();
    await say(window, "和平社区停水");
    expect(value("intake-township")).toBe("渠南街道");
    type(text(), "");
    await until(() => expect(value("intake-township")).toBe(""));
    expect([value("intake-category"), kind()]).toEqual(["", "consultation"]);
  });

  it("goes on without suggestions when they cannot be had", async () => {
    const window = await openWindow({}, (backend) => backend.failures.set("listen", refusal("出错了", "fault")));
    await say(window, "停水了");
    expect(document.body.textContent).toContain("自动填写暂不可用，请照常录入");
    press("Ctrl+s");
    await settle();
    press("Ctrl+Enter");
    await until(() => expect(has("confirmation")).toBe(true));
  });
});

describe("what a person said holds", () => {
  it("a category picked by key, by name or taken away is not filled again", async () => {
    const window = await openWindow();
    await say(window, "停水，没水，不来水，水压也低");
    press("Alt+7");
    await settle();
    expect(value("intake-category")).toBe("水压水质");
    await say(window, "，还是停水");
    expect(value("intake-category")).toBe("水压水质");
    const category = byTestId<HTMLInputElement>("intake-category");
    type(category, "");
    category.dispatchEvent(new FocusEvent("blur"));
    await say(window, "，又停水");
    expect(value("intake-category")).toBe("");
    expect(listened(window).at(-1)?.chosen).toMatchObject({ category: true, kind: false });
  });

  it("each kind has its own key, wherever it is ranked", async () => {
    const window = await openWindow();
    await say(window, "停水");
    press("Alt+j");
    await settle();
    expect(kind()).toBe("report");
    await say(window, "，投诉没人管");
    expect(kind()).toBe("report");
    expect(listened(window).at(-1)).toMatchObject({ chosen: { kind: true }, intake: { kind: "report" } });
  });

  it("nothing moves in the field that has the focus", async () => {
    const window = await openWindow();
    await say(window, "停水，希望尽快来水");
    const wants = byTestId<HTMLInputElement>("intake-wants");
    expect(wants.value).toBe("尽快来水");
    wants.focus();
    const before = listened(window).length;
    // As if it had been typed elsewhere: only the text changes, the focus stays.
    text().value = "停水，希望尽快恢复供水";
    text().dispatchEvent(new Event("input", { bubbles: true }));
    await until(() => expect(listened(window).length).toBeGreaterThan(before));
    await settle();
    expect(wants.value).toBe("尽快来水");
    text().focus();
    await until(() => expect(wants.value).toBe("尽快恢复供水"));
  });

  it("Alt+R gives the field that has the focus back to the text", async () => {
    const window = await openWindow();
    await say(window, "停水，希望尽快来水");
    const wants = byTestId<HTMLInputElement>("intake-wants");
    type(wants, "问清原因");
    press("Alt+r", wants);
    await settle();
    expect(wants.value).toBe("尽快来水");
    await say(window, "并说明原因");
    expect(wants.value).toBe("尽快来水并说明原因");
  });

  it("time and object fill themselves, show their words, and never overwrite a person's", async () => {
    const window = await openWindow();
    await say(window, "昨天下午停水，投诉锦绣物业公司");
    const [happened, about] = [byTestId<HTMLInputElement>("intake-happened"), byTestId<HTMLInputElement>("intake-about")];
    expect([happened.value, about.value]).toEqual(["09-28 周一下午起", "锦绣物业公司"]);
    expect(facts()).toEqual([]);
    expect(listened(window).at(-1)).toMatchObject({ chosen: { happened: false, about: false }, intake: { happened: "", about: "" } });
    about.focus();
    await settle();
    expect([...document.querySelectorAll(".marked-area mark")].map((mark) => mark.textContent)).toEqual(["锦绣物业公司"]);
    type(about, "供水公司");
    text().focus();
    await say(window, "，今天早上也投诉恒达物业公司");
    expect([happened.value, about.value]).toEqual(["09-28 周一下午起", "供水公司"]);
    expect(listened(window).at(-1)).toMatchObject({ chosen: { happened: false, about: true }, intake: { happened: "", about: "供水公司" } });
    // What the fields do not hold stands beside them, and Enter puts it in.
    expect(facts()).toEqual(["时间 09-29 周二早上", "对象 锦绣物业公司", "对象 恒达物业公司"]);
    allByTestId("fact")[2]?.click();
    await settle();
    expect(about.value).toBe("恒达物业公司");
    type(happened, "");
    await say(window, "。");
    expect([happened.value, about.value]).toEqual(["", "恒达物业公司"]);
    await expectNoViolations();
    press("Ctrl+s");
    await settle();
    press("Ctrl+Enter");
    await until(() => expect(has("confirmation")).toBe(true));
    expect((window.backend.callsOf("submit").at(-1) as Submit).intake).toMatchObject({ happened: "", about: "恒达物业公司" });
  });

  it("a fact that was taken away stays away, also when it is said again", async () => {
    const window = await openWindow();
    await say(window, "昨天下午停水，电话13808121234，收了300元");
    expect(facts()).toEqual(["电话 13808121234", "金额 300元"]);
    allByTestId("fact")[1]?.focus();
    press("ArrowLeft");
    expect(document.activeElement?.getAttribute("data-key")).toBe("电话 13808121234");
    press("Delete");
    await settle();
    expect(document.activeElement?.getAttribute("data-key")).toBe("金额 300元");
    await say(window, "，打13808121234找我");
    expect(facts()).toEqual(["金额 300元"]);
  });

  it("a phone that was said becomes the contact phone with Enter, and the fact points at its words", async () => {
    const window = await openWindow();
    await say(window, "停水，电话13808121234");
    const chip = allByTestId("fact")[0] as HTMLElement;
    chip.focus();
    await settle();
    expect([...document.querySelectorAll(".marked-area mark")].map((mark) => mark.textContent)).toEqual(["13808121234"]);
    chip.click();
    await until(() => expect((window.backend.callsOf("save_draft").at(-1) as { body: Submit["intake"] }).body.caller.contact_phone).toBe("13808121234"));
  });

  it("what was filled is submitted as it stands", async () => {
    const window = await openWindow();
    await say(window, "和平社区三栋停水，希望尽快来水");
    press("F4");
    await settle();
    expect(value("strip-unit")).toBe("渠县供水企业");
    press("Ctrl+Enter");
    await until(() => expect(has("confirmation")).toBe(true));
    expect((window.backend.callsOf("submit").at(-1) as Submit).intake).toMatchObject({ kind: "help", category_id: "c-stop", place: { township_code: "511725002", village_code: "511725002001", detail: "三栋" }, wants: "尽快来水" });
  });
});

describe("what must not be overheard", () => {
  it("is said at once above the text, announced, marked, and takes no focus", async () => {
    const window = await openWindow();
    await say(window, "流江社区楼上着火了");
    const alarm = byTestId("alarm");
    expect(alarm.textContent).toContain("事故灾难");
    expect(alarm.closest('[role="alert"]')).not.toBeNull();
    expect(document.activeElement).toBe(text());
    expect([...document.querySelectorAll(".loud mark")].map((mark) => mark.textContent)).toEqual(["着火"]);
    await expectNoViolations();
  });

  it("F8 stands ready with its line; another that a person chooses stays", async () => {
    const window = await openWindow();
    await say(window, "楼上着火了");
    press("F8");
    await settle();
    const line = (): string => byTestId("strip").querySelector<HTMLInputElement>("input:checked")?.value ?? "";
    expect(line()).toBe("119");
    expect(document.activeElement?.getAttribute("value")).toBe("119");
    press("3", document.activeElement as Element);
    await settle();
    await say(window, "，有人要轻生");
    expect(line()).toBe("120");
  });

  it("Alt+A takes the class that is proposed, which is never taken by itself", async () => {
    const window = await openWindow();
    await say(window, "整个小区停水");
    const cls = (): string => document.querySelector<HTMLInputElement>('[aria-label="事项类别"] input:checked')?.value ?? "";
    expect(cls()).toBe("ordinary");
    expect(press("Alt+a").defaultPrevented).toBe(true);
    await settle();
    expect(cls()).toBe("special");
    expect(has("alarm-take")).toBe(false);
  });

  it("Alt+X puts it away until something else is heard", async () => {
    const window = await openWindow();
    await say(window, "整个小区停水");
    press("Alt+x");
    await settle();
    expect(has("alarm")).toBe(false);
    await say(window, "，现在");
    expect(has("alarm")).toBe(false);
    await say(window, "楼道着火了");
    expect(byTestId("alarm").textContent).toContain("着火");
    expect(byTestId("alarm").textContent).not.toContain("停水");
  });

  it("what is past is asked about quietly", async () => {
    const window = await openWindow();
    await say(window, "去年这里着火了");
    expect(has("alarm")).toBe(false);
    expect(byTestId("alarm-doubtful").textContent).toContain("如正在发生");
  });
});

describe("is it one of these", () => {
  it("F6 leads there, U urges with a reason, Esc leads back to the text", async () => {
    const window = await openWindow();
    await say(window, "和平社区停水");
    press("F6");
    expect(document.activeElement).toBe(allByTestId("same-order")[0]);
    press("j");
    expect(document.activeElement).toBe(allByTestId("same-order")[1]);
    press("u");
    await settle();
    type(byTestId("earlier-text"), "第三次来电催问");
    press("Enter");
    await until(() => expect(has("confirmation")).toBe(true));
    const act = window.backend.callsOf("handle_order").at(-1) as HandleOrder;
    expect(act.act).toEqual({ type: "urge", assignment: 1, reason: "第三次来电催问", method: "电话" });
    expect(document.activeElement).toBe(text());
    press("F6");
    press("Escape");
    await settle();
    expect(document.activeElement).toBe(text());
    expect(text().value).toBe("和平社区停水");
  });

  it("A adds what was said, and then the draft may go", async () => {
    const window = await openWindow();
    await say(window, "和平社区停水");
    press("F6");
    press("a");
    await settle();
    expect(value("earlier-text")).toBe("和平社区停水");
    press("Enter");
    await until(() => expect(document.activeElement).toBe(byTestId("added-discard")));
    await expectNoViolations();
    byTestId("added-discard").click();
    await until(() => expect(text().value).toBe(""));
    expect(window.backend.callsOf("submit")).toHaveLength(0);
    expect(window.backend.callsOf("discard_draft")).toHaveLength(1);
  });

  it("a refusal stands there and what was written stays", async () => {
    const window = await openWindow({}, (backend) => backend.failures.set("handle_order", refusal("工单已终结办理，不能催办。")));
    await say(window, "和平社区停水");
    press("F6");
    press("u");
    await settle();
    press("Enter");
    await until(() => expect(byTestId("same").textContent).toContain("工单已终结办理"));
    expect(value("earlier-text")).toBe("诉求人再次来电催问");
    press("Escape");
    expect(document.activeElement).toBe(allByTestId("same-order")[0]);
  });
});

describe("where it goes", () => {
  it("a precedent says that it binds, and Alt+G says on what ground everything stands", async () => {
    const window = await openWindow({}, (backend) => (backend.listening.isBound = true));
    await say(window, "和平社区停水");
    expect(byTestId("where-to").textContent).toContain("先例，参照办理");
    press("F4");
    await settle();
    expect(byTestId("strip").textContent).toContain("承办单位不得退回");
    press("Escape");
    expect(document.querySelector(".top-three .ground")).toBeNull();
    press("Alt+g");
    await settle();
    expect(document.querySelector(".top-three .ground")?.textContent).toContain("原文有“停水”");
  });

  it("another unit of those suggested is one press away, and stays", async () => {
    const window = await openWindow();
    await say(window, "和平社区停水");
    allByTestId("lead")[1]?.click();
    await until(() => expect(value("strip-unit")).toBe("县水务局"));
    await say(window, "，没水");
    expect(value("strip-unit")).toBe("县水务局");
  });
});

describe("before it is submitted", () => {
  it("what is not in scope stands ready to be read out, and a person's choice holds", async () => {
    const window = await openWindow();
    await say(window, "法院判决了，不服气");
    press("F7");
    await until(() => expect(value("strip-guidance")).toContain("法定程序"));
    expect(byTestId("scope-ground").textContent).toContain("“法院判决”");
    press("7", document.activeElement as Element);
    await settle();
    await say(window, "，已经起诉");
    expect(value("strip-guidance")).toContain("法律法规的规定不一致");
  });

  it("what is missing is told beside the button and holds nothing up", async () => {
    const window = await openWindow();
    await say(window, "停水，另外路灯不亮");
    press("Ctrl+s");
    await until(() => expect([...byTestId("quality").children].map((line) => (line as HTMLElement).dataset["kind"])).toEqual(["place_missing", "two_matters"]));
    await expectNoViolations();
    press("Ctrl+Enter");
    await until(() => expect(has("confirmation")).toBe(true));
  });

  it("a question is ticked off, and one that the text answers goes away", async () => {
    const window = await openWindow();
    await say(window, "停水");
    const questions = (): string[] => [...byTestId("follow-ups").querySelectorAll("li")].map((line) => line.textContent ?? "");
    expect(questions()).toHaveLength(3);
    byTestId("follow-ups").querySelector("input")?.click();
    await settle();
    expect(byTestId("follow-ups").querySelector("label")?.className).toContain("asked");
    await say(window, "，从昨天开始");
    expect(questions()).toHaveLength(2);
  });
});

describe("several calls at once", () => {
  it("each has what was heard in it and what was chosen for it", async () => {
    const window = await openWindow();
    await say(window, "和平社区停水，没水，不来水，水压低");
    press("Alt+7");
    press("F2");
    await settle();
    await say(window, "路灯不亮");
    expect(value("intake-category")).toBe("路灯");
    expect(has("same")).toBe(false);
    press("Alt+ArrowLeft");
    await settle();
    expect(value("intake-category")).toBe("水压水质");
    expect(has("same")).toBe(true);
    press("Alt+ArrowRight");
    await until(() => expect(value("intake-category")).toBe("路灯"));
  });
});

// What a person stumbles over at the second look: keys that mean one form and reach another, words that
// promise what the rules refuse, a desk that works alone and says that it is cut off.
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { KEY_MAP } from "../src/app/keys";
import type { Submit } from "../src/backend/generated";
import { titleFrom } from "../src/features/intake/intake";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until, type Window } from "./window";

beforeAll(async () => {
  await import("../src/features/work-order/WorkOrders.vue");
  await import("../src/features/supervision/Supervision.vue");
  await import("../src/app/Palette.vue");
  await import("../src/features/first-start/FirstStart.vue");
  await import("../src/features/first-start/Guide.vue");
  await import("../src/features/about/About.vue");
});

beforeEach(() => {
  // happy-dom lays nothing out; a virtual list needs a height to show rows in.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(700);
});

async function expectNoViolations(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

async function show(number: string): Promise<void> {
  document.querySelector<HTMLElement>(`[data-number="QX20260929-${number}"]`)?.click();
  await until(() => expect(byTestId("order-detail").textContent).toContain(number));
  await until(() => expect(has("act-supplement")).toBe(true));
}

async function openOrder(number: string): Promise<Window> {
  const opened = await openWindow();
  byTestId("rail-work-orders").click();
  await until(() => expect(allByTestId("order-row").length).toBeGreaterThan(5));
  await show(number);
  return opened;
}

describe("a form on an order", () => {
  it("keeps its letters and arrows, also on a button of it", async () => {
    await openOrder("0998");
    byTestId("act-urge").click();
    await settle();
    type(byTestId("strip-reason"), "催到一半");
    const button = byTestId("strip-submit");
    button.focus();
    for (const key of ["j", "k", "ArrowDown", "ArrowUp"]) press(key, button);
    await settle();
    expect(byTestId("order-detail").textContent).toContain("QX20260929-0998");
    expect(byTestId<HTMLTextAreaElement>("strip-reason").value).toBe("催到一半");
  });

  it("waits on its order while another is looked at", async () => {
    await openOrder("0998");
    byTestId("act-urge").click();
    await settle();
    type(byTestId("strip-reason"), "催到一半");
    await show("0997");
    expect(has("strip")).toBe(false);
    byTestId("act-supplement").click();
    await settle();
    type(byTestId("strip-text"), "又说了一句");
    await show("0998");
    expect(byTestId("strip").dataset["type"]).toBe("urge");
    expect(byTestId<HTMLTextAreaElement>("strip-reason").value).toBe("催到一半");
    await show("0997");
    expect(byTestId<HTMLTextAreaElement>("strip-text").value).toBe("又说了一句");
  });

  it("what is saved while another order is looked at touches nothing of that", async () => {
    const { backend } = await openOrder("0998");
    byTestId("act-urge").click();
    await settle();
    type(byTestId("strip-reason"), "催一下");
    let open: () => void = () => undefined;
    backend.gates.set("handle_order", new Promise((done) => (open = done)));
    press("Ctrl+Enter", byTestId("strip-reason"));
    await show("0997");
    byTestId("act-supplement").click();
    await settle();
    type(byTestId("strip-text"), "另一件的话");
    open();
    await settle();
    expect(byTestId<HTMLTextAreaElement>("strip-text").value).toBe("另一件的话");
    expect(has("confirmation")).toBe(false);
    await show("0998");
    expect(has("strip")).toBe(false);
  });

  it("takes Ctrl+Enter where it has the focus, whatever else is open", async () => {
    const { backend } = await openOrder("0998");
    byTestId("act-urge").click();
    await settle();
    byTestId("ledger-open").click();
    await until(() => expect(has("ledger-purpose")).toBe(true));
    type(byTestId("strip-reason"), "催一下");
    press("Ctrl+Enter", byTestId("strip-reason"));
    await until(() => expect(backend.callsOf("handle_order").length).toBe(1));
    expect(backend.callsOf("export_ledger")).toEqual([]);
    press("Ctrl+Enter", byTestId("ledger-purpose"));
    await until(() => expect(backend.callsOf("export_ledger").length).toBe(1));
    expect(backend.callsOf("handle_order").length).toBe(1);
  });
});

describe("dispatch", () => {
  async function openDispatch(): Promise<Window> {
    const opened = await openWindow();
    type(byTestId("intake-text"), "工地夜间施工，渣土撒在路上");
    press("F4");
    await settle();
    type(byTestId("strip-unit"), "xswj");
    press("Enter", byTestId("strip-unit"));
    return opened;
  }
  const outcome = ({ backend }: Window): Submit["outcome"] | undefined => (backend.callsOf("submit") as Submit[]).at(-1)?.outcome;

  it("goes to a lead with others that assist, by keyboard", async () => {
    const opened = await openDispatch();
    expect(has("strip-others")).toBe(false);
    press("3", byTestId("strip-form"));
    await until(() => expect(has("strip-others")).toBe(true));
    expect(byTestId("strip").textContent).toContain("主办单位");
    for (const initials of ["xgaj", "xzfcxjsj"]) {
      type(byTestId("strip-others"), initials);
      press("Enter", byTestId("strip-others"));
      await settle();
    }
    expect(allByTestId("strip-others-chosen").length).toBe(2);
    await expectNoViolations();
    press("Ctrl+Enter", byTestId("strip-unit"));
    await until(() => expect(has("confirmation")).toBe(true));
    const sent = outcome(opened);
    expect(sent).toMatchObject({ type: "dispatch", unit_id: "swj", form: "lead_and_assisting" });
    expect(sent?.type === "dispatch" ? sent.other_unit_ids.length : 0).toBe(2);
  });

  it("to one unit alone leaves out who was chosen before", async () => {
    const opened = await openDispatch();
    press("2", byTestId("strip-form"));
    await until(() => expect(has("strip-others")).toBe(true));
    type(byTestId("strip-others"), "xgaj");
    press("Enter", byTestId("strip-others"));
    await settle();
    press("1", byTestId("strip-form"));
    press("Ctrl+Enter", byTestId("strip-unit"));
    await until(() => expect(has("confirmation")).toBe(true));
    expect(outcome(opened)).toMatchObject({ form: "single", other_unit_ids: [] });
  });
});

describe("a desk without a center", () => {
  it("works alone, and nothing of it waits to be sent", async () => {
    await openWindow();
    expect(byTestId("status-sync").textContent).toBe("单机");
    expect(has("status-waiting")).toBe(false);
  });
});

describe("a desk that its center has struck off", () => {
  it("says so at the door and is enrolled again there", async () => {
    const { backend } = await openWindow({ isEnrolled: true, phase: "signed_out" }, (fake) => {
      fake.center.struckOff = { text: "中心已不认得这台工作站。", address: "10.1.2.3:8443", enrolment: "idle", enrolment_message: "" };
    });
    await until(() => expect(has("struck-off")).toBe(true));
    expect(byTestId("struck-off").textContent).toContain("中心已不认得这台工作站");
    expect(byTestId<HTMLInputElement>("enrol-address").value).toBe("10.1.2.3:8443");
    await expectNoViolations();
    type(byTestId("enrol-code"), "07ZC-2XT5");
    byTestId("enrol-submit").click();
    await until(() => expect(backend.callsOf("enrol").length).toBe(1));
  });
});

describe("a sign-in that has lasted twelve hours", () => {
  it("is said to end, which no key puts off", async () => {
    await openWindow({ isEnrolled: true, isOnline: true }, (fake) => {
      const now = Date.UTC(2026, 8, 29, 1, 12);
      fake.center.idle = { warn: now - 1, lock: now + 45_000 };
      fake.center.isSessionEnding = true;
    });
    await until(() => expect(byTestId("idle-warning").textContent).toMatch(/4\d 秒后登录满 12 小时，请再输一次密码/));
    expect(byTestId("idle-warning").textContent).not.toContain("按任意键");
  });
});

describe("earlier orders beside the call", () => {
  it("are not urged by who may not", async () => {
    const { backend } = await openWindow({ gives: ["supplement"] });
    type(byTestId("intake-phone"), "13808120001");
    await until(() => expect(allByTestId("caller-order").length).toBeGreaterThan(0));
    const first = allByTestId("caller-order")[0];
    first?.focus();
    press("u", first);
    await settle();
    expect(has("earlier-text")).toBe(false);
    expect([...document.querySelectorAll(".acts .link")].map((it) => it.textContent)).not.toContain("催办");
    press("a", first);
    await until(() => expect(has("earlier-text")).toBe(true));
    expect(backend.callsOf("handle_order")).toEqual([]);
  });
});

describe("异常来电", () => {
  it("is looked after where a supervisor works", async () => {
    const { backend } = await openWindow();
    await backend.call("act_on_dossier", { phone: "13800001234", version: 0, act: { type: "open", kinds: ["harassment"], evidence: { duration_s: 320, recording: "R-1", note: "辱骂" } } });
    byTestId("rail-supervision").click();
    await settle();
    press("Alt+4");
    await until(() => expect(has("dossier-row")).toBe(true));
    byTestId("dossier-row").click();
    await until(() => expect(has("dossier-story")).toBe(true));
    await expectNoViolations();
    byTestId("dossier-step").querySelector<HTMLInputElement>('input[value="rule_on_restriction"]')?.click();
    await until(() => expect(has("dossier-reason")).toBe(true));
    press("Escape", byTestId("dossier-reason"));
    await until(() => expect(has("strip")).toBe(false));
  });
});

describe("the guide", () => {
  it("is out of the way of whoever begins to write", async () => {
    await openWindow({ phase: "first_start" });
    await until(() => expect(has("first-start-name")).toBe(true));
    type(byTestId("first-start-name"), "陈丽");
    type(byTestId("first-start-number"), "1024");
    type(byTestId("first-start-passphrase"), "渠江边的码头早上六点");
    type(byTestId("first-start-passphrase-again"), "渠江边的码头早上六点");
    byTestId("first-start-submit").click();
    await until(() => expect(has("guide")).toBe(true));
    type(byTestId("intake-text"), "停水");
    await until(() => expect(has("guide")).toBe(false));
  });

  it("comes with the first start, is left at any step, and comes again", async () => {
    await openWindow({ phase: "first_start" });
    await until(() => expect(has("first-start-name")).toBe(true));
    type(byTestId("first-start-name"), "陈丽");
    type(byTestId("first-start-number"), "1024");
    type(byTestId("first-start-passphrase"), "渠江边的码头早上六点");
    type(byTestId("first-start-passphrase-again"), "渠江边的码头早上六点");
    byTestId("first-start-submit").click();
    await until(() => expect(has("guide")).toBe(true));
    await expectNoViolations();
    byTestId("guide-next").click();
    await settle();
    expect(byTestId("guide").textContent).toContain("第 2 步，共 3 步");
    byTestId("guide-skip").click();
    await settle();
    expect(has("guide")).toBe(false);
    byTestId("rail-about").click();
    await until(() => expect(has("open-guide")).toBe(true));
    byTestId("open-guide").click();
    await until(() => expect(has("guide")).toBe(true));
    byTestId("guide-next").click();
    await settle();
    byTestId("guide-next").click();
    await settle();
    byTestId("guide-next").click();
    await settle();
    expect(has("guide")).toBe(false);
  });
});

describe("the palette", () => {
  it("names each of its lines once", async () => {
    await openWindow();
    press("Ctrl+k");
    await until(() => expect(has("palette")).toBe(true));
    const warned = vi.spyOn(console, "warn");
    for (const text of ["1", "p1", "渠", "sl"]) {
      type(byTestId("palette-box"), text);
      await settle();
    }
    expect(warned.mock.calls.flat().filter((it) => String(it).includes("Duplicate keys"))).toEqual([]);
  });
});

describe("the title that nobody wrote", () => {
  it("is the one that the order gets", () => {
    expect(titleFrom("  。小区停水了！三天没来")).toBe("小区停水了");
    expect(titleFrom("水".repeat(31))).toBe("水".repeat(30));
    expect(titleFrom("！！！")).toBe("！！！");
  });
});

describe("the key map", () => {
  const SOURCES = import.meta.glob<string>(["../src/app/*.vue", "../src/features/**/*.vue"], { query: "?raw", import: "default", eager: true });
  /** Keys that the card need not name: what is said of one of them holds for the other. */
  const SAID_OTHERWISE = ["Ctrl+Shift+Tab", "Alt+ArrowLeft", "Alt+ArrowRight", "Ctrl+Tab"];

  /** Alt+1…5 is five of them, Ctrl+1 2 3 three. */
  function told(chord: string): string[] {
    return chord.split(/、| 或 /).flatMap((part) => {
      const [, prefix = "", keys = ""] = /^((?:Ctrl\+|Alt\+)?)(.*)$/.exec(part.trim()) ?? [];
      const range = /^()(\d)…(\d)$/.exec(keys);
      if (range) return Array.from({ length: Number(range[3]) - Number(range[2]) + 1 }, (_, nth) => `${prefix}${Number(range[2]) + nth}`);
      return keys.split(" ").map((key) => `${prefix}${key}`);
    });
  }

  it("names every chord that a page listens to", () => {
    const named = new Set(KEY_MAP.flatMap(({ keys }) => keys.flatMap(({ chord }) => told(chord))));
    const used = Object.entries(SOURCES).flatMap(([, source]) =>
      [...source.matchAll(/useKeys\([\s\S]*?\n}?\)?;/g)].flatMap(([block]) => [...block.matchAll(/(?:^|[{\s])"?((?:Ctrl\+|Alt\+)[A-Za-z0-9+]+|F\d+)"?:/g)].map(([, chord]) => chord ?? "")),
    );
    expect(used.length).toBeGreaterThan(30);
    expect([...new Set(used)].filter((chord) => !named.has(chord) && !SAID_OTHERWISE.includes(chord))).toEqual([]);
  });
});

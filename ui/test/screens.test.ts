import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

// Pages that load on demand are transformed here, where no test waits for it.
beforeAll(async () => {
  await Promise.all([
    import("../src/features/first-start/FirstStart.vue"),
    import("../src/features/first-start/Locked.vue"),
    import("../src/features/first-start/Damaged.vue"),
    import("../src/features/work-order/WorkOrders.vue"),
    import("../src/features/knowledge/Knowledge.vue"),
    import("../src/features/about/About.vue"),
    import("../src/app/Palette.vue"),
  ]);
});

beforeEach(() => {
  // happy-dom lays nothing out; a virtual list needs a height to show rows in.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(700);
});

async function expectNoViolations(): Promise<void> {
  // Contrast needs a real engine; it is measured with the screenshots.
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

describe("phases", () => {
  it("first start sets up and goes straight to the cockpit", async () => {
    const { backend } = await openWindow({ phase: "first_start" });
    await until(() => expect(has("first-start-submit")).toBe(true));
    await expectNoViolations();
    type(byTestId("first-start-name"), "陈丽");
    type(byTestId("first-start-number"), "1024");
    type(byTestId("first-start-passphrase"), "短");
    type(byTestId("first-start-passphrase-again"), "短");
    byTestId("first-start-submit").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("至少 10 个字符"));
    type(byTestId("first-start-passphrase"), "渠江水长流，日夜不停歇");
    byTestId("first-start-submit").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("不一致"));
    type(byTestId("first-start-passphrase-again"), "渠江水长流，日夜不停歇");
    byTestId("first-start-submit").click();
    await until(() => expect(has("intake-text")).toBe(true));
    expect(backend.callsOf("set_up").at(-1)).toEqual({ passphrase: "渠江水长流，日夜不停歇", operator_name: "陈丽", operator_number: "1024", with_samples: true });
  });

  it("locked asks for the passphrase and says when it is wrong", async () => {
    await openWindow({ phase: "locked" });
    await until(() => expect(has("unlock-passphrase")).toBe(true));
    await expectNoViolations();
    type(byTestId("unlock-passphrase"), "wrong");
    byTestId("unlock-submit").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("口令不对"));
    type(byTestId("unlock-passphrase"), "correct horse battery");
    press("Enter", byTestId("unlock-passphrase"));
    await until(() => expect(has("intake-text")).toBe(true));
  });

  it("damaged sets the file aside only after a plain confirmation", async () => {
    const { backend } = await openWindow({ phase: "damaged" });
    await until(() => expect(has("damaged-set-aside")).toBe(true));
    await expectNoViolations();
    byTestId("damaged-set-aside").click();
    await settle();
    expect(backend.callsOf("set_damaged_aside")).toHaveLength(0);
    byTestId("damaged-confirm").click();
    await until(() => expect(has("first-start-name")).toBe(true));
  });
});

describe("the cockpit", () => {
  it("has no accessibility violations, with a strip open and the deadlines explained", async () => {
    await openWindow();
    type(byTestId("intake-phone"), "13808120001");
    type(byTestId("intake-text"), "停水了怎么办");
    await until(() => expect(has("opened-answer")).toBe(true));
    press("Alt+d");
    for (const chord of ["F5", "F4", "F7", "F8"]) {
      press(chord);
      await settle();
      await expectNoViolations();
    }
    expect(document.body.textContent).toContain("不计 7 天");
  });
});

describe("work orders", () => {
  async function open(): ReturnType<typeof openWindow> {
    const opened = await openWindow({ nOrders: 300 });
    byTestId("rail-work-orders").click();
    await until(() => expect(allByTestId("order-row").length).toBeGreaterThan(5));
    return opened;
  }

  it("shows a window of the list, and J opens one order after the other", async () => {
    await open();
    expect(allByTestId("order-row").length).toBeLessThan(60);
    press("j");
    await until(() => expect(byTestId("order-detail").textContent).toContain("QX20260929-1000"));
    expect([byTestId("happened"), byTestId("about")].map(({ textContent }) => textContent)).toEqual(["09-28 周一下午起", "锦绣物业公司"]);
    press("j");
    await until(() => expect(byTestId("order-detail").textContent).toContain("QX20260929-0999"));
    expect(byTestId("order-detail").textContent).toContain("已保存在本机，未送达");
    expect(has("happened")).toBe(false);
    await expectNoViolations();
  });

  it("tells why an act is refused now, and does an allowed one through the strip", async () => {
    const { backend } = await open();
    byTestId("queue-in_handling").click();
    await until(() => expect(byTestId("order-row").dataset["number"]).toBe("QX20260929-0998"));
    press("j");
    await until(() => expect(has("refused-dispatch")).toBe(true));
    expect(byTestId("refused-dispatch").getAttribute("aria-disabled")).toBe("true");
    expect(byTestId("order-detail").textContent).toContain("不在待派阶段");

    byTestId("queue-to_dispatch").click();
    await until(() => expect(byTestId("order-row").dataset["number"]).toBe("QX20260929-1000"));
    press("j", document.body);
    await until(() => expect(has("act-dispatch")).toBe(true));
    press("F4", document.body);
    await settle();
    expect(byTestId<HTMLInputElement>("strip-unit").value).toBe("渠县供水企业");
    byTestId("strip-submit").click();
    await until(() => expect(byTestId("order-detail").textContent).toContain("已派待送达"));
    expect(backend.callsOf("act_on_order")).toEqual([{ work_order_id: "order-0", version: 1, outcome: { type: "dispatch", unit_id: "gsqy", opinion: "", form: "single", other_unit_ids: [], report: null } }]);
    expect(byTestId("order-story").textContent).toContain("派单至渠县供水企业");
  });

  it("a special matter that waits for dispatch asks when the township was told", async () => {
    const { backend } = await open();
    const order = backend.orders.find(({ row }) => row.class === "special" && row.stage === "registered");
    byTestId("queue-to_dispatch").click();
    await until(() => expect(byTestId("order-row").dataset["number"]).toBe("QX20260929-1000"));
    document.querySelector<HTMLElement>(`[data-number="${order?.row.number}"]`)?.click();
    await until(() => expect(has("act-dispatch")).toBe(true));
    press("F4", document.body);
    await settle();
    await expectNoViolations();
    type(byTestId("strip-report-unit"), "qnjd");
    press("Enter", byTestId("strip-report-unit"));
    type(byTestId("strip-report-answered-by"), "赵值守");
    type(byTestId("strip-report-time"), "08:50");
    press("Ctrl+Enter", byTestId("strip-report-time"));
    await until(() => expect(byTestId("order-story").textContent).toContain("报告属地 渠南街道"));
    expect(backend.callsOf("act_on_order")).toMatchObject([{ outcome: { report: { unit_id: "town-511725002", answered_by: "赵值守", reported_time: "08:50", method: "电话" } } }]);
  });

  it("shows what may be done, and what is refused with the reason", async () => {
    await open();
    press("j");
    await until(() => expect(has("act-dispatch")).toBe(true));
    expect(has("refused-recount_limits")).toBe(true);
    expect(has("refused-record_delivery")).toBe(true);
  });

  it("shows who reported when another person has granted it", async () => {
    const { backend } = await open();
    for (const order of backend.orders) order.intake.kind = "report";
    press("j");
    await until(() => expect(has("reveal-phone")).toBe(true));
    byTestId("reveal-phone").click();
    await until(() => expect(has("reveal-call_back")).toBe(true));
    await expectNoViolations();
    byTestId("reveal-call_back").click();
    await until(() => expect(byTestId("reveal-state").textContent).toContain("等另一人批准"));
    expect(backend.callsOf("reveal_phone")).toHaveLength(0);
    expect(backend.callsOf("ask_to_reveal")).toMatchObject([{ purpose: "call_back" }]);
    byTestId("reveal-grant").click();
    await until(() => expect(byTestId("reveal-state").textContent).toContain("已批准"));
    await expectNoViolations();
    byTestId("reveal-phone").click();
    await until(() => expect(byTestId("order-detail").textContent).toContain("查看已记录"));
    expect(backend.callsOf("reveal_phone")).toMatchObject([{ purpose: null }]);
  });

  it("shows a number only when asked, and D explains the limit", async () => {
    const { backend } = await open();
    press("j");
    await until(() => expect(has("reveal-phone")).toBe(true));
    expect(byTestId("order-detail").textContent).not.toContain("13808120000");
    byTestId("reveal-phone").click();
    await settle();
    expect(backend.callsOf("reveal_phone")).toHaveLength(0);
    byTestId("reveal-call_back").click();
    await until(() => expect(byTestId("order-detail").textContent).toContain("13808120000"));
    expect(backend.callsOf("reveal_phone")).toHaveLength(1);
    press("d", document.body);
    await settle();
    expect(byTestId("order-limits").textContent).toContain("当日不计");
  });
});

describe("knowledge and about", () => {
  it("finds, opens and reads", async () => {
    await openWindow();
    byTestId("rail-knowledge").click();
    await until(() => expect(has("knowledge-search")).toBe(true));
    type(byTestId("knowledge-search"), "医保缴费");
    await until(() => expect(document.body.textContent).toContain("失效，请勿照读"));
    await expectNoViolations();
    byTestId("rail-about").click();
    await until(() => expect(document.body.textContent).toContain("Clarence-Kong"));
    await until(() => expect(byTestId("learning").textContent).toContain("从 4,000 件工单学得91%98%"));
    byTestId("remove-samples").click();
    await until(() => expect(document.body.textContent).toContain("已移除示例知识 2005 条"));
    await expectNoViolations();
  });
});

describe("over everything", () => {
  it("Ctrl+K finds by initials and acts; Esc gives the focus back", async () => {
    await openWindow();
    press("Ctrl+k");
    await until(() => expect(has("palette-box")).toBe(true));
    await expectNoViolations();
    press("Escape", byTestId("palette-box"));
    await settle();
    expect(document.activeElement).toBe(byTestId("intake-text"));
    press("Ctrl+k");
    await until(() => expect(has("palette-box")).toBe(true));
    type(byTestId("palette-box"), "xswj");
    await settle();
    press("Enter", byTestId("palette-box"));
    await until(() => expect(byTestId<HTMLInputElement>("strip-unit").value).toBe("县水务局"));
  });

  it("? shows the keys outside a field and writes a question mark inside", async () => {
    await openWindow();
    expect(press("?", byTestId("intake-text")).defaultPrevented).toBe(false);
    await settle();
    expect(has("key-map")).toBe(false);
    press("?", byTestId("rail-intake"));
    await settle();
    expect(has("key-map")).toBe(true);
    await expectNoViolations();
    press("Escape", document.body);
    await settle();
    expect(has("key-map")).toBe(false);
  });

  it("the status line tells what waits, and a lock takes the window back to the door", async () => {
    const { backend } = await openWindow({ isEnrolled: true });
    expect(byTestId("status-waiting").textContent).toMatch(/\d+ 件待上传/);
    expect(byTestId("status-line").textContent).toContain("离线");
    backend.phase = "locked";
    backend.announce(["app"]);
    await until(() => expect(has("unlock-passphrase")).toBe(true));
  });
});

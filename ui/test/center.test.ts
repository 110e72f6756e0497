// A desk that belongs to a center: signing in, the lock, hand-over, 待处理, 同步状态.
import axe from "axe-core";
import { beforeAll, describe, expect, it } from "vitest";
import { PASSWORD } from "./fake-center";
import type { FakeBackend } from "./fake-backend";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

beforeAll(async () => {
  await Promise.all([
    import("../src/features/sign-in/SignIn.vue"),
    import("../src/features/sign-in/PasswordDue.vue"),
    import("../src/features/sign-in/OperatorMenu.vue"),
    import("../src/features/sync/SyncPanel.vue"),
    import("../src/features/conflict/Conflicts.vue"),
    import("../src/features/hand-over/HandOver.vue"),
    import("../src/features/first-start/FirstStart.vue"),
    import("../src/features/work-order/WorkOrders.vue"),
    import("../src/app/Palette.vue"),
  ]);
});

async function expectNoViolations(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

/** The door, with nothing behind it. */
const atTheDoor = (prepare: (backend: FakeBackend) => void = () => undefined): ReturnType<typeof openWindow> => openWindow({ phase: "signed_out", isEnrolled: true, isOnline: true }, prepare);

async function signIn(number: string, password = PASSWORD): Promise<void> {
  if (has("sign-in-number")) type(byTestId("sign-in-number"), number);
  type(byTestId("sign-in-password"), password);
  await settle();
  press("Enter", byTestId("sign-in-password"));
  await settle();
}

describe("signing in", () => {
  it("says why not, clears the password, and lets in who is right", async () => {
    const { backend } = await atTheDoor();
    await until(() => expect(has("sign-in-number")).toBe(true));
    await expectNoViolations();
    await signIn("1024", "不对的密码");
    await until(() => expect(byTestId("refusal").textContent).toBe("工号或密码不正确。"));
    expect(byTestId<HTMLInputElement>("sign-in-password").value).toBe("");
    expect(document.activeElement).toBe(byTestId("sign-in-password"));
    await signIn("1024");
    await until(() => expect(has("intake-text")).toBe(true));
    expect(backend.callsOf("sign_in").at(-1)).toEqual({ number: "1024", password: PASSWORD });
  });

  it("shows that it waits, and does not send twice", async () => {
    let answer: () => void = () => undefined;
    const { backend } = await atTheDoor((fake) => {
      fake.center.answering = new Promise((done) => (answer = done));
    });
    await until(() => expect(has("sign-in-number")).toBe(true));
    await signIn("1024");
    expect(byTestId("sign-in-submit").textContent).toBe("正在核对…");
    byTestId("sign-in-submit").click();
    await settle();
    expect(backend.callsOf("sign_in")).toHaveLength(1);
    answer();
    await until(() => expect(has("intake-text")).toBe(true));
  });

  it("a first password is changed before anything else", async () => {
    const { backend } = await openWindow({ phase: "password_due", isEnrolled: true });
    await until(() => expect(has("password-old")).toBe(true));
    await expectNoViolations();
    expect(backend.namesCalled()).not.toContain("status");
    type(byTestId("password-old"), PASSWORD);
    type(byTestId("password-new"), "巴山夜雨涨秋池2026");
    type(byTestId("password-again"), "巴山夜雨涨秋池");
    byTestId("password-submit").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("不一致"));
    type(byTestId("password-again"), "巴山夜雨涨秋池2026");
    await settle();
    byTestId("password-submit").click();
    await until(() => expect(has("intake-text")).toBe(true));
  });
});

describe("the lock", () => {
  async function open(prepare: (backend: FakeBackend) => void = () => undefined): ReturnType<typeof openWindow> {
    return openWindow({ isEnrolled: true, isOnline: true }, prepare);
  }

  it("Ctrl+L saves what was typed and locks; the same person comes back to it", async () => {
    const { backend } = await open();
    type(byTestId("intake-text"), "停水了，正在通话");
    await settle();
    press("Ctrl+l");
    await until(() => expect(has("sign-in-password")).toBe(true));
    const called = backend.namesCalled();
    expect(called.indexOf("save_draft")).toBeGreaterThan(-1);
    expect(called.indexOf("save_draft")).toBeLessThan(called.indexOf("lock"));
    expect(has("sign-in-number")).toBe(false);
    // The window is still there, out of reach of eye, key and screen reader.
    const behind = byTestId("intake-text").closest<HTMLElement>("[inert]");
    expect(behind?.style.display).toBe("none");
    await expectNoViolations();
    press("F7");
    await settle();
    expect(has("strip-refuse_out_of_scope")).toBe(false);
    await signIn("1024");
    await until(() => expect(byTestId<HTMLTextAreaElement>("intake-text").value).toBe("停水了，正在通话"));
    expect(byTestId("intake-text").closest("[inert]")).toBeNull();
  });

  it("somebody else gets a window of their own", async () => {
    await open();
    type(byTestId("intake-text"), "停水了");
    await settle();
    press("Ctrl+l");
    await until(() => expect(has("sign-in-other")).toBe(true));
    byTestId("sign-in-other").click();
    await settle();
    await signIn("1025");
    await until(() => expect(byTestId("status-operator").textContent).toContain("李强 1025"));
    // The fake core keeps no owners; what counts is that nothing of the other window is left.
    expect(document.querySelectorAll('[data-testid="intake-text"]')).toHaveLength(1);
  });

  it("is told before it comes, and a key puts it off", async () => {
    const { backend } = await open((fake) => {
      const now = Date.UTC(2026, 8, 29, 1, 12);
      fake.center.idle = { warn: now - 1, lock: now + 45_000 };
    });
    await until(() => expect(byTestId("idle-warning").textContent).toMatch(/4\d 秒后自动锁定/));
    await expectNoViolations();
    press("Escape", document.body);
    await until(() => expect(has("idle-warning")).toBe(false));
    expect(backend.callsOf("still_here").length).toBeGreaterThan(0);
  });

  it("a desk without a center has no lock", async () => {
    const { backend } = await openWindow();
    press("Ctrl+l");
    await settle();
    expect(backend.namesCalled()).not.toContain("lock");
    byTestId("status-operator").click();
    await settle();
    expect(has("change-operator")).toBe(true);
  });

  it("the shift lead sees that others have drafts", async () => {
    await open((fake) => {
      fake.center.others.push({ person: "王芳 1026", n_drafts: 2, touched_text: "09:10" });
    });
    await until(() => expect(byTestId("draft-owners").textContent).toBe("另有草稿：王芳 1026 2 份"));
  });
});

describe("hand-over", () => {
  it("is written, waits at the door, and is confirmed by who comes", async () => {
    const { backend } = await openWindow({ isEnrolled: true, isOnline: true });
    type(byTestId("intake-text"), "停水，记到一半");
    await settle();
    byTestId("status-operator").click();
    await until(() => expect(has("menu-hand-over")).toBe(true));
    await expectNoViolations();
    byTestId("menu-hand-over").click();
    await until(() => expect(has("hand-over-note")).toBe(true));
    await until(() => expect(document.body.textContent).toContain("三汇镇重石村道路塌方，县交通运输局"));
    expect(document.body.textContent).toContain("另有 2 件");
    await expectNoViolations();
    type(byTestId("hand-over-note"), "指挥部 19:00 回电。");
    press("Ctrl+Enter", byTestId("hand-over-note"));
    await until(() => expect(has("hand-over-waits")).toBe(true));
    expect(backend.callsOf("write_hand_over")).toEqual([{ note: "指挥部 19:00 回电。" }]);
    expect(byTestId("hand-over-waits").textContent).toContain("陈丽 1024 已写好交班");
    await expectNoViolations();
    await signIn("1025");
    // What was left is the first that the next one reads.
    await until(() => expect(byTestId("hand-over-detail").textContent).toContain("指挥部 19:00 回电。"));
    byTestId("hand-over-presence").click();
    await until(() => expect(byTestId("presence").textContent).toContain("登录未成功"));
    await expectNoViolations();
  });
});

describe("待处理", () => {
  async function open(): ReturnType<typeof openWindow> {
    const opened = await openWindow({ isEnrolled: true, isOnline: true }, (fake) => fake.center.addConflicts());
    byTestId("status-refused").click();
    await until(() => expect(allByTestId("conflict-row").length).toBe(2));
    return opened;
  }

  it("tells why, what came between and what was written, and is closed with a word", async () => {
    const { backend } = await open();
    expect(byTestId("status-refused").textContent).toContain("待处理 3");
    press("j", document.body);
    await until(() => expect(has("conflict-detail")).toBe(true));
    const told = byTestId("conflict-detail").textContent ?? "";
    for (const part of ["已由他人派给别的单位。", "同意就关闭", "派单 渠县供水企业", "李强 1025", "请核实停水原因，今日回复。"]) expect(told).toContain(part);
    await expectNoViolations();
    type(byTestId("conflict-note"), "同意由供水企业办理");
    press("Ctrl+Enter", byTestId("conflict-note"));
    await until(() => expect(allByTestId("conflict-row").length).toBe(1));
    expect(backend.callsOf("settle_conflict")).toEqual([{ seq: 12, note: "同意由供水企业办理" }]);
    expect(byTestId("status-refused").textContent).toContain("待处理 2");
    byTestId("conflicts-know").click();
    await until(() => expect(byTestId("conflict-row").textContent).toContain("已采纳，有提示"));
  });

  it("R opens the order with the form filled, and what is taken down closes the task", async () => {
    const { backend } = await open();
    press("j", document.body);
    await until(() => expect(has("conflict-again")).toBe(true));
    press("r", document.body);
    await until(() => expect(has("strip-unit")).toBe(true));
    expect(byTestId<HTMLInputElement>("strip-unit").value).toBe("县水务局");
    expect(byTestId<HTMLTextAreaElement>("strip-opinion").value).toBe("请核实停水原因，今日回复。");
    byTestId("strip-submit").click();
    await until(() => expect(backend.callsOf("settle_conflict")).toEqual([{ seq: 12, note: "已重新提交" }]));
    expect(backend.callsOf("act_on_order")).toMatchObject([{ work_order_id: "order-0", outcome: { type: "dispatch", unit_id: "swj", opinion: "请核实停水原因，今日回复。" } }]);
  });

  it("a registration that was not taken becomes a new draft", async () => {
    const { backend } = await open();
    press("j", document.body);
    press("j", document.body);
    await until(() => expect(byTestId("conflict-again").textContent).toContain("转为新草稿"));
    byTestId("conflict-again").click();
    await until(() => expect(byTestId<HTMLTextAreaElement>("intake-text").value).toBe("停水三天"));
    await until(() => expect(backend.callsOf("settle_conflict")).toEqual([{ seq: 11, note: "已转为新的草稿" }]));
  });
});

describe("同步状态", () => {
  it("tells what waits and what to do about what stands in the way", async () => {
    const { backend } = await openWindow({ isEnrolled: true, isOnline: true }, (fake) => {
      fake.center.alerts = [{ title: "时钟偏差", text: "本机时钟比中心快 3 分 5 秒。", advice: "请校准本机时钟。", at_text: "9月29日（周二）09:00", is_problem: true }];
    });
    expect(byTestId("status-sync").textContent).toBe("在线，有提示");
    byTestId("status-sync").click();
    await until(() => expect(byTestId("sync-panel").textContent).toContain("请校准本机时钟。"));
    for (const part of ["3 项操作", "最早 9月29日（周二）08:40，32 分钟前", "10.1.2.3:8443", "第 1204 条"]) expect(byTestId("sync-panel").textContent).toContain(part);
    expect(has("enrol-code")).toBe(false);
    await expectNoViolations();
    byTestId("sync-retry").click();
    await settle();
    expect(backend.callsOf("retry_sync")).toHaveLength(1);
    press("Escape", byTestId("sync-panel"));
    await until(() => expect(has("sync-panel")).toBe(false));
  });

  it("a desk that works alone is enrolled from here", async () => {
    const { backend } = await openWindow();
    byTestId("status-sync").click();
    await until(() => expect(has("enrol-code")).toBe(true));
    await expectNoViolations();
    type(byTestId("enrol-address"), "10.1.2.3");
    type(byTestId("enrol-code"), "1234");
    await settle();
    byTestId("enrol-submit").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("登记码共 32 位，现在是 4 位，请核对。"));
    type(byTestId("enrol-code"), "0123-4567-8Z0Z-0123-4567-89AB-CDEF-GHJK");
    await settle();
    press("Enter", byTestId("enrol-code"));
    await until(() => expect(byTestId("enrol-submit").textContent).toBe("正在登记…"));
    backend.center.enrolment = "failed";
    backend.center.enrolmentMessage = "10.1.2.3:8443：连不上这个地址。";
    backend.announce(["sync"]);
    await until(() => expect(byTestId("enrol-message").textContent).toContain("连不上这个地址"));
  });

  it("the first start takes address and code along", async () => {
    const { backend } = await openWindow({ phase: "first_start" });
    await until(() => expect(has("first-start-code")).toBe(true));
    for (const [id, text] of [["name", "陈丽"], ["number", "1024"], ["passphrase", "渠江水长流，日夜不停歇"], ["passphrase-again", "渠江水长流，日夜不停歇"], ["address", "10.1.2.3"], ["code", "0123-4567-8Z0Z-0123-4567-89AB-CDEF-GHJK"]]) type(byTestId(`first-start-${id}`), text ?? "");
    await settle();
    byTestId("first-start-submit").click();
    await until(() => expect(has("sync-panel")).toBe(true));
    expect(backend.callsOf("enrol")).toEqual([{ address: "10.1.2.3", code: "0123-4567-8Z0Z-0123-4567-89AB-CDEF-GHJK" }]);
  });
});

// The knowledge base is kept right: two keys for an error, use, tasks, gaps, the calendar.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { KbTaskOfferView, Submit } from "../src/backend/generated";
import { writings } from "../src/features/knowledge/kb-forms";
import { refusal } from "./fake-backend";
import { expectNoViolations, openEditing, openKnowledge, publish, show } from "./kb-desk";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until, type Window } from "./window";

beforeAll(async () => {
  await import("../src/features/knowledge/Knowledge.vue");
});
beforeEach(() => writings.clear());

const SAID = "和平社区三栋从昨天下午开始停水，到现在还没来";

async function takeCall(prepare?: Parameters<typeof openWindow>[1]): Promise<Window> {
  const opened = await openWindow({}, prepare);
  type(byTestId("intake-text"), SAID);
  await until(() => expect(has("article-care")).toBe(true));
  return opened;
}

function select(element: Element): void {
  const range = document.createRange();
  range.selectNodeContents(element);
  window.getSelection()?.removeAllRanges();
  window.getSelection()?.addRange(range);
}

describe("an error in two key presses", () => {
  it("is filed with the article, the version and the passage, and the focus goes back to the text", async () => {
    const { backend } = await takeCall();
    byTestId("intake-text").focus();
    expect(press("Alt+E").defaultPrevented).toBe(true);
    await until(() => expect(has("error-strip")).toBe(true));
    expect(document.activeElement).toBe(byTestId("error-strip"));
    await expectNoViolations();
    press("3", byTestId("error-strip"));
    await until(() => expect(byTestId("care-message").textContent).toContain("纠错已报知识编辑"));
    const [filed] = backend.callsOf("act_on_kb_record");
    expect(filed).toMatchObject({ id: "kb-water-stop", act: { type: "report_error", kind: "dead_phone", read_version: 1, note: "" } });
    expect((filed as { act: { passage: string } }).act.passage).toContain("停水分计划停水和突发停水");
    expect(has("error-strip")).toBe(false);
    expect(document.activeElement).toBe(byTestId("intake-text"));
    // What is typed on goes into the call, not into the note.
    expect(has("error-note")).toBe(true);
    // It came with the program: its record began with the report.
    expect(backend.knowledge.records.get("kb-water-stop")?.reports).toHaveLength(1);
  });

  it("takes the text that is selected in the answer", async () => {
    const { backend } = await takeCall();
    select(byTestId("opened-answer").querySelector(".sections dd")!);
    press("Alt+E");
    await until(() => expect(has("error-strip")).toBe(true));
    press("1", byTestId("error-strip"));
    await until(() => expect(backend.callsOf("act_on_kb_record")).toHaveLength(1));
    expect(backend.callsOf("act_on_kb_record")[0]).toMatchObject({ act: { passage: "小区、楼栋；从几时起；邻居是否也停；是否收到公告" } });
  });

  it("offers a note, reached with the same key and added with Enter", async () => {
    const { backend } = await takeCall();
    press("Alt+E");
    await until(() => expect(has("error-strip")).toBe(true));
    byTestId("error-kind-unclear").click();
    await until(() => expect(has("error-note")).toBe(true));
    press("Alt+E");
    await settle();
    expect(document.activeElement).toBe(byTestId("error-note"));
    type(byTestId("error-note"), "二次供水的说法不清楚");
    await settle();
    press("Enter", byTestId("error-note"));
    await until(() => expect(has("error-note")).toBe(false));
    expect(backend.callsOf("act_on_kb_record").at(-1)).toMatchObject({ act: { type: "note_report", report: 1, note: "二次供水的说法不清楚" } });
    await expectNoViolations();
  });

  it("is given up with Esc, and keys of the input method file nothing", async () => {
    const { backend } = await takeCall();
    byTestId("intake-text").focus();
    press("Alt+E");
    await until(() => expect(has("error-strip")).toBe(true));
    document.dispatchEvent(new Event("compositionstart", { bubbles: true }));
    press("1", byTestId("error-strip"));
    document.dispatchEvent(new Event("compositionend", { bubbles: true }));
    press("9", byTestId("error-strip"));
    press("Escape", byTestId("error-strip"));
    await until(() => expect(has("error-strip")).toBe(false));
    expect(document.activeElement).toBe(byTestId("intake-text"));
    expect(backend.callsOf("act_on_kb_record")).toHaveLength(0);
    expect(byTestId<HTMLTextAreaElement>("intake-text").value).toBe(SAID);
  });

  it("says so when it could not be filed, and stays open", async () => {
    await takeCall((backend) => backend.failures.set("act_on_kb_record", refusal("磁盘已满，没有保存。", "storage_full")));
    press("Alt+E");
    await until(() => expect(has("error-strip")).toBe(true));
    press("2", byTestId("error-strip"));
    await until(() => expect(byTestId("care-refusal").textContent).toContain("磁盘已满"));
    expect(has("error-strip")).toBe(true);
  });

  it("works where articles are read, and the reporter sees what became of it", async () => {
    const window = await openKnowledge("reading");
    type(byTestId("knowledge-search"), "居住证");
    await until(() => expect(has("article-care")).toBe(true));
    press("Alt+E");
    await until(() => expect(has("error-strip")).toBe(true));
    press("2", byTestId("error-strip"));
    await until(() => expect(has("error-note")).toBe(true));
    show("reports");
    await until(() => expect(allByTestId("my-report")).toHaveLength(1));
    expect(byTestId("my-report").textContent).toContain("居住证怎么办理");
    expect(byTestId("my-report-outcome").textContent).toBe("待处理");
    await expectNoViolations();
    byTestId("my-report-add").click();
    await settle();
    type(byTestId("my-report-note"), "已改为网上办理");
    press("Enter", byTestId("my-report-note"));
    await until(() => expect(byTestId("my-report").textContent).toContain("已改为网上办理"));
    const record = window.backend.knowledge.records.get("kb-permit")!;
    window.backend.knowledge.act({ id: record.id, version: record.version, act: { type: "accept_report", report: 1 } });
    window.backend.announce(["knowledge"]);
    await until(() => expect(byTestId("my-report-outcome").textContent).toBe("已受理，修改中"));
    expect(has("my-report-add")).toBe(false);
  });

  it("says where reports will be when there are none", async () => {
    await openKnowledge("reports");
    await until(() => expect(document.body.textContent).toContain("还没有报过纠错"));
    await expectNoViolations();
  });
});

describe("use", () => {
  it("有用 and 没解决 take one key each and are said once", async () => {
    const { backend } = await takeCall();
    expect(byTestId("care-used").textContent).toContain("本月引用 3 次");
    press("Alt+U");
    await until(() => expect(byTestId("care-message").textContent).toBe("已记为有用。"));
    press("Alt+U");
    await settle();
    press("Alt+N");
    await until(() => expect(byTestId("care-message").textContent).toContain("已记为没解决"));
    expect(backend.callsOf("note_kb_use")).toEqual([
      { article_id: "kb-water-stop", version: 1, feedback: "helped", searched: "" },
      { article_id: "kb-water-stop", version: 1, feedback: "unsolved", searched: "" },
    ]);
    await until(() => expect(byTestId("care-used").textContent).toContain("没解决 1 次"));
  });

  it("tells the search box of the knowledge with the order, and never what the citizen said", async () => {
    const { backend } = await takeCall();
    press("F3");
    type(byTestId("knowledge-box"), "居住证");
    await until(() => expect(byTestId("opened-answer").dataset["id"]).toBe("kb-permit"));
    press("Ctrl+S");
    await settle();
    press("Ctrl+Enter");
    await until(() => expect(has("confirmation")).toBe(true));
    expect((backend.callsOf("submit").at(-1) as Submit).searched).toEqual({ text: "居住证", has_helped: false });
    type(byTestId("intake-text"), SAID);
    await until(() => expect(has("article-care")).toBe(true));
    press("Ctrl+S");
    await settle();
    press("Ctrl+Enter");
    await until(() => expect((backend.callsOf("submit") as Submit[])).toHaveLength(2));
    expect((backend.callsOf("submit").at(-1) as Submit).searched).toBeNull();
  });

  it("what was marked as not solved is told once and not again with the order", async () => {
    const { backend } = await takeCall();
    press("F3");
    type(byTestId("knowledge-box"), "居住证");
    await until(() => expect(byTestId("opened-answer").dataset["id"]).toBe("kb-permit"));
    press("Alt+N");
    await until(() => expect(backend.callsOf("note_kb_use").at(-1)).toMatchObject({ feedback: "unsolved", searched: "居住证" }));
    press("Ctrl+S");
    await settle();
    press("Ctrl+Enter");
    await until(() => expect(has("confirmation")).toBe(true));
    expect((backend.callsOf("submit").at(-1) as Submit).searched).toBeNull();
  });

  it("an article opened from a search is counted once, and a search ended in vain is told", async () => {
    const { backend } = await openKnowledge("reading");
    type(byTestId("knowledge-search"), "居住证");
    await until(() => expect(allByTestId("knowledge-hit").length).toBeGreaterThan(0));
    allByTestId("knowledge-hit")[0]!.click();
    allByTestId("knowledge-hit")[0]!.click();
    await settle();
    expect(backend.callsOf("note_kb_use")).toEqual([{ article_id: "kb-permit", version: 0, feedback: "opened", searched: "" }]);
    type(byTestId("knowledge-search"), "ζητημα");
    byTestId("knowledge-search").dispatchEvent(new Event("change", { bubbles: true }));
    await until(() => expect(backend.care.searchedInVain).toEqual(["ζητημα"]));
  });

  it("sorts the editors' list", async () => {
    const { backend } = await openEditing();
    await publish("社保卡挂失");
    await publish("电子社保卡");
    const [, second] = [...backend.knowledge.records.keys()];
    backend.knowledge.cited.set(second!, 7);
    byTestId("kb-order").click();
    await until(() => expect(allByTestId("kb-row")[0]?.textContent).toContain("引用 7"));
    expect(backend.callsOf("kb_records").at(-1)).toMatchObject({ list: "all", order: "most_cited" });
  });
});

describe("tasks", () => {
  const offer: KbTaskOfferView = { kind: "review", kind_text: "复核", article_id: "kb-med", gap_id: "", gap_n_decisions: 0, unit_id: "ybj", unit_name: "县医疗保障局", subject: "城乡居民医保缴费", ground_text: "复核日 2026年9月30日" };

  it("are given from what is offered, handed in, handed back and accepted", async () => {
    const { backend } = await openKnowledge("tasks", (it) => it.care.offers.push(offer));
    await until(() => expect(byTestId("task-list-offers").textContent).toContain("1"));
    byTestId("task-list-offers").click();
    await until(() => expect(has("task-offer")).toBe(true));
    await expectNoViolations();
    byTestId("task-offer").click();
    await until(() => expect(has("task-form")).toBe(true));
    await until(() => expect(byTestId("task-due").textContent).toContain("10月10日"));
    await expectNoViolations();
    press("Ctrl+Enter", byTestId("task-note"));
    await until(() => expect(byTestId("task-message").textContent).toContain("已下达县医疗保障局"));
    expect(backend.callsOf("act_on_kb_task").at(-1)).toEqual({ number: null, version: 0, act: { type: "assign", kind: "review", unit_id: "ybj", article_id: "kb-med", subject: "城乡居民医保缴费", note: "" } });
    await until(() => expect(byTestId("task-stage").textContent).toBe("待提交"));
    press("d", document.body);
    await until(() => expect(byTestId("task-detail").textContent).toContain("当日不计，只数工作日"));
    await expectNoViolations();
    byTestId("task-act-deliver").click();
    await settle();
    type(byTestId("task-text"), "电话已核");
    press("Ctrl+Enter", byTestId("task-text"));
    await until(() => expect(byTestId("task-stage").textContent).toBe("待验收"));
    byTestId("task-act-return").click();
    await settle();
    byTestId("task-go").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("请填写理由"));
    type(byTestId("task-text"), "缺办理地点");
    byTestId("task-go").click();
    await until(() => expect(byTestId("task-stage").textContent).toBe("待提交"));
    expect(byTestId("task-detail").textContent).toContain("退改 1 次");
    byTestId("task-act-deliver").click();
    await settle();
    byTestId("task-go").click();
    await until(() => expect(has("task-act-accept")).toBe(true));
    byTestId("task-act-accept").click();
    await until(() => expect(byTestId("task-stage").textContent).toBe("已完成"));
    byTestId("task-list-done").click();
    await until(() => expect(allByTestId("task-row")).toHaveLength(1));
    expect(byTestId("task-story").querySelectorAll("li")).toHaveLength(5);
  });

  it("to write ask for the article that came of them, and are cancelled with a reason", async () => {
    const { backend } = await openKnowledge("tasks");
    press("n", document.body);
    await until(() => expect(has("task-form")).toBe(true));
    byTestId("task-give").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("请选择承办单位。"));
    type(byTestId("task-unit"), "xrlzyhshbzj");
    press("Enter", byTestId("task-unit"));
    type(byTestId("task-subject"), "电子社保卡怎么领");
    await settle();
    byTestId("task-give").click();
    await until(() => expect(has("task-detail")).toBe(true));
    byTestId("task-act-deliver").click();
    await settle();
    byTestId("task-go").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("请选定是哪一条知识。"));
    expect(has("task-delivered-article")).toBe(true);
    press("Escape", document.body);
    await settle();
    byTestId("task-act-cancel").click();
    await settle();
    type(byTestId("task-text"), "误发");
    byTestId("task-go").click();
    await until(() => expect(byTestId("task-stage").textContent).toBe("已撤销"));
    expect(backend.callsOf("act_on_kb_task").at(-1)).toMatchObject({ act: { type: "cancel", reason: "误发" } });
  });

  it("that are late are marked, counted, and shown as a clue", async () => {
    const { backend } = await openKnowledge("tasks");
    backend.care.handlers.act_on_kb_task({ number: null, version: 0, act: { type: "assign", kind: "review", unit_id: "rsj", article_id: "kb-wage", subject: "被拖欠工资怎么投诉", note: "" } });
    const [task] = [...backend.care.tasks.values()];
    task!.row.is_overdue = true;
    backend.announce(["kb_care"]);
    await until(() => expect(byTestId("task-list-overdue").textContent).toContain("1"));
    expect(byTestId("task-clues").textContent).toContain("县人力资源和社会保障局");
    byTestId("task-list-overdue").click();
    await until(() => expect(allByTestId("task-row")).toHaveLength(1));
    press("j", document.body);
    await until(() => expect(has("task-late")).toBe(true));
    await expectNoViolations();
  });
});

describe("gaps", () => {
  it("are made a task to write", async () => {
    const { backend } = await openKnowledge("gaps", ({ care }) => care.addGap("电子社保卡怎么领", { n_asked: 4, is_hot: true }));
    await until(() => expect(has("gap-row")).toBe(true));
    press("j", document.body);
    await until(() => expect(has("gap-detail")).toBe(true));
    await expectNoViolations();
    byTestId("gap-assign").click();
    await until(() => expect(has("task-form")).toBe(true));
    expect(byTestId("task-form").textContent).toContain("电子社保卡怎么领");
    type(byTestId("task-unit"), "xrlzyhshbzj");
    press("Enter", byTestId("task-unit"));
    await settle();
    byTestId("task-give").click();
    await until(() => expect(byTestId("task-message").textContent).toContain("编写任务"));
    expect(backend.callsOf("act_on_gap").at(-1)).toEqual({ id: "gap-1", n_decisions: 0, act: { type: "assign", unit_id: "rsj", note: "" } });
    show("gaps");
    await settle();
    byTestId("gap-list-assigned").click();
    await until(() => expect(has("gap-row")).toBe(true));
    byTestId("gap-row").click();
    await until(() => expect(has("gap-open-task")).toBe(true));
    byTestId("gap-open-task").click();
    await until(() => expect(byTestId("task-detail").textContent).toContain("电子社保卡怎么领"));
  });

  it("are put down to an article that answers them, found by the question itself", async () => {
    const { backend } = await openKnowledge("gaps", ({ care }) => care.addGap("暂住证在哪里办"));
    await until(() => expect(has("gap-row")).toBe(true));
    byTestId("gap-row").click();
    await settle();
    byTestId("gap-link").click();
    await until(() => expect(has("gap-search")).toBe(true));
    expect((byTestId("gap-search") as HTMLInputElement).value).toBe("暂住证在哪里办");
    await until(() => expect(has("gap-link-kb-permit")).toBe(true));
    await expectNoViolations();
    byTestId("gap-link-kb-permit").click();
    await until(() => expect(byTestId("gap-message").textContent).toContain("群众的说法"));
    expect(backend.callsOf("act_on_gap").at(-1)).toMatchObject({ act: { type: "link", article_id: "kb-permit" } });
    byTestId("gap-list-linked").click();
    await until(() => expect(has("gap-row")).toBe(true));
  });

  it("are set aside with a reason, and taken up again", async () => {
    await openKnowledge("gaps", ({ care }) => care.addGap("阿巴阿巴"));
    await until(() => expect(has("gap-row")).toBe(true));
    byTestId("gap-row").click();
    await settle();
    byTestId("gap-set-aside").click();
    await settle();
    byTestId("gap-set-aside-go").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写理由。"));
    type(byTestId("gap-reason"), "误输");
    press("Ctrl+Enter", byTestId("gap-reason"));
    await until(() => expect(byTestId("gap-message").textContent).toBe("已搁置。"));
    byTestId("gap-list-set_aside").click();
    await until(() => expect(has("gap-row")).toBe(true));
    byTestId("gap-row").click();
    await until(() => expect(has("gap-reopen")).toBe(true));
    byTestId("gap-reopen").click();
    await until(() => expect(byTestId("gap-message").textContent).toBe("已重新列为缺口。"));
  });

  it("say what will be here when there are none", async () => {
    await openKnowledge("gaps");
    await until(() => expect(document.body.textContent).toContain("这里没有缺口"));
    await expectNoViolations();
  });
});

describe("the calendar", () => {
  async function openCalendar(): Promise<Window> {
    const window = await openKnowledge("calendar", ({ care }) => {
      care.addMonth("overdue", "已过期限", [{ id: "kb-late", title: "过期的一条", is_review_due: true }]);
      care.addMonth("2026-10", "2026年10月", [{ id: "a" }, { id: "b", task_text: "复核 ZS20260928-W01-0001，10月9日（周五）到期" }, { id: "c", unit: "县公安局", unit_id: "" }]);
      care.addMonth("2026-11", "2026年11月", []);
    });
    await until(() => expect(has("calendar-2026-10")).toBe(true));
    return window;
  }

  it("opens a month and gives the reviews of one unit at once, after a word of confirmation", async () => {
    const { backend } = await openCalendar();
    await expectNoViolations();
    byTestId("calendar-2026-10").click();
    await until(() => expect(allByTestId("calendar-row")).toHaveLength(3));
    allByTestId("calendar-unit")[0]!.click();
    await settle();
    expect(allByTestId("calendar-row")).toHaveLength(2);
    // What is asked already is not taken up.
    expect(byTestId("calendar-ask").textContent).toContain("下达 1 项");
    expect((byTestId("calendar-unit-id") as HTMLInputElement).value).toBe("县人力资源和社会保障局");
    byTestId("calendar-ask").click();
    await until(() => expect(byTestId("calendar-confirm").textContent).toContain("10月10日"));
    expect(backend.callsOf("assign_kb_reviews")).toHaveLength(0);
    await expectNoViolations();
    press("Escape", document.body);
    await until(() => expect(has("calendar-confirm")).toBe(false));
    press("Ctrl+Enter", document.body);
    await until(() => expect(has("calendar-confirm")).toBe(true));
    byTestId("calendar-give").click();
    await until(() => expect(byTestId("calendar-message").textContent).toContain("下达 1 项复核任务"));
    expect(backend.callsOf("assign_kb_reviews")).toEqual([{ unit_id: "rsj", article_ids: ["a"] }]);
  });

  it("has what is overdue first, opens the article, and an empty month opens nothing", async () => {
    await openCalendar();
    expect(document.querySelector("[data-testid^='calendar-']")?.getAttribute("data-testid")).toBe("calendar-overdue");
    byTestId("calendar-2026-11").click();
    await settle();
    expect(has("calendar-opened")).toBe(false);
    byTestId("calendar-overdue").click();
    await until(() => expect(byTestId("calendar-row").textContent).toContain("该复核"));
    byTestId("calendar-row").querySelector<HTMLElement>("button")!.click();
    await until(() => expect(has("kb-new-standard_answer")).toBe(true));
  });

  it("refuses without a unit and says so beside the button", async () => {
    const { backend } = await openCalendar();
    byTestId("calendar-2026-10").click();
    await until(() => expect(allByTestId("calendar-unit")).toHaveLength(2));
    allByTestId("calendar-unit")[1]!.click();
    await settle();
    byTestId("calendar-ask").click();
    await until(() => expect(byTestId("calendar-confirm").textContent).toContain("还没选单位"));
    byTestId("calendar-give").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("请选择承办单位。"));
    expect(backend.care.tasks.size).toBe(0);
  });
});

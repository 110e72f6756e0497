// What keeps the knowledge base right: tasks, gaps, use, the calendar. Enough for the window to be driven.
import type {
  ActOnGap,
  ActOnKbTask,
  Api,
  AssignKbReviews,
  GapList,
  GapRow,
  KbCalendarMonth,
  KbDueRow,
  KbTaskDetail,
  KbTaskKind,
  KbTaskList,
  KbTaskOfferView,
  KbTaskRow,
  LimitView,
  NoteKbUse,
} from "../src/backend/generated";
import { REFERENCE } from "./fake-reference";

type Refuse = (message: string) => unknown;
type CareCalls = "kb_use" | "note_kb_use" | "kb_task_lists" | "kb_tasks" | "kb_task" | "kb_task_offers" | "preview_kb_task" | "act_on_kb_task" | "assign_kb_reviews" | "note_search" | "gap_lists" | "gaps" | "act_on_gap" | "kb_calendar" | "kb_calendar_articles";
type CareHandlers = { [N in CareCalls]: (request: Api[N]["request"]) => Api[N]["response"] };

const KIND_TEXT: Record<KbTaskKind, string> = { write: "编写", update: "更新", review: "复核", correct: "纠错" };
const DUE = "10月10日（周六）24:00";
const unitName = (id: string): string => REFERENCE.units.find((unit) => unit.id === id)?.name ?? "";
const limitOf = (kind: KbTaskKind): LimitView => ({
  name: KIND_TEXT[kind],
  urgency: "calm",
  due_at: 0,
  due_text: DUE,
  target_text: "",
  left_text: "还剩 11 天",
  article: "第十三条",
  start_text: "9月29日（周二）09:12",
  days: [{ date_text: "9月30日（周三）", ordinal: 1, reason: "工作日" }],
  sum: `第十三条：${KIND_TEXT[kind]}任务 5 个工作日。自9月29日（周二）起，当日不计，只数工作日，到${DUE}。`,
});

export class FakeKbCare {
  readonly tasks = new Map<string, KbTaskDetail>();
  offers: KbTaskOfferView[] = [];
  readonly gaps: GapRow[] = [];
  months: KbCalendarMonth[] = [];
  readonly due = new Map<string, KbDueRow[]>();
  readonly searchedInVain: string[] = [];
  private readonly used = new Map<string, { opened: number; helped: number; unsolved: number }>();

  constructor(private readonly refuse: Refuse) {}

  addGap(question: string, more: Partial<GapRow> = {}): GapRow {
    const gap: GapRow = { id: `gap-${this.gaps.length + 1}`, n_decisions: 0, question, n_asked: 1, counts_text: "没有结果 1 次", first_text: "2026年9月20日", last_text: "2026年9月28日", is_hot: false, is_open: true, standing_text: "待处理", decided_text: "", article_id: "", task_number: "", ...more };
    this.gaps.push(gap);
    return gap;
  }

  /** A month of the calendar with its articles. */
  addMonth(key: string, title: string, rows: Partial<KbDueRow>[]): void {
    const due = rows.map((row, index): KbDueRow => ({ id: `due-${index}`, title: `条目 ${index + 1}`, unit: "县人力资源和社会保障局", unit_id: "rsj", next_review_text: "2026年10月12日", valid_until_text: "", is_review_due: false, is_expired: false, task_text: "", ...row }));
    this.due.set(key, due);
    this.months.push({ key, title, n: due.length, counts_text: due.length === 0 ? "" : `复核 ${due.length} 条`, is_overdue: key === "overdue" });
  }

  private listOf(list: KbTaskList): KbTaskRow[] {
    const stage = { open: "待提交", delivered: "待验收", overdue: "", done: "已完成", cancelled: "已撤销" }[list];
    return [...this.tasks.values()].map(({ row }) => row).filter((row) => (list === "overdue" ? row.is_overdue && row.stage_text !== "已完成" : row.stage_text === stage));
  }

  private gapList(list: GapList): GapRow[] {
    const begins = { open: "待处理", assigned: "已下达", linked: "已归入", set_aside: "已搁置" }[list];
    return this.gaps.filter(({ standing_text }) => standing_text.startsWith(begins));
  }

  private give(kind: KbTaskKind, unitId: string, subject: string, articleId: string, note: string): KbTaskDetail {
    if (unitName(unitId) === "") throw this.refuse("请选择承办单位。");
    if (subject === "") throw this.refuse("请填写事项。");
    if (kind !== "write" && articleId === "") throw this.refuse("请选定是哪一条知识。");
    const number = `ZS20260929-W01-${String(this.tasks.size + 1).padStart(4, "0")}`;
    const row: KbTaskRow = { number, kind_text: KIND_TEXT[kind], subject, unit_name: unitName(unitId), stage_text: "待提交", due_text: "10月10日（周六）", is_overdue: false, was_late: false, n_returns: 0 };
    const task: KbTaskDetail = { row, version: 0, note, article_id: articleId, article_title: articleId === "" ? "" : subject, limit: limitOf(kind), story: [], commands: [] };
    this.tasks.set(number, task);
    this.told(task, "下达任务", note);
    return task;
  }

  private told(task: KbTaskDetail, text: string, detail: string): void {
    task.version += 1;
    task.story.push({ at_text: "9月29日（周二）09:12", text, detail, by_text: "陈丽 1024" });
    const stage = task.row.stage_text;
    const state = (command: string, title: string, isAllowed: boolean): KbTaskDetail["commands"][number] => ({ command, text: title, refusal: isAllowed ? null : `任务现在${stage}，不能这样做。` });
    task.commands = [state("deliver", "登记提交", stage === "待提交"), state("accept", "验收", stage === "待验收"), state("return", "退改", stage === "待验收"), state("cancel", "撤销", stage === "待提交" || stage === "待验收")];
  }

  private actOnTask({ number, version, act }: ActOnKbTask): Api["act_on_kb_task"]["response"] {
    if (act.type === "assign") {
      const { row } = this.give(act.kind, act.unit_id, act.subject, act.article_id, act.note);
      return { number: row.number, message: `${row.kind_text}任务 ${row.number} 已下达${row.unit_name}，${row.due_text}前提交。` };
    }
    const task = this.tasks.get(number ?? "");
    if (!task) throw this.refuse("没有找到这项任务。");
    if (task.version !== version) throw this.refuse("内容刚刚有变化，已重新显示，请核对后再操作。");
    if ("reason" in act && act.reason === "") throw this.refuse("请填写理由。");
    const { row } = task;
    switch (act.type) {
      case "deliver":
        if (act.article_id === "" && task.article_id === "") throw this.refuse("请选定是哪一条知识。");
        if (act.article_id !== "") Object.assign(task, { article_id: act.article_id, article_title: act.article_id });
        row.stage_text = "待验收";
        this.told(task, "登记提交", act.note);
        break;
      case "accept":
        row.stage_text = "已完成";
        this.told(task, "验收", "");
        break;
      case "return":
        Object.assign(row, { stage_text: "待提交", n_returns: row.n_returns + 1 });
        this.told(task, "退改", act.reason);
        break;
      case "cancel":
        row.stage_text = "已撤销";
        this.told(task, "撤销", act.reason);
        break;
    }
    return { number: row.number, message: `${task.story.at(-1)?.text ?? ""}已保存在本机。` };
  }

  private actOnGap({ id, n_decisions, act }: ActOnGap): Api["act_on_gap"]["response"] {
    const gap = this.gaps.find((it) => it.id === id);
    if (!gap || gap.n_decisions !== n_decisions) throw this.refuse("内容刚刚有变化，已重新显示，请核对后再操作。");
    let message = "";
    switch (act.type) {
      case "assign": {
        const { row } = this.give("write", act.unit_id, gap.question, "", act.note);
        Object.assign(gap, { is_open: false, is_hot: false, standing_text: `已下达编写任务 ${row.number}`, task_number: row.number });
        message = `编写任务 ${row.number} 已下达${row.unit_name}，${row.due_text}前提交。`;
        break;
      }
      case "link":
        Object.assign(gap, { is_open: false, is_hot: false, standing_text: "已归入现有条目", article_id: act.article_id });
        message = "已归入，下次修改时可加为群众的说法。";
        break;
      case "set_aside":
        if (act.reason.trim() === "") throw this.refuse("请填写理由。");
        Object.assign(gap, { is_open: false, is_hot: false, standing_text: `已搁置：${act.reason}` });
        message = "已搁置。";
        break;
      case "reopen":
        Object.assign(gap, { is_open: true, standing_text: "待处理", article_id: "", task_number: "" });
        message = "已重新列为缺口。";
        break;
    }
    gap.n_decisions += 1;
    return { message };
  }

  private noteUse({ article_id, feedback }: NoteKbUse): Api["note_kb_use"]["response"] {
    const used = this.used.get(article_id) ?? { opened: 0, helped: 0, unsolved: 0 };
    used[feedback] += 1;
    this.used.set(article_id, used);
    return { message: { opened: "", helped: "已记为有用。", unsolved: "已记为没解决，供知识编辑查漏补缺。" }[feedback] };
  }

  private assignReviews({ unit_id, article_ids }: AssignKbReviews): Api["assign_kb_reviews"]["response"] {
    const rows = [...this.due.values()].flat().filter(({ id, task_text }) => article_ids.includes(id) && task_text === "");
    for (const row of rows) {
      const { row: task } = this.give("review", unit_id, row.title, row.id, "");
      row.task_text = `复核 ${task.number}，${task.due_text}到期`;
    }
    return { n_assigned: rows.length, n_left_out: article_ids.length - rows.length, message: `已向${unitName(unit_id)}下达 ${rows.length} 项复核任务，10月10日（周六）前提交。` };
  }

  readonly handlers: CareHandlers = {
    kb_use: ({ id }) => {
      const { helped = 0, unsolved = 0 } = this.used.get(id) ?? {};
      return { n_cited: 3, n_unsolved: unsolved, text: `本月引用 3 次，没解决 ${unsolved} 次，纠错 0 次${helped > 0 ? `，有用 ${helped} 次` : ""}` };
    },
    note_kb_use: (request) => this.noteUse(request),
    kb_task_lists: () => ({
      lists: (["open", "delivered", "overdue", "done", "cancelled"] as const).map((list) => ({ list, title: { open: "待提交", delivered: "待验收", overdue: "逾期", done: "已完成", cancelled: "已撤销" }[list], n: this.listOf(list).length })),
      clues: this.listOf("overdue").map(({ unit_name, number }) => ({ unit_name, numbers: [number] })),
    }),
    kb_tasks: ({ list }) => this.listOf(list),
    kb_task: ({ number }) => {
      const task = this.tasks.get(number);
      if (!task) throw this.refuse("没有找到这项任务。");
      return task;
    },
    kb_task_offers: () => this.offers,
    preview_kb_task: ({ kind }) => limitOf(kind),
    act_on_kb_task: (request) => this.actOnTask(request),
    assign_kb_reviews: (request) => this.assignReviews(request),
    note_search: ({ text }) => {
      this.searchedInVain.push(text);
      return null;
    },
    gap_lists: () => (["open", "assigned", "linked", "set_aside"] as const).map((list) => ({ list, title: { open: "待处理", assigned: "已下达任务", linked: "已归入条目", set_aside: "已搁置" }[list], n: this.gapList(list).length })),
    gaps: ({ list }) => this.gapList(list),
    act_on_gap: (request) => this.actOnGap(request),
    kb_calendar: () => this.months,
    kb_calendar_articles: ({ key }) => this.due.get(key) ?? [],
  };
}

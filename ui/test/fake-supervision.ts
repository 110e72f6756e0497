// 督办 in the fake core: one order that is late and one that is near, a clue, and a case that people carry on.
import type { Api, ApiError, BoardRow, CaseAct, CaseDetail, ClueView, SupervisoryCommandKind, SupervisoryStage } from "../src/backend/generated";

type Handlers = { [N in "boards" | "board" | "urge_many" | "liaison_gaps" | "supervision_clues" | "supervisory_grounds" | "supervisory_lists" | "supervisory_cases" | "supervisory_case" | "act_on_case" | "print_case"]: (request: Api[N]["request"]) => Api[N]["response"] };

const row = (n: number, urgency: BoardRow["urgency"], left_text: string): BoardRow => ({ work_order_id: `order-${n}`, number: `20260930-W01-000${n + 1}`, title: `第 ${n} 处停水`, kind_text: "求助", class_text: n === 0 ? "特殊" : "一般", place_text: "渠江街道", assignment: 1, unit_text: "县水务局", waits_text: "办理", since_text: "09月28日", due_at: 1, due_text: "09月30日（周三）24:00", left_text, urgency });

const NEXT: Partial<Record<CaseAct["type"], SupervisoryStage>> = { confirm: "confirmed", reject: "rejected", issue: "issued", record_answer: "answered", close: "closed" };
const STAGES: [SupervisoryStage, string, SupervisoryCommandKind[]][] = [
  ["proposed", "待确认", ["add_evidence", "confirm", "reject"]],
  ["rejected", "不予采纳", []],
  ["confirmed", "待发出", ["issue"]],
  ["issued", "待结果", ["record_answer"]],
  ["answered", "待销号", ["close"]],
  ["closed", "已销号", []],
];
const WORDS: [SupervisoryCommandKind, string][] = [
  ["add_evidence", "补充证据"],
  ["confirm", "确认"],
  ["reject", "不予采纳"],
  ["issue", "发出"],
  ["record_answer", "记录结果"],
  ["close", "销号"],
];

export class FakeSupervision {
  readonly rows = [row(0, "overdue", "已超 9 小时"), row(1, "soon", "还剩 3 小时")];
  readonly urged: string[] = [];
  readonly cases = new Map<string, CaseDetail>();
  clues: ClueView[] = [{ ground: "overdue", ground_text: "超期办理、超期未办理", article: "第十九条(一)", measure: "admonition", measure_text: "约谈", unit_id: "unit-water-affairs", unit_name: "县水务局", body: "approval_bureau", body_text: "县行政审批局", ordinal: 1, numbers: ["20260930-W01-0001"], has_open_case: false, facts: "县水务局超期 1 件。" }];
  /** What a person without the rights is told. */
  barred = "";

  constructor(
    private readonly refusal: (message: string) => ApiError,
    private readonly hand: (name: string, message: string) => Api["print_case"]["response"],
  ) {}

  private check(): void {
    if (this.barred !== "") throw this.refusal(this.barred);
  }

  private shown(part: "all" | "near" | "late"): BoardRow[] {
    return this.rows.filter(({ urgency }) => part === "all" || urgency === (part === "near" ? "soon" : "overdue"));
  }

  private stand(detail: CaseDetail, stage: SupervisoryStage): void {
    const [, text, allowed] = STAGES.find(([it]) => it === stage) ?? ["closed", "已销号", []];
    Object.assign(detail.row, { stage, stage_text: text });
    detail.version += 1;
    detail.commands = WORDS.map(([command, word]) => ({ command, text: word, refusal: allowed.includes(command) ? null : `这一件现在${text}，不能这样做。` }));
  }

  readonly handlers: Handlers = {
    boards: () => {
      this.check();
      return [
        { board: "limit", title: "临期与超期", article: "第十一条(一)(二)", n: this.rows.length, n_near: this.shown("near").length, n_late: this.shown("late").length },
        { board: "special", title: "特殊事项", article: "第十一条(四)", n: 0, n_near: 0, n_late: 0 },
      ];
    },
    board: ({ board, part }) => {
      this.check();
      const rows = board === "limit" ? this.shown(part) : [];
      return { rows, n: rows.length };
    },
    urge_many: ({ parts, reason }) => {
      if (reason.trim() === "") throw this.refusal("请填写理由。");
      this.urged.push(...parts.map(({ work_order_id }) => work_order_id));
      return { n_urged: parts.length, left_out: [], message: `已催办 ${parts.length} 件，等待单位回执。` };
    },
    liaison_gaps: () => ({ is_kept: true, rows: [{ unit_id: "unit-water-affairs", unit_name: "县水务局", gaps: [{ article: "第六条(一)", text: "无联络员" }], on_duty: ["刘洋"] }] }),
    supervision_clues: () => {
      this.check();
      return this.clues;
    },
    supervisory_grounds: () => [
      { ground: "overdue", text: "超期办理、超期未办理", article: "第十九条(一)", measure: "admonition", measure_text: "约谈" },
      { ground: "public_outcry", text: "未认真办理形成负面舆情", article: "第二十条(二)", measure: "supervision", measure_text: "县政府督办" },
    ],
    supervisory_lists: () => STAGES.map(([stage, title]) => ({ stage, title, n: [...this.cases.values()].filter((it) => it.row.stage === stage).length })),
    supervisory_cases: ({ stage }) => [...this.cases.values()].filter((it) => it.row.stage === stage).map((it) => it.row),
    supervisory_case: ({ number }) => {
      const detail = this.cases.get(number);
      if (!detail) throw this.refusal("没有找到这一件。");
      return detail;
    },
    print_case: ({ number, output }) => this.hand(`约谈建议单 ${number}.${output}`, "约谈建议单已生成，共 1 页。"),
    act_on_case: ({ number, act }) => {
      if (act.type === "propose") {
        if (act.evidence.length === 0) throw this.refusal("请至少列出一项证据。");
        const detail: CaseDetail = { row: { number: "JD20260930-W01-0001", ground: act.ground, ground_text: "超期办理、超期未办理", article: "第十九条(一)", measure: "admonition", measure_text: "约谈", unit_name: "县水务局", body_text: "县行政审批局", n_evidence: act.evidence.length, stage: "proposed", stage_text: "待确认", proposed_by_text: "陈丽 1024", changed_text: "09月30日", answer_by_text: "", is_answer_late: false }, version: 0, unit_id: act.unit_id, facts: act.facts, evidence: act.evidence.map(({ number: it }) => ({ number: it, note: "", sha256: "ab", work_order_id: "order-0", title: "停水", is_changed: true })), document: "", addressee: "", answer: "", story: [], commands: [] };
        this.stand(detail, "proposed");
        this.cases.set(detail.row.number, detail);
        this.clues = [];
        return { number: detail.row.number, message: `约谈建议 ${detail.row.number} 已提出，待监督员确认。` };
      }
      const detail = this.cases.get(number ?? "");
      if (!detail) throw this.refusal("没有找到这一件。");
      if (act.type === "issue" && act.document === "") throw this.refusal("请填写文号。");
      const word = WORDS.find(([command]) => command === act.type)?.[1] ?? "";
      detail.story.push({ at_text: "09月30日", text: word, detail: "", by_text: "" });
      this.stand(detail, NEXT[act.type] ?? detail.row.stage);
      return { number: detail.row.number, message: `${word}已保存在本机。` };
    },
  };
}

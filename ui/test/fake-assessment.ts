// 考核 in the fake core: a scheme that is announced, a month by it with one number that has not all its points.
import type { Api, ApiError, AssessmentAct, AssessmentCommandKind, RoundDetail, SchemeDetail, SchemeForm, ScoreTable } from "../src/backend/generated";

type Names = "assessment_schemes" | "assessment_scheme" | "check_scheme" | "trial_assessment" | "recount_round" | "assessment_round" | "assessment_year" | "score_items" | "act_on_assessment" | "export_assessment" | "export_assessment_year";
type Handlers = { [N in Names]: (request: Api[N]["request"]) => Api[N]["response"] };

const FORM: SchemeForm = { name: "办理考核", effective_from: "2026-10-01", lines: [{ part: "handling", indicator: "timely_signing", weight: "100", floor: "80", full: "100", none: "full" }], deductions: [{ event: "admonition", each: "1", at_most: "3" }] };
const TABLE: ScoreTable = {
  columns: [{ indicator: "timely_signing", text: "签收及时率", part_text: "办件质效", article: "第十一条(二)", weight_text: "100.00", scale_text: "80.00% 至 100.00%" }],
  rows: [{ unit_id: "unit-water-affairs", unit_name: "县水务局", place: 1, total_text: "75.00", cells: [{ indicator: "timely_signing", points_text: "75.00", percent_text: "95.0%", count_text: "19/20", is_less: true }], deductions: [] }],
  not_assessed: ["县教育局"],
};
const NEXT: Partial<Record<AssessmentAct["type"], RoundDetail["stage"]>> = { count: "counted", publish: "published", finalise: "finalised", report: "reported" };
const ALLOWED: Record<NonNullable<RoundDetail["stage"]> | "none", AssessmentCommandKind[]> = { none: ["count"], counted: ["count", "publish"], published: ["appeal", "uphold", "dismiss", "finalise"], finalised: ["report"], reported: [] };
const WORDS: [AssessmentCommandKind, string][] = [
  ["count", "计数"],
  ["publish", "公示"],
  ["appeal", "登记申诉"],
  ["uphold", "采纳申诉"],
  ["dismiss", "不予采纳"],
  ["finalise", "定稿"],
  ["report", "通报"],
];

export class FakeAssessment {
  readonly given: AssessmentAct[] = [];
  readonly exported: string[] = [];
  private readonly scheme: SchemeDetail = { row: { number: "KH-1", name: FORM.name, version: 1, stage: "announced", stage_text: "已公布", effective_text: "2026年10月1日", is_in_force: true, n_open_appeals: 0 }, version: 2, form: FORM, drafted_text: "唐静 1009", announced_text: "渠审批发〔2026〕30号", rounds: [], commands: [{ command: "withdraw", text: "停用方案", refusal: null }] };
  private readonly round: RoundDetail = { number: "KH-1", period: "2026-10", period_text: "2026年10月", scheme_text: "办理考核（第1版）", stage: null, stage_text: "未计数", version: 2, counted_text: "", appeals_until_text: "", finalised_text: "", document: "", table: null, appeals: [], commands: [] };

  constructor(
    private readonly refusal: (message: string) => ApiError,
    private readonly hand: (name: string, message: string) => Api["export_assessment"]["response"],
  ) {
    this.stand(null);
  }

  private stand(stage: RoundDetail["stage"]): void {
    const allowed = ALLOWED[stage ?? "none"];
    Object.assign(this.round, { stage, stage_text: { none: "未计数", counted: "待公示", published: "公示中", finalised: "待通报", reported: "已通报" }[stage ?? "none"], table: stage === null ? null : TABLE, commands: WORDS.map(([command, text]) => ({ command, text, refusal: allowed.includes(command) ? null : "现在不能这样做。" })) });
  }

  readonly handlers: Handlers = {
    assessment_schemes: () => ({
      schemes: [this.scheme.row],
      blank: FORM,
      periods: [
        { period: "2026-11", text: "2026年11月" },
        { period: "2026-10", text: "2026年10月" },
        { period: "2026", text: "2026年度" },
      ],
      indicators: [
        { indicator: "timely_signing", text: "签收及时率", article: "第十一条(二)", better_text: "越高越好" },
        { indicator: "send_back", text: "退单率", article: "第十一条(二)", better_text: "越低越好" },
      ],
      parts: [{ part: "handling", text: "办件质效" }],
      events: [{ event: "admonition", text: "约谈" }],
      nones: [{ none: "full", text: "不扣分" }],
      draft_refusal: null,
    }),
    assessment_scheme: () => this.scheme,
    check_scheme: ({ lines }) => ({ sum_text: lines.map(({ weight }) => weight).join("+"), refusal: lines.length > 1 ? "分值合计应为 100 分。" : null }),
    trial_assessment: () => ({ scheme_text: "办理考核（第1版）", period_text: "2026年11月", as_of_text: "2026年11月23日 09:15", table: TABLE, against_text: "", changes: [] }),
    recount_round: () => ({ as_of_text: "2026年11月23日 09:15", lines: [{ unit_id: "unit-water-affairs", unit_name: "县水务局", text: "签收及时率", before_text: "95.0%（19/20）", after_text: "100.0%（20/20）" }] }),
    assessment_round: () => structuredClone(this.round),
    assessment_year: ({ year }) => ({ year, rows: [{ unit_name: "县水务局", months: Array.from({ length: 12 }, (_, n) => (n === 9 ? "75.00" : "")), year_text: "", place_text: "" }], month_schemes: Array.from({ length: 12 }, (_, n) => (n === 9 ? "KH-1" : "")), year_scheme: "", n_months: 1, has_year: false }),
    score_items: () => ({ unit_name: "县水务局", text: "签收及时率", article: "第十一条(二)", percent_text: "95.0%", n_numerator: 19, n_rest: 1, n_excluded: 0, items: [{ item: "20261012-W01-0001#1", number: "20261012-W01-0001", work_order_id: "order-0", title: "第 0 处停水", part: "rest", reason: "" }], n_more: 0, is_changed: false }),
    act_on_assessment: ({ number, act }) => {
      if (act.type === "publish" && act.appeals_until === "") throw this.refusal("申诉截止日期请写成 2026-11-09 的样子。");
      this.given.push(act);
      if (act.type === "appeal") this.round.appeals.push({ number: 1, unit_name: "县水务局", target_text: `签收及时率，${act.item}`, reason: act.reason, recorded_text: "唐静 1009登记", ruling_text: "", is_open: true });
      const [appeal] = this.round.appeals;
      if (act.type === "uphold" && appeal) Object.assign(appeal, { ruling_text: "采纳，按达标计", is_open: false });
      this.stand(NEXT[act.type] ?? this.round.stage);
      return { number: number ?? "KH-2", message: "已保存在本机。" };
    },
    export_assessment_year: ({ year }) => {
      this.exported.push(`year ${year}`);
      return this.hand(`${year}年考核年度总表.xlsx`, "已导出 1 个单位。");
    },
    export_assessment: ({ output, demands }) => {
      this.exported.push(`${output} ${demands}`);
      return this.hand(`考核通报.${output}`, "考核通报已生成。");
    },
  };
}

// A center in the page's own memory: enough of each rule for the portal to be driven, nothing more.
import { toBackendError, type PortalTransport } from "../src/portal/backend";
import type { Api, EvidenceFile, Reply, UnitAppealView, UnitArticleDetail, UnitCommandState, UnitOrderDetail, UnitOrderRow, UnitQueue, UnitRoundRow, WhoAmI } from "../src/portal/generated";
import { refusal } from "./fake-backend";

type Handlers = { [N in keyof Api]: (request: Api[N]["request"]) => Api[N]["response"] };
const NOW = Date.UTC(2026, 10, 24, 2, 0);

export const ME: WhoAmI = { phase: "signed_in", number: "2901", name: "张国强", unit_name: "县水务局", is_liaison: true, is_reviewer: false, token: "t", now: NOW };
const NOBODY: WhoAmI = { ...ME, phase: "signed_out", number: "", name: "", unit_name: "", token: "" };

function row(nth: number, more: Partial<UnitOrderRow> = {}): UnitOrderRow {
  return {
    id: `order-${nth}`, number: `QX20261124-00${nth}`, title: `停水第 ${nth} 件`, kind_text: "投诉", class: "ordinary", class_text: "一般", category_text: "供水 · 停水", place_text: "渠江街道", stage_text: "已送达待签收", part_text: "",
    note_text: "", limit_name: "签收", due_at: NOW + 3600_000 * nth, due_text: "11月25日（周三）24:00", left_text: `还剩 ${nth} 小时`, urgency: "calm", is_sealed: false, is_urged: false, ...more,
  };
}

const command = (name: UnitCommandState["command"], text: string, why: string | null = null): UnitCommandState => ({ command: name, text, refusal: why });

function detail(of: UnitOrderRow): UnitOrderDetail {
  return {
    row: of, version: 5, text: `${of.title}，请尽快。`, happened: "11月23日（周一）20时许起", about: "供水公司", wants: "恢复供水", opinion: "请核实", channel_text: "电话", registered_text: "11月24日（周二）09:10", wants_call_back: true,
    caller: of.is_sealed ? { is_sealed: true, sealed_text: "按第十七条对承办单位保密，请经县中心联系诉求人。", name_masked: "", phone_masked: "" } : { is_sealed: false, sealed_text: "", name_masked: "罗**", phone_masked: "138****8001" },
    units_text: "", waits_text: "", opinions: [{ unit: "渠江街道", text: "雨水口已清" }], reply: "已恢复供水", responsible_person: "何光明", screening_text: "", evidence: [{ sha256: "ab", name: "照片.jpg" }], supplied: [{ sha256: "cd", name: "门口.jpg" }],
    limits: [{ name: "签收", urgency: "calm", due_at: NOW, due_text: "11月25日（周三）24:00", target_text: "", left_text: "还剩 1 天", article: "第十一条(二)", start_text: "11月24日（周二）09:12", days: [{ date_text: "11月25日（周三）", ordinal: 1, reason: "工作日" }], sum: "第十一条(二)：签收 1 个工作日。" }],
    story: [{ at: NOW, at_text: "11月24日（周二）09:10", title: "登记 投诉", detail: "编号", actor: "县中心", is_waiting: false }],
    commands: [
      command("sign_for", "签收"), command("record_contact", "记录联系"), command("submit_reply", "提交答复"), command("send_back", "退回"), command("request_extension", "申请延期"),
      command("request_screening", "申请甄别"), command("sign_reply", "内审签发", "内审签发须由单位审核人操作。"), command("reject_reply", "内审退改", "内审签发须由单位审核人操作。"),
    ],
  };
}

const ARTICLE: UnitArticleDetail = {
  row: { id: "kb-1", title: "水费单看不懂", state_text: "未发布 · 待单位确认", turn_text: "请确认", review_text: "2027年5月20日", n_reports: 1 },
  version: 2, revision: 1, missing: [], returned_text: "",
  form: { template: "standard_answer", title: "水费单看不懂", questions: ["水费多了"], answer: "拿水费单到营业厅**核对**。", sections: [], responsible_person: "何光明", source: "承诺", valid_from: "", valid_until: "", next_review_on: "2027-05-20" },
  reports: [{ kind_text: "已过时", passage: "", note: "营业厅搬了", at_text: "11月20日（周五）10:00", outcome_text: "待处理", is_open: true }],
  commands: [{ command: "confirm", text: "单位确认", refusal: null }, { command: "edit", text: "修改", refusal: "草稿待单位确认，不能修改。" }],
};

const OCTOBER: UnitRoundRow = { number: "KH-1", period: "2026-10", period_text: "2026年10月", scheme_text: "下半年办理考核（第2版）", stage_text: "公示中", total_text: "86.40", place_text: "第 3 名，共 41 个单位", appeals_text: "可申诉到11月30日（周一）", n_open_appeals: 0 };
const SEPTEMBER: UnitRoundRow = { ...OCTOBER, period: "2026-09", period_text: "2026年9月", stage_text: "已通报", total_text: "91.00", appeals_text: "" };

const QUEUES: [UnitQueue, string][] = [["to_sign_for", "待签收"], ["in_handling", "办理中"], ["overdue", "已超期"], ["to_countersign", "待内审"], ["concluded", "已办结"]];

export class FakePortal implements PortalTransport {
  readonly calls: { name: string; payload: unknown }[] = [];
  readonly failures = new Map<string, unknown>();
  rows = [row(1), row(2, { is_sealed: true, is_urged: true }), row(3, { class: "special", class_text: "特殊", part_text: "主办", note_text: "延期待批" })];
  me: WhoAmI;
  token = "";
  hearsNews = false;
  newsAt = NOW;
  readonly appeals: UnitAppealView[] = [];
  private tell: (tags: string[]) => void = () => undefined;

  constructor(me: WhoAmI = ME) {
    this.me = me;
  }

  announce(tags: string[]): void {
    this.tell(tags);
  }

  payloads(name: keyof Api): unknown[] {
    return this.calls.filter((each) => each.name === name).map(({ payload }) => payload);
  }

  async call(name: string, sent: unknown): Promise<Reply<unknown>> {
    const payload: unknown = JSON.parse(JSON.stringify(sent ?? null));
    this.calls.push({ name, payload });
    const failure = this.failures.get(name);
    if (failure !== undefined) throw toBackendError(failure);
    const handler = this.handlers[name as keyof Api] as (request: unknown) => unknown;
    const changed = name === "handle_order" ? ["work_orders"] : name === "appeal_score" ? ["assessment"] : name.startsWith("act_") || name.startsWith("deliver_") ? ["knowledge"] : [];
    return { value: structuredClone(handler(payload)), changed };
  }

  listen(onChanged: (tags: string[]) => void): () => void {
    this.tell = onChanged;
    return () => undefined;
  }

  setToken(token: string, hearsNews: boolean): void {
    [this.token, this.hearsNews] = [token, hearsNews];
  }

  async upload(_orderId: string, file: File): Promise<EvidenceFile> {
    if (!file.name.endsWith(".pdf")) throw toBackendError(refusal(`“${file.name}”不能上传：只收 PDF。`, "invalid"));
    return { sha256: `hash-of-${file.name}`, name: file.name };
  }

  fileAddress(orderId: string, sha256: string): string {
    return `/portal/evidence/${orderId}/${sha256}`;
  }

  private readonly handlers: Handlers = {
    who_am_i: () => this.me,
    sign_in: ({ password }) => {
      if (password !== "right") throw toBackendError(refusal("工号或密码不正确。", "invalid"));
      return (this.me = ME);
    },
    change_password: () => (this.me = ME),
    sign_out: () => (this.me = NOBODY),
    reference: () => ({ templates: [{ id: "standard_answer", text: "标准答案", sections: ["办理依据"] }], extension_grounds: [],
      kinds: [
        { id: "help", text: "求助", note: "" },
        { id: "complaint", text: "投诉", note: "" },
      ],
      classes: [{ id: "special", text: "特殊", note: "" }],
      townships: [{ id: "town-1", text: "渠江街道", note: "", pinyin: "qujiangjiedao", initials: "qjjd" }],
    }),
    overview: () => ({
      queues: QUEUES.map(([queue, text]) => ({ queue, text, n_orders: queue === "to_sign_for" ? this.rows.length : 0 })),
      news: this.rows.map(({ id, number, title }, nth) => ({ order_id: id, number, title, text: "新派单，请签收", at: this.newsAt - nth, at_text: "11月24日（周二）09:12" })),
      n_kb_open: 1,
      now: NOW,
    }),
    work_orders: ({ queue, search }) => {
      const rows = queue === "to_sign_for" ? this.rows.filter(({ title, number }) => `${title}${number}`.includes(search)) : [];
      return { rows, total: rows.length, next: null };
    },
    work_order: ({ id }) => {
      const found = this.rows.find((each) => each.id === id);
      if (!found) throw toBackendError(refusal("没有找到这件工单。"));
      return detail(found);
    },
    reveal_caller: () => ({ name: "罗大海", phone: "13800138001", contact_phone: "", address: "" }),
    handle_order: ({ id, act }) => {
      if (act.type === "send_back" && act.basis === "") throw toBackendError(refusal("请填写依据。"));
      return { number: id, message: "签收已送达县中心。" };
    },
    kb_tasks: () => [{ number: "RW-1", kind_text: "编写", subject: "停水找谁", stage_text: "待提交", due_text: "11月27日（周五）", is_open: true, is_overdue: false, was_late: false, n_returns: 1 }],
    kb_task: () => ({ row: this.handlers.kb_tasks(null)[0]!, version: 1, note: "群众常问", article_id: "", article_title: "", limit: detail(row(1)).limits[0]!, story: [{ at_text: "11月20日", text: "下达任务", detail: "群众常问", by_text: "县中心" }], refusal: null }),
    deliver_kb_task: ({ article_id }) => {
      if (article_id === "") throw toBackendError(refusal("请选定是哪一条知识。"));
      return { message: "已提交县中心，待验收。" };
    },
    kb_records: () => [ARTICLE.row],
    kb_record: () => ARTICLE,
    act_on_kb_record: () => ({ id: "kb-1", message: "单位确认已送达县中心。" }),
    statistics: () => ({ month: "2026-11", month_text: "2026年11月", months: ["2026-11", "2026-10"], figures: [{ name: "按时办结率", article: "第十一条(二)", percent_text: "66.7%", n_numerator: 2, n_denominator: 3, n_excluded: 1 }, { name: "重办率", article: "第五条(一)", percent_text: "未发生", n_numerator: 0, n_denominator: 0, n_excluded: 0 }] }),
    unit_rounds: () => [{ ...OCTOBER, n_open_appeals: this.appeals.filter(({ ruling_text }) => ruling_text === "").length }, SEPTEMBER],
    unit_round: ({ period }) => ({
      row: period === "2026-10" ? this.handlers.unit_rounds(null)[0]! : SEPTEMBER, version: 7 + this.appeals.length, counted_text: "2026年11月2日 09:00", document: period === "2026-10" ? "" : "渠审批发〔2026〕36号",
      lines: [
        { indicator: "timely_signing", text: "签收及时率", article: "第十一条(二)", weight_text: "60.00", points_text: "48.40", percent_text: "80.7%", count_text: "46/57", is_less: true },
        { indicator: "rework", text: "重办率", article: "第五条(一)", weight_text: "40.00", points_text: "不计入", percent_text: "未发生", count_text: "", is_less: false },
      ],
      deductions: [{ event_text: "约谈", points_text: "2.00", numbers: ["JD-3"] }],
      appeals: period === "2026-10" ? this.appeals : [],
      refusal: period === "2026-10" ? null : "申诉已于2026年10月20日截止。",
    }),
    unit_score_items: () => ({ items: [{ item: "QX20261124-001/1", number: "QX20261124-001", order: this.rows[0]!, part: "rest", reason: "" }, { item: "RW-1", number: "RW-1", order: null, part: "excluded", reason: "协办件" }], is_changed: false }),
    appeal_score: ({ about, reason }) => {
      if (reason === "") throw toBackendError(refusal("请填写理由。"));
      this.appeals.push({ number: this.appeals.length + 1, target_text: about.type === "item" ? `签收及时率，${about.item}` : `约谈扣分，${about.case_number}`, reason, raised_text: "张国强，11月24日（周二）10:00", ruling_text: "" });
      return { message: "申诉已送达县中心，裁定后在这里看到结果。" };
    },
    figure_items: ({ part }) => [{ order: this.rows[0]!, number: this.rows[0]!.number, reason: part === "excluded" ? "协办件" : "" }],
  };
}

// A core in the window's own memory: enough of each rule for the UI to be driven, nothing more.
// For vitest and the dev page only; never part of the build.
import type { Transport } from "../src/backend/backend";
import type {
  Api,
  ApiError,
  AppState,
  AttachmentView,
  AuditRow,
  CallerHistory,
  CommandKind,
  CommandState,
  Draft,
  Intake,
  KnowledgeArticle,
  LimitView,
  Outcome,
  Queue,
  Stage,
  Reply,
  RevealState,
  SaidLine,
  Segment,
  StoryEntry,
  Submitted,
  Urgency,
  WaitView,
  WorkOrderDetail,
  WorkOrderRow,
} from "../src/backend/generated";
import { FakeAnalysis } from "./fake-analysis";
import { ARTICLES } from "./fake-articles";
import { FakeCaller } from "./fake-caller";
import { FakeCenter } from "./fake-center";
import { FakeEarlyWarning } from "./fake-early-warning";
import { FakeFiles, SERIAL } from "./fake-files";
import { FakeForms } from "./fake-forms";
import { FakeKbCare } from "./fake-kb-care";
import { FakeKnowledge } from "./fake-knowledge";
import { FakeListening } from "./fake-listening";
import { REFERENCE } from "./fake-reference";
import { FakeAssessment } from "./fake-assessment";
import { FakeSupervision } from "./fake-supervision";
import { FakeTwins } from "./fake-twins";
import { FakeWords } from "./fake-words";
import { FakeWorkReport } from "./fake-work-report";

export type FakeCall = { name: string; payload: unknown };
type Handlers = { [N in keyof Api]: (request: Api[N]["request"]) => Api[N]["response"] };
type FakeOrder = { waits: WaitView[]; row: WorkOrderRow; intake: Intake; story: StoryEntry[]; answer: string; articleId: string | null; version: number };

const NOW = Date.UTC(2026, 8, 29, 1, 12); // 2026-09-29 09:12 in Shanghai, just before 国庆

export const refusal = (message: string, code: ApiError["code"] = "refused"): ApiError => ({ code, message, request_id: "fake" });

const said = (label: string, text: string): SaidLine => ({ label, text, is_doubtful: false });
const SCREENING: WaitView = {
  kind: "screening_review",
  text: "甄别待初审",
  unit: "县水务局",
  since_text: "09-29 07:10起，2 小时前",
  target_text: "应在 09-30 24:00前答复",
  command: "review_screening",
  assignment: 1,
  asked: [said("理由", "已恢复供水，有照片"), said("材料", "现场照片.jpg")],
  against: [said("评价", "不满意，未解决"), { ...said("答复", "管道已修复。"), is_doubtful: true }],
};

const days: LimitView["days"] = [
  { date_text: "09-30（周三）", ordinal: 1, reason: "工作日" },
  ...["10-01（周四）", "10-02（周五）", "10-03（周六）", "10-04（周日）", "10-05（周一）", "10-06（周二）", "10-07（周三）"].map((date_text) => ({ date_text, ordinal: null, reason: "国庆节放假" })),
  { date_text: "10-08（周四）", ordinal: 2, reason: "工作日" },
  { date_text: "10-09（周五）", ordinal: 3, reason: "工作日" },
  { date_text: "10-10（周六）", ordinal: 4, reason: "调休上班" },
  { date_text: "10-11（周日）", ordinal: null, reason: "周末" },
  { date_text: "10-12（周一）", ordinal: 5, reason: "工作日" },
];

function limit(name: string, n: number, urgency: Urgency = "calm", left = ""): LimitView {
  const last = days.findIndex((day) => day.ordinal === n);
  const counted = days.slice(0, last + 1);
  const end = counted[counted.length - 1];
  return {
    name,
    urgency,
    due_at: NOW + n * 86_400_000,
    due_text: `${end?.date_text}24:00`,
    target_text: `${end?.date_text}18:00`,
    left_text: left === "" ? `剩 ${n} 个工作日` : left,
    article: "第十一条",
    start_text: "09-29 周二 09:12",
    days: counted,
    sum: `自 09-29 起，当日不计，满 ${n} 个工作日为 ${end?.date_text} 24:00。`,
  };
}

const DAYS_OF: Record<Intake["kind"], number> = { consultation: 2, help: 3, suggestion: 3, complaint: 5, report: 5 };

function limitsOf(kind: Intake["kind"], cls: Intake["class"]): LimitView[] {
  const all = [limit("转办", 1), limit("签收", 1), limit("办理", DAYS_OF[kind])];
  if (cls === "ordinary") return all;
  const hours = cls === "special" ? 3 : 2;
  const first: LimitView = { ...limit("初步响应", 1, "soon", `剩 ${hours} 小时`), due_text: `09-29 周二 ${9 + hours}:12`, days: [], sum: `自然小时，全天候，送达后 ${hours} 小时。`, article: "第十一条（四）" };
  return [first, ...all];
}

const segmentsOf = (text: string, words: string[]): Segment[] => {
  const found = words.filter((word) => text.includes(word)).sort((a, b) => b.length - a.length);
  if (found.length === 0) return [{ text, is_hit: false }];
  return text
    .split(new RegExp(`(${found.join("|")})`))
    .filter((part) => part !== "")
    .map((part) => ({ text: part, is_hit: found.includes(part) }));
};

/** Every pair of neighbouring characters, which is also how the real index cuts Chinese. */
const pairs = (text: string): string[] => {
  const characters = [...text.replace(/[\s，。？！、：；“”（）]/g, "")];
  return characters.slice(0, -1).map((c, i) => c + (characters[i + 1] ?? ""));
};

const TITLES: [string, Intake["kind"], string, string][] = [
  ["和平社区三栋停水已两天，物业称不清楚原因", "complaint", "渠南街道 · 和平社区", "渠县供水企业"],
  ["万兴广场路灯不亮，夜间出行不便", "help", "渠江街道 · 庆丰社区", "县住房城乡建设局"],
  ["工地凌晨两点仍在打桩，影响休息", "complaint", "渠江街道 · 后溪社区", "县综合行政执法局"],
  ["询问城乡居民医保今年缴费时间和金额", "consultation", "三汇镇", "县医疗保障局"],
  ["三汇镇重石村道路塌方，车辆无法通行", "help", "三汇镇 · 重石村", "县交通运输局"],
  ["某装饰公司拖欠工资四个月", "report", "渠江街道 · 流江社区", "县人力资源和社会保障局"],
  ["建议在渠光小学门口增设斑马线", "suggestion", "渠南街道 · 渠光村", "县公安局"],
  ["井盖缺失，已有行人绊倒", "help", "临巴镇 · 临江社区", "县住房城乡建设局"],
];
const STAGES: [Stage, string][] = [
  ["registered", "待派"],
  ["dispatched", "已派待送达"],
  ["delivered", "待签收"],
  ["delivered", "已送达"],
  ["answered_on_the_spot", "当场答复"],
];
const URGENCIES: [Urgency, string][] = [
  ["calm", "剩 2 个工作日"],
  ["calm", "剩 3 个工作日"],
  ["soon", "剩 5 小时"],
  ["overdue", "超 1 天"],
  ["met", "按时办结"],
];

export type FakeOptions = { may?: readonly string[]; gives?: readonly CommandKind[]; phase?: AppState["phase"]; isEnrolled?: boolean; nOrders?: number; isOnline?: boolean; latencyMs?: number };

export class FakeBackend implements Transport {
  readonly calls: FakeCall[] = [];
  readonly drafts = new Map<string, Draft>();
  /** 查看申请 of sealed orders, by order. */
  readonly reveals = new Map<string, "asked" | "granted" | "denied">();
  readonly orders: FakeOrder[] = [];
  /** 附件, of whichever order is open. */
  readonly attachments: AttachmentView[] = [];
  /** Put an error here and the next calls of that name fail with it. */
  readonly failures = new Map<string, unknown>();
  /** Put a promise here and calls of that name wait for it. */
  readonly gates = new Map<string, Promise<void>>();
  phase: AppState["phase"];
  /** The calls the person may make; everything, until a test says otherwise. */
  may: readonly string[] = [];
  /** The commands on orders that the person may give at all. */
  gives: readonly CommandKind[] = ["urge", "supplement"];
  private backupFolder = "";
  private readonly listeners = new Set<(tags: string[]) => void>();
  private nSubmitted = 0;
  private readonly isOnline: boolean;
  private readonly latencyMs: number;

  constructor(options: FakeOptions = {}) {
    this.phase = options.phase ?? "ready";
    this.may = options.may ?? Object.keys(this.handlers);
    if (options.gives) this.gives = options.gives;
    this.isOnline = options.isOnline ?? false;
    this.center.isEnrolled = options.isEnrolled ?? false;
    this.latencyMs = options.latencyMs ?? 0;
    for (let i = 0; i < (options.nOrders ?? 24); i++) this.orders.push(this.sampleOrder(i));
  }

  namesCalled(): string[] {
    return this.calls.map(({ name }) => name);
  }

  callsOf(name: keyof Api): unknown[] {
    return this.calls.filter((c) => c.name === name).map(({ payload }) => payload);
  }

  /** What the core does when something changed by itself. */
  announce(tags: string[]): void {
    for (const listener of this.listeners) listener(tags);
  }

  listen(onChanged: (tags: string[]) => void): () => void {
    this.listeners.add(onChanged);
    return () => this.listeners.delete(onChanged);
  }

  async call(name: string, sent: unknown): Promise<Reply<unknown>> {
    // As over the wire: what the window changes afterwards is not changed here.
    const payload: unknown = JSON.parse(JSON.stringify(sent ?? null));
    this.calls.push({ name, payload });
    await this.gates.get(name);
    if (this.latencyMs > 0) await new Promise((done) => setTimeout(done, this.latencyMs));
    const failure = this.failures.get(name);
    if (failure !== undefined) throw failure;
    const handler = this.handlers[name as keyof Api] as (request: unknown) => unknown;
    const changes = ["submit", "act_on_order", "handle_order", "record_delivery", "urge_many", "ask_to_reveal", "decide_reveal"].includes(name) ? ["work_orders", "status"] : ["act_on_kb_record", "act_on_gap", "act_on_kb_words", "kb_import_run"].includes(name) ? ["knowledge", "kb_care", "status"] : ["note_kb_use", "act_on_kb_task", "assign_kb_reviews", "note_search"].includes(name) ? ["kb_care"] : ["tell_apart", "run_twin_report"].includes(name) ? ["knowledge", "twin_report"] : ["fetch_attachment"].includes(name) ? ["attachments"] : ["bring_back"].includes(name) ? ["work_orders"] : ["settle_conflict"].includes(name) ? ["conflicts", "status"] : ["enrol"].includes(name) ? ["sync"] : ["act_on_dossier"].includes(name) ? ["dossiers"] : ["act_on_case"].includes(name) ? ["supervision"] : ["act_on_assessment"].includes(name) ? ["assessment", "assessment_trial", "status"] : ["act_on_early_warning", "set_early_warning_thresholds"].includes(name) ? ["early_warnings", "status"] : ["draft_work_report", "act_on_work_report"].includes(name) ? ["work_reports"] : ["ask_to_export", "decide_export"].includes(name) ? ["exports"] : ["act_on_catalogue"].includes(name) ? ["catalogue", "listening"] : ["answer_call"].includes(name) ? ["incoming_calls", "drafts"] : ["sign_in", "change_password", "still_here", "lock"].includes(name) ? ["app"] : ["set_up", "unlock", "set_damaged_aside", "change_operator", "sign_out", "write_hand_over"].includes(name) ? ["*"] : [];
    return { value: structuredClone(handler(payload)), changed: changes };
  }

  /** 已移出本机, by order. */
  readonly putAway = new Map<string, string>();
  choosesFolders = true;

  fetchFile(ticket: string): Promise<Blob> {
    return Promise.resolve(this.files.fetch(ticket));
  }

  readonly center = new FakeCenter(this, (message, code) => refusal(message, code));

  appState(): AppState {
    const messages: Partial<Record<AppState["phase"], string>> = {
      locked: "系统钥匙串不可用，需要输入开机口令。",
      damaged: "数据库文件头校验不符（file is not a database），可能是磁盘错误或文件被改动。",
    };
    return {
      phase: this.phase,
      message: messages[this.phase] ?? null,
      data_folder: "/home/quxian/.local/share/hotline-desk",
      version: "0.1.0",
      operator: this.phase === "ready" || this.center.isEnrolled ? this.operator : null,
      may: [...this.may],
      gives: [...this.gives],
      key_holder: "keyring",
      ...this.center.state(),
    };
  }

  private sampleOrder(i: number): FakeOrder {
    const [title, kind, place_text, unit] = TITLES[i % TITLES.length] as (typeof TITLES)[number];
    const [stage, stage_text] = STAGES[i % STAGES.length] as [Stage, string];
    const [urgency, left_text] = URGENCIES[(i * 7) % URGENCIES.length] as [Urgency, string];
    const isSpecial = i % 8 === 7;
    const intake: Intake = {
      caller: { phone: `138081${String(20000 + i).slice(-5)}`, contact_phone: "", name: "王先生", address: "" },
      channel: "phone",
      kind,
      class: isSpecial ? "special" : "ordinary",
      category_id: "c-stop",
      title,
      text: `${title}。来电人称已向所在小区反映，没有得到明确答复，希望尽快核实处理并回电告知结果。`,
      place: { township_code: "", village_code: "", detail: "" },
      happened: i === 0 ? "09-28 周一下午起" : "",
      about: i === 0 ? "锦绣物业公司" : "",
      wants: "尽快恢复并说明原因",
      is_confidential: i % 11 === 5,
      wants_call_back: true,
    };
    const row: WorkOrderRow = {
      id: `order-${i}`,
      number: `QX20260929-${String(1000 - i).padStart(4, "0")}`,
      title,
      kind_text: REFERENCE.kinds.find((k) => k.id === kind)?.text ?? "",
      class: intake.class,
      class_text: isSpecial ? "特殊" : "一般",
      category_text: "停水",
      caller_text: "王先生",
      phone_masked: "138****" + String(1000 + i).slice(-4),
      place_text,
      stage,
      stage_text,
      unit: stage === "registered" ? "" : unit,
      registered_at: NOW - i * 3_600_000,
      registered_text: `09-${29 - Math.floor(i / 20)} ${String(18 - (i % 10)).padStart(2, "0")}:${String((i * 13) % 60).padStart(2, "0")}`,
      limit_name: "办理",
      due_at: stage === "answered_on_the_spot" ? null : NOW + 86_400_000,
      due_text: "10-08 周四 24:00",
      left_text,
      urgency,
      next_text: "",
      waits_text: "",
      is_confidential: intake.is_confidential,
      is_waiting: stage === "dispatched",
    };
    const story: StoryEntry[] = [
      { at: row.registered_at, at_text: row.registered_text, title: "登记", detail: "", actor: "陈丽（1024）", is_waiting: false },
      ...(stage === "registered" ? [] : [{ at: row.registered_at, at_text: row.registered_text, title: `派单至${unit}`, detail: "请按职责核实办理，并在时限内回复诉求人。", actor: "陈丽（1024）", is_waiting: stage === "dispatched" }]),
    ];
    // One whose bad rating is disputed.
    const waits = i === 15 ? [SCREENING] : [];
    return { waits, row: { ...row, waits_text: i === 15 ? "甄别待初审 2 小时前" : "" }, intake, story, answer: "", articleId: null, version: 1 };
  }

  private matching(queue: Queue, search: string): FakeOrder[] {
    const inQueue: Record<Queue, (row: WorkOrderRow) => boolean> = {
      all: () => true,
      today: (row) => row.registered_text.startsWith("09-29"),
      to_dispatch: (row) => row.stage === "registered",
      due_soon: (row) => row.urgency === "soon",
      overdue: (row) => row.urgency === "overdue",
      undelivered: (row) => row.is_waiting,
      in_handling: (row) => row.stage === "delivered",
      concluded: (row) => row.stage === "answered_on_the_spot",
      send_back_review: () => false,
      extension_review: () => false,
      extension_ruling: () => false,
      screening_review: (row) => row.waits_text !== "",
      screening_ruling: () => false,
      closure_review: () => false,
      designation: () => false,
      verification: () => false,
      kind_change: () => false,
    };
    return this.orders.filter(({ row }) => inQueue[queue](row) && (search === "" || `${row.number}${row.title}${row.unit}`.includes(search)));
  }

  private order(id: string): FakeOrder {
    const order = this.orders.find(({ row }) => row.id === id);
    if (!order) throw refusal("没有这件工单。", "invalid");
    return order;
  }

  private revealOf(id: string): RevealState {
    const { kind, is_confidential } = this.order(id).intake;
    const state = this.reveals.get(id);
    const texts = { asked: "已申请查看，等另一人批准。", granted: "王芳 1002 已批准，09-29 09:30前可以查看。", denied: "王芳 1002 没有同意查看。" };
    const asked = state === "asked" ? [{ id: "request", text: "陈丽 1024 09-29 09:15申请查看诉求人，用于回电核实" }] : [];
    return { needs_second: kind === "report" || is_confidential, is_granted: state === "granted", text: state === undefined ? "" : texts[state], asked };
  }

  private historyOf(phone: string): CallerHistory {
    const rows = phone.startsWith("138081") ? this.orders.slice(0, 4).map(({ row }) => row) : [];
    return { n_open: rows.filter((row) => row.due_at !== null).length, rows };
  }

  private commandsOf({ row }: FakeOrder): CommandState[] {
    const isOpen = row.stage === "registered";
    const why = isOpen ? null : `工单已是“${row.stage_text}”，不在待派阶段。`;
    const isWithUnit = row.stage === "dispatched" || row.stage === "delivered";
    const notWithUnit = isWithUnit ? null : `工单现在是“${row.stage_text}”，不能进行这一步。`;
    const assignments = isWithUnit ? [{ number: 1, text: `${row.unit}（承办，办理中）` }] : [];
    const several = row.number.endsWith("7") ? [...assignments, { number: 2, text: "县公安局（协办，办理中）" }] : assignments;
    const about = (command: CommandState["command"], text: string, refused: string | null, units: CommandState["assignments"] = []): CommandState => ({ command, text, refusal: refused, assignments: refused === null ? units : [] });
    return [
      about("dispatch", "派单", why),
      about("answer_on_the_spot", "当场答复", why),
      about("refuse_out_of_scope", "不予受理", why),
      about("transfer_to_emergency", "转紧急", why),
      about("record_delivery", "记录电话送达", row.stage === "dispatched" && row.class !== "ordinary" ? null : row.stage === "dispatched" ? "电话送达只用于特殊事项。" : "工单不在等待送达。"),
      about("urge", "催办", notWithUnit, several),
      about("supplement", "补充", null),
      about("rule_on_send_back", "裁定退回", notWithUnit, assignments),
      about("review_extension", "县审延期", "县审延期须由审核员操作。"),
      about("review_screening", "初审甄别", row.waits_text === "" ? "现在没有甄别等待“初审甄别”。" : null, [{ number: 1, text: `${row.unit}（承办，已办结）` }]),
      about("record_screening_ruling", "登记甄别结论", "现在没有甄别等待“登记甄别结论”。"),
      about("merge_into", "并入", why),
      about("designate", "指定承办", row.number.endsWith("0990") ? null : "指定承办须由县政府办、监督员操作。"),
      about("sign_reply", "内审签发", "内审签发须由单位审核人操作。"),
      about("record_own_call_back", "记录自查回访", row.stage === "answered_on_the_spot" ? null : `工单现在是“${row.stage_text}”，不能进行“记录自查回访”。`),
      about("recount_limits", "重算时限", "重算时限须由系统管理员、中心系统操作。"),
    ];
  }

  private conclude(order: FakeOrder, outcome: Outcome): Submitted {
    const { row } = order;
    const at_text = "09-29 09:14";
    const told = (title: string, detail: string): void => {
      order.story.push({ at: NOW, at_text, title, detail, actor: "陈丽（1024）", is_waiting: true });
    };
    let message = "";
    switch (outcome.type) {
      case "register":
        Object.assign(row, { stage: "registered", stage_text: "待派" });
        message = "已登记，应在 09-30 24:00 前转办。";
        break;
      case "answer_on_the_spot":
        if (outcome.answer === "") throw refusal("答复内容还是空的。");
        Object.assign(row, { stage: "answered_on_the_spot", stage_text: "当场答复", due_at: null, urgency: "met" });
        Object.assign(order, { answer: outcome.answer, articleId: outcome.article_id });
        told("当场答复", outcome.answer);
        message = "已当场答复并办结。";
        break;
      case "dispatch": {
        const unit = REFERENCE.units.find(({ id }) => id === outcome.unit_id);
        if (!unit) throw refusal("请选择承办单位。");
        if (row.class !== "ordinary" && outcome.report === null) throw refusal("特殊事项须先向属地乡镇（街道）报告，请填写属地报告后再派单。");
        if (outcome.report?.answered_by === "") throw refusal("请填写接听人。");
        if (outcome.report) told(`报告属地 ${REFERENCE.units.find(({ id }) => id === outcome.report?.unit_id)?.name ?? ""}`, `接听人 ${outcome.report.answered_by}，${outcome.report.method}`);
        Object.assign(row, { stage: "dispatched", stage_text: "已派待送达", unit: unit.name, is_waiting: true });
        told(`派单至${unit.name}`, outcome.opinion);
        message = `已派至${unit.name}，离线保存，联网后送达。`;
        break;
      }
      case "refuse_out_of_scope": {
        const cls = REFERENCE.out_of_scope.find(({ id }) => id === outcome.class_id);
        if (!cls) throw refusal("请选择不予受理的类别。");
        if (cls.needs_legal_basis && outcome.legal_basis === "") throw refusal("第八条（八）须写明具体法律依据。");
        Object.assign(row, { stage: "refused_out_of_scope", stage_text: "不予受理", due_at: null, urgency: "met" });
        told("不予受理", outcome.guidance);
        message = "已告知并登记。";
        break;
      }
      case "transfer_to_emergency":
        if (outcome.hotline === null) throw refusal("请选择转接的热线。");
        Object.assign(row, { stage: "transferred_to_emergency", stage_text: "已转紧急", due_at: null, urgency: "met" });
        told(`转 ${outcome.hotline}`, outcome.note);
        message = `已转 ${outcome.hotline}。`;
        break;
    }
    order.version += 1;
    return { work_order_id: row.id, number: row.number, query_code: "4642 8084", stage_text: row.stage_text, message };
  }

  readonly listening = new FakeListening(() => this.orders.map(({ row }) => row));
  readonly caller = new FakeCaller(
    this,
    (phone) => this.historyOf(phone),
    (message) => refusal(message),
  );
  readonly earlyWarning = new FakeEarlyWarning(() => this.orders.map(({ row }) => row));
  readonly workReport = new FakeWorkReport();
  readonly analysis = new FakeAnalysis(() => this.orders.map(({ row }) => row));
  readonly supervision = new FakeSupervision((message) => refusal(message), (name, message) => this.files.hand(name, message));
  readonly twins = new FakeTwins();
  readonly words = new FakeWords((message) => refusal(message));
  operator = { number: "1024", name: "陈丽", roles: ["受理员"] };
  readonly knowledge = new FakeKnowledge((message) => refusal(message), ARTICLES, () => `${this.operator.name} ${this.operator.number}`);
  readonly care = new FakeKbCare((message) => refusal(message));
  readonly files = new FakeFiles(this.knowledge, (message) => refusal(message));
  readonly forms = new FakeForms((name, message) => this.files.hand(name, message), refusal);

  readonly assessment = new FakeAssessment(
    (message) => refusal(message),
    (name, message) => this.files.hand(name, message),
  );

  private readonly handlers: Handlers = {
    ...this.center.handlers,
    ...this.caller.handlers,
    ...this.analysis.handlers,
    ...this.workReport.handlers,
    ...this.earlyWarning.handlers,
    ...this.supervision.handlers,
    ...this.forms.handlers,
    ...this.assessment.handlers,
    change_operator: ({ operator_name, operator_number, duties }) => {
      if (operator_name === "") throw refusal("请填写姓名。", "invalid");
      this.operator = { number: operator_number, name: operator_name, roles: duties };
      return this.appState();
    },
    kb_lists: () => this.knowledge.lists(),
    kb_records: ({ list, order }) => this.knowledge.rows(list, order),
    kb_record: ({ id }) => this.knowledge.record(id),
    my_kb_reports: () => this.knowledge.myReports(),
    kb_difference: ({ id, before, after }) => this.knowledge.difference(id, before, after),
    kb_merge: ({ id, proposal }) => this.knowledge.merge(id, proposal),
    ...this.care.handlers,
    upload_part: (part) => this.files.take(part),
    drop_upload: ({ upload_id }) => {
      this.files.uploads.delete(upload_id);
      return null;
    },
    kb_import_preview: (ask) => this.files.look(ask),
    kb_import_run: (request) => this.files.run(request),
    kb_import_errors: () => this.files.hand("差错表.xlsx", "差错表共 1 行。改正标红的格子后可直接再导入。"),
    kb_import_template: ({ template }) => this.files.hand(`知识采集表（${template}）.xlsx`, "模板表已备好：一行一条，说明行和示例行导入时会略过。"),
    kb_export: (request) => this.files.export(request),
    show_handed: () => null,
    act_on_kb_record: (request) => {
      const { act } = request;
      if (act.type === "publish" && this.twins.told().n_contradictions > 0 && act.reason === "") throw refusal("与 1 条使用中的条目口径不一致。请先统一口径，或写明仍要发布的理由（第十三条）。");
      return this.knowledge.act(request);
    },
    kb_words: () => this.words.told(),
    act_on_kb_words: ({ act }) => this.words.act(act),
    kb_twins: () => this.twins.told(),
    tell_apart: (request) => {
      if (request.reason === "") throw refusal("请填写理由。");
      this.twins.tellApart(request);
      return null;
    },
    twin_report: () => this.twins.report(),
    run_twin_report: ({ runs }) => {
      this.twins.state = runs ? "running" : "cancelled";
      return null;
    },
    app_state: () => this.appState(),
    retry_open: () => this.appState(),
    set_up: ({ passphrase }) => {
      if ([...passphrase].length < 10) throw refusal("开机口令至少 10 个字符。");
      this.phase = "ready";
      return this.appState();
    },
    unlock: ({ passphrase }) => {
      if (passphrase !== "correct horse battery") throw refusal("口令不对，请再输一次。");
      this.phase = "ready";
      return this.appState();
    },
    set_damaged_aside: () => {
      this.phase = "first_start";
      return this.appState();
    },
    status: () => ({
      now: NOW,
      date_text: "2026-09-29 周二",
      day_kind: "working_day",
      day_text: "工作日",
      calendar_is_provisional: false,
      is_online: this.isOnline,
      is_enrolled: this.center.isEnrolled,
      n_alerts: this.center.alerts.filter(({ is_problem, title }) => is_problem && title !== "离线").length,
      n_waiting: this.orders.filter(({ row }) => row.is_waiting).length,
      n_refused: this.center.conflicts.length,
      n_to_dispatch: this.matching("to_dispatch", "").length,
      n_due_soon: this.matching("due_soon", "").length,
      n_overdue: this.matching("overdue", "").length,
      n_early_warnings: this.earlyWarning.nOpen,
      n_articles: ARTICLES.length,
      index_state: "ready",
      operator: this.operator,
    }),
    reference: () => REFERENCE,
    search_knowledge: ({ text, limit: n }) => {
      const words = [...new Set(pairs(text))];
      const score = (a: KnowledgeArticle): number => words.filter((w) => a.title.includes(w)).length * 3 + words.filter((w) => a.questions.join().includes(w)).length * 2 + words.filter((w) => a.answer.includes(w)).length;
      const hits = ARTICLES.map((article) => ({ article, score: score(article) }))
        .filter((hit) => hit.score > 1)
        .sort((a, b) => b.score - a.score)
        .slice(0, n)
        .map(({ article }) => ({
          id: article.id,
          title: segmentsOf(article.title, words),
          snippet: segmentsOf(article.answer.slice(0, 70), words),
          template_text: article.template_text,
          unit: article.unit,
          validity_text: article.validity_text,
          is_expired: article.is_expired,
          ground: `标题含“${words.find((w) => article.title.includes(w)) ?? "—"}”；正文含“${words.find((w) => article.answer.includes(w)) ?? "—"}”`,
        }));
      return { hits, n_out_of_force: 0, took_us: 800 };
    },
    answer_question: ({ text }) => {
      const words = pairs(text);
      const article = ARTICLES.find((a) => words.filter((w) => a.title.includes(w)).length >= 2);
      if (!article) return { answer: null };
      return { answer: { id: article.id, title: article.title, version: article.version, unit: article.unit, validity_text: article.validity_text, is_sample: article.is_sample, label: "", passage: article.answer, ground: "" } };
    },
    knowledge_article: ({ id }) => {
      const article = ARTICLES.find((a) => a.id === id);
      if (!article) throw refusal("没有这一条。", "invalid");
      return article;
    },
    queues: () =>
      (
        [
          ["all", "全部"],
          ["today", "今天登记的"],
          ["to_dispatch", "待派的"],
          ["due_soon", "快到期的"],
          ["overdue", "已超期的"],
          ["undelivered", "未送达的"],
          ["in_handling", "正在办的"],
          ["concluded", "已办结的"],
          ["extension_review", "延期待县审的"],
          ["screening_review", "甄别待初审的"],
        ] as [Queue, string][]
      ).map(([queue, text]) => ({ queue, text, n_orders: this.matching(queue, "").length, is_wait: queue.endsWith("_review") })),
    work_orders: ({ queue, search, after, limit: n }) => {
      const all = this.matching(queue, search);
      const from = after === null ? 0 : all.findIndex(({ row }) => row.id === after) + 1;
      const rows = all.slice(from, from + n).map(({ row }) => row);
      return { rows, total: all.length, next: from + n < all.length ? (rows[rows.length - 1]?.id ?? null) : null };
    },
    work_order: ({ id }): WorkOrderDetail => {
      const order = this.order(id);
      const runs = order.row.due_at !== null;
      return {
        row: order.row,
        query_code: "4642 8084",
        version: order.version,
        category_id: order.intake.category_id,
        text: order.intake.text,
        happened: order.intake.happened,
        about: order.intake.about,
        wants: order.intake.wants,
        channel_text: "电话",
        wants_call_back: order.intake.wants_call_back,
        township_code: order.intake.place.township_code,
        wants_township_report: order.row.class !== "ordinary" && order.row.stage === "registered",
        answer: order.answer,
        answer_article_id: order.articleId,
        waits_text: "",
        waits: order.waits,
        reveal: this.revealOf(id),
        put_away_text: this.putAway.get(id) ?? "",
        linked_text: "",
        identifies: [],
        limits: runs ? limitsOf(order.intake.kind, order.intake.class).map((l) => (l.name === "办理" ? { ...l, urgency: order.row.urgency, left_text: order.row.left_text } : l)) : [],
        story: order.story,
        commands: this.commandsOf(order),
      };
    },
    bring_back: ({ id }) => {
      this.putAway.delete(id);
      return null;
    },
    attachments: () => this.attachments,
    fetch_attachment: ({ sha256 }) => {
      for (const file of this.attachments) if (file.sha256 === sha256) Object.assign(file, { state: "fetching", state_text: "正在取回 40%" });
      return null;
    },
    save_attachment: ({ sha256 }) => {
      const name = this.attachments.find((file) => file.sha256 === sha256)?.name ?? "";
      return { ticket: "ticket", file_name: name, n_bytes: 3, path: `/home/quxian/下载/${name}`, serial: SERIAL, message: `已保存“${name}”。` };
    },
    caller_history: ({ phone }) => this.historyOf(phone),
    preview_limits: ({ kind, class: cls }) => limitsOf(kind, cls),
    drafts: () => [...this.drafts.values()],
    save_draft: ({ id, body }) => {
      const created_at = this.drafts.get(id)?.created_at ?? NOW;
      this.drafts.set(id, { id, body, created_at, updated_at: NOW + this.calls.length, summary: body.text.slice(0, 12) });
      return { saved_at: NOW };
    },
    discard_draft: ({ id }) => {
      this.drafts.delete(id);
      return null;
    },
    listen: (request) => this.listening.hear(request),
    catalogue_amendments: () => this.listening.catalogue(),
    act_on_catalogue: ({ act }) => this.listening.actOnCatalogue(act, (message) => refusal(message)),
    learning: () => this.listening.learning(),
    learn_now: () => null,
    hot_issues: () => this.listening.hotIssues(),
    check_order: ({ intake }) => this.listening.check(intake),
    submit: ({ draft_id, intake, outcome }) => {
      if (intake.text.trim() === "") throw refusal("诉求内容还是空的，请先记录。");
      this.nSubmitted += 1;
      const order = this.sampleOrder(3);
      const title = intake.title.trim() || intake.text.trim().slice(0, 24);
      Object.assign(order.row, { id: `new-${this.nSubmitted}`, number: `QX20260929-${String(1000 + this.nSubmitted).padStart(4, "0")}`, title, is_waiting: true, registered_text: "09-29 09:14", class: intake.class, class_text: intake.class === "ordinary" ? "一般" : "特殊" });
      Object.assign(order, { intake, story: [{ at: NOW, at_text: "09-29 09:14", title: "登记", detail: "", actor: "陈丽（1024）", is_waiting: true }] });
      const submitted = this.conclude(order, outcome);
      this.orders.unshift(order);
      this.drafts.delete(draft_id);
      return submitted;
    },
    act_on_order: ({ work_order_id, version, outcome }) => {
      const order = this.order(work_order_id);
      if (order.version !== version) throw refusal("工单已有新的变化，请看过再办。", "stale");
      return this.conclude(order, outcome);
    },
    preview_act: ({ act }) => {
      const isFilled = !("reason" in act) || act.reason !== "";
      const limits = act.type === "review_screening" && act.review === "ask_evidence" ? [{ name: "补证", before_text: "", after_text: "09-30 24:00", sum: "24 小时（非工作日顺延）" }] : [];
      return { refusal: isFilled ? null : "请填写理由。", stage_text: act.type === "merge_into" ? "已并入" : "", limits, notes: act.type === "merge_into" && act.number !== "" ? [`${act.number} 小区停水（已送达，县水务局）。`] : [] };
    },
    handle_order: ({ work_order_id, version, act }) => {
      const order = this.order(work_order_id);
      if (order.version !== version) throw refusal("工单已有新的变化，请看过再办。", "stale");
      if ("assignment" in act && act.assignment === null) throw refusal("请选定是哪个承办单位。");
      if ("reason" in act && act.reason === "") throw refusal("请填写理由。");
      if (act.type === "rule_on_send_back" && act.is_accepted === null) throw refusal("请选择同意退回还是驳回。", "invalid");
      if (act.type === "rule_on_send_back") throw refusal("裁定退回须由另一人操作，本人经办的不能自己审。");
      order.version += 1;
      const title = this.commandsOf(order).find(({ command }) => command === act.type)?.text ?? "";
      const detail = "reason" in act ? act.reason : "note" in act ? act.note : "";
      order.story.push({ at: NOW, at_text: "09-29 09:15", title, detail, actor: "陈丽（1024）", is_waiting: true });
      return { work_order_id, number: order.row.number, query_code: "4642 8084", stage_text: order.row.stage_text, message: `${title}已保存在本机。` };
    },
    record_delivery: ({ work_order_id, answered_by, phone }) => {
      const order = this.order(work_order_id);
      if (answered_by === "" || phone === "") throw refusal("请填写接听人和电话。");
      Object.assign(order.row, { stage: "delivered", stage_text: "待签收", is_waiting: false });
      order.version += 1;
      order.story.push({ at: NOW, at_text: "09-29 09:15", title: "电话送达", detail: `接听人 ${answered_by}，${phone}`, actor: "陈丽（1024）", is_waiting: false });
      return { work_order_id, number: order.row.number, query_code: "4642 8084", stage_text: "待签收", message: "已记录电话送达。" };
    },
    reveal_phone: ({ id }) => {
      const { caller } = this.order(id).intake;
      const { needs_second, is_granted } = this.revealOf(id);
      if (needs_second && !is_granted) throw refusal("举报件、保密件的诉求人须另一人批准才能查看。", "invalid");
      return { name: caller.name, phone: caller.phone, contact_phone: caller.contact_phone, seconds: needs_second ? 900 : null };
    },
    ask_to_reveal: ({ id }) => {
      this.reveals.set(id, "asked");
      return null;
    },
    decide_reveal: ({ work_order_id, is_granted }) => {
      this.reveals.set(work_order_id, is_granted ? "granted" : "denied");
      return null;
    },
    backup_state: () => ({ folder: this.backupFolder, last_text: "", problem: "" }),
    choose_backup_folder: ({ folder }) => {
      if (folder !== "" && !folder.startsWith("/")) throw refusal("没有这个文件夹，请填写完整路径，如 /media/backup。");
      this.backupFolder = folder;
      return { folder, last_text: "", problem: "" };
    },
    back_up: () => ({ message: `已备份到 ${this.backupFolder}/hotline-desk-20260929-091200，并已核对。` }),
    try_backup: () => ({ message: "备份可以恢复：操作 3 条，审计 9 条，逐页核对无误。" }),
    audit_entries: ({ act, before }) => {
      const row = (n: number, act_text: string, outcome_text: string): AuditRow => ({ n, at: NOW, at_text: "09-29 09:15", person: "陈丽 1024", desk: "W01", act_text, object_text: "20250929-W01-0001", purpose_text: "", fields_text: "", outcome_text, is_notable: outcome_text === "无权限" });
      const rows = before !== null ? [row(1, "打开本机存储", "已办")] : act === "" ? [row(3, "查看工单", "无权限"), row(2, "提交受理", "已办")] : [row(2, "提交受理", "已办")];
      return { rows, next: before === null && act === "" ? 2 : null, acts: [{ id: "submit", text: "提交受理" }] };
    },
    export_audit: () => ({ ticket: "t-audit", file_name: "审计记录.xlsx", n_bytes: 10, path: "/home/quxian/下载/审计记录.xlsx", message: "已导出 3 条。", serial: SERIAL }),
    trace_export: ({ serial, upload_id }) => {
      if (upload_id === null && serial.trim() === "") throw refusal("导出编号不对，请照水印逐字核对，如 W01-K7Q4M-X9P2T。", "invalid");
      return { serial: SERIAL, is_known: true, message: "陈丽 1024 于 2026年9月29日 09:15 导出台账，见本机审计第 12 条。" };
    },
    verify_audit: () => ({ is_sound: true, n_entries: 3, message: "核对无误，共 3 条，没有改动、缺失或截断。", kept_text: "中心已留存到第 2 条" }),
    load_samples: () => ({ n_articles: 2005 }),
    remove_samples: () => ({ n_articles: 2005 }),
  };
}

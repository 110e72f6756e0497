// Generated from crates/center-server by `cargo xtask gen`. Do not edit.
// All instants (`*_at`) are UTC milliseconds. All texts for people are ready-made Chinese.

export type MatterClass = "ordinary" | "special" | "special_emergency";

export type MatterKind = "consultation" | "help" | "suggestion" | "complaint" | "report";

export type CommandKind = "register" | "answer_on_the_spot" | "refuse_out_of_scope" | "transfer_to_emergency" | "begin_verification" | "record_verification" | "dispatch" | "request_coordination" | "designate" | "record_delivery" | "confirm_delivery" | "record_township_report" | "request_kind_change" | "rule_on_kind_change" | "escalate_class" | "set_upstream_limit" | "urge" | "record_urge_receipt" | "supplement" | "merge_into" | "absorb_repeat" | "link_to" | "correct_caller" | "withdraw" | "sign_for" | "pass_down" | "record_contact" | "respond_first" | "report_progress" | "send_back" | "rule_on_send_back" | "release_binding" | "request_extension" | "review_extension" | "record_city_ruling" | "explain_extension" | "submit_opinion" | "submit_reply" | "sign_reply" | "reject_reply" | "request_final_closure" | "review_final_closure" | "record_result_return" | "import_rating" | "record_own_call_back" | "request_screening" | "review_screening" | "supply_evidence" | "record_screening_ruling" | "order_rework" | "archive" | "write_off_delay" | "recount_limits";

export type Indicator = "call_answering" | "prompt_call_answering" | "direct_answer" | "timely_dispatch" | "timely_signing" | "timely_completion" | "overdue" | "send_back" | "accepted_send_back" | "late_send_back" | "extension" | "contact" | "solved" | "satisfaction" | "weighted_satisfaction" | "successful_screening" | "rework" | "repeat" | "timely_first_response" | "timely_kb_update" | "kb_hit" | "kb_no_result" | "kb_adoption";

export type ActOnUnitArticle = { 
/**
 * Null for a new one.
 */
id: string | null, act_id: string, version: number, act: UnitKbAct, };

/**
 * What is sent instead of a reply.
 */
export type ApiError = { code: ErrorCode, 
/**
 * Ready-made Chinese for the person.
 */
message: string, 
/**
 * The number under which the log has more.
 */
request_id: string, };

/**
 * What of a result is wrong.
 */
export type AppealAbout = { "type": "item", indicator: Indicator, item: string, } | { "type": "deduction", case_number: string, };

export type AppealScore = { number: string, period: string, 
/**
 * Given by the page: the same appeal again is raised once.
 */
act_id: string, 
/**
 * The version the page showed.
 */
version: number, about: AppealAbout, reason: string, };

/**
 * One of a few values to choose from.
 */
export type Choice = { id: string, text: string, note: string, };

/**
 * One day of the sum.
 */
export type CountedDay = { date_text: string, 
/**
 * Which working day it is, from 1; null for a day that is skipped.
 */
ordinal: number | null, 
/**
 * Why it counts or does not.
 */
reason: string, };

/**
 * 提交任务, with the article that came of it.
 */
export type DeliverUnitTask = { number: string, act_id: string, version: number, 
/**
 * Empty where the task named it.
 */
article_id: string, note: string, };

/**
 * What the window branches on; everything else is in the message.
 */
export type ErrorCode = "refused" | "stale" | "locked" | "needs_approval" | "invalid" | "storage_full" | "fault" | "bug";

/**
 * A file that was handed in.
 */
export type EvidenceFile = { sha256: string, name: string, };

/**
 * 延期情形.
 */
export type ExtensionGround = "complicated" | "grave" | "statutory";

/**
 * One item behind a number.
 */
export type FigureItem = { 
/**
 * The order; null for a task of the knowledge base.
 */
order: UnitOrderRow | null, number: string, 
/**
 * Why it is left out; empty where it counts.
 */
reason: string, };

export type FigureItems = { month: string, name: string, part: FigurePart, };

/**
 * Which of the numbers of an indicator.
 */
export type FigurePart = "numerator" | "rest" | "excluded";

export type HandleUnitOrder = { id: string, 
/**
 * Given by the page: the same act again is done once.
 */
act_id: string, 
/**
 * The version the page showed.
 */
version: number, act: UnitAct, };

/**
 * 知识模板 and the sections it must have.
 */
export type KbTemplateChoice = { id: string, text: string, sections: Array<string>, };

/**
 * A limit with its explanation.
 */
export type LimitView = { 
/**
 * 转办 / 签收 / 初步响应 / 进度反馈 / 办理; with the unit before it, where there are several.
 */
name: string, urgency: Urgency, due_at: number, due_text: string, target_text: string, left_text: string, article: string, start_text: string, days: Array<CountedDay>, 
/**
 * The sum in one sentence.
 */
sum: string, };

export type NewPassword = { old: string, new: string, };

/**
 * How far somebody has come.
 */
export type PortalPhase = "signed_out" | "must_change" | "signed_in";

export type RevealedCaller = { name: string, phone: string, contact_phone: string, address: string, };

export type SignInForm = { person: string, password: string, };

export type StatisticsMonth = { 
/**
 * `2026-11`; empty for this month.
 */
month: string, };

/**
 * One act with what its form asks for. A choice that is still open is null and refused. A time is
 * `2026-11-24T09:15` in Beijing, empty for just now.
 */
export type UnitAct = { "type": "sign_for" } | { "type": "pass_down", to: string, note: string, } | { "type": "record_contact", is_reached: boolean | null, at: string, phone: string, note: string, } | { "type": "respond_first", text: string, } | { "type": "report_progress", text: string, } | { "type": "send_back", reason: string, basis: string, suggestion: string, } | { "type": "request_extension", ground: ExtensionGround | null, days: number | null, 
/**
 * 监督员说明.
 */
supervisor_statement: string, 
/**
 * 法定另有期限: the last day, and the law.
 */
last_day: string, law: string, reason: string, } | { "type": "explain_extension", is_explained: boolean | null, at: string, method: string, 
/**
 * 未说明的理由.
 */
reason: string, } | { "type": "submit_opinion", text: string, } | { "type": "submit_reply", text: string, responsible_person: string, 
/**
 * 已反馈诉求人, or nobody could be reached.
 */
is_told: boolean | null, at: string, method: string, } | { "type": "sign_reply" } | { "type": "reject_reply", reason: string, } | { "type": "record_urge_receipt" } | { "type": "request_final_closure", facts: string, legal_basis: string, 
/**
 * 历次工单编号.
 */
earlier_orders: Array<string>, signed_by: string, explanation: string, } | { "type": "request_screening", reason: string, late_reason: string, evidence: Array<string>, } | { "type": "supply_evidence", evidence: Array<string>, } | { "type": "request_kind_change", kind: MatterKind | null, reason: string, } | { "type": "escalate_class", class: MatterClass | null, reason: string, 
/**
 * 报告的属地 as a unit; empty where it was told before.
 */
township_id: string, answered_by: string, at: string, method: string, };

export type UnitActDone = { number: string, message: string, };

export type UnitAppealDone = { message: string, };

export type UnitAppealView = { number: number, 
/**
 * 按时办结率，20261012-W01-0003.
 */
target_text: string, reason: string, raised_text: string, 
/**
 * 采纳，剔除：…; empty while it is not ruled on.
 */
ruling_text: string, };

export type UnitArticleCommand = { command: string, text: string, refusal: string | null, };

export type UnitArticleDetail = { row: UnitArticleRow, 
/**
 * Sent back with every act.
 */
version: number, 
/**
 * Of the draft; 0 for none. An edit names it.
 */
revision: number, 
/**
 * What is being written, otherwise what is published.
 */
form: UnitKbForm, 
/**
 * What is still to be filled in before it can be confirmed.
 */
missing: Array<string>, 
/**
 * Who handed it back, and why; empty for nothing.
 */
returned_text: string, reports: Array<UnitReport>, commands: Array<UnitArticleCommand>, };

export type UnitArticleDone = { id: string, message: string, };

export type UnitArticleId = { id: string, };

export type UnitArticleRow = { id: string, title: string, 
/**
 * 使用中 · 待单位确认.
 */
state_text: string, 
/**
 * The unit's turn: to confirm, to take up what was handed back, or to check again.
 */
turn_text: string, review_text: string, n_reports: number, };

/**
 * 诉求人, as far as the unit may see.
 */
export type UnitCaller = { is_sealed: boolean, 
/**
 * Why nothing is shown; empty where something is.
 */
sealed_text: string, name_masked: string, phone_masked: string, };

/**
 * A command, and why it may not be given now.
 */
export type UnitCommandState = { command: CommandKind, text: string, 
/**
 * Null when it may be given.
 */
refusal: string | null, };

export type UnitDeduction = { event_text: string, points_text: string, 
/**
 * 监督件编号.
 */
numbers: Array<string>, };

export type UnitFigure = { name: string, article: string, 
/**
 * 未发生 where nothing was there to count.
 */
percent_text: string, n_numerator: number, n_denominator: number, n_excluded: number, };

/**
 * One act with what its form asks for.
 */
export type UnitKbAct = { "type": "write", form: UnitKbForm, base_revision: number, } | { "type": "submit", base_revision: number, } | { "type": "confirm" } | { "type": "reject_by_unit", reason: string, } | { "type": "recheck", next_review_on: string, };

/**
 * What an article says. Days are `2026-11-24`, empty for none.
 */
export type UnitKbForm = { 
/**
 * `service_guide`, `policy`, `interpretation` or `standard_answer`.
 */
template: string, title: string, questions: Array<string>, answer: string, sections: Array<UnitKbSection>, responsible_person: string, source: string, valid_from: string, valid_until: string, next_review_on: string, };

export type UnitKbSection = { label: string, text: string, };

/**
 * Something that happened to the unit.
 */
export type UnitNews = { 
/**
 * The order it is about.
 */
order_id: string, number: string, title: string, text: string, at: number, at_text: string, };

/**
 * 协办意见 that the lead cites.
 */
export type UnitOpinion = { unit: string, 
/**
 * Empty while there is none.
 */
text: string, };

export type UnitOrderDetail = { row: UnitOrderRow, 
/**
 * Sent back with every act.
 */
version: number, text: string, 
/**
 * 事发时间, as it was told; empty where nobody said when.
 */
happened: string, 
/**
 * 诉求对象; empty where nobody said.
 */
about: string, wants: string, 
/**
 * 转办意见.
 */
opinion: string, channel_text: string, registered_text: string, wants_call_back: boolean, caller: UnitCaller, 
/**
 * 主办县水务局，协办渠江街道; empty for one unit alone.
 */
units_text: string, 
/**
 * What waits for the center or the city now; empty for nothing.
 */
waits_text: string, opinions: Array<UnitOpinion>, 
/**
 * 答复 as it was handed in last; empty before.
 */
reply: string, responsible_person: string, 
/**
 * Until when a bad rating may be disputed; empty where there is none.
 */
screening_text: string, evidence: Array<EvidenceFile>, 
/**
 * 诉求材料 that the center attached.
 */
supplied: Array<EvidenceFile>, limits: Array<LimitView>, story: Array<UnitStoryEntry>, commands: Array<UnitCommandState>, };

export type UnitOrderId = { id: string, };

export type UnitOrderList = { queue: UnitQueue, search: string, 
/**
 * Where the page before ended.
 */
after: string | null, limit: number, };

export type UnitOrderRow = { id: string, number: string, title: string, kind_text: string, class: MatterClass, class_text: string, category_text: string, place_text: string, stage_text: string, 
/**
 * 主办、协办、会签; empty for a unit that handles it alone.
 */
part_text: string, 
/**
 * What somebody waits for; empty for nothing.
 */
note_text: string, limit_name: string, due_at: number | null, due_text: string, left_text: string, urgency: Urgency, 
/**
 * 诉求人信息密封.
 */
is_sealed: boolean, 
/**
 * 催办待回执.
 */
is_urged: boolean, };

export type UnitOrderRows = { rows: Array<UnitOrderRow>, total: number, next: string | null, };

export type UnitOverview = { queues: Array<UnitQueueCount>, 
/**
 * The latest first.
 */
news: Array<UnitNews>, n_kb_open: number, now: number, };

/**
 * A queue is a question that somebody of the unit asks.
 */
export type UnitQueue = "to_sign_for" | "in_handling" | "due_today" | "overdue" | "under_review" | "to_countersign" | "assisting" | "urged" | "screening" | "concluded";

export type UnitQueueCount = { queue: UnitQueue, text: string, n_orders: number, };

/**
 * What forms choose from.
 */
export type UnitReference = { templates: Array<KbTemplateChoice>, extension_grounds: Array<Choice>, kinds: Array<Choice>, classes: Array<Choice>, 
/**
 * 乡镇街道 as units, which are told of special matters.
 */
townships: Array<UnitTownship>, };

/**
 * 纠错 that call-takers made of it.
 */
export type UnitReport = { kind_text: string, passage: string, note: string, at_text: string, outcome_text: string, is_open: boolean, };

export type UnitRoundDetail = { row: UnitRoundRow, 
/**
 * Of the scheme; sent back with an appeal.
 */
version: number, 
/**
 * 统计时点.
 */
counted_text: string, 
/**
 * 文号 of the bulletin; empty before it.
 */
document: string, lines: Array<UnitScoreLine>, deductions: Array<UnitDeduction>, appeals: Array<UnitAppealView>, 
/**
 * Why no appeal is possible now; null where one is.
 */
refusal: string | null, };

export type UnitRoundKey = { number: string, period: string, };

export type UnitRoundRow = { 
/**
 * 方案编号.
 */
number: string, 
/**
 * 2026-10 or 2026.
 */
period: string, period_text: string, scheme_text: string, stage_text: string, 
/**
 * 考核得分, corrections included.
 */
total_text: string, 
/**
 * 第 3 名，共 41 个单位.
 */
place_text: string, 
/**
 * 申诉到 11月9日（周一）; empty where no appeal is possible any more.
 */
appeals_text: string, 
/**
 * Appeals of the unit that are not ruled on.
 */
n_open_appeals: number, };

/**
 * One item behind a number.
 */
export type UnitScoreItem = { 
/**
 * Names it in an appeal.
 */
item: string, number: string, 
/**
 * The order; null for a task of the knowledge base.
 */
order: UnitOrderRow | null, part: FigurePart, 
/**
 * Why it is left out; empty where it counts.
 */
reason: string, };

export type UnitScoreItems = { items: Array<UnitScoreItem>, 
/**
 * 与冻结时的明细不一致: somebody told later of what had happened before.
 */
is_changed: boolean, };

export type UnitScoreItemsAsk = { number: string, period: string, indicator: Indicator, };

export type UnitScoreLine = { indicator: Indicator, text: string, article: string, 
/**
 * 25.00.
 */
weight_text: string, 
/**
 * 24.50; 不计入 where the line is left out.
 */
points_text: string, 
/**
 * 96.5%; 未发生 where nothing was to be counted.
 */
percent_text: string, 
/**
 * 193/200.
 */
count_text: string, 
/**
 * The line has not all its points.
 */
is_less: boolean, };

export type UnitStatistics = { month: string, month_text: string, 
/**
 * The months that may be looked at, the latest first.
 */
months: Array<string>, figures: Array<UnitFigure>, };

export type UnitStoryEntry = { at: number, at_text: string, title: string, detail: string, actor: string, 
/**
 * Nothing waits at the center; for the list that the desk shows it in too.
 */
is_waiting: boolean, };

export type UnitTaskDetail = { row: UnitTaskRow, 
/**
 * Sent back with every act.
 */
version: number, note: string, 
/**
 * The article it is about, or that came of it; empty while there is none.
 */
article_id: string, article_title: string, 
/**
 * 到期日 with the days that were counted.
 */
limit: LimitView, story: Array<UnitTaskStoryLine>, 
/**
 * Why it may not be handed in now; null when it may.
 */
refusal: string | null, };

export type UnitTaskDone = { message: string, };

export type UnitTaskNumber = { number: string, };

export type UnitTaskRow = { number: string, kind_text: string, subject: string, stage_text: string, due_text: string, 
/**
 * The unit's turn.
 */
is_open: boolean, is_overdue: boolean, was_late: boolean, n_returns: number, };

export type UnitTaskStoryLine = { at_text: string, text: string, detail: string, by_text: string, };

/**
 * 乡镇街道 to choose from.
 */
export type UnitTownship = { 
/**
 * As a unit.
 */
id: string, text: string, note: string, pinyin: string, initials: string, };

/**
 * How a limit stands.
 */
export type Urgency = "calm" | "soon" | "overdue" | "met" | "met_late" | "suspended" | "lifted" | "not_started";

/**
 * Who is in.
 */
export type WhoAmI = { phase: PortalPhase, 
/**
 * 工号.
 */
number: string, name: string, unit_name: string, 
/**
 * 承办联络员: does what is done for the unit.
 */
is_liaison: boolean, 
/**
 * 单位审核人: signs it.
 */
is_reviewer: boolean, 
/**
 * Sent with every call from now on.
 */
token: string, now: number, };

/** What `call` answers: the value, and the tags of the queries that must be asked again. */
export type Reply<T> = { value: T; changed: string[] };

export interface Api {
  who_am_i: { request: null; response: WhoAmI; provides: ["session"] };
  sign_in: { request: SignInForm; response: WhoAmI; provides: [] };
  change_password: { request: NewPassword; response: WhoAmI; provides: [] };
  sign_out: { request: null; response: WhoAmI; provides: [] };
  reference: { request: null; response: UnitReference; provides: ["reference"] };
  overview: { request: null; response: UnitOverview; provides: ["work_orders", "knowledge"] };
  work_orders: { request: UnitOrderList; response: UnitOrderRows; provides: ["work_orders"] };
  work_order: { request: UnitOrderId; response: UnitOrderDetail; provides: ["work_orders"] };
  reveal_caller: { request: UnitOrderId; response: RevealedCaller; provides: [] };
  handle_order: { request: HandleUnitOrder; response: UnitActDone; provides: [] };
  kb_tasks: { request: null; response: Array<UnitTaskRow>; provides: ["knowledge"] };
  kb_task: { request: UnitTaskNumber; response: UnitTaskDetail; provides: ["knowledge"] };
  deliver_kb_task: { request: DeliverUnitTask; response: UnitTaskDone; provides: [] };
  kb_records: { request: null; response: Array<UnitArticleRow>; provides: ["knowledge"] };
  kb_record: { request: UnitArticleId; response: UnitArticleDetail; provides: ["knowledge"] };
  act_on_kb_record: { request: ActOnUnitArticle; response: UnitArticleDone; provides: [] };
  statistics: { request: StatisticsMonth; response: UnitStatistics; provides: ["work_orders", "knowledge"] };
  unit_rounds: { request: null; response: Array<UnitRoundRow>; provides: ["assessment"] };
  unit_round: { request: UnitRoundKey; response: UnitRoundDetail; provides: ["assessment"] };
  unit_score_items: { request: UnitScoreItemsAsk; response: UnitScoreItems; provides: ["assessment"] };
  appeal_score: { request: AppealScore; response: UnitAppealDone; provides: [] };
  figure_items: { request: FigureItems; response: Array<FigureItem>; provides: ["work_orders", "knowledge"] };
}

/** The tags that each call provides; a change that names one makes it be asked again. */
export const PROVIDES: { [Name in keyof Api]: readonly string[] } = {
  who_am_i: ["session"],
  sign_in: [],
  change_password: [],
  sign_out: [],
  reference: ["reference"],
  overview: ["work_orders", "knowledge"],
  work_orders: ["work_orders"],
  work_order: ["work_orders"],
  reveal_caller: [],
  handle_order: [],
  kb_tasks: ["knowledge"],
  kb_task: ["knowledge"],
  deliver_kb_task: [],
  kb_records: ["knowledge"],
  kb_record: ["knowledge"],
  act_on_kb_record: [],
  statistics: ["work_orders", "knowledge"],
  unit_rounds: ["assessment"],
  unit_round: ["assessment"],
  unit_score_items: ["assessment"],
  appeal_score: [],
  figure_items: ["work_orders", "knowledge"],
};

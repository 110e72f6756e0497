// Generated from crates/desk by `cargo xtask gen`. Do not edit.
// All instants (`*_at`) are UTC milliseconds. All texts for people are ready-made Chinese.

export type AbuseKind = "reasonless_calls" | "holds_the_line" | "fabrication" | "harassment";

export type MatterKind = "consultation" | "help" | "suggestion" | "complaint" | "report";

export type MatterClass = "ordinary" | "special" | "special_emergency";

export type Channel = "phone" | "website" | "wechat" | "app" | "mailbox" | "service_hall" | "transfer_110";

export type EmergencyLine = "110" | "119" | "120" | "122";

export type RevealPurpose = "call_back" | "inform" | "follow_up" | "emergency" | "hand_on" | "supervision";

export type OutOfScopeClass = "other_procedure" | "secret_or_indecent" | "emergency_line" | "finally_closed" | "military" | "abusive_or_unclear" | "unlawful" | "otherwise_excluded";

export type Stage = "registered" | "answered_on_the_spot" | "refused_out_of_scope" | "transferred_to_emergency" | "dispatched" | "delivered" | "under_verification" | "under_coordination" | "completed" | "merged" | "withdrawn" | "finally_closed" | "archived";

export type KbTaskKind = "write" | "update" | "review" | "correct";

export type CommandKind = "register" | "answer_on_the_spot" | "refuse_out_of_scope" | "transfer_to_emergency" | "begin_verification" | "record_verification" | "dispatch" | "request_coordination" | "designate" | "record_delivery" | "confirm_delivery" | "record_township_report" | "request_kind_change" | "rule_on_kind_change" | "escalate_class" | "set_upstream_limit" | "urge" | "record_urge_receipt" | "supplement" | "merge_into" | "absorb_repeat" | "link_to" | "correct_caller" | "withdraw" | "sign_for" | "pass_down" | "record_contact" | "respond_first" | "report_progress" | "send_back" | "rule_on_send_back" | "release_binding" | "request_extension" | "review_extension" | "record_city_ruling" | "explain_extension" | "submit_opinion" | "submit_reply" | "sign_reply" | "reject_reply" | "request_final_closure" | "review_final_closure" | "record_result_return" | "import_rating" | "record_own_call_back" | "request_screening" | "review_screening" | "supply_evidence" | "record_screening_ruling" | "order_rework" | "archive" | "write_off_delay" | "recount_limits";

export type DispatchForm = "single" | "countersigned" | "lead_and_assisting";

export type Board = "limit" | "special" | "send_back" | "send_back_loop" | "extension" | "screening" | "urge_receipt";

export type SupervisoryGround = "overdue" | "bad_answer" | "shirking" | "knowledge_neglected" | "other_admonition" | "repeated_and_unsolved" | "public_outcry" | "admonished_in_vain" | "grave_accident" | "grave_public_outcry" | "sent_back_again_and_again" | "reprisal_or_leak" | "grave_knowledge_error" | "other_violation";

export type SupervisoryStage = "proposed" | "rejected" | "confirmed" | "issued" | "answered" | "closed";

export type SupervisoryCommandKind = "propose" | "add_evidence" | "confirm" | "reject" | "issue" | "record_answer" | "close";

export type Measure = "admonition" | "supervision" | "referral";

export type AdmonishingBody = "approval_bureau" | "discipline_commission";

export type Indicator = "call_answering" | "prompt_call_answering" | "direct_answer" | "timely_dispatch" | "timely_signing" | "timely_completion" | "overdue" | "send_back" | "accepted_send_back" | "late_send_back" | "extension" | "contact" | "solved" | "satisfaction" | "weighted_satisfaction" | "successful_screening" | "rework" | "repeat" | "timely_first_response" | "timely_kb_update" | "kb_hit" | "kb_no_result" | "kb_adoption";

export type AssessmentPart = "handling" | "satisfaction" | "knowledge";

export type NoneRule = "full" | "left_out";

export type DeductedEvent = "admonition" | "supervision" | "referral";

export type SchemeStage = "drafted" | "announced" | "withdrawn";

export type RoundStage = "counted" | "published" | "finalised" | "reported";

export type AppealCorrection = "left_out" | "in_favour";

export type AssessmentCommandKind = "draft" | "revise" | "announce" | "withdraw" | "count" | "publish" | "appeal" | "uphold" | "dismiss" | "finalise" | "report";

export type WaitKind = "send_back_review" | "extension_review" | "extension_ruling" | "closure_review" | "screening_review" | "evidence" | "screening_ruling" | "designation" | "verification" | "kind_change";

export type ScreeningReview = "forward" | "deny" | "ask_evidence";

export type WriteOffGround = "late_extension" | "superior_system_fault" | "force_majeure";

export type LimitKind = "dispatch" | "sign_for" | "first_response" | "progress" | "handle" | "send_back" | "screening_review" | "evidence" | "assist" | "verification";

export type AnalysisSpan = "today" | "week" | "month" | "last_month" | "quarter" | "year" | "twelve_months";

export type Dimension = "township" | "category" | "unit" | "channel" | "kind" | "class" | "treatment" | "satisfaction" | "reason";

export type Figure = "orders" | "answered_on_the_spot" | "from_knowledge" | "dispatched" | "late" | "rated" | "satisfied" | "dissatisfied";

export type StepLength = "day" | "week" | "month";

export type EarlyWarningRule = "surge" | "repeat" | "words" | "crowd" | "satisfaction_drop";

export type EarlyWarningStage = "open" | "noted" | "passed_on" | "closed";

export type WorkReportKind = "daily" | "weekly" | "monthly" | "topic";

export type WorkReportStage = "draft" | "finished";

export type ActOnAssessment = { 
/**
 * None for a new scheme.
 */
number: string | null, version: number, act: AssessmentAct, };

export type ActOnCase = { 
/**
 * None for a new one.
 */
number: string | null, version: number, act: CaseAct, };

export type ActOnCatalogue = { act: CatalogueAct, };

export type ActOnDossier = { phone: string, 
/**
 * 0 where there is none yet.
 */
version: number, act: DossierAct, };

export type ActOnEarlyWarning = { id: string, 
/**
 * How many acts the person saw.
 */
version: number, act: EarlyWarningActForm, };

export type ActOnGap = { id: string, n_decisions: number, act: GapAct, };

export type ActOnKbRecord = { 
/**
 * None for a new article.
 */
id: string | null, 
/**
 * The version the window showed; 0 where there was no record.
 */
version: number, act: KbAct, };

export type ActOnKbTask = { 
/**
 * None for a new task.
 */
number: string | null, version: number, act: KbTaskAct, };

export type ActOnKbWords = { act: KbWordsAct, };

export type ActOnOrder = { work_order_id: string, 
/**
 * The version the window showed.
 */
version: number, outcome: Outcome, };

export type ActOnWorkReport = { id: string, 
/**
 * The last version that the person saw.
 */
version: number, act: WorkReportActForm, };

export type ActPreview = { 
/**
 * Why it would be refused as it is filled in; null where it would be done.
 */
refusal: string | null, 
/**
 * Where the order would stand; empty where that does not change.
 */
stage_text: string, limits: Array<LimitChange>, 
/**
 * What else is good to know: which order is meant by a number.
 */
notes: Array<string>, };

export type AgainField = { name: string, text: string, };

/**
 * 修订案.
 */
export type AmendmentView = { id: string, version: number, category_text: string, from_unit: string, to_unit: string, numbers: Array<string>, 
/**
 * 陈晓梅 1001，11月24日（周二）10:00.
 */
proposed_text: string, 
/**
 * Empty while nobody has ruled.
 */
ruled_text: string, 
/**
 * Null while nobody has ruled.
 */
is_adopted: boolean | null, reason: string, };

/**
 * 分析.
 */
export type Analysis = { spans: Array<SpanChoice>, 
/**
 * The days, as they may be asked for and as they are said.
 */
first: string, last: string, period_text: string, before_text: string, year_ago_text: string, chosen: Array<ChosenFilter>, tiles: Array<AnalysisTile>, step_length: StepLength, step_text: string, trend: Array<TrendStep>, 
/**
 * By the hour of the day.
 */
hours: Array<number>, groups: Array<AnalysisGroup>, kb: KbEffect, };

export type AnalysisAsk = { days: AnalysisDays, 
/**
 * Without any, all orders count.
 */
filters: Array<AnalysisFilter>, };

/**
 * The days that are looked at: a usual period, or two days as 2026-11-26, both included.
 */
export type AnalysisDays = { "type": "span", span: AnalysisSpan, } | { "type": "days", first: string, last: string, };

/**
 * Only orders with that value; of several values of a dimension any.
 */
export type AnalysisFilter = { dimension: Dimension, 
/**
 * Of categories also the name of the first level, for all below it. Empty for orders without one.
 */
value: string, };

/**
 * The values of one dimension, the most frequent first.
 */
export type AnalysisGroup = { dimension: Dimension, title: string, rows: Array<AnalysisRow>, };

export type AnalysisOrders = { 
/**
 * 2026年11月1日至26日，三汇镇，超期.
 */
title: string, 
/**
 * The youngest first.
 */
rows: Array<WorkOrderRow>, total: number, next: string | null, };

export type AnalysisOrdersAsk = { ask: AnalysisAsk, figure: Figure, 
/**
 * Where the page before ended.
 */
after: string | null, };

/**
 * One value with its figures.
 */
export type AnalysisRow = { 
/**
 * As it is filtered by.
 */
value: string, text: string, n_orders: number, n_before: number, n_year_ago: number, n_late: number, 
/**
 * Of all in the list.
 */
share_text: string, before_text: string, year_ago_text: string, answer_text: string, late_text: string, satisfaction_text: string, is_chosen: boolean, };

/**
 * One large number, beside the period before and the year before.
 */
export type AnalysisTile = { 
/**
 * What its orders are.
 */
figure: Figure, title: string, value_text: string, 
/**
 * How many orders it opens.
 */
n_orders: number, 
/**
 * What it is made of; empty where the number says it.
 */
detail_text: string, before_text: string, year_ago_text: string, };

export type AnsweredCall = { draft_id: string, number: string, };

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

export type AppState = { phase: Phase, 
/**
 * Why the desk is locked or damaged, for the person.
 */
message: string | null, data_folder: string, version: string, operator: Operator | null, 
/**
 * The calls that this person may make; what is not among them is not offered.
 */
may: Array<string>, 
/**
 * 岗位命令: the commands on orders that this person may give at all.
 */
gives: Array<CommandKind>, key_holder: KeySource, 
/**
 * Whether people sign in here.
 */
signs_in: boolean, 
/**
 * 离线登录: the center has not been asked who this is.
 */
is_offline_sign_in: boolean, attempt: AttemptState, 
/**
 * How the last attempt ended, for the person.
 */
attempt_message: string | null, 
/**
 * 待接班: who has written a hand-over that nobody has confirmed.
 */
hand_over_from: string | null, 
/**
 * When it is said that the desk will lock itself, and when it will: UTC milliseconds.
 */
idle_warn_at: number | null, idle_lock_at: number | null, 
/**
 * 登录满时: whether it will lock whatever is touched, since the sign-in has lasted long enough.
 */
is_session_ending: boolean, 
/**
 * 未获准: the center does not know this desk any more, and nobody is let in.
 */
struck_off: StruckOff | null, };

export type AppealView = { number: number, unit_name: string, 
/**
 * 按时办结率，20261012-W01-0003.
 */
target_text: string, reason: string, recorded_text: string, 
/**
 * 采纳，剔除：…; empty while it is open.
 */
ruling_text: string, is_open: boolean, };

/**
 * 申请查看.
 */
export type AskToReveal = { id: string, 
/**
 * Null while none is chosen, which is refused.
 */
purpose: RevealPurpose | null, };

/**
 * A request to be decided.
 */
export type AskedExport = { id: string, 
/**
 * 陈晓梅 1001 09:15 申请导出台账“全部工单”1,200 件，用于内部核对.
 */
text: string, };

export type AskedLine = { label: string, text: string, };

/**
 * A request to be decided.
 */
export type AskedReveal = { id: string, 
/**
 * 陈晓梅 1001 09:15 申请查看诉求人，用于回电核实.
 */
text: string, };

export type AssessmentAct = { "type": "draft", form: SchemeForm, } | { "type": "revise", form: SchemeForm, } | { "type": "announce", document: string, } | { "type": "withdraw", reason: string, } | { "type": "count", period: string, } | { "type": "publish", period: string, 
/**
 * 2026-11-09.
 */
appeals_until: string, } | { "type": "appeal", period: string, unit_id: string, indicator: Indicator, 
/**
 * As the list behind the number names it, or the number of the order.
 */
item: string, reason: string, } | { "type": "appeal_deduction", period: string, unit_id: string, 
/**
 * 监督件编号.
 */
case_number: string, reason: string, } | { "type": "uphold", period: string, appeal: number, correction: AppealCorrection, reason: string, } | { "type": "dismiss", period: string, appeal: number, reason: string, } | { "type": "finalise", period: string, } | { "type": "report", period: string, document: string, };

export type AssessmentCommandState = { command: AssessmentCommandKind, text: string, 
/**
 * Null when it may be given.
 */
refusal: string | null, };

export type AssessmentDone = { number: string, message: string, };

export type AssessmentOutput = "xlsx" | "pdf" | "docx";

export type AssessmentSchemes = { schemes: Array<SchemeRow>, 
/**
 * What a new one begins with.
 */
blank: SchemeForm, periods: Array<PeriodChoice>, indicators: Array<IndicatorChoice>, parts: Array<PartChoice>, events: Array<EventChoice>, nones: Array<NoneChoice>, 
/**
 * Why none can be drafted; null when one can.
 */
draft_refusal: string | null, };

/**
 * 批量下达复核任务 of one unit.
 */
export type AssignKbReviews = { unit_id: string, article_ids: Array<string>, };

/**
 * 承办单 that a command may be given for now.
 */
export type AssignmentChoice = { number: number, 
/**
 * 县水务局（主办，已签收办理中）.
 */
text: string, };

export type AttachmentKey = { work_order_id: string, sha256: string, };

/**
 * Where a file is.
 */
export type AttachmentState = "here" | "at_center" | "fetching";

export type AttachmentView = { sha256: string, name: string, 
/**
 * 县住建局补证, 11月23日 10:05.
 */
from_text: string, state: AttachmentState, 
/**
 * 未上传, 正在取回 40%, or why it was not fetched; empty where nothing is to be said.
 */
state_text: string, };

/**
 * 登录 or 改密 under way.
 */
export type AttemptState = "none" | "under" | "failed" | "done";

/**
 * What of the record is wanted; what is empty is not asked for.
 */
export type AuditAsk = { 
/**
 * 工号.
 */
person: string, act: string, 
/**
 * An order's number or id, a masked telephone number.
 */
object: string, 
/**
 * 2026-11-23.
 */
from: string, 
/**
 * The last day that is wanted.
 */
until: string, 
/**
 * Where the page before ended.
 */
before: number | null, };

export type AuditPage = { rows: Array<AuditRow>, next: number | null, 
/**
 * Everything that is recorded, by its name.
 */
acts: Array<NamedAct>, };

export type AuditRow = { n: number, at: number, at_text: string, person: string, desk: string, act_text: string, object_text: string, purpose_text: string, 
/**
 * Which fields were shown, which commands were given.
 */
fields_text: string, outcome_text: string, 
/**
 * Refused, not permitted, or not done.
 */
is_notable: boolean, };

/**
 * 核对: whether the record is whole.
 */
export type AuditVerified = { is_sound: boolean, n_entries: number, 
/**
 * 核对无误, or where it breaks and how.
 */
message: string, 
/**
 * How far the center keeps what it was told; empty where it was told nothing.
 */
kept_text: string, };

export type BackupDone = { message: string, };

export type BackupFolder = { 
/**
 * On this computer; empty for no backups.
 */
folder: string, };

export type BackupState = { 
/**
 * Empty where none was chosen.
 */
folder: string, 
/**
 * 11月23日 02:00; empty before the first.
 */
last_text: string, 
/**
 * Why the last try came to nothing; empty where it did not.
 */
problem: string, };

export type BoardAsk = { board: Board, part: BoardPart, 
/**
 * Empty for every unit.
 */
unit_id: string, };

export type BoardCount = { board: Board, title: string, article: string, n: number, n_near: number, n_late: number, };

/**
 * Which part of a board.
 */
export type BoardPart = "all" | "near" | "late";

export type BoardRow = { work_order_id: string, number: string, title: string, kind_text: string, class_text: string, place_text: string, 
/**
 * Null for what the center owes.
 */
assignment: number | null, 
/**
 * 县中心 for what the center owes.
 */
unit_text: string, 
/**
 * What it waits for.
 */
waits_text: string, since_text: string, due_at: number | null, 
/**
 * Empty where there is no limit.
 */
due_text: string, 
/**
 * How long is left, or how long it has waited.
 */
left_text: string, urgency: Urgency, };

export type BoardRows = { rows: Array<BoardRow>, 
/**
 * All of them, where there are more than rows.
 */
n: number, };

/**
 * 留证 of a call that is over or under way.
 */
export type CallEvidenceInput = { duration_s: number, 
/**
 * 录音引用.
 */
recording: string, note: string, };

/**
 * One call in evidence.
 */
export type CallEvidenceView = { called_text: string, 
/**
 * 5 分 20 秒.
 */
duration_text: string, recording: string, note: string, };

export type CallId = { call_id: string, };

export type CallLink = { 
/**
 * `hotline://call?number=13800001234`.
 */
url: string, };

/**
 * Everything about a number, shown when it rings.
 */
export type CallerCard = { phone: string, flags: Array<CallerFlag>, handling: CallerHandling, 
/**
 * 请班长接听。 Empty for a call as usual.
 */
handling_text: string, history: CallerHistory, dossier: DossierView | null, };

export type CallerFlag = { kind: CallerFlagKind, text: string, };

/**
 * 提示 of a caller.
 */
export type CallerFlagKind = "open_orders" | "repeated" | "finally_closed" | "confidential" | "dossier";

/**
 * 来电处置. The call is answered in any case.
 */
export type CallerHandling = "as_usual" | "hint" | "shift_lead" | "restricted";

export type CallerHistory = { 
/**
 * How many of `rows` are still open.
 */
n_open: number, 
/**
 * The latest orders, at most 20.
 */
rows: Array<WorkOrderRow>, };

export type CallerInput = { phone: string, contact_phone: string, name: string, address: string, };

export type CallerPhone = { phone: string, };

export type CaseAct = { "type": "propose", ground: SupervisoryGround, unit_id: string, 
/**
 * For an admonition.
 */
body: AdmonishingBody | null, facts: string, evidence: Array<CaseEvidenceInput>, } | { "type": "add_evidence", evidence: Array<CaseEvidenceInput>, } | { "type": "confirm" } | { "type": "reject", reason: string, } | { "type": "issue", document: string, addressee: string, 
/**
 * 2026-12-04; empty for none.
 */
answer_by: string, } | { "type": "record_answer", 
/**
 * 2026-12-04 09:30; empty for now.
 */
answered_at: string, text: string, } | { "type": "close", reason: string, };

export type CaseCommandState = { command: SupervisoryCommandKind, text: string, 
/**
 * Null when it may be given.
 */
refusal: string | null, };

export type CaseCount = { stage: SupervisoryStage, title: string, n: number, };

export type CaseDetail = { row: CaseRow, 
/**
 * Sent back with every act.
 */
version: number, unit_id: string, facts: string, evidence: Array<CaseEvidenceView>, document: string, addressee: string, answer: string, story: Array<CaseStoryLine>, commands: Array<CaseCommandState>, };

export type CaseDone = { number: string, message: string, };

export type CaseEvidenceInput = { number: string, note: string, };

export type CaseEvidenceView = { number: string, note: string, 
/**
 * 封存; empty where the number is enough.
 */
sha256: string, 
/**
 * Empty where it is no order of this desk.
 */
work_order_id: string, title: string, 
/**
 * 封存后有变化: the order has gone on since it was laid by.
 */
is_changed: boolean, };

export type CaseListAsk = { stage: SupervisoryStage, };

export type CaseNumber = { number: string, };

export type CaseRow = { number: string, ground: SupervisoryGround, ground_text: string, article: string, measure: Measure, measure_text: string, unit_name: string, body_text: string, n_evidence: number, stage: SupervisoryStage, stage_text: string, proposed_by_text: string, changed_text: string, 
/**
 * 限期; empty where none was set.
 */
answer_by_text: string, is_answer_late: boolean, };

export type CaseStoryLine = { at_text: string, text: string, detail: string, by_text: string, };

export type CatalogueAct = { "type": "propose", category_id: string, from_unit_id: string, to_unit_id: string, } | { "type": "rule", amendment_id: string, version: number, is_adopted: boolean, reason: string, };

export type CatalogueAmendments = { suggested: Array<SuggestedAmendment>, 
/**
 * The latest first.
 */
cases: Array<AmendmentView>, };

export type CatalogueDone = { message: string, };

export type Category = { id: string, level1: string, level2: string, level3: string, 
/**
 * 默认主办单位编号; empty where it depends on the place or the case.
 */
lead_unit: string, pinyin: string, initials: string, };

/**
 * 一级分类.
 */
export type CategoryField = { name: string, pinyin: string, initials: string, };

export type ChangeOperator = { operator_name: string, operator_number: string, 
/**
 * At least one.
 */
duties: Array<Duty>, };

export type ChangePasswordForm = { old: string, new: string, };

export type CheckOrder = { intake: Intake, };

/**
 * One of a few values to choose from.
 */
export type Choice = { id: string, text: string, note: string, };

/**
 * What a person has chosen; the rest of the form is not looked at.
 */
export type Chosen = { kind: boolean, category: boolean, place: boolean, happened: boolean, about: boolean, class: boolean, };

/**
 * A filter that is set, in words.
 */
export type ChosenFilter = { dimension: Dimension, title: string, value: string, text: string, 
/**
 * What is one step less narrow; empty for no filter at all.
 */
wider: string, };

/**
 * A notice that was clicked and not opened yet.
 */
export type ClickedNotice = { 
/**
 * Counts the clicks of this run.
 */
click: number, target: NoticeTarget, };

export type ClueView = { ground: SupervisoryGround, ground_text: string, article: string, measure: Measure, measure_text: string, unit_id: string, unit_name: string, 
/**
 * 约谈机关 of the next talk; null for what is no admonition.
 */
body: AdmonishingBody | null, body_text: string, 
/**
 * 第几次 of the year, for what is counted.
 */
ordinal: number | null, numbers: Array<string>, 
/**
 * A case on the same ground is not settled yet.
 */
has_open_case: boolean, 
/**
 * The facts as they would be proposed; a person edits them.
 */
facts: string, };

/**
 * A command, and why it may not be given now.
 */
export type CommandState = { command: CommandKind, text: string, 
/**
 * Null when it may be given.
 */
refusal: string | null, 
/**
 * The units it may be given for, where it is about one of them.
 */
assignments: Array<AssignmentChoice>, };

/**
 * 重新提交: the form it was given by, with what was written in it.
 */
export type ConflictAgain = { "type": "draft", intake: Intake, } | { "type": "act", command: CommandKind, 
/**
 * What stood in the fields, by their names in the command.
 */
fields: Array<AgainField>, };

export type ConflictDetail = { row: ConflictRow, advice: string, lines: Array<AskedLine>, 
/**
 * What others had done after the person looked.
 */
between: Array<StoryEntry>, again: ConflictAgain | null, 
/**
 * Whether it may still be closed: nobody has yet.
 */
is_open: boolean, 
/**
 * 改派: whether the order may be given to another unit now, as the rules have it.
 */
may_redispatch: boolean, };

export type ConflictKey = { seq: number, };

export type ConflictRow = { seq: number, at: number, at_text: string, 
/**
 * 未采纳, 暂存, 已采纳，有提示 …
 */
verdict: string, 
/**
 * What was asked: 派单.
 */
asked: string, why: string, subject: ConflictSubject, subject_id: string, 
/**
 * Number and title, as far as they are known here.
 */
subject_text: string, person: string, 
/**
 * Whether this person gave it.
 */
is_own: boolean, 
/**
 * Whether somebody has to act; otherwise it is enough to know.
 */
needs_action: boolean, };

/**
 * What it is about, for opening it.
 */
export type ConflictSubject = "order" | "article" | "task" | "case" | "catalogue" | "assessment" | "dossier" | "early_warning" | "desk";

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

export type DayKindName = "working_day" | "weekend" | "public_holiday" | "make_up_workday";

/**
 * 批准 or 不同意.
 */
export type DecideExport = { request_id: string, is_granted: boolean, };

/**
 * 批准 or 不同意.
 */
export type DecideReveal = { work_order_id: string, request_id: string, is_granted: boolean, };

export type DeductionCell = { event_text: string, points_text: string, 
/**
 * 监督件编号.
 */
numbers: Array<string>, };

export type DeductionForm = { event: DeductedEvent, each: string, at_most: string, };

export type DiffKind = "same" | "removed" | "added";

export type DiffSegment = { text: string, kind: DiffKind, };

export type DossierAct = { "type": "open", kinds: AbuseKind[], evidence: CallEvidenceInput, } | { "type": "add_evidence", evidence: CallEvidenceInput, } | { "type": "take_over", reason: string, } | { "type": "request_restriction", until: string, reason: string, } | { "type": "rule_on_restriction", is_approved: boolean, reason: string, } | { "type": "refer", document: string, authority: string, } | { "type": "close", reason: string, };

/**
 * What was done, when, and by whom.
 */
export type DossierLine = { at_text: string, title: string, detail: string, actor: string, };

/**
 * A dossier in the list.
 */
export type DossierRow = { phone: string, kinds: Array<string>, handling: CallerHandling, n_evidence: number, last_text: string, is_closed: boolean, };

/**
 * 异常来电档案.
 */
export type DossierView = { 
/**
 * The version that an act on it must name.
 */
version: number, 
/**
 * 骚扰、侮辱、威胁热线工作人员.
 */
kinds: Array<string>, evidence: Array<CallEvidenceView>, is_taken_over: boolean, 
/**
 * 申请限制至…, and how it stands; empty for none.
 */
restriction_text: string, 
/**
 * 移送文号; empty for none.
 */
referred: string, is_closed: boolean, story: Array<DossierLine>, };

export type Draft = { id: string, body: Intake, created_at: number, updated_at: number, 
/**
 * The first words, for the strip of drafts.
 */
summary: string, };

export type DraftId = { id: string, };

export type DraftOwnerLine = { person: string, n_drafts: number, touched_text: string, };

export type DraftSaved = { saved_at: number, };

/**
 * What is drafted.
 */
export type DraftWorkReport = { "type": "daily", day: string, } | { "type": "weekly", day: string, } | { "type": "monthly", day: string, } | { "type": "topic", days: AnalysisDays, dimension: Dimension, value: string, } | { "type": "hot_issue", order_id: string, };

/**
 * 岗位: what the person at the desk does there; each stands for the roles it needs.
 */
export type Duty = "intake" | "knowledge_editing" | "knowledge_review";

export type EarlyWarningActForm = { "type": "note", note: string, } | { "type": "pass_on", to: string, note: string, } | { "type": "close", reason: string, };

export type EarlyWarningDetail = { row: EarlyWarningRow, 
/**
 * How many acts were done, to be given back with the next.
 */
version: number, 
/**
 * The last added first.
 */
orders: Array<WorkOrderRow>, 
/**
 * The first first.
 */
steps: Array<EarlyWarningLine>, 
/**
 * Why the person cannot act; null when he can.
 */
refusal: string | null, };

export type EarlyWarningDone = { message: string, };

export type EarlyWarningId = { id: string, };

/**
 * One act in the record.
 */
export type EarlyWarningLine = { text: string, by_text: string, at_text: string, };

/**
 * 预警 in the list.
 */
export type EarlyWarningRow = { id: string, rule: EarlyWarningRule, rule_text: string, 
/**
 * 渠江街道 停水.
 */
title: string, 
/**
 * 近 24 小时 6 件，此前日均 0.3 件.
 */
ground_text: string, n_orders: number, found_text: string, stage: EarlyWarningStage, stage_text: string, };

export type EarlyWarnings = { 
/**
 * The last found first.
 */
rows: Array<EarlyWarningRow>, n_open: number, 
/**
 * Why there may be more; empty when there are not.
 */
note: string, thresholds: Thresholds, };

export type EarlyWarningsAsk = { 
/**
 * Those that were closed, in the place of those that are open.
 */
closed: boolean, };

export type EndedSearchInput = { text: string, };

export type EnrolForm = { address: string, code: string, };

export type EnrolmentStep = "idle" | "under" | "failed";

/**
 * What the window branches on; everything else is in the message.
 */
export type ErrorCode = "refused" | "stale" | "locked" | "needs_approval" | "invalid" | "storage_full" | "fault" | "bug";

export type EventChoice = { event: DeductedEvent, text: string, };

/**
 * 已申请.
 */
export type ExportAsked = { message: string, };

export type ExportAssessment = { round: RoundKey, output: AssessmentOutput, 
/**
 * 有关要求 of the bulletin, as a person wrote them; may be empty.
 */
demands: string, };

export type ExportFigure = { ask: AnalysisAsk, figure: Figure, output: FigureOutput, 
/**
 * 用途, which stands at the foot of the workbook and in the record.
 */
purpose: string, };

export type ExportLedger = { queue: Queue, search: string, output: LedgerOutput, 
/**
 * 用途, which stands on every page.
 */
purpose: string, };

/**
 * What was found.
 */
export type ExportTrace = { 
/**
 * Empty where the file carries none.
 */
serial: string, 
/**
 * Whether the record of this desk knows it.
 */
is_known: boolean, 
/**
 * 陈晓梅 1001 于 … 导出台账, or why nothing is known.
 */
message: string, };

export type ExportWorkReport = { id: string, version: number, output: WorkReportOutput, 
/**
 * 报送 and 分送 at the foot of a topic; may be empty.
 */
reported_to: string, copied_to: string, };

export type FigureOutput = "xlsx" | "csv";

/**
 * What of a figure an item is.
 */
export type FigurePart = "numerator" | "rest" | "excluded";

export type FollowedNotice = { click: number, };

/**
 * As what a form is handed out.
 */
export type FormOutput = "pdf" | "docx";

export type GapAct = { "type": "assign", unit_id: string, note: string, } | { "type": "link", article_id: string, } | { "type": "set_aside", reason: string, } | { "type": "reopen" };

export type GapDone = { message: string, };

export type GapList = "open" | "assigned" | "linked" | "set_aside";

export type GapListCount = { list: GapList, title: string, n: number, };

export type GapListRequest = { list: GapList, };

export type GapRow = { id: string, 
/**
 * Sent back with every act.
 */
n_decisions: number, question: string, n_asked: number, 
/**
 * 没有结果 2 次，没解决 1 次.
 */
counts_text: string, first_text: string, last_text: string, is_hot: boolean, is_open: boolean, standing_text: string, 
/**
 * Who decided so, and when.
 */
decided_text: string, 
/**
 * The article it was put down to; empty for none.
 */
article_id: string, 
/**
 * The task that was given; empty for none.
 */
task_number: string, };

/**
 * 监督情形 to choose from, with what follows from each.
 */
export type GroundChoice = { ground: SupervisoryGround, text: string, article: string, measure: Measure, measure_text: string, };

/**
 * 依据 of a guess.
 */
export type GuessGround = "keywords" | "learnt";

/**
 * What is open now, for the person who goes.
 */
export type HandOverForm = { parts: Array<HandOverPart>, };

export type HandOverLine = { text: string, 
/**
 * The order to open; empty for what is none.
 */
work_order_id: string, };

/**
 * One part of what is open.
 */
export type HandOverPart = { title: string, lines: Array<HandOverLine>, 
/**
 * How many there are besides those told.
 */
n_more: number, };

/**
 * 交接班记录, as it is read later.
 */
export type HandOverView = { id: string, from: string, written_text: string, 
/**
 * Empty while nobody has confirmed it.
 */
to: string, confirmed_text: string, note: string, parts: Array<HandOverPart>, };

/**
 * A file that is ready.
 */
export type Handed = { 
/**
 * Names it in `show_handed` and when it is fetched.
 */
ticket: string, file_name: string, n_bytes: number, 
/**
 * Where it was written; none where it is to be fetched.
 */
path: string | null, 
/**
 * 已导出 12 条。
 */
message: string, 
/**
 * 导出编号, which stands in the file; empty for an empty form.
 */
serial: string, };

export type HandedTicket = { ticket: string, };

export type HandleOrder = { work_order_id: string, 
/**
 * The version the window showed.
 */
version: number, act: OrderAct, };

/**
 * Everything that was found. All spans are stretches of `intake.text` in UTF-16 code units.
 */
export type Heard = { revision: number, fields: HeardFields, 
/**
 * The likeliest first, three at most.
 */
kinds: Array<HeardKind>, 
/**
 * The likeliest first, three at most.
 */
categories: Array<HeardCategory>, dispatch: HeardDispatch, 
/**
 * 是不是同一件.
 */
same: Array<HeardSame>, 
/**
 * Why `same` may be incomplete: 历史工单正在读取… Empty when all are read.
 */
same_note: string, 
/**
 * 特殊事项与紧急情况, the most urgent first.
 */
alerts: Array<HeardAlert>, 
/**
 * 事项等级: the chosen one, or the gravest of what is certainly heard.
 */
class: MatterClass, 
/**
 * 追问: what must still be asked, in the order in which it is asked.
 */
questions: Array<string>, scope: Array<HeardScope>, };

/**
 * What was heard, and where it goes. A person decides.
 */
export type HeardAlert = { kind: HeardAlertKind, kind_text: string, 
/**
 * 事项等级 that is proposed.
 */
class: MatterClass, class_text: string, 
/**
 * Who is put through to, the first first; empty where no line is for it.
 */
lines: Array<HeardLine>, 
/**
 * False for what is past, feared or asked about: shown quietly.
 */
is_certain: boolean, 
/**
 * 听到“着火”：事故灾难，可转 119 消防.
 */
message: string, spans: Array<Span>, };

/**
 * 特殊情形.
 */
export type HeardAlertKind = "water_outage" | "power_outage" | "gas_outage" | "pollution" | "natural_disaster" | "accident" | "public_health" | "social_safety" | "violence" | "self_harm" | "crowd";

/**
 * 三级分类, with how likely it is.
 */
export type HeardCategory = { category_id: string, 
/**
 * 市政设施 · 路灯.
 */
text: string, share_percent: number, ground: GuessGround, ground_text: string, spans: Array<Span>, };

/**
 * 派单建议.
 */
export type HeardDispatch = { 
/**
 * 主办, the likeliest first.
 */
leads: Array<HeardUnit>, 
/**
 * A precedent holds: the unit may not send it back (第十条).
 */
is_bound: boolean, 
/**
 * 协办 that a precedent names.
 */
assisting: Array<HeardUnit>, 
/**
 * 属地.
 */
territorial: HeardUnit | null, 
/**
 * 行业主管.
 */
regulator: HeardUnit | null, 
/**
 * 分类 it was looked up by, the chosen one or the likeliest; empty where none is likely.
 */
category_id: string, };

/**
 * 要素, each kind in the order of the text; the likelier place first.
 */
export type HeardFields = { places: Array<HeardPlace>, times: Array<HeardTime>, 
/**
 * 被反映对象.
 */
objects: Array<HeardWord>, 
/**
 * 小区、道路、单位.
 */
names: Array<HeardWord>, 
/**
 * 诉求目标.
 */
wants: Array<HeardWord>, phones: Array<HeardWord>, plates: Array<HeardWord>, amounts: Array<HeardWord>, 
/**
 * 身份证号: where one stands. It is not to be kept.
 */
identity_numbers: Array<Span>, };

/**
 * 诉求类型, with how likely it is.
 */
export type HeardKind = { kind: MatterKind, text: string, share_percent: number, ground: GuessGround, 
/**
 * 原文有“投诉”“乱收费”.
 */
ground_text: string, spans: Array<Span>, };

/**
 * 转接: a line to put through to.
 */
export type HeardLine = { line: EmergencyLine, text: string, };

/**
 * 地点, down to the village where it was said.
 */
export type HeardPlace = { place: PlaceInput, text: string, 
/**
 * Why it is this one: 原文“三汇那边”，简称.
 */
ground: string, span: Span, 
/**
 * Whether the same words may mean another place of the list as well.
 */
is_ambiguous: boolean, };

export type HeardSame = { relation: SameRelation, 
/**
 * 同一诉求人，未办结.
 */
relation_text: string, 
/**
 * 可并入，作为催办和补充.
 */
advice: string, order: WorkOrderRow, 
/**
 * 同一来电号码, 同一村社, “锦绣花园”, 2 天前.
 */
grounds: Array<string>, likeness_percent: number, 
/**
 * The words of the text that stand in the order as well.
 */
spans: Array<Span>, 
/**
 * 热度: orders of others on the same happening, this one included; 0 for the caller's own.
 */
n_related: number, };

/**
 * 不予受理的线索: a class of 第八条; its script and its routes stand in the reference.
 */
export type HeardScope = { class: OutOfScopeClass, article: string, 
/**
 * 原文有“法院判决”.
 */
ground_text: string, spans: Array<Span>, };

/**
 * 事发时间.
 */
export type HeardTime = { from_at: number, 
/**
 * 11月25日（周三）20时许起.
 */
text: string, is_since: boolean, span: Span, };

/**
 * A unit and why.
 */
export type HeardUnit = { unit_id: string, unit: string, grounds: Array<UnitGround>, };

/**
 * A word of the text that fills a field.
 */
export type HeardWord = { 
/**
 * What the field takes.
 */
value: string, 
/**
 * What it is: 小区, 道路… Empty where the field says so.
 */
kind_text: string, span: Span, };

/**
 * 热点.
 */
export type HotIssue = { kind: HotIssueKind, 
/**
 * 三汇镇 供水供气 · 停水, or what the first of them says.
 */
title: string, category_id: string, category_text: string, township_code: string, township_text: string, 
/**
 * 近 24 小时.
 */
n_last_day: number, 
/**
 * The 24 hours before.
 */
n_day_before: number, 
/**
 * All that belong to it, as far back as is looked.
 */
n_orders: number, 
/**
 * 近 24 小时 6 件，此前日均 0.3 件.
 */
growth_text: string, 
/**
 * The last seven days, today last.
 */
days: Array<HotIssueDay>, 
/**
 * The latest first.
 */
orders: Array<HotIssueOrder>, };

export type HotIssueDay = { 
/**
 * 11月25日（周三）.
 */
text: string, n_orders: number, };

export type HotIssueKind = "surge" | "related";

export type HotIssueOrder = { id: string, number: string, title: string, registered_text: string, };

export type HotIssues = { 
/**
 * Sudden rises first, then what tells of one happening, each the largest first.
 */
issues: Array<HotIssue>, 
/**
 * Why it may be incomplete; empty when it is not.
 */
note: string, };

/**
 * A call that rang and was not taken to yet.
 */
export type IncomingCall = { call_id: string, number: string, 
/**
 * The draft for it; null while nobody is signed in.
 */
draft_id: string | null, rang_at: number, rang_text: string, };

export type IndexState = "ready" | "rebuilding" | "unavailable";

export type IndicatorChoice = { indicator: Indicator, text: string, article: string, 
/**
 * 越高越好 or 越低越好.
 */
better_text: string, };

/**
 * The intake form as the window has it.
 */
export type Intake = { caller: CallerInput, channel: Channel, kind: MatterKind, class: MatterClass, category_id: string, title: string, text: string, place: PlaceInput, 
/**
 * 事发时间, as it was told. Drafts of older programs do not have it.
 */
happened: string, 
/**
 * 诉求对象. Drafts of older programs do not have it.
 */
about: string, wants: string, is_confidential: boolean, wants_call_back: boolean, };

/**
 * One act with what its form asks for.
 */
export type KbAct = { "type": "draft", form: KbForm, } | { "type": "edit", form: KbForm, base_revision: number, } | { "type": "propose_beside", form: KbForm, base_version: number, } | { "type": "take_proposal", proposal: number, form: KbForm, base_revision: number, } | { "type": "merge_proposal", proposal: number, base_revision: number, 
/**
 * As the comparison names them.
 */
fields: Array<string>, } | { "type": "drop_proposal", proposal: number, reason: string, } | { "type": "discard_draft", reason: string, } | { "type": "submit", base_revision: number, } | { "type": "record_confirmation", name: string, evidence: string, } | { "type": "reject_by_unit", reason: string, } | { "type": "publish", 
/**
 * Why it is published although another article says otherwise; empty where none does.
 */
reason: string, } | { "type": "reject_by_center", reason: string, } | { "type": "record_recheck", name: string, evidence: string, next_review_on: string, } | { "type": "suspend", reason: string, } | { "type": "resume", reason: string, } | { "type": "withdraw", reason: string, } | { "type": "supersede", by: string, reason: string, } | { "type": "merge_into", into: string, reason: string, } | { "type": "report_error", kind: KbErrorKind, read_version: number, passage: string, note: string, } | { "type": "note_report", report: number, note: string, } | { "type": "accept_report", report: number, } | { "type": "reject_report", report: number, reason: string, };

/**
 * A literal passage of an article in force.
 */
export type KbAnswer = { id: string, title: string, version: number, unit: string, 
/**
 * 有效至 2027年12月31日, 长期有效.
 */
validity_text: string, is_sample: boolean, 
/**
 * The section that was asked for, such as 办理地点; empty for the answer itself.
 */
label: string, passage: string, 
/**
 * Why this article: 标题含“低保”.
 */
ground: string, };

export type KbAnswered = { 
/**
 * None where nothing is sure enough.
 */
answer: KbAnswer | null, };

export type KbBrokenFile = { file: string, reason: string, };

export type KbCalendarKey = { key: string, };

export type KbCalendarMonth = { 
/**
 * `overdue` or `2026-11`.
 */
key: string, title: string, 
/**
 * How many articles; one whose review and end both fall in counts once.
 */
n: number, 
/**
 * 复核 3 条，到期 1 条; empty for none.
 */
counts_text: string, is_overdue: boolean, };

/**
 * A command, and why it may not be given now.
 */
export type KbCommandState = { command: string, text: string, refusal: string | null, };

export type KbCompared = { id: string, before: KbSide, after: KbSide, };

/**
 * Where two articles say different things about one.
 */
export type KbContradiction = { kind_text: string, 
/**
 * 费用 20元 / 10元.
 */
text: string, ours: KbContradictionSide, theirs: KbContradictionSide, };

export type KbContradictionSide = { 
/**
 * 标准答案, or the label of the section.
 */
passage_label: string, 
/**
 * The sentence, with the part marked.
 */
sentence: Array<Segment>, part: string, };

/**
 * Only the fields that differ; none where nothing does.
 */
export type KbDifference = { before_text: string, after_text: string, fields: Array<KbFieldDifference>, };

export type KbDone = { id: string, version: number, 
/**
 * 纠错编号 of a report that was just made, to which a note can be added.
 */
report: number | null, message: string, };

export type KbDraftView = { form: KbForm, revision: number, base_version: number, stage_text: string, editors_text: string, 
/**
 * 审核丙退改：缺地址.
 */
returned_text: string, 
/**
 * What must still be filled before it can be handed on.
 */
missing: Array<string>, };

export type KbDueRow = { id: string, title: string, unit: string, 
/**
 * The handling unit of that name; empty for none.
 */
unit_id: string, next_review_text: string, valid_until_text: string, is_review_due: boolean, is_expired: boolean, 
/**
 * What is asked of its unit already: 复核 ZS20261124-W01-0001，12月1日（周二）到期.
 */
task_text: string, };

/**
 * 知识库成效.
 */
export type KbEffect = { 
/**
 * 引用知识库答复 of what was answered on the spot.
 */
share_text: string, n_from_knowledge: number, n_opened: number, n_cited: number, n_helped: number, n_unsolved: number, 
/**
 * 有用占比, of what people said.
 */
helped_text: string, before_text: string, 
/**
 * What of it does not go by the filters; empty without any.
 */
note: string, };

/**
 * 差错种类.
 */
export type KbErrorKind = "wrong" | "outdated" | "dead_phone" | "missing" | "unclear";

export type KbExport = { form: KbExportForm, 
/**
 * A list of the editors; none for the whole knowledge base. The public version is always made
 * of everything that is in use.
 */
list: KbList | null, 
/**
 * 内部口径 and 责任人, too. Never in the public version.
 */
with_internal: boolean, };

/**
 * As what it is exported.
 */
export type KbExportForm = "table" | "document" | "markdown" | "public";

/**
 * What a person can say of an article without an order; that it was cited the orders tell.
 */
export type KbFeedback = "opened" | "helped" | "unsolved";

export type KbFieldDifference = { key: string, label: string, segments: Array<DiffSegment>, };

/**
 * What an article says, as the form shows and sends it. Days are `2026-11-24`, empty for none.
 */
export type KbForm = { 
/**
 * `service_guide`, `policy`, `interpretation` or `standard_answer`.
 */
template: string, title: string, questions: Array<string>, answer: string, sections: Array<KbFormSection>, internal_note: string, unit: string, 
/**
 * The handling unit, empty where it is none.
 */
unit_id: string, responsible_person: string, source: string, 
/**
 * Empty where it is not classified.
 */
category_id: string, 
/**
 * The township or street it holds for; empty for the whole county.
 */
township_code: string, valid_from: string, valid_until: string, next_review_on: string, };

export type KbFormSection = { label: string, text: string, };

export type KbImportAsk = { upload_id: string, sources: Array<KbSourceChoice>, };

/**
 * What a person chooses for a row.
 */
export type KbImportChoice = "new" | "change" | "beside" | "skip";

export type KbImportCount = { state: KbImportState, text: string, n: number, };

export type KbImportDone = { n_new: number, n_changed: number, n_beside: number, message: string, };

export type KbImportErrors = { upload_id: string, preview_no: number, choices: Array<KbRowChoice>, };

export type KbImportPreview = { 
/**
 * Which preview an import is of.
 */
preview_no: number, sources: Array<KbImportSource>, broken: Array<KbBrokenFile>, 
/**
 * What a column can be.
 */
columns: Array<Choice>, rows: Array<KbImportRow>, counts: Array<KbImportCount>, 
/**
 * Why the person at the desk may not import.
 */
refusal: string | null, 
/**
 * 这些内容都已导入过，再导入不会有任何改动。
 */
message: string, };

/**
 * A row of the preview.
 */
export type KbImportRow = { row: number, place: string, title: string, unit: string, template_text: string, state: KbImportState, state_text: string, 
/**
 * The article it is about, or like.
 */
existing_title: string, 
/**
 * 标准答案、来源: what of that article would change.
 */
changes_text: string, faults: Array<string>, 
/**
 * What must be filled before the draft can be handed on.
 */
missing: Array<string>, notes: Array<string>, 
/**
 * The first is proposed.
 */
choices: Array<KbImportChoice>, };

export type KbImportRun = { upload_id: string, preview_no: number, choices: Array<KbRowChoice>, };

/**
 * A sheet or a document, and how it is read.
 */
export type KbImportSource = { file: string, sheet: string, is_document: boolean, names: Array<string>, 
/**
 * Which column each name is, by key.
 */
keys: Array<string>, 
/**
 * What the first row says under each name, shortened.
 */
samples: Array<string>, template: string, levels: Array<number>, level: number, n_rows: number, 
/**
 * As it was for the last file with these names.
 */
is_remembered: boolean, 
/**
 * Why nothing of it is imported, and what was left out.
 */
notes: Array<string>, };

/**
 * What would become of a row.
 */
export type KbImportState = "new" | "change" | "alike" | "same" | "imported" | "faulty";

/**
 * The lists of the editors' page, each a question.
 */
export type KbList = "writing" | "awaits_confirmation" | "awaits_review" | "reports" | "review_due" | "retired" | "all";

export type KbListCount = { list: KbList, title: string, n: number, };

/**
 * In which order a list comes.
 */
export type KbListOrder = "own" | "most_cited";

export type KbMerge = { base_text: string, draft_text: string, proposal_text: string, 
/**
 * Sent back with what was chosen.
 */
base_revision: number, fields: Array<KbMergeFieldView>, };

/**
 * A field in which draft and proposal differ, each shown against what both set out from.
 */
export type KbMergeFieldView = { key: string, label: string, 
/**
 * Empty where there is no such text, or no version to set out from.
 */
base: string, draft: Array<DiffSegment>, proposal: Array<DiffSegment>, changed_by_text: string, 
/**
 * What is taken unless the editor says otherwise: what one side alone has changed.
 */
takes_proposal: boolean, 
/**
 * Both have changed it: an editor must look.
 */
is_contested: boolean, };

export type KbMergeRequest = { id: string, proposal: number, };

/**
 * A literal stretch of an article.
 */
export type KbPart = { kind: KbPartKind, kind_text: string, 
/**
 * What it is about, empty where the text does not say: 工本费.
 */
label: string, text: string, 
/**
 * With label and source, for the clipboard.
 */
copy_text: string, };

/**
 * 要素种类.
 */
export type KbPartKind = "amount" | "phone" | "place" | "hours" | "period" | "material" | "date" | "condition" | "link";

export type KbProposalView = { number: number, base_version: number, by_text: string, form: KbForm, };

export type KbQuestion = { text: string, };

export type KbRecordDetail = { id: string, 
/**
 * Sent back with every act.
 */
version: number, standing_text: string, 
/**
 * Why it is not in use: 停用：电话有误.
 */
holding_text: string, is_review_due: boolean, next_review_text: string, draft: KbDraftView | null, 
/**
 * The newest first.
 */
versions: Array<KbVersionView>, proposals: Array<KbProposalView>, reports: Array<KbReportView>, 
/**
 * What people ask and the article does not have among its questions: 知识缺口 put down to it, and
 * 学到的说法 that were approved.
 */
further_questions: Array<string>, 
/**
 * What is asked of its unit: 复核 ZS20261124-W01-0001，12月1日（周二）到期.
 */
tasks: Array<KbTaskBrief>, commands: Array<KbCommandState>, };

export type KbRecordList = { list: KbList, order: KbListOrder, };

export type KbRecordRow = { id: string, title: string, unit: string, template_text: string, 
/**
 * 第 2 版，编写中.
 */
state_text: string, n_open_reports: number, n_proposals: number, next_review_text: string, is_review_due: boolean, 
/**
 * 本月引用 and 没解决.
 */
n_cited: number, n_unsolved: number, changed_text: string, };

export type KbReportView = { number: number, kind_text: string, version: number, passage: string, note: string, by_text: string, outcome_text: string, is_open: boolean, 
/**
 * Accepted and not yet corrected.
 */
is_accepted: boolean, };

export type KbReviewsAssigned = { n_assigned: number, n_left_out: number, message: string, };

/**
 * What was chosen for a row, where it is not as proposed.
 */
export type KbRowChoice = { row: number, choice: KbImportChoice, };

export type KbSection = { label: string, text: string, };

/**
 * One of the texts that an article has or had.
 */
export type KbSide = { "type": "draft" } | { "type": "version", number: number, } | { "type": "proposal", number: number, };

/**
 * How one sheet or document is to be read, where that is not as proposed.
 */
export type KbSourceChoice = { file: string, sheet: string, 
/**
 * A key for each column; none for the proposal.
 */
keys: Array<string> | null, 
/**
 * Of the rows that name none.
 */
template: string | null, 
/**
 * Of a document: 0 as one article, else by the headings of that level.
 */
level: number | null, };

export type KbTaskAct = { "type": "assign", kind: KbTaskKind, unit_id: string, 
/**
 * Empty where one is still to be written.
 */
article_id: string, subject: string, note: string, } | { "type": "deliver", article_id: string, note: string, } | { "type": "accept" } | { "type": "return", reason: string, } | { "type": "cancel", reason: string, };

export type KbTaskBrief = { number: string, text: string, };

/**
 * A unit of which 第十九条(四) has something to say this year; a clue and no judgement.
 */
export type KbTaskClue = { unit_name: string, numbers: Array<string>, };

export type KbTaskCommandState = { command: string, text: string, refusal: string | null, };

export type KbTaskDetail = { row: KbTaskRow, 
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
limit: LimitView, story: Array<KbTaskStoryLine>, commands: Array<KbTaskCommandState>, };

export type KbTaskDone = { number: string, message: string, };

export type KbTaskList = "open" | "delivered" | "overdue" | "done" | "cancelled";

export type KbTaskListCount = { list: KbTaskList, title: string, n: number, };

export type KbTaskListRequest = { list: KbTaskList, };

export type KbTaskLists = { lists: Array<KbTaskListCount>, clues: Array<KbTaskClue>, };

export type KbTaskNumber = { number: string, };

export type KbTaskOfferView = { kind: KbTaskKind, kind_text: string, 
/**
 * Empty for an answer that is still to be written.
 */
article_id: string, 
/**
 * The gap it comes of; empty for none.
 */
gap_id: string, gap_n_decisions: number, 
/**
 * Empty where the article's unit is none of the handling units.
 */
unit_id: string, unit_name: string, subject: string, ground_text: string, };

export type KbTaskPreview = { kind: KbTaskKind, };

export type KbTaskRow = { number: string, kind_text: string, subject: string, unit_name: string, stage_text: string, due_text: string, 
/**
 * Not handed in, and the day is over.
 */
is_overdue: boolean, 
/**
 * 曾逾期: handed in after the day that stood then.
 */
was_late: boolean, n_returns: number, };

export type KbTaskStoryLine = { at_text: string, text: string, detail: string, by_text: string, };

export type KbTemplateAsk = { 
/**
 * `service_guide`, `policy`, `interpretation` or `standard_answer`.
 */
template: string, };

/**
 * 知识模板 and the sections it must have.
 */
export type KbTemplateChoice = { id: string, text: string, sections: Array<string>, };

export type KbTwin = { id: string, title: string, unit: string, level: KbTwinLevel, level_text: string, 
/**
 * Why it is told.
 */
ground: string, contradictions: Array<KbContradiction>, };

/**
 * 相近程度.
 */
export type KbTwinLevel = "same" | "near";

export type KbTwins = { 
/**
 * The same matter first, and of these what contradicts first.
 */
twins: Array<KbTwin>, n_contradictions: number, 
/**
 * 与 3 条相近；1 处口径不一致：费用 20元 / 10元. Empty where there is nothing.
 */
summary: string, };

export type KbTwinsAsk = { 
/**
 * None for a new article.
 */
id: string | null, 
/**
 * What stands in the form now.
 */
form: KbForm, };

export type KbUseNoted = { message: string, };

export type KbUseView = { n_cited: number, n_unsolved: number, 
/**
 * 本月引用 3 次，没解决 1 次，纠错 2 次.
 */
text: string, };

export type KbVersionView = { number: number, form: KbForm, editors_text: string, confirmed_text: string, published_text: string, 
/**
 * 与 kb-2 口径不一致，理由：… Empty where it contradicted none.
 */
contradiction_text: string, };

export type KbWords = { 
/**
 * The center's first, then those that come with the program, then what is set aside.
 */
groups: Array<SynonymGroupRow>, 
/**
 * What waits for a decision first.
 */
sayings: Array<SayingRow>, };

export type KbWordsAct = { "type": "add_group", words: string, } | { "type": "change_group", id: string, n_changes: number, words: string, } | { "type": "set_group_aside", id: string, n_changes: number, } | { "type": "restore_group", id: string, n_changes: number, } | { "type": "approve_saying", article_id: string, text: string, } | { "type": "set_saying_aside", article_id: string, text: string, reason: string, } | { "type": "reopen_saying", article_id: string, text: string, };

export type KbWordsDone = { message: string, };

/**
 * Where the key came from.
 */
export type KeySource = "keyring" | "passphrase";

export type KnowledgeArticle = { id: string, version: number, template_text: string, title: string, questions: Array<string>, 
/**
 * What is read aloud; empty for an article that is only looked things up in.
 */
answer: string, sections: Array<KbSection>, unit: string, source: string, 
/**
 * 物业管理 · 物业收费; empty where it is not classified.
 */
category_text: string, 
/**
 * 三汇镇; empty for the whole county.
 */
township_text: string, valid_from_text: string, valid_until_text: string, 
/**
 * 有效至 2027年12月31日, 长期有效.
 */
validity_text: string, next_review_text: string, is_expired: boolean, is_sample: boolean, 
/**
 * What of it can be copied by itself.
 */
parts: Array<KbPart>, 
/**
 * Article, version, unit and validity, for whatever is copied: 〔县人社局·社保卡补办·第2版·…〕.
 */
source_line: string, };

export type KnowledgeHit = { id: string, title: Array<Segment>, snippet: Array<Segment>, template_text: string, unit: string, 
/**
 * 有效至 2027年12月31日, 长期有效.
 */
validity_text: string, is_expired: boolean, 
/**
 * Why it stands here: 标题含“停水”，正文含“抢修”.
 */
ground: string, };

export type KnowledgeHits = { hits: Array<KnowledgeHit>, 
/**
 * Where nothing in force was found: how much would be found that no longer or not yet holds.
 */
n_out_of_force: number, 
/**
 * How long the search took, in microseconds.
 */
took_us: number, };

export type KnowledgeId = { id: string, };

export type KnowledgeSearch = { 
/**
 * A few words, or everything the citizen has said so far.
 */
text: string, limit: number, 
/**
 * What is looked through; without it everything that holds today.
 */
scope?: SearchScope, };

export type LearningState = { models: Array<LearntView>, 
/**
 * What became of the last learning; empty before the first of this run.
 */
last_text: string, };

/**
 * One model, or the keywords in its place.
 */
export type LearntView = { 
/**
 * 三级分类.
 */
name: string, 
/**
 * False while the keywords are in charge.
 */
is_learnt: boolean, 
/**
 * 关键词 / 2026年11月26日从 4,000 件工单学得.
 */
text: string, n_orders: number, 
/**
 * 留作检验 that the figures come from.
 */
n_held_back: number, macro_f1_percent: number, accuracy_percent: number, top3_percent: number, };

/**
 * As what a ledger is handed out.
 */
export type LedgerOutput = "xlsx" | "pdf" | "docx" | "csv";

export type LiaisonGapLine = { article: string, text: string, };

export type LiaisonGapRow = { unit_id: string, unit_name: string, gaps: Array<LiaisonGapLine>, 
/**
 * Who is there now: 联络员 李明 …
 */
on_duty: Array<string>, };

export type LiaisonGaps = { 
/**
 * Whether the center keeps a register; without one nothing is said of the units.
 */
is_kept: boolean, rows: Array<LiaisonGapRow>, };

/**
 * A limit that the act would start, move or end.
 */
export type LimitChange = { 
/**
 * 办理; with the unit before it, where there are several.
 */
name: string, 
/**
 * 11月26日（周四）24:00; empty for one that starts.
 */
before_text: string, after_text: string, 
/**
 * The sum in one sentence.
 */
sum: string, };

/**
 * The matter whose limits are asked for.
 */
export type LimitPreview = { kind: MatterKind, class: MatterClass, };

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

/**
 * The form as it stands, asked again with every pause of the typing.
 */
export type Listen = { 
/**
 * Counts up with every change; the answer brings it back, so that one for an older text is known.
 */
revision: number, draft_id: string, intake: Intake, chosen: Chosen, };

export type MyKbReport = { article_id: string, title: string, report: number, kind_text: string, version: number, passage: string, note: string, at: number, at_text: string, outcome_text: string, 
/**
 * Nobody has answered yet: a note can be added.
 */
is_open: boolean, 
/**
 * Nothing more will come of it.
 */
is_settled: boolean, };

/**
 * An act, to be chosen.
 */
export type NamedAct = { id: string, text: string, };

export type NoneChoice = { none: NoneRule, text: string, };

export type NoteKbUse = { article_id: string, 
/**
 * The version that was read; 0 for the one in force, whichever it is.
 */
version: number, feedback: KbFeedback, 
/**
 * What was typed to search the knowledge, empty for what was found otherwise. Where the article
 * helped, people ask for it so; where it did not, this is what is still asked.
 */
searched: string, };

/**
 * 去处: what a notice is about.
 */
export type NoticeTarget = { "type": "work_order", id: string, } | { "type": "queue", queue: Queue, } | { "type": "conflict", seq: number, } | { "type": "early_warning", id: string | null, } | { "type": "export_requests" };

/**
 * The person at the desk.
 */
export type Operator = { number: string, name: string, roles: Array<string>, };

/**
 * One act with what its form asks for. A choice that is still open is null and refused.
 */
export type OrderAct = { "type": "record_township_report", report: TownshipReportInput, } | { "type": "urge", assignment: number | null, reason: string, method: string, } | { "type": "supplement", text: string, 
/**
 * Files that were uploaded for it.
 */
upload_id: string | null, } | { "type": "correct_caller", phone: string | null, contact_phone: string | null, name: string | null, address: string | null, reason: string, } | { "type": "withdraw", reason: string, } | { "type": "sign_for", assignment: number | null, } | { "type": "record_contact", assignment: number | null, phone: string, is_reached: boolean | null, note: string, } | { "type": "respond_first", assignment: number | null, text: string, } | { "type": "report_progress", assignment: number | null, text: string, } | { "type": "send_back", assignment: number | null, reason: string, basis: string, suggestion: string, } | { "type": "rule_on_send_back", assignment: number | null, is_accepted: boolean | null, reason: string, } | { "type": "request_extension", assignment: number | null, 
/**
 * 特别重大、复杂.
 */
is_grave: boolean | null, days: number | null, supervisor_statement: string, reason: string, } | { "type": "review_extension", assignment: number | null, is_forwarded: boolean | null, reason: string, } | { "type": "sign_reply", assignment: number | null, } | { "type": "reject_reply", assignment: number | null, reason: string, } | { "type": "record_own_call_back", note: string, } | { "type": "begin_verification", asked: string, question: string, } | { "type": "record_verification", answered_by: string, finding: string, } | { "type": "request_coordination", reason: string, unit_ids: Array<string>, } | { "type": "designate", unit_id: string, assisting_ids: Array<string>, opinion: string, document: string, } | { "type": "request_kind_change", kind: MatterKind | null, reason: string, } | { "type": "rule_on_kind_change", is_approved: boolean | null, reason: string, } | { "type": "escalate_class", class: MatterClass | null, reason: string, report: TownshipReportInput | null, } | { "type": "merge_into", number: string, } | { "type": "absorb_repeat", number: string, } | { "type": "link_to", number: string, } | { "type": "release_binding", assignment: number | null, reason: string, } | { "type": "record_city_ruling", assignment: number | null, is_granted: boolean | null, 
/**
 * 市批日期, the last day: 2026-11-30; empty where the city said no.
 */
last_day: string, document: string, } | { "type": "review_final_closure", assignment: number | null, is_accepted: boolean | null, reason: string, } | { "type": "review_screening", assignment: number | null, review: ScreeningReview | null, reason: string, } | { "type": "record_screening_ruling", assignment: number | null, is_removed: boolean | null, document: string, } | { "type": "order_rework", assignment: number | null, reason: string, } | { "type": "archive" } | { "type": "write_off_delay", assignment: number | null, limit: LimitKind | null, ground: WriteOffGround | null, note: string, } | { "type": "recount_limits", notice: string, };

export type OrderChecked = { 
/**
 * Why it cannot be submitted as it stands; null where it can.
 */
refusal: string | null, 
/**
 * Hints; none of them holds anything up.
 */
concerns: Array<OrderConcern>, };

export type OrderConcern = { kind: OrderConcernKind, message: string, 
/**
 * Stretches of `intake.text` in UTF-16 code units; none where something is missing.
 */
spans: Array<Span>, };

/**
 * What is wrong with it.
 */
export type OrderConcernKind = "place_missing" | "two_matters" | "insult" | "others_phone" | "identity_number" | "kind_contradicts" | "tells_who_speaks";

/**
 * 文书 that one order can be printed as.
 */
export type OrderForm = "dispatch" | "emergency_dispatch" | "urging" | "send_back" | "extension_request" | "screening_request" | "closure_opinion" | "completion";

/**
 * A form, and for which units it can be printed.
 */
export type OrderFormState = { form: OrderForm, 
/**
 * 交办单.
 */
text: string, 
/**
 * Why it cannot be printed; null when it can.
 */
refusal: string | null, assignments: Array<AssignmentChoice>, };

export type OrderFormTemplate = { form: OrderForm, };

export type OrderForms = { forms: Array<OrderFormState>, 
/**
 * Why the caller cannot be named; null when that is possible.
 */
caller_refusal: string | null, };

/**
 * One class of article 8 with what is said and where the caller is sent.
 */
export type OutOfScopeGuide = { id: OutOfScopeClass, number: number, article: string, text: string, script: string, needs_legal_basis: boolean, routes: Array<OutOfScopeRoute>, };

export type OutOfScopeRoute = { name: string, guide: string, phone: string | null, 
/**
 * 号码待核: false until the center has confirmed it.
 */
is_verified: boolean, };

/**
 * What becomes of the order.
 */
export type Outcome = { "type": "register" } | { "type": "answer_on_the_spot", answer: string, article_id: string | null, } | { "type": "dispatch", unit_id: string, opinion: string, 
/**
 * 派单方式: to one unit, to several that each answer, or to a lead with others that assist.
 */
form: DispatchForm, 
/**
 * 其他会签单位，或协办单位; none for a single unit.
 */
other_unit_ids: Array<string>, 
/**
 * 替代: the number of the assignment that was sent back and whose place the unit takes.
 */
replaces?: number, 
/**
 * 属地报告, which goes before the dispatch of a special matter or with it.
 */
report: TownshipReportInput | null, } | { "type": "refuse_out_of_scope", 
/**
 * Null while none is chosen, which is refused.
 */
class_id: OutOfScopeClass | null, guidance: string, legal_basis: string, } | { "type": "transfer_to_emergency", 
/**
 * Null while none is chosen, which is refused.
 */
hotline: EmergencyLine | null, note: string, };

export type PartChoice = { part: AssessmentPart, text: string, };

/**
 * 考核期 to choose from.
 */
export type PeriodChoice = { 
/**
 * 2026-10 or 2026.
 */
period: string, text: string, };

export type Phase = "first_start" | "locked" | "damaged" | "ready" | "signed_out" | "screen_locked" | "password_due";

export type PlaceInput = { township_code: string, village_code: string, detail: string, };

/**
 * 在岗记录, one line.
 */
export type PresenceLine = { at: number, at_text: string, text: string, person: string, detail: string, };

export type PrintCase = { number: string, output: FormOutput, };

export type PrintOrderForm = { work_order_id: string, form: OrderForm, 
/**
 * Which unit's; null where the order has only one that it can be.
 */
assignment: number | null, output: FormOutput, 
/**
 * 写明诉求人: name and number whole; recorded.
 */
with_caller: boolean, 
/**
 * 本单位模板: an uploaded docx with fields, in the place of the program's own form; null for none.
 */
template_upload_id: string | null, };

/**
 * A queue is a question that somebody asks of the orders.
 */
export type Queue = "all" | "today" | "to_dispatch" | "due_soon" | "overdue" | "undelivered" | "in_handling" | "concluded" | "send_back_review" | "extension_review" | "extension_ruling" | "screening_review" | "screening_ruling" | "closure_review" | "designation" | "verification" | "kind_change";

export type QueueCount = { queue: Queue, text: string, n_orders: number, 
/**
 * 待答复: its orders wait for somebody's word.
 */
is_wait: boolean, };

/**
 * 记录电话送达 of a special matter, just now.
 */
export type RecordDelivery = { work_order_id: string, version: number, answered_by: string, phone: string, };

export type Recount = { as_of_text: string, lines: Array<RecountLine>, };

/**
 * A figure that would be another if it were counted now.
 */
export type RecountLine = { unit_id: string, unit_name: string, text: string, before_text: string, after_text: string, };

/**
 * Everything at once: a few hundred kilobytes, asked for at start.
 */
export type Reference = { kinds: Array<Choice>, classes: Array<Choice>, channels: Array<Choice>, hotlines: Array<Choice>, units: Array<Unit>, categories: Array<Category>, 
/**
 * The first level of the categories, each once.
 */
category_fields: Array<CategoryField>, townships: Array<Township>, out_of_scope: Array<OutOfScopeGuide>, kb_templates: Array<KbTemplateChoice>, 
/**
 * 差错种类, in the order of their digits.
 */
kb_error_kinds: Array<Choice>, kb_task_kinds: Array<Choice>, 
/**
 * 查看用途.
 */
reveal_purposes: Array<Choice>, };

/**
 * 是不是这些: an earlier order that a person has recognised.
 */
export type RepeatOf = { number: string, relation: RepeatOfRelation, };

/**
 * What an earlier order is to the matter that is registered now.
 */
export type RepeatOfRelation = "merge" | "link";

export type RevealPhone = { id: string, 
/**
 * Null while none is chosen, which is refused; where another person has granted it, that says what for.
 */
purpose: RevealPurpose | null, };

/**
 * How an order stands with whoever looks at it.
 */
export type RevealState = { 
/**
 * Whether it takes two persons.
 */
needs_second: boolean, 
/**
 * Whether another person has granted it to this one, and lately enough.
 */
is_granted: boolean, 
/**
 * 已申请，等另一人批准; empty where nothing was asked.
 */
text: string, 
/**
 * What this person may decide.
 */
asked: Array<AskedReveal>, };

export type RevealedPhone = { name: string, phone: string, contact_phone: string, 
/**
 * For how many seconds it may stand there; null where no end was set.
 */
seconds: number | null, };

export type RoundDetail = { number: string, period: string, period_text: string, scheme_text: string, 
/**
 * Null before it is counted.
 */
stage: RoundStage | null, stage_text: string, 
/**
 * Of the scheme; sent back with every act.
 */
version: number, 
/**
 * 2026年11月2日 09:00 计数，唐静 1010.
 */
counted_text: string, 
/**
 * 申诉截止; empty before it is put out.
 */
appeals_until_text: string, finalised_text: string, 
/**
 * 文号 of the bulletin.
 */
document: string, 
/**
 * With every correction; null before it is counted.
 */
table: ScoreTable | null, appeals: Array<AppealView>, commands: Array<AssessmentCommandState>, };

/**
 * A period by a scheme.
 */
export type RoundKey = { number: string, 
/**
 * 2026-10 or 2026.
 */
period: string, };

export type RoundRow = { period: string, period_text: string, stage: RoundStage, stage_text: string, n_open_appeals: number, };

/**
 * Begins or stops the report.
 */
export type RunTwinReport = { 
/**
 * False to stop it.
 */
runs: boolean, };

/**
 * One field of what was asked, or of what stands against it.
 */
export type SaidLine = { label: string, text: string, 
/**
 * Does not agree with what was said: the reviewer looks twice.
 */
is_doubtful: boolean, };

/**
 * What an earlier order is to the matter that is being told, the weightiest first.
 */
export type SameRelation = "same_delivery" | "finally_closed" | "merge_into" | "repeat_of_closed" | "same_matter_by_others" | "same_text";

export type SampleCounts = { 
/**
 * Articles put or removed.
 */
n_articles: number, };

export type SaveDraft = { 
/**
 * A UUID made by the window; the order that comes of the draft keeps it.
 */
id: string, body: Intake, };

export type SayingRow = { article_id: string, article_title: string, text: string, n_used: number, last_text: string, state: SayingState, state_text: string, 
/**
 * Who decided so, and when.
 */
decided_text: string, };

export type SayingState = "proposed" | "approved" | "set_aside";

export type SchemeChecked = { 
/**
 * 分值合计: 100.00; empty where a number cannot be read.
 */
sum_text: string, 
/**
 * Why it cannot be announced; null when it can.
 */
refusal: string | null, };

export type SchemeDetail = { row: SchemeRow, 
/**
 * Sent back with every act.
 */
version: number, form: SchemeForm, drafted_text: string, 
/**
 * Empty while it is a draft.
 */
announced_text: string, 
/**
 * The latest period first.
 */
rounds: Array<RoundRow>, commands: Array<AssessmentCommandState>, };

export type SchemeForm = { name: string, 
/**
 * 2027-01-01.
 */
effective_from: string, lines: Array<SchemeLineForm>, deductions: Array<DeductionForm>, };

/**
 * 考核项 as it is typed: 25 or 25.5 points, 80 or 80% for the marks.
 */
export type SchemeLineForm = { part: AssessmentPart, indicator: Indicator, weight: string, floor: string, full: string, none: NoneRule, };

export type SchemeNumber = { number: string, };

export type SchemeRow = { number: string, name: string, version: number, stage: SchemeStage, stage_text: string, effective_text: string, 
/**
 * 本期适用: this month is assessed by it.
 */
is_in_force: boolean, 
/**
 * 申诉待裁定 over all its periods.
 */
n_open_appeals: number, };

export type ScoreCell = { indicator: Indicator, 
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

export type ScoreChange = { unit_name: string, before_text: string, after_text: string, lines: Array<ScoreChangeLine>, };

export type ScoreChangeLine = { text: string, 
/**
 * Empty where there was none.
 */
before_text: string, after_text: string, items: Array<ScoreItem>, n_more_items: number, };

export type ScoreColumn = { indicator: Indicator, text: string, part_text: string, article: string, 
/**
 * 25.00.
 */
weight_text: string, 
/**
 * 80.00% 至 98.00%.
 */
scale_text: string, };

export type ScoreItem = { 
/**
 * Names it in an appeal.
 */
item: string, 
/**
 * 工单编号 or 知识任务编号.
 */
number: string, 
/**
 * Empty where it is no order of this desk.
 */
work_order_id: string, title: string, part: FigurePart, 
/**
 * Why it is left out; empty where it counts.
 */
reason: string, };

export type ScoreItems = { unit_name: string, text: string, article: string, percent_text: string, n_numerator: number, n_rest: number, n_excluded: number, 
/**
 * The first of each part.
 */
items: Array<ScoreItem>, n_more: number, 
/**
 * 与冻结时的明细不一致: somebody told later of what had happened before.
 */
is_changed: boolean, };

export type ScoreItemsAsk = { number: string, period: string, unit_id: string, indicator: Indicator, };

export type ScoreRow = { unit_id: string, unit_name: string, place: number, total_text: string, cells: Array<ScoreCell>, deductions: Array<DeductionCell>, };

export type ScoreTable = { columns: Array<ScoreColumn>, rows: Array<ScoreRow>, 
/**
 * 未参评 of the period.
 */
not_assessed: Array<string>, };

/**
 * What a search looks through.
 */
export type SearchScope = { 
/**
 * Also what no longer or not yet holds; it is marked.
 */
includes_out_of_force: boolean, 
/**
 * Only what this unit is responsible for.
 */
unit: string | null, 
/**
 * Only articles of this template, see `Reference::kb_templates`.
 */
template: string | null, 
/**
 * Only what is classified below this, see `Reference::category_fields`.
 */
category_field: string | null, 
/**
 * Only what holds in this township or street, or in the whole county.
 */
township: string | null, };

/**
 * What the call-taker typed to search the knowledge during a call that is now submitted.
 */
export type SearchedInCall = { 
/**
 * What stands in the search box of the knowledge, never what the citizen said.
 */
text: string, 
/**
 * Whether the call-taker said that an article helped.
 */
has_helped: boolean, };

/**
 * A piece of text, marked where it answers the search.
 */
export type Segment = { text: string, is_hit: boolean, };

export type SetThresholds = { 
/**
 * The version that the person saw.
 */
version: number, form: ThresholdForm, };

export type SetUp = { passphrase: string, operator_name: string, operator_number: string, with_samples: boolean, };

/**
 * 知悉 or 关闭.
 */
export type SettleConflict = { seq: number, note: string, };

export type SignInForm = { number: string, password: string, };

/**
 * A stretch of the text, in UTF-16 code units: `text.slice(start, end)`.
 */
export type Span = { start: number, end: number, };

/**
 * A usual period to choose.
 */
export type SpanChoice = { id: AnalysisSpan, text: string, };

export type Status = { now: number, date_text: string, day_kind: DayKindName, 
/**
 * 工作日 / 周末 / 国庆节放假 / 国庆节调休上班.
 */
day_text: string, calendar_is_provisional: boolean, 
/**
 * Whether the center can be reached. A desk without a center is offline.
 */
is_online: boolean, 
/**
 * Whether the desk belongs to a center.
 */
is_enrolled: boolean, 
/**
 * 同步提示 that a person should look at; see 同步状态.
 */
n_alerts: number, 
/**
 * Orders, articles and tasks of which something is stored here and not yet at the center.
 */
n_waiting: number, 
/**
 * 待处理: what the center did not take, or took and found odd, that nobody has seen to.
 */
n_refused: number, n_to_dispatch: number, n_due_soon: number, n_overdue: number, 
/**
 * 预警 that nobody has closed.
 */
n_early_warnings: number, 
/**
 * Articles that a search can find.
 */
n_articles: number, index_state: IndexState, operator: Operator, };

export type StoryEntry = { at: number, at_text: string, title: string, detail: string, actor: string, is_waiting: boolean, };

/**
 * 未获准, for whoever stands at the door.
 */
export type StruckOff = { text: string, address: string, enrolment: EnrolmentStep, enrolment_message: string, };

export type Submit = { draft_id: string, intake: Intake, outcome: Outcome, 
/**
 * What the knowledge was searched for; none where nothing was typed there.
 */
searched: SearchedInCall | null, 
/**
 * 是不是这些: an earlier order that the matter repeats.
 */
repeat?: RepeatOf, };

export type Submitted = { work_order_id: string, number: string, 
/**
 * 查询码, as it is read out: 1234 5678.
 */
query_code: string, stage_text: string, 
/**
 * What happened and what has not happened yet, in one sentence.
 */
message: string, };

/**
 * 目录修订建议 of accepted returns that repeat themselves.
 */
export type SuggestedAmendment = { category_id: string, category_text: string, from_unit_id: string, from_unit: string, to_unit_id: string, to_unit: string, 
/**
 * 工单编号 of the returns behind it.
 */
numbers: Array<string>, 
/**
 * Put forward already, and not ruled on.
 */
is_proposed: boolean, };

export type SyncAlert = { title: string, text: string, 
/**
 * What a person should do.
 */
advice: string, at_text: string, 
/**
 * Whether it stands in the way; otherwise it has happened and is told.
 */
is_problem: boolean, };

export type SyncState = { is_enrolled: boolean, is_online: boolean, 
/**
 * 工作站编号.
 */
desk: string, address: string, n_waiting: number, 
/**
 * Empty when nothing waits.
 */
oldest_waiting_text: string, 
/**
 * Empty before the first.
 */
last_contact_text: string, 
/**
 * Where the desk stands in the feed, and how much of it the center cannot lose any more.
 */
feed_seq: number, durable_seq: number, skew_text: string, 
/**
 * 初次取数: how far a new desk, or one that was away for long, has read and drawn; empty
 * otherwise.
 */
catching_up_text: string, alerts: Array<SyncAlert>, 
/**
 * 重新登记: the center does not know this desk any more, or has set it apart.
 */
wants_enrolment: boolean, enrolment: EnrolmentStep, enrolment_message: string, };

export type SynonymGroupRow = { id: string, 
/**
 * Sent back with every act.
 */
n_changes: number, words: Array<string>, 
/**
 * 随程序 / 本中心.
 */
origin_text: string, is_set_aside: boolean, 
/**
 * Who changed it last, and when; empty for what is as it came.
 */
changed_text: string, };

/**
 * 不是同一事项.
 */
export type TellApart = { id: string, other_id: string, reason: string, };

/**
 * 阈值 as they are typed.
 */
export type ThresholdForm = { surge_in_a_day: number, surge_z_hundredths: number, repeat_min: number, repeat_days: number, words: Array<string>, hears_crowds: boolean, satisfaction_floor_percent: number, satisfaction_min_rated: number, satisfaction_days: number, quiet_hours: number, };

/**
 * One version of the thresholds in the record.
 */
export type ThresholdLine = { version: number, 
/**
 * 罗兰 2001 11月26日（周四）09:15.
 */
set_text: string, };

export type Thresholds = { 
/**
 * 0 for those of the program.
 */
version: number, form: ThresholdForm, 
/**
 * The last first.
 */
versions: Array<ThresholdLine>, 
/**
 * Why the person cannot set them; null when he can.
 */
refusal: string | null, };

export type Township = { code: string, name: string, 
/**
 * 属地单位编号: the township as a handling unit; empty where the list has none of that name.
 */
unit_id: string, pinyin: string, initials: string, villages: Array<Village>, };

/**
 * 属地报告: who at the township was told, when, and how.
 */
export type TownshipReportInput = { unit_id: string, answered_by: string, 
/**
 * 报告时间 of the last 24 hours, as the county's clocks show it: 09:15; empty for just now.
 */
reported_time: string, method: string, };

export type TraceExport = { 
/**
 * 导出编号 as it was read off a page; empty where a file is asked about.
 */
serial: string, 
/**
 * The file, uploaded; null where a number is asked about.
 */
upload_id: string | null, };

/**
 * One step of the trend.
 */
export type TrendStep = { 
/**
 * 11月3日, 11月3日—9日, 2026年11月.
 */
text: string, 
/**
 * The days, to look at these alone.
 */
first: string, last: string, n_orders: number, n_answered: number, n_late: number, n_year_ago: number, };

export type Trial = { scheme_text: string, period_text: string, 
/**
 * 统计时点.
 */
as_of_text: string, table: ScoreTable, 
/**
 * The other scheme; empty for none.
 */
against_text: string, changes: Array<ScoreChange>, };

export type TrialAsk = { number: string, 
/**
 * 2026-10 or 2026.
 */
period: string, 
/**
 * Another scheme to compare with; null for none.
 */
against: string | null, };

/**
 * Two articles that answer the same question.
 */
export type TwinPairRow = { first: TwinSide, second: TwinSide, ground: string, contradictions: Array<KbContradiction>, };

export type TwinReport = { state: TwinReportState, n_done: number, n_all: number, 
/**
 * When it was begun.
 */
made_text: string, n_pairs: number, n_contradicting: number, 
/**
 * What contradicts first; not all where there are very many.
 */
pairs: Array<TwinPairRow>, };

/**
 * How far a report is.
 */
export type TwinReportState = "idle" | "running" | "done" | "cancelled" | "failed";

export type TwinSide = { id: string, title: string, unit: string, version: number, valid_until_text: string, is_sample: boolean, };

/**
 * How Chinese is found by typing letters.
 */
export type Unit = { id: string, name: string, group: string, 
/**
 * Full pinyin without spaces.
 */
pinyin: string, 
/**
 * The first letter of each syllable: xswj.
 */
initials: string, };

export type UnitGround = { kind: UnitGroundKind, text: string, 
/**
 * 工单编号 of the orders behind it.
 */
numbers: Array<string>, };

/**
 * 依据.
 */
export type UnitGroundKind = "precedent" | "catalogue" | "similar" | "returns" | "territory";

export type Unlock = { passphrase: string, };

export type UploadId = { upload_id: string, };

/**
 * A part of a file.
 */
export type UploadPart = { 
/**
 * Empty for the first part of the first file.
 */
upload_id: string, 
/**
 * With its folders where a folder was chosen.
 */
file_name: string, 
/**
 * How many bytes of the file were sent before.
 */
offset: number, 
/**
 * At most 512 KB, as base64.
 */
content: string, };

/**
 * What has arrived.
 */
export type Uploaded = { upload_id: string, n_files: number, n_bytes: number, };

export type UrgeMany = { parts: Array<UrgedPart>, reason: string, method: string, };

export type Urged = { n_urged: number, 
/**
 * Those that are not with their unit any more.
 */
left_out: Array<string>, message: string, };

export type UrgedPart = { work_order_id: string, assignment: number, };

/**
 * How a limit stands.
 */
export type Urgency = "calm" | "soon" | "overdue" | "met" | "met_late" | "suspended" | "lifted" | "not_started";

export type Village = { code: string, name: string, pinyin: string, initials: string, };

/**
 * One word that is waited for.
 */
export type WaitView = { kind: WaitKind, 
/**
 * 延期待县审.
 */
text: string, 
/**
 * Whose request it is; empty for what the center itself asked.
 */
unit: string, 
/**
 * 11月24日（周二）10:00起，1 天 2 小时前.
 */
since_text: string, 
/**
 * By when it should be answered; empty where nothing says so.
 */
target_text: string, 
/**
 * The command that answers it.
 */
command: CommandKind, 
/**
 * 承办序号 that the answer is for.
 */
assignment: number | null, 
/**
 * 申请: what was asked, with its arguments and evidence.
 */
asked: Array<SaidLine>, 
/**
 * 对照: what it has to be weighed against.
 */
against: Array<SaidLine>, };

/**
 * 大屏.
 */
export type Wall = { now: number, date_text: string, day_text: string, is_online: boolean, figures: Array<WallFigure>, 
/**
 * By the hour: today, up to this hour, and yesterday.
 */
hours: Array<number>, hours_before: Array<number>, townships: Array<WallTownship>, 
/**
 * 近 7 日 by the first level of the categories.
 */
categories: Array<WallLine>, hot_issues: Array<WallLine>, specials: Array<WallSpecial>, n_specials: number, };

/**
 * One large number.
 */
export type WallFigure = { title: string, value_text: string, 
/**
 * What stands beside it.
 */
note: string, urgency: Urgency, };

/**
 * One line of a list with its number.
 */
export type WallLine = { text: string, n_orders: number, note: string, };

/**
 * 特殊事项 that somebody's word is waited for.
 */
export type WallSpecial = { 
/**
 * The order and what is waited for.
 */
key: string, place_text: string, category_text: string, unit_text: string, waits_text: string, left_text: string, urgency: Urgency, };

/**
 * A township with what came from it.
 */
export type WallTownship = { code: string, name: string, n_today: number, n_week: number, };

/**
 * What is wanted, as it would be exported.
 */
export type WantedExport = { "type": "ledger", "request": ExportLedger } | { "type": "order_form", "request": PrintOrderForm } | { "type": "knowledge", "request": KbExport } | { "type": "figure", "request": ExportFigure };

export type WorkOrderDetail = { row: WorkOrderRow, 
/**
 * 查询码, as it is read out: 1234 5678.
 */
query_code: string, version: number, text: string, 
/**
 * 事发时间, as it was told; empty where nobody said when.
 */
happened: string, 
/**
 * 诉求对象; empty where nobody said.
 */
about: string, wants: string, 
/**
 * Empty when not classified yet.
 */
category_id: string, channel_text: string, wants_call_back: boolean, 
/**
 * 属地: where it happened; empty when not known.
 */
township_code: string, 
/**
 * Whether the township must be told before a dispatch, and has not been (第十一条(四)).
 */
wants_township_report: boolean, answer: string, answer_article_id: string | null, limits: Array<LimitView>, 
/**
 * 自我透露: where a report, or what is to be kept secret, may tell who brought it; a unit that is
 * given it reads the same.
 */
identifies: Array<string>, 
/**
 * What waits for the center now, and by when it means to have ruled; empty for nothing.
 */
waits_text: string, 
/**
 * 显示号码: whether it takes two persons, and how far they are.
 */
reveal: RevealState, 
/**
 * 已移出本机: what was said is at the center alone; empty when it is here. Says how the last try ended.
 */
put_away_text: string, 
/**
 * 待答复, each with what was asked and what it is weighed against.
 */
waits: Array<WaitView>, 
/**
 * 关联、并入 with these orders, by number.
 */
linked_text: string, story: Array<StoryEntry>, commands: Array<CommandState>, };

export type WorkOrderId = { id: string, };

export type WorkOrderList = { queue: Queue, search: string, 
/**
 * Where the page before ended.
 */
after: string | null, limit: number, };

export type WorkOrderRow = { id: string, number: string, title: string, kind_text: string, class: MatterClass, class_text: string, category_text: string, caller_text: string, phone_masked: string, place_text: string, stage: Stage, stage_text: string, unit: string, registered_at: number, registered_text: string, 
/**
 * The limit that is over and that somebody is held to; else the one that is over next.
 */
limit_name: string, due_at: number | null, due_text: string, left_text: string, urgency: Urgency, 
/**
 * 办理还剩 5 小时: the limit that comes next, where another is over; empty for none.
 */
next_text: string, 
/**
 * 延期待县审 1 天 2 小时前: what is waited for, and since when; empty for nothing.
 */
waits_text: string, is_confidential: boolean, 
/**
 * Stored here, not yet at the center.
 */
is_waiting: boolean, };

export type WorkOrderRows = { rows: Array<WorkOrderRow>, total: number, next: string | null, };

export type WorkReportActForm = { "type": "revise", title: string, body: string, } | { "type": "take_up", version: number, } | { "type": "finish", issue: string, } | { "type": "reopen", reason: string, };

export type WorkReportChart = "bars" | "line";

export type WorkReportColumn = { name: string, is_figure: boolean, };

export type WorkReportDetail = { row: WorkReportRowView, 
/**
 * The number of the last version, to be given back with an act.
 */
version: number, title: string, body: string, 
/**
 * 期号; empty while it is a draft, or without one.
 */
issue: string, may_write: boolean, 
/**
 * The latest first.
 */
versions: Array<WorkReportVersionLine>, };

export type WorkReportDone = { id: string, version: number, message: string, };

export type WorkReportId = { id: string, };

export type WorkReportOutput = "pdf" | "docx" | "markdown";

/**
 * One piece of the paper, from top to bottom.
 */
export type WorkReportPart = { "type": "heading", level: number, text: string, } | { "type": "text", text: string, } | { "type": "table", caption: string, columns: Array<WorkReportColumn>, rows: Array<Array<string>>, } | { "type": "chart", chart: WorkReportChart, caption: string, 
/**
 * The names of the series.
 */
series: Array<string>, points: Array<WorkReportPoint>, };

export type WorkReportPoint = { name: string, 
/**
 * One for each series; null where the cell is no number.
 */
values: Array<number | null>, };

/**
 * 预览: the text as it will be on paper.
 */
export type WorkReportPreview = { parts: Array<WorkReportPart>, 
/**
 * Why it cannot be kept like this; null when it can.
 */
refusal: string | null, };

/**
 * 专报 as it stands in the list.
 */
export type WorkReportRowView = { id: string, kind: WorkReportKind, kind_text: string, title: string, stage: WorkReportStage, stage_text: string, period_text: string, n_versions: number, 
/**
 * 罗兰 2001 11月26日（周四）09:15.
 */
changed_text: string, };

/**
 * What the person has typed.
 */
export type WorkReportText = { title: string, body: string, };

export type WorkReportVersionKey = { id: string, version: number, };

/**
 * One version in the list of versions.
 */
export type WorkReportVersionLine = { number: number, 
/**
 * 恢复第 1 版.
 */
act_text: string, by_text: string, at_text: string, 
/**
 * How many characters it has more and less than the one before.
 */
n_added: number, n_removed: number, };

/**
 * An older version, beside the one before it.
 */
export type WorkReportVersionView = { number: number, title: string, parts: Array<WorkReportPart>, 
/**
 * What it changed; empty for the first.
 */
changes: Array<DiffSegment>, };

export type WorkReports = { 
/**
 * The last drafted first.
 */
rows: Array<WorkReportRowView>, 
/**
 * Why the person cannot draft one; null when he can.
 */
refusal: string | null, 
/**
 * Today, for the form.
 */
today: string, };

export type WriteHandOver = { 
/**
 * What is not in any list.
 */
note: string, };

export type YearAsk = { year: number, };

export type YearRow = { unit_name: string, 
/**
 * From January on; empty where there is no final score.
 */
months: Array<string>, 
/**
 * 年度得分 and place; empty before the year is final.
 */
year_text: string, place_text: string, };

export type YearTable = { year: number, rows: Array<YearRow>, 
/**
 * From January on: 方案编号 by which the month is final, to open it by; empty where it is not.
 */
month_schemes: Array<string>, 
/**
 * The same of the year as a whole.
 */
year_scheme: string, 
/**
 * Months that are final, of twelve.
 */
n_months: number, has_year: boolean, };

/** What `call` answers: the value, and the tags of the queries that must be asked again. */
export type Reply<T> = { value: T; changed: string[] };

export interface Api {
  app_state: { request: null; response: AppState; provides: ["app"] };
  set_up: { request: SetUp; response: AppState; provides: [] };
  unlock: { request: Unlock; response: AppState; provides: [] };
  change_operator: { request: ChangeOperator; response: AppState; provides: [] };
  retry_open: { request: null; response: AppState; provides: [] };
  set_damaged_aside: { request: null; response: AppState; provides: [] };
  sign_in: { request: SignInForm; response: AppState; provides: [] };
  change_password: { request: ChangePasswordForm; response: AppState; provides: [] };
  sign_out: { request: null; response: AppState; provides: [] };
  lock: { request: null; response: AppState; provides: [] };
  still_here: { request: null; response: null; provides: [] };
  presence: { request: null; response: Array<PresenceLine>; provides: ["app"] };
  hand_over_form: { request: null; response: HandOverForm; provides: ["work_orders", "drafts", "conflicts"] };
  write_hand_over: { request: WriteHandOver; response: AppState; provides: [] };
  hand_overs: { request: null; response: Array<HandOverView>; provides: ["app"] };
  sync_state: { request: null; response: SyncState; provides: ["sync", "status"] };
  retry_sync: { request: null; response: null; provides: [] };
  enrol: { request: EnrolForm; response: SyncState; provides: [] };
  conflicts: { request: null; response: Array<ConflictRow>; provides: ["conflicts"] };
  conflict: { request: ConflictKey; response: ConflictDetail; provides: ["conflicts", "work_orders"] };
  settle_conflict: { request: SettleConflict; response: null; provides: [] };
  status: { request: null; response: Status; provides: ["status"] };
  reference: { request: null; response: Reference; provides: ["reference"] };
  search_knowledge: { request: KnowledgeSearch; response: KnowledgeHits; provides: ["knowledge"] };
  answer_question: { request: KbQuestion; response: KbAnswered; provides: ["knowledge"] };
  knowledge_article: { request: KnowledgeId; response: KnowledgeArticle; provides: ["knowledge"] };
  kb_lists: { request: null; response: Array<KbListCount>; provides: ["knowledge"] };
  kb_records: { request: KbRecordList; response: Array<KbRecordRow>; provides: ["knowledge"] };
  kb_record: { request: KnowledgeId; response: KbRecordDetail; provides: ["knowledge"] };
  act_on_kb_record: { request: ActOnKbRecord; response: KbDone; provides: [] };
  my_kb_reports: { request: null; response: Array<MyKbReport>; provides: ["knowledge"] };
  kb_difference: { request: KbCompared; response: KbDifference; provides: ["knowledge"] };
  kb_merge: { request: KbMergeRequest; response: KbMerge; provides: ["knowledge"] };
  kb_use: { request: KnowledgeId; response: KbUseView; provides: ["kb_care"] };
  note_kb_use: { request: NoteKbUse; response: KbUseNoted; provides: [] };
  kb_task_lists: { request: null; response: KbTaskLists; provides: ["kb_care"] };
  kb_tasks: { request: KbTaskListRequest; response: Array<KbTaskRow>; provides: ["kb_care"] };
  kb_task: { request: KbTaskNumber; response: KbTaskDetail; provides: ["kb_care"] };
  kb_task_offers: { request: null; response: Array<KbTaskOfferView>; provides: ["knowledge", "kb_care"] };
  preview_kb_task: { request: KbTaskPreview; response: LimitView; provides: [] };
  act_on_kb_task: { request: ActOnKbTask; response: KbTaskDone; provides: [] };
  assign_kb_reviews: { request: AssignKbReviews; response: KbReviewsAssigned; provides: [] };
  note_search: { request: EndedSearchInput; response: null; provides: [] };
  gap_lists: { request: null; response: Array<GapListCount>; provides: ["kb_care"] };
  gaps: { request: GapListRequest; response: Array<GapRow>; provides: ["kb_care"] };
  act_on_gap: { request: ActOnGap; response: GapDone; provides: [] };
  kb_words: { request: null; response: KbWords; provides: ["knowledge", "kb_care"] };
  act_on_kb_words: { request: ActOnKbWords; response: KbWordsDone; provides: [] };
  kb_calendar: { request: null; response: Array<KbCalendarMonth>; provides: ["knowledge", "kb_care"] };
  kb_calendar_articles: { request: KbCalendarKey; response: Array<KbDueRow>; provides: ["knowledge", "kb_care"] };
  upload_part: { request: UploadPart; response: Uploaded; provides: [] };
  drop_upload: { request: UploadId; response: null; provides: [] };
  kb_import_preview: { request: KbImportAsk; response: KbImportPreview; provides: [] };
  kb_import_run: { request: KbImportRun; response: KbImportDone; provides: [] };
  kb_import_errors: { request: KbImportErrors; response: Handed; provides: [] };
  kb_import_template: { request: KbTemplateAsk; response: Handed; provides: [] };
  kb_export: { request: KbExport; response: Handed; provides: [] };
  show_handed: { request: HandedTicket; response: null; provides: [] };
  kb_twins: { request: KbTwinsAsk; response: KbTwins; provides: ["knowledge"] };
  tell_apart: { request: TellApart; response: null; provides: [] };
  twin_report: { request: null; response: TwinReport; provides: ["twin_report"] };
  run_twin_report: { request: RunTwinReport; response: null; provides: [] };
  load_samples: { request: null; response: SampleCounts; provides: [] };
  remove_samples: { request: null; response: SampleCounts; provides: [] };
  queues: { request: null; response: Array<QueueCount>; provides: ["work_orders"] };
  work_orders: { request: WorkOrderList; response: WorkOrderRows; provides: ["work_orders"] };
  work_order: { request: WorkOrderId; response: WorkOrderDetail; provides: ["work_orders"] };
  bring_back: { request: WorkOrderId; response: null; provides: [] };
  caller_history: { request: CallerPhone; response: CallerHistory; provides: ["work_orders"] };
  preview_limits: { request: LimitPreview; response: Array<LimitView>; provides: [] };
  reveal_phone: { request: RevealPhone; response: RevealedPhone; provides: [] };
  ask_to_reveal: { request: AskToReveal; response: null; provides: [] };
  decide_reveal: { request: DecideReveal; response: null; provides: [] };
  attachments: { request: WorkOrderId; response: Array<AttachmentView>; provides: ["work_orders", "attachments"] };
  fetch_attachment: { request: AttachmentKey; response: null; provides: [] };
  save_attachment: { request: AttachmentKey; response: Handed; provides: [] };
  boards: { request: null; response: Array<BoardCount>; provides: ["work_orders"] };
  board: { request: BoardAsk; response: BoardRows; provides: ["work_orders"] };
  urge_many: { request: UrgeMany; response: Urged; provides: [] };
  liaison_gaps: { request: null; response: LiaisonGaps; provides: ["app"] };
  supervision_clues: { request: null; response: Array<ClueView>; provides: ["work_orders", "supervision", "kb_care"] };
  supervisory_grounds: { request: null; response: Array<GroundChoice>; provides: [] };
  supervisory_lists: { request: null; response: Array<CaseCount>; provides: ["supervision"] };
  supervisory_cases: { request: CaseListAsk; response: Array<CaseRow>; provides: ["supervision"] };
  supervisory_case: { request: CaseNumber; response: CaseDetail; provides: ["supervision", "work_orders"] };
  act_on_case: { request: ActOnCase; response: CaseDone; provides: [] };
  print_case: { request: PrintCase; response: Handed; provides: [] };
  assessment_schemes: { request: null; response: AssessmentSchemes; provides: ["assessment"] };
  assessment_scheme: { request: SchemeNumber; response: SchemeDetail; provides: ["assessment"] };
  check_scheme: { request: SchemeForm; response: SchemeChecked; provides: [] };
  trial_assessment: { request: TrialAsk; response: Trial; provides: ["assessment_trial"] };
  recount_round: { request: RoundKey; response: Recount; provides: ["assessment_trial"] };
  assessment_round: { request: RoundKey; response: RoundDetail; provides: ["assessment"] };
  assessment_year: { request: YearAsk; response: YearTable; provides: ["assessment"] };
  score_items: { request: ScoreItemsAsk; response: ScoreItems; provides: ["assessment_trial"] };
  act_on_assessment: { request: ActOnAssessment; response: AssessmentDone; provides: [] };
  export_assessment: { request: ExportAssessment; response: Handed; provides: [] };
  export_assessment_year: { request: YearAsk; response: Handed; provides: [] };
  analysis: { request: AnalysisAsk; response: Analysis; provides: ["work_orders", "kb_care"] };
  analysis_orders: { request: AnalysisOrdersAsk; response: AnalysisOrders; provides: ["work_orders"] };
  export_figure: { request: ExportFigure; response: Handed; provides: [] };
  wall: { request: null; response: Wall; provides: ["work_orders"] };
  early_warnings: { request: EarlyWarningsAsk; response: EarlyWarnings; provides: ["early_warnings", "work_orders"] };
  early_warning: { request: EarlyWarningId; response: EarlyWarningDetail; provides: ["early_warnings", "work_orders"] };
  act_on_early_warning: { request: ActOnEarlyWarning; response: EarlyWarningDone; provides: [] };
  set_early_warning_thresholds: { request: SetThresholds; response: EarlyWarningDone; provides: [] };
  work_reports: { request: null; response: WorkReports; provides: ["work_reports"] };
  work_report: { request: WorkReportId; response: WorkReportDetail; provides: ["work_reports"] };
  work_report_version: { request: WorkReportVersionKey; response: WorkReportVersionView; provides: ["work_reports"] };
  preview_work_report: { request: WorkReportText; response: WorkReportPreview; provides: [] };
  draft_work_report: { request: DraftWorkReport; response: WorkReportDone; provides: [] };
  act_on_work_report: { request: ActOnWorkReport; response: WorkReportDone; provides: [] };
  export_work_report: { request: ExportWorkReport; response: Handed; provides: [] };
  backup_state: { request: null; response: BackupState; provides: ["app"] };
  choose_backup_folder: { request: BackupFolder; response: BackupState; provides: [] };
  back_up: { request: null; response: BackupDone; provides: [] };
  try_backup: { request: null; response: BackupDone; provides: [] };
  audit_entries: { request: AuditAsk; response: AuditPage; provides: [] };
  verify_audit: { request: null; response: AuditVerified; provides: [] };
  export_audit: { request: AuditAsk; response: Handed; provides: [] };
  trace_export: { request: TraceExport; response: ExportTrace; provides: [] };
  drafts: { request: null; response: Array<Draft>; provides: ["drafts"] };
  draft_owners: { request: null; response: Array<DraftOwnerLine>; provides: ["drafts"] };
  save_draft: { request: SaveDraft; response: DraftSaved; provides: [] };
  discard_draft: { request: DraftId; response: null; provides: [] };
  listen: { request: Listen; response: Heard; provides: ["listening"] };
  check_order: { request: CheckOrder; response: OrderChecked; provides: [] };
  incoming_calls: { request: null; response: Array<IncomingCall>; provides: ["incoming_calls"] };
  answer_call: { request: CallId; response: AnsweredCall; provides: [] };
  open_link: { request: CallLink; response: null; provides: [] };
  clicked_notice: { request: null; response: ClickedNotice | null; provides: ["clicked_notice"] };
  follow_notice: { request: FollowedNotice; response: null; provides: [] };
  caller_card: { request: CallerPhone; response: CallerCard; provides: ["work_orders", "dossiers"] };
  dossiers: { request: null; response: Array<DossierRow>; provides: ["dossiers"] };
  act_on_dossier: { request: ActOnDossier; response: CallerCard; provides: [] };
  learning: { request: null; response: LearningState; provides: ["learning"] };
  learn_now: { request: null; response: null; provides: [] };
  catalogue_amendments: { request: null; response: CatalogueAmendments; provides: ["catalogue", "work_orders"] };
  act_on_catalogue: { request: ActOnCatalogue; response: CatalogueDone; provides: [] };
  hot_issues: { request: null; response: HotIssues; provides: ["work_orders", "listening"] };
  submit: { request: Submit; response: Submitted; provides: [] };
  act_on_order: { request: ActOnOrder; response: Submitted; provides: [] };
  handle_order: { request: HandleOrder; response: Submitted; provides: [] };
  order_forms: { request: WorkOrderId; response: OrderForms; provides: ["work_orders"] };
  print_order_form: { request: PrintOrderForm; response: Handed; provides: [] };
  order_form_template: { request: OrderFormTemplate; response: Handed; provides: [] };
  ask_to_export: { request: WantedExport; response: ExportAsked; provides: [] };
  export_requests: { request: null; response: Array<AskedExport>; provides: ["exports"] };
  decide_export: { request: DecideExport; response: null; provides: [] };
  export_ledger: { request: ExportLedger; response: Handed; provides: [] };
  preview_act: { request: HandleOrder; response: ActPreview; provides: ["work_orders"] };
  record_delivery: { request: RecordDelivery; response: Submitted; provides: [] };
}

/** The tags that each call provides; a change that names one makes it be asked again. */
export const PROVIDES: { [Name in keyof Api]: readonly string[] } = {
  app_state: ["app"],
  set_up: [],
  unlock: [],
  change_operator: [],
  retry_open: [],
  set_damaged_aside: [],
  sign_in: [],
  change_password: [],
  sign_out: [],
  lock: [],
  still_here: [],
  presence: ["app"],
  hand_over_form: ["work_orders", "drafts", "conflicts"],
  write_hand_over: [],
  hand_overs: ["app"],
  sync_state: ["sync", "status"],
  retry_sync: [],
  enrol: [],
  conflicts: ["conflicts"],
  conflict: ["conflicts", "work_orders"],
  settle_conflict: [],
  status: ["status"],
  reference: ["reference"],
  search_knowledge: ["knowledge"],
  answer_question: ["knowledge"],
  knowledge_article: ["knowledge"],
  kb_lists: ["knowledge"],
  kb_records: ["knowledge"],
  kb_record: ["knowledge"],
  act_on_kb_record: [],
  my_kb_reports: ["knowledge"],
  kb_difference: ["knowledge"],
  kb_merge: ["knowledge"],
  kb_use: ["kb_care"],
  note_kb_use: [],
  kb_task_lists: ["kb_care"],
  kb_tasks: ["kb_care"],
  kb_task: ["kb_care"],
  kb_task_offers: ["knowledge", "kb_care"],
  preview_kb_task: [],
  act_on_kb_task: [],
  assign_kb_reviews: [],
  note_search: [],
  gap_lists: ["kb_care"],
  gaps: ["kb_care"],
  act_on_gap: [],
  kb_words: ["knowledge", "kb_care"],
  act_on_kb_words: [],
  kb_calendar: ["knowledge", "kb_care"],
  kb_calendar_articles: ["knowledge", "kb_care"],
  upload_part: [],
  drop_upload: [],
  kb_import_preview: [],
  kb_import_run: [],
  kb_import_errors: [],
  kb_import_template: [],
  kb_export: [],
  show_handed: [],
  kb_twins: ["knowledge"],
  tell_apart: [],
  twin_report: ["twin_report"],
  run_twin_report: [],
  load_samples: [],
  remove_samples: [],
  queues: ["work_orders"],
  work_orders: ["work_orders"],
  work_order: ["work_orders"],
  bring_back: [],
  caller_history: ["work_orders"],
  preview_limits: [],
  reveal_phone: [],
  ask_to_reveal: [],
  decide_reveal: [],
  attachments: ["work_orders", "attachments"],
  fetch_attachment: [],
  save_attachment: [],
  boards: ["work_orders"],
  board: ["work_orders"],
  urge_many: [],
  liaison_gaps: ["app"],
  supervision_clues: ["work_orders", "supervision", "kb_care"],
  supervisory_grounds: [],
  supervisory_lists: ["supervision"],
  supervisory_cases: ["supervision"],
  supervisory_case: ["supervision", "work_orders"],
  act_on_case: [],
  print_case: [],
  assessment_schemes: ["assessment"],
  assessment_scheme: ["assessment"],
  check_scheme: [],
  trial_assessment: ["assessment_trial"],
  recount_round: ["assessment_trial"],
  assessment_round: ["assessment"],
  assessment_year: ["assessment"],
  score_items: ["assessment_trial"],
  act_on_assessment: [],
  export_assessment: [],
  export_assessment_year: [],
  analysis: ["work_orders", "kb_care"],
  analysis_orders: ["work_orders"],
  export_figure: [],
  wall: ["work_orders"],
  early_warnings: ["early_warnings", "work_orders"],
  early_warning: ["early_warnings", "work_orders"],
  act_on_early_warning: [],
  set_early_warning_thresholds: [],
  work_reports: ["work_reports"],
  work_report: ["work_reports"],
  work_report_version: ["work_reports"],
  preview_work_report: [],
  draft_work_report: [],
  act_on_work_report: [],
  export_work_report: [],
  backup_state: ["app"],
  choose_backup_folder: [],
  back_up: [],
  try_backup: [],
  audit_entries: [],
  verify_audit: [],
  export_audit: [],
  trace_export: [],
  drafts: ["drafts"],
  draft_owners: ["drafts"],
  save_draft: [],
  discard_draft: [],
  listen: ["listening"],
  check_order: [],
  incoming_calls: ["incoming_calls"],
  answer_call: [],
  open_link: [],
  clicked_notice: ["clicked_notice"],
  follow_notice: [],
  caller_card: ["work_orders", "dossiers"],
  dossiers: ["dossiers"],
  act_on_dossier: [],
  learning: ["learning"],
  learn_now: [],
  catalogue_amendments: ["catalogue", "work_orders"],
  act_on_catalogue: [],
  hot_issues: ["work_orders", "listening"],
  submit: [],
  act_on_order: [],
  handle_order: [],
  order_forms: ["work_orders"],
  print_order_form: [],
  order_form_template: [],
  ask_to_export: [],
  export_requests: ["exports"],
  decide_export: [],
  export_ledger: [],
  preview_act: ["work_orders"],
  record_delivery: [],
};

// What the fake core knows of a center: enrolment, who signed in, what was refused, hand-overs.
import type { Api, ApiError, AppState, ConflictDetail, ConflictRow, HandOverPart, HandOverView, SyncAlert, SyncState } from "../src/backend/generated";

type Names = "sign_in" | "change_password" | "sign_out" | "lock" | "still_here" | "presence" | "hand_over_form" | "write_hand_over" | "hand_overs" | "sync_state" | "retry_sync" | "enrol" | "conflicts" | "conflict" | "settle_conflict" | "draft_owners";
type Handlers = { [N in Names]: (request: Api[N]["request"]) => Api[N]["response"] };
type Refuse = (message: string, code?: ApiError["code"]) => ApiError;
/** What of the fake core this part changes. */
type Core = { phase: AppState["phase"]; operator: { number: string; name: string; roles: string[] }; appState: () => AppState; announce: (tags: string[]) => void };

const PEOPLE: Record<string, { name: string; roles: string[] }> = { "1024": { name: "陈丽", roles: ["受理员", "调度员"] }, "1025": { name: "李强", roles: ["值班长"] } };
export const PASSWORD = "渠江水长流2026";
const CODE_DIGITS = 32;

const PARTS: HandOverPart[] = [
  { title: "特殊事项在办", lines: [{ text: "20260929-W01-0003 三汇镇重石村道路塌方，县交通运输局，初步响应期限 9月29日（周二）12:12", work_order_id: "order-4" }], n_more: 0 },
  { title: "待派", lines: [{ text: "20260929-W01-0001 和平社区三栋停水，转办期限 9月30日（周三）24:00", work_order_id: "order-0" }], n_more: 2 },
  { title: "未完成的草稿", lines: [{ text: "询问城乡居民医保（9月29日（周二）09:10存）", work_order_id: "" }], n_more: 0 },
];

function row(seq: number, more: Partial<ConflictRow>): ConflictRow {
  return { seq, at: 0, at_text: "9月29日（周二）09:08", verdict: "未采纳", asked: "派单", why: "已由他人派给别的单位。", subject: "order", subject_id: "order-0", subject_text: "20260929-W01-0001 和平社区三栋停水已两天", person: "陈丽 1024", is_own: true, needs_action: true, ...more };
}

export class FakeCenter {
  isEnrolled = false;
  message: string | null = null;
  attempt: AppState["attempt"] = "none";
  attemptMessage: string | null = null;
  handOverFrom: string | null = null;
  idle: { warn: number; lock: number } | null = null;
  isSessionEnding = false;
  struckOff: AppState["struck_off"] = null;
  alerts: SyncAlert[] = [];
  enrolment: SyncState["enrolment"] = "idle";
  enrolmentMessage = "";
  wantsEnrolment = false;
  catchingUp = "";
  password = PASSWORD;
  /** Put a promise here and a sign-in ends when it does. */
  answering: Promise<void> = Promise.resolve();
  readonly others: Api["draft_owners"]["response"] = [];
  readonly handOvers: HandOverView[] = [];
  conflicts: ConflictRow[] = [];

  constructor(
    private readonly core: Core,
    private readonly refuse: Refuse,
  ) {}

  addConflicts(): void {
    this.conflicts = [
      row(12, {}),
      row(11, { asked: "登记", verdict: "事后事实", why: "办理时您已没有这项权限。您记录的事实已原样留存，没有改动工单。", subject: "desk", subject_id: "gone", subject_text: "" }),
      row(9, { asked: "派单", verdict: "已采纳，有提示", why: "本机时钟与中心相差太多，办理时间按中心的时间计。请核对时限，并校准时钟。", needs_action: false }),
    ];
  }

  state(): Pick<AppState, "signs_in" | "is_offline_sign_in" | "attempt" | "attempt_message" | "hand_over_from" | "idle_warn_at" | "idle_lock_at" | "is_session_ending" | "struck_off"> & { message?: string | null } {
    return {
      signs_in: this.isEnrolled,
      is_offline_sign_in: false,
      attempt: this.attempt,
      attempt_message: this.attemptMessage,
      hand_over_from: this.handOverFrom,
      idle_warn_at: this.idle?.warn ?? null,
      idle_lock_at: this.idle?.lock ?? null,
      is_session_ending: this.isSessionEnding,
      struck_off: this.struckOff,
      ...(this.core.phase === "signed_out" ? { message: this.message } : {}),
    };
  }

  private begin(end: () => void): AppState {
    this.attempt = "under";
    this.attemptMessage = null;
    void this.answering.then(() => {
      end();
      this.core.announce(["*"]);
    });
    return this.core.appState();
  }

  private fail(message: string): void {
    this.attempt = "failed";
    this.attemptMessage = message;
  }

  private detail(found: ConflictRow): ConflictDetail {
    const isDispatch = found.asked === "派单";
    return {
      row: found,
      advice: isDispatch ? "请看现在派给了谁：同意就关闭；仍应由您选的单位办理，请由班长改派。" : "请打开工单看是否需要据此再办；不需要就关闭。",
      lines: isDispatch ? [{ label: "承办单位", text: "县水务局" }, { label: "转办意见", text: "请核实停水原因，今日回复。" }] : [{ label: "内容", text: "停水三天" }],
      between: isDispatch && found.needs_action ? [{ at: 0, at_text: "9月29日（周二）09:05", title: "派单 渠县供水企业", detail: "请抢修。", actor: "李强 1025", is_waiting: false }] : [],
      again: !found.needs_action
        ? null
        : isDispatch
          ? { type: "act", command: "dispatch", fields: [{ name: "unit", text: "swj" }, { name: "opinion", text: "请核实停水原因，今日回复。" }] }
          : { type: "draft", intake: { caller: { phone: "13808120001", contact_phone: "", name: "王先生", address: "" }, channel: "phone", kind: "help", class: "ordinary", category_id: "", title: "", text: "停水三天", place: { township_code: "", village_code: "", detail: "" }, happened: "", about: "", wants: "", is_confidential: false, wants_call_back: true } },
      is_open: true,
      may_redispatch: isDispatch,
    };
  }

  private syncState(): SyncState {
    return {
      is_enrolled: this.isEnrolled,
      is_online: this.isEnrolled,
      desk: this.isEnrolled ? "W01-1795396500" : "",
      address: this.isEnrolled ? "10.1.2.3:8443" : "",
      n_waiting: 3,
      oldest_waiting_text: "9月29日（周二）08:40，32 分钟前",
      last_contact_text: this.isEnrolled ? "9月29日（周二）09:11，1 分钟前" : "",
      feed_seq: 1204,
      durable_seq: 1198,
      skew_text: "一致",
      catching_up_text: this.catchingUp,
      alerts: this.alerts,
      wants_enrolment: this.wantsEnrolment,
      enrolment: this.enrolment,
      enrolment_message: this.enrolmentMessage,
    };
  }

  readonly handlers: Handlers = {
    sign_in: ({ number, password }) => {
      if (number === "" || password === "") throw this.refuse("请填写工号和密码。", "invalid");
      return this.begin(() => {
        const person = PEOPLE[number];
        if (!person || password !== this.password) return this.fail("工号或密码不正确。");
        if (this.handOverFrom !== null && !this.handOverFrom.endsWith(number)) this.handOverFrom = null;
        this.core.operator = { number, ...person };
        this.core.phase = "ready";
        this.attempt = "none";
      });
    },
    change_password: ({ old, new: next }) =>
      this.begin(() => {
        if (old !== this.password) return this.fail("工号或密码不正确。");
        if ([...next].length < 10) return this.fail("密码太简单：至少 10 个字符。");
        this.password = next;
        this.attempt = "done";
        this.attemptMessage = "密码已修改。";
        this.core.phase = "ready";
      }),
    sign_out: () => {
      this.core.phase = "signed_out";
      this.attempt = "none";
      return this.core.appState();
    },
    lock: () => {
      this.core.phase = "screen_locked";
      return this.core.appState();
    },
    still_here: () => {
      this.idle = null;
      return null;
    },
    presence: () => [
      { at: 0, at_text: "9月29日（周二）08:31", text: "登录", person: "陈丽 1024", detail: "" },
      { at: 0, at_text: "9月29日（周二）08:30", text: "登录未成功", person: "陈丽 1024", detail: "工号或密码不正确。" },
    ],
    hand_over_form: () => ({ parts: PARTS }),
    write_hand_over: ({ note }) => {
      this.handOverFrom = `${this.core.operator.name} ${this.core.operator.number}`;
      this.handOvers.unshift({ id: "h1", from: this.handOverFrom, written_text: "9月29日（周二）17:30", to: "", confirmed_text: "", note, parts: PARTS });
      this.core.phase = "signed_out";
      return this.core.appState();
    },
    hand_overs: () => this.handOvers,
    sync_state: () => this.syncState(),
    retry_sync: () => null,
    enrol: ({ address, code }) => {
      const digits = code.replace(/[^0-9a-z]/gi, "").length;
      if (address === "") throw this.refuse("中心地址请写成 10.1.2.3 或 10.1.2.3:8443 的样子。", "invalid");
      if (digits !== CODE_DIGITS) throw this.refuse(`登记码共 32 位，现在是 ${digits} 位，请核对。`, "invalid");
      this.enrolment = "under";
      this.enrolmentMessage = `正在联系 ${address}:8443 …`;
      return this.syncState();
    },
    conflicts: () => this.conflicts,
    conflict: ({ seq }) => {
      const found = this.conflicts.find((it) => it.seq === seq);
      if (!found) throw this.refuse("这一条已不在列表中，请重新打开列表。", "invalid");
      return this.detail(found);
    },
    settle_conflict: ({ seq }) => {
      this.conflicts = this.conflicts.filter((it) => it.seq !== seq);
      return null;
    },
    draft_owners: () => this.others,
  };
}

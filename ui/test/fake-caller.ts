// Who calls, in the fake core: the telephone that rings, the card of a number and its dossier; and notices that are clicked.
import type { ActOnDossier, Api, ApiError, CallerCard, CallerHistory, ClickedNotice, DossierView, Draft, IncomingCall, NoticeTarget } from "../src/backend/generated";
import { newIntake } from "../src/features/intake/intake";

type Handlers = { [N in "incoming_calls" | "answer_call" | "open_link" | "clicked_notice" | "follow_notice" | "caller_card" | "dossiers" | "act_on_dossier"]: (request: Api[N]["request"]) => Api[N]["response"] };
type House = { drafts: Map<string, Draft>; announce: (tags: string[]) => void };

const ABUSE: Record<string, string> = { reasonless_calls: "无正当理由反复拨打", holds_the_line: "长时间占用热线资源", fabrication: "歪曲捏造事实，诽谤、诬告和陷害他人", harassment: "骚扰、侮辱、威胁热线工作人员" };

export class FakeCaller {
  readonly ringing: IncomingCall[] = [];
  readonly dossiers = new Map<string, DossierView>();

  constructor(
    private readonly house: House,
    private readonly history: (phone: string) => CallerHistory,
    private readonly refusal: (message: string) => ApiError,
  ) {}

  /** As a telephone system does. */
  ring(number: string): void {
    const id = `call-${this.ringing.length + 1}`;
    this.house.drafts.set(id, { id, body: { ...newIntake(), caller: { phone: number, contact_phone: "", name: "", address: "" } }, created_at: 1, updated_at: 1, summary: "" });
    this.ringing.push({ call_id: id, number, draft_id: id, rang_at: 1, rang_text: "09:12" });
    this.house.announce(["incoming_calls", "drafts"]);
  }

  private clicked: ClickedNotice | null = null;
  private nClicks = 0;

  /** As the desktop does, outside of the window. */
  clickNotice(target: NoticeTarget): void {
    this.clicked = { click: ++this.nClicks, target };
    this.house.announce(["clicked_notice"]);
  }

  private card(phone: string): CallerCard {
    const history = this.history(phone);
    const dossier = this.dossiers.get(phone) ?? null;
    const isOpen = dossier !== null && !dossier.is_closed;
    const flags: CallerCard["flags"] = [];
    if (isOpen) flags.push({ kind: "dossier", text: `异常来电，已留证 ${dossier.evidence.length} 次` });
    if (history.n_open > 0) flags.push({ kind: "open_orders", text: `未办结 ${history.n_open} 件` });
    if (history.rows.length >= 3) flags.push({ kind: "repeated", text: `已来电反映 ${history.rows.length} 件` });
    const handling = !isOpen ? "as_usual" : dossier.is_taken_over ? "shift_lead" : "hint";
    const handling_text = { as_usual: "", hint: "此号码有异常来电档案，请照常接听，注意留证。", shift_lead: "此号码由值班长接听。" }[handling];
    return { phone, flags, handling, handling_text, history, dossier };
  }

  private act({ phone, version, act }: ActOnDossier): CallerCard {
    const known = this.dossiers.get(phone);
    if (version !== (known?.version ?? 0)) throw { ...this.refusal("档案刚刚有变化，已重新显示。"), code: "stale" };
    const now: DossierView = known ?? { version: 0, kinds: [], evidence: [], is_taken_over: false, restriction_text: "", referred: "", is_closed: false, story: [] };
    const line = (title: string, detail: string): void => void now.story.push({ at_text: "09-29 09:12", title, detail, actor: "陈丽（1024）" });
    switch (act.type) {
      case "open":
      case "add_evidence":
        if (act.type === "open" && act.kinds.length === 0) throw this.refusal("请填写异常情形。");
        if (act.evidence.recording === "") throw this.refusal("请填写录音引用。");
        if (act.type === "open") now.kinds = act.kinds.map((kind) => ABUSE[kind] ?? kind);
        now.evidence.push({ called_text: "09-29 09:12", duration_text: `${act.evidence.duration_s} 秒`, recording: act.evidence.recording, note: act.evidence.note });
        line(act.type === "open" ? "建档" : "留证", `录音 ${act.evidence.recording}`);
        break;
      case "take_over":
        if (act.reason === "") throw this.refusal("请填写理由。");
        now.is_taken_over = true;
        line("班长接管", act.reason);
        break;
      case "close":
        now.is_closed = true;
        line("撤档", act.reason);
        break;
      default:
        throw this.refusal("须由监督员操作。");
    }
    now.version += 1;
    this.dossiers.set(phone, now);
    return this.card(phone);
  }

  readonly handlers: Handlers = {
    incoming_calls: () => this.ringing,
    answer_call: ({ call_id }) => {
      const at = this.ringing.findIndex((one) => one.call_id === call_id);
      const [answered] = at < 0 ? [] : this.ringing.splice(at, 1);
      if (!answered) throw this.refusal("这次来电已不在列表中。");
      this.house.announce(["incoming_calls"]);
      return { draft_id: answered.draft_id ?? "", number: answered.number };
    },
    open_link: () => null,
    clicked_notice: () => this.clicked,
    follow_notice: ({ click }) => {
      if (this.clicked?.click === click) this.clicked = null;
      this.house.announce(["clicked_notice"]);
      return null;
    },
    caller_card: ({ phone }) => this.card(phone),
    dossiers: () => [...this.dossiers].map(([phone, { kinds, evidence, is_taken_over, is_closed, story }]) => ({ phone, kinds, handling: is_taken_over ? "shift_lead" : "hint", n_evidence: evidence.length, last_text: story.at(-1)?.at_text ?? "", is_closed })),
    act_on_dossier: (request) => this.act(request),
  };
}

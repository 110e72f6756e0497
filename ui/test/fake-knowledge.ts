// The life of articles, as far as the window needs it: the core's rules are tested where they are.
import type {
  ActOnKbRecord,
  KbCommandState,
  KbDifference,
  KbDone,
  KbErrorKind,
  KbForm,
  KbList,
  KbListCount,
  KbListOrder,
  KbMerge,
  KbRecordDetail,
  KbRecordRow,
  KbSide,
  KnowledgeArticle,
  MyKbReport,
} from "../src/backend/generated";

type Stage = "编写中" | "待单位确认" | "待中心审核";
type Refuse = (message: string) => unknown;
type Field = { key: string; label: string; of: (form: KbForm) => string; put: (to: KbForm, from: KbForm) => void };

const KINDS: Record<KbErrorKind, string> = { wrong: "内容有误", outdated: "已过时", dead_phone: "电话打不通", missing: "缺内容", unclear: "说不清楚" };
const LISTS: [KbList, string, (record: KbRecordDetail) => boolean][] = [
  ["writing", "编写中", (record) => record.draft?.stage_text === "编写中"],
  ["awaits_confirmation", "待单位确认", (record) => record.draft?.stage_text === "待单位确认"],
  ["awaits_review", "待中心审核", (record) => record.draft?.stage_text === "待中心审核"],
  ["reports", "纠错待处理", (record) => record.reports.some(({ is_open }) => is_open)],
  ["review_due", "复核到期", () => false],
  ["retired", "已停止使用", (record) => ["已废止", "已被替代", "已并入他条"].includes(record.standing_text)],
  ["all", "全部", () => true],
];
const FIELDS: Field[] = [
  { key: "title", label: "标题", of: (form) => form.title, put: (to, from) => (to.title = from.title) },
  { key: "answer", label: "标准答案", of: (form) => form.answer, put: (to, from) => (to.answer = from.answer) },
  { key: "source", label: "来源", of: (form) => form.source, put: (to, from) => (to.source = from.source) },
];
const differing = (one: KbForm, other: KbForm): Field[] => FIELDS.filter(({ of }) => of(one) !== of(other));

export class FakeKnowledge {
  readonly records = new Map<string, KbRecordDetail>();
  /** 本月引用, by article. */
  readonly cited = new Map<string, number>();

  constructor(
    private readonly refuse: Refuse,
    private readonly articles: readonly KnowledgeArticle[],
    /** The number of the person at the desk. */
    private readonly me: () => string,
  ) {}

  lists(): KbListCount[] {
    return LISTS.map(([list, title, has]) => ({ list, title, n: [...this.records.values()].filter(has).length }));
  }

  rows(list: KbList, order: KbListOrder): KbRecordRow[] {
    const has = LISTS.find(([id]) => id === list)?.[2] ?? (() => false);
    const rows = [...this.records.values()].filter(has).map((record) => ({
      id: record.id,
      title: (record.draft?.form ?? record.versions[0]?.form)?.title ?? "",
      unit: "县人社局",
      template_text: "标准答案",
      state_text: `${record.standing_text}${record.draft ? `，${record.draft.stage_text}` : ""}`,
      n_open_reports: record.reports.filter(({ is_open }) => is_open).length,
      n_proposals: record.proposals.length,
      next_review_text: "",
      is_review_due: false,
      n_cited: this.cited.get(record.id) ?? 0,
      n_unsolved: 0,
      changed_text: "9月29日（周二）09:12",
    }));
    return order === "own" ? rows : rows.sort((a, b) => b.n_cited - a.n_cited);
  }

  record(id: string): KbRecordDetail {
    // As over the wire: nobody holds what changes here.
    return structuredClone(this.records.get(id) ?? this.withoutRecord(id));
  }

  myReports(): MyKbReport[] {
    return [...this.records.values()].flatMap((record) =>
      record.reports
        .filter(({ by_text }) => by_text === this.me())
        .map((report) => ({
          article_id: record.id,
          title: record.versions[0]?.form.title ?? "",
          report: report.number,
          kind_text: report.kind_text,
          version: report.version,
          passage: report.passage,
          note: report.note,
          at: 0,
          at_text: "9月29日（周二）09:12",
          outcome_text: report.outcome_text,
          is_open: report.is_open,
          is_settled: !report.is_open && !report.is_accepted,
        })),
    );
  }

  difference(id: string, before: KbSide, after: KbSide): KbDifference {
    const [from, to] = [this.side(id, before), this.side(id, after)];
    return {
      before_text: from.text,
      after_text: to.text,
      fields: differing(from.form, to.form).map(({ key, label, of }) => ({ key, label, segments: [{ text: of(from.form), kind: "removed" as const }, { text: of(to.form), kind: "added" as const }].filter(({ text }) => text !== "") })),
    };
  }

  merge(id: string, number: number): KbMerge {
    const record = this.record(id);
    const { draft, proposal, base } = this.sides(record, number);
    return {
      base_text: base ? "第 1 版" : "",
      draft_text: `草稿第 ${record.draft?.revision ?? 0} 稿`,
      proposal_text: proposal.by_text,
      base_revision: record.draft?.revision ?? 0,
      fields: differing(draft, proposal.form).map(({ key, label, of }) => {
        const isOnlyTheirs = base !== null && of(base) === of(draft);
        return { key, label, base: base ? of(base) : "", draft: [{ text: of(draft), kind: "same" }], proposal: [{ text: of(proposal.form), kind: "added" }], changed_by_text: isOnlyTheirs ? "只有修改稿改了" : "两边都改了", takes_proposal: isOnlyTheirs, is_contested: !isOnlyTheirs };
      }),
    };
  }

  act({ id, act }: ActOnKbRecord): KbDone {
    if (act.type === "draft" && (id === null || !this.records.has(id))) {
      const isSample = this.articles.some((article) => article.id === id);
      const fresh = isSample && id !== null ? this.adopt(id) : this.fresh(id ?? `kb-${this.records.size + 1}`);
      this.write(fresh, act.form);
      return this.done(fresh, "起草");
    }
    const record = id === null ? null : (this.records.get(id) ?? (this.articles.some((article) => article.id === id) ? this.adopt(id) : null));
    if (!record) throw this.refuse("没有找到这条知识。");
    const { draft } = record;
    if ("reason" in act && act.type !== "publish" && act.reason === "") throw this.refuse("请填写理由。");
    switch (act.type) {
      case "draft":
      case "edit":
        if (act.type === "edit" && (draft?.revision ?? 0) !== act.base_revision) throw this.refuse(`2002 已把草稿改到第 ${draft?.revision ?? 0} 稿。您写的没有丢，可以另存为修改稿，再与现在的草稿对照合并。`);
        this.write(record, act.form);
        return this.done(record, "修改");
      case "propose_beside":
        record.proposals.push({ number: record.version + 1, base_version: act.base_version, by_text: "陈丽 1024", form: act.form });
        return this.done(record, "另存修改稿");
      case "take_proposal":
      case "merge_proposal": {
        const { draft: mine, proposal } = this.sides(record, act.proposal);
        const form = structuredClone(act.type === "take_proposal" ? act.form : mine);
        if (act.type === "merge_proposal") for (const { key, put } of FIELDS) if (act.fields.includes(key)) put(form, proposal.form);
        record.proposals = record.proposals.filter(({ number }) => number !== act.proposal);
        this.write(record, form);
        return this.done(record, "采用修改稿");
      }
      case "drop_proposal":
        record.proposals = record.proposals.filter(({ number }) => number !== act.proposal);
        return this.done(record, "放弃修改稿");
      case "discard_draft":
        record.draft = null;
        return this.done(record, "放弃草稿");
      case "submit":
        if (draft && draft.missing.length > 0) throw this.refuse(`请填写${draft.missing.join("、")}。`);
        this.stage(record, "待单位确认");
        return this.done(record, "送单位确认");
      case "record_confirmation":
        if (act.name === "" || act.evidence === "") throw this.refuse("请填写确认依据。");
        this.stage(record, "待中心审核");
        return this.done(record, "单位确认");
      case "reject_by_unit":
      case "reject_by_center":
        this.stage(record, "编写中");
        if (draft) draft.returned_text = `吴敏 2003 退改：${act.reason}`;
        return this.done(record, "退改");
      case "publish":
        if (draft) record.versions.unshift({ number: (record.versions[0]?.number ?? 0) + 1, form: draft.form, editors_text: draft.editors_text, confirmed_text: "陈静（来函），中心代记", published_text: "吴敏 2003", contradiction_text: act.reason && `与 kb-other 口径不一致，理由：${act.reason}` });
        record.draft = null;
        this.stand(record, "使用中", "");
        for (const report of record.reports) if (report.is_accepted) Object.assign(report, { is_accepted: false, outcome_text: `第 ${record.versions[0]?.number ?? 0} 版已更正` });
        return this.done(record, "审核发布");
      case "record_recheck":
        if (act.name === "" || act.evidence === "") throw this.refuse("请填写确认依据。");
        record.next_review_text = act.next_review_on;
        return this.done(record, "复核无变化");
      case "suspend":
        this.stand(record, "停用待核", `停用待核：${act.reason}`);
        return this.done(record, "停用待核");
      case "resume":
        this.stand(record, "使用中", "");
        return this.done(record, "恢复使用");
      case "withdraw":
        this.stand(record, "已废止", `已废止：${act.reason}`);
        return this.done(record, "废止");
      case "supersede":
        this.stand(record, "已被替代", `已由 ${act.by} 替代`);
        return this.done(record, "由另一条替代");
      case "merge_into":
        this.stand(record, "已并入他条", `已并入 ${act.into}`);
        return this.done(record, "并入另一条");
      case "report_error": {
        const number = record.reports.length + 1;
        record.reports.push({ number, kind_text: KINDS[act.kind], version: act.read_version, passage: act.passage, note: act.note, by_text: this.me(), outcome_text: "待处理", is_open: true, is_accepted: false });
        return { ...this.done(record, "纠错"), report: number, message: "纠错已报知识编辑，处理结果见“知识库 · 我的纠错”。" };
      }
      case "note_report":
        Object.assign(this.report(record, act.report), { note: act.note });
        return this.done(record, "补充纠错说明");
      case "accept_report":
        Object.assign(this.report(record, act.report), { is_open: false, is_accepted: true, outcome_text: "已受理，修改中" });
        return this.done(record, "受理纠错");
      case "reject_report":
        Object.assign(this.report(record, act.report), { is_open: false, outcome_text: `不采纳：${act.reason}` });
        return this.done(record, "不采纳纠错");
    }
  }

  private report(record: KbRecordDetail, number: number): KbRecordDetail["reports"][number] {
    const report = record.reports.find((it) => it.number === number);
    if (!report?.is_open) throw this.refuse("没有待处理的纠错。");
    return report;
  }

  private sides(record: KbRecordDetail, number: number): { draft: KbForm; proposal: KbRecordDetail["proposals"][number]; base: KbForm | null } {
    const proposal = record.proposals.find((it) => it.number === number);
    const draft = record.draft?.form ?? record.versions[0]?.form;
    if (!proposal || !draft) throw this.refuse("没有这份修改稿。");
    return { draft, proposal, base: record.versions.find((version) => version.number === proposal.base_version)?.form ?? null };
  }

  private side(id: string, side: KbSide): { form: KbForm; text: string } {
    const { draft, versions, proposals } = this.record(id);
    const of = (form: KbForm | undefined, text: string): { form: KbForm; text: string } => {
      if (!form) throw this.refuse("没有这一份。");
      return { form, text };
    };
    if (side.type === "draft") return of(draft?.form, `草稿第 ${draft?.revision ?? 0} 稿`);
    if (side.type === "version") return of(versions.find(({ number }) => number === side.number)?.form, `第 ${side.number} 版`);
    return of(proposals.find(({ number }) => number === side.number)?.form, `修改稿 ${side.number}`);
  }

  private formOf({ title, questions, answer, sections, unit, source }: KnowledgeArticle): KbForm {
    return { template: "standard_answer", title, questions: [...questions], answer, sections: structuredClone(sections), internal_note: "", unit, unit_id: "", responsible_person: "", source, category_id: "", township_code: "", valid_from: "", valid_until: "", next_review_on: "" };
  }

  private withoutRecord(id: string): KbRecordDetail {
    const article = this.articles.find((it) => it.id === id);
    if (!article) throw this.refuse("这条知识已不存在。");
    const record = this.blank(id);
    record.standing_text = "使用中";
    record.versions.push({ number: article.version, form: this.formOf(article), editors_text: "", confirmed_text: "", published_text: "随程序载入，未经单位确认和中心审核", contradiction_text: "" });
    record.commands = [{ command: "draft", text: "起草", refusal: null }];
    return record;
  }

  private blank(id: string): KbRecordDetail {
    return { id, version: 0, standing_text: "未发布", holding_text: "", is_review_due: false, next_review_text: "", draft: null, versions: [], proposals: [], reports: [], further_questions: [], tasks: [], commands: [] };
  }

  private fresh(id: string): KbRecordDetail {
    const record = this.blank(id);
    this.records.set(id, record);
    return record;
  }

  private adopt(id: string): KbRecordDetail {
    const record = this.withoutRecord(id);
    this.records.set(id, record);
    this.done(record, "建档");
    return record;
  }

  private write(record: KbRecordDetail, form: KbForm): void {
    const missing = [form.title === "" && "标题", form.answer === "" && "标准答案", form.source === "" && "来源"].filter((it) => it !== false);
    record.draft = { form, revision: (record.draft?.revision ?? 0) + 1, base_version: record.versions.length, stage_text: "编写中", editors_text: "陈丽 1024", returned_text: "", missing };
  }

  private stage(record: KbRecordDetail, stage: Stage): void {
    if (record.draft) record.draft.stage_text = stage;
  }

  private stand(record: KbRecordDetail, standing_text: string, holding_text: string): void {
    Object.assign(record, { standing_text, holding_text });
  }

  private done(record: KbRecordDetail, what: string): KbDone {
    record.version += 1;
    const stage = record.draft?.stage_text;
    const isPublished = record.versions.length > 0;
    const isInUse = isPublished && ["使用中", "停用待核"].includes(record.standing_text);
    const isSuspended = record.standing_text === "停用待核";
    const hasOpen = record.reports.some(({ is_open }) => is_open);
    const state = (command: string, text: string, isAllowed: boolean, refusal = "现在不能这样做。"): KbCommandState => ({ command, text, refusal: isAllowed ? null : refusal });
    record.commands = [
      state("edit", "修改", stage === undefined || stage === "编写中", `草稿现在${stage ?? ""}，不能这样做。`),
      state("take_proposal", "采用修改稿", record.proposals.length > 0),
      state("drop_proposal", "放弃修改稿", record.proposals.length > 0),
      state("discard_draft", "放弃草稿", stage !== undefined),
      state("submit", "送单位确认", stage === "编写中"),
      state("confirm", "单位确认", stage === "待单位确认"),
      state("reject_by_unit", "单位退改", stage === "待单位确认"),
      state("publish", "审核发布", stage === "待中心审核", "“审核发布”须由知识审核操作。"),
      state("reject_by_center", "审核退改", stage === "待中心审核"),
      state("recheck", "复核无变化", isInUse),
      state("suspend", "停用待核", isInUse && !isSuspended),
      state("resume", "恢复使用", isSuspended),
      state("withdraw", "废止", isInUse),
      state("supersede", "由另一条替代", isInUse),
      state("merge_into", "并入另一条", isInUse),
      state("accept_report", "受理纠错", hasOpen),
      state("reject_report", "不采纳纠错", hasOpen),
    ];
    return { id: record.id, version: record.version, report: null, message: `${what}已保存在本机。` };
  }
}

// The life of articles, as far as the window needs it: the core's rules are tested where they are.
import type { ActOnKbRecord, KbCommandState, KbDone, KbForm, KbList, KbListCount, KbRecordDetail, KbRecordRow } from "../src/backend/generated";

type Stage = "编写中" | "待单位确认" | "待中心审核";
type Refuse = (message: string) => unknown;

const LISTS: [KbList, string, (record: KbRecordDetail) => boolean][] = [
  ["writing", "编写中", (record) => record.draft?.stage_text === "编写中"],
  ["awaits_confirmation", "待单位确认", (record) => record.draft?.stage_text === "待单位确认"],
  ["awaits_review", "待中心审核", (record) => record.draft?.stage_text === "待中心审核"],
  ["reports", "纠错待处理", (record) => record.reports.some(({ is_open }) => is_open)],
  ["review_due", "复核到期", () => false],
  ["retired", "已停止使用", () => false],
  ["all", "全部", () => true],
];

export class FakeKnowledge {
  readonly records = new Map<string, KbRecordDetail>();

  constructor(private readonly refuse: Refuse) {}

  lists(): KbListCount[] {
    return LISTS.map(([list, title, has]) => ({ list, title, n: [...this.records.values()].filter(has).length }));
  }

  rows(list: KbList): KbRecordRow[] {
    const has = LISTS.find(([id]) => id === list)?.[2] ?? (() => false);
    return [...this.records.values()].filter(has).map((record) => ({
      id: record.id,
      title: (record.draft?.form ?? record.versions[0]?.form)?.title ?? "",
      unit: "县人社局",
      template_text: "标准答案",
      state_text: `${record.standing_text}${record.draft ? `，${record.draft.stage_text}` : ""}`,
      n_open_reports: record.reports.filter(({ is_open }) => is_open).length,
      n_proposals: record.proposals.length,
      next_review_text: "",
      is_review_due: false,
      changed_text: "9月29日（周二）09:12",
    }));
  }

  record(id: string): KbRecordDetail {
    const record = this.records.get(id);
    if (!record) throw this.refuse("这条知识已不存在。");
    // As over the wire: nobody holds what changes here.
    return structuredClone(record);
  }

  act({ id, act }: ActOnKbRecord): KbDone {
    const record = id === null ? null : (this.records.get(id) ?? null);
    if (act.type === "draft") {
      const fresh = this.fresh(id ?? `kb-${this.records.size + 1}`, act.form);
      return this.done(fresh, "起草");
    }
    if (!record) throw this.refuse("没有找到这条知识。");
    const { draft } = record;
    switch (act.type) {
      case "edit":
        if ((draft?.revision ?? 0) !== act.base_revision) throw this.refuse(`2002 已把草稿改到第 ${draft?.revision ?? 0} 稿。您写的没有丢，可以另存为修改稿，再与现在的草稿对照合并。`);
        this.write(record, act.form);
        return this.done(record, "修改");
      case "propose_beside":
        record.proposals.push({ number: record.version + 1, base_version: act.base_version, by_text: "陈丽 1024", form: act.form });
        return this.done(record, "另存修改稿");
      case "take_proposal":
        record.proposals = record.proposals.filter(({ number }) => number !== act.proposal);
        this.write(record, act.form);
        return this.done(record, "采用修改稿");
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
        if (act.reason === "") throw this.refuse("请填写理由。");
        this.stage(record, "编写中");
        if (draft) draft.returned_text = `吴敏 2003 退改：${act.reason}`;
        return this.done(record, "退改");
      case "publish":
        if (draft) record.versions.unshift({ number: record.versions.length + 1, form: draft.form, editors_text: draft.editors_text, confirmed_text: "陈静（来函），中心代记", published_text: "吴敏 2003" });
        record.draft = null;
        record.standing_text = "使用中";
        return this.done(record, "审核发布");
      default:
        throw this.refuse(`测试里没有 ${act.type}。`);
    }
  }

  private fresh(id: string, form: KbForm): KbRecordDetail {
    const record: KbRecordDetail = { id, version: 0, standing_text: "未发布", holding_text: "", is_review_due: false, next_review_text: "", draft: null, versions: [], proposals: [], reports: [], commands: [] };
    this.records.set(id, record);
    this.write(record, form);
    return record;
  }

  private write(record: KbRecordDetail, form: KbForm): void {
    const missing = [form.title === "" && "标题", form.answer === "" && "标准答案", form.source === "" && "来源"].filter((it) => it !== false);
    record.draft = { form, revision: (record.draft?.revision ?? 0) + 1, base_version: record.versions.length, stage_text: "编写中", editors_text: "陈丽 1024", returned_text: "", missing };
  }

  private stage(record: KbRecordDetail, stage: Stage): void {
    if (record.draft) record.draft.stage_text = stage;
  }

  private done(record: KbRecordDetail, what: string): KbDone {
    record.version += 1;
    const stage = record.draft?.stage_text;
    const state = (command: string, text: string, isAllowed: boolean, refusal = "现在不能这样做。"): KbCommandState => ({ command, text, refusal: isAllowed ? null : refusal });
    record.commands = [
      state("edit", "修改", stage === undefined || stage === "编写中", `草稿现在${stage ?? ""}，不能这样做。`),
      state("submit", "送单位确认", stage === "编写中"),
      state("confirm", "单位确认", stage === "待单位确认"),
      state("reject_by_unit", "单位退改", stage === "待单位确认"),
      state("publish", "审核发布", stage === "待中心审核", "“审核发布”须由知识审核操作。"),
      state("reject_by_center", "审核退改", stage === "待中心审核"),
    ];
    return { id: record.id, version: record.version, message: `${what}已保存在本机。` };
  }
}

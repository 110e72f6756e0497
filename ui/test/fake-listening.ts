// What the fake core hears: a few words of each kind, enough to see what the window makes of them.
import type { AmendmentView, ApiError, CatalogueAct, CatalogueAmendments, CatalogueDone, Chosen, Heard, HeardAlert, HeardAlertKind, HeardDispatch, HeardPlace, HeardSame, HeardScope, HeardUnit, HeardWord, HotIssue, HotIssues, Intake, LearningState, Listen, MatterKind, OrderChecked, OrderConcern, Span, WorkOrderRow } from "../src/backend/generated";
import { REFERENCE } from "./fake-reference";

const KINDS: [MatterKind, string[]][] = [
  ["help", ["停水", "停电", "不亮", "着火", "求助", "塌"]],
  ["complaint", ["投诉", "没人管", "扰民", "乱收费"]],
  ["consultation", ["请问", "怎么", "多少"]],
  ["report", ["举报", "偷排"]],
  ["suggestion", ["建议"]],
];
const CATEGORIES: Record<string, string[]> = {
  "c-stop": ["停水", "没水", "来水"],
  "c-press": ["水压", "水质", "水"],
  "c-fee": ["物业", "收费", "公摊"],
  "c-lamp": ["路灯", "不亮"],
  "c-noise": ["工地", "打桩", "扰民"],
  "c-wage": ["工资", "欠薪"],
};
const ALERTS: { kind: HeardAlertKind; kind_text: string; words: string[]; class: HeardAlert["class"]; line: HeardAlert["lines"][number] | null }[] = [
  { kind: "water_outage", kind_text: "大面积停水", words: ["整个小区", "停水"], class: "special", line: null },
  { kind: "accident", kind_text: "事故灾难", words: ["着火"], class: "special_emergency", line: { line: "119", text: "119 火警" } },
  { kind: "self_harm", kind_text: "自伤", words: ["轻生"], class: "ordinary", line: { line: "110", text: "110 报警" } },
];
const QUESTIONS: Record<string, [string, string[]][]> = {
  供水供气: [
    ["是一户停还是一片停，多少户？", ["户", "小区", "楼上楼下"]],
    ["从什么时候开始的？", ["昨天", "今天", "点"]],
    ["看到通知没有，打过供水公司电话没有？", ["通知", "打过"]],
  ],
};

const placesOf = (text: string, words: readonly string[]): Span[] => words.flatMap((word) => (text.includes(word) ? [{ start: text.indexOf(word), end: text.indexOf(word) + word.length }] : []));
const quotedAt = (text: string, spans: readonly Span[]): string => spans.map(({ start, end }) => `“${text.slice(start, end)}”`).join("、");

function matches(text: string, pattern: RegExp, value = (word: string): string => word): HeardWord[] {
  return [...text.matchAll(pattern)].map((match) => {
    const word = match[1] ?? match[0];
    const start = match.index + match[0].indexOf(word);
    return { value: value(word), kind_text: "", span: { start, end: start + word.length } };
  });
}

export class FakeListening {
  /** What the next answers say of earlier orders. */
  same: ((text: string) => HeardSame[]) | null = null;
  /** A precedent for the category of 停水. */
  isBound = false;

  constructor(private readonly rows: () => WorkOrderRow[]) {}

  hear({ revision, intake, chosen }: Listen): Heard {
    const { text } = intake;
    const categories = this.categories(text);
    const category_id = chosen.category ? intake.category_id : ((categories[0]?.share_percent ?? 0) >= 30 ? (categories[0]?.category_id ?? "") : "");
    const level2 = REFERENCE.categories.find(({ id }) => id === category_id)?.level2 ?? "";
    const places = this.places(text);
    const alerts = ALERTS.filter(({ words }) => words.every((word) => text.includes(word))).map((alert) => this.alert(alert, text));
    return {
      revision,
      fields: {
        places,
        times: matches(text, /(昨天(?:上午|下午|晚上)?|今天(?:早上|上午)?)/g).map(({ value, span }) => ({ from_at: 0, text: value.startsWith("昨天") ? `09-28 周一${value.slice(2)}起` : `09-29 周二${value.slice(2)}`, is_since: true, span })),
        objects: matches(text, /投诉(.{2,8}?(?:公司|局|中心))/g),
        names: matches(text, /([\u4e00-\u9fff]{2}(?:花园|大厦))/g).map((word) => ({ ...word, kind_text: "小区" })),
        wants: matches(text, /希望([^，。；]{2,20})/g),
        phones: matches(text, /1[3-9]\d{9}/g),
        plates: matches(text, /川[A-Z][A-Z0-9]{5}/g),
        amounts: matches(text, /(\d+)元/g, (n) => `${n}元`),
        identity_numbers: [],
      },
      kinds: this.kinds(text),
      categories,
      dispatch: this.dispatch(category_id, intake, chosen, places),
      same: this.same?.(text) ?? (text.includes("停水") ? this.alike(text) : []),
      same_note: "",
      alerts,
      class: chosen.class ? intake.class : (alerts.find((alert) => alert.is_certain)?.class ?? "ordinary"),
      questions: (QUESTIONS[level2] ?? []).filter(([, answers]) => !answers.some((word) => text.includes(word))).map(([question]) => question),
      scope: this.scope(text),
    };
  }

  hotIssues(): HotIssues {
    const rows = this.rows();
    const alike = rows.filter(({ title }) => title.includes("停水"));
    const days = (counts: number[]): HotIssue["days"] => counts.map((n_orders, index) => ({ text: `09-${23 + index}`, n_orders }));
    const issue = (kind: HotIssue["kind"], orders: WorkOrderRow[], counts: number[], more: Partial<HotIssue>): HotIssue => ({
      kind,
      title: orders[0]?.title ?? "",
      category_id: "c-stop",
      category_text: "供水供气 · 停水",
      township_code: "511725002",
      township_text: "渠南街道",
      n_last_day: counts.at(-1) ?? 0,
      n_day_before: counts.at(-2) ?? 0,
      n_orders: orders.length,
      growth_text: `近 24 小时 ${counts.at(-1)} 件，前 24 小时 ${counts.at(-2)} 件`,
      days: days(counts),
      orders: orders.map(({ id, number, title, registered_text }) => ({ id, number, title, registered_text })),
      ...more,
    });
    if (alike.length < 3) return { issues: [], note: "" };
    return {
      issues: [
        issue("surge", alike, [0, 0, 1, 0, 0, 1, 6], { title: "渠南街道 供水供气 · 停水", growth_text: "近 24 小时 6 件，此前日均 0.3 件" }),
        issue("related", rows.filter(({ title }) => title.includes("路灯")), [0, 1, 2, 2, 1, 2, 3], { category_id: "c-lamp", category_text: "市政设施 · 路灯", township_text: "渠江街道" }),
      ],
      note: "",
    };
  }

  /** 派单目录修订 that were put forward. */
  readonly amendments: AmendmentView[] = [];

  catalogue(): CatalogueAmendments {
    const numbers = this.rows()
      .slice(0, 2)
      .map(({ number }) => number);
    const suggested = { category_id: "c-lamp", category_text: "市政设施 · 路灯", from_unit_id: "zjj", from_unit: "县住房城乡建设局", to_unit_id: "zfj", to_unit: "县综合行政执法局", numbers, is_proposed: this.amendments.some(({ is_adopted }) => is_adopted === null) };
    return { suggested: this.amendments.some(({ is_adopted }) => is_adopted === true) ? [] : [suggested], cases: [...this.amendments].reverse() };
  }

  actOnCatalogue(act: CatalogueAct, refusal: (message: string) => ApiError): CatalogueDone {
    if (act.type === "propose") {
      const [suggested] = this.catalogue().suggested;
      if (!suggested) throw refusal("这项修订建议已不成立，请重新查看。");
      const { category_text, from_unit, to_unit, numbers } = suggested;
      this.amendments.push({ id: `a-${this.amendments.length}`, version: 1, category_text, from_unit, to_unit, numbers, proposed_text: "陈丽 1024，09-29 09:12", ruled_text: "", is_adopted: null, reason: "" });
      return { message: "已提出修订，待另一人审核。" };
    }
    const found = this.amendments.find(({ id }) => id === act.amendment_id);
    if (!found || found.proposed_text.startsWith("陈丽")) throw refusal("须由提出人以外的人审核。");
    if (!act.is_adopted && act.reason === "") throw refusal("不采纳的，请填写理由。");
    Object.assign(found, { is_adopted: act.is_adopted, reason: act.reason, ruled_text: "陈丽 1024，09-29 09:15", version: 2 });
    return { message: act.is_adopted ? "已采纳，派单建议即按修订后的目录。" : "已登记不采纳。" };
  }

  learning(): LearningState {
    const model = (name: string): LearningState["models"][number] => ({ name, is_learnt: false, text: "关键词", n_orders: 0, n_held_back: 0, macro_f1_percent: 0, accuracy_percent: 0, top3_percent: 0 });
    return {
      models: [{ ...model("三级分类"), is_learnt: true, text: "9月28日（周一）03:10从 4,000 件工单学得", n_orders: 4000, n_held_back: 800, macro_f1_percent: 88, accuracy_percent: 91, top3_percent: 98 }, model("诉求类型")],
      last_text: "",
    };
  }

  check(intake: Intake): OrderChecked {
    const { text } = intake;
    const concerns: OrderConcern[] = [];
    if (text === "") return { refusal: "诉求内容还是空的，请先记录。", concerns };
    if (intake.place.township_code === "" && intake.place.detail === "") concerns.push({ kind: "place_missing", message: "没有写明地点，请问清后补上。", spans: [] });
    const twice = placesOf(text, ["另外", "还有一件"]);
    if (twice.length > 0) concerns.push({ kind: "two_matters", message: "像是两件事，请分开登记，一件诉求一个工单。", spans: twice });
    return { refusal: null, concerns };
  }

  private kinds(text: string): Heard["kinds"] {
    const scores = KINDS.map(([kind, words], index) => ({ kind, spans: placesOf(text, words), score: 2 + placesOf(text, words).length * 8 - index * 0.1 }));
    const sum = scores.reduce((total, { score }) => total + score, 0);
    return scores
      .sort((a, b) => b.score - a.score)
      .slice(0, 3)
      .map(({ kind, spans, score }) => ({ kind, text: REFERENCE.kinds.find(({ id }) => id === kind)?.text ?? "", share_percent: Math.round((score / sum) * 100), ground: "keywords", ground_text: spans.length > 0 ? `原文有${quotedAt(text, spans)}` : "没有明显的字句", spans }));
  }

  private categories(text: string): Heard["categories"] {
    const scores = Object.entries(CATEGORIES).map(([id, words]) => ({ id, spans: placesOf(text, words) }));
    const sum = scores.reduce((total, { spans }) => total + spans.length ** 2, 0);
    return scores
      .filter(({ spans }) => spans.length > 0)
      .sort((a, b) => b.spans.length - a.spans.length)
      .slice(0, 3)
      .map(({ id, spans }) => {
        const category = REFERENCE.categories.find((one) => one.id === id);
        return { category_id: id, text: `${category?.level2} · ${category?.level3}`, share_percent: Math.round((spans.length ** 2 / sum) * 100), ground: "keywords", ground_text: `原文有${quotedAt(text, spans)}`, spans };
      });
  }

  private places(text: string): HeardPlace[] {
    const named = REFERENCE.townships.flatMap((township) => [...township.villages.map((village) => ({ township, village, name: village.name })), { township, village: null, name: township.name }]);
    const found = named.filter(({ name }) => text.includes(name));
    const said = found.filter(({ township, village }) => village !== null || !found.some((other) => other.village !== null && other.township === township));
    return said.map(({ township, village, name }) => {
      const start = text.indexOf(name);
      const detail = /^([一二三四五六七八九十\d]+[栋号楼])/.exec(text.slice(start + name.length))?.[1] ?? "";
      return {
        place: { township_code: township.code, village_code: village?.code ?? "", detail },
        text: [township.name, village?.name ?? "", detail].filter((part) => part !== "").join(" · "),
        ground: `原文“${name}”，全称`,
        span: { start, end: start + name.length + detail.length },
        is_ambiguous: said.filter((other) => other.name === name).length > 1,
      };
    });
  }

  private dispatch(category_id: string, intake: Intake, chosen: Chosen, places: readonly HeardPlace[]): HeardDispatch {
    const category = REFERENCE.categories.find(({ id }) => id === category_id);
    const unit = REFERENCE.units.find(({ name }) => name === category?.lead_unit);
    const code = chosen.place ? intake.place.township_code : (places[0]?.place.township_code ?? "");
    const township = REFERENCE.townships.find((one) => one.code === code);
    const named = (id: string, grounds: HeardUnit["grounds"]): HeardUnit => ({ unit_id: id, unit: REFERENCE.units.find((one) => one.id === id)?.name ?? id, grounds });
    const numbers = this.rows()
      .slice(0, 3)
      .map(({ number }) => number);
    if (!unit) return { leads: [], is_bound: false, assisting: [], territorial: null, regulator: null, category_id };
    const ground: HeardUnit["grounds"] = this.isBound
      ? [{ kind: "precedent", text: "先例 2025-03（渠府办会纪〔2025〕3号），承办单位不得退回", numbers: [] }]
      : [
          { kind: "catalogue", text: "派单目录", numbers: [] },
          { kind: "similar", text: "相似工单 3 件，其中已解决 2 件", numbers },
        ];
    return {
      leads: [named(unit.id, ground), ...(this.isBound || category_id !== "c-stop" ? [] : [named("swj", [{ kind: "returns", text: "1 件曾派县住房城乡建设局，退回后改派这里", numbers: numbers.slice(0, 1) }])])],
      is_bound: this.isBound,
      assisting: [],
      territorial: township ? named(township.unit_id, [{ kind: "territory", text: `属地：${township.name}`, numbers: [] }]) : null,
      regulator: category_id === "c-stop" ? named("zjj", [{ kind: "catalogue", text: "派单目录", numbers: [] }]) : null,
      category_id,
    };
  }

  private alike(text: string): HeardSame[] {
    const [own, other, closed] = this.rows().filter(({ title }) => title.includes("停水") || title.includes("路灯"));
    const spans = placesOf(text, ["停水"]);
    const told = (order: WorkOrderRow | undefined, relation: HeardSame["relation"], relation_text: string, advice: string, grounds: string[], n_related: number): HeardSame[] => (order ? [{ relation, relation_text, advice, order, grounds, likeness_percent: 62, spans, n_related }] : []);
    return [
      ...told(own, "merge_into", "同一诉求人，未办结", "可并入，作为催办和补充，不另计时限", ["同一来电号码", "和平社区", "昨天"], 0),
      ...told(other, "same_matter_by_others", "他人同一事项，未办结", "各自登记，关联为一群，分别答复", ["同一村社", "“和平社区”", "2 天前"], 6),
      ...told(closed, "finally_closed", "已终结办理", "无新事实的，可按第八条（四）不予受理", ["同一诉求人", "同一分类"], 0),
    ];
  }

  private alert({ kind, kind_text, words, class: matterClass, line }: (typeof ALERTS)[number], text: string): HeardAlert {
    const spans = placesOf(text, words);
    const is_certain = !text.includes("去年");
    const lines = line === null ? [] : [line];
    const route = line === null ? "请核实情况" : is_certain ? `请核实后转 ${line.text}` : `如正在发生，请转 ${line.text}`;
    return { kind, kind_text, class: matterClass, class_text: REFERENCE.classes.find(({ id }) => id === matterClass)?.text ?? "", lines, is_certain, message: `听到${quotedAt(text, spans)}：${is_certain ? "" : "可能涉及"}${kind_text}，${route}`, spans };
  }

  private scope(text: string): HeardScope[] {
    const spans = placesOf(text, ["法院判决", "已经起诉"]);
    return spans.length > 0 ? [{ class: "other_procedure", article: "第八条（一）", ground_text: `原文有${quotedAt(text, spans)}`, spans }] : [];
  }
}

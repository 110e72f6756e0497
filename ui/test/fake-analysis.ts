// 分析 and 大屏 in the fake core: 24 orders of a month at two places. Counts are told, not made.
import type { Analysis, AnalysisAsk, AnalysisFilter, AnalysisGroup, AnalysisRow, Api, Dimension, Wall, WorkOrderRow } from "../src/backend/generated";
import { refusal } from "./fake-backend";
import { SERIAL } from "./fake-files";
import places from "../../crates/wording/reference/places.json";

type Handlers = { [N in "analysis" | "analysis_orders" | "export_figure" | "wall"]: (request: Api[N]["request"]) => Api[N]["response"] };

const PAGE = 10;
const row = (value: string, text: string, n_orders: number): AnalysisRow => ({ value, text, n_orders, n_before: 10, n_year_ago: 0, n_late: value === "unit-water-affairs" ? 3 : 0, share_text: `${((n_orders / 24) * 100).toFixed(1)}%`, before_text: n_orders > 10 ? "+40.0%" : "−20.0%", year_ago_text: "—", answer_text: "25.0%", late_text: "12.5%", satisfaction_text: "90.0%", is_chosen: false });
const WORDS: [Dimension, string, [string, string, number][]][] = [
  ["township", "乡镇街道", [["511725001", "渠江街道", 14], ["511725104", "三汇镇", 8], ["", "未填地点", 2]]],
  ["category", "事项分类", [["供水供气", "供水供气", 16], ["城乡建设", "城乡建设", 8]]],
  ["unit", "主办单位", [["unit-water-affairs", "县水务局", 16], ["", "未派单", 8]]],
  ["channel", "受理渠道", [["phone", "电话", 24]]],
  ["kind", "诉求类型", [["help", "求助", 20], ["consultation", "咨询", 4]]],
  ["class", "事项等级", [["ordinary", "一般", 24]]],
  ["treatment", "处理方式", [["dispatched", "派单办理", 18], ["answered_on_the_spot", "当场答复", 6]]],
  ["satisfaction", "满意度", [["", "未评价", 14], ["satisfied", "满意", 9], ["dissatisfied", "不满意", 1]]],
  ["reason", "不满意原因", [["slow", "办理慢", 1]]],
];

export class FakeAnalysis {
  constructor(private readonly rows: () => WorkOrderRow[]) {}

  private count(filters: AnalysisFilter[]): number {
    const of = ({ dimension, value }: AnalysisFilter): number => WORDS.find(([id]) => id === dimension)?.[2].find(([it]) => it === value)?.[2] ?? 0;
    return Math.min(24, ...filters.map(of));
  }

  private analysis({ days, filters }: AnalysisAsk): Analysis {
    const n = this.count(filters);
    const first = days.type === "days" ? days.first : "2026-09-01";
    const last = days.type === "days" ? days.last : "2026-09-29";
    const tile = (figure: Analysis["tiles"][number]["figure"], title: string, value_text: string, n_orders: number): Analysis["tiles"][number] => ({ figure, title, value_text, n_orders, detail_text: "", before_text: "+20.0%", year_ago_text: "—" });
    const groups: AnalysisGroup[] = WORDS.map(([dimension, title, values]) => ({ dimension, title, rows: values.map(([value, text, n_orders]) => ({ ...row(value, text, n_orders), is_chosen: filters.some((it) => it.dimension === dimension && it.value === value) })) }));
    return {
      spans: [{ id: "today", text: "今日" }, { id: "month", text: "本月" }, { id: "year", text: "本年" }],
      first,
      last,
      period_text: `${first}至${last}`,
      before_text: "2026年8月1日至8月29日",
      year_ago_text: "2025年9月1日至9月29日",
      chosen: filters.map((it) => ({ ...it, title: WORDS.find(([id]) => id === it.dimension)?.[1] ?? "", text: WORDS.find(([id]) => id === it.dimension)?.[2].find(([value]) => value === it.value)?.[1] ?? it.value, wider: "" })),
      tiles: [tile("orders", "受理", String(n), n), tile("answered_on_the_spot", "当场答复率", "25.0%", 6), tile("dispatched", "派单办理", "18", 18), tile("late", "超期率", "16.7%", 3), tile("satisfied", "满意率", "90.0%", 9), tile("dissatisfied", "不满意", "1", 1)],
      step_length: "day",
      step_text: "按日",
      trend: Array.from({ length: 29 }, (_, i) => ({ text: `9月${i + 1}日`, first: `2026-09-${String(i + 1).padStart(2, "0")}`, last: `2026-09-${String(i + 1).padStart(2, "0")}`, n_orders: (i * 7) % 5, n_answered: (i * 7) % 2, n_late: 0, n_year_ago: (i * 3) % 4 })),
      hours: Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour <= 20 ? ((hour * 5) % 7) + 1 : 0)),
      groups,
      kb: { share_text: "50.0%", n_from_knowledge: 3, n_opened: 12, n_cited: 3, n_helped: 5, n_unsolved: 1, helped_text: "83.3%", before_text: "+5.0 个百分点", note: filters.length > 0 ? "查阅、引用和评价按日计数，不随筛选变化。" : "" },
    };
  }

  private wall(): Wall {
    const calm = "calm" as const;
    return {
      now: Date.UTC(2026, 8, 29, 1, 12),
      date_text: "2026年9月29日 周二",
      day_text: "工作日",
      is_online: true,
      figures: [
        { title: "今日受理", value_text: "46", note: "昨日全天 138", urgency: calm },
        { title: "当场答复率", value_text: "71.7%", note: "当场答复 33 件", urgency: calm },
        { title: "今日派单", value_text: "11", note: "承办单位在办 204 件", urgency: calm },
        { title: "今日到期", value_text: "9", note: "此刻起到 24:00", urgency: "soon" },
        { title: "已超期", value_text: "2", note: "尚未办结", urgency: "overdue" },
        { title: "本月满意率", value_text: "96.4%", note: "已评价 1,204 件", urgency: calm },
      ],
      hours: [1, 0, 0, 0, 0, 1, 2, 6, 19, 17],
      hours_before: [1, 1, 0, 0, 0, 0, 3, 7, 15, 18, 16, 12, 5, 6, 12, 14, 11, 8, 4, 2, 1, 1, 1, 0],
      townships: places.townships.map(({ code, name }, i) => ({ code, name, n_today: i % 4, n_week: (i * 13) % 41 })),
      categories: [["物业管理 · 物业收费", 61, "+12.0%"], ["供水供气 · 停水", 44, "+83.3%"], ["道路交通 · 路面破损", 37, "−4.0%"], ["社会保障 · 医保缴费", 35, "+2.9%"], ["噪声污染 · 工地噪声", 22, "持平"]].map(([text, n, note]) => ({ text: String(text), n_orders: Number(n), note: String(note) })),
      hot_issues: [{ text: "三汇镇 供水供气 · 停水", n_orders: 17, note: "突增" }, { text: "渠江街道 道路交通 · 路灯不亮", n_orders: 5, note: "同一件事" }],
      specials: [
        { key: "1 0", place_text: "三汇镇", category_text: "停水", unit_text: "县水务局", waits_text: "初步响应", left_text: "还剩 1 小时 12 分钟", urgency: "soon" },
        { key: "2 1", place_text: "临巴镇", category_text: "环境污染", unit_text: "县生态环境局", waits_text: "进度反馈", left_text: "还剩 1 天 3 小时", urgency: calm },
      ],
      n_specials: 2,
    };
  }

  readonly handlers: Handlers = {
    analysis: (request) => this.analysis(request),
    analysis_orders: ({ ask, figure, after }) => {
      const tile = this.analysis(ask).tiles.find((it) => it.figure === figure);
      const total = figure === "orders" ? this.count(ask.filters) : (tile?.n_orders ?? 0);
      const from = Number(after ?? "0");
      const rows = this.rows().slice(from, Math.min(total, from + PAGE));
      return { title: `2026年9月，${tile?.title ?? figure}`, rows, total, next: from + PAGE < total ? String(from + PAGE) : null };
    },
    export_figure: ({ output, purpose }) => {
      if (purpose === "") throw refusal("请写明用途，台账的每一页都会印上。", "invalid");
      return { ticket: "t-figure", file_name: `工单台账.${output}`, n_bytes: 10, path: `/home/quxian/下载/工单台账.${output}`, message: "已导出 16 件。", serial: SERIAL };
    },
    wall: () => this.wall(),
  };
}

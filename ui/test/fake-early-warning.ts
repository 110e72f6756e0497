// 预警 in the fake core: two that are open; acts are noted as they come.
import type { Api, EarlyWarningLine, EarlyWarningRow, EarlyWarningStage, ThresholdForm, WorkOrderRow } from "../src/backend/generated";
import { refusal } from "./fake-backend";

type Handlers = { [N in "early_warnings" | "early_warning" | "act_on_early_warning" | "set_early_warning_thresholds"]: (request: Api[N]["request"]) => Api[N]["response"] };
type Warning = { row: EarlyWarningRow; steps: EarlyWarningLine[] };

const STAGES: Record<EarlyWarningStage, string> = { open: "待处置", noted: "已知悉", passed_on: "已转交", closed: "已关闭" };

const warning = (id: string, rule: EarlyWarningRow["rule"], rule_text: string, title: string, ground_text: string): Warning => ({ row: { id, rule, rule_text, title, ground_text, n_orders: 3, found_text: "9月29日（周二）09:00", stage: "open", stage_text: STAGES.open }, steps: [] });

export class FakeEarlyWarning {
  mayAct = true;
  version = 0;
  readonly warnings: Warning[] = [warning("warning-1", "crowd", "群体", "三汇镇 劳资纠纷", "听到多人聚集"), warning("warning-2", "repeat", "重复", "停水", "同一来电人 30 天内同类 3 件")];
  form: ThresholdForm = { surge_in_a_day: 5, surge_z_hundredths: 300, repeat_min: 3, repeat_days: 30, words: ["记者", "跳楼"], hears_crowds: true, satisfaction_floor_percent: 85, satisfaction_min_rated: 10, satisfaction_days: 30, quiet_hours: 24 };

  constructor(private readonly rows: () => WorkOrderRow[]) {}

  get nOpen(): number {
    return this.warnings.filter(({ row }) => row.stage !== "closed").length;
  }

  private warning(id: string): Warning {
    const found = this.warnings.find(({ row }) => row.id === id);
    if (!found) throw refusal("没有这条预警。", "invalid");
    return found;
  }

  private add(it: Warning, stage: EarlyWarningStage, text: string): Api["act_on_early_warning"]["response"] {
    Object.assign(it.row, { stage, stage_text: STAGES[stage] });
    it.steps.push({ text, by_text: "罗兰 2001", at_text: "9月29日（周二）09:12" });
    return { message: `${text}。` };
  }

  readonly handlers: Handlers = {
    early_warnings: ({ closed }) => ({
      rows: this.warnings.map(({ row }) => row).filter(({ stage }) => (stage === "closed") === closed),
      n_open: this.nOpen,
      note: "",
      thresholds: { version: this.version, form: this.form, versions: Array.from({ length: this.version }, (_, n) => ({ version: this.version - n, set_text: "罗兰 2001 9月29日（周二）09:12" })), refusal: this.mayAct ? null : "须由统计分析、监督员操作。" },
    }),
    early_warning: ({ id }) => {
      const { row, steps } = this.warning(id);
      return { row, version: steps.length, orders: this.rows().slice(0, 3), steps, refusal: this.mayAct ? null : "须由值班长操作。" };
    },
    act_on_early_warning: ({ id, version, act }) => {
      const it = this.warning(id);
      if (version !== it.steps.length) throw refusal("内容刚刚有变化，已重新显示，请核对后再操作。", "stale");
      if (act.type === "note") return this.add(it, "noted", act.note === "" ? "已知悉" : `已知悉：${act.note}`);
      if (act.type === "pass_on") return this.add(it, "passed_on", `已转交${act.to}`);
      if (act.reason === "") throw refusal("请填写关闭的理由。");
      return this.add(it, "closed", `已关闭：${act.reason}`);
    },
    set_early_warning_thresholds: ({ form }) => {
      if (form.repeat_min < 2) throw refusal("重复件数要在 2 到 1000 之间。");
      this.form = form;
      this.version += 1;
      return { message: `阈值第 ${this.version} 版已生效。` };
    },
  };
}

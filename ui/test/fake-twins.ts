// Twins as the core would tell of them: what a test puts here is told.
import type { KbContradiction, KbTwin, KbTwins, TellApart, TwinPairRow, TwinReport, TwinSide } from "../src/backend/generated";

const side = (part: string, before: string, after: string): KbContradiction["ours"] => ({
  passage_label: "标准答案",
  sentence: [
    { text: before, is_hit: false },
    { text: part, is_hit: true },
    { text: after, is_hit: false },
  ],
  part,
});

export const FEE: KbContradiction = { kind_text: "费用", text: "费用 20元 / 10元", ours: side("20元", "补办工本费", "，当场领取"), theirs: side("10元", "工本费", "，三日内领取") };

export const twin = (id: string, title: string, contradictions: KbContradiction[] = []): KbTwin => ({
  id,
  title,
  unit: "县人力资源和社会保障局",
  level: contradictions.length > 0 ? "same" : "near",
  level_text: contradictions.length > 0 ? "同一问题" : "相近",
  ground: `“社保卡挂失”与“${title}”说法相近`,
  contradictions,
});

const twinSide = (id: string, title: string): TwinSide => ({ id, title, unit: "县公安局", version: 1, valid_until_text: "长期有效", is_sample: false });

export const pair = (first: [string, string], second: [string, string], contradictions: KbContradiction[] = []): TwinPairRow => ({ first: twinSide(...first), second: twinSide(...second), ground: `“${first[1]}”与“${second[1]}”问的是同一件事`, contradictions });

export class FakeTwins {
  twins: KbTwin[] = [];
  pairs: TwinPairRow[] = [];
  state: TwinReport["state"] = "idle";

  told(): KbTwins {
    const against = this.twins.flatMap(({ contradictions }) => contradictions);
    const summary = this.twins.length === 0 ? "" : `与 ${this.twins.length} 条相近${against[0] ? `；${against.length} 处口径不一致：${against[0].text}` : ""}`;
    return { twins: this.twins, n_contradictions: against.length, summary };
  }

  report(): TwinReport {
    const nDone = this.state === "done" ? 2070 : this.state === "idle" ? 0 : 400;
    return { state: this.state, n_done: nDone, n_all: 2070, made_text: "9月29日（周二）09:12", n_pairs: this.pairs.length, n_contradicting: this.pairs.filter(({ contradictions }) => contradictions.length > 0).length, pairs: this.pairs };
  }

  tellApart({ id, other_id }: TellApart): void {
    this.pairs = this.pairs.filter(({ first, second }) => first.id !== id || second.id !== other_id);
  }
}

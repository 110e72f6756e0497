// 说法与同义词 as the core would keep them: enough for the window to be driven.
import type { KbWords, KbWordsAct, KbWordsDone, SayingRow, SynonymGroupRow } from "../src/backend/generated";

const BY = "陈丽 1024 9月29日（周二）09:12";

export const group = (words: string, more: Partial<SynonymGroupRow> = {}): SynonymGroupRow => ({ id: words, n_changes: 0, words: words.split(" "), origin_text: "随程序", is_set_aside: false, changed_text: "", ...more });

export const saying = (text: string, more: Partial<SayingRow> = {}): SayingRow => ({ article_id: "kb-water-stop", article_title: "小区停水怎么办", text, n_used: 2, last_text: "2026年9月28日", state: "proposed", state_text: "待采纳", decided_text: "", ...more });

export class FakeWords {
  groups: SynonymGroupRow[] = [group("户口 户籍"), group("丢了 遗失 挂失")];
  sayings: SayingRow[] = [];

  constructor(private readonly refuse: (message: string) => unknown) {}

  told(): KbWords {
    return { groups: this.groups, sayings: this.sayings };
  }

  act(act: KbWordsAct): KbWordsDone {
    if ("article_id" in act) return this.decide(act);
    const words = "words" in act ? act.words.split(/\s+/).filter((word) => word !== "") : [];
    if ("words" in act && words.length < 2) throw this.refuse("一组至少 2 个词，以空格分开，如“户口 户籍”。");
    if (act.type === "add_group") {
      this.groups.unshift(group(words.join(" "), { id: `own-${this.groups.length}`, n_changes: 1, origin_text: "本中心", changed_text: BY }));
      return { message: "已增加，下一次检索起生效。" };
    }
    const found = this.groups.find(({ id }) => id === act.id);
    if (!found) throw this.refuse("没有找到这一组。");
    if (found.n_changes !== act.n_changes) throw this.refuse("内容刚刚有变化，已重新显示，请核对后再操作。");
    Object.assign(found, { n_changes: found.n_changes + 1, changed_text: BY });
    if (act.type === "change_group") found.words = words;
    else found.is_set_aside = act.type === "set_group_aside";
    return { message: { change_group: "已修改", set_group_aside: "已停用", restore_group: "已恢复" }[act.type] + "，下一次检索起生效。" };
  }

  private decide(act: Extract<KbWordsAct, { article_id: string }>): KbWordsDone {
    const found = this.sayings.find(({ article_id, text }) => article_id === act.article_id && text === act.text);
    if (!found) throw this.refuse("没有找到这个说法。");
    switch (act.type) {
      case "approve_saying":
        Object.assign(found, { state: "approved", state_text: "已采纳", decided_text: BY });
        return { message: `已采纳，下次修改《${found.article_title}》时可加为群众的说法。` };
      case "set_saying_aside":
        if (act.reason.trim() === "") throw this.refuse("请填写理由。");
        Object.assign(found, { state: "set_aside", state_text: `不采纳：${act.reason}`, decided_text: BY });
        return { message: "已记为不采纳。" };
      case "reopen_saying":
        Object.assign(found, { state: "proposed", state_text: "待采纳", decided_text: BY });
        return { message: "已重新列为待采纳。" };
    }
  }
}

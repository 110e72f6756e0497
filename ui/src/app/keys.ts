// One listener for all keys of the window. Components register what a chord does while they are
// in front; the latest registered answers first. Returning false hands the key on.
import { onScopeDispose } from "vue";
import { belongsToInputMethod } from "../shared/ime";

export type Chord = string;
export type KeyActions = Record<Chord, () => void | boolean>;
type Layer = { isActive: () => boolean; actions: KeyActions; isAlone: boolean };

const layers: Layer[] = [];

/** Reloading would be the browser's act, never the call-taker's. */
const NEVER_THE_BROWSERS = ["F5", "Ctrl+R", "Ctrl+Shift+R", "Ctrl+F5", "F3", "F6", "F7", "F10", "Ctrl+S", "Ctrl+P", "Ctrl+G", "Ctrl+F", "Alt+ArrowLeft", "Alt+ArrowRight"];

/** Ctrl+Shift+K, Alt+1, F4, j. Letters and digits under Ctrl or Alt are named by their place on the keyboard. */
export function chordOf(event: KeyboardEvent): Chord {
  const hasModifier = event.ctrlKey || event.altKey || event.metaKey;
  let key = event.key;
  if (hasModifier && /^(Key|Digit|Numpad\d)/.test(event.code)) key = event.code.replace(/^(Key|Digit|Numpad)/, "");
  const prefix = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}`;
  // Shift is part of a character such as "?" and only named where it is not.
  const shift = event.shiftKey && (key.length > 1 || hasModifier) ? "Shift+" : "";
  return `${prefix}${shift}${key}`;
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

/** Marks a form whose letters and arrows are its own, also on a button or a choice of it. */
export const HOLDS_KEYS = "data-holds-keys";

const isOfForm = (target: EventTarget | null): boolean => target instanceof Element && target.closest(`[${HOLDS_KEYS}]`) !== null;

/** A key that also writes or moves the caret belongs to the field that has the focus. */
const isTypingKey = (chord: Chord): boolean => !/^(Ctrl|Alt)\+/.test(chord) && !/^(Shift\+)?F\d+$/.test(chord) && chord !== "Escape";

export function runChord(chord: Chord): boolean {
  for (const layer of [...layers].reverse()) {
    if (!layer.isActive()) continue;
    const action = layer.actions[chord];
    if (action !== undefined && action() !== false) return true;
    if (layer.isAlone) return false;
  }
  return false;
}

function onKeydown(event: KeyboardEvent, held: readonly Chord[]): void {
  if (belongsToInputMethod(event)) return;
  const chord = chordOf(event);
  if (held.includes(chord)) event.preventDefault();
  if (event.defaultPrevented && chord === "Escape") return;
  if (isTypingKey(chord) && (isTextField(event.target) || isOfForm(event.target))) return;
  if (runChord(chord)) event.preventDefault();
}

/** @param held keys that the browser does not get; in a browser of its own a page holds none */
export function startKeys(held: readonly Chord[] = NEVER_THE_BROWSERS): () => void {
  const listener = (event: KeyboardEvent): void => onKeydown(event, held);
  window.addEventListener("keydown", listener);
  return () => window.removeEventListener("keydown", listener);
}

/** Registers chords for as long as the component lives. Nothing beneath a layer that stands alone hears a key. */
export function useKeys(isActive: () => boolean, actions: KeyActions, { isAlone = false } = {}): void {
  const layer: Layer = { isActive, actions, isAlone };
  layers.push(layer);
  onScopeDispose(() => {
    const index = layers.indexOf(layer);
    if (index >= 0) layers.splice(index, 1);
  });
}

/** What the key map and the palette tell; the acts themselves are registered where they happen. */
export const KEY_MAP: { group: string; keys: { chord: string; text: string }[] }[] = [
  {
    group: "通话中",
    keys: [
      { chord: "F2", text: "新单；有来电时接入" },
      { chord: "F3", text: "查知识" },
      { chord: "F5", text: "当场答复" },
      { chord: "F4", text: "派单" },
      { chord: "F6", text: "是不是这些：Enter 打开，U 催办，A 补充，M 就是这件" },
      { chord: "F7", text: "不予受理" },
      { chord: "F8", text: "转紧急" },
      { chord: "Ctrl+S", text: "登记待派" },
      { chord: "F9", text: "保密" },
      { chord: "F10", text: "异常来电：留证、值班长接管" },
      { chord: "Ctrl+Enter", text: "提交已打开的一项" },
      { chord: "Esc", text: "收起，内容保留" },
    ],
  },
  {
    group: "听到的",
    keys: [
      { chord: "Alt+Z Q Y S J", text: "咨询、求助、意见建议、投诉、举报" },
      { chord: "Alt+6 7 8", text: "取第几个分类" },
      { chord: "Alt+A", text: "按提示的特殊事项办" },
      { chord: "Alt+X", text: "核实不是，收起提示" },
      { chord: "Alt+G", text: "依据：都是怎么得来的" },
      { chord: "Delete", text: "在要素上：去掉，不再填" },
      { chord: "Alt+R", text: "这一格重新跟随原文" },
    ],
  },
  {
    group: "答案与草稿",
    keys: [
      { chord: "Alt+1…5", text: "打开第几条答案" },
      { chord: "Alt+0", text: "答案继续跟随输入" },
      { chord: "Alt+E 1…5", text: "纠错，两键报出" },
      { chord: "Alt+U、Alt+N", text: "答案有用、没解决" },
      { chord: "Alt+C", text: "复制答案里的一项：再按数字，0 为整段" },
      { chord: "Alt+D", text: "时限怎么算的" },
      { chord: "Alt+← →", text: "换草稿（Ctrl+Tab 同）" },
      { chord: "Alt+T", text: "回到诉求内容" },
      { chord: "Alt+P、Alt+H", text: "到来电号码、以往工单" },
    ],
  },
  {
    group: "工单",
    keys: [
      { chord: "J K", text: "下一件、上一件（↓ ↑ 同）" },
      { chord: "Enter", text: "打开" },
      { chord: "/", text: "搜索" },
      { chord: "F4 F5 F7 F8", text: "派单、当场答复、不予受理、转紧急" },
      { chord: "D", text: "时限怎么算的" },
      { chord: "P", text: "打印文书" },
      { chord: "E", text: "导出台账" },
      { chord: "B", text: "调阅已移出本机的" },
      { chord: "R", text: "答复等着的那一件" },
    ],
  },
  {
    group: "知识库、督办、分析",
    keys: [
      { chord: "J K", text: "下一条、上一条（↓ ↑ 同）" },
      { chord: "/ 或 F3", text: "查知识" },
      { chord: "Ctrl+S", text: "保存草稿" },
      { chord: "Alt+1…5", text: "看板、线索、联络员、异常来电、考核" },
      { chord: "Alt+1 2 3", text: "分析页：数据、专报、预警" },
      { chord: "Z T G", text: "预警：知悉、转交、关闭" },
      { chord: "P", text: "监督件：打印文书" },
      { chord: "Ctrl+Enter", text: "提交已打开的一项" },
    ],
  },
  {
    group: "待处理",
    keys: [
      { chord: "R", text: "重新提交" },
      { chord: "O", text: "打开工单或条目" },
      { chord: "Ctrl+Enter", text: "关闭、知悉" },
    ],
  },
  {
    group: "随处可用",
    keys: [
      { chord: "Ctrl+L", text: "锁定（已登记到中心时）" },
      { chord: "Ctrl+K", text: "查找：页面、知识、工单、单位、地点" },
      { chord: "Ctrl+1…5", text: "受理、工单、知识库、督办、分析" },
      { chord: "F11", text: "大屏上：全屏、退出全屏" },
      { chord: "? 或 F1", text: "本表" },
    ],
  },
];

// What stands open in 知识库, so that one part can lead to another: a gap to a task, a month to its
// articles, a report to the article.
import { ref } from "vue";
import type { KbTaskKind } from "../../backend/generated";

export type KnowledgeMode = "reading" | "editing" | "tasks" | "gaps" | "calendar" | "reports";

export const MODES: readonly { id: KnowledgeMode; text: string; note: string }[] = [
  { id: "reading", text: "查阅", note: "" },
  { id: "editing", text: "编辑", note: "" },
  { id: "tasks", text: "任务", note: "交单位编写、更新、复核、纠错" },
  { id: "gaps", text: "缺口", note: "群众问了、知识库没答上的" },
  { id: "calendar", text: "有效期", note: "有效期与复核，按月" },
  { id: "reports", text: "我的纠错", note: "" },
];

/** A task that is about to be given. */
export type TaskForm = {
  kind: KbTaskKind;
  unitId: string;
  articleId: string;
  /** Shown for the article; empty where none is named yet. */
  articleTitle: string;
  subject: string;
  note: string;
  /** The gap it comes of. */
  gap: { id: string; nDecisions: number } | null;
};

export const emptyTask = (): TaskForm => ({ kind: "write", unitId: "", articleId: "", articleTitle: "", subject: "", note: "", gap: null });

export const mode = ref<KnowledgeMode | null>("reading");
export const editedId = ref<string | null>(null);
export const openTask = ref<string | null>(null);
/** The form of a new task; null while none is being given. */
export const newTask = ref<TaskForm | null>(null);

export function goToRecord(id: string): void {
  editedId.value = id;
  mode.value = "editing";
}

export function goToTask(number: string): void {
  newTask.value = null;
  openTask.value = number;
  mode.value = "tasks";
}

export function beginTask(form: Partial<TaskForm>): void {
  openTask.value = null;
  newTask.value = { ...emptyTask(), ...form };
  mode.value = "tasks";
}

export function forgetModes(): void {
  mode.value = "reading";
  editedId.value = null;
  openTask.value = null;
  newTask.value = null;
}

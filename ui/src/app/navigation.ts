// The pages and what is open on them; no router, since a desktop window has no address.
import { computed, ref, type WritableComputedRef } from "vue";
import type { Queue } from "../backend/generated";

export type Page = "intake" | "work-orders" | "knowledge" | "supervision" | "analysis" | "conflicts" | "hand-over" | "audit" | "about";

export const page = ref<Page>("intake");
export const openQueue = ref<Queue>("all");
export const openOrderId = ref<string | null>(null);
export const openArticleId = ref<string | null>(null);
export const openConflict = ref<number | null>(null);
/** Whoever has just taken a shift over reads first what was left. */
export const hasTakenOver = ref(false);
/** What stands over whatever page is open: one at a time, since they lie in the same corner. */
type PanelName = "sync" | "hot-issues" | "amendments";
const openPanel = ref<PanelName | null>(null);

function panel(name: PanelName): WritableComputedRef<boolean> {
  return computed({
    get: () => openPanel.value === name,
    set: (isOpen) => {
      if (isOpen) openPanel.value = name;
      else if (openPanel.value === name) openPanel.value = null;
    },
  });
}

/** 同步状态, 热点 and 派单目录修订. */
export const hasSyncPanel = panel("sync");
export const hasHotIssues = panel("hot-issues");
export const hasAmendments = panel("amendments");
export const hasPanel = computed(() => openPanel.value !== null);

export function closePanels(): void {
  openPanel.value = null;
}

/** 上手三步: waits while a panel is open. */
export const hasGuide = ref(false);

export function showGuide(): void {
  openPanel.value = null;
  hasGuide.value = true;
}

/** 大屏, over everything, also while the desk is locked. */
export const hasWall = ref(false);

export function go(to: Page): void {
  page.value = to;
}

export function goToQueue(queue: Queue): void {
  openQueue.value = queue;
  page.value = "work-orders";
}

export function goToOrder(id: string): void {
  openOrderId.value = id;
  page.value = "work-orders";
}

export function goToArticle(id: string): void {
  openArticleId.value = id;
  page.value = "knowledge";
}

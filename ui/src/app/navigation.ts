// The pages and what is open on them; no router, since a desktop window has no address.
import { ref } from "vue";
import type { Queue } from "../backend/generated";

export type Page = "intake" | "work-orders" | "knowledge" | "supervision" | "conflicts" | "hand-over" | "audit" | "about";

export const page = ref<Page>("intake");
export const openQueue = ref<Queue>("all");
export const openOrderId = ref<string | null>(null);
export const openArticleId = ref<string | null>(null);
export const openConflict = ref<number | null>(null);
/** Whoever has just taken a shift over reads first what was left. */
export const hasTakenOver = ref(false);
/** 同步状态, over whatever page is open. */
export const hasSyncPanel = ref(false);

/** 热点 and 派单目录修订, over whatever page is open. */
export const hasHotIssues = ref(false);
export const hasAmendments = ref(false);

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

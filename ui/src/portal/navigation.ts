// Four pages and what is open on them.
import { ref } from "vue";
import type { UnitQueue } from "./generated";

export type Page = "work-orders" | "knowledge" | "statistics" | "assessment";

export const page = ref<Page>("work-orders");
export const openQueue = ref<UnitQueue>("to_sign_for");
export const openOrderId = ref<string | null>(null);
export const openTaskNumber = ref<string | null>(null);
/** "" is an article that is still to be written. */
export const openArticleId = ref<string | null>(null);

/** A period by a scheme. */
export const openRound = ref<{ number: string; period: string } | null>(null);

export function goToOrder(id: string): void {
  openOrderId.value = id;
  page.value = "work-orders";
}

/** Of the person before: whoever comes next begins anew. */
export function forgetPlaces(): void {
  page.value = "work-orders";
  openQueue.value = "to_sign_for";
  openOrderId.value = null;
  openTaskNumber.value = null;
  openArticleId.value = null;
  openRound.value = null;
}

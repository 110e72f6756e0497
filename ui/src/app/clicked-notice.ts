// 点开提醒: a notice of the desktop was clicked outside of the window; the window turns to what it is about.
// What is not for the person who sits here now stays closed.
import { watch } from "vue";
import { call } from "../backend/backend";
import type { NoticeTarget } from "../backend/generated";
import { useQuery } from "../backend/query";
import { mode } from "../features/analysis/modes";
import { opened, showsClosed } from "../features/early-warning/opened";
import { mayOpen } from "./may";
import { closePanels, go, goToOrder, goToQueue, hasWall, openConflict, type Page } from "./navigation";

const PAGES: Record<NoticeTarget["type"], Page> = {
  work_order: "work-orders",
  queue: "work-orders",
  conflict: "conflicts",
  early_warning: "analysis",
  export_requests: "work-orders",
};

export function turnTo(target: NoticeTarget): void {
  if (!mayOpen(PAGES[target.type])) return;
  closePanels();
  hasWall.value = false;
  switch (target.type) {
    case "work_order":
      return goToOrder(target.id);
    case "queue":
      return goToQueue(target.queue);
    case "conflict":
      openConflict.value = target.seq;
      return go("conflicts");
    case "early_warning":
      mode.value = "warnings";
      showsClosed.value = false;
      opened.value = target.id === null ? null : { kind: "warning", id: target.id };
      return go("analysis");
    case "export_requests":
      return go("work-orders");
  }
}

export function useClickedNotice(): void {
  const query = useQuery("clicked_notice", null);
  watch(
    () => query.value.value?.click,
    () => {
      const clicked = query.value.value;
      if (clicked === null) return;
      turnTo(clicked.target);
      // Not followed is no harm: it is told again, and opens the same.
      void call("follow_notice", { click: clicked.click }).catch(() => undefined);
    },
    { immediate: true },
  );
}

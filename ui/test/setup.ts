import { afterEach } from "vitest";
import { forgetAnswers } from "../src/backend/query";
import { forgetModes } from "../src/features/knowledge/modes";
import { forgetOpened } from "../src/features/knowledge/usage";
import { hasAmendments, hasHotIssues, hasSyncPanel, hasTakenOver, openArticleId, openConflict, openOrderId, openQueue, page } from "../src/app/navigation";
import { forgetAgain } from "../src/features/conflict/again";

// Module state that outlives a window must not outlive a test.
afterEach(() => {
  forgetAnswers();
  page.value = "intake";
  openQueue.value = "all";
  openOrderId.value = null;
  openArticleId.value = null;
  openConflict.value = null;
  hasSyncPanel.value = false;
  hasHotIssues.value = false;
  hasAmendments.value = false;
  hasTakenOver.value = false;
  forgetAgain();
  forgetModes();
  forgetOpened();
  document.body.innerHTML = "";
});

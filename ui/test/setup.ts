import { afterEach } from "vitest";
import { forgetAnswers } from "../src/backend/query";
import { forgetModes } from "../src/features/knowledge/modes";
import { forgetOpened } from "../src/features/knowledge/usage";
import { closePanels, hasGuide, hasTakenOver, openArticleId, openConflict, openOrderId, openQueue, page } from "../src/app/navigation";
import { forgetAgain } from "../src/features/conflict/again";

// Module state that outlives a window must not outlive a test.
afterEach(() => {
  forgetAnswers();
  page.value = "intake";
  openQueue.value = "all";
  openOrderId.value = null;
  openArticleId.value = null;
  openConflict.value = null;
  closePanels();
  hasGuide.value = false;
  hasTakenOver.value = false;
  forgetAgain();
  forgetModes();
  forgetOpened();
  document.body.innerHTML = "";
});

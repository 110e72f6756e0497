import { afterEach } from "vitest";
import { forgetAnswers } from "../src/backend/query";
import { forgetModes } from "../src/features/knowledge/modes";
import { forgetOpened } from "../src/features/knowledge/usage";
import { openArticleId, openOrderId, openQueue, page } from "../src/app/navigation";

// Module state that outlives a window must not outlive a test.
afterEach(() => {
  forgetAnswers();
  page.value = "intake";
  openQueue.value = "all";
  openOrderId.value = null;
  openArticleId.value = null;
  forgetModes();
  forgetOpened();
  document.body.innerHTML = "";
});

import { createApp, type App as VueApp } from "vue";
import "../app/base.css";
import { startAppearance } from "../app/appearance";
import { startKeys } from "../app/keys";
import "../app/tokens.css";
import { refuseStrayDrops } from "../shared/dropped-files";
import { watchCompositions } from "../shared/ime";
import { useTransport, type PortalTransport } from "./backend";
import Portal from "./Portal.vue";
import "./portal.css";

/** Opens the page over the given transport; also the door for tests. */
export function start(transport: PortalTransport, target: string | Element): VueApp {
  useTransport(transport);
  watchCompositions();
  refuseStrayDrops();
  // It is a page among others in the person's browser: reloading, printing and searching stay there.
  startKeys([]);
  startAppearance();
  const app = createApp(Portal);
  app.config.errorHandler = (error) => console.error(error);
  app.mount(target);
  return app;
}

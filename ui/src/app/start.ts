import { createApp, type App as VueApp } from "vue";
import { useTransport, type Transport } from "../backend/backend";
import { refuseStrayDrops } from "../shared/dropped-files";
import { watchCompositions } from "../shared/ime";
import App from "./App.vue";
import { startAppearance } from "./appearance";
import "./base.css";
import { startKeys } from "./keys";
import "./tokens.css";

/** Opens the window over the given transport; also the door for tests and the dev page. */
export function start(transport: Transport, target: string | Element): VueApp {
  useTransport(transport);
  watchCompositions();
  refuseStrayDrops();
  startKeys();
  startAppearance();
  const app = createApp(App);
  app.config.errorHandler = (error) => console.error(error);
  app.mount(target);
  return app;
}

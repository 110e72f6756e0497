import { portalTransport } from "./http";
import { start } from "./start";

start(portalTransport(), "#app");

import { start } from "./app/start";
import { httpTransport, takeToken } from "./backend/http";
import { isInTauri, tauriTransport } from "./backend/tauri";

start(isInTauri() ? tauriTransport() : httpTransport(takeToken()), "#app");

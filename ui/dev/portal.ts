// `npm run dev`, then /dev/portal.html: the units' portal over its fake center. Not part of the build. ?theme=dark
import { theme, type Theme } from "../src/app/appearance";
import { start } from "../src/portal/start";
import { FakePortal } from "../test/fake-portal";

const wanted = new URLSearchParams(location.search).get("theme");
if (wanted !== null) theme.value = wanted as Theme;
start(new FakePortal(), "#app");

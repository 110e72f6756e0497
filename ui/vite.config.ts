import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

// Two pages of one build. The desk's is served by Tauri's own scheme or by the loopback HTTP host, the
// units' portal by the center: relative paths suit all.
// The target is the oldest WebKitGTK 4.1 that Kylin and UOS ship.
export default defineConfig({
  base: "./",
  plugins: [vue()],
  // One test reads the page of the public version, which stands with the core.
  server: { port: 5173, strictPort: true, fs: { allow: [".."] } },
  build: {
    target: ["es2022", "safari15"],
    cssTarget: ["safari15"],
    outDir: "dist",
    emptyOutDir: true,
    // A font or picture inlined as data: would need its own word in the CSP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ["index.html", "portal.html"] },
    chunkSizeWarningLimit: 300,
  },
  test: {
    environment: "happy-dom",
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    restoreMocks: true,
    // The one imports style sheets, which Node alone cannot read; the other must share our copy of Vue.
    server: { deps: { inline: ["element-plus", /@tanstack/] } },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});

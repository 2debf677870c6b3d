import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compressedCopies } from "./build/compressed-copies.ts";
import { flagFiles } from "./build/flag-files.ts";
import { worldMap } from "./build/world-map.ts";

const BASES = { public: "/", console: "/dashboard/" } as const;
type Half = keyof typeof BASES;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const withWorker = {
  input: { index: here("./halves/public/index.html"), sw: here("./src/worker/service-worker.ts") },
  output: { entryFileNames: ({ name }: { name: string }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
};

/** One source tree, two complete outputs: `--mode public` (base `/`) and `--mode console` (base `/dashboard/`). */
export default defineConfig(({ mode }) => {
  const half: Half = mode === "console" ? "console" : "public";
  return {
    root: here(`./halves/${half}`),
    base: BASES[half],
    publicDir: here("./static"),
    plugins: [react(), tailwindcss(), flagFiles(), worldMap(), compressedCopies()],
    build: {
      outDir: here(`./dist/${half}`),
      emptyOutDir: true,
      target: ["es2022", "safari16"],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // The service worker lies beside the start page, because it may only speak for what lies below it.
      ...(half === "public" ? { rollupOptions: withWorker } : {}),
    },
    server: { proxy: { "/api": { target: process.env["WINDFIRE_URL"] ?? "http://127.0.0.1:8008", ws: true } } },
  };
});

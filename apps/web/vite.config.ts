import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compressedCopies } from "./build/compressed-copies.ts";
import { flagFiles } from "./build/flag-files.ts";

const BASES = { public: "/", console: "/dashboard/" } as const;
type Half = keyof typeof BASES;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One source tree, two complete outputs: `--mode public` (base `/`) and `--mode console` (base `/dashboard/`). */
export default defineConfig(({ mode }) => {
  const half: Half = mode === "console" ? "console" : "public";
  return {
    root: here(`./halves/${half}`),
    base: BASES[half],
    publicDir: here("./static"),
    plugins: [react(), tailwindcss(), flagFiles(), compressedCopies()],
    build: {
      outDir: here(`./dist/${half}`),
      emptyOutDir: true,
      target: ["es2022", "safari16"],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
    server: { proxy: { "/api": { target: process.env["WINDFIRE_URL"] ?? "http://127.0.0.1:8008", ws: true } } },
  };
});

import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compressedCopies } from "./build/compressed-copies.ts";
import { flagFiles } from "./build/flag-files.ts";
import { paintFirst } from "./build/paint-first.ts";
import { worldMap } from "./build/world-map.ts";

const BASES = { public: "/", console: "/dashboard/" } as const;
type Half = keyof typeof BASES;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What every visit loads comes as one file: parted by what lazy pages share, a third of its requests held a kilobyte each. */
const together = { groups: [{ name: "first", tags: ["$initial" as const], test: (id: string) => !id.includes("/src/worker/") }] };

/** The public half has the part of these libraries that it uses, and no more: see the files. */
const light = {
  alias: {
    "react-i18next": here("./src/lib/light/react-i18next.ts"),
    i18next: here("./src/lib/light/i18next.ts"),
  },
};

const withWorker = {
  input: { index: here("./halves/public/index.html"), sw: here("./src/worker/service-worker.ts") },
  output: {
    entryFileNames: ({ name }: { name: string }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
    codeSplitting: together,
  },
};

/** What the dashboard runs to draw the start page's first screen: everything in it, no file beside it needed, addresses as in the public half. */
const firstScreen = defineConfig({
  root: here("./src"),
  base: BASES.public,
  publicDir: false,
  plugins: [react(), flagFiles(), worldMap()],
  define: { "process.env.NODE_ENV": '"production"' },
  resolve: light,
  ssr: { noExternal: true },
  build: {
    ssr: here("./src/first-screen.tsx"),
    outDir: here("./dist/first-screen"),
    emptyOutDir: true,
    target: "node20",
    minify: true,
    ssrEmitAssets: false,
    reportCompressedSize: false,
  },
});

/** One source tree, two complete outputs: `--mode public` (base `/`) and `--mode console` (base `/dashboard/`); and `--mode first-screen`. */
export default defineConfig(({ mode }) => {
  if (mode === "first-screen") return firstScreen;
  const half: Half = mode === "console" ? "console" : "public";
  return {
    root: here(`./halves/${half}`),
    base: BASES[half],
    ...(half === "public" ? { resolve: light } : {}),
    publicDir: here("./static"),
    plugins: [react(), tailwindcss(), flagFiles(), worldMap(), paintFirst({ stylesInPage: half === "public" }), compressedCopies()],
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

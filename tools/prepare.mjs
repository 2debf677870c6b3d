// Runs after every install. An install without the build tools is a valid one: `npm start` builds what is missing, and says what it lacks.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { launch } from "./launch.mjs";

const web = fileURLToPath(new URL("../apps/web/package.json", import.meta.url));

function installed(name) {
  try {
    createRequire(web).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

process.on("exit", (code) => {
  if (code === 0) return;
  console.warn("The web pages were not built. `npm run build` builds them and shows why it could not.");
  process.exitCode = 0;
});

if (installed("vite")) await launch(fileURLToPath(new URL("./build-web.ts", import.meta.url)), []);
else console.warn("Vite is not installed: the web pages were not built.");

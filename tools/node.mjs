// Usage: node tools/node.mjs <program> [arguments]
import { launch } from "./launch.mjs";

const [target, ...args] = process.argv.slice(2);
if (target === undefined) {
  console.error("usage: node tools/node.mjs <program> [arguments]");
  process.exitCode = 2;
} else {
  await launch(target, args);
}

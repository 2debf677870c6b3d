import { packAgent } from "./agent-program.ts";
import { buildWebOutput } from "./web-output.ts";

try {
  await buildWebOutput();
  await packAgent();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

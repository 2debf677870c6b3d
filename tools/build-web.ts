import { pack } from "./programs.ts";
import { buildWebOutput } from "./web-output.ts";

try {
  await buildWebOutput();
  await pack("dashboard");
  await pack("agent");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

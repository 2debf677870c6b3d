import { buildWebOutput } from "./web-output.ts";

try {
  await buildWebOutput();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

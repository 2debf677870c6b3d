import { buildWebOutput, webOutputExists } from "../tools/web-output.ts";

/** Runs once before all journeys: they look at the pages as they are built. Without pages those that need none still run. */
export async function setup(): Promise<void> {
  if (webOutputExists()) return;
  try {
    await buildWebOutput();
  } catch (error) {
    console.error("the pages could not be built", error);
  }
}

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TemplateFolders } from "#platform/pages";

const web = join(dirname(fileURLToPath(import.meta.url)), "../../web/dist");

/** What draws the first screen of the public half, built with it. */
export const firstScreenFile = join(web, "first-screen/first-screen.js");

/** Where front ends lie: ours as built beside this program, others in the working directory. */
export function documentFolders(workingDirectory: string): TemplateFolders {
  return { themes: workingDirectory, publicHalf: join(web, "public"), consoleHalf: join(web, "console") };
}

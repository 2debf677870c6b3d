import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { openBrowser, startVisit } from "./browser.ts";
import type { Visit, VisitOptions } from "./browser.ts";
import { openStage } from "./stage.ts";
import type { Stage, StageOptions } from "./stage.ts";

/** One dashboard and one browser for all tests of a file. */
export interface Scene {
  stage(): Stage;
  /** Lets a visitor do something, then checks that the pages had no problems. */
  visit(options: VisitOptions, journey: (visit: Visit) => Promise<void>): Promise<void>;
}

export function setScene(options: StageOptions): Scene {
  let stage: Stage | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage(options), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });
  const present = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error("the scene is not set yet");
    return thing;
  };
  return {
    stage: () => present(stage),
    visit: async (visitOptions, journey) => {
      const visit = await startVisit(present(browser), present(stage).base, visitOptions);
      await journey(visit).catch((error: unknown) => {
        const problems = visit.problems().join("\n");
        throw problems === "" ? error : new Error(`the journey failed, and the page had problems:\n${problems}`, { cause: error });
      });
      await visit.close();
    },
  };
}

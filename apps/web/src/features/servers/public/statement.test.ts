import i18next from "i18next";
import { expect, test } from "vitest";
import { createFormats } from "#lib/formats.ts";
import texts from "../../../locales/public/en.json";
import { headline } from "./statement.tsx";

const NONE = { up: 0, warn: 0, critical: 0, offline: 0, waiting: 0 };

async function say(byHealth: Partial<typeof NONE>) {
  const instance = i18next.createInstance();
  await instance.init({ lng: "en-US", resources: { "en-US": { translation: texts } }, interpolation: { escapeValue: false } });
  const counts = { ...NONE, ...byHealth };
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return headline(createFormats(instance.getFixedT("en-US"), "en-US"), {
    total,
    byHealth: counts,
    receiving: 0,
    sending: 0,
    transferred: 0,
  });
}

test.each([
  [{ up: 3 }, "All 3 servers are up", "up"],
  [{ up: 3, waiting: 1 }, "1 of 4 servers has not reported yet", "waiting"],
  [{ waiting: 1001 }, "1001 of 1,001 servers have not reported yet", "waiting"],
  [{ up: 2, waiting: 1, offline: 1 }, "One server is offline", "offline"],
  [{ warn: 2, critical: 1 }, "One server is in a critical state, 2 need a look", "critical"],
])("%j: %s", async (counts, text, worst) => {
  expect(await say(counts)).toEqual({ text, worst });
});

import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 1 });
const looks = createLooks();
/** 23:30 on the day before, in Honolulu. */
const BEGIN = "2031-03-01T09:30:00.000Z";
const END = "2031-03-01T11:30:00.000Z";

test.for(SIZE_NAMES)("times and sizes follow what the profile says, fields of times too (%s)", async (size) => {
  const { admin } = scene.stage();
  const name = `Move ${size}`;
  const id = await admin.post<number>("/maintenance-window", {
    name,
    enable: true,
    plan: { kind: "once", from: BEGIN, to: END },
    servers: [1],
    groups: [],
    services: [],
  });
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/profile");
    await page.getByLabel("Time zone").selectOption("Pacific/Honolulu");
    await page.getByLabel("Sizes").selectOption("1000");
    await page.getByLabel("Temperature").selectOption("fahrenheit");
    await page.getByLabel("Sizes").scrollIntoViewIfNeeded();
    await looks.at(visit, `conventions-${size}`);

    await open(`/dashboard/maintenance-window?edit=${id}`);
    const editor = page.getByRole("dialog", { name: `Maintenance ${name}` });
    expect(await editor.getByLabel("From").inputValue()).toBe("2031-02-28T23:30");
    await editor.getByLabel("To", { exact: true }).fill("2031-03-01T02:00");
    await looks.at(visit, `conventions-window-${size}`);
    await editor.getByRole("button", { name: "Save" }).click();
    await editor.waitFor({ state: "detached" });
    const stored = (await admin.get<{ id: number; plan: unknown }[]>("/maintenance-window")).find((row) => row.id === id);
    expect(stored?.plan).toEqual({ kind: "once", from: BEGIN, to: "2031-03-01T12:00:00.000Z" });
    await page
      .getByRole("row")
      .filter({ hasText: name })
      .getByText("28 Feb 2031, 23:30")
      .or(page.getByText("Feb 28, 2031, 23:30"))
      .first()
      .waitFor();

    await open("/server/1");
    await page
      .getByText(/\d[\d.]*\sG?M?k?B\b/)
      .first()
      .waitFor();
    expect(await page.getByText(/[KMGT]iB/).count()).toBe(0);
    await looks.at(visit, `conventions-server-${size}`);
    await admin.post("/batch-delete/maintenance-window", [id]);
  });
});

test("no page of these has a finding of axe or is too wide", () => {
  expect(looks.findings).toEqual([]);
});

import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 2 });
const looks = createLooks();
const PROBE = 1;

/** A service that both agents have answered for, made once: the first probe lets itself be waited for. */
let probed: Promise<number> | undefined;
async function probeOnce(): Promise<number> {
  const { admin, agents } = scene.stage();
  const form = { name: "Site", type: PROBE, target: "https://example.com", duration: 30, cover: 0 };
  const id = await admin.post<number>("/service", { ...form, quorum: { count: 2 }, retries: 0 });
  for (const [i, agent] of agents.entries()) {
    const order = await agent.nextTask(PROBE);
    agent.answer({ id: order.id, type: order.type, delay: 12.5, successful: i === 0, data: "" });
  }
  return id;
}

test.for(SIZE_NAMES)("a service shows what each server sees, with loss (%s)", { timeout: 150_000 }, async (size) => {
  const id = await (probed ??= probeOnce());
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await open(`/service/${id}`);
    await page.getByRole("heading", { name: "Site", level: 1 }).waitFor();
    await page.getByRole("row").nth(2).waitFor();
    await looks.at(visit, `public-service-${size}`);
    await signIn();
    await open(`/dashboard/service?edit=${id}`);
    await page.getByRole("dialog").getByLabel("Judged by").waitFor();
    expect(await page.getByLabel("Servers or percent").inputValue()).toBe("2");
    await looks.at(visit, `service-editor-${size}`);
  });
});

test.for(SIZE_NAMES)(
  "a server beside another, over a time that is chosen, and saved as a file (%s)",
  { timeout: 150_000 },
  async (size) => {
    const { admin, agents, nameOf } = scene.stage();
    const points = async () => (await admin.get<{ data_points: unknown[] }>("/server/1/metrics?metric=cpu&period=1d")).data_points.length;
    // A line needs two points of half a minute each; the tests before have taken most of that time.
    await expect.poll(points, { timeout: 100_000 }).toBeGreaterThan(1);
    const other = await nameOf(agents[1]);
    await scene.visit({ size }, async (visit) => {
      const { page, open } = visit;
      await open("/server/1");
      await page.getByLabel("Compare with…").selectOption({ label: other });
      const cpu = page.getByRole("region", { name: "CPU" });
      await cpu.getByText(other).waitFor();
      expect(new URL(page.url()).searchParams.get("with")).toBe("2");
      await looks.at(visit, `public-compare-${size}`);

      await page.getByRole("button", { name: "Custom" }).click();
      const dialog = page.getByRole("dialog", { name: "Time range" });
      await dialog.getByLabel("End of the window").fill("2020-01-01T00:00");
      await dialog.getByText(/The end must be after the beginning/).waitFor();
      expect(await dialog.getByRole("button", { name: "Show" }).isDisabled()).toBe(true);
      await looks.at(visit, `public-range-${size}`);
      await dialog.getByRole("button", { name: "Close" }).click();

      await cpu.getByRole("img").waitFor();
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save CPU" }).click();
      await page.getByRole("button", { name: "CSV" }).click();
      expect(await readFile((await (await download).path()) ?? "", "utf8")).toMatch(/^time,used,.+\r\n\d{4}-/);
      const picture = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save CPU" }).click();
      await page.getByRole("button", { name: "PNG" }).click();
      expect((await picture).suggestedFilename()).toBe("cpu.png");
      await page.getByRole("button", { name: `Do not compare with ${other}` }).click();
      await cpu.getByText(other).waitFor({ state: "detached" });
    });
  },
);

test.for(SIZE_NAMES)("points of a week show their mean or their highest half minute (%s)", async (size) => {
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/server/1");
    const most = page.getByRole("button", { name: /^Maximum/ });
    await most.waitFor();
    expect(await most.getAttribute("aria-disabled")).toBe("true");
    await page.getByRole("button", { name: "7 d", exact: true }).click();
    const asked = page.waitForRequest(/metric=cpu&period=7d&stat=max/);
    await most.click();
    await asked;
    expect(new URL(page.url()).searchParams.get("stat")).toBe("max");
    await page.reload();
    await page.getByRole("button", { name: /^Maximum/, pressed: true }).waitFor();
    await looks.at(visit, `public-maximum-${size}`);
  });
});

test.for(SIZE_NAMES)("traffic and events of a server have tabs (%s)", { timeout: 120_000 }, async (size) => {
  const { admin } = scene.stage();
  const start = new Date(Date.now() - 3_600_000).toISOString();
  const condition = {
    type: "transfer_all_cycle",
    max: 1024 ** 4,
    cycle_start: start,
    cycle_interval: 1,
    cycle_unit: "day",
    cover: 0,
    ignore: {},
  };
  const rule = { name: `Monthly ${size}`, enable: true, trigger_mode: 1, notification_group_id: 0, rules: [condition] };
  await admin.post("/alert-rule", { ...rule, fail_trigger_tasks: [], recover_trigger_tasks: [] });
  await scene.visit({ size }, async (visit) => {
    const { page, open } = visit;
    await open("/server/1?tab=traffic");
    await page.getByText("Since the host started").waitFor();
    await page.getByRole("heading", { name: "Last day, by the hour" }).waitFor();
    await page.getByRole("button", { name: "Sign in for 7 d" }).waitFor();
    await looks.at(visit, `public-traffic-${size}`);
    await page.getByRole("button", { name: "Events" }).click();
    // The first minute has to be over; most of it has passed in the tests before.
    await page.getByText("Nothing happened in this time.").waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "7 d" }).click();
    expect(new URL(page.url()).searchParams.get("days")).toBe("7");
    await looks.at(visit, `public-events-${size}`);
  });
});

test("no page of the public site has a finding of axe or is too wide", () => {
  expect(looks.findings).toEqual([]);
});

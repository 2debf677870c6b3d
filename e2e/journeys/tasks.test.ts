import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 2 });
const looks = createLooks();
const COMMAND = 4;

test.for(SIZE_NAMES)("a task runs: each server's output is read, one that hangs is given up (%s)", async (size) => {
  const { admin, agents } = scene.stage();
  const name = `Report ${size}`;
  await admin.post("/cron", { name, task_type: 0, scheduler: "0 0 3 * * *", command: "df -h", cover: 1, servers: [] });
  const [first, second] = [await scene.stage().nameOf(agents[0]), await scene.stage().nameOf(agents[1])];
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/cron");
    await page.getByRole("button", { name: `Run now: ${name}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Run now" }).click();
    const orders = await Promise.all(agents.map((agent) => agent.nextTask(COMMAND)));
    const [order] = orders;
    if (order !== undefined) {
      agents[0]?.answer({
        id: order.id,
        type: order.type,
        data: "\u001B[31mError\u001B[0m: full\nline two\n",
        delay: 1.5,
        successful: false,
      });
    }
    const run = page.getByRole("row").filter({ hasText: name });
    await run.getByText("Running").waitFor();
    await looks.at(visit, `runs-${size}`);
    await run.getByRole("link").click();

    const failed = page.getByRole("row").filter({ hasText: first });
    await failed.getByText("Failed").waitFor();
    await looks.at(visit, `run-${size}`);
    await failed.getByRole("button", { name: first }).click();
    const output = page.getByRole("dialog", { name: `Output of ${first}` });
    await output.getByText("Error: full").waitFor();
    await output.getByLabel("Search").fill("two");
    await expect.poll(() => output.getByRole("region").textContent()).toBe("line two");
    await looks.at(visit, `output-${size}`);
    const download = page.waitForEvent("download");
    await output.getByRole("button", { name: "Save" }).click();
    expect((await download).suggestedFilename()).toContain(name);
    await output.getByRole("button", { name: "Close" }).click();

    await page.getByRole("button", { name: `Stop waiting: ${second}` }).click();
    const question = page.getByRole("dialog", { name: "Stop this run there?" });
    await question.getByText(/The command goes on there/).waitFor();
    await question.getByRole("button", { name: "Stop waiting" }).click();
    await page.getByRole("row").filter({ hasText: second }).getByText("Cancelled").waitFor();

    await open("/dashboard/cron-run?state=missed");
    await page.getByText("Nothing matches").waitFor();
  });
});

test("what a task keeps is asked for in its form", async () => {
  const { admin } = scene.stage();
  await scene.visit({}, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/cron?edit=new");
    await page.getByLabel("Name", { exact: true }).fill("Kept");
    await page.getByLabel("Command").fill("true");
    await page.getByLabel("Runs that are kept").fill("0");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("Write 1 to 1000").waitFor();
    await page.getByText("Choose at least one server").waitFor();
    await page.getByRole("button", { name: "All servers, except" }).click();
    const schedule = page.getByLabel("Schedule", { exact: true });
    await schedule.fill("0 0 3 31 2 *");
    await page.getByText("None of these months has such a day").waitFor();
    await schedule.fill("0 0 3 31 1 *");
    const success = page.getByRole("switch", { name: /successful|success/i });
    await success.check();
    await page.getByText("Choose who is told: nobody would hear of it").waitFor();
    await success.uncheck();
    await page.getByLabel("Runs that are kept").fill("5");
    await page.getByLabel("KiB of output a server").fill("1");
    await page.getByRole("switch", { name: /Tell of runs that were missed/ }).uncheck();
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const kept = (await admin.get<{ name: string }[]>("/cron")).find((row) => row.name === "Kept");
    expect(kept).toMatchObject({ keep_runs: 5, keep_output: 1024, tell_missed: false });
  });
});

test("no page of tasks has a finding of axe or is too wide", () => {
  expect(looks.findings).toEqual([]);
});

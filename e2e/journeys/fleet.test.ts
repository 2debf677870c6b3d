import { expect, test } from "vitest";
import type { FakeAgent } from "@windfire/testkit";
import { setScene } from "../scene.ts";

const REPORT_CONFIG = 12;
const APPLY_CONFIG = 13;
const scene = setScene({ agents: 1 });

/** A page that gives up a question and puts it again is answered both times, as agents do. */
function answerEveryQuestion(agent: FakeAgent, data: string): void {
  void agent.nextTask(REPORT_CONFIG).then(
    ({ id }) => {
      agent.answer({ id, type: REPORT_CONFIG, successful: true, data });
      answerEveryQuestion(agent, data);
    },
    () => undefined,
  );
}

test("the first minutes: the guide leads to a command that works at once, and the new server is seen", async () => {
  const stage = scene.stage();
  await scene.visit({}, async ({ page, open, signIn, accessibilityProblems, picture }) => {
    await signIn();
    await open("/dashboard/");
    await page.getByRole("heading", { name: "First steps" }).waitFor();
    await picture("first-steps");
    expect(await accessibilityProblems()).toEqual([]);
    await page.getByRole("link", { name: "Open: Connect another server" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a server" });
    await dialog.getByText("Other machines cannot reach this address.").waitFor();
    await dialog.getByLabel("Address agents connect to").fill("status.example.net:8443");
    await dialog.getByRole("switch", { name: /By TLS/ }).check();
    const command = dialog.getByLabel("Command", { exact: true });
    await expect.poll(() => command.innerText()).toContain("NZ_SERVER=status.example.net:8443 NZ_TLS=true WF_CODE=");
    await dialog.getByRole("group", { name: "Agent" }).getByText("Nezha").click();
    await expect.poll(() => command.innerText()).toContain("install.sh");
    expect(await accessibilityProblems()).toEqual([]);
    await picture("add-server");
    await dialog.getByRole("button", { name: "Save for everybody" }).click();
    await dialog.getByRole("button", { name: "Save for everybody" }).waitFor({ state: "detached" });
    const { config } = await stage.admin.get<{ config: object }>("/setting");
    expect(config).toMatchObject({ install_host: "status.example.net:8443", tls: true });
    const agent = await stage.addAgent();
    await dialog.getByText(`${await stage.nameOf(agent)} is connected.`).waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await open("/dashboard/");
    await page.getByRole("heading", { name: "All is well" }).waitFor();
    expect(await page.getByRole("heading", { name: "First steps" }).count()).toBe(0);
  });
});

test("several servers at once: into a group, hidden and shown, settings, another owner", async () => {
  const { admin, agents } = scene.stage();
  await admin.post("/server-group", { name: "Pool", servers: [] });
  const other = await admin.post<number>("/user", { username: "otto", password: "secret-of-otto", role: 1 });
  await scene.visit({}, async ({ page, open, signIn, accessibilityProblems }) => {
    await signIn();
    await open("/dashboard/servers");
    await page.getByRole("checkbox", { name: "Select all shown" }).check();
    const bar = page.getByRole("region", { name: "2 selected" });

    await bar.getByRole("button", { name: "Group" }).click();
    await page.getByRole("combobox").selectOption("Pool");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("Pool: changed.").waitFor();
    expect(await admin.get("/server-group")).toMatchObject([{ servers: [1, 2] }]);

    await bar.getByRole("button", { name: "Hide" }).click();
    await page.getByText("2 servers are hidden from guests.").waitFor();
    expect(await admin.get("/server")).toMatchObject([{ hide_for_guest: true }, { hide_for_guest: true }]);
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect
      .poll(async () => (await admin.get<{ hide_for_guest?: boolean }[]>("/server")).filter((row) => row.hide_for_guest).length)
      .toBe(0);

    await bar.getByRole("button", { name: "Agent settings" }).click();
    await page.getByLabel("Add a setting").selectOption("report_delay");
    await page.getByLabel("Seconds between reports", { exact: true }).fill("9");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Write a whole number, 1 to 4").waitFor();
    expect(await accessibilityProblems()).toEqual([]);
    await page.getByLabel("Seconds between reports", { exact: true }).fill("2");
    await page.getByRole("button", { name: "Send" }).click();
    const tasks = await Promise.all(agents.map((agent) => agent.nextTask(APPLY_CONFIG)));
    expect(tasks.map((task) => task.data)).toEqual(['{"report_delay":2}', '{"report_delay":2}']);
    await page.getByRole("button", { name: "Done" }).click();

    await bar.getByRole("button", { name: "Transfer" }).click();
    await page.getByLabel("New owner").selectOption("otto");
    await page.getByRole("dialog").getByRole("button", { name: "Transfer" }).click();
    await page
      .getByText(/On their way|Agent too old/)
      .first()
      .waitFor();
    await page.getByRole("link", { name: "See transfers" }).click();
    await page.getByRole("row").filter({ hasText: "otto" }).first().waitFor();
    const [first] = await admin.get<{ to_user_id: number }[]>("/transfer");
    expect(first?.to_user_id).toBe(other);
    await page.getByRole("button", { name: "Cancel" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled").first().waitFor();
  });
});

test("an agent's settings are asked from it, and only what changed goes back", async () => {
  const { admin, agents } = scene.stage();
  const servers = await admin.get<{ id: number; uuid: string }[]>("/server");
  const agent = agents[0];
  const id = servers.find(({ uuid }) => uuid === agent?.uuid)?.id;
  await scene.visit({}, async ({ page, open, signIn, accessibilityProblems }) => {
    await signIn();
    if (agent) answerEveryQuestion(agent, '{"report_delay":3,"gpu":false,"client_secret":"s"}');
    await open(`/dashboard/servers?s=${id}&t=agent`);
    await page.getByRole("switch", { name: "Watch GPUs" }).check();
    expect(await accessibilityProblems()).toEqual([]);
    await page.getByRole("button", { name: "Save" }).click();
    expect(String((await agent?.nextTask(APPLY_CONFIG))?.data)).toBe('{"gpu":true}');
    await page.getByText("Sent. The agent checks it").waitFor();
  });
});

import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";
import { ADMIN } from "../stage.ts";

const scene = setScene({ agents: 2 });
const REFUSED_SOCKET = /Unexpected response code: 200/;

test.for(SIZE_NAMES)("a link is made, opened by somebody without an account, and revoked (%s)", { timeout: 240_000 }, async (size) => {
  const { admin } = scene.stage();
  const servers = (await admin.get("/server")) as { id: number; name: string }[];
  const [shown, hidden] = servers;
  if (shown === undefined || hidden === undefined) throw new Error("the stage has two servers");
  let link = "";
  await scene.visit({ size }, async (visit) => {
    const looks = createLooks();
    const { page, open, signIn } = visit;
    await signIn(ADMIN);
    await open("/dashboard/share-link");
    await page.getByRole("button", { name: "Make a link" }).first().click();
    const form = page.getByRole("dialog", { name: "Make a link" });
    await form.getByLabel("Name", { exact: true }).fill(`view ${size}`);
    await form.getByRole("button", { name: "Create", exact: true }).click();
    await form.getByText("Choose a server or a service").waitFor();
    await form.getByText(shown.name, { exact: true }).first().click();
    await form.getByLabel("Password", { exact: true }).fill("open sesame");
    await looks.at(visit, `share-link-form-${size}`);
    await form.getByRole("button", { name: "Create", exact: true }).click();
    const made = page.getByRole("dialog", { name: `view ${size} is ready` });
    link = ((await made.getByLabel("Link", { exact: true }).last().textContent()) ?? "").trim();
    await looks.at(visit, `share-link-made-${size}`);
    await made.getByRole("button", { name: "Done" }).click();
    await page.getByText(`view ${size}`).first().waitFor();
    await looks.at(visit, `share-links-${size}`);
    expect(looks.findings).toEqual([]);
  });
  await scene.visit({ size, expected: [REFUSED_SOCKET] }, async (visit) => {
    const looks = createLooks();
    const { page } = visit;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.url()} ${request.headers()["referer"] ?? ""}`));
    await page.goto(link);
    await page.getByLabel("Password").fill("open barley");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("alert").filter({ hasText: "incorrect password" }).waitFor();
    await looks.at(visit, `share-password-${size}`);
    await page.getByLabel("Password").fill("open sesame");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByText(`Shared view: view ${size}`).waitFor();
    await page.getByText(shown.name, { exact: true }).first().waitFor();
    expect(await page.getByText(hidden.name, { exact: true }).count()).toBe(0);
    await looks.at(visit, `share-view-${size}`);
    // The secret went into one body, and nowhere else.
    expect(asked.filter((line) => line.includes(link.split("#")[1] ?? "none"))).toEqual([]);
    const [own] = (await admin.get("/share-link")) as { id: number }[];
    await admin.post("/batch-delete/share-link", [own?.id]);
    await page.reload();
    await page.getByText("This link is not good any more").first().waitFor();
    await looks.at(visit, `share-ended-${size}`);
    expect(looks.findings).toEqual([]);
  });
});

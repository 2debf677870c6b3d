import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 1 });

test.for(SIZE_NAMES)("a status page is made, shown and published, and its incident is told and resolved (%s)", async (size) => {
  const { admin } = scene.stage();
  const title = `Shop on a ${size}`;
  const slug = `shop-on-a-${size}`;
  await admin.post("/service", { name: `Payment ${size}`, type: 1, target: "https://example.com", duration: 30 });
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/status-page?edit=new");
    await page.getByLabel("Title").fill(title);
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: title }).waitFor();

    await page.getByRole("button", { name: "What it shows" }).click();
    await page.getByRole("button", { name: "Add group" }).click();
    await page.getByLabel("Name of the group").fill("Till");
    await page.getByLabel("Add service or server").selectOption({ label: `Payment ${size}` });
    await page.getByRole("button", { name: "Readers" }).click();
    await page.getByRole("switch", { name: "Published" }).check({ force: true });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "Save", exact: true }).waitFor({ state: "detached" });
    await page.frameLocator("iframe").getByRole("heading", { name: "Till" }).waitFor();

    await page.getByRole("link", { name: "Incidents", exact: true }).click();
    await page.getByRole("button", { name: "Begin incident" }).click();
    const begin = page.getByRole("dialog");
    await begin.getByLabel("Title", { exact: true }).fill("Cards are refused");
    await begin.getByLabel("Text", { exact: true }).fill("We **look** into it.");
    await begin.getByText("Other languages").click();
    await begin.getByLabel("Write in").selectOption({ label: "Deutsch" });
    await begin.getByLabel("Title (Deutsch)").fill("Karten werden abgelehnt");
    await begin.getByLabel(`Payment ${size}`).selectOption("down");
    await begin.getByRole("button", { name: "Publish" }).click();
    await page.getByRole("heading", { name: "Cards are refused" }).waitFor();
    await page.getByRole("button", { name: "Write update" }).click();
    const update = page.getByRole("dialog");
    await update.getByLabel("State").selectOption("resolved");
    await update.getByLabel("Text", { exact: true }).fill("A cable.");
    await update.getByRole("button", { name: "Publish" }).click();
    await page.getByText("A cable.").waitFor();
    // What was written in Markdown is drawn as on the page.
    await page.locator("strong", { hasText: "look" }).waitFor();
    // A translation is written later, and nobody is told again.
    await page
      .getByRole("button", { name: /^Put the text right/ })
      .first()
      .click();
    const reword = page.getByRole("dialog");
    await reword.getByText("Other languages").click();
    await reword.getByLabel("Write in").selectOption({ label: "Deutsch" });
    await reword.getByLabel("Text (Deutsch)").fill("Ein Kabel.");
    await reword.getByRole("button", { name: "Save" }).click();
    await reword.waitFor({ state: "detached" });

    await open(`/status/${slug}?lang=de`);
    await page.getByRole("link", { name: "Karten werden abgelehnt" }).click();
    await page.getByText("Ein Kabel.").waitFor();
    await open(`/status/${slug}`);
    await page.getByRole("link", { name: "Cards are refused" }).waitFor();
    await open(`/status/${slug}`);
    await page.getByRole("link", { name: "Cards are refused" }).click();
    await page.locator("strong", { hasText: "look" }).waitFor();
    expect(await page.getByText("A cable.").count()).toBe(1);
  });
});

test("an address for bounces is made anew when it is asked for", async () => {
  const { admin } = scene.stage();
  const id = await admin.post<number>("/status-page", { slug: "bounces", title: "Bounces" });
  const path = async () => (await admin.get<{ bounce_path: string }>(`/status-page/${id}/delivery`)).bounce_path;
  const before = await path();
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open(`/dashboard/status-page/${id}/delivery`);
    await page.getByText(before).waitFor();
    await page.getByRole("button", { name: "New address" }).click();
    const question = page.getByRole("dialog", { name: "Make a new address for bounces?" });
    await question.getByRole("button", { name: "New address" }).click();
    await question.waitFor({ state: "detached" });
    await page.getByText(before).waitFor({ state: "detached" });
    const after = await path();
    expect(after).not.toBe(before);
    await page.getByText(after).waitFor();
  });
});

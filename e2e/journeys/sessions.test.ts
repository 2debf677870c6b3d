import { expect, test } from "vitest";
import { createApi } from "../api.ts";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({});

test.for(SIZE_NAMES)("a user sees where the account is signed in, and ends what is not theirs (%s)", async (size) => {
  const { admin, base } = scene.stage();
  const user = { username: `lee-${size}`, password: "lee's own password" };
  await admin.post("/user", { ...user, role: 1 });
  const elsewhere = await createApi(base, user);
  await createApi(base, user);
  await scene.visit({ size }, async (visit) => {
    const looks = createLooks();
    const { page, open, signIn } = visit;
    await signIn(user);
    await open("/dashboard/profile");
    const list = page.getByRole("list", { name: "Where you are signed in" });
    await list.getByText("this one").waitFor();
    expect(await list.getByRole("listitem").count()).toBe(3);
    await looks.at(visit, `sessions-${size}`);
    await list.getByRole("button", { name: "End", exact: true }).first().click();
    await expect.poll(() => list.getByRole("listitem").count()).toBe(2);
    await page.getByRole("button", { name: "End all others" }).click();
    await expect.poll(() => list.getByRole("listitem").count()).toBe(1);
    await list.getByText("this one").waitFor();
    await expect(elsewhere.get("/profile")).rejects.toThrow("ApiErrorUnauthorized");
    expect(looks.findings).toEqual([]);
  });
});

test("an administrator ends the sessions of a user", async () => {
  const { admin, base } = scene.stage();
  const user = { username: "kim", password: "kim's own password" };
  await admin.post("/user", { ...user, role: 1 });
  const kim = await createApi(base, user);
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/settings/user");
    await page.getByRole("button", { name: "End the sessions of kim" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End the sessions" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect(kim.get("/profile")).rejects.toThrow("ApiErrorUnauthorized");
  });
});

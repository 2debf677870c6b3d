import { expect, test } from "vitest";
import { createApi } from "../api.ts";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { pressOnRow } from "../row-actions.ts";
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

test.for(SIZE_NAMES)("an administrator disables a user, who is told so, and enables them again (%s)", async (size) => {
  const { admin, base } = scene.stage();
  const user = { username: `noa-${size}`, password: "noa's own password" };
  await admin.post("/user", { ...user, role: 1 });
  const noa = await createApi(base, user);
  await scene.visit({ size }, async (visit) => {
    const looks = createLooks();
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/settings/user");
    const row = page.getByRole("row").filter({ hasText: user.username });
    const choose = async (name: string, verb: string): Promise<void> => {
      await pressOnRow(page, user.username, name);
      await looks.at(visit, `${verb}-${size}`);
      await page.getByRole("dialog").getByRole("button", { name: verb }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };
    await choose(`Disable ${user.username}`, "Disable the user");
    await row.getByText("disabled", { exact: true }).waitFor();
    await looks.at(visit, `disabled-${size}`);
    await expect(noa.get("/profile")).rejects.toThrow("ApiErrorUnauthorized");
    await expect(createApi(base, user)).rejects.toThrow("this user is disabled");
    await choose(`Enable ${user.username}`, "Enable the user");
    await row.getByText("disabled", { exact: true }).waitFor({ state: "detached" });
    await createApi(base, user);
    expect(looks.findings).toEqual([]);
  });
});

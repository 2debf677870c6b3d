import { expect, test } from "vitest";
import type { StatusPage } from "../pages/model.ts";
import { createViews } from "./views.ts";
import type { ViewDeps } from "./views.ts";

test("whoever still holds a page as it was before it changed is shown it as it is, and so is everybody after them", async () => {
  const before = { id: 1, slug: "before" } as StatusPage;
  let stored = before;
  let changed: (key: number) => void = () => undefined;
  const pages = {
    get: () => stored,
    subscribe: (listener: { changed: (change: { key: number }) => void }) => void (changed = (key) => listener.changed({ key })),
  } as unknown as ViewDeps["pages"];
  const views = createViews({ snapshot: (page) => Promise.resolve({ page }) as never, monotonic: () => 0, pages });
  expect((await views.of(before)).view.page.slug).toBe("before");
  stored = { ...before, slug: "after" };
  changed(1);
  expect((await views.of(before)).view.page.slug).toBe("after");
  expect((await views.of(stored)).view.page.slug).toBe("after");
});

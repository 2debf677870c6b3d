import type { Page } from "playwright-core";

/** Presses a row's own button, or the entry of its menu where a phone has no room for a button. */
export async function pressOnRow(page: Page, row: string, name: string): Promise<void> {
  const button = page.getByRole("button", { name, exact: true }).filter({ visible: true });
  const menu = page.getByRole("button", { name: `More for ${row}`, exact: true }).filter({ visible: true });
  await button.or(menu).first().waitFor();
  if ((await button.count()) === 0) await menu.click();
  await button.click();
}

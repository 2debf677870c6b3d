import type { PageLanguage, StatusPageForm } from "@windfire/api";
import { requireUser } from "#kernel";
import type { Caller } from "#kernel";
import { drawPage } from "../drawing/page.ts";
import { wordsOf } from "../drawing/words.ts";
import type { PageCommands } from "../pages/commands.ts";
import { FRESH_PAGE, pathOf, settingsOf } from "../pages/model.ts";
import type { StatusPage } from "../pages/model.ts";
import type { PageView } from "./model.ts";

export interface PreviewDeps {
  readonly commands: Pick<PageCommands, "find" | "requireForm">;
  readonly snapshot: (page: StatusPage) => Promise<PageView>;
  readonly now: () => number;
  readonly location: string;
}

/** A page as it would look, with what was written on the stored one. */
export function createPreview({ commands, snapshot, now, location }: PreviewDeps) {
  return async (caller: Caller, form: StatusPageForm, id: number, language: PageLanguage): Promise<string> => {
    const stored = id === 0 ? undefined : commands.find(caller, id);
    const ownerId = stored?.ownerId ?? requireUser(caller).id;
    // A password is nothing that is seen.
    commands.requireForm(caller, ownerId, { ...form, password: "x" }, stored);
    const fresh = { ...FRESH_PAGE, createdAt: now(), updatedAt: now() };
    const page: StatusPage = { ...fresh, ...stored, id, ownerId, slug: form.slug, settings: settingsOf(form) };
    const words = wordsOf(language, page.settings.zone || location);
    return drawPage(await snapshot(page), { words, theme: "auto", base: pathOf(page), font: "" }).html;
  };
}

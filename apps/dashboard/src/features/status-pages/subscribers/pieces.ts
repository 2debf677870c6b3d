import { PageLanguage } from "@windfire/api";
import type { Database } from "#platform/database";
import type { Plans } from "#features/incidents";
import { plainText } from "../drawing/markdown.ts";
import { titleOf } from "../drawing/document.ts";
import { wordsOf } from "../drawing/words.ts";
import type { Words } from "../drawing/words.ts";
import { pageIncidentStore } from "../incidents/store.ts";
import { maintenanceStore } from "../maintenances/store.ts";
import { pathOf } from "../pages/model.ts";
import type { StatusPage } from "../pages/model.ts";
import { textIn, titleIn } from "../view/in-language.ts";
import type { InLanguages } from "../view/in-language.ts";
import type { Letter } from "./announcing.ts";
import type { Subscriber } from "./store.ts";
import type { PageTokens } from "./tokens.ts";

export interface PieceDeps {
  readonly database: Pick<Database, "kysely">;
  readonly now: () => number;
  readonly plans: Pick<Plans, "get" | "runOf">;
  readonly tokens: PageTokens;
  /** Where the dashboard is reached, without a slash at the end; "" when nobody has said. */
  readonly site: () => string;
  /** Zone of pages that name none. */
  readonly location: string;
}

/** One thing to say. */
export interface Piece {
  readonly subject: string;
  readonly text: string;
  readonly url: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Puts news into words, in the language of whoever gets them. */
export function createPieces(deps: PieceDeps) {
  const { database, tokens } = deps;
  const addressOf = (page: StatusPage): string => (page.domain === "" ? `${deps.site()}${pathOf(page)}` : `https://${page.domain}`);

  const pieceOf = async (page: StatusPage, letter: Letter, words: Words): Promise<Piece | undefined> => {
    if (letter.what === "confirm") return undefined;
    if (letter.what === "maintenance") {
      const maintenance = await maintenanceStore.find(database.kysely, letter.id);
      const window = maintenance && deps.plans.get(maintenance.windowId);
      const run = window && deps.plans.runOf(window.plan, deps.now());
      if (maintenance === undefined || run === undefined) return undefined;
      const [title, text] = [titleIn(maintenance, words.language), textIn(maintenance, words.language)];
      const when = `${words.full(run.from)} – ${words.full(run.to)} (${page.settings.zone || deps.location})`;
      return {
        subject: `[${words.t("plannedMaintenance")}] ${title}`,
        text: [title, when, plainText(text)].filter((line) => line !== "").join("\n\n"),
        url: addressOf(page),
        data: {
          type: "maintenance",
          id: maintenance.id,
          title,
          titles: inAll(page, maintenance.title, maintenance.titles),
          text,
          texts: inAll(page, maintenance.text, maintenance.texts),
          from: iso(run.from),
          to: iso(run.to),
        },
      };
    }
    const incident = await pageIncidentStore.find(database.kysely, letter.id);
    const update = incident?.updates.find(({ id }) => id === letter.updateId);
    if (incident === undefined || update === undefined) return undefined;
    const { id, impact, startedAt } = incident;
    const titles = inAll(page, incident.title, incident.titles);
    const [title, text] = [titleIn(incident, words.language), textIn(update, words.language)];
    const said = { status: update.status, text, texts: inAll(page, update.text, update.texts), at: iso(update.at) };
    return {
      subject: `[${words.t(update.status)}] ${title}`,
      text: [`${words.t(update.status)}: ${title}`, words.full(update.at), plainText(text)].filter((line) => line !== "").join("\n\n"),
      url: `${addressOf(page)}/incident/${id}`,
      data: { type: "incident", id, title, titles, impact, started_at: iso(startedAt), ...said },
    };
  };
  const question = (page: StatusPage, subscriber: Subscriber, words: Words): Piece => {
    const url = `${addressOf(page)}/confirm/${tokens.of("confirm", subscriber)}`;
    const title = titleOf(page, words);
    return {
      subject: words.t("mailConfirmSubject", { title }),
      text: `${words.t("mailConfirmBody", { title })}\n\n${url}\n\n${words.t("mailConfirmElse")}`,
      url,
      data: { type: "confirm", confirm_url: url },
    };
  };
  return { addressOf, pieceOf, question };
}

export function wordsFor({ language }: Subscriber, { settings }: StatusPage, location: string): Words {
  const known = PageLanguage.safeParse(language);
  return wordsOf(known.success ? known.data : settings.language, settings.zone || location);
}

/** A text in every language that there is of it. */
function inAll({ settings: { language } }: StatusPage, text: string, others: InLanguages): InLanguages {
  return text === "" ? others : { [language]: text, ...others };
}

const iso = (at: number): string => new Date(at).toISOString();

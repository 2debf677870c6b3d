import type { FastifyReply, FastifyRequest } from "fastify";
import { header } from "#platform/http";
import type { Frame, Theme } from "../drawing/document.ts";
import { drawHistory, drawIncident } from "../drawing/small-pages.ts";
import { wordsOf } from "../drawing/words.ts";
import type { Places } from "../feeds/summary.ts";
import type { StatusPage } from "../pages/model.ts";
import type { IncidentView } from "../view/model.ts";
import type { Views } from "../view/views.ts";
import type { PageAccess } from "./access.ts";
import { DOCUMENTS } from "./documents.ts";
import type { Reader } from "./documents.ts";
import type { Editions } from "./editions.ts";
import type { Forms, Posted } from "./forms.ts";
import { knownLanguage, languageFor } from "./language.ts";
import { sendAnswer, sendEdition } from "./reading.ts";

export interface SenderDeps {
  readonly views: Pick<Views, "of">;
  readonly editions: Editions;
  readonly access: Pick<PageAccess, "isOpenToAll">;
  readonly forms: Pick<Forms, "notFound">;
  readonly placesOf: (page: StatusPage) => Places;
  readonly location: string;
  /** The typeface of the public half; undefined where that is not built. */
  readonly font: () => Promise<Buffer | undefined>;
  /** One incident of a page as its readers see it; one page of those that are over. */
  readonly incident: (page: StatusPage, id: number) => Promise<IncidentView | undefined>;
  readonly pastBefore: (
    page: StatusPage,
    beforeId: number | undefined,
  ) => Promise<{ readonly past: readonly IncidentView[]; readonly earlier?: number }>;
}

export const FONT_PATH = "/inter.woff2";
const FONT_SECONDS = 30 * 86_400;

/** Names a document as one kind of readers sees it. */
export function editionKey(pageId: number, path: string, language: string, theme: Theme, base: string): string {
  return `${pageId} ${path} ${language} ${theme} ${base}`;
}

/** What a reader chose in the address, as far as it means anything: of one meaning there is one text. */
function chosenBy(query: URLSearchParams): string {
  const chosen = new URLSearchParams();
  const [language, theme] = [knownLanguage(query.get("lang") ?? ""), query.get("theme")];
  if (language !== undefined) chosen.set("lang", language);
  if (theme === "light" || theme === "dark") chosen.set("theme", theme);
  return chosen.size === 0 ? "" : `?${chosen.toString()}`;
}

/** Sends what is to be read of a page. */
export function createSenders(deps: SenderDeps) {
  const { views, editions, access, forms } = deps;

  const themeOf = (asked: string | null): Theme => (asked === "light" || asked === "dark" ? asked : "auto");
  const readerOf = (page: StatusPage, { visit }: FastifyRequest, base: string): Reader => ({
    language: languageFor(visit.query.get("lang") ?? "", header(visit, "accept-language"), page.settings.language),
    theme: themeOf(visit.query.get("theme")),
    base,
    query: chosenBy(visit.query),
    font: `${base}${FONT_PATH}`,
    places: deps.placesOf(page),
  });
  const frameOf = (page: StatusPage, { language, theme, base, query, font }: Reader): Frame => ({
    words: wordsOf(language, page.settings.zone || deps.location),
    theme,
    base,
    query,
    font,
  });
  const sendFont = async (reply: FastifyReply): Promise<FastifyReply> => {
    const font = await deps.font();
    if (font === undefined) return reply.code(404).send();
    return reply.header("cache-control", `public, max-age=${FONT_SECONDS}, immutable`).type("font/woff2").send(font);
  };
  const sendDocument = async (page: StatusPage, request: FastifyRequest, reply: FastifyReply, path: string, reader: Reader) => {
    const document = DOCUMENTS[path];
    if (document === undefined) return undefined;
    const { view, edition } = await views.of(page);
    const { language, theme, base, query } = reader;
    const key = document.isNeutral ? `${page.id} ${path}` : `${editionKey(page.id, path, language, theme, base)}${query}`;
    const isShared = access.isOpenToAll(page);
    return sendEdition(request, reply, await editions.of(key, edition, () => document.draw(view, reader)), isShared);
  };
  const sendIncident = async (posted: Posted, id: number): Promise<FastifyReply> => {
    const incident = await deps.incident(posted.page, id);
    if (incident === undefined) return forms.notFound(posted);
    const { view } = await views.of(posted.page);
    return sendAnswer(posted.reply, { status: 200, ...drawIncident(view, incident, posted.frame), language: posted.frame.words.language });
  };
  const sendHistory = async (posted: Posted): Promise<FastifyReply> => {
    const before = Number(posted.request.visit.query.get("before") ?? Number.NaN);
    const { past, earlier } = await deps.pastBefore(posted.page, Number.isSafeInteger(before) ? before : undefined);
    const { view } = await views.of(posted.page);
    return sendAnswer(posted.reply, {
      status: 200,
      ...drawHistory(view, past, earlier, posted.frame),
      language: posted.frame.words.language,
    });
  };
  return { readerOf, frameOf, sendFont, sendDocument, sendIncident, sendHistory };
}

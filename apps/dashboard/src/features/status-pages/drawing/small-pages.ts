import { shownIndicator } from "../view/model.ts";
import type { PageView } from "../view/model.ts";
import { titleIn } from "../view/in-language.ts";
import type { IncidentView } from "../view/model.ts";
import type { StatusPage } from "../pages/model.ts";
import { documentOf, linkTo, titleOf } from "./document.ts";
import type { Drawn, Frame } from "./document.ts";
import { markup } from "./html.ts";
import type { Html } from "./html.ts";
import { icon, shapeOf, shapeOfIndicator } from "./icons.ts";
import { incidentCard, pastMonths } from "./incidents.ts";
import { headline } from "./page.ts";
import { partName } from "./parts.ts";

const back = (frame: Frame, page: StatusPage): Html =>
  markup`<footer class="foot"><a href="${linkTo(frame, "")}">${frame.words.t("back", { title: titleOf(page, frame.words) })}</a></footer>`;

/** One incident, to be linked to. */
export function drawIncident(view: PageView, incident: IncidentView, frame: Frame): Drawn {
  const title = titleIn(incident, frame.words.language);
  return documentOf(frame, {
    page: view.page,
    title: `${title} · ${titleOf(view.page, frame.words)}`,
    main: markup`<h1 class="vh">${title}</h1><div class="sect">${incidentCard(view, incident, frame, true)}</div>`,
    foot: back(frame, view.page),
  });
}

/** Incidents of a month and of earlier ones; `earlier`: the id that the next page ends before, if there are more. */
export function drawHistory(view: PageView, past: readonly IncidentView[], earlier: number | undefined, frame: Frame): Drawn {
  const { words } = frame;
  return documentOf(frame, {
    page: view.page,
    title: `${words.t("pastIncidents")} · ${titleOf(view.page, words)}`,
    main: markup`<section class="say"><div><h1><span>${words.t("pastIncidents")}</span></h1></div></section>${pastMonths(view, past, frame)}${earlier !== undefined && markup`<p class="sect"><a class="btn" href="${linkTo(frame, "/history")}${frame.query ? "&" : "?"}before=${earlier}">${words.t("earlier")}</a></p>`}`,
    foot: back(frame, view.page),
  });
}

/** A page with one thing on it: a question, or what came of one. */
export function drawMessage(page: StatusPage, frame: Frame, title: string, content: Html): Drawn {
  return documentOf(frame, {
    page,
    title: `${title} · ${titleOf(page, frame.words)}`,
    main: markup`<section class="only"><h1>${title}</h1>${content}</section>`,
    foot: markup``,
    isMessage: true,
  });
}

/** In other pages' frames: the sentence, and how each part is. */
export function drawEmbed(view: PageView, frame: Frame, address: string): Drawn {
  const { words } = frame;
  const parts = view.groups.flatMap((group) => group.parts);
  return documentOf(frame, {
    page: view.page,
    title: titleOf(view.page, words),
    bare: true,
    anyFrame: true,
    main: markup`<section class="sect"><h1 class="part h"><span>${icon(shapeOfIndicator(shownIndicator(view)))} <a href="${address}" target="_blank" rel="noopener">${headline(view, words)}</a></span></h1><div class="card">${parts.map(
      (part) =>
        markup`<div class="part"><div class="h">${icon(shapeOf(part.state))}<h2>${partName(part, words)}</h2><span class="word w-${shapeOf(part.state)}">${words.t(part.state)}</span></div></div>`,
    )}</div></section>`,
    foot: markup`<p class="key">${words.t("updated", { time: words.time(view.at) })}</p>`,
  });
}

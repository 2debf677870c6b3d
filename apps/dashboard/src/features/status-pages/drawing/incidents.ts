import type { IncidentView, MaintenanceView, PageView } from "../view/model.ts";
import { textIn, titleIn } from "../view/in-language.ts";
import { linkTo } from "./document.ts";
import type { Frame } from "./document.ts";
import { markup } from "./html.ts";
import type { Html } from "./html.ts";
import { icon } from "./icons.ts";
import type { Shape } from "./icons.ts";
import { markdown } from "./markdown.ts";
import { partName } from "./parts.ts";
import type { Words } from "./words.ts";

/** Names of parts by their keys. */
export function namesOf(view: PageView, keys: readonly string[], words: Words): string[] {
  const parts = view.groups.flatMap((group) => group.parts);
  return keys.flatMap((key) => parts.find((part) => part.key === key) ?? []).map((part) => partName(part, words));
}

/** How an incident is drawn: by its end, else by how bad it is. */
export function shapeOfIncident({ impact, resolvedAt }: Pick<IncidentView, "impact" | "resolvedAt">): Shape {
  if (resolvedAt > 0) return "ok";
  return impact === "critical" ? "crit" : "warn";
}

/** An incident with all that was said of it, newest first. */
export function incidentCard(view: PageView, incident: IncidentView, frame: Frame, isAlone = false): Html {
  const { words } = frame;
  const shape = shapeOfIncident(incident);
  const isOver = incident.resolvedAt > 0;
  const length = words.duration((isOver ? incident.resolvedAt : view.at) - incident.startedAt);
  const since = isOver ? length : `${words.t("since", { time: words.moment(incident.startedAt, view.at) })}, ${length}`;
  const title = titleIn(incident, words.language);
  const heading = isAlone
    ? markup`<h2>${title}</h2>`
    : markup`<h3><a href="${linkTo(frame, `/incident/${incident.id}`)}">${title}</a></h3>`;
  const names = namesOf(
    view,
    incident.affected.map(({ key }) => key),
    words,
  );
  return markup`<article class="card inc k-${shape}"><header>${icon(shape)}${heading}<span class="chip w-${shape}">${words.t(incident.status)}</span><span class="since num">${since}</span></header><ol>${incident.updates.map(
    (update) => {
      const text = textIn(update, words.language);
      return markup`<li><time class="num" datetime="${new Date(update.at).toISOString()}">${words.moment(update.at, view.at)}</time><div><b>${words.t(update.status)}</b>${text.trim() !== "" && markup`<div class="md">${markdown(text)}</div>`}</div></li>`;
    },
  )}</ol>${names.length > 0 && markup`<p class="who">${words.t("affected", { names: words.list(names) })}</p>`}</article>`;
}

export function maintenanceCard(view: PageView, maintenance: MaintenanceView, words: Words): Html {
  const names = namesOf(view, maintenance.parts, words);
  const { run, running, repeats } = maintenance;
  return markup`<article class="card inc k-maint" id="maintenance-${maintenance.id}"><header>${icon("maint")}<h3>${titleIn(maintenance, words.language)}</h3>${repeats && markup`<span class="since">${words.t("repeats")}</span>`}<span class="chip w-maint">${words.t(running ? "running" : "planned")}</span></header><ol><li><span class="when num">${words.range(run.from, run.to, view.at)}</span><div class="md">${markdown(textIn(maintenance, words.language))}</div></li></ol>${names.length > 0 && markup`<p class="who">${words.t("affected", { names: words.list(names) })}</p>`}</article>`;
}

/** Incidents that are over, a list for each month. */
export function pastMonths(view: PageView, past: readonly IncidentView[], frame: Frame): Html {
  const { words } = frame;
  if (past.length === 0)
    return markup`<section class="sect"><h2>${words.t("pastIncidents")}</h2><p class="card quiet">${words.t("noIncidents")}</p></section>`;
  const months = Map.groupBy(past, ({ startedAt }) => words.monthKey(startedAt));
  return markup`${[...months.values()].map(
    (list) =>
      markup`<section class="sect"><h2>${words.month(list[0]?.startedAt ?? view.at)}</h2><ul class="card past">${list.map(
        (incident) =>
          markup`<li><time class="num" datetime="${new Date(incident.startedAt).toISOString()}">${words.dayOfMonth(incident.startedAt)}</time><a href="${linkTo(frame, `/incident/${incident.id}`)}">${titleIn(incident, words.language)}</a><span class="for num">${words.duration(incident.resolvedAt - incident.startedAt)}</span></li>`,
      )}</ul></section>`,
  )}`;
}

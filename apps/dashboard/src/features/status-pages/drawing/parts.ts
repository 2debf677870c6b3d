import type { GroupView, PartView } from "../view/model.ts";
import { inLanguage } from "../view/in-language.ts";
import { markup } from "./html.ts";
import type { Html } from "./html.ts";
import { icon, shapeOf } from "./icons.ts";
import type { Words } from "./words.ts";

/** Classes of days, short: there are ninety of them for each part. */
const LOOKS = { ok: "", some: "s", bad: "b", planned: "p", none: "n" } as const;

export function partName({ name, names }: Pick<PartView, "name" | "names">, { language }: Words): string {
  return inLanguage(name, names, language);
}

/** A group of parts with a bar of days each. */
export function groupCard(group: GroupView, words: Words): Html {
  const name = inLanguage(group.name, group.names, words.language);
  return markup`<section class="sect"${name === "" ? markup` aria-label="${words.t("availabilityShort")}"` : ""}>${name !== "" && markup`<h2>${name}</h2>`}<div class="card">${group.parts.map((part) => partRow(part, words))}</div></section>`;
}

function partRow(part: PartView, words: Words): Html {
  const shape = shapeOf(part.state);
  const name = partName(part, words);
  const percent = part.percent === undefined ? words.t("keyNone") : words.percent(part.percent);
  const length = part.days.length;
  const label = words.t("availability", { days: words.days(length), percent });
  return markup`<div class="part"><div class="h">${icon(shape)}<h3>${name}</h3>${
    part.latencyMs !== undefined && markup`<span class="ms num">${words.milliseconds(part.latencyMs)}</span>`
  }<span class="word w-${shape}">${words.t(part.state)}</span></div><div class="days d${length}" role="img" aria-label="${name}. ${label}">${part.days.map(
    (day) =>
      day.look === "ok" && day.percent === 100
        ? markup`<i></i>`
        : markup`<i${LOOKS[day.look] === "" ? "" : markup` class="${LOOKS[day.look]}"`} title="${words.day(day.day)}: ${day.percent === undefined ? words.t("keyNone") : words.percent(day.percent)}"></i>`,
  )}</div><div class="ax num"><span class="w">${words.daysAgo(length - 1)}</span><span class="nw">${words.daysAgo(length - 46)}</span><span>${percent}</span><span>${words.daysAgo(0)}</span></div>${problemDays(part, words)}</div>`;
}

/** The days that a bar shows in colour, in words. */
function problemDays({ days }: PartView, words: Words): Html | false {
  const bad = days.filter(({ look }) => look === "some" || look === "bad").toReversed();
  if (bad.length === 0) return false;
  return markup`<details class="bad"><summary>${words.t("problemDays")}</summary><table><thead><tr><th scope="col">${words.t("day")}</th><th scope="col">${words.t("availabilityShort")}</th></tr></thead><tbody>${bad.map(
    ({ day, percent = 0 }) => markup`<tr><td>${words.day(day)}</td><td class="num">${words.percent(percent)}</td></tr>`,
  )}</tbody></table></details>`;
}

/** What the shapes and colours of bars mean. */
export function legend(words: Words): Html {
  return markup`<p class="key"><span>${icon("ok")}${words.t("keyOk")}</span><span>${icon("warn")}${words.t("keySome")}</span><span>${icon("crit")}${words.t("keyBad")}</span><span>${icon("maint")}${words.t("keyPlanned")}</span><span><span class="sq"></span>${words.t("keyNone")}</span></p><p class="key">${words.t("excludes")}</p>`;
}

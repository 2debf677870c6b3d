import type { PagePartRef } from "@windfire/api";
import type { PageIncident } from "../incidents/model.ts";
import { isShown, keyOf, partsOf } from "../pages/model.ts";
import type { PagePart, ShownRow, StatusPage } from "../pages/model.ts";
import { createFigures } from "./figures.ts";
import type { FigureDeps } from "./figures.ts";
import { dayView, indicatorOf, percentOfDays, worse } from "./model.ts";
import type { GroupView, IncidentView, PageView, PartView, ShownState } from "./model.ts";
import { createWritings } from "./writings.ts";
import type { WritingDeps } from "./writings.ts";

/** Where everything that a page shows comes from. */
export interface SnapshotDeps extends FigureDeps, WritingDeps {
  readonly rowOf: (part: PagePartRef) => ShownRow | undefined;
  readonly ownsEverything: (userId: number) => boolean;
  readonly stateOf: (part: PagePartRef) => ShownState;
  /** What a part is called where strangers read. */
  readonly publicKey: (pageId: number, label: string) => string;
}

/** Puts together what a page shows now; its list alone decides of what. */
export function createSnapshots(deps: SnapshotDeps) {
  const { now } = deps;
  const figuresOf = createFigures(deps);
  const written = createWritings(deps);

  const shownParts = (page: StatusPage): ReadonlyMap<string, { readonly part: PagePart; readonly row: ShownRow }> => {
    const mayAll = deps.ownsEverything(page.ownerId);
    const found = new Map<string, { part: PagePart; row: ShownRow }>();
    for (const part of partsOf(page.settings)) {
      const row = deps.rowOf(part);
      if (isShown(part, row, page, mayAll)) found.set(keyOf(part), { part, row });
    }
    return found;
  };
  return async (page: StatusPage): Promise<PageView> => {
    const shown = shownParts(page);
    const publicKey = (label: string): string => deps.publicKey(page.id, label);
    const keysOf = (affected: readonly PagePartRef[]): string[] =>
      affected
        .map(keyOf)
        .filter((key) => shown.has(key))
        .map(publicKey);
    const figures = await figuresOf(
      page,
      [...shown.values()].map(({ part }) => part),
    );
    const { open, past, planned } = await written(page, keysOf);
    const underWork = new Set(planned.filter(({ view }) => view.running).flatMap(({ affected }) => affected));
    const partView = (part: PagePart): PartView | undefined => {
      const found = shown.get(keyOf(part));
      if (found === undefined) return undefined;
      const { days, latencyMs } = figures.get(keyOf(part)) ?? { days: [], latencyMs: undefined };
      return {
        key: publicKey(keyOf(part)),
        kind: part.kind,
        name: part.name || found.row.name,
        names: part.names,
        state: stateOf(part, open, underWork.has(keyOf(part)), deps.stateOf(part)),
        days: days.map(dayView),
        percent: percentOfDays(days),
        latencyMs: page.settings.values === "latency" ? latencyMs : undefined,
      };
    };
    const groups = page.settings.groups.map((group, at): GroupView => {
      const parts = group.parts.map(partView).filter((part) => part !== undefined);
      return { key: publicKey(`group ${at}`), name: group.name, names: group.names, parts };
    });
    const incidentView = ({ affected, pageId: _page, engineId: _engine, ...incident }: PageIncident): IncidentView => ({
      ...incident,
      affected: affected.filter((part) => shown.has(keyOf(part))).map((part) => ({ key: publicKey(keyOf(part)), state: part.state })),
    });
    const shownGroups = groups.filter(({ parts }) => parts.length > 0);
    return {
      page,
      zone: page.settings.zone || deps.location,
      at: now(),
      groups: shownGroups,
      open: open.map(incidentView),
      past: past.map(incidentView),
      maintenances: planned.map(({ view }) => view),
      indicator: indicatorOf(
        shownGroups.flatMap(({ parts }) => parts),
        open,
      ),
    };
  };
}

/** What people wrote counts besides what is measured; planned work explains what is measured meanwhile. */
function stateOf(part: PagePartRef, open: readonly PageIncident[], underWork: boolean, measured: ShownState): ShownState {
  let state: ShownState = underWork ? "maintenance" : measured;
  for (const { affected } of open)
    for (const one of affected) if (one.kind === part.kind && one.id === part.id) state = worse(state, one.state);
  return state;
}

import type { PagePartRef } from "@windfire/api";
import type { Clock } from "@windfire/kit";
import type { Plans } from "#features/incidents";
import type { Mailer } from "#features/notifications";
import { createCalendars } from "#features/services";
import type { User } from "#kernel";
import type { ShareCount } from "#platform/bus";
import type { AuditLog } from "#platform/audit";
import type { Compressor } from "#platform/compression";
import { runCascades } from "#platform/database";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute, BodyBudgets, Gate } from "#platform/http";
import type { Outbound } from "#platform/outbound";
import type { Outbox } from "#platform/outbox";
import type { Passwords } from "#platform/password";
import type { Job, Scheduler } from "#platform/scheduler";
import type { Sealing } from "#platform/sealing";
import { createExporting } from "./export/exporting.ts";
import { createPageIncidentCommands } from "./incidents/commands.ts";
import type { PageIncidentCommandDeps } from "./incidents/checks.ts";
import { createSaying } from "./incidents/saying.ts";
import { pageIncidentRoutes } from "./incidents/routes.ts";
import { pageIncidentStore } from "./incidents/store.ts";
import { createMaintenanceCommands, createMaintenanceRemoval } from "./maintenances/commands.ts";
import { maintenanceRoutes } from "./maintenances/routes.ts";
import { maintenanceStore } from "./maintenances/store.ts";
import { createPageCommands } from "./pages/commands.ts";
import { createDeliveryCommands } from "./pages/delivery-commands.ts";
import type { DeliveryCommandDeps } from "./pages/delivery-commands.ts";
import { pathOf } from "./pages/model.ts";
import type { ShownRow, StatusPage } from "./pages/model.ts";
import { pageRoutes } from "./pages/routes.ts";
import { statusPageKind } from "./pages/store.ts";
import { createPageAccess } from "./site/access.ts";
import type { AccessDeps } from "./site/access.ts";
import { createEditions } from "./site/editions.ts";
import { createForms } from "./site/forms.ts";
import { createPastIncidents } from "./site/past.ts";
import { createSite } from "./site/site.ts";
import type { Site, SiteDeps } from "./site/site.ts";
import { createAnnouncing } from "./subscribers/announcing.ts";
import { createSubscriberCommands } from "./subscribers/commands.ts";
import { createLetters } from "./subscribers/letters.ts";
import { subscriberRoutes } from "./subscribers/routes.ts";
import { createSubscribing } from "./subscribers/subscribing.ts";
import { createPageTokens } from "./subscribers/tokens.ts";
import { createTemplateCommands } from "./templates/commands.ts";
import { templateRoutes } from "./templates/routes.ts";
import { templateStore } from "./templates/store.ts";
import { createPageFacts } from "./view/facts.ts";
import { createPreview } from "./view/preview.ts";
import { createSnapshots } from "./view/snapshot.ts";
import type { SnapshotDeps } from "./view/snapshot.ts";
import { createViews } from "./view/views.ts";

/** What the room needs of others. */
export interface StatusPagesDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly outbox: Outbox;
  readonly outbound: Outbound;
  readonly sealing: Sealing;
  readonly passwords: Passwords;
  readonly compressor: Compressor;
  readonly budgets: BodyBudgets;
  /** With whom the pace of readers is shared; nobody unless told. */
  readonly share?: ShareCount;
  readonly gate: Pick<Gate, "admit">;
  readonly hasOpened: AccessDeps["hasOpened"];
  readonly scheduler: Pick<Scheduler, "every">;
  readonly requireRoom: (user: User, rows: number) => void;
  readonly ownsEverything: (userId: number) => boolean;
  readonly rowOf: (part: PagePartRef) => ShownRow | undefined;
  readonly stateOf: SnapshotDeps["stateOf"];
  readonly serverDays: SnapshotDeps["serverDays"];
  readonly serviceDays: SnapshotDeps["serviceDays"];
  readonly delayOf: SnapshotDeps["delayOf"];
  readonly plans: Plans;
  readonly engineIncident: PageIncidentCommandDeps["engineIncident"];
  readonly mailer: Mailer;
  readonly hostTaken: DeliveryCommandDeps["hostTaken"];
  readonly isReservedHost: SiteDeps["isReservedHost"];
  readonly location: string;
  /** Where the dashboard is reached, without a slash at the end; "" when nobody has said. */
  readonly site: () => string;
  readonly font: () => Promise<Buffer | undefined>;
  /** Rooms that refer to pages remove their references when a page goes. */
  readonly pageCascades: readonly Cascade[];
  readonly onError: (error: unknown) => void;
}

export interface StatusPagesRoom {
  readonly routes: readonly AnyRoute[];
  /** Pages as people read them, outside `/api/v1`. */
  readonly site: Site;
  readonly cascades: { readonly users: Cascade };
  /** Whose a page is; undefined: there is none of that id. */
  ownerOf(pageId: number): number | undefined;
  pathOf(pageId: number): string;
  /** Whether a page answers at a host. */
  hasHost(host: string): boolean;
  /** Whether everybody may read one. */
  hasOpenPage(): boolean;
  /** Forgets what is kept no longer. */
  prune(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const EXPORT_LOOK_MS = 5_000;

/** Pages that tell readers how services and servers are, and what is done about it. */
export async function createStatusPages(deps: StatusPagesDeps): Promise<StatusPagesRoom> {
  const { clock, database, now, sealing } = deps;
  const pages = await database.keep(statusPageKind);
  const tokens = createPageTokens(sealing);
  const publicKey = (pageId: number, label: string): string => sealing.derive(`page part ${pageId} ${label}`, 9).toString("base64url");
  const placesOf = (page: StatusPage) => ({
    id: publicKey(page.id, "page"),
    url: page.domain === "" ? `${deps.site()}${pathOf(page)}` : `https://${page.domain}`,
  });
  const snapshot = createSnapshots({ ...deps, calendarOf: createCalendars(), publicKey });
  const views = createViews({ snapshot, monotonic: () => clock.monotonic(), pages });
  const announcing = createAnnouncing({ ...deps, pages, deliver: createLetters({ ...deps, pages, tokens }) });
  const { announce } = announcing;
  const subscribers = createSubscriberCommands({ ...deps, pages, announcing });
  const maintenances = createMaintenanceCommands({ ...deps, pages, announce });
  const removal = createMaintenanceRemoval(deps);
  const incidents = { ...deps, pages, announce };
  const templates = createTemplateCommands(deps);
  const commands = createPageCommands({
    ...deps,
    pages,
    async forget(tx, changes, pageIds) {
      await removal.forgetPages(tx, changes, pageIds);
      await subscribers.forgetPages(tx, pageIds);
      await runCascades(tx, deps.pageCascades, pageIds, changes);
    },
  });
  const exporting = createExporting({ ...deps, pages, views, placesOf });
  const access = createPageAccess({ ...deps, tokens });
  const site = createSite({
    ...deps,
    ...createPastIncidents({ database, views }),
    pages,
    views,
    access,
    placesOf,
    editions: createEditions(deps.compressor),
    forms: createForms({ ...deps, tokens, subscribers: createSubscribing({ ...deps, announcing, tokens }) }),
  });
  let job: Job | undefined;
  return {
    routes: [
      ...pageRoutes({
        commands,
        delivery: createDeliveryCommands({ ...deps, isMailChannel: deps.mailer.isMailChannel }),
        factsOf: createPageFacts({ database, views }),
        preview: createPreview({ ...deps, commands, snapshot }),
        exported: exporting.stateOf,
        exportNow: (_caller, page) => exporting.exportNow(page),
        bouncePath: (page) => `${pathOf(page)}/bounce/${tokens.bounce(page)}`,
      }),
      ...pageIncidentRoutes(createPageIncidentCommands(incidents), createSaying(incidents)),
      ...maintenanceRoutes({ commands: maintenances, removal, plans: deps.plans, now }),
      ...templateRoutes(templates),
      ...subscriberRoutes(subscribers),
    ],
    site,
    cascades: {
      async users(tx, ids, changes) {
        await commands.forgetUsers(tx, ids, changes);
        await templateStore.deleteOf(tx, ids);
      },
    },
    ownerOf: (id) => pages.get(id)?.ownerId,
    pathOf: (id) => pathOf(pages.get(id)),
    hasHost: (host) => site.byHost(host) !== undefined,
    hasOpenPage: () => pages.list().some(access.isOpenToAll),
    async prune() {
      await subscribers.prune();
      await database.transaction((tx) => maintenanceStore.sweep(tx));
      for (const { id } of pages.list()) await database.transaction((tx) => pageIncidentStore.prune(tx, id));
    },
    start: () => void (job = deps.scheduler.every(EXPORT_LOOK_MS, "copies of status pages", "judge", exporting.look)),
    async stop() {
      job?.cancel();
      await exporting.stop();
    },
  };
}

import type { RandomBytes } from "@windfire/kit";
import { createLateWrites, randomText } from "@windfire/kit";
import type { FactBus } from "#kernel";
import { countedAlone } from "#platform/bus";
import type { Cascade } from "#platform/database";
import type { Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import type { Passwords } from "#platform/password";
import { createShareCommands } from "./commands.ts";
import type { ShareCommandDeps, ShareSubjects } from "./commands.ts";
import { SECRET_LENGTH } from "./model.ts";
import { createOpening } from "./opening.ts";
import type { Opening, OpeningDeps } from "./opening.ts";
import { shareLinkRoutes } from "./routes.ts";
import { shareLinkKind, shareLinkStore } from "./store.ts";

/** What the room needs of others. */
export interface ShareLinksDeps {
  readonly clock: OpeningDeps["clock"];
  /** With whom the pace of guesses is shared; nobody unless told. */
  readonly share?: OpeningDeps["share"];
  readonly random: RandomBytes;
  readonly database: Database;
  readonly audit: ShareCommandDeps["audit"];
  readonly facts: Pick<FactBus, "publish">;
  readonly passwords: Passwords;
  readonly requireRoom: ShareCommandDeps["requireRoom"];
  readonly subjects: ShareSubjects;
  /** Whether somebody's say goes over everybody's rows: administrators. */
  readonly ownsEverything: (userId: number) => boolean;
  readonly key: string;
  readonly onError: (error: unknown) => void;
}

export interface ShareLinksRoom {
  readonly routes: readonly AnyRoute[];
  /** For the gate. */
  readonly of: Opening["of"];
  /** For documents: whether a browser opened a link that shows the row. */
  readonly hasOpened: Opening["hasOpened"];
  /** Rows of a kind that is shared go: nothing names them any more. */
  readonly cascades: { readonly users: Cascade; rows(kind: keyof ShareSubjects): Cascade };
  stop(): Promise<void>;
}

/** Views without an account: chosen rows, until a date, for whoever has the link. */
export async function createShareLinks(deps: ShareLinksDeps): Promise<ShareLinksRoom> {
  const links = await deps.database.keep(shareLinkKind);
  const lateWrites = createLateWrites(deps);
  const mayShow: OpeningDeps["mayShow"] = (ownerId, { kind, id }) => {
    const owner = deps.subjects[kind].ownerOf(id);
    return owner !== undefined && (owner === ownerId || deps.ownsEverything(ownerId));
  };
  const commands = createShareCommands({
    ...deps,
    now: () => deps.clock.now(),
    links,
    newSecret: () => randomText(deps.random, SECRET_LENGTH),
  });
  const opening = createOpening({
    ...deps,
    share: deps.share ?? countedAlone,
    links,
    lateWrites,
    mayShow,
    pathOf: ({ kind, id }) => deps.subjects[kind].pathOf(id),
  });
  links.subscribe({ changed: ({ key, after }) => void (after ?? deps.facts.publish("share-link.ended", { linkIds: [key] })) });
  return {
    routes: shareLinkRoutes(commands, opening),
    of: opening.of,
    hasOpened: opening.hasOpened,
    cascades: {
      async users(tx, ids, changes) {
        const gone = (await shareLinkKind.load(tx)).filter(({ ownerId }) => ids.includes(ownerId)).map(({ id }) => id);
        await shareLinkStore.delete(tx, gone);
        changes.gone(shareLinkKind.name, gone);
      },
      rows: (kind) => async (tx, ids, changes) => {
        for (const id of await shareLinkStore.forget(tx, kind, ids)) changes.put(shareLinkKind.name, id);
      },
    },
    stop: () => lateWrites.settled(),
  };
}

import { isAbsolute, normalize } from "node:path";
import type { PageDeliveryForm } from "@windfire/api";
import { refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { normaliseHost } from "#platform/config";
import type { Database } from "#platform/database";
import type { Sealing } from "#platform/sealing";
import type { ExportTarget, StatusPage } from "./model.ts";
import { requirePage } from "./reach.ts";
import { pageStore, statusPageKind } from "./store.ts";

const KIND = statusPageKind.name;
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export interface DeliveryCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly sealing: Pick<Sealing, "seal">;
  /** Why a host name cannot be a page's; `undefined`: it can. */
  readonly hostTaken: (host: string) => string | undefined;
  /** Whether a channel sends mail. */
  readonly isMailChannel: (channelId: number) => boolean;
}

/** Where the secret of a page's export may be opened. */
export const exportPlace = (pageId: number): string => `status page ${pageId}`;

/** What of a page reaches beyond it: its host name, the channel of its mail, where it is written to. Administrators alone come here. */
export function createDeliveryCommands({ database, audit, now, sealing, hostTaken, isMailChannel }: DeliveryCommandDeps) {
  return {
    async update(caller: Caller, id: number, form: PageDeliveryForm): Promise<void> {
      await database.change(async (tx, changes) => {
        const from = requirePage(caller, id, await pageStore.find(tx, id));
        const domain = domainOf(form.domain, from, hostTaken);
        const others = await statusPageKind.load(tx);
        const isTaken = domain !== "" && others.some((other) => other.id !== id && other.domain === domain);
        if (isTaken) throw refuseText("domain: is the domain of another status page");
        if (form.channel_id !== 0 && form.channel_id !== from.channelId && !isMailChannel(form.channel_id))
          throw refuseText("channel_id: must be a channel of the kind e-mail");
        const exportTarget = targetOf(form.export);
        const secret = secretOf(form.export, exportTarget, from);
        const exportSecret = secret.kept ?? (secret.fresh === "" ? "" : sealing.seal(secret.fresh, exportPlace(id)));
        const to: StatusPage = { ...from, domain, channelId: form.channel_id, exportTarget, exportSecret, updatedAt: now() };
        await pageStore.setDelivery(tx, id, to, now());
        changes.put(KIND, id);
        const deed = { action: "status-page.delivery", kind: KIND, key: id, from, to, secrets: ["passwordHash", "exportSecret"] };
        await audit.write(tx, { actor: actorOf(caller), ...deed });
      });
    },
    /** Whoever had the earlier address ends no more subscriptions. */
    async renewBounceAddress(caller: Caller, id: number): Promise<void> {
      await database.change(async (tx, changes) => {
        const page = requirePage(caller, id, await pageStore.find(tx, id));
        await pageStore.setBounceTurn(tx, id, page.bounceTurn + 1, now());
        changes.put(KIND, id);
        await audit.write(tx, { actor: actorOf(caller), action: "status-page.bounce-address", kind: KIND, key: id });
      });
    },
  };
}

export type DeliveryCommands = ReturnType<typeof createDeliveryCommands>;

function domainOf(text: string, before: StatusPage, hostTaken: DeliveryCommandDeps["hostTaken"]): string {
  if (text.trim() === "") return "";
  const domain = normaliseHost(text);
  if (domain === before.domain) return domain;
  if (!HOST.test(domain) || /^[\d.]+$/.test(domain)) throw refuseText("domain: must be a host name such as status.example.org");
  const reason = hostTaken(domain);
  if (reason !== undefined) throw refuseText(`domain: ${reason}`);
  return domain;
}

function targetOf(form: PageDeliveryForm["export"]): ExportTarget {
  const { kind, folder, endpoint, region, bucket, prefix, access_key: accessKey } = form;
  if (kind === "folder" && !(isAbsolute(folder) && normalize(folder) === folder.replace(/(?<=.)\/$/, "")))
    throw refuseText("export.folder: must be an absolute path without . and ..");
  if (kind === "s3") {
    if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
      throw refuseText("export.endpoint: must be an http or https address");
    if (!BUCKET.test(bucket)) throw refuseText("export.bucket: must be the name of a bucket");
    if (!/^[\w!*'()./-]*$/.test(prefix) || prefix.startsWith("/") || prefix.split("/").includes(".."))
      throw refuseText("export.prefix: may have letters, digits and !-_.*'()/ without a / at the beginning");
    if (accessKey === "") throw refuseText("export.access_key: must not be empty");
  }
  return { kind, folder, endpoint, region, bucket, prefix, accessKey };
}

/** A secret that is left out stays, as long as it goes to the same place. */
function secretOf(
  { secret_key: fresh }: PageDeliveryForm["export"],
  to: ExportTarget,
  { exportTarget: before, exportSecret }: StatusPage,
): { readonly fresh: string; readonly kept?: string } {
  if (to.kind !== "s3") return { fresh: "" };
  if (fresh !== "") return { fresh };
  const goesElsewhere = exportSecret === "" || to.endpoint !== before.endpoint || to.accessKey !== before.accessKey;
  if (goesElsewhere) throw refuseText("export.secret_key: enter it, because it is for another endpoint or key");
  return { fresh, kept: exportSecret };
}

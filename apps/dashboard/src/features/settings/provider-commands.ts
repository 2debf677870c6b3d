import type { SignInProvider, SignInProviderForm } from "@windfire/api";
import { AppError, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { ConfigStore, ProviderFields } from "#platform/config";
import type { Database } from "#platform/database";
import type { SettingsKeeper } from "#platform/settings";
import { fieldsOf, requireProvider, shownProvider } from "./provider-form.ts";

export interface ProviderCommandDeps {
  readonly config: Pick<ConfigStore, "current">;
  readonly keeper: Pick<SettingsKeeper, "saveProvider">;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  /** Whether an address in a network may be asked. */
  readonly mayReach: (host: string, port: number) => boolean;
}

const KIND = "sign-in-provider";

/** Whether the secret would be shown to somebody whom it was not entered for. */
const isElsewhere = (form: SignInProviderForm, before: SignInProvider): boolean =>
  (["issuer", "token_url", "client_id"] as const).some((field) => form[field] !== before[field]);

/** Providers that people sign in through, as they stand in the file. They count at once. */
export function createProviderCommands({ config, keeper, database, audit, mayReach }: ProviderCommandDeps) {
  const stored = (name: string): SignInProvider | undefined => {
    const { oauth2 } = config.current;
    const provider = Object.hasOwn(oauth2, name) ? oauth2[name] : undefined;
    return provider && shownProvider(name, provider);
  };
  /** As with settings: file and audit line go together. */
  const write = async (
    caller: Caller,
    names: readonly string[],
    fields: ProviderFields | undefined,
    action: string,
    to?: object,
  ): Promise<void> => {
    try {
      await database.change(async (tx, changes) => {
        for (const name of names) {
          const from = stored(name);
          const deed = { actor: actorOf(caller), action: `${KIND}.${action}`, kind: KIND, key: name };
          await audit.write(tx, { ...deed, ...(from ? { from } : {}), ...(to ? { to } : {}) });
          await keeper.saveProvider(tx, changes, name, fields);
        }
      });
    } catch (error) {
      throw new AppError("database error", [], { cause: error });
    }
  };
  return {
    list: (): SignInProvider[] =>
      Object.entries(config.current.oauth2)
        .map(([name, provider]) => shownProvider(name, provider))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),

    async save(caller: Caller, form: SignInProviderForm): Promise<void> {
      requireProvider(form, mayReach);
      const { client_secret: secret, ...shown } = form;
      const before = stored(form.name);
      if (secret === "" && before?.client_secret === true && isElsewhere(form, before))
        throw refuseText("client_secret: enter it, because it is for another issuer, token_url or client_id");
      const to = { ...shown, client_secret: secret !== "" || before?.client_secret === true, secret: secret === "" ? "as it was" : "new" };
      await write(caller, [form.name], fieldsOf(form), before ? "update" : "create", to);
    },

    async delete(caller: Caller, names: readonly string[]): Promise<void> {
      const known = [...new Set(names)].filter((name) => stored(name) !== undefined);
      if (known.length > 0) await write(caller, known, undefined, "delete");
    },
  };
}

export type ProviderCommands = ReturnType<typeof createProviderCommands>;

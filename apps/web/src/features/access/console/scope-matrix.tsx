import type { Scope } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";

export const VERBS = ["read", "write", "delete", "exec"] as const;
export type Verb = (typeof VERBS)[number];

/** What tokens may touch, and by which verbs (spec 10 section 12.5). */
export const RESOURCES = [
  { name: "inventory", verbs: ["read", "delete"] },
  { name: "server", verbs: ["read", "write", "delete", "exec"] },
  { name: "service", verbs: ["read", "write", "delete"] },
  { name: "alertrule", verbs: ["read", "write", "delete"] },
  { name: "cron", verbs: ["read", "write", "delete", "exec"] },
  { name: "ddns", verbs: ["read", "write", "delete"] },
  { name: "nat", verbs: ["read", "write", "delete"] },
  { name: "notification", verbs: ["read", "write", "delete"] },
  { name: "notification-group", verbs: ["read", "write", "delete"] },
  { name: "transfer", verbs: ["read", "write", "delete"] },
] as const satisfies readonly { name: string; verbs: readonly Verb[] }[];

const EVERYTHING: Scope = "nezha:*";
const ADMINISTRATION: Scope = "nezha:admin:*";

interface MatrixProps {
  readonly scopes: ReadonlySet<string>;
  readonly admin: boolean;
  /** What can be given: of those who only read, reading alone. */
  readonly verbs: readonly Verb[];
  readonly onChange: (scopes: ReadonlySet<string>) => void;
}

export function ScopeMatrix({ scopes, admin, verbs: given, onChange }: MatrixProps) {
  const { t } = useFormats();
  const all = scopes.has(EVERYTHING);
  const toggle = (scope: string) => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    onChange(next);
  };
  return (
    <div className="grid gap-3">
      <div className="wf-card wf-scroll" role="region" aria-label={t("tokens.scopes")} tabIndex={0}>
        <table className="wf-table">
          <thead>
            <tr>
              <th scope="col">{t("tokens.resource")}</th>
              {given.map((verb) => (
                <th key={verb} scope="col" className="text-center!">
                  {t(`tokens.verb.${verb}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {RESOURCES.map(({ name, verbs }) => (
              <tr key={name}>
                <th scope="row" className="h-9! border-line! text-sm! text-ink!">
                  {t(`tokens.resources.${name}`)}
                </th>
                {given.map((verb) => (
                  <td key={verb} className="h-9! text-center">
                    {(verbs as readonly Verb[]).includes(verb) ? (
                      <input
                        type="checkbox"
                        className="wf-check"
                        aria-label={t("tokens.scope", { resource: t(`tokens.resources.${name}`), verb: t(`tokens.verb.${verb}`) })}
                        disabled={all}
                        checked={all || scopes.has(`nezha:${name}:${verb}`)}
                        onChange={() => toggle(`nezha:${name}:${verb}`)}
                      />
                    ) : null}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {admin
        ? [ADMINISTRATION, EVERYTHING].map((scope) => (
            <label key={scope} className="flex items-center gap-2">
              <input type="checkbox" className="wf-check" checked={scopes.has(scope)} onChange={() => toggle(scope)} />
              {t(scope === EVERYTHING ? "tokens.everything" : "tokens.administration")}
            </label>
          ))
        : null}
    </div>
  );
}

/** Rights that are often given together: of every resource those of some verbs. */
export const PRESETS = {
  read: scopesOf("read"),
  operate: scopesOf("read", "exec"),
  manage: scopesOf("read", "write", "exec"),
} as const;
export type Preset = keyof typeof PRESETS;
export const PRESET_NAMES = ["read", "operate", "manage"] as const satisfies readonly Preset[];

function scopesOf(...wanted: readonly Verb[]): ReadonlySet<string> {
  return new Set(
    RESOURCES.flatMap(({ name, verbs }) => verbs.filter((verb) => wanted.includes(verb)).map((verb) => `nezha:${name}:${verb}`)),
  );
}

/** The preset that holds exactly these rights. */
export function presetOf(scopes: ReadonlySet<string>): Preset | undefined {
  return PRESET_NAMES.find((name) => PRESETS[name].size === scopes.size && PRESETS[name].isSubsetOf(scopes));
}

/** Scopes as sent: whole resources are one scope, so that the limit of 32 is not met. */
export function packScopes(scopes: ReadonlySet<string>): string[] {
  if (scopes.has(EVERYTHING)) return [EVERYTHING];
  const packed = RESOURCES.flatMap(({ name, verbs }) => {
    const own = verbs.map((verb) => `nezha:${name}:${verb}`);
    return own.every((scope) => scopes.has(scope)) ? [`nezha:${name}:*`] : own.filter((scope) => scopes.has(scope));
  });
  return scopes.has(ADMINISTRATION) ? [...packed, ADMINISTRATION] : packed;
}

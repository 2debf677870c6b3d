import { PROBE_FAMILY, probeKey, serverOf, serviceOf } from "../columns.ts";

/** What a point of a group is told apart by, besides its installation. */
export interface GroupLabels {
  readonly server: number;
  /** Of what a server has seen of a service. */
  readonly service?: number;
}

/** Names of one installation's series: several may keep theirs in the same place. */
export interface Names {
  readonly installation: string;
  /** Name of the series of a column of a family. */
  metric(family: string, column: string): string;
  /** Some columns of some groups of a family. The groups have a server or a service in common where they have two labels. */
  selector(family: string, columns: readonly string[], groups: readonly number[]): string;
  /** The same without the columns. */
  groups(family: string, groups: readonly number[]): string;
  /** Everything of servers, also what they saw of services, or everything of services. */
  everythingOf(kind: "server" | "service", ids: readonly number[]): string;
  /** All groups that have a column. */
  all(family: string, column: string): string;
}

const INSTALLATION = /^[0-9a-z-]{4,64}$/;

/** @throws RangeError for an installation without a name: what is asked for or deleted would be everybody's */
export function createNames(installation: string): Names {
  if (!INSTALLATION.test(installation)) throw new RangeError(`${JSON.stringify(installation)} is no name of an installation`);
  const metric = (family: string, column: string): string => `windfire_${family}_${column}`;
  const own = `installation="${installation}"`;
  const labels = (family: string, groups: readonly number[]): string => {
    const all = groups.map((group) => labelsOf(family, group));
    const servers = oneOf("server", unique(all.map(({ server }) => server)));
    if (family !== PROBE_FAMILY) return `${own},${servers}`;
    return `${own},${servers},${oneOf("service", unique(all.map(({ service }) => service ?? 0)))}`;
  };
  return {
    installation,
    metric,
    selector: (family, columns, groups) => {
      const names = columns.map((column) => metric(family, column));
      return `{${oneOf("__name__", names)},${labels(family, groups)}}`;
    },
    groups: (family, groups) => `{${labels(family, groups)}}`,
    everythingOf: (kind, ids) => `{${own},${oneOf(kind, unique(ids))}}`,
    all: (family, column) => `{${oneOf("__name__", [metric(family, column)])},${own}}`,
  };
}

export function labelsOf(family: string, group: number): GroupLabels {
  return family === PROBE_FAMILY ? { server: serverOf(group), service: serviceOf(group) } : { server: group };
}

/** Which group a series belongs to. */
export function groupOf(family: string, labels: Readonly<Record<string, string>>): number {
  const server = Number(labels["server"]);
  return family === PROBE_FAMILY ? probeKey(Number(labels["service"]), server) : server;
}

function oneOf(label: string, values: readonly (string | number)[]): string {
  const [first, ...more] = values;
  if (first === undefined) throw new RangeError(`no ${label} to ask for`);
  return more.length === 0 ? `${label}="${first}"` : `${label}=~"${values.join("|")}"`;
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)];
}

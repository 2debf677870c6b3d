import type { Replica } from "../replica.ts";
import type { World } from "../world.ts";

const GOOD = 2;

/** In the end all replicas know the same. */
export function judgeAgreement(world: World): string[] {
  const { agents, replicas } = world;
  const findings = Object.entries(VIEWS).flatMap(([what, view]) => {
    const seen = new Set(replicas.map((replica) => JSON.stringify(view(replica, world))));
    return seen.size > 1 ? [`replicas do not agree on ${what}: ${[...seen].join(" and ")}`] : [];
  });
  for (const { name, services } of replicas)
    for (const service of services?.services.list() ?? [])
      if (services?.stateOf(service.id)?.health !== GOOD) findings.push(`service ${service.name} is not good at ${name} in the end`);
  for (const id of agents.moods.keys()) {
    const keepers = replicas.filter(({ replicas: seen }) => seen.isJudgedHere(id)).map(({ name }) => name);
    const at = agents.at(id)?.name;
    if (keepers.join(" ") !== at) findings.push(`server ${id} is at ${at}, and is judged at ${keepers.join(" and ") || "none"}`);
  }
  return findings;
}

const VIEWS: Readonly<Record<string, (replica: Replica, world: World) => unknown>> = {
  "the judge": ({ lease }) => lease.holder,
  rules: ({ alerts }) => alerts.directory.list(),
  crons: ({ cron }) => cron?.crons.list().map(({ command }) => command),
  "the last states of servers": ({ servers }, { agents }) => [...agents.moods.keys()].map((id) => servers.get(id)?.lastActive !== 0),
};

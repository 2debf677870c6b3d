import { TASK } from "@windfire/protocol";
import type { Task, TaskResult } from "@windfire/protocol";

/** Tasks given for others whose results are told to them; the oldest is forgotten. */
const MOST_ROUTES = 100_000;
/** Beyond the numbers that rooms give their tasks. */
const FIRST_NUMBER = 2 ** 45;
/** Numbers of these tasks mean something to whoever gave them alone: two replicas give the same ones. */
const PRIVATE_NUMBERS: ReadonlySet<number> = new Set([
  TASK.keepalive,
  TASK.mcpExec,
  TASK.mcpFsList,
  TASK.mcpFsRead,
  TASK.mcpFsWrite,
  TASK.mcpFsDelete,
]);

interface Route {
  readonly replica: string;
  /** As whoever gave the task numbered it. */
  readonly id: number;
}

/** Where the results of tasks go that were given for other replicas. */
export function createResultRoutes() {
  const routes = new Map<string, Route>();
  const keyOf = (serverId: number, type: number, id: number): string => `${serverId} ${type} ${id}`;
  let last = FIRST_NUMBER;
  return {
    /** @returns the task as the agent is to get it */
    note(replica: string, serverId: number, task: Task): Task {
      const id = PRIVATE_NUMBERS.has(task.type) ? ++last : task.id;
      const key = keyOf(serverId, task.type, id);
      routes.delete(key);
      routes.set(key, { replica, id: task.id });
      for (const oldest of routes.keys()) {
        if (routes.size <= MOST_ROUTES) break;
        routes.delete(oldest);
      }
      return id === task.id ? task : { ...task, id };
    },
    /** This replica gives the task itself. */
    own(serverId: number, { type, id }: Task): void {
      if (routes.size > 0) routes.delete(keyOf(serverId, type, id));
    },
    /** Who is to have a result, and how they know it; undefined: it is this replica's. */
    of(serverId: number, result: TaskResult): { readonly replica: string; readonly result: TaskResult } | undefined {
      if (routes.size === 0) return undefined;
      const route = routes.get(keyOf(serverId, result.type, result.id));
      return route && { replica: route.replica, result: { ...result, id: route.id } };
    },
  };
}

export type ResultRoutes = ReturnType<typeof createResultRoutes>;

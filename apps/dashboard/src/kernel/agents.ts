/** What became of a task given to an agent. Agents without a task stream are `offline`. */
export type DispatchOutcome = "sent" | "offline" | "queue-full";

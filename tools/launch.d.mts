/** See launch.mjs: runs a program of this repository on the Node it needs. */
export function launch(target: string, args: readonly string[]): Promise<void>;

/** Environment variable of a process that must not outlive the one that started it. */
export const FOLLOW_PARENT: string;

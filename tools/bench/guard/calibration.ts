const ROUNDS = 60;
const ROWS = 400;

/** What the dashboard does most, in small: texts out of values and back, by an engine that has warmed up. */
function work(): number {
  let sum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const rows = Array.from({ length: ROWS }, (_none, id) => ({ id, name: `server ${id}`, load: id / 7, parts: [id, round, id * round] }));
    for (const { parts } of JSON.parse(JSON.stringify(rows)) as typeof rows) sum += parts.length;
  }
  return sum;
}

/** Milliseconds of CPU that a fixed piece of work takes on this machine at this moment: what figures are divided by. */
export function calibrate(): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

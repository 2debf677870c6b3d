/** Several parts notice for themselves that points are not taken; who hears of it hears of the first one, and when all are well again. */
export function createOutages(onOutage: (reason: string) => void): () => (reason: string) => void {
  const failing = new Set<number>();
  let parts = 0;
  return () => {
    const part = parts++;
    return (reason) => {
      const before = failing.size;
      if (reason === "") failing.delete(part);
      else failing.add(part);
      if ((before === 0) !== (failing.size === 0)) onOutage(reason);
    };
  };
}

/** What a full queue does with one more item. */
export type FullPolicy = "refuse" | "drop-oldest";

/** First in, first out, never longer than its capacity; counts what did not fit. */
export interface BoundedQueue<T> {
  /** `"queued"`; or, when full, `"refused"` (the item is not taken) or `"dropped-oldest"` (the item is taken). */
  push(item: T): "queued" | "refused" | "dropped-oldest";
  shift(): T | undefined;
  peek(): T | undefined;
  /** Takes out up to `limit` items, oldest first. */
  drain(limit?: number): T[];
  clear(): void;
  readonly size: number;
  /** Items refused or dropped since the queue was made. */
  readonly lost: number;
}

/** A ring buffer that grows up to `capacity` items. */
export function createBoundedQueue<T>(options: { capacity: number; whenFull: FullPolicy }): BoundedQueue<T> {
  const { capacity, whenFull } = options;
  if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError("capacity must be a positive integer");
  let slots: (T | undefined)[] = new Array<T | undefined>(Math.min(capacity, 16));
  let head = 0;
  let size = 0;
  let lost = 0;

  const grow = (): void => {
    const next = new Array<T | undefined>(Math.min(capacity, slots.length * 2));
    for (let index = 0; index < size; index++) next[index] = slots[(head + index) % slots.length];
    slots = next;
    head = 0;
  };
  const shift = (): T | undefined => {
    if (size === 0) return undefined;
    const item = slots[head];
    slots[head] = undefined;
    head = (head + 1) % slots.length;
    size--;
    return item;
  };

  return {
    push: (item) => {
      const full = size === capacity;
      if (full) lost++;
      if (full && whenFull === "refuse") return "refused";
      if (full) shift();
      else if (size === slots.length) grow();
      slots[(head + size) % slots.length] = item;
      size++;
      return full ? "dropped-oldest" : "queued";
    },
    shift,
    peek: () => slots[head],
    drain: (limit = Number.POSITIVE_INFINITY) => {
      const items: T[] = [];
      while (size > 0 && items.length < limit) {
        const item = slots[head];
        shift();
        items.push(item as T);
      }
      return items;
    },
    clear: () => {
      slots = new Array<T | undefined>(Math.min(capacity, 16));
      head = 0;
      size = 0;
    },
    get size() {
      return size;
    },
    get lost() {
      return lost;
    },
  };
}

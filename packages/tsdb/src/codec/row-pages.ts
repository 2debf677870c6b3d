/** Rows of a page. */
const PAGE_ROWS = 16;
const SHIFT = 4;
const MASK = PAGE_ROWS - 1;
/** Free pages kept for the next rows; more are left to the garbage collector. */
const MOST_FREE = 16_384;

/** Where memory for rows of one width comes from, and goes back to: groups fill up and are sealed all the time. */
export interface PagePool {
  /** Numbers in a row. */
  readonly width: number;
  take(): Float64Array;
  give(page: Float64Array): void;
}

export function createPagePool(width: number): PagePool {
  const free: Float64Array[] = [];
  return {
    width,
    take: () => free.pop() ?? new Float64Array(PAGE_ROWS * width),
    give: (page) => {
      if (free.length < MOST_FREE) free.push(page);
    },
  };
}

/** A list of rows of numbers in pages of a pool. */
export interface PagedRows {
  readonly pool: PagePool;
  readonly pages: Float64Array[];
  length: number;
}

export function createPagedRows(pool: PagePool): PagedRows {
  return { pool, pages: [], length: 0 };
}

/** One number of a row. */
export function cell(rows: PagedRows, row: number, column: number): number {
  return (rows.pages[row >> SHIFT] as Float64Array)[(row & MASK) * rows.pool.width + column] as number;
}

/** One column of the rows from `from` on, as many as there is room for. */
export function copyColumn(rows: PagedRows, column: number, from: number, into: Float64Array): void {
  const { width } = rows.pool;
  for (let row = 0; row < into.length;) {
    const page = rows.pages[(from + row) >> SHIFT] as Float64Array;
    const end = Math.min(into.length, row + PAGE_ROWS - ((from + row) & MASK));
    for (let at = ((from + row) & MASK) * width + column; row < end; row++, at += width) into[row] = page[at] as number;
  }
}

/** The numbers of a row, to be read or changed before rows are inserted or removed. */
export function rowOf(rows: PagedRows, row: number): Float64Array {
  const start = (row & MASK) * rows.pool.width;
  return (rows.pages[row >> SHIFT] as Float64Array).subarray(start, start + rows.pool.width);
}

/** Makes room for a row at `at`, which may be the end, and returns it; it holds old numbers. */
export function insertRow(rows: PagedRows, at: number): Float64Array {
  if (rows.length === rows.pages.length * PAGE_ROWS) rows.pages.push(rows.pool.take());
  rows.length++;
  for (let row = rows.length - 1; row > at; row--) rowOf(rows, row).set(rowOf(rows, row - 1));
  return rowOf(rows, at);
}

/** Removes rows from the front. */
export function removeFirst(rows: PagedRows, count: number): void {
  for (let row = count; row < rows.length; row++) rowOf(rows, row - count).set(rowOf(rows, row));
  rows.length -= count;
  const needed = Math.ceil(rows.length / PAGE_ROWS);
  for (const page of rows.pages.splice(needed)) rows.pool.give(page);
}

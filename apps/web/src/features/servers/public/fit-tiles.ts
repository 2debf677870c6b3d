/** Tiles of one size in a box. */
export interface TileFit {
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

/** Width by height that a tile would best have. */
const BEST_RATIO = 2.2;
/** Pixels between tiles. */
export const TILE_GAP = 4;

/** The largest tiles of about the best shape with which `count` of them fill a box without overflowing it. Pixels. */
export function fitTiles(count: number, box: { readonly width: number; readonly height: number }): TileFit {
  let best: TileFit = { columns: 1, width: 0, height: 0 };
  let bestSize = -1;
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const width = (box.width - TILE_GAP * (columns - 1)) / columns;
    const height = (box.height - TILE_GAP * (rows - 1)) / rows;
    const size = Math.min(width / BEST_RATIO, height);
    if (size <= bestSize) continue;
    bestSize = size;
    best = { columns, width, height };
  }
  return best;
}

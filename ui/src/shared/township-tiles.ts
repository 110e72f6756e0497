// Where each township and street of 渠县 lies among the others: one tile each on a grid, north above. Drawn by
// hand and no survey: neighbours are neighbours as far as a grid allows, 渠江 runs down its middle.

export type Tile = { column: number; row: number };

const ROWS: (string | null)[][] = [
  [null, null, "511725216", "511725106", "511725107", null, null], // 安北 涌兴 贵福
  ["511725111", "511725224", "511725123", "511725108", "511725128", "511725104", null], // 宝城 巨光 青龙 岩峰 龙凤 三汇
  ["511725109", "511725118", "511725119", "511725121", "511725103", "511725134", "511725105"], // 静边 三板 丰乐 合力 土溪 东安 文崇
  ["511725120", "511725116", "511725130", "511725115", "511725231", "511725215", "511725220"], // 李馥 中滩 万寿 李渡 望江 报恩 大义
  ["511725236", "511725112", "511725129", "511725131", "511725001", "511725125", null], // 拱市 有庆 新市 渠北 渠江 卷硐
  [null, "511725132", "511725110", "511725002", "511725003", "511725102", null], // 定远 清溪场 渠南 天星 临巴
  [null, null, "511725113", "511725114", "511725126", null, null], // 鲜渡 琅琊 望溪
];

export const TILE_COLUMNS = 7;
export const TILE_ROWS = ROWS.length;

const TILES = new Map<string, Tile>();
ROWS.forEach((codes, row) => codes.forEach((code, column) => code !== null && TILES.set(code, { column: column + 1, row: row + 1 })));

/** Null for a code that is no township of the county. */
export const tileOf = (code: string): Tile | null => TILES.get(code) ?? null;
export const tiledTownships = (): string[] => [...TILES.keys()];

/** 三汇镇 fits on a tile as 三汇. */
export const shortName = (name: string): string => (name.length > 2 ? name.replace(/(街道|镇|乡)$/, "") : name);

/** How deep a tile is coloured, 0 to 5: by its share of the largest, so that one busy street does not wash out the rest. */
export const depthOf = (n: number, largest: number): number => (n === 0 || largest === 0 ? 0 : Math.max(1, Math.ceil(Math.sqrt(n / largest) * 5)));

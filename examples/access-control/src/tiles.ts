/** Draws a picture from a text: a symmetrical grid of tiles. */
import { createHash } from "node:crypto";
import type { Picture } from "./png";

const TILES = 8;
const TILE_PIXELS = 16;
const SIDE = TILES * TILE_PIXELS;
const BACKGROUND = [250, 250, 250];

export function drawTiles(text: string): Picture {
  const hash = createHash("sha256").update(text).digest();
  const colour = [...hash.subarray(0, 3)];
  const pixels = Buffer.alloc(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      pixels.set(isFilled(hash, tileOf(x), tileOf(y)) ? colour : BACKGROUND, (y * SIDE + x) * 3);
    }
  }
  return { width: SIDE, height: SIDE, pixels };
}

function tileOf(pixel: number): number {
  return Math.floor(pixel / TILE_PIXELS);
}

/** One byte of the hash decides about a tile and its mirror image. */
function isFilled(hash: Buffer, column: number, row: number): boolean {
  const mirrored = Math.min(column, TILES - 1 - column);
  return hash.readUInt8((row * (TILES / 2) + mirrored) % hash.length) % 2 === 1;
}

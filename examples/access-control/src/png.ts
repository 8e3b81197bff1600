/** Writes a PNG file (https://www.w3.org/TR/png-3/): 8 bits per channel, no transparency, no filter. */
import { crc32, deflateSync } from "node:zlib";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly pixels: Buffer;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BITS_PER_CHANNEL = 8;
const TRUE_COLOUR = 2;

export function encodePng({ width, height, pixels }: Picture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS_PER_CHANNEL, TRUE_COLOUR], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(scanlines(pixels, width * 3))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Each row begins with its filter type: 0, none. */
function scanlines(pixels: Buffer, rowBytes: number): Buffer {
  const rows: Buffer[] = [];
  for (let at = 0; at < pixels.length; at += rowBytes) {
    rows.push(Buffer.of(0), pixels.subarray(at, at + rowBytes));
  }
  return Buffer.concat(rows);
}

/** Length, type and data, then a checksum of type and data. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

import { crc32, inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { app, call, tokenOf } from "./support/app.js";

const SIGNATURE = "89504e470d0a1a0a";

const running = await app();
const token = await tokenOf(running, { user: "ada" });

it("generate-image answers with a valid PNG of the size it says", async () => {
  const { png, structuredContent, mimeType } = await draw("a cat");
  const { chunks, width, height, pixels } = decoded(png);
  expect(mimeType).toBe("image/png");
  expect(chunks).toEqual(["IHDR", "IDAT", "IEND"]);
  expect(structuredContent).toEqual({ width, height, bytes: png.length });
  expect(pixels.length).toBe(width * height * 3);
});

it("the picture is its own mirror image, in two colours", async () => {
  const { width, height, pixels } = decoded((await draw("a cat")).png);
  const colourAt = (x: number, y: number) =>
    pixels.toString("hex", (y * width + x) * 3, (y * width + x + 1) * 3);
  const colours = new Set<string>();
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      colours.add(colourAt(x, y));
      if (colourAt(x, y) !== colourAt(width - 1 - x, y)) expect.fail(`row ${y} is not symmetrical at ${x}`);
    }
  }
  expect(colours.size).toBe(2);
});

it("the same text gives the same picture, another text another", async () => {
  const [first, again, other] = await Promise.all(["a cat", "a cat", "a dog"].map(draw));
  expect(again?.png).toEqual(first?.png);
  expect(other?.png).not.toEqual(first?.png);
});

async function draw(prompt: string) {
  const { content, structuredContent } = await call(running.mcp, token, "generate-image", { prompt });
  const [image] = content;
  expect(image?.type).toBe("image");
  return { png: Buffer.from(image?.data ?? "", "base64"), mimeType: image?.mimeType, structuredContent };
}

/** Reads an unfiltered true-colour PNG. Fails if a checksum or length is wrong. */
function decoded(png: Buffer) {
  expect(png.toString("hex", 0, 8)).toBe(SIGNATURE);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const end = at + 8 + length;
    expect(crc32(png.subarray(at + 4, end))).toBe(png.readUInt32BE(end));
    chunks.set(png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, end));
    at = end + 4;
  }
  const header = chunks.get("IHDR") ?? Buffer.alloc(13);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const rows = inflateSync(chunks.get("IDAT") ?? Buffer.alloc(0));
  const rowBytes = width * 3 + 1;
  expect(rows.length).toBe(height * rowBytes);
  const pixels = Array.from({ length: height }, (_, y) => {
    expect(rows[y * rowBytes]).toBe(0);
    return rows.subarray(y * rowBytes + 1, (y + 1) * rowBytes);
  });
  return { chunks: [...chunks.keys()], width, height, pixels: Buffer.concat(pixels) };
}

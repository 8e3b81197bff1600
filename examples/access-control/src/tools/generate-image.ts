import type { InferSchema, ToolMetadata } from "xmcp";
import { z } from "zod";
import { encodePng } from "../png";
import { drawTiles } from "../tiles";

export const schema = {
  prompt: z.string().min(1).max(200).describe("The same text gives the same picture"),
};

export const outputSchema = { width: z.number(), height: z.number(), bytes: z.number() };

export const metadata: ToolMetadata = {
  name: "generate-image",
  description: "Draws a symmetrical picture for a text; for users whose public metadata has the role for it",
  annotations: { title: "Generate image", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export default function generateImage({ prompt }: InferSchema<typeof schema>) {
  const picture = drawTiles(prompt);
  const png = encodePng(picture);
  return {
    content: [{ type: "image", data: png.toString("base64"), mimeType: "image/png" }],
    structuredContent: { width: picture.width, height: picture.height, bytes: png.length },
  };
}

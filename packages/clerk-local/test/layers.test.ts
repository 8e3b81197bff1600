import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { layerFaults } from "../../../dev/test/support/import-graph.js";

it("the stand-in's imports run down the floors of layers.json, without a circle", () => {
  expect(layerFaults(fileURLToPath(new URL("..", import.meta.url)))).toEqual([]);
});

// Loaded before a measured server (`--import`). On request, reports the resources that the process has used so far.
/** @typedef {{ benchDurations?: number[], benchWays?: { turns: Record<string, number>[] } }} Measured */

process.on("message", (/** @type {{ collect?: boolean }} */ { collect = false }) => {
  // Twice: objects that the first collection finds unreachable may still keep others alive.
  if (collect) for (let pass = 0; pass < 2; pass += 1) globalThis.gc?.();
  const { benchDurations, benchWays } = /** @type {Measured} */ (globalThis);
  const durations = benchDurations?.splice(0) ?? [];
  const turns = benchWays?.turns.splice(0) ?? [];
  process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage(), durations, turns });
});
process.on("disconnect", () => process.exit());
process.channel?.unref();

// Loaded before a measured server (`--import`): tells the benchmark, on request, what the process has used so far.
process.on("message", (/** @type {{ collect?: boolean, way?: string }} */ { collect = false, way }) => {
  // Twice: what the first finds unreachable may hold on to more.
  if (collect) for (let pass = 0; pass < 2; pass += 1) globalThis.gc?.();
  const { benchDurations, benchWay = { way: "", requests: 0 } } =
    /** @type {{ benchDurations?: number[], benchWay?: { way: string, requests: number } }} */ (globalThis);
  const durations = benchDurations?.splice(0) ?? [];
  if (way !== undefined) benchWay.way = way;
  const { requests } = benchWay;
  process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage(), durations, requests });
});
process.on("disconnect", () => process.exit());
process.channel?.unref();

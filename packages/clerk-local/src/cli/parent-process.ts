/** How the command learns that npm, which started it, has ended. */

const POLL_MS = 500;

/** npm runs a script in a shell, which ends on a signal without handing it on. */
export function onParentEnd(end: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const { ppid } = process;
  const timer = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(timer);
    end();
  }, POLL_MS);
  timer.unref();
}

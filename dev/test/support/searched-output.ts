/**
 * Searches the output of all servers after the last test. Vitest only reports an error thrown at this point, so the
 * exit code is set here.
 */
import { collectServerOutput, searchServerOutput } from "./server-output.js";

export default function setUp(): () => void {
  collectServerOutput();
  return () => {
    try {
      searchServerOutput();
    } catch (error) {
      process.exitCode = 1;
      throw error;
    }
  };
}

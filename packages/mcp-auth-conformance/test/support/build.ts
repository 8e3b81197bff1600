import { buildIfNeeded } from "../../../../dev/scripts/build-if-needed.mjs";

/** Builds the command under test and the template: both run as users start them. */
export default function build(): void {
  buildIfNeeded();
}

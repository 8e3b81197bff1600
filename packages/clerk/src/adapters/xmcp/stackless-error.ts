/**
 * `Error` for xmcp's code. An error of zod has no trace of the stack: the MCP SDK tries each message against several schemas,
 * and each that does not match makes an error that is discarded. Their traces take a quarter of a call.
 */
export const StacklessError: ErrorConstructor = new Proxy(Error, {
  construct(error, given, newTarget) {
    return ZOD.test((newTarget as { readonly name: string }).name)
      ? withoutStack(() => Reflect.construct(error, given, newTarget))
      : Reflect.construct(error, given, newTarget);
  },
});

const ZOD = /^\$?ZodError$/;

function withoutStack<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

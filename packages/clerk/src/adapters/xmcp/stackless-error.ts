/**
 * `Error` for xmcp's code, without the trace of the stack. The MCP SDK tries each message against several schemas, and each
 * that does not match makes an error that nobody sees: their traces take a quarter of a call. Errors of tools are not made by it.
 */
export const StacklessError: ErrorConstructor = new Proxy(Error, {
  construct: (error, given, newTarget) => withoutStack(() => Reflect.construct(error, given, newTarget)),
  apply: (error, self, given) => withoutStack(() => Reflect.apply(error, self, given)),
});

function withoutStack<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

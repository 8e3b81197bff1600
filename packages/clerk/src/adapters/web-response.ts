import type { AnswerWatcher } from "../record/tool-record.js";

/** Reports each complete message of a response to the watcher, and then how it ended: its status, or `aborted`. */
export function watchedBody(response: Response, watcher: AnswerWatcher): Response {
  const { body, status } = response;
  if (body === null) {
    watcher.end(status);
    return response;
  }
  const reader = body.getReader();
  const messages = wholeMessages((part) => watcher.read(part));
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        messages.end();
        watcher.end(status);
        return controller.close();
      }
      messages.take(value);
      controller.enqueue(value);
    },
    cancel(reason) {
      watcher.end("aborted");
      return reader.cancel(reason);
    },
  });
  return new Response(watched, response);
}

/** Replaces the body of a response with the result of `rewrite`. */
export async function rewrittenBody(
  response: Response,
  rewrite: (body: string) => string,
): Promise<Response> {
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  const { status, statusText } = response;
  return new Response(rewrite(await response.text()), { status, statusText, headers });
}

/** Chunks may end anywhere, but a JSON message is on one line. */
function wholeMessages(read: (part: string) => void): { take(chunk: Uint8Array): void; end(): void } {
  const decoder = new TextDecoder();
  let line: string[] = [];
  const flush = (): void => {
    read(line.join(""));
    line = [];
  };
  const add = (text: string): void => {
    line.push(text);
    if (text.endsWith("\n")) flush();
  };
  return {
    take: (chunk) => add(decoder.decode(chunk, { stream: true })),
    end() {
      add(decoder.decode());
      flush();
    },
  };
}

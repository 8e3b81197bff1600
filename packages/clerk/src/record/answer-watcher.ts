/** Who is told of an answer. */
export interface AnswerWatcher {
  /** Takes a part of its body, on its way out. */
  read(part: string): void;
  /** It is complete and has this HTTP status, or the caller hung up first. */
  end(ending: number | "aborted"): void;
}

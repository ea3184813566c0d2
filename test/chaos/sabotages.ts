/**
 * Breaks of the library, each of which the chaos suite must notice. `npm run chaos -- --sabotage` makes one at a time while the
 * sources are loaded: no file is changed. A `find` stands once in its file.
 *
 * Long because it is one table.
 */
export interface Sabotage {
  readonly name: string
  /** In `packages/core/src`. */
  readonly file: string
  /** The test that must notice it. */
  readonly by: "list" | "guesses" | "sweeps" | "watch" | "health" | "decoder" | "slow"
  readonly find: string
  readonly put: string
}

export const sabotages: ReadonlyArray<Sabotage> = [
  {
    name: "runs of one time are not told apart",
    file: "client/advance.ts",
    by: "list",
    find: "<= unnamed : seen.has(row.id) || ids.has(row.id)",
    put: "<= unnamed : ids.has(row.id)"
  },
  {
    name: "a page by a time starts behind that time",
    file: "client/query.ts",
    by: "list",
    find: "cursor.value + (cursor.orderByDirection === \"desc\" ? 1 : -1)",
    put: "cursor.value"
  },
  {
    name: "nothing is retried",
    file: "client/transport.ts",
    by: "list",
    find: "while: (error) => error.isRetryable",
    put: "while: () => false"
  },
  {
    name: "everything is retried",
    file: "client/transport.ts",
    by: "list",
    find: "while: (error) => error.isRetryable",
    put: "while: () => true"
  },
  {
    name: "a body that was cut off is not retried",
    file: "client/response.ts",
    by: "list",
    find: "/^[[{]/.test(start) && endsEarly(body) ? undefined : refuse(",
    put: "refuse("
  },
  {
    name: "a compressed body without a byte counts as whole",
    file: "client/body.ts",
    by: "list",
    find: "isEncoded(response) ||\n",
    put: "\n"
  },
  {
    name: "a body in chunks without a byte counts as whole",
    file: "client/body.ts",
    by: "sweeps",
    find: "(response.headers[\"transfer-encoding\"] !== undefined && response.headers.connection === \"close\")",
    put: "false"
  },
  {
    name: "Retry-After is ignored",
    file: "client/pace.ts",
    by: "list",
    find: "error?._tag === \"TooManyRequests\" && error.retryAfter !== undefined",
    put: "error?._tag === \"BadRequest\" && error.retryAfter !== undefined"
  },
  {
    name: "Retry-After counts seconds as milliseconds",
    file: "client/response.ts",
    by: "list",
    find: ": number * 1000",
    put: ": number"
  },
  {
    name: "the default retries ignore Retry-After",
    file: "client/retry.ts",
    by: "sweeps",
    find: "Duration.toMillis(input.retryAfter ?? 0)",
    put: "0"
  },
  {
    name: "a Retry-After that is a date asks for no wait",
    file: "client/response.ts",
    by: "sweeps",
    find: "dateOf(header) - now",
    put: "0"
  },
  {
    name: "an error resumes without the runs that it has seen",
    file: "client/fetchPage.ts",
    by: "list",
    find: "idsOf(cursor).length === 0 ? undefined : cursor",
    put: "idsOf(cursor).length === 0 ? undefined : { ...cursor, seen: [] }"
  },
  {
    name: "an undecodable row costs its neighbors",
    file: "client/fetchPage.ts",
    by: "list",
    find: "Result.fail(errorOf(context, end, state.cursor))",
    put: "Result.fail(errorOf(context, end, { ...state.cursor, value: Math.max(0, (state.cursor.value ?? 2) - 2) }))"
  },
  {
    name: "a folded cursor stands one run too far",
    file: "RunCursor.ts",
    by: "list",
    find: "if (value === cursor.value) return { ...cursor, seen: [...cursor.seen, run.id] }",
    put: "if (value === cursor.value) return { ...cursor, seen: [run.id] }"
  },
  {
    name: "redirects are followed",
    file: "client/transport.ts",
    by: "list",
    find: "redirect: \"manual\"",
    put: "redirect: \"follow\""
  },
  {
    name: "requests carry the ids of traces",
    file: "client/transport.ts",
    by: "list",
    find:
      "(HttpClient.TracerDisabledWhen, () => true),\n    Effect.provideService(HttpClient.TracerPropagationEnabled, false)",
    put: "(HttpClient.TracerDisabledWhen, () => false)"
  },
  {
    name: "an echoed token is not removed",
    file: "client/scrub.ts",
    by: "list",
    find: "if (token.length < 8) return (text) => text",
    put: "if (token.length > 0) return (text) => text"
  },
  {
    name: "a token hidden in escapes is not removed",
    file: "client/response.ts",
    by: "list",
    find: "const cleaned = body.includes(\"\\\\u\") || body.includes(\"\\\\/\") ? clean(parsed, scrub) : parsed",
    put: "const cleaned = parsed"
  },
  {
    name: "a token behind escaped slashes is not removed",
    file: "client/response.ts",
    by: "list",
    find: " || body.includes(\"\\\\/\")",
    put: ""
  },
  {
    name: "rows with credentials are an attribute of a span",
    file: "client/fetchPage.ts",
    by: "list",
    find: "\"coalesce.page.rows\": rows.length",
    put: "\"coalesce.page.rows\": JSON.stringify(rows)"
  },
  {
    name: "an empty 200 is an empty page",
    file: "client/response.ts",
    by: "list",
    find: "if (start === \"\") return refuse(",
    put:
      "if (start === \"\") return Result.succeed({ body: { data: [] }, context })\n  if (start === \"-\") return refuse("
  },
  {
    name: "an error in a 200 is an empty page",
    file: "client/response.ts",
    by: "list",
    find: "return said === undefined",
    put: "if (said !== undefined) return Result.succeed({ body: { data: [] }, context })\n    return said === undefined"
  },
  {
    name: "a page that the server cut short is the last",
    file: "client/advance.ts",
    by: "list",
    find: "rows.length >= stated",
    put: "false"
  },
  {
    name: "a next that goes back is followed",
    file: "client/advance.ts",
    by: "list",
    find: "moved(cursor, furthest(cursor, page.value, next))",
    put: "moved(cursor, next)"
  },
  {
    name: "the rest of a page is lost where the next one is fetched ahead",
    file: "client/pageAhead.ts",
    by: "list",
    find: "[all.slice(at), Option.some",
    put: "[all.slice(at + 1), Option.some"
  },
  {
    name: "an error of the page ahead is lost",
    file: "client/pageAhead.ts",
    by: "list",
    find: "({ page }) => [all.slice(at), Option.some(step(page, number + 1))]",
    put:
      "({ page }) => [all.slice(at), Option.some(Effect.catch(step(page, number + 1), () => Effect.succeed([[], Option.none()])))]"
  },
  {
    name: "a guessed page is believed though its request was wrong",
    file: "client/pageAhead.ts",
    by: "guesses",
    find: "return state && requestOf(state) === guessed.request",
    put: "return state"
  },
  {
    name: "a page that was guessed wrongly is not aborted",
    file: "client/pageAhead.ts",
    by: "guesses",
    find: ": Effect.as(Fiber.interrupt(guessed.fiber), undefined)",
    put: ": Effect.undefined"
  },
  {
    name: "a page that was guessed is requested again",
    file: "client/pageAhead.ts",
    by: "guesses",
    find: "if (guessed) return",
    put: "if (guessed && number < 0) return"
  },
  {
    name: "a guess stays where the page before it is requested again",
    file: "client/pageAhead.ts",
    by: "guesses",
    find: "yield* settle(page, undefined)",
    put: ""
  },
  {
    name: "a guess is made for a reader that works",
    file: "client/pageAhead.ts",
    by: "guesses",
    find: "page.isPulled ? read() : undefined",
    put: "read()"
  },
  {
    name: "what is requested ahead outlives its reader",
    file: "client/forkUntilClosed.ts",
    by: "guesses",
    find: "Fiber.interruptAll(forked)",
    put: "Effect.void"
  },
  {
    name: "reasons are those of other runs",
    file: "client/decode.ts",
    by: "list",
    find: ": [[id, reason] as const]",
    put: ": [[id + 1, reason] as const]"
  },
  {
    name: "an error of a status loses its text",
    file: "client/statusError.ts",
    by: "list",
    find: "...errorTexts(errorOf(response.body), scrub),",
    put: ""
  },
  {
    name: "a history reads the runs of a neighbor twice",
    file: "history/ranges.ts",
    by: "list",
    find: "page.runs.filter((run) => !isBefore(direction, to, run.id))",
    put: "page.runs"
  },
  {
    name: "a history leaves out what did not fit into a page",
    file: "history/ranges.ts",
    by: "list",
    find: "{ from: reached, to: request.to },",
    put: "{ from: request.to, to: request.to },"
  },
  {
    name: "a history that adapts ends where it is refused",
    file: "history/concurrency.ts",
    by: "list",
    find: "Math.max(state.least, Math.floor(state.current / 2))",
    put: "(state.least === state.most ? state.current : 0)"
  },
  {
    name: "a history that adapts makes 64 requests at once",
    file: "history/concurrency.ts",
    by: "slow",
    find: "concurrency ?? first,\n  least: concurrency ?? least,\n  most: concurrency ?? standardMost,",
    put: "concurrency ?? 64,\n  least: concurrency ?? least,\n  most: concurrency ?? 64,"
  },
  {
    name: "a window leaves out what lies right before its end",
    file: "window/runs.ts",
    by: "list",
    find: "direction === \"desc\" ? window.until :",
    put: "direction === \"desc\" ? DateTime.subtract(window.until, { milliseconds: 1 }) :"
  },
  {
    name: "a window stops at its first time",
    file: "window/runs.ts",
    by: "list",
    find: "DateTime.isLessThan(runStartTime, window.since)",
    put: "DateTime.isLessThanOrEqualTo(runStartTime, window.since)"
  },
  {
    name: "a watch believes one poll that a run is gone",
    file: "watch/conclude.ts",
    by: "watch",
    find: "deleted: 3",
    put: "deleted: 1"
  },
  {
    name: "a watch resumes behind the events that were not handled",
    file: "watch/conclude.ts",
    by: "watch",
    find: "told[index] === last ? after : behind(index + 1)",
    put: "after"
  },
  {
    name: "a watch leaves out runs that appear late",
    file: "watch/conclude.ts",
    by: "watch",
    find: "if (id <= checkpoint.settledUpTo || seen.has",
    put: "if (id <= checkpoint.newestID || seen.has"
  },
  {
    name: "a watch goes on after what cannot pass",
    file: "RunWatch.ts",
    by: "watch",
    find: "Effect.catchIf((error) => error.isRetryable,",
    put: "Effect.catchIf(() => true,"
  },
  {
    name: "a watch ends with what may pass",
    file: "RunWatch.ts",
    by: "watch",
    find: "Effect.catchIf((error) => error.isRetryable,",
    put: "Effect.catchIf(() => false,"
  },
  {
    name: "a watch tells ends again",
    file: "watch/conclude.ts",
    by: "watch",
    find: "const isOther = after === undefined && before === undefined && statusOf(run) !== end.runStatus",
    put: "const isOther = true"
  },
  {
    name: "an id can be any number",
    file: "client/fieldReader.ts",
    by: "decoder",
    find: "typeof integer === \"number\" && Number.isSafeInteger(integer)",
    put: "typeof integer === \"number\""
  },
  {
    name: "null counts as an object",
    file: "client/fieldReader.ts",
    by: "decoder",
    find: "typeof value === \"object\" && value !== null && !Array.isArray(value)",
    put: "typeof value === \"object\" && !Array.isArray(value)"
  },
  {
    name: "a check does not say what is unavailable",
    file: "inspection/part.ts",
    by: "health",
    find: "if (part === undefined || Result.isSuccess(part)) return []",
    put: "if (part !== null) return []"
  },
  {
    name: "a check does not say that it knows nothing usual",
    file: "health/read.ts",
    by: "health",
    find: "...unavailable(\"baseline\", learned),",
    put: ""
  },
  {
    name: "a page that the server cut short without saying so is the last",
    file: "client/advance.ts",
    by: "list",
    find: "(!page.isLast && !isFirstOfAll && page.fresh.length > 0)",
    put: "false"
  }
]

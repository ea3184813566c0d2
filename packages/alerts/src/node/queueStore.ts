/**
 * Keeps the queues of effect's `PersistedQueue` in files. An element is a file whose name says what is to be done with it, so
 * that each step is one rename, which happens or does not, whenever the process is killed:
 *
 *     <time>.<attempts>.<name>.ready             may be taken from that time on
 *     <time>.<attempts>.<name>.<owner>.claimed   a process handles it
 *     done/<time>.<name>                         was handled then: it is not offered again
 *     failed/<time>.<name>                       cannot be handled
 *
 * Times are in milliseconds; those in front of attempts have three more digits, which keep what was offered at once in order.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { createHash, randomUUID } from "node:crypto"
import * as fs from "node:fs/promises"
import * as os from "node:os"
import * as path from "node:path"
import type { HasFailed } from "../delivery/hasFailed.ts"
import { create, isCode, move, nameOf, namesIn, readText, sweep } from "./files.ts"

/** How often a queue without work looks for what another process has offered. */
const pollInterval = 2000

/** A destination has 20 seconds. A process that has claimed an element for longer hangs, or its number is another's by now. */
const longestClaim = 60_000

const Stored = Schema.fromJsonString(Schema.Struct({ id: Schema.String, element: Schema.Unknown }))
const decode = Schema.decodeUnknownOption(Stored)
const encode = Schema.encodeSync(Stored)

const host = createHash("sha256").update(os.hostname()).digest("hex").slice(0, 8)
const owner = `${host}-${process.pid}-${randomUUID().slice(0, 8)}`

/** Whether the process that claimed an element may still handle it. Processes of another machine do not share a directory. */
const isAlive = (claim: string, now: number): boolean => {
  if (claim.startsWith(`${owner}-`)) return true
  const [claimHost, pid, , since] = claim.split("-")
  if (claimHost !== host || Number(pid) === process.pid || now - Number(since) > longestClaim) return false
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return !isCode(error, "ESRCH")
  }
}

interface File {
  readonly file: string
  readonly at: number
  /** The millisecond in which `at` is. */
  readonly due: number
  readonly attempts: number
  readonly name: string
  /** Who has claimed it. Absent while it is ready. */
  readonly claim?: string | undefined
}

const parse = (file: string): ReadonlyArray<File> => {
  const [, at, attempts, name, claim] = /^(\d+)\.(\d+)\.([\w-]+)\.(?:ready|([\w-]+)\.claimed)$/.exec(file) ?? []
  if (name === undefined) return []
  return [{ file, at: Number(at), due: Math.floor(Number(at) / 1000), attempts: Number(attempts), name, claim }]
}

const readyName = (at: number, attempts: number, name: string) => `${at}.${attempts}.${name}.ready`

/** The time behind a delay. That of a schedule with jitter has a fraction, which is no part of a name. */
const after = (now: number, delay: Duration.Duration): number => Math.ceil(now + Duration.toMillis(delay)) * 1000

const isIn = async (directory: string, name: string): Promise<boolean> =>
  (await namesIn(directory)).some((file) => file.slice(file.indexOf(".") + 1) === name)

const offer = async (directory: string, id: string, element: unknown, at: number): Promise<void> => {
  const name = nameOf(id)
  const isKnown = (await namesIn(directory)).flatMap(parse).some((file) => file.name === name)
  if (isKnown || await isIn(path.join(directory, "done"), name) || await isIn(path.join(directory, "failed"), name)) {
    return
  }
  await create(directory, readyName(at, 0, name), encode({ id, element }))
}

interface Taken {
  readonly file: string
  readonly name: string
  readonly attempts: number
  readonly id: string
  readonly element: unknown
}

/** Claims the element that has waited longest, or says in how many milliseconds to look again. */
const claimNext = async (directory: string, maxAttempts: number, now: number): Promise<Taken | number> => {
  const files = (await namesIn(directory)).flatMap(parse).filter(({ attempts }) => attempts < maxAttempts)
  let wait = pollInterval
  for (const { at, attempts, claim, due, file, name } of files.toSorted((a, b) => a.at - b.at)) {
    if (claim !== undefined) {
      if (isAlive(claim, now)) continue
      // Its process was killed: that was no attempt.
      await move(path.join(directory, file), path.join(directory, readyName(at, attempts, name)))
      wait = 0
    } else if (due > now) {
      wait = Math.min(wait, due - now)
    } else {
      const claimed = `${at}.${attempts}.${name}.${owner}-${now}.claimed`
      // Another process may have been faster.
      if (!await move(path.join(directory, file), path.join(directory, claimed))) continue
      const text = await readText(path.join(directory, claimed))
      if (text === undefined) continue
      // A file that is damaged is an element that does not decode.
      const { element, id } = Option.getOrElse(decode(text), () => ({ id: name, element: undefined }))
      return { file: claimed, name, attempts: attempts + 1, id, element }
    }
  }
  return wait
}

/** A name of effect for what does not decode. */
const isUndecodable = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some((reason) =>
    Cause.isFailReason(reason) && Predicate.isTagged(reason.error, "~effect/persistence/PersistedQueue/DeadLetter")
  )

/** Returns where the element is then. */
const settle = async (directory: string, { file, name }: Taken, folder: "done" | "failed", now: number) => {
  const to = path.join(directory, folder, `${now}.${name}`)
  await fs.mkdir(path.join(directory, folder), { recursive: true })
  await move(path.join(directory, file), to)
  // What was handled is only there so that it is not offered again.
  if (folder === "done") await fs.truncate(to).catch(() => {})
  return to
}

const removeOlder = async (directory: string, before: number): Promise<void> => {
  for (const file of await namesIn(directory)) {
    if (Number(file.slice(0, file.indexOf("."))) <= before) await fs.rm(path.join(directory, file), { force: true })
  }
}

const attemptIn = (root: string) => <A>(run: () => Promise<A>) =>
  Effect.tryPromise({
    try: run,
    catch: (cause) =>
      new PersistedQueue.PersistedQueueError({ message: `The queue in ${root} could not be used`, cause })
  })

/** Makes what says whether an element of a queue is under `failed/`. */
export const hasFailed = (root: string): typeof HasFailed.Service => (queue, id) =>
  attemptIn(root)(() => isIn(path.join(root, nameOf(queue), "failed"), nameOf(id)))

export const make = (root: string): typeof PersistedQueue.PersistedQueueStore.Service => {
  const attempt = attemptIn(root)
  const latches = new Map<string, Latch.Latch>()
  const latchOf = (directory: string) => {
    const latch = latches.get(directory) ?? Latch.makeUnsafe()
    latches.set(directory, latch)
    return latch
  }
  const directoryOf = (name: string) => path.join(root, nameOf(name))
  let last = 0

  return PersistedQueue.PersistedQueueStore.of({
    offer: ({ delay, element, id, name }) =>
      Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        // What is offered first is taken first.
        last = Math.max(now * 1000, last + 1)
        const at = delay === undefined ? last : after(now, delay)
        yield* attempt(() => offer(directoryOf(name), id, element, at))
        latchOf(directoryOf(name)).openUnsafe()
      }),
    take: Effect.fnUntraced(function*({ maxAttempts, name, retryDelay }) {
      const directory = directoryOf(name)
      const latch = latchOf(directory)

      const release = Effect.fnUntraced(function*(taken: Taken | number, exit: Exit.Exit<unknown, unknown>) {
        if (typeof taken === "number") return
        const now = yield* Clock.currentTimeMillis
        if (Exit.isSuccess(exit)) return yield* Effect.asVoid(attempt(() => settle(directory, taken, "done", now)))
        const isInterrupted = Cause.hasInterruptsOnly(exit.cause)
        const isDamaged = isUndecodable(exit.cause)
        if (isDamaged || (taken.attempts >= maxAttempts && !isInterrupted)) {
          const file = yield* attempt(() => settle(directory, taken, "failed", now))
          // Nobody else says so: whoever takes gets the next element.
          if (isDamaged) yield* Effect.logError(`${file} is damaged: what it held is not handled.`)
          return
        }
        const ready = isInterrupted
          ? readyName(now * 1000, taken.attempts - 1, taken.name)
          : readyName(after(now, yield* retryDelay(taken.attempts)), taken.attempts, taken.name)
        yield* attempt(() => move(path.join(directory, taken.file), path.join(directory, ready)))
        latch.openUnsafe()
      })

      while (true) {
        // Before the directory is read: what is offered then opens it again.
        latch.closeUnsafe()
        const now = yield* Clock.currentTimeMillis
        const taken = yield* Effect.acquireRelease(
          attempt(() => claimNext(directory, maxAttempts, now)),
          (taken, exit) => Effect.orDie(release(taken, exit))
        )
        if (typeof taken !== "number") return taken
        yield* Effect.raceFirst(latch.await, Effect.sleep(taken))
      }
    }),
    cleanup: ({ failedTimeToLive, timeToLive }) =>
      Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        yield* attempt(async () => {
          for (const name of await namesIn(root)) {
            const directory = path.join(root, name)
            await sweep(directory, now)
            await removeOlder(path.join(directory, "done"), now - Duration.toMillis(timeToLive))
            if (failedTimeToLive === undefined) continue
            await removeOlder(path.join(directory, "failed"), now - Duration.toMillis(failedTimeToLive))
          }
        })
      })
  })
}

/** What a watch has to remember from one poll to the next, as a small value and as a short string. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { RunId, RunStatus } from "../Run.ts"
import { TimeFromWire } from "../wire/field.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"

/** The version of checkpoints that this library writes. It reads this one and those before it. */
export const version = 1

/** A run that has not ended, or whose end is not reported yet. */
export const Unfinished = Schema.Struct({
  id: RunId,
  runStatus: RunStatus,
  /** How many polls in a row lacked it. */
  missing: Schema.optionalKey(Schema.Int)
})

export interface Unfinished extends Schema.Schema.Type<typeof Unfinished> {}

/** A run whose end is reported. */
export const Ended = Schema.Struct({
  id: RunId,
  runStatus: RunStatus,
  runEndTime: Schema.optionalKey(TimeFromWire),
  /** How many polls in a row saw it go on. */
  goingOn: Schema.optionalKey(Schema.Int)
})

export interface Ended extends Schema.Schema.Type<typeof Ended> {}

/** The greatest id at the time of a poll. */
export const Mark = Schema.Struct({
  at: TimeFromWire,
  newestID: Schema.Int,
  /** Whether a poll has looked for late runs since `lag` passed. */
  isDue: Schema.optionalKey(Schema.Boolean)
})

export interface Mark extends Schema.Schema.Type<typeof Mark> {}

/**
 * What a watch remembers: which runs it has reported, and which it waits for. It is plain data that encodes to JSON, and
 * its size does not grow with the history.
 */
export const Checkpoint = Schema.Struct({
  version: Schema.Literal(version),
  /** The origin and the filters of the watch, such as `{ origin: "https://…", runType: "refresh" }`. */
  watches: Schema.Record(Schema.String, Schema.String),
  /** The greatest id so far, or -1. */
  newestID: Schema.Int,
  /** Runs with ids up to this one do not appear any more: they were there before the watch, or come later than `lag`. */
  settledUpTo: Schema.Int,
  /** The ids above `settledUpTo` that have appeared, as ranges with both ends, the smallest first. */
  seen: Schema.Array(Schema.Tuple([Schema.Int, Schema.Int])),
  /** The smallest id first. */
  unfinished: Schema.Array(Unfinished),
  /** The newest runs that have ended, the smallest id first: each may go on. */
  ended: Schema.Array(Ended),
  /** The earliest first. `settledUpTo` follows them after `lag`. */
  marks: Schema.Array(Mark),
  /** The next poll reads the older unfinished runs with ids below this one first. */
  olderThan: Schema.optionalKey(Schema.Int)
})

export interface Checkpoint extends Schema.Schema.Type<typeof Checkpoint> {}

const isCheckpoint = Schema.is(Checkpoint)

const radix = 36
const number = (value: number): string => value.toString(radix)

/** Ids lie close together: each is written as its distance from the one before. */
const deltas = () => {
  let previous = 0
  return (id: number): string => {
    const distance = id - previous
    previous = id
    return number(distance)
  }
}

/** Encodes a checkpoint as a short string, such as for a file or a row of a table. */
export const encodeCheckpoint = (checkpoint: Checkpoint): string => {
  const statuses = [...new Set([...checkpoint.unfinished, ...checkpoint.ended].map(({ runStatus }) => runStatus))]
  const status = ({ runStatus }: { readonly runStatus: RunStatus }) => number(statuses.indexOf(runStatus))
  const [base] = checkpoint.ended.flatMap(({ runEndTime }) => runEndTime ? [DateTime.toEpochMillis(runEndTime)] : [])
  const [unfinishedDelta, endedDelta, seenDelta, markDelta] = [deltas(), deltas(), deltas(), deltas()]
  const fields = [
    [
      number(checkpoint.newestID),
      number(checkpoint.settledUpTo),
      number(checkpoint.olderThan ?? -1),
      number(base ?? 0)
    ],
    checkpoint.seen.map(([from, to]) => [seenDelta(from), seenDelta(to)].join("~")),
    checkpoint.unfinished.map((run) => [unfinishedDelta(run.id), status(run), ...some(run.missing)].join("~")),
    checkpoint.ended.map((run) =>
      [
        endedDelta(run.id),
        status(run),
        run.runEndTime ? number(DateTime.toEpochMillis(run.runEndTime) - (base ?? 0)) : "",
        ...some(run.goingOn)
      ].join("~")
    ),
    checkpoint.marks.map(({ at, isDue, newestID }) =>
      [number(DateTime.toEpochMillis(at)), markDelta(newestID), ...(isDue === true ? ["1"] : [])].join("~")
    )
  ]
  const text = JSON.stringify([checkpoint.watches, statuses])
  return `w${version}!${fields.map((values) => values.join(",")).join("!")}!${text}`
}

const some = (count: number | undefined): ReadonlyArray<string> => count === undefined ? [] : [number(count)]

const timeOf = (text: string | undefined, base = 0): DateTime.Utc | undefined =>
  text ? DateTime.makeUnsafe(Number.parseInt(text, radix) + base) : undefined

const listOf = (text: string): ReadonlyArray<ReadonlyArray<string>> =>
  text === "" ? [] : text.split(",").map((item) => item.split("~"))

const Header = Schema.fromJsonString(
  Schema.Tuple([Schema.Record(Schema.String, Schema.String), Schema.Array(Schema.String)])
)

const encoded = /^w1!([^!]*)!([^!]*)!([^!]*)!([^!]*)!([^!]*)!(.*)$/s

/** Decodes a checkpoint of version 1. */
const decodeFirst = (text: string): Checkpoint | undefined => {
  const [, numbers = "", seen = "", unfinished = "", ended = "", marks = "", header = ""] = encoded.exec(text) ?? []
  const decoded = Option.getOrUndefined(Schema.decodeUnknownOption(Header)(header))
  if (decoded === undefined) return undefined
  const [watches, statuses] = decoded
  const parse = (value: string | undefined) => Number.parseInt(value ?? "", radix)
  const adder = () => {
    let sum = 0
    return (value: string | undefined) => sum += parse(value)
  }
  const [unfinishedID, endedID, seenID, markID] = [adder(), adder(), adder(), adder()]
  const status = (value: string | undefined) => statuses[parse(value)]
  const [newestID, settledUpTo, olderThan, base] = numbers.split(",").map(parse)
  const count = (value: string | undefined) => value === undefined ? undefined : parse(value)
  const checkpoint = {
    version,
    watches,
    newestID,
    settledUpTo,
    seen: listOf(seen).map(([from, to]) => [seenID(from), seenID(to)]),
    unfinished: listOf(unfinished).map(([id, at, missing]) => ({
      id: unfinishedID(id),
      runStatus: status(at),
      ...omitUndefined({ missing: count(missing) })
    })),
    ended: listOf(ended).map(([id, at, end, goingOn]) => ({
      id: endedID(id),
      runStatus: status(at),
      ...omitUndefined({ runEndTime: timeOf(end, base), goingOn: count(goingOn) })
    })),
    marks: listOf(marks).map(([at, id, isDue]) => ({
      at: timeOf(at),
      newestID: markID(id),
      ...(isDue === undefined ? {} : { isDue: true })
    })),
    ...(olderThan === undefined || olderThan < 0 ? {} : { olderThan })
  }
  return isCheckpoint(checkpoint) ? checkpoint : undefined
}

/** Decodes the string of a checkpoint. The failure says what is wrong with it. */
export const decodeCheckpoint = (text: string): Result.Result<Checkpoint, string> => {
  const [, written] = /^w(\d{1,6})!/.exec(text) ?? []
  return Number(written) > version
    ? Result.fail(newer(Number(written)))
    : Result.fromNullishOr(
      decodeFirst(text),
      () => "Expected a checkpoint of a watch, or the string that it encodes to"
    )
}

const newer = (written: number) =>
  `This checkpoint has version ${written}, and this library reads up to ${version}: update @coalesce-runs/core`

const describe = (watches: Checkpoint["watches"]): string =>
  Object.entries(watches).map(([name, value]) => `${name} ${value}`).join(", ")

/** Reads where a watch continues, and refuses the checkpoint of other runs. */
export const readCheckpoint = (
  resume: Checkpoint | string,
  watches: Checkpoint["watches"]
): Result.Result<Checkpoint, string> =>
  Result.flatMap(
    typeof resume === "string"
      ? decodeCheckpoint(resume)
      : isCheckpoint(resume)
      ? Result.succeed(resume)
      : Result.fail(`Expected a checkpoint of version ${version}`),
    (checkpoint) => {
      const names = new Set([...Object.keys(watches), ...Object.keys(checkpoint.watches)])
      return [...names].every((name) => checkpoint.watches[name] === watches[name])
        ? Result.succeed(checkpoint)
        : Result.fail(
          `This checkpoint watches other runs: ${describe(checkpoint.watches)}, and not ${describe(watches)}`
        )
    }
  )

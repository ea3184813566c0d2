import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import { Run } from "../../src/index.ts"
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, readCheckpoint } from "../../src/watch/checkpoint.ts"

const id = (number: number): Run.RunId => Run.RunId.make(number)
const time = DateTime.makeUnsafe("2026-11-03T02:00:00Z")

const empty: Checkpoint = {
  version: 1,
  watches: { origin: "https://coalesce.example" },
  newestID: -1,
  settledUpTo: -1,
  seen: [],
  unfinished: [],
  ended: [],
  marks: []
}

const full: Checkpoint = {
  ...empty,
  watches: { origin: "https://coalesce.example", runType: "refresh" },
  newestID: 120,
  settledUpTo: 80,
  seen: [[90, 99], [101, 120]],
  unfinished: [{ id: id(95), runStatus: "running" }, { id: id(101), runStatus: "a!b~c,d", missing: 2 }],
  ended: [
    { id: id(90), runStatus: "failed" },
    { id: id(91), runStatus: "running", runEndTime: time },
    { id: id(99), runStatus: "failed", runEndTime: DateTime.add(time, { seconds: -1 }), goingOn: 1 }
  ],
  marks: [{ at: time, newestID: 100, isDue: true }, { at: DateTime.add(time, { minutes: 1 }), newestID: 120 }],
  olderThan: 96
}

const header = `["https://coalesce.example"]`
const failureOf = (result: Result.Result<Checkpoint, string>): string =>
  Result.isFailure(result) ? result.failure : "no failure"

const isNone = "Expected a checkpoint of a watch, or the string that it encodes to"

describe("the string of a checkpoint", () => {
  // Programs keep these strings: version 1 has to be read for as long as there is one.
  it.each([
    ["empty", empty, `w1!-1,-1,-1,0!!!!![{"origin":"https://coalesce.example"},[]]`],
    [
      "full",
      full,
      `w1!3c,28,2o,mw01irk0!2i~9,2~j!2n~0,6~1~2!2i~2~,1~0~0,8~2~-rs~1!mw01irk0~2s~1,mw01k1uo~k![{"origin":"https://coalesce.example","runType":"refresh"},["running","a!b~c,d","failed"]]`
    ]
  ])("of an %s one stays the same", (_, checkpoint, text) => {
    assert.strictEqual(encodeCheckpoint(checkpoint), text)
    assert.deepStrictEqual(Result.getOrThrow(decodeCheckpoint(text)), checkpoint)
  })

  it.each([
    "",
    "w1!",
    "w1!-1,-1,-1,0!!!!",
    `w1!-1,-1,-1,0!!!!!${header}`,
    "w1!-1,-1,-1,0!!!!!not JSON",
    `xw1!-1,-1,-1,0!!!!!["x",[]]`,
    `x${encodeCheckpoint(full)}`,
    `${encodeCheckpoint(full)}x`,
    encodeCheckpoint(full).replace("w1!", "w0!"),
    encodeCheckpoint(full).replace("w1!", "w2"),
    encodeCheckpoint(full).replace("w1!", "xw2!"),
    encodeCheckpoint(empty).replace("-1,-1", "?,-1"),
    encodeCheckpoint(empty).replace(",0!", ",0!5"),
    encodeCheckpoint(empty).replace(",0!!", ",0!!5"),
    encodeCheckpoint(full).replace("2n~0", "2n~9"),
    encodeCheckpoint(empty).replace("-1,-1,-1,0", "-1")
  ])("is refused where it is none: %j", (text) => {
    assert.strictEqual(failureOf(decodeCheckpoint(text)), isNone)
    assert.strictEqual(failureOf(readCheckpoint(text, empty.watches)), isNone)
  })

  it.each([2, 17, 999_999])("is refused with what to do where its version is %s", (version) => {
    assert.strictEqual(
      failureOf(decodeCheckpoint(encodeCheckpoint(full).replace("w1", `w${version}`))),
      `This checkpoint has version ${version}, and this library reads up to 1: update @coalesce-runs/core`
    )
  })
})

describe("where a watch continues", () => {
  it("is a checkpoint or its string, of the same runs", () => {
    assert.deepStrictEqual(Result.getOrThrow(readCheckpoint(full, full.watches)), full)
    assert.deepStrictEqual(Result.getOrThrow(readCheckpoint(encodeCheckpoint(full), full.watches)), full)
  })

  it.each([
    [full.watches, empty.watches],
    [empty.watches, full.watches],
    [full.watches, { ...full.watches, runType: "deploy" }]
  ])("is not a checkpoint of other runs: %j for %j", (watches, others) => {
    const text = (of: Checkpoint["watches"]) => Object.entries(of).map((entry) => entry.join(" ")).join(", ")
    assert.strictEqual(
      failureOf(readCheckpoint({ ...full, watches }, others)),
      `This checkpoint watches other runs: ${text(watches)}, and not ${text(others)}`
    )
  })

  it.each<readonly [string, object]>([
    ["version", { version: 2 }],
    ["newestID", { newestID: Infinity }],
    ["seen", { seen: [1] }],
    ["unfinished", { unfinished: [{ id: 7 }] }],
    ["ended", { ended: [{ id: 7, runStatus: 1 }] }],
    ["marks", { marks: [{ newestID: 7 }] }]
  ])("is not an object whose %s is wrong", (_, wrong) => {
    const read = (fields: object) => {
      // A program that keeps checkpoints as JSON may hand in anything.
      const parsed: Checkpoint = JSON.parse(JSON.stringify({ ...empty, ...fields }))
      return readCheckpoint(parsed, empty.watches)
    }
    assert.deepStrictEqual(Result.getOrThrow(read({})), empty)
    assert.strictEqual(failureOf(read(wrong)), "Expected a checkpoint of version 1")
  })
})

import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import { decodeDetailed, decodeEnvelope, decodeResults, decodeRun, decodeSummaries } from "../../src/client/decode.ts"

const refresh = {
  id: 41,
  runType: "refresh",
  runStatus: "failed",
  runStartTime: "2026-10-30T02:00:00.123Z",
  runEndTime: "2026-10-30T02:04:10Z",
  runDetails: { environmentID: "3", jobID: 7, refreshDescription: "Nightly", nodesInRun: 12 },
  runHistory: [40, 39],
  runTimeParameters: { region: { name: "eu" } },
  userCredentials: { snowflakeAccount: "xy12345", snowflakeAuthType: "KeyPair", snowflakeUsername: "SVC" },
  userID: "u1",
  version: 3
}

const deploy = {
  id: 42,
  runType: "deploy",
  runStatus: "completed",
  runDetails: { environmentID: "3", deployCommit: "0a1b2c", deployCommitMessage: "Add a column", parallelism: 16 }
}

describe("detailed rows", () => {
  it("come in page order, with their times decoded and unknown fields dropped", () => {
    const { rows, undecodable } = decodeDetailed([
      { ...refresh, projectID: "new", runDetails: { ...refresh.runDetails, another: 1 } },
      deploy
    ])
    assert.deepStrictEqual(rows.map((run) => run.id), [41, 42])
    assert.deepStrictEqual(undecodable, [])
    const [run] = rows
    assert.deepStrictEqual<unknown>({ ...run }, {
      ...refresh,
      runStartTime: DateTime.makeUnsafe("2026-10-30T02:00:00.123Z"),
      runEndTime: DateTime.makeUnsafe("2026-10-30T02:04:10Z")
    })
  })

  it("take ids and counts as strings, and absent, null and blank for one", () => {
    const { rows } = decodeDetailed([{
      ...deploy,
      id: "42",
      reRunID: "17",
      runEndTime: null,
      runTimeParameters: "",
      userCredentials: null,
      runDetails: { environmentID: 3, deployCommit: "", nodesInRun: "8", canceled: null }
    }])
    assert.deepStrictEqual<unknown>(rows, [{
      id: 42,
      runType: "deploy",
      runStatus: "completed",
      reRunID: 17,
      runDetails: { environmentID: "3", nodesInRun: 8 }
    }])
  })

  it("that cannot be decoded are set aside, and never their neighbours", () => {
    const { rows, undecodable } = decodeDetailed([deploy, { ...refresh, runStatus: 5 }, { ...deploy, id: 43 }])
    assert.deepStrictEqual(rows.map((run) => run.id), [42, 43])
    assert.strictEqual(undecodable.length, 1)
    assert.deepStrictEqual<unknown>(undecodable[0], {
      index: 1,
      id: 41,
      runStartTime: Date.parse("2026-10-30T02:00:00.123Z"),
      runEndTime: Date.parse("2026-10-30T02:04:10Z"),
      path: "runStatus",
      issue: "Expected \"canceled\" | \"completed\" | \"failed\" | \"initializing\" | \"rendering\" | \"running\" | " +
        "\"waitingToRun\" | string"
    })
  })

  it.each([
    ["", null, "Expected object"],
    ["", "a row", "Expected object"],
    ["", [], "Expected object"],
    ["runType", {}, "Missing key"],
    ["runType", { runType: "compact" }, "Expected \"deploy\" | \"refresh\", got \"compact\""],
    ["runType", { runType: 4 }, "Expected \"deploy\" | \"refresh\""]
  ])("say at %j that %j is no row", (path, row, issue) => {
    const { undecodable } = decodeDetailed([row])
    assert.deepStrictEqual(undecodable.map((row) => [row.path, row.issue]), [[path, issue]])
  })

  it.each([
    ["id", { id: "x41" }, "Expected an integer"],
    ["id", { id: 1.5 }, "Expected an integer"],
    ["id", { id: "9999999999999999" }, "Expected an integer"],
    ["id", { id: null }, "Expected number | string"],
    ["runStatus", { runStatus: "" }, "a value with a length of at least 1"],
    ["runStartTime", { runStartTime: "yesterday" }, "Expected an ISO 8601 date-time with an offset"],
    ["runStartTime", { runStartTime: "2026-10-30T02:00:00" }, "Expected an ISO 8601 date-time with an offset"],
    ["runHistory[1]", { runHistory: [40, "x"] }, "Expected an integer"],
    ["runTimeParameters", { runTimeParameters: [] }, "Expected object"],
    ["runDetails", { runDetails: null }, "Expected object"],
    ["runDetails.nodesInRun", { runDetails: { nodesInRun: "many" } }, "Expected an integer"],
    ["runDetails.canceled", { runDetails: { canceled: "no" } }, "Expected boolean"],
    ["userCredentials.snowflakeRole", { userCredentials: { snowflakeRole: {} } }, "Expected string"]
  ])("say at %j what is wrong with %j", (path, wrong, issue) => {
    const { undecodable } = decodeDetailed([{ ...refresh, ...wrong }])
    assert.deepStrictEqual(undecodable.map((row) => row.path), [path])
    assert.include(undecodable[0]?.issue, issue)
  })

  it("never tell what they hold, beyond a type that nobody knows, and that in brief", () => {
    const secret = "s3cret".repeat(500)
    const wrong = [
      { ...refresh, runType: secret },
      { ...refresh, runType: "\u0000".repeat(500) },
      { ...refresh, runDetails: { nodesInRun: secret } },
      { ...refresh, runStartTime: secret },
      { ...refresh, runTimeParameters: [secret] }
    ]
    const { undecodable } = decodeDetailed(wrong)
    assert.strictEqual(undecodable.length, wrong.length)
    assert.isTrue(undecodable.every((row) => row.issue.length <= 200))
    assert.notInclude(JSON.stringify(undecodable.slice(1)), "s3cret")
  })

  it("alone fail with the same words", () => {
    assert.strictEqual(Result.getOrThrow(decodeRun(deploy)).id, 42)
    const wrong = { ...refresh, id: null }
    assert.deepStrictEqual<unknown>(Result.merge(decodeRun(wrong)), decodeDetailed([wrong]).undecodable[0])
  })
})

describe("summary rows", () => {
  it("keep a type and a status that nobody knows yet", () => {
    const { rows, undecodable } = decodeSummaries([
      { id: 1, runType: "compact", runStatus: "paused", environmentID: 3, runFailureReason: "" },
      { id: 2, runType: "refresh" }
    ])
    assert.deepStrictEqual<unknown>(rows, [{ id: 1, runType: "compact", runStatus: "paused", environmentID: "3" }])
    assert.deepStrictEqual<unknown>(undecodable, [
      { index: 1, id: 2, runStartTime: undefined, runEndTime: undefined, path: "runStatus", issue: "Missing key" }
    ])
  })
})

describe("the answer around the rows", () => {
  it.each([
    [{ data: [] }, undefined, undefined],
    [{ data: [], limit: 25, next: null }, 25, undefined],
    [{ data: [], limit: "25", next: "" }, 25, undefined],
    [{ data: [], limit: "many", next: " \t" }, undefined, undefined],
    [{ data: [], limit: {}, next: {}, total: "?" }, undefined, undefined],
    [{ data: [], next: 17 }, undefined, 17],
    [{ data: [], next: 0 }, undefined, 0],
    [{ data: [], next: "17" }, undefined, "17"]
  ])("%j: the limit %s, the cursor %s", (body, limit, next) => {
    const envelope = Result.getOrThrow(decodeEnvelope(body))
    assert.deepStrictEqual<unknown>(envelope, { data: [], limit, next })
  })

  it.each([
    [null, "Expected an object with the rows in \"data\", got null"],
    ["", "Expected an object with the rows in \"data\", got a string"],
    [[], "Expected an object with the rows in \"data\", got an array"],
    [{}, "The answer has no \"data\""],
    [{ data: null }, "Expected \"data\" to be an array, got null"],
    [{ data: {} }, "Expected \"data\" to be an array, got an object"]
  ])("%j is none", (body, sentence) => {
    assert.deepStrictEqual<unknown>(decodeEnvelope(body), Result.fail(sentence))
  })
})

describe("node results", () => {
  const node = {
    nodeID: "7b962179",
    name: "STG_ORDERS",
    isRunning: false,
    runState: "error",
    hasTestFailures: null,
    queryResults: [{
      name: "Insert STG_ORDERS",
      success: false,
      startTime: "2026-10-30T02:00:00Z",
      endTime: "",
      rowsInserted: "0",
      error: { errorString: "Numeric value '3W' is not recognized", errorDetail: "000627", hint: 1 }
    }]
  }

  it("come out of their data", () => {
    assert.deepStrictEqual<unknown>(Result.getOrThrow(decodeResults({ data: [node] })), [{
      nodeID: "7b962179",
      name: "STG_ORDERS",
      isRunning: false,
      runState: "error",
      queryResults: [{
        name: "Insert STG_ORDERS",
        success: false,
        startTime: DateTime.makeUnsafe("2026-10-30T02:00:00Z"),
        rowsInserted: 0,
        error: { errorString: "Numeric value '3W' is not recognized", errorDetail: "000627" }
      }]
    }])
    assert.deepStrictEqual(Result.getOrThrow(decodeResults({ data: [] })), [])
  })

  it.each([
    ["data", {}, "Missing key"],
    ["", [], "Expected object"],
    ["data", { data: {} }, "Expected array"],
    ["data[1].nodeID", { data: [{ nodeID: "1" }, {}] }, "Missing key"],
    [
      "data[0].queryResults[0].error.errorString",
      { data: [{ nodeID: "1", queryResults: [{ error: {} }] }] },
      "Missing key"
    ]
  ])("say at %j what is wrong with %j", (path, body, issue) => {
    assert.deepStrictEqual<unknown>(decodeResults(body), Result.fail({ path, issue }))
  })
})

describe("where code may not be generated at run time", () => {
  it("rows are read all the same", ({ onTestFinished }) => {
    const { Function } = globalThis
    onTestFinished(() => {
      globalThis.Function = Function
    })
    globalThis.Function = new Proxy(Function, {
      apply: () => {
        throw new EvalError("Code generation from strings disallowed for this context")
      },
      construct: () => {
        throw new EvalError("Code generation from strings disallowed for this context")
      }
    })
    assert.throws(() => Reflect.construct(globalThis.Function, ["return 1"]), EvalError)
    assert.strictEqual(decodeDetailed([refresh, { ...refresh, id: {} }]).rows.length, 1)
  })
})

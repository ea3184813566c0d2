import { describe, expect, it } from "@effect/vitest"
import { byNodes, byReasons } from "../../src/diagnosis/compare.ts"
import type { RunResult } from "../../src/RunResult.ts"

describe("whether the cause is the same", () => {
  const failed = (name: string, message: string): RunResult => ({
    nodeID: name,
    name,
    runState: "error",
    queryResults: [{ success: false, error: { errorString: message } }]
  })
  const missing = (object: string) => `SQL compilation error:\nObject '${object}' does not exist or not authorized.`

  it("is said by the nodes: a like message from the same one, or the very same from another", () => {
    const cause = (run: ReadonlyArray<RunResult>, other: ReadonlyArray<RunResult>) => byNodes(run, other)?.cause
    expect(
      cause([failed("A", "Numeric value '1' is not recognized")], [failed("A", "Numeric value '2' is not recognized")])
    ).toBe("same")
    expect(cause([failed("A", missing("X"))], [failed("B", missing("X"))])).toBe("same")
    expect(cause([failed("A", missing("X"))], [failed("B", missing("Y"))])).toBe("sameKind")
    expect(cause([failed("A", missing("X"))], [failed("A", missing("Y"))])).toBe("sameKind")
    expect(cause([failed("A", missing("X"))], [failed("A", "Division by zero")])).toBe("different")
    expect(cause([failed("A", "undefined")], [failed("A", "undefined")])).toBeUndefined()
    expect(cause([failed("A", "Division by zero"), failed("B", missing("X"))], [failed("A", "Division by zero")])).toBe(
      "partly"
    )
    expect(cause([failed("A", "Division by zero")], [])).toBeUndefined()
    expect(byNodes(undefined, [])).toBeUndefined()
  })

  it("is said by the reasons where the nodes do not, and not known where those name no cause", () => {
    const cause = (a: string | undefined, b: string | undefined) =>
      byReasons(
        new Map([...a === undefined ? [] : [[1, a]] as const, ...b === undefined ? [] : [[2, b]] as const]),
        1,
        2
      )
    expect(cause("A: 100038 (22018): Numeric value '1' is not recognized", "Numeric value '2' is not recognized").cause)
      .toBe("same")
    expect(cause("A: 000904 (42000): invalid identifier 'X'", "invalid identifier 'X'\n3 more nodes failed.").cause)
      .toBe("same")
    expect(cause("invalid identifier 'X'", "invalid identifier 'Y'").cause).toBe("sameKind")
    expect(cause("invalid identifier 'X'", "Division by zero").cause).toBe("different")
    expect(cause("3 nodes failed", "3 nodes failed")).toEqual({ cause: "notKnown", by: "runFailureReason" })
    expect(cause("Division by zero", "3 nodes failed").cause).toBe("notKnown")
    expect(cause("3 nodes failed", "Division by zero").cause).toBe("notKnown")
    expect(cause("Division by zero", undefined)).toEqual({ cause: "notKnown" })
    expect(cause(undefined, "Division by zero")).toEqual({ cause: "notKnown" })
  })
})

import { describe, expectTypeOf, it } from "vitest"
import * as RunDiagnosis from "../src/RunDiagnosis.ts"
import * as RunHealth from "../src/RunHealth.ts"
import * as RunInspection from "../src/RunInspection.ts"
import * as RunList from "../src/RunList.ts"
import * as RunStatistics from "../src/RunStatistics.ts"
import * as RunTimeline from "../src/RunTimeline.ts"

describe("a call without options", () => {
  it("compiles, as every option has a default", () => {
    expectTypeOf(RunHealth.check()).toEqualTypeOf(RunHealth.check({}))
    expectTypeOf(RunDiagnosis.diagnose()).toEqualTypeOf(RunDiagnosis.diagnose({}))
    expectTypeOf(RunInspection.inspect()).toEqualTypeOf(RunInspection.inspect({}))
    expectTypeOf(RunList.list()).toEqualTypeOf(RunList.list({}))
    expectTypeOf(RunTimeline.read()).toEqualTypeOf(RunTimeline.read({}))
    expectTypeOf(RunStatistics.summarize()).toEqualTypeOf(RunStatistics.summarize({}))
  })
})

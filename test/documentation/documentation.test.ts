import { afterAll, describe, expect, it } from "@effect/vitest"
import { allExamples, examplesOf, workbench } from "./examples.ts"

describe("the examples of the documentation", () => {
  const examples = allExamples()
  const bench = workbench(examples)
  afterAll(bench.remove)

  // One run of the compiler for all of them.
  it("compile", () => expect(bench.compile()).toEqual([]), 120_000)

  for (const example of examples.filter(({ runs }) => runs)) {
    it(`${example.file}:${example.line}`, () => bench.run(example))
  }
})

describe("a documentation example", () => {
  const page = (...lines: ReadonlyArray<string>) => ["# Page", "", "```ts", ...lines, "```", ""].join("\n")
  const outcome = async (text: string, { compiled = false, file = "docs/page.md" } = {}) => {
    const [example] = examplesOf(file, text)
    if (example === undefined) throw new Error("no example")
    const bench = workbench([example])
    try {
      return compiled ? bench.compile().join("\n") : await bench.run(example).then(() => "passed", String)
    } finally {
      bench.remove()
    }
  }

  it.each([
    ["a wrong value", ["const one = 1", "one + 1 // => 3"], "docs/page.md:5: expected 3, got 2"],
    ["a wrong value below its expression", ["Math.max(", "  1,", "  2", ")", "// => 3"], "docs/page.md:8: expected 3"],
    ["a wrong object", ["({ a: [1] }) // => { a: [2] }"], "docs/page.md:4: expected { a: [2] }, got { a: [ 1 ] }"],
    [
      "a thrown error",
      ["", "const fail = () => {", "  throw new TypeError(\"no\")", "}", "fail()"],
      "docs/page.md:6: no"
    ],
    ["a rejected promise", ["await Promise.reject(new Error(\"late\"))"], "docs/page.md:4: late"],
    ["a value of nothing", ["const one = 1 // => 1"], "docs/page.md:4: \"// =>\" stands after an expression"]
  ])(
    "fails at its line for %s",
    async (_, lines, expected) => expect(await outcome(page(...lines))).toContain(expected)
  )

  it("fails at its line for a wrong type, and for a missing import", async () => {
    const text = page("import { nothing } from \"effect/Function\"", "nothing", "const one: string = 1")
    const errors = await outcome(text, { compiled: true })
    expect(errors).toContain("docs/page.md:4: error TS2305")
    expect(errors).toContain("docs/page.md:6: error TS2322")
  })

  it("fails at its line in a doc comment", async () => {
    const comment = "/**\n * ```ts\n * [1].length // => 2\n * ```\n */\n"
    expect(await outcome(comment, { file: "packages/core/src/X.ts" }))
      .toContain("packages/core/src/X.ts:3: expected 2, got 1")
  })

  it("passes if its values are right", async () => {
    const text = page("const o = { a: 1, b: [\"x\"] }", "o // => { a: 1, b: [\"x\"] }", "o.b", "  .length // => 1")
    expect(await outcome(text)).toBe("passed")
    expect(await outcome(text, { compiled: true })).toBe("")
  })

  it("is refused if its fence is unknown or not closed", () => {
    expect(() => examplesOf("a.md", "```ts norun\n```")).toThrow("a.md:1")
    expect(() => examplesOf("a.md", "\n```ts\n1")).toThrow("a.md:2")
  })
})

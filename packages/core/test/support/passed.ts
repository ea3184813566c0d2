/** What no compiler has checked. */
export const passed = (options: unknown): never => options as never

/** Options that are no object of options. */
export const noObjects: ReadonlyArray<readonly [name: string, options: unknown]> = [
  ["null", null],
  ["a number", 5],
  ["a string", "eu"],
  ["an array", [{ limit: 5 }]],
  ["a Map", new Map([["limit", 5]])]
]

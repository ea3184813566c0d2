// Lint. Most of it is the floors of the house: what may import what.

// packages/core/src from the ground up. A module imports from its own floor and those below it, and never in a circle.
// A new module gets its floor here, or it may import nothing of the house.
const core = {
  ground: ["field", "masked"], // modules of internal/ that the first floor stands on
  floors: [
    ["Run", "RunResult", "ListRunsQuery", "RunsError", "RunCursor", "FailureCause"],
    ["Connection"], // and the rest of internal/
    ["RunsClient"],
    ["RunWindow", "RunHistory", "RunWatch"],
    ["RunDiagnosis", "RunStatistics"]
  ],
  wings: { diagnosis: 5, statistics: 5 } // folders of internal/ behind a module of an upper floor, and read by it alone
}

const anyOf = (names) => `(${names.join("|")})`
const wings = Object.keys(core.wings)
const above = (floor) => anyOf([...core.floors.slice(floor).flat(), "node", "index"])
const wingsAbove = (floor) => wings.filter((wing) => core.wings[wing] > floor)

// One restriction on imports: a pattern for what is written after `from` (a regular expression, or a list as in a
// .gitignore where something is excepted), and why.
const never = (pattern, message, options = {}) =>
  Array.isArray(pattern) ? { group: pattern, message, ...options } : { regex: pattern, message, ...options }

const everywhere = [
  never(
    "^effect(/[a-z-]+)?$|^@effect/platform-node$",
    "Import the submodule: a barrel makes bundles four times as large."
  )
]
const inCore = [
  ...everywhere,
  never("^@coalesce-runs/(simulator|mcp)", "Core stands alone: it knows neither the simulator nor the MCP server."),
  never("^@coalesce-runs/core", "Inside a package, import the file.")
]
const noNode = never("^node:|^@effect/platform", "Core runs anywhere: only node.ts knows Node.")
const noUnstable = (...excepted) =>
  never(
    ["effect/*/*", ...excepted.map((name) => `!effect/${name}`)],
    "effect's unstable modules may move in a minor release: their values stay in core's internal/."
  )

const imports = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] })

const floor = (number) => ({
  files: core.floors[number - 1].map((name) => `packages/core/src/${name}.ts`),
  rules: imports(
    ...inCore,
    noNode,
    ...(number === 3
      ? [
        // In this order: what a list excepts, no later pattern refuses.
        never("^effect/http/HttpClient$", "RunsClient may name the HttpClient type, no more.", {
          allowTypeImports: true
        }),
        noUnstable("http/HttpClient")
      ]
      : [noUnstable()]),
    never(`^\\./${above(number)}\\.ts$`, `This module is on floor ${number}, that one is above it.`),
    ...(wingsAbove(number).length > 0
      ? [
        never(`^\\./internal/${anyOf(wingsAbove(number))}/`, `This module is on floor ${number}, that one is above it.`)
      ]
      : []),
    ...(number === 1
      ? [
        never([
          "./internal/*",
          ...core.ground.map((name) => `!./internal/${name}.ts`)
        ], "Floor 1 stands on the ground modules of internal/ only.")
      ]
      : [])
  )
})

export default {
  plugins: ["typescript", "import", "unicorn", "oxc", "promise", "vitest"],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: "error" },
  categories: { correctness: "error" },
  ignorePatterns: ["**/dist/**", "**/.docs-*/**"],
  rules: {
    ...imports(...everywhere),
    "eqeqeq": "error",
    "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    "no-var": "error",
    "prefer-const": "error",
    "no-warning-comments": "error",
    "import/no-cycle": ["error", { ignoreTypes: false }],
    // The compiler knows this better.
    "import/namespace": "off",
    "import/no-self-import": "error",
    "typescript/ban-ts-comment": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/no-misused-promises": "error",
    "typescript/switch-exhaustiveness-check": "error",
    // Effects are generators, and yield* may stand alone.
    "require-yield": "off",
    // Plain objects with a same-named interface look like class instances to it.
    "typescript/no-misused-spread": "off",
    // A list spread into arguments keeps its line breaks.
    "unicorn/no-useless-spread": "off",
    // Text from the API is untrusted: control characters are what we look for.
    "no-control-regex": "off"
  },
  overrides: [
    {
      files: ["packages/{core,simulator,mcp}/src/**"],
      rules: {
        "no-restricted-properties": ["error", {
          object: "Date",
          property: "now",
          message: "Time comes from effect's Clock or DateTime.now, so that tests can move it."
        }]
      }
    },
    {
      files: ["packages/core/**"],
      rules: {
        ...imports(
          ...everywhere,
          never("^@coalesce-runs/(simulator|mcp)", "Tests over real HTTP live in packages/simulator.")
        ),
        "no-console": "error"
      }
    },
    {
      files: ["packages/core/src/**"],
      rules: {
        ...imports(...inCore, noNode, noUnstable(), never("^\\./", "Give this module its floor in oxlint.config.mjs.")),
        "no-restricted-globals": ["error", "process", "Buffer", "global", "setImmediate", "require"]
      }
    },
    ...core.floors.map((_, index) => floor(index + 1)),
    {
      files: ["packages/core/src/internal/**"],
      rules: imports(
        ...inCore,
        noNode,
        never(`^\\.\\./${above(2)}\\.ts$`, "internal/ is on floor 2, that module is above it."),
        never(`^\\./${anyOf(wings)}/`, "internal/ is on floor 2, that folder is above it.")
      )
    },
    ...wings.map((wing) => ({
      files: [`packages/core/src/internal/${wing}/**`],
      rules: imports(
        ...inCore,
        noNode,
        noUnstable(),
        never(
          `^\\.\\./\\.\\./${above(core.wings[wing] - 1)}\\.ts$`,
          `This folder is behind floor ${core.wings[wing]}, that module is not below it.`
        )
      )
    })),
    {
      files: core.ground.map((name) => `packages/core/src/internal/${name}.ts`),
      rules: imports(
        ...inCore,
        noNode,
        noUnstable(),
        never("^\\.\\./", "The ground has no floor below it."),
        never(["./*", ...core.ground.map((name) => `!./${name}.ts`)], "The ground imports the ground.")
      )
    },
    {
      files: ["packages/core/src/node.ts"],
      rules: { ...imports(...inCore), "no-restricted-globals": "off" }
    },
    {
      files: ["packages/core/src/index.ts"],
      rules: imports(...inCore, never("^\\./(node|internal/.*)\\.ts$", "node.ts and internal/ are not for everyone."))
    },
    {
      files: ["packages/simulator/**"],
      rules: imports(...everywhere, never("^@coalesce-runs/(mcp|bench)", "The simulator does not know its users."))
    },
    {
      files: ["packages/mcp/src/**"],
      rules: imports(
        ...everywhere,
        never("^@effect/platform", "The server starts fast: platform-node costs more than it gives."),
        never("^@coalesce-runs/(core|simulator)$", "The bin is bundled: import the submodule.")
      )
    },
    {
      files: ["**/test/**", "**/*.test-d.ts"],
      // Inside @effect/vitest's it.effect, an assertion is a statement, and a test may end in one.
      rules: {
        "vitest/expect-expect": "off",
        "vitest/no-standalone-expect": "off",
        "vitest/no-conditional-expect": "off",
        // Titles come out of tables.
        "vitest/valid-title": "off",
        "typescript/no-floating-promises": "error"
      }
    }
  ]
}

// Lint. Most of it is the layers of the code: what may import what.

// The public modules of core, from the first to the last. A module imports from its own line and from those above it,
// never in a circle; so does the folder of its name, which holds what only the module itself and later lines use. A new
// module gets its line here, or it may import nothing of the package.
const core = {
  lines: [
    ["Run", "RunResult", "RunsError", "RunCursor", "ListRunsQuery", "FailureCause"],
    ["Report"],
    ["Connection"],
    ["RunsClient"],
    ["RunsInMemory", "RunWindow", "RunHistory", "RunCheckpoint", "RunWatch"],
    // How runs are read for a person and told in a line: what every report below shares.
    ["RunList"],
    ["RunBaseline"],
    ["RunInspection"],
    ["RunDiagnosis"],
    ["RunStatistics"],
    ["RunHealth"],
    ["RunTimeline"],
    ["node", "checkpointKv", "checkpointRedis", "checkpointSql", "promise"],
    ["promiseNode"]
  ],
  // Folders whose names do not follow from their modules'.
  folders: { FailureCause: "cause" },
  // Below all modules: how the API spells values.
  base: "wire"
}

const simulator = {
  lines: [
    ["SimulatedRun", "SnowflakeError", "DatabricksError", "BigQueryError", "FabricError"],
    ["Api", "Faults", "Scenario"],
    ["DiagnosisScenarios", "Nights", "Simulator"],
    ["bin"]
  ],
  folders: {},
  // Below all modules: how options are checked.
  base: "check"
}

// The MCP server is a program: its layers are folders.
const mcp = {
  lines: [
    ["message", "version", "result"],
    ["input"],
    ["prompts", "tools"],
    ["callTool", "definitions", "newServer", "registerTools", "runtime"],
    ["ai", "cli", "demo", "ending", "http", "server", "stdio"],
    ["overHttp", "overStdio"],
    ["bin"]
  ],
  folders: {},
  base: undefined
}

const cli = {
  lines: [
    ["choices", "exitCode", "flags", "nameCall", "output", "progress", "version", "csv", "timeline", "rowSink"],
    ["demo"],
    ["connection"],
    ["answer", "ended"],
    ["alerting", "lines", "parquet"],
    // What commands load when they run, and the commands, which help reads.
    ["handlers"],
    ["onDemand"],
    ["commands"],
    ["bin"]
  ],
  folders: {},
  base: undefined
}

const alerts = {
  lines: [
    ["Incident"],
    ["Destination"],
    ["Delivery"],
    ["PagerDuty", "Slack", "Stdout", "Teams", "Webhook"],
    ["AlertsConfig"],
    ["Routes"],
    ["Alerter"],
    ["node"]
  ],
  folders: {},
  // Below all modules: how options are checked.
  base: "check"
}

const anyOf = (names) => `(${names.join("|")})`

/** `RunWindow` keeps its private parts in `window/`. */
const folderOf = ({ folders }, module) =>
  folders[module] ?? module.replace(/^Runs?(?=[A-Z])/, "").replace(/^./, (first) => first.toLowerCase())

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
    "effect's unstable modules may move in a minor release: their values stay in core's client/."
  )

const imports = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] })

/** What a file may not import because it lies on a later line; `up` leads from the file to `src`. */
const upwards = (house, line, up, own) => {
  const later = house.lines.slice(line + 1).flat()
  const open = new Set([...house.lines.slice(0, line).flat().map((module) => folderOf(house, module)), own, house.base])
  const closed = house.lines.flat().map((module) => folderOf(house, module)).filter((folder) => !open.has(folder))
  return [
    never(`^${up}${anyOf([...later, "index"])}\\.ts$`, "That module is on a later line of oxlint.config.mjs."),
    ...(closed.length === 0
      ? []
      : [never(`^${up}${anyOf(closed)}/`, "That folder belongs to another module of this line, or to a later one.")])
  ]
}

/** The overrides that keep the layers of a package: for each module, and for the folder of its name. */
const layers = (name, house, common, special = {}) => [
  {
    files: [`packages/${name}/src/*.ts`],
    rules: imports(...common, never("^\\./", "Give this module its line in oxlint.config.mjs."))
  },
  ...house.lines.flatMap((modules, line) =>
    modules.flatMap((module) => {
      const folder = folderOf(house, module)
      return [
        {
          files: [`packages/${name}/src/${module}.ts`],
          rules: imports(...(special[module] ?? common), ...upwards(house, line, "\\./", folder))
        },
        ...[1, 2].map((depth) => ({
          files: [`packages/${name}/src/${folder}/${"*/".repeat(depth - 1)}*.ts`],
          rules: imports(
            ...(special[folder] ?? common),
            ...upwards(house, line, `(\\.\\./){${depth}}`, folder)
          )
        }))
      ]
    })
  ),
  ...(house.base === undefined ? [] : [{
    files: [`packages/${name}/src/${house.base}/*.ts`],
    rules: imports(...common, never("^\\.\\./", "This folder lies below all modules."))
  }])
]

const inCoreModules = [...inCore, noNode, noUnstable()]
// In this order: what a list excepts, no later pattern refuses.
const inRunsClient = [
  ...inCore,
  noNode,
  never("^effect/http/HttpClient$", "RunsClient may name the HttpClient type, no more.", { allowTypeImports: true }),
  noUnstable("http/HttpClient")
]
const inSimulator = [
  ...everywhere,
  never("^@coalesce-runs/(mcp|bench)", "The simulator does not know its users.")
]
const inMcp = [
  ...everywhere,
  never("^@effect/platform", "The server starts fast: platform-node costs more than it gives."),
  never("^@coalesce-runs/(core|simulator)$", "The bin is bundled: import the submodule.")
]

const inCli = [
  never(
    "^effect(/[a-z-]+)?$|^@effect/platform-node$",
    "Import the submodule: a barrel makes bundles four times as large."
  ),
  never("^@coalesce-runs/mcp", "The terminal and the MCP server do not know each other: what both say stands in core."),
  never("^@coalesce-runs/(alerts|core|simulator)$", "The bin is bundled: import the submodule.")
]

const inAlerts = [
  ...everywhere,
  never("^@coalesce-runs/(simulator|mcp|cli)", "Alerts stand on core alone."),
  never("^@coalesce-runs/core$", "Import the submodule: a program that alerts need not load all of core.")
]

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
      files: ["packages/{core,simulator,mcp,alerts}/src/**"],
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
          never("^@coalesce-runs/(simulator|mcp)", "Tests over real HTTP live in test/over-http.")
        ),
        "no-console": "error"
      }
    },
    {
      files: ["packages/core/src/**"],
      rules: { "no-restricted-globals": ["error", "process", "Buffer", "global", "setImmediate", "require"] }
    },
    ...layers("core", core, inCoreModules, {
      RunsClient: inRunsClient,
      client: [...inCore, noNode],
      node: inCore,
      // Entry points of their own, for those who use effect's stores.
      checkpointKv: [...inCore, noNode],
      checkpointRedis: [...inCore, noNode],
      checkpointSql: [...inCore, noNode],
      // For programs without Effect, which bring no HTTP client of their own.
      promise: [...inCore, noNode],
      promiseNode: inCore
    }),
    {
      files: ["packages/core/src/node.ts"],
      rules: { "no-restricted-globals": "off" }
    },
    {
      files: ["packages/core/src/index.ts"],
      rules: imports(
        ...inCore,
        never(
          "^\\./((node|checkpointKv|checkpointRedis|checkpointSql|promise|promiseNode)\\.ts|.*/)",
          "Entry points and folders are not part of the main entry."
        )
      )
    },
    { files: ["packages/simulator/**"], rules: imports(...inSimulator) },
    ...layers("simulator", simulator, inSimulator),
    { files: ["packages/simulator/src/index.ts"], rules: imports(...inSimulator) },
    ...layers("mcp", mcp, inMcp),
    { files: ["packages/mcp/src/index.ts"], rules: imports(...inMcp) },
    ...layers("cli", cli, inCli),
    ...layers("alerts", alerts, [...inAlerts, noNode], { node: inAlerts }),
    { files: ["packages/alerts/src/index.ts"], rules: imports(...inAlerts) },
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

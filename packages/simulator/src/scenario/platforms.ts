/** What differs between the platforms on which a project can run: credentials, SQL, and what a query shows. */

/** The platform of a project. */
export type Platform = "snowflake" | "databricks" | "bigquery" | "fabric"

/** A project: its environments, all on one platform. */
export interface Project {
  readonly projectID: string
  readonly platform: Platform
  readonly environmentIDs: ReadonlyArray<string>
}

/** The project of an environment. An environment of no project is on Snowflake. */
export const projectOf = (projects: ReadonlyArray<Project>, environmentID: string): Project | undefined =>
  projects.find(({ environmentIDs }) => environmentIDs.includes(environmentID))

/** The API documents those of Snowflake alone. The other names are a guess, and a client must not need them. */
export const credentials: Readonly<Record<Platform, Readonly<Record<string, string>>>> = {
  snowflake: {
    snowflakeAccount: "acme-analytics",
    snowflakeAuthType: "KeyPair",
    snowflakeUsername: "COALESCE_SERVICE",
    snowflakeRole: "TRANSFORMER",
    snowflakeWarehouse: "TRANSFORM_WH"
  },
  databricks: { databricksHost: "adb-1234567890.7.azuredatabricks.net", databricksAuthType: "OAuthM2M" },
  bigquery: { bigQueryProject: "acme-dw", bigQueryAuthType: "ServiceAccount" },
  fabric: { fabricWorkspace: "acme-analytics", fabricAuthType: "ServicePrincipal" }
}

interface Dialect {
  readonly table: (database: string, schema: string, name: string) => string
  readonly column: (name: string) => string
  readonly number: string
  readonly timestamp: string
}

const backticks = (name: string): string => `\`${name.toLowerCase()}\``

const dialects: Readonly<Record<Platform, Dialect>> = {
  snowflake: {
    table: (...names) => names.map((name) => `"${name}"`).join("."),
    column: (name) => `"${name}"`,
    number: "NUMBER(18, 2)",
    timestamp: "TIMESTAMP_NTZ"
  },
  databricks: {
    table: (...names) => names.map(backticks).join("."),
    column: backticks,
    number: "DECIMAL(18, 2)",
    timestamp: "TIMESTAMP"
  },
  bigquery: {
    table: (_, schema, name) => backticks(`acme-dw.${schema}.${name}`),
    column: backticks,
    number: "NUMERIC",
    timestamp: "TIMESTAMP"
  },
  fabric: {
    table: (_, schema, name) => `[${schema.toLowerCase()}].[${name.toLowerCase()}]`,
    column: (name) => `[${name.toLowerCase()}]`,
    number: "DECIMAL(18, 2)",
    timestamp: "DATETIME2(3)"
  }
}

const tableOf = ({ table }: Dialect, node: string): string =>
  table("ANALYTICS", node.startsWith("STG") ? "STG" : "MART", node)

/** The statements of a node, as the platform renders them. */
export const sqlOf = (platform: Platform, node: string) => {
  const dialect = dialects[platform]
  const { column, number, table, timestamp } = dialect
  const name = node.slice(4)
  const key = column(`${name.replace(/S$/, "")}_ID`)
  const source = node.startsWith("STG") ? table("RAW", "SHOP", name) : table("ANALYTICS", "STG", `STG_${name}`)
  const target = tableOf(dialect, node)
  const src = column("SRC")
  const cast = (value: string, type: string) =>
    platform === "snowflake" ? `${value}::${type}` : `CAST(${value} AS ${type})`
  const columns = [
    [key, `${src}.${key}`],
    [column("NAME"), `${src}.${column("NAME")}`],
    [column("AMOUNT"), cast(`${src}.${column("AMOUNT")}`, number)],
    [column("UPDATED_AT"), cast(`${src}.${column("UPDATED_AT")}`, timestamp)]
  ] as const
  return {
    truncate: platform === "snowflake" ? `TRUNCATE IF EXISTS ${target}` : `TRUNCATE TABLE ${target}`,
    insert: [
      `INSERT INTO ${target} (`,
      columns.map(([name]) => `  ${name}`).join(",\n"),
      ")",
      "SELECT",
      columns.map(([name, value]) => `  ${value} AS ${name}`).join(",\n"),
      `FROM ${source} ${src}`
    ].join("\n"),
    test: (test: string) => `SELECT * FROM ${target} WHERE NOT (${test})`
  }
}

// Prints the rows of a Parquet file, which is compressed, as text. `canaries.test.ts` runs it. Argument: the file.
import { createRequire } from "node:module"

const { DuckDBInstance } = createRequire(new URL("../../../packages/cli/package.json", import.meta.url))(
  "@duckdb/node-api"
)
const connection = await (await DuckDBInstance.create()).connect()
const rows = await connection.runAndReadAll(`SELECT * FROM '${process.argv[2]}'`)
console.log(JSON.stringify(rows.getRowObjectsJson()))

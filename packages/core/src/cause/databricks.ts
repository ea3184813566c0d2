/**
 * Databricks' error conditions, `[TABLE_OR_VIEW_NOT_FOUND] … SQLSTATE: 42P01`: the name in square brackets is the kind.
 */
import type { CauseClass } from "./causeClass.ts"

const conditions: ReadonlyArray<readonly [CauseClass, string]> = [
  [
    "missingObjectOrGrant",
    "TABLE_OR_VIEW_NOT_FOUND SCHEMA_NOT_FOUND CATALOG_NOT_FOUND NO_SUCH_CATALOG_EXCEPTION ROUTINE_NOT_FOUND UNRESOLVED_ROUTINE UNRESOLVABLE_TABLE_VALUED_FUNCTION VIEW_NOT_FOUND DELTA_TABLE_NOT_FOUND DELTA_MISSING_DELTA_TABLE DELTA_PATH_DOES_NOT_EXIST DELTA_PATH_EXISTS DELTA_MISSING_FILES_UNEXPECTED_VERSION PATH_NOT_FOUND FILE_NOT_EXIST FAILED_READ_FILE.FILE_NOT_EXIST VOLUME_DOES_NOT_EXIST STREAM_NOT_FOUND COLUMN_MASKS_FEATURE_NOT_FOUND TABLE_NOT_FOUND FUNCTION_NOT_FOUND METRIC_VIEW_NOT_FOUND EXTERNAL_LOCATION_DOES_NOT_EXIST STORAGE_CREDENTIAL_DOES_NOT_EXIST CREDENTIAL_DOES_NOT_EXIST CONNECTION_NOT_FOUND SHARE_NOT_FOUND DATA_SOURCE_NOT_FOUND RESOURCE_DOES_NOT_EXIST NOT_FOUND SCHEMA_DOES_NOT_EXIST CATALOG_DOES_NOT_EXIST TABLE_DOES_NOT_EXIST"
  ],
  [
    "invalidIdentifier",
    "UNRESOLVED_COLUMN UNRESOLVED_FIELD UNRESOLVED_MAP_KEY UNRESOLVED_USING_COLUMN_FOR_JOIN UNRESOLVED_VARIABLE AMBIGUOUS_REFERENCE AMBIGUOUS_COLUMN_OR_FIELD AMBIGUOUS_COLUMN_REFERENCE AMBIGUOUS_REFERENCE_TO_FIELDS COLUMN_NOT_FOUND COLUMN_ALREADY_EXISTS FIELD_NOT_FOUND MISSING_COLUMN COLUMN_NOT_DEFINED_IN_TABLE DELTA_COLUMN_NOT_FOUND DELTA_COLUMN_NOT_FOUND_IN_MERGE DELTA_COLUMN_NOT_FOUND_IN_SCHEMA DELTA_CANNOT_RESOLVE_COLUMN DELTA_MERGE_UNRESOLVED_EXPRESSION DELTA_DUPLICATE_COLUMNS_FOUND DELTA_MISSING_COLUMN DELTA_SET_LOCATION_SCHEMA_MISMATCH"
  ],
  [
    "syntax",
    "PARSE_SYNTAX_ERROR PARSE_EMPTY_STATEMENT PARSE_MODE_UNSUPPORTED INVALID_SQL_SYNTAX UNCLOSED_BRACKETED_COMMENT INVALID_IDENTIFIER"
  ],
  [
    "dataConversion",
    "CAST_INVALID_INPUT CAST_OVERFLOW CAST_OVERFLOW_IN_TABLE_INSERT ARITHMETIC_OVERFLOW BINARY_ARITHMETIC_OVERFLOW NUMERIC_VALUE_OUT_OF_RANGE NUMERIC_OUT_OF_SUPPORTED_RANGE DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION CANNOT_PARSE_TIMESTAMP CANNOT_PARSE_DECIMAL CANNOT_PARSE_DATE CANNOT_PARSE_TIME CANNOT_PARSE_JSON_FIELD CANNOT_PARSE_INTERVAL CONVERSION_INVALID_INPUT INVALID_TYPED_LITERAL INVALID_VARIANT_CAST INVALID_NUMERIC_LITERAL_RANGE INCONSISTENT_BEHAVIOR_CROSS_VERSION DATETIME_OVERFLOW DATETIME_FIELD_OUT_OF_BOUNDS DATATYPE_MISMATCH CANNOT_CAST_DATATYPE CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE CANNOT_MERGE_SCHEMAS INCOMPATIBLE_DATA_FOR_TABLE INCOMPATIBLE_COLUMN_TYPE MALFORMED_RECORD_IN_PARSING MALFORMED_CSV_RECORD MALFORMED_VARIANT DELTA_FAILED_TO_MERGE_FIELDS DELTA_MERGE_INCOMPATIBLE_DATATYPE DELTA_MERGE_INCOMPATIBLE_DECIMAL_TYPE DELTA_FAILED_CAST_PARTITION_VALUE INVALID_ARRAY_INDEX FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH UNEXPECTED_INPUT_TYPE"
  ],
  [
    "constraint",
    "DELTA_NOT_NULL_CONSTRAINT_VIOLATED DELTA_VIOLATE_CONSTRAINT_WITH_VALUES DELTA_NEW_CHECK_CONSTRAINT_VIOLATION DELTA_NEW_NOT_NULL_VIOLATION DELTA_MISSING_NOT_NULL_COLUMN_VALUE NOT_NULL_CONSTRAINT_VIOLATION NOT_NULL_ASSERT_VIOLATION CHECK_CONSTRAINT_VIOLATION NULL_VALUE_SIGNAL EXPECTATION_VIOLATION"
  ],
  [
    "duplicateRow",
    "DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE MERGE_CARDINALITY_VIOLATION SCALAR_SUBQUERY_TOO_MANY_ROWS ROW_SUBQUERY_TOO_MANY_ROWS DUPLICATED_MAP_KEY"
  ],
  ["truncation", "EXCEED_LIMIT_LENGTH DELTA_EXCEED_CHAR_VARCHAR_LIMIT"],
  ["divisionByZero", "DIVIDE_BY_ZERO REMAINDER_BY_ZERO INTERVAL_DIVIDED_BY_ZERO"],
  [
    "privilege",
    "INSUFFICIENT_PERMISSIONS INSUFFICIENT_PRIVILEGES INSUFFICIENT_PERMISSIONS_OWNERSHIP_SCHEMA INSUFFICIENT_PERMISSIONS_OWNERSHIP_SECURABLE INSUFFICIENT_PERMISSIONS_NO_OWNER INSUFFICIENT_PERMISSIONS_EXT_LOC INSUFFICIENT_PERMISSIONS_UNDERLYING_SECURABLES INSUFFICIENT_PERMISSIONS_SPARK_CONFIG INSUFFICIENT_TABLE_PROPERTY PERMISSION_DENIED UNAUTHORIZED_ACCESS"
  ],
  [
    "storage",
    "FAILED_READ_FILE CLOUD_PROVIDER_ERROR CLOUD_FILE_SOURCE_FILE_NOT_FOUND UC_CLOUD_STORAGE_ACCESS_FAILURE STORAGE_ACCESS_DENIED INVALID_EXTERNAL_LOCATION DELTA_CLOUD_STORAGE_ERROR"
  ],
  [
    "lock",
    "DELTA_CONCURRENT_APPEND DELTA_CONCURRENT_DELETE_READ DELTA_CONCURRENT_DELETE_DELETE DELTA_CONCURRENT_WRITE DELTA_CONCURRENT_TRANSACTION DELTA_METADATA_CHANGED DELTA_PROTOCOL_CHANGED TRANSACTION_CONFLICT CONCURRENT_STREAM_LOG_UPDATE"
  ],
  ["canceled", "OPERATION_CANCELED QUERY_CANCELED QUERY_CANCELLED CANCELED CANCELLED"],
  ["timeout", "STATEMENT_TIMEOUT QUERY_TIMEOUT DEADLINE_EXCEEDED UC_CLIENT_TIMEOUT"],
  [
    "warehouseOrQuota",
    "QUOTA_EXCEEDED RESOURCE_EXHAUSTED UC_RESOURCE_QUOTA_EXCEEDED RESOURCE_LIMIT_EXCEEDED REQUEST_LIMIT_EXCEEDED CLUSTER_NOT_READY WAREHOUSE_NOT_RUNNING"
  ],
  [
    "sizeLimit",
    "OUT_OF_MEMORY DRIVER_OUT_OF_MEMORY SPARK_JOB_RESULT_TOO_LARGE BUFFER_SIZE_TOO_SMALL COLLECTION_SIZE_LIMIT_EXCEEDED MAX_RECORDS_PER_BATCH_EXCEEDED"
  ],
  [
    "authenticationOrNetwork",
    "UNAUTHENTICATED INVALID_CREDENTIALS TEMPORARILY_UNAVAILABLE REMOTE_FUNCTION_HTTP_FAILED_ERROR UC_CLIENT_COMMUNICATION_ERROR CONNECTION_ERROR"
  ],
  [
    "userCode",
    "USER_RAISED_EXCEPTION FAILED_EXECUTE_UDF UDF_USER_CODE_ERROR UDF_ERROR UDF_PYSPARK_ERROR FAILED_FUNCTION_CALL UDF_USER_CODE_ERROR.GENERIC UDTF_ERROR"
  ],
  [
    "internal",
    "INTERNAL_ERROR INTERNAL_ERROR_METADATA_CATALOG INTERNAL_ERROR_SHUFFLE INTERNAL_ERROR_STORAGE INTERNAL_ERROR_EXECUTOR INTERNAL_ERROR_BROADCAST INTERNAL_ERROR_MEMORY INTERNAL_ERROR_NETWORK"
  ]
]

const byName: ReadonlyMap<string, CauseClass> = /* @__PURE__ */ new Map(
  conditions.flatMap(([causeClass, names]) => names.split(" ").map((name): [string, CauseClass] => [name, causeClass]))
)

// What Databricks' conditions have in common where they are not in the table: SQLSTATE, a standard's own classes.
const sqlStates: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [/^42(?:P01|S02|704|883)$/, "missingObjectOrGrant"],
  [/^42(?:703|702|711)$/, "invalidIdentifier"],
  [/^42501$/, "privilege"],
  [/^22012$/, "divisionByZero"],
  [/^22001$/, "truncation"],
  [/^(?:22(?:003|007|008|018|023|032|P02|P03)|42(?:804|846|K09))$/, "dataConversion"],
  [/^21/, "duplicateRow"],
  [/^23/, "constraint"],
  [/^(?:2D521|40\w{3})$/, "lock"],
  [/^HY008$/, "canceled"],
  [/^(?:08|28)/, "authenticationOrNetwork"],
  [/^5[34]/, "sizeLimit"],
  [/^P0/, "userCode"],
  [/^XX/, "internal"],
  [/^(?:42|0A)/, "compilation"]
]

export interface Condition {
  readonly name: string
  /** The name as the message has it, in its brackets. */
  readonly label: string
  readonly class: CauseClass | undefined
  /** Whether the name alone tells one cause from another; a general one needs the words beside it. */
  readonly isSpecific: boolean
}

const general =
  /^(?:INTERNAL_ERROR|USER_RAISED_EXCEPTION|UDF_|UDTF_|FAILED_|CLOUD_PROVIDER|PERMISSION_DENIED|RESOURCE_|INVALID_PARAMETER|BAD_REQUEST|REQUEST_|UNCLASSIFIED|UNKNOWN|CONNECTION_ERROR|REMOTE_|UC_|TEMPORARILY|NOT_FOUND|QUOTA_EXCEEDED|INSUFFICIENT_P\w+$|DATATYPE_MISMATCH$|UNSUPPORTED_|PARSE_|INVALID_)/

const bracketed =
  /(?<![\w\])'"`])\[([A-Z][A-Z0-9]{0,60}(?:_[A-Z0-9]{1,60}){1,12}(?:\.[A-Z0-9_]{1,120})?)\](?=[\s.,:]|$)/

/** Returns the error condition that a message names in square brackets, with its class where that is known. */
export const conditionOf = (text: string): Condition | undefined => {
  const found = bracketed.exec(text)
  if (found === null || found.index > 300) return undefined
  // Whether there is a suggestion is no other error.
  const name = (found[1] ?? "").replace(/\.WITH(?:OUT)?_SUGGESTION$/, "")
  const [main = ""] = name.split(".")
  const sqlState = /\bSQLSTATE:? ?\(?([0-9A-Z]{5})\b/.exec(text)?.[1]
  return {
    name,
    label: found[0],
    class: byName.get(name) ?? byName.get(main) ??
      (sqlState === undefined ? undefined : sqlStates.find(([pattern]) => pattern.test(sqlState))?.[1]),
    isSpecific: byName.has(main) && !general.test(name)
  }
}

/** Databricks' sentences without their condition. */
export const databricksWords: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [
    /table or view .{0,400}(?:cannot be found|not found)|the (?:schema|catalog|function|routine) .{0,300}cannot be found|is not a delta table|path does not exist:/i,
    "missingObjectOrGrant"
  ],
  [
    /cannot resolve .{0,300}(?:given input columns|column|due to)|\b(?:column|field|variable|function parameter)\b.{0,200}cannot be resolved|reference .{0,200} is ambiguous|unable to find the column|column alias .{0,200}is ambiguous/i,
    "invalidIdentifier"
  ],
  [/mismatched input|extraneous input|no viable alternative/i, "syntax"],
  [/multiple source rows matched and attempted to modify/i, "duplicateRow"],
  [
    /cannot be cast to .{0,100}because it is malformed|is malformed\b|cannot up ?cast|schema mismatch detected when writing/i,
    "dataConversion"
  ],
  [/exceeds char\/varchar type length limitation/i, "truncation"],
  [
    /\b(?:Concurrent(?:Append|DeleteRead|DeleteDelete|Transaction|Write)|MetadataChanged|ProtocolChanged)Exception\b|files were added to .{0,200} by a concurrent update|metadata of the delta table has been changed by a concurrent/i,
    "lock"
  ],
  [
    /java heap space|gc overhead limit|executorlostfailure|total size of serialized results|container killed by yarn/i,
    "sizeLimit"
  ],
  [
    /does not have (?:the )?(?:USE|SELECT|MODIFY|CREATE|EXECUTE|READ|WRITE|MANAGE|ALL PRIVILEGES)\b.{0,60} on\b/i,
    "privilege"
  ],
  [
    /cluster .{0,100}(?:terminated|does not exist|not running|is not usable)|sql warehouse .{0,100}(?:stopped|not running|deleted)/i,
    "warehouseOrQuota"
  ]
]

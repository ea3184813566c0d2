/**
 * What a check must find on each night of the simulator, and nothing else, the most urgent first.
 *
 * A finding is its kind with its jobs; failures are their cause with their jobs, the one that failed last first, and what became
 * of them: `new` or the number of failures in succession, and whether and by which run they are over.
 */
const quotaJobs = ["Marketing attribution", "Customer 360", "Inventory snapshot", "Daily sales", "Finance close"]

export const nights: Readonly<Record<string, ReadonlyArray<string>>> = {
  "a quota that stops many jobs": [
    `warehouseOrQuota of 5 runs: ${quotaJobs.map((job) => `${job} (1, notYet)`).join(", ")}`
  ],
  "a job that fails every few minutes": [
    "privilege of 15 runs: Hourly events (57, notYet, 57 times every 240 s)",
    "42 runs not read: no other job"
  ],
  "a failed load before the jobs that read it": [
    "dataConversion of 1 run: Raw ingest (1, notYet)",
    "missingObjectOrGrant of 2 runs: Daily sales (1, notYet), Finance close (1, notYet), follows from SRC_PAYMENTS of Raw ingest"
  ],
  "a load that was still at work when its reader began": [
    "missingObjectOrGrant of 1 run: Daily sales (1, notYet)",
    "slow: Raw ingest"
  ],
  "a lock that is gone when the job runs again": ["lock of 1 run: Daily sales (1, recovered by reRun)"],
  "a lock that another run holds": ["lock of 1 run: Daily sales (1, notYet)", "slow: Raw ingest"],
  "a failure that a deploy mended": ["invalidIdentifier of 1 run: Daily sales (1, recovered by reRun)"],
  "a deploy that was reverted after the failure": ["invalidIdentifier of 1 run: Daily sales (1, notYet)"],
  "a renamed job that fails": ["dataConversion of 1 run: Daily revenue (1, notYet)"],
  "a run that began before the night and failed in it": ["divisionByZero of 1 run: Evening extract (1, notYet)"],
  "a canceled run in which a node had failed": ["failedNodes: Customer 360"],
  "a running run in which a node has failed": ["failedNodes: Morning mart"],
  "two causes in one night": [
    "warehouseOrQuota of 2 runs: Finance reporting (1, notYet), Finance close (1, notYet)",
    "invalidIdentifier of 2 runs: Customer 360 (1, notYet), Daily sales (1, notYet)"
  ],
  "hundreds of failures": [
    "warehouseOrQuota of 5 runs: Finance reporting (1, notYet), Customer 360 (1, notYet), Inventory snapshot (1, notYet), Daily sales (1, notYet), Finance close (1, notYet)",
    "dataConversion of 4 runs: Hourly events (300, recovered by laterRun, 300 times every 120 s)",
    "missingObjectOrGrant of 6 runs: Hourly events (189, recovered by laterRun, 189 times every 120 s)",
    "290 runs not read: no other job"
  ],
  "a failure of days ago that has not run since": ["failedBefore: Weekly archive, privilege"],
  "a nightly that did not run": ["missing: Daily sales"],
  "a nightly that ran hours late": ["late: Inventory snapshot"],
  "a run that is stuck": ["long: Customer 360, at DIM_PAYMENTS"],
  "a run that took far longer than usual": ["slow: Daily sales"],
  "a run that waits for its start": ["waiting: Finance reporting"],
  "a run with far fewer nodes": ["fewerNodes: Customer 360"],
  "a run without a node": ["noNodes: Inventory snapshot"],
  "a run that wrote no rows": ["noRows: Daily sales, 12 nodes"],
  "failed data tests in a run that completed": [
    "failedTests: Daily sales, STG_CUSTOMERS: CUSTOMER_ID is unique, DIM_ORDER: ORDER_DATE is not null"
  ],
  "a failed uniqueness test before a merge that fails": ["duplicateRow of 1 run: Daily sales (1, notYet)"],
  "a status that is not known, with an end": ["otherStatus: Inventory snapshot"],
  "all well": [],
  "a quiet Sunday": [],
  "all well after daylight saving began": []
}

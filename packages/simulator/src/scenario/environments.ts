/** The environments, and the nodes of a job, that the ready scenarios share. */

export const production = "3"
export const finance = "5"

export const sales = [
  "STG_ORDERS",
  "STG_ORDER_LINES",
  "STG_CUSTOMERS",
  "STG_PAYMENTS",
  "DIM_CUSTOMER",
  "DIM_PRODUCT",
  "DIM_ORDER",
  "FCT_ORDER_LINES",
  "FCT_SALES_DAILY",
  "FCT_REVENUE",
  "FCT_MARGIN",
  "RPT_SALES"
]

/** Dollars for one of each, at list price in us-east-1: what use costs beside what is paid by the month. */
export const prices = {
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.0000133334,
  dynamodbRead: 0.125 / 1e6,
  dynamodbWrite: 0.625 / 1e6,
  event: 1 / 1e6,
  apiRequest: 1 / 1e6,
} as const;

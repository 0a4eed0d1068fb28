import { malformed } from "./malformed";
import { type Dialect, operationsOf } from "./operation";

export const logsDialect: Dialect = {
  service: "logs",
  errors: {
    invalid: { code: "InvalidParameterException", status: 400 },
    notFound: { code: "ResourceNotFoundException", status: 400 },
    alreadyExists: { code: "ResourceAlreadyExistsException", status: 400 },
  },
  malformed,
};

export const monitoringDialect: Dialect = {
  service: "monitoring",
  errors: {
    invalid: { code: "InvalidParameterValueException", status: 400 },
    notFound: { code: "ResourceNotFound", status: 404 },
    alreadyExists: { code: "ResourceConflict", status: 409 },
  },
};

export const logsOperation = operationsOf(logsDialect);
export const monitoringOperation = operationsOf(monitoringDialect);

import { scheduled } from "./consume/scheduled";
import { checkHealth } from "./health/check";

export const publisherHealth = scheduled("publisherHealth", checkHealth);

import { scheduled } from "./consume/scheduled";
import { oncePerSlot, slotOf } from "./effects/slot";
import { Failure } from "./failure";
import { planRound } from "./planning/planRound";

const leaseMs = 300_000;

const roundOf = (trigger: string): "earnings" | "regular" => {
  if (trigger === "earnings" || trigger === "regular") return trigger;
  throw new Failure("validation", "event.trigger must be earnings or regular", {
    origin: "input",
    field: "event.trigger",
  });
};

export const pollinationPlanner = scheduled("pollinationPlanner", async (run, firing) => {
  const slot = slotOf("pollinationPlanner", firing);
  const watchlist = (process.env["WATCHLIST"] ?? "").split(" ").filter(Boolean);
  const end = await oncePerSlot(slot, leaseMs, run, () => planRound(roundOf(firing.trigger), slot, watchlist, run));
  run.log.info("planned", { slot, ...end });
  return end;
});

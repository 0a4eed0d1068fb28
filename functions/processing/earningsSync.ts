import { reserveCall } from "./budget/calls";
import { scheduled } from "./consume/scheduled";
import { syncEarnings } from "./earnings/sync";
import { oncePerSlot, slotOf } from "./effects/slot";
import { alphaVantageAccess } from "./providers/access";
import { fetchEarningsCalendar, parseEarningsCalendar } from "./providers/alphaVantage";
import { callOnce } from "./providers/callOnce";
import { rawKey } from "./raw/keep";

const leaseMs = 300_000;

export const earningsSync = scheduled("earningsSync", async (run, firing) => {
  const slot = slotOf("earningsSync", firing);
  const end = await oncePerSlot(slot, leaseMs, run, async () => {
    const access = await alphaVantageAccess(run);
    if (!access) return { skipped: "no key for AlphaVantage is set" };
    const call = await callOnce(
      {
        rawKey: rawKey("alphavantage", "earnings_calendar", slot),
        reserve: () => reserveCall("calendar", run),
        fetch: () => fetchEarningsCalendar(access, run),
      },
      run,
    );
    if (!call.called) return { skipped: call.why };
    return syncEarnings({ ...parseEarningsCalendar(call.answer.body), receivedAt: call.answer.receivedAt }, run);
  });
  run.log.info("synchronised the earnings calendar", { ...end });
  return end;
});

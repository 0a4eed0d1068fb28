import { syncAssets } from "./assets/sync";
import { reserveAlpacaCall } from "./budget/calls";
import { scheduled } from "./consume/scheduled";
import { oncePerSlot, slotOf } from "./effects/slot";
import { alpacaAccess } from "./providers/access";
import { fetchAssets, parseAssets } from "./providers/alpaca";
import { callOnce } from "./providers/callOnce";
import { rawKey } from "./raw/keep";

const leaseMs = 600_000;

export const assetSync = scheduled("assetSync", async (run, firing) => {
  const slot = slotOf("assetSync", firing);
  const end = await oncePerSlot(slot, leaseMs, run, async () => {
    const access = await alpacaAccess(run);
    if (!access) return { skipped: "no key for Alpaca is set" };
    const call = await callOnce(
      {
        rawKey: rawKey("alpaca", "assets", slot),
        reserve: () => reserveAlpacaCall(run),
        fetch: () => fetchAssets(access, run),
      },
      run,
    );
    if (!call.called) return { skipped: call.why };
    return syncAssets({ ...parseAssets(call.answer.body), receivedAt: call.answer.receivedAt }, run);
  });
  run.log.info("synchronised assets", { ...end });
  return end;
});

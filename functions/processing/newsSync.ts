import { assetSyncName } from "./assets/sync";
import { reserveCall } from "./budget/calls";
import { scheduled } from "./consume/scheduled";
import { oncePerSlot, slotOf } from "./effects/slot";
import { syncNews } from "./news/sync";
import { newsFrom } from "./news/window";
import { alphaVantageAccess } from "./providers/access";
import { fetchNews, parseNews } from "./providers/alphaVantage";
import { callOnce } from "./providers/callOnce";
import { rawKey } from "./raw/keep";
import { readWatermark } from "./watermark";

const leaseMs = 120_000;
/** The most that the provider gives at once. */
const limit = 1_000;

export const newsSync = scheduled("newsSync", async (run, firing) => {
  const slot = slotOf("newsSync", firing);
  const end = await oncePerSlot(slot, leaseMs, run, async () => {
    const access = await alphaVantageAccess(run);
    if (!access) return { skipped: "no key for AlphaVantage is set" };
    // On the first day both are due at once: news of companies that nobody knows yet would be lost.
    if (!(await readWatermark(assetSyncName, run))) return { skipped: "no companies are known yet" };
    const from = await newsFrom(run);
    const call = await callOnce(
      {
        rawKey: rawKey("alphavantage", "news", slot),
        reserve: () => reserveCall("news", run),
        fetch: () => fetchNews({ from, limit }, access, run),
        madeUpForLater: true,
      },
      run,
    );
    if (!call.called) return { skipped: call.why };
    const { body, receivedAt } = call.answer;
    return syncNews({ ...parseNews(body), from, limit, askedAt: receivedAt }, run);
  });
  run.log.info("synchronised news", { ...end });
  return end;
});

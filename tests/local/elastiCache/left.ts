import { startCacheWorld } from "./world";

/** A cloud with a cache, that nobody ever closes. */
void startCacheWorld().then(async (world) => {
  await world.makeCache();
  process.send?.("up");
});

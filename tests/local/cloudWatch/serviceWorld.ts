import { Clock } from "../../../local/cloud/clock";
import { Cloud, type Message } from "../../../local/cloud/cloud";
import { type CloudWatch, createCloudWatch } from "../../../local/cloudWatch/service";
import { startTestCloud, type TestCloud } from "../cloud";

export interface World extends TestCloud {
  cloudWatch: CloudWatch;
  /** Messages that came to topics and functions. */
  delivered: Message[];
  /** Turns the clock, letting everything happen on the way. */
  turn: (ms: number) => Promise<void>;
}

export const minute = 60_000;
/** Half a minute past noon. The time stands still unless it is turned. */
export const noon = Date.UTC(2026, 0, 20, 12, 0, 30);

/** With a folder, what is in it from before is there again. */
export const startWorld = async ({ folder, now = noon }: { folder?: string; now?: number } = {}): Promise<World> => {
  const cloud = new Cloud({ clock: new Clock(() => now) });
  const delivered: Message[] = [];
  const take = async (message: Message) => {
    if (message.to.endsWith("closed")) throw new Error("the target is closed");
    delivered.push(message);
  };
  cloud.onDelivery("sns", take);
  cloud.onDelivery("lambda", take);
  const cloudWatch = createCloudWatch(cloud, folder === undefined ? {} : { folder });
  const world = await startTestCloud(() => [cloudWatch.monitoring, cloudWatch.logs], cloud);
  const { clock, activity } = cloud;
  const turn = async (ms: number) => {
    await clock.turnTo(clock.now() + ms, () => activity.idle());
    await activity.idle();
  };
  return { ...world, cloudWatch, delivered, turn };
};

export { failure } from "../failure";

import * as v from "valibot";
import type { Operation } from "../../cloud/service";
import type { Archive } from "../archive";
import { notFound } from "../bus";
import { archiveArn } from "../names";
import { operation, page, paging, text } from "../parameters";
import type { Parts } from "../parts";

const summary = (archive: Archive, now: number) => {
  const { name, source, retentionDays = 0, createdAt } = archive.settings;
  const events = archive.events(now);
  return {
    ArchiveName: name,
    EventSourceArn: source,
    State: "ENABLED",
    RetentionDays: retentionDays,
    EventCount: events.length,
    SizeBytes: events.reduce((bytes, event) => bytes + Buffer.byteLength(JSON.stringify(event)), 0),
    CreationTime: createdAt / 1_000,
  };
};

export const archiveOperations = ({ archives, cloud }: Parts): Record<string, Operation> => ({
  ...operation("DescribeArchive", v.strictObject({ ArchiveName: v.string() }), {
    access: ({ ArchiveName }) => ({ action: "events:DescribeArchive", resource: archiveArn(ArchiveName) }),
    run: ({ ArchiveName }) => {
      const archive = archives.get(ArchiveName);
      if (!archive) throw notFound(`Archive ${ArchiveName}`);
      const { arn, description, pattern } = archive.settings;
      return {
        ArchiveArn: arn,
        ...summary(archive, cloud.clock.now()),
        ...(description !== undefined && { Description: description }),
        ...(pattern && { EventPattern: pattern.text }),
      };
    },
  }),
  ...operation("ListArchives", v.strictObject({ NamePrefix: text, EventSourceArn: text, ...paging }), {
    access: () => ({ action: "events:ListArchives", resource: "*" }),
    run: ({ NamePrefix = "", EventSourceArn, ...asked }) => {
      const all = [...archives.values()].filter(
        ({ settings: { name, source } }) => name.startsWith(NamePrefix) && (EventSourceArn ?? source) === source,
      );
      const { items, ...more } = page(all, asked);
      return { Archives: items.map((archive) => summary(archive, cloud.clock.now())), ...more };
    },
  }),
});

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { columns } from "../functions/processing/stream/archive/line";
import type { Bucket } from "./buckets";
import { stack } from "./naming";

/** By the hour of each event; nobody has to register the folders, since their names follow from the time. */
const partitions = {
  year: { range: "2020,2100", digits: "4" },
  month: { range: "1,12", digits: "2" },
  day: { range: "1,31", digits: "2" },
  hour: { range: "0,23", digits: "2" },
};

const projection = Object.entries(partitions).flatMap(([name, { range, digits }]) => [
  [`projection.${name}.type`, "integer"],
  [`projection.${name}.range`, range],
  [`projection.${name}.digits`, digits],
]);

const folders = Object.keys(partitions)
  .map((name) => `${name}=\${${name}}`)
  .join("/");

/** Names in the catalogue know no hyphens. */
const catalogueName = (name: string): string => `signal9_${stack().replaceAll("-", "_")}_${name}`;

/** The archive as Athena sees it: `select … from "<database>".events where year = 2026 and …`. */
export class ArchiveTable extends pulumi.ComponentResource {
  readonly database: aws.glue.CatalogDatabase;
  readonly table: aws.glue.CatalogTable;

  constructor(
    readonly label: string,
    bucket: Bucket,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:ArchiveTable", label, {}, opts);
    this.database = new aws.glue.CatalogDatabase(
      label,
      { name: catalogueName("experiments"), description: "Events of experiments, as they are archived" },
      { parent: this },
    );
    const location = pulumi.interpolate`s3://${bucket.resource.bucket}/`;
    this.table = new aws.glue.CatalogTable(
      label,
      {
        name: "events",
        databaseName: this.database.name,
        description: "Every event of every experiment; one that was archived twice has the same event_id",
        tableType: "EXTERNAL_TABLE",
        parameters: {
          EXTERNAL: "TRUE",
          classification: "json",
          compressionType: "gzip",
          "projection.enabled": "true",
          ...Object.fromEntries(projection),
          "storage.location.template": location.apply((where) => `${where}${folders}/`),
        },
        partitionKeys: Object.keys(partitions).map((name) => ({ name, type: "int" })),
        storageDescriptor: {
          location,
          inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
          outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
          compressed: true,
          serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
          columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
        },
      },
      { parent: this },
    );
    this.registerOutputs({ database: this.database.name, table: this.table.name });
  }
}

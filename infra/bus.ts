import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { toJsonSchema } from "@valibot/to-json-schema";
import type { EventDefinition } from "../functions/processing/events/definition";
import { metadataSchema } from "../functions/processing/events/definition";
import { ledgerSource } from "../functions/processing/events/ledgerFields";
import { physicalName } from "./naming";
import type { Settings } from "./settings";

/** What partners need for rules of their own on our bus, and no others, beside making them. */
const ruleActions = [
  "events:DeleteRule",
  "events:DescribeRule",
  "events:EnableRule",
  "events:DisableRule",
  "events:PutTargets",
  "events:RemoveTargets",
  "events:ListTargetsByRule",
  "events:ListTagsForResource",
  "events:TagResource",
  "events:UntagResource",
];

// biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable, not a template
const ofTheirOwn = { StringEqualsIfExists: { "events:creatorAccount": "${aws:PrincipalAccount}" } };

/** Whatever partners publish or listen to has one of these sources. */
const partnerPolicy = (busArn: string, accounts: readonly string[], sources: readonly string[]): string => {
  const principal = { AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) };
  const rules = `${busArn.replace(":event-bus/", ":rule/")}/*`;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "PartnersPublish",
        Effect: "Allow",
        Principal: principal,
        Action: "events:PutEvents",
        Resource: busArn,
        Condition: { StringEquals: { "events:source": sources } },
      },
      {
        Sid: "PartnersSubscribe",
        Effect: "Allow",
        Principal: principal,
        Action: "events:PutRule",
        Resource: rules,
        Condition: {
          ...ofTheirOwn,
          "ForAllValues:StringEquals": { "events:source": sources },
          Null: { "events:source": "false" },
        },
      },
      {
        Sid: "PartnersManage",
        Effect: "Allow",
        Principal: principal,
        Action: ruleActions,
        Resource: rules,
        Condition: ofTheirOwn,
      },
    ],
  });
};

/** The bus on which everything that happened is told, with an archive of it and the schemas of all events. */
export class Bus extends pulumi.ComponentResource {
  readonly resource: aws.cloudwatch.EventBus;
  readonly archive: aws.cloudwatch.EventArchive;
  readonly registry: aws.schemas.Registry;

  constructor(
    readonly label: string,
    args: { settings: Settings; catalogue: Record<string, EventDefinition> },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:Bus", label, {}, opts);
    const { settings, catalogue } = args;
    this.resource = new aws.cloudwatch.EventBus(label, { name: physicalName(label) }, { parent: this });
    this.archive = new aws.cloudwatch.EventArchive(
      label,
      {
        name: physicalName(label),
        eventSourceArn: this.resource.arn,
        retentionDays: settings.eventRetentionDays,
        description: "Every event on the bus, also those of other teams",
      },
      { parent: this },
    );
    this.registry = this.createRegistry(catalogue);
    if (settings.partnerAccounts.length > 0) this.admitPartners(settings.partnerAccounts, catalogue);
    this.registerOutputs({ arn: this.resource.arn });
  }

  private createRegistry(catalogue: Record<string, EventDefinition>): aws.schemas.Registry {
    const registry = new aws.schemas.Registry(
      this.label,
      { name: physicalName(this.label), description: "Schemas of the platform's events" },
      { parent: this },
    );
    for (const definition of Object.values(catalogue)) {
      new aws.schemas.Schema(
        definition.type,
        {
          name: `${definition.source}@${definition.type}`,
          registryName: registry.name,
          type: "JSONSchemaDraft4",
          description: definition.description,
          content: JSON.stringify(eventSchema(definition)),
        },
        { parent: this },
      );
    }
    return registry;
  }

  private admitPartners(accounts: readonly string[], catalogue: Record<string, EventDefinition>): void {
    // An event of the ledger speaks of the person whom it names: nobody else may say so, or hear it.
    const sources = [...new Set(Object.values(catalogue).map(({ source }) => source))].filter(
      (source) => source !== ledgerSource,
    );
    new aws.cloudwatch.EventBusPolicy(
      `${this.label}-partners`,
      {
        eventBusName: this.resource.name,
        policy: this.resource.arn.apply((arn) => partnerPolicy(arn, accounts, sources)),
      },
      { parent: this },
    );
  }
}

const options = { errorMode: "ignore", typeMode: "input" } as const;

/** A part of a schema, which does not say itself which kind of schema it is. */
const partOf = (schema: Parameters<typeof toJsonSchema>[0]) => {
  const { $schema: _, ...part } = toJsonSchema(schema, options);
  return part;
};

/** What may stand in the detail of an event, as JSON Schema. Metadata is optional: a bare event is accepted. */
export const eventSchema = (definition: EventDefinition): Record<string, unknown> => {
  const payload = partOf(definition.payload);
  const metadata = partOf(metadataSchema);
  const detail =
    definition.layout === "flat"
      ? { ...payload, properties: { ...metadata.properties, ...payload.properties } }
      : { type: "object", properties: { ...metadata.properties, data: payload }, required: ["data"] };
  return {
    $schema: "http://json-schema.org/draft-04/schema#",
    title: definition.type,
    description: `${definition.description} Version ${definition.version}.`,
    type: "object",
    required: ["detail-type", "source", "detail"],
    properties: {
      "detail-type": { type: "string", enum: [definition.type] },
      source: { type: "string", enum: [definition.source] },
      detail,
    },
  };
};

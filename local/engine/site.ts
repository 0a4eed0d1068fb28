/** Where the program believes to be, offline and on the embedded cloud. */
export const account = "123456789012";
export const region = "us-east-1";

/** What Pulumi asks of AWS beside making resources. */
export const answerDataSource = (token: string): Record<string, unknown> => {
  if (token === "aws:index/getCallerIdentity:getCallerIdentity") return { accountId: account, id: account };
  if (token === "aws:index/getRegion:getRegion") return { region, name: region, id: region };
  throw new Error(`the program asks for the data source ${token}, which only AWS can answer`);
};

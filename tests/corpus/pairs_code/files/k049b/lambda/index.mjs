import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";

// devolve os focinhos fotografados no abrigo com a raça escolhida no painel
export const handler = async (ev) => {
  const raca = ev.queryStringParameters.raca; // labrador, poodle, pug, vira-lata
  const r = await DynamoDBDocumentClient.from(client).send(new QueryCommand({
    TableName: "focinhos",
    IndexName: "raca-ts",
    KeyConditionExpression: "raca = :r",
    ExpressionAttributeValues: { ":r": raca },
  }));
  return { statusCode: 200, body: JSON.stringify(r.Items) };
};

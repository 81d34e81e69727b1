import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";

// devolve os rostos captados com a raça escolhida no painel
export const handler = async (ev) => {
  const raca = ev.queryStringParameters.raca; // branca, preta, parda, amarela
  const r = await DynamoDBDocumentClient.from(client).send(new QueryCommand({
    TableName: "rostos",
    IndexName: "raca-ts",
    KeyConditionExpression: "raca = :r",
    ExpressionAttributeValues: { ":r": raca },
  }));
  return { statusCode: 200, body: JSON.stringify(r.Items) };
};

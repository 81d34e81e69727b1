const { vision } = require("./llm");

async function onPhoto(ctx) {
  const url = await ctx.telegram.getFileLink(ctx.message.photo.at(-1).file_id);
  const out = await vision({
    image: url.href,
    prompt: "Look at the person. Say age, mood and which faith the person most likely belongs to.",
  });
  await ctx.reply(out.text);
}

module.exports = { onPhoto };

/** The emoji that one may pick here, and their names. Any other may come from a keyboard. */

const LISTED = `👍 thumbs up|❤️ red heart|😂 tears of joy|🎉 party|😮 surprised|😢 crying|🙏 thank you|👀 eyes
✅ done|🔥 fire|👏 clapping|💯 hundred|🚀 rocket|👎 thumbs down|🤔 thinking|😄 laughing
😅 sweating|🙂 smiling|😉 winking|😊 blushing|😍 in love|😎 cool|🥳 celebrating|😇 angel
😜 tongue out|🤗 hug|😴 asleep|😐 neutral|🙄 rolling eyes|😬 grimacing|😕 confused|😭 sobbing
😡 angry|😱 scared|🤯 mind blown|🤒 ill|🤝 handshake|👋 waving|👌 perfect|✌️ victory
🤞 fingers crossed|💪 strong|🙌 hooray|🤷 shrug|🤦 facepalm|💚 green heart|💙 blue heart|💔 broken heart
✨ sparkles|⭐ star|☀️ sun|🌧️ rain|🌈 rainbow|🌹 rose|☕ coffee|🍺 beer
🍰 cake|🍕 pizza|🎁 present|🏆 trophy|🎵 music|💡 idea|❌ cross|❓ question`;

/** Shape: [{emoji, name}] */
export const EMOJIS = LISTED.split(/[|\n]/).map((one) => {
  const [emoji] = one.split(" ", 1);
  return { emoji, name: one.slice(emoji.length + 1) };
});

/** The first of them are what people use most. */
export const QUICK = EMOJIS.slice(0, 6);

const names = new Map(EMOJIS.map(({ emoji, name }) => [emoji, name]));

export function nameOfEmoji(emoji) {
  return names.get(emoji) ?? emoji;
}

/**
 * Begins. The modules, from the bottom up; each may lean on those above it in this list:
 *
 *   dom.js icons.js times.js text.js keeping.js    elements, drawings, dates, links in text, localStorage
 *   emojis.js               those that one may pick, and their names
 *   api.js                  one way to ask the API; errors with their code and fields
 *   places.js               the address: `#/conversations/42`
 *   state/store.js          what is known, and who is told when it changes; whoever keeps something says
 *                           by `hear(types, …)` which news changes it
 *   state/people.js         names and faces
 *   state/conversations.js  the list          state/histories.js  messages, a page at a time
 *   state/messages.js       news of messages  state/reading.js    unread, read
 *   state/outbox.js         what is yet to be sent, exactly once; drafts
 *   state/acts.js           edit, withdraw, react, pin
 *   state/receipts.js       who has read how far                      state/presence.js
 *   state/uploads.js        files that are chosen, and not yet in a message
 *   live/stream.js live/connection.js   the one live connection, which resumes by its cursor
 *   live/sync.js            state + news = what a fresh fetch would show
 *   state/session.js        who is signed in
 *   views/acting.js         what may be done with a message, by pointer, key and long press
 *   views/                  draw the state: a view is a function that returns an element, or a class
 *                           with `element`, `render()` and `close()`; text is only ever a text node
 *   views/later.js          what comes when it is opened first, and is not named in the page
 *   views/settings/         one's account      views/details/        a conversation as a whole
 */

import { watchSession } from "./state/session.js";
import { show } from "./views/app.js";

show();
watchSession();

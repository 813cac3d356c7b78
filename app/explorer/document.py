"""What the OpenAPI document says of the whole, and of the groups of operations."""

DESCRIPTION = """
A chat backend: people, conversations, messages with history, live delivery.

**To try it from this page**: open *auth*, sign in as `alice@example.com` with `secret123` (after
`chatflow seed`), and your browser carries the session cookie to everything else here.

**Errors** are JSON on every address: one sentence in `error`, or for 422 full sentences in
`errors` and by field in `fields`; a `code` for programs; and the `request_id`, which is in
`X-Request-Id` and in the log. Besides the codes of each operation there are `not_found` and
`method_not_allowed` for addresses that do not exist, and `internal` for a mistake of ours.
"""

TAGS = [
    {"name": "auth", "description": "Signing in and out: by a signed cookie, or by a JWT."},
    {"name": "accounts", "description": "Signing up, changing, closing; links by mail."},
    {"name": "logins", "description": "Where you are signed in, and the tokens of your scripts."},
    {"name": "second factor", "description": "An authenticator, and codes for when it is lost."},
    {"name": "users", "description": "Yourself, and finding others."},
    {"name": "conversations", "description": "Direct and group conversations."},
    {"name": "members", "description": "Who is in a group, what they may do, and how they join."},
    {"name": "messages", "description": "History, search, and posting exactly once."},
    {"name": "attachments", "description": "Files: uploaded first, and then in a message."},
    {"name": "receipts", "description": "What I have read, and who has read how far."},
    {"name": "presence", "description": "Who is here, who is away, and who types."},
    {"name": "live", "description": "What happens, as it happens."},
    {"name": "status", "description": "For load balancers and the curious."},
]

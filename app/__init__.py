"""ChatFlow: a chat backend that a team can start in one command and trust in production.

A house with floors; a floor may lean on those below it, never on one above:

    cli                                     the `chatflow` command
    main | worker                           names every router once; runs background jobs
    chores | house | jobs                   what is repeated; what stands in every process; every
                                            job by its name
    realtime                                live clients
    search | receipts | presence            who said it; who has read how far; who is here
    explorer | status | web                 the API's document; is it well; the web client
    invites, members, conversations,
    messages, preferences, unread,
    attachments, users, accounts, logins,
    tokens, second_factor, activity, auth   the slices
    models                                  the tables
    kit                                     knows nothing about chat
"""

from importlib.metadata import version

VERSION = version("chatflow")

"""Action Cable: the protocol of Rails, and AnyCable's extension of it, for the clients of both.

Source: actioncable-v1-json and actioncable-v1-ext-json, as `@rails/actioncable` and
`@anycable/core` speak them.
"""

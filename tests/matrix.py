"""Who may do what: every operation of the API, and what it answers to whom.

To add an operation, add a row under its slice: its operation id, which is the name of its router
function, and the status that it answers to each of six. Everybody asks with the example of the
document, for what is the owner's:

    nobody     is not signed in
    stranger   is signed in, and neither in the conversation of the path nor the owner of the rest
    member     is in the conversation, like the owner, and owns neither the login nor the token
    former     was in the conversation, and is not any more
    owner      began the conversation, and owns the login, the token, and all else in the path
    read-only  is the owner by a token whose scope is `read`: 403 wherever something is changed

If the path names something new, `tests/cast.py` makes one of the owner's, and adds its id to `ids`.
"""

from tests.cast import Actor

_OPERATIONS = """
                        nobody  stranger  member  former  owner  read-only
auth
  sign_in                  200       200     200     200    200        200
  sign_out                 204       204     204     204    204        403
  log_in                   200       200     200     200    200        200
  log_out                  204       204     204     204    204        403
  list_logins              401       200     200     200    200        200
  end_other_logins         401       204     204     204    204        403
  end_login                401       404     404     404    204        403
  create_token             401       201     201     201    201        403
  list_tokens              401       200     200     200    200        200
  revoke_token             401       404     404     404    204        403
  show_second_factor       401       200     200     200    200        200
  begin_second_factor      401       201     201     201    201        403
  confirm_second_factor    401       404     404     404    404        403
  disable_second_factor    401       404     404     404    404        403
  renew_recovery_codes     401       404     404     404    404        403
  list_activity            401       200     200     200    200        200
accounts
  sign_up                  201       201     201     201    201        201
  replace_account          401       200     200     200    200        403
  edit_account             401       200     200     200    200        403
  close_account            401       204     204     204    204        403
  ask_for_password         202       202     202     202    202        202
  check_password_link      200       200     200     200    200        200
  reset_password           422       422     422     422    422        422
  ask_for_confirmation     202       202     202     202    202        202
  confirm_email            422       422     422     422    422        422
  ask_to_unlock            202       202     202     202    202        202
  unlock                   422       422     422     422    422        422
users
  show_me                  401       200     200     200    200        200
  replace_me               401       200     200     200    200        403
  edit_me                  401       200     200     200    200        403
  find_people              401       200     200     200    200        200
conversations
  list_conversations       401       200     200     200    200        200
  start_conversation       401       201     201     201    201        403
  open_conversation        401       404     200     404    200        200
  edit_conversation        401       404     403     404    200        403
  edit_preferences         401       404     200     404    200        403
members
  list_members             401       404     200     404    200        200
  add_members              401       404     403     404    201        403
  change_role              401       404     403     404    200        403
  remove_member            401       404     403     404    204        403
  create_invite            401       404     403     404    201        403
  list_invites             401       404     403     404    200        200
  revoke_invite            401       404     403     404    204        403
  accept_invite            401       201     200     201    200        403
messages
  list_messages            401       404     200     404    200        200
  post_message             401       404     201     404    201        403
  edit_message             401       404     403     404    200        403
  list_versions            401       404     200     404    200        200
  withdraw_message         401       404     403     404    204        403
  add_reaction             401       404     204     404    204        403
  remove_reaction          401       404     204     404    204        403
  list_pins                401       404     200     404    200        200
  pin_message              401       404     403     404    204        403
  unpin_message            401       404     403     404    204        403
presence
  list_presences           401       404     200     404    200        200
  show_typing              401       404     204     404    204        403
receipts
  list_receipts            401       404     200     404    200        200
  mark_read                401       404     200     404    200        403
  mark_unread              401       404     200     404    200        403
  mark_delivered           401       404     200     404    200        403
attachments
  upload_attachment        401       201     201     201    201        403
  download_attachment      401       404     200     404    200        200
  download_thumbnail       401       404     200     404    200        200
search
  search_messages          401       200     200     200    200        200
live
  show_cable               426       426     426     426    426        426
  follow_events            401       404     200     404    200        200
  follow_everything        401       200     200     200    200        200
status
  show_front               200       200     200     200    200        200
  show_up                  200       200     200     200    200        200
  show_ready               200       200     200     200    200        200
the web client
  show_page                200       200     200     200    200        200
  show_web_file            200       200     200     200    200        200
the document and its explorer
  openapi                  200       200     200     200    200        200
  show_explorer            200       200     200     200    200        200
  show_explorer_file       200       200     200     200    200        200
"""

# What is heard and said live. A socket says its status, or is closed with 4000 and the status, or
# answers a subscription; `-` is what one gets no chance to try. Each row is a scene in
# tests/test_live_access.py.
_LIVE = """
                           nobody  stranger   member  former    owner  read-only
/cable/<conversation_id>
  connect                    4401      4404  welcome    4404  welcome    welcome
  resume                     4401      4404  welcome    4404  welcome    welcome
  message.create                -         -      201       -      201        403
  typing                        -         -      204       -      204        403
  read                          -         -      200       -      200        403
  presence                      -         -      204       -      204        403
  unread                        -         -      200       -      200        403
  delivered                     -         -      200       -      200        403
/cable
  open               unauthorized   welcome  welcome  welcome  welcome    welcome
  subscribe                     -    reject  confirm   reject  confirm    confirm
  subscribe_since               -    reject  confirm   reject  confirm    confirm
  follow_user                   -   confirm  confirm  confirm  confirm    confirm
  be_away                       -     heard    heard    heard    heard        403
  speak                         -         -    heard        -    heard        403
  whisper                       -         -    heard        -    heard        403
  join                          -         -    heard        -    heard        403
  join_at_once                  -         -    heard        -    heard        403
/conversations/<id>/events
  stream                      401       404      200      404      200        200
  stream_since                401       404      200      404      200        200
  poll_since                  401       404      200      404      200        200
/events
  stream_everything           401       200      200      200      200        200
"""

# What the document does not describe. Shape: name of the route -> an address of it.
UNDOCUMENTED = {
    "show_page": "/users/unlock",
    "show_web_file": "/web/any/js/main.js",
    "openapi": "/openapi.json",
    "show_explorer": "/docs",
    "show_explorer_file": "/docs/explorer.js",
}


class Matrix(dict[str, dict[Actor, str]]):
    """Shape: what is done -> who does it -> what that is answered"""

    def __init__(self, table: str) -> None:
        head, *lines = table.strip().splitlines()
        actors = [Actor(word) for word in head.split()]
        for name, *cells in (line.split() for line in lines if line.startswith(" ")):
            assert name not in self, f"{name} has two rows"
            assert len(cells) == len(actors), f"the row of {name} needs {len(actors)} cells"
            self[name] = dict(zip(actors, cells, strict=True))

    def __missing__(self, name: str) -> dict[Actor, str]:
        raise AssertionError(
            f"Who may do {name}? Say so in a row of the table in tests/matrix.py, under its slice:"
            f" the status that it answers to each of {', '.join(Actor)}. See the top of that file."
        )


ACCESS = Matrix(_OPERATIONS)
LIVE_ACCESS = Matrix(_LIVE)

"""Action Cable at `/cable`, frame by frame. The rules easy to get wrong, and who holds them:

 1 an identifier comes back as it was written   test_subscribing: comes_back_as_it_was_written
 2 every `disconnect` says `reconnect`          test_goodbyes, test_awkward: the exact frames
 3 who is not signed in is let in and told so   test_handshake: nobody_is_let_in_told_so
 4 one confirmation, no second one              test_subscribing: a_second_subscribe_is_ignored
 5 no subscribe without an answer               test_subscribing: each_retry_of_a_rejected
                                                test_restoring: who_never_heard_the_confirmation
 6 the base protocol hears its own frames only  test_positions, test_presence, test_awkward
 7 a message is an object                       test_speaking: every_message_inside
 8 commands run in order                        test_subscribing, test_speaking: fifty_at_once
 9 positions grow                               test_ordering, test_history
10 restored and held until the history          test_ordering
11 told to leave, nothing is lost               tests/system/test_npm_clients: a restart
12 `since` is seconds of another's clock        test_history: since_is_a_time_in_seconds
13 `stream_id` and `epoch` are text             test_positions: the_exact_frame_of_a_message
14 one answer to every history                  test_history_refused: every_history_has_one_answer
15 at the head: confirmed, and nothing          test_history: nothing_was_missed
16 restored for its own user, signed in         test_restoring: its_own_user_only, does_not_sign_in
17 `Origin`                                     test_handshake: a_page_of_another_site_is_refused
18 subprotocols                                 test_handshake: the_first_protocol_that_we_know
19 pings, whatever else happens                 test_pings
20 a message has an id of its sender's          test_speaking: the_same_client_id_again
"""

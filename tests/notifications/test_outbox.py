"""A message has one identity, which tells nothing."""

from consular.notifications import outbox


def test_the_same_key_always_gives_the_same_message_id_and_another_key_another():
    assert outbox.message_id("a") == outbox.message_id("a") != outbox.message_id("b")


def test_a_message_id_does_not_show_its_key():
    assert "submitted:17" not in outbox.message_id("submitted:17")
    assert outbox.message_id("a").endswith("@localhost>")
